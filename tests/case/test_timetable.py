"""The timetable noun: hours, blocks, spans, pieces, on rows counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from keepwarm.case.timetable import (
    Timetable,
    hours_off,
    joined,
    least_on_hours,
    longest_block_hours,
    off_share,
    timetable,
    window,
    with_power_until,
)

START = np.datetime64("2026-01-15T00:00:00")


def of(*rows: str, start: np.datetime64 = START) -> Timetable:
    """A timetable from rows of 1 (on) and 0 (off), as published grids have them."""
    off = np.array([[mark == "0" for mark in row] for row in rows])
    return timetable([f"{k}" for k in range(len(rows))], start, off)


def test_hours_blocks_and_breaks_are_those_counted_by_hand():
    table = of("1100011001", "1111111111", "0111111110", "0000000000")
    assert hours_off(table).tolist() == [2.5, 0, 1, 5]
    assert longest_block_hours(table).tolist() == [1.5, 0, 0.5, 5]
    assert least_on_hours(table).tolist() == [1, np.inf, 4, np.inf]


def test_an_hour_of_two_slots_is_half_off_when_one_is():
    table = of("10", "00")
    assert off_share(table, START, 1.0).tolist() == [0.5, 1]
    assert off_share(table, START + np.timedelta64(30, "m"), 1.0).tolist() == [0.5, 0.5]
    assert off_share(table, START - np.timedelta64(2, "h"), 1.0).tolist() == [0, 0]


def test_pieces_join_to_the_whole():
    whole = of("110010", "001100")
    middle = START + np.timedelta64(60, "m")
    first, then = window(whole, START, middle), window(whole, middle, whole.end)
    again = joined(first, then)
    assert (len(first), len(then), again.start) == (2, 4, START)
    assert (again.off == whole.off).all()
    assert len(window(whole, whole.end, whole.end + np.timedelta64(1, "h"))) == 0


def test_pieces_that_do_not_follow_each_other_are_refused():
    whole = of("110010")
    with pytest.raises(ValueError, match="the first timetable ends at"):
        joined(whole, whole)
    with pytest.raises(ValueError, match="other groups"):
        joined(whole, of("1", "1", start=whole.end))


def test_arrays_that_do_not_fit_the_groups_are_refused():
    with pytest.raises(ValueError, match="1 groups do not fit"):
        timetable(["a"], START, np.zeros((2, 4), dtype=np.bool_))
    with pytest.raises(ValueError, match="do not fit"):
        timetable(["a"], START, np.zeros((1, 4), dtype=np.bool_), maybe=np.zeros((1, 3), bool))


def test_a_timetable_goes_on_with_power_to_a_time():
    longer = with_power_until(of("00"), START + np.timedelta64(3, "h"))
    assert longer.off.tolist() == [[True, True, False, False, False, False]]
    assert longer.end == START + np.timedelta64(3, "h")
    assert with_power_until(of("00"), of("00").end).off.tolist() == [[True, True]]
