"""What a plan tells a season: who is cut when, whose pumps a generator runs, who is drained.

Repairs need no orders: they are availability, and so are mobile boilers and generators that feed a
bus.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Bools, Case, Floats, RotationGroups, Times
from keepwarm.case.plan import Plan
from keepwarm.case.rotation import rotation_of
from keepwarm.case.times import share_of_steps
from keepwarm.case.timetable import Timetable
from keepwarm.network import Bounds, Needs, Template
from keepwarm.season.corridor import HOUSEHOLD, Corridor

_HOUR = np.timedelta64(3600, "s")
#: A stop that begins so much later than a plan expected is still the one it means.
_SAME_STOP = np.timedelta64(2 * 3600, "s")


@dataclass(frozen=True)
class StepOrders:
    """What a plan tells one step, the same for all samples."""

    cut: Floats  # (needs,) share that is cut whatever there is
    backed: Floats  # (groups,) share of substations that a mobile generator runs
    decided: Bools  # (groups,) the plan says whether it is drained, not the case's policy
    drain_rank: Floats  # (groups,) whom crews go to first, inf: not to be drained now
    stopped_hours: Floats  # (groups,) at the step's end: a stop no shorter is the one meant
    by_crews: Floats  # (groups,) buildings that the plan's crews drain, NaN: the city's do


@dataclass(frozen=True)
class Orders:
    """What a plan tells every step of a season, counted from its first."""

    cut: Floats  # (steps, needs)
    backed: Floats  # (steps, groups)
    decided: Bools  # (steps, groups)
    drain_rank: Floats  # (steps, groups)
    stopped_hours: Floats  # (steps, groups)
    by_crews: Floats  # (steps, groups)

    def at(self, step: int) -> StepOrders:
        """Return the orders of one step."""
        return StepOrders(**{name: table[step] for name, table in vars(self).items()})


def orders_of(corridor: Corridor, plan: Plan, first: int, steps: int) -> Orders:
    """Return what a plan tells the steps of a season.

    Parameters
    ----------
    corridor
        The prepared case.
    plan
        Its drains, deployments to building groups, and timetable. Before it was made it says
        nothing; what it names that the case does not have is passed over.
    first
        Row of the case's snapshots where the season starts.
    steps
        Of the season.

    **Leaves out**: cuts without notice (emergency slots): who is cut then is nobody's plan, and
    dispatch shares the shortage.
    """
    case, groups = corridor.case, corridor.groups
    times = case.network.snapshots[first : first + steps]
    backed = np.zeros((steps, groups))
    place = {name: g for g, name in enumerate(case.buildings.group)}
    for one in plan.deployments:
        at = place.get(one.target, -1)
        if one.kind != "generator" or at < 0:
            continue
        share = min(1.0, one.people / max(float(case.buildings.people[at]), 1e-9))
        during = share_of_steps(times, case.network.step_hours, one.begin, one.end)
        backed[:, at] = np.minimum(1.0, backed[:, at] + share * during)
    cut = np.zeros((steps, len(corridor.template.needs)))
    if plan.timetable is not None:
        cut = planned_cuts(case, corridor.template.needs, plan.timetable, first, steps)
    return Orders(cut, backed, **_told_to_drain(case, plan, times))


def _told_to_drain(case: Case, plan: Plan, times: Times) -> dict[str, np.ndarray]:
    """Return what a plan says of draining, by the fields of `Orders`, each (steps, groups).

    It means the stop that its line is about: of a later one, after water has flowed again, the plan
    knew nothing, and the case's policy decides. A line of an earlier plan holds until the next was
    made.
    """
    dt, place = case.network.step_hours, {name: g for g, name in enumerate(case.buildings.group)}
    shape = (len(times), len(place))
    decided, rank = np.zeros(shape, dtype=np.bool_), np.full(shape, np.inf)
    least, crews = np.zeros(shape), np.full(shape, np.nan)
    since = [plan.made_at if np.isnat(one.decided) else one.decided for one in plan.drains]
    ends = (times - times[0]) / _HOUR + dt
    for order, entry in enumerate(plan.drains):
        at = place.get(entry.group, -1)
        if at < 0:
            continue
        later = [moment for moment in {*since, plan.made_at} if moment > since[order]]
        holds = (times >= since[order]) & ((times < min(later)) if later else True)
        decided[holds, at] = True
        now = holds & entry.drain & (times >= entry.begin)
        rank[holds, at] = np.where(now, order, np.inf)[holds]
        meant = entry.freezes if np.isnat(entry.stopped) else entry.stopped + _SAME_STOP
        if not np.isnat(meant):
            least[holds, at] = np.maximum(ends - float((meant - times[0]) / _HOUR), 0.0)[holds]
        if entry.crews and entry.end > entry.begin:
            hours = float((entry.end - entry.begin) / _HOUR)
            crews[now, at] = entry.buildings / hours * dt
    return {"decided": decided, "drain_rank": rank, "stopped_hours": least, "by_crews": crews}


def planned_cuts(case: Case, needs: Needs, table: Timetable, first: int, steps: int) -> Floats:
    """Return the share of each need that a timetable cuts in each step, (steps, needs).

    Power of households at the feeders of a rotation group, as long as it is off for certain.
    Critical needs have feeders of their own, and industry goes short before any household does.
    """
    groups, member = rotation_on_buses(case)
    off = _share_off(table, case, first, steps)
    row = {name: at for at, name in enumerate(table.groups)}
    by_group = np.zeros((steps, len(groups)))
    for at, name in enumerate(groups.name):
        if name in row and not groups.exempt[at]:
            by_group[:, at] = off[:, row[name]]
    on_bus = by_group @ member.T
    power = np.array([carrier == "power" for carrier in case.network.buses.carrier], dtype=np.bool_)
    cuttable = (needs.tier == HOUSEHOLD) & power[needs.bus]
    return np.where(cuttable, np.minimum(on_bus[:, needs.bus], 1.0), 0.0)


def rotation_on_buses(case: Case) -> tuple[RotationGroups, Floats]:
    """Return the rotation groups, and the share of each bus's people in each, (buses, groups).

    Without rotation.csv and without people on a bus its need is spread evenly over the default
    groups, but for what is exempt.
    """
    groups, share = rotation_of(case.rotation, case.settings, case.buildings)
    buildings, buses = case.buildings, len(case.network.buses)
    people, total = np.zeros((buses, share.shape[1])), np.zeros(buses)
    on = buildings.power_bus >= 0
    np.add.at(people, buildings.power_bus[on], buildings.people[on, None] * share[on])
    np.add.at(total, buildings.power_bus[on], buildings.people[on])
    member = np.divide(people, total[:, None], out=np.zeros_like(people), where=total[:, None] > 0)
    if not len(case.rotation):
        even = (1.0 - case.settings.number("rotation.exempt_share")) / share.shape[1]
        member[total <= 0] = even
    return groups, member


def cut_bounds(template: Template, bounds: Bounds, need_mw: Floats, cut: Floats) -> Bounds:
    """Return the bounds of a step with planned cuts: that much of a need is shed at least.

    Parameters
    ----------
    need_mw
        Shape (samples, needs).
    cut
        Shape (needs,).
    """
    if not cut.any():
        return bounds
    lower = bounds.lower.copy()
    shed = np.repeat(need_mw * cut / template.steps, template.steps, axis=-1)
    lower[..., template.columns.shed] = np.minimum(shed, bounds.upper[..., template.columns.shed])
    return Bounds(lower, bounds.upper, bounds.rhs)


def _share_off(table: Timetable, case: Case, first: int, steps: int) -> Floats:
    """Return the share of each step for which each group of a timetable is off for certain."""
    dt = case.network.step_hours
    begin = float((case.network.snapshots[first] - table.start) / _HOUR)
    edges = np.arange(len(table) + 1) * table.slot_hours
    certain = table.off & ~table.emergency
    known = np.concatenate(
        [np.zeros((len(table.groups), 1)), np.cumsum(certain * table.slot_hours, axis=1)], axis=1
    )
    starts = begin + dt * np.arange(steps + 1)
    until = np.array([np.interp(starts, edges, row) for row in known])
    return np.asarray(np.diff(until, axis=1).T / dt)
