"""From what samples came to, to named columns: of the whole and by region."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from keepwarm.case.nouns import CARRIERS
from keepwarm.case.read import read_case
from keepwarm.ensemble.columns import (
    NOWHERE,
    carriers_of,
    columns_of,
    region_columns_of,
    regions_of,
)
from keepwarm.season.people import SERVICES
from keepwarm.season.totals import Totals


@pytest.fixture(scope="module")
def town(examples):
    return read_case(examples / "town")


@pytest.fixture
def totals(town):
    """Numbers at random, all of them different."""
    rng, samples = np.random.default_rng(5), 3
    places, thresholds = len(town.regions) + 1, len(town.settings.numbers("thresholds.degc"))
    carriers = (len(CARRIERS),)
    shapes = {
        **dict.fromkeys(("need_mwh", "unserved_mwh", "short_hours", "short_spells"), carriers),
        **dict.fromkeys(
            (
                "need_mwh_by_place",
                "unserved_mwh_by_place",
                "short_hours_by_place",
                "short_spells_by_place",
            ),
            (*carriers, places),
        ),
        "people_hours_without": (len(SERVICES), len(town.regions)),
        "people_hours_below": (thresholds,),
        "people_hours_below_by_place": (thresholds, places),
        **dict.fromkeys(("drained", "frozen", "emergency_days"), ()),
        **dict.fromkeys(("drained_by_place", "frozen_by_place"), (places,)),
    }
    drawn = {name: rng.random((samples, *shape)) for name, shape in shapes.items()}
    return Totals(sample=np.arange(samples), **drawn)


def test_columns_of_the_whole(town, totals):
    columns = columns_of(totals, town)
    assert columns["eue_heat_mwh"].tolist() == totals.unserved_mwh[:, 1].tolist()
    assert columns["lolh_hours"].tolist() == totals.short_hours[:, 0].tolist()
    assert columns["lolf_heat_events"].tolist() == totals.short_spells[:, 1].tolist()
    below = town.settings.numbers("thresholds.degc").index(12)
    assert columns["people_hours_below_12"].tolist() == totals.people_hours_below[:, below].tolist()
    without = totals.people_hours_without[:, SERVICES.index("heat")].sum(axis=1)
    assert columns["people_hours_without_heat"] == pytest.approx(without)
    assert columns["buildings_frozen"].tolist() == totals.frozen.tolist()
    assert columns["buildings_drained"].tolist() == totals.drained.tolist()
    assert columns["emergency_days"].tolist() == totals.emergency_days.tolist()
    assert set(carriers_of(town)) == {"power", "heat", "gas", "water"}
    assert "eue_fuel_mwh" not in columns


def test_columns_by_region(town, totals):
    regions, columns = regions_of(town), region_columns_of(totals, town)
    assert regions[:2] == ("West", "East")
    east = regions.index("East")
    assert columns["eue_heat_mwh"][:, east].tolist() == (
        totals.unserved_mwh_by_place[:, 1, east].tolist()
    )
    assert columns["need_mwh"][:, east].tolist() == totals.need_mwh_by_place[:, 0, east].tolist()
    without = totals.people_hours_without[:, SERVICES.index("power"), east]
    assert columns["people_hours_without_power"][:, east].tolist() == without.tolist()
    below = town.settings.numbers("thresholds.degc").index(12)
    assert columns["people_hours_below_12"][:, east].tolist() == (
        totals.people_hours_below_by_place[:, below, east].tolist()
    )
    assert columns["buildings_frozen"][:, east].tolist() == (
        totals.frozen_by_place[:, east].tolist()
    )
    whole = columns_of(totals, town)
    for name, table in columns.items():
        assert table.shape == (3, len(regions)), name
        assert name in whole, name


def test_what_is_of_no_region_has_a_place_where_something_is_needed_there(town):
    network = town.network
    assert (NOWHERE in regions_of(town)) == bool(
        (network.buses.region[network.loads.bus] < 0).any()
        or (network.buses.region[town.buildings.heat_bus] < 0).any()
    )
    none = np.full(len(network.buses), -1)
    nowhere = replace(town, network=replace(network, buses=replace(network.buses, region=none)))
    assert regions_of(nowhere) == (*town.regions.name, NOWHERE)


def test_a_case_without_regions_has_no_columns_by_region(town, totals):
    columns = {
        name: () if isinstance(v, tuple) else v[:0] for name, v in vars(town.regions).items()
    }
    bare = replace(town, regions=type(town.regions)(**columns))
    assert regions_of(bare) == ()
    assert region_columns_of(totals, bare) == {}
