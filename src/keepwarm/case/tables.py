"""Reading a CSV against its schema: every fault is collected, nothing is guessed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Names, Times
from keepwarm.case.reading import Reading, expected_number, parse_number, range_fault
from keepwarm.case.schemas import Column, Schema, unread_column
from keepwarm.case.times import NOT_A_TIME, mixing_fault, parse_time
from keepwarm.errors import nearest

#: Faults of one kind in one column that are shown one by one; the rest is counted.
SHOWN = 20

_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_TYPO = 0.8


@dataclass(frozen=True)
class Grid:
    """A CSV as text: the header, the rows of full width, and the line each row starts in."""

    file: str
    header: Names
    rows: tuple[Names, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Table:
    """A CSV read against its schema; every column of the schema is there, defaults filled in.

    ``texts`` also holds the columns that the schema does not know. A cell with a fault holds the
    default, so that later checks can go on.
    """

    file: str
    lines: tuple[int, ...]
    given: frozenset[str]
    texts: Mapping[str, Names]
    numbers: Mapping[str, Floats]
    flags: Mapping[str, Bools]
    times: Mapping[str, Times]

    def __len__(self) -> int:
        return len(self.lines)


def read_grid(reading: Reading, path: Path) -> Grid | None:
    """Read a CSV as text.

    Parameters
    ----------
    reading : Reading
        Where faults go.
    path : Path
        The file.

    Returns
    -------
    Grid or None
        None when there is no header to work with. Rows with too few or too many cells are faults
        and left out; blank rows are skipped.
    """
    text = reading.text_of(path)
    if text is None:
        return None
    file = reading.name_of(path)
    reader = csv.reader(io.StringIO(text, newline=""))
    header: Names | None = None
    rows: list[Names] = []
    lines: list[int] = []
    start = 1
    try:
        for cells in reader:
            line, start = start, reader.line_num + 1
            row = tuple(cell.strip() for cell in cells)
            if not any(row):
                continue
            if header is None:
                header = row
            elif len(row) != len(header):
                found = f"{_count(len(row), 'cell')} in this row"
                reading.fault(file, line, None, found, f"{len(header)} as in the header")
            else:
                rows.append(row)
                lines.append(line)
    except csv.Error as error:
        reading.fault(file, start, None, f"no CSV: {error}")
    if header is None:
        reading.fault(file, None, None, "there is no header")
        return None
    return (
        Grid(file, header, tuple(rows), tuple(lines)) if _header_ok(reading, file, header) else None
    )


def read_table(reading: Reading, path: Path, schema: Schema) -> Table | None:
    """Read a CSV against its schema.

    Parameters
    ----------
    reading : Reading
        Where faults go.
    path : Path
        The file.
    schema : Schema
        What its columns must be.

    Returns
    -------
    Table or None
        None when the file has no header to work with.
    """
    grid = read_grid(reading, path)
    if grid is None:
        return None
    header = _named_first(grid.header, schema)
    grid = Grid(grid.file, header, grid.rows, grid.lines)
    _check_columns(reading, grid, schema)
    cells: dict[str, Names] = {
        name: tuple(row[at] for row in grid.rows) for at, name in enumerate(header)
    }
    texts, numbers, flags, times = dict(cells), {}, {}, {}
    if schema.filled and not grid.rows:
        reading.fault(grid.file, None, None, "there are no rows", "at least one")
    kinds: list[tuple[bool, int, str]] = []
    wanted = {name: schema.column(name) for name in (*schema.columns, *header)}
    for name, column in wanted.items():
        if column is None:
            continue
        raw = cells.get(name, ("",) * len(grid.rows))
        _check_filled(reading, grid, column, name, raw)
        filled = tuple(cell or column.default for cell in raw)
        texts[name] = filled
        if column.type == "number":
            numbers[name] = _numbers(reading, grid, column, name, filled)
        elif column.type == "flag":
            flags[name] = _flags(reading, grid, column, name, filled)
        elif column.type == "time":
            times[name], seen = _times(reading, grid, name, filled)
            kinds += seen
        else:
            _check_texts(reading, grid, column, name, filled)
    _check_mixing(reading, grid.file, kinds)
    given = frozenset(header)
    return Table(grid.file, grid.lines, given, texts, numbers, flags, times)


def _header_ok(reading: Reading, file: str, header: Names) -> bool:
    if len(header) == 1 and header[0].count(";") > 0:
        reading.fault(file, 1, None, "columns are separated by ';'", "commas")
        return False
    twice = [name for at, name in enumerate(header) if name in header[:at]]
    for name in twice:
        reading.fault(file, 1, name or None, "the column is there twice", "each column once")
    return not twice


def _named_first(header: Names, schema: Schema) -> Names:
    """PyPSA takes the first column as the name whatever its header says."""
    first = "snapshot" if schema.table == "snapshots" else "name"
    if schema.open and header[0] in ("", "name") and first not in header:
        return (first, *header[1:])
    return header


def _check_columns(reading: Reading, grid: Grid, schema: Schema) -> None:
    unknown = [name for name in grid.header if schema.column(name) is None]
    absent = [name for name in schema.columns if name not in grid.header]
    mistyped = set()
    for name in unknown:
        if schema.open and (not name or unread_column(schema.table, name)):
            continue
        close = nearest(name, absent, cutoff=_TYPO if schema.open else 0.6)
        if close or not schema.open:
            expected = "" if close else "one of " + ", ".join(schema.columns)
            found = f"no column '{name}' in this table" if name else "a column without a name"
            reading.fault(grid.file, 1, name or None, found, expected, close)
            mistyped.add(close)
    for name in absent:
        if schema.columns[name].required and name not in mistyped:
            reading.fault(grid.file, 1, name, "the column is missing", schema.columns[name].meaning)


def _check_filled(reading: Reading, grid: Grid, column: Column, name: str, cells: Names) -> None:
    if column.required and name in grid.header:
        bad = (
            (at, "the cell is empty", column.meaning) for at, cell in enumerate(cells) if not cell
        )
        _note(reading, grid, name, bad)


def _check_texts(reading: Reading, grid: Grid, column: Column, name: str, cells: Names) -> None:
    if column.type == "name":
        first: dict[str, int] = {}
        twice = []
        for at, cell in enumerate(cells):
            if cell and cell in first:
                found = f"'{cell}' is there twice, first in line {grid.lines[first[cell]]}"
                twice.append((at, found, "a unique name"))
            first.setdefault(cell, at)
        _note(reading, grid, name, twice)
    if column.choices:
        wrong = [at for at, cell in enumerate(cells) if cell and cell not in column.choices]
        for at in wrong[:SHOWN]:
            expected = "one of " + ", ".join(column.choices)
            found = f"'{cells[at]}' is none of the choices"
            near = nearest(cells[at], column.choices)
            reading.fault(grid.file, grid.lines[at], name, found, expected, near)


def _numbers(reading: Reading, grid: Grid, column: Column, name: str, cells: Names) -> Floats:
    values = np.full(len(cells), np.nan)
    bad = []
    for at, cell in enumerate(cells):
        if not cell:
            continue
        value = parse_number(cell)
        if value is None:
            bad.append((at, f"'{cell}' is not a number", expected_number(column)))
            continue
        wrong = range_fault(column, value, cell)
        if wrong:
            bad.append((at, *wrong))
            continue
        values[at] = value
    _note(reading, grid, name, bad)
    return values


def _flags(reading: Reading, grid: Grid, column: Column, name: str, cells: Names) -> Bools:
    default = _FLAGS[column.default.lower()]
    read = [_FLAGS.get(cell.lower()) for cell in cells]
    bad = (
        (at, f"'{cells[at]}' is neither True nor False", "True or False")
        for at, value in enumerate(read)
        if value is None
    )
    _note(reading, grid, name, bad)
    return np.array([default if value is None else value for value in read], dtype=np.bool_)


def _times(
    reading: Reading, grid: Grid, name: str, cells: Names
) -> tuple[Times, list[tuple[bool, int, str]]]:
    values = np.full(len(cells), NOT_A_TIME)
    kinds, bad = [], []
    for at, cell in enumerate(cells):
        if not cell:
            continue
        read = parse_time(cell)
        if read is None:
            bad.append((at, f"'{cell}' is not a time", "for example 2026-01-15T06:00Z"))
            continue
        values[at] = read.utc
        kinds.append((read.has_offset, grid.lines[at], name))
    _note(reading, grid, name, bad)
    return values, kinds


def _check_mixing(reading: Reading, file: str, kinds: list[tuple[bool, int, str]]) -> None:
    if kinds:
        kinds = sorted(kinds, key=lambda kind: kind[1])
        offsets = [kind[0] for kind in kinds]
        fault = mixing_fault(file, offsets, [kind[1] for kind in kinds], kinds[0][2])
        if fault:
            reading.faults.append(fault)


def _note(reading: Reading, grid: Grid, name: str, bad: Iterable[tuple[int, str, str]]) -> None:
    """Note the faults of one column; a column that is wrong throughout is said in few lines."""
    listed = list(bad)
    for at, found, expected in listed[:SHOWN]:
        reading.fault(grid.file, grid.lines[at], name, found, expected)
    if len(listed) > SHOWN:
        at = listed[SHOWN][0]
        found = (
            f"{len(listed) - SHOWN} more cells of this column are wrong in the same way or alike"
        )
        reading.fault(grid.file, grid.lines[at], name, found)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
