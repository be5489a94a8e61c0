"""The constant part of a program, laid out for the compiled dual simplex.

Most columns of a template touch one row only: what a bus can shed, spill, make or store. Seen from
that row they are a ladder: sorted by price, every rung below the row's dual value is used in full,
every rung above it not at all, and at most one is basic. A ladder needs no reduced costs, only the
place where it stands.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from keepwarm.case.nouns import Floats, Ints
from keepwarm.solve.pattern import Bits, words


class Program(NamedTuple):
    """Costs and matrix: structural columns (more than one row), and a ladder of rungs per row.

    A rung is counted as what it brings to its row, ``sign * x``; its price is ``cost / sign``.
    """

    structural: Ints  # (structurals,): which column
    cost: Floats  # (structurals,)
    column_start: Ints  # (structurals + 1,), the structural columns one by one
    row_of: Ints
    value: Floats
    touches: Bits  # (rows, words): the structural columns that touch each row
    rung_start: Ints  # (rows + 1,)
    rung: Ints  # (rungs,): which column, cheapest first within a row
    price: Floats  # (rungs,)
    sign: Floats  # (rungs,): its entry in the matrix
    row_of_rung: Ints  # (rungs,)
    last_negative: Ints  # (rows,): after the last rung of the row with a negative sign
    row_of_column: Ints  # (columns,): row of a rung, -1 for structurals
    entry_of_column: Floats  # (columns,): a rung's sign
    rung_of_column: Ints  # (columns,): -1 for structurals


def lay_out(cost: Floats, matrix: sp.csc_array) -> Program:
    """Split the columns of a program into structurals and ladders.

    Parameters
    ----------
    cost
        Shape (columns,).
    matrix
        Shape (rows, columns).
    """
    matrix = matrix.copy()
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    rows = matrix.shape[0]
    entries = np.diff(matrix.indptr)
    single = np.flatnonzero(entries == 1)
    several = np.flatnonzero(entries != 1)
    structural = several[np.argsort(entries[several], kind="stable")]  # loops of equal length
    at = matrix.indptr[single]
    row, sign = matrix.indices[at].astype(np.int64), matrix.data[at]
    price = cost[single] / sign
    order = np.lexsort((single, price, row))
    kept = sp.csc_array(matrix[:, structural])
    kept.sort_indices()
    touches = np.zeros((rows, 64 * words(structural.size)), dtype=np.bool_)
    touches[kept.indices, np.repeat(np.arange(structural.size), np.diff(kept.indptr))] = True
    rung_start = np.searchsorted(row[order], np.arange(rows + 1)).astype(np.int64)
    last_negative = rung_start[:-1].copy()
    negative = np.flatnonzero(sign[order] < 0)
    np.maximum.at(last_negative, row[order][negative], negative + 1)
    row_of_column = np.full(matrix.shape[1], -1)
    row_of_column[single] = row
    entry_of_column = np.zeros(matrix.shape[1])
    entry_of_column[single] = sign
    rung_of_column = np.full(matrix.shape[1], -1)
    rung_of_column[single[order]] = np.arange(single.size)
    return Program(
        structural=structural.astype(np.uint32),
        cost=cost[structural],
        column_start=kept.indptr.astype(np.int64),
        row_of=kept.indices.astype(np.uint32),
        value=kept.data,
        touches=np.packbits(touches, axis=1, bitorder="little").view(np.dtype("<u8")),
        rung_start=rung_start,
        rung=single[order].astype(np.uint32),
        price=price[order],
        sign=sign[order],
        row_of_rung=row[order].astype(np.uint32),
        last_negative=last_negative,
        row_of_column=row_of_column,
        entry_of_column=entry_of_column,
        rung_of_column=rung_of_column,
    )
