"""A compiled bounded dual simplex, hot from each sample's last step, with HiGHS behind it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.solve.highs import HighsSolver
from keepwarm.solve.inverse import Hot, Room
from keepwarm.solve.ladders import Program, lay_out
from keepwarm.solve.pattern import words
from keepwarm.solve.pivoting import OPTIMAL, solve_block
from keepwarm.solve.solution import Solution, Solutions, failed

#: With more rows than this HiGHS answers every step: a sample's dense inverse would take more than
#: 18 MB, and a pivot may touch all of it.
MOST_ROWS = 1500


class Engine(NamedTuple):
    """The solver from inside, for compiled code: `keepwarm.solve.pivoting.solve_sample`."""

    program: Program
    block: Hot
    ready: Bools  # (samples,): those that have a basis
    room: Room
    limit: int  # most pivots of a step


class SimplexSolver:
    """One linear program, many samples of it, whose bounds and right-hand sides move.

    Answers as `keepwarm.solve.highs.HighsSolver` does, only sooner: a caller cannot tell them
    apart. Every column of a template has finite bounds, so any basis is dual feasible once its
    nonbasic columns stand at the right bounds; a sample's first step starts from the artificial
    basis, every later one from the basis before. A step that is not plainly solved (a pivot that
    row and column disagree about, a residual, no way to go on, too many pivots, bounds that are
    infinite or no numbers) is given to HiGHS from scratch, and the sample begins anew. A program of
    more than `MOST_ROWS` rows is HiGHS' altogether.

    Parameters
    ----------
    cost
        Shape (columns,).
    matrix
        Shape (rows, columns), constant; rows are equalities.
    pivots
        Most pivots of a step before HiGHS is asked; by default many times what any step needs.

    **Source**: dual simplex with steepest edge, Harris' ratio test and bound flipping (Koberstein,
    "The dual simplex method", 2005). **Leaves out**: unbounded columns, primal simplex.
    """

    name = "keepwarm's dual simplex, HiGHS behind it"

    def __init__(self, cost: Floats, matrix: sp.csc_array, *, pivots: int | None = None) -> None:
        self._cost, self._matrix = cost, matrix
        self._program = lay_out(cost, matrix)
        rows, structurals = matrix.shape[0], self._program.cost.size
        self._large = HighsSolver(cost, matrix) if rows > MOST_ROWS else None
        self._limit = 1000 + 20 * rows if pivots is None else pivots
        self._room = _room(rows, structurals)
        self._block = _block(0, rows, structurals)
        self._ready = np.zeros(0, dtype=np.bool_)
        self.fallbacks = 0

    def solve(self, lower: Floats, upper: Floats, rhs: Floats) -> Solution:
        """Minimise within the bounds; NaN and crossed bounds are refused by status."""
        found = self.solve_many(np.zeros(1, dtype=np.int64), lower[None], upper[None], rhs[None])
        if found.status[0] != "optimal":
            return failed(found.status[0])
        dual = found.row_dual[0]
        reduced = self._cost - self._matrix.T @ dual
        return Solution("optimal", found.x[0], dual, reduced, int(found.pivots[0]))

    def solve_many(self, which: Ints, lower: Floats, upper: Floats, rhs: Floats) -> Solutions:
        """Minimise once for each sample; see `keepwarm.solve.solution.Solver`."""
        self._check_shapes(len(which), lower, upper, rhs)
        if self._large is not None:
            self.fallbacks += len(which)
            return self._large.solve_many(which, lower, upper, rhs)
        self._make_room(int(which.max(initial=-1)) + 1)
        count, (rows, columns) = len(which), self._matrix.shape
        x, dual = np.empty((count, columns)), np.empty((count, rows))
        status, pivots = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
        solve_block(
            self._program,
            self._block,
            self._ready,
            self._room,
            np.ascontiguousarray(which, dtype=np.int64),
            np.ascontiguousarray(lower, dtype=np.float64),
            np.ascontiguousarray(upper, dtype=np.float64),
            np.ascontiguousarray(rhs, dtype=np.float64),
            self._limit,
            x,
            dual,
            status,
            pivots,
        )
        words = ["optimal"] * count
        for a in np.flatnonzero(status != OPTIMAL).tolist():
            asked = HighsSolver(self._cost, self._matrix).solve(lower[a], upper[a], rhs[a])
            words[a] = asked.status
            pivots[a] += asked.pivots
            self.fallbacks += 1
            x[a], dual[a] = (asked.x, asked.row_dual) if asked.optimal else (np.nan, np.nan)
        return Solutions(tuple(words), x, dual, pivots)

    def engine(self, samples: int) -> Engine | None:
        """Return what compiled code needs to solve steps by itself, None where HiGHS does it all.

        What it cannot solve it must give to `solve_many`, and count there.

        Parameters
        ----------
        samples
            How many the block has at most: numbers are 0 to ``samples`` - 1.
        """
        if self._large is not None:
            return None
        self._make_room(samples)
        return Engine(self._program, self._block, self._ready, self._room, self._limit)

    def restart(self) -> None:
        """Forget what every sample solved last."""
        self._ready[:] = False
        if self._large is not None:
            self._large.restart()

    def _check_shapes(self, count: int, lower: Floats, upper: Floats, rhs: Floats) -> None:
        """Refuse what compiled code, which checks no index, would read beyond its end."""
        rows, columns = self._matrix.shape
        for given, size in ((lower, columns), (upper, columns), (rhs, rows)):
            if given.shape != (count, size):
                raise ValueError(f"shape is {given.shape}, not {(count, size)}")

    def _make_room(self, samples: int) -> None:
        """Give more samples a place; those that have one keep it."""
        before = self._ready.size
        if samples > before:
            block = _block(samples, self._matrix.shape[0], self._program.cost.size)
            ready = np.zeros(samples, dtype=np.bool_)
            for new, old in zip((*block, ready), (*self._block, self._ready), strict=True):
                new[:before] = old
            self._block, self._ready = block, ready


def _block(samples: int, rows: int, structurals: int) -> Hot:
    """Allocate what samples keep: the inverse, rows by rows, is nearly all of it."""
    return Hot(
        head=np.zeros((samples, rows), dtype=np.int64),
        free=np.zeros((samples, words(structurals)), dtype=np.uint64),
        upper=np.zeros((samples, structurals), dtype=np.bool_),
        place=np.zeros((samples, rows), dtype=np.int64),
        held=np.zeros((samples, rows), dtype=np.int64),
        inverse=np.zeros((samples, rows, rows)),
        pattern=np.zeros((samples, rows, words(rows)), dtype=np.uint64),
        dual=np.zeros((samples, rows)),
        weight=np.zeros((samples, rows)),
        age=np.zeros((samples, 1), dtype=np.int64),
    )


def _room(rows: int, structurals: int) -> Room:
    """Allocate the work space that all samples share."""
    both = rows + structurals
    return Room(
        x=np.zeros(structurals),
        reduced=np.zeros(structurals),
        movable=np.zeros(words(structurals), dtype=np.uint64),
        value=np.zeros(rows),
        low=np.zeros(rows),
        high=np.zeros(rows),
        right=np.zeros(rows),
        span=np.zeros(structurals),
        rho=np.zeros(rows),
        where=np.zeros(rows, dtype=np.uint32),
        whole=np.zeros(rows),
        touching=np.zeros(words(structurals), dtype=np.uint64),
        touched=np.zeros(structurals, dtype=np.uint32),
        alpha=np.zeros(structurals),
        ratio=np.zeros(both),
        reach=np.zeros(both),
        size=np.zeros(both),
        width=np.zeros(both),
        who=np.zeros(both, dtype=np.int64),
        group=np.zeros(both, dtype=np.int64),
        column=np.zeros(rows),
        at=np.zeros(rows, dtype=np.uint32),
        tau=np.zeros(rows),
        out=np.zeros(words(rows), dtype=np.uint64),
        merit=np.zeros(rows),
        moved=np.zeros(rows),
        spot=np.zeros(rows, dtype=np.int64),
        rest=np.zeros(rows),
        unknowns=np.zeros(rows, dtype=np.int64),
        mixed=np.zeros(rows, dtype=np.int64),
        settled=np.zeros(rows, dtype=np.bool_),
    )
