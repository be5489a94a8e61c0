"""Reading a CSV against its schema: every fault is collected, nothing is guessed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Names, Times
from keepwarm.case.reading import Reading, expected_number, parse_number, range_fault
from keepwarm.case.schemas import Column, Schema, unread_column
from keepwarm.case.times import NOT_A_TIME, mixing_fault, parse_time
from keepwarm.errors import Fault, nearest

_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_TYPO = 0.8
_WHOLE = re.compile(r"[-+]?\d+")
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")


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
    rows, lines, error = _rows(text)
    reading.faults += [Fault(file, lines[-1], None, f"no CSV: {error}")] if error else []
    if not rows:
        reading.fault(file, None, None, "there is no header")
        reading.incomplete.add(path.stem)
        return None
    width = len(rows[0])
    wrong = [at for at, row in enumerate(rows) if len(row) != width]
    if error or wrong:
        reading.incomplete.add(path.stem)
    if not _header_ok(reading, file, rows[0]) or _decimal_commas_split(reading, file, rows, lines):
        reading.incomplete.add(path.stem)
        return None
    for at in wrong:
        found = f"{_count(len(rows[at]), 'cell')} in this row"
        reading.fault(file, lines[at], None, found, f"{width} as in the header")
    kept = [at for at in range(1, len(rows)) if len(rows[at]) == width]
    return Grid(file, rows[0], tuple(rows[at] for at in kept), tuple(lines[at] for at in kept))


def _rows(text: str) -> tuple[list[Names], list[int], str]:
    """Return the rows that are not blank, the line each starts in, and why reading stopped."""
    reader = csv.reader(io.StringIO(text, newline=""))
    rows: list[Names] = []
    lines: list[int] = []
    start = 1
    try:
        for cells in reader:
            row = tuple(cell.strip() for cell in cells)
            if any(row):
                rows.append(row)
                lines.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        return rows, [*lines, start], str(error)
    return rows, lines, ""


def _decimal_commas_split(
    reading: Reading, file: str, rows: Sequence[Names], lines: Sequence[int]
) -> bool:
    """Say it once where every row is too long because -5,5 without quotes became two cells."""
    body = rows[1:]
    split = [
        len(row) > len(rows[0])
        and any(_WHOLE.fullmatch(one) and other.isdecimal() for one, other in pairwise(row))
        for row in body
    ]
    if not body or not all(split):
        return False
    found = (
        f"{_count(len(body), 'row')} with more cells than the header: looks like a decimal comma"
    )
    last = lines[len(body)] if len(body) > 1 else None
    reading.faults.append(Fault(file, lines[1], None, found, "a decimal point", last_line=last))
    return True


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
    columns = [schema.column(name) for name in header]
    numbers_at = [at for at, column in enumerate(columns) if column and column.type == "number"]
    if _no_header(reading, grid, schema) or refuse_decimal_commas(reading, grid, numbers_at):
        reading.incomplete.add(path.stem)
        return None
    if not _check_columns(reading, grid, schema):
        reading.incomplete.add(path.stem)
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
    if header[0].startswith("#"):
        reading.fault(file, 1, None, "a comment", "the header in the first line")
        return False
    for mark, noun in ((";", "';'"), ("\t", "a tab")):
        if len(header) == 1 and mark in header[0]:
            reading.fault(file, 1, None, f"columns are separated by {noun}", "','")
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


def _no_header(reading: Reading, grid: Grid, schema: Schema) -> bool:
    """Whether the first line names none of the columns, not even nearly."""
    if any(schema.column(name) or nearest(name, schema.columns) for name in grid.header):
        return False
    wanted = [name for name in schema.columns if unread_column(schema.table, name) is None]
    reading.fault(grid.file, 1, None, "there is no header", ", ".join(wanted))
    return True


def refuse_decimal_commas(reading: Reading, grid: Grid, columns: Iterable[int]) -> bool:
    """Say once that quoted cells of number columns hold -5,5; return whether they do.

    Parameters
    ----------
    reading, grid : Reading, Grid
        Where the fault goes, and the file.
    columns : iterable of int
        The columns of numbers.
    """
    for at in columns:
        bad = [row for row, cells in enumerate(grid.rows) if _DECIMAL_COMMA.fullmatch(cells[at])]
        if bad:
            found = f"{_count(len(bad), 'cell')} with a decimal comma, the first "
            found += grid.rows[bad[0]][at]
            last = grid.lines[bad[-1]] if len(bad) > 1 else None
            line, point = grid.lines[bad[0]], "a decimal point"
            reading.faults.append(
                Fault(grid.file, line, grid.header[at], found, point, last_line=last)
            )
            return True
    return False


def _check_columns(reading: Reading, grid: Grid, schema: Schema) -> bool:
    """Note unknown and missing columns; return whether the column of names is there."""
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
    return not any(schema.columns[name].type == "name" for name in absent)


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
        for at in wrong:
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
    for at, found, expected in bad:
        reading.fault(grid.file, grid.lines[at], name, found, expected)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
