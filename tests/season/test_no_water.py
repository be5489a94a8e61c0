"""Homes heated without water: cold without heat, but nothing in them to drain or to freeze."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from keepwarm.case.nouns import Case
from keepwarm.runs.answers import answers
from keepwarm.season import Season
from keepwarm.season.told import STATES
from tests.season.conftest import HEAT_SOURCES, colder, outage, walk

STEPS = 60


@pytest.fixture(scope="module")
def season(town: Case) -> Season:
    """The town in hard frost without any heat; only the brick blocks of West have no water."""
    wet = np.array([name != "West brick" for name in town.buildings.group])
    dry = replace(town, buildings=replace(town.buildings, water_circuit=wet))
    return walk(colder(dry, 20.0), outage(dry, HEAT_SOURCES, slice(2, STEPS), STEPS))


def test_it_counts_as_without_heat(season: Season) -> None:
    assert season.running[0].all()
    assert not season.running[STEPS - 1].any()
    without = answers(season, ())["buildings"]["without_heat_peak"]  # type: ignore[index]
    assert without == pytest.approx(season.case.buildings.buildings.sum())


def test_it_is_neither_drained_nor_frozen_nor_given_a_deadline(season: Season) -> None:
    brick = season.case.buildings.group.index("West brick")
    assert season.drained[:, brick].max() == 0.0
    assert season.frozen_band[:, brick].max() == 0.0
    assert np.isnan(season.plug_hour[:, brick]).all()
    others = np.delete(np.arange(len(season.case.buildings.group)), brick)
    assert season.drained[-1, others].min() > 0.0
    assert np.isfinite(season.plug_hour[:, others]).any(axis=0).all()


def test_cooling_homes_are_never_told_to_be_warming_or_supplied(season: Season) -> None:
    brick = season.case.buildings.group.index("West brick")
    told = {name: season.of_state(name)[:, brick] for name in STATES}
    assert {name for name, count in told.items() if count.any()} == {"warm", "stopped"}
    assert told["stopped"][-1] == season.case.buildings.buildings[brick]
    falls = np.diff(season.operative_degc[:, 1, brick]) < 0
    assert not told["warming"][1:][falls].any()


def test_it_cools_as_others_do(season: Season) -> None:
    brick, wet = (season.case.buildings.group.index(name) for name in ("West brick", "East brick"))
    fall = season.operative_degc[0, 1] - season.operative_degc[-1, 1]
    assert fall[brick] == pytest.approx(fall[wet], rel=0.05)
