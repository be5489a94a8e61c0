"""Many samples: the same as each alone, whatever the block; one that fails is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace

import numpy as np
import pytest

from keepwarm.case.nouns import CARRIERS, Case, Floats, Ints
from keepwarm.errors import SolveError
from keepwarm.season import Corridor, balanced_start, march, prepare
from keepwarm.season.audit import audited_steps, joined
from keepwarm.season.batch import Block, march_many
from keepwarm.season.drawn import Drawn
from keepwarm.season.people import SERVICES
from keepwarm.season.totals import Totals
from keepwarm.solve.highs import HighsSolver
from keepwarm.solve.simplex import SimplexSolver
from keepwarm.solve.solution import Solutions, Solver
from tests.season.conftest import colder, with_settings

SAMPLES, STEPS = np.arange(8), 40


@pytest.fixture(scope="module")
def corridor(town: Case) -> Corridor:
    """The town in frost, few crews and heat that is cut in an order: every rule is at work."""
    hard = colder(with_settings(town, draining__buildings_per_hour=3.0), 8.0)
    order = {"West heat": ("West brick",)}
    return prepare(replace(hard, settings=replace(hard.settings, heat_order=order)))


def outages(corridor: Corridor, sample: int) -> Floats:
    """Every asset of a sample fails for a random while; the first sample is whole."""
    draw = np.random.default_rng([26, sample])
    assets = len(corridor.case.network.assets)
    begin, length = draw.integers(0, STEPS, assets), draw.integers(0, 30, assets)
    step = np.arange(STEPS)[:, None]
    out = (step >= begin) & (step < begin + length) & (draw.random(assets) < 0.5) & (sample > 0)
    return np.where(out, 0.0, 1.0)


def available(corridor: Corridor) -> Callable[[Ints], Iterator[Floats]]:
    def steps(samples: Ints) -> Iterator[Floats]:
        left = np.array([outages(corridor, sample) for sample in samples.tolist()])
        yield from left.transpose(1, 0, 2)

    return steps


def walk(
    corridor: Corridor, *, block: int = 8, samples: Ints = SAMPLES, solver: Solver | None = None
) -> list[Block]:
    template = corridor.template
    return list(
        march_many(
            corridor,
            lambda samples: Drawn(available(corridor)(samples)),
            samples=samples,
            first=0,
            steps=STEPS,
            state=balanced_start(corridor, 0),
            solver=solver or HighsSolver(template.perturbed_cost, template.matrix),
            audited=audited_steps(SAMPLES, STEPS, seed=1, count=20),
            block=block,
        )
    )


def rows(blocks: list[Block]) -> dict[str, Floats]:
    names = [field.name for field in fields(Totals)]
    return {name: np.concatenate([getattr(b.totals, name) for b in blocks]) for name in names}


@pytest.fixture(scope="module")
def together(corridor: Corridor) -> dict[str, Floats]:
    return rows(walk(corridor))


@pytest.mark.parametrize("solver", [HighsSolver, SimplexSolver])
def test_a_sample_comes_out_the_same_whatever_its_block(
    corridor: Corridor, solver: type[HighsSolver] | type[SimplexSolver]
) -> None:
    template = corridor.template
    found = []
    for block, samples in ((1, SAMPLES), (3, SAMPLES), (8, SAMPLES), (3, SAMPLES[::-1].copy())):
        engine = solver(template.perturbed_cost, template.matrix)
        blocks = walk(corridor, block=block, samples=samples, solver=engine)
        assert joined(b.audit for b in blocks).steps_checked == 20
        assert not joined(b.audit for b in blocks).failures()
        found.append(rows(blocks))
    for name, whole in found[2].items():
        assert np.array_equal(found[0][name], whole), name
        assert np.array_equal(found[1][name], whole), name
        assert np.array_equal(found[3][name][::-1], whole), name
    assert found[0]["unserved_mwh"].max() > 0
    assert found[0]["drained"].max() > 0


def test_a_sample_is_what_march_walks(corridor: Corridor, together: dict[str, Floats]) -> None:
    """The same step in both; sums over hours and places are taken from the recorded series."""
    people, buses = corridor.home_people, corridor.case.network.buses
    carrier = np.array([buses.carrier[b] for b in corridor.template.needs.bus.tolist()])
    for k in SAMPLES.tolist():
        state = balanced_start(corridor, 0)
        season = march(corridor, outages(corridor, k), first=0, state=state)
        for c, name in enumerate(CARRIERS):
            shed = season.shed_mw[:, carrier == name].sum(axis=1)
            if name == "heat":
                shed = shed + season.not_asked_mw.sum(axis=1)
            short = shed > 1e-6
            assert together["unserved_mwh"][k, c] == pytest.approx(shed.sum(), abs=1e-6)
            assert together["short_hours"][k, c] == short.sum()
            assert together["short_spells"][k, c] == np.sum(np.diff(short, prepend=False) & short)
        for s, service in enumerate(SERVICES):
            by_region = season.people_without[service].sum(axis=0)
            assert together["people_hours_without"][k, s] == pytest.approx(by_region, abs=1e-3)
        below = people @ season.hours_below[1]
        assert together["people_hours_below"][k] == pytest.approx(below, rel=1e-9, abs=1e-6)
        assert together["drained"][k] == pytest.approx(season.drained.max(axis=0).sum())
        assert together["frozen"][k] == pytest.approx(season.frozen.max(axis=0).sum())


def test_a_dead_town_by_hand(corridor: Corridor) -> None:
    """Nobody has anything in any of the hours; nothing is ever served."""
    template, assets = corridor.template, len(corridor.case.network.assets)
    [block] = march_many(
        corridor,
        lambda samples: Drawn(np.zeros((len(samples), assets)) for _ in range(STEPS)),
        samples=SAMPLES[:2],
        first=0,
        steps=STEPS,
        state=balanced_start(corridor, 0),
        solver=HighsSolver(template.perturbed_cost, template.matrix),
        audited=frozenset(),
    )
    totals, people = block.totals, corridor.case.buildings.people.sum()
    assert totals.people_hours_without.sum(axis=-1) == pytest.approx(people * STEPS)
    assert totals.unserved_mwh == pytest.approx(totals.need_mwh)
    asked = totals.need_mwh[0] > 0
    assert totals.short_hours[:, asked] == pytest.approx(STEPS)
    assert totals.short_spells[:, asked] == pytest.approx(1)


class Failing(HighsSolver):
    """Finds no solution for one sample of its first block from its n-th call on."""

    calls, after, fails = 0, 30, 2

    def solve_many(self, which: Ints, lower: Floats, upper: Floats, rhs: Floats) -> Solutions:
        self.calls += 1
        found = super().solve_many(which, lower, upper, rhs)
        if self.calls < self.after or self.fails not in which:
            return found
        bad = which == self.fails
        found.x[bad], found.row_dual[bad] = np.nan, np.nan
        status = tuple("gone" if b else s for b, s in zip(bad, found.status, strict=True))
        return replace(found, status=status)

    def restart(self) -> None:
        super().restart()
        if self.calls:
            self.fails = -1  # only in the first block


def test_a_sample_that_fails_is_counted_and_left_out(
    corridor: Corridor, together: dict[str, Floats]
) -> None:
    template = corridor.template
    blocks = walk(corridor, block=5, solver=Failing(template.perturbed_cost, template.matrix))
    [lost] = blocks[0].unsolved
    assert (lost.sample, lost.status) == (2, "gone")
    assert 0 < lost.step < STEPS
    assert blocks[1].unsolved == ()
    found = rows(blocks)
    assert found["sample"].tolist() == [0, 1, 3, 4, 5, 6, 7]
    for name, whole in together.items():
        assert np.array_equal(found[name], np.delete(whole, 2, axis=0)), name


def test_an_event_that_cannot_be_solved_is_an_error(corridor: Corridor) -> None:
    left = outages(corridor, 1)
    left[3, 0] = np.nan
    with pytest.raises(SolveError, match=r"step 2026-01-08T03:00:00: HiGHS ended with"):
        march(corridor, left, first=0, state=balanced_start(corridor, 0))


def test_availability_is_asked_for_step_by_step(corridor: Corridor) -> None:
    asked, done = [0], [0]
    template = corridor.template

    def steps(samples: Ints) -> Iterator[Floats]:
        for left in available(corridor)(samples):
            asked[0] += len(samples)
            assert asked[0] <= done[0] + len(samples)
            yield left

    def progress(count: int) -> None:
        done[0] = count

    blocks = march_many(
        corridor,
        lambda samples: Drawn(steps(samples)),
        samples=SAMPLES[:4],
        first=0,
        steps=6,
        state=balanced_start(corridor, 0),
        solver=HighsSolver(template.perturbed_cost, template.matrix),
        audited=frozenset(),
        block=3,
        progress=progress,
    )
    assert [len(block.totals.sample) for block in blocks] == [3, 1]
    assert done[0] == 4 * 6
