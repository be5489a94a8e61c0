"""The hand-written tables of this folder."""

from __future__ import annotations

from pathlib import Path

from tables import read_rows


def read_input(name: str) -> list[dict[str, str]]:
    """Return the rows of one table of this folder."""
    return read_rows(Path(__file__).with_name(f"{name}.csv"))
