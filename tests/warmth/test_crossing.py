"""Times below a threshold within a step, against brute force."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from keepwarm.warmth.crossing import degree_hours_below, hours_below, hours_to_cross

degrees = st.floats(-40, 40)
taus = st.floats(0.5, 500)


@given(degrees, degrees, taus, st.floats(-30, 30), st.floats(0.1, 72))
def test_equals_numeric_integration(
    start: float, limit: float, tau: float, threshold: float, hours: float
) -> None:
    """Midpoints of 4000 slices; the error is one slice at the one crossing."""
    assume(abs(limit - threshold) > 1e-6)  # else the sampled values round to the threshold
    slices = 4000
    width = hours / slices
    times = (np.arange(slices) + 0.5) * width
    values = limit + (start - limit) * np.exp(-times / tau)
    below = np.sum(values < threshold) * width
    deep = np.sum(np.maximum(threshold - values, 0.0)) * width
    assert hours_below(start, limit, tau, threshold, hours) == pytest.approx(
        below, abs=1.01 * width
    )
    # Midpoint rule: curvature |start - limit| / tau^2, and the kink inside one slice.
    curve = abs(start - limit) * (width**2 * hours / tau**2 / 24 + width**2 / tau)
    exact = degree_hours_below(start, limit, tau, threshold, hours)
    assert exact == pytest.approx(deep, abs=curve + 1e-9 * (1 + abs(deep)) + 1e-8)


@given(degrees, degrees, taus, st.floats(-30, 30), st.floats(0.1, 72))
def test_the_crossing_is_where_the_time_below_begins(
    start: float, limit: float, tau: float, threshold: float, hours: float
) -> None:
    time = hours_to_cross(start, limit, tau, threshold, hours).item()
    if math.isnan(time):
        assert start >= threshold
        assert hours_below(start, limit, tau, threshold, hours) == 0
    elif time > 0:
        value = limit + (start - limit) * math.exp(-time / tau)
        assert value == pytest.approx(threshold, abs=1e-9)
        rest = hours_below(start, limit, tau, threshold, hours).item()
        assert rest == pytest.approx(hours - time, abs=1e-9)


@pytest.mark.parametrize(
    ("start", "limit", "time", "below"),
    [
        (11.0, 20.0, 0.0, 50 * math.log(9 / 8)),  # below at first, then warm
        (11.0, 11.0, 0.0, 10.0),  # below throughout
        (12.0, 12.0, math.nan, 0.0),  # on the threshold is not below it
        (12.0, 5.0, 0.0, 10.0),  # leaves it at once
        (12.0, 20.0, math.nan, 0.0),
        (20.0, 12.0, math.nan, 0.0),  # tends to it, never passes
        (20.0, 11.9, math.nan, 0.0),  # passes after the step
    ],
)
def test_edges(start: float, limit: float, time: float, below: float) -> None:
    crossed = hours_to_cross(start, limit, 50.0, 12.0, 10.0).item()
    assert crossed == pytest.approx(time, nan_ok=True)
    assert hours_below(start, limit, 50.0, 12.0, 10.0) == pytest.approx(below)
