"""Fit the parameters without a source on 9 to 13 January 2026, and write fitted.csv.

Least squares of log2(ours / published) over the tallies of these days, on a grid: from the middle
to the best neighbour until none is better. Where the error hardly tells, the smaller value is
taken. Everything later than 13 January stays unread; about a minute.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

import numpy as np

from keepwarm.case.read import read_case
from keepwarm.validation.folders import case_folder, read_validation_case
from keepwarm.validation.of_january import read_tallies, with_settings, without_heat

CASE = case_folder("kyiv_january_2026")
#: Parameter -> values tried.
GRID: Mapping[str, tuple[float, ...]] = {
    "refilling.buildings_per_hour": (100, 125, 150, 200, 250, 300, 400, 600, 1000),
    "restart.frost_leak_share": tuple(round(0.09 + 0.01 * k, 2) for k in range(13)),
    "repairs.buildings_per_day": tuple(80 + 20 * k for k in range(13)),
}
#: Hours from 8 January that hold the tallies: to noon of the 13th.
HOURS = 5 * 24 + 12
#: An error at most so much above the least hardly tells; one at most twice it bounds the range.
HARDLY, RANGE = 1.05, 2.0
Place = tuple[int, ...]


@cache
def error(place: Place) -> float:
    """Return the sum of squared doublings at a place of the grid."""
    inputs = read_validation_case(CASE).facts["input"]
    tallies = [t for t in read_tallies(CASE / inputs["tallies"]) if t.use == "fitted"]
    city = CASE / inputs["city"]
    case = with_settings(read_case(city), values(place))
    times, count = without_heat(case, (city / inputs["damage"],), hours=HOURS)
    ours = count[np.searchsorted(times, np.array([t.time for t in tallies]))]
    return sum(t.doublings(float(found)) ** 2 for t, found in zip(tallies, ours, strict=True))


def values(place: Place) -> dict[str, float]:
    """Return the parameters at a place of the grid."""
    return {key: GRID[key][at] for key, at in zip(GRID, place, strict=True)}


def moved(place: Place, axis: int, at: int) -> Place:
    return (*place[:axis], at, *place[axis + 1 :])


def neighbours(place: Place) -> list[Place]:
    """Return the places one step away."""
    return [
        moved(place, axis, at + step)
        for axis, (at, grid) in enumerate(zip(place, GRID.values(), strict=True))
        for step in (-1, 1)
        if 0 <= at + step < len(grid)
    ]


def fit() -> Place:
    """Return the place of the fitted values."""
    best: Place = tuple(len(grid) // 2 for grid in GRID.values())
    while (nearest := min(neighbours(best), key=error)) and error(nearest) < error(best):
        best = nearest
    least = error(best)
    for axis in range(len(GRID)):
        while best[axis] and error(moved(best, axis, best[axis] - 1)) <= HARDLY * least:
            best = moved(best, axis, best[axis] - 1)
    return best


def reach(place: Place, axis: int, step: int) -> float | None:
    """Return the last value in a direction that the error does not speak against."""
    grid, at = list(GRID.values())[axis], place[axis]
    while 0 <= at + step < len(grid):
        if error(moved(place, axis, at + step)) > RANGE * error(place):
            return grid[at]
        at += step
    return None


def main() -> None:
    place = fit()
    rows = [
        [key, value, *(reach(place, axis, step) or "" for step in (-1, 1))]
        for axis, (key, value) in enumerate(values(place).items())
    ]
    with (CASE / "fitted.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["parameter", "value", "low", "high"])
        writer.writerows(rows)
    for row in rows:
        print(*row, sep="\t")
    print(f"error {error(place):.3f} after {error.cache_info().currsize} walks")


if __name__ == "__main__":
    main()
