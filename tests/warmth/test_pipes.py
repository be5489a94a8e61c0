"""Pipes over time: the compiled step against numpy, scipy and what must hold for any pipe."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from keepwarm.case.nouns import Archetypes, Buildings, Floats
from keepwarm.warmth.pipe_steps import GROUPS_AT_ONCE
from keepwarm.warmth.pipes import (
    CIRCUIT,
    PLACES,
    Pipes,
    PipeStep,
    hours_left,
    move_pipes,
    pipes,
    steady_zone,
    weakest,
)
from tests.warmth.pipes_by_numpy import step_by_numpy
from tests.warmth.samples import any_archetypes, one_group

SHAPE = (3, 1, 1, len(PLACES))
STAGES = ("hours_to_zero", "hours_to_plug", "hours_to_burst")
ORDINARY = pipes(any_archetypes(), one_group())


def full(value: float) -> Floats:
    return np.full(SHAPE, value)


def move(
    pipes: Pipes,
    state: tuple[Floats, Floats, Floats],
    *,
    hours: float,
    indoor: float = 20.0,
    outdoor: float = -10.0,
    flow: float = 0.0,
    supply: float = 60.0,
) -> PipeStep:
    """One step of one group, the same in each band."""
    return move_pipes(
        pipes,
        *state,
        indoor_degc=np.full((3, 1, 1), indoor),
        outdoor_degc=np.full(1, outdoor),
        flow=np.full((1, 1), flow),
        supply_degc=np.full((3, 1, 1), supply),
        hours=hours,
    )


def state_of(step: PipeStep) -> tuple[Floats, Floats, Floats]:
    return step.air_degc, step.water_degc, step.frost_k_h


def in_open_air(pipes: Pipes) -> Pipes:
    """The same pipes where the air of every place is that of outdoors, at once."""
    zero, one = np.zeros_like(pipes.indoor_share), np.ones_like(pipes.indoor_share)
    own = {"indoor_share": zero, "outdoor_share": one, "ground_degc": zero, "zone_lag_hours": zero}
    return Pipes(**{**vars(pipes), **own})


OPEN = in_open_air(ORDINARY)


def test_the_compiled_step_equals_numpy(archetypes: Archetypes, buildings: Buildings) -> None:
    """Any mixture of states, flows and lengths of step, to 1e-12 of what numpy gives."""
    table = pipes(archetypes, buildings)
    rng, groups, samples = np.random.default_rng(3), len(buildings), 16
    wide = np.tile(np.arange(groups), 30)
    assert wide.size > GROUPS_AT_ONCE
    table = Pipes(**{name: values[:, wide] for name, values in vars(table).items()})
    shape = (3, samples, wide.size, len(PLACES))
    for hours in (0.25, 1.0, 30.0):
        frost = (
            rng.choice([0.0, 1.0], shape) * rng.random(shape) * 1.2 * table.solid_frost_k_h[:, None]
        )
        state = (
            rng.uniform(-30, 20, shape),
            np.where(frost > 0, 0.0, rng.choice([0.0, 1.0], shape) * rng.uniform(0, 90, shape)),
            frost,
        )
        drive = {
            "indoor_degc": rng.uniform(-20, 22, shape[:3]),
            "outdoor_degc": rng.uniform(-35, 12, wide.size),
            "flow": rng.choice([0.0, 0.001, 0.02, 0.5, 1.0, 1.3], shape[1:3]),
            "supply_degc": rng.uniform(-5, 90, shape[:3]),
            "hours": hours,
        }
        fast, slow = move_pipes(table, *state, **drive), step_by_numpy(table, *state, **drive)
        for name, values in vars(slow).items():
            found = getattr(fast, name)
            np.testing.assert_allclose(found, values, rtol=1e-12, atol=1e-12, err_msg=name)
        drive["flow"] = np.ones(shape[1:3])
        thawed = state[0], np.full(shape, 50.0), np.zeros(shape)
        fast, slow = move_pipes(table, *thawed, **drive), step_by_numpy(table, *thawed, **drive)
        for name, values in vars(slow).items():
            found = getattr(fast, name)
            np.testing.assert_allclose(found, values, rtol=1e-12, atol=1e-12, err_msg=name)


def test_a_bare_riser_at_minus_thirty_plugs_within_an_hour() -> None:
    """The same run in a closed stairwell takes many hours: Alchevsk's six lie between."""
    stairwell = PLACES.index("stairwell")
    open_air = hours_left(ORDINARY, np.full((3, 1, 6), 20.0), 0.0, np.full((3, 1, 6), -30.0))
    assert 0.3 < open_air[0, 0, stairwell] < 1.0
    state, hours = (full(19.0), full(60.0), full(0.0)), 0
    while np.isnan(
        (step := move(ORDINARY, state, hours=1.0, indoor=12.0, outdoor=-30.0)).hours_to_plug[
            0, 0, 0, stairwell
        ]
    ):
        state, hours = state_of(step), hours + 1
    assert 6 <= hours <= 48


@pytest.mark.parametrize("place", ["radiator", "riser", "attic"])
@pytest.mark.parametrize("outdoor", [-7.0, -28.0])
def test_stages_against_a_march_of_the_heat_balances(place: str, outdoor: float) -> None:
    """scipy marches water and metal to 0 degC, then ice by its own equation, to plug and burst.

    Sizes as in tests/warmth/samples.py; ice 2.2 W/(m K), 334 kJ/kg; burst: 9 % against water of
    2.0 GPa and steel of 200 GPa.
    """
    bore, wall, wool, film, mpa = {
        "radiator": (0.023, 0.0035, 0.0, 7.0, 3.0),
        "riser": (0.0212, 0.0028, 0.0, 10.0, 27.0),
        "attic": (0.041, 0.0035, 0.03, 10.0, 27.0),
    }[place]
    outer = bore + 2 * wall
    around = outer + 2 * wool
    resist = math.log(around / outer) / (2 * math.pi * 0.05) + 1 / (film * math.pi * around)
    area = math.pi / 4 * bore**2
    heat = 4.19e6 * area + 7850 * 480 * math.pi * wall * (bore + wall)
    cooling = solve_ivp(
        lambda _, t: (outdoor - t) / (heat * resist), (0, 1e7), [45.0],
        events=(cold := lambda _, t: t[0]), rtol=1e-10, atol=1e-10,
    )  # fmt: skip
    assert cold is not None
    zero = cooling.t_events[0][0] / 3600
    widening = mpa * bore / (wall * 2.0e5)
    burst = 0.2 + (0.8 * mpa / 2000 + widening) / (0.09 + mpa / 2000)

    def growth(_: float, phi: Floats) -> Floats:
        ice = -np.log(np.maximum(1 - phi, 1e-9)) / (4 * math.pi * 2.2)
        return np.asarray(-outdoor / (resist + ice) / (334e6 * area))

    events = [lambda _, phi, stage=stage: phi[0] - stage for stage in (0.2, burst)]
    frozen = solve_ivp(growth, (0, 1e7), [0.0], events=events, rtol=1e-10, atol=1e-12, max_step=500)
    plug_h, burst_h = (zero + at[0] / 3600 for at in frozen.t_events)
    step = move(OPEN, (full(outdoor), full(45.0), full(0.0)), hours=400.0, outdoor=outdoor)
    found = [getattr(step, name)[1, 0, 0, PLACES.index(place)] for name in STAGES]
    np.testing.assert_allclose(found, [zero, plug_h, burst_h], rtol=1e-6)


def test_air_of_the_places() -> None:
    """Homes at once, zones with their lag, the ground as it is."""
    start = steady_zone(ORDINARY, indoor_degc=20.0, outdoor_degc=0.0)
    np.testing.assert_allclose(start[0, 0], [20.0, 20.0, 10.0, 4.0, 9.0, 2.0])
    state = (start[:, None], full(20.0), full(0.0))
    step = move(ORDINARY, state, hours=8.0, indoor=18.0, outdoor=-18.0)
    # The stairwell goes from 10 to 0 with 8 h.
    expected = [18.0, 18.0, 10 / math.e]
    np.testing.assert_allclose(step.air_degc[0, 0, 0, :3], expected)
    assert step.air_degc[0, 0, 0, 5] == 2.0


degrees = st.floats(-30, 15)
stretch = st.floats(0.01, 100)
flows = st.sampled_from([0.0, 1e-3, 0.02, 0.3, 1.0])
frosts = st.one_of(st.just(0.0), st.floats(0, 200))


def filled(water: float, frost: float) -> tuple[Floats, Floats]:
    capped = np.minimum(full(frost), ORDINARY.solid_frost_k_h[:, None])
    return full(water if frost == 0 else 0.0), capped


@given(st.floats(0, 90), frosts, degrees, flows, st.floats(0, 90), st.floats(0.01, 0.99), stretch)
def test_splitting_a_step_changes_nothing(
    water: float, frost: float, air: float, flow: float, supply: float, share: float, hours: float
) -> None:
    now = {"outdoor": air, "flow": flow, "supply": supply}
    state = (full(air), *filled(water, frost))
    whole = move(OPEN, state, **now, hours=hours)
    first = move(OPEN, state, **now, hours=hours * share)
    second = move(OPEN, state_of(first), **now, hours=hours * (1 - share))
    np.testing.assert_allclose(second.water_degc, whole.water_degc, atol=1e-9)
    np.testing.assert_allclose(second.frost_k_h, whole.frost_k_h, atol=1e-9)
    for name in STAGES:
        early, late = getattr(first, name), getattr(second, name) + hours * share
        split = np.where(np.isnan(early), late, early)
        once = getattr(whole, name)
        near_end = np.abs(np.nan_to_num(once, nan=hours) - hours) < 1e-6
        near_cut = np.abs(np.nan_to_num(once, nan=0.0) - hours * share) < 1e-6
        same = np.isclose(split, once, atol=1e-9, equal_nan=True)
        assert (same | near_end | near_cut).all(), name


@given(st.floats(-30, 20), st.floats(-30, 20), st.floats(-30, 20), st.floats(0.01, 0.99), stretch)
def test_splitting_a_step_of_the_air_changes_nothing(
    start: float, indoor: float, outdoor: float, share: float, hours: float
) -> None:
    state, now = (full(start), full(90.0), full(0.0)), {"indoor": indoor, "outdoor": outdoor}
    whole = move(ORDINARY, state, **now, hours=hours)
    first = move(ORDINARY, state, **now, hours=hours * share)
    second = move(ORDINARY, state_of(first), **now, hours=hours * (1 - share))
    np.testing.assert_allclose(second.air_degc, whole.air_degc, atol=1e-10)


@given(st.floats(0, 90), frosts, degrees, st.floats(0, 10), flows, st.floats(0, 90), stretch)
def test_colder_air_never_helps(
    water: float, frost: float, air: float, colder: float, flow: float, supply: float, hours: float
) -> None:
    state, now = filled(water, frost), {"flow": flow, "supply": supply, "hours": hours}
    mild = move(OPEN, (full(air), *state), outdoor=air, **now)
    cold = move(OPEN, (full(air - colder), *state), outdoor=air - colder, **now)
    assert (cold.water_degc <= mild.water_degc + 1e-9).all()
    assert (cold.frost_k_h >= mild.frost_k_h - 1e-9).all()
    for name in STAGES:
        later = np.nan_to_num(getattr(mild, name), nan=math.inf)
        assert (np.nan_to_num(getattr(cold, name), nan=math.inf) <= later + 1e-9).all(), name


@given(st.floats(0, 90), frosts, degrees, flows, st.floats(1, 5), st.floats(0, 90), stretch)
def test_more_flow_never_harms(
    water: float, frost: float, air: float, flow: float, more: float, supply: float, hours: float
) -> None:
    """Where the supply is not colder: a trickle is no worse than water that stands."""
    state = (full(air), *filled(water, frost))
    now = {"outdoor": air, "supply": max(supply, water, air), "hours": hours}
    less = move(OPEN, state, flow=flow, **now)
    much = move(OPEN, state, flow=flow * more, **now)
    assert (much.frost_k_h <= less.frost_k_h + 1e-9).all()
    still = move(OPEN, state, flow=0.0, **now)
    assert (less.frost_k_h <= still.frost_k_h + 1e-9).all()


@given(st.floats(0, 90), frosts, degrees, degrees, flows, st.floats(0, 90), stretch)
def test_stages_come_in_their_order(
    water: float,
    frost: float,
    indoor: float,
    outdoor: float,
    flow: float,
    supply: float,
    hours: float,
) -> None:
    state = (full(indoor), *filled(water, frost))
    step = move(
        ORDINARY, state, indoor=indoor, outdoor=outdoor, flow=flow, supply=supply, hours=hours
    )
    assert (step.frost_k_h >= 0).all()
    assert (step.frost_k_h <= ORDINARY.solid_frost_k_h[:, None]).all()
    assert (step.water_degc >= 0).all()
    assert ((step.frost_k_h == 0) | (step.water_degc == 0)).all()
    zero, plug, burst = (np.nan_to_num(getattr(step, name), nan=math.inf) for name in STAGES)
    assert (zero <= plug).all()
    assert (plug <= burst).all()


def test_stages_of_the_archetypes_come_in_their_order(
    archetypes: Archetypes, buildings: Buildings
) -> None:
    table = pipes(archetypes, buildings)
    assert (table.plug_frost_k_h < table.burst_frost_k_h).all()
    assert (table.burst_frost_k_h <= table.solid_frost_k_h).all()
    for name in ("water_lag_hours", "plug_frost_k_h", "burst_frost_k_h", "solid_frost_k_h"):
        assert (np.diff(getattr(table, name), axis=0) > 0).all(), name
    assert (np.diff(table.transfer_units, axis=0) < 0).all()


@given(st.floats(0, 60), frosts, st.floats(-30, 10))
def test_hours_left_is_when_the_plug_comes(water: float, frost: float, air: float) -> None:
    state = filled(water, frost)
    left = hours_left(OPEN, state[0][:, 0], state[1][:, 0], full(air)[:, 0])
    if air >= 0:
        assert np.isinf(left[OPEN.plug_frost_k_h > state[1][:, 0]]).all()
        return
    for place in range(len(PLACES)):
        time = float(left[0, 0, place])
        if 0 < time < 1e6:
            step = move(OPEN, (full(air), *state), outdoor=air, hours=time)
            plug = OPEN.plug_frost_k_h[0, 0, place]
            assert step.frost_k_h[0, 0, 0, place] == pytest.approx(plug, rel=1e-9)


def test_the_weakest_place_of_a_building_is_never_its_main() -> None:
    air = np.full((3, 1, 6), 5.0)
    air[..., PLACES.index("main")] = -30.0
    first, place = weakest(ORDINARY, 20.0, 0.0, air)
    assert np.isinf(first).all()
    assert np.isnan(place).all()
    air[..., PLACES.index("attic")] = -10.0
    first, place = weakest(ORDINARY, 20.0, 0.0, air)
    assert np.isfinite(first).all()
    np.testing.assert_array_equal(place, PLACES.index("attic"))
    assert PLACES[CIRCUIT] == PLACES[:-1]


def test_thaw_then_warm() -> None:
    """10 K h of frost in air of +5 are gone after 2 h; then the water warms towards the air."""
    state = (full(5.0), full(0.0), full(10.0))
    step = move(OPEN, state, outdoor=5.0, hours=3.0)
    np.testing.assert_allclose(step.frost_k_h, 0.0)
    expected = 5.0 * (1 - np.exp(-1.0 / OPEN.water_lag_hours))
    np.testing.assert_allclose(step.water_degc[:, 0], expected)
    part = move(OPEN, state, outdoor=5.0, hours=1.5)
    np.testing.assert_allclose(part.frost_k_h, 2.5)
    np.testing.assert_array_equal(part.water_degc, 0.0)
    np.testing.assert_array_equal(part.hours_to_zero, 0.0)  # it was there before the step


def test_flowing_water_clears_ice_but_no_plug() -> None:
    frost = full(1e-3)
    plugged = PLACES.index("riser")
    frost[..., plugged] = ORDINARY.plug_frost_k_h[:, None, :, plugged]
    step = move(ORDINARY, (full(-10.0), full(0.0), frost), indoor=-10.0, flow=1.0, hours=1.0)
    others = np.arange(len(PLACES)) != plugged
    np.testing.assert_array_equal(step.frost_k_h[..., others], 0.0)
    assert (step.water_degc[..., others] > 10.0).all()
    grown = frost[..., plugged] + 10.0
    np.testing.assert_allclose(step.frost_k_h[..., plugged], grown)
    np.testing.assert_array_equal(step.hours_to_plug[..., plugged], 0.0)


def test_a_trickle_freezes_where_it_arrives_cold() -> None:
    """A riser of 2 min at design flow: 0.7 h of its own lag is passed in 0.05 h or in 3.3 h."""
    riser = PLACES.index("riser")
    state = (full(-10.0), full(50.0), full(0.0))
    quick = move(OPEN, state, flow=0.5, supply=50.0, hours=24.0)
    slow = move(OPEN, state, flow=0.01, supply=50.0, hours=24.0)
    assert quick.frost_k_h[1, 0, 0, riser] == 0.0
    assert np.isnan(quick.hours_to_zero[1, 0, 0, riser])
    assert slow.hours_to_plug[1, 0, 0, riser] == pytest.approx(
        hours_left(OPEN, 50.0, 0.0, np.full((3, 1, 6), -10.0))[1, 0, riser]
    )


def test_no_pipe_never_freezes() -> None:
    bare = in_open_air(pipes(any_archetypes(attic_pipe_bore_mm=0.0), one_group()))
    state = (full(-30.0), full(0.0), full(0.0))
    for flow in (0.0, 0.1, 1.0):
        step = move(bare, state, outdoor=-30.0, flow=flow, hours=1000.0)
        attic = PLACES.index("attic")
        assert np.isnan(step.hours_to_plug[..., attic]).all()
        assert np.isinf(hours_left(bare, 20.0, 0.0, -30.0)[..., attic]).all()


def test_arrays_of_other_samples_are_refused() -> None:
    with pytest.raises(ValueError, match="same samples"):
        move_pipes(
            ORDINARY, full(0.0), full(0.0), full(0.0), indoor_degc=np.zeros((3, 1, 1)),
            outdoor_degc=np.zeros(1), flow=np.zeros((2, 1)), supply_degc=np.zeros((3, 1, 1)),
            hours=1.0,
        )  # fmt: skip


def test_places_and_bands_keep_their_places(archetypes: Archetypes, buildings: Buildings) -> None:
    table = pipes(archetypes, buildings)
    assert table.indoor_share.shape == (3, len(buildings), len(PLACES))
    lag = archetypes.parameter["attic_lag_h"]
    np.testing.assert_array_equal(table.zone_lag_hours[..., PLACES.index("attic")], lag)


def test_the_page_shows_these_times(
    archetypes: Archetypes, buildings: Buildings, repository: Path
) -> None:
    """docs/rooms/warmth.md prints hours in air that stays; when values move, its rows must move."""
    page = (repository / "docs" / "rooms" / "warmth.md").read_text(encoding="utf-8")
    table, at = pipes(archetypes, buildings), archetypes.name.index("panel_9")
    for place, name in enumerate(PLACES[CIRCUIT]):
        cells = []
        for air in (-10.0, -25.0):
            to_zero = table.water_lag_hours * np.log((50.0 - air) / -air)
            times = [to_zero + table.plug_frost_k_h / -air, to_zero + table.burst_frost_k_h / -air]
            cells.append(", ".join("/".join(map(shown, band)) for band in pairs(times, at, place)))
        assert f"| {name} | {' | '.join(cells)} |" in page, f"| {name} | {' | '.join(cells)} |"


def shown(hours: float) -> str:
    return f"{hours:.1f}" if hours < 9.95 else f"{hours:.0f}"


def pairs(times: list[Floats], group: int, place: int) -> list[tuple[float, ...]]:
    return list(zip(*(each[:, group, place].tolist() for each in times), strict=True))


#: Some steps of a mixed block, written to the file that is named.
STEPS = """
import sys
import numpy as np
from keepwarm.warmth.pipes import move_pipes, pipes
from tests.warmth.samples import any_archetypes, one_group
from keepwarm.warmth import ice_steps
assert hasattr(ice_steps.move_apart, "py_func") == (sys.argv[2] == "compiled")
rng, found = np.random.default_rng(5), []
table = pipes(any_archetypes(), one_group())
state = [np.zeros((3, 4, 1, 6)), np.full((3, 4, 1, 6), 50.0), np.zeros((3, 4, 1, 6))]
for _ in range(30):
    step = move_pipes(
        table, *state, indoor_degc=rng.uniform(-20, 20, (3, 4, 1)), outdoor_degc=np.full(1, -20.0),
        flow=rng.choice([0.0, 0.1, 1.0], (4, 1)), supply_degc=np.full((3, 4, 1), 40.0), hours=1.0)
    state = [step.air_degc, step.water_degc, step.frost_k_h]
    found += [each for each in vars(step).values() if np.shape(each) == (3, 4, 1, 6)]
np.save(sys.argv[1], np.stack(found))
"""


def test_compiled_and_plain_python_agree_bit_by_bit(tmp_path: Path) -> None:
    found = []
    for how, switch in (("compiled", "0"), ("plain", "1")):
        path = tmp_path / f"{how}.npy"
        subprocess.run(
            [sys.executable, "-c", STEPS, str(path), how],
            env={**os.environ, "NUMBA_DISABLE_JIT": switch},
            check=True,
            timeout=300,
        )
        found.append(np.load(path))
    np.testing.assert_array_equal(*found)
