"""Many samples of one season, walked in blocks: each hour once for all samples of a block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import repeat

import numpy as np

from keepwarm.case.nouns import Ints
from keepwarm.season.audit import Audit, Auditor
from keepwarm.season.corridor import Corridor
from keepwarm.season.drawn import Draw
from keepwarm.season.orders import Orders
from keepwarm.season.parameters import made_of
from keepwarm.season.sky import sky_over
from keepwarm.season.state import BANDED, State, of_samples, spread
from keepwarm.season.step import Step, take_step
from keepwarm.season.totals import Tally, Totals
from keepwarm.solve.solution import Solver
from keepwarm.warmth.pipes import Pipes
from keepwarm.warmth.rooms import Rooms

#: Samples walked side by side, enough to make numpy's cost per call small, as far as what the
#: solver keeps of them fits: samples x rows x rows numbers, 256 MB.
BLOCK, MOST_KEPT = 128, 2**25

#: Bands that are walked: low and central.
DECIDING = 2


@dataclass(frozen=True)
class Unsolved:
    """A sample that was given up, where and why."""

    sample: int
    step: int  # counted from the first of the season
    status: str  # what the solver said


@dataclass(frozen=True)
class Block:
    """What some samples came to."""

    totals: Totals  # of the samples that were walked to the end
    unsolved: tuple[Unsolved, ...]
    audit: Audit


def march_many(
    corridor: Corridor,
    draw: Draw,
    *,
    samples: Ints,
    first: int,
    steps: int,
    state: State,
    solver: Solver,
    audited: frozenset[tuple[int, int]],
    block: int | None = None,
    orders: Orders | None = None,
    watch: Callable[[int, Ints, Step], None] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Block]:
    """Walk many samples of one season, block by block.

    A sample's totals depend on its number and on nothing else: not on the block it is walked in,
    nor on the samples beside it. A sample whose step has no solution is given up and counted; the
    others go on. Memory does not grow with the number of samples: add the blocks up as they come.

    Parameters
    ----------
    corridor
        The prepared case.
    draw
        What samples have of their own: called once for each block, with their numbers.
    samples
        Shape (samples,): their numbers.
    first
        Row of the case's snapshots where the season starts.
    steps
        How many steps each sample takes.
    state
        Of one sample at the start of the first step; all start from it.
    solver
        Of ``corridor.template``, perturbed costs; it starts anew with each block.
    audited
        (sample, step) pairs to solve again, from `keepwarm.season.audit.audited_steps`; those of
        other samples are passed over.
    block
        Samples walked side by side; `BLOCK` without it, fewer of large networks.
    orders
        What a plan tells all of them, step by step.
    watch
        Shown each step: its number, the numbers of its samples, and what came of it, which is
        good until the next step.
    progress
        Called with the number of steps done, those of all samples together.

    Yields
    ------
    Block

    **Leaves out**: the high band, and series over time (see `march` for one sample).
    """
    corridor, state = _deciding_bands(corridor), _deciding(state)
    if block is None:
        block = min(BLOCK, max(MOST_KEPT // corridor.template.matrix.shape[0] ** 2, 8))
    for begin in range(0, len(samples), block):
        numbers = samples[begin : begin + block]
        solver.restart()
        which, now = np.arange(len(numbers)), spread(state, len(numbers))
        tally, auditor = Tally(corridor, numbers), Auditor(corridor.template, audited)
        unsolved: list[Unsolved] = []
        drawn = draw(numbers)
        walked = made_of(corridor, drawn.parameters)
        if drawn.state is not None:
            now = _deciding(drawn.state)
        weather = repeat(None) if drawn.weather is None else drawn.weather
        last: Step | None = None
        for t, left, sky in zip(range(steps), drawn.available, weather, strict=False):
            told = None if orders is None else orders.at(t)
            step = take_step(
                walked,
                solver,
                which,
                first + t,
                left[which],
                now,
                orders=told,
                sky=None if sky is None else sky_over(walked, first + t, sky.of_samples(which)),
                last=last,
                timed=False,
            )
            auditor.check(numbers[which], t, step.solved)
            tally.add(step, first + t)
            if watch is not None:
                watch(t, numbers[which], step)
            last, now, solved = step, step.state, step.solved.optimal
            if not solved.all():
                status = step.solved.solution.status
                unsolved.extend(
                    Unsolved(int(numbers[which[row]]), t, status[row])
                    for row in np.flatnonzero(~solved).tolist()
                )
                rows = np.flatnonzero(solved)
                which, now, last = which[solved], of_samples(now, rows), None
                walked = replace(walked, fabric=walked.fabric.of_samples(rows))
                tally.keep(solved)
            if progress is not None:
                progress(begin * steps + (t + 1) * len(numbers))
            if not which.size:
                break
        yield Block(tally.totals, tuple(unsolved), auditor.audit())


def _deciding_bands(corridor: Corridor) -> Corridor:
    """Return the corridor without the high band.

    The low band decides what is drained, the central one all else; the high one is only for those
    who read a single run, and costs a third of rooms and pipes.
    """
    rooms = Rooms(**{name: table[:DECIDING] for name, table in vars(corridor.rooms).items()})
    pipes = Pipes(**{name: table[:DECIDING] for name, table in vars(corridor.pipes).items()})
    fabric = replace(
        corridor.fabric,
        rooms=rooms,
        pipes=pipes,
        emitters_w_per_m2=corridor.fabric.emitters_w_per_m2[:DECIDING],
        row=corridor.fabric.row[:DECIDING],
    )
    return replace(corridor, rooms=rooms, pipes=pipes, fabric=fabric)


def _deciding(state: State) -> State:
    """Return a state without the high band."""
    return replace(state, **{name: getattr(state, name)[:DECIDING] for name in BANDED})
