"""Some samples of a study, drawn and walked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from keepwarm.case.deployed import with_deployments
from keepwarm.case.nouns import Case
from keepwarm.damage import availability
from keepwarm.damage.mending import Menders, after_plan, menders_of
from keepwarm.damage.outages import renamed_rows
from keepwarm.damage.planned import carried_out
from keepwarm.damage.random_failures import failing
from keepwarm.ensemble.applying import changed
from keepwarm.ensemble.chunks import Chunk, merged
from keepwarm.ensemble.climate import fitted_climate
from keepwarm.ensemble.drawing import Drawing
from keepwarm.ensemble.study import Study
from keepwarm.ensemble.works import Work
from keepwarm.season import State, balanced_start, observed_start, orders_of, prepare
from keepwarm.season.batch import march_many
from keepwarm.season.cuts import why_tied
from keepwarm.season.independent import Independent, independent, walk_independent
from keepwarm.season.orders import Orders
from keepwarm.solve.simplex import SimplexSolver


@dataclass(frozen=True)
class Way:
    """A case with the measures of one portfolio, ready to be walked."""

    drawing: Drawing
    state: State
    orders: Orders | None
    solver: SimplexSolver
    apart: Independent | None  # where nothing ties its steps together


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
        study = self._study
        if work.portfolio not in self._ways:
            self._ways[work.portfolio] = way_of(study, work.portfolio)
        way, told = self._ways[work.portfolio], 0

        def tell(done: int) -> None:
            nonlocal told
            if progress is not None:
                progress(done - told)
            told = done

        audited = study.audited if work.portfolio == 0 else frozenset()
        if way.apart is not None:
            blocks = walk_independent(
                way.apart,
                way.drawing.outages,
                samples=work.samples,
                solver=way.solver,
                audited=audited,
                progress=tell,
            )
        else:
            blocks = march_many(
                way.drawing.corridor,
                way.drawing.drawn,
                samples=work.samples,
                first=study.first,
                steps=study.steps,
                state=way.state,
                solver=way.solver,
                audited=audited,
                orders=way.orders,
                progress=tell,
            )
        return merged([Chunk(block.totals, block.unsolved, block.audit) for block in blocks])


def way_of(study: Study, portfolio: int) -> Way:
    """Return a study's case ready to be walked, with the measures of a portfolio in it.

    Parameters
    ----------
    study
        What is walked.
    portfolio
        0: none; else the place of one in the study's file of measures, from 1.
    """
    measures = study.measures.portfolios[portfolio - 1] if portfolio else None
    case, damage, plan = study.case, study.damage, study.plan
    if measures is not None:
        case = changed(case, measures).case
    # Assets as they were, crews and spares as they would be.
    staffed = replace(study.case, resources=case.resources)
    if plan is not None:
        damage = carried_out(staffed, damage, plan)
    damage = renamed_rows(damage, study.case, case)
    if plan is not None:
        case, damage = with_deployments(case, damage, plan)
    corridor = prepare(case)
    state, seen = balanced_start(corridor, study.first), np.ones(len(case.network.assets))
    if study.from_state:
        state, seen = observed_start(corridor, study.first, state)
    template = corridor.template
    drawing = Drawing(
        study=study,
        corridor=corridor,
        standing=availability(case, damage, study.start, study.steps) * seen,
        failing=failing(case) if study.options.random_failures else None,
        menders=_menders(study, staffed),
        portfolio=measures,
        climate=fitted_climate(study.case) if study.options.weather == "generated" else None,
    )
    tied = plan is not None or bool(why_tied(corridor))
    return Way(
        drawing=drawing,
        state=state,
        orders=None if plan is None else orders_of(corridor, plan, study.first, study.steps),
        solver=SimplexSolver(template.perturbed_cost, template.matrix),
        apart=None
        if tied
        else independent(corridor, first=study.first, steps=study.steps, standing=drawing.standing),
    )


def _menders(study: Study, case: Case) -> Menders | None:
    """Return who of a case mends what hazards hit."""
    if study.hazard is None:
        return None
    if study.plan is None:
        return menders_of(case, study.hazard, study.start)
    return after_plan(case, study.hazard, study.damage, study.plan, study.start)[1]
