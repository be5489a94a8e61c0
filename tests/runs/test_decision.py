"""Drain or hold for the groups of a run: the town without its western heat in a hard frost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import keepwarm as kw
from keepwarm.case.nouns import Case, DamageRow, Expectation
from keepwarm.runs import stopped
from keepwarm.runs.decision import WHAT_IF, Decision, Decisions, decide
from keepwarm.runs.decision_answers import decision_answers, decisions_table
from keepwarm.runs.run import walk
from keepwarm.season import Season
from keepwarm.season.expected import repair_of_frozen
from tests.season.conftest import with_settings

HOURS = 72
STOP = 6


def colder(case: Case, kelvin: float, spread: float = 0.0) -> Case:
    assert case.weather is not None
    outdoor = case.weather.outdoor_degc - kelvin
    ends = {"outdoor_low_degc": outdoor - spread, "outdoor_high_degc": outdoor + spread}
    return replace(case, weather=replace(case.weather, outdoor_degc=outdoor, **ends))


def broken(case: Case) -> Season:
    """The west without heat for good from hour 6 on, nothing drained."""
    out = ("Main CHP-West", "Main Boiler-West")
    begin, never = case.network.snapshots[STOP], np.datetime64("NaT", "s")
    damage = tuple(
        DamageRow(begin, case.network.assets.name.index(name), 0.0, never, "a test", "")
        for name in out
    )
    start = case.network.snapshots[0]
    return walk(case, damage, start=start, hours=HOURS, from_state=False)[0]


@pytest.fixture(scope="module")
def town(examples: Path) -> Case:
    """No electric heaters: they would follow the homes' temperature within the run."""
    case = kw.read_case(examples / "town")
    settings = {"draining__policy": "never", "gains__heater_w_per_person": 0.0}
    return colder(with_settings(case, **settings), 15.0)


@pytest.fixture(scope="module")
def season(town: Case) -> Season:
    return broken(town)


@pytest.fixture(scope="module")
def found(season: Season) -> Decisions:
    return decide(season)


def of(found: Decisions) -> dict[int, Decision]:
    return {row.group: row for row in found.rows}


def test_every_group_that_stood_and_freezes_has_a_row(season: Season, found: Decisions) -> None:
    stood = set(np.flatnonzero(np.isfinite(season.stopped_hour)).tolist())
    assert stood
    assert {row.group for row in found.rows} <= stood
    assert len(found.rows) + found.safe == len(stood)
    assert all(row.stopped_hour == season.stopped_hour[row.group] for row in found.rows)


def test_hours_left_are_those_of_the_run_where_the_weather_is_the_forecast(
    season: Season, found: Decisions
) -> None:
    """The season walks the same pipes through true weather, hour by hour, with its own needs."""
    seen = 0
    for row in found.rows:
        for band, hours in enumerate(row.hours_left):
            walked = season.plug_hour[band, row.group] - season.plug_stopped_hour[band, row.group]
            if np.isfinite(walked):
                assert hours == pytest.approx(walked, rel=0.02)
                seen += 1
    assert seen


def test_draining_begins_in_time_and_before_it_must_end(town: Case, found: Decisions) -> None:
    one_building = town.settings.number("draining.hours")
    rate = town.settings.number("draining.buildings_per_hour")
    for row in found.rows:
        assert row.in_time == pytest.approx(row.buildings)
        begun = row.start_hours + row.buildings / rate + one_building
        assert begun <= row.hours_left[0] + 1e-6
    starts = [row.stopped_hour + row.start_hours for row in found.rows]
    assert starts == sorted(starts)


def test_too_few_crews_are_said(season: Season) -> None:
    """A tenth of a building an hour: what can be done in time follows from the hours left."""
    few = replace(season, case=with_settings(season.case, draining__buildings_per_hour=0.1))
    found = decide(few)
    answers = decision_answers(few)["decisions"]
    assert isinstance(answers, list)
    for row in answers:
        assert row["in_time"] in (round(row["in_time"]), row["buildings"])
    late = [row for row in found.rows if row.in_time < row.buildings]
    last = max(row.hours_left[0] for row in found.rows)
    assert late
    assert sum(row.in_time for row in found.rows) <= 0.1 * last + 1e-9


def test_what_would_change_it(found: Decisions) -> None:
    for row in found.rows:
        then = dict(zip(WHAT_IF, row.what_if, strict=True))
        assert then["refill_slow"][0] < row.indifference < then["refill_fast"][0]
        assert then["repair_fast"][0] < row.indifference
        assert then["colder"][1] < row.hours_left[0] < then["milder"][1]
        assert then["insulated"][1] >= row.hours_left[0]


def test_a_sure_promise_holds_and_one_that_comes_late_does_not(season: Season) -> None:
    """Heat surely back before the pipes freeze: hold. Surely back a day after: drain."""
    for hours, drains in ((0.5, False), (24.0, True)):
        row = decide(season).rows[0]
        when = row.start_hours + 0.1 * hours if not drains else row.hours_left[2] + hours
        table = Expectation(np.array([when - 0.05, when]), np.array([0.0, 1.0]), "")
        case = replace(season.case, restoration={season.case.buildings.group[row.group]: table})
        again = of(decide(replace(season, case=case)))[row.group]
        assert again.drains == drains
        assert again.back_in_time == pytest.approx(0.0 if drains else 1.0, abs=1e-6)


def test_a_stop_that_has_lasted_is_likely_to_last(season: Season) -> None:
    """30 h before the run began: the conditional median of scipy's lognormal, less 30 h."""
    waited = replace(season.at_stop, stood_hours=np.full_like(season.at_stop.hour, 30.0))
    kinds = stopped.stopped_kinds(replace(season, at_stop=waited))
    assert kinds is not None
    of = stats.lognorm(s=np.log(72 / 16) / stats.norm.ppf(0.9), scale=16)
    [(known, which)] = list(kinds.restorations())
    assert len(which) == kinds.count
    assert known.hours(0.5) == pytest.approx(of.isf(of.sf(30) / 2) - 30)


def test_a_row_says_when_the_stop_really_was(season: Season) -> None:
    """Six hours before the hour at which it is decided; what is left counts from that hour."""
    stood = np.full_like(season.at_stop.hour, 6.0)
    early = replace(season, at_stop=replace(season.at_stop, stood_hours=stood))
    rows, ours = (decision_answers(each)["decisions"] for each in (season, early))
    assert isinstance(rows, list)
    assert isinstance(ours, list)
    assert {row["hours_stood"] for row in ours} == {6.0}
    # 15 K colder than the town at 06:00 and at 00:00.
    frost = [{row["stop_outdoor_degc"] for row in found} for found in (rows, ours)]
    assert frost == [{-25.0}, {-27.0}]
    of_group = {row["group"]: row for row in rows}
    for row in ours:
        then, noted = (
            datetime.fromisoformat(each["stopped"]) for each in (row, of_group[row["group"]])
        )
        assert noted - then == timedelta(hours=6)
        assert row["hours_left"] == of_group[row["group"]]["hours_left"]
    assert decisions_table(ours)["hours_stood"].to_pylist() == [6.0] * len(ours)


def test_frozen_buildings_wait_behind_those_that_leak(town: Case) -> None:
    """10 K of frost, 1,000 drained: 200 leak and are mended in 20 days, frozen ones no sooner."""
    case = with_settings(
        town,
        restart__leak_share=0.05,
        restart__frost_leak_share=0.15,
        repairs__buildings_per_day=10.0,
        repairs__hours=48.0,
    )
    found = repair_of_frozen(case, 1000.0, 10.0)
    assert found.hours / 24 == pytest.approx([22.0, 22.0, 24.0])
    assert found.weight.sum() == pytest.approx(1.0)
    of_places = repair_of_frozen(case, np.array([1000.0, 0.0]), 10.0)
    assert of_places.hours[:, 1] / 24 == pytest.approx([6.0, 14.0, 24.0])
    assert of_places.hours.shape == of_places.weight.shape


def test_slow_repair_crews_are_no_reason_to_hold(season: Season) -> None:
    """Most drained buildings leak and one a day is mended: what is frozen waits no less."""
    slow = with_settings(
        season.case, restart__leak_share=0.5, repairs__buildings_per_day=1.0, repairs__hours=500.0
    )
    for row in decide(replace(season, case=slow)).rows:
        assert row.drains


def test_groups_taken_as_one_kind_are_decided_as_alone(
    season: Season, found: Decisions, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_ALIKE_K", "_ALIKE_WATER_K", "_ALIKE_W_PER_M2", "_ALIKE_FROST"):
        monkeypatch.setattr(stopped, name, 1e-9)
    alone = of(decide(season))
    for row in found.rows:
        assert row.hours_left == pytest.approx(alone[row.group].hours_left, rel=0.02)
        assert row.indifference == pytest.approx(alone[row.group].indifference, abs=0.01)


def test_a_forecast_with_spread_widens_what_may_freeze(
    town: Case, season: Season, found: Decisions
) -> None:
    """Low are the hours of a forecast 6 K colder throughout, central those without a spread."""
    wide, cold = (
        of(decide(replace(season, case=colder(town, kelvin, spread=spread))))
        for kelvin, spread in ((0.0, 6.0), (6.0, 0.0))
    )
    for row in found.rows:
        low, central, high = wide[row.group].hours_left
        assert low == pytest.approx(cold[row.group].hours_left[0])
        assert central == pytest.approx(row.hours_left[1])
        assert high > row.hours_left[2]
        assert wide[row.group].start_hours < row.start_hours
        assert wide[row.group].hold_hours != pytest.approx(row.hold_hours, rel=1e-6)


def test_a_run_without_a_stop_has_nothing_to_decide(town: Case) -> None:
    season, _ = walk(town, (), start=town.network.snapshots[0], hours=3, from_state=False)
    answers = decision_answers(season)
    assert answers["decisions"] == []
    assert decisions_table([]).num_rows == 0


def test_the_table_is_the_answers(season: Season) -> None:
    rows = decision_answers(season)["decisions"]
    assert isinstance(rows, list)
    table = decisions_table(rows)
    assert table.column_names == decisions_table([]).column_names
    assert table["group"].to_pylist() == [row["group"] for row in rows]
    assert table["if_colder_hours_left"].to_pylist() == [
        row["what_if"]["colder"]["hours_left"] for row in rows
    ]
    assert [f"{moment.isoformat()}Z" for moment in table["start_by"].to_pylist()] == [
        row["start_by"] for row in rows
    ]
