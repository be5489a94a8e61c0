"""Homes of many groups, cohorts and samples carried over a step by compiled loops.

The same closed forms as in `keepwarm.warmth.rooms`, which the tests hold them against. Cohorts are
the buildings of a group that share a temperature: arrays are (3, samples, cohorts, homes), the
band first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled, inlined
from keepwarm.warmth.homes import Homes
from keepwarm.warmth.rooms import Response

_CENTRAL = 1


class Wanted(NamedTuple):
    """Heat that homes want in a step; rows without buildings are zero."""

    comfort_w_per_m2: Floats  # (3, samples, cohorts, homes): never more than radiators give
    # Central means over the homes of a group, (samples, cohorts, groups), W/m2:
    comfort_mean: Floats
    safe_mean: Floats  # for the safe temperature alone
    most_mean: Floats  # what radiators can give


@dataclass(frozen=True)
class Moved:
    """Homes at the end of a step.

    The operative temperature goes from start to end as
    ``limit + (start - limit) * exp(-t / tau)`` with the response's time constant; it is worked out
    when it is asked for, each (3, samples, cohorts, homes), degC, zero in rows without buildings.
    """

    mass_degc: Floats  # (3, samples, cohorts, homes)
    indoor_degc: Floats  # (3, samples, groups): operative, mean of start and end
    _step: _Step
    _before_degc: Floats  # mass at the start

    @property
    def start_degc(self) -> Floats:
        """Operative temperature just after the inputs of the step act."""
        return self._of_all.start_degc

    @property
    def limit_degc(self) -> Floats:
        """Operative temperature after infinite time."""
        return self._of_all.limit_degc

    @property
    def end_degc(self) -> Floats:
        """Operative temperature at the end."""
        return self._of_all.end_degc

    @cached_property
    def central(self) -> Operative:
        """The central band alone, each (samples, cohorts, homes)."""
        found = self._felt(slice(_CENTRAL, _CENTRAL + 1))
        return Operative(*(each[0] for each in found))

    @cached_property
    def _of_all(self) -> Operative:
        return self._felt(slice(None))

    def _felt(self, bands: slice) -> Operative:
        found = Operative(*np.zeros((3, *self.mass_degc[bands].shape)))
        step = self._step._replace(heat=self._step.heat[bands])
        step = step._replace(**{name: getattr(step, name)[bands] for name in _BANDED})
        _feel(step, self._before_degc[bands], found)
        return found


class Operative(NamedTuple):
    """Operative temperatures of homes in a step, degC."""

    start_degc: Floats
    limit_degc: Floats
    end_degc: Floats


#: Constants of homes, of a band each.
_BANDED = (
    "left", "mass_per_gain", "mass_per_heat",
    "inside_per_mass", "inside_per_gain", "inside_per_heat",
)  # fmt: skip


class _Step(NamedTuple):
    """What homes do in a step, and what acts on them."""

    group: Ints  # (homes,)
    share: Floats  # (homes,): of the group
    left: Floats  # (3, homes), as those that follow
    mass_per_gain: Floats
    mass_per_heat: Floats
    inside_per_mass: Floats
    inside_per_gain: Floats
    inside_per_heat: Floats
    outdoor: Floats  # (homes,)
    lived_in: Bools  # (samples, cohorts)
    weight: Floats  # (samples, cohorts, groups)
    gain: Floats  # (samples, cohorts, groups)
    heat: Floats  # (3, samples, cohorts, homes): wanted
    served: Floats  # (samples, cohorts, groups): share of it


def wanted_heat(
    homes: Homes,
    response: Response,
    mass_degc: Floats,
    *,
    lived_in: Bools,
    outdoor_degc: Floats,
    gain_w_per_m2: Floats,
    comfort_degc: float,
    safe_degc: float,
    emitters_w_per_m2: Floats,
    water_degc: Floats,
    design_excess_k: float,
) -> Wanted:
    """Return the constant heat that ends the step at a set-point, as far as radiators give it.

    Parameters
    ----------
    homes, response
        Of the case, and of the step.
    mass_degc
        Shape (3, samples, cohorts, homes), at the start of the step, degC.
    lived_in
        Shape (samples, cohorts): False where no group has buildings; those rows stay zero.
    outdoor_degc, water_degc
        Shape (groups,): outdoors, and the mean water temperature of radiators, degC.
    gain_w_per_m2
        Shape (samples, cohorts, groups).
    comfort_degc, safe_degc
        Operative temperatures wanted.
    emitters_w_per_m2
        Shape (3, homes): what radiators give at the design excess.
    design_excess_k
        Of their water over the room.

    **Source**: `keepwarm.warmth.rooms.heat_to_reach`, `keepwarm.warmth.curve.emitter_share`.
    """
    wanted = Wanted(np.zeros(mass_degc.shape), *np.zeros((3, *gain_w_per_m2.shape)))
    step = _Wish(
        homes.group,
        homes.share,
        response.left,
        response.mass_per_gain,
        response.inside_per_mass,
        response.inside_per_gain,
        1.0 / response.end_per_heat,
        emitters_w_per_m2,
        outdoor_degc[homes.group],
        water_degc[homes.group],
    )
    set_points = (comfort_degc, safe_degc, design_excess_k)
    desk = np.empty((3, homes.group.size))
    _want(step, mass_degc, lived_in, gain_w_per_m2, set_points, wanted, desk)
    return wanted


class _Wish(NamedTuple):
    """What homes do in a step, and how much their radiators give."""

    group: Ints  # (homes,)
    share: Floats  # (homes,): of the group
    left: Floats  # (3, homes), as those that follow
    mass_per_gain: Floats
    inside_per_mass: Floats
    inside_per_gain: Floats
    per_kelvin: Floats  # W/m2 for 1 K more at the end
    emitters: Floats
    outdoor: Floats  # (homes,)
    water: Floats  # (homes,)


def move_rooms(
    homes: Homes,
    response: Response,
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
    weight
        Shape (samples, cohorts, groups): how much a cohort counts in the mean of its group.
    heat_w_per_m2
        Shape (3, samples, cohorts, homes): what they want.
    share
        Shape (samples, cohorts, groups): the part of it that they get.

    The others are those of `wanted_heat`. Rows without buildings keep their mass.

    **Source**: `keepwarm.warmth.rooms.relax`.
    """
    bands, samples = mass_degc.shape[:2]
    step = _Step(
        homes.group,
        homes.share,
        response.left,
        response.mass_per_gain,
        response.mass_per_heat,
        response.inside_per_mass,
        response.inside_per_gain,
        response.inside_per_heat,
        outdoor_degc[homes.group],
        lived_in,
        weight,
        gain_w_per_m2,
        heat_w_per_m2,
        share,
    )
    mass, indoor = np.empty_like(mass_degc), np.zeros((bands, samples, homes.first.size))
    _move(step, mass_degc, mass, indoor, np.empty((4, homes.group.size)))
    return Moved(mass, indoor, step, mass_degc)


@compiled
def _want(
    step: _Wish,
    mass: Floats,
    lived_in: Bools,
    gain: Floats,
    set_points: tuple[float, float, float],
    wanted: Wanted,
    desk: Floats,
) -> None:
    """Work out the heat; ``wanted`` is zero, ``desk`` (3, homes) work space."""
    bands, samples, cohorts, homes = mass.shape
    for s in range(samples):
        for c in range(cohorts):
            if not lived_in[s, c]:
                continue
            warm = desk[0]
            for h in range(homes):
                warm[h] = gain[s, c, step.group[h]]
            for b in range(bands):
                comfort = wanted.comfort_w_per_m2[b, s, c]
                _want_row(step, b, mass[b, s, c], warm, set_points, comfort, desk[1], desk[2])
                if b == _CENTRAL:
                    comfort_mean, safe_mean = wanted.comfort_mean[s, c], wanted.safe_mean[s, c]
                    most_mean = wanted.most_mean[s, c]
                    for h in range(homes):
                        g, share = step.group[h], step.share[h]
                        comfort_mean[g] += comfort[h] * share
                        safe_mean[g] += desk[1, h] * share
                        most_mean[g] += desk[2, h] * share


@inlined
def _want_row(
    step: _Wish,
    b: int,
    mass: Floats,
    gain: Floats,
    set_points: tuple[float, float, float],
    comfort: Floats,
    safe: Floats,
    most: Floats,
) -> None:
    """Work out a cohort's heat: a loop without branches, so that several homes go at once."""
    comfort_degc, safe_degc, excess = set_points
    left, felt, outdoor, water = step.left[b], step.inside_per_mass[b], step.outdoor, step.water
    mass_per_gain, inside_per_gain = step.mass_per_gain[b], step.inside_per_gain[b]
    per_kelvin, emitters = step.per_kelvin[b], step.emitters[b]
    for h in range(comfort.size):
        rest = mass_per_gain[h] * gain[h]
        kept = rest + (mass[h] - outdoor[h] - rest) * left[h]
        reached = outdoor[h] + felt[h] * kept + inside_per_gain[h] * gain[h]
        over = max((water[h] - mass[h]) / excess, 0.0)
        cap = emitters[h] * over * math.sqrt(math.sqrt(over))  # to the power 1.25
        full = min(max((comfort_degc - reached) * per_kelvin[h], 0.0), cap)
        comfort[h] = full
        safe[h] = min(max((safe_degc - reached) * per_kelvin[h], 0.0), full)
        most[h] = cap


@compiled
def _move(step: _Step, before: Floats, mass: Floats, indoor: Floats, desk: Floats) -> None:
    """Carry the mass; ``indoor`` is zero, ``desk`` (4, homes) work space."""
    bands, samples, cohorts, homes = mass.shape
    for s in range(samples):
        for c in range(cohorts):
            if not step.lived_in[s, c]:
                for b in range(bands):
                    for h in range(homes):
                        mass[b, s, c, h] = before[b, s, c, h]
                continue
            gain, served = step.gain[s, c], step.served[s, c]
            if served.size != homes:  # some groups have more homes than one
                _spread(step.group, gain, served, desk)
                gain, served = desk[0], desk[1]
            for b in range(bands):
                _move_row(
                    step, b, before[b, s, c], step.heat[b, s, c], gain, served, mass[b, s, c],
                    desk[2],
                )  # fmt: skip
                _add_up(step.group, step.weight[s, c], desk[2], desk[3], indoor[b, s])


@inlined
def _spread(group: Ints, gain: Floats, served: Floats, desk: Floats) -> None:
    """Repeat values of groups for each of their homes."""
    for h in range(group.size):
        desk[0, h] = gain[group[h]]
        desk[1, h] = served[group[h]]


@inlined
def _move_row(
    step: _Step,
    b: int,
    before: Floats,
    heat: Floats,
    gain: Floats,
    served: Floats,
    mass: Floats,
    twice: Floats,
) -> None:
    """Carry a cohort's homes: a loop without branches, so that several are taken at once.

    ``twice`` becomes twice the mean operative temperature, by the home's share of its group.
    """
    left, felt, outdoor, share = step.left[b], step.inside_per_mass[b], step.outdoor, step.share
    mass_per_gain, mass_per_heat = step.mass_per_gain[b], step.mass_per_heat[b]
    inside_per_gain, inside_per_heat = step.inside_per_gain[b], step.inside_per_heat[b]
    for h in range(mass.size):
        given = heat[h] * served[h]
        rest = mass_per_gain[h] * gain[h] + mass_per_heat[h] * given
        over = before[h] - outdoor[h]
        after = rest + (over - rest) * left[h]
        sources = inside_per_gain[h] * gain[h] + inside_per_heat[h] * given + outdoor[h]
        mass[h] = after + outdoor[h]
        twice[h] = ((felt[h] * over + sources) + (felt[h] * after + sources)) * share[h]


@inlined
def _add_up(group: Ints, weight: Floats, twice: Floats, sums: Floats, indoor: Floats) -> None:
    """Add the means of groups, by weight; ``sums`` is work space."""
    if indoor.size == twice.size:
        for g in range(indoor.size):
            indoor[g] += twice[g] / 2 * weight[g]
        return
    for g in range(indoor.size):
        sums[g] = 0.0
    for h in range(twice.size):
        sums[group[h]] += twice[h]
    for g in range(indoor.size):
        indoor[g] += sums[g] / 2 * weight[g]


@compiled
def _feel(step: _Step, before: Floats, found: Operative) -> None:
    """Work out the operative temperatures of homes whose mass was ``before`` the step."""
    bands, samples, cohorts, homes = before.shape
    for b in range(bands):
        for s in range(samples):
            for c in range(cohorts):
                if not step.lived_in[s, c]:
                    continue
                for h in range(homes):
                    g, outdoor = step.group[h], step.outdoor[h]
                    warm, given = step.gain[s, c, g], step.heat[b, s, c, h] * step.served[s, c, g]
                    rest = step.mass_per_gain[b, h] * warm + step.mass_per_heat[b, h] * given
                    over = before[b, s, c, h] - outdoor
                    after = rest + (over - rest) * step.left[b, h]
                    sources = step.inside_per_gain[b, h] * warm
                    sources += step.inside_per_heat[b, h] * given
                    sources += outdoor
                    felt = step.inside_per_mass[b, h]
                    found.start_degc[b, s, c, h] = felt * over + sources
                    found.limit_degc[b, s, c, h] = felt * rest + sources
                    found.end_degc[b, s, c, h] = felt * after + sources
