"""One step of a case solved from scratch: what validation cases and property tests look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from keepwarm.case.nouns import Case, Floats
from keepwarm.network import (
    Bounds,
    Dispatch,
    Needs,
    Template,
    compile_template,
    read_dispatch,
    step_bounds,
)
from keepwarm.solve.highs import HighsSolver
from keepwarm.solve.solution import Solution

if TYPE_CHECKING:
    from keepwarm.solve.simplex import SimplexSolver


@dataclass(frozen=True)
class Step:
    """One solved step; ``dispatch`` may be used when ``solution.optimal``."""

    template: Template
    bounds: Bounds
    need_mw: Floats
    solution: Solution
    dispatch: Dispatch


def need_of_loads(case: Case, needs: Needs, hour: int) -> Floats:
    """Return the need of one hour as the loads alone give it, shape (needs,), MW."""
    loads = case.network.loads
    place = {
        pair: k for k, pair in enumerate(zip(needs.bus.tolist(), needs.tier.tolist(), strict=True))
    }
    need = np.zeros(len(needs))
    at = [place[pair] for pair in zip(loads.bus.tolist(), loads.tier.tolist(), strict=True)]
    np.add.at(need, np.array(at, dtype=np.int64), loads.p_set_mw[hour])
    return need


def solve_step(
    case: Case,
    *,
    hour: int = 0,
    available: Floats | None = None,
    level_mwh: Floats | None = None,
    perturbed: bool = True,
    solver: Callable[[Floats, sp.csc_array], HighsSolver | SimplexSolver] = HighsSolver,
) -> Step:
    """Solve one step from scratch.

    Parameters
    ----------
    case
        The case; its loads are the need.
    hour
        Which snapshot.
    available
        Shape (assets,), all standing where None.
    level_mwh
        Shape (storages,), the initial levels where None.
    perturbed
        Whether the costs carry the perturbation that breaks ties, as in every run.
    solver
        Who solves it, made from costs and matrix.

    Returns
    -------
    Step

    Raises
    ------
    RuntimeError
        If the step is not solved to the optimum.
    """
    template = compile_template(case)
    network = case.network
    need = need_of_loads(case, template.needs, hour)
    bounds = step_bounds(
        template,
        hour=hour,
        need_mw=need,
        available=np.ones(len(network.assets)) if available is None else available,
        level_mwh=network.storages.e_initial_mwh if level_mwh is None else level_mwh,
    )
    cost = template.perturbed_cost if perturbed else template.cost
    solution = solver(cost, template.matrix).solve(bounds.lower, bounds.upper, bounds.rhs)
    if not solution.optimal:
        raise RuntimeError(f"the step ended as {solution.status}")
    dispatch = read_dispatch(template, solution.x, solution.row_dual)
    return Step(template, bounds, need, solution, dispatch)
