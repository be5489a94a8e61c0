"""Dispatch of one step in rounds, all samples at once, with any solver."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from keepwarm.case.nouns import TIERS, Bools, Floats, Ints
from keepwarm.network import (
    Bounds,
    Template,
    shed_by_need,
    step_bounds,
    sum_by_place,
    sum_places,
)
from keepwarm.season.corridor import INDUSTRY, ROUNDS, Corridor
from keepwarm.season.heating import HeatNeed, need_by_bus
from keepwarm.season.orders import StepOrders, cut_bounds
from keepwarm.season.solved import Solved, power_of_groups, power_shed_share
from keepwarm.season.state import State
from keepwarm.season.steering import Steer, steered_bounds, worth_opening
from keepwarm.solve.solution import Solver

_CRITICAL = TIERS.index("critical")


def dispatch_in_rounds(
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
    """Dispatch all samples round by round, with any solver; see `dispatch_step`."""
    base = corridor.base_need_mw[hour] + _heater_need(corridor, heaters)
    asked = _Asked(
        corridor, solver, which, hour, base, heat, available, state.level_mwh, steer, orders
    )
    rows = np.arange(len(which))
    part = asked.serve(rows, np.ones(heaters.shape), np.zeros_like(base))
    solved, shed_share = part, _shed_share(corridor, part)
    pickup = _pickup(corridor, base, state.power_shed_share - shed_share)
    changed = pickup.any(axis=-1)
    for _ in range(ROUNDS - 1):
        powered = np.where(corridor.depends_on_feeder, power_of_groups(corridor, shed_share), 1.0)
        powered = powered if orders is None else np.maximum(powered, orders.backed)
        changed |= (powered < part.accepting - 1e-6).any(axis=-1)
        changed &= part.optimal
        if not changed.any():
            break
        rows, accepting = rows[changed], np.minimum(part.accepting, powered)[changed]
        part = asked.serve(rows, accepting, pickup[rows])
        solved, shed_share = put(solved, rows, part), _shed_share(corridor, part)
        changed = np.zeros(rows.shape, dtype=np.bool_)
    if steer is not None:  # what charges is meant to
        return asked.without_the_plan(asked.beside_the_plan(solved, pickup, steer), pickup)
    return _without_costly_charging(corridor, solver, which, solved)


@dataclass(frozen=True)
class _Asked:
    """What a step asks before anybody is cut, and of whom."""

    corridor: Corridor
    solver: Solver
    which: Ints
    hour: int
    base_mw: Floats  # (samples, needs): loads and electric heaters
    heat: HeatNeed
    available: Floats
    level_mwh: Floats
    steer: Steer | None
    orders: StepOrders | None

    def serve(
        self, rows: Ints, accepting: Floats, pickup_mw: Floats, opened: Bools | None = None
    ) -> Solved:
        """Dispatch some of the samples; the other arrays are of those samples only."""
        safe, comfort = (mw[rows] * accepting for mw in (self.heat.safe_mw, self.heat.comfort_mw))
        need = self.base_mw[rows] + pickup_mw + need_by_bus(self.corridor, safe, comfort)
        available = self.available[rows]
        bounds = step_bounds(
            self.corridor.template,
            hour=self.hour,
            need_mw=need,
            available=available,
            level_mwh=self.level_mwh[rows],
        )
        if self.orders is not None:
            bounds = cut_bounds(self.corridor.template, bounds, need, self.orders.cut)
        if self.steer is not None:
            bounds = steered_bounds(self.corridor.template, bounds, self.steer, opened)
        return _solve(
            self.corridor.template,
            self.solver,
            self.which[rows],
            bounds,
            need,
            available,
            accepting,
        )

    def beside_the_plan(self, solved: Solved, pickup_mw: Floats, steer: Steer) -> Solved:
        """Open stores whose energy is needed more than the plan took for granted."""
        opened = worth_opening(self.corridor.template, solved.dispatch.bus_price, steer)
        rows = np.flatnonzero(solved.optimal & opened.any(axis=-1))
        if not rows.size:
            return solved
        part = self.serve(rows, solved.accepting[rows], pickup_mw[rows], opened[rows])
        return put(solved, rows, part, part.optimal)

    def without_the_plan(self, solved: Solved, pickup_mw: Floats) -> Solved:
        """Open the stores where a critical need is shed that the plan did not mean to shed."""
        critical = self.corridor.template.needs.tier == _CRITICAL
        lost = sum_places(np.where(critical, solved.shed_mw, 0.0))
        planned = self.steer.critical_shed_mw if self.steer is not None else 0.0
        rows = np.flatnonzero(solved.optimal & (lost > planned + 1e-6))
        if not rows.size:
            return solved
        free = replace(self, steer=None)
        return put(solved, rows, free.serve(rows, solved.accepting[rows], pickup_mw[rows]))


def _shed_share(corridor: Corridor, solved: Solved) -> Floats:
    return power_shed_share(corridor, solved.need_mw, solved.shed_mw)


def _heater_need(corridor: Corridor, heaters: Floats) -> Floats:
    """Power of electric heaters at the groups' feeders, (samples, needs)."""
    mw = heaters * corridor.heater_mw
    return sum_by_place(mw, corridor.power_need, len(corridor.template.needs))


def _pickup(corridor: Corridor, base: Floats, returned: Floats) -> Floats:
    """Extra need of feeders that come back in this step, (samples, needs)."""
    feeders = np.flatnonzero(corridor.bus_power_need >= 0)
    needs = corridor.bus_power_need[feeders]
    back = returned.take(feeders, axis=-1)
    extra = np.zeros_like(base)
    extra[:, needs] = base[:, needs] * np.where(back > 1e-9, back, 0.0) * corridor.surge
    return extra


def _solve(
    template: Template,
    solver: Solver,
    which: Ints,
    bounds: Bounds,
    need_mw: Floats,
    available: Floats,
    accepting: Floats,
) -> Solved:
    found = solver.solve_many(which, bounds.lower, bounds.upper, bounds.rhs)
    shed = shed_by_need(template, found.x)
    return Solved(template, found, need_mw, shed, available, accepting, lambda: bounds)


def put(whole: Solved, rows: Ints, part: Solved, kept: Bools | slice = slice(None)) -> Solved:
    """Put what samples ended with in place of what they ended with before.

    Parameters
    ----------
    whole
        Its arrays are used again.
    rows
        Rows of ``whole`` that ``part`` stands for.
    kept
        Rows of ``part`` to put.
    """
    for mine, new in (
        (whole, part),
        (whole.bounds, part.bounds),
        (whole.solution, part.solution),
    ):
        for name, array in vars(mine).items():
            if isinstance(array, np.ndarray):
                array[rows[kept]] = getattr(new, name)[kept]
    status = np.array(whole.solution.status, dtype=np.object_)
    status[rows[kept]] = np.array(part.solution.status, dtype=np.object_)[kept]
    return replace(whole, solution=replace(whole.solution, status=tuple(status.tolist())))


def _without_costly_charging(
    corridor: Corridor, solver: Solver, which: Ints, solved: Solved
) -> Solved:
    """Dispatch again with stores closed if charging costs anybody but industry their need.

    A stored MWh has one value, whatever its carrier; where little power makes much heat, that value
    can outbid a household. No price tells the two apart, a second look does.
    """
    template = corridor.template
    homes = template.needs.tier != INDUSTRY
    charged = solved.solution.x[:, template.columns.charge]
    lost = sum_places(np.where(homes, solved.shed_mw, 0.0))
    rows = np.flatnonzero((lost > 1e-6) & (sum_places(charged) > 1e-6))
    if not rows.size:
        return solved
    was = solved.bounds
    bounds = Bounds(was.lower[rows], was.upper[rows], was.rhs[rows])
    bounds.upper[:, template.columns.charge] = 0.0
    sub = (solved.need_mw[rows], solved.available[rows], solved.accepting[rows])
    part = _solve(template, solver, which[rows], bounds, *sub)
    lost_now = sum_places(np.where(homes, part.shed_mw, 0.0))
    better = part.optimal & (lost_now < lost[rows] - 1e-6)
    return put(solved, rows, part, better)
