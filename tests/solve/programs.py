"""Random programs whose bounds move, and what must hold of any answer to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import strategies as st

from keepwarm.case.nouns import TIERS, Bools, Floats
from keepwarm.network import Bounds, Template, step_bounds
from keepwarm.solve.highs import HighsSolver
from keepwarm.solve.solution import Solution

HEAT = (TIERS.index("heat_safe"), TIERS.index("heat_comfort"))


@dataclass(frozen=True)
class Program:
    """A constant part, and the bounds of some steps."""

    cost: Floats
    matrix: sp.csc_array
    steps: tuple[Bounds, ...]


@st.composite
def boxed(draw: st.DrawFn, *, steps: int = 6, least_width: float = 0.0) -> Program:
    """Sparse programs of up to 7 rows; most steps are feasible by construction, not all."""
    rows, columns = draw(st.integers(1, 7)), draw(st.integers(1, 18))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    matrix = rng.normal(size=(rows, columns)) * (rng.random((rows, columns)) < 0.4)
    for j in np.flatnonzero(rng.random(columns) < 0.5):  # rungs of a ladder: one entry
        matrix[:, j] = 0.0
        matrix[rng.integers(rows), j] = rng.choice([-1.0, 1.0, 0.3, -2.5])
    cost = rng.normal(size=columns) * 10
    found = []
    lower, width = -rng.uniform(0, 3, columns), rng.uniform(0, 6, columns)
    for _ in range(steps):
        moved = rng.random(columns) < rng.choice([0.1, 0.9])
        lower = np.where(moved, rng.choice([0.0, 1.0], columns) * rng.normal(size=columns), lower)
        width = np.where(moved, rng.choice([0.0, 1.0, 5.0], columns) * rng.random(columns), width)
        upper = lower + np.maximum(width, least_width)
        inside = lower + rng.random(columns) * (upper - lower)
        rhs = matrix @ inside if rng.random() < 0.85 else rng.normal(size=rows) * 3
        found.append(Bounds(lower, upper, rhs))
    return Program(cost, sp.csc_array(matrix), tuple(found))


def assert_holds(program: Program, bounds: Bounds, answer: Solution) -> None:
    """Feasible, and no dearer than its duals prove that any solution is: an optimum."""
    cost, matrix = program.cost, program.matrix
    assert answer.optimal
    size = 1 + np.abs(answer.x).max(initial=0.0)
    assert np.abs(matrix @ answer.x - bounds.rhs).max(initial=0.0) < 1e-6
    assert np.all(answer.x >= bounds.lower - 1e-8 * size)
    assert np.all(answer.x <= bounds.upper + 1e-8 * size)
    reduced = cost - matrix.T @ answer.row_dual
    np.testing.assert_allclose(answer.reduced_cost, reduced, atol=1e-8 * (1 + np.abs(cost).max()))
    moves = np.abs(reduced) > 1e-12 * (1 + np.abs(cost))  # else its bound may as well be infinite
    at_best = np.where(reduced > 0, bounds.lower, bounds.upper)[moves]
    bound = answer.row_dual @ bounds.rhs + reduced[moves] @ at_best  # weak duality
    value, scale = cost @ answer.x, np.abs(cost) @ np.abs(answer.x)
    assert value == pytest.approx(bound, rel=0, abs=1e-6 + 1e-9 * scale)


def assert_same(program: Program, bounds: Bounds, answer: Solution, *, unique: bool = True) -> None:
    """Compare with HiGHS from scratch: status and cost; and ``x``, where no ties are left."""
    other = HighsSolver(program.cost, program.matrix).solve(bounds.lower, bounds.upper, bounds.rhs)
    assert answer.status == other.status
    if not other.optimal:
        assert answer.x.size == answer.row_dual.size == answer.reduced_cost.size == 0
        return
    assert_holds(program, bounds, answer)
    scale = np.abs(program.cost) @ np.abs(other.x)
    expected = program.cost @ other.x
    assert program.cost @ answer.x == pytest.approx(expected, rel=0, abs=1e-6 + 1e-9 * scale)
    if unique:
        np.testing.assert_allclose(answer.x, other.x, atol=1e-6, rtol=1e-6)


@dataclass(frozen=True)
class RandomStep:
    """One damaged step of a template, and what it was made of."""

    hour: int
    bounds: Bounds
    need_mw: Floats  # (needs,)
    available: Floats  # (assets,)


def damaged_steps(
    template: Template, need_mw: Floats, *, count: int, seed: int, hold: int = 1
) -> Iterator[RandomStep]:
    """Yield steps that damage, weather and stores have changed a little or beyond recognition.

    Parameters
    ----------
    template
        Whose steps.
    need_mw
        Shape (hours, needs): what the loads ask for. Heat needs without loads get a random need
        of up to half of what can flow in there.
    count, seed
        How many, and which.
    hold
        Branches change with every so manyth step only.
    """
    rng = np.random.default_rng(seed)
    network = template.network
    assets, stores = len(network.assets), network.storages
    stands, share = np.ones(assets, dtype=np.bool_), np.zeros(assets)
    heat = np.where(np.isin(template.needs.tier, HEAT), template.spill_box[template.needs.bus], 0)
    first = len(network.generators)
    branches = slice(first, first + len(network.branches))
    for k in range(count):
        before = stands[branches].copy()
        hour = int(rng.integers(len(need_mw)))
        stands, share = _damage(rng, stands, share)
        if k % hold:
            stands[branches] = before
        asked = np.where(need_mw[hour] > 0, need_mw[hour], heat * rng.uniform(0, 0.5))
        need = asked * rng.uniform(0.4, 1.4, asked.size) * (rng.random(asked.size) < 0.97)
        fill = rng.choice([0.0, 1.0, rng.random()], len(stores))
        available = np.where(stands, 1.0, share)
        bounds = step_bounds(
            template,
            hour=hour,
            need_mw=need,
            available=available,
            level_mwh=stores.e_min_mwh + fill * (stores.e_max_mwh - stores.e_min_mwh),
        )
        yield RandomStep(hour, bounds, need, available)


def _damage(rng: np.random.Generator, stands: Bools, share: Floats) -> tuple[Bools, Floats]:
    """Most steps change a few assets; one in five draws all anew, from light to nearly dead."""
    if rng.random() < 0.2:
        stands = rng.random(stands.size) >= rng.choice([0.02, 0.1, 0.3, 0.6, 0.95])
    else:
        changed = rng.random(stands.size) < 0.02
        stands = np.where(changed, rng.random(stands.size) < 0.6, stands)
    partly = rng.random(stands.size) < 0.3
    return stands, np.where(partly, np.where(share > 0, share, rng.random(stands.size)), 0.0)
