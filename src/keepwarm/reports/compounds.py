"""Single words made of number words: "twenty-seven", "zweihundertfünfzig", "einundzwanzigste"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from keepwarm.reports.words import table


@lru_cache(maxsize=1 << 14)
def compound(key: str, language: str) -> tuple[float | None, bool]:
    """Return the value of a word made of number words, and whether it is an ordinal."""
    if language == "de":
        return _german(key)
    if "-" not in key or language != "en":
        return None, False
    tens, _, unit = key.partition("-")
    words = singles("en")
    if words.get(tens, 0.0) < 20 or tens not in words:
        return None, False
    if unit in words and 0 < words[unit] < 10:
        return words[tens] + words[unit], False
    ordinals = singles("en", "ordinal")
    if unit in ordinals and ordinals[unit] < 10:
        return words[tens] + ordinals[unit], True
    return None, False


@cache
def singles(language: str, name: str = "cardinal") -> dict[str, float]:
    """Return the words of one table of numbers with their values."""
    rows = table(language, "numbers").get(name, {})
    return {word: float(label) for label, words in rows.items() for word in words}


@cache
def _german_parts() -> dict[str, float | None]:
    parts: dict[str, float | None] = dict(singles("de"))
    for label, words in table("de", "numbers")["part"].items():
        parts.update(dict.fromkeys(words, None if label == "and" else float(label)))
    return parts


def _german(key: str) -> tuple[float | None, bool]:
    for ending in ("en", "er", "es", "em", "e"):
        stem = key.removesuffix(ending)
        if stem != key and stem.endswith("t"):
            for part, value in singles("de", "ordinal_part").items():
                if stem.endswith(part):
                    head = stem.removesuffix(part)
                    before = 0.0 if not head else _german_sum(head.removesuffix("und"))
                    if before is not None and (not head or before >= 1):
                        return before + value, True
    return _german_sum(key), False


def _german_sum(key: str) -> float | None:
    """Return the value of a compound of German number words, or None."""
    if len(key) > 80:
        return None
    parts, place, pieces = _german_parts(), 0, []
    while place < len(key):
        for length in range(min(11, len(key) - place), 2, -1):
            if key[place : place + length] in parts:
                pieces.append(parts[key[place : place + length]])
                place += length
                break
        else:
            return None
    return _german_value(pieces)


def _german_value(pieces: Sequence[float | None]) -> float | None:
    """Return the value of pieces in order; None stands for "und"."""
    total = group = 0.0
    previous: float | None = None
    for number, piece in enumerate(pieces):
        if piece is None:
            if number + 1 == len(pieces) or not previous:
                return None
            continue
        if piece in (100.0, 1000.0):
            group = (group or 1.0) * piece
            if piece == 1000.0:
                total, group = total + group, 0.0
        else:
            joined = number > 0 and pieces[number - 1] is None
            tens_after_unit = joined and previous is not None and 1 <= previous < 10 <= piece < 100
            fits = previous is None or previous >= 100 or tens_after_unit or piece == 0.5
            if not fits:
                return None
            group += piece
        previous = piece
    return total + group
