"""What is kept of a sample when its season is over: sums, no series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import CARRIERS, Bools, Floats, Ints
from keepwarm.network import Template, sum_by_place, sum_places
from keepwarm.season.corridor import Corridor
from keepwarm.season.people import SERVICES, census, people_without
from keepwarm.season.step import Step

#: A carrier is short in a step when more than this is shed, MW.
SHORT_MW = 1e-6


@dataclass(frozen=True)
class Totals:
    """What samples came to over their season, one row each.

    Carriers stand in the order of `CARRIERS`, services in that of `SERVICES`, thresholds in that of
    the case.
    """

    sample: Ints  # (samples,): their numbers in the run
    need_mwh: Floats  # (samples, carriers)
    unserved_mwh: Floats  # (samples, carriers)
    short_hours: Floats  # (samples, carriers): with more than SHORT_MW shed
    short_spells: Floats  # (samples, carriers): how often a step is short and the one before not
    people_hours_without: Floats  # (samples, services, regions)
    people_hours_below: Floats  # (samples, thresholds), central band
    drained: Floats  # (samples,): buildings emptied by crews, the most at once of each group
    frozen: Floats  # (samples,): buildings frozen, the most at once of each group


class Tally:
    """Adds up the steps of some samples.

    Parameters
    ----------
    corridor
        The prepared case.
    samples
        Shape (samples,): their numbers in the run.
    """

    def __init__(self, corridor: Corridor, samples: Ints) -> None:
        case, count = corridor.case, len(samples)
        self._template, self._dt = corridor.template, case.network.step_hours
        self._people, self._census = corridor.home_people, census(case, corridor.template.needs)
        self._buildings = case.buildings.buildings
        self._thresholds = np.array(case.settings.numbers("thresholds.degc"))
        regions = self._census.region_weight.size
        self._was_short = np.zeros((count, len(CARRIERS)), dtype=np.bool_)
        self._drained, self._frozen = np.zeros((2, count, corridor.groups))
        self.totals = Totals(
            sample=samples,
            need_mwh=np.zeros((count, len(CARRIERS))),
            unserved_mwh=np.zeros((count, len(CARRIERS))),
            short_hours=np.zeros((count, len(CARRIERS))),
            short_spells=np.zeros((count, len(CARRIERS))),
            people_hours_without=np.zeros((count, len(SERVICES), regions)),
            people_hours_below=np.zeros((count, self._thresholds.size)),
            drained=np.zeros(count),
            frozen=np.zeros(count),
        )

    def add(self, step: Step) -> None:
        """Add one step of all samples."""
        sums, dt = self.totals, self._dt
        need, shed = step.solved.need_mw, step.solved.shed_mw
        needed, unserved = energy_by_carrier(
            self._template, need_mw=need, shed_mw=shed, not_asked_mw=step.not_asked_mw
        )
        short = unserved > SHORT_MW
        sums.need_mwh[:] += needed * dt
        sums.unserved_mwh[:] += unserved * dt
        sums.short_hours[:] += short * dt
        sums.short_spells[:] += short & ~self._was_short
        self._was_short = short
        without = people_without(
            self._census,
            need_mw=need,
            shed_mw=shed,
            heat_share=step.heat_share,
            power_share=step.power_share,
        )
        for k, service in enumerate(SERVICES):
            sums.people_hours_without[:, k] += without[service] * dt
        sums.people_hours_below[:] += self._people_hours_below(step)
        np.maximum(self._drained, step.state.emptied, out=self._drained)
        np.maximum(self._frozen, step.state.frozen, out=self._frozen)
        sums.drained[:], sums.frozen[:] = sum_places(self._drained), sum_places(self._frozen)

    def keep(self, rows: Bools) -> None:
        """Drop the samples that are not marked, (samples,)."""
        self.totals = Totals(**{name: array[rows] for name, array in vars(self.totals).items()})
        self._was_short = self._was_short[rows]
        self._drained, self._frozen = self._drained[rows], self._frozen[rows]

    def _people_hours_below(self, step: Step) -> Floats:
        """Person-hours below each threshold in one step, (samples, thresholds)."""
        return step.rooms.people_hours_below(
            step.before.cohorts / self._buildings,
            self._people,
            self._thresholds,
            self._dt,
        )


def energy_by_carrier(
    template: Template, *, need_mw: Floats, shed_mw: Floats, not_asked_mw: Floats
) -> tuple[Floats, Floats]:
    """Return need and shed in MW, each (rows, carriers), carriers in the order of `CARRIERS`.

    Heat counts what drained and frozen buildings, and those whose substation has no power, would
    need as well: the network is not asked for it, and it is shed.

    Parameters
    ----------
    need_mw, shed_mw
        Shape (rows, needs), the rows being hours or samples.
    not_asked_mw
        Shape (rows, groups).
    """
    names = template.network.buses.carrier
    carrier = np.array([CARRIERS.index(name) for name in names], dtype=np.int64)
    place = carrier[template.needs.bus]
    need, shed = (sum_by_place(mw, place, len(CARRIERS)) for mw in (need_mw, shed_mw))
    closed, heat = sum_places(not_asked_mw), CARRIERS.index("heat")
    need[:, heat] += closed
    shed[:, heat] += closed
    return need, shed
