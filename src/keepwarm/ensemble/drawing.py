"""What the samples of a study have of their own: what fails, what is hit, the weather, homes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Floats, Ints
from keepwarm.damage.events import Struck, draw_events
from keepwarm.damage.hazard import Hazard
from keepwarm.damage.mending import Menders, mended
from keepwarm.damage.outages import Outages, available_by_step, joined, no_outages, renamed
from keepwarm.damage.random_failures import Failing, draw_failures
from keepwarm.ensemble.climate import Climate
from keepwarm.ensemble.measures import Portfolio, protected
from keepwarm.ensemble.study import Study
from keepwarm.ensemble.weather import WeatherSeries, weather_drawn, winters_taken
from keepwarm.season import Corridor, State
from keepwarm.season.drawn import Drawn, Thermal
from keepwarm.season.parameters import draw_parameters, made_of
from keepwarm.season.sky import sky_of, sky_over
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
    climate: Climate | None  # that weather is drawn from

    def drawn(self, samples: Ints) -> Drawn:
        """Return what some samples, by their numbers, have of their own."""
        parameters, weather = self.parameters(samples), self.weather(samples)
        state, own = None, parameters is not None or weather is not None
        if own and not self.study.from_state:
            made = made_of(self.corridor, parameters)
            state = started(self.study, made, weather, len(samples))
        return Drawn(
            self._available(self._outages(samples, weather), len(samples)),
            weather=None if weather is None else weather.by_step(),
            parameters=parameters,
            state=state,
        )

    def weather(self, samples: Ints) -> WeatherSeries | None:
        """Return the weather of some samples; None: the case's own."""
        study = self.study
        if self.climate is not None:
            return weather_drawn(
                self.climate,
                seed=study.seed,
                samples=samples,
                first=study.first,
                steps=study.steps,
            )
        if study.options.weather == "years":
            return winters_taken(
                study.case,
                seed=study.seed,
                samples=samples,
                first=study.first,
                steps=study.steps,
                block_days=study.options.weather_block_days,
            )
        return None

    def parameters(self, samples: Ints) -> Thermal | None:
        """Return what the homes of some samples are made of; None: as the case says."""
        if not self.study.options.parameters:
            return None
        return draw_parameters(self.corridor, self.study.seed, samples)

    def outages(self, samples: Ints) -> Outages:
        """Return when assets of the case that is walked are out or reduced."""
        return self._outages(samples, self.weather(samples) if self.menders else None)

    def _outages(self, samples: Ints, weather: WeatherSeries | None) -> Outages:
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
        if self.menders is not None and study.hazard is not None:
            hit = self._hit(self.menders, study.hazard, samples, weather)
            parts.append(renamed(hit, study.case, case))
        return joined(*parts)

    def events(self, samples: Ints) -> dict[int, str]:
        """Return what the events of a single sample are called, by their numbers."""
        study = self.study
        if study.hazard is None:
            return {}
        happened = self._struck(study.hazard, samples, self.weather(samples)).events
        rows = zip(happened.number.tolist(), happened.hazard.tolist(), strict=True)
        return {number: f"{study.hazard.hazards[at].name} {number + 1}" for number, at in rows}

    def _struck(self, hazard: Hazard, samples: Ints, weather: WeatherSeries | None) -> Struck:
        """Return what happens and what it hits, on the study's own case."""
        study = self.study
        return draw_events(
            study.case,
            hazard,
            seed=study.seed,
            samples=samples,
            start=study.start,
            hours=study.hours,
            outdoor=None if weather is None else _outdoor(samples, weather),
        )

    def _hit(
        self, menders: Menders, hazard: Hazard, samples: Ints, weather: WeatherSeries | None
    ) -> Outages:
        """Return what hazards come to, on the study's own case."""
        study, hits = self.study, self._struck(hazard, samples, weather).hits
        if self.portfolio is not None:
            safe = protected(study.case, self.portfolio, study.seed, samples)
            hits = hits.where(~safe[hits.sample, hits.asset])
        drawn = study.options.repair_times
        return mended(menders, hazard, hits, samples=len(samples), drawn=drawn)

    def _available(self, outages: Outages, samples: int) -> Iterator[Floats]:
        steps, assets = self.standing.shape
        dt = self.corridor.case.network.step_hours
        drawn = available_by_step(
            outages, samples=samples, assets=assets, steps=steps, step_hours=dt
        )
        for stands, left in zip(self.standing, drawn, strict=True):
            yield np.minimum(stands, left)


def started(study: Study, corridor: Corridor, weather: WeatherSeries | None, samples: int) -> State:
    """Return samples at the start of the season, in balance with their weather and fabric."""
    if weather is None:
        return balanced_starts(corridor, sky_of(corridor, study.first), samples)
    sky = sky_over(corridor, study.first, next(weather.by_step()))
    return balanced_starts(corridor, sky, samples)


def _outdoor(samples: Ints, weather: WeatherSeries) -> Callable[[int], Floats]:
    row = {number: at for at, number in enumerate(samples.tolist())}
    return lambda sample: weather.outdoor_degc[row[sample]]
