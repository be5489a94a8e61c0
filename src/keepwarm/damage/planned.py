"""A plan's repairs carried out: the ends they give to a damage list."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from keepwarm.case.nouns import Case, Damage, Floats
from keepwarm.case.plan import Plan
from keepwarm.damage.begun import Begun, as_begun
from keepwarm.damage.crews import Schedule, repaired, workforce
from keepwarm.damage.tasks import LIKELY
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
        (tasks,) of work, the tasks being those of `as_begun`; the likely ones by default.

    Raises
    ------
    InputError
        When the plan names what the case does not have, or a crew of another trade.
    """
    _refuse_unknown(case, plan)
    begun = as_begun(case, damage, plan.begun, plan.made_at)
    schedule = planned_schedule(begun, plan, hours=hours)
    return repaired(begun.tasks, schedule, begun.damage)


def planned_schedule(begun: Begun, plan: Plan, *, hours: Floats | None = None) -> Schedule:
    """Return when tasks are worked at under a plan; see `carried_out`."""
    case, tasks = begun.case, begun.tasks
    force = workforce(case, tasks)
    place = {case.network.assets.name[asset]: at for at, asset in enumerate(tasks.asset.tolist())}
    crews = {crew.name: at for at, crew in enumerate(force.crews)}
    order, given = list[int](), np.full((len(tasks), force.most_together(tasks)), -1)
    ready = np.full(len(tasks), np.inf)
    for entry in plan.repairs:
        at = place.get(entry.asset, -1)
        if at < 0 or at in order:
            continue
        order.append(at)
        held = entry.not_before
        ready[at] = 0.0 if np.isnat(held) else max(0.0, float((held - tasks.now) / _HOUR))
        wanted = [crews[name] for name in entry.crews[: int(tasks.team[at])]]
        given[at, : len(wanted)] = wanted
    others = [at for at in range(len(tasks)) if at not in order]
    return force.carry_out(
        tasks,
        np.array([*order, *others], dtype=np.int64),
        tasks.hours[LIKELY] if hours is None else hours,
        given=given,
        ready=ready,
    )


def _refuse_unknown(case: Case, plan: Plan) -> None:
    faults: list[Fault] = []

    def known(where: str, name: str, names: Sequence[str], noun: str) -> bool:
        if name not in names:
            found, near = f"'{name}' is no {noun} of this case", nearest(name, names)
            faults.append(Fault("plan", None, where, found, "", near))
        return name in names

    assets, groups = case.network.assets, case.buildings.group
    trade = {crew.name: crew.trade for crew in case.resources.crews}
    first = dict[str, int]()
    for at, entry in enumerate(plan.repairs, start=1):
        if first.setdefault(entry.asset, at) < at:
            found = f"'{entry.asset}' is repair {first[entry.asset]} already"
            faults.append(Fault("plan", None, f"repair {at}: asset", found, "each asset once"))
        there = known(f"repair {at}: asset", entry.asset, assets.name, "asset")
        needed = assets.crew[assets.name.index(entry.asset)] if there else ""
        for crew in entry.crews:
            named = known(f"repair {at}: crews", crew, tuple(trade), "crew")
            if named and there and trade[crew] != needed:
                found = f"'{crew}' has the trade '{trade[crew]}'"
                expected = f"'{needed}', for {entry.asset}"
                faults.append(Fault("plan", None, f"repair {at}: crews", found, expected))
    for at, drain in enumerate(plan.drains, start=1):
        known(f"drain {at}: group", drain.group, groups, "building group")
    for at, one in enumerate(plan.deployments, start=1):
        if one.target:
            where = (*case.network.buses.name, *groups)
            known(f"deploy {at}: target", one.target, where, "bus or building group")
    if plan.case and plan.case != case.name:
        found = f"made for the case '{plan.case}'"
        faults = [Fault("plan", None, "case", found, f"a plan for '{case.name}'")]
    if faults:
        raise InputError(tuple(faults))
