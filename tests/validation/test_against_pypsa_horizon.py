"""Many steps at once against PyPSA's multi-period optimum: the town and the capital."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import keepwarm as kw
from keepwarm.validation.against_pypsa import SHED_GAP, by_tier_and_carrier
from keepwarm.validation.against_pypsa_horizon import HORIZON_GAP, compare_horizon, our_plan

pytestmark = pytest.mark.filterwarnings("ignore")  # what PyPSA and pandas say to each other


@pytest.mark.parametrize(
    ("example", "damaged", "start"),
    [
        ("town", False, None),
        ("town", True, None),
        ("capital", False, None),
        ("capital", True, "2026-01-09T00:00:00"),  # a line comes back within the window
    ],
)
def test_examples_for_48_hours_in_one_program(
    examples: Path, example: str, damaged: bool, start: str | None
) -> None:
    case = kw.read_case(examples / example)
    damage = kw.read_damage(case, examples / example / "damage.csv") if damaged else ()
    season, mine, theirs = compare_horizon(case, damage, start=start)
    assert len(season.times) == 48
    assert mine.objective == pytest.approx(theirs.objective, rel=HORIZON_GAP)
    need = by_tier_and_carrier(season.template, season.need_mw).sum(axis=0)
    apart = np.abs(mine.shed_mw - theirs.shed_mw) / np.maximum(need, 1e-2)
    assert apart.max() < SHED_GAP
    assert (theirs.shed_mw.sum() > 1.0) == damaged
    # Stores free over two days cost less than stores that follow the step rule, or as much.
    stored = season.template.columns
    cost = season.template.cost
    by_rule = (
        season.objective.sum()
        - (season.charge_mw @ cost[stored.charge]).sum()
        - (season.discharge_mw @ cost[stored.discharge]).sum()
    )
    assert mine.objective < by_rule


def test_a_store_that_is_not_the_same_would_be_seen(examples: Path) -> None:
    case = kw.read_case(examples / "town")
    damage = kw.read_damage(case, examples / "town" / "damage.csv")
    season, _, theirs = compare_horizon(case, damage)
    storages = replace(
        season.case.network.storages, e_initial_mwh=0.5 * season.case.network.storages.e_initial_mwh
    )
    network = replace(season.case.network, storages=storages)
    other = replace(season, case=replace(season.case, network=network))
    assert our_plan(other).objective != pytest.approx(theirs.objective, rel=HORIZON_GAP)
