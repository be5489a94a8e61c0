"""What the cost of an hour hangs on: rows, damage, and how long a walk has been going.

python -m benchmarks.bench_scaling [--samples 8] [--hours 48] [--rounds 3]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from benchmarks.contestants import CONTESTANTS, Run, walk
from benchmarks.measure import Cell, Spread, machine, print_table, write
from benchmarks.networks import country
from benchmarks.programs import HEAVY, Programs, record

REGIONS = (6, 12, 25, 50, 80, 102)
OUT = (0.0, 0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5)
WHO = ("keepwarm", "HiGHS hot")
#: Hours of a walk that are shown, each with those until the next; the first starts from nothing.
SHOWN_HOURS = (0, 1, 2, 4, 8, 16, 32)


@dataclass(frozen=True)
class Point:
    """One place on an axis."""

    study: str
    at: float
    form: str
    programs: Programs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=8)
    parser.add_argument("--hours", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    rows: list[dict[str, Cell]] = []
    for point in points(options.samples, options.hours):
        found = rows_of(point, options.rounds)
        print_table(found)
        rows += found
    print(write("scaling", rows, machine()))


def points(samples: int, hours: int) -> Iterator[Point]:
    """Every place on every axis, recorded when it is its turn."""
    for form, dc in (("transport", False), ("DC", True)):
        for regions in REGIONS:
            case = country(regions, dc=dc)
            programs = record(case, samples=samples, hours=hours, out=HEAVY)
            yield Point("rows", programs.matrix.shape[0], form, programs)
    case = country(25, dc=True)
    for out in OUT:
        programs = record(case, samples=samples, hours=hours, out=out)
        yield Point("damage", 100 * out, "DC", programs)
        if out == HEAVY:
            yield Point("hours", 0, "DC", programs)


def rows_of(point: Point, rounds: int) -> list[dict[str, Cell]]:
    """Let the solvers take turns at one place; along the hours, a row for each hour shown."""
    hours = point.programs.hours
    runs: dict[str, list[Run]] = {label: [] for label in WHO}
    for turn in range(rounds + 1):
        for label in WHO:
            run = walk(CONTESTANTS[label], point.programs, hours if turn else 2)
            if turn:
                runs[label].append(run)
    if point.study != "hours":
        return [_row(point, point.at, label, runs[label], slice(1, None)) for label in WHO]
    return [
        _row(point, hour, label, runs[label], slice(hour, max(2 * hour, 1)))
        for hour in SHOWN_HOURS
        if 2 * hour < hours
        for label in WHO
    ]


def _row(point: Point, at: float, label: str, runs: list[Run], hours: slice) -> dict[str, Cell]:
    each = [1e6 * float((run.tell + run.solve)[hours].mean()) for run in runs]
    took = Spread(tuple(each))
    rows, columns = point.programs.matrix.shape
    return {
        "study": point.study,
        "at": at,
        "form": point.form,
        "rows": rows,
        "columns": columns,
        "solver": label,
        "median_us": took.median,
        "least_us": took.least,
        "most_us": took.most,
        "pivots": float(np.mean([run.pivots[hours].mean() for run in runs])),
    }


if __name__ == "__main__":
    main()
