"""Crews through a season of hits, nobody knowing the next: the compiled loop behind `mending`."""

from __future__ import annotations

import math

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled, inlined
from keepwarm.damage.crew_steps import _in_team, _opened, _visit

#: What has become of a hit.
_WAITING, _TAKEN = range(2)


@inlined
def _inside(hour: float, closed: Floats) -> bool:
    """Whether a place is closed at an hour."""
    return _opened(hour, hour, closed) > hour


@inlined
def _into_queue(queue: Ints, waiting: int, rank: Floats, hit: int) -> int:
    """Put a hit into the queue behind those of the same rank; return how many wait."""
    at = waiting
    while at > 0 and rank[queue[at - 1]] > rank[hit]:
        queue[at] = queue[at - 1]
        at -= 1
    queue[at] = hit
    return waiting + 1


@inlined
def _met(
    asset: int,
    now: float,
    after: Ints,
    spare: Ints,
    state: Ints,
    end: Floats,
    spares: Floats,
    used: Ints,
) -> bool:
    """Whether work could begin now: what must come first is done, and the spare is there."""
    ready = True
    for k in range(after.shape[1]):
        before = after[asset, k]
        if before >= 0 and state[before] >= 0 and end[state[before]] > now:
            ready = False
    kind = spare[asset]
    if kind >= 0:
        ready = ready and used[kind] < spares.shape[1] and spares[kind, used[kind]] <= now
    return ready


@inlined
def _gather(
    now: float,
    work: float,
    trade: int,
    here: int,
    members: int,
    crew_trade: Ints,
    until: Floats,
    shift: Floats,
    travel: Floats,
    closed: Floats,
    free: Floats,
    at: Ints,
    team: Ints,
) -> tuple[float, float]:
    """Find the idle crews that are done first; return begin and end, inf if they are too few."""
    if trade < 0:
        return now, now + work
    starts, ends = now, 0.0
    for member in range(members):
        best, best_begin, best_end = -1, math.inf, math.inf
        for c in range(crew_trade.shape[0]):
            if crew_trade[c] != trade or free[c] > now or _in_team(c, team, member):
                continue
            begins, finish = _visit(
                max(starts, now + travel[at[c], here]), work, shift[c], closed[here]
            )
            if finish <= until[c] and finish < best_end:
                best, best_begin, best_end = c, begins, finish
        if best < 0:
            for other in range(member):
                team[other] = -1
            return math.inf, math.inf
        team[member] = best
        starts, ends = max(starts, best_begin), max(ends, best_end)
    return starts, ends


@inlined
def _next_hour(
    now: float, free: Floats, spares: Floats, closed: Floats, queue: Ints, waiting: int,
    asset: Ints, place: Ints, spare: Ints, used: Ints, after: Ints, state: Ints, end: Floats,
) -> float:  # fmt: skip
    """Return when next something may change for those who wait; inf where nobody does."""
    soonest = math.inf
    if waiting == 0:
        return soonest
    for c in range(free.shape[0]):
        if now < free[c] < soonest:
            soonest = free[c]
    for k in range(waiting):
        own = asset[queue[k]]
        kind = spare[own]
        comes = spares[kind, used[kind]] if kind >= 0 and used[kind] < spares.shape[1] else 0.0
        if now < comes < soonest:
            soonest = comes
        for window in range(closed.shape[1]):
            if now < closed[place[own], window, 1] < soonest:
                soonest = closed[place[own], window, 1]
        for one in range(after.shape[1]):
            before = after[own, one]
            if before >= 0 and state[before] >= 0 and now < end[state[before]] < soonest:
                soonest = end[state[before]]
    return soonest


@inlined
def _as_at_first(
    free: Floats, free_first: Floats, at: Ints, place_first: Ints, used: Ints, state: Ints
) -> None:
    """Put crews where a season finds them; nothing is used, nothing is damaged."""
    for c in range(free.shape[0]):
        free[c], at[c] = free_first[c], place_first[c]
    for kind in range(used.shape[0]):
        used[kind] = 0
    for own in range(state.shape[0]):
        state[own] = -1


@inlined
def _is_new(
    hit: int, old: int, now: float, work: Floats, expected: Floats, became: Ints, joins: Ints,
    end: Floats,
) -> bool:  # fmt: skip
    """Whether a hit is work of its own, not added to what waits; it takes over what goes on."""
    if old >= 0 and became[old] == _WAITING:
        joins[hit] = old
        work[old] = max(work[old], work[hit])
        expected[old] = max(expected[old], expected[hit])
        return False
    if old >= 0 and end[old] > now:
        joins[old] = hit
    return True


@inlined
def _let_go(
    old: int, now: float, own: int, spare: Ints, crews: Ints, begin: Floats,
    free: Floats, used: Ints,
) -> None:  # fmt: skip
    """Free the crews of work that is lost, where they are; a spare not yet in use is kept."""
    for member in range(crews.shape[1]):
        if crews[old, member] >= 0:
            free[crews[old, member]] = max(now, begin[old])
    if begin[old] > now and spare[own] >= 0:
        used[spare[own]] -= 1


@inlined
def _take(
    own: int, end: float, place: Ints, spare: Ints, team: Ints, free: Floats,
    at: Ints, used: Ints,
) -> None:  # fmt: skip
    """Note that a spare is used and that crews are busy, and where."""
    if spare[own] >= 0:
        used[spare[own]] += 1
    for member in range(team.shape[0]):
        if team[member] >= 0:
            free[team[member]], at[team[member]] = end, place[own]


@inlined
def _ends_together(joins: Ints, begin: Floats, end: Floats) -> None:
    """Give hits that were joined to another the begin and end of its repair."""
    for hit in range(joins.shape[0]):
        root = hit
        while joins[root] != root:
            root = joins[root]
        begin[hit], end[hit] = begin[root], end[root]


@compiled
def mend(
    first: Ints,
    hour: Floats,
    asset: Ints,
    work: Floats,
    expected: Floats,
    crewed: Bools,
    by_work: bool,
    place: Ints,
    trade: Ints,
    team: Ints,
    spare: Ints,
    after: Ints,
    closed: Floats,
    crew_trade: Ints,
    until: Floats,
    shift: Floats,
    travel: Floats,
    spares: Floats,
    free_first: Floats,
    place_first: Ints,
    free: Floats,
    at: Ints,
    used: Ints,
    state: Ints,
    queue: Ints,
    rank: Floats,
    became: Ints,
    joins: Ints,
    crews: Ints,
    begin: Floats,
    end: Floats,
) -> None:
    """Let crews mend what is hit, sample after sample.

    At every hour at which something is hit, a crew is free, a spare comes or a place opens, those
    who wait are looked at in their order; each whose spare is there gets the idle crew of its
    trade that is done first. What no crew is for is begun at once.

    Parameters
    ----------
    first
        (samples + 1,) the first hit of each sample.
    hour, asset, work, expected, crewed
        By hit, rising hours in a sample: when, where, hours of work, those expected, and whether it
        is a repair or comes back by itself.
    by_work
        Whether least expected work goes first, else who was hit first.
    place, trade, team, spare, after
        By asset: see `keepwarm.damage.crew_steps`; a trade of -1 needs no crew.
    closed, crew_trade, until, shift, travel, spares
        As there.
    free_first, place_first
        Crews at the beginning of each sample.
    free, at, used, state, queue, rank, became
        To work with: by crew, kind, asset (hit that is not mended, or -1), hit.
    joins
        To work with: by hit, the one with whose repair it ends; itself mostly.
    crews
        (hits, most that work together) -1 throughout; result, of the last work.
    begin, end
        Results: of the work; inf where it is not done.
    """
    for sample in range(first.shape[0] - 1):
        _as_at_first(free, free_first, at, place_first, used, state)
        waiting, come, last = 0, first[sample], first[sample + 1]
        now = hour[come] if come < last else math.inf
        while now < math.inf:
            while come < last and hour[come] <= now:
                hit, own = come, asset[come]
                joins[hit] = hit
                begin[hit], end[hit], became[hit] = math.inf, math.inf, _TAKEN
                rank[hit] = expected[hit] if by_work else hour[hit]
                come += 1
                if not crewed[hit]:
                    begin[hit], end[hit] = now, now + work[hit]
                elif _is_new(hit, state[own], now, work, expected, became, joins, end):
                    if state[own] >= 0 and joins[state[own]] == hit:
                        _let_go(state[own], now, own, spare, crews, begin, free, used)
                    state[own], became[hit] = hit, _WAITING
                    waiting = _into_queue(queue, waiting, rank, hit)
            left = 0
            for k in range(waiting):
                hit, own = queue[k], asset[queue[k]]
                begin[hit], end[hit] = math.inf, math.inf
                met = _met(own, now, after, spare, state, end, spares, used)
                if met and not _inside(now, closed[place[own]]):
                    begin[hit], end[hit] = _gather(
                        now, work[hit], trade[own], place[own], team[own], crew_trade, until,
                        shift, travel, closed, free, at, crews[hit],
                    )  # fmt: skip
                if end[hit] == math.inf:
                    queue[left] = hit
                    left += 1
                else:
                    became[hit] = _TAKEN
                    _take(own, end[hit], place, spare, crews[hit], free, at, used)
            waiting = left
            now = _next_hour(
                now,
                free,
                spares,
                closed,
                queue,
                waiting,
                asset,
                place,
                spare,
                used,
                after,
                state,
                end,
            )
            if come < last and hour[come] < now:
                now = hour[come]
    _ends_together(joins, begin, end)
