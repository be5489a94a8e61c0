"""Cold hours over the length of an outage: one node by hand, warming by a fine march."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwarm.case.nouns import Floats
from keepwarm.warmth.cooldown import (
    ColdCurve,
    Dwellings,
    Outlook,
    Supply,
    cold_curve,
    outlook,
    unheated,
)
from keepwarm.warmth.freezing import plug_hours
from keepwarm.warmth.homes import Homes
from keepwarm.warmth.pipes import PLACES, Pipes
from keepwarm.warmth.rooms import Rooms

SUPPLY = Supply(95.0, 70.0, 18.0, -22.0, 20.0)
COLD = 16.0


def one_node(loss_w_per_m2k: float, capacity_wh_per_m2k: float, margin: float) -> Rooms:
    """Rooms whose air, surfaces and mass have one temperature: only the mass loses heat."""

    def table(value: float) -> Floats:
        return np.full((3, 1, 1), value)

    return Rooms(
        window_w_per_m2k=table(0.0),
        mass_outdoor_w_per_m2k=table(loss_w_per_m2k),
        mass_surface_w_per_m2k=table(1e7),
        air_surface_w_per_m2k=table(1e7),
        still_air_w_per_m2k=table(0.0),
        wind_air_w_per_m2k=table(0.0),
        capacity_wh_per_m2k=table(capacity_wh_per_m2k),
        gain_to_surface=table(0.25),
        gain_to_mass=table(0.25),
        emitter_margin=table(margin),
        window_film_w_per_m2k=table(0.0),
        mass_film_w_per_m2k=table(0.0),
    )


def dwellings(rooms: Rooms, gain: float = 0.0) -> Dwellings:
    only = np.zeros(1, dtype=np.int64)
    return Dwellings(Homes(only, only, np.ones(1), only), rooms, np.array([gain]))


def still_weather(outdoor: float, hours: int = 48) -> Outlook:
    return outlook(np.full((hours, 1, 1), outdoor), np.zeros((hours, 1, 1)), 1.0)


def curve(rooms: Rooms, weather: Outlook, start: float = 20.0, gain: float = 0.0) -> ColdCurve:
    homes = dwellings(rooms, gain)
    course = unheated(homes, np.full((3, 1, 1), start), weather, cold_below_degc=COLD)
    return cold_curve(homes, course, weather, SUPPLY, cold_below_degc=COLD)


def at(found: ColdCurve, hours: float) -> float:
    return float(found.at(np.full((3, 1, 1), hours))[1, 0, 0])


def test_one_node_with_ample_radiators() -> None:
    """From 20 to 16 at -10 with tau 60 h: 60 ln(30/26) h; warm within an hour."""
    found = curve(one_node(1.0, 60.0, 100.0), still_weather(-10.0))
    to_cold = 60 * log(30 / 26)
    for hours in (3.0, 24.0, 72.0, 480.0):
        assert 0.0 <= at(found, hours) - max(hours - to_cold, 0.0) < 1.0


def test_gains_set_the_floor() -> None:
    """10 W/m2 over 0.5 W/(m2 K) hold 20 K over -2: 18 degC is never cold."""
    found = curve(one_node(0.5, 60.0, 100.0), still_weather(-2.0), gain=10.0)
    assert at(found, 480.0) == 0.0


def test_warming_with_weak_radiators_against_a_fine_march() -> None:
    """Heat after 36 h at -15; radiators of 1.3 x design by the power law, in steps of 0.01 h."""
    outdoor, margin, capacity, loss = -15.0, 1.3, 60.0, 1.0
    found = curve(one_node(loss, capacity, margin), still_weather(outdoor))
    room = outdoor + (20 - outdoor) * exp(-36 * loss / capacity)
    q = (18 - outdoor) / (18 + 22)
    water = 18 + 64.5 * q**0.8 + 12.5 * q - 12.5 * q
    cold, hours = 36 - capacity / loss * log((20 - outdoor) / (16 - outdoor)), 0.0
    while room < COLD:
        heat = margin * loss * 40 * ((water - room) / 64.5) ** 1.25
        room += 0.01 * (heat - loss * (room - outdoor)) / capacity
        hours += 0.01
    assert hours > 12
    assert at(found, 36.0) == pytest.approx(cold + hours, rel=0.03)


@given(st.floats(-30, 5), st.floats(20, 300), st.floats(0.8, 2), st.floats(-8, 8))
def test_heat_that_is_back_sooner_never_costs_more(
    outdoor: float, capacity: float, margin: float, trend: float
) -> None:
    course = (outdoor + trend * np.sin(np.arange(72) / 8)).reshape(-1, 1, 1)
    found = curve(one_node(1.0, capacity, margin), outlook(course, 0 * course, 1.0))
    assert np.all(np.diff(found.cold_hours, axis=0) >= -1e-6)


@given(st.floats(-30, 5), st.floats(20, 300), st.floats(0.5, 15))
def test_colder_never_helps(outdoor: float, capacity: float, colder: float) -> None:
    rooms = one_node(1.0, capacity, 1.2)
    mild, cold = (curve(rooms, still_weather(t)) for t in (outdoor, outdoor - colder))
    assert np.all(cold.cold_hours >= mild.cold_hours - 1e-6)


def test_after_the_forecast_the_mean_of_its_last_day_holds() -> None:
    course = np.concatenate((np.full(24, 5.0), np.tile([-4.0, -8.0], 12))).reshape(-1, 1, 1)
    found = outlook(course, 0 * course, 1.0)
    assert found.hours[:48].tolist() == [1.0] * 48
    assert found.outdoor_degc[48:].ravel().tolist() == [-6.0] * (found.hours.size - 48)
    assert found.hours.sum() > 21 * 24


def test_a_group_is_the_mean_of_its_homes() -> None:
    """Three quarters with tau 60 h, a quarter with 30 h."""
    rooms = one_node(1.0, 60.0, 100.0)
    tables = {name: np.repeat(table, 2, axis=-1) for name, table in vars(rooms).items()}
    tables["capacity_wh_per_m2k"][..., 1] = 30.0
    two = np.array([0, 0])
    homes = Dwellings(
        Homes(two, two, np.array([0.75, 0.25]), np.array([0])), Rooms(**tables), np.zeros(2)
    )
    weather = outlook(np.full((48, 1, 2), -10.0), np.zeros((48, 1, 2)), 1.0)
    course = unheated(homes, np.full((3, 1, 2), 20.0), weather, cold_below_degc=COLD)
    found = cold_curve(homes, course, weather, SUPPLY, cold_below_degc=COLD)
    wanted = 0.75 * (72 - 60 * log(30 / 26)) + 0.25 * (72 - 30 * log(30 / 26))
    assert 0.0 <= at(found, 72.0) - wanted < 1.0


def bare_pipe(lag: float, frost: float) -> Pipes:
    """A pipe in the attic at outdoor temperature, none elsewhere."""
    here = np.array(PLACES) == "attic"

    def table(value: float, elsewhere: float) -> Floats:
        return np.broadcast_to(np.where(here, value, elsewhere), (3, 1, len(PLACES))).copy()

    return Pipes(
        indoor_share=table(0.0, 1.0),
        outdoor_share=table(1.0, 0.0),
        ground_degc=table(0.0, 0.0),
        zone_lag_hours=table(0.0, 0.0),
        water_lag_hours=table(lag, np.inf),
        transfer_units=table(0.0, 0.0),
        plug_frost_k_h=table(frost, np.inf),
        burst_frost_k_h=table(2 * frost, np.inf),
        solid_frost_k_h=table(3 * frost, np.inf),
    )


@pytest.mark.parametrize(("outdoor", "first"), [(-10.0, -10.0), (-5.0, 3.0)])
def test_plug_of_a_bare_pipe_by_hand(outdoor: float, first: float) -> None:
    """50 degC to 0 by the exponential, then 20 K h of frost; the forecast may begin mild."""
    lag, frost, mild = 2.0, 20.0, 6
    homes = dwellings(one_node(1.0, 60.0, 1.0))
    course = np.full((48, 1, 1), outdoor)
    course[:mild] = first
    weather = outlook(course, 0 * course, 1.0)
    places = (3, 1, len(PLACES))
    found = plug_hours(
        bare_pipe(lag, frost),
        weather.hours,
        indoor_degc=unheated(
            homes, np.full((3, 1, 1), 20.0), weather, cold_below_degc=COLD
        ).mean_degc,
        outdoor_degc=weather.outdoor_degc,
        air_degc=np.full(places, first),
        water_degc=np.full(places, 50.0),
        frost_k_h=np.zeros(places),
    )
    if first < 0:
        wanted = lag * log((50 - first) / -first) + frost / -first
    else:
        water = first + (50 - first) * exp(-mild / lag)
        wanted = mild + lag * log((water - outdoor) / -outdoor) + frost / -outdoor
    assert found.ravel().tolist() == pytest.approx([wanted] * 3)


def test_a_pipe_in_the_warm_never_plugs() -> None:
    homes, weather = dwellings(one_node(1.0, 60.0, 1.0)), still_weather(2.0)
    course = unheated(homes, np.full((3, 1, 1), 20.0), weather, cold_below_degc=COLD)
    places = (3, 1, len(PLACES))
    found = plug_hours(
        bare_pipe(2.0, 20.0),
        weather.hours,
        indoor_degc=course.mean_degc,
        outdoor_degc=weather.outdoor_degc,
        air_degc=np.full(places, 2.0),
        water_degc=np.full(places, 50.0),
        frost_k_h=np.zeros(places),
    )
    assert np.isinf(found).all()
