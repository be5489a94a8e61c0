"""EnergyPlus itself, where it is installed, and the tables that both models read."""

from __future__ import annotations

import csv
from collections import Counter

import numpy as np
import pytest

from keepwarm.validation.energyplus import is_installed, simulate
from keepwarm.validation.energyplus_flats import (
    COMPARED_HOURS,
    read_flats,
    read_hourly,
    stored_kj_per_m2k,
    transmittance,
)
from keepwarm.validation.folders import case_folder

CASE = case_folder("energyplus_flats")
REFERENCE = case_folder("energyplus_reference_flats")
needs_energyplus = pytest.mark.skipif(
    not is_installed(), reason="EnergyPlus is not installed: pip install 'keepwarm[referee]'"
)


@needs_energyplus
def test_our_flats_are_those_of_the_runs_made_by_others() -> None:
    """Conductivities were not given; with ours EnergyPlus gives the same air within 0.15 K."""
    flats = {flat.name: simulate(flat).air_degc for flat in read_flats(CASE, "reference")}
    with (REFERENCE / "expected.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            ours = flats[row["flat"]][int(row["hour"])]
            assert ours == pytest.approx(float(row["published"]), abs=0.15), row["quantity"]


@needs_energyplus
@pytest.mark.parametrize("position", ["top_corner", "middle"])
def test_stored_results_are_those_of_energyplus(position: str) -> None:
    stored = read_hourly(CASE / "hourly.csv")
    flat = next(flat for flat in read_flats(CASE, "held out") if flat.position == position)
    again = simulate(flat).operative_degc[: COMPARED_HOURS + 1]
    np.testing.assert_allclose(again, stored[flat.name], atol=0.02)  # two decimals are stored


def test_flats_held_out_are_many_and_none_is_fitted() -> None:
    fitted, held_out = read_flats(CASE, "fitted"), read_flats(CASE, "held out")
    assert len(fitted) >= 12
    assert len(held_out) >= 16

    def weather(flat: object) -> tuple[object, ...]:
        told = vars(flat)
        names = ("construction", "position", "outdoor_degc", "wind_m_per_s", "gain_w_per_m2")
        return tuple(told[name] for name in names)

    assert not {weather(flat) for flat in fitted} & {weather(flat) for flat in held_out}
    kinds = Counter((flat.construction, flat.position) for flat in held_out)
    assert len(kinds) == 16


def test_the_heat_of_layers_reckoned_by_hand() -> None:
    """Middle brick flat: 150 m2 of slabs to 0.1 m of 2500 x 840, and 17.1 m2 of brick."""
    flat = next(flat for flat in read_flats(CASE, "reference") if flat.construction == "brick")
    through = 0.04 + 0.51 / 0.70 + 0.13
    assert transmittance(flat.wall, 0.13) == pytest.approx(1 / through)
    outer, inner = 0.04 / through, (0.04 + 0.51 / 0.70) / through
    middle = (outer + inner) / 2
    mean_square = (outer**2 + 4 * middle**2 + inner**2) / 6  # Simpson: exact for a parabola
    slabs_m2 = 2 * 48 + 2 * 6 * 2.7 + 8 * 2.7
    by_hand = slabs_m2 * 210.0 + 17.1 * 0.51 * 1800 * 0.88 * mean_square
    assert stored_kj_per_m2k(flat) == pytest.approx(by_hand / 48)
