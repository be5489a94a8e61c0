"""Many samples of a season whose steps do not hang on each other: only short ones are dispatched.

The same samples, needs and totals as `keepwarm.season.batch.march_many`, which the tests hold it
against; but hours that are certainly without shortage are not looked at one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.damage.outages import Outages
from keepwarm.network import Bounds, step_bounds
from keepwarm.season.audit import Auditor
from keepwarm.season.batch import Block, Unsolved
from keepwarm.season.corridor import Corridor
from keepwarm.season.cuts import (
    cuts_of,
    hours_of,
    prices_of,
    screen_of,
    why_tied,
)
from keepwarm.season.screening import (
    BY_PROGRAM,
    Flagged,
    Hours,
    Losses,
    Prices,
    Screen,
    flag_steps,
    set_steps,
    shed_by_price,
    solve_steps,
    take_away,
    track,
)
from keepwarm.season.settled import Season, Sums, season_of
from keepwarm.season.solved import Solved
from keepwarm.solve.highs import HighsSolver
from keepwarm.solve.pivoting import OPTIMAL
from keepwarm.solve.simplex import SimplexSolver
from keepwarm.solve.solution import Solutions

#: Samples that are screened together, and the numbers that a slab of their short steps may hold.
BLOCK, SLAB = 256, 4_000_000


@dataclass(frozen=True)
class Independent:
    """A case whose steps are independent, over a season, ready to be walked."""

    corridor: Corridor
    first: int  # row of the case's snapshots where the season starts
    standing: Floats  # (steps, assets): what stands in every sample
    hours: Hours
    screen: Screen
    prices: Prices

    @property
    def steps(self) -> int:
        """Steps of the season."""
        return len(self.standing)

    @cached_property
    def season(self) -> Season:
        """What all samples need."""
        return season_of(self.corridor, self.first, self.hours.need_mw)

    @cached_property
    def decided(self) -> bool:
        """Whether no step needs a program: everything is one bus, or several on their own."""
        return bool((self.screen.how != BY_PROGRAM).all())


def independent(
    corridor: Corridor, *, first: int, steps: int, standing: Floats | None = None
) -> Independent:
    """Prepare a season for `walk_independent`.

    Parameters
    ----------
    corridor
        The prepared case.
    first
        Row of the case's snapshots where the season starts.
    steps
        How many steps each sample takes.
    standing
        Shape (steps, assets): what damage leaves in every sample, all of it where None.

    Raises
    ------
    ValueError
        When something ties the steps together: see `keepwarm.season.cuts.why_tied`.
    """
    why = why_tied(corridor)
    if why:
        raise ValueError(why)
    template, hours = corridor.template, hours_of(corridor, first, steps)
    assets = len(template.network.assets)
    whole = np.ones((steps, assets)) if standing is None else np.ascontiguousarray(standing)
    nobody = np.zeros((steps, len(template.needs)), dtype=np.bool_)
    cuts, alone = cuts_of(corridor, hours, whole, nobody)
    made = Independent(
        corridor, first, whole, hours, screen_of(cuts, template, steps), prices_of(template, alone)
    )
    if made.decided:
        return made
    season = _Steps(np.zeros(steps, dtype=np.int64), np.arange(steps), whole.copy())
    rows = _Rows(made, SimplexSolver(template.perturbed_cost, template.matrix)).solved(season)
    short = (rows.shed_mw > 1e-9) | ~rows.optimal[:, None]
    cuts, alone = cuts_of(corridor, hours, whole, short)
    return replace(made, screen=screen_of(cuts, template, steps))


def walk_independent(
    made: Independent,
    draw: Callable[[Ints], Outages],
    *,
    samples: Ints,
    solver: SimplexSolver,
    audited: frozenset[tuple[int, int]],
    block: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Block]:
    """Walk many samples of one season, block by block.

    A sample's totals depend on its number and on nothing else, as in `march_many`; the number of
    samples does not move how much memory is needed.

    Parameters
    ----------
    made
        From `independent`.
    draw
        When assets of some samples, by their numbers, are out: called once for each block.
    samples
        Shape (samples,): their numbers.
    solver
        Of the case's template, perturbed costs; it starts anew with each block.
    audited
        (sample, step) pairs to solve again, from `keepwarm.season.audit.audited_steps`. Of steps
        that no program was solved for, what is shed is compared, and no objective.
    block
        Samples taken together; as many as fit for None.
    progress
        Called with the number of steps done, those of all samples together.

    Yields
    ------
    Block

    **Leaves out**: homes, stores, plants that restart, cold-load pickup, plans: all that ties steps
    together.
    """
    size = _block_size(made) if block is None else block
    for begin in range(0, len(samples), size):
        numbers = samples[begin : begin + size]
        solver.restart()
        yield _walk(made, draw(numbers), numbers, solver, audited)
        if progress is not None:
            progress((begin + len(numbers)) * made.steps)


def _block_size(made: Independent) -> int:
    """Return how many samples are taken together: each keeps an inverse if there are programs."""
    rows = made.corridor.template.matrix.shape[0]
    return BLOCK if made.decided else max(8, min(BLOCK, SLAB // max(rows * rows, 1)))


@dataclass(frozen=True)
class _Steps:
    """Steps of samples, by sample, then step, and what stands in them."""

    sample: Ints  # (rows,) within the block
    step: Ints  # (rows,)
    left: Floats  # (rows, assets)

    def some(self, which: Ints | Bools) -> _Steps:
        return _Steps(self.sample[which], self.step[which], self.left[which])


def _walk(
    made: Independent,
    outages: Outages,
    numbers: Ints,
    solver: SimplexSolver,
    audited: frozenset[tuple[int, int]],
) -> Block:
    """Screen the samples of a block, dispatch what is left over and add it up."""
    losses = _losses(made, outages, len(numbers))
    flagged = _flagged(made.screen, losses, made.steps)
    sums = Sums(made.season, len(numbers))
    auditor = Auditor(made.corridor.template, audited)
    rows = _Rows(made, solver)
    failed: dict[int, Unsolved] = {}
    width = made.standing.shape[1] + 8 * sum(made.corridor.template.matrix.shape)
    slab = max(1, SLAB // width)
    for begin in range(0, len(flagged.step), slab):
        part = slice(begin, begin + slab)
        sample, step, how = flagged.sample[part], flagged.step[part], flagged.how[part]
        some = _Steps(sample, step, made.standing[step])
        take_away(losses, sample, step, some.left)
        shed = np.zeros((len(step), len(made.corridor.template.needs)))
        shed_by_price(made.prices, made.hours, made.corridor.template.steps, step, some.left, shed)
        asked = np.flatnonzero(how >= BY_PROGRAM)
        if asked.size:
            solved = rows.solved(some.some(asked))
            auditor.check(numbers[sample[asked]], step[asked], solved)
            shed[asked] = np.where(solved.shed_mw > 1e-9, solved.shed_mw, 0.0)
            for at in np.flatnonzero(~solved.optimal).tolist():
                row, status = asked[at], solved.solution.status[at]
                one = Unsolved(int(numbers[sample[row]]), int(step[row]), status)
                failed.setdefault(int(sample[row]), one)
        sums.add(sample, step, shed)
    _audit_settled(made, losses, flagged, numbers, auditor, audited)
    good = np.ones(len(numbers), dtype=np.bool_)
    good[list(failed)] = False
    return Block(sums.totals(numbers, good), tuple(failed.values()), auditor.audit())


def _losses(made: Independent, outages: Outages, samples: int) -> Losses:
    count, dt = len(outages), made.corridor.case.network.step_hours
    begin, end = np.empty((2, count), dtype=np.int64)
    set_steps(outages.begin, outages.end, dt, made.steps, begin, end)
    first = np.searchsorted(outages.sample, np.arange(samples + 1))
    return Losses(first, outages.asset, outages.left, begin, end)


def _flagged(screen: Screen, losses: Losses, steps: int) -> Flagged:
    """Return the steps of samples that are not certainly without shortage."""
    room = track(steps, screen.least.size)
    size = 64 * losses.first.size
    while True:
        sample, step = np.empty((2, size), dtype=np.int64)
        flagged = Flagged(sample, step, np.empty(size, dtype=np.int8))
        count = flag_steps(screen, losses, room, flagged)
        if count <= size:
            return Flagged(sample[:count], step[:count], flagged.how[:count])
        size = count


class _Rows:
    """Solves the programs of steps of samples."""

    def __init__(self, made: Independent, solver: SimplexSolver) -> None:
        self._made, self._solver = made, solver

    def solved(self, some: _Steps) -> Solved:
        """Solve the program of each row, hot from the row of its sample before."""
        made, template, count = self._made, self._made.corridor.template, len(some.step)
        need = made.hours.need_mw[some.step]
        level = np.zeros((count, len(template.network.storages)))

        def bounds_of(rows: Ints | slice) -> Bounds:
            return step_bounds(
                template,
                hour=made.first + some.step[rows],
                need_mw=need[rows],
                available=some.left[rows],
                level_mwh=level[rows],
            )

        (rows, columns), needs = template.matrix.shape, len(template.needs)
        x, dual, shed = (
            np.empty((count, columns)),
            np.empty((count, rows)),
            np.zeros((count, needs)),
        )
        status = np.full(count, OPTIMAL + 1)
        engine = self._solver.engine(int(some.sample.max(initial=-1)) + 1)
        if engine is not None:
            room = (np.zeros(columns), np.zeros(columns), np.zeros(rows))
            solve_steps(
                made.corridor.frame, engine, made.hours, some.sample, some.step, some.left,
                np.zeros(level.shape[1]), *room, x, dual, shed, status,
            )  # fmt: skip
        said = ["optimal"] * count
        for row in np.flatnonzero(status != OPTIMAL).tolist():
            bounds = bounds_of(np.array([row]))
            again = HighsSolver(template.perturbed_cost, template.matrix).solve(
                bounds.lower[0], bounds.upper[0], bounds.rhs[0]
            )
            said[row] = again.status
            x[row], dual[row] = (again.x, again.row_dual) if again.optimal else (np.nan, np.nan)
            shed[row] = x[row, template.columns.shed].reshape(needs, -1).sum(axis=1)
            self._solver.fallbacks += 1
        solutions = Solutions(tuple(said), x, dual, np.zeros(count, dtype=np.int64))
        nobody = np.zeros((count, 0))
        return Solved(
            template, solutions, need, shed, some.left, nobody, lambda: bounds_of(slice(None))
        )


def _audit_settled(
    made: Independent,
    losses: Losses,
    flagged: Flagged,
    numbers: Ints,
    auditor: Auditor,
    audited: frozenset[tuple[int, int]],
) -> None:
    """Solve the chosen steps that needed no program, and compare what is shed."""
    at = {int(number): k for k, number in enumerate(numbers)}
    programmed = flagged.how >= BY_PROGRAM
    done = set(
        zip(flagged.sample[programmed].tolist(), flagged.step[programmed].tolist(), strict=True)
    )
    chosen = sorted({(at[sample], step) for sample, step in audited if sample in at} - done)
    if not chosen:
        return
    sample, step = np.array(chosen, dtype=np.int64).T.copy()
    template, left = made.corridor.template, made.standing[step]
    take_away(losses, sample, step, left)
    shed = np.zeros((len(step), len(template.needs)))
    shed_by_price(made.prices, made.hours, template.steps, step, left, shed)
    bounds = step_bounds(
        template,
        hour=made.first + step,
        need_mw=made.hours.need_mw[step],
        available=left,
        level_mwh=np.zeros((len(step), len(template.network.storages))),
    )
    auditor.check_shed(bounds, made.hours.need_mw[step], shed)
