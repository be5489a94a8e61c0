"""Who is shed: tiers in order, equals alike, reserves kept for the critical."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwarm.case.nouns import TIERS
from keepwarm.network import step_bounds
from keepwarm.validation.one_step import solve_step
from keepwarm.validation.sketch import Sketch
from tests.network.builders import BOTH_SOLVERS, Solver

STEPS = 5  # prices.steps


@BOTH_SOLVERS
@given(supply=st.floats(0.0, 60.0), places=st.integers(2, 4))
def test_equals_share_a_shortage(solver: Solver, supply: float, places: int) -> None:
    sketch = Sketch()
    source = sketch.bus()
    sketch.generator(source, supply)
    for _ in range(places):
        place = sketch.bus()
        sketch.line(source, place, x=1.0, mw=100.0)
        sketch.load(place, 15.0)
    shed = solve_step(sketch.case(), solver=solver).dispatch.shed_mw
    assert shed.sum() == pytest.approx(max(15.0 * places - supply, 0.0), abs=1e-6)
    assert shed.max() - shed.min() <= 15.0 / STEPS + 1e-6


@BOTH_SOLVERS
@given(supply=st.floats(0.0, 50.0))
def test_a_dearer_tier_is_shed_last(solver: Solver, supply: float) -> None:
    sketch = Sketch()
    bus = sketch.bus()
    sketch.generator(bus, supply)
    for tier in TIERS:
        sketch.load(bus, 10.0, tier=tier)
    shed = solve_step(sketch.case(), solver=solver).dispatch.shed_mw
    left = supply
    for tier in range(len(TIERS)):  # needs of one bus stand in the order of the tiers
        served = min(10.0, left)
        assert shed[tier] == pytest.approx(10.0 - served, abs=1e-6)
        left -= served


def storage_alone(tier: str, settings: dict[str, float | str] | None = None) -> tuple[float, float]:
    """A need of 10 MW and a store of 20 MWh, no other source: shed and discharge (MW)."""
    sketch = Sketch()
    bus = sketch.bus()
    sketch.storage(bus, mw=100.0, mwh=20.0, level=7.0)
    sketch.load(bus, 10.0, tier=tier)
    sketch.load(bus, 0.0, tier="critical")  # whom the reserve is for, now without need
    dispatch = solve_step(sketch.case(settings)).dispatch
    return float(dispatch.shed_mw.sum()), float(dispatch.discharge_mw.sum())


def test_greedy_empties_the_store() -> None:
    assert storage_alone("household") == pytest.approx((3.0, 7.0))


@pytest.mark.parametrize("tier", TIERS[1:])
def test_reserve_keeps_its_share_of_the_store_from_lower_tiers(tier: str) -> None:
    # 30 % of 20 MWh are kept back: 1 of the 7 MWh may go.
    found = storage_alone(tier, {"storage.policy": "reserve", "storage.reserve_share": 0.3})
    assert found == pytest.approx((9.0, 1.0))


def test_reserve_is_there_for_the_critical() -> None:
    found = storage_alone("critical", {"storage.policy": "reserve", "storage.reserve_share": 0.3})
    assert found == pytest.approx((3.0, 7.0))


def test_cheap_energy_fills_a_store_and_shed_load_never_does() -> None:
    sketch = Sketch()
    bus = sketch.bus()
    sketch.generator(bus, 30.0, cost=50.0)
    sketch.load(bus, 20.0)
    sketch.storage(bus, mw=100.0, mwh=500.0, level=0.0, efficiency=0.9)
    case = sketch.case()
    step = solve_step(case)
    assert step.dispatch.charge_mw == pytest.approx([10.0])
    assert step.dispatch.shed_mw == pytest.approx([0.0], abs=1e-9)


def test_the_reported_objective_is_by_hand() -> None:
    # 12 of 20 MW are served at 50; the shed 8 MW fill two steps of 4 MW at 8000 and 8160.
    sketch = Sketch()
    bus = sketch.bus()
    sketch.generator(bus, 12.0, cost=50.0)
    sketch.load(bus, 20.0)
    step = solve_step(sketch.case())
    assert step.dispatch.objective == pytest.approx(12 * 50 + 4 * 8000 + 4 * 8160, rel=1e-9)
    # One MWh more ends the second step or begins the third.
    assert 8160 * (1 - 1e-5) <= step.dispatch.bus_price[0] <= 8320 * (1 + 1e-5)


def test_damage_scales_sources_and_opens_lines() -> None:
    sketch = Sketch()
    one, other = sketch.bus(), sketch.bus()
    sketch.generator(one, 40.0, least=0.25, share=0.5)
    sketch.line(one, other, x=1.0, mw=30.0)
    sketch.load(other, 10.0)
    case = sketch.case()
    step = solve_step(case)
    template = step.template
    bounds = step_bounds(
        template,
        hour=0,
        need_mw=step.need_mw,
        available=np.full(2, 0.5),
        level_mwh=np.zeros(0),
    )
    generator, flow = template.columns.generators, template.columns.flows
    assert (bounds.lower[generator][0], bounds.upper[generator][0]) == (5.0, 10.0)
    assert bounds.upper[flow][0] == 0.0  # a line is in or out


def fuel_store(tier: str, policy: str) -> tuple[float, float]:
    """5 of 20 MWh of fuel, a 40 % generator for the critical and a boiler for heat: shed, fuel."""
    sketch = Sketch()
    fuel, power, heat = sketch.bus("fuel"), sketch.bus("power"), sketch.bus("heat")
    sketch.storage(fuel, mw=100.0, mwh=20.0, level=5.0)
    sketch.link(fuel, [(power, 0.4)], 100.0)
    sketch.link(fuel, [(heat, 0.9)], 100.0)
    sketch.load(power, 4.0 if tier == "critical" else 0.0, tier="critical")
    sketch.load(heat, 4.0 if tier == "heat_safe" else 0.0, tier="heat_safe")
    case = sketch.case({"storage.policy": policy, "storage.reserve_share": 0.2})
    dispatch = solve_step(case).dispatch
    return float(dispatch.shed_mw.sum()), float(dispatch.discharge_mw.sum())


@pytest.mark.parametrize("policy", ["greedy", "reserve"])
def test_a_reserve_of_fuel_reaches_the_critical_through_a_poor_generator(policy: str) -> None:
    # 2 MW of 4 is all that 5 MWh of fuel can give; a reserve is there for just this.
    assert fuel_store("critical", policy) == pytest.approx((2.0, 5.0))


def test_a_reserve_of_fuel_is_kept_from_heat_however_good_the_boiler() -> None:
    # 20 % of 20 MWh is kept: 1 MWh may go, as 0.9 MWh of heat.
    assert fuel_store("heat_safe", "reserve") == pytest.approx((3.1, 1.0))
    assert fuel_store("heat_safe", "greedy") == pytest.approx((0.0, 4 / 0.9))


def test_a_store_that_no_critical_need_can_draw_from_has_no_reserve() -> None:
    sketch = Sketch()
    heat = sketch.bus("heat")
    sketch.storage(heat, mw=100.0, mwh=20.0, level=5.0)
    sketch.load(heat, 4.0, tier="heat_safe")
    case = sketch.case({"storage.policy": "reserve", "storage.reserve_share": 0.2})
    assert solve_step(case).dispatch.discharge_mw.sum() == pytest.approx(4.0)
