"""Calendars, read again with the library icalendar itself and with our own reader."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from icalendar import Calendar

from keepwarm.case.timetable import timetable
from keepwarm.errors import InputError
from keepwarm.exchange.calendars import calendar_of, read_calendar, write_calendars
from keepwarm.exchange.local_days import local_day

KYIV = "Europe/Kyiv"
START = np.datetime64("2025-12-09T22:00:00")
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"


def marks(*slots: int, length: int = 48) -> np.ndarray:
    row = np.zeros((1, length), dtype=np.bool_)
    row[0, list(slots)] = True
    return row


def events(ics: bytes) -> list[tuple[datetime, datetime, str]]:
    found = Calendar.from_ical(ics).walk("VEVENT")
    return [(e.decoded("dtstart"), e.decoded("dtend"), str(e["status"])) for e in found]


def test_a_block_is_an_event_at_its_time():
    table = timetable(("1.1",), START, marks(2, 3, 4, 10), maybe=marks(20))
    assert events(calendar_of(table, "1.1")) == [
        (
            datetime(2025, 12, 9, 23, tzinfo=UTC),
            datetime(2025, 12, 10, 0, 30, tzinfo=UTC),
            "CONFIRMED",
        ),
        (
            datetime(2025, 12, 10, 3, tzinfo=UTC),
            datetime(2025, 12, 10, 3, 30, tzinfo=UTC),
            "CONFIRMED",
        ),
        (
            datetime(2025, 12, 10, 8, tzinfo=UTC),
            datetime(2025, 12, 10, 8, 30, tzinfo=UTC),
            "TENTATIVE",
        ),
    ]


def test_an_emergency_is_said_and_takes_the_place_of_blocks():
    table = timetable(("1.1",), START, marks(2, 3, 4), emergency=marks(*range(3, 48)))
    ics = calendar_of(table, "1.1")
    half = datetime(2025, 12, 9, 23, 30, tzinfo=UTC)
    assert [(begin, end) for begin, end, _ in events(ics)] == [
        (datetime(2025, 12, 9, 23, tzinfo=UTC), half),
        (half, datetime(2025, 12, 10, 22, tzinfo=UTC)),
    ]
    told = [str(e["summary"]) for e in Calendar.from_ical(ics).walk("VEVENT")]
    assert told == ["No power, group 1.1", "Emergency power cuts, no schedule, group 1.1"]


def test_on_the_day_of_25_hours_the_doubled_hour_can_differ(tmp_path):
    day = local_day(date(2026, 10, 25), KYIV)
    table = timetable(("1.1",), day.begin, marks(8, 9, length=50))  # 03:00 again, winter time
    [(begin, end, _)] = events(calendar_of(table, "1.1"))
    local = begin.astimezone(ZoneInfo(KYIV))
    assert (local.hour, local.fold, (end - begin).total_seconds()) == (3, 1, 3600)
    [path] = write_calendars(table, tmp_path)
    again = read_calendar(path, "1.1", KYIV, start=table.start, end=table.end)
    assert (again.off == table.off).all()


def test_every_group_has_its_file_and_reads_again(tmp_path):
    random = np.random.default_rng(3)
    kinds = random.integers(0, 4, (3, 96))
    names = ("1.1", "1.2", "north/east")
    table = timetable(names, START, kinds == 1, maybe=kinds == 2, emergency=kinds == 3)
    paths = write_calendars(table, tmp_path / "new")
    assert [path.name for path in paths] == [
        "group-1.1.ics",
        "group-1.2.ics",
        "group-north_east.ics",
    ]
    for row, path in enumerate(paths):
        again = read_calendar(path, names[row], KYIV, start=table.start, end=table.end)
        assert (again.off[0] == table.off[row]).all()
        assert (again.maybe[0] == table.maybe[row]).all()
        assert (again.emergency[0] == table.emergency[row]).all()


def test_a_foreign_calendar_with_local_times_is_read(tmp_path):
    path = tmp_path / "x.ics"
    event = (
        "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Europe/Kyiv:20251210T010000\r\n"
        "DTEND;TZID=Europe/Kyiv:20251210T020000\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:2\r\nDTSTART:20251210T080000\r\nDTEND:20251210T083000\r\nEND:VEVENT\r\n"
    )
    path.write_text(HEAD + event + "END:VCALENDAR\r\n", newline="")
    table = read_calendar(path, "1.1", KYIV, start=START, end=START + np.timedelta64(24, "h"))
    assert np.flatnonzero(table.off[0]).tolist() == [2, 3, 16]  # floating times: the zone given


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("DTSTART:20251210T010000Z", "DTEND:20251210T012000Z"), "expected whole half-hours"),
        (("DTSTART:20251210T010000Z", "DTEND:20251210T003000Z"), "the begin first"),
        (("DTSTART;VALUE=DATE:20251210", "DTEND;VALUE=DATE:20251211"), "lasts whole days"),
        (("DTSTART:20251210T010000Z",), "has no begin and end"),
        (("DTSTART:20251210T010000Z", "DTEND:20251210T013000Z", "RRULE:FREQ=DAILY"), "repeats"),
    ],
)
def test_events_that_are_no_cuts_are_named(tmp_path, lines, said):
    path = tmp_path / "x.ics"
    body = "\r\n".join(["BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT", "END:VCALENDAR", ""])
    path.write_text(HEAD + body, newline="")
    with pytest.raises(InputError, match=said):
        read_calendar(path, "1.1", KYIV, start=START, end=START + np.timedelta64(24, "h"))


def test_overlapping_events_and_unknown_groups_are_named(tmp_path):
    path = tmp_path / "x.ics"
    event = "BEGIN:VEVENT\r\nDTSTART:20251210T010000Z\r\nDTEND:20251210T023000Z\r\nEND:VEVENT\r\n"
    path.write_text(HEAD + event + event + "END:VCALENDAR\r\n", newline="")
    with pytest.raises(InputError, match="event 2: overlaps another"):
        read_calendar(path, "1.1", KYIV, start=START, end=START + np.timedelta64(24, "h"))
    path.write_text("no calendar")
    with pytest.raises(InputError, match="no calendar"):
        read_calendar(path, "1.1", KYIV, start=START, end=START + np.timedelta64(24, "h"))
    with pytest.raises(InputError, match="there is no group"):
        calendar_of(timetable(("1.1",), START, marks(1)), "1.2")
