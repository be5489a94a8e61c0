"""Restoration times against scipy's distributions and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from keepwarm.warmth.restoration import (
    BAND_WEIGHTS,
    NORMAL_P90,
    Later,
    Listed,
    Lognormal,
    refill_delay,
)

medians = st.floats(0.5, 200)
ratios = st.floats(1.1, 20)


@given(medians, ratios, st.floats(0.01, 2000))
def test_lognormal_is_that_of_scipy(median: float, ratio: float, hours: float) -> None:
    sigma = np.log(ratio) / stats.norm.ppf(0.9)
    published = stats.lognorm(s=sigma, scale=median)
    ours = Lognormal(median, median * ratio)
    assert ours.probability(hours) == pytest.approx(published.cdf(hours), abs=1e-12)
    assert ours.hours(0.3) == pytest.approx(published.ppf(0.3), rel=1e-9)


@pytest.mark.parametrize(
    "restoration", [Lognormal(12, 40), Listed(np.array([6, 30.0]), np.array([0.2, 0.9]))]
)
def test_hours_and_probability_undo_each_other(restoration: Lognormal | Listed) -> None:
    shares = np.array([0.05, 0.2, 0.5, 0.89, 0.95, 0.999])
    for given_not in (0.0, 3.0, 25.0, 90.0):
        later = Later(restoration, given_not)
        np.testing.assert_allclose(later.probability(later.hours(shares)), shares, atol=1e-9)


def test_not_back_yet_is_the_conditional_distribution() -> None:
    """P(T <= 30 | T > 10) by the definition, from scipy's distribution."""
    of = stats.lognorm(s=np.log(3) / NORMAL_P90, scale=12)
    wanted = (of.cdf(30) - of.cdf(10)) / of.sf(10)
    assert Later(Lognormal(12, 36), 10.0).probability(30.0) == pytest.approx(wanted, rel=1e-12)


@given(medians, ratios)
def test_the_longer_it_has_lasted_the_longer_it_will(median: float, ratio: float) -> None:
    """Beyond the bulk of a lognormal, the median of what remains grows with the wait."""
    late = Lognormal(median, median * ratio)
    waits = median * ratio * np.array([2.0, 4.0, 8.0])
    remaining = Later(late, waits).hours(0.5) - waits
    assert np.all(np.diff(remaining) > 0)


def test_after_its_last_row_a_table_goes_on() -> None:
    """Survival falls as (last / t)^2: mean residual life equals the wait, integral by scipy."""
    listed = Listed(np.array([10.0]), np.array([0.6]))
    from scipy.integrate import quad

    rest, _ = quad(lambda t: 1 - listed.probability(t).item(), 10.0, np.inf)
    assert rest / 0.4 == pytest.approx(10.0)


def test_a_promise_that_lapsed_says_nothing() -> None:
    """Certain within 6 h, and 8 h have passed: half of the chance lies within 8 sqrt 2 h."""
    late = Later(Listed(np.array([6.0]), np.array([1.0])), 8.0)
    assert late.hours(0.5) == pytest.approx(8 * np.sqrt(2))
    assert late.probability(8 * np.sqrt(2)) == pytest.approx(0.5)


def test_the_band_keeps_mean_and_variance_of_a_normal() -> None:
    points = stats.norm.ppf([0.05, 0.5, 0.95])
    assert BAND_WEIGHTS.sum() == pytest.approx(1.0)
    assert BAND_WEIGHTS @ points**2 == pytest.approx(1.0, abs=0.002)


def test_refilling_by_hand() -> None:
    """1,000 buildings at 100 an hour: 2 h + 5 h on average, a tenth of them 48 h more."""
    delay = refill_delay(1000, 100, wait_hours=2, leak_share=0.1, leak_hours=48)
    assert delay.weight.sum() == pytest.approx(1.0)
    assert delay.hours @ delay.weight == pytest.approx(2 + 5 + 4.8)


@pytest.mark.parametrize(
    ("hours", "back"),
    [([6.0, 6.0], [0.1, 0.2]), ([6.0, 9.0], [0.3, 0.2]), ([6.0], [1.2]), ([], [])],
)
def test_what_is_no_table_is_refused(hours: list[float], back: list[float]) -> None:
    with pytest.raises(ValueError, match="rising"):
        Listed(np.array(hours), np.array(back))


def test_what_is_no_lognormal_is_refused() -> None:
    with pytest.raises(ValueError, match="median"):
        Lognormal(12.0, 12.0)
