"""Sums over the steps of samples that shed anything; in all others everything is served."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import CARRIERS, Bools, Floats, Ints
from keepwarm.network import Template
from keepwarm.season.corridor import Corridor
from keepwarm.season.people import SERVICES, Census, census, people_without
from keepwarm.season.screening import add_rows
from keepwarm.season.totals import SHORT_MW, Totals, energy_by_carrier


@dataclass(frozen=True)
class Season:
    """What all samples of a season need."""

    template: Template
    census: Census
    hours: float  # of a step
    thresholds: int
    need_mw: Floats  # (steps, needs)
    need_mwh: Floats  # (carriers,)


def season_of(corridor: Corridor, need_mw: Floats) -> Season:
    """Add up what is needed over a season.

    Parameters
    ----------
    corridor
        The prepared case; it has no building groups.
    need_mw
        Shape (steps, needs), the same for all samples.
    """
    case, template = corridor.case, corridor.template
    need, _ = energy_by_carrier(
        template, need_mw=need_mw, shed_mw=0 * need_mw, not_asked_mw=np.zeros((len(need_mw), 0))
    )
    return Season(
        template=template,
        census=census(case, template.needs),
        hours=case.network.step_hours,
        thresholds=len(case.settings.numbers("thresholds.degc")),
        need_mw=need_mw,
        need_mwh=np.cumsum(need * case.network.step_hours, axis=0)[-1],  # one by one, as steps are
    )


class Sums:
    """Adds up steps of the samples of a block, in any number of goes.

    Parameters
    ----------
    season
        What they need.
    samples
        How many there are.
    """

    def __init__(self, season: Season, samples: int) -> None:
        self._season, self._dt = season, season.hours
        self._counted = any(people.any() for people in season.census.on_bus.values())
        shape = (samples, len(CARRIERS))
        self._unserved, self._short, self._spells = np.zeros((3, *shape))
        self._without = np.zeros((samples, len(SERVICES), season.census.region_weight.size))
        self._last = (-1, -1, np.zeros(len(CARRIERS), dtype=np.bool_))

    def add(self, sample: Ints, step: Ints, shed_mw: Floats) -> None:
        """Add steps, by sample, then step; those given before come before them.

        Parameters
        ----------
        sample, step
            Shape (rows,); samples as numbers within the block.
        shed_mw
            Shape (rows, needs).
        """
        if not len(step):
            return
        need, none = self._season.need_mw[step], np.zeros((len(step), 0))
        _, unserved = energy_by_carrier(
            self._season.template, need_mw=need, shed_mw=shed_mw, not_asked_mw=none
        )
        short = unserved > SHORT_MW
        begun = short & ~self._before(sample, step, short)
        for values, sums in (
            (unserved * self._dt, self._unserved),
            (short * self._dt, self._short),
            (begun * 1.0, self._spells),
        ):
            add_rows(sample, np.asarray(values, dtype=np.float64), sums)
        if self._counted:
            without = people_without(
                self._season.census,
                need_mw=need,
                shed_mw=shed_mw,
                heat_share=none,
                power_share=none,
            )
            flat = np.stack([without[service] for service in SERVICES], axis=1) * self._dt
            width = self._without[0].size
            add_rows(sample, flat.reshape(-1, width), self._without.reshape(-1, width))

    def _before(self, sample: Ints, step: Ints, short: Bools) -> Bools:
        """Return whether the step before each was short, (rows, carriers)."""
        last_sample, last_step, last = self._last
        same = np.empty(len(step), dtype=np.bool_)
        same[1:] = (sample[1:] == sample[:-1]) & (step[1:] == step[:-1] + 1)
        same[0] = sample[0] == last_sample and step[0] == last_step + 1
        was = np.concatenate([last[None], short[:-1]]) & same[:, None]
        self._last = int(sample[-1]), int(step[-1]), short[-1]
        return np.asarray(was)

    def totals(self, numbers: Ints, kept: Bools) -> Totals:
        """Return the sums of the samples that are marked.

        Parameters
        ----------
        numbers
            Shape (samples,): their numbers in the run.
        kept
            Shape (samples,).
        """
        count = int(kept.sum())
        return Totals(
            sample=numbers[kept],
            need_mwh=np.tile(self._season.need_mwh, (count, 1)),
            unserved_mwh=self._unserved[kept],
            short_hours=self._short[kept],
            short_spells=self._spells[kept],
            people_hours_without=self._without[kept],
            people_hours_below=np.zeros((count, self._season.thresholds)),
            drained=np.zeros(count),
            frozen=np.zeros(count),
        )
