"""Which column enters the basis, compiled: Harris' ratio test with bound flipping.

Candidates are the next rung of every ladder that the leaving row touches, then the structurals it
touches. Those that are worth passing are moved to their other bound.
"""

from __future__ import annotations

from keepwarm.case.nouns import Floats
from keepwarm.compiled import inlined
from keepwarm.solve.basis import DUAL_TOLERANCE, PRIMAL_TOLERANCE, Hot, Room, add
from keepwarm.solve.ladders import Program

#: Entries of the tableau's row below this are no pivots.
SMALLEST_PIVOT = 1e-7
NEVER = 1e300


@inlined
def candidates(
    program: Program,
    hot: Hot,
    room: Room,
    lower: Floats,
    upper: Floats,
    row: int,
    direction: float,
    count: int,
    touched: int,
) -> tuple[int, float]:
    """List what may enter: the next rung of every ladder, and structurals.

    Return how many, and how far the nearest of them is, the tolerance included.
    """
    leaving, structurals = hot.head[row], hot.basic.size
    if structurals <= leaving < structurals + program.rung.size:
        k = leaving - structurals
        i = program.row_of_rung[k]
        hot.held[i] = -1
        hot.place[i] = k if direction < 0 else k + 1
    nearest = NEVER
    for a in range(count):
        k = hot.place[room.where[a]] - (0 if direction * room.rho[a] > 0 else 1)
        nearest = min(nearest, _next_rung(program, hot, room, lower, upper, direction, a, k))
    many = count
    size, ratio, widths, who, reach = room.size, room.ratio, room.width, room.who, room.reach
    alpha, at_upper, reduced, which = room.alpha, hot.upper, hot.reduced, room.touched
    structural, basic, seen = program.structural, hot.basic, room.seen
    for b in range(touched):
        j = which[b]
        seen[j] = False
        entry = -direction * alpha[j] if at_upper[j] else direction * alpha[j]
        width = upper[structural[j]] - lower[structural[j]]
        size[many], widths[many], who[many] = entry, width, j
        many += (entry > SMALLEST_PIVOT) & (width > 0.0) & (not basic[j])
    for a in range(count, many):
        per = 1.0 / size[a]
        ratio[a] = abs(reduced[who[a]]) * per
        reach[a] = ratio[a] + DUAL_TOLERANCE * per
        nearest = min(nearest, reach[a])
    return many, nearest


@inlined
def _next_rung(
    program: Program,
    hot: Hot,
    room: Room,
    lower: Floats,
    upper: Floats,
    direction: float,
    a: int,
    k: int,
) -> float:
    """Make the first rung that can move, from number k on, the candidate; return how far it is."""
    i, entry = room.where[a], direction * room.rho[a]
    ahead, size = (1, entry) if entry > 0 else (-1, -entry)
    reach = NEVER
    room.ratio[a], room.reach[a], room.size[a] = reach, reach, size
    if size < SMALLEST_PIVOT:
        return reach
    while program.rung_start[i] <= k < program.rung_start[i + 1]:
        j = program.rung[k]
        width = abs(program.sign[k]) * (upper[j] - lower[j])
        if width > 0.0:
            per = 1.0 / size
            ratio = max(ahead * (program.price[k] - hot.dual[i]), 0.0) * per
            reach = ratio + DUAL_TOLERANCE * per
            room.ratio[a], room.reach[a] = ratio, reach
            room.width[a], room.who[a] = width, hot.basic.size + k
            break
        k += ahead
    return reach


@inlined
def choose_entering(
    program: Program,
    hot: Hot,
    room: Room,
    lower: Floats,
    upper: Floats,
    direction: float,
    count: int,
    many: int,
    nearest: float,
    excess: float,
) -> int:
    """Return the candidate that enters, -1 for none; those it is worth passing are flipped.

    **Source**: the ratio test of Harris, with bound flipping (Koberstein 2005, chapter 6).
    """
    slope, flipped, chosen = excess, False, -1
    ratio, size, width, within = room.ratio, room.size, room.width, room.reach
    reach = nearest
    while reach < NEVER:
        best, drop, together, after = 0.0, 0.0, 0, NEVER
        for a in range(many):
            if ratio[a] <= reach:
                room.group[together] = a
                together += 1
                drop += size[a] * width[a]
                if size[a] > best:
                    best, chosen = size[a], a
            else:
                after = min(after, within[a])
        slope -= drop
        if slope <= PRIMAL_TOLERANCE * (1.0 + excess):
            break
        flipped = True
        for g in range(together):
            a = room.group[g]
            _flip(program, hot, room, lower, upper, direction, a, count)
            after = min(after, within[a])
        reach, chosen = after, -1
    if flipped:
        _apply_moves(room.moved, room.right, room.value, hot.inverse)
    return chosen


@inlined
def _apply_moves(moved: Floats, right: Floats, value: Floats, inverse: Floats) -> None:
    for j in range(moved.size):
        factor = moved[j]
        if factor != 0.0:
            right[j] += factor
            moved[j] = 0.0
            add(value, inverse[j], factor)


@inlined
def _flip(
    program: Program,
    hot: Hot,
    room: Room,
    lower: Floats,
    upper: Floats,
    direction: float,
    a: int,
    count: int,
) -> None:
    """Move a candidate to its other bound."""
    if a < count:
        i, k = room.where[a], room.who[a] - hot.basic.size
        if direction * room.rho[a] > 0:
            room.moved[i] -= room.width[a]
            hot.place[i] = k + 1
            _next_rung(program, hot, room, lower, upper, direction, a, k + 1)
        else:
            room.moved[i] += room.width[a]
            hot.place[i] = k
            _next_rung(program, hot, room, lower, upper, direction, a, k - 1)
        return
    j = room.who[a]
    change = -room.width[a] if hot.upper[j] else room.width[a]
    hot.upper[j] = not hot.upper[j]
    room.x[j] += change
    room.ratio[a] = room.reach[a] = NEVER
    for p in range(program.column_start[j], program.column_start[j + 1]):
        room.moved[program.row_of[p]] -= program.value[p] * change
