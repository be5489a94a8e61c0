"""Circuits of buildings: who stands still, who is filled, what was observed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from keepwarm.case.nouns import Case, Floats, Observation
from keepwarm.runs.answers import answers
from keepwarm.season import State, balanced_start, march, observed_start, prepare
from tests.season.conftest import HEAT_SOURCES, colder, no_leaks, outage, walk, with_settings

NOW = np.datetime64("2026-01-08T00:00:00")


def observed(case: Case, *rows: tuple[str, str, float]) -> Case:
    """Return the case with a state.csv of (subject, quantity, value)."""
    seen = tuple(Observation(NOW, s, q, v, "test") for s, q, v in rows)
    return replace(case, state=seen)


def group(case: Case, name: str) -> int:
    return case.buildings.group.index(name)


def test_a_group_that_is_cut_stands_still_though_its_bus_gives_heat(town: Case) -> None:
    order = replace(town.settings, heat_order={"West heat": ("West brick",)})
    left = outage(town, ("CHP unit", "CHP network water"), slice(0, 40), 40)
    left[:, town.network.assets.name.index("CHP peak boiler")] = 0.45
    season = walk(colder(replace(town, settings=order), 10.0), left)
    brick, panel = group(town, "West brick"), group(town, "West panel")
    assert season.heat_share[5, brick] < 0.01
    assert not season.running[5, brick]
    assert season.running[5, panel]
    assert season.drained[-1, brick] > 0


def test_a_mild_spell_does_not_fill_buildings_on_a_dead_bus(town: Case) -> None:
    assert town.weather is not None
    outdoor = town.weather.outdoor_degc.copy()
    outdoor[20:40] = 24.0
    warm = replace(town, weather=replace(town.weather, outdoor_degc=outdoor))
    season = walk(warm, outage(town, HEAT_SOURCES, slice(2, 40), 40))
    assert season.drained[15].sum() == pytest.approx(town.buildings.buildings.sum())
    assert np.all(np.diff(season.drained[15:].sum(axis=1)) >= 0)


def test_crews_that_fill_nothing_fill_nothing(town: Case) -> None:
    idle = with_settings(town, refilling__buildings_per_hour=0.0)
    season = walk(idle, outage(town, HEAT_SOURCES, slice(2, 20), 40))
    assert season.drained[-1].sum() == pytest.approx(town.buildings.buildings.sum())


def test_a_flickering_source_does_not_fill_and_drain_the_same_building_for_ever(
    town: Case,
) -> None:
    left = outage(town, (), slice(0), 60)
    for name in HEAT_SOURCES:
        left[2::2, town.network.assets.name.index(name)] = 0.0
    eager = with_settings(town, draining__wait_hours=1.0)
    season = walk(colder(eager, 5.0), left)
    filled = -np.minimum(np.diff(season.drained, axis=0), 0.0).sum()
    assert filled == 0.0


def test_hours_left_count_from_the_stop_in_which_the_pipe_plugs(town: Case) -> None:
    """Two stops: the low band plugs in the first, which is the one its deadline refers to."""
    left = outage(town, HEAT_SOURCES, slice(2, 16), 80)
    for name in HEAT_SOURCES:
        left[60:70, town.network.assets.name.index(name)] = 0.0
    season = walk(colder(with_settings(town, draining__policy="never"), 5.0), left)
    plugs = np.isfinite(season.plug_hour)
    assert plugs[0].any()
    assert np.all((season.plug_hour - season.plug_stopped_hour)[plugs] > 0)
    assert np.all(season.stopped_hour == 2.0)


def test_shared_shortage_gives_cold_and_warm_groups_the_same_share(town: Case) -> None:
    corridor = prepare(town)
    state = balanced_start(corridor, 0)
    mass = state.mass_degc.copy()
    mass[..., corridor.homes.group == group(town, "West panel")] = 8.0
    left = outage(town, ("CHP unit", "CHP peak boiler", "CHP network water"), slice(0, 3), 3)
    season = march(corridor, left, first=0, state=replace(state, mass_degc=mass))
    west = np.flatnonzero(town.buildings.region == 0)
    assert season.heat_share[0, west[0]] < 0.99
    assert np.ptp(season.heat_share[0, west]) < 1e-6


def test_groups_without_a_heat_bus_have_no_unserved_heat(town: Case) -> None:
    alone = replace(town.buildings, heat_bus=np.full(len(town.buildings), -1))
    season = walk(replace(town, buildings=alone), np.zeros((10, len(town.network.assets))))
    assert season.not_asked_mw.sum() == 0.0
    assert season.people_without["heat"].sum() == 0.0


def test_heat_is_never_delivered_beyond_the_power_of_its_substations(town: Case) -> None:
    left = outage(town, ("CHP unit",), slice(0, 20), 20)
    left[3:6, town.network.assets.name.index("Grid import")] = 0.0
    left[6:, town.network.assets.name.index("Grid import")] = 0.6
    season = walk(town, left)
    needy = town.buildings.substation_needs_power & ~town.buildings.backup
    excess = season.heat_share[:, needy] - season.power_share[:, needy]
    assert (season.power_share[:, needy] < 0.9).any()
    assert excess.max() < 1e-3


def test_stores_do_not_fill_while_that_costs_homes_their_power(town: Case) -> None:
    """A boiler could fill the network water; its auxiliary power would come from households."""
    empty = replace(town.network.storages, e_initial_mwh=np.zeros(len(town.network.storages.name)))
    short = replace(town, network=replace(town.network, storages=empty))
    left = outage(town, ("CHP unit",), slice(0, 6), 6)
    left[:, town.network.assets.name.index("Grid import")] = 0.25
    season = walk(short, left)
    homes = season.template.needs.tier < 4
    closed = replace(empty, p_store_mw=np.zeros(len(empty.name)))
    never = walk(replace(town, network=replace(town.network, storages=closed)), left)
    assert season.shed_mw[0, homes].sum() > 0
    assert season.shed_mw[0, homes].sum() <= never.shed_mw[0, homes].sum() + 1e-6


def test_observed_counts_are_buildings(town: Case) -> None:
    seen = observed(town, ("West panel", "drained", 24.0), ("West brick", "frozen", 15.0))
    corridor = prepare(seen)
    state, _ = observed_start(corridor, 0, balanced_start(corridor, 0))
    assert state.drained[group(town, "West panel")] == 24.0
    assert state.frozen[group(town, "West brick")] == 15.0
    season = march(corridor, outage(town, (), slice(0), 3), first=0, state=state)
    assert season.frozen[0, group(town, "West brick")] == 15.0
    assert not season.running[0, group(town, "West panel")]


def test_a_stop_observed_late_has_cooled_as_if_it_had_been_walked(town: Case) -> None:
    """Eight hours without heat, walked; against a state that says only that they have passed."""
    assert town.weather is not None
    steady = replace(
        town.weather,
        outdoor_degc=np.full_like(town.weather.outdoor_degc, -12.0),
        wind_m_per_s=np.full_like(town.weather.wind_m_per_s, 3.0),
    )
    none = {"gains__heater_w_per_person": 0.0, "gains__appliances_w_per_person": 0.0}
    case = with_settings(replace(town, weather=steady), draining__policy="never", **none)
    walked = walk(case, outage(case, HEAT_SOURCES, slice(0, 8), 8))
    rows = [(name, "stopped_hours", 8.0) for name in case.buildings.group]
    corridor = prepare(observed(case, *rows))
    state, _ = observed_start(corridor, 8, balanced_start(corridor, 8))
    np.testing.assert_allclose(state.mass_degc[:, 0], walked.final.mass_degc[:, 0], atol=1e-6)
    np.testing.assert_allclose(state.zone_degc, walked.final.zone_degc, atol=1e-6)
    np.testing.assert_allclose(state.frost_k_h, walked.final.frost_k_h, atol=1e-6)
    assert state.water_degc[1, :, 2].max() < 20.0


def test_a_home_observed_colder_needs_more_heat(town: Case) -> None:
    corridor = prepare(town)
    balanced = balanced_start(corridor, 0)
    cold = prepare(observed(town, ("West panel", "indoor_degc", 17.0)))
    state, _ = observed_start(cold, 0, balanced)
    panel = group(town, "West panel")
    mine = corridor.homes.group == panel
    assert np.all(state.mass_degc[..., mine] < balanced.mass_degc[..., mine])
    low, central, high = state.mass_degc[:, 0, mine]
    assert np.all(low < central)
    assert np.all(central < high)
    left = outage(town, (), slice(0), 2)
    need = [march(c, left, first=0, state=s) for c, s in ((corridor, balanced), (cold, state))]
    assert need[1].full_heat_mw[0, panel] > need[0].full_heat_mw[0, panel]


def test_the_newest_observation_counts(town: Case) -> None:
    later, earlier = NOW, NOW - np.timedelta64(6, "h")
    rows = (
        Observation(later, "West panel", "indoor_degc", 18.0, "test"),
        Observation(earlier, "West panel", "indoor_degc", 5.0, "test"),
    )
    corridor = prepare(replace(town, state=rows))
    state, _ = observed_start(corridor, 0, balanced_start(corridor, 0))
    assert state.mass_degc[1, 0, corridor.homes.group == group(town, "West panel")].min() > 10.0


def test_a_well_heated_group_runs_though_its_bus_is_short(town: Case) -> None:
    """Two of three groups of a bus are cut; what is left heats the third to a third of its need."""
    order = {"West heat": ("West panel", "West brick")}
    case = replace(town, settings=replace(town.settings, heat_order=order))
    case = colder(with_settings(case, draining__policy="never"), 5.0)
    left = outage(case, ("CHP unit", "CHP peak boiler", "CHP network water"), slice(5, 12), 12)
    left[5:, town.network.assets.name.index("Boiler house")] = 0.12
    season = walk(case, left)
    new = group(town, "West new")
    assert season.heat_share[6:, new].min() > 0.2
    assert season.running[6:, new].all()


def test_frozen_at_the_centre_of_the_band_is_what_froze(town: Case) -> None:
    """Also over two stops, slow crews and buildings frozen before the start."""
    slow = with_settings(
        colder(town, 5.0),
        draining__buildings_per_hour=2.0,
        refilling__buildings_per_hour=1.5,
        repairs__buildings_per_day=0.0,
    )
    left = outage(slow, HEAT_SOURCES, slice(10, 40), 130)
    for name in HEAT_SOURCES:
        left[70:120, town.network.assets.name.index(name)] = 0.0
    corridor = prepare(observed(slow, ("West panel", "frozen", 10.0)))
    state, _ = observed_start(corridor, 0, balanced_start(corridor, 0))
    season = march(corridor, left, first=0, state=state)
    low, central, high = season.frozen_band.sum(axis=1)
    assert central == pytest.approx(season.frozen[-1].sum())
    assert low >= central >= high >= 10.0


def test_a_drained_group_that_would_be_cut_first_is_not_filled(town: Case) -> None:
    order = {"West heat": ("West panel",)}
    case = replace(town, settings=replace(town.settings, heat_order=order))
    case = colder(with_settings(case, refilling__buildings_per_hour=4.0), 5.0)
    left = outage(case, ("CHP unit", "CHP peak boiler", "CHP network water"), slice(5, 60), 60)
    left[5:, town.network.assets.name.index("Boiler house")] = 0.35
    season = walk(case, left)
    drained = season.drained[:, group(town, "West panel")]
    assert drained[-1] == 24.0
    assert np.all(np.diff(drained) >= 0)
    assert np.isfinite(season.plug_hour[1, group(town, "West panel")])


def leaking(case: Case, buildings: float, **changes: float | str) -> tuple[Case, State]:
    """Return a case whose panel blocks stand with leaks, heat being there, and its state."""
    whole = with_settings(no_leaks(case), **changes)
    seen = observed(whole, ("West panel", "damaged", buildings))
    corridor = prepare(seen)
    return seen, observed_start(corridor, 0, balanced_start(corridor, 0))[0]


def damaged_over(case: Case, state: State, steps: int) -> Floats:
    """Return the leaking buildings of the town at the end of each hour."""
    season = march(prepare(case), outage(case, (), slice(0), steps), first=0, state=state)
    return season.of_state("damaged").sum(axis=1)


def test_many_leaks_are_mended_at_the_pace_of_the_crews(town: Case) -> None:
    case, state = leaking(town, 24.0, repairs__buildings_per_day=12.0, repairs__hours=6.0)
    left = damaged_over(case, state, 24)
    np.testing.assert_allclose(left, 24.0 - 0.5 * np.arange(1, 25))


def test_the_last_leaks_take_as_long_as_a_repair_does(town: Case) -> None:
    """Closed form: each is done within an hour with the chance 1 - exp(-1/12)."""
    case, state = leaking(town, 24.0, repairs__buildings_per_day=1000.0, repairs__hours=12.0)
    left = damaged_over(case, state, 48)
    np.testing.assert_allclose(left, 24.0 * np.exp(-np.arange(1, 49) / 12.0), rtol=1e-9)


@pytest.mark.parametrize("degc", [-15.0, -5.0, 5.0])
def test_circuits_filled_in_frost_leak_more(town: Case, degc: float) -> None:
    """2 of a hundred at 0 degC and 15 more per 10 K of frost, by hand."""
    assert town.weather is not None
    sky = replace(town.weather, outdoor_degc=np.full_like(town.weather.outdoor_degc, degc))
    changes = {"restart.leak_share": 0.02, "restart.frost_leak_share": 0.15}
    case = with_settings(
        replace(town, weather=sky),
        repairs__buildings_per_day=0.0,
        **{key.replace(".", "__"): value for key, value in changes.items()},
    )
    seen = observed(case, ("West panel", "drained", 20.0))
    corridor = prepare(seen)
    state, _ = observed_start(corridor, 0, balanced_start(corridor, 0))
    season = march(corridor, outage(case, (), slice(0), 24), first=0, state=state)
    assert season.drained[-1].sum() == 0.0
    expected = 20.0 * (0.02 + 0.015 * max(-degc, 0.0))
    assert season.of_state("damaged")[-1].sum() == pytest.approx(expected)


def test_running_circuits_wear(town: Case) -> None:
    """24 in a thousand a day is one in a thousand an hour, of those that still run."""
    worn = with_settings(town, circuit__leaks_per_1000_days=24.0, repairs__buildings_per_day=0.0)
    season = walk(worn, outage(worn, (), slice(0), 30))
    whole = town.buildings.buildings.sum() - season.of_state("damaged").sum(axis=1)
    expected = town.buildings.buildings.sum() * 0.999 ** np.arange(1, 31)
    np.testing.assert_allclose(whole, expected, rtol=1e-9)


def test_a_power_cut_alone_drains_nobody_until_it_lasts(town: Case) -> None:
    """Pumped panel blocks of the west lose their power, not their heat; brick ones need none."""
    case = with_settings(town, draining__wait_hours=3.0, draining__power_wait_hours=12.0)
    left = outage(case, ("Grid import", "CHP unit"), slice(2, 40), 40)
    season = walk(no_leaks(case), left)
    panel, brick = group(town, "West panel"), group(town, "West brick")
    stopped = np.flatnonzero(season.of_state("stopped")[:, panel] > 0)[0]
    emptied = np.flatnonzero(season.drained[:, panel] > 0)[0]
    assert season.running[stopped, brick]
    assert emptied - stopped == 11
    soon = walk(with_settings(no_leaks(case), draining__power_wait_hours=0.0), left)
    assert np.flatnonzero(soon.drained[:, panel] > 0)[0] - stopped == 2


def test_a_circuit_filled_again_in_frost_stands_a_short_stop(town: Case) -> None:
    """As one that was never drained: ice is where water stood, not where pipes were empty."""
    case = with_settings(
        no_leaks(colder(town, 12.0)),
        draining__buildings_per_hour=100.0,
        refilling__buildings_per_hour=100.0,
    )
    left = outage(case, HEAT_SOURCES, slice(110, 112), 114)
    whole = walk(case, left)
    for name in HEAT_SOURCES:
        left[2:40, case.network.assets.name.index(name)] = 0.0
    drained = walk(case, left)
    assert drained.drained[20].sum() == pytest.approx(town.buildings.buildings.sum())
    assert np.isfinite(drained.plug_hour[1]).all()
    assert drained.of_state("stopped")[111].sum() > 0
    assert whole.frozen[-1].sum() == drained.frozen[-1].sum() == 0.0


def test_buildings_that_leak_are_without_heat(town: Case) -> None:
    case, state = leaking(town, 9.0, repairs__buildings_per_day=0.0)
    season = march(prepare(case), outage(case, (), slice(0), 3), first=0, state=state)
    assert season.running.all()
    assert answers(season, ())["buildings"]["without_heat_end"] == 9.0  # type: ignore[index]
