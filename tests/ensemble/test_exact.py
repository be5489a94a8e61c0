"""Exact indices against every path of every unit, against print, and against samples."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.case.nouns import Case, Derated
from keepwarm.case.read import read_case
from keepwarm.damage.random_failures import draw_failures, failing
from keepwarm.ensemble.exact import exact
from keepwarm.errors import InputError
from keepwarm.estimate import mean
from keepwarm.season import prepare
from keepwarm.season.independent import independent, walk_independent
from keepwarm.season.totals import Totals
from keepwarm.solve.simplex import SimplexSolver
from keepwarm.validation.sketch import Sketch

NO_PICKUP = {"pickup.factor": 1.0}


def one_bus(
    units: list[tuple[float, float, float]],
    need: list[float],
    *,
    derated: Derated | None = None,
    dt: float = 1.0,
    sure: float = 0.0,
) -> Case:
    """Units of MW, MTTF and MTTR at one bus, a source that never fails, need hour by hour."""
    sketch = Sketch(len(need), dt)
    bus = sketch.bus()
    for mw, _, _ in units:
        sketch.generator(bus, mw)
    sketch.generator(bus, sure)
    sketch.load(bus, 1.0)
    case = sketch.case(NO_PICKUP)
    up, down = (np.array([*(unit[k] for unit in units), np.nan]) for k in (1, 2))
    network = case.network
    network = replace(
        network,
        assets=replace(network.assets, mttf_hours=up, mttr_hours=down),
        loads=replace(network.loads, p_set_mw=np.array(need, dtype=float)[:, None]),
    )
    return replace(case, network=network if derated is None else replace(network, derated=derated))


def by_paths(
    states: list[tuple[np.ndarray, np.ndarray, np.ndarray]],
    need: list[float],
    sure: float,
    dt: float,
) -> dict[str, float]:
    """Walk the product of all units' chains: (MW left, share, transitions) of each unit."""
    lolh = eue = lolf = 0.0
    law = np.array([np.prod(each) for each in product(*(share for _, share, _ in states))])
    left = np.array([sum(mw) for mw in product(*(mw for mw, _, _ in states))]) + sure
    step = np.array([[1.0]])
    for _, _, transitions in states:
        step = np.kron(step, transitions)
    before = np.zeros(left.size, dtype=bool)
    for t, mw in enumerate(need):
        short = left < mw - 1e-6
        lolh += dt * law[short].sum()
        eue += dt * (law * np.maximum(mw - left, 0))[short].sum()
        pairs = law[:, None] * step  # stationary: the law of the hour before is the same
        lolf += law[short].sum() if t == 0 else pairs[np.ix_(~before, short)].sum()
        before = short
    return {"lolh_hours": lolh, "eue_mwh": eue, "lolf_events": lolf}


def two_states(mw: float, up: float, down: float, dt: float, law: str):
    """The closed form of a two-state chain (Billinton and Allan 1992, 9.2)."""
    share = down / (up + down)
    back = dt / down if law == "per_period" else None
    if back is None:
        decay = np.exp(-(1 / up + 1 / down) * dt)
        falls, comes = share * (1 - decay), (1 - share) * (1 - decay)
    else:
        falls, comes = dt / up, back
    step = np.array([[1 - falls, falls], [comes, 1 - comes]])
    return np.array([mw, 0.0]), np.array([1 - share, share]), step


unit = st.tuples(st.integers(1, 40).map(lambda k: k / 4), st.floats(2.0, 300), st.floats(2.0, 90))


@settings(max_examples=40, deadline=None)
@given(
    units=st.lists(unit, min_size=1, max_size=5),
    need=st.lists(st.integers(0, 60).map(lambda k: k / 2), min_size=1, max_size=6),
    sure=st.sampled_from([0.0, 3.3]),
    dt=st.sampled_from([1.0, 0.5]),
    law=st.sampled_from(["continuous", "per_period"]),
)
def test_one_bus_equals_all_paths(units, need, sure, dt, law):
    case = one_bus(units, need, dt=dt, sure=sure)
    found = exact(case, first=0, steps=len(need), law=law)
    chains = [two_states(mw, up, down, dt, law) for mw, up, down in units]
    for name, expected in by_paths(chains, need, sure, dt).items():
        assert found[name].value == pytest.approx(expected, rel=1e-9, abs=1e-12), name
        assert found[name].stderr == 0
    needed = dt * sum(need)
    if needed:
        assert found["neue_ppm"].value == pytest.approx(found["eue_mwh"].value / needed * 1e6)


def test_a_derated_unit_equals_all_paths():
    """Three states: the transitions of a minute, taken sixty times, 1e-5 from those of an hour."""
    derated = Derated(("generator 0",), np.array([0.4]), np.array([30.0]), np.array([6.0]))
    need = [9.0, 12.0, 5.0, 12.5, 0.0, 13.0]
    case = one_bus([(10.0, 50.0, 20.0), (5.0, 40.0, 10.0)], need, derated=derated)
    found = exact(case, first=0, steps=len(need))
    odds = np.array([1.0, 6 / 30, 20 / 50])
    fine = 36_000
    rates = np.array([[0, 1 / 30, 1 / 50], [1 / 6, 0, 0], [1 / 20, 0, 0]])
    step = np.linalg.matrix_power(np.eye(3) + (rates - np.diag(rates.sum(axis=1))) / fine, fine)
    three = np.array([10.0, 4.0, 0.0]), odds / odds.sum(), step
    paths = by_paths([three, two_states(5.0, 40.0, 10.0, 1.0, "continuous")], need, 0.0, 1.0)
    for name, expected in paths.items():
        assert found[name].value == pytest.approx(expected, rel=1e-5), name


def test_days_count_by_their_worst_hour():
    """Two days of one unit out a tenth of the time; one of them never needs it."""
    need = [0.0] * 24 + [5.0, 5.0] + [1.0] * 22
    found = exact(one_bus([(5.0, 90.0, 10.0)], need, sure=1.0), first=0, steps=48)
    assert found["lole_days"].value == pytest.approx(0.1)
    assert found["lolh_hours"].value == pytest.approx(0.2)


def test_part_of_a_season():
    need = [9.0, 4.0, 8.0, 7.0]
    whole = one_bus([(5.0, 90.0, 10.0), (4.0, 20.0, 5.0)], need)
    part = one_bus([(5.0, 90.0, 10.0), (4.0, 20.0, 5.0)], need[1:3])
    ours, theirs = exact(whole, first=1, steps=2), exact(part, first=0, steps=2)
    assert ours == theirs


def test_what_damage_takes_counts():
    case = one_bus([(5.0, 90.0, 10.0)], [4.0, 4.0], sure=4.0)
    standing = np.ones((2, 2))
    assert exact(case, first=0, steps=2)["lolh_hours"].value == 0
    standing[:, 1] = 0.0
    assert exact(case, first=0, steps=2, standing=standing)["lolh_hours"].value == pytest.approx(
        0.2
    )


def drawn(case: Case, samples: int, seed: int) -> Totals:
    corridor, steps = prepare(case), len(case.network.snapshots)
    made, rows = independent(corridor, first=0, steps=steps), failing(case)
    dt = case.network.step_hours
    template = corridor.template
    [block] = walk_independent(
        made,
        lambda numbers: draw_failures(rows, numbers, seed=seed, hours=steps * dt, step_hours=dt),
        samples=np.arange(samples),
        solver=SimplexSolver(template.perturbed_cost, template.matrix),
        audited=frozenset(),
        block=samples,
    )
    return block.totals


def test_samples_agree_within_their_errors():
    """The frequency too: LOLF counts hourly entries, the first hour's included."""
    units = [(10.0, 60.0, 12.0), (8.0, 40.0, 5.0), (5.0, 90.0, 30.0), (5.0, 90.0, 30.0)]
    need = (15 + 8 * np.sin(np.arange(72) / 4)).tolist()
    case, n = one_bus(units, need), 4000
    totals, expected = drawn(case, n, 20260101), exact(case, first=0, steps=72)
    for column, name in (
        (totals.short_hours, "lolh_hours"),
        (totals.unserved_mwh, "eue_mwh"),
        (totals.short_spells, "lolf_events"),
    ):
        value, error = column[:, 0].mean(), column[:, 0].std(ddof=1) / np.sqrt(n)
        assert abs(value - expected[name].value) < 3 * error, name


def test_nine_in_ten_intervals_and_a_half_hold_the_truth():
    """Of 1,000 runs of 300 samples, 93 to 97 % of the 95 % intervals hold the exact value."""
    case = one_bus([(10.0, 30.0, 10.0), (8.0, 20.0, 6.0)], [9.0, 12.0, 16.0, 7.0] * 3)
    expected, n, runs = exact(case, first=0, steps=12), 300, 1000
    totals = drawn(case, n * runs, 20260102)  # samples are independent: runs are groups of them
    for column, name in (
        (totals.short_hours, "lolh_hours"),
        (totals.unserved_mwh, "eue_mwh"),
        (totals.short_spells, "lolf_events"),
    ):
        by_run = column[:, 0].reshape(runs, n)
        found = [mean(run, "") for run in by_run]
        held = [abs(one.value - expected[name].value) < 1.96 * one.stderr for one in found]
        assert 0.93 <= np.mean(held) <= 0.97, name


def refused(case: Case) -> str:
    with pytest.raises(InputError) as error:
        exact(case, first=0, steps=len(case.network.snapshots))
    return str(error.value)


def test_where_it_does_not_apply_it_says_why(examples):
    assert "homes cool from step to step" in refused(read_case(examples / "town"))
    moving = one_bus([(5.0, 90.0, 10.0)], [4.0, 4.0])
    shares = np.ones((2, 2))
    shares[1, 0] = 0.5
    network = replace(
        moving.network, generators=replace(moving.network.generators, p_max_pu=shares)
    )
    text = refused(replace(moving, network=network))
    assert "'generator 0' fails, and its capacity changes with time" in text
    sketch = Sketch()
    one, other = sketch.bus(), sketch.bus()
    sketch.generator(one, 5.0)
    sketch.load(other, 4.0)
    assert "power is needed at 2 buses" in refused(_two_buses())
    sketch.link(one, [(other, 1.0)], 9.0)
    assert "over links, lines or stores" in refused(sketch.case(NO_PICKUP))
    odd = one_bus([(1e5 / 3, 90.0, 10.0), (np.pi * 1e4, 90.0, 10.0)], [4.0, 4.0])
    assert "no common step" in refused(odd)


def _two_buses() -> Case:
    sketch = Sketch()
    for _ in range(2):
        bus = sketch.bus()
        sketch.generator(bus, 5.0)
        sketch.load(bus, 4.0)
    return sketch.case(NO_PICKUP)
