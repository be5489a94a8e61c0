"""Compiled loops over many homes against the same closed forms in numpy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from keepwarm.case.nouns import Archetypes, Buildings, Floats
from keepwarm.warmth.crossing import hours_below
from keepwarm.warmth.curve import emitters
from keepwarm.warmth.heat_steps import wanted_heat
from keepwarm.warmth.homes import HOMES_AT_ONCE, Homes, homes
from keepwarm.warmth.room_steps import move_rooms
from keepwarm.warmth.rooms import ResponseByKind, Rooms, heat_to_reach, relax, response, rooms

SAMPLES, COHORTS, WIND, HOURS = 4, 3, 3.0, 2.0
LIVED_IN = np.array([[True, False, False], [True, True, False], [True, False, True], [False] * 3])


def many(archetypes: Archetypes, buildings: Buildings) -> tuple[Homes, Rooms, ResponseByKind]:
    """More homes than are taken at once, some groups with one and some with more."""
    wide = np.tile(np.arange(len(buildings)), 60)
    groups = homes(archetypes, replace(buildings, archetype=buildings.archetype[wide]))
    assert len(groups.group) > 2 * HOMES_AT_ONCE
    assert len(set(np.bincount(groups.group).tolist())) > 1
    walls, one = rooms(archetypes, groups), homes(archetypes, buildings)
    kinds = np.unique(groups.flat, return_index=True, return_inverse=True)
    some = Rooms(**{name: table[:, kinds[1]] for name, table in vars(walls).items()})
    assert len(kinds[0]) == len(np.unique(one.flat))
    return groups, walls, ResponseByKind(response(some, WIND, HOURS), kinds[2])


def over_samples(table: Floats) -> Floats:
    """Put axes of samples and cohorts behind the band."""
    return table[:, None, None]


def test_a_part_is_whole_groups(archetypes: Archetypes, buildings: Buildings) -> None:
    groups, _, _ = many(archetypes, buildings)
    home, group = groups.parts.T
    assert (home[0], group[0]) == (0, 0)
    assert (home[-1], group[-1]) == (len(groups.group), groups.first.size)
    np.testing.assert_array_equal(home[:-1], groups.first[group[:-1]])
    assert np.diff(home).max() == groups.most_at_once <= HOMES_AT_ONCE
    large = np.array([0, 0, HOMES_AT_ONCE + 5])
    ends = np.append(large[1:], 2 * HOMES_AT_ONCE)
    wide = Homes(np.repeat(np.arange(3), ends - large), ends, ends, large)
    assert wide.most_at_once >= HOMES_AT_ONCE + 5  # a group of more homes is not torn apart


def test_rooms_move_as_in_numpy(archetypes: Archetypes, buildings: Buildings) -> None:
    groups, walls, kinds = many(archetypes, buildings)
    rng, (count, width) = np.random.default_rng(4), (groups.first.size, len(groups.group))
    shape = (SAMPLES, COHORTS, count)
    mass = rng.uniform(-5, 22, (3, SAMPLES, COHORTS, width))
    heat = rng.uniform(0, 80, mass.shape)
    outdoor, gain = rng.uniform(-25, 5, count), rng.uniform(0, 8, shape)
    share, weight = rng.random(shape), rng.random(shape)
    found = move_rooms(
        groups, kinds, mass, lived_in=LIVED_IN, weight=weight, outdoor_degc=outdoor,
        gain_w_per_m2=gain, heat_w_per_m2=heat, share=share,
    )  # fmt: skip
    plain = relax(
        Rooms(**{name: over_samples(table) for name, table in vars(walls).items()}),
        mass,
        outdoor_degc=outdoor[groups.group],
        wind_m_per_s=WIND,
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
    people, thresholds = rng.random(width), np.array([18.0, 12.0, 5.0])
    below = hours_below(
        plain.operative_start_degc[1, ..., None],
        plain.operative_limit_degc[1, ..., None],
        kinds.tau_hours[1][:, None],
        thresholds,
        HOURS,
    )
    here = np.where(lived[1], share[..., groups.group] * people, 0.0)
    counted = found.people_hours_below(share, people, kinds.tau_hours[1], thresholds, HOURS)
    np.testing.assert_allclose(counted, (here[..., None] * below).sum(axis=(1, 2)), rtol=1e-9)
    of_homes = plain.operative_start_degc + plain.operative_end_degc
    mean = groups.mean(of_homes) / 2
    indoor = (mean * np.where(LIVED_IN[..., None], weight, 0.0)).sum(axis=2)
    np.testing.assert_allclose(found.indoor_degc, indoor, **near)


def test_heat_is_wanted_as_in_numpy(archetypes: Archetypes, buildings: Buildings) -> None:
    groups, walls, kinds = many(archetypes, buildings)
    rng, (count, width) = np.random.default_rng(5), (groups.first.size, len(groups.group))
    mass = rng.uniform(5, 22, (3, SAMPLES, COHORTS, width))
    outdoor, gain = rng.uniform(-25, 5, count), rng.uniform(0, 8, (SAMPLES, COHORTS, count))
    most = emitters(walls, indoor_degc=18.0, design_outdoor_degc=-21.0)
    water = rng.uniform(10, 80, count)
    found = wanted_heat(
        groups, kinds, mass, lived_in=LIVED_IN, outdoor_degc=outdoor, gain_w_per_m2=gain,
        comfort_degc=20.0, safe_degc=12.0, emitters_w_per_m2=most, water_degc=water,
        design_excess_k=64.5,
    )  # fmt: skip
    over = np.maximum(water[groups.group] - mass, 0.0) / 64.5
    cap = over_samples(most) * over**1.25
    comfort, safe = (
        heat_to_reach(
            Rooms(**{name: over_samples(table) for name, table in vars(walls).items()}),
            mass,
            outdoor_degc=outdoor[groups.group],
            wind_m_per_s=WIND,
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
