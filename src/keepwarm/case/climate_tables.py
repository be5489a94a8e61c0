"""weather_years.csv, winters of other years, and normals.csv, the climate by month."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from keepwarm.case.climate import Normals, Winters
from keepwarm.case.nouns import Bools, Floats, Ints, Names, Times
from keepwarm.case.reading import Reading
from keepwarm.case.schemas import schema
from keepwarm.case.tables import Table, read_table
from keepwarm.case.times import format_time
from keepwarm.case.weather_table import EVERYWHERE
from keepwarm.errors import nearest

MONTHS = 12
_A_YEAR = np.timedelta64(365, "D")
_LEAP = 31 + 28  # 29 February, as a day of a leap year


def day_of_year(times: Times) -> Ints:
    """Return days of the year as in leap years, so that a date is the same number in all years.

    >>> day_of_year(np.array(["2026-03-01T05", "2024-02-29T00"], "datetime64[s]")).tolist()
    [60, 59]
    """
    day, year = times.astype("datetime64[D]"), times.astype("datetime64[Y]")
    number = (day - year.astype("datetime64[D]")).astype(np.int64)
    leap = (year + 1).astype("datetime64[D]") - year.astype("datetime64[D]") == 366
    return np.asarray(number + (~leap & (number >= _LEAP)), dtype=np.int64)


def read_winters(reading: Reading, path: Path, snapshots: Times, regions: Names) -> Winters | None:
    """Read weather_years.csv, where a case has one.

    Parameters
    ----------
    reading : Reading
        Where faults go: regions that are none of the case, hours that are there twice, winters that
        lack hours of the case's season.
    path : Path
        The file, which need not exist.
    snapshots : array of datetime64, shape (hours,)
        Of the case, UTC: at most a year.
    regions : tuple of str
        A row for one region comes before a row for ``*``.

    Returns
    -------
    Winters or None
        On the case's snapshots, by day and hour of the year. What is at other times is not used;
        29 February has the weather of the 28th in winters without one.
    """
    table = read_table(reading, path, schema("weather_years")) if path.exists() else None
    if table is None or not len(snapshots):
        return None
    if snapshots[-1] - snapshots[0] >= _A_YEAR:
        found = "the case has snapshots of more than a year"
        reading.fault(table.file, None, "time", found, "snapshots of one winter")
        return None
    names = tuple(dict.fromkeys(table.texts["winter"]))
    place = _places(reading, table, regions)
    winter = np.array([names.index(name) for name in table.texts["winter"]], dtype=np.int64)
    hour = _hours(table.times["time"], snapshots)
    _check_twice(reading, table, winter, place)
    shape = (len(names), len(snapshots), len(regions))
    outdoor, wind, seen = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=np.bool_)
    for wide in (True, False):  # what is given for all comes first
        rows = np.flatnonzero((hour >= 0) & ((place == -1) if wide else (place >= 0)))
        at = (winter[rows], hour[rows], slice(None) if wide else place[rows])
        for values, put in (("outdoor_degc", outdoor), ("wind_m_per_s", wind)):
            given = table.numbers[values][rows]
            put[at] = given[:, None] if wide else given
        seen[at] = True
    _repeat_the_28th(snapshots, outdoor, wind, seen)
    _check_whole(reading, table, names, snapshots, regions, seen)
    return Winters(names, outdoor, wind)


def read_normals(reading: Reading, path: Path, snapshots: Times, regions: Names) -> Normals | None:
    """Read normals.csv, where a case has one.

    Parameters
    ----------
    reading : Reading
        Where faults go: regions that are none of the case, months twice or missing.
    path : Path
        The file, which need not exist.
    snapshots : array of datetime64, shape (hours,)
        Of the case: every month that they touch needs its normals, in every region.
    regions : tuple of str
        A row for one region comes before a row for ``*``.
    """
    table = read_table(reading, path, schema("normals")) if path.exists() else None
    if table is None:
        return None
    place, month = _places(reading, table, regions), table.numbers["month"]
    for at in np.flatnonzero(month != np.round(month)).tolist():
        found = f"{month[at]:g} is no month"
        reading.fault(table.file, table.lines[at], "month", found, "1 to 12")
    row = np.nan_to_num(np.round(month), nan=1.0).astype(np.int64) - 1
    _check_months_twice(reading, table, row)
    columns = ("mean_degc", "daily_sd_k", "diurnal_k")
    tables = np.full((len(columns), MONTHS, len(regions)), np.nan)
    for wide in (True, False):
        for at in np.flatnonzero(place == -1 if wide else place >= 0).tolist():
            where = slice(None) if wide else place[at]
            for k, name in enumerate(columns):
                tables[k, row[at] % MONTHS, where] = table.numbers[name][at]
    touched = np.unique(snapshots.astype("datetime64[M]").astype(np.int64) % MONTHS)
    for at, region in enumerate(regions):
        lacking = [m + 1 for m in touched.tolist() if np.isnan(tables[0, m, at])]
        if lacking and reading.whole("regions", "normals"):
            found = f"region '{region}' has no normals of month {lacking[0]}"
            reading.fault(table.file, None, "month", found, "every month of the snapshots")
    source = next((text for text in table.texts["source"] if text), "")
    mean, spread, swing = tables
    return Normals(mean, spread, swing, source)


def _places(reading: Reading, table: Table, regions: Names) -> Ints:
    """Return per row the region's index, -1 for all regions, -2 for an unknown one."""
    known = {name: at for at, name in enumerate(regions)} | {EVERYWHERE: -1}
    said: set[str] = set()
    for line, name in zip(table.lines, table.texts["region"], strict=True):
        if name not in known and name not in said and reading.whole("regions"):
            said.add(name)
            near = nearest(name, regions)
            expected = "" if near else "a region or *"
            found = f"'{name}' is no region of this case"
            reading.fault(table.file, line, "region", found, expected, near)
    return np.array([known.get(name, -2) for name in table.texts["region"]], dtype=np.int64)


def _hours(times: Times, snapshots: Times) -> Ints:
    """Return the snapshot of the same day and hour of the year, -1 for none."""
    key = {each: at for at, each in enumerate(_keys(snapshots).tolist())}
    return np.array([key.get(each, -1) for each in _keys(times).tolist()], dtype=np.int64)


def _keys(times: Times) -> Ints:
    """Return seconds of a leap year."""
    seconds = (times - times.astype("datetime64[D]")).astype("timedelta64[s]").astype(np.int64)
    return np.asarray(day_of_year(times) * 86400 + seconds)


def _repeat_the_28th(snapshots: Times, outdoor: Floats, wind: Floats, seen: Bools) -> None:
    """Give 29 February the weather of the day before in winters that have none, in place."""
    rows = np.flatnonzero(day_of_year(snapshots) == _LEAP)
    before = _hours(snapshots[rows] - np.timedelta64(1, "D"), snapshots)
    for row, at in zip(rows.tolist(), before.tolist(), strict=True):
        if at < 0:
            continue
        bare = ~seen[:, row]
        for table in (outdoor, wind, seen):
            table[:, row][bare] = table[:, at][bare]


def _check_twice(reading: Reading, table: Table, winter: Ints, place: Ints) -> None:
    """Refuse an hour of a winter and region that is there twice."""
    first: dict[tuple[object, ...], int] = {}
    keys = zip(winter.tolist(), table.times["time"].tolist(), place.tolist(), strict=True)
    for at, key in enumerate(keys):
        if key in first and key[1] is not None and key[2] >= -1:
            found = (
                f"{format_time(table.times['time'][at])} of '{table.texts['region'][at]}' is there "
                f"twice, first in line {table.lines[first[key]]}"
            )
            reading.fault(table.file, table.lines[at], "time", found, "each hour once")
            return
        first.setdefault(key, at)


def _check_months_twice(reading: Reading, table: Table, month: Ints) -> None:
    first: dict[tuple[int, str], int] = {}
    for at, key in enumerate(zip(month.tolist(), table.texts["region"], strict=True)):
        if key in first:
            found = f"month {key[0] + 1} of '{key[1]}' is there twice"
            found += f", first in line {table.lines[first[key]]}"
            reading.fault(table.file, table.lines[at], "month", found, "each month once")
        first.setdefault(key, at)


def _check_whole(
    reading: Reading, table: Table, names: Names, snapshots: Times, regions: Names, seen: Bools
) -> None:
    """Refuse winters that lack hours of the case's season."""
    if not reading.whole("weather_years", "regions"):
        return
    for k, name in enumerate(names):
        bare = np.flatnonzero(~seen[k].all(axis=1))
        if len(bare):
            region = regions[int(np.argmax(~seen[k, bare[0]]))]
            found = (
                f"winter '{name}' lacks {len(bare)} of {len(snapshots)} hours of the case, the "
                f"first {format_time(snapshots[bare[0]])[5:]} of '{region}'"
            )
            reading.fault(table.file, None, "time", found, "every hour of the season")
