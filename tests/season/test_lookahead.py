"""Looking ahead: what it buys where it must, nothing where it cannot, and never at a loss."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.case.nouns import Case, Damage, DamageRow, Floats
from keepwarm.damage import availability
from keepwarm.season import Corridor, Season, balanced_start, march, prepare
from keepwarm.season.foresight import HOMES, outcome
from keepwarm.season.heating import CENTRAL
from keepwarm.season.homes import home_kinds
from keepwarm.season.horizon import plan_window
from keepwarm.season.lookahead import Foresight, Outlook, look_ahead, outlook_of
from keepwarm.season.state import spread
from keepwarm.season.window import Plan
from keepwarm.validation.sketch import Sketch
from keepwarm.warmth.rooms import relax
from tests.season.conftest import colder, walk, with_settings

SAFE_DEGC = 12.0


def out(case: Case, name: str, begin: int, end: int | None, left: float = 0.0) -> DamageRow:
    """An asset that is out from one step to another, or for ever."""
    moments = case.network.snapshots
    until = np.datetime64("NaT") if end is None else moments[end]
    return DamageRow(moments[begin], case.network.assets.name.index(name), left, until, "", "")


def left_of(case: Case, damage: Damage, steps: int) -> Floats:
    return availability(case, damage, case.network.snapshots[0], steps)


def both(
    case: Case, damage: Damage, steps: int, foresight: Foresight | None = None
) -> tuple[Season, Season]:
    """Walk a case by the step rule, and looking ahead."""
    corridor = prepare(case)
    state = balanced_start(corridor, 0)
    by_rule = march(corridor, left_of(case, damage, steps), first=0, state=state)
    ahead = look_ahead(corridor, damage, first=0, steps=steps, state=state, foresight=foresight)
    return by_rule, ahead


def island(hours: int = 48, mwh: float = 48.0) -> Case:
    """A hospital and homes of 1 MW each, a store for one of them, a generator."""
    sketch = Sketch(hours)
    bus = sketch.bus()
    sketch.generator(bus, 2.0, cost=5.0)
    sketch.load(bus, 1.0, tier="critical")
    sketch.load(bus, 1.0, tier="household")
    sketch.storage(bus, mw=10, mwh=mwh, level=mwh)
    return sketch.case()


def without_chp(town: Case, frost: float, steps: int) -> tuple[Case, Damage]:
    """The town in a frost, without its large plant for the whole time."""
    case = colder(town, frost)
    return case, tuple(out(case, name, 0, steps) for name in ("CHP unit", "CHP peak boiler"))


def test_a_store_is_kept_for_the_hospital_over_two_days() -> None:
    """By hand: 48 MWh for 2 MW. Greedy serves both for 24 h, then nobody; the hospital needs 48."""
    case = island()
    by_rule, ahead = both(case, (out(case, "generator 0", 0, None),), 48)
    assert outcome(by_rule).unserved_mwh == pytest.approx(
        {"power critical": 24.0, "power household": 24.0}
    )
    assert outcome(ahead).unserved_mwh == pytest.approx({"power household": 48.0})
    spent = 48 * 400  # the store, at what a stored MWh is worth
    assert outcome(by_rule).cost == pytest.approx(spent + 24 * 50000 + 24 * 8000)
    assert outcome(ahead).cost == pytest.approx(spent + 48 * 8000)
    half = np.array([24.0])
    assert outcome(ahead, half).cost == pytest.approx(spent / 2 + 48 * 8000)


def test_damage_that_has_not_happened_is_not_known() -> None:
    """By hand: 1 MW of supply, 42 MWh; homes take theirs from the store until all else is out."""
    case = island(mwh=42.0)
    half = replace(case.network.generators, p_nom_mw=np.array([1.0]))
    case = replace(case, network=replace(case.network, generators=half))
    _, ahead = both(case, (out(case, "generator 0", 6, None),), 48)
    assert ahead.level_mwh[5, 0] == pytest.approx(42.0 - 6.0)
    assert outcome(ahead).unserved_mwh == pytest.approx(
        {"power critical": 42.0 - 36.0, "power household": 42.0}
    )


def test_a_plan_gives_way_to_a_hospital_that_it_did_not_mean_to_shed() -> None:
    """By hand: the source fails six minutes into hour 0, of which the plan knows nothing."""
    case = island()
    row = out(case, "generator 0", 0, None)
    late = replace(row, time=row.time + np.timedelta64(360, "s"))
    _, ahead = both(case, (late,), 4)
    assert ahead.available[0, 0] == pytest.approx(0.1)
    assert ahead.shed_mw[0] == pytest.approx(0.0, abs=1e-9)
    assert ahead.level_mwh[0, 0] == pytest.approx(48.0 - (2.0 - 0.2))


def test_a_store_gives_more_than_planned_where_that_is_needed_more() -> None:
    """By hand: the same, with homes alone: 48 MWh are plenty for 4 h, and no plan needs them."""
    sketch = Sketch(4)
    bus = sketch.bus()
    sketch.generator(bus, 2.0, cost=5.0)
    sketch.load(bus, 1.0, tier="household")
    sketch.storage(bus, mw=10, mwh=48.0, level=48.0)
    case = sketch.case()
    row = out(case, "generator 0", 0, None)
    late = replace(row, time=row.time + np.timedelta64(360, "s"))
    _, ahead = both(case, (late,), 4)
    assert ahead.available[0, 0] == pytest.approx(0.1)
    assert ahead.shed_mw[:, 0] == pytest.approx(0.0, abs=1e-9)


def test_a_store_is_kept_full_while_sources_last() -> None:
    """A MWh at 900 is dearer than a stored one at the end, but nothing asks to spend it first."""
    case = island(mwh=30.0)
    dear = replace(case.network.generators, marginal_cost=np.array([900.0]))
    _, ahead = both(replace(case, network=replace(case.network, generators=dear)), (), 12)
    assert ahead.level_mwh[:, 0] == pytest.approx(30.0)


def test_without_known_repairs_a_store_is_stretched() -> None:
    """By hand: 24 MWh, an outage of 12 h that may last: all for the hospital, or for both."""
    case = island(24, mwh=24.0)
    rows = (out(case, "generator 0", 0, 12),)
    _, told = both(case, rows, 24)
    _, untold = both(case, rows, 24, Foresight(knows_repairs=False))
    assert outcome(told).unserved_mwh == {}
    assert outcome(untold).unserved_mwh == pytest.approx({"power household": 12.0})


def test_walls_hold_while_those_who_cool_faster_are_heated(town: Case) -> None:
    """The same plants: by the step rule homes fall below the safe temperature, ahead none does.

    Homes are a group's mean: a plan does not see that flats under the roof are colder.
    """
    by_rule, ahead = both(*without_chp(town, 15.0, 60), 60)
    assert by_rule.operative_degc[:, CENTRAL].min() < SAFE_DEGC - 0.3
    assert ahead.operative_degc[:, CENTRAL].min() > SAFE_DEGC - 0.01
    assert outcome(ahead).cost < 0.95 * outcome(by_rule).cost
    assert ahead.audit.max_relative_gap < 1e-9
    assert ahead.audit.max_balance_error_mw < 1e-6


def test_nothing_is_bought_where_nothing_is_scarce(town: Case) -> None:
    by_rule, ahead = both(town, (), 30)
    assert np.allclose(ahead.operative_degc, by_rule.operative_degc, atol=1e-6)
    assert np.allclose(ahead.shed_mw, 0.0, atol=1e-9)
    assert np.allclose(ahead.not_asked_mw, by_rule.not_asked_mw, atol=1e-9)
    assert outcome(ahead).unserved_mwh == outcome(by_rule).unserved_mwh == {}
    assert outcome(ahead).cost <= outcome(by_rule).cost * (1 + 1e-9)


def test_heat_that_a_plan_withholds_counts_as_unserved(town: Case) -> None:
    case, damage = without_chp(town, 9.0, 40)
    _, ahead = both(case, damage, 40)
    received = (ahead.heat_share * ahead.full_heat_mw).sum()
    full = ahead.full_heat_mw.sum()
    assert outcome(ahead).unserved_mwh[HOMES] == pytest.approx(full - received)
    heat = np.array(case.network.buses.carrier)[ahead.template.needs.bus] == "heat"
    loads = outcome(ahead).unserved_mwh.get("heat heat_comfort", 0.0)
    shed = ahead.shed_mw[:, heat].sum() + ahead.not_asked_mw.sum()
    assert shed == pytest.approx(full - received + loads, rel=1e-3)


def test_the_step_carries_out_what_was_planned(town: Case) -> None:
    """The first window, step by step: temperatures as planned, group by group within a kind."""
    case, damage = without_chp(town, 9.0, 24)
    corridor = prepare(case)
    far = Foresight(hours=24, replan_hours=24)
    kinds, state = home_kinds(corridor), balanced_start(corridor, 0)
    outlook, plan = planned(corridor, damage, 24, far)
    ahead = look_ahead(corridor, damage, first=0, steps=24, state=state, foresight=far)
    felt = (kinds.mean @ ahead.operative_degc[:, CENTRAL].T).T
    assert np.allclose(felt, plan.felt_degc, atol=0.1)
    assert np.allclose(ahead.level_mwh, plan.level_mwh, atol=1e-6)
    assert np.all(plan.heat_mw <= outlook.window.homes.most_mw + 1e-9)  # type: ignore[union-attr]


def planned(
    corridor: Corridor, damage: Damage, steps: int, foresight: Foresight
) -> tuple[Outlook, Plan]:
    case = corridor.case
    outlook = outlook_of(
        corridor,
        home_kinds(corridor),
        left_of(case, damage, steps),
        first=0,
        state=spread(balanced_start(corridor, 0), 1),
        foresight=foresight,
    )
    return outlook, plan_window(corridor.template, case.settings, outlook.window)


def test_homes_of_a_window_cool_as_rooms_do(town: Case) -> None:
    """The linear homes under the step rule's heat against the rooms themselves."""
    case, damage = without_chp(town, 6.0, 24)
    corridor = prepare(case)
    outlook, _ = planned(corridor, damage, 24, Foresight())
    homes, season = outlook.window.homes, walk(case, left_of(case, damage, 24))
    assert homes is not None
    mass, q = homes.mass_degc, outlook.course.heat_mw
    for k in range(24):
        felt = homes.felt_keep[k] * mass + homes.felt_lift[k] * q[k] + homes.felt_drift[k]
        mass = homes.keep[k] * mass + homes.lift[k] * q[k] + homes.drift[k]
        there = homes.kinds.mean @ season.operative_degc[k, CENTRAL]
        assert felt == pytest.approx(there, abs=1e-9)


def test_a_degree_for_a_step_costs_the_heat_that_holds_it(town: Case) -> None:
    """Every flat held a degree warmer for ever, by relaxing for a year: what the degree takes."""
    corridor = prepare(town)
    outlook, _ = planned(corridor, (), 3, Foresight(hours=3))
    homes = outlook.window.homes
    assert homes is not None
    wind = town.weather.wind_m_per_s[:3].mean(axis=0)[town.buildings.region]  # type: ignore[union-attr]
    wind = wind[corridor.homes.group]
    watts = np.array([10.0, 11.0])

    def held(w: float) -> Floats:
        inputs = {"outdoor_degc": 0.0, "wind_m_per_s": wind, "gain_w_per_m2": 0.0}
        year = relax(corridor.rooms, 10.0, **inputs, heat_w_per_m2=w, hours=8760.0)
        return np.asarray(year.operative_end_degc[CENTRAL])

    w_per_k = corridor.homes.mean(1 / (held(watts[1]) - held(watts[0])))
    mw = homes.kinds.total((1e-6 * town.buildings.floor_area_m2 * w_per_k)[None])[0]
    assert homes.loss_mw_per_k == pytest.approx(mw, rel=1e-9)


@settings(max_examples=8)
@given(
    st.sets(st.sampled_from(("CHP unit", "CHP peak boiler", "Boiler house", "CHP network water"))),
    st.integers(0, 15),
    st.integers(4, 24),
    st.sampled_from(("greedy", "reserve")),
)
def test_a_plan_never_costs_more_than_the_step_rules_course(
    town: Case, names: set[str], frost: int, end: int, policy: str
) -> None:
    """By the window's own measure, the step rule's course being one of those it may choose."""
    case = colder(with_settings(town, storage__policy=policy), float(frost))
    corridor = prepare(case)
    damage = tuple(out(case, name, 0, end) for name in sorted(names))
    outlook, plan = planned(corridor, damage, 24, Foresight())
    course = plan_window(corridor.template, case.settings, outlook.window, course=outlook.course)
    rule, ours = (p.objective - p.end_value for p in (course, plan))
    assert ours <= rule + 1e-6 * abs(rule) + 1e-3


def test_drained_and_cut_off_buildings_are_planned_for_as_they_are(town: Case) -> None:
    """Without any heat everything is drained; the plan asks for nothing and nothing breaks."""
    names = ("CHP unit", "CHP peak boiler", "Boiler house", "CHP network water")
    damage = tuple(out(town, name, 1, None) for name in names)
    by_rule, ahead = both(town, damage, 30, Foresight(hours=12))
    assert ahead.drained[-1].sum() == pytest.approx(by_rule.drained[-1].sum())
    assert np.all(np.isfinite(ahead.operative_degc))
    assert ahead.audit.max_balance_error_mw < 1e-6


def test_homes_that_lose_heat_with_their_feeder_are_no_reason_to_heat_others(town: Case) -> None:
    """Two groups alike on one heat bus; one's substations stop when the East's feeder is cut.

    By hand: the other group lacks nothing, so that it is held at the set-point and no warmer.
    """
    buildings = town.buildings
    pumped, fed = (buildings.group.index(name) for name in ("East panel", "East brick"))
    archetype = buildings.archetype.copy()
    archetype[pumped] = archetype[fed]
    case = replace(town, buildings=replace(buildings, archetype=archetype))
    names = ("Line Grid-East", "Line West-East", "Hospital diesel")
    _, ahead = both(case, tuple(out(case, name, 0, None) for name in names), 30)
    felt = ahead.operative_degc[-1, CENTRAL]
    assert felt[pumped] < SAFE_DEGC + 4
    assert felt[fed] == pytest.approx(20.0, abs=0.05)
