"""Who solves the recorded programs: HiGHS in several ways, and keepwarm's own simplex.

Each contestant is told all samples of an hour and solves them, hot from its hour before; both are
timed. Finding out which bounds moved and reading objectives (`ready` and `read`) are not.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import highspy
import numpy as np
from benchmarks.programs import Programs

from keepwarm.case.nouns import Floats
from keepwarm.solve.highs import HighsSolver
from keepwarm.solve.simplex import SimplexSolver


@dataclass(frozen=True)
class Run:
    """One walk through the hours."""

    tell: Floats  # (hours,), CPU seconds of telling the bounds, all samples of an hour together
    solve: Floats  # (hours,), CPU seconds of solving
    objective: Floats  # (hours, samples)
    pivots: Floats  # (hours,), mean of the samples


class Contestant(Protocol):
    """A solver that is timed."""

    def ready(self, hour: int) -> None:
        """Prepare an hour, not timed."""
        ...

    def tell(self) -> None:
        """Hand over the bounds of the hour, timed."""
        ...

    def solve(self) -> None:
        """Solve all samples of the hour, timed."""
        ...

    def read(self) -> tuple[Floats, float]:
        """Return objectives (samples,) and mean pivots, not timed."""
        ...


def walk(contestant: Contestant, hours: int) -> Run:
    """Let a contestant solve hour after hour."""
    clock, objective, pivots = np.zeros((3, hours)), [], np.zeros(hours)
    for hour in range(hours):
        contestant.ready(hour)
        clock[0, hour] = time.process_time()
        contestant.tell()
        clock[1, hour] = time.process_time()
        contestant.solve()
        clock[2, hour] = time.process_time()
        found, pivots[hour] = contestant.read()
        objective.append(found)
    tell, solve = np.diff(clock, axis=0)
    return Run(tell, solve, np.array(objective), pivots)


class BareHighs:
    """HiGHS as fast as Python can drive it: the moved bounds are known, no solution is read.

    Parameters
    ----------
    programs
        What is solved.
    options
        Of HiGHS, beside silence, simplex and one thread.
    hot
        Whether each hour starts from the basis of the one before.
    samples
        How many of the samples, all where None.
    """

    def __init__(
        self,
        programs: Programs,
        options: dict[str, float | str] | None = None,
        *,
        hot: bool = True,
        samples: int | None = None,
    ) -> None:
        self._programs, self._hot = programs, hot
        self._highs = [_highs(programs, options or {}) for _ in range(samples or programs.samples)]
        self._moves: list[tuple[object, ...]] = []

    def ready(self, hour: int) -> None:
        self._moves = [_moves(self._programs, hour, k) for k in range(len(self._highs))]

    def tell(self) -> None:
        for highs, (columns, lower, upper, rows, rhs) in zip(self._highs, self._moves, strict=True):
            highs.changeColsBounds(columns.size, columns, lower, upper)
            highs.changeRowsBounds(rows.size, rows, rhs, rhs)

    def solve(self) -> None:
        for highs in self._highs:
            if not self._hot:
                highs.clearSolver()
            highs.run()

    def read(self) -> tuple[Floats, float]:
        info = [highs.getInfo() for highs in self._highs]
        objective = np.array([found.objective_function_value for found in info])
        return objective, float(np.mean([found.simplex_iteration_count for found in info]))


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


def _moves(p: Programs, hour: int, sample: int) -> tuple[Floats, ...]:
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
    """A solver of keepwarm's own, as the batch calls it: all samples of an hour in one call."""

    def __init__(self, programs: Programs, solver: HighsSolver | SimplexSolver) -> None:
        self._programs, self._solver = programs, solver
        self._which, self._hour = np.arange(programs.samples), 0

    def ready(self, hour: int) -> None:
        self._hour = hour

    def tell(self) -> None:
        """Nothing: bounds are handed over with the call."""

    def solve(self) -> None:
        p, hour = self._programs, self._hour
        self._found = self._solver.solve_many(
            self._which, p.lower[hour], p.upper[hour], p.rhs[hour]
        )

    def read(self) -> tuple[Floats, float]:
        if set(self._found.status) != {"optimal"}:
            raise RuntimeError(f"hour {self._hour} ended as {set(self._found.status)}")
        return self._found.x @ self._programs.cost, float(self._found.pivots.mean())


#: Label -> contestant. The first is ours.
CONTESTANTS: dict[str, Callable[[Programs], Contestant]] = {
    "keepwarm": lambda p: Keepwarm(p, SimplexSolver(p.cost, p.matrix)),
    "HiGHS hot": BareHighs,
    "HiGHS hot, costs unperturbed": lambda p: BareHighs(
        p, {"dual_simplex_cost_perturbation_multiplier": 0.0}
    ),
    "HiGHS hot, as keepwarm calls it": lambda p: Keepwarm(p, HighsSolver(p.cost, p.matrix)),
    "HiGHS from scratch": lambda p: BareHighs(p, hot=False, samples=1),
}
#: The fastest of these is what ratios are taken to.
BASELINES = ("HiGHS hot", "HiGHS hot, costs unperturbed")
