"""Validation of infeasibility: limits that cannot hold without shedding are reported as such."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from keepwarm.case.matpower import read_matpower
from keepwarm.network import compile_template, step_bounds
from keepwarm.solve.highs import HighsSolver
from keepwarm.validation.folders import ValidationCase
from keepwarm.validation.one_step import need_of_loads
from keepwarm.validation.sketch import bare_case

#: Any other end of the solver is no answer.
_ANSWER = {"optimal": 1.0, "infeasible": 0.0}


def dcopf_strict(case: ValidationCase) -> dict[str, float]:
    """Return 1 where every load of a network can be served within its limits, 0 where it cannot.

    Each row of ``expected.csv`` names a MATPOWER file, the multiple of its loads and the branches
    that are out (numbers from 1 in the file's order).
    """
    return {
        row.quantity: _ANSWER.get(
            strict_status(
                case.folder / row.inputs["network"],
                scale=row.number("load_scale"),
                without=[int(number) for number in row.inputs["without"].split()],
            ),
            math.nan,
        )
        for row in case.expected
    }


def strict_status(
    path: Path, *, scale: float, without: Sequence[int] = (), strict: bool = True
) -> str:
    """Return how the solver ends on one step of a network that may neither shed nor spill.

    Parameters
    ----------
    path
        A MATPOWER file; costs do not matter here.
    scale
        Multiple of every load, bus shunts included.
    without
        Branches that are out, by number from 1 in the file's order.
    strict
        False leaves shed and spill open, as in every run.

    Returns
    -------
    str
        ``optimal`` or ``infeasible``, or what else the solver says.
    """
    case = bare_case(read_matpower(path, linearize=1), {})
    network, template = case.network, compile_template(case)
    available = np.ones(len(network.assets))
    out = {f"branch {number}" for number in without}
    for k, name in enumerate(network.branches.name):
        if name.rsplit(" ", 1)[0] in out:
            available[len(network.generators) + k] = 0.0
    bounds = step_bounds(
        template,
        hour=0,
        need_mw=scale * need_of_loads(case, template.needs, 0),
        available=available,
        level_mwh=network.storages.e_initial_mwh,
    )
    upper = bounds.upper.copy()
    if strict:
        upper[template.columns.shed] = upper[template.columns.spill] = 0.0
    solver = HighsSolver(template.perturbed_cost, template.matrix)
    return solver.solve(bounds.lower, upper, bounds.rhs).status
