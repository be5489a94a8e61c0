"""Case endings of names of places, in Ukrainian and Russian.

A name is kept as stems, each with the endings it may take; a word of a text is looked up by its
beginnings, and what is left must be one of those endings: Харкова and Харкові are Харків,
Харківенко is not.
"""

from __future__ import annotations

from collections.abc import Iterator

Form = tuple[str, frozenset[str]]
"""A stem and the endings that it may take."""


def _set(endings: str) -> frozenset[str]:
    """Return the endings of a row; ``-`` stands for none."""
    return frozenset("" if ending == "-" else ending for ending in endings.split())


_UK_BY_END = (
    # The ending of the nominative, how much of it is no stem, and what may follow the stem.
    ("ський", 2, _set("ий ого ому им ім")),
    ("цький", 2, _set("ий ого ому им ім")),
    ("ий", 2, _set("ий ого ому им ім ия ию иї иєм")),
    ("ій", 2, _set("ій ього ьому ім ія ію ії ієм")),
    ("ія", 1, _set("я ї ю єю")),
    ("я", 1, _set("я і ї ю єю ею ям")),
    ("а", 1, _set("а и і у ою ої ій")),
    ("ово", 1, _set("о а у ом і")),
    ("о", 1, _set("о а у ом і ові")),
    ("ове", 1, _set("е ого ому им ім а у ом і")),
    ("еве", 1, _set("е ого ому им ім а у ом і")),
    ("е", 1, _set("е ого ому им ім")),
    ("ці", 1, _set("і ів ям ями ях")),
    ("и", 1, _set("и - ів ам ами ах")),
    ("й", 1, _set("й я ю єм ї")),
    ("ь", 1, _set("ь я ю ем і ю ню сю лю")),
)
_UK_CONSONANT = _set("- а у ом ем і ові еві ю")
_UK_OBLIQUE = _set("а у ом ем і ові еві")
_UK_SOFT_OBLIQUE = _set("я ю ем і")
_RU_BY_END = (
    ("ий", 2, _set("ий ого его ому ему им ом ем")),
    ("ый", 2, _set("ый ого ому ым ом")),
    ("ой", 2, _set("ой ого ому ым им ом оя ою ое оем")),
    ("ая", 2, _set("ая ой ую ою")),
    ("яя", 2, _set("яя ей юю")),
    ("ое", 2, _set("ое ого ому ым им ом")),
    ("ее", 2, _set("ее его ему им ем")),
    ("ые", 2, _set("ые ых ым ыми")),
    ("ие", 2, _set("ие их им ими")),
    ("ия", 1, _set("я и ю ей")),
    ("а", 1, _set("а ы и е у ой ою")),
    ("я", 1, _set("я и е ю ей")),
    ("о", 1, _set("о а у ом е")),
    ("ье", 1, _set("е я ю ем и")),
    ("е", 1, _set("е")),
    ("ы", 1, _set("ы - ам ами ах ов ев")),
    ("и", 1, _set("и - ам ами ах ов")),
    ("ь", 1, _set("ь я ю ем е и ью")),
    ("й", 1, _set("й я ю ем е")),
)
_RU_CONSONANT = _set("- а у ом ем е")
_RU_OBLIQUE = _set("а у ом ем е")
_LATIN = _set("- 's '")
_GERMAN = _set("- s 's ' er")
_BARE = _set("-")
_VOWELS = frozenset("аеєиіїоуюяыэё")
_HARDER = {"к": "ц", "г": "з", "х": "с"}


def forms(word: str, language: str) -> list[Form]:
    """Return the stems of one word of a name and the endings each may take.

    Parameters
    ----------
    word : str
        Nominative, as word tables compare it (lower case).
    language : str
        en, uk, ru, de or zh.
    """
    if language in ("uk", "ru"):
        return list(_slavic(word, language))
    if language == "de":
        return [(word, _GERMAN)]
    return [(word, _BARE if language == "zh" else _LATIN)]


def _slavic(word: str, language: str) -> Iterator[Form]:
    if "-на-" in word or "-над-" in word:  # Ростов-на-Дону: the first word is declined
        head, mark, rest = word.partition("-на-" if "-на-" in word else "-над-")
        for stem, endings in _slavic(head, language):
            yield stem, frozenset(ending + mark + rest for ending in endings)
        return
    if "-" in word and word.endswith(("ий", "ый", "ой")):  # Кам'янець-Подільський: both parts
        head, _, rest = word.rpartition("-")
        for stem, endings in _slavic(head, language):
            for ending in endings:
                for last, own in _slavic(rest, language):
                    yield f"{stem}{ending}-{last}", own
        return
    ends = _UK_BY_END if language == "uk" else _RU_BY_END
    for end, cut, endings in ends:
        if word.endswith(end) and len(word) > len(end):
            stem = word[:-cut]
            yield stem, endings
            yield from _softened(stem, end, language)
            if end == "ь":
                yield from _uk_closed(word) if language == "uk" else _ru_fleeting(word)
            return
    if word[-1] in _VOWELS:
        yield word, _BARE
        return
    yield word, _UK_CONSONANT if language == "uk" else _RU_CONSONANT
    yield from _uk_closed(word) if language == "uk" else _ru_fleeting(word)


def _softened(stem: str, end: str, language: str) -> Iterator[Form]:
    """Yield the locative with a changed consonant: Волноваха, Волновасі."""
    if language == "uk" and end == "а" and stem[-1] in _HARDER:
        yield stem[:-1] + _HARDER[stem[-1]], frozenset({"і"})


def _uk_closed(word: str) -> Iterator[Form]:
    """Yield the stems of other cases, where і of a closed syllable becomes о or е."""
    soft = word.endswith("ь")
    body = word.removesuffix("ь")
    endings = _UK_SOFT_OBLIQUE if soft else _UK_OBLIQUE
    if len(body) > 2 and body[-2] in "іїі" and body[-1] not in _VOWELS:
        for vowel in ("о", "е") if body[-2] == "і" else ("є",):
            yield body[:-2] + vowel + body[-1], endings
            if body[-1] in _HARDER:
                yield body[:-2] + vowel + _HARDER[body[-1]], frozenset({"і"})
    if len(body) > 3 and body.endswith(("ець", "ец")) and soft:
        yield body[:-2] + "ц", endings
    if len(body) > 3 and body.endswith("ок"):
        yield body[:-2] + "к", endings
    if not soft and body[-1] in _HARDER:
        yield body[:-1] + _HARDER[body[-1]], frozenset({"і"})


def _ru_fleeting(word: str) -> Iterator[Form]:
    """Yield the stems that lose a vowel: Орёл, Орла; Елец, Ельца; Городок, Городка."""
    if len(word) <= 3:
        return
    if word.endswith("ец"):
        yield word[:-2] + "ц", _RU_OBLIQUE
        if word[-3] == "л":
            yield word[:-2] + "ьц", _RU_OBLIQUE
    elif word.endswith("ок"):
        yield word[:-2] + "к", _RU_OBLIQUE
    elif word == "орел":
        yield "орл", _RU_OBLIQUE


_NOMINATIVES = {
    "uk": (
        "ська ськ", "цька цьк", "града град", "города город", "ополя опіль", "івки івка",
        "ському ське", "цькому цьке", "овому ове", "ому е", "овій ова", "ій а",
        "ську ськ", "цьку цьк", "ськом ськ", "ославі ослав", "граді град", "городі город",
        "ополі опіль", "їві їв", "еві еве", "ові ове", "аві ава", "ївці ївка", "івці івка", "ці ка",
        "зі га", "ії ія", "ах и", "ях і", "ині ин", "ані ань", "ні не", "рі р", "ді д", "ті т",
        "сі с",        "ою а", "ом -", "ем -", "і а",
    ),
    "ru": (
        "ска ск", "цка цк", "града град", "города город", "ополя ополь", "овки овка",
        "ском ск", "ске ск", "цке цк", "граде град", "городе город", "ополе ополь", "поле поле",
        "овке овка", "евке евка", "инке инка", "ке ка", "ье ье", "ове ов", "еве ев", "ине ин",
        "ом -", "ой ая", "ем ь", "ии ия", "ани ань", "ни нь", "ти ть", "ах ы", "ях и", "аве ава",
        "не на", "ре р", "де д", "те т", "ле ль", "е -", "и ь",
    ),
}  # fmt: skip
"""Endings of oblique cases and of the likely nominative, the first that fits; ``-`` is none."""


def nominative(word: str, language: str, after_unit: bool) -> str:
    """Return the most likely nominative of an unknown name in an oblique case.

    Parameters
    ----------
    word : str
        As the text has it.
    language : str
        uk or ru.
    after_unit : bool
        After *місто*, *город* a name often stands in the nominative: then only endings are
        changed that a nominative hardly has.
    """
    if after_unit and language == "uk" and not word.endswith(("ську", "цьку", "ому", "ові", "ах")):
        return word
    if (
        after_unit
        and language == "ru"
        and not word.endswith(("ске", "цке", "де", "ом", "ах", "ой", "ском"))
    ):
        return word
    for row in _NOMINATIVES[language]:
        ending, other = row.split()
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + other.strip("-")
    return word
