"""The town with rooms of one node: a run is the closed form of the norms, step after step."""

from __future__ import annotations

import csv
import math
import shutil
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import Case
from keepwarm.case.read import read_case
from keepwarm.runs.decision import decide
from keepwarm.season import balanced_start, prepare
from keepwarm.season.batch import march_many
from keepwarm.season.drawn import Drawn
from keepwarm.solve.highs import HighsSolver
from tests.season.conftest import HEAT_SOURCES, colder, outage, walk, with_settings

#: Accumulation coefficients, h: panel, corner flats of brick, something newer.
BETA = {"panel_9": (42.0, 46.0, 77.0), "brick_5": (60.0, 65.0, 100.0), "modern": (70.0, 90.0, 95.0)}
NO_GAINS = """
[rooms]
model = "single_node"

[gains]
person_w = 0
appliances_w_per_person = 0
stove_w_per_person = 0
heater_w_per_person = 0
"""
HOURS = 96


def town_of_one_node(town: Path) -> Path:
    toml = town / "case.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + NO_GAINS, encoding="utf-8")
    table = town / "archetypes.csv"
    with table.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["parameter"] != "norm_beta_h"]
    for name, values in BETA.items():
        ends = dict(zip(("low", "central", "high"), map(str, values), strict=True))
        own = {"archetype": name, "parameter": "norm_beta_h", "unit": "h", "source": "a test"}
        rows.append(dict.fromkeys(rows[0], "") | own | ends)
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return town


def test_a_town_of_one_node_cools_as_the_closed_form_says(tmp_path: Path, examples: Path):
    """T = To + (T0 - To) exp(-t / beta) over every hour, from 20 degC on."""
    town = town_of_one_node(Path(shutil.copytree(examples / "town", tmp_path / "town")))
    case = read_case(town)
    found = walk(case, outage(case, HEAT_SOURCES, slice(None), HOURS)).operative_degc
    with (town / "weather.csv").open(encoding="utf-8") as file:
        outdoor = [float(row["outdoor_degc"]) for row in csv.DictReader(file)][:HOURS]
    with (town / "buildings.csv").open(encoding="utf-8") as file:
        archetypes = [row["archetype"] for row in csv.DictReader(file)]
    for band in range(3):
        for group, archetype in enumerate(archetypes):
            indoors, course = 20.0, []
            for hour in range(HOURS):
                left = math.exp(-1.0 / BETA[archetype][band])
                indoors = outdoor[hour] + (indoors - outdoor[hour]) * left
                course.append(indoors)
            np.testing.assert_allclose(found[:, band, group], course, atol=1e-6)


def test_one_node_is_walked_in_batches_and_decided_on(town: Case) -> None:
    """Decisions and batches take rooms apart by band and home: one-node rooms alike."""
    case = with_settings(colder(town, 10.0), rooms__model="single_node")
    corridor, left = prepare(case), outage(case, HEAT_SOURCES, slice(2, 12), 12)
    season = walk(case, left)
    assert decide(season).rows
    template = corridor.template
    [block] = march_many(
        corridor,
        lambda samples: Drawn(np.tile(row, (len(samples), 1)) for row in left),
        samples=np.arange(2),
        first=0,
        steps=len(left),
        state=balanced_start(corridor, 0),
        solver=HighsSolver(template.perturbed_cost, template.matrix),
        audited=frozenset(),
    )
    cold = season.hours_below[1].T @ season.home_people
    assert cold[0] > 0
    np.testing.assert_allclose(block.totals.people_hours_below, [cold, cold], rtol=1e-9)
