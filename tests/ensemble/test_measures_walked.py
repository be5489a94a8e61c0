"""Measures walked through the same winters as the base: what they take off, how sure that is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from keepwarm.case.read import read_case
from keepwarm.damage.events import draw_events
from keepwarm.damage.hazard_file import read_hazard
from keepwarm.damage.mending import mended, menders_of
from keepwarm.damage.outages import available_by_step
from keepwarm.ensemble.applying import changed
from keepwarm.ensemble.columns import columns_of
from keepwarm.ensemble.measures import Boilers, Crews, Portfolio, Protection, protected
from keepwarm.ensemble.quantities import Samples, difference_of, estimate_of
from keepwarm.season import balanced_start, prepare
from keepwarm.season.batch import march_many
from keepwarm.season.drawn import Drawn
from keepwarm.solve.simplex import SimplexSolver

#: Raids every other day that take out one plant, line or main, or several.
HAZARD = """
schema = 1
title = "raids"
source = "invented"
[[hazard]]
name = "raids"
kind = "wave"
duration_hours = 2
source = "invented"
[hazard.arrivals]
per_day = 0.6
source = "invented"
[[hazard.objects]]
name = "objects"
distribution = "poisson"
mean = 3
through = 0.5
source = "invented"
[[hazard.hits]]
classes = ["chp", "boiler"]
weight = 2
source = "invented"
[[hazard.hits]]
classes = ["line", "heat_main", "water"]
source = "invented"
"""

HOURS, SEED = 96, 1
NUMBERS = np.arange(24)


@pytest.fixture(scope="module")
def walk(examples, tmp_path_factory):
    """Walk the town's winters with some measures."""
    case, file = read_case(examples / "town"), tmp_path_factory.mktemp("hazard") / "hazard.toml"
    file.write_text(HAZARD)
    hazard = read_hazard(case, file)

    def walked(*measures, left=None):
        portfolio = Portfolio("", measures)
        under = changed(case, portfolio)
        mending = replace(case, resources=under.case.resources)
        menders = menders_of(mending, hazard, case.start)
        corridor = prepare(under.case)
        template = corridor.template

        def draw(numbers):
            hits = draw_events(
                case, hazard, seed=SEED, samples=numbers, start=case.start, hours=HOURS
            ).hits
            safe = protected(case, portfolio, SEED, numbers)
            hits = hits.where(~safe[hits.sample, hits.asset])
            out = under.moved(mended(menders, hazard, hits, samples=len(numbers)))
            return Drawn(
                available_by_step(
                    out,
                    samples=len(numbers),
                    assets=len(under.case.network.assets),
                    steps=HOURS,
                    step_hours=1.0,
                )
            )

        (block,) = march_many(
            corridor,
            draw,
            samples=NUMBERS,
            first=0,
            steps=HOURS,
            state=balanced_start(corridor, 0),
            solver=SimplexSolver(template.perturbed_cost, template.matrix),
            audited=frozenset(),
        )
        return Samples(SEED, block.totals.sample, columns_of(block.totals, under.case), (), {})

    return walked


@pytest.fixture(scope="module")
def base(walk):
    return walk()


def test_boilers_keep_homes_warmer_and_the_difference_is_surer_than_two_runs(walk, base):
    after = walk(Boilers(5))
    off = difference_of(after.columns, base.columns, "eue_heat_mwh")
    assert off.value > 3 * off.stderr
    alone = [estimate_of(one.columns, "eue_heat_mwh") for one in (base, after)]
    assert off.stderr < 0.8 * np.hypot(alone[0].stderr, alone[1].stderr)
    assert difference_of(after.columns, base.columns, "people_hours_below_16").value > 0


def test_all_protected_is_no_damage(walk, base):
    kinds = ("chp", "boiler", "line", "heat_main", "water")
    after = walk(*(Protection(1.0, kind) for kind in kinds))
    assert base.columns["eue_mwh"].max() > 0
    assert after.columns["eue_mwh"].max() == 0
    some = walk(*(Protection(0.5, kind) for kind in kinds))
    off = difference_of(some.columns, base.columns, "eue_heat_mwh")
    assert 0 < off.value < base.columns["eue_heat_mwh"].mean()


def test_crews_mend_the_same_hits_sooner(walk, base):
    after = walk(Crews("plant", 3), Crews("power", 3), Crews("heat", 3), Crews("water", 3))
    assert difference_of(after.columns, base.columns, "eue_heat_mwh").value > 0


def test_a_measure_that_does_nothing_changes_nothing_at_all(walk, base):
    # of three lines 0.0001 is hardly ever one: the same winters, to the last bit
    after = walk(Protection(1e-9, "line"))
    for name, values in base.columns.items():
        assert after.columns[name].tobytes() == values.tobytes(), name
