"""Statistics and their standard errors against closed forms, scipy, and repeated runs."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from scipy.stats.mstats import mjci

from keepwarm.ensemble.estimates import (
    exceedance,
    moved_mean,
    moved_ratio,
    moved_tail_mean,
    order_statistic,
    paired_quantiles,
    quantile,
    round_levels,
    share_above,
    tail_mean,
)
from keepwarm.estimate import Estimate, error_text, mean

numbers = arrays(np.float64, st.integers(2, 60), elements=st.integers(0, 1000).map(float))


def drawn(n, seed=1):
    return np.random.default_rng(seed).exponential(size=n)


def test_a_mean_has_the_error_that_scipy_gives():
    values = drawn(500)
    found = mean(values, "MWh")
    assert found == Estimate(
        pytest.approx(values.mean()), pytest.approx(stats.sem(values)), 500, "MWh"
    )
    assert math.isnan(mean(np.ones(1), "h").stderr)
    with pytest.raises(ValueError, match="no samples"):
        mean(np.zeros(0), "h")


def test_tail_mean_of_an_exponential():
    # E(x | worst 5 %) = 1 + ln 20; the variance of an influence value is 2 / 0.05 - 1 = 39
    found = tail_mean(drawn(200_000), 0.95, "MWh")
    assert found.value == pytest.approx(1 + math.log(20), abs=3 * found.stderr)
    assert found.stderr == pytest.approx(math.sqrt(39 / 200_000), rel=0.03)


def test_tail_mean_of_a_normal():
    values = np.random.default_rng(2).normal(size=200_000)
    truth = stats.norm.pdf(stats.norm.ppf(0.95)) / 0.05
    found = tail_mean(values, 0.95, "degC")
    assert found.value == pytest.approx(truth, abs=3 * found.stderr)


def test_tail_mean_by_hand():
    # the worst quarter of ten samples is two and a half: (10 + 9 + 8 / 2) / 2.5
    assert moved_tail_mean(np.arange(1.0, 11.0), 0.75).value == pytest.approx(9.2)


def test_quantile_of_an_exponential():
    # its density at the quantile is 1 - p
    n = 20_000
    for share in (0.5, 0.9, 0.95, 0.99):
        found = quantile(drawn(n), share, "MWh")
        assert found.value == pytest.approx(-math.log(1 - share), abs=3 * found.stderr)
        assert found.stderr == pytest.approx(math.sqrt(share / (1 - share) / n), rel=0.15)


def test_the_error_of_a_quantile_is_its_spread_over_all_resamples():
    values = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
    every = np.array(list(itertools.product(values, repeat=6)))
    for share, place in ((0.5, 2), (2 / 3, 3), (1 / 6, 0)):
        truth = np.sort(every, axis=1)[:, place].std()
        found = quantile(values, share, "h", fewest=0)
        assert found.stderr == pytest.approx(truth)


def test_the_error_of_a_quantile_is_close_to_that_of_scipy():
    # which takes beta weights (m - 1, n - m), a little off the order statistic's own
    values = drawn(201)
    for share in (100.9 / 201, 180.9 / 201):
        ours = quantile(values, share, "h").stderr
        assert ours == pytest.approx(mjci(values, [share])[0], rel=0.03)


def test_a_quantile_is_an_inverse_of_the_shares():
    values = drawn(400)
    for share in (0.25, 0.5, 0.95, 1 / 3):
        ours = order_statistic(values, share)
        assert ours == np.quantile(values, share, method="inverted_cdf")
        assert (values <= ours).mean() >= share - 1e-12
        assert (values < ours).mean() < share


def test_a_ratio_has_nearly_the_error_of_the_jackknife():
    rng = np.random.default_rng(3)
    need = rng.uniform(50, 150, 400)
    lost = need * rng.exponential(0.02, 400)
    moved = moved_ratio(lost, need)
    without = np.array([np.delete(lost, k).sum() / np.delete(need, k).sum() for k in range(400)])
    jackknife = math.sqrt(399 / 400 * ((without - without.mean()) ** 2).sum())
    assert moved.value == lost.sum() / need.sum()
    assert moved.stderr == pytest.approx(jackknife, rel=0.01)
    assert math.isnan(moved_ratio(np.zeros(3), np.zeros(3)).value)


@pytest.mark.parametrize(
    ("n", "truth", "estimate"),
    [
        (200, 1.0, lambda x: mean(x, "h")),
        (200, math.log(2), lambda x: quantile(x, 0.5, "h")),
        (600, math.log(10), lambda x: quantile(x, 0.9, "h")),
        (2000, 1 + math.log(20), lambda x: tail_mean(x, 0.95, "h")),
        (200, math.exp(-1), lambda x: share_above(x, 1.0)),
        (200, math.exp(-4), lambda x: share_above(x, 4.0)),
    ],
)
def test_intervals_hold_the_truth(n, truth, estimate):
    rng, held = np.random.default_rng(n), 0
    for _ in range(1000):
        found = estimate(rng.exponential(size=n))
        held += abs(found.value - truth) <= 1.96 * found.stderr
    # of 1,000: 950 +- 7, and some more or less where the distribution is skewed or the hits few
    assert 915 <= held <= 980


def test_nothing_seen_is_not_never():
    found = share_above(np.zeros(100))
    assert found.value == 0
    # the rule of three: 3 in 100 would show nothing once in twenty
    assert 0.02 < 1.96 * found.stderr < 0.06
    always = share_above(np.ones(100))
    assert (always.value, always.stderr) == (1, pytest.approx(found.stderr))


def test_too_few_in_the_tail_are_said_to_be():
    assert math.isnan(tail_mean(drawn(99), 0.95, "h").stderr)
    assert not math.isnan(tail_mean(drawn(100), 0.95, "h").stderr)
    assert math.isnan(quantile(drawn(499), 0.99, "h").stderr)
    assert not math.isnan(quantile(drawn(500), 0.99, "h").stderr)


def test_exceedance_of_an_exponential():
    found = exceedance(drawn(10_000), "MWh", np.array([0.0, 1.0, 2.0, 4.0]))
    truth = np.exp(-found.level)
    assert (np.abs(found.share - truth) <= 3 * found.stderr).all()
    assert found.stderr[1:] == pytest.approx(np.sqrt(truth * (1 - truth) / 10_000)[1:], rel=0.1)


def test_levels_are_round_and_within_the_samples():
    levels = round_levels(np.array([0.0, 0, 30, 70, 90, 800]))
    assert levels.tolist() == [0, 50, 100, 200, 500]
    assert round_levels(np.zeros(5)).tolist() == [0]


def test_a_paired_quantile_is_as_sure_as_repeated_runs_say():
    rng, found = np.random.default_rng(4), []
    for _ in range(400):
        shared, own = rng.exponential(size=500), rng.exponential(0.2, size=(2, 500))
        found.append(paired_quantiles(shared + own[0], 0.9 * shared + own[1], 0.9, "h"))
    spread = np.std([one.value for one in found])
    alone = math.hypot(*(quantile(shared + own[k], 0.9, "h").stderr for k in (0, 1)))
    assert np.mean([one.stderr for one in found]) == pytest.approx(spread, rel=0.12)
    assert spread < 0.7 * alone


@given(numbers)
def test_what_holds_of_all_samples(values):
    tail, at = moved_tail_mean(values, 0.8), order_statistic(values, 0.8)
    assert values.min() <= at <= values.max()
    assert max(at, values.mean()) - 1e-9 <= tail.value <= values.max() + 1e-9
    for moved in (tail, moved_mean(values), moved_ratio(values, values + 1)):
        assert abs(moved.by.sum()) < 1e-6 * (1 + np.abs(moved.by).sum())
    curve = exceedance(values, "h")
    assert (np.diff(curve.level) > 0).all()
    assert (np.diff(curve.share) <= 0).all()
    assert paired_quantiles(values, values, 0.5, "h").value == 0


@given(numbers, st.integers(1, 9).map(float))
def test_units_do_not_matter(values, scale):
    for of in (
        lambda x: mean(x, "h"),
        lambda x: quantile(x, 0.5, "h"),
        lambda x: moved_tail_mean(x, 0.5).estimate("h"),
    ):
        small, large = of(values), of(values * scale)
        assert large.value == pytest.approx(small.value * scale)
        assert large.stderr == pytest.approx(small.stderr * scale, abs=1e-9, nan_ok=True)


@given(st.permutations(range(30)))
def test_the_order_of_samples_does_not_matter(order):
    values = drawn(30)
    assert quantile(values[list(order)], 0.5, "h") == quantile(values, 0.5, "h")


def test_an_estimate_is_said_with_two_digits_of_its_error():
    said = str(Estimate(1176.298, 8.24, 10_000, "MWh"))
    assert said == "1,176.3 ± 8.2 MWh (10,000 samples)"
    assert error_text(0.0, 0.0) == ("0", "0")
    assert error_text(5.0, 1e-16) == ("5.000", "0")
    assert error_text(5.0, math.nan) == ("5.000", "–")
    assert error_text(math.nan, 1.0) == ("–", "–")
    assert Estimate(0.0, 1.0, 5, "h").relative == math.inf
    assert Estimate(-4.0, 1.0, 5, "h").relative == 0.25
