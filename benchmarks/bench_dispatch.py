"""Steps per second of the dispatch: our hot template against PyPSA on the same hours.

Both solve the same hours of the damaged capital (same needs, same damage, storages fixed to what
the season did) on one thread, interleaved in one process, timed in CPU seconds. PyPSA solves all
hours in one model per set of standing lines, its fair form; building that model is part of its
time, as other damage needs another model.

    python -m benchmarks.bench_dispatch [--case examples/capital] [--hours 168] [--rounds 3]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import keepwarm as kw
from keepwarm.network import read_dispatch, step_bounds
from keepwarm.season import Season
from keepwarm.solve.highs import HighsSolver
from keepwarm.validation.against_pypsa import compare_case, gaps, pypsa_of, solve_with_pypsa


@dataclass(frozen=True)
class Timing:
    """CPU milliseconds per step of each round."""

    label: str
    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)


def solve_hot(season: Season, *, hot: bool) -> float:
    """Solve every step again from its bounds; return the sum of objectives."""
    template, first = season.template, _first_row(season)
    level = np.vstack([season.case.network.storages.e_initial_mwh, season.level_mwh[:-1]])
    solver = HighsSolver(template.perturbed_cost, template.matrix)
    total = 0.0
    for t in range(len(season.times)):
        if not hot:
            solver = HighsSolver(template.perturbed_cost, template.matrix)
        bounds = step_bounds(
            template,
            hour=first + t,
            need_mw=season.need_mw[t],
            available=season.available[t],
            level_mwh=level[t],
        )
        solution = solver.solve(bounds.lower, bounds.upper, bounds.rhs)
        total += float(read_dispatch(template, solution.x, solution.row_dual).objective)
    return total


def _first_row(season: Season) -> int:
    return int(np.searchsorted(season.case.network.snapshots, season.times[0]))


def cpu_ms_per_step(work: Callable[[], object], steps: int) -> float:
    before = time.process_time()
    work()
    return 1000 * (time.process_time() - before) / steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--case", type=Path, default=Path("examples/capital"))
    parser.add_argument("--hours", type=int, default=168)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    case = kw.read_case(options.case)
    damage = kw.read_damage(case, options.case / "damage.csv")
    season, steps, mine, theirs = compare_case(case, damage, hours=options.hours)
    gap = gaps(season.template, steps, mine, theirs)
    network = pypsa_of(season)
    count = len(steps)
    work: dict[str, Callable[[], object]] = {
        "keepwarm, hot start": lambda: solve_hot(season, hot=True),
        "keepwarm, every step from scratch": lambda: solve_hot(season, hot=False),
        "PyPSA, one model per set of lines": lambda: solve_with_pypsa(
            season.template, steps, network
        ),
    }
    rounds: dict[str, list[float]] = {label: [] for label in work}
    for _ in range(options.rounds):
        for label, one in work.items():
            rounds[label].append(cpu_ms_per_step(one, count))
    report(season, count, gap.objective, [Timing(k, tuple(v)) for k, v in rounds.items()])


def report(season: Season, count: int, gap: float, timings: list[Timing]) -> None:
    rows, columns = season.template.matrix.shape
    print(f"{season.case.name}: {count} steps, {rows} rows, {columns} columns")
    print(f"largest relative gap of the objective to PyPSA: {gap:.1e}")
    print(f"{'':36s}{'CPU ms per step':>16s}{'spread':>16s}{'steps per s':>13s}{'ratio':>8s}")
    base = timings[0].median
    for timing in timings:
        spread = f"{min(timing.rounds):.2f}-{max(timing.rounds):.2f}"
        print(
            f"{timing.label:36s}{timing.median:16.3f}{spread:>16s}"
            f"{1000 / timing.median:13.0f}{timing.median / base:8.1f}"
        )


if __name__ == "__main__":
    main()
