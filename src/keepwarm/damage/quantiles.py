"""Quantiles of counts and shares: the same uniform number gives more where more is to be had."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special

from keepwarm.case.nouns import Floats
from keepwarm.damage.hazard import Objects


def sizes(objects: Objects, level: Floats) -> Floats:
    """Return how many objects come with an event, at levels between 0 and 1; whole numbers.

    **Source**: the distributions' definitions; negative binomial with mean m and variance
    m + m^2 / k; lognormal with mean m and sigma of the logarithm, rounded.
    """
    mean, dispersion = objects.mean, objects.dispersion
    if mean <= 0:
        return np.zeros_like(level)
    if objects.distribution == "fixed":
        return np.full_like(level, round(mean))
    if objects.distribution == "poisson":
        return _whole(special.pdtrik(level, mean), level, lambda k: special.pdtr(k, mean))
    if objects.distribution == "lognormal":
        return np.asarray(
            np.rint(mean * np.exp(dispersion * special.ndtri(level) - dispersion**2 / 2))
        )
    chance = dispersion / (dispersion + mean)
    guess = special.nbdtrik(level, dispersion, chance)
    return _whole(guess, level, lambda k: special.betainc(dispersion, k + 1.0, chance))


def shares(mean: float, sd: float, level: Floats) -> Floats:
    """Return shares of a beta distribution with this mean and standard deviation."""
    if sd <= 0 or mean <= 0 or mean >= 1:
        return np.full_like(level, mean)
    both = mean * (1 - mean) / sd**2 - 1
    return np.asarray(special.betaincinv(mean * both, (1 - mean) * both, level))


def binomial(count: Floats, share: Floats, level: Floats) -> Floats:
    """Return how many of ``count`` do, each with probability ``share``, at levels 0 to 1."""
    count, share = np.broadcast_arrays(count, share)
    sure = (share <= 0) | (share >= 1) | (count <= 0)
    inside = np.where(sure, 0.5, share)
    many = np.where(sure, 1, count).astype(np.int64)
    guess = special.bdtrik(level, many, inside)
    found = _whole(guess, level, lambda k: special.bdtr(np.minimum(k, many), many, inside))
    return np.where(sure, np.where(share >= 1, count, 0.0), np.minimum(found, many))


def triangle(hours: Floats, level: Floats) -> Floats:
    """Return hours of triangular distributions, (3, n): low, likely, high; at levels 0 to 1.

    The likely ones where a triangle has no width.
    """
    low, likely, high = hours
    width = high - low
    safe = np.where(width > 0, width, 1.0)
    rise, fall = likely - low, high - likely
    below = low + np.sqrt(level * safe * rise)
    above = high - np.sqrt((1 - level) * safe * fall)
    return np.asarray(np.where(width > 0, np.where(level * safe < rise, below, above), likely))


def _whole(guess: Any, level: Floats, cumulated: Callable[[Floats], Any]) -> Floats:
    """Return the least whole number whose cumulated probability reaches the level."""
    most = np.ceil(np.nan_to_num(guess))
    less = np.maximum(most - 1, 0.0)
    return np.asarray(np.where(cumulated(less) >= level, less, most))
