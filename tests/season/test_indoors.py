"""Cold homes counted step by step, by hand: two groups, three homes, one step."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from keepwarm.case.nouns import Case
from keepwarm.season import prepare
from keepwarm.season.indoors import IndoorsKeeper, _count
from keepwarm.warmth.room_steps import Operative


def test_a_step_counts_ends_for_people_and_the_coldest_moment_for_nights() -> None:
    """Of group 0, a quarter of the buildings is apart; its second home warms from 15 to 17."""
    start, end = np.full((3, 2, 3), 20.0), np.full((3, 2, 3), 20.0)
    start[:, 0, 1], end[:, 0, 1] = 15.0, 17.0
    end[:, 1, 0] = 11.0  # the quarter apart, first home
    end[0, 0, 2] = 17.9  # group 1, at the soonest end only
    share = np.array([[0.75, 1.0], [0.25, 0.0]])
    below, cold = np.zeros((3, 2, 2)), np.zeros((3, 3))
    for cohort in range(2):
        _count(
            start[:, cohort],
            end[:, cohort],
            share[cohort],
            np.array([0, 0, 1]),
            np.array([1, 0]),
            np.array([100.0, 60.0, 40.0]),
            np.array([18.0, 12.0]),
            16.0,
            below,
            cold,
        )
    # region 1 holds group 0: a quarter of 100 below both, three quarters of 60 below 18
    assert below[:, 1].tolist() == [[25.0 + 45.0, 25.0]] * 3
    assert below[:, 0].tolist() == [[40.0, 0.0], [0.0, 0.0], [0.0, 0.0]]
    assert cold.tolist() == [[0.25, 0.75, 0.0]] * 3


@pytest.mark.parametrize(
    ("flows", "closed", "power", "without"),
    [
        (True, 0.0, 0.0, 0.0),  # heat, no power
        (False, 0.0, 1.0, 0.0),  # power, no heat
        (False, 0.0, 0.3, 0.7),
        (True, 0.4, 0.3, 0.4),  # 40 % drained, 70 % without power
        (True, 0.4, 0.9, 0.1),
    ],
)
def test_homes_without_heat_and_power_are_those_that_can_be_both(
    town: Case, flows: bool, closed: float, power: float, without: float
) -> None:
    corridor = prepare(town)
    groups, homes = len(town.buildings), len(corridor.homes.group)
    warm = np.full((3, 1, homes), 20.0)
    felt = Operative(warm, warm, warm)
    count = town.buildings.buildings
    cohorts = np.stack([(1 - closed) * count, 0.0 * count, closed * count])[None]
    step: Any = SimpleNamespace(
        before=SimpleNamespace(cohorts=cohorts),
        rooms=SimpleNamespace(of_cohort=lambda _: felt),
        running=np.full((1, groups), flows),
        power_share=np.full((1, groups), power),
    )
    night, day = 0, 9  # 02:00 and 11:00 in Kyiv
    keeper = IndoorsKeeper(corridor, 0, 10)
    keeper.add(day, step)
    assert not keeper.indoors.nights.without_both.any()
    keeper.add(night, step)
    warm_again = replace(keeper.indoors.nights)
    step.running = np.ones((1, groups), dtype=np.bool_)
    step.before.cohorts = np.stack([count, 0.0 * count, 0.0 * count])[None]
    keeper.add(night + 1, step)  # heat is back: the worst of the night stays
    assert warm_again.without_both[0] == pytest.approx(np.full(groups, without))
    assert not warm_again.cold_share.any()
