"""What a report says: one source says that one metric has one value at one place.

Nothing here says that a claim is true. The vocabulary (metrics, qualifiers, modalities, facility
types) is ``schema/vocabulary.csv``; documentation, reader, ledger and messages share it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

UNATTRIBUTED = "unattributed"
"""The source of what a writer says in his own voice."""


@dataclass(frozen=True)
class Claim:
    """One source says one metric has one value (or happened) at one place.

    Attributes
    ----------
    metric : str
        A metric of the vocabulary, e.g. ``customers_without_power``.
    value, value_max : float or None
        In the unit of the metric; None where nothing is counted, or only vaguely. ``value_max``
        for ranges only.
    qualifier : str
        exact, approx, nearly, lower_bound, upper_bound, range or vague.
    unit : str
        Unit of the value, e.g. ``customers``, ``MW``, ``percent``, ``hours``.
    source, source_surface : str
        Canonical English name, or ``unattributed``; the words of the text that name the source.
    source_start : int or None
        Where these words begin in the text.
    source_country : str
        Country whose organ the source is, where known, else empty.
    location : str or None
        Canonical English names joined by ``"; "``; None when the text gives none.
    modality : str
        claimed, confirmed, denied, forecast, planned, conditional or alleged.
    quote_span, span_start : str, int
        The words that carry value and noun, and where they begin in the text.
    noun, noun_start : str, int or None
        Words that give the metric where they stand outside the quote (an inherited noun).
    facility_type : str
        For ``facility_*`` metrics, else empty.
    time, phase : str
        Stated time words; initial, peak, current or cumulative, else empty.
    carry_over : bool
        The source was carried over from an earlier clause.
    note : str
        Conditions of a conditional claim and the like.
    """

    metric: str
    value: float | None
    qualifier: str
    quote_span: str
    span_start: int
    value_max: float | None = None
    unit: str = ""
    source: str = UNATTRIBUTED
    source_surface: str = ""
    source_start: int | None = None
    source_country: str = ""
    location: str | None = None
    modality: str = "claimed"
    noun: str = ""
    noun_start: int | None = None
    facility_type: str = ""
    time: str = ""
    phase: str = ""
    carry_over: bool = False
    note: str = ""


@dataclass(frozen=True)
class UnreadNumber:
    """A number of the text that became no claim: silence is never zero."""

    text: str
    span_start: int
    reason: str = ""


@dataclass(frozen=True)
class Read:
    """What was read in one document.

    Attributes
    ----------
    id : str
        Stem of the file's name.
    language : str
        en, uk, ru, de, zh, or empty where it could not be told.
    text : str
        The text the offsets count in (NFC).
    claims : tuple of Claim
        In the order of the text.
    unread_numbers : tuple of UnreadNumber
        In the order of the text.
    bounds : dict
        Upper bound on hits by ``drones``, ``missiles``, ``total``; None where none is sound.
    url, title, published : str
        As given with the document, else empty.
    """

    id: str
    language: str
    text: str
    claims: tuple[Claim, ...]
    unread_numbers: tuple[UnreadNumber, ...]
    bounds: dict[str, float | None]
    url: str = ""
    title: str = ""
    published: str = ""


@dataclass(frozen=True)
class Ticked:
    """A claim that a person accepted: only such claims may become damage.

    Attributes
    ----------
    name : str
        Its name in the ledger, ``document#number``.
    claim : Claim
    confidence : float or None
        0 to 1; None where the person gave none.
    who, at : str
        Who accepted it, and when (UTC).
    document, published : str
        The document, and its ISO date or time of publication; empty when unknown.
    """

    name: str
    claim: Claim
    confidence: float | None
    who: str
    at: str
    document: str
    published: str = ""


@dataclass(frozen=True)
class Term:
    """One word of the vocabulary: a metric, qualifier, modality, phase or facility type."""

    kind: str
    name: str
    tier: int
    unit: str
    meaning: str


@cache
def vocabulary() -> dict[str, dict[str, Term]]:
    """Return the vocabulary by kind (metric, qualifier, ...) and name."""
    table: dict[str, dict[str, Term]] = {}
    text = (files("keepwarm.case") / "schema" / "vocabulary.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        term = Term(row["kind"], row["name"], int(row["tier"] or 0), row["unit"], row["meaning"])
        table.setdefault(term.kind, {})[term.name] = term
    return table
