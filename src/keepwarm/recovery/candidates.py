"""Ways of repairing as points: an order, the schedule it gives, and what that is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from keepwarm.case.nouns import Case, Damage, Floats
from keepwarm.damage.crews import Schedule, Workforce, repaired
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
        first = [task for task in order.tasks.tolist() if task in self.under_way]
        if not first:
            return self.force.carry_out(self.tasks, order.tasks, work, given=order.given)
        given = order.given.copy()
        given[first] = [self.under_way[task] for task in first]
        others = [task for task in order.tasks.tolist() if task not in self.under_way]
        tasks = np.array([*first, *others], dtype=np.int64)
        return self.force.carry_out(self.tasks, tasks, work, given=given)

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
        """Return an order with the crews that it came to: so it stands in a plan's file."""
        crews = candidate.schedule.crew
        alone = (self.tasks.team == 1) & (candidate.order.given < 0)
        return Order(candidate.order.tasks, np.where(alone, crews[:, 0], candidate.order.given))

    def _ending(self, end: Floats) -> Schedule:
        begin = end - self.tasks.hours[LIKELY]
        return Schedule(begin, end, np.full((end.size, 1), -1, dtype=np.int64))

    def alone(self) -> Floats:
        """Return when each task could be done at the earliest, crews having nothing else to do.

        What a task must wait for is done first, also by crews that have nothing else to do; every
        spare is its own.
        """
        ends = np.full(len(self.tasks), np.inf)
        nobody = np.zeros(len(self.tasks), dtype=np.int64) - 1
        for task in range(len(self.tasks)):
            chain = np.array(self._needed(task), dtype=np.int64)
            ends[task] = self.schedule(Order(chain, nobody)).end[task]
        return ends

    def _needed(self, task: int) -> list[int]:
        """Return a task and all that it must wait for, first things first."""
        found: list[int] = []
        for before in self.tasks.after[task]:
            found.extend(other for other in self._needed(before) if other not in found)
        return [*found, task]
