"""Who mends what when: tasks in an order, taken by crews as soon as they can.

A schedule follows from an order and from hours of work: the same order carried out with other
hours gives other times. Recovery looks for a good order; samples carry it out with hours of their
own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from keepwarm.case.nouns import Case, Damage, DamageRow, Floats, Ints
from keepwarm.case.resources import Crew
from keepwarm.case.times import local_time
from keepwarm.damage.crew_steps import carry_out
from keepwarm.damage.tasks import Tasks
from keepwarm.said.sentence import Value, said

_HOUR = np.timedelta64(3600, "s")
_EARTH_KM = 6371.0


@dataclass(frozen=True)
class Schedule:
    """When each task is worked at, in hours after ``Tasks.now``; inf: by nobody."""

    begin: Floats  # (tasks,)
    end: Floats  # (tasks,)
    crew: Ints  # (tasks, most crews together), -1 for none


@dataclass(frozen=True)
class Workforce:
    """Crews, spares, ways and closed places as arrays, hours counted from ``Tasks.now``.

    Places are regions; the last one stands for "unknown". ``clock`` is the local hour of the day at
    ``now``: shifts follow the clock as it goes then.
    """

    crews: tuple[Crew, ...]
    trade: Ints  # (crews,)
    place: Ints  # (crews,)
    free: Floats  # (crews,)
    until: Floats  # (crews,)
    shift: Floats  # (crews, 2): its beginning in hours after ``now`` modulo 24, its length
    travel: Floats  # (places, places)
    closed: Floats  # (places, windows, 2)
    task_trade: Ints  # (tasks,)
    task_place: Ints  # (tasks,)
    task_spare: Ints  # (tasks,)
    task_after: Ints  # (tasks, most)
    spares: Floats  # (kinds, most)

    def carry_out(
        self,
        tasks: Tasks,
        order: Ints,
        hours: Floats,
        *,
        given: Ints | None = None,
        ready: Floats | None = None,
    ) -> Schedule:
        """Let the crews work through the tasks in an order.

        Parameters
        ----------
        tasks
            Those that this workforce was made for.
        order
            Tasks; one that must wait for another is put after it.
        hours
            (tasks,) of work.
        given
            (tasks,) the crew that is to do it, -1 for whoever is done with it first; or
            (tasks, most crews together).
        ready
            (tasks,) hours before which work cannot begin; 0 by default.
        """
        count = len(tasks)
        begin, end = np.full((2, count), np.inf)
        crew = np.full((count, self.most_together(tasks)), -1, dtype=np.int64)
        chosen = crew.copy()
        if given is not None:
            chosen[:, : 1 if given.ndim == 1 else None] = (
                given[:, None] if given.ndim == 1 else given
            )
        carry_out(
            in_order(tasks, order),
            chosen,
            np.ascontiguousarray(hours),
            np.zeros(count) if ready is None else ready,
            self.task_place,
            self.task_trade,
            tasks.team,
            self.task_spare,
            self.task_after,
            self.closed,
            self.trade,
            self.until,
            self.shift,
            self.travel,
            self.spares,
            self.free.copy(),
            self.place.copy(),
            np.zeros(len(self.spares), dtype=np.int64),
            begin,
            end,
            crew,
        )
        return Schedule(begin, end, crew)

    @staticmethod
    def most_together(tasks: Tasks) -> int:
        """Return the most crews that work together at a task."""
        return max(1, int(tasks.team.max(initial=1)))


def workforce(case: Case, tasks: Tasks, crews: Sequence[Crew] | None = None) -> Workforce:
    """Return who can work at the tasks of a case.

    Parameters
    ----------
    case : Case
        Its crews.csv, spares.csv, travel.csv, access.csv and settings.
    tasks : Tasks
        From `tasks_of`.
    crews : sequence of Crew, optional
        In place of those of the case.

    **Leaves out**: crews that split up; ways that are closed (places are).
    """
    own = tuple(case.resources.crews if crews is None else crews)
    trades = {name: at for at, name in enumerate(sorted({crew.trade for crew in own}))}
    kinds = {name: at for at, name in enumerate(sorted({kind for kind in tasks.spare if kind}))}
    most = max((len(before) for before in tasks.after), default=0)
    after = np.full((len(tasks), max(most, 1)), -1, dtype=np.int64)
    for at, before in enumerate(tasks.after):
        after[at, : len(before)] = before
    here = local_time(tasks.now, case.time_zone)
    clock = here.hour + here.minute / 60
    return Workforce(
        crews=own,
        trade=np.array([trades[crew.trade] for crew in own], dtype=np.int64),
        place=_places([crew.base for crew in own], len(case.regions)),
        free=np.array([max(0.0, _hours(tasks.now, crew.available_from, 0.0)) for crew in own]),
        until=np.array([_hours(tasks.now, crew.until, np.inf) for crew in own]),
        shift=np.array([_shift(crew, clock) for crew in own]).reshape(-1, 2),
        travel=travel_hours(case),
        closed=_closed(case, tasks.now),
        # A task without a trade, or with one that no crew has, is nobody's.
        task_trade=np.array([trades.get(trade, -1) for trade in tasks.trade], dtype=np.int64),
        task_place=_places(tasks.place.tolist(), len(case.regions)),
        task_spare=np.array([kinds.get(kind, -1) for kind in tasks.spare], dtype=np.int64),
        task_after=after,
        spares=_spares(case, tasks, kinds),
    )


def in_order(tasks: Tasks, order: Ints) -> Ints:
    """Return the order with every task after those that it must wait for."""
    if not any(tasks.after):
        return np.ascontiguousarray(order)
    listed: list[int] = []

    def take(task: int) -> None:
        if task in listed:
            return
        for before in tasks.after[task]:
            take(before)
        listed.append(task)

    for task in order.tolist():
        take(task)
    return np.array(listed, dtype=np.int64)


def repaired(tasks: Tasks, schedule: Schedule, damage: Damage) -> Damage:
    """Return the damage list with the ends that a schedule gives its tasks.

    Parameters
    ----------
    tasks : Tasks
        From ``damage``.
    schedule : Schedule
        Hours after ``tasks.now``; what nobody mends keeps its open end.
    damage : tuple of DamageRow
        Rows that are no tasks stay as they are.
    """
    place = {asset: at for at, asset in enumerate(tasks.asset.tolist())}
    rows: list[DamageRow] = []
    for row in damage:
        at = place.get(row.asset, -1) if np.isnat(row.until) and row.time <= tasks.now else -1
        if at < 0 or not np.isfinite(schedule.end[at]):
            rows.append(row)
            continue
        end = _time(tasks.now, schedule.end[at])
        part = _partial_end(tasks, schedule, at)
        if part is None or tasks.partial_share[at] <= row.available:
            rows.append(replace(row, until=end))
            continue
        back = _time(tasks.now, part)
        rows.append(replace(row, until=back))
        share = float(tasks.partial_share[at])
        rows.append(replace(row, time=back, available=share, until=end))
    return tuple(rows)


def travel_hours(case: Case) -> Floats:
    """Return hours on the way between regions, the last row and column for an unknown place.

    Where travel.csv does not say: great-circle distance between centroids times
    ``crews.detour`` over ``crews.km_per_hour``; ``crews.travel_hours`` where they are unknown.
    """
    number, regions = case.settings.number, case.regions
    count, unknown = len(regions), number("crews.travel_hours")
    lon, lat = np.radians(regions.lon), np.radians(regions.lat)
    cosine = np.sin(lat)[:, None] * np.sin(lat) + np.cos(lat)[:, None] * np.cos(lat) * np.cos(
        lon[:, None] - lon
    )
    km = _EARTH_KM * np.arccos(np.clip(cosine, -1.0, 1.0))
    reckoned = km * number("crews.detour") / number("crews.km_per_hour")
    given = case.resources.travel_hours
    given = given if given.shape == (count, count) else np.full((count, count), np.nan)
    hours = np.where(np.isfinite(given), given, np.where(np.isfinite(reckoned), reckoned, unknown))
    np.fill_diagonal(hours, 0.0)
    whole = np.full((count + 1, count + 1), unknown)
    whole[:count, :count] = hours
    whole[count, count] = 0.0
    return whole


def unplanned(case: Case, tasks: Tasks, force: Workforce, schedule: Schedule) -> dict[int, str]:
    """Return why nobody does a task, for each that nobody does."""
    reasons: dict[int, str] = {}
    for at in np.flatnonzero(~np.isfinite(schedule.end)).tolist():
        trade, kind = tasks.trade[at], tasks.spare[at]
        same = int((force.trade == force.task_trade[at]).sum()) if force.task_trade[at] >= 0 else 0
        waits = [other for other in tasks.after[at] if not np.isfinite(schedule.end[other])]
        if not force.crews:
            reasons[at] = said("skipped.no_crews")
        elif not trade:
            reasons[at] = said("skipped.no_trade")
        elif not same:
            reasons[at] = said("skipped.no_crew", {"trade": trade})
        elif same < tasks.team[at]:
            needed = int(tasks.team[at])
            values: dict[str, Value] = {"needed": needed, "trade": trade, "there": same}
            reasons[at] = said("skipped.few_crews", values)
        elif waits:
            names = [case.network.assets.name[int(tasks.asset[other])] for other in waits]
            reasons[at] = said("skipped.waits", {"names": ", ".join(names)})
        elif _closed_for_good(force, at):
            reasons[at] = said("skipped.closed")
        elif kind and np.isfinite(force.spares[force.task_spare[at]]).sum() < 1 + _users(tasks, at):
            reasons[at] = said("skipped.no_spare", {"spare": kind})
        else:
            reasons[at] = said("skipped.too_short")
    return reasons


def _closed_for_good(force: Workforce, task: int) -> bool:
    windows = force.closed[force.task_place[task]]
    return bool(((windows[:, 0] < np.inf) & np.isposinf(windows[:, 1])).any())


def _users(tasks: Tasks, task: int) -> int:
    """Return how many other tasks need the same kind of spare."""
    return sum(kind == tasks.spare[task] for kind in tasks.spare) - 1


def _time(now: np.datetime64, hours: float) -> np.datetime64:
    moment: np.datetime64 = now + np.timedelta64(round(hours * 3600), "s")
    return moment


def _partial_end(tasks: Tasks, schedule: Schedule, at: int) -> float | None:
    """Return when a part is back: as long before the end as the rest of the likely work takes.

    Reckoned from the end, so that a plan's search and its carrying out agree whatever pauses lie
    between.
    """
    hours = tasks.partial_hours[at]
    if not np.isfinite(hours) or hours >= tasks.hours[1, at]:
        return None
    rest = tasks.hours[1, at] - hours
    return float(max(schedule.begin[at], schedule.end[at] - rest))


def _hours(now: np.datetime64, time: np.datetime64, missing: float) -> float:
    return missing if np.isnat(time) else float((time - now) / _HOUR)


def _places(regions: Sequence[int], count: int) -> Ints:
    return np.array([region if region >= 0 else count for region in regions], dtype=np.int64)


def _shift(crew: Crew, clock: float) -> tuple[float, float]:
    length = (crew.shift_to_hour - crew.shift_from_hour) % 24.0 or 24.0
    return crew.shift_from_hour - clock, length


def _closed(case: Case, now: np.datetime64) -> Floats:
    """Return the windows in which each place is closed, (places, most, 2), inf for none."""
    count, windows = len(case.regions), [list[tuple[float, float]]() for _ in case.regions.name]
    for one in case.resources.access:
        span = (_hours(now, one.closed_from, -np.inf), _hours(now, one.until, np.inf))
        windows[one.region].append(span)
    most = max((len(own) for own in windows), default=0)
    closed = np.full((count + 1, max(most, 1), 2), np.inf)
    for region, own in enumerate(windows):
        for at, span in enumerate(sorted(own)):
            closed[region, at] = span
    return closed


def _spares(case: Case, tasks: Tasks, kinds: dict[str, int]) -> Floats:
    """Return when spares are there, (kinds, most), no more of them than tasks."""
    hours = np.full((max(len(kinds), 1), max(len(tasks), 1)), np.inf)
    for kind, row in kinds.items():
        there = [
            max(0.0, _hours(tasks.now, one.available_from, 0.0))
            for one in case.resources.spares
            if one.kind == kind
            for _ in range(min(one.count, len(tasks)))
        ]
        there = sorted(there)[: len(tasks)]
        hours[row, : len(there)] = there
    return hours
