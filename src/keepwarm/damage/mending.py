"""Who mends what a season's hits leave: crews and spares, carried from each wave to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from keepwarm.case.nouns import Bools, Case, Damage, DamageRow, Floats, Ints
from keepwarm.case.plan import NO_TIME, Plan
from keepwarm.damage.begun import as_begun
from keepwarm.damage.crews import Workforce, repaired, workforce
from keepwarm.damage.events import Hits
from keepwarm.damage.hazard import SHORTEST, Hazard
from keepwarm.damage.mending_steps import mend
from keepwarm.damage.outages import Outages
from keepwarm.damage.planned import planned_schedule
from keepwarm.damage.quantiles import triangle
from keepwarm.damage.tasks import LIKELY, Tasks, tasks_of

_HOUR = np.timedelta64(3600, "s")
#: Of one kind no more spares are followed than this.
_MOST_SPARES = 4096


@dataclass(frozen=True)
class Menders:
    """Crews, spares and what each asset's repair takes; hours count from the season's start."""

    tasks: Tasks  # one for each asset that a hazard may hit
    force: Workforce  # crews where and when the season finds them
    task: Ints  # (assets,) index into tasks, -1 for none
    spare: Ints  # (tasks,) kind of spare, -1 where none is needed or spares are not counted
    spares: Floats  # (kinds, most) when spares are there, rising, inf for none
    restart_hours: Floats  # (tasks,)


def menders_of(case: Case, hazard: Hazard, start: np.datetime64) -> Menders:
    """Return who mends what, and what there is to mend it with.

    Parameters
    ----------
    case : Case
        Hours, crews that must work together, order and parts of repairs as `tasks_of` has them. A
        trade that no crew of the case has, and every trade where it has no crews, is that of
        others, of whom there are enough. Spares are counted where the case has spares.csv.
    hazard : Hazard
        Whose exposed assets may need a repair.
    start : numpy.datetime64
        First step of the season, naive UTC.
    """
    exposed = [one.exposed.asset for one in hazard.hazards if one.on]
    assets = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *exposed]))
    rows = tuple(DamageRow(start, asset, 0.0, NO_TIME, "", "") for asset in assets.tolist())
    tasks = tasks_of(case, rows, start)
    force = workforce(case, tasks)
    task = np.full(len(case.network.assets), -1, dtype=np.int64)
    task[tasks.asset] = np.arange(len(tasks))
    kinds = sorted({kind for kind in tasks.spare if kind}) if case.resources.spares else []
    return Menders(
        tasks=tasks,
        force=force,
        task=task,
        spare=np.array(
            [kinds.index(kind) if kind in kinds else -1 for kind in tasks.spare], dtype=np.int64
        ),
        spares=_spares(case, kinds, start),
        restart_hours=case.network.assets.restart_hours[tasks.asset],
    )


def after_plan(
    case: Case,
    hazard: Hazard,
    damage: Damage,
    plan: Plan,
    start: np.datetime64,
    *,
    hours: Floats | None = None,
) -> tuple[Damage, Menders]:
    """Return a damage list with the ends a plan comes to, and its crews as they are then.

    What the plan names is mended in its order, as by `carried_out`; each crew is free for what
    happens later once it has done its last repair of the plan.

    Parameters
    ----------
    case, hazard, start
        As for `menders_of`.
    damage : tuple of DamageRow
        That the plan was made for.
    plan : Plan
        Its order; made before the season or in it.
    hours : array, optional
        (tasks,) of work, the tasks being those of `as_begun`; the likely ones by default.

    **Leaves out**: a repair of the plan whose asset is hit again goes on, and the new damage is
    mended after it, by whoever is free.
    """
    begun = as_begun(case, damage, plan.begun, plan.made_at)
    schedule, own = planned_schedule(begun, plan, hours=hours), begun.tasks
    menders = menders_of(begun.case, hazard, start)
    late = float((plan.made_at - start) / _HOUR)
    free, place = menders.force.free.copy(), menders.force.place.copy()
    spares = menders.spares.copy()
    done = np.flatnonzero(np.isfinite(schedule.end))
    for task in done[np.argsort(schedule.end[done], kind="stable")].tolist():
        crews = [crew for crew in schedule.crew[task].tolist() if crew >= 0]
        free[crews] = np.maximum(free[crews], schedule.end[task] + late)
        place[crews] = own.place[task]
        kinds = [
            kind
            for kind, name in zip(menders.spare, menders.tasks.spare, strict=True)
            if name == own.spare[task] and kind >= 0
        ]
        if kinds:
            spares[kinds[0]] = np.append(spares[kinds[0], 1:], np.inf)
    force = replace(menders.force, free=free, place=place)
    return (
        repaired(own, schedule, begun.damage),
        replace(menders, force=force, spares=spares),
    )


def mended(
    menders: Menders, hazard: Hazard, hits: Hits, *, samples: int, drawn: bool = True
) -> Outages:
    """Return when what was hit is out, crews and spares going from one wave to the next.

    At each hour at which something is hit, a crew is free, a spare comes or a place opens, those
    who wait are looked at in the order of the hazard file (whoever was hit first, or least expected
    work first); each whose spare is there gets, of the idle crews of its trade, the one that is
    done first. Nobody knows what will be hit later, nor what a repair will take.

    - Hit again while it waits: one repair, the longer of the two.
    - Hit again while it is worked at: work begins anew; the spare in it is gone.
    - What no crew of the case is for is begun at once, each hit that comes back by itself too.

    Parameters
    ----------
    menders : Menders
        From `menders_of` or `after_plan`.
    hazard : Hazard
        That the hits were drawn from.
    hits : Hits
        Of ``samples`` samples.
    samples : int
        How many there are.
    drawn : bool
        Whether hours of work are drawn from their triangles, or the likely ones.

    Returns
    -------
    Outages
        Caused by the number of the event; a part that is back earlier is a row of its own.

    **Leaves out**: a crew on its way that would be nearer than an idle one; help from other
    crews for random failures, whose times to repair are their own.
    """
    tasks, force, count = menders.tasks, menders.force, len(hits)
    task = menders.task[hits.asset]
    crewed, hours = _hours(menders, hazard, hits, task)
    work = triangle(hours, hits.luck) if drawn else hours[LIKELY].copy()
    begin, end = np.full((2, count), np.inf)
    joins, became = np.zeros((2, count), dtype=np.int64)
    first = np.searchsorted(hits.sample, np.arange(samples + 1))
    together = force.most_together(tasks)
    mend(
        first,
        hits.begin,
        task,
        work.copy(),
        hours[LIKELY].copy(),
        crewed,
        hazard.order == SHORTEST,
        force.task_place,
        force.task_trade,
        tasks.team,
        menders.spare,
        force.task_after,
        force.closed,
        force.trade,
        force.until,
        force.shift,
        force.travel,
        menders.spares,
        force.free,
        force.place,
        np.empty(len(force.free)),
        np.empty(len(force.free), dtype=np.int64),
        np.empty(len(menders.spares), dtype=np.int64),
        np.empty(len(tasks), dtype=np.int64),
        np.empty(int(np.diff(first).max(initial=0)), dtype=np.int64),
        np.empty(count),
        became,
        joins,
        np.full((count, together), -1, dtype=np.int64),
        begin,
        end,
    )
    return _outages(menders, hits, task, crewed, begin, end)


def _hours(menders: Menders, hazard: Hazard, hits: Hits, task: Ints) -> tuple[Bools, Floats]:
    """Return which hits are repairs, and low, likely and high hours of each hit, (3, hits)."""
    hours, crewed = np.zeros((3, len(hits))), np.zeros(len(hits), dtype=np.bool_)
    for index, one in enumerate(hazard.hazards):
        mine = np.flatnonzero(hits.hazard == index)
        row = hits.severity[mine]
        is_task = np.array([own.crewed for own in one.severities], dtype=np.bool_)[row]
        scale = np.array([own.repair_scale for own in one.severities])[row]
        given = np.array([own.hours for own in one.severities]).reshape(-1, 3)[row].T
        crewed[mine] = is_task
        hours[:, mine] = np.where(is_task, menders.tasks.hours[:, task[mine]] * scale, given)
    return crewed, hours


def _outages(
    menders: Menders, hits: Hits, task: Ints, crewed: Bools, begin: Floats, end: Floats
) -> Outages:
    tasks = menders.tasks
    whole = end + np.where(crewed, menders.restart_hours[task], 0.0)
    rest = tasks.hours[LIKELY] - tasks.partial_hours
    share = tasks.partial_share[task]
    # Reckoned from the end, as a plan's carrying out does.
    back = np.maximum(np.maximum(begin, end - rest[task]), hits.begin)
    part = np.flatnonzero(crewed & np.isfinite(end) & (rest[task] > 0) & (share > hits.left))
    until = whole.copy()
    until[part] = back[part]
    rows = np.concatenate([np.arange(len(hits)), part])
    begins = np.concatenate([hits.begin, back[part]])
    order = np.lexsort((begins, hits.asset[rows], hits.sample[rows]))
    row = rows[order]
    return Outages(
        sample=hits.sample[row],
        asset=hits.asset[row],
        begin=begins[order],
        end=np.concatenate([until, whole[part]])[order],
        left=np.concatenate([hits.left, share[part]])[order],
        cause=hits.event[row],
    )


def _spares(case: Case, kinds: Sequence[str], start: np.datetime64) -> Floats:
    """Return when spares are there, (kinds, most), rising, inf for none."""
    there = [
        sorted(
            0.0
            if np.isnat(one.available_from)
            else max(0.0, float((one.available_from - start) / _HOUR))
            for one in case.resources.spares
            if one.kind == kind
            for _ in range(min(one.count, _MOST_SPARES))
        )[:_MOST_SPARES]
        for kind in kinds
    ]
    most = max((len(own) for own in there), default=0)
    hours = np.full((max(len(kinds), 1), max(most, 1)), np.inf)
    for row, own in enumerate(there):
        hours[row, : len(own)] = own
    return hours
