"""What must hold in every step of every network, however damaged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.case.nouns import Case, Floats
from keepwarm.network import binding_boxes, next_level
from keepwarm.validation.one_step import Step, solve_step
from tests.network.builders import (
    BOTH_SOLVERS,
    Draft,
    Solver,
    damaged,
    drafts,
    imbalance,
    shed_by_tier,
)

FEW = settings(max_examples=60, deadline=None)


def at_bus(step: Step, values: Floats) -> Floats:
    buses = len(step.template.network.buses)
    return np.bincount(step.template.needs.bus, weights=values, minlength=buses)


def assert_sound(case: Case, step: Step) -> None:
    dispatch, need = step.dispatch, step.need_mw
    net = imbalance(case, dispatch, at_bus(step, dispatch.shed_mw), at_bus(step, need))
    assert np.abs(net).max(initial=0.0) < 1e-6
    assert np.all(dispatch.shed_mw >= -1e-7)
    assert np.all(dispatch.shed_mw <= need + 1e-6)
    assert binding_boxes(step.template, step.solution.x, step.solution.row_dual) == 0


@BOTH_SOLVERS
@FEW
@given(data=st.data(), draft=drafts())
def test_every_damage_is_feasible_and_balances(
    solver: Solver, data: st.DataObject, draft: Draft
) -> None:
    case = draft.case()
    assert_sound(case, solve_step(case, available=data.draw(damaged(case)), solver=solver))


@BOTH_SOLVERS
@FEW
@given(draft=drafts())
def test_a_dead_network_sheds_everything(solver: Solver, draft: Draft) -> None:
    case = draft.case()
    step = solve_step(case, available=np.zeros(len(case.network.assets)), solver=solver)
    assert step.dispatch.shed_mw == pytest.approx(step.need_mw, abs=1e-6)


@FEW
@given(drafts())
def test_no_load_sheds_nothing(draft: Draft) -> None:
    case = replace(draft, loads=tuple((bus, 0.0, tier) for bus, _, tier in draft.loads)).case()
    step = solve_step(case)
    assert_sound(case, step)
    assert step.dispatch.shed_mw.sum() == 0.0


@FEW
@given(st.data(), drafts())
def test_flows_of_standing_lines_obey_the_loop_law(data: st.DataObject, draft: Draft) -> None:
    case = draft.case()
    available = data.draw(damaged(case))
    step = solve_step(case, available=available)
    branches = case.network.branches
    first = len(case.network.generators)
    stands = available[first : first + len(branches)] >= 1.0
    assert np.all(step.dispatch.flow_mw[~stands] == 0.0)
    drop = (branches.x_pu * step.dispatch.flow_mw)[stands]
    incidence = np.zeros((int(stands.sum()), len(case.network.buses)))
    rows = np.arange(len(incidence))
    incidence[rows, branches.bus0[stands]] += 1
    incidence[rows, branches.bus1[stands]] -= 1
    # There are angles whose differences are the drops: no loop has a net drop.
    angles = np.linalg.lstsq(incidence, drop, rcond=None)[0]
    assert incidence @ angles == pytest.approx(drop, abs=1e-5)


@BOTH_SOLVERS
@FEW
@given(draft=drafts(storages=False), which=st.integers(0, 20))
def test_more_capacity_never_raises_weighted_shed(solver: Solver, draft: Draft, which: int) -> None:
    def weighted_shed(draft: Draft) -> float:
        # Without other costs the objective is the weighted shed.
        case = draft.sketch(costs=False).case({"prices.spill": 0.0, "prices.stored_energy": 0.0})
        return solve_step(case, perturbed=False, solver=solver).dispatch.objective

    before = weighted_shed(draft)
    generators, lines = list(draft.generators), list(draft.lines)
    chosen = which % (len(generators) + len(lines))
    if chosen < len(generators):
        bus, mw, cost, least = generators[chosen]
        generators[chosen] = (bus, mw + 7.0, cost, least)
    else:
        one, other, x, mw = lines[chosen - len(generators)]
        lines[chosen - len(generators)] = (one, other, x, mw + 7.0)
    after = weighted_shed(replace(draft, generators=tuple(generators), lines=tuple(lines)))
    assert after <= before + 1e-6 * (1 + before)


@BOTH_SOLVERS
@FEW
@given(data=st.data(), draft=drafts())
def test_the_order_of_buses_changes_no_tier(
    solver: Solver, data: st.DataObject, draft: Draft
) -> None:
    order = data.draw(st.permutations(range(len(draft.carriers))))
    new = {old: place for place, old in enumerate(order)}
    permuted = Draft(
        carriers=tuple(draft.carriers[old] for old in order),
        generators=tuple((new[b], *rest) for b, *rest in reversed(draft.generators)),
        loads=tuple((new[b], *rest) for b, *rest in reversed(draft.loads)),
        lines=tuple((new[b], new[a], *rest) for a, b, *rest in reversed(draft.lines)),
        links=tuple(
            (new[b], tuple((new[p], e) for p, e in ports), mw) for b, ports, mw in draft.links
        ),
        storages=tuple((new[b], *rest) for b, *rest in draft.storages),
    )
    one, other = (solve_step(d.case(), solver=solver) for d in (draft, permuted))
    assert shed_by_tier(one.template.needs.tier, one.dispatch.shed_mw) == pytest.approx(
        shed_by_tier(other.template.needs.tier, other.dispatch.shed_mw), abs=1e-6
    )
    assert one.dispatch.objective == pytest.approx(other.dispatch.objective, rel=1e-9, abs=1e-6)


@FEW
@given(st.data(), drafts())
def test_the_perturbation_never_shows_in_the_objective(data: st.DataObject, draft: Draft) -> None:
    case = draft.case()
    available = data.draw(damaged(case))
    with_it = solve_step(case, available=available).dispatch.objective
    without = solve_step(case, available=available, perturbed=False).dispatch.objective
    assert with_it == pytest.approx(without, rel=1e-9, abs=1e-6)


@FEW
@given(st.data(), drafts())
def test_levels_stay_between_their_limits(data: st.DataObject, draft: Draft) -> None:
    case = draft.case()
    stores = case.network.storages
    level = stores.e_initial_mwh
    for _ in range(4):
        available = data.draw(damaged(case))
        step = solve_step(case, available=available, level_mwh=level)
        after = next_level(step.template, hour=0, level_mwh=level, dispatch=step.dispatch)
        # Self-discharge may take an empty store below its least level; dispatch may not.
        kept = np.minimum(
            stores.e_min_mwh, (1 - stores.standing_loss) * level + stores.inflow_mw[0]
        )
        assert np.all(after >= kept - 1e-6)
        assert np.all(after <= stores.e_max_mwh + 1e-9)
        by_hand = (
            (1 - stores.standing_loss) * level
            + stores.inflow_mw[0]
            + 0.93 * step.dispatch.charge_mw
            - step.dispatch.discharge_mw / 0.93
        )
        assert after == pytest.approx(np.minimum(by_hand, stores.e_max_mwh), abs=1e-6)
        assert np.all(np.minimum(step.dispatch.charge_mw, step.dispatch.discharge_mw) < 1e-6)
        level = after
