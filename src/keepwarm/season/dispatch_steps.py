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
from keepwarm.solve.pivoting import OPTIMAL, solve_sample
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
    x: Floats  # (columns,): of a second look
    dual: Floats  # (rows,)
    shed_mw: Floats  # (needs,)


def desk(rows: int, columns: int, needs: int) -> Desk:
    """Allocate the work space of one sample."""
    return Desk(
        np.zeros(columns),
        np.zeros(columns),
        np.zeros(rows),
        np.zeros(needs),
        np.zeros(needs),
        np.zeros(columns),
        np.zeros(rows),
        np.zeros(needs),
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
            _look_again(frame, rules, engine, asked, answer, room, a)


@inlined
def _dispatch(
    frame: Frame, rules: Rules, engine: Engine, asked: Asked, answer: Answer, room: Desk, a: int
) -> int:
    """Dispatch until no substation takes more than its feeder serves."""
    _base_needs(rules, asked, room, a)
    accepting, share = answer.accepting[a], answer.shed_share[a]
    for g in range(accepting.size):
        accepting[g] = 1.0
    answer.pivots[a] = 0
    for turn in range(rules.rounds):
        _ask(rules, asked, answer, room, a)
        _bound(frame, asked, answer.need_mw[a], room)
        status, pivots = solve_sample(
            engine.program,
            engine.block,
            engine.ready,
            engine.room,
            asked.which[a],
            room.lower,
            room.upper,
            room.rhs,
            engine.limit,
            answer.x[a],
            answer.dual[a],
        )
        answer.pivots[a] += pivots
        if status != OPTIMAL:
            return status
        shed_of(frame, answer.x[a], answer.shed_mw[a])
        _feeders_shed(rules, answer.need_mw[a], answer.shed_mw[a], share)
        changed = turn == 0 and _pick_up(rules, asked.shed_before[a], share, room)
        stops = _stops(rules, asked, share, accepting)
        if not (changed or stops) or turn == rules.rounds - 1:
            break
        _stop(rules, asked, share, accepting)
    return OPTIMAL


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
def _ask(rules: Rules, asked: Asked, answer: Answer, room: Desk, a: int) -> None:
    """Add up the needs of a round."""
    need, accepting = answer.need_mw[a], answer.accepting[a]
    for n in range(need.size):
        need[n] = room.base_mw[n] + room.extra_mw[n] + rules.probe_mw[n]
    for g in range(accepting.size):
        if rules.safe_need[g] >= 0:
            need[rules.safe_need[g]] += asked.safe_mw[a, g] * accepting[g]
        if rules.comfort_need[g] >= 0:
            need[rules.comfort_need[g]] += asked.comfort_mw[a, g] * accepting[g]


@inlined
def _bound(frame: Frame, asked: Asked, need: Floats, room: Desk) -> None:
    """Set the bounds of needs, and what of them is cut whatever there is."""
    set_needs(frame, need, room.upper, room.rhs)
    for n in range(need.size):
        if asked.cut[n] > 0.0:
            first = frame.shed + n * frame.steps
            for k in range(first, first + frame.steps):
                room.lower[k] = min(need[n] * asked.cut[n] / frame.steps, room.upper[k])


@inlined
def _feeders_shed(rules: Rules, need: Floats, shed: Floats, share: Floats) -> None:
    """Work out the share of household power shed at each bus."""
    for b in range(share.size):
        n, served = rules.feeder_need[b], 1.0
        if n >= 0 and need[n] > 1e-9:
            served = served_share(need[n] - shed[n], need[n])
        share[b] = 1.0 - served


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
) -> None:
    """Close the stores where what fills them costs anybody but industry their need."""
    x, lost, charged = answer.x[a], _lost(rules, answer.shed_mw[a]), 0.0
    stores = asked.level_mwh.shape[1]
    for k in range(stores):
        charged += x[frame.charge + k]
    answer.closed[a] = False
    if not (lost > 1e-6 and charged > 1e-6):
        return
    for k in range(stores):
        room.upper[frame.charge + k] = 0.0
    status, pivots = solve_sample(
        engine.program,
        engine.block,
        engine.ready,
        engine.room,
        asked.which[a],
        room.lower,
        room.upper,
        room.rhs,
        engine.limit,
        room.x,
        room.dual,
    )
    answer.pivots[a] += pivots
    if status != OPTIMAL:
        answer.status[a] = status
        return
    shed_of(frame, room.x, room.shed_mw)
    if _lost(rules, room.shed_mw) < lost - 1e-6:
        answer.closed[a] = True
        for k in range(x.size):
            x[k] = room.x[k]
        for i in range(room.dual.size):
            answer.dual[a, i] = room.dual[i]
        for n in range(room.shed_mw.size):
            answer.shed_mw[a, n] = room.shed_mw[n]
        _feeders_shed(rules, answer.need_mw[a], room.shed_mw, answer.shed_share[a])


@inlined
def _lost(rules: Rules, shed: Floats) -> float:
    """Add up what all but industry lack, MW."""
    total = 0.0
    for n in range(shed.size):
        if rules.homes[n]:
            total += shed[n]
    return total
