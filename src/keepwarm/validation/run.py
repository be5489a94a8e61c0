"""The one runner of all validation cases: ours against what was published.

A case is a folder ``cases/AUTHORITY_NAME/``: ``case.toml`` says what is run, on which input, by
whom the result was published and under which licence; ``expected.csv`` holds one row per quantity
(quantity, published, unit, tolerance, why), where the kind needs them input columns, and ``source``
where a row's source differs from the case's. A source ends in what stands behind the number: read
at its source, computed independently, or recalled and not yet confirmed.
"""

from __future__ import annotations

import csv
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keepwarm.errors import Fault, InputError, nearest

CASES = Path(__file__).parent / "cases"

#: The comparison with PyPSA needs PyPSA and a case folder, so it is no folder of its own.
AGAINST_PYPSA = "pypsa"


@dataclass(frozen=True)
class Row:
    """One quantity: what keepwarm finds, what was published, how far they may be apart."""

    case: str
    quantity: str
    ours: float
    published: float
    unit: str
    tolerance: float
    ok: bool
    source: str


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


def validate(name: str | None = None) -> tuple[Row, ...]:
    """Run the validation cases and compare each quantity with its published value.

    Parameters
    ----------
    name
        One case (see `case_names`), ``"pypsa"`` for the town step by step against PyPSA, or None
        for all folders.

    Returns
    -------
    tuple of Row
        One row per quantity; ``ok`` says whether ours is within the tolerance.

    Raises
    ------
    InputError
        If there is no case of that name.

    **Source**: each case's ``case.toml``. **Leaves out**: quantities that a case's known
    differences name.
    """
    if name == AGAINST_PYPSA:
        from keepwarm.validation.against_pypsa import town_rows

        return town_rows()
    names = case_names()
    if name is not None and name not in names:
        found, near = f"there is no validation case '{name}'", nearest(name, names)
        raise InputError([Fault("validate", None, None, found, "", near)])
    rows: list[Row] = []
    for folder in names if name is None else (name,):
        rows += rows_of(read_validation_case(CASES / folder))
    return tuple(rows)


def rows_of(case: ValidationCase) -> list[Row]:
    """Run one case and compare.

    Parameters
    ----------
    case
        As read by `read_validation_case`.
    """
    from keepwarm.validation.kinds import KINDS

    ours = KINDS[case.facts["kind"]](case)
    return [
        _row(case, published, ours.get(published.quantity, math.nan)) for published in case.expected
    ]


def _row(case: ValidationCase, published: Published, ours: float) -> Row:
    return Row(
        case=case.name,
        quantity=published.quantity,
        ours=ours,
        published=published.value,
        unit=published.unit,
        tolerance=published.tolerance,
        ok=abs(ours - published.value) <= published.tolerance,
        source=published.inputs.get("source") or case.facts["source"],
    )
