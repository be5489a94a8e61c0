"""Validation against January 2026: buildings without heat, day by day, against the city's tallies.

The same city is walked twice: as it is, and without new leaks (no wear, and every substation with a
generator, so that no power cut stops it). What the second leaves without heat has been so since the
sources were lost; what the first has beyond that are local accidents.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import Case, Floats, Times
from keepwarm.validation.folders import ValidationCase

#: What is counted: all of it, and its two parts.
COUNTS = ("without heat", "since 9 January", "local accidents")

#: States of a circuit that no heat comes through.
_CLOSED = ("draining", "drained", "refilling", "damaged", "frozen")


@dataclass(frozen=True)
class Tally:
    """One published count of buildings; claims that differ are its two ends."""

    time: np.datetime64  # UTC
    count: str  # one of `COUNTS`
    low: float
    high: float
    use: str  # fitted or predicted
    source: str

    @property
    def quantity(self) -> str:
        """Name the count and its day."""
        return f"{self.time.astype('datetime64[D]').item():%d %B}: {self.count}"

    def doublings(self, ours: float) -> float:
        """Return log2 of ours over the nearer end of the claims, 0 between them."""
        nearer = min(max(ours, self.low), self.high)
        return math.log2(max(ours, 1e-9) / nearer)


@dataclass(frozen=True)
class Course:
    """Buildings without heat, hour by hour."""

    times: Times  # (hours,): end of each hour, UTC
    without: Mapping[str, Floats]  # by `COUNTS`, (hours,)

    def at(self, tally: Tally) -> float:
        """Return the count at the time of a tally."""
        return float(self.without[tally.count][np.searchsorted(self.times, tally.time)])


def january(case: ValidationCase) -> dict[str, float]:
    """Return for each published tally how often ours must be halved to meet it.

    **Source**: public statements, one in each row of ``tallies.csv``. **Leaves out**: flats without
    heat in buildings that have it; how the city counted, which changed from day to day.
    """
    from keepwarm.case.read import read_case

    inputs = case.facts["input"]
    tallies = read_tallies(case.folder / inputs["tallies"])
    city = case.folder / inputs["city"]
    found = course(read_case(city), (city / inputs["damage"],))
    return {tally.quantity: tally.doublings(found.at(tally)) for tally in tallies}


def read_tallies(path: Path) -> tuple[Tally, ...]:
    """Read the published counts."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return tuple(
        Tally(
            np.datetime64(f"{row['day']}T{int(row['hour_utc']):02d}:00:00"),
            row["count"],
            float(row["low"]),
            float(row["high"]),
            row["use"],
            row["source"],
        )
        for row in rows
    )


def course(
    city: Case, damage: Sequence[Path], *, start: str | None = None, hours: float | None = None
) -> Course:
    """Walk the city through damage and count buildings without heat.

    Parameters
    ----------
    city
        Its weather must cover the hours.
    damage
        Lists of damage, all of which hold: later waves are further lists.
    start, hours
        As `keepwarm.run` takes them; the case's own where None.

    Returns
    -------
    Course
        ``since 9 January`` means: since the sources of heat were lost, whichever list says so.

    Raises
    ------
    InputError
        Where a list or the hours do not fit the city.
    """
    alone = with_settings(city, {"circuit.leaks_per_1000_days": 0.0})
    powered = np.ones_like(city.buildings.backup)
    alone = replace(alone, buildings=replace(city.buildings, backup=powered))
    times, every = without_heat(city, damage, start=start, hours=hours)
    _, lost = without_heat(alone, damage, start=start, hours=hours)
    return Course(times, dict(zip(COUNTS, (every, lost, every - lost), strict=True)))


def without_heat(
    case: Case,
    damage: Sequence[Path],
    *,
    start: str | None = None,
    hours: float | None = None,
) -> tuple[Times, Floats]:
    """Return the end of each hour and the buildings without heat then.

    Buildings whose circuit is closed, and those that no heat comes to; not those that a power cut
    alone has stopped, which no tally counts.
    """
    from keepwarm.damage import read_damage
    from keepwarm.runs.run import walk

    rows = tuple(row for path in damage for row in read_damage(case, path))
    season, _ = walk(case, rows, start=start, hours=hours)
    closed = sum((season.of_state(name) for name in _CLOSED), np.zeros(()))
    unfed = season.short[:, case.buildings.heat_bus]
    count = (closed + np.where(unfed, season.of_state("stopped"), 0.0)).sum(axis=1)
    return season.times + np.timedelta64(round(3600 * season.step_hours), "s"), count


def with_settings(case: Case, settings: Mapping[str, float]) -> Case:
    """Return the case with some of its settings replaced."""
    values = {**case.settings.values, **settings}
    return replace(case, settings=replace(case.settings, values=values))
