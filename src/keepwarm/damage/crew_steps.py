"""Crews work through tasks in an order: the compiled loop behind `keepwarm.damage.crews`."""

from __future__ import annotations

import math

from keepwarm.case.nouns import Floats, Ints
from keepwarm.compiled import compiled, inlined


@inlined
def _begin_of_work(hour: float, shift_from: float, shift_length: float) -> float:
    """Return the hour from which a crew works, in its shift; days begin at a multiple of 24."""
    phase = (hour - shift_from) % 24.0
    return hour if phase < shift_length else hour + 24.0 - phase


@inlined
def _end_of_work(begin: float, work: float, shift_from: float, shift_length: float) -> float:
    """Return when work that begins within a shift is done, pausing between shifts."""
    if shift_length >= 24.0:
        return begin + work
    left = shift_length - (begin - shift_from) % 24.0
    if work <= left:
        return begin + work
    work -= left
    days = math.ceil(work / shift_length) - 1
    return begin + left + 24.0 - shift_length + 24.0 * days + work - days * shift_length


@inlined
def _opened(hour: float, end: float, closed: Floats) -> float:
    """Return when a place can be entered so that it stays open until ``end``; ``hour`` if now."""
    for window in range(closed.shape[0]):
        if hour < closed[window, 1] and end > closed[window, 0]:
            hour = closed[window, 1]
    return hour


@inlined
def _visit(arrives: float, work: float, shift: Floats, closed: Floats) -> tuple[float, float]:
    """Return when a crew that arrives at an hour begins and ends its work, inf if it never can."""
    for _ in range(closed.shape[0] + 1):
        begin = _begin_of_work(arrives, shift[0], shift[1])
        end = _end_of_work(begin, work, shift[0], shift[1])
        opened = _opened(begin, end, closed)
        if opened <= begin:
            return begin, end
        if not opened < math.inf:
            break
        arrives = opened
    return math.inf, math.inf


@inlined
def _ready(
    task: int, ready: Floats, after: Ints, end: Floats, spare: Ints, spares: Floats, used: Ints
) -> float:
    """Return the hour from which a task can be worked at, inf for never."""
    earliest = ready[task]
    for before in after[task]:
        if before >= 0:
            earliest = max(earliest, end[before])
    kind = spare[task]
    if kind >= 0:
        there = used[kind] < spares.shape[1]
        earliest = max(earliest, spares[kind, used[kind]] if there else math.inf)
    return float(earliest)


@inlined
def _in_team(crew: int, team: Ints, members: int) -> bool:
    """Whether a crew is among the first members of a team."""
    taken = False
    for member in range(members):
        taken = taken or team[member] == crew
    return taken


@compiled
def carry_out(
    order: Ints,
    given: Ints,
    work: Floats,
    ready: Floats,
    place: Ints,
    trade: Ints,
    team: Ints,
    spare: Ints,
    after: Ints,
    closed: Floats,
    crew_trade: Ints,
    crew_until: Floats,
    crew_shift: Floats,
    travel: Floats,
    spares: Floats,
    crew_free: Floats,
    crew_place: Ints,
    spares_used: Ints,
    begin: Floats,
    end: Floats,
    crew: Ints,
) -> None:
    """Let crews take the tasks of an order one after the other, each as soon as it can.

    A task is given to the crew of its trade that is done with it first, or to ``given`` (-1: none).
    Where several crews must work together, those that are there first do.

    Parameters
    ----------
    order
        Tasks, what must come first before what comes after it.
    given
        (tasks, most) crews that are to do it, -1 for whoever is done first.
    work, ready, place, trade, team, spare
        By task: hours; hour from which it can be worked at; place; trade; crews
        that work together; kind of spare or -1.
    after
        (tasks, most) tasks that must be done first, -1 for none.
    closed
        (places, windows, 2): hours from and to which a place is closed; inf for none.
    crew_trade, crew_until, crew_shift
        By crew; the shift's beginning, in hours of the day, and its length.
    travel
        (places, places) hours.
    spares
        (kinds, most): hours at which spares are there, rising, inf for none.
    crew_free, crew_place, spares_used
        By crew and kind; changed on the way.
    begin, end, crew
        By task, the crews as (tasks, most): results; inf and -1 where nobody can do it.
    """
    for task in order:
        here = place[task]
        earliest = _ready(task, ready, after, end, spare, spares, spares_used)
        begin[task] = end[task] = math.inf
        crew[task] = -1
        starts, ends, members = earliest, 0.0, 0
        while members < team[task] and earliest < math.inf:
            best, best_begin, best_end = -1, math.inf, math.inf
            for c in range(crew_trade.shape[0]):
                wanted = given[task, members]
                fits = crew_trade[c] == trade[task] and (wanted < 0 or wanted == c)
                if not fits or _in_team(c, crew[task], members):
                    continue
                arrives = max(starts, crew_free[c] + travel[crew_place[c], here])
                begins, finish = _visit(arrives, work[task], crew_shift[c], closed[here])
                if finish <= crew_until[c] and finish < best_end:
                    best, best_begin, best_end = c, begins, finish
            if best < 0:
                break
            crew[task, members] = best
            starts, ends, members = max(starts, best_begin), max(ends, best_end), members + 1
        if members < team[task]:
            crew[task] = -1
            continue
        begin[task], end[task] = starts, ends
        if spare[task] >= 0:
            spares_used[spare[task]] += 1
        for member in range(members):
            crew_free[crew[task, member]] = ends
            crew_place[crew[task, member]] = here
