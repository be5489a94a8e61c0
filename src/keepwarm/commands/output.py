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
from typing import TYPE_CHECKING

import click

from keepwarm.plain import plain

if TYPE_CHECKING:
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
