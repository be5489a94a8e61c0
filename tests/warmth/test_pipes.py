"""Standing pipes: published times, energy, and what must hold for any pipe."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwarm.case.nouns import Archetypes, Buildings
from keepwarm.warmth.pipes import (
    ZONES,
    Pipes,
    circulate,
    frost_to_share,
    hours_left,
    hours_to_solid,
    hours_to_zero,
    pipes,
    resistance,
    stand_still,
    steady_zone,
    step_zone,
    water_lag,
)
from tests.warmth.samples import any_archetypes, one_group

INCH = 0.0254
#: GOST 3262-75, ordinary: bore and wall of DN 20, m; DN 50 of 60 x 3.5 mm.
DN20, DN50 = (0.0212, 0.0028), (0.053, 0.0035)


def bare(pipe: tuple[float, float], film: float = 10.0) -> tuple[float, float]:
    """Resistance and water lag of a bare pipe."""
    outward = resistance(
        pipe[0] + 2 * pipe[1], insulation_m=0.0, insulation_w_per_mk=0.04, film_w_per_m2k=film
    )
    return outward.item(), water_lag(*pipe, outward).item()


@pytest.mark.parametrize(("air_f", "published"), [(-18, 1.4), (20, 4.6)])
def test_insulated_pipe_of_ashrae(air_f: float, published: float) -> None:
    """V06: ASHRAE Fundamentals ch. 23 eq. 1, NPS 2 with 1.5 in at 0.30 Btu in/(h ft2 F), from 42 F.

    The formula leaves out film and steel; printed to 0.1 h. Water is 62.4 lb/ft3 at 1 Btu/(lb F).
    """
    conductivity = 0.30 * 0.1442279  # Btu in/(h ft2 F) -> W/(m K)
    outward = resistance(
        2.375 * INCH,
        insulation_m=1.5 * INCH,
        insulation_w_per_mk=conductivity,
        film_w_per_m2k=math.inf,
    )
    lag = water_lag(2.067 * INCH, (2.375 - 2.067) / 2 * INCH, outward, steel_j_per_m3k=0.0)
    hours = hours_to_zero((42 - 32) / 1.8, (air_f - 32) / 1.8, lag).item()
    assert hours == pytest.approx(published, abs=0.05)


@pytest.mark.parametrize(("pipe", "to_zero", "to_solid"), [(DN20, 0.8, 4.0), (DN50, 1.9, 11.6)])
def test_bare_steel_pipe(pipe: tuple[float, float], to_zero: float, to_solid: float) -> None:
    """Water of 20 degC in air of -10: times worked out elsewhere, printed to 0.1 h.

    They do not name their film coefficient. 10 W/(m2 K) reproduces all four (9.9 to 10.1 fits the
    last), which is also what still air and radiation give for such a pipe.
    """
    outward, lag = bare(pipe)
    assert hours_to_zero(20.0, -10.0, lag).item() == pytest.approx(to_zero, abs=0.05)
    assert hours_to_solid(pipe[0], outward, -10.0).item() == pytest.approx(to_solid, abs=0.05)
    for film in (9.0, 11.0):
        other, _ = bare(pipe, film)
        assert abs(hours_to_solid(pipe[0], other, -10.0).item() - to_solid) > 0.3


@pytest.mark.parametrize("pipe", [DN20, DN50])
def test_insulation_multiplies_the_times(pipe: tuple[float, float]) -> None:
    """30 mm multiply by 4 to 6 (worked out elsewhere); holds for new wool of 0.04 W/(m K)."""
    outward, _ = bare(pipe)
    wrapped = resistance(
        pipe[0] + 2 * pipe[1], insulation_m=0.03, insulation_w_per_mk=0.04, film_w_per_m2k=10.0
    )
    assert 4.0 <= wrapped.item() / outward <= 6.0


def test_water_and_steel_by_the_metre() -> None:
    """DN 20 behind 1 K m/W: 0.35299 kg of water, pi (13.4^2 - 10.6^2) mm2 = 211.12 mm2 of steel."""
    joules = 0.35299 * 4190 + 211.12e-6 * 7850 * 480
    assert water_lag(*DN20, 1.0).item() == pytest.approx(joules / 3600, rel=1e-4)


def test_a_bare_riser_at_minus_thirty_plugs_within_an_hour() -> None:
    """The same run in a closed stairwell takes many hours: Alchevsk's six lie between."""
    standing = pipes(any_archetypes(), one_group())
    open_air = hours_left(standing, np.full((3, 1, 3), 20.0), 0.0, np.full((3, 1, 3), -30.0))
    assert 0.3 < open_air[0, 0, 0] < 1.0
    zone = np.full((3, 1, 3), 19.0)
    water, frost, hours = np.full((3, 1, 3), 60.0), np.zeros((3, 1, 3)), 0
    while np.isnan((step := _hour(standing, zone, water, frost))[1].hours_to_plug[0, 0, 0]):
        zone, water, frost = step[0], step[1].water_degc, step[1].frost_k_h
        hours += 1
    assert 6 <= hours <= 48


def _hour(
    standing: Pipes, zone: np.ndarray, water: np.ndarray, frost: np.ndarray
) -> tuple[np.ndarray, object]:
    air = step_zone(standing, zone, indoor_degc=12.0, outdoor_degc=-30.0, hours=1.0)
    return air.air_degc, stand_still(standing, water, frost, air.mean_degc, 1.0)


@given(st.sampled_from([DN20, DN50]), st.floats(-30, -1), st.floats(0.05, 0.95))
def test_ice_grows_by_its_heat_balance(pipe: tuple[float, float], air: float, share: float) -> None:
    """The closed form against the differential equation itself, marched in small shares of ice.

    rho L A dphi = dt (0 - Ta) / (R - ln(1 - phi) / (4 pi k)); midpoint rule, error of its order.
    """
    outward, _ = bare(pipe)
    count = 4000
    phi = (np.arange(count) + 0.5) * share / count
    ice = -np.log(1 - phi) / (4 * math.pi * 2.2)
    area = math.pi / 4 * pipe[0] ** 2
    marched = np.sum(1000 * 334e3 * area * (outward + ice) / -air) * share / count / 3600
    closed = frost_to_share(pipe[0], outward, share).item() / -air
    assert closed == pytest.approx(marched, rel=1e-6)


def test_zones_follow_first_order_lag() -> None:
    standing = pipes(any_archetypes(), one_group())
    start = steady_zone(standing, indoor_degc=20.0, outdoor_degc=0.0)
    np.testing.assert_allclose(start[0, 0], [10.0, 4.0, 9.0])
    step = step_zone(standing, start, indoor_degc=20.0, outdoor_degc=-20.0, hours=8.0)
    # The stairwell goes from 10 to 0 with 8 h: 10 / e at the end, 10 (1 - 1/e) on average.
    assert step.air_degc[0, 0, 0] == pytest.approx(10 / math.e)
    assert step.mean_degc[0, 0, 0] == pytest.approx(10 * (1 - 1 / math.e))


degrees = st.floats(-30, 15)
stretch = st.floats(0.01, 100)


@given(st.floats(0, 90), st.floats(0, 200), degrees, st.floats(0.01, 0.99), stretch)
def test_splitting_a_step_changes_nothing(
    water: float, frost: float, air: float, share: float, hours: float
) -> None:
    standing = pipes(any_archetypes(), one_group())
    filled = np.full((3, 1, 3), water if frost == 0 else 0.0)
    ice, around = np.full((3, 1, 3), frost), np.full((3, 1, 3), air)
    whole = stand_still(standing, filled, ice, around, hours)
    first = stand_still(standing, filled, ice, around, hours * share)
    second = stand_still(standing, first.water_degc, first.frost_k_h, around, hours * (1 - share))
    np.testing.assert_allclose(second.water_degc, whole.water_degc, atol=1e-9)
    np.testing.assert_allclose(second.frost_k_h, whole.frost_k_h, atol=1e-9)
    for name in ("hours_to_zero", "hours_to_plug"):
        early, late = getattr(first, name), getattr(second, name) + hours * share
        split = np.where(np.isnan(early), late, early)
        once = getattr(whole, name)
        near_end = np.abs(np.nan_to_num(once, nan=hours) - hours) < 1e-6
        near_cut = np.abs(np.nan_to_num(once, nan=0.0) - hours * share) < 1e-6
        same = np.isclose(split, once, atol=1e-9, equal_nan=True)
        assert (same | near_end | near_cut).all()


@given(st.floats(-30, 20), st.floats(-30, 20), st.floats(-30, 20), st.floats(0.01, 0.99), stretch)
def test_splitting_a_step_of_the_zones_changes_nothing(
    start: float, indoor: float, outdoor: float, share: float, hours: float
) -> None:
    standing = pipes(any_archetypes(), one_group())
    now = {"indoor_degc": indoor, "outdoor_degc": outdoor}
    whole = step_zone(standing, np.full((3, 1, 3), start), **now, hours=hours)
    first = step_zone(standing, np.full((3, 1, 3), start), **now, hours=hours * share)
    second = step_zone(standing, first.air_degc, **now, hours=hours * (1 - share))
    np.testing.assert_allclose(second.air_degc, whole.air_degc, atol=1e-10)
    mean = share * first.mean_degc + (1 - share) * second.mean_degc
    np.testing.assert_allclose(mean, whole.mean_degc, atol=1e-9)


@given(st.floats(0, 90), st.floats(0, 100), degrees, st.floats(0, 10), stretch)
def test_colder_air_never_helps(
    water: float, frost: float, air: float, colder: float, hours: float
) -> None:
    standing = pipes(any_archetypes(), one_group())
    shape = (3, 1, 3)
    state = np.full(shape, water if frost == 0 else 0.0), np.full(shape, frost)
    mild = stand_still(standing, *state, np.full(shape, air), hours)
    cold = stand_still(standing, *state, np.full(shape, air - colder), hours)
    assert (cold.water_degc <= mild.water_degc + 1e-9).all()
    assert (cold.frost_k_h >= mild.frost_k_h - 1e-9).all()
    never = math.inf
    mild_plug = np.nan_to_num(mild.hours_to_plug, nan=never)
    assert (np.nan_to_num(cold.hours_to_plug, nan=never) <= mild_plug + 1e-9).all()


@given(st.floats(0.0, 0.1), st.floats(0.0, 0.1), st.floats(0.0107, 0.1), st.floats(8, 14))
def test_more_insulation_never_freezes_sooner(
    thin: float, more: float, radius: float, film: float
) -> None:
    """Where the pipe is wider than the critical radius lambda / h, here at most 7.5 mm.

    Thinner pipes in poor insulation do cool faster than bare ones: that is physics, not a fault.
    """
    rest = {"insulation_w_per_mk": 0.06, "film_w_per_m2k": film}
    less = resistance(2 * radius, insulation_m=thin, **rest)
    assert (resistance(2 * radius, insulation_m=thin + more, **rest) >= less - 1e-12).all()


@given(st.floats(0, 60), st.floats(0, 50), st.floats(-30, 10))
def test_hours_left_is_when_the_plug_comes(water: float, frost: float, air: float) -> None:
    standing = pipes(any_archetypes(), one_group())
    shape = (3, 1, 3)
    state = np.full(shape, water if frost == 0 else 0.0), np.full(shape, frost)
    left = hours_left(standing, *state, np.full(shape, air))
    if air >= 0:
        assert np.isinf(left[standing.plug_frost_k_h > frost]).all()
        return
    for zone in range(3):
        time = float(left[0, 0, zone])
        if 0 < time < 1e6:
            step = stand_still(standing, *state, np.full(shape, air), time)
            plug = standing.plug_frost_k_h[0, 0, zone]
            assert step.frost_k_h[0, 0, zone] == pytest.approx(plug, rel=1e-9)


def test_thaw_then_warm() -> None:
    """10 K h of frost in air of +5 are gone after 2 h; then the water warms towards the air."""
    standing = pipes(any_archetypes(), one_group())
    shape = (3, 1, 3)
    step = stand_still(standing, np.zeros(shape), np.full(shape, 10.0), np.full(shape, 5.0), 3.0)
    np.testing.assert_allclose(step.frost_k_h, 0.0)
    expected = 5.0 * (1 - np.exp(-1.0 / standing.water_lag_hours))
    np.testing.assert_allclose(step.water_degc, expected)
    part = stand_still(standing, np.zeros(shape), np.full(shape, 10.0), np.full(shape, 5.0), 1.5)
    np.testing.assert_allclose(part.frost_k_h, 2.5)
    np.testing.assert_array_equal(part.water_degc, 0.0)
    np.testing.assert_array_equal(part.hours_to_zero, 0.0)  # it was there before the step


def test_circulation_resets_only_where_it_flows() -> None:
    water, frost = np.zeros((3, 2, 3)), np.full((3, 2, 3), 4.0)
    warm, free = circulate(water, frost, flowing=np.array([True, False]), supply_degc=60.0)
    np.testing.assert_array_equal(warm[:, 0], 60.0)
    np.testing.assert_array_equal(free[:, 0], 0.0)
    np.testing.assert_array_equal(warm[:, 1], 0.0)
    np.testing.assert_array_equal(free[:, 1], 4.0)


def test_zones_and_bands_keep_their_places(archetypes: Archetypes, buildings: Buildings) -> None:
    standing = pipes(archetypes, buildings)
    assert standing.zone_fraction.shape == (3, len(buildings), len(ZONES))
    table = archetypes.parameter["attic_lag_h"]
    np.testing.assert_array_equal(standing.zone_lag_hours[..., ZONES.index("attic")], table)
