"""What a conversion leaves out: columns, rows and files that have no effect on a dispatch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keepwarm.case.pypsa_folder import SERIES, is_series_file
from keepwarm.case.reading import Reading
from keepwarm.case.schemas import (
    NETWORK_TABLES,
    carrier_names,
    schema,
    schema_rows,
    unread_column,
)
from keepwarm.case.tables import Grid, Table, read_grid, read_table
from keepwarm.case.unread import CASE_FILES

_WRITTEN_AS = {"power": "AC"}


@dataclass(frozen=True)
class LeftOut:
    """One thing that the result does not have, and where it stood."""

    where: str
    what: str


def bus_carrier(carrier: str) -> str:
    """Return PyPSA's name for a carrier of keepwarm; lines join buses of AC only."""
    return _WRITTEN_AS.get(carrier, carrier)


def left_out_of(root: Path, folder: Path) -> tuple[LeftOut, ...]:
    """Return what a network read from a folder does not hold.

    Parameters
    ----------
    root, folder : Path
        A case that was read without faults, and its network; the same in a bare PyPSA folder.
    """
    found: list[LeftOut] = []
    if root != folder:
        here = [name for name in CASE_FILES if (root / name).is_file()]
        found += [LeftOut(name, "only network/ is converted") for name in here]
    reading = Reading(folder)
    for name in NETWORK_TABLES:
        path = folder / f"{name}.csv"
        grid = read_grid(reading, path) if path.exists() else None
        if grid is not None:
            found += _of_table(reading, path, name, grid)
    read = {f"{table}.csv" for table in NETWORK_TABLES}
    read |= {f"{table}-{name}.csv" for table, names in SERIES.items() for name in names}
    features = {row["file"]: row["feature"] for row in schema_rows("pypsa_files")}
    for path in sorted(folder.glob("*.[cj]s*")):
        if path.name in read | {"network.csv", "crs.json"} or _is_of_case(path.name, root, folder):
            continue
        if path.name != "meta.json" or path.read_text(encoding="utf-8").strip() != "{}":
            series = "a series without effect" if is_series_file(path.name) else "nothing reads it"
            found.append(LeftOut(path.name, features.get(path.name, series)))
    return tuple(found)


def _is_of_case(name: str, root: Path, folder: Path) -> bool:
    return root == folder and name in CASE_FILES


def _of_table(reading: Reading, path: Path, name: str, grid: Grid) -> list[LeftOut]:
    found = []
    for at, column in enumerate(grid.header):
        if at == 0 or not any(row[at] for row in grid.rows) or _is_kept(name, column):
            continue
        known = unread_column(name, column)
        why = known.feature if known is not None else "nothing reads it"
        if known is None and column == "carrier":
            why = "technology, without effect"
        elif known is not None and known.refused:
            continue  # neutral, or it would have been a fault
        found.append(LeftOut(path.name, f"column {column} ({why})"))
    table = read_table(reading, path, schema(name))
    if table is not None:
        found += _of_rows(path.name, name, table)
    return found


def _is_kept(table: str, column: str) -> bool:
    if table == "loads" and column == "region":
        return False
    return schema(table).column(column) is not None and (column != "carrier" or table == "buses")


def _of_rows(file: str, name: str, table: Table) -> list[LeftOut]:
    idle = np.flatnonzero(~table.flags["active"]).tolist() if "active" in table.flags else []
    found = [LeftOut(file, f"'{table.texts['name'][at]}', which is not active") for at in idle]
    if name == "buses":
        as_ours = carrier_names()
        for carrier in dict.fromkeys(table.texts["carrier"]):
            written = bus_carrier(as_ours[carrier])
            if written != carrier:
                found.append(LeftOut(file, f"carrier '{carrier}' becomes '{written}'"))
    return found
