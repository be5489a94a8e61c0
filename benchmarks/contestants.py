"""Who solves the recorded programs: HiGHS in several ways, and keepwarm's own simplex.

Each contestant is told an hour and solves it, hot from its hour before; both are timed. Finding out
which bounds moved and reading objectives (`ready` and `read`) are not.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import highspy
import numpy as np
from benchmarks.programs import Programs

from keepwarm.case.nouns import Floats, Ints
from keepwarm.solve.highs import HighsSolver
from keepwarm.solve.simplex import SimplexSolver


@dataclass(frozen=True)
class Run:
    """One walk through the hours of some samples."""

    tell: Floats  # (hours,), mean CPU seconds of telling a sample's bounds
    solve: Floats  # (hours,), mean CPU seconds of solving
    objective: Floats  # (hours, samples)
    pivots: Floats  # (hours,), mean of the samples
    fallbacks: int  # hours that were solved by somebody else


class Contestant(Protocol):
    """A solver that is timed, with the samples that it holds."""

    @property
    def fallbacks(self) -> int:
        """How often somebody else solved in its place."""
        ...

    def ready(self, hour: int) -> None:
        """Prepare an hour, not timed."""
        ...

    def tell(self) -> None:
        """Hand over the bounds of the hour, timed."""
        ...

    def solve(self) -> None:
        """Solve the hour, timed."""
        ...

    def read(self) -> tuple[Floats, Floats]:
        """Return objectives and pivots, both (samples,), not timed."""
        ...


@dataclass(frozen=True)
class Entry:
    """How a contestant takes part."""

    make: Callable[[Programs, Ints], Contestant]
    at_once: bool = False  # all samples hour by hour, or sample after sample, which suits caches
    samples: int | None = None  # only the first ones


def walk(entry: Entry, programs: Programs, hours: int) -> Run:
    """Let a contestant solve hour after hour."""
    samples = np.arange(entry.samples or programs.samples)
    blocks = [samples] if entry.at_once else np.split(samples, samples.size)
    tell, solve, pivots = np.zeros(hours), np.zeros(hours), np.zeros(hours)
    objective, fallbacks = np.zeros((hours, samples.size)), 0
    for block in blocks:
        contestant = entry.make(programs, block)
        for hour in range(hours):
            contestant.ready(hour)
            start = time.process_time()
            contestant.tell()
            told = time.process_time()
            contestant.solve()
            end = time.process_time()
            tell[hour] += (told - start) / samples.size
            solve[hour] += (end - told) / samples.size
            objective[hour, block], found = contestant.read()
            pivots[hour] += found.sum() / samples.size
        fallbacks += contestant.fallbacks
    return Run(tell, solve, objective, pivots, fallbacks)


class BareHighs:
    """HiGHS as fast as Python can drive it: the moved bounds are known, no solution is read.

    Parameters
    ----------
    programs
        What is solved.
    block
        Shape (1,), the sample.
    options
        Of HiGHS, beside silence, simplex and one thread.
    hot
        Whether each hour starts from the basis of the one before.
    """

    fallbacks = 0

    def __init__(
        self,
        programs: Programs,
        block: Ints,
        options: dict[str, float | str] | None = None,
        *,
        hot: bool = True,
    ) -> None:
        self._programs, self._sample, self._hot = programs, int(block[0]), hot
        self._highs = _highs(programs, options or {})

    def ready(self, hour: int) -> None:
        self._moved = _moved(self._programs, hour, self._sample)

    def tell(self) -> None:
        columns, lower, upper, rows, rhs = self._moved
        self._highs.changeColsBounds(columns.size, columns, lower, upper)
        self._highs.changeRowsBounds(rows.size, rows, rhs, rhs)

    def solve(self) -> None:
        if not self._hot:
            self._highs.clearSolver()
        self._highs.run()

    def read(self) -> tuple[Floats, Floats]:
        info = self._highs.getInfo()
        return (
            np.array([info.objective_function_value]),
            np.array([float(info.simplex_iteration_count)]),
        )


def _highs(programs: Programs, options: dict[str, float | str]) -> highspy.Highs:
    highs = highspy.Highs()
    fixed = {"output_flag": False, "solver": "simplex", "threads": 1}
    for name, value in (fixed | options).items():
        highs.setOptionValue(name, value)
    rows, columns = programs.matrix.shape
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = columns, rows
    program.col_cost_ = programs.cost
    program.col_lower_, program.col_upper_ = np.zeros(columns), np.zeros(columns)
    program.row_lower_, program.row_upper_ = np.zeros(rows), np.zeros(rows)
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = programs.matrix.indptr
    program.a_matrix_.index_ = programs.matrix.indices
    program.a_matrix_.value_ = programs.matrix.data
    highs.passModel(program)
    return highs


def _moved(p: Programs, hour: int, sample: int) -> tuple[Floats, ...]:
    """Return what moved since the hour before: columns, lower, upper, rows, right-hand sides."""
    lower, upper, rhs = p.lower[hour, sample], p.upper[hour, sample], p.rhs[hour, sample]
    if hour == 0:
        columns, rows = np.arange(lower.size), np.arange(rhs.size)
    else:
        moved = (lower != p.lower[hour - 1, sample]) | (upper != p.upper[hour - 1, sample])
        columns, rows = np.flatnonzero(moved), np.flatnonzero(rhs != p.rhs[hour - 1, sample])
    return (
        columns.astype(np.int32),
        lower[columns],
        upper[columns],
        rows.astype(np.int32),
        rhs[rows],
    )


class Keepwarm:
    """A solver of keepwarm's, as the batch calls it: all samples of an hour in one call."""

    def __init__(
        self, programs: Programs, block: Ints, solver: HighsSolver | SimplexSolver
    ) -> None:
        self._programs, self._block, self._solver = programs, block, solver
        self._which = np.arange(block.size)

    @property
    def fallbacks(self) -> int:
        return self._solver.fallbacks if isinstance(self._solver, SimplexSolver) else 0

    def ready(self, hour: int) -> None:
        p = self._programs
        self._bounds = tuple(table[hour][self._block] for table in (p.lower, p.upper, p.rhs))

    def tell(self) -> None:
        """Nothing: bounds are handed over with the call."""

    def solve(self) -> None:
        self._found = self._solver.solve_many(self._which, *self._bounds)

    def read(self) -> tuple[Floats, Floats]:
        if set(self._found.status) != {"optimal"}:
            raise RuntimeError(f"an hour ended as {set(self._found.status)}")
        return self._found.x @ self._programs.cost, self._found.pivots.astype(np.float64)


#: Label -> how it takes part. The first is ours.
CONTESTANTS: dict[str, Entry] = {
    "keepwarm": Entry(lambda p, k: Keepwarm(p, k, SimplexSolver(p.cost, p.matrix)), at_once=True),
    "HiGHS hot": Entry(BareHighs),
    "HiGHS hot, costs unperturbed": Entry(
        lambda p, k: BareHighs(p, k, {"dual_simplex_cost_perturbation_multiplier": 0.0})
    ),
    "HiGHS hot, as keepwarm calls it": Entry(
        lambda p, k: Keepwarm(p, k, HighsSolver(p.cost, p.matrix))
    ),
    "HiGHS from scratch": Entry(lambda p, k: BareHighs(p, k, hot=False), samples=1),
}
#: The fastest of these is what ratios are taken to.
BASELINES = ("HiGHS hot", "HiGHS hot, costs unperturbed")
