"""Claims from words that somebody else selected: derived by the rules, kept by the gate."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace

from keepwarm.case.claims import UNATTRIBUTED, Claim, Read, UnreadNumber, vocabulary
from keepwarm.reports.bounds import bounds
from keepwarm.reports.endpoint import Selection
from keepwarm.reports.modality import modality, phase
from keepwarm.reports.places import places
from keepwarm.reports.quantities import parse
from keepwarm.reports.speakers import phrase
from keepwarm.reports.text import Sentence, Text, prepare
from keepwarm.reports.verify import refusal


def with_selections(read: Read, selections: Iterable[Selection], *, by: str) -> Read:
    """Return what was read, and what selected words add to it.

    Parameters
    ----------
    read : Read
        From `read_text`.
    selections : iterable of Selection
        Words of its text. What the rules read already, and what the gate refuses, adds nothing.
    by : str
        Who selected; kept in the claims' notes.

    Returns
    -------
    Read
        Claims in the order of the text; numbers that became claims are unread no more.
    """
    text = prepare(read.text)
    claims = list(read.claims)
    for selection in selections:
        claim = _claim(text, selection, by)
        if claim is not None and not any(_same(claim, known) for known in claims):
            claims.append(claim)
    claims.sort(key=lambda claim: claim.span_start)
    return replace(
        read,
        claims=tuple(claims),
        unread_numbers=tuple(one for one in read.unread_numbers if not _read(one, claims)),
        bounds=bounds(claims),
    )


def _claim(text: Text, selection: Selection, by: str) -> Claim | None:
    """Return the claim of selected words, or None where the text does not carry it."""
    start = text.original.find(selection.quote) if selection.quote else -1
    sentence = _sentence(text, start) if start >= 0 else None
    if sentence is None or selection.metric not in vocabulary()["metric"]:
        return None
    numbers = parse(selection.quote, sentence.language)
    if len(numbers) != 1:
        return None
    surface = selection.source if selection.source in text.original else ""
    who = phrase(surface, sentence.language) if surface else None
    first = bisect_left(text.offsets, start)
    last = bisect_left(text.offsets, start + len(selection.quote))
    stage, time = phase(text, sentence, first, last)
    said, note = modality(text, sentence, first, last)
    claim = Claim(
        metric=selection.metric,
        value=numbers[0].value,
        value_max=numbers[0].value_max,
        qualifier=numbers[0].qualifier,
        unit=vocabulary()["metric"][selection.metric].unit,
        source=who.name if who else UNATTRIBUTED,
        source_surface=surface if who else "",
        source_start=text.original.find(surface) if who else None,
        location=_place(text, sentence, selection.place),
        modality=said,
        quote_span=selection.quote,
        span_start=start,
        time=time,
        phase=stage,
        note="; ".join(part for part in (note, f"selected by {by}") if part),
    )
    return None if refusal(claim, text.original, sentence.language) else claim


def _sentence(text: Text, start: int) -> Sentence | None:
    place = bisect_left(text.offsets, start)
    return next((one for one in text.sentences if one.start <= place < one.end), None)


def _place(text: Text, sentence: Sentence, words: str) -> str | None:
    """Return the place of the sentence that some of its words name; None where they name none."""
    if not words:
        return None
    for place in places(text, sentence):
        named, _ = text.span(place.start, place.end)
        if named in words or words in named:
            return place.name
    return None


def _same(one: Claim, other: Claim) -> bool:
    ends = (one.span_start + len(one.quote_span), other.span_start + len(other.quote_span))
    return one.span_start < ends[1] and other.span_start < ends[0] and one.value == other.value


def _read(number: UnreadNumber, claims: Iterable[Claim]) -> bool:
    return any(
        claim.span_start <= number.span_start < claim.span_start + len(claim.quote_span)
        for claim in claims
    )
