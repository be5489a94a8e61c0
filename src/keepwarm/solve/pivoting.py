"""The compiled heart of `keepwarm.solve.simplex`: pivots of a bounded dual simplex."""

from __future__ import annotations

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled, inlined
from keepwarm.solve.basis import (
    begin,
    bounds_of,
    judge,
    place_nonbasic,
    residual_holds,
    take_basic_bounds,
    write,
)
from keepwarm.solve.inverse import Hot, Room, enter_column, exchange, renew, take_row
from keepwarm.solve.ladders import Program
from keepwarm.solve.pattern import clear_bit, list_bits, set_bit
from keepwarm.solve.peeling import basic_values
from keepwarm.solve.ratio_test import apply_moves, candidates, choose_entering

OPTIMAL, INFEASIBLE, LIMIT, DOUBTFUL, REFUSED = 0, 1, 2, 3, 4

#: What rounding may add to the primal tolerance, relative to the step's largest value.
ROUNDING = 1e-13
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
        status[a], pivots[a] = solve_sample(
            program, block, ready, room, which[a], lower[a], upper[a], rhs[a], limit, x[a], dual[a]
        )


@compiled
def solve_sample(
    program: Program,
    block: Hot,
    ready: Bools,
    room: Room,
    s: int,
    lower: Floats,
    upper: Floats,
    rhs: Floats,
    limit: int,
    x: Floats,
    dual: Floats,
) -> tuple[int, int]:
    """Solve one step of sample number ``s``, and write what comes of it; status and pivots."""
    status, pivots = solve_hot(program, block, ready, room, s, lower, upper, rhs, limit, False)
    if ready[s]:
        write_sample(program, block, room, s, lower, upper, x, dual)
    return status, pivots


@compiled
def write_sample(
    program: Program,
    block: Hot,
    room: Room,
    s: int,
    lower: Floats,
    upper: Floats,
    x: Floats,
    dual: Floats,
) -> None:
    """Write what the last solve, which was of sample number ``s``, found."""
    hot = hot_of(block, s)
    write(program, hot, room, lower, upper, x)
    for i in range(hot.dual.size):
        dual[i] = hot.dual[i]


@inlined
def hot_of(block: Hot, s: int) -> Hot:
    """Return what sample number ``s`` keeps."""
    return Hot(
        block.head[s],
        block.free[s],
        block.upper[s],
        block.place[s],
        block.held[s],
        block.inverse[s],
        block.pattern[s],
        block.dual[s],
        block.weight[s],
        block.age[s],
    )


@compiled
def solve_hot(
    program: Program,
    block: Hot,
    ready: Bools,
    room: Room,
    s: int,
    lower: Floats,
    upper: Floats,
    rhs: Floats,
    limit: int,
    again: bool,
) -> tuple[int, int]:
    """Solve a step of sample number ``s``, hot from its last solve; status and pivots.

    ``again`` says that it is the step solved last, with bounds of rungs and right-hand sides moved
    since: ``room`` is as it was left, but for ``room.moved``. That holds, row by row, what the
    right-hand side has grown by, and `keepwarm.solve.basis.brought` before the moves less after.
    """
    hot = hot_of(block, s)
    status, pivots = REFUSED, 0
    if again:
        take_basic_bounds(program, hot, room, lower, upper)
        apply_moves(hot, room, 0.0)
    elif not ready[s]:
        begin(program, hot)
    if again or _sound(lower, upper, rhs):
        status, pivots = _pivot_on(program, hot, room, lower, upper, rhs, limit, not again)
    ready[s] = status == OPTIMAL
    return status, pivots


@inlined
def _pivot_on(
    program: Program,
    hot: Hot,
    room: Room,
    lower: Floats,
    upper: Floats,
    rhs: Floats,
    limit: int,
    stale: bool,
) -> tuple[int, int]:
    """Minimise within the bounds, from what is hot; return status and pivots."""
    pivots, rounding, renewed = 0, 0.0, False
    if not stale:
        rounding = _judge_all(hot, room)
    while pivots < limit:
        if stale:
            place_nonbasic(program, hot, room, lower, upper, rhs)
            take_basic_bounds(program, hot, room, lower, upper)
            basic_values(program, hot, room)
            rounding = _judge_all(hot, room)
        row = _leaving(room)
        if row < 0:
            if residual_holds(program, hot, room):
                return OPTIMAL, pivots
            doubt = True
        else:
            value, low, high = room.value[row], room.low[row], room.high[row]
            direction, excess = (-1.0, low - value) if value < low else (1.0, value - high)
            count = take_row(hot, room, row)
            touched, many, nearest = candidates(
                program, hot, room, lower, upper, row, direction, count
            )
            entering = choose_entering(
                program, hot, room, lower, upper, direction, count, many, nearest, excess, rounding
            )
            if entering < 0 and (renewed or hot.age[0] == 0):
                return INFEASIBLE, pivots
            doubt = entering < 0 or not _pivot(
                program, hot, room, lower, upper, row, entering, direction, count, touched, rounding
            )
            pivots += 1
        stale = doubt or hot.age[0] >= RENEW_AFTER
        if stale:
            if (doubt and renewed) or not renew(program, hot, room):
                return DOUBTFUL, pivots
            renewed = doubt
    return LIMIT, pivots


@inlined
def _judge_all(hot: Hot, room: Room) -> float:
    """Note which basic values are out of their bounds; return what rounding may add to these."""
    rounding = ROUNDING * _largest(room.value)
    for i in range(room.value.size):
        judge(hot, room, i, rounding)
    return rounding


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
def _leaving(room: Room) -> int:
    """Return the row whose infeasibility is worst by steepest edge, -1 where all hold."""
    worst, found = 0.0, -1
    for a in range(list_bits(room.out, room.at)):
        i = room.at[a]
        if room.merit[i] > worst:
            worst, found = room.merit[i], i
    return found


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
    rounding: float,
) -> bool:
    """Exchange two columns; False, and nothing done, where row and column of the pivot differ."""
    structurals, entering = hot.upper.size, room.who[chosen]
    is_rung = entering >= structurals
    towards = direction if is_rung or room.span[entering] > 0.0 else -direction
    entry = room.rho[chosen] if is_rung else towards * room.size[chosen]
    filled = enter_column(program, hot, room, entering)
    pivot = room.column[row]
    if abs(pivot - entry) > CHECK * (1.0 + abs(pivot)):
        return False
    leaving = hot.head[row]
    low, high = room.low[row], room.high[row]
    bound, width = low if direction < 0 else high, high - low
    step = (room.value[row] - bound) / pivot
    low, high = bounds_of(program, lower, upper, entering)
    start = (low if direction * entry > 0 else high) if is_rung else room.x[entering]
    _shift_right(program, room, entering, start)
    _shift_right(program, room, leaving, -bound)
    for b in range(filled):
        room.value[room.at[b]] -= step * room.column[room.at[b]]
    room.value[row], room.low[row], room.high[row] = start + step, low, high
    _move_duals(
        program, hot, room, entering, leaving, direction * room.ratio[chosen], count, touched
    )
    if not (is_rung and _is_rung_of(program, leaving, room.where[chosen])):
        _update_weights(hot, room, row, exchange(hot, room, row, count, filled), filled)
    for b in range(filled):
        judge(hot, room, room.at[b], rounding)
    hot.head[row] = entering
    if is_rung:
        k = entering - structurals
        i = program.row_of_rung[k]
        hot.held[i], hot.place[i], hot.dual[i] = k, k, program.price[k]
    else:
        clear_bit(hot.free, entering)
        clear_bit(room.movable, entering)
    if leaving < structurals:
        set_bit(hot.free, leaving)
        hot.upper[leaving], room.x[leaving] = direction > 0, bound
        room.span[leaving] = -direction * width
        if width > 0.0:
            set_bit(room.movable, leaving)
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
    reduced, which, alpha = room.reduced, room.touched, room.alpha
    for b in range(touched):
        reduced[which[b]] -= theta * alpha[b]
    if leaving < program.cost.size:
        room.reduced[leaving] = -theta


@inlined
def _is_rung_of(program: Program, number: int, row: int) -> bool:
    """Whether a basic column is a rung of a row; such two exchanged leave the basis as it is."""
    k = number - program.cost.size
    return 0 <= k < program.rung.size and program.row_of_rung[k] == row


@inlined
def _update_weights(hot: Hot, room: Room, row: int, norm: float, filled: int) -> None:
    """Steepest-edge weights after an exchange."""
    column, tau, weight, pivot = room.column, room.tau, hot.weight, room.column[row]
    for b in range(filled):
        i = room.at[b]
        factor = column[i] / pivot
        weight[i] = max(weight[i] + factor * (factor * norm - 2.0 * tau[i]), 1e-4)
    weight[row] = max(norm / (pivot * pivot), 1e-4)
