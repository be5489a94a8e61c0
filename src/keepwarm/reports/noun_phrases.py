"""What may stand between a number and the noun it counts."""

from __future__ import annotations

from collections.abc import Container, Sequence

from keepwarm.reports.quantities import Quantity
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue

ADJECTIVES = {
    "uk": ("их", "их", "ий", "ній", "ого", "ові", "ими", "ний", "на", "ні", "них", "ної", "ним"),
    "ru": (
        "ых",
        "их",
        "ый",
        "ий",
        "ой",
        "ого",
        "ые",
        "ие",
        "ыми",
        "ими",
        "ная",
        "ную",
        "ным",
        "ном",
        "том",
        "вом",
        "ском",
        "ной",
        "полностью",
        "частично",
        "социально",
    ),
}
"""Endings of adjectives, by language."""


_ROW = 8
"""Words and marks between two figures of one row."""

_ROUND = 50.0
"""The smallest number that stands in a row without its noun."""

_TIMES = {"ru": ("за", "ночь", "сутки", "неделю", "утро"), "uk": ("за", "ніч", "добу", "тиждень")}
"""Words of times between a participle and its noun: "130 сбитых за ночь беспилотников"."""


def may_stand_between(sentence: Sentence, first: int, last: int, cues: Sequence[Cue]) -> bool:
    """Say whether the words between a number and a noun can be its adjectives."""
    if any(cue.table == "not_between" and first <= cue.first < last for cue in cues):
        return False
    for place, token in enumerate(sentence.tokens[first:last], first):
        if sentence.language == "de" and _of_an_age(sentence, place):
            continue
        if token.text == "+" and place == first:
            continue  # "590,000+ households"
        if not token.text[0].isalpha():
            return False
        if token.key in _TIMES.get(sentence.language, ()):
            continue
        if sentence.language in ADJECTIVES and not token.key.endswith(
            ADJECTIVES[sentence.language]
        ):
            return False
        if sentence.language == "de" and token.text[0].isupper() and not token.text.endswith("er"):
            return False
    return True


def _of_an_age(sentence: Sentence, place: int) -> bool:
    """Say whether a token is part of "56-jährige"."""
    return any(
        token.key.startswith("jährig") for token in sentence.tokens[place : place + 3]
    ) and all(
        token.text.isdigit() or token.text == "-" or token.key.startswith("jährig")
        for token in sentence.tokens[place : place + 1]
    )


def mark_between(sentence: Sentence, one: int, other: int) -> bool:
    """Say whether a mark parts two words: "taps are dry, as two pumping stations lost power"."""
    return any(
        token.text in ",;:，；：" for token in sentence.tokens[min(one, other) : max(one, other)]
    )


def row_end(
    sentence: Sentence, number: Quantity, numbers: Sequence[Quantity], known: Container[Quantity]
) -> Quantity | None:
    """Return the number at whose end a row names what it counts: "14 тыс., в Сумской — 6 тыс.".

    All numbers up to it are large and bare, and commas part them.
    """
    if sentence.language not in ("uk", "ru") or (number.value or 0.0) < _ROUND:
        return None
    before = number
    for other in numbers:
        if other.first <= number.first:
            continue
        between = sentence.tokens[before.last : other.first]
        parted = any(token.text == "," for token in between) and len(between) <= _ROW
        if not parted or (other.value or 0.0) < _ROUND:
            return None
        if other in known:
            return other
        before = other
    return None
