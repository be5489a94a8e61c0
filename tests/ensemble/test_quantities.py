"""Names, units, paired differences, bounds, the stop rule and convergence."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from keepwarm.ensemble.comparing import compare_samples
from keepwarm.ensemble.quantities import (
    Samples,
    bounds,
    difference_of,
    estimate_of,
    estimates,
    names_of,
    unit_of,
)
from keepwarm.ensemble.stopping import Until, convergence, looks
from keepwarm.errors import InputError


def winters(n=400, seed=1, scale=1.0):
    rng = np.random.default_rng(seed)
    lost = rng.exponential(100.0, n) * (rng.random(n) < 0.5)
    return {
        "lolh_hours": np.ceil(lost / 10),
        "lolf_events": np.ceil(lost / 50),
        "eue_mwh": lost * scale,
        "eue_heat_mwh": lost * 2,
        "need_mwh": rng.uniform(9e3, 11e3, n),
        "need_heat_mwh": np.full(n, 2e4),
        "people_hours_below_12": lost * 1e3,
        "buildings_frozen": np.floor(lost / 40),
    }


def samples(columns, seed=1, first=0):
    n = len(columns["eue_mwh"])
    return Samples(seed, np.arange(first, first + n), columns, (), {})


def test_every_name_has_its_number_and_unit():
    columns = winters()
    found = estimates(columns)
    lost, need = columns["eue_mwh"], columns["need_mwh"]
    assert found["eue_mwh"].value == pytest.approx(lost.sum() / 400)
    assert found["eue_mwh"].stderr == pytest.approx(stats.sem(lost))
    assert found["neue_ppm"].value == pytest.approx(1e6 * lost.sum() / need.sum())
    assert found["neue_heat_ppm"].value == pytest.approx(100 * lost.mean())
    assert found["neue_heat_ppm"].stderr == pytest.approx(100 * stats.sem(lost))
    assert found["cvar95_eue_mwh"].value == pytest.approx(np.sort(lost)[-20:].mean())
    assert found["q90_eue_mwh"].value == np.sort(lost)[359]
    assert found["any_lolh_hours"].value == (lost > 0).mean()
    assert {name: one.unit for name, one in found.items() if "_" in name}.items() >= {
        ("eue_heat_mwh", "MWh"),
        ("neue_ppm", "ppm"),
        ("lolh_hours", "h"),
        ("lolf_events", "events"),
        ("q95_lolf_events", "events"),
        ("cvar95_people_hours_below_12", "person-hours"),
        ("people_hours_below_12", "person-hours"),
        ("buildings_frozen", "buildings"),
        ("any_buildings_frozen", "share"),
    }
    assert set(found) == set(names_of(columns))
    assert not [name for name in found if "need" in name]
    assert unit_of("emergency_days") == "days"


def test_neue_is_left_out_where_nothing_is_needed():
    columns = winters() | {"need_heat_mwh": np.zeros(400)}
    assert "neue_heat_ppm" not in estimates(columns)
    assert "neue_ppm" in estimates(columns)


@pytest.mark.parametrize(
    ("name", "near"),
    [("eue_mw", "eue_mwh"), ("cvar95_eu_mwh", "cvar95_eue_mwh"), ("neue_heat_pm", "neue_heat_ppm")],
)
def test_an_unknown_quantity_is_refused_with_the_nearest(name, near):
    with pytest.raises(InputError, match=f"'{name}' is none .* Did you mean '{near}'"):
        estimate_of(winters(), name)


@pytest.mark.parametrize("name", ["q0_eue_mwh", "cvar0_eue_mwh", "need", "neue_gas_ppm", "any_"])
def test_other_names_are_none(name):
    with pytest.raises(InputError, match="quantit"):
        estimate_of(winters(), name)


def test_a_paired_difference_is_that_of_the_samples():
    a, b = winters(), winters(scale=0.9)
    found = difference_of(a, b, "eue_mwh")
    apart = -0.1 * a["eue_mwh"]
    assert found.value == pytest.approx(apart.mean())
    assert found.stderr == pytest.approx(stats.sem(apart))
    assert difference_of(a, b, "neue_ppm").value == pytest.approx(
        1e6 * apart.sum() / a["need_mwh"].sum()
    )
    tail = difference_of(a, b, "cvar95_eue_mwh")
    assert tail.value == pytest.approx(-0.1 * estimate_of(a, "cvar95_eue_mwh").value)
    assert tail.stderr == pytest.approx(0.1 * estimate_of(a, "cvar95_eue_mwh").stderr)


@pytest.mark.parametrize("name", names_of(winters()))
def test_nothing_changed_is_no_difference(name):
    found = difference_of(winters(600), winters(600), name)
    assert found.value == 0
    assert found.stderr == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("name", ["eue_mwh", "neue_ppm", "cvar95_eue_mwh", "q90_eue_mwh"])
def test_the_error_of_a_paired_difference_is_the_spread_of_repeated_runs(name):
    def pair(seed):
        a = winters(500, seed)
        own = np.random.default_rng(seed + 5000).exponential(10.0, 500)
        return a, a | {"eue_mwh": 0.8 * a["eue_mwh"] + own}

    found = [difference_of(*pair(seed), name) for seed in range(300)]
    spread = np.std([one.value for one in found])
    assert np.mean([one.stderr for one in found]) == pytest.approx(spread, rel=0.15)


def test_samples_of_one_seed_are_paired_by_number():
    a, b = winters(400), winters(400, scale=0.9)
    later = samples({name: values[100:] for name, values in b.items()}, first=100)
    found = compare_samples(samples(a), later, "eue_mwh")
    apart = -0.1 * a["eue_mwh"][100:]
    assert found.paired
    assert found.difference.value == pytest.approx(apart.mean())
    assert found.difference.stderr == pytest.approx(stats.sem(apart))
    assert "300 samples of both, of 400 and 300" in found.note
    assert found.b.value - found.a.value == pytest.approx(found.difference.value)


def test_samples_of_two_seeds_are_not():
    a, b = winters(400), winters(300, seed=2)
    found = compare_samples(samples(a), samples(b, seed=2), "eue_mwh")
    assert not found.paired
    assert found.difference.value == pytest.approx(b["eue_mwh"].mean() - a["eue_mwh"].mean())
    errors = stats.sem(a["eue_mwh"]), stats.sem(b["eue_mwh"])
    assert found.difference.stderr == pytest.approx(math.hypot(*errors))
    assert "seeds 1 and 2" in found.note
    assert not compare_samples(samples(a), samples(b, first=400), "eue_mwh").paired


@given(st.integers(0, 40))
def test_unsolved_samples_are_bounded(missing):
    columns = winters(60)
    lost = columns["eue_mwh"]
    low, high = bounds(columns, "eue_mwh", missing)
    assert low == pytest.approx(lost.sum() / (60 + missing))
    assert high == pytest.approx((lost.sum() + missing * lost.max()) / (60 + missing))
    assert low <= lost.mean() + 1e-9
    assert high >= lost.mean() - 1e-9
    ends = bounds(columns, "neue_ppm", missing)
    assert ends[0] <= estimate_of(columns, "neue_ppm").value * (1 + 1e-9) <= ends[1] * (1 + 2e-9)


def test_a_stop_needs_samples_hits_and_a_small_error():
    columns = winters(1000)
    relative = 100 * estimate_of(columns, "eue_mwh").relative
    assert Until("eue_mwh", relative * 1.01).reached(columns)
    assert not Until("eue_mwh", relative * 0.99).reached(columns)
    assert not Until("eue_mwh", relative * 1.01, least=1001).reached(columns)
    hits = int((columns["eue_mwh"] > 0).sum())
    assert Until("neue_ppm", 50.0, hits=hits).reached(columns)
    assert not Until("neue_ppm", 50.0, hits=hits + 1).reached(columns)
    assert not Until("cvar95_eue_mwh", 50.0, hits=hits + 1).reached(columns)
    never = {"eue_mwh": np.zeros(1000)}
    assert not Until("eue_mwh", 2.0, hits=0).reached(never)


def test_looks_do_not_hang_on_chunks():
    found = looks(256, 10_000)
    assert found[0] == 256
    assert found[-1] == 10_000
    assert (found[:-1] % 64 == 0).all()
    assert (np.diff(found)[1:-1] <= 0.1 * found[1:-2] + 64).all()
    assert looks(256, 100).tolist() == [100]


def test_stopping_early_costs_what_the_docs_say():
    # a heavy tail: lognormal, sigma 1.5; docs/rooms/ensemble.md
    ends, held = [], 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        values = np.exp(1.5 * rng.normal(size=20_000) - 1.125)
        for n in looks(256, values.size).tolist():
            columns = {"eue_mwh": values[:n]}
            if Until("eue_mwh", 5.0).reached(columns):
                break
        end = estimate_of(columns, "eue_mwh")
        ends.append(end.value)
        held += abs(end.value - 1) <= 1.96 * end.stderr
    assert -0.025 < np.mean(ends) - 1 < 0.0
    assert 0.85 < held / 150 < 0.97


def test_convergence_ends_with_all_samples():
    columns = winters(100)
    rows = convergence(columns, "eue_mwh")
    assert [one.n for one in rows] == [16, 32, 64, 100]
    assert rows[1].value == pytest.approx(columns["eue_mwh"][:32].mean())
    assert [one.n for one in convergence(winters(64), "eue_mwh")] == [16, 32, 64]
    assert [one.n for one in convergence(winters(3), "eue_mwh")] == [3]
