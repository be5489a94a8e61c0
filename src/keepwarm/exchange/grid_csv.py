"""A schedule as a plain grid: a row per group (and day), a column per half-hour of the clock.

``group,0000,0030,...,2330``: 1 is on, 0 off, m possibly off, e an emergency regime. A column
``date`` tells days apart; a file without one is about a single day. ``hours_off`` and
``longest_off_h`` are written for people and not read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import Names
from keepwarm.case.timetable import Timetable, hours_off, longest_block_hours
from keepwarm.errors import Fault, InputError, nearest
from keepwarm.exchange.json_files import read_text
from keepwarm.exchange.local_days import (
    CLOCK,
    MAYBE,
    OFF,
    ON,
    DayMarks,
    days_of,
    marks_of,
    on_clock,
    timetable_of_days,
)

_COLUMNS = tuple(f"{k // 2:02d}{30 * (k % 2):02d}" for k in range(CLOCK))
_SUMS = ("hours_off", "longest_off_h")
_EMERGENCY = 3
_MARKS = {"1": ON, "0": OFF, "m": MAYBE, "e": _EMERGENCY}
_SIGNS = {mark: sign for sign, mark in _MARKS.items()}


def read_grid_schedule(
    path: Path, zone: str, groups: Names | None = None, *, day: date | None = None
) -> Timetable:
    """Read a grid.

    Parameters
    ----------
    zone
        IANA name of the zone whose clock the columns show: the file does not say.
    groups
        The groups that there are; None for those of the file.
    day
        The day of a file without a column ``date``.

    Raises
    ------
    InputError
        With every fault found.

    **Leaves out**: what was last expected in hours of an emergency regime.
    """
    file = str(path)
    try:
        rows = list(csv.reader(io.StringIO(read_text(path))))
    except csv.Error as error:
        raise InputError([Fault(file, None, None, f"no CSV: {error}")]) from error
    if not rows:
        raise InputError([Fault(file, None, None, "the file is empty")])
    header = [name.strip() for name in rows[0]]
    faults = _check_header(file, header, day)
    if faults:
        raise InputError(faults)
    days: dict[date, dict[str, DayMarks]] = {}
    for line, cells in enumerate(rows[1:], start=2):
        if not any(cells):
            continue
        if len(cells) != len(header):
            found, expected = f"{len(cells)} cells in this row", f"{len(header)} as in the header"
            faults.append(Fault(file, line, None, found, expected))
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        own = _date(file, line, row["date"], faults) if "date" in row else day
        marks = _marks(file, line, row, faults)
        if own is None:
            continue
        if row["group"] in days.setdefault(own, {}):
            found = f"'{row['group']}' is there twice on {own}"
            faults.append(Fault(file, line, "group", found, "each group once a day"))
        days[own][row["group"]] = marks
    if faults:
        raise InputError(faults)
    return timetable_of_days(file, days, zone, groups)


def write_grid_schedule(table: Timetable, path: Path, zone: str) -> None:
    """Write whole local days as a grid with a column ``date``.

    Raises
    ------
    InputError
        Where the timetable is not of whole days, or an hour that comes twice differs.
    """
    file = str(path)
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(["date", "group", *_COLUMNS, *_SUMS])
    for day, part in days_of(table, zone, file):
        off, longest = hours_off(part), longest_block_hours(part)
        for row, group in enumerate(part.groups):
            marks = np.where(part.emergency[row], _EMERGENCY, marks_of(part, row))
            clock = on_clock(file, day, group, marks)
            signs = [_SIGNS[mark] for mark in clock.tolist()]
            out.writerow([day.day, group, *signs, f"{off[row]:g}", f"{longest[row]:g}"])
    path.write_text(text.getvalue(), encoding="utf-8")


def _check_header(file: str, header: list[str], day: date | None) -> list[Fault]:
    known = ("date", "group", *_COLUMNS, *_SUMS)
    faults = [
        Fault(file, 1, name or None, "no column of a schedule", "", nearest(name, known))
        for name in header
        if name not in known
    ]
    missing = [name for name in ("group", *_COLUMNS) if name not in header]
    if missing:
        found = f"{len(missing)} columns are missing, the first '{missing[0]}'"
        faults.append(Fault(file, 1, None, found, "group, 0000, 0030, ... 2330"))
    twice = sorted({name for name in header if header.count(name) > 1})
    faults += [
        Fault(file, 1, name, "the column is there twice", "each column once") for name in twice
    ]
    if "date" not in header and day is None:
        faults.append(Fault(file, 1, None, "the file does not say which day it is about", "a day"))
    return faults


def _date(file: str, line: int, text: str, faults: list[Fault]) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults.append(Fault(file, line, "date", f"'{text}' is no date", "2025-12-09"))
        return None


def _marks(file: str, line: int, row: Mapping[str, str], faults: list[Fault]) -> DayMarks:
    marks = np.zeros(CLOCK, dtype=np.int64)
    for k, name in enumerate(_COLUMNS):
        if row[name] in _MARKS:
            marks[k] = _MARKS[row[name]]
        else:
            found = f"'{row[name]}' is no state"
            faults.append(Fault(file, line, name, found, "one of " + ", ".join(_MARKS)))
    void = marks == _EMERGENCY
    return DayMarks(np.where(void, ON, marks), void)
