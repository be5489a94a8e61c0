"""HiGHS behind a plain call: the only file that imports highspy."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp

from keepwarm.case.nouns import Floats

#: A step that needs more pivots than this has gone wrong; it returns a status, never hangs.
PIVOT_LIMIT = 200_000


@dataclass(frozen=True)
class Solution:
    """What a solve returned; arrays are empty unless ``status`` is "optimal"."""

    status: str
    x: Floats
    row_dual: Floats
    reduced_cost: Floats
    pivots: int

    @property
    def optimal(self) -> bool:
        """Whether the solution may be used."""
        return self.status == "optimal"


class HighsSolver:
    """One linear program whose bounds and right-hand sides move.

    Every solve starts from the basis of the one before (hot start), with HiGHS' dual simplex on
    one thread. Rows are equalities.

    Parameters
    ----------
    cost
        Shape (columns,).
    matrix
        Shape (rows, columns), constant.
    """

    def __init__(self, cost: Floats, matrix: sp.csc_array) -> None:
        rows, columns = matrix.shape
        self._lower, self._upper, self._rhs = np.zeros(columns), np.zeros(columns), np.zeros(rows)
        self._highs = highspy.Highs()
        for option, value in (
            ("output_flag", False),
            ("solver", "simplex"),
            ("threads", 1),
            ("simplex_iteration_limit", PIVOT_LIMIT),
        ):
            self._highs.setOptionValue(option, value)
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = columns, rows
        program.col_cost_ = cost
        program.col_lower_, program.col_upper_ = np.zeros(columns), np.zeros(columns)
        program.row_lower_, program.row_upper_ = np.zeros(rows), np.zeros(rows)
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_ = matrix.indptr
        program.a_matrix_.index_ = matrix.indices
        program.a_matrix_.value_ = matrix.data
        self._highs.passModel(program)

    def solve(self, lower: Floats, upper: Floats, rhs: Floats) -> Solution:
        """Minimise within the bounds; NaN and crossed bounds are refused by status."""
        if not (np.all(lower <= upper) and np.all(np.isfinite(rhs))):
            return _failed("bounds are crossed or not numbers")
        highs = self._highs
        self._move(lower, upper, rhs)
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            highs.clearSolver()  # a basis gone numerically bad: once more, from scratch
            highs.run()
        status = highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            return _failed(highs.modelStatusToString(status).lower())
        solution = highs.getSolution()
        return Solution(
            status="optimal",
            x=np.asarray(solution.col_value, dtype=np.float64),
            row_dual=np.asarray(solution.row_dual, dtype=np.float64),
            reduced_cost=np.asarray(solution.col_dual, dtype=np.float64),
            pivots=int(highs.getInfo().simplex_iteration_count),
        )

    def _move(self, lower: Floats, upper: Floats, rhs: Floats) -> None:
        """Tell HiGHS only what has moved since the last step: telling it all takes a quarter."""
        columns = np.flatnonzero((lower != self._lower) | (upper != self._upper))
        rows = np.flatnonzero(rhs != self._rhs)
        self._highs.changeColsBounds(
            columns.size, columns.astype(np.int32), lower[columns], upper[columns]
        )
        self._highs.changeRowsBounds(rows.size, rows.astype(np.int32), rhs[rows], rhs[rows])
        self._lower, self._upper, self._rhs = lower.copy(), upper.copy(), rhs.copy()


def _failed(status: str) -> Solution:
    none = np.empty(0)
    return Solution(status, none, none, none, 0)


def highs_version() -> str:
    """Return the version of HiGHS that solves."""
    return str(highspy.Highs().version())
