"""A linear program put together block by block."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from keepwarm.case.nouns import Floats, Ints


class Assembly:
    """Columns and equations, added as blocks of any shape; every block returns its numbers."""

    def __init__(self) -> None:
        self._cost: list[Floats] = []
        self._reported: list[Floats] = []
        self._lower: list[Floats] = []
        self._upper: list[Floats] = []
        self._rhs: list[Floats] = []
        self._entries: list[tuple[Ints, Ints, Floats]] = []
        self._columns = self._rows = 0

    def add_columns(
        self,
        shape: tuple[int, ...],
        *,
        cost: Floats | float = 0.0,
        lower: Floats | float = 0.0,
        upper: Floats | float = np.inf,
        reported: Floats | float | None = None,
    ) -> Ints:
        """Add columns; everything broadcasts to ``shape``.

        Parameters
        ----------
        reported
            What the column costs in the objective that is reported; ``cost`` unless given.
        """
        block = self._columns + np.arange(int(np.prod(shape)), dtype=np.int64)
        self._columns += block.size
        told = cost if reported is None else reported
        for kept, value in (
            (self._cost, cost),
            (self._reported, told),
            (self._lower, lower),
            (self._upper, upper),
        ):
            kept.append(np.broadcast_to(np.asarray(value, dtype=np.float64), shape).ravel())
        return block.reshape(shape)

    def add_rows(self, shape: tuple[int, ...], rhs: Floats | float) -> Ints:
        """Add equations; ``rhs`` broadcasts to ``shape``."""
        block = self._rows + np.arange(int(np.prod(shape)), dtype=np.int64)
        self._rows += block.size
        self._rhs.append(np.broadcast_to(np.asarray(rhs, dtype=np.float64), shape).ravel())
        return block.reshape(shape)

    def put(self, rows: Ints, columns: Ints, values: Floats | float) -> None:
        """Set entries of the matrix; the three broadcast against each other."""
        row, column, value = np.broadcast_arrays(rows, columns, values)
        self._entries.append((row.ravel(), column.ravel(), value.ravel().astype(np.float64)))

    def fix(self, columns: Ints, values: Floats) -> None:
        """Hold columns to values."""
        for kept in (self._lower, self._upper):
            whole = np.concatenate(kept)
            whole[columns] = values
            kept[:] = [whole]

    def matrix(self) -> sp.csc_array:
        """Return the matrix; entries set twice add up."""
        rows, columns, values = (np.concatenate(part) for part in zip(*self._entries, strict=True))
        shape = (self._rows, self._columns)
        matrix = sp.csc_array(sp.coo_array((values, (rows, columns)), shape=shape))
        matrix.sum_duplicates()
        return matrix

    def cost(self) -> Floats:
        """Return what every column costs, as solved."""
        return np.concatenate(self._cost)

    def reported(self) -> Floats:
        """Return what every column costs, as reported."""
        return np.concatenate(self._reported)

    def lower(self) -> Floats:
        """Return the lower bound of every column."""
        return np.concatenate(self._lower)

    def upper(self) -> Floats:
        """Return the upper bound of every column."""
        return np.concatenate(self._upper)

    def rhs(self) -> Floats:
        """Return the right-hand side of every row."""
        return np.concatenate(self._rhs)
