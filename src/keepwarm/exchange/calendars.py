"""Calendars (iCalendar, RFC 5545): the cuts of one group, for the people who live with them.

An event for each block without power; possible cuts are tentative events; an emergency regime is
one event that says so. Times are in UTC, so that every calendar shows them by its own clock, days
of 23 and 25 hours included.

**Source**: RFC 5545, through the library icalendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from icalendar import Calendar, Component, Event

from keepwarm.case.nouns import Floats
from keepwarm.case.times import format_time
from keepwarm.case.timetable import SLOT_HOURS, Timetable, runs_of, timetable
from keepwarm.errors import Fault, InputError, nearest
from keepwarm.exchange.whole import plain
from keepwarm.exchange.wording import wording

_KINDS = ("off", "maybe", "emergency")
_NO_REPEATS = ("RRULE", "RDATE")


def calendar_of(
    table: Timetable, group: str, *, made: np.datetime64 | None = None, language: str = "en"
) -> bytes:
    """Return the calendar of one group.

    Parameters
    ----------
    made
        When the timetable was made, UTC; its begin by default.
    language
        ``en`` or ``uk``.

    Raises
    ------
    InputError
        When the timetable has no such group.
    """
    row, words = _row(table, group), wording(language)
    calendar = Calendar()
    calendar.add("prodid", "-//keepwarm//rotation//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", plain(words["cuts"].format(group=group)))
    stamp = _moment(table.start if made is None else made)
    void = table.emergency[row]
    slots = {"off": table.off[row] & ~void, "maybe": table.maybe[row] & ~void, "emergency": void}
    slots["maybe"] &= ~slots["off"]
    for kind in _KINDS:
        for begin, end in runs_of(slots[kind]).tolist():
            summary = plain(words[f"cuts_{kind}"].format(group=group))
            calendar.add_component(_event(table, group, kind, (begin, end), stamp, summary))
    return bytes(calendar.to_ical())


def write_calendars(table: Timetable, folder: Path) -> tuple[Path, ...]:
    """Write ``group-NAME.ics`` for every group into a folder, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = tuple(folder / name for name in file_names(table.groups))
    for group, path in zip(table.groups, paths, strict=True):
        path.write_bytes(calendar_of(table, group))
    return paths


def file_names(groups: Sequence[str]) -> tuple[str, ...]:
    """Return ``group-NAME.ics`` for each group, with a number where two would be called alike.

    Examples
    --------
    >>> file_names(["1.1", "2/1", "2_1"])
    ('group-1.1.ics', 'group-2_1.ics', 'group-2_1-2.ics')
    """
    names: list[str] = []
    for group in groups:
        safe = "".join(sign if sign.isalnum() or sign in ".-" else "_" for sign in group)
        name, number = f"group-{safe}.ics", 1
        while name in names:
            number += 1
            name = f"group-{safe}-{number}.ics"
        names.append(name)
    return tuple(names)


def read_calendar(
    path: Path, group: str, zone: str, *, start: np.datetime64, end: np.datetime64
) -> Timetable:
    """Read the cuts of one group within a span.

    Parameters
    ----------
    zone
        For times that name no zone.
    start, end
        Naive UTC: which slots are wanted. An event beyond them is cut off.

    Raises
    ------
    InputError
        When it is no calendar, or an event repeats, lasts whole days, overlaps another of its kind,
        or does not begin and end with a slot.
    """
    file = str(path)
    try:
        calendar = Calendar.from_ical(path.read_bytes())
    except OSError as error:
        raise InputError([Fault(file, None, None, f"cannot be read: {error.strerror}")]) from error
    except ValueError as error:
        raise InputError([Fault(file, None, None, f"no calendar: {error}")]) from error
    slots = int((end - start) / np.timedelta64(round(3600 * SLOT_HOURS), "s"))
    rows = {kind: np.zeros((1, slots), dtype=np.bool_) for kind in _KINDS}
    faults: list[Fault] = []
    for number, event in enumerate(calendar.walk("VEVENT"), start=1):
        where = f"event {number}"
        span = _span(file, where, event, zone, start, faults)
        if span is None:
            continue
        kind = _kind(event)
        begin, last = (int(np.clip(at, 0, slots)) for at in span)
        if rows[kind][0, begin:last].any():
            found = f"overlaps another, from {format_time(start + _slot() * begin)}"
            faults.append(Fault(file, None, where, found, "each time once"))
        rows[kind][0, begin:last] = True
    if faults:
        raise InputError(faults)
    return timetable((group,), start, rows["off"], maybe=rows["maybe"], emergency=rows["emergency"])


def _row(table: Timetable, group: str) -> int:
    if group in table.groups:
        return table.groups.index(group)
    near = nearest(group, table.groups)
    raise InputError([Fault("timetable", None, None, f"there is no group '{group}'", "", near)])


def _event(
    table: Timetable, group: str, kind: str, span: Sequence[int], stamp: datetime, summary: str
) -> Event:
    begin, end = (_moment(table.start + at * table.slot) for at in span)
    event = Event()
    event.add("uid", f"{kind}-{group}-{begin:%Y%m%dT%H%MZ}@keepwarm")
    event.add("dtstamp", stamp)
    event.add("dtstart", begin)
    event.add("dtend", end)
    event.add("summary", summary)
    event.add("status", "TENTATIVE" if kind == "maybe" else "CONFIRMED")
    event.add("categories", [kind])
    event.add("transp", "TRANSPARENT")
    return event


def _kind(event: Component) -> str:
    """Return what an event stands for: our own categories, else tentative or certain."""
    told = event.get("categories")
    names = {str(name) for name in told.cats} if hasattr(told, "cats") else set()
    own = next((kind for kind in _KINDS if kind in names), None)
    return own or ("maybe" if str(event.get("status", "")) == "TENTATIVE" else "off")


def _span(
    file: str, where: str, event: Component, zone: str, start: np.datetime64, faults: list[Fault]
) -> Floats | None:
    """Return the slots at which an event begins and ends, counted from ``start``."""
    if any(name in event for name in _NO_REPEATS):
        faults.append(Fault(file, None, where, "repeats", "one event for each cut"))
        return None
    times = [event.get(name).dt if name in event else None for name in ("dtstart", "dtend")]
    moments = [_utc(time, zone) for time in times if isinstance(time, datetime)]
    if len(moments) < 2:
        found = "has no begin and end" if None in times else "lasts whole days"
        faults.append(Fault(file, None, where, found, "a begin and an end with their time"))
        return None
    begin, end = moments
    slots = np.array([(time - start) / _slot() for time in (begin, end)])
    if slots[1] <= slots[0] or np.any(slots % 1.0):
        found = f"from {format_time(begin)} to {format_time(end)}"
        faults.append(Fault(file, None, where, found, "whole half-hours, the begin first"))
        return None
    return slots


def _utc(time: datetime, zone: str) -> np.datetime64:
    aware = time if time.tzinfo is not None else time.replace(tzinfo=ZoneInfo(zone))
    return np.datetime64(aware.astimezone(UTC).replace(tzinfo=None), "s")


def _moment(time: np.datetime64) -> datetime:
    moment: datetime = time.astype("datetime64[s]").item()
    return moment.replace(tzinfo=UTC)


def _slot() -> np.timedelta64:
    return np.timedelta64(round(3600 * SLOT_HOURS), "s")
