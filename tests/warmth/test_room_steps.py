"""Compiled loops over many homes against the same closed forms in numpy."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from keepwarm.case.nouns import Archetypes, Buildings, Floats, Ints
from keepwarm.warmth.crossing import hours_below
from keepwarm.warmth.curve import emitters
from keepwarm.warmth.fabric import Fabric, Responses, respond
from keepwarm.warmth.heat_steps import wanted_heat
from keepwarm.warmth.homes import HOMES_AT_ONCE, Homes, homes
from keepwarm.warmth.pipes import pipes
from keepwarm.warmth.room_steps import move_rooms
from keepwarm.warmth.rooms import Rooms, heat_to_reach, relax, response, rooms
from tests.warmth.samples import any_archetypes, one_group

SAMPLES, COHORTS, HOURS = 4, 3, 2.0
LIVED_IN = np.array([[True, False, False], [True, True, False], [True, False, True], [False] * 3])


def many(archetypes: Archetypes, buildings: Buildings) -> tuple[Homes, Rooms]:
    """More homes than are taken at once, some groups with one and some with more."""
    wide = np.tile(np.arange(len(buildings)), 60)
    groups = homes(archetypes, replace(buildings, archetype=buildings.archetype[wide]))
    assert len(groups.group) > 2 * HOMES_AT_ONCE
    assert len(set(np.bincount(groups.group).tolist())) > 1
    return groups, rooms(archetypes, groups)


def fabric_of(walls: Rooms, most: Floats, row: Ints) -> Fabric:
    none = pipes(any_archetypes(), one_group())
    return Fabric(walls, most, none, np.zeros(0, dtype=np.int64), row)


@dataclass(frozen=True)
class Given:
    """Homes, what they are made of and what they do, alike for all samples or of each its own."""

    fabric: Fabric
    responses: Responses
    walls: Rooms  # as numpy takes them: (3, samples or 1, 1, homes)
    emitters: Floats
    wind: Floats  # (samples or 1, 1, homes)
    outdoor: Floats  # (samples or 1, groups)


def given(groups: Homes, walls: Rooms, *, own: bool) -> Given:
    """Own: the central band of each sample is drawn, and so is its weather."""
    rng, width, count = np.random.default_rng(6), len(groups.group), groups.first.size
    region = rng.integers(0, 3, count)[groups.group]
    most = emitters(walls, indoor_degc=18.0, design_outdoor_degc=-21.0)
    row, skies = np.arange(3)[:, None], SAMPLES if own else 1
    tables = {**vars(walls), "most": most}
    if own:
        row = np.array([[0] * SAMPLES, [2 + s for s in range(SAMPLES)], [1] * SAMPLES])
        tables = {
            name: np.concatenate([t[[0, 2]], t[1] * rng.uniform(0.9, 1.1, (SAMPLES, width))])
            for name, t in tables.items()
        }
    most = tables.pop("most")
    wind = rng.uniform(0, 9, (skies, 3))
    fabric = fabric_of(Rooms(**tables), most, row)
    return Given(
        fabric,
        respond(fabric, wind, region, samples=SAMPLES, hours=HOURS),
        Rooms(**{name: t[row][:, :, None] for name, t in tables.items()}),
        most[row][:, :, None],
        wind[:, None, region],
        rng.uniform(-25, 5, (skies, count)),
    )


@pytest.mark.parametrize("own", [False, True])
def test_homes_respond_as_in_numpy(archetypes: Archetypes, buildings: Buildings, own: bool) -> None:
    groups, walls = many(archetypes, buildings)
    case = given(groups, walls, own=own)
    plain, found = response(case.walls, case.wind, HOURS), case.responses
    tables = [*list(vars(plain).values())[1:], 1 / plain.end_per_heat]
    shape = (3, SAMPLES, len(groups.group))
    for ours, table in zip(found.table[:, found.row], tables, strict=True):
        np.testing.assert_allclose(ours, np.broadcast_to(table[:, :, 0], shape), rtol=1e-13)
    tau = np.broadcast_to(plain.tau_hours[:, :, 0], shape)
    np.testing.assert_allclose(found.tau_hours[found.row], tau, rtol=1e-13)
    np.testing.assert_array_equal(found.tau_of_bands(1), found.tau_hours[found.row[:, 1]])


def test_a_part_is_whole_groups(archetypes: Archetypes, buildings: Buildings) -> None:
    groups, _ = many(archetypes, buildings)
    home, group = groups.parts.T
    assert (home[0], group[0]) == (0, 0)
    assert (home[-1], group[-1]) == (len(groups.group), groups.first.size)
    np.testing.assert_array_equal(home[:-1], groups.first[group[:-1]])
    assert np.diff(home).max() == groups.most_at_once <= HOMES_AT_ONCE
    large = np.array([0, 0, HOMES_AT_ONCE + 5])
    ends = np.append(large[1:], 2 * HOMES_AT_ONCE)
    wide = Homes(np.repeat(np.arange(3), ends - large), ends, ends, large)
    assert wide.most_at_once >= HOMES_AT_ONCE + 5  # a group of more homes is not torn apart


@pytest.mark.parametrize("own", [False, True])
def test_rooms_move_as_in_numpy(archetypes: Archetypes, buildings: Buildings, own: bool) -> None:
    groups, walls = many(archetypes, buildings)
    case = given(groups, walls, own=own)
    rng, (count, width) = np.random.default_rng(4), (groups.first.size, len(groups.group))
    shape = (SAMPLES, COHORTS, count)
    mass = rng.uniform(-5, 22, (3, SAMPLES, COHORTS, width))
    heat = rng.uniform(0, 80, mass.shape)
    gain = rng.uniform(0, 8, shape)
    share, weight = rng.random(shape), rng.random(shape)
    found = move_rooms(
        groups, case.responses, mass, lived_in=LIVED_IN, weight=weight, outdoor_degc=case.outdoor,
        gain_w_per_m2=gain, heat_w_per_m2=heat, share=share,
    )  # fmt: skip
    plain = relax(
        case.walls,
        mass,
        outdoor_degc=case.outdoor[:, None, groups.group],
        wind_m_per_s=case.wind,
        gain_w_per_m2=gain[..., groups.group],
        heat_w_per_m2=heat * share[..., groups.group],
        hours=HOURS,
    )
    lived = np.broadcast_to(LIVED_IN[..., None], mass.shape)
    near = {"rtol": 1e-12, "atol": 1e-12}
    np.testing.assert_allclose(found.mass_degc, np.where(lived, plain.mass_degc, mass), **near)
    for name in ("start", "limit", "end"):
        felt = np.where(lived, getattr(plain, f"operative_{name}_degc"), 0.0)
        for c in range(COHORTS):
            of_cohort = getattr(found.of_cohort(c), f"{name}_degc")
            np.testing.assert_allclose(of_cohort, felt[:, :, c], **near)
    for c in range(COHORTS):
        marked = (rng.random((SAMPLES, count)) < 0.5) & LIVED_IN[:, c, None]
        ends = groups.mean(plain.operative_end_degc[1, :, c])
        found_ends = found.end_of_groups(c, marked)
        np.testing.assert_allclose(found_ends, np.where(marked, ends, 0.0), **near)
    people, thresholds = rng.random(width), np.array([18.0, 12.0, 5.0])
    below = hours_below(
        plain.operative_start_degc[1, ..., None],
        plain.operative_limit_degc[1, ..., None],
        plain.tau_hours[1, ..., None],
        thresholds,
        HOURS,
    )
    here = np.where(lived[1], share[..., groups.group] * people, 0.0)
    place = np.arange(width) % 3
    counted = found.people_hours_below(share, people, place, 3, thresholds, HOURS)
    hours = (here[..., None] * below).sum(axis=1)
    for k in range(3):
        mine = hours[:, place == k].sum(axis=1)
        np.testing.assert_allclose(counted[:, k], mine, rtol=1e-9)
    of_homes = plain.operative_start_degc + plain.operative_end_degc
    mean = groups.mean(of_homes) / 2
    indoor = (mean * np.where(LIVED_IN[..., None], weight, 0.0)).sum(axis=2)
    np.testing.assert_allclose(found.indoor_degc, indoor, **near)


@pytest.mark.parametrize("own", [False, True])
def test_heat_is_wanted_as_in_numpy(
    archetypes: Archetypes, buildings: Buildings, own: bool
) -> None:
    groups, walls = many(archetypes, buildings)
    case = given(groups, walls, own=own)
    rng, (count, width) = np.random.default_rng(5), (groups.first.size, len(groups.group))
    mass = rng.uniform(5, 22, (3, SAMPLES, COHORTS, width))
    gain, made_of = rng.uniform(0, 8, (SAMPLES, COHORTS, count)), case.fabric.rows(SAMPLES)
    water = rng.uniform(10, 80, case.outdoor.shape)
    found = wanted_heat(
        groups, case.responses, mass, lived_in=LIVED_IN, outdoor_degc=case.outdoor,
        gain_w_per_m2=gain, comfort_degc=20.0, safe_degc=12.0, made_of=made_of,
        emitters_w_per_m2=case.fabric.emitters_w_per_m2, water_degc=water, design_excess_k=64.5,
    )  # fmt: skip
    over = np.maximum(water[:, None, groups.group] - mass, 0.0) / 64.5
    cap = case.emitters * over**1.25
    comfort, safe = (
        heat_to_reach(
            case.walls,
            mass,
            outdoor_degc=case.outdoor[:, None, groups.group],
            wind_m_per_s=case.wind,
            gain_w_per_m2=gain[..., groups.group],
            operative_degc=degc,
            hours=HOURS,
        )
        for degc in (20.0, 12.0)
    )
    lived = LIVED_IN[..., None]
    comfort = np.where(lived, np.clip(comfort, 0.0, cap), 0.0)
    safe = np.where(lived, np.clip(safe, 0.0, comfort), 0.0)
    near = {"rtol": 1e-11, "atol": 1e-10}
    np.testing.assert_allclose(found.comfort_w_per_m2, comfort, **near)
    np.testing.assert_allclose(found.comfort_mean, groups.mean(comfort[1]), **near)
    np.testing.assert_allclose(found.safe_mean, groups.mean(safe[1]), **near)
    np.testing.assert_allclose(found.most_mean, groups.mean(np.where(lived, cap[1], 0.0)), **near)
