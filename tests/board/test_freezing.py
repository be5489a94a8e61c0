"""Hours until pipes freeze, region by region: expected values by hand."""

from __future__ import annotations

from typing import cast

import numpy as np

from keepwarm.board.frames import hours_to_freezing
from keepwarm.briefing.view import View

NEVER = np.nan


class _Hours:
    """Five steps of an hour; North has groups a and b of ten buildings, South has c of four."""

    warm = True
    regions = ("North", "South")
    times = np.arange(5)
    hours = np.arange(5.0)

    def __init__(self, plugs: list[float], drained: list[list[float]], frozen: list[list[float]]):
        self._plugs, self._tables = np.array(plugs), {"drained": drained, "frozen": frozen}

    def group(self, column: str) -> np.ndarray:
        return {"pipe_plug_low_hour": self._plugs, "buildings": np.array([10.0, 10.0, 4.0])}[column]

    def by_group(self, column: str) -> np.ndarray:
        return np.array(self._tables[column])

    def inside(self, region: str) -> np.ndarray:
        return np.array([region == "North", region == "North", region == "South"])


def found(plugs: list[float], drained: dict[int, int], frozen: dict[int, int]) -> list[list[float]]:
    """Hours left; ``drained`` and ``frozen``: group -> first step from which all of it is so."""

    def table(since: dict[int, int]) -> list[list[float]]:
        sizes = (10.0, 10.0, 4.0)
        return [
            [sizes[g] if step >= since.get(g, 9) else 0.0 for g in range(3)] for step in range(5)
        ]

    view = cast("View", _Hours(plugs, table(drained), table(frozen)))
    hours = hours_to_freezing(view)
    assert hours is not None
    return [[-1.0 if np.isnan(v) else v for v in column] for column in hours.T.tolist()]


def test_the_first_pipe_of_a_region_counts_and_what_never_plugs_does_not() -> None:
    assert found([3.5, 2.25, NEVER], {}, {}) == [[2.25, 1.25, 0.25, 0.5, -1], [-1] * 5]


def test_drained_buildings_freeze_no_more_and_frozen_ones_stay_so() -> None:
    # b is empty from the second step on; c freezes in the third
    assert found([3.5, 2.25, 2.0], {1: 1}, {2: 2}) == [[2.25, 2.5, 1.5, 0.5, -1], [2, 1, 0, 0, 0]]


def test_nothing_is_said_where_no_pipe_plugs() -> None:
    steps = [[0.0] * 3] * 5
    assert hours_to_freezing(cast("View", _Hours([NEVER] * 3, steps, steps))) is None
