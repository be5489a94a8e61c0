"""The plan: repairs, drains, deployments and rotation, proposed together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from keepwarm.case.nouns import Case, Damage, Floats
from keepwarm.case.plan import NO_TIME, NotPlanned, Plan, PlannedRepair
from keepwarm.case.timetable import Timetable
from keepwarm.damage.begun import as_begun
from keepwarm.damage.crews import Schedule, repaired, unplanned, workforce
from keepwarm.damage.tasks import HIGH, LOW, Tasks
from keepwarm.recovery.candidates import Candidate, Problem
from keepwarm.recovery.outlook import outlook, time_of_plan
from keepwarm.recovery.parts import carried_on, with_parts
from keepwarm.recovery.reasons import reasons
from keepwarm.recovery.replan import Standing
from keepwarm.recovery.robust import drawn_hours, most_robust
from keepwarm.recovery.rules import Order, any_crew
from keepwarm.recovery.search import Clock, Found, search
from keepwarm.recovery.worth import Cost, Worth
from keepwarm.said.sentence import said

#: Draws of hours of work, and orders compared over them.
_DRAWS, _COMPARED = 6, 4

#: Shares of the time given: looking for an order, and draws of hours beside it; the rest goes to
#: reasons, drains, units and rotation.
_SEARCH, _DRAWING = 0.6, 0.15

#: Where so many seconds are given, every repair gets its reason, however slow the machine is.
_REASONED = 20.0


#: Said of a plan that was stopped before all of its parts were.
_STOPPED = "search.stopped"


@dataclass(frozen=True)
class Progress:
    """How far planning is."""

    stage: str
    seconds: float
    weighed: int
    cold_hours: float  # of the best so far
    bound: float


def plan(
    case: Case,
    damage: Damage,
    *,
    at: np.datetime64 | None = None,
    hours: float | None = None,
    objective: str = "people_cold",
    seconds: float = 60.0,
    most: int | None = None,
    seed: int = 0,
    standing: Standing | None = None,
    start: Plan | None = None,
    before: Timetable | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """Propose what is repaired first, who is drained, where units go and who is cut when.

    Parameters
    ----------
    case : Case
        With crews.csv, spares.csv and what else it has to mend damage with.
    damage : tuple of DamageRow
        What is known: rows without an end are tasks for the crews.
    at : numpy.datetime64, optional
        When the plan is made, a snapshot; once all damage is known by default.
    hours : float, optional
        That the plan is judged by; to the end of the case's own run by default.
    objective : str
        ``people_cold`` or ``energy``; see `keepwarm.recovery.worth.Worth`.
    seconds : float
        About how long to look for something better; Ctrl-C ends it with the best so far.
    most : int, optional
        Ways of repairing to weigh at most: the same plan on every machine.
    seed : int
        Of what is drawn.
    standing : Standing, optional
        To plan on from a run; its case, damage and time are used in place of those given.
    start : Plan, optional
        An earlier plan, whose order of repairs the search begins with.
    before : Timetable, optional
        Of the days before: blocks in progress go on, hours off count. By default that of the run
        that is planned on from.
    progress : callable, optional
        Called again and again with a `Progress`.

    Returns
    -------
    Plan

    Raises
    ------
    InputError
        When ``at`` or ``hours`` lie outside the case.
    """
    if standing is not None:
        case, damage, at = standing.case, standing.damage, standing.at
        if before is None and standing.plan is not None:
            before = standing.plan.timetable
    now = time_of_plan(case, damage) if at is None else at
    problem = problem_of(case, damage, now, hours=hours, objective=objective, standing=standing)
    told = _Told(progress)
    clock = Clock(seconds * _SEARCH, most, told.searching)
    earlier = [one for one in (start, standing.plan if standing else None) if one is not None]
    found = search(problem, clock, seed=seed, start=[_order_of(problem, one) for one in earlier])
    made = _first(problem, found, clock)
    if standing is not None:
        made = replace(made, begun=standing.begun)
    if standing is not None and standing.plan is not None:
        made = carried_on(made, standing.plan)
    try:
        if not clock.interrupted:
            carried = standing.plan if standing is not None else None
            made = _finished(problem, found, made, told, clock, seed, before, carried)
    except KeyboardInterrupt:
        clock.interrupted = True
    if clock.interrupted and not made.complete:
        made = replace(made, notes=(*made.notes, said(_STOPPED)))
    return replace(made, complete=not clock.interrupted)


def _first(problem: Problem, found: Found, clock: Clock) -> Plan:
    """Return the best order found as a plan, without reasons."""
    [nothing] = problem.costs([np.full(len(problem.tasks), np.inf)])
    return Plan(
        case=problem.case.name,
        made_at=problem.tasks.now,
        hours=problem.worth.outlook.steps * problem.case.network.step_hours,
        objective=problem.worth.objective,
        repairs=_repairs(problem, found.best, [""] * len(problem.tasks)),
        not_planned=_not_planned(problem, found.best.schedule),
        notes=(*problem.tasks.notes, *_search_notes(found, clock)),
        worth=_worth(found, nothing),
        complete=False,
    )


def _finished(
    problem: Problem,
    found: Found,
    made: Plan,
    told: _Told,
    clock: Clock,
    seed: int,
    before: Timetable | None,
    earlier: Plan | None,
) -> Plan:
    """Return the plan with the order that does best over draws, reasons, drains and units."""
    best, worth = found.best, dict(made.worth)
    each = clock.spent / max(found.weighed, 1)  # seconds to walk one way of repairing
    affordable = int(_DRAWING * clock.seconds / _SEARCH / each / _DRAWS)
    if len(problem.tasks) > 1:
        told.stage("drawing hours of work", clock, found)
        compared = min(max(affordable, 1), _COMPARED)
        best, regret = most_robust(
            problem, found.others, draws=_DRAWS, seed=seed, compared=compared
        )
        worth |= {
            "cold_person_hours": best.cost.cold_hours,
            "unserved_mwh": sum(best.cost.unserved_mwh.values()),
            "value": best.cost.value,
            "draws": float(regret.draws),
            "cold_person_hours_mean": regret.mean_cold_hours,
            "cold_person_hours_stderr": regret.stderr_cold_hours,
            "regret_mean": regret.mean_regret,
            "regret_worst": regret.worst_regret,
        }
    told.stage("reasons", clock, found)
    given = clock.seconds / _SEARCH
    why = reasons(problem, best, go_on=lambda: given >= _REASONED or clock.spent < given)
    repairs = _repairs(problem, best, why)
    made = replace(
        made,
        repairs=repairs,
        not_planned=_not_planned(problem, best.schedule),
        worth=worth,
    )
    told.stage("drains, units and rotation", clock, found)
    outlook, tasks, filed = problem.worth.outlook, problem.tasks, problem.filed(best)
    drawn = [
        repaired(tasks, problem.schedule(filed, hours), problem.damage)
        for hours in drawn_hours(tasks, _DRAWS, seed)
    ]
    likely = repaired(tasks, best.schedule, problem.damage)
    try:
        whole = with_parts(outlook, made, likely, drawn, earlier=earlier, before=before)
    except KeyboardInterrupt:
        clock.interrupted = True
        return made
    return replace(whole, complete=True)


def problem_of(
    case: Case,
    damage: Damage,
    now: np.datetime64,
    *,
    hours: float | None = None,
    objective: str = "people_cold",
    standing: Standing | None = None,
) -> Problem:
    """Return what is to be repaired, by whom, and how that is judged; see `plan`."""
    begun = as_begun(case, damage, () if standing is None else standing.begun, now)
    case, tasks = begun.case, begun.tasks
    known = tuple(row for row in begun.damage if row.time <= now)
    before = None if standing is None else standing.plan
    worth = Worth(outlook(case, known, now, hours=hours, plan=before), objective)
    crews, crew_of = [crew.name for crew in case.resources.crews], dict[int, int]()
    for task, asset in enumerate(tasks.asset.tolist()):
        at_work = begun.under_way.get(case.network.assets.name[asset])
        if at_work is not None:
            crew_of[task] = crews.index(at_work[0]) if tasks.team[task] == 1 else -1
    return Problem(case, known, tasks, workforce(case, tasks), worth, crew_of)


def _order_of(problem: Problem, plan: Plan) -> Order:
    """Return the order of an earlier plan; tasks that it does not know come last."""
    names = problem.case.network.assets.name
    place = {one.asset: at for at, one in enumerate(plan.repairs)}
    known = [place.get(names[asset], len(place)) for asset in problem.tasks.asset.tolist()]
    return any_crew(np.argsort(known, kind="stable"))


class _Told:
    """Passes on how far planning is."""

    def __init__(self, progress: Callable[[Progress], None] | None) -> None:
        self._progress, self._clock = progress, None

    def searching(self, best: Candidate, bound: float, weighed: int) -> None:
        if self._progress is not None:
            self._progress(Progress("repairs", 0.0, weighed, best.cost.cold_hours, bound))

    def stage(self, name: str, clock: Clock, found: Found) -> None:
        if self._progress is not None:
            cold = found.best.cost.cold_hours
            self._progress(Progress(name, clock.spent, found.weighed, cold, found.bound))


def _repairs(problem: Problem, best: Candidate, why: list[str]) -> tuple[PlannedRepair, ...]:
    """Return the tasks that somebody does, in the order in which crews take them."""
    tasks, force, case = problem.tasks, problem.force, problem.case
    filed = problem.filed(best)
    low, high = (problem.schedule(filed, tasks.hours[end]) for end in (LOW, HIGH))
    rows = []
    for task in filed.tasks.tolist():
        if not np.isfinite(best.schedule.end[task]):
            continue
        crews = [force.crews[crew].name for crew in best.schedule.crew[task].tolist() if crew >= 0]
        rows.append(
            PlannedRepair(
                asset=case.network.assets.name[int(tasks.asset[task])],
                crews=tuple(crews),
                begin=_time(tasks, best.schedule.begin[task]),
                end=_time(tasks, best.schedule.end[task]),
                end_low=_time(tasks, low.end[task]),
                end_high=_time(tasks, high.end[task]),
                spare=tasks.spare[task],
                why=why[task],
            )
        )
    return tuple(rows)


def _not_planned(problem: Problem, schedule: Schedule) -> tuple[NotPlanned, ...]:
    names, asset = problem.case.network.assets.name, problem.tasks.asset
    reasons = unplanned(problem.case, problem.tasks, problem.force, schedule)
    return tuple(NotPlanned(names[int(asset[task])], why) for task, why in reasons.items())


def _search_notes(found: Found, clock: Clock) -> list[str]:
    if not np.isfinite(found.best.schedule.end).any():
        return []  # nothing is damaged, or nobody can mend it
    if found.proven:
        return [said("search.proven", {"bound": found.bound_name})]
    ended = "search.by_hand" if clock.interrupted else "search.in_time"
    return [said(ended, {"bound": found.bound_name})]


def _worth(found: Found, nothing: Cost) -> Mapping[str, float]:
    best = found.best.cost
    ways = {"": best, "_without_repairs": nothing}
    ways |= {f"_{one.name}_first": one.cost for one in found.by_rule}
    return {
        **{f"cold_person_hours{way}": cost.cold_hours for way, cost in ways.items()},
        **{f"unserved_mwh{way}": sum(cost.unserved_mwh.values()) for way, cost in ways.items()},
        "value": best.value,
        "value_bound": found.bound,
        "weighed": float(found.weighed),
        "seconds": round(found.seconds, 1),
    }


def _time(tasks: Tasks, hours: float | Floats) -> np.datetime64:
    if not np.isfinite(hours):
        return NO_TIME
    moment: np.datetime64 = tasks.now + np.timedelta64(round(float(hours) * 3600), "s")
    return moment
