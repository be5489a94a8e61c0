"""The audit: what it chooses, what it measures, and that a wrong solver does not pass it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from keepwarm.case.nouns import TIERS, Case, Floats
from keepwarm.season import Audit, balanced_start, prepare
from keepwarm.season.audit import Auditor, audited_steps, joined
from keepwarm.season.batch import march_many
from keepwarm.season.drawn import Drawn
from keepwarm.season.solved import Solved
from keepwarm.season.state import spread
from keepwarm.season.step import take_step
from keepwarm.solve.highs import HighsSolver
from tests.season.conftest import outage, walk

ALONE = np.zeros(1, dtype=np.int64)
HOUSEHOLD, INDUSTRY = TIERS.index("household"), TIERS.index("industry")


def test_two_hundred_steps_are_chosen_or_all() -> None:
    samples = np.array([4, 7, 9])
    chosen = audited_steps(samples, 100, seed=3)
    assert len(chosen) == 200
    assert {sample for sample, _ in chosen} == {4, 7, 9}
    assert {step for _, step in chosen} <= set(range(100))
    assert chosen == audited_steps(samples, 100, seed=3)
    assert chosen != audited_steps(samples, 100, seed=4)
    few = {(s, t) for s in (4, 7, 9) for t in range(5)}
    assert audited_steps(samples, 5, seed=3) == few


def test_the_choice_is_spread_over_a_large_run() -> None:
    """200 of 10,000 x 4,320: a uniform draw; 4 standard errors of the mean are 8 % of the range."""
    chosen = np.array(sorted(audited_steps(np.arange(10_000), 4_320, seed=0)))
    assert chosen.mean(axis=0) / (10_000, 4_320) == pytest.approx([0.5, 0.5], abs=0.082)


def test_a_run_of_many_steps_is_audited_two_hundred_times(town: Case) -> None:
    season = walk(town, outage(town, ("CHP unit",), slice(20, 60), 210))
    assert season.audit.steps_checked == 200
    assert season.audit.failures() == ()


def audit_with(case: Case, cost: Floats, left: Floats) -> Audit:
    """Walk one sample with a solver that minimises some cost."""
    corridor = prepare(case)
    [block] = march_many(
        corridor,
        lambda _: Drawn(left[:, None]),
        samples=ALONE,
        first=0,
        steps=len(left),
        state=balanced_start(corridor, 0),
        solver=HighsSolver(cost, corridor.template.matrix),
        audited=audited_steps(ALONE, len(left), seed=0),
    )
    return block.audit


@pytest.mark.parametrize(
    ("tier", "factor", "failures"),
    [
        # One feeder's homes 3 % cheaper to cut than the other's: other homes are cut, as many.
        (HOUSEHOLD, 0.97, 1),
        # One feeder's industry dearer than its homes: homes are cut instead.
        (INDUSTRY, 9.0, 2),
    ],
)
def test_a_solver_that_returns_a_wrong_vertex_fails_the_audit(
    town: Case, tier: int, factor: float, failures: int
) -> None:
    left = outage(town, ("CHP unit",), slice(0, 12), 12)
    left[:, town.network.assets.name.index("Grid import")] = 0.3
    template = prepare(town).template
    west = town.network.buses.name.index("West power")
    right, wrong = template.perturbed_cost, template.perturbed_cost.copy()
    need = np.flatnonzero((template.needs.bus == west) & (template.needs.tier == tier))
    shed = np.arange(wrong.size)[template.columns.shed].reshape(template.price.shape)
    wrong[shed[need]] *= factor
    assert audit_with(town, right, left).failures() == ()
    audit = audit_with(town, wrong, left)
    assert audit.max_balance_error_mw < 1e-6
    assert audit.max_relative_gap > 1e-4
    assert (audit.max_shed_gap > 1e-2) == (failures == 2)
    assert len(audit.failures()) == failures


def one_step(case: Case) -> tuple[Solved, Auditor]:
    """Solve a step of the town with nothing left; return it with an auditor that looks at it."""
    corridor = prepare(case)
    template = corridor.template
    solver = HighsSolver(template.perturbed_cost, template.matrix)
    nothing = np.zeros((1, len(case.network.assets)))
    step = take_step(corridor, solver, ALONE, 0, nothing, spread(balanced_start(corridor, 0), 1))
    return step.solved, Auditor(template, frozenset({(0, 0)}))


def test_shed_that_stands_elsewhere_is_measured_against_its_need(town: Case) -> None:
    """Of a need's shed 0.2 % is called served: a gap of 0.002 of the need of its kind."""
    solved, auditor = one_step(town)
    needs, carriers = prepare(town).template.needs, town.network.buses.carrier
    kinds = [(t, carriers[b]) for b, t in zip(needs.bus, needs.tier, strict=True)]
    need = int(np.argmax(solved.need_mw[0]))
    of_kind = sum(
        mw for kind, mw in zip(kinds, solved.need_mw[0], strict=True) if kind == kinds[need]
    )
    shed = solved.shed_mw.copy()
    assert shed[0, need] == pytest.approx(solved.need_mw[0, need])
    shed[0, need] -= 0.002 * of_kind
    auditor.check(ALONE, 0, replace(solved, shed_mw=shed))
    audit = auditor.audit()
    assert audit.max_shed_gap == pytest.approx(0.002)
    assert audit.failures() == ("a step solved again sheds 2.0e-03 of a need elsewhere",)


def test_a_balance_that_does_not_close_is_found_in_every_step(town: Case) -> None:
    solved, auditor = one_step(town)
    spill = prepare(town).template.columns.spill.start
    x = solved.solution.x.copy()
    x[0, spill] += 1e-3
    auditor.check(ALONE, 5, replace(solved, solution=replace(solved.solution, x=x)))
    assert auditor.audit().max_balance_error_mw == pytest.approx(1e-3)
    assert auditor.audit().steps_checked == 0
    assert len(auditor.audit().failures()) == 1


def test_audits_are_joined_by_their_worst() -> None:
    parts = (Audit(3, 1e-9, 2e-5, 1e-12, 0), Audit(4, 1e-7, 0.0, 1e-10, 2))
    assert joined(parts) == Audit(7, 1e-7, 2e-5, 1e-10, 2)
    assert joined(()).failures() == ()
    assert Audit(1, np.nan, 0.0, 0.0, 0).failures()
