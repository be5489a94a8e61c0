"""The nouns of the ledger, and what may stand in it."""

from __future__ import annotations

import getpass
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from keepwarm.case.claims import Claim, Read
from keepwarm.errors import Fault, InputError, nearest
from keepwarm.reports.comparison import Entry

DECISIONS = ("accepted", "rejected", "withdrawn")

FIELDS = tuple(field.name for field in fields(Claim))
"""Fields of a claim, which are also its columns in the ledger."""

UTF_8 = "a text in UTF-8"

_NAME_LETTERS = 80


@dataclass(frozen=True)
class Tick:
    """What a person decided about a claim.

    ``decision`` is accepted, rejected or withdrawn; ``confidence`` 0 to 1, None where none was
    given; ``at`` ISO time in UTC.
    """

    decision: str
    confidence: float | None
    who: str
    at: str
    note: str = ""


@dataclass(frozen=True)
class Kept(Entry):
    """A claim of the ledger, with the tick that counts; None where nobody ticked it."""

    tick: Tick | None = None


@dataclass(frozen=True)
class Document:
    """A document of the ledger, as its last reading has it.

    ``kind`` is ``text``, or ``table`` for claims that were imported without their text; ``person``
    is who imported them. ``read_at`` is when the document came in, ``at`` when it was last read,
    by that ``keepwarm``.
    """

    name: str
    kind: str
    sha256: str
    url: str
    title: str
    language: str
    published: str
    person: str
    read_at: str
    at: str
    keepwarm: str
    claims: int
    unread_numbers: int


@dataclass(frozen=True)
class AddedDocument:
    """What came of adding a document.

    Attributes
    ----------
    name : str
        Its name in the ledger.
    what : str
        ``new``, ``read anew`` or ``unchanged``; unchanged means that nothing was written.
    claims : tuple of str
        Names of the claims of this reading, in its order.
    new_claims : int
        Those of them that the ledger did not hold.
    no_longer_read : tuple of str
        Accepted claims that the new reading does not give; they count no more.
    """

    name: str
    what: str
    claims: tuple[str, ...]
    new_claims: int
    no_longer_read: tuple[str, ...] = ()


def document_name(words: str) -> str:
    """Return a name for a document that can stand in ``name#number`` and in a list of names.

    Parameters
    ----------
    words : str
        The stem of a file's name, or whatever else it is called.

    Examples
    --------
    >>> document_name("Kyiv post, 3#1")
    'Kyiv-post-3-1'
    """
    shown = unicodedata.normalize("NFC", words)
    letters = (one if one.isprintable() and one not in " ,#" else "-" for one in shown)
    name = re.sub("-+", "-", "".join(letters)).strip("-")
    return name[:_NAME_LETTERS].strip("-") or "text"


def now() -> str:
    """Return the time, UTC, to the second."""
    return utc_text(datetime.now(UTC))


def utc_text(moment: datetime) -> str:
    """Return a moment with a time zone as the ledger writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def user_name() -> str:
    """Return the name of this computer's user.

    Raises
    ------
    InputError
        Where the system knows none.
    """
    try:
        name = getpass.getuser().strip()
    except (KeyError, OSError, ImportError):
        name = ""
    if not name:
        raise InputError([Fault("tick", None, "who", "nobody is named", "who decides")])
    return name


def normal(claim: Claim) -> Claim:
    """Return a claim as the ledger gives it back: numbers as float, no place as None."""
    value, most = claim.value, claim.value_max
    return replace(
        claim,
        value=None if value is None else float(value),
        value_max=None if most is None else float(most),
        location=claim.location or None,
        carry_over=bool(claim.carry_over),
    )


def claim_of(row: Sequence[Any]) -> Claim:
    """Return the claim of a row with the columns of `FIELDS`."""
    values = dict(zip(FIELDS, row, strict=True))
    return Claim(**{**values, "carry_over": bool(values["carry_over"])})


def kept_of(row: Sequence[Any]) -> Kept:
    """Return the claim of a row with document, number, published, tick and `FIELDS`."""
    document, number, published = row[:3]
    tick = None if row[3] is None else Tick(*row[3:8])
    return Kept(f"{document}#{number}", claim_of(row[8:]), document, published, tick)


def tick_faults(tick: Tick, file: str) -> list[Fault]:
    """Return what is wrong with a decision."""
    faults = []
    if tick.decision not in DECISIONS:
        found = f"'{tick.decision}' is no decision"
        near = nearest(tick.decision, DECISIONS)
        faults.append(Fault(file, None, "decision", found, ", ".join(DECISIONS), near))
    if tick.confidence is not None:
        if not 0 <= tick.confidence <= 1:
            found = f"{tick.confidence:g} is no confidence"
            faults.append(Fault(file, None, "confidence", found, "0 to 1"))
        elif tick.decision != "accepted":
            found = f"given for a claim that is {tick.decision}"
            faults.append(Fault(file, None, "confidence", found, "none, or an accepted claim"))
    if not tick.who.strip():
        faults.append(Fault(file, None, "who", "nobody is named", "who decides"))
    for name in ("who", "note"):
        faults += _half(getattr(tick, name), file, name)
    return faults


def unkeepable(read: Read, file: str) -> list[Fault]:
    """Return what no file can keep: half characters (lone surrogates), numbers without end."""
    faults = []
    for name, text in _texts(read):
        faults += _half(text, file, name)
    for at, claim in enumerate(read.claims, 1):
        for name in ("value", "value_max"):
            value = getattr(claim, name)
            if value is not None and not math.isfinite(value):
                faults.append(Fault(file, None, f"claim {at} {name}", f"{value}", "a number"))
    return faults


def _texts(read: Read) -> Iterator[tuple[str, str]]:
    for name in ("language", "text", "url", "title", "published"):
        yield name, getattr(read, name)
    for at, claim in enumerate(read.claims, 1):
        for name in FIELDS:
            value = getattr(claim, name)
            if isinstance(value, str):
                yield f"claim {at} {name}", value
    for at, unread in enumerate(read.unread_numbers, 1):
        yield f"unread number {at}", unread.text + unread.reason


def _half(text: str, file: str, column: str) -> list[Fault]:
    at = half_character(text)
    return [] if at is None else [Fault(file, None, column, f"half a character at {at}", UTF_8)]


def half_character(text: str) -> int | None:
    """Return where a text holds a lone surrogate, which no file in UTF-8 can; None where none."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return error.start
    return None
