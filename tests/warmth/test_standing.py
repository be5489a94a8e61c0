"""Closed forms of standing water: published times, heat balances, bursts, soil."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwarm.warmth.standing import (
    burst_share,
    end_of_run,
    frost_to_share,
    hours_to_solid,
    hours_to_zero,
    resistance,
    soil_resistance,
    water_lag,
)

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


def test_buried_pair_of_mains() -> None:
    """V08: pipenostics m278hlund, two pipes of 0.25 m in 0.1 m of insulation 2 m deep: 102.6226.

    Each pipe's own resistance is ours; what the two do to each other (distance 0.55 m) is added by
    hand.
    """
    surface, soil = 0.25 + 2 * 0.1, {"depth_m": 2.0, "soil_w_per_mk": 1.74}
    supply, back = (
        resistance(0.25, insulation_m=0.1, insulation_w_per_mk=k, film_w_per_m2k=math.inf)
        + soil_resistance(surface, **soil)
        for k in (0.09, 0.07)
    )
    mutual = math.log(math.sqrt(1 + (2 * 2.0 / 0.55) ** 2)) / (2 * math.pi * 1.74)
    over = np.array([110.0 - 5.0, 60.0 - 5.0])
    loss = np.linalg.solve(np.array([[supply, mutual], [mutual, back]]), over)
    assert loss.sum() == pytest.approx(102.6226, abs=1e-4)


def test_water_cools_along_its_run() -> None:
    """m cp dT/dx = -(T - Ta) / R marched along 10 m, 0.1 kg/s behind 0.5 K m/W."""
    units = 10.0 / (0.1 * 4190.0 * 0.5)
    steps = 100_000
    marched = 50.0
    for _ in range(steps):
        marched -= (marched + 10.0) * units / steps
    assert end_of_run(-10.0, 50.0, units, 1.0).item() == pytest.approx(marched, abs=1e-4)
    assert end_of_run(-10.0, 50.0, units, 0.1) < end_of_run(-10.0, 50.0, units, 0.2)


def test_a_closed_volume_bursts_at_its_pressure() -> None:
    """What freezes past the plug, put back into the balance of volumes, gives the pressure."""
    plug, bore, wall = 0.2, 0.0212, 0.0028
    for pressure in (3.0, 27.0, 60.0):
        share = burst_share(plug, pressure, bore_m=bore, wall_m=wall).item()
        pressed = (1 - share) * pressure / 2000.0  # bulk modulus of water at 0 degC, MPa
        widened = pressure * bore / (wall * 2.0e5)
        assert 0.09 * (share - plug) == pytest.approx(pressed + widened, rel=1e-12)


@given(st.floats(0.02, 0.9), st.floats(0.1, 300.0), st.floats(0.005, 0.3), st.floats(0.0005, 0.015))
def test_a_pipe_bursts_past_the_plug(plug: float, mpa: float, bore: float, wall: float) -> None:
    share = burst_share(plug, mpa, bore_m=bore, wall_m=wall)
    assert plug < share <= 1.0
    assert share <= burst_share(plug, 2 * mpa, bore_m=bore, wall_m=wall)
