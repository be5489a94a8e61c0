"""How long until heat is back at a building: distributions, never a known hour.

Hours count from the stop of circulation. A distribution answers two questions: how likely heat is
back by an hour, and by which hour it is back with a given probability.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from keepwarm.case.nouns import Floats

Number = Floats | float

#: Standard normal quantile of 90 %.
NORMAL_P90 = 1.2815515655446004

#: Below this chance of having had to wait so long, a distribution says nothing about the rest.
SPENT = 1e-6


class Restoration(Protocol):
    """A distribution of the hour at which heat is back."""

    def probability(self, hours: Number) -> Floats:
        """Return the probability that heat is back by an hour."""

    def hours(self, probability: Number) -> Floats:
        """Return the hour by which heat is back with a probability below 1."""


@dataclass(frozen=True)
class Lognormal:
    """A lognormal distribution from its median and the hour of 90 %; arrays broadcast.

    **Source**: repair and outage durations are commonly fitted by a lognormal; the longer it has
    lasted, the longer it is likely to last.

    >>> repair = Lognormal(12.0, 36.0)
    >>> repair.probability(12.0).item(), repair.hours(0.9).round(6).item()
    (0.5, 36.0)
    """

    median_hours: Number
    p90_hours: Number

    def __post_init__(self) -> None:
        """Refuse what is no distribution."""
        median, p90 = np.asarray(self.median_hours), np.asarray(self.p90_hours)
        if np.any(median <= 0.0) or np.any(p90 <= median):
            raise ValueError("a restoration needs 0 < median < 90 % quantile, in hours")

    @property
    def _sigma(self) -> Floats:
        return np.asarray(np.log(np.asarray(self.p90_hours) / self.median_hours) / NORMAL_P90)

    def probability(self, hours: Number) -> Floats:
        """Return the probability that heat is back by an hour."""
        from scipy.special import ndtr

        with np.errstate(divide="ignore"):
            score = np.log(np.maximum(hours, 0.0) / self.median_hours) / self._sigma
        return np.asarray(ndtr(score))

    def hours(self, probability: Number) -> Floats:
        """Return the hour by which heat is back with a probability below 1."""
        from scipy.special import ndtri

        return np.asarray(self.median_hours * np.exp(self._sigma * ndtri(probability)))


@dataclass(frozen=True)
class Listed:
    """A table of probabilities: back within so many hours, straight lines between.

    What the table leaves open after its last row goes on as ``(last / t)^2``: whoever has waited
    so long waits as long again on average.

    >>> promise = Listed(np.array([6.0, 24.0]), np.array([0.3, 0.9]))
    >>> promise.probability(np.array([3.0, 24.0, 48.0])).round(3).tolist()
    [0.15, 0.9, 0.975]
    """

    within_hours: Floats  # (rows,) rising, above 0
    back: Floats  # (rows,) probabilities, not falling, the last above 0

    def __post_init__(self) -> None:
        """Refuse what is no distribution."""
        hours, back = self.within_hours, self.back
        rising = hours.size > 0 and hours[0] > 0.0 and bool(np.all(np.diff(hours) > 0.0))
        if not rising or np.any(np.diff(back) < 0.0) or not 0.0 <= back[0] <= back[-1] <= 1.0:
            raise ValueError("a restoration table needs rising hours and probabilities")

    def probability(self, hours: Number) -> Floats:
        """Return the probability that heat is back by an hour."""
        hours = np.asarray(hours, dtype=float)
        last = self.within_hours[-1]
        inside = np.interp(hours, *self._points())
        beyond = 1.0 - (1.0 - self.back[-1]) * (last / np.maximum(hours, last)) ** 2
        return np.where(hours > last, beyond, inside)

    def hours(self, probability: Number) -> Floats:
        """Return the hour by which heat is back with a probability below 1."""
        probability = np.asarray(probability, dtype=float)
        hours, back = self._points()
        inside = np.interp(probability, back, hours)
        left = np.maximum(1.0 - probability, np.finfo(float).tiny)
        beyond = hours[-1] * np.sqrt((1.0 - back[-1]) / left)
        return np.where(probability > back[-1], np.maximum(beyond, hours[-1]), inside)

    def _points(self) -> tuple[Floats, Floats]:
        return np.append(0.0, self.within_hours), np.append(0.0, self.back)


@dataclass(frozen=True)
class Later:
    """A distribution given that heat is not back yet; hours still count from the stop.

    Where hardly any chance was left for so long a wait, the rest goes on as in `Listed`: a promise
    that has lapsed says nothing any more.

    >>> waited = Later(Lognormal(12.0, 36.0), 36.0)
    >>> waited.probability(36.0).item(), waited.hours(0.5).round(0).item()
    (0.0, 49.0)
    """

    of: Restoration
    after_hours: Number

    def probability(self, hours: Number) -> Floats:
        """Return the probability that heat is back by an hour."""
        gone, left = self._gone()
        hours = np.maximum(hours, self.after_hours)
        fresh = (self.of.probability(hours) - gone) / np.maximum(left, SPENT)
        lapsed = 1.0 - (np.maximum(self.after_hours, SPENT) / np.maximum(hours, SPENT)) ** 2
        return np.clip(np.where(left > SPENT, fresh, lapsed), 0.0, 1.0)

    def hours(self, probability: Number) -> Floats:
        """Return the hour by which heat is back with a probability below 1."""
        gone, left = self._gone()
        probability = np.asarray(probability, dtype=float)
        fresh = self.of.hours(np.minimum(gone + probability * left, 1.0 - SPENT**2))
        lapsed = self.after_hours / np.sqrt(np.maximum(1.0 - probability, SPENT**2))
        return np.maximum(np.where(left > SPENT, fresh, lapsed), self.after_hours)

    def _gone(self) -> tuple[Floats, Floats]:
        gone = self.of.probability(self.after_hours)
        return gone, 1.0 - gone


@dataclass(frozen=True)
class Remaining:
    """A distribution for a clock that starts so long after the stop, heat not being back.

    >>> Remaining(Lognormal(12.0, 36.0), 36.0).hours(0.5).round(0).item()
    13.0
    """

    of: Restoration
    waited_hours: Number

    def probability(self, hours: Number) -> Floats:
        """Return the probability that heat is back by an hour from now."""
        return Later(self.of, self.waited_hours).probability(np.asarray(hours) + self.waited_hours)

    def hours(self, probability: Number) -> Floats:
        """Return the hour from now by which heat is back with a probability below 1."""
        return Later(self.of, self.waited_hours).hours(probability) - self.waited_hours


@dataclass(frozen=True)
class Chances:
    """Some durations with their weights, which add to 1: (n,), or (n, groups) to each its own."""

    hours: Floats
    weight: Floats


#: Weights of a band whose ends stand at 5 % and 95 %: its mean and variance come out nearly right
#: for most one-peaked distributions. Source: Pearson and Tukey as extended by Keefer and Bodily,
#: Management Science 29(5), 1983.
BAND_WEIGHTS = np.array([0.185, 0.63, 0.185])

#: Gauss-Legendre points of the unit interval: places in a queue.
_QUEUE = np.array([0.5 - np.sqrt(0.15), 0.5, 0.5 + np.sqrt(0.15)])
_QUEUE_WEIGHT = np.array([5.0, 8.0, 5.0]) / 18.0


def refill_delay(
    buildings: Number,
    buildings_per_hour: float,
    *,
    wait_hours: float,
    leak_share: Number,
    leak_hours: Number,
) -> Chances:
    """Return how much later a drained building gets its heat than a full one.

    Parameters
    ----------
    buildings, buildings_per_hour
        Drained buildings that are filled one after the other, and how fast; a building may stand
        anywhere in that queue.
    wait_hours
        Steady heat at the substation before filling begins.
    leak_share, leak_hours
        Share of the buildings that leak on restart, and how much later those are warm. These and
        ``buildings`` are single numbers or (groups,).

    **Source**: Kyiv, January 2026: 3,500 to 4,000 buildings in 24 to 36 h.
    **Leaves out**: water for filling; which building comes first.

    >>> delay = refill_delay(600, 100, wait_hours=2, leak_share=0, leak_hours=48)
    >>> float(delay.hours @ delay.weight)
    5.0
    """
    full, leak = np.asarray(buildings) / max(buildings_per_hour, 1e-9), np.asarray(leak_share)
    queue = wait_hours + np.multiply.outer(_QUEUE, full)
    whole, leaking = (np.multiply.outer(_QUEUE_WEIGHT, share) for share in (1.0 - leak, leak))
    return Chances(np.concatenate((queue, queue + leak_hours)), np.concatenate((whole, leaking)))
