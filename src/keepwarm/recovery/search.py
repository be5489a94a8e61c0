"""Looking for a good order of repairs: rules first, a proposal, then ruin and recreate.

Large-neighbourhood search as by Shaw (1998), in the form of Schrimpf and others (2000): a few
tasks that belong together are taken out of the best order and put back elsewhere. Most of the new
orders are never weighed: what an hour's delay of each task costs, learnt from the orders weighed so
far, picks the promising ones, and only these are walked through the season. The answer depends on
how many could be weighed in the time, so on the machine; with ``most`` instead of seconds it does
not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from keepwarm.case.nouns import Floats
from keepwarm.recovery.candidates import Candidate, Problem
from keepwarm.recovery.enumeration import MOST_TASKS, cheapest
from keepwarm.recovery.proposal import proposed
from keepwarm.recovery.rules import Order, any_crew, usual_rules
from keepwarm.said.sentence import Said, said

#: Orders walked side by side, and how many are drawn for each that is walked.
_ABREAST, _DRAWN = 12, 40
#: Most tasks taken out of an order at once.
_RUIN = 5
#: Share of the time that the mixed-integer program may take for its proposal.
_PROPOSAL = 0.2
#: Rounds without anything better after which the search has converged.
_PATIENCE = 60
#: What a proof rests on.
_WEIGHED = "search.weighed"
_RULED_OUT = "search.ruled_out"
#: Hours of a delay that count as never.
_NEVER = 1e4


@dataclass(frozen=True)
class Found:
    """The best order, and what is known about how good it is."""

    best: Candidate
    by_rule: tuple[Candidate, ...]  # the usual rules
    others: tuple[Candidate, ...]  # the best of those weighed, the best first
    bound: float  # no schedule can have a lower value
    bound_name: Said  # what the bound rests on
    proven: bool  # no schedule is better
    weighed: int
    seconds: float


@dataclass
class Clock:
    """How long a search may go on; Ctrl-C ends it with the best so far."""

    seconds: float
    most: int | None = None  # schedules to weigh at most
    progress: Callable[[Candidate, float, int], None] | None = None
    begun: float = field(default_factory=time.monotonic)
    interrupted: bool = False

    @property
    def spent(self) -> float:
        """Seconds since the search began."""
        return time.monotonic() - self.begun

    def go_on(self, best: Candidate, bound: float, weighed: int) -> bool:
        """Tell how far the search is; False when it must end."""
        if self.progress is not None:
            self.progress(best, bound, weighed)
        enough = self.most is not None and weighed >= self.most
        return not (self.interrupted or enough or self.spent >= self.seconds)


def search(problem: Problem, clock: Clock, *, seed: int = 0, start: Sequence[Order] = ()) -> Found:
    """Return the best order of repairs that is found in time.

    Up to `MOST_TASKS` tasks every schedule is weighed or shown not to be better; else, and where
    that takes longer than there is time, the search ends with the best so far. Never worse than any
    of the usual rules.

    Parameters
    ----------
    problem
        What is to be repaired, and by whom.
    clock
        How long.
    seed
        Of the orders drawn.
    start
        Orders to begin with beside the rules, such as that of an earlier plan.
    """
    state = _Searching(problem, clock)
    try:
        state.begin(start)
        state.enumerate()
        state.improve(np.random.default_rng(seed))
    except KeyboardInterrupt:
        if not state.by_rule:  # nothing to keep yet
            raise
        clock.interrupted = True
    return state.found()


class _Searching:
    """A search under way: what it has weighed, and what it knows of the best there can be."""

    def __init__(self, problem: Problem, clock: Clock) -> None:
        self._problem, self._clock = problem, clock
        self.by_rule: list[Candidate] = []
        self._seen: list[Candidate] = []
        self._bound, self._name = 0.0, "search.least"
        self._proven = len(problem.tasks) < 2

    @property
    def _best(self) -> Candidate:
        return min(self._seen, key=lambda one: one.cost.value)

    def _go_on(self) -> bool:
        return self._clock.go_on(self._best, self._bound, self._problem.worth.walked)

    def begin(self, start: Sequence[Order]) -> None:
        """Weigh the usual rules, other orders, and what it would be if crews were unlimited."""
        problem = self._problem
        rules = usual_rules(problem.case, problem.tasks, problem.force)
        weighed = problem.weigh([*rules.values(), *start])
        self.by_rule = [replace(one, name=name) for name, one in zip(rules, weighed, strict=False)]
        self._seen += [*self.by_rule, *weighed[len(rules) :]]
        self._go_on()  # a first plan stands
        [floor] = problem.costs([problem.alone()])
        self._bound, self._name = floor.value, "search.floor"

    def enumerate(self) -> None:
        """Look through all schedules of a few tasks, as long as there is time."""
        if self._proven or len(self._problem.tasks) > MOST_TASKS:
            return

        def go_on(best: Candidate, bound: float) -> bool:
            self._seen.append(best)
            return self._go_on()

        found = cheapest(self._problem, self._best, go_on=go_on)
        self._seen.append(found.best)
        if found.ruled_out:
            self._proven = True
            self._bound, self._name = found.bound, _WEIGHED if found.weighed else _RULED_OUT
        elif found.bound > self._bound:
            self._bound, self._name = found.bound, "search.not_yet"

    def improve(self, rng: np.random.Generator) -> None:
        """Take a proposal, then ruin and recreate until time is over or nothing gets better."""
        if self._proven:
            return
        problem, idle = self._problem, 0
        slopes = _Slopes(problem)
        self._seen += problem.weigh([slopes.greedy()])
        if self._go_on():
            left = _PROPOSAL * (self._clock.seconds - self._clock.spent)
            self._seen += problem.weigh(proposed(problem, seconds=left))
        while idle < _PATIENCE and self._go_on():
            best = self._best
            slopes.learn(self._seen)
            drawn = [_neighbour(problem, best, rng) for _ in range(_ABREAST * _DRAWN)]
            self._seen += problem.weigh(_promising(problem, drawn, slopes, best, rng))
            idle = idle + 1 if self._best is best else 0

    def found(self) -> Found:
        """Return what the search came to."""
        best = self._best
        return Found(
            best=best,
            by_rule=tuple(self.by_rule),
            others=tuple(sorted(self._seen, key=lambda one: one.cost.value)[:24]),
            bound=min(self._bound, best.cost.value),
            bound_name=said(self._name),
            proven=self._proven,
            weighed=self._problem.worth.walked,
            seconds=self._clock.spent,
        )


class _Slopes:
    """What an hour's delay of each task costs, as far as the schedules weighed so far tell.

    Ridge regression of the value on the hours at which tasks end, drawn towards what each task is
    worth by itself, the others being mended as early as can be.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        early = np.minimum(problem.alone(), _NEVER)
        latest = float(problem.worth.outlook.steps * problem.case.network.step_hours)
        self._latest, late = latest, []
        for task in range(early.size):
            ends = early.copy()
            ends[task] = max(latest, early[task])
            late.append(ends)
        base, *costs = problem.costs([early, *late])
        span = np.maximum(latest - early, 1.0)
        self.prior = np.array([max(cost.value - base.value, 0.0) for cost in costs]) / span
        self.slope = self.prior

    def learn(self, seen: Sequence[Candidate]) -> None:
        """Fit the slopes to the best schedules weighed."""
        near = sorted(seen, key=lambda one: one.cost.value)[:200]
        ends = np.minimum([one.schedule.end for one in near], self._latest)
        value = np.array([one.cost.value for one in near])
        finite = np.isfinite(value)
        x, y = ends[finite] - ends[0], value[finite] - value[0]
        y = y - x @ self.prior
        strength = 1e-2 * max(float((x**2).sum()), 1.0)
        gram = x.T @ x + strength * np.eye(x.shape[1])
        self.slope = np.maximum(self.prior + np.linalg.solve(gram, x.T @ y), 0.0)

    def greedy(self) -> Order:
        """Return the order in which each hour of work saves most (Smith's rule)."""
        hours = self._problem.tasks.hours[1] * self._problem.tasks.team
        return any_crew(np.argsort(-self.prior / hours, kind="stable"))

    def of(self, ends: Floats) -> float:
        """Return about what a schedule costs, up to a constant."""
        return float(np.minimum(ends, self._latest) @ self.slope + 1e-6 * ends[ends < _NEVER].sum())


def _neighbour(problem: Problem, best: Candidate, rng: np.random.Generator) -> Order:
    """Return the best order with some tasks elsewhere, all of them open to any crew again."""
    order, count = best.order.tasks.tolist(), len(problem.tasks)
    out = _related(problem, best, rng, int(rng.integers(1, min(_RUIN, count) + 1)))
    kept = [task for task in order if task not in out]
    given = best.order.given.copy()
    given[out] = -1
    for task in rng.permutation(out).tolist():
        kept.insert(int(rng.integers(len(kept) + 1)), task)
        if rng.random() < 0.2 and problem.tasks.team[task] == 1:
            same = np.flatnonzero(problem.force.trade == problem.force.task_trade[task])
            given[task] = int(rng.choice(same)) if same.size else -1
    return Order(np.array(kept, dtype=np.int64), given)


def _related(problem: Problem, best: Candidate, rng: np.random.Generator, count: int) -> list[int]:
    """Return tasks that belong together: of one trade, in one place, or done at about one time."""
    tasks, force = problem.tasks, problem.force
    seed = int(rng.integers(len(tasks)))
    end = np.minimum(best.schedule.end, _NEVER)
    apart = np.abs(end - end[seed]) / max(float(np.ptp(end)), 1.0)
    apart = apart + (force.task_trade != force.task_trade[seed])
    apart = apart + 0.5 * (force.task_place != force.task_place[seed])
    apart[seed] = -1.0
    noisy = apart + rng.random(len(tasks))
    noisy[seed] = -1.0
    return [int(task) for task in np.argsort(noisy, kind="stable")[:count]]


def _promising(
    problem: Problem,
    drawn: Sequence[Order],
    slopes: _Slopes,
    best: Candidate,
    rng: np.random.Generator,
) -> list[Order]:
    """Return the orders that look best, a few others by chance, no schedule twice."""
    fresh: dict[bytes, tuple[float, Order]] = {}
    known = np.round(best.schedule.end, 6).tobytes()
    for order in drawn:
        ends = problem.schedule(order).end
        key = np.round(ends, 6).tobytes()
        if key != known and key not in fresh:
            fresh[key] = (slopes.of(ends), order)
    ranked = [order for _, order in sorted(fresh.values(), key=lambda pair: pair[0])]
    picked, others = ranked[: _ABREAST * 2 // 3], ranked[_ABREAST * 2 // 3 :]
    some = rng.permutation(len(others))[: _ABREAST - len(picked)]
    return [*picked, *(others[at] for at in some.tolist())]
