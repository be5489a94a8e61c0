"""Scarce heat: hot water is cut before homes, or shares the shortage with them."""

from __future__ import annotations

import numpy as np
import pytest

from keepwarm.case.nouns import Case
from tests.season.conftest import outage, walk, with_settings

SOURCES = ("CHP unit", "CHP peak boiler", "CHP network water")


@pytest.mark.parametrize("cut", ["first", "alike"])
def test_homes_get_what_hot_water_leaves(town: Case, cut: str) -> None:
    """By hand, from what the bus was asked for and what it shed."""
    season = walk(
        with_settings(town, sharing__hot_water=cut), outage(town, SOURCES, slice(0, 3), 3)
    )
    needs, buses = season.template.needs, town.network.buses.name
    here = needs.bus == buses.index("West heat")
    asked, shed = season.need_mw[0, here].sum(), season.shed_mw[0, here].sum()
    west = town.buildings.heat_bus == buses.index("West heat")
    homes = season.full_heat_mw[0, west].sum()
    water = asked - homes
    assert water > 0.5
    assert shed > 1.0
    served = asked - shed
    expected = min(homes, served) / homes if cut == "first" else served / asked
    got = season.heat_share[0, west] @ season.full_heat_mw[0, west] / homes
    assert got == pytest.approx(expected, rel=1e-3)


def test_cutting_hot_water_first_keeps_homes_warmer(town: Case) -> None:
    left = outage(town, SOURCES, slice(0, 48), 48)
    first, alike = (
        walk(with_settings(town, sharing__hot_water=cut), left) for cut in ("first", "alike")
    )
    west = town.buildings.region == 0
    assert np.all(first.operative_degc[-1, 1, west] > alike.operative_degc[-1, 1, west] + 0.1)
