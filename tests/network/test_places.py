"""Sums over places: by hand, and the same alone and among others."""

from __future__ import annotations

import numpy as np

from keepwarm.network import sum_by_place, sum_places

PLACE = np.array([1, -1, 0, 1, 3])


def test_sums_by_hand() -> None:
    one = sum_by_place(np.array([1.0, 2.0, 4.0, 8.0, 16.0]), PLACE, 4)
    assert one.tolist() == [4.0, 9.0, 0.0, 16.0]
    many = sum_by_place(np.array([[1.0, 2.0, 4.0, 8.0, 16.0], [0, 0, 1, 0, 0]]), PLACE, 4)
    assert many.tolist() == [[4.0, 9.0, 0.0, 16.0], [1.0, 0.0, 0.0, 0.0]]
    assert (
        sum_by_place(np.zeros((2, 0)), np.zeros(0, dtype=np.int64), 3).tolist() == [[0.0] * 3] * 2
    )


def test_a_sum_does_not_depend_on_its_neighbours_or_on_the_layout() -> None:
    draw = np.random.default_rng(5)
    values, place = draw.lognormal(0, 8, (7, 1000)), draw.integers(-1, 3, 1000)
    for layout in (values, np.asfortranarray(values), values[:, np.arange(1000)]):
        alone = np.array([sum_places(row) for row in values])
        assert np.array_equal(sum_places(layout), alone)
        alone = np.array([sum_by_place(row, place, 3) for row in values])
        assert np.array_equal(sum_by_place(layout, place, 3), alone)
