"""Numbers of a sentence, with what they say about themselves: value, range, qualifier, kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from keepwarm.reports.han import HanNumbers
from keepwarm.reports.number_words import WordNumbers
from keepwarm.reports.numerals import Numeral
from keepwarm.reports.qualifiers import Qualifiers
from keepwarm.reports.reading_copy import reading_copy
from keepwarm.reports.set_aside import Kind, SetAside
from keepwarm.reports.text import Sentence, Text
from keepwarm.reports.words import LANGUAGES, Token, tokens_of


@dataclass(frozen=True)
class Quantity:
    """A number where it stands.

    Attributes
    ----------
    start, end : int
        Of the number itself with its scale word ("12,6 тыс.", "двадцять сім"), in the reading
        copy. A range goes from its first number to its last.
    first, last : int
        The same in tokens of the sentence (``last`` exclusive).
    whole_start, whole_end : int
        The same with the qualifier's words ("about 40", "at least a dozen").
    value, value_max : float or None
        As written, scale applied; None where vague. ``value_max`` for ranges.
    qualifier : str
        exact, approx, nearly, lower_bound, upper_bound, range, vague.
    kind : str
        What the number is: ``count``, ``percent``, ``power`` (MW; GW and kW converted),
        ``ordinal``, ``duration`` (hours or days; ``unit`` says which), ``queues``; or what is set
        aside: ``date``, ``time``, ``temperature``, ``money``, ``phone``, ``length``, ``area``,
        ``energy``, ``voltage``, ``age``, ``version``, ``name`` (part of a name, "Unit 3", "T-34"),
        ``other``.
    unit : str
        Unit word as a canonical name where the kind has one: ``MW``, ``percent``, ``hours``,
        ``days``, ``degC``, ``kV``.
    """

    start: int
    end: int
    first: int
    last: int
    whole_start: int
    whole_end: int
    value: float | None
    value_max: float | None
    qualifier: str
    kind: str
    unit: str = ""


def quantities(text: Text, sentence: Sentence) -> list[Quantity]:
    """Return every number of a sentence, set-aside ones included, in the order of the text.

    **Leaves out** multiples ("twice as many") and "one in three": they are no counts.
    """
    return _read(text.copy, sentence.tokens, sentence.language)


def parse(words: str, language: str) -> list[Quantity]:
    """Return the numbers of a quote on its own, as the verifier re-derives them."""
    copy, _ = reading_copy(words)
    return _read(copy, tokens_of(copy), language)


def _read(copy: str, tokens: Sequence[Token], language: str) -> list[Quantity]:
    if language not in LANGUAGES or not tokens:
        return []
    aside = SetAside(copy, tokens, language)
    qualifiers = Qualifiers(tokens, language)
    found: list[tuple[Numeral, Kind]] = []
    for number in _numerals(tokens, language, aside):
        if number.form in _FORMATS:
            found.append((number, Kind(number.form)))
            continue
        kind = aside.kind(number, qualifiers.before(number.first, "count") is not None)
        joined = _join(found, number, kind, qualifiers, aside)
        if joined is None:
            found.append((number, kind))
        else:
            found[-1] = joined
    _carry_back(found, tokens, language)
    return [_quantity(number, kind, tokens, qualifiers) for number, kind in found]


_FORMATS = frozenset({"date", "time", "phone", "version", "other"})


def _numerals(tokens: Sequence[Token], language: str, aside: SetAside) -> list[Numeral]:
    """Return the numbers of a sentence and the dates, times ... written in digits, in order."""
    reader = HanNumbers(tokens) if language == "zh" else WordNumbers(tokens, language)
    found, place = [], 0
    while place < len(tokens):
        if place in aside.formats:
            last, form = aside.formats[place]
            found.append(Numeral(place, last, None, form))
            place = last
            continue
        number = reader.at(place)
        if number is None:
            place = reader.skip(place)
        else:
            found.append(number)
            place = number.last
    return found


def _join(
    found: Sequence[tuple[Numeral, Kind]],
    number: Numeral,
    kind: Kind,
    qualifiers: Qualifiers,
    aside: SetAside,
) -> tuple[Numeral, Kind] | None:
    """Return the range that the last number found and the next one make, or None."""
    if not found or number.form not in _JOINED:
        return None
    left, left_kind = found[-1]
    middle = left_kind.last or left.last
    if (
        left.form not in _JOINED
        or left_kind.name not in {"count", kind.name}
        or (middle >= number.first)
    ):
        return None
    if left_kind.factor != kind.factor and left_kind.name != "count":
        return None
    joined = qualifiers.joined(left, middle, number)
    if joined is None:
        return None
    return joined, kind if kind.name != "name" else aside.kind(joined, True)


_JOINED = frozenset({"digits", "words"})


def _carry_back(found: list[tuple[Numeral, Kind]], tokens: Sequence[Token], language: str) -> None:
    """Make dates of "9" in "9 and 10 January": a number joined to a date is one."""
    for place in range(len(found) - 2, -1, -1):
        (left, kind), (right, right_kind) = found[place], found[place + 1]
        between = tokens[kind.last or left.last : right.first]
        linked = len(between) == 1 and between[0].key in _AND
        small = left.value is not None and left.value <= 31 and left.form == "digits"
        if right_kind.name == "date" and kind.name == "count" and linked and small:
            found[place] = (left, Kind("date"))


_AND = frozenset(
    {"and", "to", "or", "-", "–", ",", "/", "і", "й", "та", "и", "по", "на", "und", "bis"}
)


def _quantity(
    number: Numeral, kind: Kind, tokens: Sequence[Token], qualifiers: Qualifiers
) -> Quantity:
    first, last = number.first, max(kind.last, number.last)
    before = qualifiers.before(first, kind.name)
    after = qualifiers.after(last, kind.name) if before is None else None
    opening = qualifiers.opening(first) if number.maximum is not None else None
    qualifier = number.qualifier or "exact"
    if number.form == "vague":
        qualifier, before, after = "vague", None, None
    elif number.maximum is not None:
        qualifier, before, after = "range", opening, None
    elif before is not None:
        qualifier = before.label
    elif after is not None:
        qualifier = after.label
    value = None if number.value is None else _rounded(number.value * kind.factor)
    maximum = None if number.maximum is None else _rounded(number.maximum * kind.factor)
    name = kind.name
    if value is not None and not -1e15 < value < 1e15:
        name, value, maximum = "other", None, None
    return Quantity(
        start=tokens[first].start,
        end=tokens[last - 1].end,
        first=first,
        last=last,
        whole_start=min(tokens[first].start, before.start if before else tokens[first].start),
        whole_end=max(tokens[last - 1].end, after.end if after else 0),
        value=value,
        value_max=maximum,
        qualifier=qualifier,
        kind=name,
        unit=kind.unit,
    )


def _rounded(value: float) -> float:
    """Return a product as it would be written: 4.3 thousand is 4300, not 4299.999."""
    return float(f"{value:.12g}") if -1e15 < value < 1e15 else value
