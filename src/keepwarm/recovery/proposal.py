"""An order proposed by the mixed-integer program, for the search to begin with."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from keepwarm.case.nouns import Case, Floats
from keepwarm.damage.tasks import LIKELY
from keepwarm.recovery.candidates import Problem
from keepwarm.recovery.ordering import Ordered, Periods, order_repairs
from keepwarm.recovery.rules import Order, any_crew
from keepwarm.season import march, prepare

#: Where periods begin, in hours after the plan is made.
_EDGES = (0.0, 6.0, 12.0, 18.0, 24.0, 36.0, 48.0, 72.0, 96.0, 120.0, 168.0, 240.0, 336.0)
#: Relative distance to the bound that is good enough for a proposal.
_GAP = 0.01


def proposed(problem: Problem, *, seconds: float) -> list[Order]:
    """Return the order in which a mixed-integer program would have things stand.

    Its network is asked for what the season would need undamaged, averaged over each period; crews
    of a trade are one pool of hours, with an hour of travel for each task, and an asset stands from
    the period on by which that pool may have mended it.

    Parameters
    ----------
    problem
        What is to be repaired, and by whom.
    seconds
        After which the best so far is taken; none where there is no point by then.
    """
    if seconds < 1.0 or not problem.force.crews:
        return []
    corridor = prepare(problem.case)
    periods = _periods(problem, corridor.template.needs.bus.size)
    found = order_repairs(corridor.template, periods, seconds=seconds, gap=_GAP)
    return [] if found is None else [_order(problem, found)]


def _order(problem: Problem, found: Ordered) -> Order:
    """Return tasks by the period in which they stand, in each the shortest first."""
    first = np.where(found.stands.any(axis=0), found.stands.argmax(axis=0), len(found.stands))
    return any_crew(np.lexsort((problem.tasks.hours[LIKELY], first)))


def _periods(problem: Problem, needs: int) -> Periods:
    outlook, tasks = problem.worth.outlook, problem.tasks
    dt = problem.case.network.step_hours
    horizon = outlook.steps * dt
    edges = np.array([edge for edge in _EDGES if edge < horizon] + [horizon])
    begins = edges[:-1]
    step = np.minimum((begins / dt).astype(np.int64), outlook.steps - 1)
    alone = problem.alone()
    limits, most = _limits(problem, begins)
    open_from = np.where(
        np.isfinite(alone), np.searchsorted(begins, alone - 1e-9), begins.size
    ).astype(np.int64)
    return Periods(
        hours=np.diff(edges),
        row=outlook.first + step,
        need_mw=_need(problem.case, problem, edges, needs),
        asset=tasks.asset,
        left=tasks.left,
        open_from=open_from,
        work=limits,
        most=most,
        after=tuple((task, first) for task, own in enumerate(tasks.after) for first in own),
    )


def _need(case: Case, problem: Problem, edges: Floats, needs: int) -> Floats:
    """Return what an undamaged season needs on average in each period, (periods, needs)."""
    outlook = problem.worth.outlook
    corridor = prepare(case)
    whole = np.ones((outlook.steps, len(case.network.assets)))
    season = march(corridor, whole, first=outlook.first, state=outlook.state)
    step = np.minimum((edges / case.network.step_hours).astype(np.int64), outlook.steps)
    return np.array(
        [
            season.need_mw[one : max(other, one + 1)].mean(axis=0)
            for one, other in pairwise(step.tolist())
        ]
    ).reshape(-1, needs)


def _limits(problem: Problem, begins: Floats) -> tuple[Floats, Floats]:
    """Return the work on each task by trade and by kind of spare, and how much can be done."""
    tasks, force = problem.tasks, problem.force
    hours = (tasks.hours[LIKELY] + 1.0) * tasks.team
    work, most = [], []
    for trade in sorted(set(force.task_trade.tolist()) - {-1}):
        own = force.trade == trade
        span = np.minimum(begins[:, None], force.until[own]) - force.free[own]
        at_work = np.maximum(span, 0.0) * force.shift[own, 1] / 24.0
        work.append(np.where(force.task_trade == trade, hours, 0.0))
        most.append(at_work.sum(axis=1))
    for kind in sorted(set(force.task_spare.tolist()) - {-1}):
        there = force.spares[kind][:, None] < begins
        work.append((force.task_spare == kind).astype(np.float64))
        most.append(there.sum(axis=0).astype(np.float64))
    if not work:
        return np.zeros((0, len(tasks))), np.zeros((0, begins.size))
    return np.array(work), np.array(most)
