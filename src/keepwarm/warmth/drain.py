"""Drain or hold: what either costs in cold hours when nobody knows when heat will be back.

Circulation has stopped. If heat is back before the weakest pipe plugs, a held building is warm
again at once, a drained one waits to be filled. If it is back later, the held building has frozen
and waits for its repair. With T the hour at which heat is back and C(h) the cold hours of a person
whose home gets its heat at hour h::

    hold:   C(T) if T <= plug, else C(T + repair)
    drain:  C(T + delay of refilling)

averaged over T given that it is not back when the decision is due, over the plug (band, forecast),
over repairs and delays. With q the probability that heat is back by the deadline, both are linear
in q, hold = q H1 + (1 - q) H2 and drain = q D1 + (1 - q) D2, and cost the same at

    q* = (H2 - D2) / ((H2 - D2) + (D1 - H1))

Arrays are (3, scenarios, groups), or (groups,) where averaged; hours count from the stop.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Bools, Floats
from keepwarm.warmth.cooldown import ColdCurve
from keepwarm.warmth.restoration import BAND_WEIGHTS, Chances, Later, Restoration

#: Points in each part of a distribution of restoration times.
_POINTS = 12

#: A part of a distribution counts at least so much, so that its mean exists where it is empty.
_LEAST = 1e-12


@dataclass(frozen=True)
class Weighed:
    """Both ways beside each other; cold hours per person, each of shape (groups,)."""

    back_in_time: Floats  # probability that heat is back by the deadline, not back when due
    hold_early: Floats  # H1: held, heat back by the deadline
    drain_early: Floats  # D1
    hold_late: Floats  # H2: held, heat back later
    drain_late: Floats  # D2
    frozen: Floats  # probability that a held building freezes

    @property
    def hold(self) -> Floats:
        """Expected cold hours per person if the building is held."""
        return self.back_in_time * self.hold_early + (1 - self.back_in_time) * self.hold_late

    @property
    def drain(self) -> Floats:
        """Expected cold hours per person if it is drained."""
        return self.back_in_time * self.drain_early + (1 - self.back_in_time) * self.drain_late

    @property
    def drains(self) -> Bools:
        """Whether draining costs less."""
        return np.asarray(self.drain < self.hold)

    @property
    def indifference(self) -> Floats:
        """Return q*: the probability of heat by the deadline at which both cost the same.

        0 where holding costs less even if heat is late, 1 where draining costs less even if it is
        in time.
        """
        saved = np.maximum(self.hold_late - self.drain_late, 0.0)
        lost = np.maximum(self.drain_early - self.hold_early, 0.0)
        total = saved + lost
        return np.where(total > 0.0, saved / np.maximum(total, _LEAST), 0.0)


def weigh(
    restoration: Restoration,
    cold: ColdCurve,
    *,
    plug_hours: Floats,
    due_hours: Floats,
    deadline_hours: Floats,
    scenario_weight: Floats,
    delay: Chances,
    repair: Chances,
    band_weight: Floats = BAND_WEIGHTS,
) -> Weighed:
    """Compare holding with draining, given that heat is not back when the decision is due.

    Parameters
    ----------
    restoration : Restoration
        Hours from the stop; its arrays are (groups,) or single numbers.
    cold : ColdCurve
        Cold hours per person over the hour at which homes get heat.
    plug_hours : array (3, scenarios, groups)
        When the weakest pipe plugs; inf for never. Where it has when the decision is due, the
        building is lost either way and does not count.
    due_hours : array (groups,)
        The latest moment at which draining can begin.
    deadline_hours : array (groups,)
        The moment that q* speaks of: when draining must be done.
    scenario_weight : array (scenarios,)
        Of forecasts.
    delay, repair : Chances
        How much later a drained building gets its heat, and a frozen one.
    band_weight : array (bands,)
        Of the first axis of every array.

    Returns
    -------
    Weighed

    **Source**: decision analysis with two actions; see the module docstring.
    **Leaves out**: what is learned after the decision is due; a building drained late; pipes that
    plug but do not burst; how many others are being repaired.
    """
    left = Later(restoration, due_hours)
    plug = np.maximum(plug_hours, due_hours)
    deadline = np.broadcast_to(np.maximum(deadline_hours, due_hours), plug.shape)
    in_between = plug <= deadline  # between the two: frozen, and by the deadline; else neither
    none = np.zeros_like(in_between)
    frozen = np.stack((none, in_between, ~none))
    early = np.stack((~none, in_between, none))
    ends = np.stack((np.minimum(plug, deadline), np.maximum(plug, deadline)))
    zero = np.zeros(plug.shape)
    edges = np.stack((zero, *left.probability(ends), zero + 1.0))
    hold, drain = _costs(left, edges, cold, frozen, delay, repair)
    weight = band_weight[:, None, None] * np.asarray(scenario_weight)[:, None]
    weight = weight * np.where(plug_hours > due_hours, 1.0, _LEAST)
    chance = weight * np.maximum(np.diff(edges, axis=0), _LEAST)

    def mean(values: Floats, which: Bools) -> Floats:
        own = np.where(which, chance, 0.0)
        return np.asarray((own * values).sum(axis=_DRAWS) / own.sum(axis=_DRAWS))

    return Weighed(
        back_in_time=mean(early.astype(float), ~none),
        hold_early=mean(hold, early),
        drain_early=mean(drain, early),
        hold_late=mean(hold, ~early),
        drain_late=mean(drain, ~early),
        frozen=mean(frozen.astype(float), ~none),
    )


#: Axes of parts of the distribution, of the band and of scenarios, which are averaged over.
_DRAWS = (0, 1, 2)


def _costs(
    left: Later, edges: Floats, cold: ColdCurve, frozen: Bools, delay: Chances, repair: Chances
) -> tuple[Floats, Floats]:
    """Mean cost of holding and of draining in each part of a distribution, like ``frozen``.

    ``edges`` are the probabilities between parts, (parts + 1, 3, scenarios, groups).
    """
    # Midpoints of s with a probability of 1 - (1 - s)^2: closer together towards long waits.
    open_ = (1.0 - (np.arange(_POINTS) + 0.5) / _POINTS).reshape(-1, *(1,) * edges.ndim)
    back = left.hours(edges[:-1] + np.diff(edges, axis=0) * (1.0 - open_**2))
    each = 2.0 * open_ / _POINTS
    drained = cold.later(delay.hours, delay.weight)
    mended = cold.later(repair.hours, repair.weight)
    hold = np.where(frozen, mended.at(back), cold.at(back))
    return (each * hold).sum(axis=0), (each * drained.at(back)).sum(axis=0)
