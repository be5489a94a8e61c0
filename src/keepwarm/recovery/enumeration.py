"""Every way of repairing a few things: all schedules, and the best of them, proven.

Tasks that share no crew, no spare and no precedence are enumerated apart: every schedule of all is
a choice of one schedule from each such part. Whole sets of schedules are weighed by their best
ends: if every task could end as early as in the best schedule of a set, and that still costs more
than a schedule found already, nothing in the set is better, provided nobody is colder because
something is back sooner. That is nearly always so, and not quite: so the rest is weighed as well
while there is time.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, islice, permutations, product

import numpy as np

from keepwarm.case.nouns import Floats, Ints
from keepwarm.recovery.candidates import Candidate, Problem
from keepwarm.recovery.rules import Order

#: More tasks than this are not enumerated.
MOST_TASKS = 8

#: Orders with every choice of crews are listed while they are fewer; beyond, each task goes to the
#: crew that is done with it first.
_MOST_ORDERS = 50_000
#: Sets weighed side by side.
_ABREAST = 16
#: Schedules that end within so many hours of each other count as one.
_SAME_HOURS = 1e-6


@dataclass(frozen=True)
class Part:
    """Schedules of tasks that share crews, spares or precedence; one row for each."""

    tasks: Ints  # (own tasks,)
    ends: Floats  # (schedules, own tasks)
    orders: Ints  # (schedules, own tasks)
    given: Ints  # (schedules, own tasks), as the tasks are listed
    complete: bool  # every choice of crews was listed


@dataclass(frozen=True)
class Proven:
    """The best schedule found, and what none can be better than."""

    best: Candidate
    bound: float  # value; -inf where not every choice of crews was listed
    ruled_out: bool  # every other was weighed, or cannot be better if sooner is never colder
    weighed: bool  # every other was weighed


def cheapest(
    problem: Problem,
    start: Candidate,
    *,
    go_on: Callable[[Candidate, float], bool],
) -> Proven:
    """Return the best of all schedules.

    Parameters
    ----------
    problem
        Of at most `MOST_TASKS` tasks.
    start
        A schedule that is known already.
    go_on
        Called with the best so far and the bound before each round; False stops.

    Returns
    -------
    Proven
        First sets of schedules are ruled out, then, while there is time, the rest is weighed too:
        water pumps that are back sooner can take power from heat.
    """
    parts = list_parts(problem)
    complete = all(part.complete for part in parts)
    look = _Look(problem, parts, start)
    bound = look.rule_out(go_on)
    if bound is not None:
        low = bound if complete else -math.inf
        return Proven(look.best, low, ruled_out=False, weighed=False)
    weighed = look.weigh_the_rest(go_on)
    low = look.best.cost.value if complete else -math.inf
    return Proven(look.best, low, ruled_out=complete, weighed=weighed and complete)


class _Look:
    """A look through all schedules: the best so far, and which were weighed."""

    def __init__(self, problem: Problem, parts: list[Part], start: Candidate) -> None:
        self._problem, self._parts, self.best = problem, parts, start
        self._steepness = _steepness(problem, parts)
        self._weighed: set[tuple[int, ...]] = set()

    def rule_out(self, go_on: Callable[[Candidate, float], bool]) -> float | None:
        """Split sets and drop those that cannot hold a better one; the bound where stopped."""
        problem, parts, ticket = self._problem, self._parts, count()
        heap = [(-math.inf, next(ticket), tuple(np.arange(len(part.ends)) for part in parts))]
        while heap and heap[0][0] < self.best.cost.value - _slack(self.best):
            if not go_on(self.best, heap[0][0]):
                return heap[0][0]
            chosen = [heapq.heappop(heap) for _ in range(min(_ABREAST, len(heap)))]
            nodes = [
                half for _, _, node in chosen for half in _halves(parts, node, self._steepness)
            ]
            bounds = problem.costs([_best_ends(problem, parts, node) for node in nodes])
            self._weigh([_representative(parts, node, self._steepness) for node in nodes])
            for node, floor in zip(nodes, bounds, strict=True):
                several = any(len(rows) > 1 for rows in node)
                if several and floor.value < self.best.cost.value - _slack(self.best):
                    heapq.heappush(heap, (floor.value, next(ticket), node))
        return None

    def weigh_the_rest(self, go_on: Callable[[Candidate, float], bool]) -> bool:
        """Weigh what was ruled out too, while there is time; whether all was."""
        sizes = [range(len(part.ends)) for part in self._parts]
        rest = (rows for rows in product(*sizes) if rows not in self._weighed)
        while some := list(islice(rest, 2 * _ABREAST)):
            if not go_on(self.best, self.best.cost.value):
                return False
            self._weigh(some)
        return True

    def _weigh(self, rows: list[tuple[int, ...]]) -> None:
        self._weighed.update(rows)
        weighed = self._problem.weigh([_order(self._problem, self._parts, one) for one in rows])
        self.best = min([self.best, *weighed], key=lambda one: one.cost.value)


def _slack(best: Candidate) -> float:
    """Return the difference in value below which two schedules count as equally good."""
    return 1e-9 * max(1.0, abs(best.cost.value))


def list_parts(problem: Problem) -> list[Part]:
    """Return all schedules, part by part."""
    return [_listed(problem, tasks) for tasks in _apart(problem)]


def _apart(problem: Problem) -> list[list[int]]:
    """Return the tasks in groups that share no trade, no kind of spare and no precedence."""
    tasks, group = problem.tasks, list(range(len(problem.tasks)))
    for one in range(len(tasks)):
        for other in range(one):
            trades = problem.force.task_trade[[one, other]]
            kinds = problem.force.task_spare[[one, other]]
            shared = (
                trades[0] == trades[1]
                or kinds[0] == kinds[1] >= 0
                or one in tasks.after[other]
                or other in tasks.after[one]
            )
            if shared:
                old, new = group[one], group[other]
                group = [new if at == old else at for at in group]
    return [[at for at, own in enumerate(group) if own == each] for each in dict.fromkeys(group)]


def _listed(problem: Problem, tasks: list[int]) -> Part:
    """Return the schedules of some tasks, each once."""
    every = _ways(problem, tasks) <= _MOST_ORDERS
    seen: dict[bytes, tuple[Floats, tuple[int, ...], tuple[int, ...]]] = {}
    for order, given in _orders(problem, tasks, every=every):
        crew = np.full(len(problem.tasks), -1, dtype=np.int64)
        crew[tasks] = given
        row = np.array(order, dtype=np.int64)
        ends = problem.schedule(Order(row, crew)).end[tasks]
        seen.setdefault(np.round(ends / _SAME_HOURS).tobytes(), (ends, order, given))
    found = list(seen.values())
    return Part(
        tasks=np.array(tasks, dtype=np.int64),
        ends=np.array([ends for ends, _, _ in found]),
        orders=np.array([order for _, order, _ in found], dtype=np.int64),
        given=np.array([given for _, _, given in found], dtype=np.int64),
        complete=every and not any(_teams_differ(problem, task) for task in tasks),
    )


def _crews_of(problem: Problem, task: int) -> list[int]:
    same = problem.force.trade == problem.force.task_trade[task]
    return np.flatnonzero(same).tolist() if problem.tasks.team[task] == 1 else []


def _teams_differ(problem: Problem, task: int) -> bool:
    """Whether a task takes several crews together, and more than one team could be made."""
    same = int((problem.force.trade == problem.force.task_trade[task]).sum())
    return bool(1 < problem.tasks.team[task] < same)


def _ways(problem: Problem, tasks: list[int]) -> int:
    crews = math.prod(max(1, len(_crews_of(problem, task))) for task in tasks)
    return math.factorial(len(tasks)) * crews


def _orders(
    problem: Problem, tasks: list[int], *, every: bool
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Yield orders of some tasks with the crew that each is given, -1 for any."""
    choices = [_crews_of(problem, task) or [-1] if every else [-1] for task in tasks]
    for order in permutations(tasks):
        if _waits_in_vain(problem, order):
            continue
        for given in product(*choices):
            yield order, given


def _waits_in_vain(problem: Problem, order: tuple[int, ...]) -> bool:
    """Whether an order puts a task before one that must come first."""
    place = {task: at for at, task in enumerate(order)}
    return any(
        place.get(before, -1) > place[task]
        for task in order
        for before in problem.tasks.after[task]
    )


def _steepness(problem: Problem, parts: list[Part]) -> list[Floats]:
    """Return what an hour's delay of each task costs, others being done as early as can be."""
    whole = tuple(np.arange(len(part.ends)) for part in parts)
    early = _best_ends(problem, parts, whole)
    late = early.copy()
    for part in parts:
        finite = np.where(np.isfinite(part.ends), part.ends, -np.inf).max(axis=0)
        late[part.tasks] = np.where(np.isfinite(finite), finite, early[part.tasks])
    delayed = []
    for task in range(early.size):
        ends = early.copy()
        ends[task] = late[task]
        delayed.append(ends)
    base, *costs = problem.costs([early, *delayed])
    ever = np.isfinite(early)
    span = np.maximum(np.where(ever, late, 1.0) - np.where(ever, early, 0.0), 1e-9)
    slope = np.array([max(cost.value - base.value, 0.0) for cost in costs]) / span
    return [slope[part.tasks] + 1e-9 for part in parts]


def _best_ends(problem: Problem, parts: list[Part], node: tuple[Ints, ...]) -> Floats:
    ends = np.full(len(problem.tasks), np.inf)
    for part, rows in zip(parts, node, strict=True):
        ends[part.tasks] = part.ends[rows].min(axis=0)
    return ends


def _halves(
    parts: list[Part], node: tuple[Ints, ...], steepness: list[Floats]
) -> list[tuple[Ints, ...]]:
    """Split a set of schedules where the ends of one task matter most."""
    widest, where = 0.0, (-1, -1)
    for at, (part, rows) in enumerate(zip(parts, node, strict=True)):
        ends = np.where(np.isfinite(part.ends[rows]), part.ends[rows], 1e6)
        spread = (ends.max(axis=0) - ends.min(axis=0)) * steepness[at]
        if spread.max() > widest:
            widest, where = float(spread.max()), (at, int(spread.argmax()))
    at, column = where
    if at < 0:
        return [node]
    rows = node[at]
    ends = parts[at].ends[rows, column]
    values = np.unique(ends)
    early = ends <= values[(values.size - 1) // 2]
    return [(*node[:at], rows[half], *node[at + 1 :]) for half in (early, ~early)]


def _representative(
    parts: list[Part], node: tuple[Ints, ...], steepness: list[Floats]
) -> tuple[int, ...]:
    """Return the schedule of a set that looks best, the row of each part."""
    return tuple(
        int(rows[(np.minimum(part.ends[rows], 1e6) @ slope).argmin()])
        for part, rows, slope in zip(parts, node, steepness, strict=True)
    )


def _order(problem: Problem, parts: list[Part], rows: tuple[int, ...]) -> Order:
    given = np.full(len(problem.tasks), -1, dtype=np.int64)
    for part, row in zip(parts, rows, strict=True):
        given[part.tasks] = part.given[row]
    orders = [part.orders[row] for part, row in zip(parts, rows, strict=True)]
    return Order(np.concatenate(orders) if orders else np.zeros(0, dtype=np.int64), given)
