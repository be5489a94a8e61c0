"""Which column enters the basis, compiled: Harris' ratio test with bound flipping.

Candidates are the next rung of every ladder that the leaving row touches, then the structurals it
touches. Those that are worth passing are moved to their other bound.
"""

from __future__ import annotations

from keepwarm.case.nouns import Floats
from keepwarm.compiled import inlined
from keepwarm.solve.basis import DUAL_TOLERANCE, PRIMAL_TOLERANCE, judge
from keepwarm.solve.inverse import Hot, Room, add, list_entries
from keepwarm.solve.ladders import Program
from keepwarm.solve.pattern import NONE, list_bits

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
) -> tuple[int, int, float]:
    """List what may enter: the next rung of every ladder, and structurals.

    Return how many structurals the row touches, how many candidates there are, and how far the
    nearest of them is, the tolerance included.
    """
    leaving, structurals = hot.head[row], hot.upper.size
    if structurals <= leaving < structurals + program.rung.size:
        k = leaving - structurals
        i = program.row_of_rung[k]
        hot.held[i] = -1
        hot.place[i] = k if direction < 0 else k + 1
    nearest = NEVER
    for a in range(count):
        k = hot.place[room.where[a]] - (0 if direction * room.rho[a] > 0 else 1)
        nearest = min(nearest, _next_rung(program, hot, room, lower, upper, direction, a, k))
    touched, many = _touched(program, hot, room, count), count
    size, ratio, widths, who, reach = room.size, room.ratio, room.width, room.who, room.reach
    alpha, span, reduced, which = room.alpha, room.span, room.reduced, room.touched
    column_start, row_of, value = program.column_start, program.row_of, program.value
    for b in range(touched):
        j, entry = which[b], 0.0
        for p in range(column_start[j], column_start[j + 1]):
            entry += value[p] * room.whole[row_of[p]]
        alpha[b] = entry
        entry = direction * entry if span[j] > 0.0 else -direction * entry
        size[many], widths[many], who[many] = entry, abs(span[j]), j
        many += entry > SMALLEST_PIVOT
    for a in range(count):
        room.whole[room.where[a]] = 0.0
    for a in range(count, many):
        per = 1.0 / size[a]
        ratio[a] = abs(reduced[who[a]]) * per
        reach[a] = ratio[a] + DUAL_TOLERANCE * per
        nearest = min(nearest, reach[a])
    return touched, many, nearest


@inlined
def _touched(program: Program, hot: Hot, room: Room, count: int) -> int:
    """List the structurals that the row touches and can move; return how many."""
    bits, touches, movable = room.touching, program.touches, room.movable
    for w in range(bits.size):
        bits[w] = NONE
    for a in range(count):
        i = room.where[a]
        room.whole[i] = room.rho[a]
        for w in range(bits.size):
            bits[w] |= touches[i, w]
    for w in range(bits.size):
        bits[w] &= movable[w]
    return list_bits(bits, room.touched)


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
            room.width[a], room.who[a] = width, hot.upper.size + k
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
    rounding: float,
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
        apply_moves(hot, room, rounding)
    return chosen


@inlined
def apply_moves(hot: Hot, room: Room, rounding: float) -> None:
    """Let basic columns make up for what nonbasic ones leave to each row."""
    moved, right, change, value = room.moved, room.right, room.column, room.value
    for i in range(change.size):
        change[i] = 0.0
    for j in range(moved.size):
        factor = moved[j]
        if factor != 0.0:
            right[j] += factor
            moved[j] = 0.0
            add(change, hot.inverse[j], factor)
    for b in range(list_entries(change, room.at)):
        i = room.at[b]
        value[i] += change[i]
        judge(hot, room, i, rounding)


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
        i, k = room.where[a], room.who[a] - hot.upper.size
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
    hot.upper[j], room.span[j] = not hot.upper[j], -room.span[j]
    room.x[j] += change
    room.ratio[a] = room.reach[a] = NEVER
    for p in range(program.column_start[j], program.column_start[j + 1]):
        room.moved[program.row_of[p]] -= program.value[p] * change
