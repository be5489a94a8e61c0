"""Places that are named through others: banks of a city, "the capital", lines between two towns."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from functools import cache, lru_cache

from keepwarm.reports.place_scene import Found, Scene
from keepwarm.reports.transliteration import romanised
from keepwarm.reports.words import Index, index, longest, table, tokens_of

_DASHES = frozenset("-–—")


def parts(scene: Scene, copy: str, found: Sequence[Found]) -> list[Found]:
    """Return banks, capitals and lines of a sentence, in the order of the text.

    Parameters
    ----------
    scene : Scene
        The sentence.
    copy : str
        The whole text, which says what "the capital" is.
    found : sequence of Found
        The places named in the sentence.
    """
    cities = [
        one
        for one in found
        if one.level == "city" and not scene.covered("never", one.first, one.last)
    ]
    made: list[Found] = []
    for place in range(len(scene.tokens)):
        if made and place < made[-1].last:
            continue
        town = scene.language != "zh" and scene.capital(place)
        if not (town or scene.at("part", place) or scene.at("capital", place)):
            continue
        if any(one.first < place < one.last for one in found):
            continue  # 德涅斯特河左岸 is a name
        one = (
            (None if _in_region(scene, found, place) else _bank(scene, place, copy, cities))
            or _capital(scene, place, copy, found)
            or _line(scene, place)
        )
        if one is not None:
            made.append(one)
    return made


def _in_region(scene: Scene, found: Sequence[Found], place: int) -> bool:
    """Say whether a bank in Chinese is a region's, named last before it: 赫尔松州……右岸."""
    before = [one for one in found if one.last <= place]
    return scene.language == "zh" and bool(before) and before[-1].level == "region"


def with_parts(found: Sequence[Found], made: Sequence[Found]) -> list[Found]:
    """Return both in the order of the text; what lies inside a part is only in the part."""
    taken = {at for one in made for at in range(one.first, one.last)}
    kept = [one for one in found if taken.isdisjoint(range(one.first, one.last))]
    return sorted([*kept, *made], key=lambda one: one.first)


def _bank(scene: Scene, place: int, copy: str, cities: Sequence[Found]) -> Found | None:
    side = "left" if scene.at("part.left", place) else "right"
    cue = scene.at(f"part.{side}", place)
    if cue is None or scene.at("river", cue.last) is not None:
        return None
    at = bisect(cities, place, key=lambda one: one.last)
    before = cities[max(0, at - 1) : at]
    after = [one for one in cities[at : at + 1] if cue.last <= one.first <= cue.last + 1]
    owner = scene.before("capital", place)
    first, last = place, cue.last
    if before and before[-1].last == place:
        name, first = before[-1].name, before[-1].first
    elif after:
        name, last = after[0].name, after[0].last
    elif owner is not None:
        name, first = _capital_of(copy, scene.language, scene.tokens[place].start), owner.first
    elif before:
        name = before[-1].name
    else:
        name = _capital_of(copy, scene.language, scene.tokens[place].start)
    if (name, side) == ("Chisinau", "left"):
        return Found(first, last, "Transnistria", "region", "Moldova")  # the Dniester's left bank
    return Found(first, last, f"{name} ({side} bank)", "part", name) if name else None


def _capital(scene: Scene, place: int, copy: str, found: Sequence[Found]) -> Found | None:
    cue = scene.at("capital", place)
    if cue is None or scene.at("part", cue.last) is not None:
        return None
    # "the capital, Kyiv": the name says it; "the capital of Texas": another one.
    at = bisect(found, cue.last - 3, key=lambda one: one.first)
    if any(one.first <= cue.last + 1 for one in found[at : at + 1]):
        return None
    name = _capital_of(copy, scene.language, scene.tokens[place].start)
    return Found(cue.first, cue.last, name, "city") if name else None


def _capital_of(copy: str, language: str, start: int) -> str:
    """Return the capital named last before a place in the text, else first after it."""
    named = _capitals(copy, language)
    at = bisect(named, start, key=lambda one: one[0])
    return named[max(0, at - 1)][1] if named else ""


@lru_cache(maxsize=8)
def _capitals(copy: str, language: str) -> tuple[tuple[int, str], ...]:
    found = longest(_index(language).found(tokens_of(copy))["places"])
    acting = {cue.first for cue in found if cue.table == "nation"}  # "Moscow accused"
    for name in ("capitals", "capital_countries"):
        named = tuple(
            (cue.start, cue.label)
            for cue in found
            if cue.table == name and (name != "capitals" or cue.last not in acting)
        )
        if named:
            return named
    return ()


@cache
def _index(language: str) -> Index:
    """Return the patterns of capitals alone: they are looked for in the whole text."""
    rows = table(language, "places")
    tables = {name: rows.get(name, {}) for name in ("capitals", "capital_countries", "nation")}
    return Index({"places": tables}, index(language).gap)


def _line(scene: Scene, place: int) -> Found | None:
    """Read "the Isaccea-Vulcanesti line", "лінія Ісакча — Вулканешти"."""
    if scene.language == "zh" or not scene.capital(place):
        return None
    ends = _two_towns(scene, place)
    if ends is None:
        return None
    names, last = ends
    after = next((cue for at in range(last, last + 3) if (cue := scene.at("line", at))), None)
    quoted = place - 1 if scene.key(place - 1) in ("«", '"', "„", "“") else place
    before = scene.before("line", quoted)
    if after is None and before is None:
        return None
    if scene.language in ("uk", "ru"):
        names = [romanised(name, scene.language) for name in names]
    stop = after.last if after is not None and before is None else last
    return Found(place, stop, f"{'-'.join(names)} line", "line")


def _two_towns(scene: Scene, place: int) -> tuple[list[str], int] | None:
    text = scene.tokens[place].text
    first, mark, second = text.partition("-")
    if mark and second[:1].isupper() and "-" not in second and not text.isupper():
        return [first, second], place + 1
    if scene.key(place + 1) in _DASHES and scene.capital(place + 2) and len(text) > 2:
        return [text, scene.tokens[place + 2].text], place + 3
    return None
