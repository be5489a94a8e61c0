"""A plan's repairs carried out: the ends they give to a damage list."""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import Case, Damage, Floats
from keepwarm.case.plan import Plan
from keepwarm.damage.crews import Schedule, Workforce, repaired, workforce
from keepwarm.damage.tasks import LIKELY, Tasks, tasks_of
from keepwarm.errors import Fault, InputError, nearest

_HOUR = np.timedelta64(3600, "s")


def carried_out(case: Case, damage: Damage, plan: Plan, *, hours: Floats | None = None) -> Damage:
    """Return a damage list with the ends that a plan's repairs come to.

    Parameters
    ----------
    case : Case
        With the crews and spares of the plan.
    damage : tuple of DamageRow
        Rows that begin after the plan was made stay as they are: no plan knows of them.
    plan : Plan
        Its repairs in order; an asset that is not damaged, or already has an end, is passed over;
        damage that the plan does not name is not mended.
    hours : array, optional
        (tasks,) of work, the tasks being those of `tasks_of`; the likely ones by default.

    Raises
    ------
    InputError
        When the plan names assets or crews that the case does not have.
    """
    tasks = tasks_of(case, damage, plan.made_at)
    force = workforce(case, tasks)
    schedule = planned_schedule(case, tasks, force, plan, hours=hours)
    return repaired(tasks, schedule, damage)


def planned_schedule(
    case: Case, tasks: Tasks, force: Workforce, plan: Plan, *, hours: Floats | None = None
) -> Schedule:
    """Return when the tasks of a damage list are worked at under a plan; see `carried_out`."""
    _refuse_unknown(case, force, plan)
    place = {case.network.assets.name[asset]: at for at, asset in enumerate(tasks.asset.tolist())}
    crews = {crew.name: at for at, crew in enumerate(force.crews)}
    order, given = list[int](), np.full(len(tasks), -1, dtype=np.int64)
    ready = np.full(len(tasks), np.inf)
    for entry in plan.repairs:
        at = place.get(entry.asset, -1)
        if at < 0 or at in order:
            continue
        order.append(at)
        held = entry.not_before
        ready[at] = 0.0 if np.isnat(held) else max(0.0, float((held - tasks.now) / _HOUR))
        if entry.crews and tasks.team[at] == 1:
            given[at] = crews[entry.crews[0]]
    others = [at for at in range(len(tasks)) if at not in order]
    return force.carry_out(
        tasks,
        np.array([*order, *others], dtype=np.int64),
        tasks.hours[LIKELY] if hours is None else hours,
        given=given,
        ready=ready,
    )


def _refuse_unknown(case: Case, force: Workforce, plan: Plan) -> None:
    faults = []
    names, crews = case.network.assets.name, [crew.name for crew in force.crews]
    for at, entry in enumerate(plan.repairs, start=1):
        if entry.asset not in names:
            found, near = f"'{entry.asset}' is no asset of this case", nearest(entry.asset, names)
            faults.append(Fault("plan", None, f"repair {at}: asset", found, "", near))
        for crew in entry.crews:
            if crew not in crews:
                found, near = f"'{crew}' is no crew of this case", nearest(crew, crews)
                faults.append(Fault("plan", None, f"repair {at}: crews", found, "", near))
    if plan.case and plan.case != case.name:
        found = f"made for the case '{plan.case}'"
        faults.append(Fault("plan", None, "case", found, f"a plan for '{case.name}'"))
    if faults:
        raise InputError(tuple(faults))
