"""Measures change a case without moving what was there; protection names nobody."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwarm.case.additions import NewGenerator, NewLink, NewStorage, with_added
from keepwarm.case.nouns import Observation
from keepwarm.case.read import read_case
from keepwarm.ensemble.applying import Changed, apply, changed
from keepwarm.ensemble.measures import (
    Boilers,
    Chp,
    Crews,
    Generators,
    Insulation,
    Interconnector,
    Portfolio,
    Protection,
    Spares,
    Storage,
    protected,
)
from keepwarm.ensemble.places import Unplaceable
from keepwarm.season import balanced_start, march, prepare


@pytest.fixture(scope="module")
def town(examples):
    return read_case(examples / "town")


@pytest.fixture(scope="module")
def capital(examples):
    return read_case(examples / "capital")


@pytest.fixture(scope="module")
def country(examples):
    return read_case(examples / "country")


def with_one(case, measure):
    return changed(case, Portfolio("one", (measure,)))


def added(before, after, noun):
    """Rows of one table of the network that were not there before."""
    table = getattr(after.case.network, noun)
    return slice(len(getattr(before.network, noun)), len(table)), table


@given(st.lists(st.sampled_from(["generator", "link", "storage"]), max_size=6), st.booleans())
def test_what_was_there_keeps_its_order(town, kinds, twice):
    network, ready = town.network, np.ones(len(town.network.snapshots))
    new = {
        "generator": NewGenerator("New", 1, 2.0, ready, 3.0, "added"),
        "link": NewLink("New", (0, 1, 2, 3, 4), (1, 1, 1, -1), 2.0, ready, True, 3.0, "added"),
        "storage": NewStorage("New", 1, 2.0, 4.0, 0.9, 3.0, "added"),
    }
    grown, place = with_added(network, [new[kind] for kind in kinds])
    if twice:
        grown, again = with_added(grown, [new[kind] for kind in kinds])
        place = again[place]
    assert [grown.assets.name[at] for at in place.tolist()] == list(network.assets.name)
    assert (np.diff(place) > 0).all()
    for name, values in vars(network.assets).items():
        kept = np.array(getattr(grown.assets, name))[place]
        assert np.array_equal(
            kept, np.array(values), equal_nan=values is not None and kept.dtype.kind == "f"
        )
    in_order = (
        *grown.generators.name,
        *grown.branches.name,
        *grown.links.name,
        *grown.storages.name,
    )
    assert grown.assets.name == in_order
    assert len(set(in_order)) == len(in_order)
    for noun in ("generators", "links", "storages"):
        for name, values in vars(getattr(grown, noun)).items():
            axis = 1 if name in ("p_min_pu", "p_max_pu", "inflow_mw") else 0
            assert np.shape(values)[axis] == len(getattr(grown, noun)), name


def test_boilers_go_where_the_homes_are(capital):
    after = with_one(capital, Boilers(mw=3, count=20, region="Swan Lake", available=0.9))
    rows, generators = added(capital, after, "generators")
    assert generators.p_nom_mw[rows].sum() == pytest.approx(60)
    assert (generators.p_max_pu[:, rows] == 0.9).all()
    here = capital.regions.name.index("Swan Lake")
    buildings = capital.buildings
    for bus, mw in zip(generators.bus[rows].tolist(), generators.p_nom_mw[rows], strict=True):
        on_bus = (buildings.heat_bus == bus) & (buildings.region == here)
        everywhere = (buildings.heat_bus >= 0) & (buildings.region == here)
        share = buildings.floor_area_m2[on_bus].sum() / buildings.floor_area_m2[everywhere].sum()
        assert mw == pytest.approx(60 * share)


def test_boilers_for_some_archetypes_leave_other_buses_alone(country):
    after = with_one(country, Boilers(mw=100, archetypes=("panel_9",)))
    rows, generators = added(country, after, "generators")
    buses = {country.network.buses.name[bus] for bus in generators.bus[rows].tolist()}
    assert len(buses) == 25
    assert all(name.endswith("district heat") for name in buses)


def test_from_a_time_on(town):
    hour = town.network.snapshots[10]
    after = with_one(town, Generators(mw=2, available_from=hour + np.timedelta64(30, "m")))
    rows, generators = added(town, after, "generators")
    ready = generators.p_max_pu[:, rows.start]
    assert ready[:10].max() == 0
    assert ready[10] == 0.5
    assert (ready[11:] == 1).all()
    power = [one == "power" for one in town.network.buses.carrier]
    assert all(power[bus] for bus in generators.bus[rows].tolist())
    assert generators.p_nom_mw[rows].sum() == pytest.approx(2)


def test_small_chp_makes_power_and_heat_from_gas(country):
    chp = Chp(mw=100, region="Slate Basin", archetypes=("panel_9",))
    after = with_one(country, chp)
    rows, links = added(country, after, "links")
    names = country.network.buses.name
    assert [names[bus] for bus in links.bus[rows.start, :3].tolist()] == [
        "Slate Basin gas",
        "Slate Basin power",
        "Slate Basin district heat",
    ]
    made = links.p_nom_mw[rows.start] * links.efficiency[rows.start]
    assert made[0] == pytest.approx(100)
    assert made[1] == pytest.approx(100 * chp.efficiency_heat / chp.efficiency_power)
    assert rows.stop - rows.start == 1


def test_storage_and_interconnector(country):
    after = with_one(country, Storage(mw=100, mwh=250, region="Slate Basin"))
    rows, storages = added(country, after, "storages")
    assert storages.e_max_mwh[rows].sum() == storages.e_initial_mwh[rows].sum() == 250
    assert storages.p_store_mw[rows].sum() == storages.p_dispatch_mw[rows].sum() == 100
    assert storages.is_unit[rows].all()
    after = with_one(country, Interconnector(("Slate Basin", "Wolf Forest"), 300, "gas"))
    rows, links = added(country, after, "links")
    ends = [country.network.buses.name[bus] for bus in links.bus[rows.start, :2].tolist()]
    assert ends == ["Slate Basin gas", "Wolf Forest gas"]
    assert (links.p_min_pu[:, rows] == -1).all()
    region = after.case.network.assets.region[after.case.network.assets.name.index(links.name[-1])]
    assert after.case.regions.name[region] == "Wolf Forest"


def test_several_measures_together(country):
    kinds = (Boilers(3), Storage(1, 2), Chp(4, archetypes=("panel_9",)), Boilers(2))
    after = changed(country, Portfolio("", kinds))
    names = after.case.network.assets.name
    assert [names[at] for at in after.place.tolist()] == list(country.network.assets.name)
    assert len(set(names)) == len(names)


def test_an_interconnector_ends_at_the_strongest_buses(town):
    def end(v_nom, s_max):
        buses = replace(town.network.buses, v_nom_kv=np.array(v_nom, dtype=float))
        lines = replace(town.network.branches, s_max_mw=np.array(s_max, dtype=float))
        case = replace(town, network=replace(town.network, buses=buses, branches=lines))
        links = with_one(case, Interconnector(("West", "East"), 5)).case.network.links
        return case.network.buses.name[links.bus[-1, 0]]

    # a second power bus in the west: of the lines Grid-West, Grid-East, West-East
    buses, count = town.network.buses, len(town.network.buses)
    second = buses.name.index("Grid entry")
    region = buses.region.copy()
    region[second] = town.regions.name.index("West")
    town = replace(town, network=replace(town.network, buses=replace(buses, region=region)))
    assert end(np.full(count, 110), [0, 800, 0]) == "Grid entry"
    assert end(np.full(count, 110), [0, 0, 800]) == "West power"
    high = np.where(np.arange(count) == second, 330, 110)
    assert end(high, [0, 0, 800]) == "Grid entry"


def test_heat_tanks_stand_at_heat_buses(country):
    after = with_one(country, Storage(10, 20, "heat", archetypes=("panel_9",)))
    rows, storages = added(country, after, "storages")
    carriers = {country.network.buses.carrier[bus] for bus in storages.bus[rows].tolist()}
    assert carriers == {"heat"}


def test_spares_and_crews_add_to_what_there_is(capital):
    case = with_one(capital, Spares("transformer_330", 4)).case
    assert case.resources.spares[:-1] == capital.resources.spares
    assert case.resources.spares[-1].count == 4
    case = with_one(case, Crews("plant", 3, "Swan Lake", 8, 20)).case
    new = case.resources.crews[len(capital.resources.crews) :]
    assert len({crew.name for crew in case.resources.crews}) == len(capital.resources.crews) + 3
    assert {crew.trade for crew in new} == {"plant"}
    assert {capital.regions.name[crew.base] for crew in new} == {"Swan Lake"}
    assert case.network is capital.network


def test_insulation_moves_buildings_and_their_people(capital):
    before = capital.buildings
    after = with_one(capital, Insulation(0.25, "retrofit", archetypes=("panel_9",))).case.buildings
    for name in ("buildings", "people", "floor_area_m2"):
        assert getattr(after, name).sum() == pytest.approx(getattr(before, name).sum())
    names = capital.archetypes.name
    panel, better = names.index("panel_9"), names.index("retrofit")
    moved = 0.25 * before.people[before.archetype == panel].sum()
    assert after.people[after.archetype == better].sum() == pytest.approx(
        before.people[before.archetype == better].sum() + moved
    )
    count = len(before)
    assert after.group[:count] == before.group
    assert len(set(after.group)) == len(after.group)
    old = np.flatnonzero(before.archetype == panel)
    for name in ("heat_bus", "power_bus", "region", "water_circuit", "substation_needs_power"):
        assert (getattr(after, name)[count:] == getattr(before, name)[old]).all()
    every = with_one(capital, Insulation(1.0, "retrofit", archetypes=("panel_9",))).case.buildings
    assert len(every) == count
    assert not (every.archetype == panel).any()


def test_insulated_twice_and_observed(town):
    seen = (
        Observation(town.start, "West panel", "indoor_degc", 19.0, "x"),
        Observation(town.start, "West panel", "drained", 8.0, "x"),
    )
    half = Insulation(0.5, "modern", "West", ("panel_9",))
    case = changed(replace(town, state=seen), Portfolio("", (half, half))).case
    rows = [(row.subject, row.quantity, row.value) for row in case.state]
    assert [value for _, quantity, value in rows if quantity == "indoor_degc"] == [19.0] * 3
    assert [value for _, quantity, value in rows if quantity == "drained"] == [2.0, 2.0, 4.0]
    assert set(case.buildings.group) >= {subject for subject, _, _ in rows}
    assert len(case.buildings) == len(town.buildings) + 2


@pytest.mark.parametrize(
    ("measure", "why"),
    [
        (Boilers(3, archetypes=("brick_5",), region="East"), None),
        (Chp(3), None),
        (Insulation(0.5, "modern", archetypes=("modern",)), "not 'modern' yet"),
        (Interconnector(("West", "East"), 3, "gas"), "has no gas bus"),
    ],
)
def test_what_has_no_place_is_said(town, measure, why):
    if why is None:
        apply(town, measure)
    else:
        with pytest.raises(Unplaceable, match=why):
            apply(town, measure)


def test_no_homes_no_boilers(country):
    bare = replace(country, buildings=read_nobody(country.buildings))
    with pytest.raises(Unplaceable, match="on a heat bus"):
        apply(bare, Boilers(3))


def read_nobody(buildings):
    columns = {
        name: () if isinstance(values, tuple) else values[:0]
        for name, values in vars(buildings).items()
    }
    return type(buildings)(**columns)


@pytest.mark.parametrize(
    "measure",
    [Boilers(4, 5), Chp(8), Storage(10, 400, "heat"), Insulation(1, "modern")],
    ids=lambda one: type(one).__name__,
)
def test_a_measure_helps_a_town_whose_plant_is_out(town, measure):
    def unserved(changed: Changed):
        case = changed.case
        left = np.ones((24, len(case.network.assets)))
        names = town.network.assets.name
        out = [names.index("CHP unit"), names.index("CHP peak boiler")]
        left[2:, changed.place[out]] = 0
        corridor = prepare(case)
        season = march(corridor, left, first=0, state=balanced_start(corridor, 0))
        heat = [case.network.buses.carrier[bus] == "heat" for bus in corridor.template.needs.bus]
        return season.shed_mw[:, heat].sum()

    nothing = Changed(town, np.arange(len(town.network.assets)))
    assert unserved(with_one(town, measure)) < 0.97 * unserved(nothing)


def test_protection_draws_a_share_of_a_class(capital):
    numbers = np.arange(2000)
    covered = protected(
        capital, Portfolio("", (Protection(0.3, "transformer"),)), seed=5, samples=numbers
    )
    kind = np.array([one == "transformer" for one in capital.network.assets.asset_class])
    assert not covered[:, ~kind].any()
    count = covered.sum(axis=1)
    # 0.3 of 8 is 2.4: two or three, 2.4 on average; each as often as the others
    assert set(count.tolist()) == {2, 3}
    assert count.mean() == pytest.approx(2.4, abs=3 * np.sqrt(0.24 / 2000))
    each = covered[:, kind].mean(axis=0)
    assert np.abs(each - 0.3).max() < 4 * np.sqrt(0.21 / 2000)


def test_more_protection_covers_what_less_does(capital):
    def covered(share, samples):
        one = Portfolio("", (Protection(share, "heat_main"),))
        return protected(capital, one, seed=5, samples=samples)

    numbers = np.array([4, 9, 200, 4711])
    less, more = covered(0.2, numbers), covered(0.55, numbers)
    assert (more >= less).all()
    assert more.sum() > less.sum()
    assert (covered(0.2, numbers[2:]) == less[2:]).all()
    every = covered(1.0, numbers)
    assert every.sum() == 4 * sum(one == "heat_main" for one in capital.network.assets.asset_class)


def test_protection_of_a_region_stays_there(capital):
    region = capital.regions.name.index("Swan Lake")
    one = Portfolio("", (Protection(1.0, "feeder", "Swan Lake"),))
    where = np.flatnonzero(protected(capital, one, 1, np.arange(1))[0])
    assert where.size
    assert (capital.network.assets.region[where] == region).all()
    none = protected(capital, Portfolio("", (Spares("x", 1),)), 1, np.arange(3))
    assert not none.any()
