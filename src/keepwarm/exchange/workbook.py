"""A run as a workbook (XLSX): its answers, then a sheet per table. No cell is ever a formula.

**Source**: ECMA-376, see `sheets`; OWASP, CSV injection.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa

from keepwarm.exchange.sheets import Book, cell, rows_of
from keepwarm.exchange.whole import write_bytes_whole
from keepwarm.runs.run import Run
from keepwarm.said.sentence import texts_of

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_NIGHT = "night"  # the one column of dates that tables hold as text


def workbook_of(run: Run, language: str = "en") -> bytes:
    """Return a run as XLSX.

    The first sheet has the answers of the manifest, a row for each number or text; then each table
    of the run folder, its columns and their units in two rows that stay in sight. Times are dates
    of the spreadsheet, UTC. A table longer than a sheet goes on in the next.

    Parameters
    ----------
    run : Run
    language : str
        Of sheets, columns and units; the own names of columns stand below, in a third row. Cells,
        and the names of answers, are as the run has them.

    **Leaves out** the end of texts beyond 32,767 signs, which no cell holds, and marks that turn
    the direction of writing.
    """
    book, columns = Book(), _columns()
    texts = {} if language == "en" else texts_of(language)
    answers = ("".join(map(cell, row)) for row in _answer_rows(run.answers, ""))
    book.add(texts.get("says.sheet.answers", "answers"), _head(texts, _ANSWER_COLUMNS), answers)
    for name, table in run.tables.items():
        found = [_column(columns, name, column) for column in table.column_names]
        title = texts.get(f"says.sheet.{name}", name)
        book.add(title, _head(texts, found), rows_of(_flat(table)))
    return book.content()


def _head(texts: Mapping[str, str], columns: Sequence[_Column]) -> list[tuple[str, ...]]:
    """Return the rows that stay in sight; with texts of a language, in it, and then own names."""
    named = tuple(one.name for one in columns)
    if not texts:
        return [named, tuple(one.unit for one in columns)]
    units = (texts.get(f"says.unit_of.{one.unit.replace(' ', '_')}", one.unit) for one in columns)
    return [tuple(_called(texts, one) for one in columns), tuple(units), named]


def _called(texts: Mapping[str, str], column: _Column) -> str:
    """Return what a language calls a column; its own name where it has none."""
    values = {
        name: texts.get(f"says.{name}.{value}", value) for name, value in column.values.items()
    }
    return texts.get(f"says.column.{column.key}", column.name).format(**values)


def write_workbook(run: Run, path: Path, language: str = "en") -> None:
    """Write `workbook_of` a run, whole or not at all.

    Raises
    ------
    InputError
        Where the file cannot be written.
    """
    write_bytes_whole(path, workbook_of(run, language))


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


def _flat(table: pa.Table) -> pa.Table:
    """Return a table with lists and maps as texts, and nights as dates."""
    for place, field in enumerate(table.schema):
        values = table.column(place).to_pylist() if _told_otherwise(field) else []
        if pa.types.is_map(field.type):
            texts = [_joined(v, "; ", lambda pair: f"{pair[0]}: {pair[1]}") for v in values]
            table = table.set_column(place, field.name, pa.array(texts, pa.string()))
        elif pa.types.is_list(field.type):
            texts = [_joined(value, " > ", str) for value in values]
            table = table.set_column(place, field.name, pa.array(texts, pa.string()))
        elif field.name == _NIGHT and all(v and _DATE.fullmatch(v) for v in values):
            days = pa.array([date.fromisoformat(v) for v in values], pa.date32())
            table = table.set_column(place, field.name, days)
    return table


def _told_otherwise(field: pa.Field) -> bool:
    return bool(field.name == _NIGHT or pa.types.is_map(field.type) or pa.types.is_list(field.type))


def _joined(value: list[Any] | None, between: str, text: Any) -> str | None:
    return None if value is None else between.join(text(one) for one in value)


@dataclass(frozen=True)
class _Column:
    """A column: its name, unit, the key of its texts, and what its name holds, such as a band."""

    name: str
    unit: str
    key: str
    values: Mapping[str, str]


_ANSWER_COLUMNS = (_Column("answer", "", "answer", {}), _Column("value", "", "value", {}))


def _columns() -> list[tuple[str, re.Pattern[str], str, str]]:
    """Return table, pattern, key and unit of each column, from the schema of run folders."""
    schema = files("keepwarm.runs") / "schema" / "tables.csv"
    rows = csv.DictReader(schema.read_text(encoding="utf-8").splitlines())
    return [
        (
            row["table"],
            re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[\\w.-]+)", row["column"])),
            re.sub(r"[{}]", "", row["column"]),
            row["unit"],
        )
        for row in sorted(rows, key=lambda row: "{" in row["column"])  # whole names first
    ]


def _column(columns: list[tuple[str, re.Pattern[str], str, str]], table: str, name: str) -> _Column:
    for of, form, key, unit in columns:
        found = form.fullmatch(name) if of == table else None
        if found:
            return _Column(name, unit, key, found.groupdict())
    return _Column(name, "", name, {})
