"""Homes of many groups, cohorts and samples carried over a step by compiled loops.

The same closed forms as in `keepwarm.warmth.rooms`, which the tests hold them against. Cohorts are
the buildings of a group that share a temperature: arrays are (3, samples, cohorts, homes), the
band first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled
from keepwarm.warmth.homes import Homes
from keepwarm.warmth.rooms import Response

_CENTRAL = 1


@dataclass(frozen=True)
class Wanted:
    """Heat that homes want in a step, per m2 of floor."""

    comfort_w_per_m2: Floats  # (3, samples, cohorts, homes): never more than radiators give
    safe_w_per_m2: Floats  # (samples, cohorts, homes): central, for the safe temperature alone
    most_w_per_m2: Floats  # (samples, cohorts, homes): central, what radiators can give


@dataclass(frozen=True)
class Moved:
    """Homes at the end of a step, each (3, samples, cohorts, homes), degC.

    The operative temperature goes from start to end as
    ``limit + (start - limit) * exp(-t / tau)`` with the response's time constant.
    """

    mass_degc: Floats
    start_degc: Floats  # operative, just after the inputs of the step act
    limit_degc: Floats  # operative, after infinite time
    end_degc: Floats  # operative


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
    comfort = np.zeros_like(mass_degc)
    safe, most = np.zeros_like(mass_degc[0]), np.zeros_like(mass_degc[0])
    _want(
        homes.group,
        response.left,
        response.mass_per_gain,
        response.inside_per_mass,
        response.inside_per_gain,
        1.0 / response.end_per_heat,
        mass_degc,
        lived_in,
        outdoor_degc,
        gain_w_per_m2,
        comfort_degc,
        safe_degc,
        emitters_w_per_m2,
        water_degc,
        design_excess_k,
        comfort,
        safe,
        most,
    )
    return Wanted(comfort, safe, most)


def move_rooms(
    homes: Homes,
    response: Response,
    mass_degc: Floats,
    *,
    lived_in: Bools,
    outdoor_degc: Floats,
    gain_w_per_m2: Floats,
    heat_w_per_m2: Floats,
    share: Floats,
) -> Moved:
    """Carry homes over a step of constant inputs; exact for any step length.

    Parameters
    ----------
    heat_w_per_m2
        Shape (3, samples, cohorts, homes): what they want.
    share
        Shape (samples, cohorts, groups): the part of it that they get.

    The others are those of `wanted_heat`. Rows without buildings keep their mass.

    **Source**: `keepwarm.warmth.rooms.relax`.
    """
    mass, start = mass_degc.copy(), np.zeros_like(mass_degc)
    limit, end = np.zeros_like(mass_degc), np.zeros_like(mass_degc)
    _move(
        homes.group,
        response.left,
        response.mass_per_gain,
        response.mass_per_heat,
        response.inside_per_mass,
        response.inside_per_gain,
        response.inside_per_heat,
        lived_in,
        outdoor_degc,
        gain_w_per_m2,
        heat_w_per_m2,
        share,
        mass,
        start,
        limit,
        end,
    )
    return Moved(mass, start, limit, end)


@compiled
def _want(
    group: Ints,
    left: Floats,
    mass_per_gain: Floats,
    inside_per_mass: Floats,
    inside_per_gain: Floats,
    per_kelvin: Floats,
    mass: Floats,
    lived_in: Bools,
    outdoor: Floats,
    gain: Floats,
    comfort_degc: float,
    safe_degc: float,
    emitters: Floats,
    water: Floats,
    excess: float,
    comfort: Floats,
    safe: Floats,
    most: Floats,
) -> None:
    bands, samples, cohorts, homes = mass.shape
    for b in range(bands):
        for s in range(samples):
            for c in range(cohorts):
                if not lived_in[s, c]:
                    continue
                for h in range(homes):
                    g = group[h]
                    rest = mass_per_gain[b, h] * gain[s, c, g]
                    kept = rest + (mass[b, s, c, h] - outdoor[g] - rest) * left[b, h]
                    reached = (
                        outdoor[g]
                        + inside_per_mass[b, h] * kept
                        + inside_per_gain[b, h] * gain[s, c, g]
                    )
                    over = max((water[g] - mass[b, s, c, h]) / excess, 0.0)
                    # To the power 1.25.
                    cap = emitters[b, h] * over * math.sqrt(math.sqrt(over))
                    wanted = (comfort_degc - reached) * per_kelvin[b, h]
                    comfort[b, s, c, h] = min(max(wanted, 0.0), cap)
                    if b == _CENTRAL:
                        wanted = (safe_degc - reached) * per_kelvin[b, h]
                        safe[s, c, h] = min(max(wanted, 0.0), comfort[b, s, c, h])
                        most[s, c, h] = cap


@compiled
def _move(
    group: Ints,
    left: Floats,
    mass_per_gain: Floats,
    mass_per_heat: Floats,
    inside_per_mass: Floats,
    inside_per_gain: Floats,
    inside_per_heat: Floats,
    lived_in: Bools,
    outdoor: Floats,
    gain: Floats,
    heat: Floats,
    share: Floats,
    mass: Floats,
    start: Floats,
    limit: Floats,
    end: Floats,
) -> None:
    bands, samples, cohorts, homes = mass.shape
    for b in range(bands):
        for s in range(samples):
            for c in range(cohorts):
                if not lived_in[s, c]:
                    continue
                for h in range(homes):
                    g = group[h]
                    warm, given = gain[s, c, g], heat[b, s, c, h] * share[s, c, g]
                    rest = mass_per_gain[b, h] * warm + mass_per_heat[b, h] * given
                    before = mass[b, s, c, h] - outdoor[g]
                    after = rest + (before - rest) * left[b, h]
                    sources = inside_per_gain[b, h] * warm + inside_per_heat[b, h] * given
                    sources += outdoor[g]
                    felt = inside_per_mass[b, h]
                    mass[b, s, c, h] = after + outdoor[g]
                    start[b, s, c, h] = felt * before + sources
                    limit[b, s, c, h] = felt * rest + sources
                    end[b, s, c, h] = felt * after + sources
