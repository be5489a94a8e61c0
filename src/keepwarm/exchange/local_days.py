"""Days as clocks on the wall show them: half-hours of local days of 23, 24 and 25 hours.

Published schedules count the hours of the clock. On the day of 23 hours one of them does not come;
on the day of 25 hours one comes twice and stands once in the schedule, for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from keepwarm.case.nouns import Bools, Ints, Names
from keepwarm.case.times import format_time
from keepwarm.case.timetable import SLOT_HOURS, Timetable, timetable
from keepwarm.errors import Fault, InputError, nearest

#: Half-hours that a clock shows in a day.
CLOCK = 48
ON, OFF, MAYBE = 0, 1, 2

_HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True)
class LocalDay:
    """One day of a time zone, in half-hours."""

    day: date
    begin: np.datetime64  # naive UTC
    clock: Ints  # (half-hours of the day,): which half-hour of the clock each is, 0 to 47

    def __len__(self) -> int:
        return len(self.clock)


@dataclass(frozen=True)
class DayMarks:
    """What a schedule says of one group on one day."""

    marks: Ints  # ON, OFF or MAYBE: by half-hours of the clock (48), or of the day (46, 48, 50)
    emergency: Bools | None = None  # likewise: where the schedule is void; None for nowhere


def local_day(day: date, zone: str) -> LocalDay:
    """Return one day of a time zone.

    Examples
    --------
    >>> [len(local_day(date(2026, *at), "Europe/Kyiv")) for at in ((3, 28), (3, 29), (10, 25))]
    [48, 46, 50]
    """
    begin, end = (
        datetime(at.year, at.month, at.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        for at in (day, day + timedelta(days=1))
    )
    times = [begin + k * _HALF_HOUR for k in range((end - begin) // _HALF_HOUR)]
    local = [time.astimezone(ZoneInfo(zone)) for time in times]
    clock = np.array([2 * time.hour + time.minute // 30 for time in local], dtype=np.int64)
    return LocalDay(day, np.datetime64(begin.replace(tzinfo=None), "s"), clock)


def local_date(moment: datetime, zone: str) -> date | None:
    """Return the day that begins at a moment in a zone, None where none does."""
    local = moment.astimezone(ZoneInfo(zone))
    first = local.hour == local.minute == local.second == 0
    return local.date() if first and not local.fold else None


def timetable_of_days(
    file: str, days: Mapping[date, Mapping[str, DayMarks]], zone: str, groups: Names | None
) -> Timetable:
    """Return one timetable of days that follow each other.

    Parameters
    ----------
    file
        As messages name it.
    days
        Day -> group -> what the schedule says.
    groups
        The groups that there are, in the order wanted; None: those of the file, sorted.

    Raises
    ------
    InputError
        Where days are missing in between, a group is missing on a day or unknown, or a day's marks
        fit neither the clock nor the length of the day.
    """
    dates = sorted(days)
    named = sorted({group for marks in days.values() for group in marks})
    names = tuple(named) if groups is None else groups
    faults = [
        Fault(file, None, group, "is no rotation group of this case", "", nearest(group, names))
        for group in named
        if group not in names
    ]
    faults += [
        Fault(file, None, None, f"there is no {day}", "days that follow each other")
        for day in _between(dates)
    ]
    local = [local_day(day, zone) for day in dates]
    for day in local:
        for group in names:
            own = days[day.day].get(group)
            if own is None:
                faults.append(Fault(file, None, group, f"nothing is said of {day.day}"))
            elif own.marks.size not in (CLOCK, len(day)):
                found = f"{own.marks.size / 2:g} hours on {day.day}"
                expected = f"{CLOCK // 2} hours of the clock, or the {len(day) / 2:g} of the day"
                faults.append(Fault(file, None, group, found, expected))
    if faults:
        raise InputError(faults)
    marks = np.zeros((len(names), sum(map(len, local))), dtype=np.int64)
    void = np.zeros(marks.shape, dtype=np.bool_)
    at = 0
    for day in local:
        for row, group in enumerate(names):
            own = days[day.day][group]
            shown = day.clock if own.marks.size == CLOCK else np.arange(len(day))
            marks[row, at : at + len(day)] = own.marks[shown]
            if own.emergency is not None:
                void[row, at : at + len(day)] = own.emergency[shown]
        at += len(day)
    start = local[0].begin if local else np.datetime64("1970-01-01T00:00:00")
    return timetable(names, start, marks == OFF, maybe=marks == MAYBE, emergency=void)


def days_of(table: Timetable, zone: str, file: str) -> list[tuple[LocalDay, Timetable]]:
    """Return the whole local days of a timetable, each with its part.

    Raises
    ------
    InputError
        Where slots are not of half an hour, or the timetable does not begin and end at midnight.
    """
    faults = []
    if table.slot_hours != SLOT_HOURS:
        found = f"slots of {table.slot_hours:g} h"
        faults.append(Fault(file, None, None, found, f"slots of {SLOT_HOURS:g} h in this format"))
    for time, verb in ((table.start, "begins"), (table.end, "ends")):
        if local_date(_aware(time), zone) is None:
            found = f"the timetable {verb} at {format_time(time)}, not at midnight in {zone}"
            faults.append(Fault(file, None, None, found, "whole days: see padded_to_days"))
    if faults:
        raise InputError(faults)
    found_days: list[tuple[LocalDay, Timetable]] = []
    at = 0
    while at < len(table):
        day = local_day(_aware(table.times[at]).astimezone(ZoneInfo(zone)).date(), zone)
        part = slice(at, at + len(day))
        of_day = timetable(
            table.groups,
            day.begin,
            table.off[:, part],
            maybe=table.maybe[:, part],
            emergency=table.emergency[:, part],
        )
        found_days.append((day, of_day))
        at += len(day)
    return found_days


def padded_to_days(table: Timetable, zone: str) -> Timetable:
    """Return a timetable of whole local days; slots that were added are on."""
    if not len(table):
        return table
    first, last = (
        _aware(time).astimezone(ZoneInfo(zone)).date() for time in (table.times[0], table.times[-1])
    )
    begin = local_day(first, zone).begin
    end = local_day(last + timedelta(days=1), zone).begin
    before = int((table.start - begin) // table.slot)
    after = int((end - table.end) // table.slot)
    width = ((0, 0), (before, after))
    parts = (np.pad(part, width) for part in (table.off, table.maybe, table.emergency))
    off, maybe, emergency = parts
    return timetable(
        table.groups, begin, off, slot_hours=table.slot_hours, maybe=maybe, emergency=emergency
    )


def on_clock(file: str, day: LocalDay, group: str, marks: Ints) -> Ints:
    """Return what the half-hours of the clock show, (48,); those that do not come are on.

    Raises
    ------
    InputError
        Where an hour comes twice and the group has it once on and once off.
    """
    clock = np.full(CLOCK, ON, dtype=np.int64)
    clock[day.clock] = marks
    twice = np.flatnonzero(clock[day.clock] != marks)
    if twice.size:
        at = int(day.clock[twice[0]])
        found = f"{at // 2:02d}:{30 * (at % 2):02d} comes twice on {day.day}, once on and once off"
        expected = "both alike: this format has each hour once; a calendar (.ics) can say it"
        raise InputError([Fault(file, None, group, found, expected)])
    return clock


def marks_of(table: Timetable, row: int) -> Ints:
    """Return ON, OFF or MAYBE for each slot of one group."""
    return np.where(table.off[row], OFF, np.where(table.maybe[row], MAYBE, ON))


def _between(dates: list[date]) -> list[date]:
    """Days that are missing between the first and the last."""
    if not dates:
        return []
    span = range((dates[-1] - dates[0]).days)
    return [day for k in span if (day := dates[0] + timedelta(days=k)) not in dates]


def _aware(time: np.datetime64) -> datetime:
    moment: datetime = time.astype("datetime64[s]").item()
    return moment.replace(tzinfo=UTC)
