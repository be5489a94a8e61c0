"""One case, many what-ifs: each answered as `keepwarm.run` answers it, only sooner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import Case, Damage, Floats, Generators
from keepwarm.case.plan import Plan
from keepwarm.damage import ClaimedDamage, availability
from keepwarm.runs.run import Event, Run, event_of, refuse_failed_audit, start_of, told
from keepwarm.runs.span import span
from keepwarm.season import Audit, Orders, Season, march, orders_of, prepare
from keepwarm.season.audit import Auditor, joined
from keepwarm.season.corridor import with_sources
from keepwarm.season.march import ALONE, audited_alone
from keepwarm.season.solved import Solved
from keepwarm.season.step import Step
from keepwarm.solve.simplex import SimplexSolver

#: Walks that are kept, until somebody asks for their audit or for the same again.
RECENT = 4


@dataclass(frozen=True)
class _Course:
    """All that tells one walk of a case from another."""

    generators: Generators  # with a plan's units
    available: Floats  # (steps, assets): what damage and observation leave
    orders: Orders | None

    def same(self, other: _Course) -> bool:
        """Whether both walks are one."""
        return (
            _equal(self.generators, other.generators)
            and np.array_equal(self.available, other.available)
            and _equal(self.orders, other.orders)
        )


def _equal(one: Generators | Orders | None, other: Generators | Orders | None) -> bool:
    if one is None or other is None:
        return one is other
    mine, others = vars(one), vars(other)
    return one is other or all(np.array_equal(mine[name], others[name]) for name in mine)


@dataclass(frozen=True)
class _Walked:
    """A walk, as far as an audit needs it."""

    course: _Course
    season: Season
    due: dict[int, Solved]  # steps that an audit solves again


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
        self._begin = case.network.snapshots[self._first]
        self._corridor = prepare(case)
        self._again = audited_alone(self._steps)
        self._recent: list[_Walked] = []

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
        """Walk through an event, unless that was done lately."""
        case, plan = event.case, event.plan
        corridor = self._corridor if case is self._case else with_sources(self._corridor, case)
        state, seen = start_of(corridor, self._first, self._observed)
        left = availability(case, event.damage, self._begin, self._steps) * seen
        orders = None if plan is None else orders_of(corridor, plan, self._first, self._steps)
        course = _Course(case.network.generators, left, orders)
        known = [walked for walked in self._recent if walked.course.same(course)]
        if known:
            return known[-1]
        due = dict[int, Solved]()

        def keep(t: int, step: Step) -> None:
            if (0, t) in self._again:
                due[t] = step.solved

        season = march(
            corridor,
            left,
            first=self._first,
            state=state,
            orders=orders,
            solver=SimplexSolver(corridor.template.perturbed_cost, corridor.template.matrix),
            audited=frozenset(),
            watch=keep,
            progress=progress,
        )
        walked = _Walked(course, season, due)
        self._recent = [*self._recent[1 - RECENT :], walked]
        return walked
