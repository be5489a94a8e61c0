"""The compiled simplex gives what HiGHS gives, step by step, sample by sample, compiled or not."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.case.nouns import Floats, Ints
from keepwarm.network import compile_template, read_dispatch, step_bounds
from keepwarm.solve.highs import HighsSolver
from keepwarm.solve.simplex import SimplexSolver
from keepwarm.validation.one_step import need_of_loads
from tests.network.builders import Draft, damaged, drafts, shed_by_tier
from tests.solve.programs import Program, assert_holds, assert_same, boxed, damaged_steps


@settings(max_examples=300)
@given(boxed())
def test_a_chain_of_boxed_programs(program: Program) -> None:
    solver = SimplexSolver(program.cost, program.matrix)
    for bounds in program.steps:
        assert_same(program, bounds, solver.solve(bounds.lower, bounds.upper, bounds.rhs))


@settings(max_examples=60)
@given(st.data(), drafts())
def test_a_chain_of_damaged_networks(data: st.DataObject, draft: Draft) -> None:
    case = draft.case()
    template, stores = compile_template(case), case.network.storages
    program = Program(template.perturbed_cost, template.matrix, ())
    solver = SimplexSolver(program.cost, program.matrix)
    for _ in range(5):
        need = need_of_loads(case, template.needs, 0)
        need *= np.array(data.draw(st.lists(SHARE, min_size=need.size, max_size=need.size)))
        level = np.array(data.draw(st.lists(SHARE, min_size=len(stores), max_size=len(stores))))
        bounds = step_bounds(
            template,
            hour=0,
            need_mw=need,
            available=data.draw(damaged(case)),
            level_mwh=level.reshape(-1) * stores.e_max_mwh,
        )
        answer = solver.solve(bounds.lower, bounds.upper, bounds.rhs)
        assert_holds(program, bounds, answer)
        assert_same(program, bounds, answer, unique=False)  # releases of an island may shift
        other = HighsSolver(program.cost, program.matrix).solve(
            bounds.lower, bounds.upper, bounds.rhs
        )
        one, two = (read_dispatch(template, s.x, s.row_dual).shed_mw for s in (answer, other))
        tiers = template.needs.tier
        assert shed_by_tier(tiers, one) == pytest.approx(shed_by_tier(tiers, two), abs=1e-6)
    assert solver.fallbacks == 0


SHARE = st.sampled_from((0.0, 0.3, 0.8, 1.0, 1.7))


@pytest.fixture(scope="module")
def grid() -> tuple[Program, Floats, Floats, Floats]:
    """Nine samples, twelve steps of a meshed network: bounds of shape (steps, samples, ...)."""
    case = Draft(
        carriers=("power", "power", "power", "heat", "gas"),
        generators=((0, 40.0, 21.0, 0.3), (2, 25.0, 45.0, 0.0), (4, 90.0, 11.3, 0.0)),
        loads=((0, 20.0, "household"), (1, 31.0, "critical"), (2, 9.0, "industry")),
        lines=((0, 1, 1.0, 30.0), (1, 2, 2.0, 20.0), (2, 0, 1.5, 15.0), (0, 1, 3.0, 9.0)),
        links=((4, ((1, 0.373), (3, 0.441)), 40.0), (4, ((3, 0.887), (0, -0.0131)), 30.0)),
        storages=((3, 8.0, 20.0, 7.0, 0.93),),
    ).case()
    template = compile_template(case)
    need = need_of_loads(case, template.needs, 0)[None]
    samples = [
        [step.bounds for step in damaged_steps(template, need, count=12, seed=seed)]
        for seed in range(9)
    ]
    tables = (
        np.array([[getattr(sample[k], name) for sample in samples] for k in range(12)])
        for name in ("lower", "upper", "rhs")
    )
    return Program(template.perturbed_cost, template.matrix, ()), *tables


def walk(
    solver: SimplexSolver, tables: tuple[Floats, Floats, Floats], blocks: list[list[int]]
) -> tuple[Floats, Floats, Ints]:
    """Solve every step in blocks of samples; the answers in the order of the samples."""
    steps, samples = tables[0].shape[:2]
    x = np.zeros(tables[0].shape)
    dual = np.zeros(tables[2].shape)
    pivots = np.zeros((steps, samples), dtype=np.int64)
    for step in range(steps):
        for block in blocks:
            found = solver.solve_many(np.array(block), *(table[step, block] for table in tables))
            assert set(found.status) == {"optimal"}
            x[step, block], dual[step, block] = found.x, found.row_dual
            pivots[step, block] = found.pivots
    return x, dual, pivots


@pytest.mark.parametrize(
    "blocks",
    [
        [[k] for k in range(9)],
        [[8, 3, 0], [1, 2, 4, 5, 6, 7]],
        [[5, 4], [0], [8, 7, 6], [1, 2, 3]],  # the number of samples grows on the way
        [[k] for k in reversed(range(9))],
    ],
)
def test_a_sample_is_the_same_in_any_block_and_order(
    grid: tuple[Program, Floats, Floats, Floats], blocks: list[list[int]]
) -> None:
    program, *tables = grid
    whole, other = (SimplexSolver(program.cost, program.matrix) for _ in range(2))
    expected = walk(whole, tuple(tables), [list(range(9))])
    for found, wanted in zip(walk(other, tuple(tables), blocks), expected, strict=True):
        np.testing.assert_array_equal(found, wanted)


def test_samples_that_come_later_change_nothing(
    grid: tuple[Program, Floats, Floats, Floats],
) -> None:
    program, *tables = grid
    first = tuple(table[:6] for table in tables)
    rest = tuple(table[6:] for table in tables)
    alone, joined = (SimplexSolver(program.cost, program.matrix) for _ in range(2))
    few = [[0, 1, 2]]
    for solver in (alone, joined):
        walk(solver, tuple(table[:, :3] for table in first), few)
    expected = walk(alone, tuple(table[:, :3] for table in rest), few)
    found = walk(joined, rest, [[3, 4, 5, 6, 7, 8], [0, 1, 2]])
    for mine, wanted in zip(found, expected, strict=True):
        np.testing.assert_array_equal(mine[:, :3], wanted)


def test_after_a_restart_nothing_is_left_of_the_steps_before(
    grid: tuple[Program, Floats, Floats, Floats],
) -> None:
    program, *tables = grid
    used, fresh = (SimplexSolver(program.cost, program.matrix) for _ in range(2))
    blocks = [list(range(9))]
    walk(used, tuple(table[::-1] for table in tables), blocks)
    used.restart()
    found, expected = (walk(solver, tuple(tables), blocks) for solver in (used, fresh))
    for mine, wanted in zip(found, expected, strict=True):
        np.testing.assert_array_equal(mine, wanted)


def test_a_hot_start_takes_fewer_pivots(grid: tuple[Program, Floats, Floats, Floats]) -> None:
    program, *tables = grid
    solver, same = SimplexSolver(program.cost, program.matrix), (np.arange(9),)
    step = [table[0] for table in tables]
    assert solver.solve_many(*same, *step).pivots.min() > 0
    assert solver.solve_many(*same, *step).pivots.max() == 0


def test_many_samples_equal_highs(grid: tuple[Program, Floats, Floats, Floats]) -> None:
    program, *tables = grid
    step = [table[3] for table in tables]
    mine, theirs = (
        maker(program.cost, program.matrix).solve_many(np.arange(9), *step)
        for maker in (SimplexSolver, HighsSolver)
    )
    assert mine.status == theirs.status
    np.testing.assert_allclose(mine.x @ program.cost, theirs.x @ program.cost, rtol=1e-9)
    assert mine.x.shape == theirs.x.shape
    assert mine.row_dual.shape == theirs.row_dual.shape


#: Solves chains of programs and writes every answer to the file that is named.
CHAINS = """
import sys
import numpy as np
import scipy.sparse as sp
from keepwarm.solve import pivoting
from keepwarm.solve.simplex import SimplexSolver

assert hasattr(pivoting.solve_block, "py_func") == (sys.argv[2] == "compiled")
rng, told, answers = np.random.default_rng(11), [], []
for rows, columns in ((0, 0), (0, 3), (1, 1), (3, 0), (7, 3), (4, 7), (6, 14), (9, 30)) * 3:
    matrix = rng.normal(size=(rows, columns)) * (rng.random((rows, columns)) < 0.4)
    if rows > columns:
        matrix += rng.normal(size=matrix.shape)  # dense: the work space is filled to its end
    for j in np.flatnonzero(rng.random(columns) < 0.5) if 0 < rows < columns else ():
        matrix[:, j] = 0.0
        matrix[rng.integers(rows), j] = rng.choice([-1.0, 1.0, 0.3])
    cost = rng.choice([0.0, 1.0]) * rng.normal(size=columns)
    solver = SimplexSolver(cost, sp.csc_array(matrix))
    for _ in range(8):
        lower = rng.choice([0.0, 1.0]) * rng.normal(size=columns)
        upper = lower + rng.choice([0.0, 1.0, 9.0]) * rng.random(columns)  # all fixed, now and then
        upper[rng.random(columns) < 0.02] = rng.choice([np.nan, np.inf, -9.0])
        inside = lower + rng.random(columns) * (np.minimum(upper, 9) - lower)
        rhs = matrix @ np.nan_to_num(inside) + (rng.random() < 0.1) * 50  # infeasible, now and then
        found = solver.solve(lower, upper, rhs)
        told.append(f"{found.status} {found.pivots} {solver.fallbacks}")
        answers += [found.x, found.row_dual, found.reduced_cost]
np.savez(sys.argv[1], told=np.array(told), answers=np.concatenate(answers))
"""


def test_compiled_and_plain_python_agree_bit_by_bit(tmp_path: Path) -> None:
    found = []
    for how, switch in (("compiled", "0"), ("plain", "1")):
        path = tmp_path / f"{how}.npz"
        subprocess.run(
            [sys.executable, "-c", CHAINS, str(path), how],
            env={**os.environ, "NUMBA_DISABLE_JIT": switch},
            check=True,
            timeout=300,
        )
        with np.load(path) as kept:
            found.append((kept["told"].tolist(), kept["answers"]))
    (told, answers), (told_plain, answers_plain) = found
    assert told == told_plain
    kinds = {line.split()[0] for line in told}
    assert kinds >= {"optimal", "infeasible", "bounds", "unbounded"}
    assert answers.size > 500
    np.testing.assert_array_equal(answers, answers_plain)


def test_nothing_is_allocated_but_the_answer(
    grid: tuple[Program, Floats, Floats, Floats],
) -> None:
    program, *tables = grid
    solver, which = SimplexSolver(program.cost, program.matrix), np.arange(9)
    walk(solver, tuple(tables), [which.tolist()])
    tracemalloc.start()
    try:
        before = tracemalloc.take_snapshot()
        for _ in range(20):
            for step in range(12):
                solver.solve_many(which, *(table[step] for table in tables))
        after = tracemalloc.take_snapshot()
    finally:
        tracemalloc.stop()
    grown = sum(line.size_diff for line in after.compare_to(before, "filename"))
    assert grown < 20_000  # one answer of nine samples takes more
