"""Statistics of samples with their standard errors: pure functions over arrays.

Every function takes one number for each sample, independent of each other. A `Moved` says of a
statistic what each sample moves it by (its influence values): their spread gives the standard
error, and of two statistics over the same samples the spread of the differences does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

from keepwarm.case.nouns import Floats
from keepwarm.estimate import Estimate

#: A tail of fewer samples than this says too little about its own error.
FEWEST_IN_TAIL = 5


@dataclass(frozen=True)
class Moved:
    """A statistic and its influence values, which add up to 0 over the samples."""

    value: float
    by: Floats  # (samples,)

    @property
    def stderr(self) -> float:
        """The standard error; NaN for a single sample."""
        n = self.by.size
        return float(self.by.std(ddof=1)) / math.sqrt(n) if n > 1 else math.nan

    def estimate(self, unit: str) -> Estimate:
        """Return it as an estimate."""
        return Estimate(self.value, self.stderr, self.by.size, unit)


def moved_mean(values: Floats) -> Moved:
    """Return the mean."""
    value = float(values.mean())
    return Moved(value, values - value)


def moved_ratio(numerator: Floats, denominator: Floats) -> Moved:
    """Return the ratio of two sums, such as energy not served over energy needed.

    Parameters
    ----------
    numerator, denominator
        Shape (samples,), of the same samples.

    Returns
    -------
    Moved
        NaN where the denominators add up to 0.

    **Source**: delta method; Cochran, Sampling Techniques, 3rd ed. 1977, eq. 6.13.

    **Leaves out**: the bias of a ratio, of the order of 1/n, far below the standard error.
    """
    below = float(denominator.mean())
    if below == 0:
        return Moved(math.nan, np.full(numerator.shape, math.nan))
    value = float(numerator.mean()) / below
    return Moved(value, (numerator - value * denominator) / below)


def moved_tail_mean(values: Floats, share: float) -> Moved:
    """Return the mean of the worst ``1 - share`` of the samples (CVaR, expected shortfall).

    Where that is no whole number of samples, the last one counts with the part that is left.

    Parameters
    ----------
    values
        Shape (samples,); the worst are the largest.
    share
        0 to 1, such as 0.95.

    **Source**: Rockafellar and Uryasev, "Optimization of conditional value-at-risk", 2000, for the
    value; its influence values as in Hong, Hu and Liu, "Monte Carlo methods for value-at-risk and
    conditional value-at-risk: a review", 2014.
    """
    at = order_statistic(values, share)
    beyond = np.maximum(values - at, 0.0) / (1.0 - share)
    value = at + float(beyond.mean())
    return Moved(value, at + beyond - value)


def tail_mean(values: Floats, share: float, unit: str) -> Estimate:
    """Return the mean of the worst ``1 - share`` of the samples: see `moved_tail_mean`.

    The error is NaN with fewer than `FEWEST_IN_TAIL` samples in the tail.

    **Leaves out**: the bias at few samples, downwards: the worst winters are not among them.
    """
    moved = moved_tail_mean(values, share)
    return _unless_few(moved.value, moved.stderr, values.size, share, unit, FEWEST_IN_TAIL)


def order_statistic(values: Floats, share: float) -> float:
    """Return the least sample that at least ``share`` of the samples do not exceed."""
    return float(np.partition(values, _rank(values.size, share))[_rank(values.size, share)])


def quantile(values: Floats, share: float, unit: str, *, fewest: int = FEWEST_IN_TAIL) -> Estimate:
    """Return the least sample that at least ``share`` of the samples do not exceed.

    Parameters
    ----------
    values
        Shape (samples,), in ``unit``.
    share
        Between 0 and 1.
    unit
        For whoever reads it.
    fewest
        Samples beyond it; with fewer the error is NaN.

    Returns
    -------
    Estimate
        The error is that of the order statistic over all resamples of the samples, in closed form,
        so no density need be guessed: 0 where all samples around it are alike.

    **Source**: Maritz and Jarrett, "A note on estimating the variance of the sample median", 1978;
    Efron, "Bootstrap methods", 1979, section 3.
    """
    n, m = values.size, _rank(values.size, share) + 1
    weights = np.diff(betainc(m, n - m + 1, np.arange(n + 1) / n))
    ordered = np.sort(values)
    first = float(weights @ ordered)
    spread = math.sqrt(float(weights @ (ordered - first) ** 2)) if n > 1 else math.nan
    return _unless_few(float(ordered[m - 1]), spread, n, max(share, 1 - share), unit, fewest)


def _rank(n: int, share: float) -> int:
    """Return the place of the order statistic, from 0; rounding does not push it up."""
    return min(max(math.ceil(n * share - 1e-9) - 1, 0), n - 1)


def _unless_few(
    value: float, stderr: float, n: int, share: float, unit: str, fewest: int
) -> Estimate:
    few = n * (1.0 - share) < fewest - 1e-9
    return Estimate(value, math.nan if few else stderr, n, unit)


def share_above(values: Floats, level: float = 0.0) -> Estimate:
    """Return the share of samples above a level; above 0: in which anything happened at all.

    Parameters
    ----------
    values
        Shape (samples,).
    level
        In the unit of the values.

    Returns
    -------
    Estimate
        The error is that of Agresti and Coull, two samples of each kind added: nearly the binomial
        one, but not 0 where no sample is above, or none below, as if the matter were settled.

    **Source**: Agresti and Coull, "Approximate is better than 'exact' for interval estimation of
    binomial proportions", 1998.
    """
    n, hits = values.size, int((values > level).sum())
    near = (hits + 2) / (n + 4)
    return Estimate(hits / n, math.sqrt(near * (1 - near) / (n + 4)), n, "share")


@dataclass(frozen=True)
class Exceedance:
    """How likely more than each level is."""

    level: Floats  # (levels,) rising
    share: Floats  # (levels,) of the samples that are above, not rising
    stderr: Floats  # (levels,) each for itself: the curve as a whole is less sure
    n: int
    unit: str  # of the levels


def exceedance(values: Floats, unit: str, levels: Floats | None = None) -> Exceedance:
    """Return the exceedance curve of some samples.

    Parameters
    ----------
    values
        Shape (samples,).
    unit
        Of the values.
    levels
        Shape (levels,); by default 0 and the round numbers (1, 2, 5 and their tens) from the
        median of what is above 0 to the largest sample.

    **Leaves out**: how sure the curve is as a whole; errors are level by level.
    """
    chosen = round_levels(values) if levels is None else levels
    found = [share_above(values, level) for level in chosen.tolist()]
    return Exceedance(
        level=chosen,
        share=np.array([one.value for one in found]),
        stderr=np.array([one.stderr for one in found]),
        n=values.size,
        unit=unit,
    )


def round_levels(values: Floats) -> Floats:
    """Return 0 and round numbers from the median of what is above 0 to the largest sample."""
    positive = values[values > 0]
    if not positive.size:
        return np.zeros(1)
    least, most = order_statistic(positive, 0.5), float(positive.max())
    tens = range(math.floor(math.log10(least)) - 1, math.floor(math.log10(most)) + 1)
    rounds = np.array([step * 10.0**ten for ten in tens for step in (1, 2, 5)])
    return np.concatenate([[0.0], rounds[(rounds >= least / 2.5) & (rounds < most)]])


def paired_quantiles(a: Floats, b: Floats, share: float, unit: str) -> Estimate:
    """Return how much larger a quantile of the second is, over the same samples.

    Parameters
    ----------
    a, b
        Shape (samples,): of the same samples, in the same order.
    share
        Between 0 and 1.
    unit
        Of both.

    Returns
    -------
    Estimate
        Each quantile's error by `quantile`; their correlation is that of lying beyond them, which
        needs no density either.

    **Source**: Bahadur, "A note on quantiles in large samples", 1966: a sample quantile moves as
    the share of samples beyond it does.
    """
    one, two = quantile(a, share, unit), quantile(b, share, unit)
    # Ties with the quantile count half.
    beyond = np.stack([np.sign(a - one.value), np.sign(b - two.value)])
    spread = beyond.std(axis=1)
    alike = 0.0
    if spread.min() > 0:
        alike = float(((beyond[0] - beyond[0].mean()) * (beyond[1] - beyond[1].mean())).mean())
        alike /= float(spread[0] * spread[1])
    variance = one.stderr**2 + two.stderr**2 - 2 * alike * one.stderr * two.stderr
    return Estimate(two.value - one.value, math.sqrt(max(variance, 0.0)), a.size, unit)
