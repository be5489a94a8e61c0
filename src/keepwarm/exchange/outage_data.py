"""The JSON of outage-data-ua: hours 1 to 24 of local days, by unix midnight and group.

``fact.data`` holds today and tomorrow, ``preset.data`` a week by group and weekday (1 is Monday).
An hour is ``yes`` (power), ``no``, ``first`` or ``second`` (off in that half), ``maybe``,
``mfirst`` or ``msecond`` (the same, possible). ``data`` without content may be an empty list.

**Source**: the repository Baskerville42/outage-data-ua, its README and data (2025-2026), where
``preset.time_type`` says what the states mean.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import Ints, Names
from keepwarm.case.timetable import Timetable, timetable
from keepwarm.errors import Fault, InputError, nearest
from keepwarm.exchange.json_files import mapping, shown
from keepwarm.exchange.local_days import (
    MAYBE,
    OFF,
    ON,
    DayMarks,
    LocalDay,
    days_of,
    local_date,
    local_day,
    marks_of,
    on_clock,
    timetable_of_days,
)

_HALVES = {
    "yes": (ON, ON),
    "no": (OFF, OFF),
    "maybe": (MAYBE, MAYBE),
    "first": (OFF, ON),
    "second": (ON, OFF),
    "mfirst": (MAYBE, ON),
    "msecond": (ON, MAYBE),
}
_STATE = {halves: state for state, halves in _HALVES.items()}
_PREFIX = "GPV"


def read_fact(
    file: str, document: Mapping[str, object], zone: str, groups: Names | None = None
) -> Timetable:
    """Return what ``fact`` announces; without any day a timetable without slots.

    Parameters
    ----------
    file
        As messages name it.
    zone
        IANA name of the zone that the file is about: its midnights must be midnights there.
    groups
        The groups that there are; None for those of the file.

    Raises
    ------
    InputError
        With every fault found.
    """
    fact = mapping(file, "fact", document.get("fact"))
    data = fact.get("data")
    if data in ([], {}):
        return _nothing(file, document, groups)
    faults: list[Fault] = []
    days: dict[date, dict[str, DayMarks]] = {}
    for stamp, by_group in mapping(file, "fact.data", data).items():
        day = _day(file, stamp, zone, faults)
        of_day = mapping(file, f"fact.data.{stamp}", by_group)
        marks = _read_groups(file, f"fact.data.{stamp}", of_day, day, zone, faults)
        if day is not None:
            days[day] = marks
    if faults:
        raise InputError(faults)
    return timetable_of_days(file, days, zone, groups)


def read_preset(
    file: str,
    document: Mapping[str, object],
    zone: str,
    groups: Names | None = None,
    *,
    first: date,
    days: int,
) -> Timetable:
    """Return the weekly pattern of ``preset`` on some days.

    Parameters
    ----------
    first, days
        Which days; the other parameters are those of `read_fact`.

    Raises
    ------
    InputError
        With every fault found.
    """
    preset = mapping(file, "preset", document.get("preset"))
    data = mapping(file, "preset.data", preset.get("data"))
    faults: list[Fault] = []
    dates = [first + timedelta(days=k) for k in range(days)]
    found: dict[date, dict[str, DayMarks]] = {day: {} for day in dates}
    for group, by_weekday in data.items():
        week = mapping(file, f"preset.data.{group}", by_weekday)
        for day in dates:
            number = str(day.isoweekday())
            where = f"preset.data.{group}.{number}"
            hours = mapping(file, where, week.get(number))
            marks = _read_hours(file, where, hours, len(local_day(day, zone)) // 2, faults)
            found[day][group.removeprefix(_PREFIX)] = DayMarks(marks)
    if faults:
        raise InputError(faults)
    return timetable_of_days(file, found, zone, groups)


def write_fact(table: Timetable, path: Path, zone: str, *, region: str = "") -> None:
    """Write whole local days as ``fact``; slots of an emergency regime become ``maybe``.

    Parameters
    ----------
    region
        ``regionId`` of the file.

    Raises
    ------
    InputError
        Where the timetable cannot be said in this format.
    """
    file = str(path)
    parts = days_of(table, zone, file)
    data = {
        str(_stamp(day)): {
            f"{_PREFIX}{group}": _hours(file, day, part, row)
            for row, group in enumerate(part.groups)
        }
        for day, part in parts
    }
    fact: dict[str, object] = {"data": data or [], "update": "", "today": 0}
    if parts:
        fact["today"] = _stamp(parts[0][0])
    document = {"regionId": region, "fact": fact}
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _nothing(file: str, document: Mapping[str, object], groups: Names | None) -> Timetable:
    """Nothing is announced: no slots, and the groups that are known."""
    preset = document.get("preset")
    named = preset.get("sch_names") if isinstance(preset, dict) else None
    names = tuple(name.removeprefix(_PREFIX) for name in named) if isinstance(named, dict) else ()
    fact = mapping(file, "fact", document.get("fact"))
    today = fact.get("today")
    start = np.datetime64(int(today) if isinstance(today, int) else 0, "s")
    own = groups if groups is not None else names
    return timetable(own, start, np.zeros((len(own), 0), dtype=np.bool_))


def _day(file: str, stamp: str, zone: str, faults: list[Fault]) -> date | None:
    where = f"fact.data.{stamp}"
    if not stamp.isdecimal() or int(stamp) > 4_102_444_800:  # the year 2100
        found = "is no unix time in seconds"
        faults.append(Fault(file, None, where, found, "the midnight that a day begins with"))
        return None
    moment = datetime.fromtimestamp(int(stamp), UTC)
    day = local_date(moment, zone)
    if day is None:
        found = f"{moment:%Y-%m-%dT%H:%MZ} is not midnight in {zone}"
        faults.append(Fault(file, None, where, found, "midnights of that zone: or name the file's"))
    return day


def _read_groups(
    file: str,
    where: str,
    groups: Mapping[str, object],
    day: date | None,
    zone: str,
    faults: list[Fault],
) -> dict[str, DayMarks]:
    length = 24 if day is None else len(local_day(day, zone)) // 2
    found = {}
    for group, hours in groups.items():
        at = f"{where}.{group}"
        own = _read_hours(file, at, mapping(file, at, hours), length, faults)
        found[group.removeprefix(_PREFIX)] = DayMarks(own)
    return found


def _read_hours(
    file: str, where: str, hours: Mapping[str, object], length: int, faults: list[Fault]
) -> Ints:
    """Return two marks an hour: 24 hours of the clock, or the 23 or 25 that the day has."""
    wanted = {str(hour) for hour in range(1, 25)}
    of_day = {str(hour) for hour in range(1, length + 1)}
    if set(hours) not in (wanted, of_day):
        missing = sorted(wanted - set(hours), key=int)
        extra = sorted(set(hours) - wanted - of_day)
        found = f"hours {', '.join(missing)} are missing" if missing else f"no hour '{extra[0]}'"
        expected = "hours 1 to 24" + ("" if length == 24 else f", or 1 to {length} on this day")
        faults.append(Fault(file, None, where, found, expected))
        return np.zeros(48, dtype=np.int64)
    marks: list[int] = []
    for hour in sorted(hours, key=int):
        state = hours[hour]
        if not isinstance(state, str) or state not in _HALVES:
            near = nearest(state, _HALVES) if isinstance(state, str) else ""
            expected = "one of " + ", ".join(_HALVES)
            at = f"{where}.{hour}"
            faults.append(Fault(file, None, at, f"{shown(state)} is no state", expected, near))
            state = "yes"
        marks += _HALVES[state]
    return np.array(marks, dtype=np.int64)


def _hours(file: str, day: LocalDay, part: Timetable, row: int) -> dict[str, str]:
    marks = np.where(part.emergency[row], MAYBE, marks_of(part, row))
    clock = on_clock(file, day, part.groups[row], marks)
    hours = {}
    for hour in range(24):
        halves = (int(clock[2 * hour]), int(clock[2 * hour + 1]))
        if halves not in _STATE:
            found = f"a promised and a possible cut within hour {hour + 1} of {day.day}"
            expected = "one kind in an hour: this format knows no other"
            raise InputError([Fault(file, None, part.groups[row], found, expected)])
        hours[str(hour + 1)] = _STATE[halves]
    return hours


def _stamp(day: LocalDay) -> int:
    return int(day.begin.astype("datetime64[s]").astype(np.int64))
