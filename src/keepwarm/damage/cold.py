"""Cold: each asset fails by itself, the more often the colder it is."""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import Case, Floats, Ints
from keepwarm.damage.draws import ARRIVALS, HITS, Draws, Part, nothing
from keepwarm.damage.hazard import Cold, OneHazard

_HOURS = 24.0 * 1000.0


def draw_cold(case: Case, one: OneHazard, draw: Draws, outdoor: Floats, hours: float) -> Part:
    """Draw what fails in the cold of one sample.

    Parameters
    ----------
    case
        Its step.
    one
        Each exposed asset fails at the rate ``per_1000_days_k`` times its weight times the K below
        ``below_degc``; each failure is an event.
    draw
        Random numbers of the sample.
    outdoor
        (steps, regions) degC; assets of no region have the mean.
    hours
        Length of the season.

    **Source**: that generators fail more often in the cold, more so the colder: Murphy, Sowell,
    Apt, "A time-dependent model of generator failures and recoveries captures correlated events and
    quantifies temperature dependence", Applied Energy 253, 2019. That it is linear: assumed.
    """
    cold, step_hours = one.cold, case.network.step_hours
    steps = min(len(outdoor), int(np.ceil(hours / step_hours)))
    if cold is None or not outdoor.shape[1] or not steps:
        return nothing()
    rate = _rates(one, cold, outdoor[:steps])
    upto = np.concatenate([[0.0], np.cumsum(rate.sum(axis=1) * step_hours)])
    passed = _passed(draw.part(ARRIVALS), float(upto[-1]))
    hour = np.interp(passed, upto, np.arange(steps + 1) * step_hours)
    step = np.clip(np.searchsorted(upto, passed, side="right") - 1, 0, steps - 1)
    level = draw.part(HITS).random((len(hour), 4))
    places = np.cumsum(rate[step], axis=1)
    place = (places <= level[:, :1] * places[:, -1:]).sum(axis=1)
    return Part(
        begin=hour,
        came=np.ones(len(hour)),
        through=np.ones(len(hour)),
        event=np.arange(len(hour)),
        exposed=_in_place(one, np.minimum(place, outdoor.shape[1]), level[:, 1]),
        hour=hour,
        level=level[:, 2:],
        luck=draw.luck().random(len(hour)),
    )


def _rates(one: OneHazard, cold: Cold, outdoor: Floats) -> Floats:
    """Return failures an hour, (steps, regions + 1), the last column of assets of no region."""
    below = np.maximum(cold.below_degc - outdoor, 0.0)
    mean = np.maximum(cold.below_degc - outdoor.mean(axis=1, keepdims=True), 0.0)
    regions = outdoor.shape[1] + 1
    weight = np.bincount(one.exposed.region % regions, one.exposed.weight, minlength=regions)
    rate = np.concatenate([below, mean], axis=1) * weight
    return np.asarray(rate * (cold.per_1000_days_k / _HOURS))


def _passed(draw: np.random.Generator, mean: float) -> Floats:
    """Return the points of a Poisson process of rate one up to ``mean``."""
    many = int(mean + 6 * np.sqrt(mean) + 10)
    passed = np.cumsum(draw.exponential(size=many))
    while passed[-1] < mean:
        passed = np.concatenate([passed, passed[-1] + np.cumsum(draw.exponential(size=many))])
    return passed[passed < mean]


def _in_place(one: OneHazard, place: Ints, level: Floats) -> Ints:
    """Return which exposed assets fail, each in its place by weight."""
    exposed = one.exposed
    found = np.zeros(len(place), dtype=np.int64)
    regions = len(one.region_weight)
    for here in np.unique(place).tolist():
        own = np.flatnonzero(exposed.region % regions == here)
        upto = np.cumsum(exposed.weight[own])
        mine = place == here
        at = np.searchsorted(upto, level[mine] * upto[-1], side="right")
        found[mine] = own[np.minimum(at, len(own) - 1)]
    return found
