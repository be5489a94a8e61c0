"""The compiled heart of `keepwarm.solve.simplex`: pivots of a bounded dual simplex."""

from __future__ import annotations

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled, inlined
from keepwarm.solve.basis import (
    PRIMAL_TOLERANCE,
    Hot,
    Room,
    add,
    basic_values,
    begin,
    bounds_of,
    enter_column,
    place_nonbasic,
    renew,
    residual_holds,
    take_basic_bounds,
    write,
)
from keepwarm.solve.ladders import Program
from keepwarm.solve.ratio_test import candidates, choose_entering

OPTIMAL, INFEASIBLE, LIMIT, DOUBTFUL, REFUSED = 0, 1, 2, 3, 4

#: What rounding may add to the primal tolerance, relative to the step's largest value.
ROUNDING = 1e-13
#: What rounding leaves of a zero.
NOISE = 1e-13
#: Row and column may disagree about the pivot by this much, relative to 1 + its size.
CHECK = 1e-8
#: Pivots after which the inverse is made anew.
RENEW_AFTER = 1000
#: What is as large as this is no bound, here as in HiGHS.
INFINITE = 1e20


@compiled
def solve_block(
    program: Program,
    block: Hot,
    ready: Bools,
    room: Room,
    which: Ints,
    lower: Floats,
    upper: Floats,
    rhs: Floats,
    limit: int,
    x: Floats,
    dual: Floats,
    status: Ints,
    pivots: Ints,
) -> None:
    """Solve one step of each sample in ``which``; the arrays of ``block`` have a row per sample."""
    for a in range(which.size):
        s = which[a]
        hot = Hot(
            block.head[s],
            block.basic[s],
            block.upper[s],
            block.place[s],
            block.held[s],
            block.inverse[s],
            block.reduced[s],
            block.dual[s],
            block.weight[s],
            block.age[s],
        )
        if not ready[s]:
            begin(program, hot)
        status[a], pivots[a] = solve_step(program, hot, room, lower[a], upper[a], rhs[a], limit)
        ready[s] = status[a] == OPTIMAL
        if ready[s]:
            write(program, hot, room, lower[a], upper[a], x[a])
            for i in range(hot.dual.size):
                dual[a, i] = hot.dual[i]


@inlined
def solve_step(
    program: Program,
    hot: Hot,
    room: Room,
    lower: Floats,
    upper: Floats,
    rhs: Floats,
    limit: int,
) -> tuple[int, int]:
    """Minimise within the bounds, from what is hot; return status and pivots."""
    if not _sound(lower, upper, rhs):
        return REFUSED, 0
    pivots, rounding, stale, renewed = 0, 0.0, True, False
    while pivots < limit:
        if stale:
            place_nonbasic(program, hot, room, lower, upper, rhs)
            take_basic_bounds(program, hot, room, lower, upper)
            basic_values(program, hot, room)
            rounding = ROUNDING * _largest(room.value)
        row = _leaving(hot, room, rounding)
        if row < 0:
            if residual_holds(program, hot, room):
                return OPTIMAL, pivots
            doubt = True
        else:
            value, low, high = room.value[row], room.low[row], room.high[row]
            direction, excess = (-1.0, low - value) if value < low else (1.0, value - high)
            count, touched = _tableau_row(program, hot, room, row)
            many, nearest = candidates(
                program, hot, room, lower, upper, row, direction, count, touched
            )
            entering = choose_entering(
                program, hot, room, lower, upper, direction, count, many, nearest, excess
            )
            if entering < 0 and (renewed or hot.age[0] == 0):
                return INFEASIBLE, pivots
            doubt = entering < 0 or not _pivot(
                program, hot, room, lower, upper, row, entering, direction, count, touched
            )
            pivots += 1
        stale = doubt or hot.age[0] >= RENEW_AFTER
        if stale:
            if (doubt and renewed) or not renew(program, hot, room):
                return DOUBTFUL, pivots
            renewed = doubt
    return LIMIT, pivots


@inlined
def _sound(lower: Floats, upper: Floats, rhs: Floats) -> bool:
    """Whether every bound is a number, none crossed, none infinite."""
    wrong = 0
    for j in range(lower.size):
        width = upper[j] - lower[j]
        sound = (width >= 0.0) & (width < INFINITE) & (abs(lower[j]) < INFINITE)
        wrong += 0 if sound else 1
    for i in range(rhs.size):
        wrong += 0 if abs(rhs[i]) < INFINITE else 1
    return wrong == 0


@inlined
def _largest(values: Floats) -> float:
    largest = 0.0
    for i in range(values.size):
        largest = max(largest, abs(values[i]))
    return largest


@inlined
def _leaving(hot: Hot, room: Room, rounding: float) -> int:
    """Return the row whose infeasibility is worst by steepest edge, -1 where all hold."""
    worst, found = 0.0, -1
    values, low, high, weight = room.value, room.low, room.high, hot.weight
    for i in range(values.size):
        value = values[i]
        gap = max(low[i] - value, value - high[i])
        if gap > PRIMAL_TOLERANCE * (1.0 + abs(value)) + rounding:
            merit = gap * gap / weight[i]
            if merit > worst:
                worst, found = merit, i
    return found


@inlined
def _tableau_row(program: Program, hot: Hot, room: Room, row: int) -> tuple[int, int]:
    """Take the leaving row of inverse and tableau; return how many entries each has."""
    count, touched = 0, 0
    rho, where, held, inverse = room.rho, room.where, hot.held, hot.inverse
    alpha, seen, which = room.alpha, room.seen, room.touched
    row_start, column_of, row_value = program.row_start, program.column_of, program.row_value
    leaves = hot.head[row] - program.cost.size
    for i in range(held.size):
        if (held[i] < 0) | (held[i] == leaves):  # where another rung is basic, the entry is zero
            entry = inverse[i, row]
            rho[count], where[count] = entry, i
            count += abs(entry) >= NOISE
    for a in range(count):
        entry, i = rho[a], where[a]
        for p in range(row_start[i], row_start[i + 1]):
            j = column_of[p]
            which[touched] = j
            touched += not seen[j]
            alpha[j] = (alpha[j] if seen[j] else 0.0) + entry * row_value[p]
            seen[j] = True
    return count, touched


@inlined
def _pivot(
    program: Program,
    hot: Hot,
    room: Room,
    lower: Floats,
    upper: Floats,
    row: int,
    chosen: int,
    direction: float,
    count: int,
    touched: int,
) -> bool:
    """Exchange two columns; False, and nothing done, where row and column of the pivot differ."""
    structurals, entering = hot.basic.size, room.who[chosen]
    is_rung = entering >= structurals
    entry = room.rho[chosen] if is_rung else room.alpha[entering]
    enter_column(program, hot, room, entering)
    pivot = room.column[row]
    if abs(pivot - entry) > CHECK * (1.0 + abs(pivot)):
        return False
    leaving = hot.head[row]
    bound = room.low[row] if direction < 0 else room.high[row]
    step = (room.value[row] - bound) / pivot
    low, high = bounds_of(program, lower, upper, entering)
    start = (low if direction * entry > 0 else high) if is_rung else room.x[entering]
    _shift_right(program, room, entering, start)
    _shift_right(program, room, leaving, -bound)
    add(room.value, room.column, -step)
    room.value[row], room.low[row], room.high[row] = start + step, low, high
    _move_duals(
        program, hot, room, entering, leaving, direction * room.ratio[chosen], count, touched
    )
    if not (is_rung and _is_rung_of(program, leaving, room.where[chosen])):
        _update_inverse(hot, room, row, count)
    hot.head[row] = entering
    if is_rung:
        k = entering - structurals
        i = program.row_of_rung[k]
        hot.held[i], hot.place[i], hot.dual[i] = k, k, program.price[k]
    else:
        hot.basic[entering], hot.reduced[entering] = True, 0.0
    if leaving < structurals:
        hot.basic[leaving], hot.upper[leaving] = False, direction > 0
        room.x[leaving] = bound
    hot.age[0] += 1
    return True


@inlined
def _shift_right(program: Program, room: Room, number: int, amount: float) -> None:
    """Give a column's share back to `right` (or take it, where the amount is negative)."""
    structurals = program.cost.size
    if amount == 0.0:
        return
    if number < structurals:
        for p in range(program.column_start[number], program.column_start[number + 1]):
            room.right[program.row_of[p]] += program.value[p] * amount
    elif number < structurals + program.rung.size:
        room.right[program.row_of_rung[number - structurals]] += amount


@inlined
def _move_duals(
    program: Program,
    hot: Hot,
    room: Room,
    entering: int,
    leaving: int,
    theta: float,
    count: int,
    touched: int,
) -> None:
    dual, where, rho = hot.dual, room.where, room.rho
    for a in range(count):
        dual[where[a]] += theta * rho[a]
    reduced, which, alpha = hot.reduced, room.touched, room.alpha
    for b in range(touched):
        reduced[which[b]] -= theta * alpha[which[b]]
    if leaving < program.cost.size:
        hot.reduced[leaving] = -theta


@inlined
def _is_rung_of(program: Program, number: int, row: int) -> bool:
    """Whether a basic column is a rung of a row; such two exchanged leave the basis as it is."""
    k = number - program.cost.size
    return 0 <= k < program.rung.size and program.row_of_rung[k] == row


@inlined
def _update_inverse(hot: Hot, room: Room, row: int, count: int) -> None:
    """Pivot the inverse, over non-zeros only, and the steepest-edge weights with it."""
    column, tau, weight, pivot = room.column, room.tau, hot.weight, room.column[row]
    rho, where, inverse, rows = room.rho, room.where, hot.inverse, room.tau.size
    for i in range(rows):
        tau[i] = 0.0
    norm = 0.0
    for a in range(count):
        entry, j = rho[a], where[a]
        factor = entry / pivot
        norm += entry * entry
        for i in range(rows):
            old = inverse[j, i]
            tau[i] += entry * old
            inverse[j, i] = old - factor * column[i]
        inverse[j, row] = factor
    for i in range(rows):
        factor = column[i] / pivot
        weight[i] = max(weight[i] + factor * (factor * norm - 2.0 * tau[i]), 1e-4)
    weight[row] = max(norm / (pivot * pivot), 1e-4)
