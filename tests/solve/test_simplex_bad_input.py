"""Odd and bad input: a correct answer or a status, with either solver's words, never a hang."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from keepwarm.case.nouns import Floats
from keepwarm.network import Bounds, compile_template, step_bounds
from keepwarm.solve import highs, simplex
from keepwarm.solve.highs import HighsSolver
from keepwarm.solve.simplex import SimplexSolver
from keepwarm.validation.one_step import need_of_loads, solve_step
from keepwarm.validation.sketch import Sketch
from tests.network.builders import BOTH_SOLVERS, Solver
from tests.solve.programs import Program, assert_same, damaged_steps

INF = np.inf


def program(matrix: list[list[float]] | Floats, cost: list[float] | Floats) -> Program:
    return Program(np.array(cost, dtype=np.float64), sp.csc_array(np.array(matrix)), ())


def bounds(lower: Floats | float, upper: Floats, rhs: list[float] | Floats) -> Bounds:
    upper = np.array(upper, dtype=np.float64)
    return Bounds(
        np.broadcast_to(lower, upper.shape).astype(np.float64), upper, np.array(rhs, dtype=float)
    )


def both(of: Program, step: Bounds, *, fallbacks: int = 0) -> str:
    """Solve with both and compare; return the status they share."""
    solver = SimplexSolver(of.cost, of.matrix)
    answer = solver.solve(step.lower, step.upper, step.rhs)
    assert_same(of, step, answer, unique=False)
    assert solver.fallbacks == fallbacks
    return answer.status


DIET = program([[1.0, 1.0, 1.0]], [3.0, 2.0, 10.0])


@pytest.mark.parametrize(
    ("lower", "upper", "rhs", "status"),
    [
        ([0.0, np.nan, 0.0], [1.0, 1.0, 1.0], [1.0], "bounds are crossed or not numbers"),
        ([0.0, 0.0, 0.0], [1.0, np.nan, 1.0], [1.0], "bounds are crossed or not numbers"),
        ([0.0, 2.0, 0.0], [1.0, 1.0, 1.0], [1.0], "bounds are crossed or not numbers"),
        ([0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [np.nan], "bounds are crossed or not numbers"),
        ([0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [INF], "bounds are crossed or not numbers"),
        ([0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [8.0], "infeasible"),
        ([0.0, 0.0, 0.0], [1.0, 1.0, INF], [8.0], "optimal"),
        ([0.0, 0.0, 0.0], [1.0, 1.0, 1e25], [8.0], "optimal"),
        ([1e25, 0.0, 0.0], [1e25, 1.0, 1.0], [8.0], "infeasible"),
    ],
)
def test_a_bad_step_has_the_words_of_highs_and_the_next_is_solved(
    lower: list[float], upper: list[float], rhs: list[float], status: str
) -> None:
    solver = SimplexSolver(DIET.cost, DIET.matrix)
    bad = bounds(np.array(lower), np.array(upper), rhs)
    answer = solver.solve(bad.lower, bad.upper, bad.rhs)
    assert answer.status == status
    assert solver.fallbacks == 1
    assert_same(DIET, bad, answer)
    good = bounds(0.0, np.array([4.0, 3.0, 9.0]), [8.0])
    assert_same(DIET, good, solver.solve(good.lower, good.upper, good.rhs))
    assert solver.fallbacks == 1


def test_no_least_cost_is_a_status() -> None:
    free = program([[1.0, -1.0]], [-1.0, 0.0])
    assert both(free, bounds(0.0, np.full(2, INF), [0.0]), fallbacks=1) == "unbounded"


def test_one_bad_sample_of_many_is_its_own() -> None:
    lower, upper = np.zeros((4, 3)), np.full((4, 3), 4.0)
    upper[1, 2], rhs = np.nan, np.array([[8.0], [8.0], [99.0], [8.0]])
    told = [
        maker(DIET.cost, DIET.matrix).solve_many(np.arange(4), lower, upper, rhs)
        for maker in (SimplexSolver, HighsSolver)
    ]
    words = ("optimal", "bounds are crossed or not numbers", "infeasible", "optimal")
    for found in told:
        assert found.status == words
        assert np.all(np.isnan(found.x[1:3]))
        assert np.all(np.isnan(found.row_dual[1:3]))
    np.testing.assert_allclose(told[0].x, told[1].x)


@pytest.mark.parametrize("shape", ["lower", "upper", "rhs"])
def test_arrays_of_another_size_are_refused(shape: str) -> None:
    told = {"lower": np.zeros(3), "upper": np.ones(3), "rhs": np.ones(1)}
    told[shape] = np.ones(2)
    with pytest.raises(ValueError, match="shape is"):
        SimplexSolver(DIET.cost, DIET.matrix).solve(told["lower"], told["upper"], told["rhs"])


@pytest.mark.parametrize("seed", range(20))
def test_a_template_of_equal_columns_and_rows(seed: int) -> None:
    """Identical columns, equal bounds, no costs or few, rows twice: ties and singular bases."""
    rng = np.random.default_rng(seed)
    few = rng.integers(-1, 2, (4, 5)).astype(np.float64)
    matrix = np.tile(few, (2, 6))  # every row twice, every column six times
    cost = rng.choice([0.0, 1.0]) * rng.integers(0, 2, matrix.shape[1])
    same = program(matrix, cost)
    solver = SimplexSolver(same.cost, same.matrix)
    for _ in range(10):
        upper = np.full(matrix.shape[1], 1.0)
        inside = rng.integers(0, 2, upper.size)
        step = bounds(0.0, upper, matrix @ inside)
        answer = solver.solve(step.lower, step.upper, step.rhs)
        assert_same(same, step, answer, unique=False)
    fixed = bounds(1.0, np.ones(upper.size), matrix @ np.ones(upper.size))
    assert_same(same, fixed, solver.solve(fixed.lower, fixed.upper, fixed.rhs))
    off = bounds(0.0, upper, matrix @ inside + np.arange(8))  # rows that contradict each other
    answer = solver.solve(off.lower, off.upper, off.rhs)
    assert answer.status == "infeasible"


def test_every_row_touches_every_column() -> None:
    """A dense matrix without any rung fills the work space to its last place."""
    rng = np.random.default_rng(1)
    dense = program(rng.normal(size=(9, 5)), rng.normal(size=5))
    inside = rng.random(5)
    assert both(dense, bounds(0.0, np.ones(5), dense.matrix @ inside)) == "optimal"


def test_a_pivot_limit_leads_to_highs() -> None:
    rng = np.random.default_rng(2)
    some = program(rng.normal(size=(6, 20)), rng.normal(size=20))
    step = bounds(0.0, np.ones(20), some.matrix @ rng.random(20))
    plain = SimplexSolver(some.cost, some.matrix).solve(step.lower, step.upper, step.rhs)
    assert plain.pivots > 1  # or the limit would say nothing
    limited = SimplexSolver(some.cost, some.matrix, pivots=1)
    for count in (1, 2):
        answer = limited.solve(step.lower, step.upper, step.rhs)
        assert_same(some, step, answer)
        assert limited.fallbacks == count


@BOTH_SOLVERS
def test_a_pivot_limit_of_highs_is_a_status(
    solver: Solver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(highs, "PIVOT_LIMIT", 1)
    rng = np.random.default_rng(2)
    some = program(rng.normal(size=(6, 20)), rng.normal(size=20))
    options = {"pivots": 1} if solver is SimplexSolver else {}
    answer = solver(some.cost, some.matrix, **options).solve(
        np.zeros(20), np.ones(20), some.matrix @ rng.random(20)
    )
    assert "limit" in answer.status
    assert answer.x.size == 0


@pytest.mark.parametrize("table", ["inverse", "dual", "head"])
def test_a_spoiled_basis_is_noticed(table: str) -> None:
    """What a sample keeps goes bad between two steps, as if by rounding: no wrong optimum."""
    rng = np.random.default_rng(3)
    some = program(rng.normal(size=(6, 20)), rng.normal(size=20))
    steps = [bounds(0.0, np.ones(20), some.matrix @ rng.random(20)) for _ in range(2)]
    solver = SimplexSolver(some.cost, some.matrix)
    solver.solve(steps[0].lower, steps[0].upper, steps[0].rhs)
    kept = getattr(solver._block, table)
    kept[0] = kept[0].take([0] * 6) if table == "head" else kept[0] * (1 + 1e-4)
    answer = solver.solve(steps[1].lower, steps[1].upper, steps[1].rhs)
    assert_same(some, steps[1], answer)


def least_and_largest(seed: int) -> Sketch:
    """Capacities from a watt to a terawatt, a bus without supply and one without anything."""
    rng = np.random.default_rng(seed)
    sketch = Sketch()
    buses = [sketch.bus(carrier) for carrier in ("power",) * 5 + ("heat", "gas", "heat")]
    size = 10.0 ** rng.uniform(-6, 6, 30)
    size[rng.choice(30, 2, replace=False)] = 1e-6, 1e6
    draw = iter(size.tolist())
    for bus in (0, 1, 2, 6, 6):
        sketch.generator(bus, next(draw), cost=float(rng.uniform(5, 90)))
    for bus, tier in ((0, "critical"), (1, "household"), (3, "household"), (4, "industry")):
        sketch.load(bus, next(draw), tier=tier)
    for bus in (5, 7):  # the last has no supply at all
        sketch.load(bus, next(draw), tier="heat_safe")
    for one, other in ((0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 0)):
        sketch.line(one, other, x=float(rng.uniform(0.1, 9)), mw=next(draw))
    sketch.link(buses[6], [(0, 0.373), (5, 0.441)], next(draw))
    sketch.link(buses[6], [(5, 0.887), (0, -0.0131)], next(draw))
    sketch.storage(5, mw=next(draw), mwh=next(draw), level=1e-6, efficiency=0.93)
    return sketch


@pytest.mark.parametrize("seed", range(15))
def test_capacities_from_a_watt_to_a_terawatt(seed: int) -> None:
    case = least_and_largest(seed).case()
    template = compile_template(case)
    need = need_of_loads(case, template.needs, 0)
    solver = SimplexSolver(template.perturbed_cost, template.matrix)
    largest = need.max() + template.spill_box.max()
    for step in damaged_steps(template, need[None], count=20, seed=seed):
        told = step.bounds
        answer = solver.solve(told.lower, told.upper, told.rhs)
        other = HighsSolver(template.perturbed_cost, template.matrix).solve(
            told.lower, told.upper, told.rhs
        )
        assert (answer.status, other.status) == ("optimal", "optimal")
        balance = np.abs(template.matrix @ answer.x - told.rhs).max()
        assert balance < 1e-7 + 1e-12 * largest
        costs = [float(template.perturbed_cost @ found.x) for found in (answer, other)]
        # HiGHS holds rows and bounds to 1e-7 MW, at up to 2e5 per MWh.
        assert costs[0] == pytest.approx(costs[1], rel=1e-6, abs=0.1)


@BOTH_SOLVERS
def test_a_bus_without_supply_is_shed_and_no_other(solver: Solver) -> None:
    sketch = Sketch()
    alone, fed, empty = sketch.bus(), sketch.bus(), sketch.bus()
    sketch.load(alone, 5.0)
    sketch.load(fed, 7.0)
    sketch.generator(fed, 50.0, cost=20.0)
    step = solve_step(sketch.case(), solver=solver)
    assert step.dispatch.shed_mw == pytest.approx([5.0, 0.0])
    assert step.dispatch.spill_mw[empty] == pytest.approx(0.0)


def test_five_thousand_buses_go_to_highs() -> None:
    """A dense inverse would take 200 MB a sample; nothing of that size is made."""
    sketch = Sketch()
    count = 5000
    for k in range(count):
        bus = sketch.bus()
        sketch.load(bus, 1.0 + k % 7)
        if k % 3 == 0:
            sketch.generator(bus, 9.0, cost=10.0 + k % 11)
        if k:
            sketch.line(k - 1, k, x=1.0, mw=5.0)
    case = sketch.case()
    template = compile_template(case)
    step = step_bounds(
        template,
        hour=0,
        need_mw=need_of_loads(case, template.needs, 0),
        available=np.ones(len(case.network.assets)),
        level_mwh=np.zeros(0),
    )
    solver = SimplexSolver(template.perturbed_cost, template.matrix)
    answer = solver.solve(step.lower, step.upper, step.rhs)
    assert_same(Program(template.perturbed_cost, template.matrix, ()), step, answer, unique=False)
    assert solver.fallbacks == 1
    assert solver._block.inverse.size == 0


def test_the_most_rows_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    step = bounds(0.0, np.array([4.0, 3.0, 9.0]), [8.0])
    for most, expected in ((1, 0), (0, 1)):
        monkeypatch.setattr(simplex, "MOST_ROWS", most)
        assert both(DIET, step, fallbacks=expected) == "optimal"
