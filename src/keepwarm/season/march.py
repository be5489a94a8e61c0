"""The season loop: one sample, step by step."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from keepwarm.case.nouns import Floats
from keepwarm.errors import SolveError
from keepwarm.season.audit import Auditor, audited_steps
from keepwarm.season.corridor import Corridor
from keepwarm.season.record import Recorder, Season
from keepwarm.season.state import State, of_sample, spread
from keepwarm.season.step import take_step
from keepwarm.solve.highs import HighsSolver


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
    alone = np.zeros(1, dtype=np.int64)
    record = Recorder(corridor, first, steps)
    auditor = Auditor(template, audited_steps(alone, steps, seed=0))
    now = spread(state, 1)
    for t in range(steps):
        step = take_step(corridor, solver, alone, first + t, availability[[t]], now)
        [status] = step.solved.solution.status
        if status != "optimal":
            time = corridor.case.network.snapshots[first + t]
            raise SolveError(f"step {time}: {solver.name} ended with '{status}'")
        record.add(t, step)
        auditor.check(alone, t, step.solved)
        now = step.state
        if progress is not None:
            progress(t + 1)
    return record.season(of_sample(now, 0), auditor.audit())
