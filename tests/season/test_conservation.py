"""What never changes, whatever breaks: buildings, heat, and people in homes and groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.case.nouns import Case, Floats
from keepwarm.network import sum_by_place
from keepwarm.season import Corridor, balanced_start, march, prepare
from keepwarm.season.corridor import PROBE_MW
from keepwarm.season.heating import CENTRAL
from keepwarm.season.sky import sky_of
from keepwarm.season.state import CLOSED, COHORTS, spread
from keepwarm.season.step import Step, take_step
from keepwarm.season.totals import Tally
from keepwarm.solve.highs import HighsSolver
from keepwarm.warmth.fabric import INSIDE_PER_GAIN, INSIDE_PER_HEAT, INSIDE_PER_MASS
from tests.season.conftest import colder, with_settings

STEPS = 60
ALONE = np.zeros(1, dtype=np.int64)


@st.composite
def troubles(draw: st.DrawFn, town: Case) -> tuple[Case, Floats]:
    """Return a town without hot water, its crews and leaks at random, and what fails in it."""
    rate = st.sampled_from((0.5, 4.0, 60.0))
    case = with_settings(
        colder(town, draw(st.sampled_from((0.0, 8.0, 16.0)))),
        draining__buildings_per_hour=draw(rate),
        draining__wait_hours=draw(st.sampled_from((0.0, 6.0))),
        draining__hours=draw(st.sampled_from((0.5, 3.0))),
        refilling__buildings_per_hour=draw(rate),
        refilling__wait_hours=0.0,
        restart__leak_share=draw(st.sampled_from((0.0, 0.3))),
        circuit__leaks_per_1000_days=draw(st.sampled_from((0.0, 100.0))),
        repairs__buildings_per_day=draw(st.sampled_from((0.0, 20.0, 1000.0))),
        repairs__hours=6.0,
    )
    loads = case.network.loads
    at_homes = np.isin(loads.bus, case.buildings.heat_bus)
    loads = replace(loads, p_set_mw=np.where(at_homes, 0.0, loads.p_set_mw))
    assets = len(case.network.assets)
    left = np.ones((STEPS, assets))
    random = np.random.default_rng(draw(st.integers(0, 999)))
    for _ in range(2):
        out = random.random(assets) < 0.7
        begin = random.integers(0, STEPS)
        left[begin : begin + random.integers(2, 30), out] = 0.0
    return replace(case, network=replace(case.network, loads=loads)), left


def steps_of(corridor: Corridor, left: Floats) -> Iterator[Step]:
    """Walk from the first snapshot."""
    template = corridor.template
    solver = HighsSolver(template.perturbed_cost, template.matrix)
    now = spread(balanced_start(corridor, 0), 1)
    for hour, stands in enumerate(left):
        step = take_step(corridor, solver, ALONE, hour, stands[None], now)
        yield step
        now = step.state


def buildings_stay(corridor: Corridor, step: Step) -> None:
    counts = step.state.cohorts[0]
    assert counts.min() >= 0.0
    np.testing.assert_allclose(counts.sum(axis=0), corridor.case.buildings.buildings, atol=1e-7)


def mixing_keeps_heat(corridor: Corridor, step: Step) -> None:
    """Homes that change their cohort take their heat along: what leaves one is in another."""
    group = corridor.homes.group
    ended = (step.before.cohorts[0][:, group] * step.rooms.mass_degc[:, 0]).sum(axis=1)
    mixed = (step.state.cohorts[0][:, group] * step.state.mass_degc[:, 0]).sum(axis=1)
    np.testing.assert_allclose(mixed, ended, atol=1e-5)


def heat_of_homes(corridor: Corridor, step: Step, hour: int) -> Floats:
    """Return what each cohort's radiators gave, MW (cohorts, groups), from how warm it felt."""
    group, case = corridor.homes.group, corridor.case
    homes = step.response.table[:, step.response.row[CENTRAL, 0]]
    outdoor = sky_of(corridor, hour).outdoor_degc[0, group]
    starts = [step.rooms.of_cohort(c).start_degc[CENTRAL, 0] for c in range(len(COHORTS))]
    felt = np.stack(starts) - outdoor
    felt -= homes[INSIDE_PER_MASS] * (step.before.mass_degc[CENTRAL, 0] - outdoor)
    felt -= homes[INSIDE_PER_GAIN] * step.gain_w_per_m2[0][:, group]
    watts = corridor.homes.mean(felt / homes[INSIDE_PER_HEAT])
    floor = step.before.cohorts[0] / case.buildings.buildings * case.buildings.floor_area_m2
    return np.asarray(watts * floor * 1e-6)


def heat_goes_to_homes(corridor: Corridor, step: Step, hour: int) -> None:
    """What a bus serves is what its connected homes get; nothing comes to those that are closed."""
    bus, buses = corridor.case.buildings.heat_bus, len(corridor.case.network.buses)
    given = heat_of_homes(corridor, step, hour)
    np.testing.assert_allclose(given[CLOSED], 0.0, atol=1e-9)
    served = step.solved.need_mw[0] - step.solved.dispatch.shed_mw[0]
    at_bus = sum_by_place(served, corridor.heat_place, buses)
    of_homes = sum_by_place(given.sum(axis=0), bus, buses)
    # A bus serves its probe beside the homes.
    np.testing.assert_allclose(of_homes, at_bus, atol=2 * PROBE_MW)


def need_is_asked_or_not(corridor: Corridor, step: Step) -> None:
    """What all homes need is what the network was asked for and what it was not."""
    asked = sum_by_place(step.solved.need_mw, corridor.heat_place, len(corridor.case.network.buses))
    full = step.heat.full_mw.sum()
    np.testing.assert_allclose(asked.sum() + step.not_asked_mw.sum(), full, atol=1e-3)


@given(data=st.data())
@settings(max_examples=12, deadline=None)
def test_buildings_and_heat_stay(town: Case, data: st.DataObject) -> None:
    case, left = data.draw(troubles(town))
    corridor = prepare(case)
    for hour, step in enumerate(steps_of(corridor, left)):
        buildings_stay(corridor, step)
        mixing_keeps_heat(corridor, step)
        heat_goes_to_homes(corridor, step, hour)
        need_is_asked_or_not(corridor, step)


@given(data=st.data())
@settings(max_examples=4, deadline=None)
def test_people_are_the_same_in_homes_groups_and_batches(town: Case, data: st.DataObject) -> None:
    case, left = data.draw(troubles(town))
    corridor = prepare(case)
    season = march(corridor, left, first=0, state=balanced_start(corridor, 0))
    assert season.home_people.sum() == pytest.approx(case.buildings.people.sum())
    in_homes = np.einsum("bht,h->bt", season.hours_below, season.home_people)
    in_groups = np.einsum("bgt,g->bt", season.group_hours_below, case.buildings.people)
    np.testing.assert_allclose(in_homes, in_groups, rtol=1e-9, atol=1e-6)
    tally = Tally(corridor, ALONE)
    for row, step in enumerate(steps_of(corridor, left)):
        tally.add(step, row)
    np.testing.assert_allclose(
        tally.totals.people_hours_below[0], in_homes[CENTRAL], rtol=1e-9, atol=1e-6
    )


@given(data=st.data(), degrees=st.sampled_from((3.0, 9.0)))
@settings(max_examples=4, deadline=None)
def test_a_colder_winter_of_the_same_outages_is_no_warmer(
    town: Case, data: st.DataObject, degrees: float
) -> None:
    """People as a whole: one home may get more of what is scarce.

    Nobody drains or mends."""
    case, left = data.draw(troubles(town))
    case = with_settings(
        case,
        draining__policy="never",
        repairs__buildings_per_day=0.0,
        circuit__leaks_per_1000_days=0.0,
        restart__frost_leak_share=0.0,
    )
    below = [
        march(corridor, left, first=0, state=balanced_start(corridor, 0)).hours_below
        for corridor in (prepare(case), prepare(colder(case, degrees)))
    ]
    people = prepare(case).home_people
    milder, harder = (np.einsum("bht,h->bt", hours, people) for hours in below)
    assert np.all(harder >= milder * (1 - 1e-3) - 1.0)
