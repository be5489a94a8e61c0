"""The audit: every step's balance is checked, and a random share is solved again by HiGHS."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import CARRIERS, TIERS, Floats, Ints
from keepwarm.network import Bounds, Template, sum_by_place
from keepwarm.season.balance_steps import boxes_bound, rows_of, worst_balance
from keepwarm.season.solved import Solved
from keepwarm.solve.highs import HighsSolver
from keepwarm.solve.solution import Solution

#: Steps of a run that are solved again; all of them where the run has fewer.
AUDITED_STEPS = 200

#: Need below which a gap in its shedding is measured against this, MW: at one kilowatt the share
#: that is tolerated, 1e-4, is what a solver holds its rows to.
LEAST_NEED_MW = 1e-3

#: What an audit may find at most: gap of the objective, gap of shed as a share of need, MW.
GAP, SHED_GAP, BALANCE_MW = 1e-6, 1e-4, 1e-6

#: Marks the audit's random stream among those of a seed.
_STREAM = 0xA0D17


@dataclass(frozen=True)
class Audit:
    """How well the steps hold."""

    steps_checked: int  # solved again
    max_relative_gap: float  # of the objective, to the second solve
    max_shed_gap: float  # shed per tier and carrier, to the second solve, as a share of its need
    max_balance_error_mw: float  # served + shed against need: every bus and step
    boxes_bound: int  # release columns held back by their finite box: every step

    def failures(self) -> tuple[str, ...]:
        """Say what does not hold; nothing where the run may be relied on."""
        judged = (
            (
                self.max_relative_gap <= GAP,
                f"a step solved again differs by {self.max_relative_gap:.1e}",
            ),
            (
                self.max_shed_gap <= SHED_GAP,
                f"a step solved again sheds {self.max_shed_gap:.1e} of a need elsewhere",
            ),
            (
                self.max_balance_error_mw <= BALANCE_MW,
                f"served + shed misses need by {self.max_balance_error_mw:.1e} MW",
            ),
            (self.boxes_bound == 0, f"{self.boxes_bound} release boxes bind"),
        )
        return tuple(text for holds, text in judged if not holds)


def joined(audits: Iterable[Audit]) -> Audit:
    """Return the findings of several audits as one."""
    found = list(audits)
    return Audit(
        steps_checked=sum(a.steps_checked for a in found),
        max_relative_gap=max((a.max_relative_gap for a in found), default=0.0),
        max_shed_gap=max((a.max_shed_gap for a in found), default=0.0),
        max_balance_error_mw=max((a.max_balance_error_mw for a in found), default=0.0),
        boxes_bound=sum(a.boxes_bound for a in found),
    )


def audited_steps(
    samples: Ints, steps: int, *, seed: int, count: int = AUDITED_STEPS
) -> frozenset[tuple[int, int]]:
    """Choose the (sample, step) pairs of a run that are solved again.

    Parameters
    ----------
    samples
        Shape (samples,): the numbers of all samples of the run, so that the choice does not depend
        on how they are split among blocks and workers.
    steps
        Steps of each.
    seed
        Of the run.
    count
        How many; all where there are fewer.
    """
    total = len(samples) * steps
    stream = np.random.default_rng(np.random.SeedSequence([_STREAM, seed]))
    drawn = stream.choice(total, size=min(count, total), replace=False, shuffle=False)
    pairs = zip(samples[drawn // steps].tolist(), (drawn % steps).tolist(), strict=True)
    return frozenset(pairs)


class Auditor:
    """Checks balance and boxes of every step, and solves the chosen ones again from scratch.

    Parameters
    ----------
    template
        The compiled case.
    chosen
        (sample, step) pairs, from `audited_steps`.
    """

    def __init__(self, template: Template, chosen: frozenset[tuple[int, int]]) -> None:
        self._template, self._chosen = template, chosen
        self._steps = np.unique([step for _, step in chosen]).astype(np.int64)
        self._solver = HighsSolver(template.perturbed_cost, template.matrix)
        self._rows = rows_of(template)
        self._kind = _kinds(template)
        self._checked, self._boxes = 0, 0
        self._gap, self._shed_gap, self._balance = 0.0, 0.0, 0.0

    def check(self, samples: Ints, step: int | Ints, solved: Solved) -> None:
        """Check steps of some samples, of those that were solved.

        Parameters
        ----------
        samples
            Shape (rows,): their numbers in the run.
        step
            Counted from the first of the run: one for all rows, or one for each.
        """
        optimal = solved.optimal
        x, dual = solved.solution.x, solved.solution.row_dual
        rest = np.empty(dual.shape[1])
        worst = worst_balance(self._rows, optimal, x, solved.need_mw, rest)
        self._balance = float(np.maximum(worst, self._balance))
        self._boxes += boxes_bound(self._rows, optimal, x, dual)
        steps = np.broadcast_to(np.asarray(step), samples.shape)
        for row in np.flatnonzero(optimal & np.isin(steps, self._steps)).tolist():
            if (int(samples[row]), int(steps[row])) in self._chosen:
                self._solve_again(solved, row)

    def check_shed(self, bounds: Bounds, need_mw: Floats, shed_mw: Floats) -> None:
        """Solve steps that were settled without a program, and compare what is shed.

        Parameters
        ----------
        bounds
            Of their programs, a row each.
        need_mw, shed_mw
            Shape (rows, needs).
        """
        for row in range(len(need_mw)):
            self._solver.restart()
            again = self._solver.solve(bounds.lower[row], bounds.upper[row], bounds.rhs[row])
            self._checked += 1
            self._compare_shed(again, need_mw[row], shed_mw[row])

    def _solve_again(self, solved: Solved, row: int) -> None:
        template, bounds = self._template, solved.bounds
        self._solver.restart()
        again = self._solver.solve(bounds.lower[row], bounds.upper[row], bounds.rhs[row])
        self._checked += 1
        if again.optimal:
            ours = float(template.perturbed_cost @ solved.solution.x[row])
            theirs = float(template.perturbed_cost @ again.x)
            self._gap = max(self._gap, abs(ours - theirs) / max(abs(theirs), 1.0))
        self._compare_shed(again, solved.need_mw[row], solved.shed_mw[row])

    def _compare_shed(self, again: Solution, need_mw: Floats, shed_mw: Floats) -> None:
        template = self._template
        if not again.optimal:
            self._gap = self._shed_gap = np.inf
            return
        shed = again.x[template.columns.shed].reshape(-1, template.steps).sum(axis=-1)
        apart = self._by_kind(shed_mw) - self._by_kind(shed)
        need = np.maximum(self._by_kind(need_mw), LEAST_NEED_MW)
        self._shed_gap = max(self._shed_gap, float((np.abs(apart) / need).max(initial=0.0)))

    def _by_kind(self, values: Floats) -> Floats:
        return sum_by_place(values, self._kind, len(TIERS) * len(CARRIERS))

    def audit(self) -> Audit:
        """Return the findings so far."""
        return Audit(self._checked, self._gap, self._shed_gap, self._balance, self._boxes)


def _kinds(template: Template) -> Ints:
    """Return one number for each tier and carrier, (needs,)."""
    carriers = [CARRIERS.index(carrier) for carrier in template.network.buses.carrier]
    at = np.array(carriers, dtype=np.int64)[template.needs.bus]
    return np.asarray(template.needs.tier * len(CARRIERS) + at)
