"""A run's tables as arrays and rows that the sections of the page read.

What is not known is NaN in an array and None in a row, however the run writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from keepwarm.case.nouns import BAND, CARRIERS, Floats, Names, Times
from keepwarm.runs.run import Run

SERVICES = ("heat", "power", "gas", "water")


@dataclass(frozen=True)
class View:
    """One run, read for its page. Axes: hour, then place; hours count from the first step."""

    run: Run

    @cached_property
    def answers(self) -> Mapping[str, Any]:
        """The answers of the run."""
        return self.run.answers

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """The manifest of the run."""
        return self.run.manifest

    @property
    def zone(self) -> str:
        """IANA name of the time zone that people read."""
        return str(self.manifest["case"]["time_zone"])

    @cached_property
    def times(self) -> Times:
        """Start of each step, naive UTC."""
        steps = self.run.tables["steps"]
        times: Times = np.unique(steps["time"].to_numpy().astype("datetime64[s]"))
        return times

    @cached_property
    def step_hours(self) -> float:
        """Length of a step, h."""
        return float(self.answers["hours"]) / len(self.times)

    @cached_property
    def hours(self) -> Floats:
        """Start of each step, h from the first."""
        hours: Floats = np.arange(len(self.times), dtype=np.float64) * self.step_hours
        return hours

    def moment(self, hour: float | None) -> str | None:
        """Return the UTC time of an hour of the run as ISO text, None where it never comes."""
        if hour is None or not np.isfinite(hour):
            return None
        time = self.times[0] + np.timedelta64(round(hour * 3600), "s")
        return f"{np.datetime_as_string(time, unit='s')}Z"

    def by_carrier(self, column: str) -> dict[str, Floats]:
        """Return a column of the table of steps as carrier -> (hours,)."""
        steps = self.run.tables["steps"]
        carrier = np.array(steps["carrier"].to_pylist())
        values = self._numbers("steps", column)
        return {c: values[carrier == c] for c in CARRIERS if (carrier == c).any()}

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return a table row by row."""
        return [
            {name: None if value != value else value for name, value in row.items()}
            for row in self.run.tables[table].to_pylist()
        ]

    @cached_property
    def regions(self) -> Names:
        """Names of the regions; empty in a case without any."""
        return tuple(self.run.tables["places"]["region"].to_pylist())

    def place(self, column: str) -> Floats:
        """Return a numeric column of the regions."""
        return self._numbers("places", column)

    def by_region(self, column: str) -> Floats:
        """Return a column of the table of regions, (hours, regions)."""
        return self._numbers("regions", column).reshape(len(self.times), -1)

    @cached_property
    def groups(self) -> Names:
        """Names of the building groups."""
        return self.names("group")

    def names(self, column: str) -> Names:
        """Return a text column of the groups; an empty text for none."""
        return tuple(v or "" for v in self.run.tables["groups"][column].to_pylist())

    def group(self, column: str) -> Floats:
        """Return a numeric column of the groups, NaN for none."""
        return self._numbers("groups", column)

    def by_group(self, column: str) -> Floats:
        """Return a column of the table of group hours, (hours, groups)."""
        return self._numbers("group_hours", column).reshape(len(self.times), -1)

    def group_band(self, name: str) -> Floats:
        """Return three columns of the groups as (band, groups); ``{band}`` stands in the name."""
        return np.array([self.group(name.format(band=band)) for band in BAND])

    @cached_property
    def indoor_degc(self) -> Floats:
        """Indoor temperature at the end of each step, (band, hours, groups)."""
        return np.array([self.by_group(f"indoor_{band}_degc") for band in BAND])

    @cached_property
    def group_region(self) -> Names:
        """The region of each group."""
        return self.names("region")

    @cached_property
    def thresholds(self) -> tuple[float, ...]:
        """Temperatures whose crossing is reported, degC, the warmest first."""
        return tuple(sorted((float(row["degc"]) for row in self.answers["cold"]), reverse=True))

    def inside(self, region: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return which groups stand in a region."""
        return np.array([r == region for r in self.group_region], dtype=bool)

    @cached_property
    def warm(self) -> bool:
        """Whether the run knows buildings and their temperatures."""
        return len(self.groups) > 0 and bool(np.isfinite(self.indoor_degc).any())

    def _numbers(self, table: str, column: str) -> Floats:
        found: Floats = self.run.tables[table][column].to_numpy().astype(np.float64)
        return found
