"""The 5R1C network: against a published unit test, and what must hold for any building."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwarm.case.archetypes import whole_buildings
from keepwarm.case.nouns import Archetypes, Buildings
from keepwarm.warmth.homes import Homes, homes
from keepwarm.warmth.rooms import (
    Rooms,
    air_and_surface,
    heat_to_reach,
    relax,
    rooms,
    steady_heat,
    steady_mass,
)
from tests.warmth.samples import any_archetypes, any_rooms, one_group, small

CALM = {"wind_m_per_s": 0.0, "gain_w_per_m2": 0.0}


def test_unit_case_of_rc_building_simulator() -> None:
    """RC_BuildingSimulator@97c1cdd, testRCmodel.py test_NoHVACNoLight (amended MIT).

    Its step is ISO 13790's Crank-Nicolson average; from our limit and time constant the same
    average must follow. The flat has its own A_t and 2000 W of sun, so its Rooms are written out;
    the sun enters as internal gain that misses the air. Tolerance: one in the last printed digit.
    """
    floor, surfaces, mass = 34.3, 142.38, 2.5 * 34.3
    window, wall, sun, inside = 13.5 * 1.1, (15.19 - 13.5) * 0.2, 2000.0, 10.0
    radiant = (0.5 * inside + sun) / inside
    flat = Rooms(
        window_w_per_m2k=small(window / floor),
        mass_outdoor_w_per_m2k=small(wall / floor),
        mass_surface_w_per_m2k=small(9.1 * mass / floor),
        air_surface_w_per_m2k=small(3.45 * surfaces / floor),
        still_air_w_per_m2k=small(1200 * 106.33 * 2.0 / 3600 / floor),
        wind_air_w_per_m2k=small(0.0),
        capacity_wh_per_m2k=small(165_000 / 3600),
        gain_to_surface=small((1 - mass / surfaces - window / (9.1 * surfaces)) * radiant),
        gain_to_mass=small(mass / surfaces * radiant),
        emitter_margin=small(1.0),
        window_film_w_per_m2k=small(0.0),
        mass_film_w_per_m2k=small(0.0),
    )
    now = {
        "outdoor_degc": 10.0,
        "wind_m_per_s": 0.0,
        "gain_w_per_m2": inside / floor,
        "heat_w_per_m2": 0.0,
    }
    step = relax(flat, small(22.0), **now, hours=1.0)
    half = 0.5 / step.tau_hours
    after = (22.0 * (1 - half) + 2 * half * step.mass_limit_degc) / (1 + half)
    mean = (22.0 + after) / 2
    air, surface = air_and_surface(flat, mean, **now)
    inner = relax(flat, mean, **now, hours=1.0).operative_start_degc
    assert mean.item(0) == pytest.approx(22.33, abs=0.005)  # published
    assert mean.item(0) == pytest.approx(22.33398, abs=1e-5)  # the rest: recomputed from it
    assert after.item(0) == pytest.approx(22.66797, abs=1e-5)
    assert surface.item(0) == pytest.approx(22.13756, abs=1e-5)
    assert air.item(0) == pytest.approx(20.61577, abs=1e-5)
    assert inner.item(0) == pytest.approx(0.3 * 20.61577 + 0.7 * 22.13756, abs=1e-5)
    # The exact step and ISO's average part by less than a hundredth of a degree within an hour.
    assert step.mass_degc.item(0) == pytest.approx(after.item(0), abs=0.01)


def test_conductances_of_a_flat_reckoned_by_hand() -> None:
    """Per m2: wall 0.5 x 1.2, window 0.2 x 2.5, n = 0.5 + 0.1 x 4, 2.5 m high, C_m 360 kJ."""
    by_hand = whole_buildings(
        ("flat",),
        ("flat",),
        {
            "wall_m2_per_m2": small(0.5),
            "u_wall_w_per_m2k": small(1.2),
            "window_m2_per_m2": small(0.2),
            "u_window_w_per_m2k": small(2.5),
            "roof_and_ground_w_per_m2k": small(0.1),
            "ventilation_per_h": small(0.5),
            "wind_ventilation_per_h_per_m_s": small(0.1),
            "room_height_m": small(2.5),
            "heat_capacity_kj_per_m2k": small(360.0),
            "mass_area_m2_per_m2": small(3.0),
            "emitter_margin": small(1.0),
        },
        {},
    )
    flat = rooms(by_hand, homes(by_hand, one_group()))
    assert flat.window_w_per_m2k.item(0) == pytest.approx(0.5)
    assert flat.mass_surface_w_per_m2k.item(0) == pytest.approx(27.3)
    # 1 / (1 / 0.7 - 1 / 27.3) = 0.71842
    assert flat.mass_outdoor_w_per_m2k.item(0) == pytest.approx(0.71842, abs=5e-6)
    assert flat.capacity_wh_per_m2k.item(0) == pytest.approx(100.0)
    # C.2: A_m / A_t = 2/3; the window takes 0.5 / (9.1 x 4.5) = 0.012210 of the radiant half.
    assert flat.gain_to_mass.item(0) == pytest.approx(0.5 * 2 / 3)
    assert flat.gain_to_surface.item(0) == pytest.approx(0.5 * (1 / 3 - 0.012210), abs=1e-6)
    heat = steady_heat(flat, outdoor_degc=-10, wind_m_per_s=4, gain_w_per_m2=0, operative_degc=20)
    # Air, surface and mass in series or parallel, solved by hand as a 3 x 3 system:
    ve, inner, wind_w, ms, em = 0.75, 15.525, 0.5, 27.3, 0.71842
    system = np.array(
        [[ve + inner, -inner, 0], [-inner, inner + wind_w + ms, -ms], [0, -ms, ms + em]]
    )
    per_watt = np.linalg.solve(system, [1.0, 0.0, 0.0])
    expected = 30.0 / (0.3 * per_watt[0] + 0.7 * per_watt[1])
    assert heat.item(0) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(("wind", "outside"), [(0.0, 8.14), (1.0, 12.14), (8.0, 40.14)])
def test_wind_thins_the_film_outside(wind: float, outside: float) -> None:
    """ISO 6946 annex C: 4 + 4 v + 0.9 x 4.6 outside, in series with all other layers."""
    flat = any_rooms(
        wall_m2_per_m2=0.5,
        u_wall_w_per_m2k=1.2,
        roof_and_ground_w_per_m2k=0.0,
        window_m2_per_m2=0.2,
        u_window_w_per_m2k=2.5,
        mass_area_m2_per_m2=3.0,
    )
    window, mass_outdoor = flat.to_outdoors(wind)
    thinner = 1 / outside - 1 / 24.14
    assert window.item(0) == pytest.approx(0.2 / (1 / 2.5 + thinner))
    wall = 0.5 / (1 / 1.2 + thinner)  # from the rooms' side of the surface to outdoors
    assert 1 / (1 / mass_outdoor.item(0) + 1 / (9.1 * 3.0)) == pytest.approx(wall)


def test_gains_and_heat_are_not_lost() -> None:
    """At rest all heat leaves: H (T - To) summed over the paths equals what was put in."""
    flat = any_rooms()
    now = {"outdoor_degc": 0.0, "wind_m_per_s": 3.0, "gain_w_per_m2": 0.0, "heat_w_per_m2": 40.0}
    step = relax(flat, small(5.0), **now, hours=1e6)
    air, surface = air_and_surface(flat, step.mass_degc, **now)
    window, mass_outdoor = flat.to_outdoors(3.0)
    out = (
        (flat.still_air_w_per_m2k + 3.0 * flat.wind_air_w_per_m2k) * air
        + window * surface
        + mass_outdoor * step.mass_degc
    )
    np.testing.assert_allclose(out, 40.0, rtol=1e-12)


def test_an_envelope_leakier_than_its_mass_is_refused() -> None:
    leaky = any_archetypes(
        wall_m2_per_m2=3.0, u_wall_w_per_m2k=4.0, roof_and_ground_w_per_m2k=3.0,
        mass_area_m2_per_m2=1.0,
    )  # fmt: skip
    with pytest.raises(ValueError, match=r"archetype any, whole: walls.*15\.0 W/K.*9\.1"):
        rooms(leaky, homes(leaky, one_group()))


temperatures = st.floats(-35, 20)
winds = st.floats(0, 20)
walls = st.floats(0.2, 2.0)
hours = st.floats(0.05, 200)


@given(temperatures, st.floats(0, 20), winds, walls, hours)
def test_colder_or_windier_never_helps(
    outdoor: float, colder: float, wind: float, wall: float, duration: float
) -> None:
    flat = any_rooms(u_wall_w_per_m2k=wall)

    def end(outdoors: float, speed: float) -> float:
        step = relax(
            flat, small(20.0), outdoor_degc=outdoors, wind_m_per_s=speed, gain_w_per_m2=2.0,
            heat_w_per_m2=0.0, hours=duration,
        )  # fmt: skip
        return step.operative_end_degc.item(0)

    assert end(outdoor - colder, wind) <= end(outdoor, wind) + 1e-9
    # Wind cools only rooms that are warmer than outdoors: 2 W/m2 of gains keep these so.
    assert end(outdoor, wind + 5) <= end(outdoor, wind) + 1e-9


@given(temperatures, st.floats(0.1, 2.0), st.floats(0.01, 1.0), hours)
def test_more_insulation_never_cools_sooner(
    outdoor: float, u_wall: float, better: float, duration: float
) -> None:
    def end(u: float) -> float:
        flat = any_rooms(u_wall_w_per_m2k=u)
        start = steady_mass(flat, outdoor_degc=outdoor, **CALM, operative_degc=20.0)
        step = relax(flat, start, outdoor_degc=outdoor, **CALM, heat_w_per_m2=0.0, hours=duration)
        return step.operative_end_degc.item(0)

    assert end(u_wall * better) >= end(u_wall) - 1e-9


@given(temperatures, winds, st.floats(0, 80), st.floats(0.01, 0.99), hours)
def test_splitting_a_step_changes_nothing(
    outdoor: float, wind: float, heat: float, share: float, duration: float
) -> None:
    flat = any_rooms()
    now = {
        "outdoor_degc": outdoor,
        "wind_m_per_s": wind,
        "gain_w_per_m2": 3.0,
        "heat_w_per_m2": heat,
    }
    whole = relax(flat, small(15.0), **now, hours=duration)
    first = relax(flat, small(15.0), **now, hours=duration * share)
    second = relax(flat, first.mass_degc, **now, hours=duration * (1 - share))
    # Rounding only: a few units in the last place of temperatures up to about 100.
    np.testing.assert_allclose(second.mass_degc, whole.mass_degc, atol=1e-11)
    np.testing.assert_allclose(second.operative_start_degc, first.operative_end_degc, atol=1e-11)


@given(temperatures, winds, st.floats(-10, 25), st.floats(5, 24), st.floats(0.1, 48))
def test_heat_to_reach_reaches(
    outdoor: float, wind: float, mass: float, target: float, duration: float
) -> None:
    flat = any_rooms()
    now = {"outdoor_degc": outdoor, "wind_m_per_s": wind, "gain_w_per_m2": 4.0}
    heat = heat_to_reach(flat, small(mass), **now, operative_degc=target, hours=duration)
    step = relax(flat, small(mass), **now, heat_w_per_m2=heat, hours=duration)
    np.testing.assert_allclose(step.operative_end_degc, target, atol=1e-10)


@given(temperatures, winds, st.floats(0, 10))
def test_rooms_held_at_rest_stay(outdoor: float, wind: float, gain: float) -> None:
    flat = any_rooms()
    now = {"outdoor_degc": outdoor, "wind_m_per_s": wind, "gain_w_per_m2": gain}
    heat = np.maximum(steady_heat(flat, **now, operative_degc=20.0), 0.0)
    mass = steady_mass(flat, **now, operative_degc=20.0)
    step = relax(flat, mass, **now, heat_w_per_m2=heat, hours=24.0)
    np.testing.assert_allclose(step.mass_degc, mass, atol=1e-11)
    held = np.where(heat > 0, 20.0, step.operative_limit_degc)
    np.testing.assert_allclose(step.operative_end_degc, held, atol=1e-10)
    assert (step.operative_end_degc >= 20.0 - 1e-10).all()


def test_shapes_broadcast_band_first(archetypes: Archetypes, buildings: Buildings) -> None:
    many = rooms(archetypes, homes(archetypes, buildings))
    groups = many.capacity_wh_per_m2k.shape[1]  # one group of flats each
    step = relax(
        many,
        np.full((3, groups), 18.0),
        outdoor_degc=np.linspace(-10, 0, groups),
        wind_m_per_s=np.full(groups, 3.0),
        gain_w_per_m2=np.zeros((3, groups)),
        heat_w_per_m2=0.0,
        hours=1.0,
    )
    for name, array in vars(step).items():
        assert array.shape == (3, groups), name
    alone = replace(many, **{name: array[:, :1] for name, array in vars(many).items()})
    first = relax(
        alone, np.full((3, 1), 18.0), outdoor_degc=-10.0, wind_m_per_s=3.0, gain_w_per_m2=0.0,
        heat_w_per_m2=0.0, hours=1.0,
    )  # fmt: skip
    np.testing.assert_array_equal(first.mass_degc[:, 0], step.mass_degc[:, 0])


def test_no_groups_have_no_mean() -> None:
    none = np.zeros(0, dtype=np.int64)
    nobody = Homes(none, none, np.zeros(0), none)
    assert nobody.mean(np.zeros((3, 2, 0))).shape == (3, 2, 0)
