"""Claims on the terminal, to be checked quickly: the words stand highlighted in their sentence."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING
from unicodedata import category

import click

from keepwarm.commands.output import PIPE_WIDTH, table

if TYPE_CHECKING:
    from rich.text import Text

    from keepwarm.case.claims import Claim, Read
    from keepwarm.reports.comparison import Entry, Pair

_AROUND = 70
"""Characters shown on either side of a quote."""

_IN_NO_LANGUAGE = (
    "Not read: no paragraph is in English, Ukrainian, Russian, German or Chinese. "
    "If one should be, save the file as UTF-8 and read it again."
)

_SIGNS = {
    "approx": "about ",
    "nearly": "almost ",
    "lower_bound": "at least ",
    "upper_bound": "up to ",
}

_DISAGREE = {
    "contradiction": "disagree",
    "two_sides": "two sides",
    "rounding": "one rounds the other",
    "time_series": "different times",
    "different_scope": "one place lies in the other",
}


def print_documents(documents: Sequence[Read], pairs: Sequence[Pair]) -> None:
    """Print every claim with its words in their sentence, then disagreements and the timeline."""
    for document in documents:
        _print_document(document)
    _print_pairs(pairs)
    _print_timeline(documents)


def value_text(claim: Claim) -> str:
    """Return a value as people read it: "about 40,000", "0.5 to 3 queues", "some".

    Parameters
    ----------
    claim : Claim
    """
    if claim.value is None:
        return "some" if claim.qualifier == "vague" else ""
    number = _number(claim.value)
    if claim.value_max is not None:
        number += f" to {_number(claim.value_max)}"
    unit = {"percent": " %", "MW": " MW"}.get(claim.unit, "")
    if claim.unit in ("hours", "days", "queues", "hours_per_day"):
        unit = f" {claim.unit.replace('_', ' ')}"
    return _SIGNS.get(claim.qualifier, "") + number + unit


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,g}"


def _print_document(document: Read) -> None:
    name = document.title or document.id
    count = len(document.claims)
    head = f"{name} ({document.language or 'language not known'}): "
    head += "1 claim" if count == 1 else f"{count} claims"
    _show([(head, "bold")])
    if not document.language:
        _show([("  ", ""), (_IN_NO_LANGUAGE, "")])
    for number, claim in enumerate(document.claims, 1):
        _print_claim(f"{document.id}#{number}", claim, document.text)
    bounds = {kind: most for kind, most in document.bounds.items() if most is not None}
    if bounds:
        said = ", ".join(f"{kind} {_number(most)}" for kind, most in bounds.items())
        click.echo(f"  Hits at most (launched minus downed, by one source): {said}")
    if document.unread_numbers:
        said = "; ".join(number.text for number in document.unread_numbers)
        _show([("  Numbers not read: ", "dim"), (said, "dim")])
    click.echo("")


def _print_claim(name: str, claim: Claim, text: str) -> None:
    what = claim.metric.replace("_", " ")
    if claim.facility_type:
        what += f" ({claim.facility_type.replace('_', ' ')})"
    said = f" ({claim.phase})" if claim.phase else ""
    said += "" if claim.modality == "claimed" else f" [{claim.modality}]"
    value = value_text(claim)
    where = claim.location or "no place given"
    _show(
        [
            (f"  {name}  ", "dim"),
            (f"{what}{': ' if value else ''}{value}", "bold"),
            (said, "bold"),
            (f"; {where}; {claim.source}", ""),
        ]
    )
    _show([("      ", ""), *_in_context(claim, text)])
    if claim.note:
        _show([("      ", ""), (f"note: {claim.note}", "dim")])


def _in_context(claim: Claim, text: str) -> list[tuple[str, str]]:
    """Return the quote in its sentence, marked with its noun and source where they stand there.

    A source that stands elsewhere is named after it.
    """
    start, end = claim.span_start, claim.span_start + len(claim.quote_span)
    low, high = _window(text, start, end)
    marks = [(start, end, "reverse")]
    for words, at in ((claim.source_surface, claim.source_start), (claim.noun, claim.noun_start)):
        if at is not None and low <= at < high:
            marks.append((at, at + len(words), "underline"))
    pieces: list[tuple[str, str]] = [("… " if low and text[low - 1] != "\n" else "", "")]
    place = low
    for first, last, style in sorted(marks):
        if first < place:
            continue
        pieces.append((text[place:first], ""))
        pieces.append((text[first:last], style))
        place = last
    pieces.append((text[place:high], ""))
    pieces.append((" …" if high < len(text) and text[high] != "\n" else "", ""))
    if claim.source_start is not None and not low <= claim.source_start < high:
        where = "earlier" if claim.source_start < low else "later"
        pieces.append((f"  (source, {where}: {claim.source_surface})", "dim"))
    return pieces


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the words shown around a quote begin and end: on its line, at a space."""
    low = text.rfind("\n", 0, start) + 1
    if start - low > _AROUND:
        low = start - _AROUND
        space = text.find(" ", low, start)
        low = low if space < 0 else space + 1
    stop = text.find("\n", end)
    high = len(text) if stop < 0 else stop
    if high - end > _AROUND:
        space = text.rfind(" ", end, end + _AROUND)
        high = end + _AROUND if space < 0 else space
    return low, high


def _clean(words: str) -> str:
    """Return words without line breaks, marks unseen, and what could move a terminal's cursor."""
    return "".join(
        letter if letter.isprintable() else " " * (category(letter) != "Cf") for letter in words
    )


def _show(pieces: Sequence[tuple[str, str]]) -> None:
    """Print a line; a pipe gets brackets where a terminal gets highlighting."""
    from rich.console import Console
    from rich.text import Text

    terminal = sys.stdout.isatty()
    console = Console(
        file=sys.stdout, highlight=False, emoji=False, width=None if terminal else PIPE_WIDTH
    )
    line: Text = Text()
    for words, style in ((_clean(words), style) for words, style in pieces):
        if style == "reverse" and not terminal:
            line.append(f"[{words}]")
        else:
            line.append(words, style=style)
    indent = len(pieces[0][0]) if pieces and not pieces[0][0].strip() else 4
    with console.capture() as printed:
        lines = line.wrap(console, max(console.width - indent, 20))
        for number, one in enumerate(lines):
            console.print(Text(" " * indent) + one if number else one)
    click.echo("\n".join(row.rstrip() for row in printed.get().splitlines()))


def _print_pairs(pairs: Sequence[Pair]) -> None:
    shown = [pair for pair in pairs if pair.kind in _DISAGREE]
    if not shown:
        return
    shown.sort(key=lambda pair: list(_DISAGREE).index(pair.kind))
    rows = [
        (
            _DISAGREE[pair.kind],
            pair.a.claim.metric.replace("_", " "),
            _one_of(pair.a),
            _one_of(pair.b),
        )
        for pair in shown
    ]
    table("Where claims differ", ("how", "metric", "one", "other"), rows)


def _one_of(entry: Entry) -> str:
    claim = entry.claim
    return f"{value_text(claim) or claim.modality} ({claim.source}, {_clean(entry.name)})"


def _print_timeline(documents: Sequence[Read]) -> None:
    """Print figures of one metric and place below each other, where there is more than one."""
    series: dict[tuple[str, str], list[tuple[str, Claim, str]]] = {}
    for document in documents:
        for claim in document.claims:
            if claim.value is not None and claim.metric.split("_")[0] != "facility":
                key = (claim.metric, claim.location or "")
                series.setdefault(key, []).append((document.published, claim, document.id))
    order = {"initial": 0, "peak": 1, "": 2, "current": 3, "cumulative": 4}
    named = len(documents) > 1
    rows: list[tuple[str, ...]] = []
    for (metric, place), claims in sorted(series.items()):
        if len(claims) < 2:
            continue
        claims.sort(key=lambda one: (one[0], order.get(one[1].phase, 2)))
        for number, (published, claim, name) in enumerate(claims):
            what = ("", "") if number else (metric.replace("_", " "), place)
            source = claim.source + (f" ({_clean(name)})" if named else "")
            stage = claim.phase or claim.time
            rows.append((*what, _clean(published), stage, value_text(claim), source))
    if rows:
        heads = ("metric", "place", "published", "stage", "value", "source")
        filled = [column for column in range(len(heads)) if any(row[column] for row in rows)]
        table(
            "By metric",
            [heads[column] for column in filled],
            [[row[column] for column in filled] for row in rows],
        )
