"""Steps that do not hang on each other: the same totals as walking every hour, for less work."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.case.nouns import TIERS, Case, Floats, Ints
from keepwarm.damage.outages import Outages, available_by_step
from keepwarm.season import Corridor, balanced_start, prepare
from keepwarm.season.audit import audited_steps, joined
from keepwarm.season.batch import Block, march_many
from keepwarm.season.cuts import why_tied
from keepwarm.season.drawn import Drawn
from keepwarm.season.independent import Independent, independent, walk_independent
from keepwarm.season.screening import BY_PRICE, BY_PROGRAM
from keepwarm.season.totals import Totals
from keepwarm.solve.simplex import SimplexSolver
from keepwarm.validation.sketch import Sketch
from tests.network.builders import drafts

STEPS, FIRST, SAMPLES = 24, 3, np.arange(40, 46)
NO_PICKUP = {"pickup.factor": 1.0}


def moving(case: Case, seed: int) -> Case:
    """The case with needs and sources that change from hour to hour, and some people."""
    rng, network = np.random.default_rng(seed), case.network
    hours = len(network.snapshots)
    generators, loads = network.generators, network.loads
    up = rng.uniform(0.3, 1.0, generators.p_max_pu.shape)
    network = replace(
        network,
        generators=replace(generators, p_max_pu=np.maximum(up, generators.p_min_pu)),
        loads=replace(
            loads,
            p_set_mw=loads.p_set_mw * rng.uniform(0.2, 1.2, (hours, 1)),
            people=np.full(len(loads), 1000.0),
        ),
    )
    return replace(case, network=network)


def drawn_outages(case: Case, seed: int) -> dict[int, Outages]:
    """Outages of each sample: whole and in part, overlapping, at odd moments, without an end."""
    assets, found = len(case.network.assets), {}
    for sample in SAMPLES.tolist():
        rng = np.random.default_rng([seed, sample])
        count = int(rng.integers(0, 3 * assets + 1)) if sample != SAMPLES[0] else 0
        asset, begin = rng.integers(0, max(assets, 1), count), rng.uniform(-2, STEPS, count)
        order = np.lexsort((begin, asset))
        found[sample] = Outages(
            np.zeros(count, dtype=np.int64),
            asset[order],
            np.maximum(begin[order], 0.0),
            np.where(rng.random(count) < 0.2, np.inf, begin[order] + rng.uniform(0.1, 9, count)),
            rng.choice([0.0, 0.0, 0.4], count),
            np.full(count, -1),
        )
    return found


def together(found: dict[int, Outages], samples: Ints) -> Outages:
    parts = [found[sample] for sample in samples.tolist()]
    number = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    columns = ("asset", "begin", "end", "left", "cause")
    return Outages(
        number, *(np.concatenate([getattr(part, name) for part in parts]) for name in columns)
    )


def solver_of(corridor: Corridor) -> SimplexSolver:
    return SimplexSolver(corridor.template.perturbed_cost, corridor.template.matrix)


def marched(corridor: Corridor, found: dict[int, Outages], standing: Floats) -> list[Block]:
    """Every hour of every sample, one after the other."""

    def draw(samples: Ints) -> Drawn:
        left = available_by_step(
            together(found, samples),
            samples=len(samples),
            assets=standing.shape[1],
            steps=STEPS,
            step_hours=corridor.case.network.step_hours,
        )
        return Drawn(np.minimum(now, each) for now, each in zip(standing, left, strict=True))

    blocks = march_many(
        corridor,
        draw,
        samples=SAMPLES,
        first=FIRST,
        steps=STEPS,
        state=balanced_start(corridor, FIRST),
        solver=solver_of(corridor),
        audited=frozenset(),
    )
    return list(blocks)


def walked(
    made: Independent, found: dict[int, Outages], *, block: int | None = None, audit: int = 0
) -> list[Block]:
    audited = audited_steps(SAMPLES, STEPS, seed=1, count=audit)
    blocks = walk_independent(
        made,
        lambda samples: together(found, samples),
        samples=SAMPLES,
        solver=solver_of(made.corridor),
        audited=audited,
        block=block,
    )
    return list(blocks)


def rows(blocks: list[Block]) -> dict[str, Floats]:
    names = [field.name for field in fields(Totals)]
    return {name: np.concatenate([getattr(b.totals, name) for b in blocks]) for name in names}


def alike(case: Case, seed: int) -> Independent:
    """Hold both walks of a case against each other; return the one that was prepared."""
    corridor, found = prepare(case), drawn_outages(case, seed)
    rng = np.random.default_rng([seed, 1])
    standing = np.where(rng.random((STEPS, len(case.network.assets))) < 0.05, 0.0, 1.0)
    made = independent(corridor, first=FIRST, steps=STEPS, standing=standing)
    ours, theirs = rows(walked(made, found)), rows(marched(corridor, found, standing))
    for name, expected in theirs.items():
        np.testing.assert_allclose(ours[name], expected, rtol=1e-7, atol=1e-6, err_msg=name)
    return made


@settings(max_examples=25, deadline=None)
@given(draft=drafts(storages=False), seed=st.integers(0, 2**32))
def test_any_network_comes_out_as_if_every_hour_were_walked(draft, seed):
    """Loops, islands, heat, gas: mostly what only the program decides."""
    alike(moving(draft.sketch(hours=STEPS + FIRST).case(NO_PICKUP), seed), seed)


@st.composite
def joined_buses(draw) -> Sketch:
    """Buses joined by links both ways or one way, some without any, and lines without a loop."""
    sketch, count = Sketch(STEPS + FIRST), draw(st.integers(1, 5))
    mw = st.integers(1, 60).map(float)
    for bus in range(count):
        sketch.bus()
        for _ in range(draw(st.integers(0, 3))):
            sketch.generator(bus, draw(mw), cost=draw(mw), least=draw(st.sampled_from([0.0, 0.3])))
        for tier in draw(st.lists(st.sampled_from(TIERS), max_size=2, unique=True)):
            sketch.load(bus, draw(mw), tier=tier)
    sketch.load(0, draw(mw))
    for one, other in draw(st.lists(st.sampled_from([*combinations(range(count), 2), (0, 0)]))):
        if one != other:
            way = draw(st.sampled_from([0.0, -1.0, -0.5]))
            sketch.link(one, [(other, 1.0)], draw(mw) / 2, least=way, cost=0.0 if way else 3.0)
    if count > 2:
        sketch.line(0, count - 1, x=0.1, mw=draw(mw))
    return sketch


@settings(max_examples=30, deadline=None)
@given(sketch=joined_buses(), seed=st.integers(0, 2**32))
def test_cuts_decide_as_the_program_does(sketch, seed):
    made = alike(moving(sketch.case(NO_PICKUP), seed), seed)
    # No island is left undecided: margins there are not those of the two marks.
    assert not np.isin(made.screen.lost_mw, [1e6]).any()


@st.composite
def areas(draw) -> Sketch:
    """Areas with plants of their own, joined by lines in loops and by links."""
    sketch, count = Sketch(STEPS + FIRST), draw(st.integers(3, 5))
    for bus in range(count):
        sketch.bus()
        for _ in range(draw(st.integers(1, 3))):
            sketch.generator(
                bus, draw(st.integers(5, 30)) * 1.0, cost=draw(st.integers(0, 9)) * 1.0
            )
        sketch.load(bus, draw(st.integers(3, 30)) * 1.0)
        if draw(st.booleans()):
            sketch.load(bus, 2.0, tier="industry")
    for one, other in combinations(range(count), 2):
        if draw(st.booleans()) or other == one + 1 or (one, other) == (0, 2):
            sketch.line(
                one, other, x=draw(st.integers(5, 30)) / 100, mw=draw(st.integers(1, 15)) * 1.0
            )
    sketch.link(0, [(1, 1.0)], 3.0, least=-1.0)
    return sketch


@settings(max_examples=30, deadline=None)
@given(sketch=areas(), seed=st.integers(0, 2**32))
def test_areas_that_cover_their_own_needs_are_served_under_the_loop_law(sketch, seed):
    alike(moving(sketch.case(NO_PICKUP), seed), seed)


def test_areas_in_a_triangle_are_screened():
    """Each area covers its needs with everything standing: few steps are left to the program."""
    sketch = Sketch(STEPS + FIRST)
    for bus in range(3):
        sketch.bus()
        for mw in (10.0, 10.0, 12.0):
            sketch.generator(bus, mw)
        sketch.load(bus, 14.0)
    for one, other in ((0, 1), (1, 2), (2, 0)):
        sketch.line(one, other, x=0.1, mw=4.0)
    made = alike(moving(sketch.case(NO_PICKUP), 2), 2)
    assert made.screen.least.size == 3
    assert not np.isin(made.screen.lost_mw, [1e6]).any()


def test_one_bus_needs_no_program():
    sketch = Sketch(STEPS + FIRST)
    bus = sketch.bus()
    for mw in (30.0, 20.0, 10.0):
        sketch.generator(bus, mw)
    for tier, mw in (("critical", 10.0), ("household", 25.0), ("industry", 12.0)):
        sketch.load(bus, mw, tier=tier)
    case = moving(sketch.case(NO_PICKUP), 7)
    made = alike(case, 7)
    assert (made.screen.how == BY_PRICE).all()
    solver = solver_of(made.corridor)
    solver.solve_many = None  # type: ignore[assignment,method-assign]
    list(
        walk_independent(
            made,
            lambda samples: together(drawn_outages(case, 7), samples),
            samples=SAMPLES,
            solver=solver,
            audited=frozenset(),
        )
    )


def network_of_all() -> Case:
    """A bus alone, three joined, and a loop under the loop law."""
    sketch = Sketch(STEPS + FIRST)
    for bus in range(7):
        sketch.bus()
        sketch.generator(bus, 20.0, cost=float(bus))
        sketch.generator(bus, 9.0, cost=5.0)
        sketch.load(bus, 21.0)
        sketch.load(bus, 4.0, tier="industry")
    sketch.link(1, [(2, 1.0)], 6.0, least=-1.0)
    sketch.link(2, [(3, 1.0)], 6.0, least=-1.0)
    for one, other in ((4, 5), (5, 6), (6, 4)):
        sketch.line(one, other, x=0.1 + 0.01 * one, mw=7.0)
    return moving(sketch.case(NO_PICKUP), 3)


def test_a_sample_is_the_same_bit_for_bit_in_any_block():
    case = network_of_all()
    made, found = independent(prepare(case), first=FIRST, steps=STEPS), drawn_outages(case, 3)
    whole = rows(walked(made, found))
    assert whole["unserved_mwh"].sum() > 0
    for block in (1, 4):
        for name, expected in rows(walked(made, found, block=block)).items():
            assert (expected == whole[name]).all(), name


def test_slabs_do_not_show(monkeypatch):
    case = network_of_all()
    made, found = independent(prepare(case), first=FIRST, steps=STEPS), drawn_outages(case, 3)
    whole = rows(walked(made, found))
    monkeypatch.setattr("keepwarm.season.independent.SLAB", 3000)
    for name, expected in rows(walked(made, found)).items():
        assert (expected == whole[name]).all(), name


def test_the_audit_solves_certain_and_short_steps_again():
    case = network_of_all()
    made, found = independent(prepare(case), first=FIRST, steps=STEPS), drawn_outages(case, 3)
    audit = joined(block.audit for block in walked(made, found, audit=100))
    assert audit.steps_checked == 100
    assert not audit.failures()
    # What is said to be served that is not is found: margins that are too wide.
    wrong = replace(made, screen=made.screen._replace(least=made.screen.least + 1e9))
    audit = joined(block.audit for block in walked(wrong, found, audit=100))
    assert audit.failures()


def test_a_sample_without_a_solution_is_given_up_and_the_others_go_on(monkeypatch):
    case = network_of_all()
    made, found = independent(prepare(case), first=FIRST, steps=STEPS), drawn_outages(case, 3)
    whole = rows(walked(made, found))
    module = "keepwarm.season.independent"

    def refusing(frame, engine, hours, sample, step, left, *rest):
        rest[-1][:] = np.where(sample == 2, 1, 0)  # the third sample
        real(frame, engine, hours, sample, step, left, *rest[:-1], np.zeros_like(rest[-1]))

    real = __import__(module, fromlist=["solve_steps"]).solve_steps
    monkeypatch.setattr(f"{module}.solve_steps", refusing)

    class Nothing:
        def __init__(self, *_: object) -> None:
            pass

        def solve(self, *_: object) -> object:
            none = np.empty(0)
            return type("S", (), {"status": "limit", "optimal": False, "x": none, "row_dual": none})

    monkeypatch.setattr(f"{module}.HighsSolver", Nothing)
    blocks = walked(made, found)
    [gone] = [one for block in blocks for one in block.unsolved]
    assert (gone.sample, gone.status) == (42, "limit")
    left = rows(blocks)
    assert left["sample"].tolist() == [40, 41, 43, 44, 45]
    kept = np.isin(whole["sample"], left["sample"])
    for name, expected in left.items():
        assert (expected == whole[name][kept]).all(), name


def test_where_the_compiled_solver_gives_up_highs_answers(monkeypatch):
    case = network_of_all()
    made, found = independent(prepare(case), first=FIRST, steps=STEPS), drawn_outages(case, 3)
    whole = rows(walked(made, found))
    monkeypatch.setattr(SimplexSolver, "engine", lambda *_: None)
    for name, expected in rows(walked(made, found)).items():
        np.testing.assert_allclose(expected, whole[name], rtol=1e-9, atol=1e-7, err_msg=name)


def test_what_ties_steps_together_is_said(town):
    sketch = Sketch(4)
    bus, heat = sketch.bus(), sketch.bus("heat")
    sketch.generator(bus, 10.0)
    sketch.load(bus, 5.0)
    sketch.link(bus, [(heat, 0.9)], 5.0)
    bare = sketch.case(NO_PICKUP)
    assert why_tied(prepare(bare)) == ""
    assert "pickup.factor" in why_tied(prepare(sketch.case()))
    restart = np.array([0.0, 4.0])
    assets = replace(bare.network.assets, restart_hours=restart)
    tripping = replace(bare, network=replace(bare.network, assets=assets))
    assert "plants" in why_tied(prepare(tripping))
    sketch.storage(bus, mw=1.0, mwh=2.0, level=1.0)
    assert "stores" in why_tied(prepare(sketch.case(NO_PICKUP)))
    assert "homes" in why_tied(prepare(town))
    with pytest.raises(ValueError, match="homes cool"):
        independent(prepare(town), first=0, steps=5)


def test_needs_that_cost_more_to_serve_than_to_shed_are_left_to_the_program():
    sketch = Sketch(STEPS + FIRST)
    bus = sketch.bus()
    sketch.generator(bus, 30.0, cost=2000.0)  # industry is shed at 1,000
    sketch.load(bus, 10.0, tier="industry")
    sketch.load(bus, 10.0)
    made = alike(moving(sketch.case(NO_PICKUP), 1), 1)
    assert (made.screen.how == BY_PROGRAM).all()
