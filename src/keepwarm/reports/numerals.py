"""Numbers in digits: grouping and decimals as each language writes them."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from keepwarm.reports.words import Token

GROUP = {"en": ",", "zh": ",", "de": ".", "uk": ".", "ru": "."}
DECIMAL = {"en": ".", "zh": ".", "de": ",", "uk": ",", "ru": ","}
APOSTROPHES = frozenset("'’")
_LONGEST = 30
FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as it is written, before anything around it is looked at.

    Attributes
    ----------
    first, last : int
        Tokens (``last`` exclusive).
    value : float or None
        None where vague.
    form : str
        ``digits``, ``words``, ``ordinal``, ``article`` (a word that may mean one), ``share``
        (a part of a whole, in percent), ``vague``, or ``unsure`` (more than one reading).
    scale : float
        What the last scale word multiplied by; 1 without one.
    plain : bool
        Digits alone, without mark, group or scale: may be a year.
    qualifier : str
        What stands inside the number itself ("20多万"); empty else.
    maximum : float or None
        Of a number that is a range in itself ("三四百", "два-три").
    """

    first: int
    last: int
    value: float | None
    form: str
    scale: float = 1.0
    plain: bool = False
    qualifier: str = ""
    maximum: float | None = None


def digits_at(
    tokens: Sequence[Token], place: int, language: str, apart: Container[int] = ()
) -> Numeral:
    """Return the number in digits that begins at a token of digits.

    Groups of three after a space are one number only where the first group has at most three
    digits, and not at the tokens in ``apart`` ("January 15 300 homes"). What a language may read
    in two ways ("1.234" in English, "45,000" in German) is ``unsure``; a scale word or unit after
    it may settle that.
    """
    marks, groups, last = _chain(tokens, place)
    texts = "".join(groups)
    if not marks:
        spaced = place + 1 if place in apart else _spaced(tokens, place)
        if spaced > place + 1:
            joined = "".join(token.text for token in tokens[place:spaced])
            return _with_decimals(tokens, place, spaced, joined, language)
        whole = Numeral(place, last, _float(texts), "digits", plain=True)
        return _with_fraction(tokens, whole)
    value = _value(marks, groups, language)
    if value is None:
        return Numeral(place, last, _float(groups[0] + "." + "".join(groups[1:])), "unsure")
    return Numeral(place, last, value, "digits")


def _chain(tokens: Sequence[Token], place: int) -> tuple[list[str], list[str], int]:
    """Return marks and groups of digits that touch each other, and the token after them."""
    marks: list[str] = []
    groups = [tokens[place].text]
    last = place + 1
    while last + 1 < len(tokens):
        mark, digits = tokens[last], tokens[last + 1]
        touching = tokens[last - 1].end == mark.start and mark.end == digits.start
        known = mark.text in {",", "."} or mark.text in APOSTROPHES
        if not (touching and known and digits.text.isdecimal()):
            break
        marks.append("'" if mark.text in APOSTROPHES else mark.text)
        groups.append(digits.text)
        last += 2
    return marks, groups, last


def _spaced(tokens: Sequence[Token], place: int) -> int:
    """Return the token after the groups of three that follow, each after one space."""
    first = tokens[place].text
    last = place + 1
    if len(first) > 3 or first.startswith("0"):
        return last
    while (
        last < len(tokens)
        and tokens[last].start == tokens[last - 1].end + 1
        and tokens[last].text.isdecimal()
        and len(tokens[last].text) == 3
    ):
        last += 1
    return last


def _with_decimals(
    tokens: Sequence[Token], first: int, last: int, digits: str, language: str
) -> Numeral:
    """Return a number grouped by spaces, with the decimals that may follow it."""
    marks, groups, end = _chain(tokens, last - 1)
    if len(marks) == 1 and marks[0] in ",.":
        return Numeral(first, end, _float(f"{digits}.{groups[1]}"), "digits")
    more = last < len(tokens) and tokens[last].text.isdecimal()
    if marks or (more and tokens[last].start == tokens[last - 1].end + 1):
        return Numeral(first, end, _float(digits), "unsure")
    return Numeral(first, last, _float(digits), "digits")


def _with_fraction(tokens: Sequence[Token], whole: Numeral) -> Numeral:
    """Return "1½" as one number."""
    last = whole.last
    if last < len(tokens) and tokens[last].text in FRACTIONS and whole.value is not None:
        return Numeral(whole.first, last + 1, whole.value + FRACTIONS[tokens[last].text], "digits")
    return whole


def _value(marks: Sequence[str], groups: Sequence[str], language: str) -> float | None:
    """Return the value of groups and their marks, None where two readings are possible."""
    digits = "".join(groups)
    thousands = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    led = groups[0].startswith("0")
    if len(set(marks)) == 1:
        mark = marks[0]
        if mark == "'":
            return _float(digits) if thousands and not led else None
        if len(marks) > 1:
            return _float(digits) if thousands and not led else None
        decimal = _float(f"{groups[0]}.{groups[1]}")
        if thousands and not led:
            return _float(digits) if mark == GROUP[language] and language in "en zh de" else None
        foreign = mark != DECIMAL[language] and language not in {"uk", "ru"}
        return None if foreign else decimal
    *heads, tail = marks
    grouped = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:-1])
    if len(set(heads)) == 1 and tail in ",." and grouped and not led:
        return _float("".join(groups[:-1]) + "." + groups[-1])
    return None


def _float(digits: str) -> float:
    """Return the number of a row of digits; a row too long for a number is infinite."""
    return float(digits) if len(digits) < _LONGEST else float("inf")
