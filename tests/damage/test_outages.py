"""What is left of assets step after step, against a look at every outage in every step."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from keepwarm.damage.outages import (
    FAILURE,
    Outages,
    available_by_step,
    joined,
    no_outages,
    seen_from,
)

HOURS = st.floats(0, 30)
ROW = st.tuples(st.integers(0, 2), st.integers(0, 3), HOURS, HOURS, st.floats(0, 1))


def outages(rows):
    rows = sorted(rows)
    sample, asset, begin, length, left = zip(*rows, strict=True) if rows else ((),) * 5
    begin = np.array(begin, dtype=float)
    return Outages(
        np.array(sample, dtype=np.int64),
        np.array(asset, dtype=np.int64),
        begin,
        begin + np.array(length, dtype=float),
        np.array(left, dtype=float),
        np.full(len(rows), FAILURE),
    )


@given(st.lists(ROW, max_size=12), st.sampled_from([0.5, 1.0, 3.0]))
def test_an_outage_acts_in_the_steps_that_start_within_it(rows, step_hours):
    found = outages(rows)
    steps = available_by_step(found, samples=3, assets=4, steps=12, step_hours=step_hours)
    for t, left in enumerate(steps):
        now = t * step_hours
        for sample in range(3):
            for asset in range(4):
                acting = [
                    share
                    for s, a, begin, length, share in rows
                    if (s, a) == (sample, asset)
                    and begin - 1e-9 * step_hours <= now < begin + length - 1e-9 * step_hours
                ]
                assert left[sample, asset] == min([1.0, *acting])


@given(st.lists(ROW, max_size=8), st.lists(ROW, max_size=8))
def test_joined_outages_are_those_of_both_in_order(some, others):
    both, whole = joined(outages(some), outages(others)), outages(some + others)
    assert both.sample.tolist() == whole.sample.tolist()
    assert both.asset.tolist() == whole.asset.tolist()
    assert both.begin.tolist() == whole.begin.tolist()


@given(st.lists(ROW, max_size=8), st.integers(0, 9))
def test_a_season_may_begin_with_what_broke_before_it(rows, before):
    whole = available_by_step(outages(rows), samples=3, assets=4, steps=20, step_hours=1.0)
    later = seen_from(outages(rows), float(before))
    steps = available_by_step(later, samples=3, assets=4, steps=20 - before, step_hours=1.0)
    wanted = [left.copy() for left in whole][before:]
    for left, expected in zip(steps, wanted, strict=True):
        assert (left == expected).all()


def test_nothing_fails_where_there_are_no_outages():
    [left] = available_by_step(no_outages(), samples=2, assets=3, steps=1, step_hours=1.0)
    assert (left == 1).all()
