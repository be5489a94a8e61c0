"""weather.csv: outdoor temperature and wind, a forecast's spread where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Names, Times
from keepwarm.case.reading import Reading
from keepwarm.case.schemas import schema
from keepwarm.case.tables import Table, read_table
from keepwarm.case.times import format_time
from keepwarm.errors import nearest

#: Stands for all regions.
EVERYWHERE = "*"


@dataclass(frozen=True)
class Given:
    """What the files say of each snapshot and region: NaN, and not seen, where they say nothing."""

    file: str
    notes: Names
    outdoor: Floats
    wind: Floats
    low: Floats
    high: Floats
    seen: Bools


def read_weather_table(
    reading: Reading, path: Path, snapshots: Times, regions: Names
) -> Given | None:
    """Read weather.csv.

    Parameters
    ----------
    reading : Reading
        Where faults go.
    path : Path
        The file.
    snapshots : array of datetime64, shape (hours,)
        UTC; rows at other times are not used.
    regions : tuple of str
        A row for one region comes before a row for ``*``.
    """
    table = read_table(reading, path, schema("weather"))
    if table is None:
        return None
    place = _places(reading, table, regions)
    hour = _hours(table, snapshots)
    _check_twice(reading, table, place)
    _warn_about_times_between(reading, table, snapshots, hour)
    _check_spread(reading, table)
    central = table.numbers["outdoor_degc"]
    columns = [central, table.numbers["wind_m_per_s"]]
    for end in ("outdoor_low_degc", "outdoor_high_degc"):
        own = table.numbers[end]
        columns.append(np.where(np.isnan(own), central, own))
    laid = [_laid_out(each, place, hour, len(snapshots), regions) for each in columns]
    outdoor, wind, low, high = (values for values, _ in laid)
    notes = (f"{table.file}, {len(table)} rows",)
    return Given(table.file, notes, outdoor, wind, low, high, laid[0][1])


def _check_spread(reading: Reading, table: Table) -> None:
    low, high = table.numbers["outdoor_low_degc"], table.numbers["outdoor_high_degc"]
    central = table.numbers["outdoor_degc"]
    half = np.isnan(low) != np.isnan(high)
    for at in np.flatnonzero(half).tolist():
        lacking = "outdoor_low_degc" if np.isnan(low[at]) else "outdoor_high_degc"
        expected = "both ends of the forecast or none"
        reading.fault(table.file, table.lines[at], lacking, "the other end stands alone", expected)
    for at in np.flatnonzero(~half & ((low > central) | (central > high))).tolist():
        found = f"{low[at]:g}, {central[at]:g}, {high[at]:g} are not in order"
        expected = "outdoor_low_degc <= outdoor_degc <= outdoor_high_degc"
        reading.fault(table.file, table.lines[at], "outdoor_degc", found, expected)


def _places(reading: Reading, table: Table, regions: Names) -> list[int]:
    """Return per row the region's index, -1 for all regions, -2 for an unknown one."""
    known = {name: at for at, name in enumerate(regions)} | {EVERYWHERE: -1}
    unknown: dict[str, int] = {}
    for at, name in enumerate(table.texts["region"]):
        if name not in known:
            unknown.setdefault(name, at)
    for name, at in unknown.items() if regions and reading.whole("regions") else ():
        found = f"'{name}' is no region of this case"
        near = nearest(name, regions)
        reading.fault(table.file, table.lines[at], "region", found, "a region or *", near)
    return [known.get(name, -2) for name in table.texts["region"]]


def _hours(table: Table, snapshots: Times) -> list[int]:
    """Return per row the snapshot's index, -1 for a time that is no snapshot."""
    position = {time: at for at, time in enumerate(snapshots.tolist())}
    return [position.get(time, -1) for time in table.times["time"].tolist()]


def _warn_about_times_between(
    reading: Reading, table: Table, snapshots: Times, hour: list[int]
) -> None:
    if not len(snapshots):
        return
    times = table.times["time"]
    inside = (times > snapshots[0]) & (times < snapshots[-1])
    between = np.flatnonzero(inside & (np.array(hour, dtype=np.int64) < 0))
    if len(between):
        at = int(between[0])
        rows = "row" if len(between) == 1 else "rows"
        found = (
            f"{len(between)} {rows} between the snapshots are not used, "
            f"the first {format_time(times[at])}"
        )
        reading.warn(table.file, table.lines[at], "time", found)


def _check_twice(reading: Reading, table: Table, place: list[int]) -> None:
    first: dict[tuple[object, int], int] = {}
    times = table.times["time"]
    twice = []
    for at, key in enumerate(zip(times.tolist(), place, strict=True)):
        if key[0] is not None and key in first:
            twice.append((at, first[key]))
        first.setdefault(key, at)
    if twice:
        at, before = twice[0]
        found = (
            f"{format_time(times[at])} of '{table.texts['region'][at]}' is there twice, "
            f"first in line {table.lines[before]}"
        )
        more = f" ({len(twice)} such rows)" if len(twice) > 1 else ""
        reading.fault(table.file, table.lines[at], "time", found + more, "each hour once")


def _laid_out(
    values: Floats, place: list[int], hour: list[int], hours: int, regions: Names
) -> tuple[Floats, Bools]:
    out = np.full((hours, len(regions)), np.nan)
    seen = np.zeros((hours, len(regions)), dtype=np.bool_)
    where, when = np.array(place, dtype=np.int64), np.array(hour, dtype=np.int64)
    everywhere = (where == -1) & (when >= 0)
    out[when[everywhere], :] = values[everywhere, np.newaxis]
    seen[when[everywhere], :] = True
    own = (where >= 0) & (when >= 0)
    out[when[own], where[own]] = values[own]
    seen[when[own], where[own]] = True
    return out, seen
