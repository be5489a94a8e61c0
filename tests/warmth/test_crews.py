"""Crews and deadlines against exact enumeration and a time-indexed integer program (HiGHS)."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from keepwarm.case.nouns import Floats
from keepwarm.warmth.crews import drain_plan

instances = st.lists(
    st.tuples(st.integers(1, 4), st.integers(1, 12), st.integers(0, 6)), min_size=1, max_size=5
)


def arrays(groups: list[tuple[int, int, int]]) -> tuple[Floats, Floats, Floats]:
    work, deadline, ready = (np.array(column, dtype=float) for column in zip(*groups, strict=True))
    return work, deadline, ready


def most_by_program(work: Floats, deadline: Floats, ready: Floats) -> float:
    """One building an hour: which group is drained in which hour, most buildings in all."""
    slots = np.arange(12)
    may = (slots >= ready[:, None]) & (slots + 1 <= deadline[:, None])
    groups, hours = may.shape
    per_hour = np.tile(np.eye(hours), groups)
    per_group = np.kron(np.eye(groups), np.ones(hours))
    rows = LinearConstraint(np.vstack((per_hour, per_group)), -np.inf, [*np.ones(hours), *work])
    found = milp(
        -np.ones(may.size),
        constraints=rows,
        bounds=Bounds(0, may.ravel().astype(float)),
        integrality=np.ones(may.size),
    )
    return round(-found.fun)


@settings(max_examples=60)
@given(instances)
def test_no_order_saves_more(groups: list[tuple[int, int, int]]) -> None:
    work, deadline, ready = arrays(groups)
    plan = drain_plan(work, deadline, 1.0, ready_hours=ready)
    assert plan.in_time.sum() == pytest.approx(most_by_program(work, deadline, ready))


@settings(max_examples=60)
@given(instances)
def test_no_later_start_saves_as_many(groups: list[tuple[int, int, int]]) -> None:
    """Crews may rest until the first latest start, and not an hour longer."""
    work, deadline, ready = arrays(groups)
    plan = drain_plan(work, deadline, 1.0, ready_hours=ready)
    if not plan.in_time.any():
        return
    first = np.nanmin(plan.start_hours)
    most = most_by_program(work, deadline, ready)
    assert most_by_program(plan.in_time, deadline, np.maximum(ready, first)) == most
    assert most_by_program(plan.in_time, deadline, np.maximum(ready, first + 1)) < most
    assert np.all(plan.start_hours[plan.in_time > 0] >= ready[plan.in_time > 0])


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 8)), min_size=1, max_size=5))
def test_against_every_order(groups: list[tuple[int, int]]) -> None:
    """All stopped at once: groups one after the other in each order, what is late counted off."""
    work, deadline = (np.array(column, dtype=float) for column in zip(*groups, strict=True))
    best = 0.0
    for order in permutations(range(len(groups))):
        now = saved = 0.0
        for group in order:
            done = min(work[group], max(deadline[group] - now, 0.0))
            now, saved = now + done, saved + done
        best = max(best, saved)
    plan = drain_plan(work, deadline, 1.0)
    assert plan.in_time.sum() == pytest.approx(best)
    assert plan.feasible(work).all() == (best == work.sum())


def test_by_hand() -> None:
    """100 an hour: 300 by 5 h, 200 by 4 h, 100 by 9 h: the last from 8, then back from 5: 2, 0."""
    plan = drain_plan(np.array([300.0, 200.0, 100.0]), np.array([5.0, 4.0, 9.0]), 100.0)
    assert plan.start_hours.tolist() == pytest.approx([2.0, 0.0, 8.0])
    assert plan.feasible(np.array([300.0, 200.0, 100.0])).all()


def test_who_cannot_be_saved() -> None:
    """150 of 200 can be drained in 1.5 h; whoever never freezes needs no crew."""
    plan = drain_plan(np.array([200.0, 50.0]), np.array([1.5, np.inf]), 100.0)
    assert plan.in_time.tolist() == [150.0, 50.0]
    assert plan.feasible(np.array([200.0, 50.0])).tolist() == [False, True]
    assert np.isnan(plan.start_hours[1])


def test_no_crews() -> None:
    plan = drain_plan(np.array([5.0]), np.array([10.0]), 0.0)
    assert plan.in_time.tolist() == [0.0]
    assert np.isnan(plan.start_hours).all()
