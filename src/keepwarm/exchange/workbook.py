"""A run as a workbook (XLSX): its answers, then a sheet per table. No cell is ever a formula.

**Source**: ECMA-376, through the library openpyxl; OWASP, CSV injection.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from keepwarm.exchange.whole import plain, write_bytes_whole
from keepwarm.runs.run import Run

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_ROWS = 1_048_576  # of a sheet
_TEXT = 32_767  # signs of a cell
_BATCH = 10_000

# What a spreadsheet, or openpyxl itself, would not take for plain text.
_RISKY = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠'#]|[\t\r\n]")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_NIGHT = "night"  # the one column of dates that tables hold as text


def write_workbook(run: Run, path: Path) -> None:
    """Write a run as XLSX, whole or not at all.

    The first sheet has the answers of the manifest, a row for each number or text; then each table
    of the run folder, its columns and their units in two rows that stay in sight. Times are dates
    of the spreadsheet, UTC. A table longer than a sheet goes on in the next.

    Raises
    ------
    InputError
        Where the file cannot be written.

    **Leaves out** the end of texts beyond 32,767 signs, which no cell holds, and marks that turn
    the direction of writing.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.creator = "keepwarm"
    _sheet(book, "answers", (("answer", ""), ("value", "")), _answer_rows(run.answers, ""))
    units = _units()
    for name, table in run.tables.items():
        head = tuple((column, _unit(units, name, column)) for column in table.column_names)
        _sheet(book, name, head, _table_rows(table))
    content = io.BytesIO()
    book.save(content)
    write_bytes_whole(path, content.getvalue())


def _sheet(
    book: Workbook, name: str, head: tuple[tuple[str, str], ...], rows: Iterator[list[object]]
) -> None:
    """Add a sheet, and more of them where the rows do not fit into one."""
    sheet, used, number = _headed(book, name, head), 2, 1
    for row in rows:
        if used == _ROWS:
            number += 1
            sheet, used = _headed(book, f"{name} {number}", head), 2
        sheet.append([_cell(sheet, value) for value in row])
        used += 1


def _headed(book: Workbook, title: str, head: tuple[tuple[str, str], ...]) -> WriteOnlyWorksheet:
    sheet: WriteOnlyWorksheet = book.create_sheet(title)
    sheet.freeze_panes = "A3"
    for line in zip(*head, strict=True):
        sheet.append([_cell(sheet, text) for text in line])
    return sheet


def _cell(sheet: WriteOnlyWorksheet, value: object) -> object:
    """Return a value as openpyxl takes it; a text that could run becomes a cell that cannot."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if not isinstance(value, str):
        return value
    text = plain(value)
    text = text if len(text) <= _TEXT else f"{text[: _TEXT - 1]}…"
    return _text_cell(sheet, text) if _RISKY.match(text) else text or None


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.quotePrefix = True  # stays text when somebody edits it
    return cell


def _answer_rows(value: object, path: str) -> Iterator[list[object]]:
    """Return a row for each number or text of the answers: where it stands, and what it is."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _answer_rows(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _answer_rows(inner, f"{path}[{number}]")
    elif isinstance(value, str) and _TIME.fullmatch(value):
        yield [path, datetime.fromisoformat(value.removesuffix("Z"))]
    else:
        yield [path, value]


def _table_rows(table: pa.Table) -> Iterator[list[object]]:
    """Return the rows of a table, some at a time, so that a long one is never whole in memory."""
    for batch in table.to_batches(max_chunksize=_BATCH):
        columns = [_values(batch, place) for place in range(batch.num_columns)]
        yield from (list(row) for row in zip(*columns, strict=True))


def _values(batch: pa.RecordBatch, place: int) -> list[Any]:
    field = batch.schema.field(place)
    values: list[Any] = batch.column(place).to_pylist()
    if pa.types.is_map(field.type):
        return [_joined(v, "; ", lambda pair: f"{pair[0]}: {pair[1]}") for v in values]
    if pa.types.is_list(field.type):
        return [_joined(value, " > ", str) for value in values]
    if field.name == _NIGHT:
        return [date.fromisoformat(v) if v and _DATE.fullmatch(v) else v for v in values]
    return values


def _joined(value: list[Any] | None, between: str, text: Any) -> str | None:
    return None if value is None else between.join(text(one) for one in value)


def _units() -> list[tuple[str, re.Pattern[str], str]]:
    """Return table, pattern of a column's name and unit, from the schema of run folders."""
    schema = files("keepwarm.runs") / "schema" / "tables.csv"
    rows = csv.DictReader(schema.read_text(encoding="utf-8").splitlines())
    return [
        (row["table"], re.compile(re.sub(r"\{\w+\}", r"[\\w.-]+", row["column"])), row["unit"])
        for row in rows
    ]


def _unit(units: list[tuple[str, re.Pattern[str], str]], table: str, column: str) -> str:
    return next((u for of, form, u in units if of == table and form.fullmatch(column)), "")
