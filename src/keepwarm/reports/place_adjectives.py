"""Places named by Slavic adjectives: Харківська область, Бучанський район, в Березовском районе."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from keepwarm.reports.place_scene import LONGEST_LIST, REGIONS, Found, Scene, with_unit
from keepwarm.reports.transliteration import romanised

_ENDINGS = {
    "uk": "ий ій ого ього ому ьому им ім а я ої ьої у ю ою ьою е є і их іх ими",
    "ru": "ий ый ой ого его ому ему им ым ом ем ая яя ей ую юю ое ее ие ые их ых ими ыми",
}
_FORM = {
    language: re.compile(
        rf"(.{{3,}}?)(?:{'|'.join(sorted(endings.split(), key=len, reverse=True))})"
    )
    for language, endings in _ENDINGS.items()
}
_RELATIVE = {"uk": ("ськ", "цьк", "зьк"), "ru": ("ск", "цк")}
_ELLIPTIC = ("oblast", "district", "hromada")
"""Units that a later adjective may leave unsaid."""
_REGIONAL = ("обла", "обл", "ова", "ода")
"""Beginnings of words that make an organ one of a region: обласна рада, ОВА."""

_VERBS = ("ены", "аны", "лись", "ено", "ано", "ются", "ется", "ают", "яют")
"""Ends of words that no adjective goes with: "в Херсонской лишены ..."."""

Step = tuple[list[Found], int]
"""Places, and the token after what was read."""


_AFTER_REGION = frozenset(("—", "–", "-", ",", "без", "ещё", "ще", "остались", "залишились"))
"""What may follow an adjective that stands for a region without the word for one."""


@dataclass(frozen=True, slots=True)
class _Adjective:
    """An adjective: where it stands, its stem as tables have it and as it is written."""

    place: int
    stem: str
    written: str


def adjectives(scene: Scene, first: int) -> Step | None:
    """Return the places named by a row of adjectives with one noun, and where the row ends.

    None where the token begins no such row.
    """
    row: list[_Adjective] = []
    place = first
    while len(row) < LONGEST_LIST and (adjective := _adjective(scene, place)) is not None:
        row.append(adjective)
        place += 1
        following = scene.joined(place)
        if following == place or _adjective(scene, following) is None:
            break
        place = following
    if not row:
        return None
    noun = place
    while (cue := scene.at("between", noun)) is not None:
        noun = cue.last
    return (
        _with_unit(scene, row, noun)
        or _with_organ(scene, row, noun, place)
        or _elliptic(scene, row, place)
    )


def _adjective(scene: Scene, place: int) -> _Adjective | None:
    """Return the adjective there, None where the token is none that can name a place."""
    if not 0 <= place < len(scene.tokens):
        return None
    key = scene.key(place)
    relative = _RELATIVE[scene.language]
    capital = scene.capital(place)
    if not capital and not any(suffix in key for suffix in relative):
        return None
    match = _FORM[scene.language].fullmatch(key)
    if match is None:
        return None
    stem = match[1]
    listed = not stem.endswith(relative) and scene.key(place + 1) in (",", "та", "і", "й", "и")
    hit = scene.known.longest(scene.tokens, place) if listed else None
    if hit is not None and hit.entry.level == "city":
        return None  # "в Києві, Київській та Сумській областях"
    if stem.endswith(relative) or (capital and stem[-1] in "нвт"):
        return _Adjective(place, stem, scene.tokens[place].text[: len(stem)])
    return None


def _with_unit(scene: Scene, row: Sequence[_Adjective], noun: int) -> Step | None:
    """Read adjectives with область, район, громада: each names one such unit."""
    unit = scene.at("unit", noun) or scene.at("units", noun)
    if unit is None or not all(scene.capital(one.place) for one in row):
        return None
    vague = scene.key(noun).startswith("регіон")  # "в Карпатському регіоні" is no oblast
    if vague and any(one.stem not in scene.known.regions for one in row):
        return [], unit.last
    part = unit.label == "district" and _city_follows(scene, unit.last)
    found = []
    for one in row:
        last = unit.last if one is row[-1] else one.place + 1
        found.append(Found(one.place, last, *_named(scene, one, unit.label, part)))
    if scene.at("who.after", unit.last) is not None:
        found = [replace(one, role="who") for one in found]
    return found, unit.last


def _city_follows(scene: Scene, place: int) -> bool:
    """Return whether a city stands there: Дніпровський район Києва is a part of it."""
    if place >= len(scene.tokens):
        return False
    hit = scene.known.longest(scene.tokens, place)
    return hit is not None and hit.entry.level == "city"


def _with_organ(scene: Scene, row: Sequence[_Adjective], noun: int, place: int) -> Step | None:
    """Read adjectives with an organ (київська влада) or a plant (Харківська ТЕЦ)."""
    organ = scene.at("who.after", noun) is not None
    if not organ and (scene.at("facility", noun) is None or not scene.capital(row[0].place)):
        return None
    words = [scene.key(at) for at in range(place, noun + 1)]
    regional = any(word.startswith(_REGIONAL) for word in words)
    found = []
    for one in row:
        region = scene.known.regions.get(one.stem)
        if regional and region is not None:
            made = Found(one.place, one.place + 1, region.name, region.level, region.inside)
        elif region is not None or one.stem in scene.known.districts:
            made = Found(one.place, one.place + 1, _seat(scene, one.stem), "city")
        else:
            continue
        found.append(replace(made, role="who") if organ else made)
    relative = all(one.stem.endswith(_RELATIVE[scene.language]) for one in row)
    return (found, noun) if found or relative else None  # "у Чернігові мер" is no adjective


def _elliptic(scene: Scene, row: Sequence[_Adjective], place: int) -> Step | None:
    """Read "Сумська область — 75 тисяч, Харківська — 12 тисяч": the noun stands elsewhere."""
    following = scene.key(place)
    if following in _AFTER_REGION and all(_region_alone(scene, one) for one in row):
        return [
            Found(one.place, one.place + 1, *_named(scene, one, "oblast", False)) for one in row
        ], place
    verb = scene.language == "ru" and following.endswith(_VERBS)
    if (following[:1].isalpha() and not verb) or not all(scene.capital(one.place) for one in row):
        return None
    found = []
    for one in row:
        label = next((label for label in _ELLIPTIC if _can_be(scene, one, label)), None)
        if label is None:
            return None
        found.append(Found(one.place, one.place + 1, *_named(scene, one, label, False)))
    return found, place


def _region_alone(scene: Scene, one: _Adjective) -> bool:
    """Return whether an adjective alone is a region: "в Харьковской без света 14 тысяч"."""
    known = one.stem in scene.known.regions
    shaped = scene.key(one.place).endswith(("ской", "ській", "цькій"))
    return known and shaped and scene.before("where", one.place) is not None


def _can_be(scene: Scene, one: _Adjective, label: str) -> bool:
    """Return whether the sentence names a unit of this kind that the adjective can go with."""
    if not scene.said(label, len(scene.tokens)):
        return False
    if label == "district" and scene.said(label, one.place):  # "у Дніпровському районі 14, у ..."
        return one.stem.endswith(_RELATIVE[scene.language])
    known = {"oblast": scene.known.regions, "district": scene.known.districts}
    return one.stem in known[label] if label in known else bool(_seat(scene, one.stem))


def _named(scene: Scene, one: _Adjective, label: str, part: bool) -> tuple[str, str, str]:
    """Return name, level and container of a unit with this adjective."""
    whole = romanised(one.written + "ий", scene.language)
    if label in REGIONS:
        return with_unit(scene, one.stem, _region(scene, one, whole, label), label)
    if label == "hromada":
        name = _seat(scene, one.stem) or romanised(one.written, scene.language)
        return with_unit(scene, one.stem, name, label)
    return with_unit(scene, "" if part else one.stem, whole, label)


def _region(scene: Scene, one: _Adjective, whole: str, label: str) -> str:
    """Return what an unknown region is most likely called after: Тернавська, Ternava."""
    if label == "krai" or not one.stem.endswith(_RELATIVE[scene.language]):
        return whole
    if scene.language == "uk" and one.stem.endswith("авськ"):
        return romanised(one.written[:-3] + "а", "uk")
    if scene.language == "uk" and one.stem.endswith("ськ") and len(one.stem) > 6:
        return romanised(one.written[:-3], "uk")
    return _seat(scene, one.stem) or romanised(one.written, scene.language)


def _seat(scene: Scene, stem: str) -> str:
    """Return the settlement an adjective is made from, empty where there is no single one."""
    district = scene.known.districts.get(stem)
    if district is not None:
        return district.name.removesuffix(" district")
    region = scene.known.regions.get(stem)
    if region is not None:
        return region.name.rsplit(" ", 1)[0]
    for suffix in _RELATIVE[scene.language]:
        body = stem.removesuffix(suffix)
        if body != stem and len(body) > 3:
            found = scene.known.settlements(body)
            return found[0].name if len(found) == 1 else ""
    return ""
