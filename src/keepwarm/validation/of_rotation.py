"""Validation of rotation: a published day of power cuts, and ours that cuts as many groups."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import Bools, Names, RotationGroups
from keepwarm.case.rotation import queue_of
from keepwarm.case.timetable import (
    Timetable,
    hours_off,
    least_on_hours,
    longest_block_hours,
    timetable,
)
from keepwarm.recovery.rotation import plain_shortage, rotate
from keepwarm.recovery.rotation_rules import Rules
from keepwarm.validation.folders import ValidationCase

_START = np.datetime64("2025-12-08T22:00:00")  # midnight in Kyiv
_SLOTS = 48


def rotation(case: ValidationCase) -> dict[str, float]:
    """Return what the published day comes to, and how ours compares over a day and a week.

    In each half-hour ours cuts as many groups of equal load as the published day does. The week
    repeats that day. Pickup is left out on both sides: the published day does not count it.
    """
    told = case.facts["input"]
    published = read_published(case.folder / told["schedule"])
    found: dict[str, float] = {
        "published: hours off, all groups": float(hours_off(published).sum()),
        "published: longest block": float(longest_block_hours(published).max()),
        "published: least time on between two cuts": float(least_on_hours(published).min()),
        "published: spread between groups": spread(published),
    }
    for name, days in (("day", 1), ("week", 7)):
        theirs = repeated(published, days)
        found |= _compared(name, theirs, as_fair(theirs, told))
    return found


def read_published(path: Path) -> Timetable:
    """Return the published day."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    columns = [f"{k // 2:02d}{30 * (k % 2):02d}" for k in range(_SLOTS)]
    off: Bools = np.array([[row[column] == "0" for column in columns] for row in rows])
    return timetable([row["group"] for row in rows], _START, off)


def repeated(day: Timetable, days: int) -> Timetable:
    """Return the same day several times."""
    return timetable(day.groups, day.start, np.tile(day.off, days))


def as_fair(theirs: Timetable, told: Mapping[str, float]) -> Timetable:
    """Return our timetable for the same number of groups off in every half-hour."""
    rules = Rules(
        longest_block_hours=told["longest_block_hours"],
        least_on_hours=told["least_on_hours"],
        most_share=1.0,
        pickup_factor=1.0,
    )
    shortage = theirs.off.sum(axis=0).astype(np.float64)
    load = np.ones((len(theirs.groups), 1))
    return rotate(plain_shortage(_groups(theirs.groups), _START, shortage, load), rules).timetable


def spread(table: Timetable) -> float:
    """Return the most hours off of any group less the fewest."""
    hours = hours_off(table)
    return float(hours.max() - hours.min())


def _groups(names: Names) -> RotationGroups:
    exempt = np.zeros(len(names), dtype=np.bool_)
    return RotationGroups(names, tuple(map(queue_of, names)), exempt, np.ones(len(names)))


def _compared(name: str, theirs: Timetable, ours: Timetable) -> dict[str, float]:
    apart = np.abs(ours.off.sum(axis=0) - theirs.off.sum(axis=0)).max()
    longest = longest_block_hours(ours).max() <= longest_block_hours(theirs).max()
    least = least_on_hours(ours).min() >= least_on_hours(theirs).min()
    return {
        f"{name}: largest difference in groups off in a half-hour": float(apart),
        f"{name}: spread between groups is smaller (1 = yes)": float(spread(ours) < spread(theirs)),
        f"{name}: longest block is no longer (1 = yes)": float(longest),
        f"{name}: least time on is no shorter (1 = yes)": float(least),
        f"{name}: our spread between groups": spread(ours),
    }
