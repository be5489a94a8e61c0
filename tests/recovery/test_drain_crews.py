"""Crews that drain: who is at which group from when to when, and that a season does as they do."""

from dataclasses import replace

import numpy as np
import pytest

from keepwarm.case.plan import NO_TIME, PlannedDrain
from keepwarm.case.read import read_case
from keepwarm.case.resources import Access, Crew
from keepwarm.recovery.drain_crews import buildings_per_hour, with_crews

NOW = np.datetime64("2026-01-09T06:00:00", "s")


def hour(hours):
    return NOW + np.timedelta64(round(3600 * hours), "s")


def drain(group, buildings, begin, freezes):
    return PlannedDrain(group, True, buildings, hour(begin), hour(freezes), "why", hour(0))


def crew(name, base, shift=(0, 24)):
    return Crew(name, "draining", base, *shift, NO_TIME, NO_TIME)


@pytest.fixture(scope="module")
def town(examples):
    case = read_case(examples / "town")
    values = {**case.settings.values, "draining.crew_buildings_per_hour": 4.0}
    travel = np.array([[0.0, 0.5], [0.5, 0.0]])
    return replace(
        case,
        settings=replace(case.settings, values=values),
        resources=replace(case.resources, crews=(), travel_hours=travel),
    )


def staffed(town, *crews, access=()):
    return replace(town, resources=replace(town.resources, crews=crews, access=access))


def test_a_group_is_drained_from_its_latest_safe_start_by_who_is_near(town):
    """24 buildings at four an hour are six hours: two portions, one crew after the other."""
    case = staffed(town, crew("W", 0))
    [line], said = with_crews(case, NOW, [drain("West panel", 24, begin=2, freezes=12)])
    assert (line.begin, line.end, line.crews) == (hour(2), hour(8), ("W",))
    assert said == ()
    [line], _ = with_crews(
        staffed(town, crew("W", 0), crew("E", 1)), NOW, [drain("West panel", 24, 2, 12)]
    )
    assert (line.begin, line.end, line.crews) == (hour(2), hour(5), ("W", "E"))


def test_who_freezes_first_is_first_and_a_crew_begins_early_where_it_must(town):
    case = staffed(town, crew("W", 0))
    lines, said = with_crews(
        case, NOW, [drain("East panel", 8, 4, 7.5), drain("West panel", 8, 3, 5)]
    )
    assert [(one.begin, one.end) for one in lines] == [(hour(5.5), hour(7.5)), (hour(3), hour(5))]
    lines, said = with_crews(
        case, NOW, [drain("East panel", 8, 3, 6), drain("West panel", 8, 3, 5)]
    )
    assert [(one.begin, one.end) for one in lines] == [(hour(2.5), hour(4.5)), (hour(0), hour(2))]
    assert said == ()


def test_whom_crews_cannot_save_come_last(town):
    """Six hours of work, four until pipes plug: two small groups are saved, a large one waits."""
    case = staffed(town, crew("W", 0))
    lines, said = with_crews(
        case,
        NOW,
        [drain("West panel", 16, 3, 4), drain("West brick", 4, 3, 4.5), drain("West new", 4, 3, 5)],
    )
    assert [one.end for one in lines[1:]] == [hour(1), hour(2)]
    assert lines[0].end == hour(6)
    assert said == ("draining crews come too late for West panel (2 h): pipes may plug before",)


def test_shifts_and_closed_places_hold_for_drainers_too(town):
    """At 6:00 UTC it is 8:00 in the town."""
    case = staffed(town, crew("Late", 0, shift=(12, 20)))
    [line], _ = with_crews(case, NOW, [drain("West panel", 8, 1, 20)])
    assert (line.begin, line.end) == (hour(4), hour(6))
    shut = staffed(town, crew("W", 0), access=(Access(0, NOW, NO_TIME, ""),))
    [line], _ = with_crews(shut, NOW, [drain("West panel", 8, 1, 20)])
    assert line.crews == ()
    assert line.why.endswith("no draining crew can be there: at the city's rate")


def test_without_crews_the_citys_rate_holds(town):
    one = drain("West panel", 8, 1, 20)
    assert with_crews(town, NOW, [one]) == ((one,), ())
    assert buildings_per_hour(town) == town.settings.number("draining.buildings_per_hour")
    half = staffed(town, crew("A", 0), crew("B", 0, shift=(8, 20)))
    assert buildings_per_hour(half) == pytest.approx(1.5 * 4)
