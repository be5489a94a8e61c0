"""HiGHS behind a plain call: known optima, hot starts, and statuses instead of exceptions."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from keepwarm.solve.highs import HighsSolver

INF = np.inf


def diet() -> HighsSolver:
    """Minimise 3 x + 2 y + 10 z with x + y + z = b; x at most 4, y at most 3."""
    return HighsSolver(np.array([3.0, 2.0, 10.0]), sp.csc_array(np.ones((1, 3))))


def bounds(*upper: float) -> tuple[np.ndarray, np.ndarray]:
    return np.zeros(3), np.array(upper)


def test_a_known_optimum_with_its_duals() -> None:
    solution = diet().solve(*bounds(4.0, 3.0, 9.0), np.array([8.0]))
    assert solution.optimal
    assert solution.x == pytest.approx([4.0, 3.0, 1.0])
    assert solution.row_dual == pytest.approx([10.0])  # one more unit costs 10
    assert solution.reduced_cost == pytest.approx([-7.0, -8.0, 0.0])


def test_a_hot_start_finds_what_a_cold_start_finds() -> None:
    hot = diet()
    rng = np.random.default_rng(5)
    for _ in range(50):
        lower, upper = bounds(*rng.uniform(1, 6, 2), 20.0)
        rhs = rng.uniform(0, 12, 1)
        warm, cold = hot.solve(lower, upper, rhs), diet().solve(lower, upper, rhs)
        assert warm.x == pytest.approx(cold.x, abs=1e-9)


@pytest.mark.parametrize(
    ("lower", "upper", "rhs"),
    [
        ([0.0, np.nan, 0.0], [1.0, 1.0, 1.0], [1.0]),
        ([0.0, 0.0, 0.0], [1.0, np.nan, 1.0], [1.0]),
        ([0.0, 2.0, 0.0], [1.0, 1.0, 1.0], [1.0]),
        ([0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [np.nan]),
        ([0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [INF]),
    ],
)
def test_bad_bounds_are_a_status(lower: list[float], upper: list[float], rhs: list[float]) -> None:
    solver = diet()
    bad = solver.solve(np.array(lower), np.array(upper), np.array(rhs))
    assert not bad.optimal
    assert "bounds" in bad.status
    assert solver.solve(*bounds(4.0, 3.0, 9.0), np.array([8.0])).optimal  # and it goes on


def test_an_infeasible_step_is_a_status_and_the_next_step_is_solved() -> None:
    solver = diet()
    assert solver.solve(*bounds(1.0, 1.0, 1.0), np.array([8.0])).status == "infeasible"
    after = solver.solve(*bounds(4.0, 3.0, 9.0), np.array([8.0]))
    assert after.x == pytest.approx([4.0, 3.0, 1.0])
