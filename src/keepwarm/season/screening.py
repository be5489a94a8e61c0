"""Hours of samples that are certainly without shortage, by compiled loops; the others listed.

A *cut* is a part of the network with a margin in each step: what it can make and take in, less what
it needs, with everything standing. A step is without shortage while no cut has lost more than its
margin to outages. See `keepwarm.season.cuts` for which cuts there are.
"""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled, inlined, lowest
from keepwarm.network.bound_steps import Frame, Sources, set_needs, set_sources, shed_of
from keepwarm.solve.pattern import NONE, ONE, WORD, Bits, set_bit, words
from keepwarm.solve.pivoting import OPTIMAL, solve_sample
from keepwarm.solve.simplex import Engine

#: A cut within this of its margin is looked at, MW: sums of losses end in rounding errors.
CLOSE_MW = 1e-7

#: How a step that is not certain is dispatched: place by place, or by the whole program.
BY_PRICE, BY_PROGRAM = 1, 2


class Screen(NamedTuple):
    """Which losses each cut can bear."""

    margin: Floats  # (cuts, steps), MW
    least: Floats  # (cuts,): the least of all steps
    how: npt.NDArray[np.int8]  # (cuts,): BY_PRICE or BY_PROGRAM
    first: Ints  # (assets + 1,): where the entries of each asset begin
    cut: Ints  # (entries,)
    lost_mw: Floats  # (entries,): at most, what the cut loses with all of the asset
    whole: Bools  # (assets,): in or out; any loss is all of it


class Losses(NamedTuple):
    """Outages of a block of samples, and the steps they act in."""

    first: Ints  # (samples + 1,): where those of each sample begin
    asset: Ints  # (rows,)
    left: Floats  # (rows,)
    begin: Ints  # (rows,): first step
    end: Ints  # (rows,): first step that it does not act in


class Flagged(NamedTuple):
    """Steps of samples that are not certain, by sample, then step."""

    sample: Ints  # (rows,): within the block
    step: Ints  # (rows,)
    how: npt.NDArray[np.int8]  # (rows,)


class Track(NamedTuple):
    """Work space: all empty between two samples."""

    more_mw: Floats  # (steps, cuts): what each cut has lost more than in the step before
    changes: Bits  # steps with any change
    lost_mw: Floats  # (cuts,)
    marks: npt.NDArray[np.int8]  # (steps,)


class Prices(NamedTuple):
    """Buses that no energy comes to from elsewhere: what is short is shed by price."""

    first_source: Ints  # (buses + 1,): where the sources of each begin
    source: Ints  # (sources,): index into generators
    first_rung: Ints  # (buses + 1,): where the price steps of each begin, the cheapest first
    rung: Ints  # (rungs,): the need that the step belongs to


class Hours(NamedTuple):
    """What steps bring, by step of the season."""

    generator_low: Floats  # (steps, generators)
    generator_high: Floats
    link_low: Floats  # (steps, links)
    link_high: Floats
    inflow_mw: Floats  # (steps, storages)
    need_mw: Floats  # (steps, needs)


def track(steps: int, cuts: int) -> Track:
    """Allocate the work space of a season."""
    return Track(
        more_mw=np.zeros((steps, cuts)),
        changes=np.zeros(words(steps), dtype=np.uint64),
        lost_mw=np.zeros(cuts),
        marks=np.zeros(steps, dtype=np.int8),
    )


@compiled
def set_steps(begin: Floats, end: Floats, dt: float, steps: int, first: Ints, last: Ints) -> None:
    """Work out the steps whose start lies within outages given in hours."""
    for k in range(begin.size):
        first[k] = _step_at(begin[k], dt, steps)
        last[k] = _step_at(end[k], dt, steps)


@inlined
def _step_at(hours: float, dt: float, steps: int) -> int:
    """Return the first step that starts at these hours or later, ``steps`` for none."""
    if hours >= steps * dt:
        return steps
    return max(ceil(hours / dt - 1e-9), 0)


@compiled
def flag_steps(screen: Screen, losses: Losses, room: Track, flagged: Flagged) -> int:
    """List the steps that are not certainly without shortage; return how many they are.

    What does not fit into ``flagged`` is counted and not written.
    """
    steps, count = screen.margin.shape[1], 0
    for s in range(losses.first.size - 1):
        _note_changes(screen, losses, room, s, steps)
        now = 0
        for w in range(room.changes.size):
            word = room.changes[w]
            room.changes[w] = NONE
            while word != NONE:
                t = WORD * w + lowest(word)
                word &= word - ONE
                if t > now:
                    count = _look_through(screen, room, flagged, s, now, t, count)
                for c in range(room.lost_mw.size):
                    room.lost_mw[c] += room.more_mw[t, c]
                    room.more_mw[t, c] = 0.0
                now = t
        count = _look_through(screen, room, flagged, s, now, steps, count)
        for c in range(room.lost_mw.size):
            room.lost_mw[c] = 0.0
    return count


@inlined
def _note_changes(screen: Screen, losses: Losses, room: Track, s: int, steps: int) -> None:
    """Note at the begin and end of each outage of a sample what cuts lose by it."""
    for k in range(losses.first[s], losses.first[s + 1]):
        begin, end, asset = losses.begin[k], losses.end[k], losses.asset[k]
        lost = 1.0 - losses.left[k]
        if screen.whole[asset] and lost > 0.0:
            lost = 1.0
        if begin < end:
            set_bit(room.changes, begin)
            if end < steps:
                set_bit(room.changes, end)
            for entry in range(screen.first[asset], screen.first[asset + 1]):
                cut, mw = screen.cut[entry], lost * screen.lost_mw[entry]
                room.more_mw[begin, cut] += mw
                if end < steps:
                    room.more_mw[end, cut] -= mw


@inlined
def _look_through(
    screen: Screen, room: Track, flagged: Flagged, s: int, now: int, end: int, count: int
) -> int:
    """List the steps from ``now`` to ``end``, between two changes, that some cut does not clear."""
    found = False
    for c in range(screen.least.size):
        bearable = room.lost_mw[c] + CLOSE_MW
        if bearable > screen.least[c]:
            margin = screen.margin[c]
            for h in range(now, end):
                if bearable > margin[h]:
                    room.marks[h] |= screen.how[c]
                    found = True
    if found:
        for h in range(now, end):
            if room.marks[h]:
                if count < flagged.step.size:
                    flagged.sample[count], flagged.step[count] = s, h
                    flagged.how[count] = room.marks[h]
                room.marks[h] = 0
                count += 1
    return count


@compiled
def take_away(losses: Losses, sample: Ints, step: Ints, left: Floats) -> None:
    """Lower what is left of assets, (rows, assets), by the outages that act in rows of steps.

    ``sample`` rises, and within a sample ``step`` does.
    """
    low = 0
    while low < sample.size:
        s, high = sample[low], low
        while high < sample.size and sample[high] == s:
            high += 1
        for k in range(losses.first[s], losses.first[s + 1]):
            row, after = low, high
            while row < after:
                middle = (row + after) >> 1
                if step[middle] < losses.begin[k]:
                    row = middle + 1
                else:
                    after = middle
            while row < high and step[row] < losses.end[k]:
                if losses.left[k] < left[row, losses.asset[k]]:
                    left[row, losses.asset[k]] = losses.left[k]
                row += 1
        low = high


@compiled
def shed_by_price(
    prices: Prices, hours: Hours, rungs: int, step: Ints, left: Floats, shed: Floats
) -> None:
    """Shed what buses on their own are short of, (rows, needs), the cheapest steps first."""
    for r in range(step.size):
        need, high = hours.need_mw[step[r]], hours.generator_high[step[r]]
        for b in range(prices.first_source.size - 1):
            short = 0.0
            for k in range(prices.first_rung[b], prices.first_rung[b + 1]):
                short += need[prices.rung[k]] / rungs
            for k in range(prices.first_source[b], prices.first_source[b + 1]):
                short -= high[prices.source[k]] * left[r, prices.source[k]]
            for k in range(prices.first_rung[b], prices.first_rung[b + 1]):
                if short <= 0.0:
                    break
                given_up = min(short, need[prices.rung[k]] / rungs)
                shed[r, prices.rung[k]] += given_up
                short -= given_up


@compiled
def solve_steps(
    frame: Frame,
    engine: Engine,
    hours: Hours,
    sample: Ints,
    step: Ints,
    left: Floats,
    level: Floats,
    lower: Floats,
    upper: Floats,
    rhs: Floats,
    x: Floats,
    dual: Floats,
    shed: Floats,
    status: Ints,
) -> None:
    """Solve the program of each row, hot from the sample's row before.

    Parameters
    ----------
    level
        Shape (storages,): zero, where steps are independent.
    lower, upper, rhs
        Work space, zero where nothing else has been.
    x, dual, shed, status
        Written, a row each.
    """
    for r in range(step.size):
        h = step[r]
        given = Sources(
            hours.generator_low[h],
            hours.generator_high[h],
            hours.link_low[h],
            hours.link_high[h],
            hours.inflow_mw[h],
        )
        set_sources(frame, given, left[r], level, lower, upper)
        set_needs(frame, hours.need_mw[h], upper, rhs)
        status[r], _ = solve_sample(
            engine.program,
            engine.block,
            engine.ready,
            engine.room,
            sample[r],
            lower,
            upper,
            rhs,
            engine.limit,
            x[r],
            dual[r],
        )
        if status[r] == OPTIMAL:
            shed_of(frame, x[r], shed[r])
