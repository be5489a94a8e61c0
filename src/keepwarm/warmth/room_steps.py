"""Homes of many groups, cohorts and samples carried over a step by compiled loops.

The same closed forms as in `keepwarm.warmth.rooms`, which the tests hold them against. Cohorts are
the buildings of a group that share a temperature: arrays are (3, samples, cohorts, homes), the
band first.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled, inlined
from keepwarm.warmth.fabric import (
    INSIDE_PER_GAIN,
    INSIDE_PER_HEAT,
    INSIDE_PER_MASS,
    LEFT,
    MASS_PER_GAIN,
    MASS_PER_HEAT,
    Responses,
)
from keepwarm.warmth.felt_steps import (
    Operative,
    RoomDesk,
    RoomStep,
    count_people,
    feel,
    feel_at_end,
    spread,
    under,
)
from keepwarm.warmth.heat_steps import sky_rows
from keepwarm.warmth.homes import Homes


@dataclass(frozen=True)
class Moved:
    """Homes at the end of a step.

    What they feel like is worked out when it is asked for.
    """

    mass_degc: Floats  # (3, samples, cohorts, homes)
    indoor_degc: Floats  # (3, samples, groups): operative, mean of start and end
    _step: RoomStep
    _before_degc: Floats  # mass at the start
    _width: int  # most homes at once
    _known: dict[int, Operative] = field(default_factory=dict)

    def of_cohort(self, cohort: int) -> Operative:
        """Return the operative temperatures of one cohort."""
        if cohort not in self._known:
            bands, samples, _, homes = self._before_degc.shape
            # Three arrays: one of more than 4 MB is handed out afresh by the system each time.
            found = Operative(*(np.empty((bands, samples, homes)) for _ in range(3)))
            feel(self._step, self._before_degc, found, _desk(self._width), cohort)
            self._known[cohort] = found
        return self._known[cohort]

    def end_of_groups(self, cohort: int, where: Bools) -> Floats:
        """Return what marked groups feel like at the end, central, (samples, groups).

        The mean over the homes of one cohort, which they have; zero for the others.
        """
        found = np.zeros(where.shape)
        feel_at_end(self._step, self._before_degc, where, cohort, found)
        return found

    def people_hours_below(
        self,
        share: Floats,
        people: Floats,
        place: Ints,
        places: int,
        thresholds: Floats,
        hours: float,
    ) -> Floats:
        """Return person-hours below thresholds in the step, central, (samples, places, thresholds).

        Parameters
        ----------
        share
            Shape (samples, cohorts, groups): of the group's buildings.
        people
            Shape (homes,): in all of its buildings.
        place, places
            Shape (homes,): what each belongs to, 0 to ``places`` - 1.
        thresholds
            Shape (thresholds,), degC.
        hours
            Length of the step.
        """
        below = np.zeros((len(share), places, thresholds.size))
        counted = (share, people, place, thresholds, hours, below)
        count_people(self._step, self._before_degc, _desk(self._width), *counted)
        return below


def move_rooms(
    homes: Homes,
    response: Responses,
    mass_degc: Floats,
    *,
    lived_in: Bools,
    weight: Floats,
    outdoor_degc: Floats,
    gain_w_per_m2: Floats,
    heat_w_per_m2: Floats,
    share: Floats,
) -> Moved:
    """Carry homes over a step of constant inputs; exact for any step length.

    Parameters
    ----------
    homes, response
        Of the case, and of the step.
    mass_degc
        Shape (3, samples, cohorts, homes), at the start of the step, degC.
    lived_in
        Shape (samples, cohorts): False where no group has buildings.
    weight
        Shape (samples, cohorts, groups): how much a cohort counts in the mean of its group.
    outdoor_degc
        Shape (samples, groups), or (1, groups) where it is the same for all.
    gain_w_per_m2
        Shape (samples, cohorts, groups).
    heat_w_per_m2
        Shape (3, samples, cohorts, homes): what they want.
    share
        Shape (samples, cohorts, groups): the part of it that they get.

    Rows without buildings keep their mass.

    **Source**: `keepwarm.warmth.rooms.relax`.
    """
    bands, samples = mass_degc.shape[:2]
    step = RoomStep(
        homes.parts,
        homes.group,
        homes.edges,
        homes.share,
        response.row,
        response.table,
        response.tau_hours,
        sky_rows(outdoor_degc, samples),
        outdoor_degc,
        lived_in,
        weight,
        gain_w_per_m2,
        heat_w_per_m2,
        share,
    )
    mass, indoor = np.empty_like(mass_degc), np.zeros((bands, samples, homes.first.size))
    _move(step, mass_degc, mass, indoor, _desk(homes.most_at_once))
    return Moved(mass, indoor, step, mass_degc, homes.most_at_once)


def _desk(width: int) -> RoomDesk:
    return RoomDesk(*np.empty((7, width)))


@compiled
def _move(step: RoomStep, before: Floats, mass: Floats, indoor: Floats, desk: RoomDesk) -> None:
    """Carry the mass; ``indoor`` is zero."""
    bands, samples, cohorts, _ = mass.shape
    for part in range(len(step.parts) - 1):
        first, last = step.parts[part, 0], step.parts[part + 1, 0]
        start, stop = step.parts[part, 1], step.parts[part + 1, 1]
        known = -1
        for s in range(samples):
            known = under(step, desk, known, s, first, last)
            for c in range(cohorts):
                if not step.lived_in[s, c]:
                    for b in range(bands):
                        stays, was = mass[b, s, c, first:last], before[b, s, c, first:last]
                        for h in range(was.size):
                            stays[h] = was[h]
                    continue
                gain, served = step.gain[s, c, start:stop], step.served[s, c, start:stop]
                if last - first != stop - start:  # some groups have more homes than one
                    spread(step, desk, s, c, first, last)
                    gain, served = desk.gain, desk.served
                for b in range(bands):
                    heat, was = step.heat[b, s, c, first:last], before[b, s, c, first:last]
                    _move_row(step, desk, b, s, first, was, heat, gain, served, mass[b, s, c])
                    into, weight = indoor[b, s, start:stop], step.weight[s, c, start:stop]
                    _add_up(step.edges[start : stop + 1], weight, desk, into)


@inlined
def _move_row(
    step: RoomStep,
    desk: RoomDesk,
    b: int,
    s: int,
    first: int,
    before: Floats,
    heat: Floats,
    gain: Floats,
    served: Floats,
    masses: Floats,
) -> None:
    """Carry a cohort's homes: a loop without branches, so that several are taken at once.

    ``desk.twice`` becomes twice the mean operative temperature, by the home's share of its group.
    """
    row, last = step.row[b, s], first + before.size
    left = step.response[LEFT, row, first:last]
    mass_per_gain = step.response[MASS_PER_GAIN, row, first:last]
    mass_per_heat = step.response[MASS_PER_HEAT, row, first:last]
    felt = step.response[INSIDE_PER_MASS, row, first:last]
    inside_per_gain = step.response[INSIDE_PER_GAIN, row, first:last]
    inside_per_heat = step.response[INSIDE_PER_HEAT, row, first:last]
    mass, share = masses[first:last], step.share[first:last]
    outdoor, twice = desk.outdoor, desk.twice
    for h in range(before.size):
        given = heat[h] * served[h]
        rest = mass_per_gain[h] * gain[h] + mass_per_heat[h] * given
        over = before[h] - outdoor[h]
        after = rest + (over - rest) * left[h]
        sources = inside_per_gain[h] * gain[h] + inside_per_heat[h] * given + outdoor[h]
        mass[h] = after + outdoor[h]
        twice[h] = ((felt[h] * over + sources) + (felt[h] * after + sources)) * share[h]


@inlined
def _add_up(edges: Ints, weight: Floats, desk: RoomDesk, indoor: Floats) -> None:
    """Add the means of groups, by weight."""
    twice = desk.twice
    if edges[indoor.size] - edges[0] == indoor.size:  # one home each
        for g in range(indoor.size):
            indoor[g] += twice[g] / 2 * weight[g]
        return
    for g in range(indoor.size):
        total = 0.0
        for h in range(edges[g] - edges[0], edges[g + 1] - edges[0]):
            total += twice[h]
        indoor[g] += total / 2 * weight[g]
