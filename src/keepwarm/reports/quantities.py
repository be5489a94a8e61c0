"""Numbers of a sentence, with what they say about themselves: value, range, qualifier, kind."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from keepwarm.reports.han import HanNumbers
from keepwarm.reports.number_words import WordNumbers
from keepwarm.reports.numerals import Numeral
from keepwarm.reports.qualifiers import Qualifiers
from keepwarm.reports.set_aside import Kind, SetAside
from keepwarm.reports.text import Sentence, Text, alone
from keepwarm.reports.words import LANGUAGES, Token


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
        ``article`` (a word that may mean one: a, an, ein), ``ordinal``, ``duration`` (``unit``
        says of what), ``queues``; or what is set aside: ``date``, ``time``, ``temperature``,
        ``money``, ``phone``, ``length``, ``area``, ``volume``, ``mass``, ``energy``, ``voltage``,
        ``age``, ``version``, ``name`` (part of a name, "Unit 3", "T-34"), ``other`` (rates,
        scores, points, and numbers that can be read in two ways).
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

    **Leaves out** multiples ("twice as many"): they are no counts.
    """
    return _read(text.copy, sentence)


@lru_cache(maxsize=8)
def parse(words: str, language: str) -> Sequence[Quantity]:
    """Return the numbers of a quote on its own, as the verifier re-derives them."""
    return _read(*alone(words, language))


def _read(copy: str, sentence: Sentence) -> list[Quantity]:
    tokens = sentence.tokens
    if sentence.language not in LANGUAGES or not tokens:
        return []
    aside = SetAside(copy, sentence)
    qualifiers = Qualifiers(sentence)
    found: list[tuple[Numeral, Kind]] = []
    for number in _numerals(sentence, aside, qualifiers):
        if number.form in _FORMATS:
            found.append((number, Kind(number.form)))
        elif not found or number.first >= found[-1][1].covered:
            _add(found, number, qualifiers, aside)
    _carry_back(found, tokens)
    _carry_on(found, tokens)
    starts = {number.first for number, _ in found}
    read = [_quantity(number, kind, tokens, qualifiers, starts) for number, kind in found]
    return _of_scale(read, [number for number, _ in found], tokens)


def _of_scale(
    read: Sequence[Quantity], numerals: Sequence[Numeral], tokens: Sequence[Token]
) -> list[Quantity]:
    """Give a part the scale of its whole: the nine in "9 из 14 тысяч" are thousands."""
    scaled = list(read)
    for place, (part, whole) in enumerate(pairwise(numerals)):
        between = [token.key for token in tokens[part.last : whole.first]]
        if part.form != "digits" or not part.value:
            continue
        decimal = part.value != int(part.value)  # "6.2 of 6.5 million"
        if between not in (["из"], ["із"], ["з"]) and not (decimal and between in _OF):
            continue
        one, all_of = read[place], read[place + 1]
        if part.scale == 1 < whole.scale and one.kind == all_of.kind == "count" and all_of.value:
            value = part.value * whole.scale
            if value <= all_of.value and part.value < _PART:
                scaled[place] = replace(one, value=value, whole_end=all_of.end)
    return scaled


_DAYS, _OLDEST = 31, 110
"""The largest numbers that may be a day of a month, and an age."""

_OF = (["of"], ["out", "of"], ["von"])
"""What stands between a part and its whole in English and German."""

_PART = 1000.0
"""A part written without the scale of its whole is smaller."""

_FORMATS = frozenset({"date", "time", "phone", "version", "other"})


def _numerals(sentence: Sentence, aside: SetAside, qualifiers: Qualifiers) -> list[Numeral]:
    """Return the numbers of a sentence and the dates, times ... written in digits, in order."""
    qualified = qualifiers.qualified
    chinese = sentence.language == "zh"
    reader = (
        HanNumbers(sentence, qualified)
        if chinese
        else WordNumbers(sentence, qualified, aside.apart)
    )
    found, place = [], 0
    while place < len(sentence.tokens):
        if place in aside.formats:
            last, form = aside.formats[place]
            found.append(Numeral(place, last, None, form))
            place = last
            continue
        number = None if _ends_a_name(sentence, place) else reader.at(place)
        if number is None:
            place = reader.skip(place)
        else:
            found.append(number)
            place = number.last
    return found


def _ends_a_name(sentence: Sentence, place: int) -> bool:
    """Say whether an English "One" is the end of a name: "Hydro One said"."""
    tokens = sentence.tokens
    after = tokens[place + 1].text if place + 1 < len(tokens) else ""
    return (
        sentence.language == "en"
        and tokens[place].text == "One"
        and place > 0
        and tokens[place - 1].text[0].isupper()
        and not after[:1].isupper()
    )


def _add(
    found: list[tuple[Numeral, Kind]], number: Numeral, qualifiers: Qualifiers, aside: SetAside
) -> None:
    """Add a number, or make a range of it and the one before."""
    left, left_kind = found[-1] if found else (_NOTHING, _NO_KIND)
    middle = left_kind.last or left.last
    if {left.form, number.form} <= _JOINED and qualifiers.hyphen(middle, number):
        if left_kind.name == "name":
            found.append((number, left_kind))
            return
        joined = qualifiers.joined(left, middle, number)
        whole = joined or replace(number, first=left.first, plain=False)
        kind = aside.kind(whole, qualified=False)
        years = left.plain and aside.next_year(left.value, number.value)
        found[-1] = (whole, kind if joined else Kind("date" if years else "other"))
        return
    kind = aside.kind(number, number.first in qualifiers.qualified)
    same = left_kind.name == "count" or (left_kind.name, left_kind.unit) == (kind.name, kind.unit)
    if same and {left.form, number.form} <= _JOINED and middle < number.first:
        joined = qualifiers.joined(left, middle, number)
        if joined is not None and left_kind.factor in {1.0, kind.factor}:
            hours = kind.name == "count" and qualifiers.hours(joined)
            found[-1] = (joined, Kind("time") if hours else kind)
            return
    found.append((number, kind))


_JOINED = frozenset({"digits", "words"})
_NOTHING, _NO_KIND = Numeral(0, 0, None, ""), Kind("")


def _carry_back(found: list[tuple[Numeral, Kind]], tokens: Sequence[Token]) -> None:
    """Make a date of the 9 in "9 and 10 January": a number joined to a date is one."""
    for place in range(len(found) - 2, -1, -1):
        (left, kind), (right, right_kind) = found[place], found[place + 1]
        between = tokens[kind.last or left.last : right.first]
        linked = 0 < len(between) <= 2 and all(token.key in _AND for token in between)
        aged = right_kind.unit == "years"
        largest = _OLDEST if aged else _DAYS
        small = left.value is not None and left.value <= largest and left.scale == 1
        if not small or kind.name not in {"count", "ordinal"}:
            continue
        if right_kind.name in {"date", "time"} and linked:
            found[place] = (left, Kind(right_kind.name))
        elif aged and linked and left.plain:  # children, 7 and 12 years
            found[place] = (left, right_kind)
        elif right_kind.unit == "hours" and _is_span(tokens, left, right):
            found[place : place + 2] = [(left, Kind("time")), (right, Kind("time"))]


def _is_span(tokens: Sequence[Token], left: Numeral, right: Numeral) -> bool:
    """Return whether two numbers of hours are times of day: "с 9 до 17 часов"."""
    between = [token.key for token in tokens[left.last : right.first]]
    since = left.first > 0 and tokens[left.first - 1].key in {"с", "со", "з", "із"}
    return since and between == ["до"] and right.value is not None and right.value <= 24


def _carry_on(found: list[tuple[Numeral, Kind]], tokens: Sequence[Token]) -> None:
    """Make a name of the 4 in "units 3 and 4", a date of the 10 in "January 9 and 10"."""
    for place in range(1, len(found)):
        (left, left_kind), (right, kind) = found[place - 1], found[place]
        between = tokens[left_kind.last or left.last : right.first]
        comma = {","} if left_kind.name != "age" else set()
        linked = len(between) == 1 and between[0].key in _AND - comma
        if not between and right.plain and left_kind.name in {"phone", "other"}:
            found[place] = (right, left_kind)
        if kind.name != "count" or not right.plain or not left.plain or not linked:
            continue
        after = tokens[right.last].key if right.last < len(tokens) else ""
        ends = not after[:1].isalpha() or after in _AND
        if (left_kind.name in {"date", "phone", "age"} and ends) or left_kind.name in (
            "name",
            "age",
        ):
            found[place] = (right, Kind(left_kind.name))


_AND = frozenset(
    {"and", "to", "or", "-", "–", ",", "/", "і", "й", "та", "и", "по", "на", "und", "bis", "zum"}
)


def _quantity(
    number: Numeral,
    kind: Kind,
    tokens: Sequence[Token],
    qualifiers: Qualifiers,
    starts: Container[int],
) -> Quantity:
    first, last = number.first, max(kind.last, number.last)
    before = qualifiers.before(first, kind.name)
    after = qualifiers.after(last, kind.name, starts) if before is None else None
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
