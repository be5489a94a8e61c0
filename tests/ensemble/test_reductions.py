"""What portfolios take off the risk, against sums by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from keepwarm.ensemble.measures import Portfolio, Spares
from keepwarm.ensemble.quantities import Samples
from keepwarm.ensemble.reductions import common, reductions

LOST = np.random.default_rng(1).exponential(100.0, 300)
OWN = np.random.default_rng(2).exponential(5.0, (3, 300))


def walked(lost, numbers=None):
    numbers = np.arange(len(lost)) if numbers is None else numbers
    columns = {"eue_mwh": lost, "need_mwh": np.full(len(lost), 1e4)}
    return Samples(1, numbers, columns, (), {})


PORTFOLIOS = (
    Portfolio("b", (), 20.0),
    Portfolio("a", (), 5.0),
    Portfolio("both", (), math.nan, parts=("a", "b")),
    Portfolio("never walked", (), 1.0),
)
SETS = {
    "a": walked(0.9 * LOST + OWN[0]),
    "b": walked(0.7 * LOST + OWN[1]),
    "both": walked(0.68 * LOST + OWN[2]),
}


def test_a_reduction_is_paired_and_said_by_cost():
    found, _ = reductions(walked(LOST), SETS, PORTFOLIOS, ("eue_mwh", "neue_ppm"))
    order = [("b", "eue_mwh"), ("b", "neue_ppm"), ("a", "eue_mwh")]
    assert [(one.portfolio, one.quantity) for one in found][:3] == order
    one, apart = found[2], 0.1 * LOST - OWN[0]
    assert one.reduced.value == pytest.approx(apart.mean())
    assert one.reduced.stderr == pytest.approx(stats.sem(apart))
    assert one.share.value == pytest.approx(apart.sum() / LOST.sum())
    without = [np.delete(apart, k).sum() / np.delete(LOST, k).sum() for k in range(300)]
    jackknife = math.sqrt(299 / 300 * ((without - np.mean(without)) ** 2).sum())
    assert one.share.stderr == pytest.approx(jackknife, rel=0.02)
    assert one.per_cost.value == pytest.approx(apart.mean() / 5)
    assert one.per_cost.stderr == pytest.approx(stats.sem(apart) / 5)
    assert one.before.value - one.after.value == pytest.approx(one.reduced.value)
    assert found[-1].per_cost is None
    assert not [one for one in found if one.portfolio == "never walked"]


def test_parts_do_not_add_up():
    _, sums = reductions(walked(LOST), SETS, PORTFOLIOS, ("eue_mwh", "q90_eue_mwh"))
    (one,) = sums  # quantiles have no influence values
    a, b = 0.1 * LOST - OWN[0], 0.3 * LOST - OWN[1]
    whole = 0.32 * LOST - OWN[2]
    assert one.together.value == pytest.approx(whole.mean())
    assert one.added_up.value == pytest.approx((a + b).mean())
    assert one.added_up.stderr == pytest.approx(stats.sem(a + b))
    assert one.beyond.value == pytest.approx((whole - a - b).mean())
    assert one.beyond.stderr == pytest.approx(stats.sem(whole - a - b))
    assert one.beyond.value < -3 * one.beyond.stderr


def test_only_samples_of_both_count():
    few = walked(0.5 * LOST[10:200], np.arange(10, 200))
    found, _ = reductions(walked(LOST), {"a": few}, PORTFOLIOS, ("eue_mwh",))
    assert found[0].reduced.n == 190
    assert found[0].before.value == pytest.approx(LOST[10:200].mean())
    assert found[0].reduced.value == pytest.approx(0.5 * LOST[10:200].mean())
    columns = common([walked(LOST), few])
    assert [len(one["eue_mwh"]) for one in columns] == [190, 190]


def test_nothing_to_reduce_is_no_share():
    nothing = walked(np.zeros(300))
    (one,) = reductions(nothing, {"a": nothing}, PORTFOLIOS, ("eue_mwh",))[0]
    assert one.share is None
    assert one.reduced.value == 0


def test_a_portfolio_with_more_than_its_parts_is_not_held_against_them():
    more = Portfolio("both", (Spares("x", 1),), math.nan, parts=("a", "b"))
    _, sums = reductions(walked(LOST), SETS, (*PORTFOLIOS[:2], more), ("eue_mwh",))
    assert not sums


def test_a_tail_of_few_samples_has_no_error():
    some = {name: walked(one.columns["eue_mwh"][:60]) for name, one in SETS.items()}
    found, sums = reductions(walked(LOST[:60]), some, PORTFOLIOS, ("cvar95_eue_mwh",))
    assert math.isnan(found[0].reduced.stderr)
    assert math.isnan(sums[0].beyond.stderr)
    assert sums[0].beyond.value == pytest.approx(sums[0].together.value - sums[0].added_up.value)
