"""EnergyPlus weather files: hourly records in local standard time, put on the case's snapshots.

An EPW file has eight header lines and a row for each hour. Hour 1 of a day is the hour that ends at
01:00 local standard time. The months of a typical year come from different years, so its rows are
found by month, day and hour; a file of real years that covers the case is read by its dates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import Floats, Ints, Times
from keepwarm.case.reading import Reading, parse_number, range_fault
from keepwarm.case.schemas import schema

#: Cells of a data row, from 0: dry bulb and wind speed, what marks them missing, our column.
_READ = ((6, 99.9, "outdoor_degc"), (21, 999.0, "wind_m_per_s"))
_LEAST_CELLS = 22
_HOUR = np.timedelta64(3600, "s")
_PIECES_PER_HOUR = 4  # time zones are whole quarters of an hour


@dataclass(frozen=True)
class Epw:
    """One EPW file: a place, its time zone, and a record for each hour.

    ``begins`` is the beginning of each hour in local standard time, in the record's own year.
    """

    place: str
    utc_offset_hours: float
    begins: Times
    lines: Ints
    outdoor_degc: Floats  # NaN where the file says missing
    wind_m_per_s: Floats


@dataclass(frozen=True)
class OnSnapshots:
    """One EPW file put on snapshots; ``row`` is the first record of each, -1 where none is."""

    outdoor_degc: Floats
    wind_m_per_s: Floats
    row: Ints
    note: str


def read_epw(reading: Reading, path: Path) -> Epw | None:
    """Read an EPW file.

    Parameters
    ----------
    reading : Reading
        Where faults go, each with its line.
    path : Path
        The file.

    Returns
    -------
    Epw or None
        None when there is no place or no hour to work with.

    **Source**: EnergyPlus Auxiliary Programs, "EnergyPlus Weather File (EPW) Data Dictionary".
    **Leaves out**: every column but dry bulb and wind speed; daylight saving time and holidays of
    the header (hours are standard time throughout); more than one record an hour is refused.
    """
    content = reading.bytes_of(path)
    if content is None:
        return None
    file = reading.name_of(path)
    rows = [line.split(",") for line in content.decode("latin-1").splitlines()]
    heads = {row[0].strip().upper(): row for row in rows[:8]}
    if "LOCATION" not in heads or "DATA PERIODS" not in heads:
        found = "no EPW file: LOCATION and DATA PERIODS are not among its first eight lines"
        reading.fault(file, 1, None, found)
        return None
    place, offset = _place(reading, file, heads["LOCATION"])
    periods = heads["DATA PERIODS"]
    if len(periods) > 2 and periods[2].strip() != "1":
        found = f"{periods[2].strip()} records an hour"
        reading.fault(file, rows.index(periods) + 1, "DATA PERIODS", found, "1")
        return None
    begins, lines, values = _records(reading, file, rows[8:])
    if not lines:
        reading.fault(file, None, None, "no hour can be read", "a row for each hour from line 9")
        return None
    outdoor, wind = np.array(values).T
    return Epw(place, offset, np.array(begins), np.array(lines), outdoor, wind)


def _place(reading: Reading, file: str, row: Sequence[str]) -> tuple[str, float]:
    names = [cell.strip() for cell in (row[1] if len(row) > 1 else "", row[3] if row[3:] else "")]
    offset = parse_number(row[8].strip()) if len(row) > 8 else None
    if offset is None or not -12 <= offset <= 14 or (offset * _PIECES_PER_HOUR) % 1:
        found = f"time zone '{row[8].strip() if len(row) > 8 else ''}'"
        expected = "hours ahead of UTC, -12 to 14, in the ninth cell"
        reading.fault(file, 1, "LOCATION", found, expected)
        offset = 0.0
    return ", ".join(name for name in names if name and name != "-"), offset


def _records(
    reading: Reading, file: str, rows: Sequence[Sequence[str]]
) -> tuple[list[np.datetime64], list[int], list[list[float]]]:
    begins: list[np.datetime64] = []
    lines: list[int] = []
    values: list[list[float]] = []
    first: dict[np.datetime64, int] = {}
    for line, row in enumerate(rows, start=9):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) < _LEAST_CELLS:
            expected = f"{_LEAST_CELLS} or more"
            reading.fault(file, line, None, f"{len(row)} cells in this row", expected)
            continue
        begin = _begin(row)
        if begin is None:
            found = f"'{','.join(row[:4])}' is not a time"
            reading.fault(file, line, "time", found, "year, month, day, hour from 1 to 24")
        elif begin in first:
            found = f"this hour is there twice, first in line {first[begin]}"
            reading.fault(file, line, "time", found, "each hour once")
        else:
            first[begin] = line
            begins.append(begin)
            lines.append(line)
            values.append(list(_numbers(reading, file, line, row)))
    return begins, lines, values


def _begin(row: Sequence[str]) -> np.datetime64 | None:
    try:
        year, month, day, hour = (int(cell) for cell in row[:4])
        midnight = np.datetime64(date(year, month, day), "s")
    except ValueError:
        return None
    return midnight + (hour - 1) * _HOUR if 1 <= hour <= 24 else None


def _numbers(reading: Reading, file: str, line: int, row: Sequence[str]) -> Iterator[float]:
    for cell, missing, name in _READ:
        text = row[cell].strip()
        value = parse_number(text)
        column = schema("weather").columns[name]
        if text == "" or value == missing:
            value = np.nan
        elif value is None:
            reading.fault(file, line, name, f"'{text}' is not a number", f"cell {cell + 1}")
        elif wrong := range_fault(column, value, text):
            reading.fault(file, line, name, *wrong)
        yield np.nan if value is None else value


def on_snapshots(epw: Epw, snapshots: Times, step_hours: float) -> OnSnapshots:
    """Put the hours of an EPW file on snapshots.

    Parameters
    ----------
    epw : Epw
        From `read_epw`.
    snapshots : array of datetime64, shape (hours,)
        UTC, at least one.
    step_hours : float
        Length of a step; a step takes the mean of the hours that it covers.

    Returns
    -------
    OnSnapshots
        Values of shape (hours,), NaN where the file has no hour or says missing. By date where the
        file has the date of every snapshot, else by month, day and hour; 29 February is then the
        28th where the file has no leap day.

    **Leaves out**: EnergyPlus reads a record as the value at the end of its hour and interpolates;
    here it holds for its hour.
    """
    pieces = max(1, round(step_hours * _PIECES_PER_HOUR))
    seconds = step_hours * 3600.0 / pieces
    within = ((np.arange(pieces) + 0.5) * seconds).astype("timedelta64[s]")
    zone = np.timedelta64(round(epw.utc_offset_hours * 3600.0), "s")
    moments = (snapshots[:, None] + within + zone).astype("datetime64[h]")
    begins = epw.begins.astype("datetime64[h]")
    rows, how = _found(begins.astype(np.int64), moments.astype(np.int64)), "by date and hour"
    years = np.unique(begins.astype("datetime64[Y]").astype(np.int64)) + 1970
    calendar = _calendar(begins)
    if (rows < 0).any() and len(np.unique(calendar)) == len(calendar):
        rows, how = _by_calendar(calendar, moments)
    there = (rows >= 0).all(axis=1)
    span = f"{years[0]}" if len(years) == 1 else f"{years[0]} to {years[-1]}"
    zone_text = f"UTC{epw.utc_offset_hours:+g}"
    return OnSnapshots(
        outdoor_degc=np.where(there, epw.outdoor_degc[rows].mean(axis=1), np.nan),
        wind_m_per_s=np.where(there, epw.wind_m_per_s[rows].mean(axis=1), np.nan),
        row=np.where(there, rows[:, 0], -1),
        note=f"{epw.place} ({zone_text}), {len(begins)} hours of {span}, {how}",
    )


def _by_calendar(calendar: Ints, moments: Times) -> tuple[Ints, str]:
    wanted = _calendar(moments)
    rows, how = _found(calendar, wanted), "by month, day and hour"
    leap = (rows < 0) & (wanted // 24 == 2 * 32 + 29)
    if leap.any():
        rows = np.where(leap, _found(calendar, wanted - 24), rows)
        how += ", 29 February as the 28th"
    return rows, how


def _calendar(hours: Times) -> Ints:
    """Return month, day and hour as one number, the same in every year."""
    days = hours.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    month = months.astype(np.int64) % 12 + 1
    day = (days - months).astype(np.int64) + 1
    return np.asarray((month * 32 + day) * 24 + (hours - days).astype(np.int64))


def _found(keys: Ints, wanted: Ints) -> Ints:
    """Return where each wanted key stands, -1 where it does not."""
    order = np.argsort(keys, kind="stable")
    at = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    return np.where(keys[order][at] == wanted, order[at], -1)
