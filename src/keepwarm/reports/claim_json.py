"""Claims as JSON: documents with their text, claims, unread numbers and every tick.

A file that `keepwarm read --json` wrote comes in too; it has no texts, so its documents are tables.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from keepwarm.case.claims import Claim, Read, UnreadNumber
from keepwarm.errors import Fault, InputError, nearest
from keepwarm.reports.claim_columns import (
    Place,
    Value,
    claim_from,
    claim_values,
    columns,
    tick_from,
)
from keepwarm.reports.claim_csv import table_text
from keepwarm.reports.claim_files import Imported, decide, text_of, write_whole
from keepwarm.reports.ledger import Ledger
from keepwarm.reports.ledger_nouns import (
    UTF_8,
    AddedDocument,
    Document,
    Tick,
    half_character,
    user_name,
)
from keepwarm.reports.ledger_writing import digest

KIND, SCHEMA = "claims", 1

_TYPES: dict[str, tuple[type | tuple[type, ...], str]] = {
    "number": ((int, float), "a number"),
    "whole": (int, "a whole number, 0 or more"),
    "flag": (bool, "true or false"),
}
_TEXT = (str, "a text")
_ABOUT = ("language", "url", "title", "published")


@dataclass(frozen=True)
class _Found:
    """A document of the file, with the ticks of each claim."""

    read: Read
    kind: str
    keepwarm: str
    person: str
    ticks: tuple[tuple[Tick, ...], ...]


def export_json(ledger: Ledger, path: str | Path) -> int:
    """Write a ledger as one JSON document.

    Parameters
    ----------
    ledger : Ledger
    path : str or Path
        Written whole or not at all.

    Returns
    -------
    int
        How many claims.

    Raises
    ------
    InputError
        Where the file cannot be written.

    **Leaves out** earlier readings of a text.
    """
    documents = [_document(ledger, one) for one in ledger.documents()]
    whole = {"schema": SCHEMA, "kind": KIND, "documents": documents}
    write_whole(path, json.dumps(whole, ensure_ascii=False, indent=1) + "\n", ledger)
    return sum(len(one["claims"]) for one in documents)


def _document(ledger: Ledger, document: Document) -> dict[str, Any]:
    read = ledger.read(document.name)
    about = asdict(document)
    del about["name"], about["claims"], about["unread_numbers"]
    claims = [
        {"name": one.name, **claim_values(one.claim)}
        | {"ticks": [asdict(tick) for tick in ledger.history(one.name)]}
        for one in ledger.claims(document.name)
    ]
    unread = [asdict(one) for one in read.unread_numbers]
    return {"id": document.name, **about, "text": read.text} | {
        "claims": claims,
        "unread_numbers": unread,
        "bounds": read.bounds,
    }


def import_json(ledger: Ledger, path: str | Path, *, who: str | None = None) -> Imported:
    """Add the documents, claims and ticks of a JSON file to a ledger.

    Parameters
    ----------
    ledger : Ledger
    path : str or Path
        As `export_json` or `keepwarm read --json` writes it.
    who : str, optional
        Who imports; the user of this computer by default.

    Returns
    -------
    Imported

    Raises
    ------
    InputError
        With every fault: where in the document, what was found, what would be right. A quote that
        does not stand in its text is one. Nothing is added then.
    """
    file = Path(path)
    place = Place(str(file))
    person = who or user_name()
    found = _read_documents(file, place, person)
    if place.faults:
        raise InputError(place.faults)
    added, ticks = list[AddedDocument](), 0
    with ledger.together():
        for one in found:
            document = ledger.add(one.read, kind=one.kind, person=one.person, version=one.keepwarm)
            added.append(document)
            for name, decisions in zip(document.claims, one.ticks, strict=True):
                ticks += sum(decide(ledger, name, tick) for tick in decisions)
    new = tuple(one for one in added if one.what != "unchanged")
    known = sum(len(one.claims) for one in added if one.what == "unchanged")
    return Imported(new, known, ticks)


def _read_documents(file: Path, place: Place, person: str) -> list[_Found]:
    text = text_of(file, place)
    if text is None:
        return []
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        why = f"no JSON: {getattr(error, 'msg', error)}"
        place.faults.append(Fault(place.file, line, None, why, "JSON that keepwarm wrote"))
        return []
    documents = whole.get("documents") if isinstance(whole, dict) else None
    if not isinstance(documents, list):
        place.fault("documents", "there is no such list", "JSON that keepwarm wrote")
        return []
    if whole.get("schema", SCHEMA) != SCHEMA:
        place.fault("schema", f"is {whole['schema']!r}", f"{SCHEMA}, or a newer keepwarm")
        return []
    found = []
    for at, document in enumerate(documents):
        place.before = f"documents[{at}]."
        found += [_found(document, place, person)] if _is_mapping(document, place) else []
    return found


def _is_mapping(value: object, place: Place) -> bool:
    if isinstance(value, dict):
        return True
    place.fault("", "is no object", "one with fields")
    return False


def _found(document: Mapping[str, Any], place: Place, person: str) -> _Found:
    """Return a document of the file; what is wrong with it goes to the place."""
    before = place.before
    keys = ("id", "text", "kind", "keepwarm", "person", "sha256", *_ABOUT)
    about = {key: _text(document, key, place) for key in keys}
    claims, ticks = list[Claim](), list[tuple[Tick, ...]]()
    for at, row in enumerate(_list(document, "claims", place)):
        place.before = f"{before}claims[{at}]."
        if not _is_mapping(row, place):
            continue
        claim = _claim(row, place)
        decisions = _ticks(row, place, person)
        if claim is not None:
            claims.append(claim)
            ticks.append(decisions)
            if about["kind"] == "text" or (about["text"] and about["kind"] != "table"):
                _check_quotes(claim, about["text"], place)
    place.before = before
    unread = tuple(_unread(document, place))
    place.before = before
    if not about["text"] and "person" not in document:
        about["person"] = person
    read = Read(
        id=about["id"],
        text=about["text"],
        claims=tuple(claims),
        unread_numbers=unread,
        bounds={},
        **{key: about[key] for key in _ABOUT},
    )
    return _checked(read, about, tuple(ticks), place)


def _checked(
    read: Read, about: Mapping[str, str], ticks: tuple[tuple[Tick, ...], ...], place: Place
) -> _Found:
    """Return a document whose hash and kind were checked."""
    kind = about["kind"] or ("text" if read.text else "table")
    if kind not in ("text", "table"):
        place.fault("kind", f"'{kind}' is no kind of document", "text or table")
    if about["sha256"] and digest(read.text) != about["sha256"]:
        place.fault("sha256", "is not that of the text", "the text as it was read")
    if kind == "table" and not read.text:
        read = replace(read, text=table_text(read))
    return _Found(read, kind, about["keepwarm"], about["person"], ticks)


def _text(row: Mapping[str, Any], key: str, place: Place) -> str:
    value = row.get(key)
    return "" if value is None else str(_typed(key, "text", value, place) or "")


def _list(row: Mapping[str, Any], key: str, place: Place) -> list[Any]:
    value = row.get(key, [])
    if isinstance(value, list):
        return value
    place.fault(key, "is no list", "a list")
    return []


def _claim(row: Mapping[str, Any], place: Place) -> Claim | None:
    wanted = {column.name: column for column in columns() if column.of == "claim"}
    before = len(place.faults)
    values: dict[str, Value] = {}
    for key, value in row.items():
        if key in ("name", "ticks"):
            continue
        if key not in wanted:
            place.fault(key, "is no field of claims", "", nearest(key, wanted))
        elif value is not None:
            values[key] = _typed(key, wanted[key].kind, value, place)
    return claim_from(values, place) if len(place.faults) == before else None


def _typed(key: str, kind: str, value: object, place: Place) -> Value:
    types, expected = _TYPES.get(kind, _TEXT)
    fits = isinstance(value, types) and (kind == "flag" or not isinstance(value, bool))
    if not fits or (kind == "whole" and isinstance(value, int) and not 0 <= value < 1 << 53):
        place.fault(key, f"{value!r:.40} is out of place", expected)
        return None
    if isinstance(value, str) and (at := half_character(value)) is not None:
        place.fault(key, f"half a character at {at}", UTF_8)
        return None
    if kind == "number" and isinstance(value, int | float):
        try:
            return float(value)
        except OverflowError:
            place.fault(key, "is too large", expected)
            return None
    return value  # type: ignore[return-value]  # its type was looked up above


def _ticks(row: Mapping[str, Any], place: Place, person: str) -> tuple[Tick, ...]:
    before, found = place.before, list[Tick]()
    for at, one in enumerate(_list(row, "ticks", place)):
        place.before = f"{before}ticks[{at}]."
        if not _is_mapping(one, place):
            continue
        values: dict[str, Value] = {
            "decision": _text(one, "decision", place),
            "who": _text(one, "who", place),
            "at": _text(one, "at", place),
            "tick_note": _text(one, "note", place),
        }
        if one.get("confidence") is not None:
            values["confidence"] = _typed("confidence", "number", one["confidence"], place)
        tick = tick_from(values, place, lambda: person)
        found += [] if tick is None else [tick]
    place.before = before
    return tuple(found)


def _unread(document: Mapping[str, Any], place: Place) -> list[UnreadNumber]:
    before, found = place.before, list[UnreadNumber]()
    for at, one in enumerate(_list(document, "unread_numbers", place)):
        place.before = f"{before}unread_numbers[{at}]."
        if _is_mapping(one, place):
            start = _typed("span_start", "whole", one.get("span_start", 0), place)
            reason = _text(one, "reason", place)
            found.append(UnreadNumber(_text(one, "text", place), int(start or 0), reason))
    return found


def _check_quotes(claim: Claim, text: str, place: Place) -> None:
    """Refuse a claim whose words do not stand in its text where it says."""
    for name, start in (
        ("quote_span", claim.span_start),
        ("source_surface", claim.source_start),
        ("noun", claim.noun_start),
    ):
        words = getattr(claim, name)
        if words and start is not None and text[start : start + len(words)] != words:
            place.fault(name, f"'{words:.40}' does not stand in the text at {start}")
