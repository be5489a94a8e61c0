"""What the samples of a study have of their own: what fails, what is hit, the weather, homes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Floats, Ints
from keepwarm.damage.events import draw_events
from keepwarm.damage.mending import Menders, mended
from keepwarm.damage.outages import Outages, available_by_step, joined, no_outages, renamed
from keepwarm.damage.random_failures import Failing, draw_failures
from keepwarm.ensemble.measures import Portfolio, protected
from keepwarm.ensemble.study import Study
from keepwarm.season import Corridor, State
from keepwarm.season.drawn import Drawn, Thermal
from keepwarm.season.parameters import draw_parameters, made_of
from keepwarm.season.sky import sky_of
from keepwarm.season.start import balanced_starts


@dataclass(frozen=True)
class Drawing:
    """All that samples of one portfolio are drawn from.

    Hits are drawn on the study's own case, so that a measure moves no draw of another; what they
    come to is then told by the names of assets of the case that is walked.
    """

    study: Study
    corridor: Corridor  # of the case with what measures and plans add to it
    standing: Floats  # (steps, assets): what is left in every sample, whatever is drawn
    failing: Failing | None
    menders: Menders | None  # with the crews and spares of measures, after a plan
    portfolio: Portfolio | None

    def drawn(self, samples: Ints) -> Drawn:
        """Return what some samples, by their numbers, have of their own."""
        parameters, state = self.parameters(samples), None
        if parameters is not None and not self.study.from_state:
            made = made_of(self.corridor, parameters)
            state = started(self.study, made, len(samples))
        available = self._available(self.outages(samples), len(samples))
        return Drawn(available, parameters=parameters, state=state)

    def parameters(self, samples: Ints) -> Thermal | None:
        """Return what the homes of some samples are made of; None: as the case says."""
        if not self.study.options.parameters:
            return None
        return draw_parameters(self.corridor, self.study.seed, samples)

    def outages(self, samples: Ints) -> Outages:
        """Return when assets of the case that is walked are out or reduced."""
        study, case = self.study, self.corridor.case
        parts = [no_outages()]
        if self.failing is not None:
            parts.append(
                draw_failures(
                    self.failing,
                    samples,
                    seed=study.seed,
                    hours=study.hours,
                    step_hours=case.network.step_hours,
                )
            )
        if self.menders is not None:
            parts.append(renamed(self._hit(samples), study.case, case))
        return joined(*parts)

    def _hit(self, samples: Ints) -> Outages:
        """Return what hazards come to, on the study's own case."""
        study = self.study
        if study.hazard is None or self.menders is None:
            return no_outages()
        struck = draw_events(
            study.case,
            study.hazard,
            seed=study.seed,
            samples=samples,
            start=study.start,
            hours=study.hours,
        )
        hits = struck.hits
        if self.portfolio is not None:
            safe = protected(study.case, self.portfolio, study.seed, samples)
            hits = hits.where(~safe[hits.sample, hits.asset])
        drawn = study.options.repair_times
        return mended(self.menders, study.hazard, hits, samples=len(samples), drawn=drawn)

    def _available(self, outages: Outages, samples: int) -> Iterator[Floats]:
        steps, assets = self.standing.shape
        dt = self.corridor.case.network.step_hours
        drawn = available_by_step(
            outages, samples=samples, assets=assets, steps=steps, step_hours=dt
        )
        for stands, left in zip(self.standing, drawn, strict=True):
            yield np.minimum(stands, left)


def started(study: Study, corridor: Corridor, samples: int) -> State:
    """Return samples at the start of the season, homes in balance with what they are made of."""
    return balanced_starts(corridor, sky_of(corridor, study.first), samples)
