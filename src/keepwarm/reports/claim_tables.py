"""Claims as tables, out of a ledger and into one: CSV with HXL tags, or JSON.

What comes in is checked against the vocabulary, every fault at once, before anything is written.
Claims without their text become documents of the kind "table".
"""

from __future__ import annotations

from pathlib import Path

from keepwarm.errors import Fault, InputError
from keepwarm.reports.claim_csv import export_csv, import_csv
from keepwarm.reports.claim_files import Imported
from keepwarm.reports.claim_json import export_json, import_json
from keepwarm.reports.ledger import Ledger

__all__ = [
    "Imported",
    "export_claims",
    "export_csv",
    "export_json",
    "import_claims",
    "import_csv",
    "import_json",
]

_SUFFIXES = (".csv", ".json")


def export_claims(ledger: Ledger, path: Path) -> int:
    """Write the claims of a ledger as CSV or JSON, by the suffix; return how many.

    Raises
    ------
    InputError
        For another suffix, or where the file cannot be written.
    """
    return export_json(ledger, path) if _suffix(path) == ".json" else export_csv(ledger, path)


def import_claims(ledger: Ledger, path: Path, *, who: str | None = None) -> Imported:
    """Add the claims and ticks of a CSV or JSON file, by the suffix.

    Raises
    ------
    InputError
        For another suffix, and with every fault of the file.
    """
    if _suffix(path) == ".json":
        return import_json(ledger, path, who=who)
    return import_csv(ledger, path, who=who)


def _suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        found = f"'{path.suffix}' is no table of claims" if suffix else "has no suffix"
        raise InputError([Fault(str(path), None, None, found, "a name that ends in .csv or .json")])
    return suffix
