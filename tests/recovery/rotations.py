"""Shortages and groups to make timetables from, and rules counted independently of keepwarm."""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import RotationGroups
from keepwarm.recovery.rotation import Rotation, Shortage, plain_shortage

START = np.datetime64("2026-01-15T22:00:00")


def groups(
    count: int, *, exempt: tuple[int, ...] = (), weight: tuple[float, ...] = ()
) -> RotationGroups:
    """Groups 1.1, 1.2, 2.1, ...: two of each queue."""
    names = tuple(f"{k // 2 + 1}.{k % 2 + 1}" for k in range(count))
    spared = np.array([k in exempt for k in range(count)], dtype=np.bool_)
    counts = np.array(weight or (1.0,) * count)
    return RotationGroups(names, tuple(name[0] for name in names), spared, counts)


def shortage(
    mw: np.ndarray, load: np.ndarray, start: np.datetime64 = START, **of_groups: object
) -> Shortage:
    """A shortage among groups of constant load."""
    own = groups(len(load), **of_groups)  # type: ignore[arg-type]
    return plain_shortage(own, start, np.asarray(mw, dtype=float), np.asarray(load)[:, None])


def runs(row: str) -> list[tuple[str, int, int]]:
    """Runs of one row of 0 (off) and 1, as (mark, first, length)."""
    found, first = [], 0
    for k in range(1, len(row) + 1):
        if k == len(row) or row[k] != row[first]:
            found.append((row[first], first, k - first))
            first = k
    return found


def text(row: np.ndarray) -> str:
    """A row as published grids have it."""
    return "".join("0" if off else "1" for off in row)


def blocks(row: np.ndarray) -> list[int]:
    """Lengths of the blocks, in slots."""
    return [length for mark, _, length in runs(text(row)) if mark == "0"]


def breaks(row: np.ndarray) -> list[int]:
    """Lengths of the breaks between two blocks, in slots."""
    return [length for mark, _, length in runs(text(row))[1:-1] if mark == "1"]


def drawn(
    off: np.ndarray, load: np.ndarray, factor: float, was: np.ndarray | None = None
) -> np.ndarray:
    """What groups draw, slot by slot, where each draws a multiple in the slot it comes back in."""
    total = np.zeros(off.shape[1])
    for group in range(len(off)):
        before = bool(was[group]) if was is not None else False
        for slot in range(off.shape[1]):
            if not off[group, slot]:
                total[slot] += load[group] * (factor if before else 1.0)
            before = bool(off[group, slot])
    return total


def rules_named(found: Rotation) -> set[str]:
    """The rules that a rotation says gave way."""
    return {place.rule for place in found.gave_way}
