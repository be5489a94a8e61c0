"""Dispatch of one step, repeated where its outcome changes what is needed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from keepwarm.case.nouns import TIERS, Bools, Floats, Ints
from keepwarm.network import (
    Bounds,
    Dispatch,
    read_dispatch,
    step_bounds,
    sum_by_place,
    sum_places,
)
from keepwarm.season.corridor import Corridor
from keepwarm.season.heating import HeatNeed, need_by_bus
from keepwarm.season.orders import StepOrders, cut_bounds
from keepwarm.season.state import State, share_served
from keepwarm.season.steering import Steer, steered_bounds, worth_opening
from keepwarm.solve.solution import Solutions, Solver

#: Rounds of "feeders are cut, so their substations stop, so power is freed"; two settle most steps.
ROUNDS = 4

_CRITICAL, _INDUSTRY = TIERS.index("critical"), TIERS.index("industry")


@dataclass(frozen=True)
class Solved:
    """The linear program that each sample's step ended with, and what came out.

    Rows of a sample without a solution are not numbers.
    """

    bounds: Bounds
    solution: Solutions
    dispatch: Dispatch
    need_mw: Floats  # (samples, needs)
    available: Floats  # (samples, assets), restarts included
    accepting: Floats  # (samples, groups): share whose own substation runs

    @property
    def optimal(self) -> Bools:
        """Mark the samples that have a solution, (samples,)."""
        return np.array([status == "optimal" for status in self.solution.status], dtype=np.bool_)


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
        solved, shed_share = _put(solved, rows, part), _shed_share(corridor, part)
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
        found = _solve(self.corridor, self.solver, self.which[rows], bounds)
        return Solved(*found, need, available, accepting)

    def beside_the_plan(self, solved: Solved, pickup_mw: Floats, steer: Steer) -> Solved:
        """Open stores whose energy is needed more than the plan took for granted."""
        opened = worth_opening(self.corridor.template, solved.dispatch.bus_price, steer)
        rows = np.flatnonzero(solved.optimal & opened.any(axis=-1))
        if not rows.size:
            return solved
        part = self.serve(rows, solved.accepting[rows], pickup_mw[rows], opened[rows])
        return _put(solved, rows, part, part.optimal)

    def without_the_plan(self, solved: Solved, pickup_mw: Floats) -> Solved:
        """Open the stores where a critical need is shed that the plan did not mean to shed."""
        critical = self.corridor.template.needs.tier == _CRITICAL
        lost = sum_places(np.where(critical, solved.dispatch.shed_mw, 0.0))
        planned = self.steer.critical_shed_mw if self.steer is not None else 0.0
        rows = np.flatnonzero(solved.optimal & (lost > planned + 1e-6))
        if not rows.size:
            return solved
        free = replace(self, steer=None)
        return _put(solved, rows, free.serve(rows, solved.accepting[rows], pickup_mw[rows]))


def _shed_share(corridor: Corridor, solved: Solved) -> Floats:
    return power_shed_share(corridor, solved.need_mw, solved.dispatch.shed_mw)


def power_shed_share(corridor: Corridor, need_mw: Floats, shed_mw: Floats) -> Floats:
    """Return the share of household power shed at each bus, (samples, buses), zero if none."""
    which = corridor.bus_power_need
    if not len(corridor.template.needs):
        return np.zeros((len(need_mw), which.size))
    share = share_served(shed_mw.take(which, axis=-1), need_mw.take(which, axis=-1))
    return np.where(which >= 0, 1 - share, 0.0)


def power_of_groups(corridor: Corridor, shed_share: Floats) -> Floats:
    """Return the share of household power that each group has, (samples, groups)."""
    bus = corridor.case.buildings.power_bus
    return np.where(bus >= 0, 1 - shed_share.take(np.maximum(bus, 0), axis=-1), 1.0)


def _heater_need(corridor: Corridor, heaters: Floats) -> Floats:
    """Power of electric heaters at the groups' feeders, (samples, needs)."""
    watts = corridor.case.settings.number("gains.heater_w_per_person")
    mw = heaters * corridor.case.buildings.people * watts * 1e-6
    return sum_by_place(mw, corridor.power_need, len(corridor.template.needs))


def _pickup(corridor: Corridor, base: Floats, returned: Floats) -> Floats:
    """Extra need of feeders that come back in this step, (samples, needs)."""
    number, dt = corridor.case.settings.number, corridor.case.network.step_hours
    surge = (number("pickup.factor") - 1) * min(1.0, number("pickup.hours") / dt)
    feeders = np.flatnonzero(corridor.bus_power_need >= 0)
    needs = corridor.bus_power_need[feeders]
    back = returned.take(feeders, axis=-1)
    extra = np.zeros_like(base)
    extra[:, needs] = base[:, needs] * np.where(back > 1e-9, back, 0.0) * surge
    return extra


def _solve(
    corridor: Corridor, solver: Solver, which: Ints, bounds: Bounds
) -> tuple[Bounds, Solutions, Dispatch]:
    found = solver.solve_many(which, bounds.lower, bounds.upper, bounds.rhs)
    return bounds, found, read_dispatch(corridor.template, found.x, found.row_dual)


def _put(whole: Solved, rows: Ints, part: Solved, kept: Bools | slice = slice(None)) -> Solved:
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
        (whole.dispatch, part.dispatch),
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
    homes = template.needs.tier != _INDUSTRY
    lost = sum_places(np.where(homes, solved.dispatch.shed_mw, 0.0))
    rows = np.flatnonzero((lost > 1e-6) & (sum_places(solved.dispatch.charge_mw) > 1e-6))
    if not rows.size:
        return solved
    was = solved.bounds
    bounds = Bounds(was.lower[rows], was.upper[rows], was.rhs[rows])
    bounds.upper[:, template.columns.charge] = 0.0
    found = _solve(corridor, solver, which[rows], bounds)
    part = Solved(*found, solved.need_mw[rows], solved.available[rows], solved.accepting[rows])
    lost_now = sum_places(np.where(homes, part.dispatch.shed_mw, 0.0))
    better = part.optimal & (lost_now < lost[rows] - 1e-6)
    return _put(solved, rows, part, better)
