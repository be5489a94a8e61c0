"""The season loop on the town: balances, coupling, circuits, restart from a state."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.case.nouns import Case
from keepwarm.season import balanced_start, march, prepare
from tests.season.conftest import (
    HEAT_SOURCES,
    colder,
    halved,
    no_leaks,
    outage,
    walk,
    with_settings,
)

HOURS = 60


def test_the_intact_town_is_served_and_warm(town: Case) -> None:
    season = walk(town, outage(town, (), slice(0), HOURS))
    assert season.shed_mw.max() == pytest.approx(0.0, abs=1e-9)
    assert season.operative_degc[:, 1].min() > 18.0
    assert season.drained.max() == 0.0
    assert all(people.max() < 1e-3 for people in season.people_without.values())


def test_served_and_shed_make_the_need_at_every_bus(town: Case) -> None:
    """Rebuild every bus balance from recorded flows and the case's own tables."""
    left = outage(town, ("CHP unit", "Boiler house"), slice(6, 40), HOURS)
    season = walk(town, left)
    network, needs = town.network, season.template.needs
    balance = -season.spill_mw.copy()
    np.add.at(balance.T, network.generators.bus, season.generator_mw.T)
    np.add.at(balance.T, network.links.bus[:, 0], -season.link_mw.T)
    for port in range(1, network.links.bus.shape[1]):
        for link, bus in enumerate(network.links.bus[:, port]):
            if bus >= 0:
                gain = network.links.efficiency[link, port - 1]
                balance[:, bus] += gain * season.link_mw[:, link]
    np.add.at(balance.T, network.branches.bus0, -season.flow_mw.T)
    np.add.at(balance.T, network.branches.bus1, season.flow_mw.T)
    np.add.at(balance.T, network.storages.bus, (season.discharge_mw - season.charge_mw).T)
    served = np.zeros_like(balance)
    np.add.at(served.T, needs.bus, (season.need_mw - season.shed_mw).T)
    assert np.abs(balance - served).max() < 1e-6
    assert np.all(season.shed_mw >= -1e-9)
    assert np.all(season.shed_mw <= season.need_mw + 1e-9)
    assert season.audit.max_relative_gap < 1e-9
    assert season.audit.boxes_bound == 0


def test_without_any_source_rooms_cool_and_everything_is_drained(town: Case) -> None:
    season = walk(town, outage(town, HEAT_SOURCES, slice(2, HOURS), HOURS))
    assert np.all(season.heat_share[2:] < 1e-6)
    assert np.all(np.diff(season.operative_degc[3:, 1], axis=0) < 0.5)
    assert season.drained[-1].sum() == pytest.approx(town.buildings.buildings.sum())
    assert season.frozen[-1].sum() == 0.0
    assert np.all(season.stopped_hour == 2.0)


def test_undrained_buildings_freeze_and_the_band_is_ordered(town: Case) -> None:
    cold = colder(with_settings(town, draining__policy="never"), 10.0)
    season = walk(cold, outage(town, HEAT_SOURCES, slice(2, 200), 200))
    low, central, high = season.plug_hour
    assert np.all(np.isfinite(low))
    assert np.all(low <= central) or np.isnan(central).any()
    both = np.isfinite(central) & np.isfinite(high)
    assert np.all(central[both] <= high[both])
    frozen = season.frozen[-1] > 0
    assert np.array_equal(frozen, np.isfinite(central))
    assert np.all(season.zero_hour[1][frozen] <= central[frozen])


def test_draining_by_deadline_waits_as_long_as_it_may_and_leaves_nothing_to_freeze(
    town: Case,
) -> None:
    left = outage(town, HEAT_SOURCES, slice(2, 150), 150)
    mild = colder(town, -6.0)
    late = walk(with_settings(mild, draining__policy="deadline"), left)
    soon = walk(with_settings(mild, draining__policy="rule"), left)
    assert late.frozen[-1].sum() == soon.frozen[-1].sum() == 0.0
    plugs = np.isfinite(late.plug_hour[0])
    assert plugs.any()
    waited = []
    for g in np.flatnonzero(plugs).tolist():
        drained = np.flatnonzero(late.drained[:, g] >= town.buildings.buildings[g])
        assert drained[0] <= late.plug_hour[0, g]
        waited.append(drained[0] - np.flatnonzero(soon.drained[:, g] > 0)[0])
    assert max(waited) > 6


def test_drained_buildings_are_filled_again_at_the_crews_pace(town: Case) -> None:
    slow = with_settings(no_leaks(town), refilling__buildings_per_hour=4.0)
    season = walk(slow, outage(town, HEAT_SOURCES, slice(2, 20), 80))
    drained = season.drained.sum(axis=1)
    assert drained.max() == pytest.approx(town.buildings.buildings.sum())
    assert np.diff(drained).min() >= -(4.0 + len(town.buildings))
    steady = drained[34:42]
    assert np.allclose(np.diff(steady), -4.0, atol=0.05)
    assert drained[-1] == pytest.approx(0.0, abs=1e-9)


def test_no_power_at_the_substation_means_no_heat_whatever_the_plant_delivers(town: Case) -> None:
    """West is cut from power; its panel blocks need it, its brick blocks do not."""
    network = town.network
    west = network.buses.name.index("West power")
    feeding = [
        name
        for name, b0, b1 in zip(
            network.branches.name, network.branches.bus0, network.branches.bus1, strict=True
        )
        if west in (b0, b1)
    ]
    chp = [n for n in network.links.name if n == "CHP unit"]
    imports = [
        name
        for name, bus in zip(network.generators.name, network.generators.bus, strict=True)
        if bus == west
    ]
    season = walk(town, outage(town, [*feeding, *chp, *imports], slice(2, 10), 12))
    groups = {name: g for g, name in enumerate(town.buildings.group)}
    assert season.power_share[5, groups["West panel"]] == pytest.approx(0.0, abs=1e-9)
    assert season.heat_share[5, groups["West panel"]] == pytest.approx(0.0, abs=1e-9)
    assert season.heat_share[5, groups["East panel"]] == pytest.approx(1.0)
    people = season.people_without["heat"][5]
    assert people[0] >= town.buildings.people[groups["West panel"]]


def test_a_run_cut_in_two_is_the_same_run(town: Case) -> None:
    corridor = prepare(town)
    left = outage(town, ("CHP unit", "CHP peak boiler"), slice(6, 30), HOURS)
    whole = march(corridor, left, first=0, state=balanced_start(corridor, 0))
    first = march(corridor, left[:25], first=0, state=balanced_start(corridor, 0))
    second = march(corridor, left[25:], first=25, state=first.final)
    joined = np.concatenate([first.operative_degc, second.operative_degc])
    assert np.allclose(joined, whole.operative_degc, atol=1e-9)
    assert np.allclose(second.level_mwh, whole.level_mwh[25:], atol=1e-9)
    assert np.allclose(second.final.water_degc, whole.final.water_degc, atol=1e-9)


def test_colder_weather_never_helps(town: Case) -> None:
    left = outage(town, ("CHP unit",), slice(6, 40), HOURS)
    mild, hard = walk(town, left), walk(colder(town, 6.0), left)
    assert np.all(hard.hours_below >= mild.hours_below - 1e-9)
    assert hard.shed_mw.sum() >= mild.shed_mw.sum() - 1e-9


def test_shortage_lowers_all_or_cuts_in_the_declared_order(town: Case) -> None:
    left = outage(town, ("CHP unit", "CHP peak boiler", "CHP network water"), slice(0, 12), 12)
    shared = walk(colder(town, 6.0), left)
    west = np.flatnonzero(town.buildings.region == 0)
    assert np.ptp(shared.heat_share[5, west]) < 1e-9
    assert shared.heat_share[5, west[0]] < 0.99
    order = replace(town.settings, heat_order={"West heat": ("West brick",)})
    cut = walk(colder(replace(town, settings=order), 6.0), left)
    names = town.buildings.group
    brick = names.index("West brick")
    others = [g for g in west.tolist() if g != brick]
    assert cut.heat_share[5, brick] < shared.heat_share[5, brick]
    assert np.all(cut.heat_share[5, others] > shared.heat_share[5, others])
    got_shared, got_cut = ((s.heat_share[5] * s.full_heat_mw[5])[west].sum() for s in (shared, cut))
    assert got_cut == pytest.approx(got_shared, rel=0.05)


def test_a_reconnected_feeder_draws_a_multiple_of_its_load(town: Case) -> None:
    calm = with_settings(town, pickup__factor=1.0)
    left = outage(town, ("Grid import", "CHP unit"), slice(2, 5), 8)
    plain, surge = walk(calm, left), walk(town, left)
    assert plain.shed_mw[2:5].sum() > 0
    home = [
        k
        for k, (b, t) in enumerate(
            zip(plain.template.needs.bus, plain.template.needs.tier, strict=True)
        )
        if town.network.buses.carrier[b] == "power" and t == 2
    ]
    extra = surge.need_mw[5, home].sum() - plain.need_mw[5, home].sum()
    share = (plain.shed_mw[4, home] / plain.need_mw[4, home]).max()
    assert extra > 0
    assert extra <= plain.need_mw[5, home].sum() * share * 1.0 + 1e-6


def test_a_dead_town_is_an_ordinary_input(town: Case) -> None:
    season = walk(town, np.zeros((30, len(town.network.assets))))
    assert np.allclose(season.shed_mw, season.need_mw)
    people = town.buildings.people.sum()
    for service in ("power", "heat", "gas", "water"):
        assert season.people_without[service].sum(axis=1)[5] == pytest.approx(people), service


def test_gas_that_fails_takes_stoves_and_boilers_with_it(town: Case) -> None:
    season = walk(town, outage(town, ("Gas import",), slice(3, 30), 30))
    assert season.people_without["gas"][5].sum() == pytest.approx(20_000.0)
    assert np.all(season.heat_share[20] < 1e-6)


def test_a_plant_that_tripped_needs_its_hours(town: Case) -> None:
    """Without auxiliary power the peak boiler trips; power back at 8, heat 4 h later."""
    left = outage(town, ("CHP unit", "CHP network water", "Boiler house"), slice(0, 30), 30)
    for name in ("Line Grid-West", "Line West-East"):
        left[4:8, town.network.assets.name.index(name)] = 0.0
    season = walk(town, left)
    boiler = town.network.links.name.index("CHP peak boiler")
    running = np.flatnonzero(season.link_mw[:, boiler] > 1e-6).tolist()
    assert running == [0, 1, 2, 3, *range(12, 30)]


def test_half_hour_steps_give_the_same_town(town: Case) -> None:
    """Heat delivered and cooling in 48 half-hour steps match those in 24 hourly ones.

    Heat *needed* to be warm at the end of a step is larger in a shorter step, so shed is not
    compared.
    """
    hours = walk(town, outage(town, ("CHP unit", "CHP peak boiler"), slice(4, 24), 24))
    halves = walk(halved(town), outage(town, ("CHP unit", "CHP peak boiler"), slice(8, 48), 48))
    assert halves.step_hours == 0.5
    delivered = [(s.heat_share * s.full_heat_mw).sum() * s.step_hours for s in (hours, halves)]
    assert delivered[1] == pytest.approx(delivered[0], rel=0.02)
    assert np.allclose(halves.operative_degc[-1], hours.operative_degc[-1], atol=0.35)


@settings(max_examples=15)
@given(data=st.data())
def test_any_outage_is_survived_and_balanced(town: Case, data: st.DataObject) -> None:
    names = data.draw(st.sets(st.sampled_from(town.network.assets.name)))
    begin = data.draw(st.integers(0, 6))
    frost = data.draw(st.floats(0, 25))
    season = walk(colder(town, frost), outage(town, names, slice(begin, 10), 14))
    assert season.audit.max_balance_error_mw < 1e-6
    assert season.audit.boxes_bound == 0
    assert np.all(np.isfinite(season.operative_degc))
    low, central, high = season.first_below_hour
    assert np.all((low <= central) | ~np.isfinite(central))
    assert np.all((central <= high) | ~np.isfinite(high))
    closed = season.drained + season.frozen
    assert np.all(closed <= town.buildings.buildings + 1e-9)
