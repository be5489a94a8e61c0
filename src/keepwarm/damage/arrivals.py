"""When events come: a Poisson process, each event of which may draw others after it."""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import Floats
from keepwarm.damage.hazard import Arrivals

_HOURS = 24.0


def arrival_hours(
    draw: np.random.Generator, arrivals: Arrivals, start: np.datetime64, hours: float
) -> Floats:
    """Draw when events come in a season.

    The first ones come as a Poisson process whose rate changes with the month (UTC); each event
    draws a Poisson number of others, each after an exponential time. Nothing that came before the
    season draws anything.

    Parameters
    ----------
    draw
        The stream of one sample and hazard.
    arrivals
        Rates and clustering.
    start
        When the season begins, naive UTC.
    hours
        How long it is.

    Returns
    -------
    array
        Hours from the start, rising.

    **Source**: Hawkes and Oakes, "A cluster process representation of a self-exciting process",
    J. Applied Probability 11, 1974.
    """
    edges, upto = cumulated_rate(arrivals, start, hours)
    waits = draw.exponential(size=_enough(upto[-1]))
    passed = np.cumsum(waits)
    while passed[-1] < upto[-1]:
        more = draw.exponential(size=_enough(upto[-1]))
        passed = np.concatenate([passed, passed[-1] + np.cumsum(more)])
    parents = np.interp(passed[passed < upto[-1]], upto, edges)
    found = [parents]
    while arrivals.children > 0 and len(parents):
        count = draw.poisson(arrivals.children, size=len(parents))
        after = draw.exponential(arrivals.within_hours, size=count.sum())
        parents = np.repeat(parents, count) + after
        parents = parents[parents < hours]
        found.append(parents)
    return np.sort(np.concatenate(found))


def cumulated_rate(arrivals: Arrivals, start: np.datetime64, hours: float) -> tuple[Floats, Floats]:
    """Return hours at which the rate changes, and how many events have come until then on average.

    Events drawn by others are not counted.
    """
    months = start.astype("datetime64[M]") + np.arange(int(hours / (_HOURS * 28)) + 3)
    begins = (months.astype("datetime64[s]") - start) / np.timedelta64(3600, "s")
    edges = np.unique(np.clip(begins, 0.0, hours))
    month = months[np.searchsorted(begins, edges[:-1], side="right") - 1].astype(int) % 12
    rate = arrivals.per_day / _HOURS * arrivals.by_month[month]
    return edges, np.concatenate([[0.0], np.cumsum(rate * np.diff(edges))])


def _enough(mean: float) -> int:
    return int(mean + 6 * np.sqrt(mean) + 10)
