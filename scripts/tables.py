"""Reading the hand-written tables and writing the tables of a case, the same bytes every time."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

Cell = str | float | bool
Row = Mapping[str, Cell]


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of one hand-written table."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def text(cell: Cell) -> str:
    """Return a cell as it is written: whole numbers without a point, others to 6 digits."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell if isinstance(cell, str) else f"{cell + 0.0:.6g}"


def write_table(path: Path, columns: Iterable[str], rows: Iterable[Row]) -> None:
    """Write one CSV table; a cell that a row lacks stays empty."""
    columns = list(columns)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([text(row.get(column, "")) for column in columns])


def share_out(total: int, weights: Iterable[float]) -> list[int]:
    """Split a whole number in proportion to weights by the largest remainder."""
    weights = list(weights)
    exact = [total * weight / sum(weights) for weight in weights]
    parts = [int(value) for value in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def round_up(value: float, step: float) -> float:
    """Return the next multiple of a step at or above a value."""
    return step * -(-value // step)
