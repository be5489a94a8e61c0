"""Run EnergyPlus on the flats of a validation case, fit what is fitted, write the case's tables.

    energyplus_flats.py             simulate all flats again, fit, write hourly, fitted and expected
    energyplus_flats.py --kept      fit and compare with the hourly results that are there

Needs EnergyPlus: pip install 'keepwarm[referee]'. Only flats whose use is "fitted" enter the fit:
per envelope one share of the layers' heat, and a mass area for middle flats, for corner flats, and
for flats under the roof.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping

import numpy as np
from scipy.optimize import minimize

from keepwarm.validation.energyplus import Flat, simulate
from keepwarm.validation.energyplus_flats import (
    COMPARED_HOURS,
    Mass,
    operative_degc,
    read_flats,
    read_hourly,
)
from keepwarm.validation.folders import CASES

CASE = CASES / "energyplus_flats"
TOLERANCE_K = 1.5
#: Which flats share a mass area.
ALIKE = {"middle": 0, "corner": 1, "top": 2, "top_corner": 2}
#: Large, so that the largest distance counts more than the many small ones.
POWER = 16
#: keepwarm's table of archetypes takes no smaller one.
LEAST_MASS_AREA = 1.0


def simulate_all(flats: tuple[Flat, ...]) -> None:
    """Write hourly.csv: the last heated hour and the hours after it, degC."""
    with (CASE / "hourly.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["flat", *range(COMPARED_HOURS + 1)])
        for flat in flats:
            found = simulate(flat).operative_degc[: COMPARED_HOURS + 1]
            table.writerow([flat.name, *(f"{value:.2f}" for value in found)])


def mass(position: str, numbers: np.ndarray) -> Mass:
    share, *areas = numbers
    return Mass(float(share), max(float(areas[ALIKE[position]]), LEAST_MASS_AREA))


def fit(flats: list[Flat], stored: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return share and three mass areas, to two decimals."""

    def cost(numbers: np.ndarray) -> float:
        gaps = [operative_degc(flat, mass(flat.position, numbers)) - stored[flat.name]
                for flat in flats]  # fmt: skip
        return float(np.mean(np.abs(gaps) ** POWER))

    start = np.array([1.0, 1.5, 1.5, 1.5])
    best = minimize(cost, start, method="Nelder-Mead", options={"xatol": 1e-3, "maxiter": 2000})
    return np.round(best.x, 2)


def write(name: str, rows: list[list[str]]) -> None:
    with (CASE / name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def gap(flat: Flat, numbers: np.ndarray, stored: Mapping[str, np.ndarray]) -> np.ndarray:
    return operative_degc(flat, mass(flat.position, numbers)) - stored[flat.name]


def main() -> None:
    uses = {use: read_flats(CASE, use) for use in ("fitted", "held out")}
    if "--kept" not in sys.argv:
        simulate_all(uses["fitted"] + uses["held out"])
    stored = read_hourly(CASE / "hourly.csv")
    rows, numbers = [["envelope", "position", "capacity_share", "mass_area_m2_per_m2"]], {}
    for envelope in dict.fromkeys(flat.envelope for flat in uses["fitted"]):
        alike = [flat for flat in uses["fitted"] if flat.envelope == envelope]
        numbers[envelope] = fit(alike, stored)
        for position in ALIKE:
            fitted = mass(position, numbers[envelope])
            pair = (f"{fitted.capacity_share:.2f}", f"{fitted.mass_area_m2_per_m2:.2f}")
            rows.append([envelope, position, *pair])
    write("fitted.csv", rows)
    why = "what the comparison is asked to reach: 1.5 K at every hour"
    expected = [["quantity", "published", "unit", "tolerance", "why"]]
    expected += [[flat.name, "0", "K", str(TOLERANCE_K), why] for flat in uses["held out"]]
    write("expected.csv", expected)
    for use, flats in uses.items():
        for flat in flats:
            apart = gap(flat, numbers[flat.envelope], stored)
            worst = int(np.abs(apart).argmax())
            print(f"{use:9} {flat.name:46} largest {apart[worst]:+.2f} K in hour {worst:3}, "
                  f"mean {np.abs(apart).mean():.2f} K")  # fmt: skip


if __name__ == "__main__":
    main()
