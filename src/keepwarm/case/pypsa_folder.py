"""A PyPSA CSV folder as tables and series, with every feature that keepwarm lacks refused by name.

**Source**: PyPSA 1.4, ``pypsa.network.io`` and ``component_attrs``. What is read, refused or
without effect stands in ``schema``: a CSV per table, ``pypsa_columns.csv``, ``pypsa_files.csv``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Times
from keepwarm.case.reading import Reading, missing_times, parse_number, range_fault
from keepwarm.case.schemas import (
    NETWORK_TABLES,
    PypsaColumn,
    schema,
    schema_rows,
    unread_column,
)
from keepwarm.case.tables import Grid, Table, read_grid, read_table, refuse_decimal_commas
from keepwarm.case.times import format_time, mixing_fault, parse_time, spacing
from keepwarm.errors import nearest

#: Attributes that may change from snapshot to snapshot.
SERIES = {
    "generators": ("p_max_pu", "p_min_pu"),
    "loads": ("p_set",),
    "links": ("p_max_pu", "p_min_pu"),
    "storage_units": ("inflow",),
}
_COMPONENTS = NETWORK_TABLES[2:]
_SERIES_FILE = re.compile(r"(?P<table>[a-z_]+)-(?P<attribute>.+?)(?P<piecewise>-pw)?\.csv")


@dataclass(frozen=True)
class Folder:
    """The tables of one folder; a component table that is not there is None."""

    snapshots: Times
    step_hours: float
    tables: Mapping[str, Table | None]
    series: Mapping[tuple[str, str], Mapping[str, Floats]]  # (table, attribute) -> name -> (hours,)

    def values(self, table: str, attribute: str) -> Floats:
        """Return an attribute as (hours, components): the series where there is one, else static.

        Parameters
        ----------
        table, attribute : str
            For example ``generators`` and ``p_max_pu``.
        """
        rows = self.tables[table]
        if rows is None:
            return np.zeros((len(self.snapshots), 0))
        static = rows.numbers[attribute]
        values = np.repeat(static[np.newaxis, :], len(self.snapshots), axis=0)
        for name, column in self.series.get((table, attribute), {}).items():
            values[:, rows.texts["name"].index(name)] = column
        return values


def read_folder(reading: Reading, path: Path) -> Folder:
    """Read the tables and series of a PyPSA CSV folder.

    Parameters
    ----------
    reading : Reading
        Where faults go.
    path : Path
        The folder.

    Returns
    -------
    Folder
        With no snapshots, and no series, where ``snapshots.csv`` cannot be used.
    """
    tables: dict[str, Table | None] = {}
    for name in NETWORK_TABLES:
        file = path / f"{name}.csv"
        needed = name in ("buses", "snapshots")
        tables[name] = read_table(reading, file, schema(name)) if needed or file.exists() else None
    for name, table in tables.items():
        if table is not None:
            _refuse_columns(reading, name, table)
    _refuse_files(reading, path)
    _refuse_lines_without_voltage(reading, tables["buses"], tables["lines"])
    rows = tables.pop("snapshots")
    snapshots, step_hours = _snapshots(reading, rows)
    series = _read_series(reading, path, tables, snapshots) if len(snapshots) else {}
    return Folder(snapshots, step_hours, tables, series)


def _snapshots(reading: Reading, table: Table | None) -> tuple[Times, float]:
    none = np.zeros(0, dtype="datetime64[s]")
    if table is None:
        return none, 1.0
    times = table.times["snapshot"]
    if not len(times) or bool(np.isnat(times).any()):
        return none, 1.0
    step_hours, faults = spacing(table.file, times, table.lines)
    reading.faults += faults
    weights = [name for name in ("objective", "stores", "generators") if name in table.given]
    if len(times) == 1 and weights and table.numbers[weights[0]][0] > 0:
        step_hours = float(table.numbers[weights[0]][0])
    for name in weights:
        other = np.flatnonzero(np.abs(table.numbers[name] - step_hours) > 1e-9)
        if len(other):
            at = int(other[0])
            found = f"a weight of {table.numbers[name][at]:g} is not supported"
            expected = f"the spacing of the snapshots, {step_hours:g} h"
            reading.fault(table.file, table.lines[at], name, found, expected)
    if step_hours != 1.0 and not weights:
        reading.warn(
            table.file,
            None,
            None,
            f"the spacing is {step_hours:g} h but there are no weights; PyPSA will take 1 h",
        )
    return (none if faults else times), step_hours


def _refuse_columns(reading: Reading, name: str, table: Table) -> None:
    for column in table.given:
        known = None if schema(name).column(column) else unread_column(name, column)
        if known is None or not known.refused:
            continue
        cells = table.texts[column]
        rows = [at for at, cell in enumerate(cells) if not _neutral(cell, known)]
        for at in rows:
            found = f"{cells[at]} is not supported ({known.feature})"
            expected = "an empty cell" if "" in known.neutral else known.neutral[0]
            reading.fault(table.file, table.lines[at], column, found, expected)


def _refuse_lines_without_voltage(
    reading: Reading, buses: Table | None, lines: Table | None
) -> None:
    """Ohm become radians per MW by the voltage of bus0; at 0 kV they would come out as nothing."""
    if buses is None or lines is None:
        return
    voltage = dict(zip(buses.texts["name"], buses.numbers["v_nom"].tolist(), strict=True))
    for at in np.flatnonzero(lines.flags["active"]).tolist():
        name = lines.texts["bus0"][at]
        if voltage.get(name) == 0:
            found = f"bus '{name}' has a v_nom of 0 kV"
            reading.fault(lines.file, lines.lines[at], "bus0", found, "more than 0 kV")


def _neutral(cell: str, known: PypsaColumn) -> bool:
    if cell == "" or cell in known.neutral:
        return True
    value = parse_number(cell)
    plain = [parse_number(text) for text in known.neutral if text]
    return value is not None and any(
        value == other or (value != value and other != other) for other in plain
    )


def _refuse_files(reading: Reading, path: Path) -> None:
    refused = {
        row["file"]: row["feature"] for row in schema_rows("pypsa_files") if row["use"] == "refused"
    }
    for name, feature in refused.items():
        if (path / name).exists():
            grid = read_grid(reading, path / name)
            if grid is not None and grid.rows:
                file = reading.name_of(path / name)
                reading.fault(file, None, None, f"{feature} are not supported")
    if (path / "network.csv").exists():
        grid = read_grid(reading, path / "network.csv")
        if grid is not None and grid.rows:
            row = dict(zip(grid.header, grid.rows[0], strict=True))
            if row.get("_multi_invest", "") not in ("", "0", "0.0", "False"):
                found = "networks with several investment periods are not supported"
                reading.fault(grid.file, grid.lines[0], "_multi_invest", found, "0")


def _read_series(
    reading: Reading, path: Path, tables: Mapping[str, Table | None], snapshots: Times
) -> dict[tuple[str, str], Mapping[str, Floats]]:
    series: dict[tuple[str, str], Mapping[str, Floats]] = {}
    for file in sorted(path.glob("*-*.csv")):
        match = _SERIES_FILE.fullmatch(file.name)
        table, attribute = (match["table"], match["attribute"]) if match else ("", "")
        if match is None or table not in _COMPONENTS:
            _stray_file(reading, file)
            continue
        if match["piecewise"]:
            reading.fault(reading.name_of(file), None, None, "piecewise curves are not supported")
        elif attribute in SERIES.get(table, ()):
            rows = tables[table]
            read = _one_series(reading, file, table, attribute, rows, snapshots)
            series[table, attribute] = read
        else:
            _refuse_series(reading, file, table, attribute)
    return series


def is_series_file(name: str) -> bool:
    """Return whether PyPSA knows a series file of this name, such as ``generators-p.csv``.

    Parameters
    ----------
    name : str
        The file's name.
    """
    match = _SERIES_FILE.fullmatch(name)
    if match is None or match["table"] not in _COMPONENTS:
        return False
    table, attribute = match["table"], match["attribute"]
    known = schema(table).column(attribute) or unread_column(table, attribute)
    return known is not None or bool(match["piecewise"])


def _stray_file(reading: Reading, file: Path) -> None:
    known = [f"{table}-{name}" for table, names in SERIES.items() for name in names]
    near = nearest(file.stem, known, cutoff=0.8)
    if near:
        found = "PyPSA knows no such series"
        reading.fault(reading.name_of(file), None, None, found, "", f"{near}.csv")


def _refuse_series(reading: Reading, file: Path, table: str, attribute: str) -> None:
    unread = unread_column(table, attribute)
    static_only = schema(table).column(attribute) is not None
    if unread is None and not static_only:
        near = nearest(attribute, SERIES.get(table, ()), cutoff=0.8)
        if near:
            found = f"PyPSA knows no series '{attribute}' of {table}"
            reading.fault(reading.name_of(file), None, None, found, "", f"{table}-{near}.csv")
        return
    if unread is not None and not unread.refused:
        return
    grid = read_grid(reading, file)
    if grid is not None and len(grid.header) > 1:
        what = unread.feature if unread is not None else f"{attribute} that changes over time"
        expected = "a value in the table" if static_only else "no such file"
        reading.fault(grid.file, None, None, f"not supported ({what})", expected)


def _one_series(
    reading: Reading, file: Path, table: str, attribute: str, rows: Table | None, snapshots: Times
) -> dict[str, Floats]:
    grid = read_grid(reading, file)
    if grid is None or not _rows_match(reading, grid, snapshots):
        return {}
    if refuse_decimal_commas(reading, grid, range(1, len(grid.header))):
        return {}
    names = rows.texts["name"] if rows is not None else ()
    column = schema(table).columns[attribute]
    values, bad = _cells(grid)
    low, high = column.minimum, column.maximum
    wrong = bad | ~((values >= low) & (values <= high) & np.isfinite(values))
    for at in np.flatnonzero(wrong.any(axis=0)):
        name = grid.header[at + 1]
        lines = np.flatnonzero(wrong[:, at])
        cell = grid.rows[lines[0]][at + 1]
        fault = None if bad[lines[0], at] else range_fault(column, values[lines[0], at], cell)
        found, expected = fault or (f"'{cell}' is not a number", f"{low:g} or more")
        more = f" (and {len(lines) - 1} more rows)" if len(lines) > 1 else ""
        reading.fault(grid.file, grid.lines[lines[0]], name, found + more, expected)
    known = set(names)
    for name in grid.header[1:]:
        if name not in known and reading.whole(table):
            found = f"'{name}' is no name of {table}.csv"
            reading.fault(grid.file, 1, name, found, "", nearest(name, names))
    return {name: values[:, at] for at, name in enumerate(grid.header[1:]) if name in known}


def _cells(grid: Grid) -> tuple[Floats, Bools]:
    """Return the numbers of a series file and which cells hold none."""
    shape = (len(grid.rows), len(grid.header) - 1)
    cells = [row[1:] for row in grid.rows]
    if not any("_" in cell for row in cells for cell in row):
        try:
            numbers = np.array([list(map(float, row)) for row in cells]).reshape(shape)
            return numbers, np.zeros(shape, dtype=np.bool_)
        except ValueError:
            pass
    read = [[parse_number(cell) for cell in row] for row in cells]
    bad = np.array([[value is None for value in row] for row in read]).reshape(shape)
    values = [[np.nan if value is None else value for value in row] for row in read]
    return np.array(values, dtype=np.float64).reshape(shape), bad.astype(np.bool_)


def _rows_match(reading: Reading, grid: Grid, snapshots: Times) -> bool:
    """Whether the rows are the snapshots: PyPSA goes by position, so times must agree."""
    first = [row[0] for row in grid.rows]
    if first == [str(at) for at in range(len(first))]:
        if len(first) == len(snapshots):
            return True
        found = f"{len(first)} rows"
        reading.fault(grid.file, None, None, found, f"{len(snapshots)}, one per snapshot")
        return False
    read = [parse_time(text) for text in first]
    if None in read:
        at = read.index(None)
        found = f"'{first[at]}' is not a time"
        reading.fault(grid.file, grid.lines[at], grid.header[0] or "snapshot", found, "a snapshot")
        return False
    good = [time for time in read if time is not None]
    mixed = mixing_fault(grid.file, [time.has_offset for time in good], grid.lines, "snapshot")
    if mixed:
        reading.faults.append(mixed)
        return False
    times = np.array([time.utc for time in good], dtype="datetime64[s]")
    if np.array_equal(times, snapshots):
        return True
    absent = missing_times(snapshots, np.isin(snapshots, times))
    if absent:
        reading.fault(grid.file, None, grid.header[0] or "snapshot", absent, "every snapshot")
        return False
    at = next((at for at in range(len(snapshots)) if times[at] != snapshots[at]), len(snapshots))
    found = f"{format_time(times[at])} is no snapshot or out of order"
    reading.fault(
        grid.file, grid.lines[at], grid.header[0] or "snapshot", found, "every snapshot once"
    )
    return False
