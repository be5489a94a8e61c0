"""HiGHS behind a plain call: the only file that imports highspy."""

from __future__ import annotations

import highspy
import numpy as np
import scipy.sparse as sp

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.solve.solution import MixedSolution, Solution, Solutions, failed

#: A step that needs more pivots than this has gone wrong; it returns a status, never hangs.
PIVOT_LIMIT = 200_000

#: A reduced cost within this is taken for zero, currency per MWh. The perturbation that breaks ties
#: leaves some columns that near to one another: they must fall alike whichever basis a step starts
#: from and whichever solver solves it.
DUAL_TOLERANCE = 1e-9


class HighsSolver:
    """One linear program, many samples of it, whose bounds and right-hand sides move.

    Every solve of a sample starts from the basis of its last one (hot start), with HiGHS' dual
    simplex on one thread. Rows are equalities.

    Parameters
    ----------
    cost
        Shape (columns,).
    matrix
        Shape (rows, columns), constant.
    """

    name = "HiGHS"

    def __init__(self, cost: Floats, matrix: sp.csc_array) -> None:
        self._cost, self._matrix = cost, matrix
        self._programs: dict[int, _Program] = {}

    def solve(self, lower: Floats, upper: Floats, rhs: Floats) -> Solution:
        """Minimise within the bounds; NaN and crossed bounds are refused by status."""
        return self._program(0).solve(lower, upper, rhs)

    def solve_many(self, which: Ints, lower: Floats, upper: Floats, rhs: Floats) -> Solutions:
        """Minimise once for each sample; see `keepwarm.solve.solution.Solver`."""
        rows, columns = self._matrix.shape
        count = len(which)
        x, dual = np.full((count, columns), np.nan), np.full((count, rows), np.nan)
        pivots = np.zeros(count, dtype=np.int64)
        status = []
        for k, sample in enumerate(which.tolist()):
            found = self._program(sample).solve(lower[k], upper[k], rhs[k])
            status.append(found.status)
            if found.optimal:
                x[k], dual[k], pivots[k] = found.x, found.row_dual, found.pivots
        return Solutions(tuple(status), x, dual, pivots)

    def restart(self) -> None:
        """Forget what every sample solved last."""
        for program in self._programs.values():
            program.forget()

    def _program(self, sample: int) -> _Program:
        if sample not in self._programs:
            self._programs[sample] = _Program(self._cost, self._matrix)
        return self._programs[sample]


class _Program:
    """The program of one sample, as HiGHS holds it."""

    def __init__(self, cost: Floats, matrix: sp.csc_array) -> None:
        rows, columns = matrix.shape
        self._lower, self._upper, self._rhs = np.zeros(columns), np.zeros(columns), np.zeros(rows)
        moved = (self._lower, self._upper), (self._rhs, self._rhs)
        self._highs = _program(cost, matrix, *moved, PIVOT_LIMIT)
        self._highs.setOptionValue("dual_feasibility_tolerance", DUAL_TOLERANCE)

    def solve(self, lower: Floats, upper: Floats, rhs: Floats) -> Solution:
        """Minimise within the bounds; NaN and crossed bounds are refused by status."""
        if not (np.all(lower <= upper) and np.all(np.isfinite(rhs))):
            return failed("bounds are crossed or not numbers")
        highs = self._highs
        self._move(lower, upper, rhs)
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            highs.clearSolver()  # a basis gone numerically bad: once more, from scratch
            highs.run()
        return _answer(highs)

    def forget(self) -> None:
        """Start the next solve from scratch."""
        self._highs.clearSolver()

    def _move(self, lower: Floats, upper: Floats, rhs: Floats) -> None:
        """Tell HiGHS only what has moved since the last step: telling it all takes a quarter."""
        columns = np.flatnonzero((lower != self._lower) | (upper != self._upper))
        rows = np.flatnonzero(rhs != self._rhs)
        self._highs.changeColsBounds(
            columns.size, columns.astype(np.int32), lower[columns], upper[columns]
        )
        self._highs.changeRowsBounds(rows.size, rows.astype(np.int32), rhs[rows], rhs[rows])
        self._lower, self._upper, self._rhs = lower.copy(), upper.copy(), rhs.copy()


def _program(
    cost: Floats,
    matrix: sp.csc_array,
    columns: tuple[Floats, Floats],
    rows: tuple[Floats, Floats],
    pivots: int,
) -> highspy.Highs:
    """Hand a program to HiGHS; ``columns`` and ``rows`` are their lower and upper bounds."""
    highs = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        ("solver", "simplex"),
        ("threads", 1),
        ("simplex_iteration_limit", pivots),
    ):
        highs.setOptionValue(option, value)
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = matrix.shape
    program.col_cost_ = cost
    program.col_lower_, program.col_upper_ = columns
    program.row_lower_, program.row_upper_ = rows
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = matrix.indptr
    program.a_matrix_.index_ = matrix.indices
    program.a_matrix_.value_ = matrix.data
    highs.passModel(program)
    return highs


def _answer(highs: highspy.Highs) -> Solution:
    status = highs.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        return failed(highs.modelStatusToString(status).lower())
    solution = highs.getSolution()
    return Solution(
        status="optimal",
        x=np.asarray(solution.col_value, dtype=np.float64),
        row_dual=np.asarray(solution.row_dual, dtype=np.float64),
        reduced_cost=np.asarray(solution.col_dual, dtype=np.float64),
        pivots=int(highs.getInfo().simplex_iteration_count),
    )


def solve_once(
    cost: Floats,
    matrix: sp.csc_array,
    *,
    lower: Floats,
    upper: Floats,
    row_lower: Floats,
    row_upper: Floats,
    pivots: int = 20 * PIVOT_LIMIT,
) -> Solution:
    """Minimise one large linear program from scratch; Ctrl-C ends it at once.

    Parameters
    ----------
    cost, lower, upper
        Shape (columns,); bounds may be infinite.
    matrix
        Shape (rows, columns).
    row_lower, row_upper
        Shape (rows,), equal where the row is an equation.
    pivots
        After so many the solve ends with a status, not with an optimum.

    Returns
    -------
    Solution
        A vertex (HiGHS' dual simplex after its presolve, one thread).

    Raises
    ------
    KeyboardInterrupt
        When the user ends it; HiGHS has stopped by then.
    """
    columns, rows = (lower, upper), (row_lower, row_upper)
    if not all(np.all(below <= above) for below, above in (columns, rows)):
        return failed("bounds are crossed or not numbers")
    highs = _program(cost, matrix, columns, rows, pivots)
    highs.HandleUserInterrupt = True
    thread = highs.startSolve()
    try:
        while not highs.wait(0.1)[0]:
            pass
    except KeyboardInterrupt:
        highs.cancelSolve()
        thread.join()
        raise
    return _answer(highs)


def solve_mip(
    cost: Floats,
    matrix: sp.csc_array,
    *,
    lower: Floats,
    upper: Floats,
    row_lower: Floats,
    row_upper: Floats,
    integer: Bools,
    start: Floats | None = None,
    seconds: float = np.inf,
    nodes: int | None = None,
    gap: float = 1e-6,
) -> MixedSolution:
    """Minimise one program of which some columns are whole numbers.

    One thread: the answer is the same on every run, unless ``seconds`` ended it; where that
    matters, limit ``nodes`` instead.

    Parameters
    ----------
    cost, lower, upper
        Shape (columns,); bounds may be infinite.
    matrix
        Shape (rows, columns).
    row_lower, row_upper
        Shape (rows,), equal where the row is an equation.
    integer
        Shape (columns,): which must be whole.
    start
        Shape (columns,): a feasible point to begin with; one that is not is passed over.
    seconds, nodes
        The solve ends after so many, with the best point found so far.
    gap
        Relative distance to the bound at which a point counts as optimal.

    Returns
    -------
    MixedSolution
        Ctrl-C ends the solve at once with the best point so far and the status "interrupted":
        the caller decides whether to go on.
    """
    columns, rows = (lower, upper), (row_lower, row_upper)
    if not all(np.all(below <= above) for below, above in (columns, rows)):
        return MixedSolution("bounds are crossed or not numbers", np.empty(0), np.nan, -np.inf)
    highs = _program(cost, matrix, columns, rows, highspy.kHighsIInf)
    highs.setOptionValue("solver", "choose")
    highs.setOptionValue("time_limit", seconds)
    highs.setOptionValue("mip_max_nodes", highspy.kHighsIInf if nodes is None else nodes)
    highs.setOptionValue("mip_rel_gap", gap)
    which = np.flatnonzero(integer).astype(np.int32)
    kinds = np.full(which.size, int(highspy.HighsVarType.kInteger), dtype=np.uint8)
    highs.changeColsIntegrality(which.size, which, kinds)
    if start is not None:
        point = highspy.HighsSolution()
        point.col_value = start.tolist()
        highs.setSolution(point)
    interrupted = _run_until_interrupted(highs)
    return _mixed_answer(highs, integer, interrupted)


def _run_until_interrupted(highs: highspy.Highs) -> bool:
    """Solve; Ctrl-C stops HiGHS, which keeps what it has. Return whether it was pressed."""
    highs.HandleUserInterrupt = True
    thread = highs.startSolve()
    try:
        while not highs.wait(0.1)[0]:
            pass
    except KeyboardInterrupt:
        highs.cancelSolve()
        thread.join()
        return True
    return False


def _mixed_answer(highs: highspy.Highs, integer: Bools, interrupted: bool) -> MixedSolution:
    info, status = highs.getInfo(), highs.getModelStatus()
    name = highs.modelStatusToString(status).lower()
    limits = (
        highspy.HighsModelStatus.kTimeLimit,
        highspy.HighsModelStatus.kSolutionLimit,
        highspy.HighsModelStatus.kIterationLimit,
    )
    if interrupted:
        name = "interrupted"
    elif status in limits:
        name = "stopped"
    bound = float(info.mip_dual_bound)
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return MixedSolution(name, np.empty(0), np.nan, bound)
    x = np.asarray(highs.getSolution().col_value, dtype=np.float64)
    x = np.where(integer, np.round(x), x)
    return MixedSolution(name, x, float(info.objective_function_value), bound)


def highs_version() -> str:
    """Return the version of HiGHS that solves."""
    return str(highspy.Highs().version())
