"""Where one mobile unit stands when: the best way over sites, by dynamic programming.

A unit serves the site where it stands, or is on the way and serves nobody. What is left open at the
sites is known step by step, so the best itinerary is found exactly, from the last step back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Floats, Ints

#: Differences below this are none.
_NONE = 1e-9


@dataclass(frozen=True)
class Start:
    """Where a unit is when a plan is made, and from when on it can be used, in hours."""

    place: int  # region, the last one standing for unknown
    ready: float
    site: int = -1  # at which it stands ready to work from ``ready`` on; -1: at none


@dataclass(frozen=True)
class Stay:
    """A unit at a site; hours from when the plan is made."""

    site: int
    leaves: float  # where it was before, NaN: it stands there already
    begin: float  # when it works
    end: float  # when it leaves; inf: it stays


@dataclass(frozen=True)
class Ways:
    """What moving takes."""

    hours: Floats  # (places, places) on the way and to connect
    place: Ints  # (sites,)
    cost: Floats  # (sites,) what a move there must bring beyond what staying would
    step_hours: float


def best_itinerary(gain: Floats, ways: Ways, start: Start) -> tuple[float, list[Stay]]:
    """Return what the best itinerary is worth, and its stays.

    Parameters
    ----------
    gain
        Shape (sites, steps): what the unit is worth at a site in a step.
    ways
        Between sites. The first way, from where the unit is kept, costs nothing but time.
    start
        Where the unit is.

    **Leaves out**: arrivals within a step count from the next one on.
    """
    sites, steps = gain.shape
    if not sites:
        return 0.0, []
    value, go, goes = _values(gain, ways)
    at, stays = start.site, list[Stay]()
    if at >= 0:
        t = int(_step(start.ready, ways.step_hours))
        worth = float(value[min(t, steps), at])
        stays.append(Stay(at, np.nan, start.ready, np.inf))
    else:
        arrives = start.ready + ways.hours[start.place, ways.place]
        step = np.minimum(_step(arrives, ways.step_hours), steps)
        at = int(value[step, np.arange(sites)].argmax())
        t, worth = int(step[at]), float(value[step[at], at])
        stays.append(Stay(at, start.ready, float(arrives[at]), np.inf))
    while t < steps:
        if not go[t, ways.place[at]] > value[t + 1, at] + gain[at, t] + _NONE:
            t += 1
            continue
        place = int(goes[t, ways.place[at]])
        leaves = float(t * ways.step_hours)
        begin = leaves + float(ways.hours[ways.place[at], place])
        t = min(t + max(1, int(_step(begin - leaves, ways.step_hours))), steps)
        net = np.where(ways.place == place, value[t] - ways.cost, -np.inf)
        at = int(net.argmax())
        stays[-1] = Stay(stays[-1].site, stays[-1].leaves, stays[-1].begin, leaves)
        stays.append(Stay(at, leaves, begin, np.inf))
    return worth, stays


def _values(gain: Floats, ways: Ways) -> tuple[Floats, Floats, Ints]:
    """Return the worth of standing at a site from a step on, and of the best move from a place.

    (steps + 1, sites), (steps, places), and where that move goes, (steps, places).
    """
    sites, steps = gain.shape
    places = len(ways.hours)
    value = np.zeros((steps + 1, sites))
    arriving = np.full((steps + 1, places), -np.inf)  # of being at a place, its best site chosen
    go, goes = np.full((steps, places), -np.inf), np.zeros((steps, places), dtype=np.int64)
    later = np.maximum(_step(ways.hours, ways.step_hours), 1)
    everywhere = np.arange(places)
    for t in range(steps - 1, -1, -1):
        then = np.minimum(t + later, steps)
        options = arriving[then, everywhere]
        goes[t] = options.argmax(axis=1)
        go[t] = options[everywhere, goes[t]]
        value[t] = np.maximum(gain[:, t] + value[t + 1], go[t, ways.place])
        np.maximum.at(arriving[t], ways.place, value[t] - ways.cost)
    return value, go, goes


def _step(hours: Floats | float, step_hours: float) -> Ints:
    return np.asarray(np.ceil(np.asarray(hours) / step_hours - _NONE), dtype=np.int64)
