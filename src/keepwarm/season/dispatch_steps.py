"""One step of many samples, dispatched one after the other by compiled loops.

The same rounds as in `keepwarm.season.dispatching`, which the tests hold them against: there each
round is one numpy call for all samples, here all rounds of a sample follow one another while its
basis is at hand.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled, inlined
from keepwarm.network.bound_steps import Frame, Sources, set_needs, set_sources, shed_of
from keepwarm.solve.basis import brought, find_spots, rung_value
from keepwarm.solve.inverse import Hot
from keepwarm.solve.pivoting import OPTIMAL, hot_of, solve_hot, write_sample
from keepwarm.solve.simplex import Engine


class Rules(NamedTuple):
    """What stays of a corridor: who needs what where."""

    rounds: int
    surge: float  # times the base need, of a feeder that comes back
    power_need: Ints  # (groups,), -1 for none
    safe_need: Ints  # (groups,)
    comfort_need: Ints  # (groups,)
    power_bus: Ints  # (groups,)
    depends: Bools  # (groups,): substations that stop with their feeder
    feeder_need: Ints  # (buses,): household power there, -1 for none
    probe_mw: Floats  # (needs,)
    homes: Bools  # (needs,): stores may not fill at their cost


class Asked(NamedTuple):
    """What the samples of a block ask for before anybody is cut, and of whom."""

    which: Ints  # (samples,): the solver's numbers
    base_mw: Floats  # (needs,): loads of the case
    plugged_in_mw: Floats  # (samples, groups): electric heaters
    safe_mw: Floats  # (samples, groups)
    comfort_mw: Floats  # (samples, groups)
    available: Floats  # (samples, assets), restarts included
    level_mwh: Floats  # (samples, storages)
    shed_before: Floats  # (samples, buses): share of household power
    cut: Floats  # (needs,): share that is cut whatever there is
    backed: Floats  # (groups,): share of substations that need no feeder


class Answer(NamedTuple):
    """What each sample ended with."""

    status: Ints  # (samples,)
    pivots: Ints  # (samples,)
    x: Floats  # (samples, columns)
    dual: Floats  # (samples, rows)
    need_mw: Floats  # (samples, needs)
    shed_mw: Floats  # (samples, needs)
    accepting: Floats  # (samples, groups)
    shed_share: Floats  # (samples, buses): of household power
    closed: Bools  # (samples,): no store was filled


class Desk(NamedTuple):
    """Work space of one sample."""

    lower: Floats  # (columns,)
    upper: Floats
    rhs: Floats  # (rows,)
    base_mw: Floats  # (needs,): with electric heaters
    extra_mw: Floats  # (needs,): of feeders that come back
    need_mw: Floats  # (needs,): of a round
    shed_mw: Floats  # (needs,): of a second look


def desk(rows: int, columns: int, needs: int) -> Desk:
    """Allocate the work space of one sample."""
    return Desk(
        np.zeros(columns),
        np.zeros(columns),
        np.zeros(rows),
        *np.zeros((4, needs)),
    )


@compiled
def dispatch_block(
    frame: Frame,
    rules: Rules,
    engine: Engine,
    given: Sources,
    asked: Asked,
    answer: Answer,
    room: Desk,
) -> None:
    """Dispatch one step of every sample; a status other than `OPTIMAL` says that it has no answer.

    ``room`` begins as zeros, or as another step of the same template left it.
    """
    for k in range(room.lower.size):
        room.lower[k] = 0.0
    for a in range(asked.which.size):
        set_sources(frame, given, asked.available[a], asked.level_mwh[a], room.lower, room.upper)
        answer.status[a] = _dispatch(frame, rules, engine, asked, answer, room, a)
        if answer.status[a] == OPTIMAL:
            s = asked.which[a]
            _write(engine, room, s, answer.x[a], answer.dual[a])
            shed_of(frame, answer.x[a], answer.shed_mw[a])
            answer.status[a] = _look_again(frame, rules, engine, asked, answer, room, a)


@inlined
def _dispatch(
    frame: Frame, rules: Rules, engine: Engine, asked: Asked, answer: Answer, room: Desk, a: int
) -> int:
    """Dispatch until no substation takes more than its feeder serves."""
    _base_needs(rules, asked, room, a)
    accepting, share, need = answer.accepting[a], answer.shed_share[a], answer.need_mw[a]
    for g in range(accepting.size):
        accepting[g] = 1.0
    answer.pivots[a] = 0
    for turn in range(rules.rounds):
        _ask(rules, asked, accepting, room, a)
        if turn == 0:
            _bound(frame, asked, need, room)
        else:
            _move(frame, engine, asked, need, room, asked.which[a])
        status = _solve(engine, asked, answer, room, a, turn > 0)
        if status != OPTIMAL:
            return status
        _feeders_shed(frame, rules, engine, need, room, asked.which[a], share)
        changed = turn == 0 and _pick_up(rules, asked.shed_before[a], share, room)
        stops = _stops(rules, asked, share, accepting)
        if not (changed or stops) or turn == rules.rounds - 1:
            break
        _stop(rules, asked, share, accepting)
    return OPTIMAL


@inlined
def _solve(engine: Engine, asked: Asked, answer: Answer, room: Desk, a: int, again: bool) -> int:
    """Solve the step of a sample as it is bounded now; return the status."""
    status, pivots = solve_hot(
        engine.program,
        engine.block,
        engine.ready,
        engine.room,
        asked.which[a],
        room.lower,
        room.upper,
        room.rhs,
        engine.limit,
        again,
    )
    answer.pivots[a] += pivots
    return int(status)


@inlined
def _write(engine: Engine, room: Desk, s: int, x: Floats, dual: Floats) -> None:
    """Write what was solved last."""
    write_sample(engine.program, engine.block, engine.room, s, room.lower, room.upper, x, dual)


@inlined
def _base_needs(rules: Rules, asked: Asked, room: Desk, a: int) -> None:
    """Add electric heaters to the loads."""
    base, extra = room.base_mw, room.extra_mw
    for n in range(base.size):
        base[n], extra[n] = asked.base_mw[n], 0.0
    for g in range(rules.power_need.size):
        if rules.power_need[g] >= 0:
            base[rules.power_need[g]] += asked.plugged_in_mw[a, g]


@inlined
def _ask(rules: Rules, asked: Asked, accepting: Floats, room: Desk, a: int) -> None:
    """Add up the needs of a round."""
    need = room.need_mw
    for n in range(need.size):
        need[n] = room.base_mw[n] + room.extra_mw[n] + rules.probe_mw[n]
    for g in range(accepting.size):
        if rules.safe_need[g] >= 0:
            need[rules.safe_need[g]] += asked.safe_mw[a, g] * accepting[g]
        if rules.comfort_need[g] >= 0:
            need[rules.comfort_need[g]] += asked.comfort_mw[a, g] * accepting[g]


@inlined
def _bound(frame: Frame, asked: Asked, need: Floats, room: Desk) -> None:
    """Set the bounds of all needs, and what of them is cut whatever there is."""
    for n in range(need.size):
        need[n] = room.need_mw[n]
    set_needs(frame, need, room.upper, room.rhs)
    for n in range(need.size):
        _cut(frame, asked, need, room, n)


@inlined
def _cut(frame: Frame, asked: Asked, need: Floats, room: Desk, n: int) -> None:
    if asked.cut[n] > 0.0:
        first = frame.shed + n * frame.steps
        for k in range(first, first + frame.steps):
            room.lower[k] = min(need[n] * asked.cut[n] / frame.steps, room.upper[k])


@inlined
def _move(frame: Frame, engine: Engine, asked: Asked, need: Floats, room: Desk, s: int) -> None:
    """Move the bounds of needs that another round changes.

    What a bus can spill stays as wide as in the first round: far wider than what comes to it.
    """
    program, hot, moved = engine.program, hot_of(engine.block, s), engine.room.moved
    for n in range(need.size):
        grown = room.need_mw[n] - need[n]
        if grown == 0.0:
            continue
        i, first = frame.bus[n], frame.shed + n * frame.steps
        before = brought(program, hot, room.lower, room.upper, i)
        need[n] = room.need_mw[n]
        for k in range(first, first + frame.steps):
            room.upper[k] = need[n] / frame.steps
        _cut(frame, asked, need, room, n)
        moved[i] += grown + before - brought(program, hot, room.lower, room.upper, i)
        room.rhs[i] += grown


@inlined
def _feeders_shed(
    frame: Frame, rules: Rules, engine: Engine, need: Floats, room: Desk, s: int, share: Floats
) -> None:
    """Work out the share of household power shed at each bus, from what was solved last."""
    program, hot = engine.program, hot_of(engine.block, s)
    find_spots(program, hot, engine.room)
    for b in range(share.size):
        n, served = rules.feeder_need[b], 1.0
        if n >= 0 and need[n] > 1e-9:
            shed = _shed(frame, engine, hot, room, n)
            served = served_share(need[n] - shed, need[n])
        share[b] = 1.0 - served


@inlined
def _shed(frame: Frame, engine: Engine, hot: Hot, room: Desk, n: int) -> float:
    """Return what is shed of a need, after `find_spots`."""
    first, total = frame.shed + n * frame.steps, 0.0
    for k in range(first, first + frame.steps):
        total += rung_value(engine.program, hot, engine.room, room.lower, room.upper, k)
    return total


@inlined
def served_share(part: float, whole: float) -> float:
    """Return part / whole within 0 and 1; what the solver's tolerance leaves open counts as all."""
    share = min(max(part / max(whole, 1e-9), 0.0), 1.0)
    return 1.0 if share > 1 - 1e-9 else share


@inlined
def _pick_up(rules: Rules, before: Floats, share: Floats, room: Desk) -> bool:
    """Work out what feeders that come back in this step draw beside their need."""
    any_extra = False
    for b in range(share.size):
        back, n = before[b] - share[b], rules.feeder_need[b]
        if n >= 0 and back > 1e-9:
            room.extra_mw[n] = room.base_mw[n] * back * rules.surge
            any_extra |= room.extra_mw[n] != 0.0
    return any_extra


@inlined
def _powered(rules: Rules, asked: Asked, share: Floats, g: int) -> float:
    """Return the share of a group's substations that run."""
    if not rules.depends[g]:
        return 1.0
    return float(max(1.0 - share[rules.power_bus[g]], asked.backed[g]))


@inlined
def _stops(rules: Rules, asked: Asked, share: Floats, accepting: Floats) -> bool:
    """Whether a substation that was asked for has no power."""
    found = False
    for g in range(accepting.size):
        found |= _powered(rules, asked, share, g) < accepting[g] - 1e-6
    return found


@inlined
def _stop(rules: Rules, asked: Asked, share: Floats, accepting: Floats) -> None:
    """Let substations take no more than their feeder serves."""
    for g in range(accepting.size):
        accepting[g] = min(accepting[g], _powered(rules, asked, share, g))


@inlined
def _look_again(
    frame: Frame, rules: Rules, engine: Engine, asked: Asked, answer: Answer, room: Desk, a: int
) -> int:
    """Close the stores where what fills them costs anybody but industry their need."""
    x, s, charged = answer.x[a], asked.which[a], 0.0
    lost, stores = _lost(rules, answer.shed_mw[a]), asked.level_mwh.shape[1]
    for k in range(frame.charge, frame.charge + stores):
        charged += x[k]
    answer.closed[a] = False
    if not (lost > 1e-6 and charged > 1e-6):
        return OPTIMAL
    program, hot = engine.program, hot_of(engine.block, s)
    for k in range(frame.charge, frame.charge + stores):
        i = program.row_of_column[k]
        before = brought(program, hot, room.lower, room.upper, i) if x[k] > 0.0 else 0.0
        room.upper[k] = 0.0
        if x[k] > 0.0:
            after = brought(program, hot, room.lower, room.upper, i)
            engine.room.moved[i] += before - after
    status = _solve(engine, asked, answer, room, a, True)
    if status != OPTIMAL:
        return status
    find_spots(program, hot, engine.room)
    for n in range(room.need_mw.size):
        room.shed_mw[n] = _shed(frame, engine, hot, room, n) if rules.homes[n] else 0.0
    if _lost(rules, room.shed_mw) < lost - 1e-6:
        answer.closed[a] = True
        _write(engine, room, s, x, answer.dual[a])
        shed_of(frame, x, answer.shed_mw[a])
        _feeders_shed(frame, rules, engine, answer.need_mw[a], room, s, answer.shed_share[a])
    return OPTIMAL


@inlined
def _lost(rules: Rules, shed: Floats) -> float:
    """Add up what all but industry lack, MW."""
    total = 0.0
    for n in range(shed.size):
        if rules.homes[n]:
            total += shed[n]
    return total
