"""Random failures: shares, times and transitions of the Markov model, and what they depend on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.case.nouns import Case, Derated
from keepwarm.case.read import inspect_case, read_case
from keepwarm.damage import philox
from keepwarm.damage.outages import FAILURE, Outages, available_by_step
from keepwarm.damage.random_failures import draw_failures, failing
from keepwarm.errors import InputError
from keepwarm.streams import Source, stream
from keepwarm.validation.sketch import Sketch, bare_case

NONE = np.zeros(0)


def plain(
    times: list[tuple[float, float]], derated: Derated | None = None, step_hours: float = 1.0
) -> Case:
    """Generators with these mean times to failure and to repair."""
    sketch = Sketch(step_hours=step_hours)
    bus = sketch.bus()
    for _ in times:
        sketch.generator(bus, 10.0)
    sketch.load(bus, 10.0)
    case = bare_case(sketch.network(), {})
    up, down = np.array(times, dtype=float).reshape(-1, 2).T
    assets = replace(case.network.assets, mttf_hours=up, mttr_hours=down)
    network = replace(case.network, assets=assets)
    return replace(case, network=network if derated is None else replace(network, derated=derated))


def states(outages: Outages, samples: int, assets: int, steps: int, dt: float = 1.0) -> np.ndarray:
    by_step = available_by_step(outages, samples=samples, assets=assets, steps=steps, step_hours=dt)
    return np.array([left.copy() for left in by_step])


def near(found: np.ndarray, expected: float, *, of: int, errors: float = 4.0) -> None:
    """A share of independent samples within so many of its standard errors."""
    assert abs(found.mean() - expected) < errors * np.sqrt(expected * (1 - expected) / of)


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 2**63 - 1),
    sample=st.integers(0, 2**63 - 1),
    source=st.sampled_from(Source),
    count=st.integers(0, 40),
)
def test_compiled_streams_are_those_of_numpy(seed, sample, source, count):
    state, numbers = np.zeros(philox.STATE, dtype=np.uint64), np.empty(count)
    philox.begin_at(state, np.uint64(seed), int(source), np.uint64(sample), np.uint64(0))
    philox.fill(state, numbers)
    assert (numbers == stream(seed, sample, source).random(count)).all()


def test_parts_of_a_stream_are_those_of_numpy():
    state, numbers = np.zeros(philox.STATE, dtype=np.uint64), np.empty(9)
    philox.begin_at(state, 3, 0, 5, np.uint64(2**63 + 11))
    philox.fill(state, numbers)
    counter = np.array([0, 2**63 + 11, 5, 0], dtype=np.uint64)
    there = np.random.Philox(key=np.array([3, 0], dtype=np.uint64), counter=counter)
    assert (numbers == np.random.Generator(there).random(9)).all()


def test_shares_and_transitions_are_those_of_the_two_state_model():
    """Of 40,000 samples: down at hour 0 and 30; down an hour after standing. Closed forms."""
    mttf, mttr, n = 30.0, 6.0, 40_000
    rows = failing(plain([(mttf, mttr)]))
    outages = draw_failures(rows, np.arange(n), seed=11, hours=32)
    down = states(outages, n, 1, 32)[:, :, 0] == 0
    share = mttr / (mttf + mttr)
    assert rows.share.tolist() == pytest.approx([share])
    near(down[0], share, of=n)
    near(down[30], share, of=n)
    rate = 1 / mttf + 1 / mttr
    falls = share * (1 - np.exp(-rate))  # P(down an hour later | standing)
    standing = ~down[10]
    near(down[11][standing], falls, of=int(standing.sum()))
    comes_back = (1 - share) * (1 - np.exp(-rate))
    near(~down[11][~standing], comes_back, of=int((~standing).sum()))


def test_times_are_exponential():
    """Completed repairs of a long season: mean and standard deviation are both MTTR."""
    outages = draw_failures(failing(plain([(50.0, 5.0)])), np.arange(40), seed=2, hours=1e4)
    inside = (outages.begin > 0) & np.isfinite(outages.end)
    times = (outages.end - outages.begin)[inside]
    assert len(times) > 5000
    assert abs(times.mean() - 5.0) < 4 * 5.0 / np.sqrt(len(times))
    assert abs(times.std() - 5.0) < 4 * 5.0 * np.sqrt(2.0) / np.sqrt(len(times))


def test_derated_states_share_the_time_as_their_odds():
    """Three exclusive states: p_k = odds_k / (1 + sum of odds), Billinton and Allan 2.4."""
    derated = Derated(("generator 0",), np.array([0.4]), np.array([20.0]), np.array([10.0]))
    rows, n = failing(plain([(40.0, 8.0)], derated)), 40_000
    assert rows.left.tolist() == [0.0, 0.4]
    whole = 1 + 8 / 40 + 10 / 20
    assert rows.share.tolist() == pytest.approx([0.2 / whole, 0.5 / whole])
    outages = draw_failures(rows, np.arange(n), seed=5, hours=40)
    assert (outages.cause == FAILURE).all()
    left = states(outages, n, 1, 40)[..., 0]
    for step in (0, 39):
        near(left[step] == 0.0, 0.2 / whole, of=n)
        near(left[step] == 0.4, 0.5 / whole, of=n)


@pytest.mark.parametrize("dt", [1.0, 0.5])
def test_the_chain_of_periods(dt):
    """PRAS' chain: down with lambda, up with mu, from the stationary state on; lambda 1 and all."""
    lam, mu, n, steps = 0.1, 0.9, 40_000, 6
    rows = failing(plain([(dt / lam, dt / mu)], step_hours=dt), law="per_period")
    outages = draw_failures(
        rows, np.arange(n), seed=3, hours=steps * dt, step_hours=dt, law="per_period"
    )
    assert np.allclose(outages.begin / dt, np.round(outages.begin / dt))
    down = states(outages, n, 1, steps, dt)[..., 0] == 0
    for step in (0, 1, 5):
        near(down[step], lam / (lam + mu), of=n)
    standing = ~down[2]
    near(down[3][standing], lam, of=int(standing.sum()))
    near(~down[3][~standing], mu, of=int((~standing).sum()))


def test_a_chance_of_one_alternates():
    rows = failing(plain([(1.0, 1.0)]), law="per_period")
    outages = draw_failures(rows, np.arange(8), seed=1, hours=6, law="per_period")
    down = states(outages, 8, 1, 6)[..., 0] == 0
    assert (down[1:] != down[:-1]).all()


def test_nothing_is_out_at_the_start_if_so_told():
    rows = failing(plain([(10.0, 10.0)]))
    outages = draw_failures(rows, np.arange(500), seed=1, hours=50, start="standing")
    assert (outages.begin > 0).all()
    assert len(outages)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**40),
    first=st.integers(0, 10**9),
    mttf=st.floats(0.5, 500),
    mttr=st.floats(0.1, 200),
    law=st.sampled_from(["continuous", "per_period"]),
)
def test_a_sample_depends_on_its_number_alone_and_seasons_begin_alike(seed, first, mttf, mttr, law):
    if law == "per_period":
        mttf, mttr = mttf + 0.5, mttr + 0.9
    rows = failing(plain([(mttf, mttr), (30.0, 3.0)]), law=law)
    several = draw_failures(rows, np.arange(first, first + 5), seed=seed, hours=100, law=law)
    alone = draw_failures(rows, np.array([first + 3]), seed=seed, hours=100, law=law)
    longer = draw_failures(rows, np.array([first + 3]), seed=seed, hours=170, law=law)
    mine = several.sample == 3
    for name in ("asset", "begin", "end", "left"):
        assert (getattr(several, name)[mine] == getattr(alone, name)).all()
    inside = longer.begin < 100
    assert (longer.begin[inside] == alone.begin).all()
    assert (np.where(longer.end >= 100, np.inf, longer.end)[inside] == alone.end).all()
    order = np.lexsort((several.begin, several.asset, several.sample))
    assert (order == np.arange(len(several))).all()
    assert (several.end > several.begin).all()


def test_other_assets_do_not_move_what_one_draws():
    """Common random numbers: an asset that is added, or mended sooner, leaves the others alone."""
    one = draw_failures(failing(plain([(40.0, 9.0)])), np.arange(50), seed=9, hours=500)
    more = plain([(40.0, 9.0), (10.0, 1.0), (20.0, 2.0)])
    assets = more.network.assets
    names = ("new", assets.name[0], assets.name[1])  # the first of before, now in the middle
    moved = replace(assets, name=names, mttf_hours=assets.mttf_hours[[1, 0, 2]],
                    mttr_hours=assets.mttr_hours[[1, 0, 2]])  # fmt: skip
    case = replace(more, network=replace(more.network, assets=moved))
    all_three = draw_failures(failing(case), np.arange(50), seed=9, hours=500)
    mine = all_three.asset == 1
    assert (all_three.begin[mine] == one.begin).all()
    assert (all_three.end[mine] == one.end).all()


def test_room_for_outages_is_made_as_needed(monkeypatch):
    rows = failing(plain([(5.0, 1.0)]))
    wide = draw_failures(rows, np.arange(9), seed=4, hours=300)
    monkeypatch.setattr("keepwarm.damage.random_failures._most_rows", lambda *_: 1)
    narrow = draw_failures(rows, np.arange(9), seed=4, hours=300)
    assert (narrow.begin == wide.begin).all()


def test_no_failing_assets_no_outages():
    nothing = failing(plain([(np.nan, np.nan)]))
    assert len(draw_failures(nothing, np.arange(3), seed=1, hours=10)) == 0


def said(case: Case, **law: str) -> str:
    with pytest.raises(InputError) as error:
        failing(case, **law)
    return str(error.value)


def test_every_wrong_time_is_said_at_once():
    derated = Derated(("generator 2",), np.array([0.5]), np.array([0.0]), np.array([np.nan]))
    text = said(plain([(100.0, 0.0), (np.nan, 5.0), (100.0, 10.0), (-3.0, 5.0)], derated))
    assert text.splitlines() == [
        (
            "generators.csv mttr_hours: 'generator 0' has 0 h; "
            "expected more than 0 h, or empty cells: it never fails"
        ),
        (
            "generators.csv mttf_hours: 'generator 1' has mttr_hours and no mttf_hours; "
            "expected both, or neither: it never fails"
        ),
        (
            "generators.csv mttf_hours: 'generator 3' has -3 h; "
            "expected more than 0 h, or empty cells: it never fails"
        ),
        (
            "generators.csv derated_mttf_hours: 'generator 2' has 0 h; "
            "expected more than 0 h, or empty cells: it never fails"
        ),
        (
            "generators.csv derated_mttr_hours: 'generator 2' has derated_mttf_hours and no "
            "derated_mttr_hours; expected both, or neither: it never fails"
        ),
    ]


def test_chances_over_one_are_refused():
    assert "a chance of 2 in a period" in said(plain([(0.5, 5.0)]), law="per_period")
    derated = Derated(("generator 0",), np.array([0.5]), np.array([1.5]), np.array([4.0]))
    text = said(plain([(1.5, 5.0)], derated), law="per_period")
    assert "falls in a period with a chance of 1.33333; expected 1 at most" in text


def write_folder(folder: Path, generators: str) -> Path:
    """A bare PyPSA folder of one bus."""
    (folder / "snapshots.csv").write_text("snapshot\n2030-01-01 00:00\n2030-01-01 01:00\n")
    (folder / "buses.csv").write_text("name,carrier\nB,AC\n")
    (folder / "loads.csv").write_text("name,bus,p_set\nL,B,5\n")
    (folder / "generators.csv").write_text(generators)
    return folder


def test_a_bare_pypsa_folder_keeps_the_times(tmp_path):
    head = "name,bus,p_nom,mttf_hours,mttr_hours,derated_left,derated_mttf_hours,derated_mttr_hours"
    rows = ["G1,B,10,900,100,,,", "G2,B,10,,,,,", "G3,B,10,1100,150,0.5,500,20"]
    case = read_case(write_folder(tmp_path, "\n".join([head, *rows]) + "\n"))
    assert case.settings.number("pickup.factor") == 1  # needs are those of the tables
    found = failing(case)
    assert found.asset.tolist() == [0, 2, 2]
    assert found.left.tolist() == [0.0, 0.0, 0.5]
    assert found.mttf_hours.tolist() == [900.0, 1100.0, 500.0]
    assert found.mttr_hours.tolist() == [100.0, 150.0, 20.0]


def test_a_share_over_one_and_what_is_no_number_are_refused_in_reading(tmp_path):
    head = "name,bus,p_nom,mttf_hours,mttr_hours,derated_left,derated_mttf_hours,derated_mttr_hours"
    rows = ["G1,B,10,nan,100,1.5,5,5", "G2,B,10,-4,1,,,"]
    folder = write_folder(tmp_path, "\n".join([head, *rows]) + "\n")
    text = "\n".join(str(fault) for fault in inspect_case(folder).faults)
    assert "generators.csv:2 derated_left: 1.5 is out of range" in text
    assert "generators.csv:2 mttf_hours: nan is not a finite number" in text
    assert "generators.csv:3 mttf_hours: -4 h is negative" in text
