"""The season loop: one sample, step by step."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from keepwarm.case.nouns import Floats
from keepwarm.network import binding_boxes
from keepwarm.season.corridor import Corridor
from keepwarm.season.dispatching import Solved
from keepwarm.season.record import Audit, Recorder, Season
from keepwarm.season.state import State
from keepwarm.season.step import take_step
from keepwarm.solve.highs import HighsSolver

#: Steps of a single run that are solved again from scratch, spread evenly.
AUDITED_STEPS = 24


def march(
    corridor: Corridor,
    availability: Floats,
    *,
    first: int,
    state: State,
    progress: Callable[[int], None] | None = None,
) -> Season:
    """Walk one season from a state.

    Parameters
    ----------
    corridor
        The prepared case.
    availability
        Shape (hours, assets), 0 to 1: what damage leaves in each step.
    first
        Row of the case's snapshots where the season starts.
    state
        At the start of the first step.
    progress
        Called with the number of steps done.

    Returns
    -------
    Season

    Raises
    ------
    SolveError
        When a step has no optimum.
    """
    template, steps = corridor.template, availability.shape[0]
    solver = HighsSolver(template.perturbed_cost, template.matrix)
    record, auditor = Recorder(corridor, first, steps), Auditor(corridor, steps)
    for t in range(steps):
        step = take_step(corridor, solver, first + t, availability[t], state)
        record.add(t, step)
        auditor.check(t, step.solved)
        state = step.state
        if progress is not None:
            progress(t + 1)
    return record.season(state, auditor.audit())


class Auditor:
    """Checks every step's balance and boxes, and solves some again from scratch."""

    def __init__(self, corridor: Corridor, steps: int) -> None:
        self._template = corridor.template
        self._chosen = set(np.linspace(0, steps - 1, min(AUDITED_STEPS, steps)).astype(int))
        self._gap, self._balance, self._boxes = 0.0, 0.0, 0

    def check(self, t: int, solved: Solved) -> None:
        """Check step number t."""
        template, x = self._template, solved.solution.x
        residual = np.abs(template.matrix @ x - solved.bounds.rhs)
        self._balance = max(self._balance, float(residual.max(initial=0.0)))
        self._boxes += binding_boxes(template, x, solved.solution.reduced_cost)
        if t in self._chosen:
            bounds = solved.bounds
            fresh = HighsSolver(template.perturbed_cost, template.matrix)
            again = fresh.solve(bounds.lower, bounds.upper, bounds.rhs)
            ours = float(template.perturbed_cost @ x)
            theirs = float(template.perturbed_cost @ again.x) if again.optimal else np.inf
            self._gap = max(self._gap, abs(ours - theirs) / max(abs(theirs), 1.0))

    def audit(self) -> Audit:
        """Return the findings."""
        return Audit(len(self._chosen), self._gap, self._balance, self._boxes)
