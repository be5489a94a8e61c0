"""Planning on from a run: what is done by then stays done, what is under way goes on."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import Case, Damage
from keepwarm.case.plan import Plan
from keepwarm.case.plan_file import plan_of
from keepwarm.case.resources import Crew, Spare
from keepwarm.damage.crews import Schedule, Workforce, repaired, workforce
from keepwarm.damage.planned import planned_schedule
from keepwarm.damage.tasks import Tasks, tasks_of
from keepwarm.errors import Fault, InputError
from keepwarm.runs.plan_tables import damage_of
from keepwarm.runs.run import Run

_HOUR = np.timedelta64(3600, "s")


@dataclass(frozen=True)
class Standing:
    """How things stand in the middle of a run: the start of a new plan."""

    case: Case  # crews where they are by now, spares that are left
    damage: Damage  # what is mended has its end, all else is open
    at: np.datetime64
    #: Work under way: asset -> the crews at it, and the share of its hours that is left.
    under_way: Mapping[str, tuple[tuple[str, ...], float]]
    plan: Plan | None  # that was carried out until then


def standing_of(case: Case, run: Run, at: np.datetime64, damage: Damage = ()) -> Standing:
    """Return how things stand at a time of a run, with new damage added.

    Parameters
    ----------
    case : Case
        The one that was run.
    run : Run
        With the plan that it carried out, or none.
    at : numpy.datetime64
        A snapshot within the run.
    damage : tuple of DamageRow
        What has happened since; rows that the run had already are passed over.

    Raises
    ------
    InputError
        When the run is of another case, or the time lies outside it.
    """
    _refuse_others(case, run, at)
    old = damage_of(case, run.tables["damage"])
    seen = {(row.asset, row.time) for row in old}
    new = tuple(row for row in damage if (row.asset, row.time) not in seen)
    text = run.manifest.get("plan")
    if not text:
        return Standing(case, (*old, *new), at, {}, None)
    plan = plan_of(tomllib.loads(str(text)), Path("plan of the run"))
    tasks = tasks_of(case, old, plan.made_at)
    force = workforce(case, tasks)
    schedule = planned_schedule(case, tasks, force, plan)
    hours = float((at - plan.made_at) / _HOUR)
    done = schedule.end <= hours
    ended = replace(schedule, end=np.where(done, schedule.end, np.inf))
    names = case.network.assets.name
    hit_again = {row.asset for row in new}
    under_way = {
        names[asset]: (_crews(force, schedule, task), _left(schedule, task, hours))
        for task, asset in enumerate(tasks.asset.tolist())
        if schedule.begin[task] < hours < schedule.end[task] and asset not in hit_again
    }
    moved = replace(
        case.resources,
        crews=_moved(case, force, tasks, schedule, hours),
        spares=_left_over(case.resources.spares, [tasks.spare[t] for t in np.flatnonzero(done)]),
    )
    rows = (*repaired(tasks, ended, old), *new)
    return Standing(replace(case, resources=moved), rows, at, under_way, plan)


def _refuse_others(case: Case, run: Run, at: np.datetime64) -> None:
    answers = run.answers
    if answers["case"] != case.name:
        found = f"a run of the case '{answers['case']}'"
        raise InputError((Fault("from", None, None, found, f"a run of '{case.name}'"),))
    start = np.datetime64(str(answers["start"]).removesuffix("Z"), "s")
    end = start + np.timedelta64(round(float(str(answers["hours"])) * 3600), "s")
    if not start <= at < end or at not in case.network.snapshots:
        expected = f"a snapshot of the run, {start}Z to {end}Z"
        raise InputError((Fault("from", None, None, f"{at}Z", expected),))


def _crews(force: Workforce, schedule: Schedule, task: int) -> tuple[str, ...]:
    return tuple(force.crews[c].name for c in schedule.crew[task].tolist() if c >= 0)


def _left(schedule: Schedule, task: int, hours: float) -> float:
    span = float(schedule.end[task] - schedule.begin[task])
    return 1.0 - (hours - float(schedule.begin[task])) / span


def _moved(
    case: Case, force: Workforce, tasks: Tasks, schedule: Schedule, hours: float
) -> tuple[Crew, ...]:
    """Return the crews where they are: at the last task that they have begun."""
    base = [crew.base for crew in force.crews]
    for task in np.argsort(schedule.begin, kind="stable").tolist():
        if schedule.begin[task] <= hours:
            for crew in schedule.crew[task].tolist():
                if crew >= 0:
                    base[crew] = int(tasks.place[task])
    return tuple(replace(crew, base=place) for crew, place in zip(force.crews, base, strict=True))


def _left_over(spares: tuple[Spare, ...], used: list[str]) -> tuple[Spare, ...]:
    """Return the spares that are left, those there first being used first."""
    left = []
    needed = {kind: used.count(kind) for kind in set(used)}
    for one in sorted(spares, key=_arrival):
        taken = min(one.count, needed.get(one.kind, 0))
        needed[one.kind] = needed.get(one.kind, 0) - taken
        left.append(replace(one, count=one.count - taken))
    return tuple(left)


def _arrival(spare: Spare) -> tuple[bool, str]:
    """Sort spares in stock before those that are to come, in the order in which they do."""
    return not np.isnat(spare.available_from), str(spare.available_from)
