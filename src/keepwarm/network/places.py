"""Sums over places that do not depend on how many samples are summed at once.

A sum of many numbers depends on its order in the last digit, and numpy chooses the order by the
layout in memory. Here each row is summed by itself in one fixed order, so that a sample comes out
bit for bit the same alone and among others.
"""

from __future__ import annotations

import math

import numpy as np

from keepwarm.case.nouns import Floats, Ints


def sum_by_place(values: Floats, place: Ints, count: int) -> Floats:
    """Return the sums of the last axis by place.

    Parameters
    ----------
    values
        Shape (..., things).
    place
        Shape (things,): where each belongs, 0 to count - 1; -1 for those to be left out.
    count
        Number of places.

    Returns
    -------
    array
        Shape (..., count).

    >>> sum_by_place(np.array([[1.0, 2.0, 4.0]]), np.array([1, -1, 1]), 2).tolist()
    [[0.0, 5.0]]
    """
    rows, width = math.prod(values.shape[:-1]), count + 1
    index = (place + 1) + width * np.arange(rows)[:, None]
    sums = np.bincount(index.ravel(), weights=values.ravel(), minlength=rows * width)
    return np.asarray(sums.reshape(*values.shape[:-1], width)[..., 1:], dtype=np.float64)


def sum_places(values: Floats) -> Floats:
    """Return the sums of the last axis, (...), each row by itself."""
    total: Floats = np.ascontiguousarray(values).sum(axis=-1)
    return total
