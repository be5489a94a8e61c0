"""What a sample keeps between steps, compiled: a basis, its inverse and what follows from them.

Every function works in place on arrays that were allocated once. Basic columns are numbered:
structurals from 0, then rungs, then one artificial per row (fixed at zero: it can only leave).
"""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import Floats
from keepwarm.compiled import compiled, inlined
from keepwarm.solve.inverse import Hot, Room, identity
from keepwarm.solve.ladders import Program
from keepwarm.solve.pattern import NONE, WORD, clear_bit, list_bits, set_bit

#: A basic value may miss its bound by this much, relative to 1 + its size.
PRIMAL_TOLERANCE = 1e-9
#: A reduced cost may have the wrong sign by this much (currency per MWh).
DUAL_TOLERANCE = 1e-9
#: A basic column's reduced cost, zero by definition, may have drifted so far from it: a tenth of
#: the least perturbation that breaks ties (currency per MWh).
DUAL_DRIFT = 1e-5


@compiled
def begin(program: Program, hot: Hot) -> None:
    """Start from the artificial basis, which is dual feasible because every column is boxed."""
    for i in range(hot.head.size):
        hot.head[i] = program.cost.size + program.rung.size + i
        hot.dual[i] = 0.0
        hot.weight[i] = 1.0
        hot.held[i] = -1
        hot.place[i] = program.rung_start[i]
    identity(hot)
    for j in range(hot.upper.size):
        set_bit(hot.free, j)
        hot.upper[j] = program.cost[j] < 0.0
    hot.age[0] = 0


@inlined
def place_nonbasic(
    program: Program, hot: Hot, room: Room, lower: Floats, upper: Floats, rhs: Floats
) -> None:
    """Put nonbasic columns at the bound their reduced cost asks for; what they leave is `right`."""
    _restore_places(program, hot)
    for i in range(rhs.size):
        room.right[i] = rhs[i]
    _place_rungs(program, hot, room.right, lower, upper)
    _place_structurals(program, hot, room, lower, upper)


@inlined
def _place_rungs(program: Program, hot: Hot, right: Floats, lower: Floats, upper: Floats) -> None:
    row_of_column, entry_of = program.row_of_column, program.entry_of_column
    for j in range(lower.size):  # every rung at its lower bound, which is nearly always zero
        if lower[j] != 0.0 and row_of_column[j] >= 0:
            right[row_of_column[j]] -= entry_of[j] * lower[j]
    place, held, rung, sign = hot.place, hot.held, program.rung, program.sign
    rung_start, last_negative = program.rung_start, program.last_negative
    for i in range(right.size):
        taken = 0.0
        for k in range(rung_start[i], place[i]):
            taken += max(sign[k], 0.0) * (upper[rung[k]] - lower[rung[k]])
        for k in range(place[i], last_negative[i]):
            taken += min(sign[k], 0.0) * (upper[rung[k]] - lower[rung[k]])
        if held[i] >= 0:  # a basic rung is not counted here
            j = rung[held[i]]
            taken -= sign[held[i]] * (lower[j] if sign[held[i]] > 0.0 else upper[j])
        right[i] -= taken


@inlined
def brought(program: Program, hot: Hot, lower: Floats, upper: Floats, i: int) -> float:
    """Return what the nonbasic rungs of a row bring to it."""
    total, sign, rung = 0.0, program.sign, program.rung
    for k in range(program.rung_start[i], program.rung_start[i + 1]):
        in_use = (k < hot.place[i]) == (sign[k] > 0.0)
        value = upper[rung[k]] if in_use else lower[rung[k]]
        total += 0.0 if k == hot.held[i] else sign[k] * value
    return total


@inlined
def _place_structurals(
    program: Program, hot: Hot, room: Room, lower: Floats, upper: Floats
) -> None:
    """Make reduced costs anew, and place the structurals by them."""
    right, structural = room.right, program.structural
    free, movable, at_upper, x, span = hot.free, room.movable, hot.upper, room.x, room.span
    column_start, row_of, entry = program.column_start, program.row_of, program.value
    cost, dual, reduced = program.cost, hot.dual, room.reduced
    for w in range(movable.size):
        movable[w] = NONE
    for j in range(x.size):
        x[j] = 0.0
    for b in range(list_bits(free, room.touched)):
        j = room.touched[b]
        first, last, left = column_start[j], column_start[j + 1], cost[j]
        for p in range(first, last):
            left -= entry[p] * dual[row_of[p]]
        low, high = lower[structural[j]], upper[structural[j]]
        at = (left < -DUAL_TOLERANCE) | (at_upper[j] & (left <= DUAL_TOLERANCE))
        value = high if at else low
        reduced[j], at_upper[j], x[j] = left, at, value
        span[j] = low - high if at else high - low
        movable[j // WORD] |= np.uint64(high > low) << np.uint64(j % WORD)
        if value != 0.0:
            for p in range(first, last):
                right[row_of[p]] -= entry[p] * value


@inlined
def _restore_places(program: Program, hot: Hot) -> None:
    """Let every ladder stand where its dual value says, but for rounding."""
    place, held, dual = hot.place, hot.held, hot.dual
    rung_start, price = program.rung_start, program.price
    for i in range(place.size):
        if held[i] < 0:
            at, start, end = place[i], rung_start[i], rung_start[i + 1]
            while at < end and price[at] < dual[i] - DUAL_TOLERANCE:
                at += 1
            while at > start and price[at - 1] > dual[i] + DUAL_TOLERANCE:
                at -= 1
            place[i] = at


@inlined
def bounds_of(program: Program, lower: Floats, upper: Floats, number: int) -> tuple[float, float]:
    """Bounds of a basic column."""
    structurals = program.cost.size
    if number < structurals:
        column = program.structural[number]
        return lower[column], upper[column]
    if number < structurals + program.rung.size:
        return rung_bounds(program, lower, upper, number - structurals)
    return 0.0, 0.0


@inlined
def rung_bounds(program: Program, lower: Floats, upper: Floats, k: int) -> tuple[float, float]:
    """Bounds of what a rung brings to its row."""
    sign, j = program.sign[k], program.rung[k]
    if sign > 0:
        return sign * lower[j], sign * upper[j]
    return sign * upper[j], sign * lower[j]


@inlined
def take_basic_bounds(program: Program, hot: Hot, room: Room, lower: Floats, upper: Floats) -> None:
    """Bounds of all basic columns."""
    for i in range(hot.head.size):
        room.low[i], room.high[i] = bounds_of(program, lower, upper, hot.head[i])


@inlined
def judge(hot: Hot, room: Room, i: int, rounding: float) -> None:
    """Note how far a basic value is out of its bounds, by steepest edge."""
    value = room.value[i]
    gap = max(room.low[i] - value, value - room.high[i])
    if gap > PRIMAL_TOLERANCE * (1.0 + abs(value)) + rounding:
        room.merit[i] = gap * gap / hot.weight[i]
        set_bit(room.out, i)
    else:
        clear_bit(room.out, i)


@inlined
def residual_holds(program: Program, hot: Hot, room: Room) -> bool:
    """Whether basis times values gives `right`, and duals times basis the costs."""
    structurals, off, right = hot.upper.size, room.moved, room.right
    head, values, rungs = hot.head, room.value, program.rung.size
    column_start, row_of, entry = program.column_start, program.row_of, program.value
    row_of_rung, cost, dual = program.row_of_rung, program.cost, hot.dual
    holds, largest = True, 0.0
    for i in range(off.size):
        off[i] = -right[i]
        largest = max(largest, abs(right[i]))
    for r in range(off.size):
        number, value = head[r], values[r]
        if number < structurals:
            left = cost[number]
            for p in range(column_start[number], column_start[number + 1]):
                off[row_of[p]] += entry[p] * value
                left -= entry[p] * dual[row_of[p]]
            holds &= abs(left) <= DUAL_DRIFT
        elif number < structurals + rungs:
            off[row_of_rung[number - structurals]] += value
        else:
            off[number - structurals - rungs] += value
    most = 1e-7 + 1e-12 * largest
    for i in range(off.size):
        holds &= abs(off[i]) <= most  # not so where it is no number
        off[i] = 0.0
    return holds


@inlined
def find_spots(program: Program, hot: Hot, room: Room) -> None:
    """Note where rungs are basic, for `rung_value`."""
    structurals = program.cost.size
    for r in range(hot.head.size):
        k = hot.head[r] - structurals
        if 0 <= k < program.rung.size:
            room.spot[program.row_of_rung[k]] = r


@inlined
def rung_value(
    program: Program, hot: Hot, room: Room, lower: Floats, upper: Floats, j: int
) -> float:
    """Return the value of a column that touches one row only, after `find_spots`."""
    k = program.rung_of_column[j]
    i = program.row_of_rung[k]
    if hot.held[i] == k:
        return float(room.value[room.spot[i]] / program.sign[k])
    return float(upper[j] if (k < hot.place[i]) == (program.sign[k] > 0.0) else lower[j])


@inlined
def write(program: Program, hot: Hot, room: Room, lower: Floats, upper: Floats, x: Floats) -> None:
    """Write the values of a solved step in the order of the program's own columns."""
    structurals, place, value, nonbasic = hot.upper.size, hot.place, room.value, room.x
    structural, rung, sign = program.structural, program.rung, program.sign
    rung_start, last_negative, head = program.rung_start, program.last_negative, hot.head
    for j in range(x.size):
        x[j] = lower[j]
    for i in range(place.size):
        for k in range(rung_start[i], place[i]):
            if sign[k] > 0.0:
                x[rung[k]] = upper[rung[k]]
        for k in range(place[i], last_negative[i]):
            if sign[k] < 0.0:
                x[rung[k]] = upper[rung[k]]
    for j in range(structurals):
        x[structural[j]] = nonbasic[j]
    for r in range(head.size):
        number = head[r]
        if number < structurals:
            x[structural[number]] = value[r]
        elif number < structurals + rung.size:
            k = number - structurals
            x[rung[k]] = value[r] / sign[k]
