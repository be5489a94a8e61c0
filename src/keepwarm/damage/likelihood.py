"""Parameters of waves by maximum likelihood, each with its standard error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from keepwarm.case.nouns import Floats
from keepwarm.estimate import Estimate

#: Twice the gain in log likelihood by which two more parameters pay: 95 % of chi squared.
_PAYS = 5.991
#: Fewer raids than these are not looked at for clustering.
_ENOUGH = 10
_MOST_CHILDREN = 0.95


@dataclass(frozen=True)
class FittedArrivals:
    """Events a day of their own, how many each draws, and after how many hours."""

    per_day: Estimate
    children: Estimate | None  # None: a Poisson process
    within_hours: Estimate | None


def fit_arrivals(days: Floats) -> FittedArrivals:
    """Return the arrivals that make some days of raids likeliest, given that the first one came.

    Parameters
    ----------
    days
        Rising, two or more. The window is from the first to the last, so the first tells nothing
        of the rate.

    Returns
    -------
    FittedArrivals
        A Poisson process; from ten raids on a self-exciting one where that is likelier by more
        than two parameters are worth (a likelihood ratio of 5.99).

    **Source**: Ozaki, "Maximum likelihood estimation of Hawkes' self-exciting point processes",
    Ann. Inst. Statist. Math. 31, 1979.
    **Leaves out**: hours; a raid is known by its day.
    """
    count, span = len(days) - 1, float(days[-1] - days[0])
    rate = count / span
    plain = FittedArrivals(Estimate(rate, rate / np.sqrt(count), count + 1, "1/d"), None, None)
    if count + 1 < _ENOUGH:
        return plain
    gaps = days[:, None] - days[None, :]

    def loss(point: Floats) -> float:
        mu, n, d = _opened(point)
        drawn = np.where(gaps > 0, np.exp(-np.clip(gaps, 0, None) / d), 0.0).sum(axis=1)
        intensity = mu + n / d * drawn
        whole = mu * span + n * (1 - np.exp(-(days[-1] - days) / d)).sum()
        return float(whole - np.log(intensity[1:]).sum())

    start = np.array([np.log(rate / 2), 0.0, np.log(2.0)])
    best = optimize.minimize(loss, start, method="Nelder-Mead", options={"maxiter": 4000})
    gain = 2 * ((rate * span - count * np.log(rate)) - best.fun)
    if gain < _PAYS:
        return plain
    point = np.array(_opened(best.x))
    errors = _errors(lambda at: loss(_closed(at)), point)
    (mu, n, d), (mu_error, n_error, d_error) = point.tolist(), errors.tolist()
    return FittedArrivals(
        Estimate(mu, mu_error, count + 1, "1/d"),
        Estimate(n, n_error, count + 1, "1"),
        Estimate(d * 24, d_error * 24, count + 1, "h"),
    )


def fit_sizes(counts: Floats) -> tuple[Estimate, Estimate | None]:
    """Return mean and dispersion of a negative binomial; no dispersion: a Poisson distribution.

    Parameters
    ----------
    counts
        One or more, not negative. One count, or counts that spread no more than a Poisson
        distribution's, have no dispersion.
    """
    mean, many = float(counts.mean()), len(counts)
    spread = float(counts.var(ddof=1)) if many > 1 else 0.0
    if spread <= mean or mean <= 0:
        return Estimate(mean, np.sqrt(max(mean, 0.0) / many), many, ""), None

    def loss(at: Floats) -> float:
        m, k = at
        return -float(
            (
                special.gammaln(counts + k)
                - special.gammaln(k)
                - special.gammaln(counts + 1)
                + k * np.log(k / (k + m))
                + counts * np.log(m / (k + m))
            ).sum()
        )

    # The likeliest mean is the mean of the counts, whatever the dispersion.
    best = optimize.minimize_scalar(
        lambda log: loss(np.array([mean, np.exp(log)])), bounds=(-2.9, 12.0), method="bounded"
    )
    point = np.array([mean, float(np.exp(best.x))])
    if point[1] > 1e4:
        return Estimate(mean, np.sqrt(mean / many), many, ""), None
    errors = _errors(loss, point)
    return (
        Estimate(float(point[0]), float(errors[0]), many, ""),
        Estimate(float(point[1]), float(errors[1]), many, ""),
    )


def fit_shares(through: Floats, came: Floats) -> tuple[Estimate, Estimate | None]:
    """Return mean and standard deviation of a share that differs from event to event.

    Parameters
    ----------
    through, came
        How many of how many, event by event: a beta-binomial distribution. Where events do not
        differ by more than chance does, there is no standard deviation.
    """
    whole = float(came.sum())
    share = float(through.sum()) / whole if whole > 0 else 0.0
    error = np.sqrt(share * (1 - share) / whole) if whole > 0 else np.nan
    plain = Estimate(share, float(error), len(came), "1"), None
    if len(came) < 2 or not 0 < share < 1:
        return plain

    def loss(at: Floats) -> float:
        mean, sd = at
        if not (0 < mean < 1 and 0 < sd < np.sqrt(mean * (1 - mean))):
            return np.inf
        both = mean * (1 - mean) / sd**2 - 1
        a, b = mean * both, (1 - mean) * both
        return -float(
            (special.betaln(through + a, came - through + b) - special.betaln(a, b)).sum()
        )

    def of(point: Floats) -> Floats:
        mean, both = float(special.expit(point[0])), float(np.exp(point[1]))
        return np.array([mean, np.sqrt(mean * (1 - mean) / (both + 1))])

    def turned(point: Floats) -> float:
        return loss(of(point))

    start = np.array([np.log(share / (1 - share)), np.log(10.0)])
    best = optimize.minimize(turned, start, method="Nelder-Mead")
    alone = -float((special.xlogy(through, share) + special.xlog1py(came - through, -share)).sum())
    if 2 * (alone - best.fun) < 2.706 or best.x[1] > np.log(1e5):  # one parameter at its end
        return plain
    point = of(best.x)
    errors = _errors(loss, point)
    return (
        Estimate(float(point[0]), float(errors[0]), len(came), "1"),
        Estimate(float(point[1]), float(errors[1]), len(came), "1"),
    )


def _opened(point: Floats) -> tuple[float, float, float]:
    """Return rate, children and days of points without ends."""
    mu, n, d = point
    return float(np.exp(mu)), float(special.expit(n) * _MOST_CHILDREN), float(np.exp(d))


def _closed(at: Floats) -> Floats:
    mu, n, d = np.maximum(at, 1e-9)
    return np.array([np.log(mu), special.logit(min(n / _MOST_CHILDREN, 1 - 1e-9)), np.log(d)])


def _errors(loss: Callable[[Floats], float], point: Floats) -> Floats:
    """Return standard errors from the curvature of a loss; NaN where it has none."""
    size = len(point)
    step = 1e-4 * np.maximum(np.abs(point), 1e-4)
    curved = np.empty((size, size))
    for i in range(size):
        for j in range(size):
            corners = [
                loss(point + a * step * np.eye(size)[i] + b * step * np.eye(size)[j])
                for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))
            ]
            curved[i, j] = np.dot([1, -1, -1, 1], corners) / (4 * step[i] * step[j])
    if not np.isfinite(curved).all() or np.linalg.matrix_rank(curved) < size:
        return np.full(size, np.nan)
    variance = np.diag(np.linalg.inv(curved))
    return np.sqrt(np.where(variance > 0, variance, np.nan))
