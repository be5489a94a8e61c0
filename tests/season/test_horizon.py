"""The program over many steps: stores with a closed form, and against independent programs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from keepwarm.case.nouns import Case, Floats
from keepwarm.errors import SolveError
from keepwarm.network import compile_template
from keepwarm.season.horizon import plan_window
from keepwarm.season.window import Plan, Window
from keepwarm.validation.one_step import need_of_loads
from keepwarm.validation.sketch import Sketch


def window_of(case: Case, *, available: Floats | None = None) -> Window:
    network, template = case.network, compile_template(case)
    steps = len(network.snapshots)
    return Window(
        hours=np.arange(steps),
        need_mw=np.array([need_of_loads(case, template.needs, k) for k in range(steps)]),
        available=np.ones((steps, len(network.assets))) if available is None else available,
        level_mwh=network.storages.e_initial_mwh,
        least_mwh=np.tile(network.storages.e_min_mwh, (steps, 1)),
        least_shed_mw=np.zeros((steps, len(template.needs))),
    )


def plan(case: Case, *, end_value: bool = False, **changes: Floats | float) -> Plan:
    window = replace(window_of(case), **changes)
    return plan_window(compile_template(case), case.settings, window, end_value=end_value)


def islanded_store(hours: int, mwh: float) -> Case:
    """One bus: a hospital and homes of 1 MW each, a full store, nothing else."""
    sketch = Sketch(hours)
    bus = sketch.bus()
    sketch.load(bus, 1.0, tier="critical")
    sketch.load(bus, 1.0, tier="household")
    sketch.storage(bus, mw=10, mwh=mwh, level=mwh)
    return sketch.case()


def test_a_store_keeps_what_critical_needs_will_want() -> None:
    """30 MWh for 24 h: the hospital has all of its 24 MWh, homes the other 6 in equal shares."""
    case = islanded_store(24, 30.0)
    found = plan(case)
    assert found.shed_mw[:, 0] == pytest.approx(0.0, abs=1e-9)
    assert found.shed_mw[:, 1].sum() == pytest.approx(18.0)
    # 18 of 24 MWh are three steps of price (0.6 MW) in all hours, and 3.6 MWh of the fourth.
    assert found.objective == pytest.approx(8000 * 4.8 * (1 + 1.02 + 1.04) + 8000 * 1.06 * 3.6)


def test_losses_and_efficiencies_carry_over() -> None:
    """By hand: 2 MW for an hour at 80 % in, two hours at 10 % loss each, 50 % out."""
    sketch = Sketch(3, step_hours=1.0)
    bus = sketch.bus()
    sketch.generator(bus, 3.0, cost=7.0)
    sketch.load(bus, 1.0)
    sketch.storage(bus, mw=2.0, mwh=10, level=0.0, efficiency=0.8, loss=0.1)
    case = sketch.case()
    left = np.ones((3, 2))
    left[1:, 0] = 0.0
    found = plan(case, available=left)
    assert found.charge_mw[:, 0] == pytest.approx([2.0, 0, 0], abs=1e-9)
    kept = 2.0 * 0.8
    out = kept * 0.9 * 0.8  # all of it as soon as it can be used: loss makes waiting dearer
    served = found.discharge_mw[1, 0] + found.discharge_mw[2, 0] / 0.9
    assert served == pytest.approx(out)
    assert found.level_mwh[0, 0] == pytest.approx(kept)


def test_half_hours_cost_half() -> None:
    def case(hours: int, dt: float) -> Case:
        sketch = Sketch(hours, step_hours=dt)
        bus = sketch.bus()
        sketch.load(bus, 1.0)
        sketch.storage(bus, mw=10, mwh=1.0, level=1.0)
        return sketch.case()

    hour, half = plan(case(2, 1.0)), plan(case(4, 0.5))
    assert half.objective == pytest.approx(hour.objective)
    assert half.level_mwh[-1] == pytest.approx(0.0, abs=1e-9)


def test_what_is_left_at_the_end_has_the_step_rules_value() -> None:
    """Energy at 399 fills a store worth 400 a MWh; at 401 it does not."""
    for cost, level in ((399.0, 5.0), (401.0, 0.0)):
        sketch = Sketch(2)
        bus = sketch.bus()
        sketch.generator(bus, 10.0, cost=cost)
        sketch.load(bus, 1.0)
        sketch.storage(bus, mw=10, mwh=5.0, level=0.0)
        found = plan(sketch.case(), end_value=True)
        assert found.level_mwh[-1, 0] == pytest.approx(level, abs=1e-9)
        assert found.end_value == pytest.approx(400 * level, abs=1e-6)
        assert found.objective == pytest.approx(cost * (2 + level))


def test_a_reserve_is_kept_for_what_comes_after_the_window() -> None:
    """Homes may not take the last 30 % under the policy `reserve`; a hospital may."""
    for tier, left in (("household", 3.0), ("critical", 0.0)):
        sketch = Sketch(4)
        bus, other = sketch.bus(), sketch.bus()
        sketch.load(bus, 10.0, tier=tier)
        sketch.load(other, 0.0, tier="critical")
        sketch.link(bus, [(other, 1.0)], 1.0)
        sketch.storage(bus, mw=10, mwh=10.0, level=10.0)
        case = sketch.case({"storage.policy": "reserve"})
        found = plan(case, end_value=True)
        assert found.level_mwh[-1, 0] == pytest.approx(left, abs=1e-9)


def test_inflow_above_the_top_is_lost_and_nothing_else() -> None:
    sketch = Sketch(3)
    bus = sketch.bus()
    sketch.load(bus, 0.5)
    sketch.storage(bus, mw=1, mwh=2.0, level=2.0, inflow=1.0)
    found = plan(sketch.case(), end_value=True)
    assert found.shed_mw.sum() == pytest.approx(0.0, abs=1e-9)
    assert found.level_mwh[-1, 0] == pytest.approx(2.0)
    assert found.end_value == pytest.approx(800.0)
    assert found.objective == pytest.approx(0.0, abs=1e-9)  # or its bus would have to spill


def test_a_store_that_is_out_neither_gives_nor_takes() -> None:
    case = islanded_store(4, 8.0)
    left = np.ones((4, 1))
    left[:2] = 0.0
    found = plan(case, available=left)
    assert found.discharge_mw[:2].sum() == 0.0
    assert found.shed_mw[:2] == pytest.approx(1.0)
    assert found.shed_mw[2:] == pytest.approx(0.0, abs=1e-9)


def test_needs_that_are_no_numbers_are_an_error() -> None:
    case = islanded_store(2, 1.0)
    with pytest.raises(SolveError, match="planning 2 steps ahead"):
        plan(case, need_mw=np.full((2, 2), np.nan))


@settings(max_examples=25)
@given(
    st.lists(st.integers(0, 40), min_size=2, max_size=6),
    st.lists(st.integers(0, 40), min_size=6, max_size=6),
    st.integers(1, 60),
    st.sampled_from((1.0, 0.9, 0.6)),
    st.sampled_from((0.0, 0.05)),
)
def test_one_store_against_a_program_of_its_own(
    needs: list[int], supply: list[int], mwh: int, efficiency: float, loss: float
) -> None:
    """scipy's linprog on the textbook storage program, written down anew."""
    steps = len(needs)
    sketch = Sketch(steps)
    bus = sketch.bus()
    sketch.generator(bus, 40.0, cost=3.0)
    sketch.load(bus, 1.0)
    sketch.storage(bus, mw=7.0, mwh=mwh, level=mwh / 2, efficiency=efficiency, loss=loss)
    case = sketch.case()
    left = np.ones((steps, 2))
    left[:, 0] = np.array(supply[:steps]) / 40.0
    found = plan(case, need_mw=np.array(needs, dtype=float)[:, None], available=left)
    assert found.objective == pytest.approx(
        _textbook(needs, supply, mwh, efficiency, loss), rel=1e-6, abs=1e-3
    )


def _textbook(
    needs: list[int], supply: list[int], mwh: float, efficiency: float, loss: float
) -> float:
    steps = len(needs)
    # Per step: generation, charge, discharge, level, spill, five parts of shed.
    cost = [3.0, 0, 0, 0, 200.0, *(8000 * (1 + 0.02 * k) for k in range(5))]
    equal, right = np.zeros((2 * steps, 10 * steps)), np.zeros(2 * steps)
    bounds: list[tuple[float, float | None]] = []
    for k in range(steps):
        equal[2 * k, 10 * k : 10 * k + 10] = [1, -1, 1, 0, -1, *[1] * 5]
        right[2 * k] = needs[k]
        equal[2 * k + 1, 10 * k : 10 * k + 4] = [0, -efficiency, 1 / efficiency, 1]
        if k:
            equal[2 * k + 1, 10 * k - 7] = -(1 - loss)
        else:
            right[1] = (1 - loss) * mwh / 2
        bounds += [(0, supply[k]), (0, 7.0), (0, 7.0), (0, mwh), (0, None)]
        bounds += [(0, needs[k] / 5)] * 5
    return float(linprog(np.tile(cost, steps), A_eq=equal, b_eq=right, bounds=bounds).fun)
