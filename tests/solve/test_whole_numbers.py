"""Programs with whole numbers: against trying every point, and what limits leave behind."""

from __future__ import annotations

import itertools
import signal
import threading

import numpy as np
import pytest
import scipy.sparse as sp

from keepwarm.solve.highs import solve_mip
from keepwarm.solve.solution import MixedSolution


def _knapsack(seed: int, items: int, **options: object) -> MixedSolution:
    weights, worth = _items(seed, items)
    return solve_mip(
        -worth,
        sp.csc_array(weights),
        lower=np.zeros(items),
        upper=np.ones(items),
        row_lower=np.full(len(weights), -np.inf),
        row_upper=0.4 * weights.sum(axis=1),
        integer=np.ones(items, dtype=np.bool_),
        **options,  # type: ignore[arg-type]
    )


def _items(seed: int, items: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return random.integers(5, 60, (3, items)).astype(float), random.integers(5, 60, items) * 1.0


@pytest.mark.parametrize("seed", range(8))
def test_the_optimum_is_that_of_trying_every_point(seed: int) -> None:
    weights, worth = _items(seed, 10)
    points = np.array(list(itertools.product((0.0, 1.0), repeat=10)))
    fits = (points @ weights.T <= 0.4 * weights.sum(axis=1)).all(axis=1)
    found = _knapsack(seed, 10)
    assert found.status == "optimal"
    assert -found.objective == pytest.approx((points[fits] @ worth).max())
    assert set(found.x.tolist()) <= {0.0, 1.0}
    assert found.bound == pytest.approx(found.objective, rel=1e-6)


def test_only_the_marked_columns_are_whole() -> None:
    found = solve_mip(
        np.array([-1.0, -1.0]),
        sp.csc_array(np.array([[1.0, 0.0], [0.0, 1.0]])),
        lower=np.zeros(2),
        upper=np.full(2, 9.0),
        row_lower=np.full(2, -np.inf),
        row_upper=np.full(2, 2.5),
        integer=np.array([True, False]),
    )
    assert found.x.tolist() == [2.0, 2.5]


def test_a_solve_that_is_cut_short_keeps_the_point_it_began_with() -> None:
    best = _knapsack(0, 60)
    none = _knapsack(0, 60, seconds=0.0)
    kept = _knapsack(0, 60, seconds=0.0, start=best.x)
    assert (none.status, none.found) == ("stopped", False)
    assert (kept.status, kept.found) == ("stopped", True)
    assert kept.objective == pytest.approx(best.objective)


def test_what_cannot_be_met_is_said() -> None:
    found = solve_mip(
        np.ones(1),
        sp.csc_array(np.ones((1, 1))),
        lower=np.zeros(1),
        upper=np.ones(1),
        row_lower=np.array([1.5]),
        row_upper=np.array([2.0]),
        integer=np.array([True]),
    )
    assert (found.status, found.found) == ("infeasible", False)


def test_a_bound_that_is_no_number_is_refused_by_status() -> None:
    found = solve_mip(
        np.ones(1),
        sp.csc_array(np.ones((1, 1))),
        lower=np.zeros(1),
        upper=np.array([np.nan]),
        row_lower=np.zeros(1),
        row_upper=np.ones(1),
        integer=np.array([True]),
    )
    assert not found.found
    assert "not numbers" in found.status


def test_an_interrupt_keeps_the_best_point_so_far() -> None:
    # A shell that starts the tests in the background lets Ctrl-C be ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    items = 400
    _, worth = _items(1, items)
    begin = np.zeros(items)
    press = threading.Timer(0.5, signal.raise_signal, [signal.SIGINT])
    press.start()
    rng = np.random.default_rng(2)
    matrix = sp.csc_array(rng.integers(1, 100, (40, items)).astype(float))  # hours of work
    found = solve_mip(
        -worth,
        matrix,
        lower=np.zeros(items),
        upper=np.ones(items),
        row_lower=np.full(40, -np.inf),
        row_upper=0.3 * np.asarray(matrix.sum(axis=1)),
        integer=np.ones(items, dtype=np.bool_),
        start=begin,
        gap=0.0,
    )
    press.cancel()
    assert found.status == "interrupted"
    assert found.found
    assert found.objective <= 0.0
