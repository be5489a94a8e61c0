"""Reduced states of assets, from columns of the network's tables and back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from keepwarm.case.nouns import Derated, Floats, Names
from keepwarm.case.tables import Table

#: Tables whose assets may work in part; a line is in or out.
DERATED_TABLES = ("generators", "links", "storage_units")

COLUMNS = ("derated_left", "derated_mttf_hours", "derated_mttr_hours")


def derated_states(tables: Mapping[str, Table | None]) -> Derated:
    """Return the reduced states of the rows that are active and have times for one.

    Parameters
    ----------
    tables : mapping
        The tables of a network by name.
    """
    names: list[str] = []
    parts: list[Floats] = [np.zeros((3, 0))]
    for table in DERATED_TABLES:
        rows = tables[table]
        if rows is None:
            continue
        columns = np.stack([rows.numbers[name] for name in COLUMNS])
        here = np.flatnonzero(rows.flags["active"] & np.isfinite(columns[1:]).any(axis=0))
        names += [rows.texts["name"][at] for at in here.tolist()]
        parts.append(columns[:, here])
    left, up, down = np.concatenate(parts, axis=1)
    return Derated(tuple(names), left, up, down)


def derated_columns(derated: Derated, names: Names) -> dict[str, Floats]:
    """Return the columns of a table whose rows have these names.

    Parameters
    ----------
    derated : Derated
        Of the whole network.
    names : tuple of str
        The names, in the order of the table.
    """
    at = {name: row for row, name in enumerate(derated.asset)}
    rows = np.array([at.get(name, -1) for name in names], dtype=np.int64)
    held = (derated.left, derated.mttf_hours, derated.mttr_hours)
    known, blank = rows >= 0, (0.5, np.nan, np.nan)
    return {
        column: np.where(known, np.append(values, none)[rows], none)
        for column, values, none in zip(COLUMNS, held, blank, strict=True)
    }
