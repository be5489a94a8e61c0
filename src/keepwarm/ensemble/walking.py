"""Some samples of a study, drawn and walked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from keepwarm.case.deployed import with_deployments
from keepwarm.case.nouns import Case, Floats
from keepwarm.damage import availability
from keepwarm.damage.planned import carried_out
from keepwarm.ensemble.chunks import Chunk, merged
from keepwarm.ensemble.drawing import drawn_of
from keepwarm.ensemble.study import Study
from keepwarm.ensemble.works import Work
from keepwarm.season import (
    Corridor,
    State,
    balanced_start,
    observed_start,
    orders_of,
    prepare,
)
from keepwarm.season.batch import march_many
from keepwarm.season.orders import Orders
from keepwarm.solve.simplex import SimplexSolver
from keepwarm.solve.solution import Solver


@dataclass(frozen=True)
class Way:
    """A case with the measures of one portfolio, ready to be walked."""

    corridor: Corridor
    state: State
    standing: Floats  # (steps, assets): what is left in every sample, whatever is drawn
    orders: Orders | None
    solver: Solver


class Walker:
    """Walks samples of a study; what does not differ between samples is made once.

    Parameters
    ----------
    study
        What is walked.
    """

    def __init__(self, study: Study) -> None:
        self._study = study
        self._ways: dict[int, Way] = {}

    def walk(self, work: Work, progress: Callable[[int], None] | None = None) -> Chunk:
        """Draw and walk some samples.

        Parameters
        ----------
        work
            Which samples, under which portfolio.
        progress
            Told of steps as they are done: how many since it was told last.
        """
        study, way = self._study, self._way(work.portfolio)
        told = 0

        def tell(done: int) -> None:
            nonlocal told
            if progress is not None:
                progress(done - told)
            told = done

        blocks = march_many(
            way.corridor,
            lambda samples: drawn_of(study, way.corridor.case, way.standing, samples),
            samples=work.samples,
            first=study.first,
            steps=study.steps,
            state=way.state,
            solver=way.solver,
            audited=study.audited if work.portfolio == 0 else frozenset(),
            orders=way.orders,
            progress=tell,
        )
        return merged([Chunk(block.totals, block.unsolved, block.audit) for block in blocks])

    def _way(self, portfolio: int) -> Way:
        if portfolio not in self._ways:
            self._ways[portfolio] = _made(self._study, self._study.case)
        return self._ways[portfolio]


def _made(study: Study, case: Case) -> Way:
    damage, plan = study.damage, study.plan
    if plan is not None:
        damage = carried_out(case, damage, plan)
        case, damage = with_deployments(case, damage, plan)
    corridor = prepare(case)
    state, seen = balanced_start(corridor, study.first), np.ones(len(case.network.assets))
    if study.from_state:
        state, seen = observed_start(corridor, study.first, state)
    template = corridor.template
    return Way(
        corridor=corridor,
        state=state,
        standing=availability(case, damage, study.start, study.steps) * seen,
        orders=None if plan is None else orders_of(corridor, plan, study.first, study.steps),
        solver=SimplexSolver(template.perturbed_cost, template.matrix),
    )
