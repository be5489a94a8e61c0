"""Mobile units one by one: where each is when a plan is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from keepwarm.case.nouns import Case
from keepwarm.case.plan import Deployment
from keepwarm.case.resources import MobileUnit

_HOUR = np.timedelta64(3600, "s")


@dataclass(frozen=True)
class Placed:
    """One unit, kept at its base, at work, or on its way."""

    unit: MobileUnit
    place: int  # region, the last one standing for unknown
    ready: float  # hours from when the plan is made
    line: Deployment | None = None  # of an earlier plan: where it stands, or is bound for


def placed_units(
    case: Case, now: np.datetime64, before: Sequence[Deployment]
) -> tuple[list[Placed], tuple[Deployment, ...]]:
    """Return the units that there are, and the lines of an earlier plan that are history.

    Parameters
    ----------
    case
        Its mobile.csv.
    now
        When the plan is made.
    before
        Of the plan that was carried out until then. Who works by now stays where it is, who has set
        off gets there; who was still to go is free for another place.
    """
    placed, history = list[Placed](), list[Deployment]()
    left = {unit.name: unit.count for unit in case.resources.mobile}
    kinds = {unit.name: unit for unit in case.resources.mobile}
    for line in before:
        if line.kind == "tanker":
            continue  # they go round anew
        ended = not np.isnat(line.end) and line.end <= now
        if ended and line.begin < now:
            history.append(line)
            continue
        unit = kinds.get(line.unit)
        if unit is None or not _gone(line, now):
            if unit is None and line.begin <= now:
                history.append(line)  # a person's own unit, of which no table tells
            continue
        ready = max(0.0, float((line.begin - now) / _HOUR))
        count = min(line.count, left[line.unit])
        left[line.unit] -= count
        one = _one_of(line)
        place = _place(case, case.regions.name, line.region)
        placed += [Placed(unit, place, ready, one) for _ in range(count)]
    for unit in case.resources.mobile:
        there = 0.0
        if not np.isnat(unit.available_from):
            there = max(0.0, float((unit.available_from - now) / _HOUR))
        place = unit.base if unit.base >= 0 else len(case.regions)
        placed += [Placed(unit, place, there) for _ in range(left[unit.name])]
    return placed, tuple(history)


def _gone(line: Deployment, now: np.datetime64) -> bool:
    """Whether the units of a line work by a time, or have set off."""
    return bool(line.begin <= now or line.leaves < now)


def _one_of(line: Deployment) -> Deployment:
    """Return the line of one of its units."""
    count = max(line.count, 1)
    return replace(
        line,
        count=1,
        capacity_mw=line.capacity_mw / count,
        people=line.people if line.kind == "boiler" else line.people / count,
        litres_per_day=line.litres_per_day / count,
    )


def _place(case: Case, names: Sequence[str], region: str) -> int:
    return list(names).index(region) if region in names else len(case.regions)
