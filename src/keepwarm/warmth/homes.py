"""The flats of building groups that are told apart: homes, and means over them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from keepwarm.case.nouns import Archetypes, Buildings, Floats, Ints
from keepwarm.compiled import compiled

#: Homes whose constants are kept near the processor while samples pass by.
HOMES_AT_ONCE = 512


@dataclass(frozen=True)
class Homes:
    """The flats of building groups that are told apart: one home per group and position."""

    group: Ints  # (homes,): rising, so that the homes of a group stand side by side
    flat: Ints  # (homes,): index into Archetypes.flats
    share: Floats  # (homes,): of the group's floor area and people
    first: Ints  # (groups,): the first home of each group

    @cached_property
    def parts(self) -> Ints:
        """First home and first group of parts to be taken at once, groups whole, (parts + 1, 2).

        The last row is the end. A part has `HOMES_AT_ONCE` homes, or a single group of more.
        """
        edges, at = self.edges, [0]
        while at[-1] < self.first.size:
            end = int(np.searchsorted(edges, edges[at[-1]] + HOMES_AT_ONCE, side="right")) - 1
            at.append(max(end, at[-1] + 1))
        return np.column_stack([edges[at], at])

    @cached_property
    def edges(self) -> Ints:
        """First home of each group, and how many there are in all, (groups + 1,)."""
        return np.append(self.first, len(self.group))

    @cached_property
    def most_at_once(self) -> int:
        """Homes in the largest part."""
        return int(np.diff(self.parts[:, 0]).max(initial=0))

    def mean(self, values: Floats) -> Floats:
        """Return the mean over the flats of each group, (..., homes) -> (..., groups)."""
        means = np.zeros((*values.shape[:-1], self.first.size))
        rows = math.prod(values.shape[:-1])
        _add_up(
            np.ascontiguousarray(values).reshape(rows, self.group.size),
            self.group,
            self.share,
            means.reshape(rows, self.first.size),
        )
        return means


@compiled
def _add_up(rows: Floats, group: Ints, share: Floats, sums: Floats) -> None:
    """Add up by group, ``sums`` being zero: (rows, homes) -> (rows, groups)."""
    for r in range(rows.shape[0]):
        for h in range(group.size):
            sums[r, group[h]] += rows[r, h] * share[h]


def homes(archetypes: Archetypes, buildings: Buildings) -> Homes:
    """Return the homes of building groups: the kinds of flats of each group's archetype."""
    flats = archetypes.flats
    kinds = [np.flatnonzero(flats.archetype == a) for a in range(len(archetypes))]
    of_group = [kinds[a] for a in buildings.archetype.tolist()]
    flat = np.concatenate([*of_group, np.zeros(0, dtype=np.int64)])
    counts = np.array([len(kind) for kind in of_group], dtype=np.int64)
    return Homes(
        group=np.repeat(np.arange(len(of_group)), counts),
        flat=flat,
        share=flats.share[flat],
        first=np.cumsum(counts) - counts,
    )
