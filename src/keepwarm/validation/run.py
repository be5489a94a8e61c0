"""The one runner of all validation cases: ours against what was published."""

from __future__ import annotations

import math

from keepwarm.errors import Fault, InputError, nearest
from keepwarm.validation.folders import (
    Published,
    Row,
    ValidationCase,
    case_folder,
    case_names,
    read_validation_case,
)
from keepwarm.validation.kinds import KINDS

#: The comparison with PyPSA needs PyPSA and a case folder, so it is no folder of its own.
AGAINST_PYPSA = "pypsa"


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
        expected = "" if near else f"one of {', '.join(names)} or {AGAINST_PYPSA}"
        raise InputError([Fault("validate", None, None, found, expected, near)])
    rows: list[Row] = []
    for folder in names if name is None else (name,):
        rows += rows_of(read_validation_case(case_folder(folder)))
    return tuple(rows)


def rows_of(case: ValidationCase) -> list[Row]:
    """Run one case and compare.

    Parameters
    ----------
    case
        As read by `read_validation_case`.
    """
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
