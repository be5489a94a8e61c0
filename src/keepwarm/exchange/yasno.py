"""Yasno-style JSON: group -> today, tomorrow -> slots in minutes of the day, and a status.

``{"1.1": {"today": {"slots": [{"start": 0, "end": 840, "type": "NotPlanned"}, ...],
"date": "2025-11-05T00:00:00+02:00", "status": "ScheduleApplies"}, "tomorrow": ...}}``. Slots are
``Definite`` (off) or ``NotPlanned``. With the status ``EmergencyShutdowns`` the schedule is void.
The weekly pattern has ``groups`` -> ``slots`` -> weekday (0 is Monday) -> the same slots, which are
possible cuts.

**Source**: the public interface of planned and probable outages as clients of 2025 and 2026 read it
(denysdovhan/ha-yasno-outages, its notes on the interface and constants).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from keepwarm.case.nouns import Ints, Names
from keepwarm.case.timetable import Timetable, runs_of
from keepwarm.errors import Fault, InputError, nearest
from keepwarm.exchange.json_files import mapping, shown
from keepwarm.exchange.local_days import (
    CLOCK,
    MAYBE,
    OFF,
    DayMarks,
    LocalDay,
    days_of,
    local_date,
    local_day,
    marks_of,
    on_clock,
    timetable_of_days,
)

_APPLIES, _EMERGENCY, _WAITING, _NONE = (
    "ScheduleApplies",
    "EmergencyShutdowns",
    "WaitingForSchedule",
    "NoOutages",
)
_STATUSES = (_APPLIES, _EMERGENCY, _WAITING, _NONE)
_TYPES = {"Definite": True, "NotPlanned": False}
_DAYS = ("today", "tomorrow")
_SLOT = 30


def read_planned(
    file: str, document: Mapping[str, object], zone: str, groups: Names | None = None
) -> Timetable:
    """Return what is planned for today and tomorrow; a day that waits for its schedule is left out.

    Parameters
    ----------
    file
        As messages name it.
    zone
        IANA name of the zone that the file is about: its dates must be midnights there.
    groups
        The groups that there are; None for those of the file.

    Raises
    ------
    InputError
        With every fault found.
    """
    faults = [] if document else [Fault(file, None, None, "there is no group", "groups and days")]
    days: dict[date, dict[str, DayMarks]] = {}
    for group, told in document.items():
        of_group = mapping(file, group, told)
        for key in _DAYS:
            if key in of_group:
                where = f"{group}.{key}"
                found = _read_day(file, where, mapping(file, where, of_group[key]), zone, faults)
                if found is not None:
                    days.setdefault(found[0], {})[group] = found[1]
    if faults:
        raise InputError(faults)
    return timetable_of_days(file, days, zone, groups)


def read_probable(
    file: str,
    document: Mapping[str, object],
    zone: str,
    groups: Names | None = None,
    *,
    first: date,
    days: int,
) -> Timetable:
    """Return the weekly pattern on some days, all of it possible cuts.

    Parameters
    ----------
    document
        ``{"1.1": {"slots": {"0": [...]}}}``, or what the interface wraps around it.
    first, days
        Which days; the other parameters are those of `read_planned`.

    Raises
    ------
    InputError
        With every fault found.
    """
    faults: list[Fault] = []
    found: dict[date, dict[str, DayMarks]] = {}
    inner = _groups_within(file, document)
    for day in (first + timedelta(days=k) for k in range(days)):
        length = len(local_day(day, zone))
        for group, told in inner.items():
            week = mapping(file, f"{group}.slots", mapping(file, group, told).get("slots"))
            where = f"{group}.slots.{day.weekday()}"
            marks = _read_slots(file, where, week.get(str(day.weekday())), length, faults)
            found.setdefault(day, {})[group] = DayMarks(np.where(marks == OFF, MAYBE, marks))
    if faults:
        raise InputError(faults)
    return timetable_of_days(file, found, zone, groups)


def is_probable(document: Mapping[str, object]) -> bool:
    """Whether a document holds a weekly pattern and not days."""
    first = next(iter(document.values()), None)
    return isinstance(first, dict) and ("slots" in first or "dsos" in first or "groups" in first)


def write_planned(table: Timetable, path: Path, zone: str) -> None:
    """Write one or two whole local days.

    A day with a slot of the emergency regime has the status ``EmergencyShutdowns`` for that group.

    Raises
    ------
    InputError
        Where the timetable cannot be said in this format: more days, or possible cuts.
    """
    file = str(path)
    parts = days_of(table, zone, file)
    if not 1 <= len(parts) <= len(_DAYS):
        found = f"{len(parts)} days"
        raise InputError([Fault(file, None, None, found, "one or two days in this format")])
    if (table.maybe & ~table.off).any():
        found = "possible cuts"
        raise InputError([Fault(file, None, None, found, "none: this format has no word for them")])
    document: dict[str, dict[str, object]] = {group: {} for group in table.groups}
    for key, (day, part) in zip(_DAYS, parts, strict=False):
        for row, group in enumerate(part.groups):
            status = _EMERGENCY if part.emergency[row].any() else _APPLIES
            moment = datetime.fromisoformat(f"{day.day}T00:00:00")
            midnight = _in_zone(moment, zone).isoformat()
            slots = _slots(file, day, part, row)
            document[group][key] = {"slots": slots, "date": midnight, "status": status}
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _read_day(
    file: str, where: str, told: Mapping[str, object], zone: str, faults: list[Fault]
) -> tuple[date, DayMarks] | None:
    status, slots = told.get("status"), told.get("slots")
    if not isinstance(status, str) or status not in _STATUSES:
        near = nearest(status, _STATUSES) if isinstance(status, str) else ""
        expected = "one of " + ", ".join(_STATUSES)
        faults.append(Fault(file, None, f"{where}.status", shown(status), expected, near))
        return None
    day = _read_date(file, f"{where}.date", told.get("date"), zone, faults)
    if day is None or (not slots and status == _WAITING):
        return None
    if not slots and status in (_NONE, _EMERGENCY):
        void = np.full(CLOCK, status == _EMERGENCY)
        return day, DayMarks(np.zeros(CLOCK, dtype=np.int64), void)
    marks = _read_slots(file, f"{where}.slots", slots, len(local_day(day, zone)), faults)
    return day, DayMarks(marks, np.full(marks.size, status == _EMERGENCY))


def _read_date(file: str, where: str, value: object, zone: str, faults: list[Fault]) -> date | None:
    expected = f"midnight in {zone}, for example 2025-11-05T00:00:00+02:00"
    try:
        moment = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        faults.append(Fault(file, None, where, f"{shown(value)} is no date", expected))
        return None
    moment = _in_zone(moment, zone) if moment.tzinfo is None else moment
    day = local_date(moment, zone)
    if day is None:
        faults.append(Fault(file, None, where, f"{value} is not midnight in {zone}", expected))
    return day


def _read_slots(file: str, where: str, told: object, length: int, faults: list[Fault]) -> Ints:
    """Return a mark for each half-hour of the clock, or of a day of 23 or 25 hours."""
    nothing = np.zeros(CLOCK, dtype=np.int64)
    if not isinstance(told, list):
        faults.append(Fault(file, None, where, shown(told), "a list of slots"))
        return nothing
    spans = [_read_slot(file, f"{where}[{k}]", slot, faults) for k, slot in enumerate(told)]
    known = sorted(span for span in spans if span is not None)
    if len(known) < len(spans):
        return nothing
    at = 0
    for begin, end, _ in known:
        if begin != at:
            found = f"minute {min(begin, at)} is in {'two slots' if begin < at else 'no slot'}"
            expected = "slots that follow each other"
            faults.append(Fault(file, None, where, found, expected))
            return nothing
        at = end
    if at not in (CLOCK * _SLOT, length * _SLOT):
        found = f"the last slot ends at minute {at}"
        expected = " or ".join(dict.fromkeys((f"{CLOCK * _SLOT}", f"{length * _SLOT}")))
        faults.append(Fault(file, None, where, found, expected))
        return nothing
    marks = np.zeros(at // _SLOT, dtype=np.int64)
    for begin, end, off in known:
        marks[begin // _SLOT : end // _SLOT] = OFF if off else 0
    return marks


def _read_slot(
    file: str, where: str, told: object, faults: list[Fault]
) -> tuple[int, int, bool] | None:
    slot = mapping(file, where, told)
    begin, end, kind = slot.get("start"), slot.get("end"), slot.get("type")
    if not isinstance(kind, str) or kind not in _TYPES:
        near = nearest(kind, _TYPES) if isinstance(kind, str) else ""
        expected = "one of " + ", ".join(_TYPES)
        faults.append(Fault(file, None, f"{where}.type", shown(kind), expected, near))
        return None
    whole = all(isinstance(value, int) and value % _SLOT == 0 for value in (begin, end))
    if not isinstance(begin, int) or not isinstance(end, int) or not whole or not 0 <= begin < end:
        found = f"from {shown(begin)} to {shown(end)}"
        faults.append(Fault(file, None, where, found, "minutes of the day, in whole half-hours"))
        return None
    return begin, end, _TYPES[kind]


def _groups_within(file: str, document: Mapping[str, object]) -> Mapping[str, object]:
    """Return the groups of a weekly pattern, whatever region and operator stand around them."""
    first = next(iter(document.values()), None)
    if len(document) == 1 and isinstance(first, dict) and "slots" not in first:
        key = next(iter(document))
        inner = first.get("dsos", first.get("groups", first))
        return _groups_within(file, mapping(file, key, inner))
    return document


def _slots(file: str, day: LocalDay, part: Timetable, row: int) -> Sequence[Mapping[str, object]]:
    off = on_clock(file, day, part.groups[row], marks_of(part, row)) == OFF
    spans = [(begin, end, "Definite") for begin, end in runs_of(off).tolist()]
    spans += [(begin, end, "NotPlanned") for begin, end in runs_of(~off).tolist()]
    return [
        {"start": begin * _SLOT, "end": end * _SLOT, "type": kind}
        for begin, end, kind in sorted(spans)
    ]


def _in_zone(moment: datetime, zone: str) -> datetime:
    return moment.replace(tzinfo=ZoneInfo(zone))
