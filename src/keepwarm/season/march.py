"""The season loop: one sample, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice, repeat

import numpy as np

from keepwarm.case.nouns import Floats
from keepwarm.errors import SolveError
from keepwarm.season.audit import Auditor, audited_steps, joined
from keepwarm.season.corridor import Corridor
from keepwarm.season.drawn import SampleWeather
from keepwarm.season.milestones import APART, Milestone, Since
from keepwarm.season.orders import Orders, StepOrders
from keepwarm.season.record import Recorder, Season
from keepwarm.season.sky import Sky, sky_over
from keepwarm.season.state import State, of_sample, spread
from keepwarm.season.steering import Steer
from keepwarm.season.step import Step, take_step
from keepwarm.solve.highs import HighsSolver
from keepwarm.solve.solution import Solver

#: The number of a sample that is walked alone.
ALONE = np.zeros(1, dtype=np.int64)


def march(
    corridor: Corridor,
    availability: Floats,
    *,
    first: int,
    state: State,
    steer: Callable[[int, Floats, State], Steer] | None = None,
    orders: Orders | None = None,
    weather: Iterable[SampleWeather] | None = None,
    solver: Solver | None = None,
    audited: frozenset[tuple[int, int]] | None = None,
    watch: Callable[[int, Step], None] | None = None,
    since: Since | None = None,
    passed: Callable[[Milestone], None] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Season:
    """Walk one season from a state.

    Parameters
    ----------
    corridor
        The prepared case.
    availability
        Shape (hours, assets), 0 to 1: what damage leaves in each step.
    first
        Row of the case's snapshots where the season starts.
    state
        At the start of the first step.
    steer
        Told the row of the case's series, what stands there and the state, returns what a
        lookahead tells the step; without one each step follows its prices.
    orders
        What a plan tells, step by step.
    weather
        Of one sample, step by step; the case's own without it.
    solver
        Of ``corridor.template``, perturbed costs; HiGHS without one.
    audited
        (0, step) pairs to solve again as they come; `AUDITED_STEPS` of them by default. Every
        step's balance is checked in any case.
    watch
        Shown each step: its number, and what came of it.
    since
        A walk of the same case that was the same until a milestone: only the steps from there on
        are taken.
    passed
        Given milestones of this walk.
    progress
        Called with the number of steps done.

    Returns
    -------
    Season

    Raises
    ------
    SolveError
        When a step has no optimum.
    """
    template, steps = corridor.template, availability.shape[0]
    if solver is None:
        solver = HighsSolver(template.perturbed_cost, template.matrix)
    record = Recorder(corridor, first, steps)
    auditor = Auditor(template, audited_alone(steps) if audited is None else audited)
    begin, now, before = 0, spread(state, 1), joined(())
    if since is not None:
        begin, now = since.milestone.step, since.milestone.state
        before = since.milestone.audit
        record.resume(since.season, begin, since.milestone.mark)
    skies = repeat(None) if weather is None else islice(weather, begin, None)
    for t, own in zip(range(begin, steps), skies, strict=False):
        if passed is not None and t > 0 and t % APART == 0:
            found = joined((before, auditor.audit()))
            passed(Milestone(t, now, record.mark(), found))
        sky = None if own is None else sky_over(corridor, first + t, own)
        told = None if steer is None else steer(first + t, availability[t], now)
        ordered = None if orders is None else orders.at(t)
        step = step_alone(corridor, solver, first + t, availability[t], now, told, ordered, sky)
        record.add(t, step)
        auditor.check(ALONE, t, step.solved)
        if watch is not None:
            watch(t, step)
        now = step.state
        if progress is not None:
            progress(t + 1)
    return record.season(of_sample(now, 0), joined((before, auditor.audit())))


def audited_alone(steps: int) -> frozenset[tuple[int, int]]:
    """Choose the steps of a single sample that are solved again."""
    return audited_steps(ALONE, steps, seed=0)


def step_alone(
    corridor: Corridor,
    solver: Solver,
    row: int,
    stands: Floats,
    now: State,
    steer: Steer | None = None,
    orders: StepOrders | None = None,
    sky: Sky | None = None,
) -> Step:
    """Take one step of a single sample.

    Parameters
    ----------
    row
        Of the case's series.
    stands
        Shape (assets,), 0 to 1.
    now
        The state of one sample, with its axis.

    Raises
    ------
    SolveError
        When the step has no optimum.
    """
    step = take_step(corridor, solver, ALONE, row, stands[None], now, steer, orders, sky=sky)
    [status] = step.solved.solution.status
    if status != "optimal":
        time = corridor.case.network.snapshots[row]
        raise SolveError(f"step {time}: {solver.name} ended with '{status}'")
    return step
