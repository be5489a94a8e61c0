"""Draining by crews: which crews of the trade that drains are at which group, from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from keepwarm.case.nouns import Case, Floats, Ints
from keepwarm.case.plan import PlannedDrain
from keepwarm.case.resources import DRAINING, Crew
from keepwarm.damage.crews import Schedule, Workforce, workforce
from keepwarm.damage.tasks import Tasks
from keepwarm.said.sentence import joined, listed, said

_HOUR = np.timedelta64(3600, "s")
#: Hours of work into which a group is split, so that several crews can be at it.
_PORTION_HOURS = 4.0


def draining_crews(case: Case) -> tuple[Crew, ...]:
    """Return the crews of crews.csv whose trade is draining."""
    return tuple(crew for crew in case.resources.crews if crew.trade == DRAINING)


def buildings_per_hour(case: Case) -> float:
    """Return how many buildings can be drained in an hour, night and day alike.

    By the crews that the case names, else by ``draining.buildings_per_hour``.
    """
    crews, number = draining_crews(case), case.settings.number
    if not crews:
        return number("draining.buildings_per_hour")
    shifts = sum((c.shift_to_hour - c.shift_from_hour) % 24.0 or 24.0 for c in crews) / 24.0
    return float(shifts * number("draining.crew_buildings_per_hour"))


def with_crews(
    case: Case, now: np.datetime64, drains: Sequence[PlannedDrain]
) -> tuple[tuple[PlannedDrain, ...], tuple[str, ...]]:
    """Return a drain list with crews, begin and end, and what is to be said of it.

    Those whose pipes plug first come first. Crews begin at the latest safe start, so that heat may
    still be back before; where they would not be done in time, as soon as they can, and where they
    are too few, those whom they cannot save come last.

    Parameters
    ----------
    case
        Its crews of the trade ``draining``, access.csv and travel.csv.
    now
        When the plan is made.
    drains
        Of `keepwarm.recovery.drains.planned_drains`.

    **Leaves out**: that crews that go earlier than they must take the chance of heat from others.
    """
    crews = draining_crews(case)
    todo = [at for at, one in enumerate(drains) if one.drain]
    if not crews or not todo:
        return tuple(drains), ()
    todo.sort(key=lambda at: (np.isnat(drains[at].freezes), drains[at].freezes))
    rate = case.settings.number("draining.crew_buildings_per_hour")
    portions = [
        (at, drains[at].buildings / rate / count)
        for at in todo
        for count in [max(1, int(np.ceil(drains[at].buildings / rate / _PORTION_HOURS)))]
        for _ in range(count)
    ]
    tasks = _tasks(case, now, [(drains[at].group, hours) for at, hours in portions])
    force = workforce(case, tasks, crews)
    ready = np.array([_hours(now, drains[at].begin) for at, _ in portions])
    due = np.array([_hours(now, drains[at].freezes, np.inf) for at, _ in portions])
    found = _carried_out(force, tasks, np.arange(len(tasks)), ready)
    if (found.end > due).any():
        soonest = np.array([_hours(now, drains[at].stopped) for at, _ in portions])
        found = _most_in_time(force, tasks, np.minimum(ready, soonest), due)
    lines, behind = list(drains), list[tuple[str, float]]()
    for at in todo:
        own = [row for row, (group, _) in enumerate(portions) if group == at]
        lines[at], late_by = _line(drains[at], now, force, found, own, due)
        if late_by > 0:
            behind.append((drains[at].group, late_by))
    if not behind:
        return tuple(lines), ()
    late = [said("drain.late_one", {"group": of, "hours": round(by)}) for of, by in behind]
    return tuple(lines), (said("drain.late", {"names": listed(late, 3)}),)


def _line(
    drain: PlannedDrain,
    now: np.datetime64,
    force: Workforce,
    found: Schedule,
    own: list[int],
    due: Floats,
) -> tuple[PlannedDrain, float]:
    """Return one line with its crews, and by how many hours the last of them is late."""
    end = float(found.end[own].max())
    if not np.isfinite(end):
        return replace(drain, why=joined(drain.why, said("drain.no_crew"))), 0.0
    who = dict.fromkeys(force.crews[crew].name for crew in found.crew[own, 0].tolist())
    begin = float(found.begin[own].min())
    line = replace(drain, begin=_time(now, begin), end=_time(now, end), crews=tuple(who))
    return line, max(end - float(due[own[0]]), 0.0)


def _most_in_time(force: Workforce, tasks: Tasks, ready: Floats, due: Floats) -> Schedule:
    """Return a schedule in which few are late: the longest in the way of the first late one waits.

    After Moore and Hodgson (1968), whose rule is best for one crew without ways.
    """
    first, last = list(range(len(tasks))), list[int]()
    while True:
        found = _carried_out(force, tasks, np.array([*first, *last]), ready)
        late = next((n for n, at in enumerate(first) if found.end[at] > due[at]), None)
        if late is None:
            return found
        longest = max(first[: late + 1], key=lambda at: (tasks.hours[1, at], at))
        first.remove(longest)
        last.append(longest)


def _carried_out(force: Workforce, tasks: Tasks, order: Ints, ready: Floats) -> Schedule:
    return force.carry_out(tasks, order, tasks.hours[1], ready=np.maximum(ready, 0.0))


def _tasks(case: Case, now: np.datetime64, work: Sequence[tuple[str, float]]) -> Tasks:
    """Return draining as tasks of the trade, each for one crew."""
    count, groups = len(work), case.buildings.group
    place = [int(case.buildings.region[groups.index(group)]) for group, _ in work]
    return Tasks(
        now=now,
        asset=np.full(count, -1, dtype=np.int64),
        place=np.array(place, dtype=np.int64),
        trade=(DRAINING,) * count,
        spare=("",) * count,
        team=np.ones(count, dtype=np.int64),
        hours=np.repeat(np.array([[hours for _, hours in work]]), 3, axis=0),
        after=((),) * count,
        left=np.zeros(count),
        since=np.full(count, now),
        partial_hours=np.full(count, np.nan),
        partial_share=np.full(count, np.nan),
        notes=(),
    )


def _hours(now: np.datetime64, time: np.datetime64, missing: float = 0.0) -> float:
    return missing if np.isnat(time) else float((time - now) / _HOUR)


def _time(now: np.datetime64, hours: float) -> np.datetime64:
    moment: np.datetime64 = now + np.timedelta64(round(hours * 3600), "s")
    return moment
