"""Ways of repairing as points: an order, the schedule it gives, and what that is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from keepwarm.case.nouns import Case, Damage, Floats
from keepwarm.damage.crews import Schedule, Workforce, in_order, repaired
from keepwarm.damage.tasks import LIKELY, Tasks
from keepwarm.recovery.rules import Order
from keepwarm.recovery.worth import Cost, Worth


@dataclass(frozen=True)
class Candidate:
    """One way of repairing, weighed."""

    order: Order
    schedule: Schedule
    cost: Cost
    name: str = ""  # of the rule it comes from


@dataclass
class Problem:
    """Tasks, those who can work at them, and what is made small."""

    case: Case
    damage: Damage
    tasks: Tasks
    force: Workforce
    worth: Worth
    #: Work under way, task by crew: it goes on before anything else does.
    under_way: Mapping[int, int] = field(default_factory=dict)

    def schedule(self, order: Order, hours: Floats | None = None) -> Schedule:
        """Return when tasks are done in an order, with their likely hours by default.

        The order may hold some of the tasks only; what is under way of them comes first.
        """
        work = self.tasks.hours[LIKELY] if hours is None else hours
        order = self._under_way_first(order)
        return self.force.carry_out(self.tasks, order.tasks, work, given=order.given)

    def _under_way_first(self, order: Order) -> Order:
        first = [task for task in order.tasks.tolist() if task in self.under_way]
        given = order.given.copy()
        given[first] = [self.under_way[task] for task in first]
        others = [task for task in order.tasks.tolist() if task not in self.under_way]
        return Order(np.array([*first, *others], dtype=np.int64), given)

    def weigh(self, orders: Sequence[Order]) -> list[Candidate]:
        """Return what orders are worth, with the likely hours."""
        schedules = [self.schedule(order) for order in orders]
        costs = self.costs([one.end for one in schedules])
        return [Candidate(*parts) for parts in zip(orders, schedules, costs, strict=True)]

    def costs(self, ends: Sequence[Floats]) -> list[Cost]:
        """Return what it comes to when tasks end at given hours, each (tasks,); inf for never."""
        ways = [repaired(self.tasks, self._ending(end), self.damage) for end in ends]
        return self.worth.costs(ways, ends)

    def filed(self, candidate: Candidate) -> Order:
        """Return an order as it stands in a plan's file: the crews that it came to, by begin.

        For any hours of work it gives the schedules of the order it is made from: what shares a
        kind of spare, or a trade of which several crews work together, is not turned round.
        """
        order, crews = self._under_way_first(candidate.order), candidate.schedule.crew
        alone = (self.tasks.team == 1) & (order.given < 0)
        given = np.where(alone, crews[:, 0], order.given)
        left = in_order(self.tasks, order.tasks).tolist()
        begin, listed = candidate.schedule.begin, list[int]()
        while left:
            free = [
                task
                for at, task in enumerate(left)
                if not any(self._tied(other, task) for other in left[:at])
            ]
            listed.append(min(free, key=lambda task: begin[task]))
            left.remove(listed[-1])
        return Order(np.array(listed, dtype=np.int64), given)

    def _tied(self, one: int, other: int) -> bool:
        """Whether it matters which of two tasks is taken first, their crews being given."""
        tasks, force = self.tasks, self.force
        same_trade = force.task_trade[one] == force.task_trade[other]
        together = tasks.team[one] > 1 or tasks.team[other] > 1
        same_spare = force.task_spare[one] == force.task_spare[other] >= 0
        return bool(same_spare or (same_trade and together) or one in tasks.after[other])

    def _ending(self, end: Floats) -> Schedule:
        begin = end - self.tasks.hours[LIKELY]
        return Schedule(begin, end, np.full((end.size, 1), -1, dtype=np.int64))

    def alone(self) -> Floats:
        """Return when each task could be done at the earliest, crews having nothing else to do.

        What a task must wait for is done first, also by crews that have nothing else to do; every
        spare is its own; every way is as short as a detour by other places makes it, since crews
        that come from another task may take one.
        """
        hours = self.tasks.hours[LIKELY]
        force = replace(self.force, travel=_shortest(self.force.travel))
        ends = np.full(len(self.tasks), np.inf)
        nobody = np.zeros(len(self.tasks), dtype=np.int64) - 1
        for task in range(len(self.tasks)):
            chain = np.array(self._needed(task), dtype=np.int64)
            order = self._under_way_first(Order(chain, nobody))
            ends[task] = force.carry_out(self.tasks, order.tasks, hours, given=order.given).end[
                task
            ]
        return ends

    def _needed(self, task: int) -> list[int]:
        """Return a task and all that it must wait for, first things first."""
        found: list[int] = []
        for before in self.tasks.after[task]:
            found.extend(other for other in self._needed(before) if other not in found)
        return [*found, task]


def _shortest(travel: Floats) -> Floats:
    """Return the hours between places with any detour allowed (Floyd and Warshall)."""
    ways = travel.copy()
    for by in range(len(ways)):
        ways = np.minimum(ways, ways[:, by, None] + ways[by])
    return ways
