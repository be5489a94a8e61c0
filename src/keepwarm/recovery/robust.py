"""Repairs take other hours than expected: which order does well over many draws of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Floats
from keepwarm.damage.tasks import HIGH, LIKELY, LOW, Tasks
from keepwarm.recovery.candidates import Candidate, Problem


@dataclass(frozen=True)
class Regret:
    """How an order does over drawn hours of work.

    Regret is what it costs more than the best of the orders compared, draw by draw: a lower bound
    of the regret against the best order for each draw, which nobody knows.
    """

    mean_cold_hours: float
    stderr_cold_hours: float
    mean_regret: float
    worst_regret: float
    draws: int
    compared: int


def drawn_hours(tasks: Tasks, draws: int, seed: int) -> Floats:
    """Return hours of work drawn from triangles (low, likely, high), (draws, tasks).

    Each draw has a stream of its own, keyed by seed and number; the tasks of a draw are
    independent.
    """
    low, likely, high = tasks.hours[LOW], tasks.hours[LIKELY], tasks.hours[HIGH]
    high = np.maximum(high, low + 1e-9)
    return np.array(
        [
            np.random.default_rng([seed, number]).triangular(low, np.clip(likely, low, high), high)
            for number in range(draws)
        ]
    ).reshape(draws, len(tasks))


def most_robust(
    problem: Problem, candidates: Sequence[Candidate], *, draws: int, seed: int, compared: int
) -> tuple[Candidate, Regret]:
    """Return the order with the least mean value over drawn hours, and its regret.

    Parameters
    ----------
    problem
        Whose tasks have low, likely and high hours.
    candidates
        The best for likely hours first.
    draws, seed
        How many draws of hours, and their streams.
    compared
        How many of the candidates, those with schedules of their own, are compared.
    """
    distinct: dict[bytes, Candidate] = {}
    for one in candidates:
        distinct.setdefault(np.round(one.schedule.end, 6).tobytes(), one)
    few = list(distinct.values())[:compared]
    hours = drawn_hours(problem.tasks, draws, seed)
    value, cold = np.zeros((2, len(few), draws))
    for at, one in enumerate(few):
        ends = [problem.schedule(problem.filed(one), work).end for work in hours]
        costs = problem.costs(ends)
        value[at] = [cost.value for cost in costs]
        cold[at] = [cost.cold_hours for cost in costs]
    best = int(value.mean(axis=1).argmin())
    regret = value[best] - value.min(axis=0)
    spread = float(cold[best].std(ddof=1)) if draws > 1 else 0.0
    return few[best], Regret(
        mean_cold_hours=float(cold[best].mean()),
        stderr_cold_hours=spread / float(np.sqrt(max(draws, 1))),
        mean_regret=float(regret.mean()),
        worst_regret=float(regret.max(initial=0.0)),
        draws=draws,
        compared=len(few),
    )
