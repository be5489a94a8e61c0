"""How long homes are below thresholds within a step, by compiled loops.

The closed forms of `keepwarm.warmth.crossing`, which the tests hold them against; homes that stay
above the highest threshold cost nothing.
"""

from __future__ import annotations

import math

from keepwarm.case.nouns import Floats, Ints
from keepwarm.compiled import compiled, inlined


@compiled
def add_cold(
    start: Floats,
    limit: Floats,
    tau: Floats,
    weight: Floats,
    thresholds: Floats,
    began: float,
    hours: float,
    first: Floats,
    below: Floats,
    degree: Floats,
) -> None:
    """Add one step of one cohort to what a run keeps, in place.

    Parameters
    ----------
    start, limit, tau
        Shape (3, homes): operative temperature at the start and after infinite time, degC, and its
        time constant, h.
    weight
        Shape (homes,): share of the home's buildings that are in this cohort.
    thresholds
        Shape (thresholds,), degC.
    began, hours
        The hour at which the step begins, and its length.
    first
        Shape (3, homes, thresholds): first hour below, NaN while there is none.
    below, degree
        Shape (3, homes, thresholds): hours and degree-hours below, by weight.
    """
    bands, homes = start.shape
    highest = -math.inf
    for k in range(thresholds.size):
        highest = max(highest, thresholds[k])
    for b in range(bands):
        for h in range(homes):
            coldest = min(start[b, h], limit[b, h])
            if weight[h] <= 0.0 or coldest >= highest:
                continue
            gone = -1.0  # what is left after the step, once it is asked for
            for k in range(thresholds.size):
                threshold = thresholds[k]
                if coldest >= threshold:
                    continue
                begin, end = _span(start[b, h], limit[b, h], tau[b, h], threshold, hours)
                if begin < end and not first[b, h, k] <= began + begin:
                    first[b, h, k] = began + begin
                below[b, h, k] += weight[h] * (end - begin)
                if gone < 0.0 and end == hours:
                    gone = math.exp(-hours / tau[b, h])
                left = 1.0 if begin == 0.0 else math.exp(-begin / tau[b, h])
                left -= gone if end == hours else math.exp(-end / tau[b, h])
                lack = (threshold - limit[b, h]) * (end - begin)
                degree[b, h, k] += weight[h] * (
                    lack - (start[b, h] - limit[b, h]) * tau[b, h] * left
                )


@compiled
def add_people_below(
    start: Floats,
    limit: Floats,
    tau: Floats,
    people: Floats,
    place: Ints,
    thresholds: Floats,
    hours: float,
    below: Floats,
) -> None:
    """Add the person-hours below thresholds of one step to ``below``, (places, thresholds).

    Parameters
    ----------
    start, limit, tau, people, place
        Of as many homes as there are of ``people``; the others may be longer.
    """
    highest = -math.inf
    for k in range(thresholds.size):
        highest = max(highest, thresholds[k])
    for h in range(people.size):
        coldest = min(start[h], limit[h])
        if people[h] <= 0.0 or coldest >= highest:
            continue
        for k in range(thresholds.size):
            if coldest < thresholds[k]:
                begin, end = _span(start[h], limit[h], tau[h], thresholds[k], hours)
                below[place[h], k] += people[h] * (end - begin)


@compiled
def add_hours_below(
    start: Floats, limit: Floats, tau: Floats, threshold: float, hours: float, below: Floats
) -> None:
    """Add hours below one threshold within a step to ``below``; all arrays are (rows, homes)."""
    rows, homes = start.shape
    for r in range(rows):
        for h in range(homes):
            if min(start[r, h], limit[r, h]) < threshold:
                begin, end = _span(start[r, h], limit[r, h], tau[r, h], threshold, hours)
                below[r, h] += end - begin


@inlined
def _span(
    start: float, limit: float, tau: float, threshold: float, hours: float
) -> tuple[float, float]:
    """Begin and end of the one spell below the threshold within the step."""
    if start >= threshold and limit >= threshold:
        return hours, hours
    if start < threshold and limit <= threshold:
        return 0.0, hours
    time = min(tau * math.log((start - limit) / (threshold - limit)), hours)
    return (time, hours) if start >= threshold else (0.0, time)
