"""Names in Latin letters: what English reports call a place that no table knows."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

_UK = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh",
    "з": "z", "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n",
    "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu", "я": "ia", "'": "",
    "ё": "io", "ы": "y", "э": "e", "ъ": "",
}  # fmt: skip
_UK_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_RU = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z",
    "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    "є": "ye", "і": "i", "ї": "yi", "ґ": "g", "'": "",
}  # fmt: skip
_RU_OPEN = frozenset("аеёиоуыэюяьъ")
"""After these letters, and at the beginning, а Russian е is written ye."""


def romanised(name: str, language: str) -> str:
    """Return a name in Latin letters, each word with a capital.

    Parameters
    ----------
    name : str
        In Ukrainian, Russian or Chinese writing; Latin letters stay as they are.
    language : str
        ``uk``, ``ru`` or ``zh``; any other leaves the name alone.

    Source
    ------
    Ukrainian: Cabinet of Ministers resolution 55 of 27 January 2010. Russian: as English-language
    news agencies write it (BGN/PCGN with -y for -ий, -ый and no apostrophes). Chinese: pinyin
    without tones, ``places/pinyin.csv``.

    Examples
    --------
    >>> romanised("Згурівка", "uk"), romanised("Каменогорск", "ru"), romanised("临河", "zh")
    ('Zghurivka', 'Kamenogorsk', 'Linhe')
    """
    if language == "zh":
        return _pinyin(name)
    if language not in ("uk", "ru"):
        return name
    one = _ukrainian if language == "uk" else _russian
    return " ".join("-".join(_capital(one(part.lower())) for part in word.split("-"))
                    for word in name.split())  # fmt: skip


def _ukrainian(word: str) -> str:
    letters = []
    for place, letter in enumerate(word):
        if place == 0 and letter in _UK_FIRST:
            letters.append(_UK_FIRST[letter])
        elif letter == "г" and place and word[place - 1] == "з":
            letters.append("gh")
        else:
            letters.append(_UK.get(letter, letter))
    return "".join(letters)


def _russian(word: str) -> str:
    for ending in ("ий", "ый"):
        if word.endswith(ending) and len(word) > 3:
            word = word.removesuffix(ending) + "ы"
    letters = []
    for place, letter in enumerate(word):
        if letter == "е" and (place == 0 or word[place - 1] in _RU_OPEN) and word[-2:] != "ые":
            letters.append("ye")
        else:
            letters.append(_RU.get(letter, letter))
    return "".join(letters)


def _capital(word: str) -> str:
    return word if word in ("na", "nad") else word[:1].upper() + word[1:]


@cache
def _sounds() -> dict[str, str]:
    """Return the pinyin of each Chinese character that names use."""
    text = (files("keepwarm.reports") / "places" / "pinyin.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {letter: row["pinyin"] for row in rows for letter in row["characters"]}


def _pinyin(name: str) -> str:
    sounds = _sounds()
    joined = ""
    for letter in name:
        sound = sounds.get(letter, letter)
        # Xi'an: an apostrophe where a vowel would run into the syllable before.
        joined += f"'{sound}" if joined and sound[:1] in "aeo" else sound
    return _capital(joined)
