"""A timetable of power cuts: which group is off in which slot, and what one asks of it.

A timetable has one row per rotation group, as published grids have: shape (groups, slots), unlike
the other arrays of a case. Times are naive UTC; local days belong to `keepwarm.exchange`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints, Names, Times

#: Half an hour, as published timetables have it.
SLOT_HOURS = 0.5


@dataclass(frozen=True)
class Timetable:
    """Who is cut when, slot by slot from ``start``."""

    start: np.datetime64  # naive UTC, begin of the first slot
    slot_hours: float
    groups: Names
    off: Bools  # (groups, slots): cut
    maybe: Bools  # (groups, slots): a cut is possible, none is promised
    #: (groups, slots): the schedule is void, cuts come without notice and without a stated end;
    #: ``off`` then says what was last expected.
    emergency: Bools

    def __len__(self) -> int:
        return int(self.off.shape[1])

    @property
    def times(self) -> Times:
        """Return the begin of every slot, (slots,)."""
        return np.asarray(self.start + np.arange(len(self)) * self.slot)

    @property
    def slot(self) -> np.timedelta64:
        """Return the length of a slot as time."""
        return np.timedelta64(round(3600 * self.slot_hours), "s")

    @property
    def end(self) -> np.datetime64:
        """Return the end of the last slot."""
        return self.start + len(self) * self.slot


def timetable(
    groups: Sequence[str],
    start: np.datetime64,
    off: Bools,
    *,
    slot_hours: float = SLOT_HOURS,
    maybe: Bools | None = None,
    emergency: Bools | None = None,
) -> Timetable:
    """Return a timetable; without ``maybe`` and ``emergency`` none of its cuts are of these kinds.

    Parameters
    ----------
    groups
        One name per row of ``off``.
    start
        Naive UTC.
    off, maybe, emergency
        Shape (groups, slots).
    slot_hours
        Above 0.

    Raises
    ------
    ValueError
        When shapes and names do not fit each other.
    """
    none = np.zeros(off.shape, dtype=np.bool_)
    table = Timetable(
        start.astype("datetime64[s]"),
        slot_hours,
        tuple(groups),
        off.astype(np.bool_),
        none if maybe is None else maybe.astype(np.bool_),
        none if emergency is None else emergency.astype(np.bool_),
    )
    shapes = {part.shape for part in (table.off, table.maybe, table.emergency)}
    if len(shapes) > 1 or off.ndim != 2 or off.shape[0] != len(table.groups) or slot_hours <= 0:
        raise ValueError(f"{len(table.groups)} groups do not fit arrays of {sorted(shapes)}")
    return table


def runs_of(row: Bools) -> Ints:
    """Return the runs of True in one row as (begin, end) slots, shape (runs, 2), end excluded.

    Examples
    --------
    >>> runs_of(np.array([True, True, False, True])).tolist()
    [[0, 2], [3, 4]]
    """
    edges = np.diff(np.concatenate([[False], row, [False]]).astype(np.int8))
    return np.stack([np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)], axis=1)


def hours_off(table: Timetable) -> Floats:
    """Return how long each group is off, h, (groups,)."""
    return np.asarray(table.off.sum(axis=1) * table.slot_hours)


def longest_block_hours(table: Timetable) -> Floats:
    """Return the longest time that each group is off without a break, h, (groups,)."""
    slots = [np.diff(runs_of(row)).max(initial=0) for row in table.off]
    return np.asarray(slots, dtype=np.float64) * table.slot_hours


def least_on_hours(table: Timetable) -> Floats:
    """Return the shortest time that each group is on between two of its cuts, h, (groups,).

    Infinite where a group is cut less than twice: what comes before the first slot and after the
    last is not known.
    """
    least = np.full(len(table.groups), np.inf)
    for row, off in enumerate(table.off):
        runs = runs_of(off)
        if len(runs) > 1:
            least[row] = float((runs[1:, 0] - runs[:-1, 1]).min()) * table.slot_hours
    return least


def off_share(table: Timetable, begin: np.datetime64, hours: float) -> Floats:
    """Return the share of a span in which each group is off, (groups,), 0 outside the timetable.

    Parameters
    ----------
    begin
        Naive UTC.
    hours
        Length of the span, above 0.

    Examples
    --------
    >>> day = timetable(["1.1"], np.datetime64("2026-01-15T00:00"), np.array([[True, False]]))
    >>> off_share(day, np.datetime64("2026-01-15T00:00"), 1.0).tolist()
    [0.5]
    """
    first = (table.times - begin) / np.timedelta64(3600, "s")  # in hours from the span's begin
    covered = np.minimum(first + table.slot_hours, hours) - np.maximum(first, 0.0)
    return np.asarray((table.off * np.maximum(covered, 0.0)).sum(axis=1) / hours)


def window(table: Timetable, begin: np.datetime64, end: np.datetime64) -> Timetable:
    """Return the slots that begin within [begin, end); an empty timetable where there are none."""
    times = table.times
    kept = (times >= begin) & (times < end)
    start = times[kept][0] if kept.any() else begin.astype("datetime64[s]")
    return Timetable(
        start,
        table.slot_hours,
        table.groups,
        table.off[:, kept],
        table.maybe[:, kept],
        table.emergency[:, kept],
    )


def joined(first: Timetable, then: Timetable) -> Timetable:
    """Return one timetable of two that follow each other without a gap.

    Raises
    ------
    ValueError
        When the groups or the slots differ, or the second does not begin where the first ends.
    """
    if first.groups != then.groups or first.slot_hours != then.slot_hours:
        raise ValueError("the two timetables have other groups or other slots")
    if first.end != then.start:
        raise ValueError(f"the first timetable ends at {first.end}, the second begins {then.start}")
    return Timetable(
        first.start,
        first.slot_hours,
        first.groups,
        np.concatenate([first.off, then.off], axis=1),
        np.concatenate([first.maybe, then.maybe], axis=1),
        np.concatenate([first.emergency, then.emergency], axis=1),
    )


def with_power_until(table: Timetable, end: np.datetime64) -> Timetable:
    """Return a timetable that goes on to a time with nobody off, in whole slots.

    Parameters
    ----------
    end
        Naive UTC, not before the timetable's own end.
    """
    more = max(0, int((end - table.end) / table.slot))
    wide = [(0, 0), (0, more)]
    return Timetable(
        table.start,
        table.slot_hours,
        table.groups,
        np.pad(table.off, wide),
        np.pad(table.maybe, wide),
        np.pad(table.emergency, wide),
    )
