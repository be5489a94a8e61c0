"""The plan that a scenario carries out, as the page shows it: by crew, with its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np

from keepwarm.board.timetable_view import timetable_view
from keepwarm.case.nouns import Case, Damage
from keepwarm.case.plan import Delivery, Deployment, Plan, PlannedDrain, PlannedRepair
from keepwarm.case.times import format_time
from keepwarm.damage.begun import Begun, as_begun
from keepwarm.damage.crews import Schedule, Workforce, workforce
from keepwarm.damage.planned import planned_schedule
from keepwarm.damage.tasks import HIGH, LOW

_SECONDS = 3600


def plan_view(case: Case, damage: Damage, plan: Plan) -> dict[str, object]:
    """Return a plan as plain mappings and lists, with the times that its repairs come to now.

    A repair that was put first or held back by hand moves others: ``begin``, ``end``, ``end_low``
    and ``end_high`` are those of the plan carried out as it stands, with the likely, least and most
    hours of work.

    Parameters
    ----------
    case : Case
        With the crews and spares of the plan.
    damage : tuple of DamageRow
        As the scenario has it, before any repair.
    plan : Plan
        As the scenario carries it out.

    Returns
    -------
    dict
        ``crews`` in the order of crews.csv, with the places of their repairs in ``repairs``;
        ``repairs`` in the order of the plan; ``drains``, ``units``, ``deliveries``,
        ``not_planned``, ``rotation``, ``worth``, ``notes``. Times are UTC texts, None for never.

    Raises
    ------
    InputError
        When the plan names what the case does not have.

    **Leaves out**: where between two places a crew is; ``travel_hours`` is the whole way.
    """
    begun = as_begun(case, damage, plan.begun, plan.made_at)
    repairs = _repairs(begun, plan)
    return {
        "case": plan.case,
        "made_at": time_text(plan.made_at),
        "hours": plan.hours,
        "objective": plan.objective,
        "complete": plan.complete,
        "notes": list(plan.notes),
        "worth": {name: _number(value) for name, value in plan.worth.items()},
        "crews": _crews(case, repairs),
        "repairs": repairs,
        "begun": [_as_planned(one) for one in plan.begun],
        "drains": [_drain(one) for one in plan.drains],
        "units": units_of(plan),
        "deliveries": [_delivery(one) for one in plan.deliveries],
        "not_planned": [{"what": one.what, "why": one.why} for one in plan.not_planned],
        "rotation": None
        if plan.timetable is None
        else timetable_view(plan.timetable, case.time_zone),
    }


def time_text(moment: np.datetime64) -> str | None:
    """Return a time as a UTC text; None for one that never comes."""
    return None if np.isnat(moment) else format_time(moment)


def _repairs(begun: Begun, plan: Plan) -> list[dict[str, object]]:
    """Return the repairs of a plan, each with its crews and times as it is carried out."""
    tasks, names = begun.tasks, begun.case.network.assets.name
    likely = planned_schedule(begun, plan)
    ends = [planned_schedule(begun, plan, hours=tasks.hours[end]).end for end in (LOW, HIGH)]
    task_of = {names[asset]: at for at, asset in enumerate(tasks.asset.tolist())}
    force = workforce(begun.case, tasks)
    ways = _ways(force, likely)
    rows = []
    for order, one in enumerate(plan.repairs):
        task = task_of.get(one.asset)
        row = {**_as_planned(one), "order": order, "passed_over": task is None}
        if task is not None:
            at_work = [crew for crew in likely.crew[task].tolist() if crew >= 0]
            row |= {
                "crews": [force.crews[crew].name for crew in at_work],
                "begin": _after(plan, likely.begin[task]),
                "end": _after(plan, likely.end[task]),
                "end_low": _after(plan, ends[0][task]),
                "end_high": _after(plan, ends[1][task]),
                "travel_hours": max((ways.get((crew, task), 0.0) for crew in at_work), default=0.0),
            }
        rows.append(row)
    return rows


def _ways(force: Workforce, schedule: Schedule) -> dict[tuple[int, int], float]:
    """Return how far each crew has to each of its tasks, h, from where it was before."""
    found = dict[tuple[int, int], float]()
    place = force.place.tolist()
    for task in np.argsort(schedule.begin, kind="stable").tolist():
        if not np.isfinite(schedule.begin[task]):
            continue
        there = int(force.task_place[task])
        for crew in schedule.crew[task].tolist():
            if crew >= 0:
                found[crew, task] = float(force.travel[place[crew], there])
                place[crew] = there
    return found


def _after(plan: Plan, hours: float) -> str | None:
    if not np.isfinite(hours):
        return None
    return format_time(plan.made_at + np.timedelta64(round(float(hours) * _SECONDS), "s"))


def _as_planned(one: PlannedRepair) -> dict[str, object]:
    return {
        "asset": one.asset,
        "crews": list(one.crews),
        "begin": time_text(one.begin),
        "end": time_text(one.end),
        "end_low": time_text(one.end_low),
        "end_high": time_text(one.end_high),
        "not_before": time_text(one.not_before),
        "spare": one.spare,
        "why": one.why,
    }


def _crews(case: Case, repairs: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    """Return the crews of a case, and which repairs (places in the list) each works at."""
    regions = case.regions.name
    return [
        {
            "crew": crew.name,
            "trade": crew.trade,
            "base": regions[crew.base] if crew.base >= 0 else None,
            "shift_from_hour": crew.shift_from_hour,
            "shift_to_hour": crew.shift_to_hour,
            "repairs": [
                at
                for at, one in enumerate(repairs)
                if crew.name in cast("list[str]", one["crews"]) and not one["passed_over"]
            ],
        }
        for crew in case.resources.crews
    ]


def _drain(one: PlannedDrain) -> dict[str, object]:
    return {
        "group": one.group,
        "drain": one.drain,
        "buildings": one.buildings,
        "begin": time_text(one.begin),
        "end": time_text(one.end),
        "freezes": time_text(one.freezes),
        "stopped": time_text(one.stopped),
        "crews": list(one.crews),
        "decided": time_text(one.decided),
        "why": one.why,
    }


def units_of(plan: Plan | None) -> list[dict[str, object]]:
    """Return the mobile units of a plan, a row for each place that they work at."""
    return [_unit(one) for one in (plan.deployments if plan else ())]


def _unit(one: Deployment) -> dict[str, object]:
    return {
        "unit": one.unit,
        "count": one.count,
        "kind": one.kind,
        "region": one.region,
        "target": one.target,
        "leaves": time_text(one.leaves),
        "begin": time_text(one.begin),
        "end": time_text(one.end),
        "capacity_mw": _number(one.capacity_mw),
        "people": _number(one.people),
        "litres_per_day": _number(one.litres_per_day),
        "why": one.why,
    }


def _delivery(one: Delivery) -> dict[str, object]:
    return {
        "tanker": one.tanker,
        "begin": time_text(one.begin),
        "region": one.region,
        "targets": list(one.targets),
        "litres": _number(one.litres),
        "why": one.why,
    }


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
