"""Names of people as English writes them: Ukrainian and Russian letters transliterated.

**Source**: Ukrainian by the national system of 2010 (Cabinet of Ministers, resolution 55);
Russian by the usage of the English-language press (BGN/PCGN without marks, -ий as -y).

**Leaves out** Chinese names that ``speakers.csv`` does not list: they stay as they are written.
"""

from __future__ import annotations

import re
from functools import cache

from keepwarm.reports.words import table

_UKRAINIAN = dict(
    zip(
        "абвгґдежзиіклмнопрстуфхцчшщ",
        [*"abvhgde", "zh", *"zyiklmnoprstuf", "kh", "ts", "ch", "sh", "shch"],
        strict=True,
    )
)
_UKRAINIAN |= {"ь": "", "'": ""}
_UKRAINIAN_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_UKRAINIAN_LATER = {"є": "ie", "ї": "i", "й": "i", "ю": "iu", "я": "ia"}
_RUSSIAN = {**_UKRAINIAN, "г": "g", "и": "i", "й": "y", "ъ": "", "ы": "y", "э": "e"}
_RUSSIAN |= {"ю": "yu", "я": "ya"}
_VOWELS = "аеёиоуыэюяьъ"

_DECLINED = {
    # ending of a man's family name in the genitive: in the nominative; the longest decides
    "ого": "ий",
    "енка": "енко",
    "йка": "йко",
    "ря": "рь",
    "ия": "ий",
    "ія": "ій",
    "ая": "ай",
    "ея": "ей",
    "а": "",
}
_UNUSUAL = {"Льва": "Лев", "Павла": "Павел", "Якова": "Яків", "Федора": "Федір"}


def romanised(name: str, language: str) -> str:
    """Return a name in Latin letters; letters of other scripts stay as they are.

    >>> romanised("Остап Верещак", "uk")
    'Ostap Vereshchak'
    >>> romanised("Лев Тугарин", "ru")
    'Lev Tugarin'
    """
    if language not in ("uk", "ru"):
        return name
    word = _ukrainian if language == "uk" else _russian
    return re.sub(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*", lambda found: word(found.group()), name)


def nominative(words: tuple[str, ...], language: str) -> tuple[str, ...]:
    """Return a man's Ukrainian or Russian name in the nominative, where it stands in the genitive.

    Only a given name of the tables shows that: "Льва Тугарина" is "Лев Тугарин", but "Иванова"
    alone, or after a woman's name, stays.

    >>> nominative(("Льва", "Тугарина"), "ru")
    ('Лев', 'Тугарин')
    """
    given = _given(language).get(words[0])
    if given is None or len(words) < 2:
        return words
    return (given, *(_base(word) for word in words[1:]))


@cache
def _given(language: str) -> dict[str, str]:
    """Return men's given names by their genitive."""
    names = table(language, "sources").get("given", {}).get("male", [])
    found = {_genitive(name): name for name in names}
    return found | {word: name for word, name in _UNUSUAL.items() if name in names}


def _genitive(name: str) -> str:
    return name[:-1] + "я" if name[-1] in "йь" else name.removesuffix("о") + "а"


def _base(word: str) -> str:
    for ending in sorted(_DECLINED, key=len, reverse=True):
        if word.endswith(ending):
            return word[: -len(ending)] + _DECLINED[ending]
    return word


def _ukrainian(word: str) -> str:
    lowered = word.lower().replace("’", "'").replace("ʼ", "'").replace("зг", "з\0")
    first = {**_UKRAINIAN, **_UKRAINIAN_FIRST, "\0": "gh"}
    later = {**_UKRAINIAN, **_UKRAINIAN_LATER, "\0": "gh"}
    out = "".join(
        (first if place == 0 else later).get(letter, letter) for place, letter in enumerate(lowered)
    )
    return _cased(word, out)


def _russian(word: str) -> str:
    lowered = word.lower().replace("ё", "\0")
    if lowered.endswith(("ый", "ий")):
        lowered = lowered[:-2] + "\1"
    out = []
    for place, letter in enumerate(lowered):
        before = lowered[place - 1] if place else ""
        if letter == "\0":
            out.append("o" if before in ("ж", "ш", "ч", "щ") else "yo")
        elif letter == "\1":
            out.append("y")
        elif letter == "е" and (not before or before in _VOWELS):
            out.append("ye")
        else:
            out.append(_RUSSIAN.get(letter, letter))
    return _cased(word, "".join(out))


def _cased(word: str, out: str) -> str:
    if len(word) > 1 and word.isupper():
        return out.upper()
    return out[:1].upper() + out[1:] if word[:1].isupper() else out
