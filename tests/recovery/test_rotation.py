"""Timetables: what is covered, who is spared, which rules hold, what is said where they do not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.case.nouns import no_rotation_groups
from keepwarm.case.timetable import joined, timetable
from keepwarm.errors import InputError
from keepwarm.recovery.rotation import Rotation, plain_shortage, rotate
from keepwarm.recovery.rotation_rules import Rules
from tests.recovery.rotations import (
    START,
    blocks,
    breaks,
    drawn,
    groups,
    rules_named,
    shortage,
)

#: Twelve groups of 10 MW: an evening peak, none at night.
EVENING = np.concatenate([np.zeros(12), np.full(20, 25.0), np.full(12, 45.0), np.zeros(4)])
TEN = np.full(12, 10.0)


def loads() -> st.SearchStrategy[list[float]]:
    return st.lists(st.floats(1.0, 20.0), min_size=4, max_size=10)


def shares(slots: int) -> st.SearchStrategy[list[float]]:
    """Shortage as a share of all load: none, or up to 40 %."""
    return st.lists(st.one_of(st.just(0.0), st.floats(0.02, 0.4)), min_size=slots, max_size=slots)


@settings(max_examples=25, deadline=None)
@given(load=loads(), share=shares(60), factor=st.sampled_from([1.0, 2.0, 3.0]))
def test_the_cut_covers_shortage_and_pickup_or_says_where_not(load, share, factor):
    load, mw = np.array(load), np.array(share) * sum(load)
    found = rotate(shortage(mw, load), Rules(pickup_factor=factor), trials=100)
    off = found.timetable.off
    supply = load.sum() - mw
    over = np.where(mw > 0, drawn(off, load, factor) - supply, 0.0)
    assert found.uncovered_mw == pytest.approx(np.maximum(over, 0.0), abs=1e-6)
    if (over > 1e-6).any():
        assert "shortage" in rules_named(found)
        assert off[:, over > 1e-6].all()  # nobody was left that could be cut


@settings(max_examples=25, deadline=None)
@given(load=loads(), share=shares(48), spared=st.sets(st.integers(0, 9), max_size=3))
def test_exempt_groups_are_never_cut(load, share, spared):
    load = np.array(load)
    spared = tuple(k for k in spared if k < len(load))
    found = rotate(shortage(np.array(share) * load.sum(), load, exempt=spared), Rules(), trials=100)
    assert not found.timetable.off[list(spared)].any()
    assert not found.timetable.emergency[list(spared)].any()


@settings(max_examples=25, deadline=None)
@given(load=loads(), share=shares(72), factor=st.sampled_from([1.0, 3.0]))
def test_blocks_and_breaks_keep_to_the_rules_or_are_named(load, share, factor):
    load = np.array(load)
    rules = Rules(longest_block_hours=4, least_on_hours=2, pickup_factor=factor)
    found = rotate(shortage(np.array(share) * load.sum(), load), rules, trials=100)
    too_long = {(p.group, p.amount) for p in found.gave_way if p.rule == "longest block"}
    too_soon = [(p.group, p.amount) for p in found.gave_way if p.rule == "least on"]
    counted_long, counted_soon = set(), []
    for name, row in zip(found.timetable.groups, found.timetable.off, strict=True):
        counted_long |= {(name, length / 2) for length in blocks(row) if length > 8}
        counted_soon += [(name, length / 2) for length in breaks(row) if length < 4]
    assert too_long == counted_long
    assert too_soon == counted_soon


@settings(max_examples=25, deadline=None)
@given(
    need=st.lists(st.integers(0, 6), min_size=48, max_size=48),
    more=st.lists(st.integers(0, 3), min_size=48, max_size=48),
)
def test_more_shortage_never_means_fewer_hours_off(need, more):
    """Equal groups, no pickup: what is off in a slot is what it takes."""
    load, rules = np.ones(10), Rules(pickup_factor=1.0)
    less = rotate(shortage(np.array(need), load), rules, trials=100)
    much = rotate(shortage(np.array(need) + more, load), rules, trials=100)
    assert much.timetable.off.sum() >= less.timetable.off.sum()
    assert less.timetable.off.sum(axis=0).tolist() == need


@settings(max_examples=25, deadline=None)
@given(share=shares(48), then=shares(48), seed=st.integers(0, 5))
def test_a_timetable_goes_on_from_yesterday(share, then, seed):
    load = np.random.default_rng(seed).uniform(5, 15, 10)
    rules = Rules(longest_block_hours=4, least_on_hours=2)
    first = rotate(shortage(np.array(share) * load.sum(), load), rules, trials=100)
    end = first.timetable.end
    mw = np.array(then) * load.sum()
    second = rotate(shortage(mw, load, end), rules, before=first.timetable, trials=100)
    both = joined(first.timetable, second.timetable).off
    long = [(n, b) for n, row in enumerate(both) for b in blocks(row) if b > 8]
    soon = [(n, b) for n, row in enumerate(both) for b in breaks(row) if b < 4]
    named = {place.rule for found in (first, second) for place in found.gave_way}
    assert not long or "longest block" in named
    assert not soon or "least on" in named
    was = first.timetable.off[:, -1]
    over = drawn(second.timetable.off, load, 3.0, was) - (load.sum() - mw)
    assert second.uncovered_mw == pytest.approx(
        np.maximum(np.where(mw > 0, over, 0.0), 0.0), abs=1e-6
    )


def test_a_day_like_any_other_keeps_every_rule_and_is_even():
    found = rotate(shortage(EVENING, TEN), Rules())
    assert found.gave_way == ()
    assert found.uncovered_mw.max() == 0
    assert found.hours_off.max() - found.hours_off.min() <= 1.5
    assert not found.timetable.off[:, EVENING == 0].any()


def test_a_group_of_weight_two_is_off_half_as_long():
    week = np.tile(EVENING, 7)
    weight = (2.0, 2.0, *(1.0,) * 10)
    found = rotate(shortage(week, TEN, weight=weight), Rules(pickup_factor=1.0))
    protected, others = found.hours_off[:2].mean(), found.hours_off[2:].mean()
    assert protected / others == pytest.approx(0.5, abs=0.06)
    assert found.burden == pytest.approx(found.hours_off * np.array(weight))


def test_large_and_small_groups_are_off_equally_long():
    load = np.array([20.0, 5.0] * 6)
    found = rotate(shortage(np.tile(EVENING, 7), load), Rules(pickup_factor=1.0))
    large, small = found.hours_off[::2].mean(), found.hours_off[1::2].mean()
    assert large / small == pytest.approx(1.0, abs=0.1)


def test_hours_off_before_are_made_up_for():
    past = timetable(
        groups(12).name,
        START - np.timedelta64(2, "D"),
        np.arange(12)[:, None] < np.full((1, 96), 3),
    )
    past = timetable(past.groups, past.start, past.off & (np.arange(96) % 24 < 12))
    before = past.off.sum(axis=1) / 2
    found = rotate(shortage(EVENING, TEN), Rules(), before=past)
    today = found.timetable.off.sum(axis=1) / 2
    assert today[:3].max() <= today[3:].min()
    assert found.hours_off.tolist() == (today + before).tolist()
    earlier = np.where(np.arange(12) < 3, 24.0, 0.0)
    also = rotate(shortage(EVENING, TEN), Rules(), hours_before=earlier)
    assert (also.timetable.off.sum(axis=1)[:3] <= also.timetable.off.sum(axis=1)[3:].min()).all()


def test_a_block_in_progress_counts_from_its_begin():
    off = np.zeros((12, 48), dtype=np.bool_)
    off[:3, 36:] = True  # six of seven hours are over
    past = timetable(groups(12).name, START - np.timedelta64(1, "D"), off)
    found = rotate(shortage(np.full(48, 25.0), TEN), Rules(), before=past)
    whole = np.concatenate([off, found.timetable.off], axis=1)
    assert max(length for row in whole for length in blocks(row)) <= 14
    assert found.gave_way == ()


def test_pickup_holds_groups_back_that_could_otherwise_all_return():
    """60 MW short, then 1: without pickup one group suffices, with it returns come one by one."""
    mw = np.array([60.0] * 6 + [1.0] * 10)
    quick = rotate(shortage(mw, TEN), Rules(pickup_factor=1.0))
    slow = rotate(shortage(mw, TEN), Rules(pickup_factor=3.0))
    assert quick.timetable.off[:, 6].sum() == 1
    assert slow.timetable.off[:, 6].sum() == 5  # 6 off: 3 x 10 MW must be cut for one that returns
    assert slow.uncovered_mw.max() == 0


def test_room_for_pickup_may_be_limited_where_nothing_is_short():
    mw = np.array([60.0] * 6 + [0.0] * 6)
    free = shortage(mw, TEN)
    tight = plain_shortage(free.groups, START, mw, free.load_mw)
    tight = type(tight)(**{**vars(tight), "spare_mw": np.full(12, 25.0)})
    assert not rotate(free, Rules()).timetable.off[:, 6].any()
    found = rotate(tight, Rules())
    assert found.timetable.off[:, 6].sum() == 4  # 40 + 25 MW cover the 2 x 20 MW, not 3 x 20
    assert found.uncovered_mw.max() == 0


def test_pickup_longer_than_a_slot_is_covered_in_each():
    found = rotate(shortage(EVENING, TEN), Rules(pickup_hours=1.0))
    off, extra = found.timetable.off, np.zeros(48)
    for row in off:
        back = np.flatnonzero(row[:-1] & ~row[1:]) + 1
        for slot in [*back, *(back + 1)]:
            if slot < 48 and not row[slot]:
                extra[slot] += 20.0
    assert found.pickup_mw == pytest.approx(extra)
    short = EVENING > 0
    assert (10.0 * off.sum(axis=0) + 1e-6 >= EVENING + extra)[short].all()


def test_too_many_queues_make_the_schedule_void():
    mw = np.concatenate([np.full(4, 40.0), np.full(4, 101.0)])  # five of six queues are 100 MW
    found = rotate(shortage(mw, TEN), Rules(pickup_factor=1.0))
    assert found.timetable.emergency.any(axis=0).tolist() == [False] * 4 + [True] * 4
    [told] = [place for place in found.gave_way if place.rule == "emergency"]
    assert "the schedule is void" in str(told)
    assert str(told).startswith("2026-01-16T00:00Z to 2026-01-16T02:00Z")


def test_a_shortage_beyond_everything_is_shared_as_far_as_it_goes():
    found = rotate(shortage(np.full(8, 130.0), TEN, exempt=(0,)), Rules())
    assert found.timetable.off[1:].all()
    assert found.uncovered_mw == pytest.approx(np.full(8, 20.0))
    assert {"shortage", "emergency"} <= rules_named(found)
    assert "up to 20 MW are short even with every group off" in "\n".join(map(str, found.gave_way))


def test_groups_whose_feeder_is_dead_for_a_while_are_no_help_and_not_cut():
    load = np.full((12, 48), 10.0)
    load[:6, 10:30] = 0.0
    found = rotate(plain_shortage(groups(12), START, np.full(48, 15.0), load), Rules())
    assert found.uncovered_mw.max() == 0
    assert (np.where(found.timetable.off, load, 0.0).sum(axis=0) >= 15.0).all()
    assert not found.timetable.off[:6, 14:30].any()


def test_without_groups_nothing_is_cut_and_that_is_said():
    found = rotate(
        plain_shortage(no_rotation_groups(), START, np.ones(4), np.zeros((0, 1))), Rules()
    )
    assert found.timetable.off.shape == (0, 4)
    assert rules_named(found) == {"no groups"}
    assert found.uncovered_mw.tolist() == [1, 1, 1, 1]


def test_no_shortage_is_no_cut():
    found = rotate(shortage(np.zeros(48), TEN), Rules())
    assert not found.timetable.off.any()
    assert found.gave_way == ()


def test_an_empty_span_has_an_empty_timetable():
    assert len(rotate(shortage(np.zeros(0), TEN), Rules()).timetable) == 0


def same(one: Rotation, other: Rotation) -> bool:
    return bool((one.timetable.off == other.timetable.off).all())


def test_the_same_question_has_the_same_answer():
    assert same(rotate(shortage(EVENING, TEN), Rules()), rotate(shortage(EVENING, TEN), Rules()))


@pytest.mark.parametrize(
    ("mw", "load", "said"),
    [
        ([1.0, np.nan], TEN, "shortage_mw: nan in slot 2, 1 in all; expected a number"),
        ([1.0, np.inf], TEN, "shortage_mw: inf in slot 2"),
        ([1.0, 1.0], np.array([1.0, -2.0]), "load_mw: -2 of '1.2' in slot 1"),
        ([1.0, 1.0], np.array([np.nan, 1.0]), "load_mw: nan of '1.1' in slot 1"),
    ],
)
def test_numbers_that_are_none_are_refused(mw, load, said):
    with pytest.raises(InputError, match=said.split(";")[0].replace(".", r"\.")):
        rotate(shortage(np.array(mw), load), Rules())


def test_a_timetable_before_must_fit():
    past = timetable(("1.1", "7.1"), START, np.zeros((2, 4), dtype=np.bool_), slot_hours=1.0)
    with pytest.raises(InputError) as caught:
        rotate(shortage(EVENING, TEN), Rules(), before=past)
    said = str(caught.value)
    assert "'7.1' is no rotation group of this case. Did you mean" in said
    assert "slots of 1 h; expected slots of 0.5 h" in said
    assert "ends at 2026-01-16T02:00Z; expected an end at 2026-01-15T22:00Z" in said
