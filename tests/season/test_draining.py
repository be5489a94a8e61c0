"""The policy ``decide``: drained where it costs fewer cold hours, given what is known by then."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.case.nouns import Case, Expectation, Floats
from keepwarm.season import Season, balanced_start, march, prepare
from keepwarm.season.audit import audited_steps
from keepwarm.season.batch import march_many
from keepwarm.season.drawn import Drawn
from keepwarm.solve.simplex import SimplexSolver
from tests.season.conftest import HEAT_SOURCES, colder, outage, walk, with_settings

#: The hour at which all heat goes out, and hours walked.
STOP, HOURS = 6, 72

#: Index of 16 degC in the town's thresholds: hours below it are what a decision counts.
COLD = 1


def expecting(case: Case, within_hours: list[float], probability: list[float]) -> Case:
    table = Expectation(np.array(within_hours), np.array(probability), "a test")
    return replace(case, restoration={"*": table})


def at_once(case: Case, hours: list[float], chance: list[float]) -> Case:
    """Heat is back at one of some hours: all of its chance lies within minutes after it."""
    within = [hour + part for hour in hours for part in (0.05, 0.15)]
    back = np.concatenate([[0.0], np.repeat(np.cumsum(chance), 2)[:-1]])
    return expecting(case, within, [*back[:-1].round(9).tolist(), 1.0])


def dark(case: Case, policy: str, back: int | None = None, hours: int = HOURS) -> Season:
    """Walk without heat from `STOP` on, until so many hours later."""
    until = None if back is None else STOP + back
    told = with_settings(case, draining__policy=policy)
    return walk(told, outage(told, HEAT_SOURCES, slice(STOP, until), hours))


def gone(season: Season) -> tuple[float, float]:
    """Buildings that crews ever emptied, and that froze."""
    drained, frozen = (season.of_state(name).max(axis=0).sum() for name in ("drained", "frozen"))
    return float(drained), float(frozen)


def cold_person_hours(season: Season) -> float:
    return float((season.hours_below[1, :, COLD] * season.home_people).sum())


@pytest.fixture(scope="module")
def frost(town: Case) -> Case:
    """-14 on average; nobody's heaters, which would follow the homes' temperature."""
    return with_settings(colder(town, 4.0), gains__heater_w_per_person=0.0)


def test_heat_surely_back_soon_is_waited_for(frost: Case) -> None:
    soon = expecting(frost, [1.0, 2.0], [0.5, 0.99])
    assert gone(dark(soon, "decide", back=2)) == (0.0, 0.0)


def test_a_promise_just_before_the_plug_is_waited_for(frost: Case) -> None:
    """Brick plugs at 16.5 h (central), 8.9 h (low): drained by deadline, held by the promise."""
    promised = expecting(frost, [6.0, 8.0], [0.0, 0.99])
    assert gone(dark(promised, "decide", back=7)) == (0.0, 0.0)
    assert gone(dark(promised, "deadline", back=7))[0] > 0.0


def test_heat_surely_late_means_drained_in_time(frost: Case) -> None:
    late = expecting(frost, [200.0, 400.0], [0.0, 1.0])
    with_water = frost.buildings.buildings[frost.buildings.heat_bus >= 0].sum()
    assert gone(dark(late, "decide")) == pytest.approx((with_water, 0.0))
    assert gone(dark(late, "never"))[1] > 0.0


def test_a_promise_that_has_lapsed_is_waited_for_no_longer(frost: Case) -> None:
    """Held at first, drained while the pipes (central) still have hours to go; nothing freezes."""
    promised = expecting(frost, [6.0, 8.0], [0.0, 0.99])
    held, by_deadline = dark(promised, "decide"), dark(promised, "deadline")
    begun = [np.flatnonzero(s.drained.sum(axis=1) > 0.0)[0] for s in (held, by_deadline)]
    assert begun[0] > begun[1]
    assert gone(held)[1] == 0.0


def known_exactly(case: Case) -> Case:
    """Return the case with central parameters in every band."""

    def central(tables: dict[str, Floats]) -> dict[str, Floats]:
        return {
            name: table if name == "norm_beta_h" else np.repeat(table[1:2], 3, axis=0)
            for name, table in tables.items()
        }

    own = case.archetypes
    flats = replace(own.flats, parameter=central(dict(own.flats.parameter)))
    return replace(
        case, archetypes=replace(own, parameter=central(dict(own.parameter)), flats=flats)
    )


def test_deciding_costs_fewer_expected_cold_hours_than_either_rule(frost: Case) -> None:
    """Every hour at which heat may be back is walked to the end, weighted by its chance.

    Brick plugs at 16.5 h, the new blocks at 23, panels at 42: a promise of 15 h saves draining
    the first, one of 22 h the second. A frozen building takes as long to mend as in the walk.
    """
    case = with_settings(
        known_exactly(frost),
        decision__frozen_days_low=3.0,
        decision__frozen_days=5.25,
        decision__frozen_days_high=9.0,
    )
    back = [4, 15, 22, 50]

    def costs(told: Case, policy: str) -> Floats:
        return np.array([cold_person_hours(dark(told, policy, hour, 240)) for hour in back])

    # These two know nothing of chances.
    late, never = costs(case, "deadline"), costs(case, "never")
    for chance in ([0.02, 0.95, 0.01, 0.02], [0.02, 0.02, 0.94, 0.02]):
        decided = costs(at_once(case, [float(hour) for hour in back], chance), "decide")
        assert np.dot(chance, decided) < 0.97 * min(np.dot(chance, late), np.dot(chance, never))


@given(hours=st.tuples(st.integers(2, 60), st.integers(2, 60)), share=st.sampled_from((0.6, 0.97)))
@settings(max_examples=8, deadline=None)
def test_who_expects_heat_later_drains_no_fewer(
    frost: Case, hours: tuple[int, int], share: float
) -> None:
    """The same chances, all of them later, and heat that never comes within the walk."""
    sooner, later = (
        gone(dark(expecting(frost, [hour - 1.0, float(hour)], [0.0, share]), "decide"))[0]
        for hour in sorted(hours)
    )
    assert later >= sooner - 1e-9


def test_no_decision_knows_when_heat_is_really_back(frost: Case) -> None:
    """Until the hour of return two walks are the same, whatever comes then."""
    promised = expecting(frost, [10.0, 18.0], [0.2, 0.9])
    one, other = (dark(promised, "decide", back=back) for back in (18, 40))
    np.testing.assert_array_equal(one.circuits[: STOP + 18], other.circuits[: STOP + 18])


def test_a_forecast_with_spread_is_seen(frost: Case) -> None:
    """Heat by 16.4 h: before brick plugs at 16.5 h, but not in the forecast's cold end."""
    assert frost.weather is not None
    promised = expecting(known_exactly(frost), [16.2, 16.4], [0.0, 0.995])
    sky = frost.weather
    ends = {"outdoor_low_degc": sky.outdoor_degc - 12, "outdoor_high_degc": sky.outdoor_degc + 12}
    unsure = replace(promised, weather=replace(sky, **ends))
    assert gone(dark(promised, "decide", back=14))[0] == 0.0
    assert gone(dark(unsure, "decide", back=14))[0] > 0.0


def test_in_a_block_a_sample_decides_as_alone(frost: Case) -> None:
    """Stops begin and end at other hours in each sample: where one holds, the next one drains."""
    told = with_settings(expecting(frost, [6.0, 8.0], [0.0, 0.99]), draining__policy="decide")
    corridor, stops = prepare(told), ((6, 40), (8, 7), (10, 7), (6, 18))
    left = np.stack([outage(told, HEAT_SOURCES, slice(at, at + back), HOURS) for at, back in stops])
    start, template = balanced_start(corridor, 0), corridor.template

    def totals(samples: list[int]) -> Floats:
        blocks = march_many(
            corridor,
            lambda which: Drawn(left[which, hour] for hour in range(HOURS)),
            samples=np.array(samples),
            first=0,
            steps=HOURS,
            state=start,
            solver=SimplexSolver(template.perturbed_cost, template.matrix),
            audited=audited_steps(np.array(samples), 1, seed=1),
        )
        return np.concatenate([block.totals.drained for block in blocks])

    together = totals([0, 1, 2, 3])
    np.testing.assert_array_equal(together, np.concatenate([totals([k]) for k in range(4)]))
    alone = [march(corridor, each, first=0, state=start) for each in left]
    np.testing.assert_allclose(together, [s.drained.max(axis=0).sum() for s in alone])
    assert min(together[[0, 3]]) > max(together[[1, 2]])
