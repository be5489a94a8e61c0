"""Tiny timetables against trying every one of them, rule by rule, counted independently."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from keepwarm.recovery.rotation import rotate
from keepwarm.recovery.rotation_rules import Rules
from tests.recovery.rotations import blocks, breaks, drawn, shortage

SLOTS = 8
#: A slot off costs as much as moving one between groups 24 slots apart: 6 h, twice.
PRICE = 24.0
ROWS = np.array(list(itertools.product((False, True), repeat=SLOTS)))


def broken(row: np.ndarray, longest: int, least: int) -> int:
    """Slots by which blocks are too long and breaks too short."""
    long = sum(max(length - longest, 0) for length in blocks(row))
    return long + sum(max(least - length, 0) for length in breaks(row))


def best_of_all(
    mw: np.ndarray, load: np.ndarray, weight: np.ndarray, factor: float, longest: int, least: int
) -> tuple[float, int, float]:
    """The best (uncovered, rules broken, unfairness) of all timetables of three groups."""
    count = len(load)
    cuts = [row.astype(float) * load[g] for g in range(count) for row in ROWS]
    cut = np.array(cuts).reshape(count, len(ROWS), SLOTS)
    alone = np.array([drawn(row[None], np.ones(1), factor) - ~row for row in ROWS])
    extra = load[:, None, None] * alone[None]
    bad = np.array([broken(row, longest, least) for row in ROWS])
    off = ROWS.sum(axis=1).astype(float)
    size = load / load.sum()
    best = (np.inf, 0, np.inf)
    for first in range(len(ROWS)):
        have = (cut[0] - extra[0])[first] + (cut[1] - extra[1])[:, None] + (cut[2] - extra[2])[None]
        short = np.where(mw > 0, np.maximum(mw - have, 0.0), 0.0).sum(axis=-1).round(7)
        rules = bad[first] + bad[:, None] + bad[None]
        cost = [size[g] * (weight[g] * off**2 + PRICE * off) for g in range(count)]
        unfair = cost[0][first] + cost[1][:, None] + cost[2][None]
        order = np.lexsort((unfair.ravel(), rules.ravel(), short.ravel()))[0]
        here = (short.ravel()[order], int(rules.ravel()[order]), float(unfair.ravel()[order]))
        best = min(best, here)
    return best


@pytest.mark.parametrize("seed", range(4))
def test_no_timetable_of_three_groups_is_better(seed):
    random = np.random.default_rng(seed)
    load = random.uniform(5, 15, 3)
    weight = np.array([1.0, 4.0, 9.0]) if seed % 2 else np.ones(3)
    mw = random.uniform(0, 0.6, SLOTS) * load.sum() * (random.random(SLOTS) < 0.8)
    factor = (1.0, 2.0, 3.0)[seed % 3]
    rules = Rules(longest_block_hours=1.5, least_on_hours=1.0, pickup_factor=factor, most_share=1.0)
    found = rotate(shortage(mw, load, weight=tuple(weight)), rules)
    assert found.method == "optimum"
    off = found.timetable.off
    over = np.where(mw > 0, drawn(off, load, factor) - (load.sum() - mw), 0.0)
    slots = off.sum(axis=1).astype(float)
    ours = (
        float(np.maximum(over, 0.0).sum()),
        sum(broken(row, 3, 2) for row in off),
        float((load / load.sum()) @ (weight * slots**2 + PRICE * slots)),
    )
    assert ours == pytest.approx(best_of_all(mw, load, weight, factor, 3, 2), abs=1e-5)


def test_greedy_and_search_come_near_the_optimum():
    """Twenty small questions without pickup, each solved both ways by making it just too large."""
    gaps = []
    for seed in range(20):
        random = np.random.default_rng(seed)
        load = random.uniform(5, 15, 4)
        mw = random.uniform(0, 0.5, 12) * load.sum()
        rules = Rules(longest_block_hours=2, least_on_hours=1, pickup_factor=1.0)
        exact = rotate(shortage(mw, load), rules)
        # Four further groups that may not be cut change nothing but the size of the question.
        more = rotate(
            shortage(mw, np.concatenate([load, np.full(4, 1.0)]), exempt=(4, 5, 6, 7)), rules
        )
        assert (exact.method, more.method) == ("optimum", "greedy and local search")
        size = load / load.sum()
        slots = [found.timetable.off[:4].sum(axis=1) for found in (exact, more)]
        score = [size @ (own**2.0 + PRICE * own) for own in slots]
        if not exact.gave_way and not more.gave_way:
            gaps.append(score[1] / score[0] - 1)
    assert len(gaps) >= 10
    assert np.median(gaps) <= 0.1
