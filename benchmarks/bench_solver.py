"""CPU time of one hour's linear program: keepwarm's simplex against HiGHS on the same programs.

All contestants walk the same hours in one process, in rounds that take turns (A B C A B C ...).
The first hour of a walk, which starts from nothing, is not counted. Objectives are compared in
every hour of every sample.

    python -m benchmarks.bench_solver [--network NAME ...] [--samples 32] [--rounds 5]
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

import numpy as np
from benchmarks.angles import angle_form
from benchmarks.contestants import BASELINES, CONTESTANTS, Run, walk
from benchmarks.measure import Cell, Spread, machine, print_table, write
from benchmarks.networks import NETWORKS
from benchmarks.programs import COUNTRY, HEAVY, LIGHT, Programs, record, record_country

from keepwarm.case.nouns import Floats

OURS = "keepwarm"
GAP = 1e-6  # of the objective, relative
DAMAGE = {"heavy": HEAVY, "light": LIGHT}


@dataclass(frozen=True)
class Entrant:
    """A contestant and the form of the programs that it is given."""

    label: str
    form: str
    programs: Programs


def main() -> None:
    options = _options()
    rows: list[dict[str, Cell]] = []
    for name in options.network or (*NETWORKS, COUNTRY.name):
        for damage in options.damage if name in NETWORKS else ("heavy",):
            programs = recorded(name, damage, options.samples, options.hours)
            found = compare(entrants(programs), options.rounds)
            print(f"{name}, {damage} damage")
            print_table(found)
            rows += [{"network": name, "damage": damage} | row for row in found]
            path = write("solver", rows, machine())
    print(path)
    worst = max(float(row["gap"]) for row in rows)
    if worst > GAP:
        sys.exit(f"objectives are {worst:.1e} apart")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", action="append", choices=(*NETWORKS, COUNTRY.name))
    parser.add_argument("--damage", nargs="+", choices=DAMAGE, default=["heavy"])
    parser.add_argument("--samples", type=int, default=32)
    parser.add_argument("--hours", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def recorded(name: str, damage: str, samples: int, hours: int) -> Programs:
    """Return the programs of a network; of the country, those of its whole season."""
    if name == COUNTRY.name:
        return record_country(samples=samples, hours=hours)
    return record(NETWORKS[name](), samples=samples, hours=hours, out=DAMAGE[damage])


def entrants(programs: Programs) -> list[Entrant]:
    """Everybody on the programs as keepwarm writes them; HiGHS also with an angle at every bus."""
    who = [Entrant(label, "cycles", programs) for label in CONTESTANTS]
    if len(programs.template.network.branches):
        angles = angle_form(programs)
        who += [Entrant(label, "angles", angles) for label in BASELINES]
    return who


def compare(who: list[Entrant], rounds: int) -> list[dict[str, Cell]]:
    """Let the entrants take turns; return a row each, the ratio being to the first of them.

    Parameters
    ----------
    who
        Of which the first is ours.
    rounds
        How often; a short one goes before them, in which caches fill and code is compiled.
    """
    runs: list[list[Run]] = [[] for _ in who]
    for turn in range(rounds + 1):
        for entrant, done in zip(who, runs, strict=True):
            hours = entrant.programs.hours if turn else min(24, entrant.programs.hours)
            run = walk(CONTESTANTS[entrant.label], entrant.programs, hours)
            if turn:
                done.append(run)
    reference = next(
        done[0].objective
        for entrant, done in zip(who, runs, strict=True)
        if entrant.label == BASELINES[0]
    )
    rows = [_row(entrant, done, reference) for entrant, done in zip(who, runs, strict=True)]
    ours = float(rows[0]["median_us"])
    return [{**row, "ratio": float(row["median_us"]) / ours} for row in rows]


def _row(entrant: Entrant, runs: list[Run], reference: Floats) -> dict[str, Cell]:
    """Microseconds per program, and how far its objectives are from HiGHS'."""
    samples = runs[0].objective.shape[1]
    took = Spread(tuple(1e6 * (run.tell + run.solve)[1:].mean() for run in runs))
    tell = Spread(tuple(1e6 * run.tell[1:].mean() for run in runs))
    expected = reference[:, :samples]
    apart = [np.abs(run.objective - expected) / np.maximum(np.abs(expected), 1.0) for run in runs]
    rows, columns = entrant.programs.matrix.shape
    return {
        "solver": entrant.label,
        "form": entrant.form,
        "rows": rows,
        "columns": columns,
        "programs": (entrant.programs.hours - 1) * samples,
        "rounds": len(runs),
        "median_us": took.median,
        "least_us": took.least,
        "most_us": took.most,
        "of_that_telling_us": tell.median,
        "pivots": float(runs[0].pivots[1:].mean()),
        "fallbacks": max(run.fallbacks for run in runs),
        "gap": float(np.max(apart)),
    }


if __name__ == "__main__":
    main()
