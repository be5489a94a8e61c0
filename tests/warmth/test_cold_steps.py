"""The compiled counts of cold hours against the closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwarm.warmth.cold_steps import add_cold, add_people_below
from keepwarm.warmth.crossing import degree_hours_below, hours_below, hours_to_cross

THRESHOLDS = np.array([18.0, 12.0, 5.0])
DEGC = st.floats(-30.0, 30.0)


@given(st.lists(st.tuples(DEGC, DEGC, st.floats(1.0, 300.0)), min_size=1), st.floats(0.1, 30.0))
def test_the_loops_count_what_the_closed_forms_say(
    homes: list[tuple[float, float, float]], hours: float
) -> None:
    start, limit, tau = np.array(homes).T
    shape = (1, len(homes), THRESHOLDS.size)
    first, below, degree = np.full(shape, np.nan), np.zeros(shape), np.zeros(shape)
    of = (start[None], limit[None], np.ascontiguousarray(tau[None]))
    add_cold(*of, np.full(len(homes), 0.5), THRESHOLDS, 7.0, hours, first, below, degree)
    each = (start[:, None], limit[:, None], tau[:, None], THRESHOLDS, hours)
    crossed = 7.0 + hours_to_cross(*each)
    same = np.isclose(first[0], crossed, rtol=1e-12, atol=1e-12, equal_nan=True)
    at_the_end = np.isclose(crossed, 7.0 + hours) | np.isclose(first[0], 7.0 + hours)
    assert np.all(same | at_the_end)
    np.testing.assert_allclose(below[0], hours_below(*each) / 2, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(degree[0], degree_hours_below(*each) / 2, rtol=1e-7, atol=1e-7)
    people, total = np.full(len(homes), 3.0), np.zeros((2, THRESHOLDS.size))
    place = np.arange(len(homes)) % 2
    add_people_below(*(each[0] for each in of), people, place, THRESHOLDS, hours, total)
    for k in range(2):
        mine = 6 * below[0][place == k].sum(axis=0)
        np.testing.assert_allclose(total[k], mine, rtol=1e-9, atol=1e-9)


def test_only_the_first_hour_below_is_kept() -> None:
    start, limit, tau = np.array([[20.0]]), np.array([[-10.0]]), np.array([[65.5]])
    first, below, degree = np.full((1, 1, 1), np.nan), np.zeros((1, 1, 1)), np.zeros((1, 1, 1))
    for began in (0.0, 100.0):
        add_cold(start, limit, tau, np.ones(1), np.zeros(1), began, 100.0, first, below, degree)
    assert round(first.item(), 1) == 72.0  # the expert's three days below -10
    assert round(below.item(), 1) == 56.1  # (100 - 71.96) twice


def test_homes_that_tend_to_a_threshold_from_below_stay_below() -> None:
    start, limit, tau = np.array([[10.0]]), np.array([[18.0]]), np.array([[65.5]])
    first, below, degree = np.full((1, 1, 1), np.nan), np.zeros((1, 1, 1)), np.zeros((1, 1, 1))
    add_cold(start, limit, tau, np.ones(1), limit[0], 0.0, 4.0, first, below, degree)
    assert below.item() == 4.0
    assert degree.item() == pytest.approx(8.0 * 65.5 * (1 - np.exp(-4.0 / 65.5)))
