"""The ledger as the page shows it: texts with their words marked, claims, disagreements, ticks.

Nobody is believed here, and nobody doubted: every claim has the same fields in the same order.
Texts go out in pieces, so that the page counts no characters and makes no markup of them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from keepwarm.case.claims import Claim
from keepwarm.case.nouns import Case
from keepwarm.damage import ClaimedDamage
from keepwarm.reports.comparison import Pair, compare
from keepwarm.reports.ledger import Ledger
from keepwarm.reports.ledger_nouns import Kept, Tick
from keepwarm.runs.claims import claims_block

#: How claims can differ, what most needs a person first; ``compatible`` ones agree.
KINDS = ("contradiction", "two_sides", "rounding", "time_series", "different_scope")

#: Words of a text that stand around a quote, on either side.
_AROUND = 90

#: What a span of a text is: words of a claim, or a number that became none.
_WORDS, _NUMBER = 0, 1

#: In a series, what came first where one document says both.
_PHASES = {"initial": 0, "peak": 1, "": 2, "current": 3, "cumulative": 4}


def ledger_view(ledger: Ledger) -> dict[str, object]:
    """Return what a ledger holds, without the texts.

    Parameters
    ----------
    ledger : Ledger

    Returns
    -------
    dict
        ``documents`` and ``claims`` as ``keepwarm claims LEDGER --json`` has them, each claim with
        its words in their sentence; ``pairs`` of claims that differ, and how; ``series`` of figures
        of one metric and place, in the order in which they were published.
    """
    claims, texts = ledger.claims(), ledger.texts()
    return {
        "documents": [asdict(one) for one in ledger.documents()],
        "claims": [claim_view(one, texts.get(one.document, "")) for one in claims],
        "pairs": _pairs(compare(claims)),
        "series": _series(claims),
    }


def document_view(ledger: Ledger, name: str) -> dict[str, object]:
    """Return one document: its text in pieces, its claims, the numbers that became no claim.

    Parameters
    ----------
    ledger : Ledger
    name : str
        Of the document.

    Returns
    -------
    dict
        ``pieces`` are texts with the places of the claims in ``claims`` whose words they are, and
        why a number was not read; put together they are the whole text.

    Raises
    ------
    InputError
        Where the ledger has no such document.
    """
    read = ledger.read(name)
    [document] = [one for one in ledger.documents() if one.name == name]
    return {
        **asdict(document),
        "claims": [claim_view(one, read.text) for one in ledger.claims(name)],
        "unread": [asdict(one) for one in read.unread_numbers],
        "bounds": read.bounds,
        "pieces": pieces(
            read.text,
            [_spans(claim) for claim in read.claims],
            [
                (one.span_start, one.span_start + len(one.text), at)
                for at, one in enumerate(read.unread_numbers)
            ],
        ),
    }


def claim_view(one: Kept, text: str) -> dict[str, object]:
    """Return a claim with its name, its tick, and the words around it."""
    return {
        "name": one.name,
        "document": one.document,
        "published": one.published,
        "claim": asdict(one.claim),
        "tick": tick_view(one.tick),
        "words": _in_sentence(one.claim, text),
    }


def tick_view(tick: Tick | None) -> dict[str, object] | None:
    """Return a tick; None where nobody decided."""
    return None if tick is None else asdict(tick)


def claimed_view(case: Case, claimed: ClaimedDamage) -> dict[str, object]:
    """Return what accepted claims come to: damage, what could not be mapped and why, notes.

    As ``keepwarm run --claims`` keeps it in its run folder.
    """
    return dict(claims_block(case, claimed))


def pieces(
    text: str, claims: Sequence[Iterable[tuple[int, int]]], unread: Iterable[tuple[int, int, int]]
) -> list[dict[str, object]]:
    """Return a text cut wherever the words of a claim begin or end; spans may lie in each other.

    Parameters
    ----------
    text : str
    claims : sequence of iterables of (int, int)
        Where the words of each claim begin and end, in characters of the text.
    unread : iterable of (int, int, int)
        Where numbers that became no claim begin and end, and their place in the list of them.

    Returns
    -------
    list of dict
        ``text``; ``claims``, places in the list of those whose words it is; ``unread``, a place
        in the list of numbers, or None.

    Examples
    --------
    >>> [one["text"] for one in pieces("2 of 12 lines", [[(0, 7)], [(5, 13)]], [])]
    ['2 of ', '12', ' lines']
    """
    begins, ends = dict[int, list[tuple[int, int]]](), dict[int, list[tuple[int, int]]]()
    spans = [(*span, _WORDS, at) for at, own in enumerate(claims) for span in own]
    spans += [(begin, end, _NUMBER, at) for begin, end, at in unread]
    for begin, end, kind, at in spans:
        low, high = max(begin, 0), min(end, len(text))
        if low < high:
            begins.setdefault(low, []).append((kind, at))
            ends.setdefault(high, []).append((kind, at))
    cuts = sorted({0, len(text), *begins, *ends})
    open_now, out = list[tuple[int, int]](), list[dict[str, object]]()
    for begin, end in itertools.pairwise(cuts):
        for one in ends.get(begin, ()):
            open_now.remove(one)
        open_now += begins.get(begin, ())
        left = sorted({at for kind, at in open_now if kind == _NUMBER})
        out.append(
            {
                "text": text[begin:end],
                "claims": sorted({at for kind, at in open_now if kind == _WORDS}),
                "unread": left[0] if left else None,
            }
        )
    return out


def _spans(claim: Claim) -> list[tuple[int, int]]:
    """Return where the words of a claim stand: quote, source, and a noun said elsewhere."""
    quote = claim.span_start, claim.span_start + len(claim.quote_span)
    source = _span(claim.source_start, claim.source_surface)
    noun = _span(claim.noun_start, claim.noun)
    return [one for one in (quote, source, noun) if one is not None]


def _span(start: int | None, words: str) -> tuple[int, int] | None:
    return None if start is None or not words else (start, start + len(words))


def _in_sentence(claim: Claim, text: str) -> dict[str, str]:
    """Return the quote with the words before and after it, on its line, cut at blanks."""
    start, end = claim.span_start, claim.span_start + len(claim.quote_span)
    if not text or text[start:end] != claim.quote_span:  # a claim that came without its text
        return {"before": "", "quote": claim.quote_span, "after": ""}
    low, stop = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    high = len(text) if stop < 0 else stop
    before, after = text[low:start], text[end:high]
    if len(before) > _AROUND:
        before = "… " + before[-_AROUND:].partition(" ")[2]
    if len(after) > _AROUND:
        after = after[:_AROUND].rpartition(" ")[0] + " …"
    return {"before": before, "quote": claim.quote_span, "after": after}


def _pairs(found: Sequence[Pair]) -> list[Mapping[str, str]]:
    shown = [one for one in found if one.kind in KINDS]
    shown.sort(key=lambda one: KINDS.index(one.kind))
    return [{"kind": one.kind, "a": one.a.name, "b": one.b.name} for one in shown]


def _series(claims: Sequence[Kept]) -> list[dict[str, object]]:
    """Return figures of one metric, unit and place, where there are two or more."""
    found: dict[tuple[str, str, str], list[Kept]] = {}
    for one in claims:
        claim = one.claim
        if claim.value is not None and not claim.metric.startswith("facility_"):
            found.setdefault((claim.metric, claim.unit, claim.location or ""), []).append(one)
    return [
        {
            "metric": metric,
            "unit": unit,
            "location": place,
            "claims": [
                one.name
                for one in sorted(
                    own, key=lambda one: (one.published, _PHASES.get(one.claim.phase, 2))
                )
            ],
        }
        for (metric, unit, place), own in sorted(found.items())
        if len(own) > 1
    ]
