"""Alchevsk 2006: the hours to the plug beside a reckoning of its own, and its order."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest

from keepwarm.validation.folders import case_folder, read_validation_case
from keepwarm.validation.of_alchevsk import first_plug_hours

FACTS = read_validation_case(case_folder("alchevsk_2006")).facts
WATER, STEEL, FUSION, ICE = 4.19e6, 7850.0 * 480.0, 334e6, 2.2


def marched(zone: str, end: int) -> float:
    """Hours to the plug of one zone's pipe: lag, water and ice in small steps, by hand."""
    fact, pipe, zones = FACTS["inputs"], FACTS["pipes"], FACTS["zones"]
    bore, wall, insulation = (
        pipe[f"{zone}_pipe_{name}_mm"] / 1000 for name in ("bore", "wall", "insulation")
    )
    fraction, lag = zones[f"{zone}_fraction"][end], zones[f"{zone}_lag_h"][end]
    outer = bore + 2 * wall
    whole = outer + 2 * insulation
    outward = math.log(whole / outer) / (2 * math.pi * pipe["insulation_w_per_mk"])
    outward += 1 / (pipe["pipe_film_w_per_m2k"] * math.pi * whole)
    area = math.pi * bore**2 / 4
    capacity = WATER * area + STEEL * math.pi * wall * (bore + wall)  # J/(m K)
    outdoor, indoor = fact["outdoor_degc"], fact["indoor_degc"]
    air = outdoor + fraction * (indoor - outdoor)
    water, ice, hours, dt = (fact["supply_degc"] + fact["return_degc"]) / 2, 0.0, 0.0, 1e-3
    while ice < pipe["plug_ice_share"]:
        homes = outdoor + (indoor - outdoor) * math.exp(-hours / fact["beta_hours"])
        air += (outdoor + fraction * (homes - outdoor) - air) * dt / lag
        if water > 0:
            water -= (water - air) / (outward * capacity) * 3600 * dt
        else:
            resistance = outward - math.log(1 - ice) / (4 * math.pi * ICE)
            ice += max(-air, 0.0) / resistance / (FUSION * area) * 3600 * dt
        hours += dt
    return hours


@pytest.mark.parametrize("end", range(3))
def test_the_first_plug_is_that_of_a_march_in_small_steps(end: int) -> None:
    expected = min(marched(zone, end) for zone in ("stairwell", "attic", "basement"))
    assert first_plug_hours(FACTS)[end] == pytest.approx(expected, abs=0.05)


def test_a_colder_zone_never_plugs_later() -> None:
    found = [first_plug_hours(FACTS)[1]]
    for fraction in np.arange(0.1, 0.0, -0.02):
        facts = copy.deepcopy(FACTS)
        facts["zones"]["attic_fraction"] = [fraction] * 3
        found.append(first_plug_hours(facts)[1])
    assert np.all(np.diff(found) <= 1e-9)
