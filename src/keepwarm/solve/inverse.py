"""The inverse of a basis, compiled: kept dense, and with a bit for every entry that is not zero.

Five to fifteen percent of a network's inverse is not zero; a pivot passes over the rest.
"""

from __future__ import annotations

from typing import NamedTuple

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled, inlined
from keepwarm.solve.ladders import Program
from keepwarm.solve.pattern import NONE, Bits, clear_bit, list_bits, set_bit

#: What rounding leaves of a zero.
NOISE = 1e-13


class Hot(NamedTuple):
    """What one sample keeps from step to step."""

    head: Ints  # (rows,): the basic column of each row of the inverse
    free: Bits  # (words,): structurals that are not basic
    upper: Bools  # (structurals,): nonbasic at its upper bound
    place: Ints  # (rows,): rungs before it are in full use, those from it on are not
    held: Ints  # (rows,): the rung that is basic, then ``place`` is it; -1 for none
    inverse: Floats  # (rows, rows), transposed: [j, i] belongs to row i, column j
    pattern: Bits  # (rows, words): where a row of the inverse may not be zero
    dual: Floats  # (rows,)
    weight: Floats  # (rows,): dual steepest edge
    age: Ints  # (1,): pivots since the inverse was made anew


class Room(NamedTuple):
    """Work space of a step."""

    x: Floats  # (structurals,): values of nonbasic columns
    reduced: Floats  # (structurals,): reduced costs of those that can move
    movable: Bits  # (words,): which these are
    value: Floats  # (rows,): values of basic columns
    low: Floats  # (rows,): their bounds
    high: Floats
    right: Floats  # (rows,): right-hand side less the nonbasic columns
    span: Floats  # (structurals,): how far nonbasic ones can move, negative at the upper bound
    rho: Floats  # (rows,): the leaving row of the inverse
    where: Ints  # (rows,): where it is not zero
    whole: Floats  # (rows,): the same row with its zeros; all zero between pivots
    touching: Bits  # (words,): structurals that the row touches and that can move
    touched: Ints  # (structurals,): the same as a list
    alpha: Floats  # (structurals,): their entries in the row of the tableau
    ratio: Floats  # (rows + structurals,): candidates to enter, rows' ladders first
    reach: Floats  # the same with the tolerance
    size: Floats  # their entry in the row, positive
    width: Floats  # how far they can move
    who: Ints  # their number as a basic column
    group: Ints  # those that are reached together
    column: Floats  # (rows,): the entering column
    at: Ints  # (rows,): where it is not zero
    tau: Floats  # (rows,)
    out: Bits  # (words,): rows whose basic value is out of its bounds
    merit: Floats  # (rows,): how much such a row ought to leave
    moved: Floats  # (rows,): what flipped columns take from each row
    spot: Ints  # (rows,): row of the inverse in which a rung of the row is basic
    rest: Floats  # (rows,): of `right`, less the basic columns that are known
    unknowns: Ints  # (rows,): how many that are not
    mixed: Ints  # (rows,): exclusive or of their rows of the inverse
    settled: Bools  # (rows of the inverse,)


@compiled
def identity(hot: Hot) -> None:
    """Start from the inverse of the artificial basis."""
    for i in range(hot.head.size):
        for j in range(hot.head.size):
            hot.inverse[i, j] = 1.0 if i == j else 0.0
        for w in range(hot.pattern.shape[1]):
            hot.pattern[i, w] = NONE
        set_bit(hot.pattern[i], i)


@compiled
def renew(program: Program, hot: Hot, room: Room) -> bool:
    """Make inverse and duals anew from the basic columns; False where they are singular."""
    rows, structurals = hot.head.size, hot.upper.size
    old_head, old_weight = room.group, room.ratio
    for r in range(rows):
        old_head[r], old_weight[r] = hot.head[r], hot.weight[r]
        hot.held[r] = -1
        hot.head[r] = -1
    identity(hot)
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
    filled = enter_column(program, hot, room, number)
    column, largest, row = room.column, 1e-9, -1
    for b in range(filled):
        i = room.at[b]
        if hot.head[i] < 0 and abs(column[i]) > largest:
            largest, row = abs(column[i]), i
    if row < 0:
        return False
    exchange(hot, room, row, take_row(hot, room, row), filled)
    hot.head[row], hot.weight[row] = number, weight
    return True


@compiled
def _renew_duals(program: Program, hot: Hot) -> None:
    structurals, rungs = hot.upper.size, program.rung.size
    for j in range(hot.head.size):
        total = 0.0
        for r in range(hot.head.size):
            number = hot.head[r]
            if number < structurals:
                total += hot.inverse[j, r] * program.cost[number]
            elif number < structurals + rungs:
                total += hot.inverse[j, r] * program.price[number - structurals]
        hot.dual[j] = total


@inlined
def take_row(hot: Hot, room: Room, row: int) -> int:
    """List what is not zero in a row of the inverse; return how many entries these are."""
    count, rho, where, inverse = 0, room.rho, room.where, hot.inverse
    for a in range(list_bits(hot.pattern[row], where)):
        j = where[a]
        entry = inverse[j, row]
        rho[count], where[count] = entry, j
        if abs(entry) >= NOISE:
            count += 1
        else:  # has become zero since
            clear_bit(hot.pattern[row], j)
    return count


@inlined
def enter_column(program: Program, hot: Hot, room: Room, entering: int) -> int:
    """Inverse times the entering column; return how often it is not zero."""
    structurals, column, inverse = hot.upper.size, room.column, hot.inverse
    if entering >= structurals:
        j = program.row_of_rung[entering - structurals]
        for i in range(column.size):
            column[i] = inverse[j, i]
    else:
        for i in range(column.size):
            column[i] = 0.0
        row_of, value = program.row_of, program.value
        for p in range(program.column_start[entering], program.column_start[entering + 1]):
            add(column, inverse[row_of[p]], value[p])
    return list_entries(column, room.at)


@inlined
def list_entries(column: Floats, at: Ints) -> int:
    """List where a column is not zero; return how often."""
    filled = 0
    for i in range(column.size):
        at[filled] = i
        filled += abs(column[i]) >= NOISE
    return filled


@inlined
def exchange(hot: Hot, room: Room, row: int, count: int, filled: int) -> float:
    """Pivot the inverse where row and column are not zero; return the row's square.

    The inverse times the row is left in ``tau``, where the column is not zero.
    """
    column, tau, at, pattern = room.column, room.tau, room.at, hot.pattern
    rho, where, inverse, pivot = room.rho, room.where, hot.inverse, room.column[row]
    for b in range(filled):
        tau[at[b]] = 0.0
    norm = 0.0
    for a in range(count):
        entry, j = rho[a], where[a]
        factor = entry / pivot
        norm += entry * entry
        line = inverse[j]
        for b in range(filled):
            i = at[b]
            old = line[i]
            tau[i] += entry * old
            line[i] = old - factor * column[i]
        line[row] = factor
    for b in range(filled):
        for w in range(pattern.shape[1]):
            pattern[at[b], w] |= pattern[row, w]
    return norm


@inlined
def add(total: Floats, row: Floats, factor: float) -> None:
    """Add a multiple of a row to a total."""
    if factor != 0.0:
        for i in range(total.size):
            total[i] += factor * row[i]
