"""Values of the basic columns without most of the inverse, compiled.

The basis of a network is nearly a tree: a row with a single unknown settles it, which leaves
another row with a single one. What is left is a core, the loops of a meshed grid, and takes the
inverse; rows that hold a rung of their own come last. The basis is then in blocks,

    settled rows   L  0  0
    core           .  C  0
    held rows      .  .  1

so that the core's own block of the inverse is the inverse of C.
"""

from __future__ import annotations

from keepwarm.compiled import inlined
from keepwarm.solve.inverse import Hot, Room, add
from keepwarm.solve.ladders import Program

#: More unknowns than any row has: a row that holds a rung never settles anything else.
_HELD = 1 << 30
#: Rows of lines of the inverse that cost as much as one core row picked entry by entry.
_PICKED = 4


@inlined
def basic_values(program: Program, hot: Hot, room: Room) -> None:
    """Work out the values of the basic columns: basis times values is `right`."""
    _settle(program, hot, room, _count_unknowns(program, hot, room))
    rows = columns = 0
    for i in range(room.rest.size):
        room.at[rows] = i
        rows += 1 < room.unknowns[i] < _HELD // 2
        room.where[columns] = i
        columns += not room.settled[i]
    if rows != columns:  # a basis that is all but singular
        _by_inverse(program, hot, room)
        return
    if rows > 0:
        _solve_core(hot, room, rows)
    for b in range(columns):
        _bring(program, hot, room, room.where[b])
    _settle_held(program, hot, room)


@inlined
def _count_unknowns(program: Program, hot: Hot, room: Room) -> int:
    """Count the unknowns of each row, and list rows with a single one; return how many are listed.

    ``mixed`` is the exclusive or of the places of a row's unknowns: the place of the last one.
    """
    unknowns, mixed, rest, settled = room.unknowns, room.mixed, room.rest, room.settled
    head, structurals, rungs = hot.head, program.cost.size, program.rung.size
    for i in range(rest.size):
        unknowns[i] = mixed[i] = 0
        rest[i] = room.right[i]
    for r in range(rest.size):
        number = head[r]
        settled[r] = number >= structurals
        if number < structurals:
            for p in range(program.column_start[number], program.column_start[number + 1]):
                i = program.row_of[p]
                unknowns[i] += 1
                mixed[i] ^= r
        elif number < structurals + rungs:
            unknowns[program.row_of_rung[number - structurals]] += _HELD
        else:
            unknowns[number - structurals - rungs] += _HELD
    listed = 0
    for i in range(rest.size):
        room.at[listed] = i
        listed += unknowns[i] == 1
    return listed


@inlined
def _settle(program: Program, hot: Hot, room: Room, listed: int) -> None:
    """Settle the unknown of one listed row after the other, and list rows that come to have one."""
    unknowns, mixed, rest, listing = room.unknowns, room.mixed, room.rest, room.at
    row_of, entry, column_start = program.row_of, program.value, program.column_start
    while listed > 0:
        listed -= 1
        i = listing[listed]
        if unknowns[i] != 1:
            continue
        r = mixed[i]
        first, last, pivot = column_start[hot.head[r]], column_start[hot.head[r] + 1], 1.0
        for p in range(first, last):
            if row_of[p] == i:
                pivot = entry[p]
        found = rest[i] / pivot
        room.value[r], room.settled[r] = found, True
        for p in range(first, last):
            k = row_of[p]
            rest[k] -= entry[p] * found
            unknowns[k] -= 1
            mixed[k] ^= r
            if unknowns[k] == 1:
                listing[listed] = k
                listed += 1


@inlined
def _solve_core(hot: Hot, room: Room, count: int) -> None:
    """Multiply what is left of the core's rows with their block of the inverse."""
    value, total = room.value, room.tau
    if count * _PICKED > total.size:
        for i in range(total.size):
            total[i] = 0.0
        for a in range(count):
            add(total, hot.inverse[room.at[a]], room.rest[room.at[a]])
        for b in range(count):
            value[room.where[b]] = total[room.where[b]]
        return
    for b in range(count):
        total[b] = 0.0
    for a in range(count):
        line, left = hot.inverse[room.at[a]], room.rest[room.at[a]]
        for b in range(count):
            total[b] += line[room.where[b]] * left
    for b in range(count):
        value[room.where[b]] = total[b]


@inlined
def _bring(program: Program, hot: Hot, room: Room, r: int) -> None:
    """Take what a core column brings from its rows: those that hold a rung are settled last."""
    number, found = hot.head[r], room.value[r]
    for p in range(program.column_start[number], program.column_start[number + 1]):
        room.rest[program.row_of[p]] -= program.value[p] * found


@inlined
def _settle_held(program: Program, hot: Hot, room: Room) -> None:
    """Let rungs, and artificial columns, make up for what is left of their rows."""
    structurals, rungs = program.cost.size, program.rung.size
    for r in range(room.rest.size):
        number = hot.head[r]
        if number >= structurals + rungs:
            room.value[r] = room.rest[number - structurals - rungs]
        elif number >= structurals:
            room.value[r] = room.rest[program.row_of_rung[number - structurals]]


@inlined
def _by_inverse(program: Program, hot: Hot, room: Room) -> None:
    """Multiply the whole inverse with `right`."""
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
