"""Heat that homes of many groups, cohorts and samples want in a step, by compiled loops.

The same closed forms as in `keepwarm.warmth.rooms`, which the tests hold them against. Arrays are
(3, samples, cohorts, homes), the band first.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled, inlined
from keepwarm.warmth.fabric import (
    INSIDE_PER_GAIN,
    INSIDE_PER_MASS,
    LEFT,
    MASS_PER_GAIN,
    PER_KELVIN,
    Responses,
)
from keepwarm.warmth.homes import Homes

_CENTRAL = 1


def sky_rows(weather: Floats, samples: int) -> Ints:
    """Return which row of some weather, (1 or samples, ...), each sample has."""
    return np.arange(samples) if len(weather) > 1 else np.zeros(samples, dtype=np.int64)


class Wanted(NamedTuple):
    """Heat that homes want in a step; rows without buildings are zero."""

    comfort_w_per_m2: Floats  # (3, samples, cohorts, homes): never more than radiators give
    # Central means over the homes of a group, (samples, cohorts, groups), W/m2:
    comfort_mean: Floats
    safe_mean: Floats  # for the safe temperature alone
    most_mean: Floats  # what radiators can give


class _Step(NamedTuple):
    """What homes do in a step, and how much their radiators give."""

    parts: Ints  # of homes.parts
    group: Ints  # (homes,)
    share: Floats  # (homes,): of the group
    row: Ints  # (3, samples): of the response
    response: Floats  # (7, rows, homes): Responses.table
    made_of: Ints  # (3, samples): row of the emitters
    emitters: Floats  # (rows, homes)
    sky: Ints  # (samples,): row of the weather
    outdoor: Floats  # (skies, groups)
    water: Floats  # (skies, groups)
    lived_in: Bools  # (samples, cohorts)
    gain: Floats  # (samples, cohorts, groups)
    comfort_degc: float
    safe_degc: float
    excess_k: float


class _Desk(NamedTuple):
    """Work space for the homes that are taken at once."""

    outdoor: Floats  # (homes of them,), as those that follow
    water: Floats
    gain: Floats
    safe: Floats
    most: Floats


def wanted_heat(
    homes: Homes,
    response: Responses,
    mass_degc: Floats,
    *,
    lived_in: Bools,
    outdoor_degc: Floats,
    gain_w_per_m2: Floats,
    comfort_degc: float,
    safe_degc: float,
    emitters_w_per_m2: Floats,
    made_of: Ints,
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
        Shape (samples, groups), or (1, groups) where they are the same for all: outdoors, and the
        mean water temperature of radiators, degC.
    gain_w_per_m2
        Shape (samples, cohorts, groups).
    comfort_degc, safe_degc
        Operative temperatures wanted.
    emitters_w_per_m2
        Shape (rows, homes): what radiators give at the design excess.
    made_of
        Shape (3, samples): row of the emitters.
    design_excess_k
        Of their water over the room.

    **Source**: `keepwarm.warmth.rooms.heat_to_reach`, `keepwarm.warmth.curve.emitter_share`.
    """
    step = _Step(
        homes.parts,
        homes.group,
        homes.share,
        response.row,
        response.table,
        made_of,
        emitters_w_per_m2,
        sky_rows(outdoor_degc, mass_degc.shape[1]),
        outdoor_degc,
        water_degc,
        lived_in,
        gain_w_per_m2,
        comfort_degc,
        safe_degc,
        design_excess_k,
    )
    wanted = Wanted(np.zeros(mass_degc.shape), *np.zeros((3, *gain_w_per_m2.shape)))
    width = homes.most_at_once
    desk = _Desk(*np.empty((5, width)))
    _want(step, mass_degc, wanted, desk)
    return wanted


@compiled
def _want(step: _Step, mass: Floats, wanted: Wanted, desk: _Desk) -> None:
    """Work out the heat; ``wanted`` is zero."""
    bands, samples, cohorts, _ = mass.shape
    for part in range(len(step.parts) - 1):
        first, last = step.parts[part, 0], step.parts[part + 1, 0]
        group, known = step.group[first:last], -1
        for s in range(samples):
            if step.sky[s] != known:
                known = step.sky[s]
                _spread(step.outdoor[known], group, desk.outdoor)
                _spread(step.water[known], group, desk.water)
            for c in range(cohorts):
                if not step.lived_in[s, c]:
                    continue
                _spread(step.gain[s, c], group, desk.gain)
                for b in range(bands):
                    comfort = wanted.comfort_w_per_m2[b, s, c, first:last]
                    _want_row(step, desk, b, s, first, mass[b, s, c, first:last], comfort)
                    if b == _CENTRAL:
                        _add_up(step, desk, first, comfort, wanted, s, c)


@inlined
def _spread(of_groups: Floats, group: Ints, of_homes: Floats) -> None:
    """Repeat what groups have for each of their homes."""
    for h in range(group.size):
        of_homes[h] = of_groups[group[h]]


@inlined
def _want_row(
    step: _Step, desk: _Desk, b: int, s: int, first: int, mass: Floats, comfort: Floats
) -> None:
    """Work out a cohort's heat: a loop without branches, so that several homes go at once."""
    row, last = step.row[b, s], first + comfort.size
    left = step.response[LEFT, row, first:last]
    mass_per_gain = step.response[MASS_PER_GAIN, row, first:last]
    felt = step.response[INSIDE_PER_MASS, row, first:last]
    inside_per_gain = step.response[INSIDE_PER_GAIN, row, first:last]
    per_kelvin = step.response[PER_KELVIN, row, first:last]
    emitters = step.emitters[step.made_of[b, s], first:last]
    outdoor, water, gain, safe, most = desk.outdoor, desk.water, desk.gain, desk.safe, desk.most
    for h in range(comfort.size):
        rest = mass_per_gain[h] * gain[h]
        kept = rest + (mass[h] - outdoor[h] - rest) * left[h]
        reached = outdoor[h] + felt[h] * kept + inside_per_gain[h] * gain[h]
        over = max((water[h] - mass[h]) / step.excess_k, 0.0)
        cap = emitters[h] * over * math.sqrt(math.sqrt(over))  # to the power 1.25
        full = min(max((step.comfort_degc - reached) * per_kelvin[h], 0.0), cap)
        comfort[h] = full
        safe[h] = min(max((step.safe_degc - reached) * per_kelvin[h], 0.0), full)
        most[h] = cap


@compiled
def _add_up(
    step: _Step, desk: _Desk, first: int, comfort: Floats, wanted: Wanted, s: int, c: int
) -> None:
    """Add the homes to the means of their groups."""
    comfort_mean, safe_mean = wanted.comfort_mean[s, c], wanted.safe_mean[s, c]
    most_mean = wanted.most_mean[s, c]
    for h in range(comfort.size):
        g, share = step.group[first + h], step.share[first + h]
        comfort_mean[g] += comfort[h] * share
        safe_mean[g] += desk.safe[h] * share
        most_mean[g] += desk.most[h] * share
