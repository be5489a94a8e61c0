"""Names of people as English writes them: Ukrainian and Russian letters transliterated.

**Source**: Ukrainian by the national system of 2010 (Cabinet of Ministers, resolution 55);
Russian by the usage of the English-language press (BGN/PCGN without marks, -ий as -y).

**Leaves out** Chinese names that ``speakers.csv`` does not list: they stay as they are written.
"""

from __future__ import annotations

import re

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

_GENITIVE = {
    # ending in the genitive or dative: ending in the nominative, for men's names
    "ова": "ов",
    "ева": "ев",
    "єва": "єв",
    "ина": "ин",
    "іна": "ін",
    "ого": "ий",
    "ьва": "ев",
    "іка": "ік",
    "ика": "ик",
    "ука": "ук",
    "юка": "юк",
    "ака": "ак",
    "яка": "як",
    "ича": "ич",
    "ега": "ег",
    "ана": "ан",
    "ера": "ер",
    "ора": "ор",
    "ита": "ит",
    "има": "им",
    "ада": "ад",
    "ира": "ир",
    "ила": "ил",
    "ндра": "ндр",
    "рея": "рей",
    "рія": "рій",
    "рия": "рий",
    "гея": "гей",
    "гія": "гій",
    "ния": "ний",
    "лия": "лий",
    "лія": "лій",
    "сія": "сій",
    "сея": "сей",
    "йла": "йло",
    "оря": "орь",
}


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


def nominative(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a Slavic man's name in the nominative, where its ending shows an oblique case.

    Both words must show it, or the last alone where there is only one: "Льва Тугарина" is
    "Лев Тугарин", but "Мария Иванова" stays.
    """
    changed = tuple(_base(word) for word in words)
    if len(words) > 1 and changed[0] == words[0]:
        return words
    return changed


def _base(word: str) -> str:
    if word.lower() == "льва":
        return word[:-3] + "ев"
    for ending in sorted(_GENITIVE, key=len, reverse=True):
        if word.lower().endswith(ending) and len(word) > len(ending):
            return word[: -len(ending)] + _GENITIVE[ending]
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
