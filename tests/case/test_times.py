from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwarm.case.read import check_case
from keepwarm.case.times import format_time, local_time, parse_time, spacing

FIRST, LAST = (datetime.fromisoformat(text) for text in ("1901-01-01", "2198-01-01"))
MOMENTS = st.datetimes(FIRST, LAST).map(lambda moment: moment.replace(microsecond=0))
OFFSETS = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(MOMENTS, OFFSETS)
def test_a_time_with_an_offset_comes_back_as_utc(moment, zone):
    written = moment.replace(tzinfo=zone)
    read = parse_time(written.isoformat())
    assert read.has_offset
    assert read.utc == np.datetime64(written.astimezone(UTC).replace(tzinfo=None), "s")


@given(MOMENTS, st.sampled_from(["T", " "]))
def test_a_naive_time_is_utc(moment, between):
    read = parse_time(moment.isoformat(sep=between))
    assert not read.has_offset
    assert read.utc.item() == moment


@given(MOMENTS)
def test_what_is_shown_reads_back(moment):
    assert parse_time(format_time(np.datetime64(moment, "s"))).utc.item() == moment


@pytest.mark.parametrize(
    "text",
    ["", "now", "12", "2026-13-01", "2026-01-01T25:00", "2026-01-01+02:00", "2026-W03",
     "20260101", "01.02.2026", "2026-01-01T00:00+99:00", "0001-01-01T00:00+02:00",
     "2026-01-01T00:00:00.5"],
)  # fmt: skip
def test_what_is_no_time(text):
    assert parse_time(text) is None


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_none(text):
    parse_time(text)


def test_a_spring_day_in_kyiv_has_23_hours():
    # Clocks go from 03:00 to 04:00 on 29 March 2026 (EU rule: 01:00 UTC on the last Sunday).
    hours = [np.datetime64("2026-03-28T22:00:00") + np.timedelta64(h, "h") for h in range(26)]
    local = [local_time(hour, "Europe/Kyiv") for hour in hours]
    assert sum(time.day == 29 for time in local) == 23
    assert [time.hour for time in local[:5]] == [0, 1, 2, 4, 5]


def test_an_autumn_day_in_kyiv_has_25_hours():
    # 25 October 2026, the last Sunday.
    hours = [np.datetime64("2026-10-24T21:00:00") + np.timedelta64(h, "h") for h in range(26)]
    assert sum(local_time(hour, "Europe/Kyiv").day == 25 for hour in hours) == 25


@given(
    st.integers(2, 40),
    st.sampled_from([900, 1800, 3600, 10800, 86400]),
)
def test_even_times_have_their_spacing(count, seconds):
    times = np.datetime64("2026-01-01", "s") + np.arange(count) * np.timedelta64(seconds, "s")
    assert spacing("f.csv", times, range(2, count + 2)) == (seconds / 3600, [])


@given(st.integers(5, 40), st.data())
def test_one_missing_time_is_named(count, data):
    gone = data.draw(st.integers(1, count - 2))
    times = np.datetime64("2026-01-01", "s") + np.arange(count) * np.timedelta64(3600, "s")
    hours, faults = spacing("f.csv", np.delete(times, gone), range(2, count + 1))
    assert hours == 1.0
    assert len(faults) == 1
    assert format_time(times[gone]) in faults[0].found
    assert faults[0].line == gone + 2


def test_a_time_off_the_grid_is_named():
    times = np.array(
        ["2026-01-01T00:00", "2026-01-01T01:00", "2026-01-01T01:20", "2026-01-01T02:20",
         "2026-01-01T03:20"],
        dtype="datetime64[s]",
    )  # fmt: skip
    _, faults = spacing("f.csv", times, range(2, 7))
    assert faults[0].found == "2026-01-01T01:20Z is off the spacing of 1 h"


def test_two_offsets_in_one_file_are_no_mixture(small, change):
    change("weather.csv", "2026-01-01T01:00Z,*", "2026-01-01T03:00+02:00,*")
    assert check_case(small) == []
