"""Who is drained when: one pool of crews, many deadlines, the earliest deadline first."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Bools, Floats


@dataclass(frozen=True)
class DrainPlan:
    """What crews can drain in time, each of shape (groups,)."""

    in_time: Floats  # buildings that can be drained before their deadline
    start_hours: Floats  # latest start at which all of those still are; NaN where none is

    def feasible(self, buildings: Floats) -> Bools:
        """Return which groups can be drained whole."""
        return self.in_time >= buildings * (1.0 - 1e-9)


def drain_plan(
    buildings: Floats,
    deadline_hours: Floats,
    buildings_per_hour: float,
    *,
    ready_hours: Floats | float = 0.0,
) -> DrainPlan:
    """Share one pool of crews among groups that must be drained before their pipes freeze.

    First, as early as possible and the earliest deadline first: what is drained in time, which is
    the most that any order can save. Then the same backwards from the last deadline: the latest
    start of each group at which the same buildings are still drained in time.

    Parameters
    ----------
    buildings : array (groups,)
        Buildings to be drained; they need not be drained in one go.
    deadline_hours : array (groups,)
        When the weakest pipe freezes; inf for groups that need no draining.
    buildings_per_hour : float
        What all crews together drain.
    ready_hours : array (groups,)
        Not before: when circulation stops.

    Returns
    -------
    DrainPlan

    **Source**: earliest deadline first with interruptions is optimal on one machine (Horn, Naval
    Research Logistics Quarterly 21, 1974); the latest plan is the earliest one in reversed time.
    **Leaves out**: ways between buildings; crews bound to a district.

    >>> plan = drain_plan(np.array([30.0, 10.0]), np.array([8.0, 4.0]), 10.0)
    >>> plan.in_time.tolist(), plan.start_hours.tolist()
    ([30.0, 10.0], [5.0, 3.0])
    """
    deadline = np.asarray(deadline_hours, dtype=float)
    ready = np.broadcast_to(np.asarray(ready_hours, dtype=float), deadline.shape)
    due = np.isfinite(deadline) & (buildings > 0.0)
    in_time, start = np.where(due, 0.0, buildings), np.full(deadline.shape, np.nan)
    if buildings_per_hour > 0.0 and due.any():
        work = buildings[due] / buildings_per_hour
        done, _ = _work_through(work, ready[due], deadline[due])
        # In reversed time a deadline is when work may begin, and its last moment is the start.
        _, ended = _work_through(done, -deadline[due], -ready[due])
        in_time[due] = np.minimum(done * buildings_per_hour, buildings[due])
        start[due] = -ended
    return DrainPlan(in_time, start)


def _work_through(work: Floats, ready: Floats, deadline: Floats) -> tuple[Floats, Floats]:
    """Work at one unit an hour, the earliest deadline first; what is late is dropped.

    Returns the hours worked for each by its deadline and when that ended, NaN where none was.
    """
    done, ended = np.zeros(work.shape), np.full(work.shape, np.nan)
    coming = np.lexsort((deadline, ready)).tolist()[::-1]
    queue: list[tuple[float, float, int]] = []
    now = -np.inf
    while coming or queue:
        if not queue:
            now = max(now, ready[coming[-1]])
        while coming and ready[coming[-1]] <= now:
            job = coming.pop()
            heapq.heappush(queue, (float(deadline[job]), float(ready[job]), job))
        job = queue[0][2]
        until = ready[coming[-1]] if coming else np.inf
        end = min(now + work[job] - done[job], deadline[job], until)
        if end > now:
            done[job] += end - now
            ended[job] = now = end
        if done[job] >= work[job] - 1e-9 or now >= deadline[job]:
            heapq.heappop(queue)
    return done, ended
