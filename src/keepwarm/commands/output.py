"""What the verbs print: JSON documents and calm tables on stdout, progress on stderr.

Nothing here imports numpy, and rich is imported when a table or a bar is drawn.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, cast

import click

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from rich.progress import Progress

SCHEMA = 1

#: Work shorter than this draws no bar.
PATIENCE_SECONDS = 2.0

#: Columns of a table that is written to a file or a pipe.
PIPE_WIDTH = 120

Cell = str | int | float | None


def emit_json(document: Mapping[str, object]) -> None:
    """Print one JSON document on stdout, with ``"schema": 1`` first.

    Parameters
    ----------
    document
        Anything made of mappings, sequences, frozen structs, numbers, text, times and numpy
        arrays or scalars. NaN and infinities become null; naive times are UTC.
    """
    click.echo(json.dumps(plain({"schema": SCHEMA, **document}), ensure_ascii=False, indent=2))


def plain(value: object) -> object:
    """Return a value as JSON knows it: dict, list, str, int, finite float, bool or None.

    Parameters
    ----------
    value
        See `emit_json`. What is none of these becomes its text.
    """
    if value is None or isinstance(value, bool | str):
        return value
    if hasattr(value, "dtype"):  # numpy, without importing it
        array = cast("NDArray[Any]", value)
        if array.dtype.kind == "M":
            array = array.astype("datetime64[s]")  # finer units would come out as integers
        return plain(array.tolist())
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, datetime):
        return _utc_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Sequence | set | frozenset):
        return [plain(item) for item in value]
    return str(value)


def _utc_text(moment: datetime) -> str:
    in_utc = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return in_utc.isoformat().replace("+00:00", "Z")


def number_text(value: Cell) -> str:
    """Return a cell as people read it: grouped thousands, about three digits, a dash for none."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        if math.isnan(value):
            return "–"
        if math.isinf(value):
            return "∞" if value > 0 else "-∞"
        size = abs(value)
        decimals = 0 if size >= 100 or value == 0 else 1 if size >= 10 else 2
        return f"{value:,.{decimals}f}"
    return f"{value:,}"


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Print a table on stdout; columns of numbers stand right-aligned.

    Parameters
    ----------
    title
        One line above the table.
    columns
        Headings, with the unit in words where there is one.
    rows
        Cells, as many per row as there are columns; None or NaN prints a dash.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    terminal = sys.stdout.isatty()
    console = Console(
        file=sys.stdout, highlight=False, emoji=False, width=None if terminal else PIPE_WIDTH
    )
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, heading in enumerate(columns):
        numeric = any(isinstance(row[place], int | float) for row in rows)
        drawn.add_column(Text(heading), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(number_text(cell)) for cell in row))
    # Printed by click: rich would end the process when a pipe is closed.
    with console.capture() as text:
        # Not as the table's own title: that would be broken at the table's width.
        console.print(Text(title, style="bold"))
        console.print(drawn)
    drawn_text = text.get()
    if not terminal:
        drawn_text = "".join(f"{line.rstrip()}\n" for line in drawn_text.splitlines())
    click.echo(drawn_text, nl=False)


@contextmanager
def progress(total: int, label: str) -> Iterator[Callable[[int], None]]:
    """Give a callback that takes the work done so far and draws a bar where one helps.

    The bar appears on stderr once the work has lasted two seconds, and only in a terminal.

    Parameters
    ----------
    total
        Work in all, in the unit of the callback's argument.
    label
        What is being done, in a word or two.
    """
    began = time.monotonic()
    watched = sys.stderr.isatty()
    bar: Progress | None = None

    def advance(done: int) -> None:
        nonlocal bar
        if not watched:
            return
        if bar is None:
            if time.monotonic() - began < PATIENCE_SECONDS:
                return
            bar = _start_bar(total, label)
        bar.update(bar.task_ids[0], completed=done)

    try:
        yield advance
    finally:
        if bar is not None:
            bar.stop()


def _start_bar(total: int, label: str) -> Progress:
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(file=sys.stderr), transient=True)
    bar.add_task(label, total=total)
    bar.start()
    return bar
