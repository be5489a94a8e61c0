"""Schedules of power cuts in other people's formats: one door to read them, one to write them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from keepwarm.case.nouns import Names
from keepwarm.case.timetable import Timetable
from keepwarm.errors import Fault, InputError, nearest
from keepwarm.exchange.calendars import write_calendars
from keepwarm.exchange.grid_csv import read_grid_schedule, write_grid_schedule
from keepwarm.exchange.json_files import read_document
from keepwarm.exchange.outage_data import read_fact, read_preset, write_fact
from keepwarm.exchange.yasno import is_probable, read_planned, read_probable, write_planned

#: Formats that are written; all but the calendars are read as well.
FORMATS = ("outage-data-ua", "yasno", "csv", "ics")

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_schedule(
    path: Path,
    zone: str,
    *,
    groups: Names | None = None,
    day: date | None = None,
    days: int = 7,
) -> Timetable:
    """Read a schedule in any format that is known, told by what the file holds.

    Parameters
    ----------
    path
        ``.csv`` for a grid; JSON as of outage-data-ua or Yasno.
    zone
        IANA name of the zone that the file is about, which need not be the case's: the timetable is
        in UTC. A JSON file of another zone is refused, because its days would begin elsewhere.
    groups
        The rotation groups that there are, in the order wanted; None for those of the file.
    day
        The first day where the file does not say: of a weekly pattern, and of a grid without dates
        (whose name may say it).
    days
        How many days of a weekly pattern.

    Raises
    ------
    InputError
        With every fault found.
    """
    if path.suffix.lower() == ".csv":
        return read_grid_schedule(path, zone, groups, day=day or _day_in(path.stem))
    file = str(path)
    document = read_document(path)
    weekly = "fact" not in document and ("preset" in document or is_probable(document))
    if weekly and day is None:
        found = "a weekly pattern"
        raise InputError([Fault(file, None, None, found, "a first day to put it on")])
    if "fact" in document:
        return read_fact(file, document, zone, groups)
    if day is not None and "preset" in document:
        return read_preset(file, document, zone, groups, first=day, days=days)
    if day is not None and weekly:
        return read_probable(file, document, zone, groups, first=day, days=days)
    return read_planned(file, document, zone, groups)


def write_schedule(table: Timetable, path: Path, zone: str, *, form: str) -> None:
    """Write a timetable.

    Parameters
    ----------
    path
        The file; a folder for ``ics``, which has a file for each group.
    zone
        IANA name of the zone whose days the schedule is told in.
    form
        One of `FORMATS`.

    Raises
    ------
    InputError
        Where there is no such format, or it has no way to say this timetable.
    """
    if form == "csv":
        write_grid_schedule(table, path, zone)
    elif form == "outage-data-ua":
        write_fact(table, path, zone)
    elif form == "yasno":
        write_planned(table, path, zone)
    elif form == "ics":
        write_calendars(table, path)
    else:
        found, expected = f"there is no format '{form}'", "one of " + ", ".join(FORMATS)
        raise InputError([Fault("format", None, None, found, expected, nearest(form, FORMATS))])


def _day_in(name: str) -> date | None:
    """Return the day that a file's name tells."""
    told = _DATE.search(name)
    try:
        return date.fromisoformat(told[0]) if told else None
    except ValueError:
        return None
