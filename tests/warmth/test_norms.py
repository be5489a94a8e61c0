"""One node against the norms (V-numbers are those of the collected thermal tables)."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwarm.warmth.homes import homes
from keepwarm.warmth.norms import (
    reserve_supply,
    single_node,
    single_node_hours,
    single_node_rooms,
)
from keepwarm.warmth.rooms import relax, rooms, steady_heat
from tests.warmth.samples import any_archetypes, one_group

#: SNiP 41-02-2003 table 2 (recalled): pipe, repair hours, per cent at -10 -20 -30 -40 -50.
TABLE_2 = {
    "300": (15, (32, 50, 60, 59, 64)),
    "400": (18, (41, 56, 65, 63, 68)),
    "500": (22, (49, 63, 70, 69, 73)),
    "600": (26, (52, 68, 75, 73, 77)),
    "700": (29, (59, 70, 76, 75, 78)),
    "800-1000": (40, (66, 75, 80, 79, 82)),
    "1200-1400": (54, (71, 79, 83, 82, 85)),
}

#: V18: hours over beta from 20 degC to 16, 12, 8, 5 and 0.
FACTORS = {
    -5: (0.1744, 0.3857, 0.6539, 0.9163, 1.6094),
    -10: (0.1431, 0.3102, 0.5108, 0.6931, 1.0986),
    -15: (0.1214, 0.2595, 0.4199, 0.5596, 0.8473),
    -20: (0.1054, 0.2231, 0.3567, 0.47, 0.6931),
    -30: (0.0834, 0.1744, 0.2744, 0.3567, 0.5108),
}


@pytest.mark.parametrize(
    ("outdoor", "percent"), [(-10, 78), (-20, 84), (-30, 87), (-40, 89), (-50, 91)]
)
def test_lasting_reserve_supply(outdoor: float, percent: int) -> None:
    """V01, SNiP 41-02-2003 table 1: whole per cent, rounded down."""
    assert math.floor(100 * reserve_supply(outdoor).item()) == percent


def test_reserve_supply_by_repair_time() -> None:
    """V02: beta = 40 h gives 18 of the 21 cells down to -30 within 0.65 points.

    The table prints whole per cent (0.5); 0.15 is left for beta itself, as 38.7 to 40.8 h fit these
    cells best. The row of DN 600 does not follow its neighbours and is off by 1 to 3.2 points.
    Colder than -30 the table asks for less than beta = 40 h does, as if for heavier houses (51 to
    63 h): those cells are not matched.
    """
    missed = set()
    for pipe, (repair, row) in TABLE_2.items():
        for outdoor, percent in zip((-10, -20, -30, -40, -50), row, strict=True):
            ours = 100 * reserve_supply(outdoor, repair_hours=repair, beta_hours=40).item()
            if abs(ours - percent) > 0.65:
                missed.add((pipe, outdoor))
            if outdoor <= -40:
                heavy = [
                    100 * reserve_supply(outdoor, repair_hours=repair, beta_hours=beta).item()
                    for beta in (51, 64)
                ]
                assert heavy[1] - 0.6 < percent < heavy[0] + 0.6
    cold = {(pipe, outdoor) for pipe in TABLE_2 for outdoor in (-40, -50)}
    assert missed == cold | {("600", -10), ("600", -20), ("600", -30)}


def test_time_factors() -> None:
    """V18: printed to four places."""
    for outdoor, row in FACTORS.items():
        for threshold, factor in zip((16, 12, 8, 5, 0), row, strict=True):
            hours = single_node_hours(20.0, outdoor, threshold_degc=threshold, beta_hours=1.0)
            assert hours.item() == pytest.approx(factor, abs=5.1e-5)


def test_three_days_below_minus_ten() -> None:
    """72 h at -10 take 20 degC to 0 where beta = 65.5 h: 65.5 is rounded to 0.05 h."""
    hours = single_node_hours(20.0, -10.0, threshold_degc=0.0, beta_hours=65.5)
    assert hours.item() == pytest.approx(72.0, abs=0.05 * math.log(3))
    end = single_node(20.0, -10.0, beta_hours=65.5, hours=72.0)
    assert end.item() == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize(("outdoor", "rate"), [(0, 0.8), (-10, 1.4), (-20, 1.8), (-30, 2.4)])
def test_first_hours_of_a_light_house(outdoor: float, rate: float) -> None:
    """V03, MDS 41-6.2000 (recalled): K per hour at beta = 20 h from 18 degC, printed to 0.1.

    The slope at once must not be slower than printed, that of the first two hours not faster by
    more than its rounding. At beta = 40 and 60 h the table is up to a third faster than one node.
    """
    at_once = (18 - outdoor) / 20
    two_hours = (18 - single_node(18.0, outdoor, beta_hours=20, hours=2.0).item()) / 2
    assert two_hours - 0.06 <= rate <= at_once + 0.06


@given(st.floats(-30, 10), st.floats(10, 200), st.floats(0, 200), st.floats(0, 20))
def test_hours_and_temperature_agree(
    outdoor: float, beta: float, hours: float, gain: float
) -> None:
    end = single_node(20.0, outdoor, beta_hours=beta, hours=hours, gain_over_loss_k=gain)
    limit = outdoor + gain
    if abs(20.0 - limit) > 0.1 and hours / beta < 10 and end.item() < 20:
        back = single_node_hours(
            20.0, outdoor, threshold_degc=end, beta_hours=beta, gain_over_loss_k=gain
        )
        assert back.item() == pytest.approx(hours, abs=1e-6 * beta)


def test_never_and_already() -> None:
    warm = single_node_hours(20.0, 13.0, threshold_degc=12.0, beta_hours=40.0)
    assert np.isinf(warm.item())
    assert single_node_hours(11.0, -5.0, threshold_degc=12.0, beta_hours=40.0).item() == 0.0


@given(
    start=st.floats(5.0, 25.0),
    outdoor=st.floats(-30.0, 4.0),
    gain=st.floats(0.0, 6.0),
    beta=st.floats(10.0, 300.0),
    hours=st.floats(0.1, 200.0),
)
def test_rooms_of_one_node_follow_the_closed_form(start, outdoor, gain, beta, hours):
    """MDS 41-6.2000 and Sokolov: T = Tinf + (T0 - Tinf) exp(-t / beta), Tinf = To + gain / H."""
    archetypes, group = any_archetypes(), one_group()
    flats = archetypes.flats
    flats = replace(flats, parameter={**flats.parameter, "norm_beta_h": np.full((3, 1), beta)})
    walls = single_node_rooms(replace(archetypes, flats=flats), homes(archetypes, group))
    sky = {"outdoor_degc": outdoor, "wind_m_per_s": 5.0}
    loss = (20.0 - outdoor) ** -1 * steady_heat(walls, gain_w_per_m2=0, operative_degc=20.0, **sky)
    step = relax(walls, start, gain_w_per_m2=gain, heat_w_per_m2=0.0, hours=hours, **sky)
    limit = outdoor + gain / loss
    expected = limit + (start - limit) * np.exp(-hours / beta)
    np.testing.assert_allclose(step.operative_end_degc, expected, atol=1e-6)
    np.testing.assert_allclose(step.operative_start_degc, start, atol=1e-6)


def test_without_a_beta_one_node_takes_c_over_h():
    archetypes, group = any_archetypes(), one_group()
    kinds = homes(archetypes, group)
    full, one = rooms(archetypes, kinds), single_node_rooms(archetypes, kinds)
    sky = {"outdoor_degc": -10.0, "wind_m_per_s": 0.0, "gain_w_per_m2": 0.0}
    loss = steady_heat(full, operative_degc=20.0, **sky) / 30.0
    step = relax(one, 20.0, heat_w_per_m2=0.0, hours=1.0, **sky)
    np.testing.assert_allclose(step.tau_hours, 350.0 / 3.6 / loss)
