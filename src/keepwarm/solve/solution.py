"""What a solver is asked and what it answers, whichever solver it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from keepwarm.case.nouns import Floats, Ints, Names


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


@dataclass(frozen=True)
class Solutions:
    """What many samples returned, one row each; rows of a sample that failed are NaN."""

    status: Names  # (samples,)
    x: Floats  # (samples, columns)
    row_dual: Floats  # (samples, rows)
    pivots: Ints  # (samples,)


@dataclass(frozen=True)
class MixedSolution:
    """What a program with whole numbers in it came to.

    ``x`` is empty where no feasible point was found. ``bound`` is proven: no point costs less.
    """

    status: str  # "optimal" (within the gap), "stopped" (limit), "interrupted", or what HiGHS says
    x: Floats  # (columns,), whole where it has to be
    objective: float  # of x, NaN without one
    bound: float  # -inf where nothing is proven

    @property
    def found(self) -> bool:
        """Whether there is a point that may be used."""
        return self.x.size > 0


class Solver(Protocol):
    """One linear program, many samples of it: only bounds and right-hand sides move."""

    @property
    def name(self) -> str:
        """How the manifest calls it."""
        ...

    def solve_many(self, which: Ints, lower: Floats, upper: Floats, rhs: Floats) -> Solutions:
        """Minimise once for each sample, hot from what that sample solved last; in fresh arrays.

        Parameters
        ----------
        which
            Shape (k,), sample numbers from 0, each at most once.
        lower, upper
            Shape (k, columns).
        rhs
            Shape (k, rows).
        """
        ...

    def restart(self) -> None:
        """Forget what every sample solved last: the next samples owe nothing to these."""
        ...


def failed(status: str) -> Solution:
    """Return a solution that there is none of."""
    none = np.empty(0)
    return Solution(status, none, none, none, 0)
