"""Dispatch of one step, repeated where its outcome changes what is needed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import TIERS, Floats
from keepwarm.errors import SolveError
from keepwarm.network import Bounds, Dispatch, read_dispatch, step_bounds
from keepwarm.season.corridor import Corridor
from keepwarm.season.heating import HeatNeed, need_by_bus
from keepwarm.season.state import State, share_served
from keepwarm.solve.highs import HighsSolver
from keepwarm.solve.solution import Solution

#: Rounds of "feeders are cut, so their substations stop, so power is freed"; two settle most steps.
ROUNDS = 4

_INDUSTRY = TIERS.index("industry")


@dataclass(frozen=True)
class Solved:
    """The linear program that a step ended with, and what came out."""

    bounds: Bounds
    solution: Solution
    dispatch: Dispatch
    need_mw: Floats  # (needs,)
    available: Floats  # (assets,), restarts included
    accepting: Floats  # (groups,): share whose own substation runs


def dispatch_step(
    corridor: Corridor,
    solver: HighsSolver,
    hour: int,
    available: Floats,
    state: State,
    heat: HeatNeed,
    heaters: Floats,
) -> Solved:
    """Serve one step as well as it can be.

    A feeder that is cut takes the heat of its substations with it, and one that comes back draws a
    multiple of its load (cold-load pickup): the step is dispatched again with those needs until
    no substation takes more than its feeder serves. Stores that would fill at the cost of shedding
    anything but industry are not filled.

    Parameters
    ----------
    available
        Shape (assets,), restarts included.
    heaters
        Shape (groups,): share of electric heaters that are on.

    Raises
    ------
    SolveError
        When the linear program has no optimum: it always has one unless an input is not a number.
    """
    base = corridor.base_need_mw[hour] + _heater_need(corridor, heaters)
    accepting, pickup = np.ones(corridor.groups), np.zeros_like(base)
    for attempt in range(ROUNDS):
        need = base + pickup + need_by_bus(corridor, heat, accepting)
        solved = _solve(corridor, solver, hour, need, available, state, accepting)
        shed_share = power_shed_share(corridor, need, solved.dispatch.shed_mw)
        if attempt == 0:
            pickup = _pickup(corridor, base, state.power_shed_share - shed_share)
        on = np.where(corridor.depends_on_feeder, power_of_groups(corridor, shed_share), 1.0)
        settled = np.all(on >= accepting - 1e-6) and (attempt > 0 or not pickup.any())
        if settled:
            break
        accepting = np.minimum(accepting, on)
    return _without_costly_charging(corridor, solver, solved)


def power_shed_share(corridor: Corridor, need_mw: Floats, shed_mw: Floats) -> Floats:
    """Return the share of household power shed at each bus, (buses,), zero where there is none."""
    which = corridor.bus_power_need
    if not need_mw.size:
        return np.zeros(which.shape)
    return np.where(which >= 0, 1 - share_served(shed_mw[which], need_mw[which]), 0.0)


def power_of_groups(corridor: Corridor, shed_share: Floats) -> Floats:
    """Return the share of household power that each group has, (groups,)."""
    bus = corridor.case.buildings.power_bus
    return np.where(bus >= 0, 1 - shed_share[np.maximum(bus, 0)], 1.0)


def _heater_need(corridor: Corridor, heaters: Floats) -> Floats:
    """Power of electric heaters at the groups' feeders, (needs,)."""
    need, which = np.zeros(len(corridor.template.needs)), corridor.power_need
    watts = corridor.case.settings.number("gains.heater_w_per_person")
    mw = heaters * corridor.case.buildings.people * watts * 1e-6
    np.add.at(need, which[which >= 0], mw[which >= 0])
    return need


def _pickup(corridor: Corridor, base: Floats, returned: Floats) -> Floats:
    """Extra need of feeders that come back in this step, (needs,)."""
    number, dt = corridor.case.settings.number, corridor.case.network.step_hours
    surge = (number("pickup.factor") - 1) * min(1.0, number("pickup.hours") / dt)
    extra = np.zeros_like(base)
    bus = np.flatnonzero((corridor.bus_power_need >= 0) & (returned > 1e-9))
    which = corridor.bus_power_need[bus]
    extra[which] = base[which] * returned[bus] * surge
    return extra


def _solve(
    corridor: Corridor,
    solver: HighsSolver,
    hour: int,
    need: Floats,
    available: Floats,
    state: State,
    accepting: Floats,
) -> Solved:
    template = corridor.template
    bounds = step_bounds(
        template, hour=hour, need_mw=need, available=available, level_mwh=state.level_mwh
    )
    solution = solver.solve(bounds.lower, bounds.upper, bounds.rhs)
    if not solution.optimal:
        time = corridor.case.network.snapshots[hour]
        raise SolveError(f"step {time}: HiGHS ended with '{solution.status}'")
    dispatch = read_dispatch(template, solution.x, solution.row_dual)
    return Solved(bounds, solution, dispatch, need, available, accepting)


def _without_costly_charging(corridor: Corridor, solver: HighsSolver, solved: Solved) -> Solved:
    """Dispatch again with stores closed if charging costs anybody but industry their need.

    A stored MWh has one value, whatever its carrier; where little power makes much heat, that value
    can outbid a household. No price tells the two apart, a second look does.
    """
    template = corridor.template
    homes = template.needs.tier != _INDUSTRY
    lost = solved.dispatch.shed_mw[homes].sum()
    if lost <= 1e-6 or solved.dispatch.charge_mw.sum() <= 1e-6:
        return solved
    upper = solved.bounds.upper.copy()
    upper[template.columns.charge] = 0.0
    bounds = Bounds(solved.bounds.lower, upper, solved.bounds.rhs)
    solution = solver.solve(bounds.lower, bounds.upper, bounds.rhs)
    if not solution.optimal:
        return solved
    dispatch = read_dispatch(template, solution.x, solution.row_dual)
    if dispatch.shed_mw[homes].sum() >= lost - 1e-6:
        return solved
    return Solved(bounds, solution, dispatch, solved.need_mw, solved.available, solved.accepting)
