"""Samples dispatched one by one in compiled loops: as in rounds with HiGHS, whatever is out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.case.nouns import Case, Floats
from keepwarm.season import Corridor, balanced_start, prepare
from keepwarm.season.orders import StepOrders
from keepwarm.season.solved import Solved
from keepwarm.season.state import State, spread
from keepwarm.season.step import take_step
from keepwarm.solve.highs import HighsSolver
from keepwarm.solve.simplex import SimplexSolver
from keepwarm.solve.solution import Solver
from tests.season.conftest import colder

SAMPLES = 6


@pytest.fixture(scope="module")
def corridor(town: Case) -> Corridor:
    return prepare(colder(town, 8.0))


def orders_of(corridor: Corridor, draw: np.random.Generator) -> StepOrders:
    groups = corridor.groups
    return StepOrders(
        cut=np.where(draw.random(len(corridor.template.needs)) < 0.2, 0.4, 0.0),
        backed=np.where(draw.random(groups) < 0.3, 0.7, 0.0),
        decided=np.zeros(groups, dtype=np.bool_),
        drain_rank=np.full(groups, np.inf),
        stopped_hours=np.zeros(groups),
        by_crews=np.full(groups, np.nan),
    )


def dispatched(
    corridor: Corridor, solver: Solver, left: Floats, state: State, orders: StepOrders | None
) -> Solved:
    which = np.arange(SAMPLES)
    return take_step(corridor, solver, which, 5, left, state, orders=orders).solved


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32 - 1), ordered=st.booleans(), pivots=st.sampled_from([None, 3]))
def test_one_by_one_is_in_rounds(
    corridor: Corridor, seed: int, ordered: bool, pivots: int | None
) -> None:
    """Feeders cut and returning, stores near empty; steps that are given up (3 pivots) as well."""
    draw, template = np.random.default_rng(seed), corridor.template
    left = np.where(draw.random((SAMPLES, len(corridor.case.network.assets))) < 0.4, 0.0, 1.0)
    state = spread(balanced_start(corridor, 5), SAMPLES)
    state = replace(
        state,
        level_mwh=state.level_mwh * draw.random(state.level_mwh.shape),
        power_shed_share=np.where(draw.random(state.power_shed_share.shape) < 0.5, 0.6, 0.0),
    )
    orders = orders_of(corridor, draw) if ordered else None
    matrix = template.matrix
    mine = dispatched(
        corridor, SimplexSolver(template.perturbed_cost, matrix, pivots=pivots), left, state, orders
    )
    other = dispatched(corridor, HighsSolver(template.perturbed_cost, matrix), left, state, orders)
    assert mine.optimal.all()
    assert mine.need_mw == pytest.approx(other.need_mw, abs=1e-6)
    assert mine.shed_mw == pytest.approx(other.shed_mw, abs=1e-5)
    assert mine.accepting == pytest.approx(other.accepting, abs=1e-6)
    for name, asked in vars(other.bounds).items():
        assert getattr(mine.bounds, name) == pytest.approx(asked, abs=1e-6), name
    assert mine.dispatch.objective == pytest.approx(other.dispatch.objective, rel=1e-6)


def test_a_feeder_that_is_cut_stops_its_substations(corridor: Corridor) -> None:
    """Nothing generates: whoever needs a feeder asks for no heat in the end."""
    template, assets = corridor.template, len(corridor.case.network.assets)
    solver = SimplexSolver(template.perturbed_cost, template.matrix)
    state = spread(balanced_start(corridor, 5), SAMPLES)
    solved = dispatched(corridor, solver, np.zeros((SAMPLES, assets)), state, None)
    depends = corridor.depends_on_feeder
    assert depends.any()
    assert not depends.all()
    assert np.all(solved.accepting[:, depends] == 0.0)
    assert np.all(solved.accepting[:, ~depends] == 1.0)
    assert solved.shed_mw == pytest.approx(solved.need_mw, abs=1e-9)
