"""One case, many what-ifs: each answered as `keepwarm.run` answers it, only sooner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import Bools, Case, Damage, Floats, Generators
from keepwarm.case.plan import Plan
from keepwarm.damage import ClaimedDamage, availability
from keepwarm.runs.run import Event, Run, event_of, refuse_failed_audit, start_of, told
from keepwarm.runs.span import span
from keepwarm.season import Audit, Corridor, Orders, Season, State, march, orders_of, prepare
from keepwarm.season.audit import Auditor, joined
from keepwarm.season.corridor import with_sources
from keepwarm.season.march import ALONE, audited_alone
from keepwarm.season.milestones import Milestone, Since
from keepwarm.season.solved import Solved
from keepwarm.season.step import Step
from keepwarm.solve.simplex import SimplexSolver

#: Walks that are kept, so that others can go on from them: as many as this, and as memory has room
#: for, bytes.
RECENT, MOST_KEPT = 8, 300_000_000


@dataclass(frozen=True)
class _Course:
    """All that tells one walk of a case from another."""

    generators: Generators  # with a plan's units
    available: Floats  # (steps, assets): what damage and observation leave
    orders: Orders

    def same_until(self, other: _Course) -> int:
        """Return the first step in which another walk may differ, all of them where none does."""
        units = (vars(self.generators), vars(other.generators))
        if not all(np.array_equal(units[0][name], units[1][name]) for name in units[0]):
            return 0
        apart = (self.available != other.available).any(axis=1)
        for name, table in vars(self.orders).items():
            apart |= _differ(table, getattr(other.orders, name)).any(axis=1)
        return int(apart.argmax()) if apart.any() else len(apart)


def _differ(one: Floats, other: Floats) -> Bools:
    """Mark where two arrays differ; what is no number in both does not."""
    return np.asarray((one != other) & ~((one != one) & (other != other)))


@dataclass(frozen=True)
class _Walked:
    """A walk, as far as an audit and walks that go on from it need it."""

    course: _Course
    season: Season
    milestones: tuple[Milestone, ...]
    due: Mapping[int, Solved]  # steps that an audit solves again

    @cached_property
    def size(self) -> int:
        """Bytes that it holds, but for what it may share with other walks."""
        parts = [self.season, *(solved.solution for solved in self.due.values())]
        parts += [part for m in self.milestones for part in (m.state, m.mark.reached)]
        arrays = (array for part in parts for array in vars(part).values())
        return sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))


class _Lately:
    """The walks of late, as many as memory has room for; always the last one."""

    def __init__(self) -> None:
        self._walks: list[_Walked] = []

    def nearest(self, course: _Course) -> tuple[_Walked, int] | None:
        """Return the walk that is the same as a course for longest, and for how many steps."""
        found = [(walked, walked.course.same_until(course)) for walked in self._walks]
        return max(found, key=lambda pair: pair[1], default=None)

    def keep(self, walked: _Walked) -> None:
        """Put a walk, new or known, before all others; the oldest go."""
        others, room = list[_Walked](), MOST_KEPT - walked.size
        for old in self._walks:
            room -= old.size if old is not walked else 0
            if old is not walked and room >= 0 and len(others) < RECENT - 1:
                others.append(old)
        self._walks = [walked, *others]


class WhatIf:
    """A case prepared once, for many runs of it under other damage and other plans.

    Answers and tables are those of `keepwarm.run`. The compiled simplex solves the steps instead of
    HiGHS; that every balance closes is checked at once, and HiGHS solves its share of the steps
    again when `check` is called.

    Parameters
    ----------
    case
        From `read_case`.
    start, hours, from_state
        As for `keepwarm.run`; the same for all runs.

    Raises
    ------
    InputError
        When the start or the length lies outside the case's snapshots.

    **Leaves out**: looking ahead; samples of a risk.
    """

    def __init__(
        self,
        case: Case,
        *,
        start: np.datetime64 | str | None = None,
        hours: float | None = None,
        from_state: bool | None = None,
    ) -> None:
        self._case = case
        self._first, self._steps, self._observed = span(case, start, hours, from_state)
        self._corridor = prepare(case)
        self._again = audited_alone(self._steps)
        self._lately = _Lately()

    def run(
        self,
        damage: Damage | ClaimedDamage = (),
        *,
        damage_file: str | Path | None = None,
        plan: Plan | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Run:
        """Walk the case through a damage list, carrying out a plan.

        Parameters
        ----------
        damage, damage_file, plan
            As for `keepwarm.run`.
        progress
            Called with the number of steps done; what it raises ends the walk.

        Returns
        -------
        Run
            Of which no step has been solved again: ``audit.steps_checked`` is 0.

        Raises
        ------
        InputError
            When the plan names what the case does not have.
        SolveError
            When a step has no optimum.
        AuditError
            When a balance does not close.
        """
        event = event_of(self._case, damage, plan)
        season = self._walk(event, progress).season
        refuse_failed_audit(season.audit)
        return told(
            season,
            event,
            observed=self._observed,
            damage_file=damage_file,
            solver=SimplexSolver.name,
        )

    def check(
        self,
        damage: Damage | ClaimedDamage = (),
        *,
        plan: Plan | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Audit:
        """Solve steps of a run again from scratch with HiGHS, the same ones as `keepwarm.run`.

        Parameters
        ----------
        damage, plan
            Those of the run, which is walked again if it has been forgotten since.
        progress
            Called with the number of steps solved again; what it raises ends the audit.

        Returns
        -------
        Audit
            For `keepwarm.runs.run.checked`, which puts it into the run.
        """
        walked = self._walk(event_of(self._case, damage, plan), None)
        auditor = Auditor(walked.season.template, self._again)
        for done, (step, solved) in enumerate(walked.due.items(), start=1):
            auditor.check(ALONE, step, solved)
            if progress is not None:
                progress(done)
        return joined((walked.season.audit, auditor.audit()))

    def _walk(self, event: Event, progress: Callable[[int], None] | None) -> _Walked:
        """Walk through an event, from where a walk of late was the same until then."""
        corridor = self._corridor
        if event.case is not self._case:
            corridor = with_sources(corridor, event.case)
        course, state = self._course_of(corridor, event)
        nearest = self._lately.nearest(course)
        known, same = nearest or (None, 0)
        if known is None or same < self._steps:
            known = self._march(corridor, course, state, known, same, progress)
        self._lately.keep(known)
        return known

    def _course_of(self, corridor: Corridor, event: Event) -> tuple[_Course, State]:
        """Return what tells a walk from others, and the state in which all begin."""
        case, first, steps = corridor.case, self._first, self._steps
        state, seen = start_of(corridor, first, self._observed)
        left = availability(case, event.damage, case.network.snapshots[first], steps) * seen
        orders = orders_of(corridor, event.plan or _no_plan(case), first, steps)
        return _Course(case.network.generators, left, orders), state

    def _march(
        self,
        corridor: Corridor,
        course: _Course,
        state: State,
        known: _Walked | None,
        same: int,
        progress: Callable[[int], None] | None,
    ) -> _Walked:
        """Take the steps of a course in which it may differ from a known walk."""
        passed = [] if known is None else [m for m in known.milestones if m.step <= same]
        since = Since(known.season, passed.pop()) if known is not None and passed else None
        begin = 0 if since is None else since.milestone.step
        due = {} if known is None else {t: s for t, s in known.due.items() if t < begin}

        def watch(t: int, step: Step) -> None:
            if (0, t) in self._again:
                due[t] = step.solved

        season = march(
            corridor,
            course.available,
            first=self._first,
            state=state,
            orders=course.orders,
            solver=SimplexSolver(corridor.template.perturbed_cost, corridor.template.matrix),
            audited=frozenset(),
            watch=watch,
            since=since,
            passed=passed.append,
            progress=progress,
        )
        return _Walked(course, season, tuple(passed), due)


def _no_plan(case: Case) -> Plan:
    return Plan(case.name, case.network.snapshots[0], 0.0, "")
