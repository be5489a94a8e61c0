"""Every set of lines out gives what a fresh DC model without those lines gives."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from keepwarm.case.nouns import TIERS, Case
from keepwarm.network import binding_boxes, compile_template, read_dispatch, step_bounds
from keepwarm.validation.one_step import need_of_loads, solve_step
from keepwarm.validation.sketch import Sketch
from tests.network.builders import BOTH_SOLVERS, Solver, shed_by_tier

#: Five buses, seven lines, three loops; bus0, bus1, radians per MW, MW.
LINES = (
    (0, 1, 1.0, 40.0),
    (1, 2, 2.0, 25.0),
    (2, 3, 1.5, 30.0),
    (3, 4, 1.0, 20.0),
    (4, 0, 3.0, 35.0),
    (1, 3, 0.7, 15.0),
    (2, 4, 1.1, 18.0),
)
OUTAGES = tuple(np.array(out) for out in product((1.0, 0.0), repeat=len(LINES)))


def meshed(standing: np.ndarray) -> Case:
    sketch = Sketch()
    for _ in range(5):
        sketch.bus()
    for bus, mw, cost in ((0, 70.0, 20.0), (2, 35.0, 45.0)):
        sketch.generator(bus, mw, cost=cost)
    for bus, mw, tier in zip(range(1, 5), (30.0, 22.0, 41.0, 17.0), TIERS, strict=False):
        sketch.load(bus, mw, tier=tier)
    for line, stands in zip(LINES, standing, strict=True):
        if stands:
            sketch.line(*line[:2], x=line[2], mw=line[3])
    return sketch.case()


def objectives(maker: Solver, *, release: bool) -> tuple[np.ndarray, int]:
    """Objective of every outage set from the one template, hot-started; and boxes that bind."""
    case = meshed(np.ones(len(LINES)))
    template = compile_template(case)
    solver = maker(template.perturbed_cost, template.matrix)
    need = need_of_loads(case, template.needs, 0)
    found, boxes = [], 0
    for standing in OUTAGES:
        available = np.ones(len(case.network.assets))
        available[2 : 2 + len(LINES)] = standing
        bounds = step_bounds(
            template, hour=0, need_mw=need, available=available, level_mwh=np.zeros(0)
        )
        if not release:
            bounds.lower[template.columns.releases] = 0.0
            bounds.upper[template.columns.releases] = 0.0
        solution = solver.solve(bounds.lower, bounds.upper, bounds.rhs)
        assert solution.optimal
        found.append(read_dispatch(template, solution.x, solution.row_dual).objective)
        boxes += binding_boxes(template, solution.x, solution.row_dual)
    return np.array(found), boxes


@pytest.fixture(scope="module")
def fresh() -> np.ndarray:
    """Objective of every outage set from a model that never had the lines."""
    return np.array([solve_step(meshed(standing)).dispatch.objective for standing in OUTAGES])


@BOTH_SOLVERS
def test_outage_sets_equal_a_fresh_model(solver: Solver, fresh: np.ndarray) -> None:
    found, boxes = objectives(solver, release=True)
    assert found == pytest.approx(fresh, rel=1e-9)
    assert boxes == 0


@BOTH_SOLVERS
def test_without_the_release_column_most_outage_sets_are_wrong(
    solver: Solver, fresh: np.ndarray
) -> None:
    found, _ = objectives(solver, release=False)
    wrong = ~np.isclose(found, fresh, rtol=1e-6)
    assert wrong.sum() > len(OUTAGES) / 2


def test_an_outage_sheds_the_same_tiers_as_a_fresh_model() -> None:
    standing = np.array([1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0])
    case = meshed(np.ones(len(LINES)))
    out = solve_step(case, available=np.concatenate([np.ones(2), standing]))
    new = solve_step(meshed(standing))
    one, other = (shed_by_tier(s.template.needs.tier, s.dispatch.shed_mw) for s in (out, new))
    assert one.sum() > 1.0  # the case is short, or it would say nothing
    assert one == pytest.approx(other, abs=1e-6)
