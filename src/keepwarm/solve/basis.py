"""What a sample keeps between steps, compiled: a basis, its inverse and what follows from them.

Every function works in place on arrays that were allocated once. Basic columns are numbered:
structurals from 0, then rungs, then one artificial per row (fixed at zero: it can only leave).
"""

from __future__ import annotations

from typing import NamedTuple

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled, inlined
from keepwarm.solve.ladders import Program

#: A basic value may miss its bound by this much, relative to 1 + its size.
PRIMAL_TOLERANCE = 1e-9
#: A reduced cost may have the wrong sign by this much (currency per MWh).
DUAL_TOLERANCE = 1e-9
#: A basic column's reduced cost, zero by definition, may have drifted so far from it: a tenth of
#: the least perturbation that breaks ties (currency per MWh).
DUAL_DRIFT = 1e-5


class Hot(NamedTuple):
    """What one sample keeps from step to step."""

    head: Ints  # (rows,): the basic column of each row of the inverse
    basic: Bools  # (structurals,)
    upper: Bools  # (structurals,): nonbasic at its upper bound
    place: Ints  # (rows,): rungs before it are in full use, those from it on are not
    held: Ints  # (rows,): the rung that is basic, then ``place`` is it; -1 for none
    inverse: Floats  # (rows, rows), transposed: [j, i] belongs to row i, column j
    reduced: Floats  # (structurals,): reduced costs
    dual: Floats  # (rows,)
    weight: Floats  # (rows,): dual steepest edge
    age: Ints  # (1,): pivots since the inverse was made anew


class Room(NamedTuple):
    """Work space of a step."""

    x: Floats  # (structurals,): values of nonbasic columns
    value: Floats  # (rows,): values of basic columns
    low: Floats  # (rows,): their bounds
    high: Floats
    right: Floats  # (rows,): right-hand side less the nonbasic columns
    rho: Floats  # (rows,): the leaving row of the inverse
    where: Ints  # (rows,): where it is not zero
    alpha: Floats  # (structurals,): the same row of the tableau
    touched: Ints  # (structurals,)
    seen: Bools  # (structurals,): set while the row is taken, cleared as candidates are listed
    ratio: Floats  # (rows + structurals,): candidates to enter, rows' ladders first
    reach: Floats  # the same with the tolerance
    size: Floats  # their entry in the row, positive
    width: Floats  # how far they can move
    who: Ints  # their number as a basic column
    group: Ints  # those that are reached together
    column: Floats  # (rows,): the entering column
    tau: Floats  # (rows,)
    moved: Floats  # (rows,): what flipped columns take from each row


@compiled
def begin(program: Program, hot: Hot) -> None:
    """Start from the artificial basis, which is dual feasible because every column is boxed."""
    for i in range(hot.head.size):
        hot.head[i] = program.cost.size + program.rung.size + i
        hot.dual[i] = 0.0
        hot.weight[i] = 1.0
        hot.held[i] = -1
        hot.place[i] = program.rung_start[i]
        for j in range(hot.head.size):
            hot.inverse[i, j] = 1.0 if i == j else 0.0
    for j in range(hot.basic.size):
        hot.basic[j] = False
        hot.upper[j] = program.cost[j] < 0.0
        hot.reduced[j] = program.cost[j]
    hot.age[0] = 0


@compiled
def renew(program: Program, hot: Hot, room: Room) -> bool:
    """Make inverse and duals anew from the basic columns; False where they are singular."""
    rows, structurals = hot.head.size, hot.basic.size
    old_head, old_weight = room.where, room.tau
    for r in range(rows):
        old_head[r], old_weight[r] = hot.head[r], hot.weight[r]
        hot.held[r] = -1
        for j in range(rows):
            hot.inverse[r, j] = 1.0 if r == j else 0.0
        hot.head[r] = -1
    for r in range(rows):  # columns of one entry first: they cost nothing
        number = old_head[r]
        if number >= structurals:
            k = number - structurals
            i = program.row_of_rung[k] if k < program.rung.size else k - program.rung.size
            if hot.head[i] >= 0:
                return False
            hot.head[i], hot.weight[i] = number, old_weight[r]
            if k < program.rung.size:
                hot.held[i], hot.place[i] = k, k
    for r in range(rows):
        if old_head[r] < structurals and not _bring_in(
            program, hot, room, old_head[r], old_weight[r]
        ):
            return False
    _renew_duals(program, hot)
    hot.age[0] = 0
    return True


@compiled
def _bring_in(program: Program, hot: Hot, room: Room, number: int, weight: float) -> bool:
    """Give a structural column the free row where its entry is largest."""
    enter_column(program, hot, room, number)
    column, largest, row = room.column, 1e-9, -1
    for i in range(column.size):
        if hot.head[i] < 0 and abs(column[i]) > largest:
            largest, row = abs(column[i]), i
    if row < 0:
        return False
    for j in range(column.size):
        line = hot.inverse[j]
        factor = line[row] / column[row]
        if factor != 0.0:
            add(line, column, -factor)
            line[row] = factor
    hot.head[row], hot.weight[row] = number, weight
    return True


@compiled
def _renew_duals(program: Program, hot: Hot) -> None:
    structurals, rungs = hot.basic.size, program.rung.size
    for j in range(hot.head.size):
        total = 0.0
        for r in range(hot.head.size):
            number = hot.head[r]
            if number < structurals:
                total += hot.inverse[j, r] * program.cost[number]
            elif number < structurals + rungs:
                total += hot.inverse[j, r] * program.price[number - structurals]
        hot.dual[j] = total
    for j in range(structurals):
        total = program.cost[j]
        for p in range(program.column_start[j], program.column_start[j + 1]):
            total -= program.value[p] * hot.dual[program.row_of[p]]
        hot.reduced[j] = 0.0 if hot.basic[j] else total


@inlined
def enter_column(program: Program, hot: Hot, room: Room, entering: int) -> None:
    """Inverse times the entering column."""
    structurals, column, inverse = hot.basic.size, room.column, hot.inverse
    if entering >= structurals:
        j = program.row_of_rung[entering - structurals]
        for i in range(column.size):
            column[i] = inverse[j, i]
        return
    for i in range(column.size):
        column[i] = 0.0
    row_of, value = program.row_of, program.value
    for p in range(program.column_start[entering], program.column_start[entering + 1]):
        add(column, inverse[row_of[p]], value[p])


@inlined
def place_nonbasic(
    program: Program, hot: Hot, room: Room, lower: Floats, upper: Floats, rhs: Floats
) -> None:
    """Put nonbasic columns at the bound their reduced cost asks for; what they leave is `right`."""
    _restore_places(program, hot)
    right, structural = room.right, program.structural
    row_of_column, entry_of = program.row_of_column, program.entry_of_column
    for i in range(rhs.size):
        right[i] = rhs[i]
    for j in range(lower.size):  # every rung at its lower bound, which is nearly always zero
        if lower[j] != 0.0 and row_of_column[j] >= 0:
            right[row_of_column[j]] -= entry_of[j] * lower[j]
    place, held, rung, sign = hot.place, hot.held, program.rung, program.sign
    rung_start, last_negative = program.rung_start, program.last_negative
    for i in range(rhs.size):
        taken = 0.0
        for k in range(rung_start[i], place[i]):
            if sign[k] > 0.0:
                taken += sign[k] * (upper[rung[k]] - lower[rung[k]])
        for k in range(place[i], last_negative[i]):
            if sign[k] < 0.0:
                taken += sign[k] * (upper[rung[k]] - lower[rung[k]])
        if held[i] >= 0:  # a basic rung is not counted here
            j = rung[held[i]]
            taken -= sign[held[i]] * (lower[j] if sign[held[i]] > 0.0 else upper[j])
        right[i] -= taken
    basic, at_upper, reduced, x = hot.basic, hot.upper, hot.reduced, room.x
    column_start, row_of, entry = program.column_start, program.row_of, program.value
    for j in range(basic.size):
        at = (reduced[j] < -DUAL_TOLERANCE) | (at_upper[j] & (reduced[j] <= DUAL_TOLERANCE))
        value = upper[structural[j]] if at else lower[structural[j]]
        value = 0.0 if basic[j] else value
        at_upper[j], x[j] = at, value
        for p in range(column_start[j], column_start[j + 1]):
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
def basic_values(program: Program, hot: Hot, room: Room) -> None:
    """Values of the basic columns: inverse times `right`."""
    value, right, inverse, held = room.value, room.right, hot.inverse, hot.held
    for i in range(value.size):
        value[i] = 0.0
    for j in range(value.size):
        if held[j] < 0:
            add(value, inverse[j], right[j])
    head, row_of_rung = hot.head, program.row_of_rung
    for i in range(value.size):  # where a rung is basic, its row of the inverse is a unit vector
        k = head[i] - program.cost.size
        if 0 <= k < row_of_rung.size:
            value[i] += right[row_of_rung[k]]


@inlined
def add(total: Floats, row: Floats, factor: float) -> None:
    """Add a multiple of a row to a total."""
    if factor != 0.0:
        for i in range(total.size):
            total[i] += factor * row[i]


@inlined
def residual_holds(program: Program, hot: Hot, room: Room) -> bool:
    """Whether basis times values gives `right`, and duals times basis the costs."""
    structurals, off, right = hot.basic.size, room.moved, room.right
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
def write(program: Program, hot: Hot, room: Room, lower: Floats, upper: Floats, x: Floats) -> None:
    """Write the values of a solved step in the order of the program's own columns."""
    structurals, place, value, nonbasic = hot.basic.size, hot.place, room.value, room.x
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
