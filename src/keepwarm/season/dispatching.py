"""Dispatch of one step, repeated where its outcome changes what is needed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from keepwarm.case.nouns import Floats, Ints
from keepwarm.network import Bounds, step_bounds
from keepwarm.network.bound_steps import sources
from keepwarm.season.corridor import Corridor
from keepwarm.season.dispatch_steps import Answer, Asked, desk, dispatch_block
from keepwarm.season.heating import HeatNeed
from keepwarm.season.orders import StepOrders, cut_bounds
from keepwarm.season.rounds import dispatch_in_rounds, put
from keepwarm.season.solved import Solved
from keepwarm.season.state import State, of_samples
from keepwarm.season.steering import Steer
from keepwarm.solve.pivoting import OPTIMAL
from keepwarm.solve.simplex import Engine, SimplexSolver
from keepwarm.solve.solution import Solutions, Solver


def dispatch_step(
    corridor: Corridor,
    solver: Solver,
    which: Ints,
    hour: int,
    available: Floats,
    state: State,
    heat: HeatNeed,
    heaters: Floats,
    steer: Steer | None = None,
    orders: StepOrders | None = None,
) -> Solved:
    """Serve one step of every sample as well as it can be.

    A feeder that is cut takes the heat of its substations with it, and one that comes back draws a
    multiple of its load (cold-load pickup): a sample is dispatched again with those needs until
    no substation takes more than its feeder serves. Stores that would fill at the cost of shedding
    anything but industry are not filled.

    Parameters
    ----------
    which
        Shape (samples,): the solver's numbers for the samples.
    available
        Shape (samples, assets), restarts included.
    heaters
        Shape (samples, groups): share of electric heaters that are on.
    steer
        What a lookahead tells the stores; they follow their prices without one.
    orders
        What a plan tells: needs that are cut, substations that a mobile generator runs.
    """
    if steer is None and isinstance(solver, SimplexSolver):
        engine = solver.engine(int(which.max(initial=-1)) + 1)
        if engine is not None:
            return dispatch_one_by_one(
                corridor, solver, engine, which, hour, available, state, heat, heaters, orders
            )
    return dispatch_in_rounds(
        corridor, solver, which, hour, available, state, heat, heaters, steer, orders
    )


def dispatch_one_by_one(
    corridor: Corridor,
    solver: SimplexSolver,
    engine: Engine,
    which: Ints,
    hour: int,
    available: Floats,
    state: State,
    heat: HeatNeed,
    heaters: Floats,
    orders: StepOrders | None,
) -> Solved:
    """Dispatch samples one after the other in compiled loops; see `dispatch_step`.

    Those that the compiled solver gives up are dispatched in rounds, where HiGHS stands behind it.
    """
    template, count = corridor.template, len(which)
    (rows, columns), needs = template.matrix.shape, len(template.needs)
    asked = Asked(
        which,
        corridor.base_need_mw[hour],
        heaters * corridor.heater_mw,
        heat.safe_mw,
        heat.comfort_mw,
        np.ascontiguousarray(available),
        state.level_mwh,
        state.power_shed_share,
        np.zeros(needs) if orders is None else orders.cut,
        np.zeros(corridor.groups) if orders is None else orders.backed,
    )
    answer = Answer(
        status=np.zeros(count, dtype=np.int64),
        pivots=np.zeros(count, dtype=np.int64),
        x=np.empty((count, columns)),
        dual=np.empty((count, rows)),
        need_mw=np.empty((count, needs)),
        shed_mw=np.empty((count, needs)),
        accepting=np.empty((count, corridor.groups)),
        shed_share=np.empty(state.power_shed_share.shape),
        closed=np.zeros(count, dtype=np.bool_),
    )
    given, level = sources(template, hour), state.level_mwh
    dispatch_block(
        corridor.frame, corridor.rules, engine, given, asked, answer, desk(rows, columns, needs)
    )

    def bounding() -> Bounds:
        bounds = step_bounds(
            template,
            hour=hour,
            need_mw=answer.need_mw,
            available=available,
            level_mwh=level,
        )
        if orders is not None:
            bounds = cut_bounds(template, bounds, answer.need_mw, orders.cut)
        bounds.upper[answer.closed, template.columns.charge] = 0.0
        return bounds

    solved = Solved(
        template,
        Solutions(("optimal",) * count, answer.x, answer.dual, answer.pivots),
        answer.need_mw,
        answer.shed_mw,
        available,
        answer.accepting,
        bounding,
    )
    given_up = np.flatnonzero(answer.status != OPTIMAL)
    if not given_up.size:
        return solved
    part = dispatch_in_rounds(
        corridor,
        solver,
        which[given_up],
        hour,
        available[given_up],
        of_samples(state, given_up),
        replace(heat, safe_mw=heat.safe_mw[given_up], comfort_mw=heat.comfort_mw[given_up]),
        heaters[given_up],
        orders=orders,
    )
    return put(solved, given_up, part)
