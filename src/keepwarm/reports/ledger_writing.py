"""How a document gets into the ledger: its text once, its claims once, readings side by side."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from hashlib import sha256

from keepwarm.case.claims import Claim, Read, UnreadNumber
from keepwarm.reports.ledger_nouns import (
    FIELDS,
    AddedDocument,
    claim_of,
    document_name,
    normal,
    now,
)

_ABOUT = ("language", "url", "title", "published", "person")
_CLAIM = ", ".join(f"c.{name}" for name in FIELDS)


def digest(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8."""
    return sha256(text.encode("utf-8")).hexdigest()


def find_document(db: sqlite3.Connection, text: str, kind: str) -> tuple[int, str] | None:
    """Return row and name of the document with this text; None where there is none."""
    found: tuple[int, str] | None = db.execute(
        "SELECT id, name FROM documents WHERE sha256 = ? AND kind = ?", (digest(text), kind)
    ).fetchone()
    return found


def insert(db: sqlite3.Connection, table: str, row: Mapping[str, object]) -> int:
    """Add one row, by column; return its number."""
    marks = ", ".join("?" * len(row))
    sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"
    return db.execute(sql, tuple(row.values())).lastrowid or 0


def add_document(
    db: sqlite3.Connection, read: Read, *, kind: str, person: str, version: str
) -> AddedDocument:
    """Add what was read, within a transaction; see `keepwarm.reports.ledger.Ledger.add`.

    A reading is added where it says anything that the last one of the same version does not.
    """
    known = find_document(db, read.text, kind)
    document, name = known or _new_document(db, read, kind)
    about: tuple[object, ...] = (read.language, read.url, read.title, read.published, person)
    mine = _last_reading(db, document, version)
    if mine is not None and _adds_nothing(about, mine[1:]) and _says(db, mine[0], read):
        return AddedDocument(name, "unchanged", _names(db, name, mine[0]), 0)
    last = _last_reading(db, document)
    if last is not None:
        about = tuple(new or old for new, old in zip(about, last[1:], strict=True))
    row = dict(zip(_ABOUT, about, strict=True))
    row |= {"document": document, "keepwarm": version, "at": now()}
    reading = insert(db, "readings", row)
    new = _add_claims(db, document, reading, read.claims)
    for at, one in enumerate(read.unread_numbers, 1):
        place = {"reading": reading, "position": at}
        number = {"text": one.text, "start": one.span_start, "reason": one.reason}
        insert(db, "unread", place | number)
    return AddedDocument(name, "read anew" if known else "new", _names(db, name, reading), new)


def _new_document(db: sqlite3.Connection, read: Read, kind: str) -> tuple[int, str]:
    taken = {name for (name,) in db.execute("SELECT name FROM documents")}
    name, number = document_name(read.id), 1
    while name in taken:
        number += 1
        name = f"{document_name(read.id)}-{number}"
    row = {"name": name, "kind": kind, "sha256": digest(read.text), "text": read.text}
    return insert(db, "documents", {**row, "read_at": now()}), name


def _last_reading(
    db: sqlite3.Connection, document: int, version: str = ""
) -> tuple[object, ...] | None:
    """Return the number of a document's last reading, and what it says about the document."""
    found: tuple[object, ...] | None = db.execute(
        f"SELECT id, {', '.join(_ABOUT)} FROM readings "
        "WHERE document = ? AND (? = '' OR keepwarm = ?) ORDER BY id DESC LIMIT 1",
        (document, version, version),
    ).fetchone()
    return found


def _adds_nothing(about: Sequence[object], known: Sequence[object]) -> bool:
    """Say whether what is given about the document is empty, or known."""
    return all(new in ("", old) for new, old in zip(about, known, strict=True))


def _says(db: sqlite3.Connection, reading: object, read: Read) -> bool:
    """Say whether a reading holds the same claims and unread numbers."""
    claims = [claim for _, claim in _claims_of(db, reading)]
    same = claims == [normal(claim) for claim in read.claims]
    return same and unread_of(db, reading) == list(read.unread_numbers)


def _claims_of(db: sqlite3.Connection, reading: object) -> list[tuple[int, Claim]]:
    rows = db.execute(
        f"SELECT c.number, {_CLAIM} FROM readings_claims AS p JOIN claims AS c "
        "ON c.id = p.claim WHERE p.reading = ? ORDER BY p.position",
        (reading,),
    )
    return [(row[0], claim_of(row[1:])) for row in rows]


def _names(db: sqlite3.Connection, document: str, reading: object) -> tuple[str, ...]:
    return tuple(f"{document}#{number}" for number, _ in _claims_of(db, reading))


def unread_of(db: sqlite3.Connection, reading: object) -> list[UnreadNumber]:
    """Return the unread numbers of a reading."""
    sql = "SELECT text, start, reason FROM unread WHERE reading = ? ORDER BY position"
    return [UnreadNumber(*row) for row in db.execute(sql, (reading,))]


def _add_claims(
    db: sqlite3.Connection, document: int, reading: int, claims: Sequence[Claim]
) -> int:
    """Add the claims that the document does not have yet; return how many these are."""
    known: dict[Claim, list[int]] = {}
    number = 0
    sql = f"SELECT c.id, c.number, {_CLAIM} FROM claims AS c WHERE document = ? ORDER BY number"
    for row in db.execute(sql, (document,)):
        known.setdefault(claim_of(row[2:]), []).append(row[0])
        number = row[1]
    new = 0
    for position, claim in enumerate(map(normal, claims), 1):
        same = known.get(claim)
        if same:
            key = same.pop(0)
        else:
            number, new = number + 1, new + 1
            values = {name: getattr(claim, name) for name in FIELDS}
            key = insert(db, "claims", {"document": document, "number": number, **values})
        insert(db, "readings_claims", {"reading": reading, "position": position, "claim": key})
    return new
