"""The audit's look at every step: does each bus balance, does a box hold, by compiled loops."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled, inlined
from keepwarm.network import Template

#: A release at its box this far from it, and with this reduced cost at least, is held back by it.
_AT_BOX, _HELD = 1e-9, 1e-6


class Rows(NamedTuple):
    """The template's matrix by rows, and its release columns by columns."""

    start: Ints  # (rows + 1,)
    column: Ints
    value: Floats
    bus: Ints  # (needs,)
    first: int  # release column
    release_start: Ints  # (releases + 1,)
    release_row: Ints
    release_value: Floats
    box: float


def rows_of(template: Template) -> Rows:
    """Lay out a template's matrix for `worst_balance` and `boxes_bound`."""
    rows = template.matrix.tocsr()
    releases = template.matrix[:, template.columns.releases].tocsc()
    return Rows(
        start=rows.indptr.astype(np.int64),
        column=rows.indices.astype(np.int64),
        value=np.asarray(rows.data, dtype=np.float64),
        bus=template.needs.bus,
        first=template.columns.releases.start,
        release_start=releases.indptr.astype(np.int64),
        release_row=releases.indices.astype(np.int64),
        release_value=np.asarray(releases.data, dtype=np.float64),
        box=template.release_box,
    )


@compiled
def worst_balance(rows: Rows, solved: Bools, x: Floats, need: Floats, rest: Floats) -> float:
    """Return how far any bus or loop of any sample is from its balance.

    Parameters
    ----------
    solved
        Shape (samples,): others are passed over.
    x, need
        Shape (samples, columns) and (samples, needs).
    rest
        Shape (rows,): work space.
    """
    worst = 0.0
    for s in range(x.shape[0]):
        if not solved[s]:
            continue
        for i in range(rest.size):
            rest[i] = 0.0
        for n in range(rows.bus.size):
            rest[rows.bus[n]] -= need[s, n]
        for i in range(rest.size):
            total = rest[i]
            for p in range(rows.start[i], rows.start[i + 1]):
                total += rows.value[p] * x[s, rows.column[p]]
            if not abs(total) <= worst:
                worst = abs(total)
        if not worst < np.inf:  # nor is the rest a number then
            break
    return worst


@compiled
def boxes_bound(rows: Rows, solved: Bools, x: Floats, dual: Floats) -> int:
    """Count the release columns that their finite box holds back, in all samples.

    A column at its box with no reduced cost only marks the free shift of an island's angles.
    """
    count = 0
    for s in range(x.shape[0]):
        for k in range(rows.release_start.size - 1):
            if solved[s] and abs(x[s, rows.first + k]) >= rows.box * (1 - _AT_BOX):
                count += abs(_reduced(rows, dual[s], k)) > _HELD
    return count


@inlined
def _reduced(rows: Rows, dual: Floats, k: int) -> float:
    """Return the reduced cost of a release, which itself costs nothing, but for its sign."""
    total = 0.0
    for p in range(rows.release_start[k], rows.release_start[k + 1]):
        total += rows.release_value[p] * dual[rows.release_row[p]]
    return total
