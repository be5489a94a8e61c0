"""Columns of claims in tables: one list for export, import, HXL tags and messages.

`claim_columns.csv` says for each column what it is of, its kind and its HXL tag.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from keepwarm.case.claims import UNATTRIBUTED, Claim, Term, vocabulary
from keepwarm.errors import Fault, nearest
from keepwarm.reports.ledger_nouns import DECISIONS, FIELDS, Tick, now, utc_text

Value = str | float | int | bool | None

_EMPTY: dict[str, Value] = {
    "qualifier": "exact",
    "modality": "claimed",
    "source": UNATTRIBUTED,
    "span_start": 0,
}
"""What an empty cell means where it does not mean "none"."""


@dataclass(frozen=True)
class Column:
    """A column: what it is of (ledger, document, claim, tick), its kind and its HXL tag."""

    name: str
    of: str
    kind: str
    tag: str
    meaning: str


@cache
def columns() -> tuple[Column, ...]:
    """Return all columns in the order of a table."""
    text = (files("keepwarm.reports") / "claim_columns.csv").read_text(encoding="utf-8")
    return tuple(Column(**row) for row in csv.DictReader(text.splitlines()))


@dataclass
class Place:
    """Where something is being read, and the faults found there."""

    file: str
    faults: list[Fault] = field(default_factory=list)
    line: int | None = None
    before: str = ""

    def fault(self, column: str, found: str, expected: str = "", suggestion: str = "") -> None:
        """Note a fault of a column in this line."""
        at = f"{self.before}{column}".rstrip(".")
        self.faults.append(Fault(self.file, self.line, at, found, expected, suggestion))


def claim_from(values: Mapping[str, Value], place: Place) -> Claim | None:
    """Return a claim made of values by column; None where it has a fault.

    Parameters
    ----------
    values : mapping
        By column of claims, each of its kind; None or missing for an empty cell.
    place : Place
        Where faults go.
    """
    before = len(place.faults)
    filled: dict[str, Any] = {
        column.name: _filled(column, values.get(column.name))
        for column in columns()
        if column.of == "claim"
    }
    _check_names(filled, place)
    term = vocabulary()["metric"].get(str(filled["metric"]))
    if term is not None:
        filled["unit"] = filled["unit"] or _only_unit(term, filled["value"])
        _check_value(filled, term, place)
    return Claim(**filled) if len(place.faults) == before else None


def _filled(column: Column, value: Value) -> Value:
    if value not in (None, ""):
        return value
    if column.name in _EMPTY:
        return _EMPTY[column.name]
    if column.kind in ("number", "whole") or column.name == "location":
        return None
    return False if column.kind == "flag" else ""


def _check_names(filled: Mapping[str, Value], place: Place) -> None:
    """Check what must be a word of the vocabulary."""
    if not filled["metric"]:
        place.fault("metric", "there is none", "a metric of the vocabulary")
    for column in columns():
        names = vocabulary().get(column.kind)
        found = filled.get(column.name)
        if names and found and found not in names:
            kind = column.kind.replace("_", " ")
            place.fault(column.name, f"'{found}' is no {kind}", "", nearest(str(found), names))


def _only_unit(term: Term, value: Value) -> str:
    """Return the unit of a metric that has one; a claim that counts nothing needs none."""
    return "" if value is None or " or " in term.unit else term.unit


def _check_value(filled: Mapping[str, Any], term: Term, place: Place) -> None:
    """Check that value, range, qualifier and unit go together."""
    value, most, qualifier = filled["value"], filled["value_max"], filled["qualifier"]
    units = {"", term.unit, *term.unit.split(" or ")}
    if filled["unit"] not in units:
        wanted = term.unit or "none"
        place.fault("unit", f"'{filled['unit']}' is not the unit of {term.name}", wanted)
    for name, number in (("value", value), ("value_max", most)):
        if number is not None and not 0 <= number < math.inf:
            place.fault(name, f"{number:g} is out of range", "0 or more")
    if value is None and term.tier == 1 and qualifier != "vague":
        place.fault("value", "there is none", "a number, or the qualifier vague")
    if value is not None and qualifier == "vague":
        place.fault("value", f"{value:g} stands with the qualifier vague", "none")
    if (most is not None) != (qualifier == "range"):
        found = "there is none" if most is None else f"{most:g} stands with {qualifier}"
        place.fault("value_max", found, "one with the qualifier range, and only then")
    elif most is not None and value is not None and most < value:
        place.fault("value_max", f"{most:g} is below the value", f"{value:g} or more")


def tick_from(values: Mapping[str, Value], place: Place, who: Callable[[], str]) -> Tick | None:
    """Return the decision in a row; None where there is none, or it has a fault.

    Parameters
    ----------
    values : mapping
        By column of ticks.
    place : Place
        Where faults go.
    who : callable
        Gives the person who imports, for a row that names none.
    """
    decision = str(values.get("decision") or "")
    if not decision:
        for name in ("confidence", "who", "at", "tick_note"):
            if values.get(name) in (None, ""):
                continue
            place.fault(name, "stands without a decision", ", ".join(DECISIONS))
        return None
    before = len(place.faults)
    if decision not in DECISIONS:
        near = nearest(decision, DECISIONS)
        place.fault("decision", f"'{decision}' is no decision", ", ".join(DECISIONS), near)
    confidence = values.get("confidence")
    if isinstance(confidence, int | float):
        if not 0 <= confidence <= 1:
            place.fault("confidence", f"{confidence:g} is no confidence", "0 to 1")
        elif decision != "accepted":
            place.fault("confidence", f"stands with a claim that is {decision}", "none")
    at = _moment(str(values.get("at") or ""), place)
    if len(place.faults) > before:
        return None
    sure = None if confidence is None else float(confidence)
    note = str(values.get("tick_note") or "")
    return Tick(decision, sure, str(values.get("who") or "").strip() or who(), at, note)


def _moment(text: str, place: Place) -> str:
    """Return a stated time as the ledger writes it, empty where none is stated."""
    if not text:
        return ""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        place.fault("at", f"'{text}' is no time", "ISO, such as 2026-01-10T08:30:00Z")
        return ""
    at = utc_text(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    if at > now():
        place.fault("at", f"'{text}' has not come yet", "a time in the past")
    return at


def claim_values(claim: Claim) -> dict[str, Value]:
    """Return the fields of a claim by column."""
    return {name: getattr(claim, name) for name in FIELDS}
