"""What a validation case is: a folder with input, case.toml and expected.csv, read.

A case is a folder ``cases/AUTHORITY_NAME/``: ``case.toml`` says what is run, on which input, by
whom the result was published and under which licence; ``expected.csv`` holds one row per quantity
(quantity, published, unit, tolerance, why), where the kind needs them input columns, and ``source``
where a row's source differs from the case's. A source ends in what stands behind the number: read
at its source, computed independently, or recalled and not yet confirmed.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Row:
    """One quantity: what keepwarm finds, what was published, how far they may be apart.

    A row that was not ``ran`` compares nothing, and is not ``ok``; its quantity says why.
    """

    case: str
    quantity: str
    ours: float
    published: float
    unit: str
    tolerance: float
    ok: bool
    source: str
    ran: bool = True


@dataclass(frozen=True)
class Published:
    """One row of ``expected.csv``; ``inputs`` are its columns beyond the common ones."""

    quantity: str
    value: float
    unit: str
    tolerance: float
    inputs: Mapping[str, str]

    def number(self, column: str) -> float:
        """Return an input column as a number."""
        return float(self.inputs[column])


@dataclass(frozen=True)
class ValidationCase:
    """One folder, read."""

    name: str
    folder: Path
    facts: Mapping[str, Any]  # case.toml
    expected: tuple[Published, ...]


def case_names() -> tuple[str, ...]:
    """Return the names of all cases, sorted."""
    return tuple(sorted(path.parent.name for path in CASES.glob("*/case.toml")))


def case_folder(name: str) -> Path:
    """Return the folder of one case."""
    return CASES / name


def read_validation_case(folder: Path) -> ValidationCase:
    """Read one case folder.

    Parameters
    ----------
    folder
        Holds ``case.toml`` and ``expected.csv``.
    """
    facts = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    with (folder / "expected.csv").open(encoding="utf-8", newline="") as lines:
        expected = tuple(_published(row) for row in csv.DictReader(lines))
    return ValidationCase(folder.name, folder, facts, expected)


def _published(row: dict[str, str]) -> Published:
    common = ("quantity", "published", "unit", "tolerance", "why")
    return Published(
        quantity=row["quantity"],
        value=float(row["published"]),
        unit=row["unit"],
        tolerance=float(row["tolerance"]),
        inputs={key: value for key, value in row.items() if key not in common},
    )
