"""The compiled heart of `keepwarm.solve.simplex`: a bounded dual simplex on a constant program.

Every function works in place on arrays that were allocated once. Basic columns are numbered:
structurals from 0, then rungs, then one artificial per row (fixed at zero: it can only leave).
"""

from __future__ import annotations

from typing import NamedTuple

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.solve.compiled import compiled, inlined
from keepwarm.solve.ladders import Program

OPTIMAL, INFEASIBLE, LIMIT, DOUBTFUL, REFUSED = 0, 1, 2, 3, 4

#: A basic value may miss its bound by this much, relative to 1 + its size.
PRIMAL_TOLERANCE = 1e-9
#: A reduced cost may have the wrong sign by this much (currency per MWh).
DUAL_TOLERANCE = 1e-9
#: Entries of the tableau's row below this are no pivots.
SMALLEST_PIVOT = 1e-7
#: What rounding leaves of a zero.
NOISE = 1e-13
#: Row and column may disagree about the pivot by this much, relative; the residual likewise.
CHECK = 1e-8
#: Pivots after which the inverse is made anew.
RENEW_AFTER = 1000
_NEVER = 1e300


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
    seen: Bools  # (structurals,)
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
    _place_nonbasic(program, hot, room, lower, upper, rhs)
    _take_basic_bounds(program, hot, room, lower, upper)
    _basic_values(hot, room)
    pivots, renewed = 0, False
    while pivots < limit:
        row = _leaving(hot, room)
        if row < 0:
            if _residual_holds(program, hot, room):
                return OPTIMAL, pivots
            doubt = True
        else:
            below = room.value[row] < room.low[row]
            count, touched = _tableau_row(program, hot, room, row)
            direction = -1.0 if below else 1.0
            many = _candidates(program, hot, room, lower, upper, row, direction, count, touched)
            excess = room.low[row] - room.value[row] if below else room.value[row] - room.high[row]
            entering = _entering(program, hot, room, lower, upper, direction, count, many, excess)
            if entering < 0 and (renewed or hot.age[0] == 0):
                return INFEASIBLE, pivots
            doubt = entering < 0 or not _pivot(
                program, hot, room, lower, upper, row, entering, direction, count, touched
            )
            pivots += 1
        if doubt or hot.age[0] >= RENEW_AFTER:
            if doubt and renewed:
                return DOUBTFUL, pivots
            renewed = doubt
            if not renew(program, hot, room):
                return DOUBTFUL, pivots
            _place_nonbasic(program, hot, room, lower, upper, rhs)
            _take_basic_bounds(program, hot, room, lower, upper)
            _basic_values(hot, room)
    return LIMIT, pivots


@compiled
def _sound(lower: Floats, upper: Floats, rhs: Floats) -> bool:
    """Whether every bound is a number, none crossed, none infinite."""
    wrong = 0
    for j in range(lower.size):
        width = upper[j] - lower[j]
        wrong += 0 if (width >= 0.0) & (width < _NEVER) else 1
    for i in range(rhs.size):
        wrong += 0 if abs(rhs[i]) < _NEVER else 1
    return wrong == 0


@inlined
def _rung_bounds(program: Program, lower: Floats, upper: Floats, k: int) -> tuple[float, float]:
    """Bounds of what a rung brings to its row."""
    sign, j = program.sign[k], program.rung[k]
    if sign > 0:
        return sign * lower[j], sign * upper[j]
    return sign * upper[j], sign * lower[j]


@compiled
def _place_nonbasic(
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


@compiled
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
def _bounds_of(program: Program, lower: Floats, upper: Floats, number: int) -> tuple[float, float]:
    """Bounds of a basic column."""
    structurals = program.cost.size
    if number < structurals:
        column = program.structural[number]
        return lower[column], upper[column]
    if number < structurals + program.rung.size:
        return _rung_bounds(program, lower, upper, number - structurals)
    return 0.0, 0.0


@compiled
def _take_basic_bounds(
    program: Program, hot: Hot, room: Room, lower: Floats, upper: Floats
) -> None:
    low, high, head = room.low, room.high, hot.head
    structural, rung, sign = program.structural, program.rung, program.sign
    structurals = structural.size
    for i in range(head.size):
        low[i], high[i] = 0.0, 0.0
        number = head[i]
        if number < structurals:
            low[i], high[i] = lower[structural[number]], upper[structural[number]]
        elif number < structurals + rung.size:
            k = number - structurals
            one, other = sign[k] * lower[rung[k]], sign[k] * upper[rung[k]]
            low[i], high[i] = min(one, other), max(one, other)


@compiled
def _basic_values(hot: Hot, room: Room) -> None:
    """Values of the basic columns: inverse times `right`."""
    value, right, inverse = room.value, room.right, hot.inverse
    for i in range(value.size):
        value[i] = 0.0
    for j in range(value.size):
        factor = right[j]
        if factor != 0.0:
            for i in range(value.size):
                value[i] += factor * inverse[j, i]


@inlined
def _add(total: Floats, row: Floats, factor: float) -> None:
    if factor != 0.0:
        for i in range(total.size):
            total[i] += factor * row[i]


@compiled
def _leaving(hot: Hot, room: Room) -> int:
    """Return the row whose infeasibility is worst by steepest edge, -1 where all hold."""
    worst, found = 0.0, -1
    values, low, high, weight = room.value, room.low, room.high, hot.weight
    for i in range(values.size):
        value = values[i]
        gap = max(low[i] - value, value - high[i])
        if gap > PRIMAL_TOLERANCE * (1.0 + abs(value)):
            merit = gap * gap / weight[i]
            if merit > worst:
                worst, found = merit, i
    return found


@compiled
def _tableau_row(program: Program, hot: Hot, room: Room, row: int) -> tuple[int, int]:
    """Take the leaving row of inverse and tableau; return how many entries each has."""
    count, touched = 0, 0
    rho, where, held, inverse = room.rho, room.where, hot.held, hot.inverse
    alpha, seen, which = room.alpha, room.seen, room.touched
    row_start, column_of, row_value = program.row_start, program.column_of, program.row_value
    leaves = hot.head[row] - program.cost.size
    for i in range(held.size):
        entry = inverse[i, row]
        rho[count], where[count] = entry, i
        # Where another rung is basic the entry is zero but for rounding.
        count += (abs(entry) >= NOISE) & ((held[i] < 0) | (held[i] == leaves))
    for a in range(count):
        entry, i = rho[a], where[a]
        for p in range(row_start[i], row_start[i + 1]):
            j = column_of[p]
            which[touched] = j
            touched += not seen[j]
            alpha[j] = (alpha[j] if seen[j] else 0.0) + entry * row_value[p]
            seen[j] = True
    for a in range(touched):
        seen[which[a]] = False
    return count, touched


@compiled
def _candidates(
    program: Program,
    hot: Hot,
    room: Room,
    lower: Floats,
    upper: Floats,
    row: int,
    direction: float,
    count: int,
    touched: int,
) -> int:
    """List what may enter: the next rung of every ladder, and structurals; return how many."""
    leaving, structurals = hot.head[row], hot.basic.size
    if structurals <= leaving < structurals + program.rung.size:
        k = leaving - structurals
        i = program.row_of_rung[k]
        hot.held[i] = -1
        hot.place[i] = k if direction < 0 else k + 1
    for a in range(count):
        k = hot.place[room.where[a]] - (0 if direction * room.rho[a] > 0 else 1)
        _next_rung(program, hot, room, lower, upper, direction, a, k)
    many = count
    size, ratio, widths, who, reach = room.size, room.ratio, room.width, room.who, room.reach
    alpha, at_upper, reduced, which = room.alpha, hot.upper, hot.reduced, room.touched
    structural, basic = program.structural, hot.basic
    for b in range(touched):
        j = which[b]
        entry = -direction * alpha[j] if at_upper[j] else direction * alpha[j]
        width = upper[structural[j]] - lower[structural[j]]
        size[many], widths[many], who[many] = entry, width, j
        many += (entry > SMALLEST_PIVOT) & (width > 0.0) & (not basic[j])
    for a in range(count, many):
        ratio[a] = abs(reduced[who[a]]) / size[a]
        reach[a] = ratio[a] + DUAL_TOLERANCE / size[a]
    return many


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
) -> None:
    """Make the first rung that can move, from number k on, the candidate of a ladder."""
    i, entry = room.where[a], direction * room.rho[a]
    ahead = 1 if entry > 0 else -1
    room.ratio[a] = room.reach[a] = _NEVER
    room.size[a] = abs(entry)
    if room.size[a] < SMALLEST_PIVOT:
        return
    while program.rung_start[i] <= k < program.rung_start[i + 1]:
        low, high = _rung_bounds(program, lower, upper, k)
        if high > low:
            room.ratio[a] = max((program.price[k] - hot.dual[i]) / entry, 0.0)
            room.reach[a] = room.ratio[a] + DUAL_TOLERANCE / room.size[a]
            room.width[a] = high - low
            room.who[a] = hot.basic.size + k
            return
        k += ahead


@compiled
def _entering(
    program: Program,
    hot: Hot,
    room: Room,
    lower: Floats,
    upper: Floats,
    direction: float,
    count: int,
    many: int,
    excess: float,
) -> int:
    """Return the candidate that enters, -1 for none; those it is worth passing are flipped.

    **Source**: the ratio test of Harris, with bound flipping (Koberstein 2005, chapter 6).
    """
    slope, flipped, chosen = excess, False, -1
    ratio, size, width, within = room.ratio, room.size, room.width, room.reach
    reach = _NEVER
    for a in range(many):
        reach = min(reach, within[a])
    while reach < _NEVER:
        best, drop, together, after = 0.0, 0.0, 0, _NEVER
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


@compiled
def _apply_moves(moved: Floats, right: Floats, value: Floats, inverse: Floats) -> None:
    for j in range(moved.size):
        factor = moved[j]
        if factor != 0.0:
            right[j] += factor
            moved[j] = 0.0
            for i in range(value.size):
                value[i] += factor * inverse[j, i]


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
    room.ratio[a] = room.reach[a] = _NEVER
    for p in range(program.column_start[j], program.column_start[j + 1]):
        room.moved[program.row_of[p]] -= program.value[p] * change


@compiled
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
    _enter_column(program, hot, room, entering)
    pivot = room.column[row]
    if abs(pivot - entry) > CHECK * (1.0 + abs(pivot)):
        return False
    leaving = hot.head[row]
    bound = room.low[row] if direction < 0 else room.high[row]
    step = (room.value[row] - bound) / pivot
    low, high = _bounds_of(program, lower, upper, entering)
    start = (low if direction * entry > 0 else high) if is_rung else room.x[entering]
    _shift_right(program, room, entering, start)
    _shift_right(program, room, leaving, -bound)
    _add(room.value, room.column, -step)
    room.value[row], room.low[row], room.high[row] = start + step, low, high
    _move_duals(
        program, hot, room, entering, leaving, direction * room.ratio[chosen], count, touched
    )
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


@compiled
def _enter_column(program: Program, hot: Hot, room: Room, entering: int) -> None:
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
        factor, j = value[p], row_of[p]
        for i in range(column.size):
            column[i] += factor * inverse[j, i]


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


@compiled
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


@compiled
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
        if column[i] != 0.0:
            factor = column[i] / pivot
            weight[i] = max(weight[i] + factor * (factor * norm - 2.0 * tau[i]), 1e-4)
    weight[row] = max(norm / (pivot * pivot), 1e-4)


@compiled
def _residual_holds(program: Program, hot: Hot, room: Room) -> bool:
    """Whether basis times values gives `right`."""
    structurals, off, right = hot.basic.size, room.moved, room.right
    head, values, rungs = hot.head, room.value, program.rung.size
    column_start, row_of, entry = program.column_start, program.row_of, program.value
    row_of_rung = program.row_of_rung
    largest = 0.0
    for i in range(off.size):
        off[i] = -right[i]
        largest = max(largest, abs(right[i]))
    for r in range(off.size):
        number, value = head[r], values[r]
        if number < structurals:
            for p in range(column_start[number], column_start[number + 1]):
                off[row_of[p]] += entry[p] * value
        elif number < structurals + rungs:
            off[row_of_rung[number - structurals]] += value
        else:
            off[number - structurals - rungs] += value
    worst = 0.0
    for i in range(off.size):
        worst = max(worst, abs(off[i]))
        off[i] = 0.0
    return worst <= 1e-7 + 1e-12 * largest


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
    _enter_column(program, hot, room, number)
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
            _add(line, column, -factor)
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


@compiled
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
