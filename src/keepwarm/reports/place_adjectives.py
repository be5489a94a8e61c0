"""Places named by Slavic adjectives: Харківська область, Бучанський район, в Березовском районе."""

from __future__ import annotations

import re

from keepwarm.reports.place_scene import REGIONS, Found, Scene, with_unit
from keepwarm.reports.transliteration import romanised

_ENDINGS = {
    "uk": "ий ій ого ього ому ьому им ім а я ої ьої у ю ою ьою е є і их іх ими".split(),
    "ru": "ий ый ой ого его ому ему им ым ом ем ая яя ой ей ую юю ое ее ие ые их ых ими ыми".split(),
}
_FORM = {
    language: re.compile(rf"(.+?)(?:{'|'.join(sorted(endings, key=len, reverse=True))})")
    for language, endings in _ENDINGS.items()
}
_RELATIVE = {"uk": ("ськ", "цьк", "зьк"), "ru": ("ск", "цк")}
_MASCULINE = {"uk": "ий", "ru": "ий"}


def adjectives(scene: Scene, first: int) -> tuple[list[Found], int] | None:
    """Return the places named by a row of adjectives with one noun, and where the row ends.

    None where the token begins no such row.
    """
    stems: list[tuple[int, str]] = []
    place = first
    while True:
        stem = _stem(scene, place)
        if stem is None:
            break
        stems.append((place, stem))
        following = scene.joined(place + 1)
        if following == place + 1 or _stem(scene, following) is None:
            place += 1
            break
        place = following
    if not stems:
        return None
    noun = place
    while (cue := scene.at("between", noun)) is not None:
        noun = cue.last
    return _with_noun(scene, stems, place, noun)


def _with_noun(
    scene: Scene, stems: list[tuple[int, str]], place: int, noun: int
) -> tuple[list[Found], int] | None:
    unit = scene.at("unit", noun) or scene.at("units", noun)
    if unit is not None:
        if not all(scene.capital(where) for where, _ in stems):
            return None
        nested = (
            scene.known.longest(scene.tokens, unit.last) if unit.last < len(scene.tokens) else None
        )
        whole = nested is not None and nested.entry.level == "city" and unit.label == "district"
        found = [
            Found(where, unit.last if where == stems[-1][0] else where + 1,
                  *_named(scene, stem, unit.label, city=whole))
            for where, stem in stems
        ]  # fmt: skip
        office = scene.at("who.after", unit.last)
        return [_office(f) for f in found] if office and _is_organ(
            scene, unit.last
        ) else found, unit.last
    if scene.at("who.after", noun) is not None and _is_organ(scene, noun):
        regional = any(scene.key(at).startswith("обла") for at in range(place, noun + 1)) or (
            scene.key(noun) in ("ова", "ода") or scene.key(noun).startswith("обл")
        )
        found = [_by_office(scene, where, stem, regional) for where, stem in stems]
        return [one for one in found if one is not None], noun
    if scene.at("facility", noun) is not None and all(scene.capital(where) for where, _ in stems):
        known = [_by_office(scene, where, stem, regional=False) for where, stem in stems]
        found = [Found(f.first, f.last, f.name, f.level, f.inside) for f in known if f is not None]
        return found, noun
    return None


def _is_organ(scene: Scene, place: int) -> bool:
    """Return whether the word is an organ or an officer, not a verb of saying."""
    return (
        not scene.key(place).endswith(("в", "ла", "є", "л", "ет", "ит")) or scene.key(place) in ()
    )


def _office(found: Found) -> Found:
    return Found(found.first, found.last, found.name, found.level, found.inside, "who")


def _stem(scene: Scene, place: int) -> str | None:
    """Return the stem of an adjective, None where the token is none that can name a place."""
    if not 0 <= place < len(scene.tokens):
        return None
    key = scene.key(place)
    capital = scene.capital(place)
    if not capital and not any(suffix in key for suffix in _RELATIVE[scene.language]):
        return None
    match = _FORM[scene.language].fullmatch(key)
    if match is None or len(match[1]) < 3:
        return None
    stem = match[1]
    if stem.endswith(_RELATIVE[scene.language]):
        return stem
    return stem if capital and stem[-1] in "нвт" else None


def _named(scene: Scene, stem: str, label: str, city: bool) -> tuple[str, str, str]:
    """Return name, level and container of a unit whose adjective has this stem."""
    if label in REGIONS:
        return with_unit(scene, stem, _noun(scene, stem), label)
    if label == "district" and not city and stem in scene.known.districts:
        return with_unit(scene, stem, "", label)
    if label == "hromada":
        return with_unit(scene, stem, _seat(scene, stem) or _short(scene, stem), label)
    return with_unit(
        scene, "\0", romanised(stem + _MASCULINE[scene.language], scene.language), label
    )


def _short(scene: Scene, stem: str) -> str:
    return romanised(stem, scene.language)


def _noun(scene: Scene, stem: str) -> str:
    """Return what an unknown region is most likely called after: Тернавська, Ternava."""
    seat = _seat(scene, stem)
    if seat:
        return seat
    if scene.language == "uk" and stem.endswith("авськ"):
        return romanised(stem[:-3] + "а", "uk")
    if scene.language == "uk" and stem.endswith("ськ") and len(stem) > 6:
        return romanised(stem[:-3], "uk")
    if stem.endswith(("ск", "цк")):
        return romanised(stem + ("ий" if stem.endswith("енск") else ""), scene.language)
    return romanised(stem + "ий", scene.language)


def _seat(scene: Scene, stem: str) -> str:
    """Return the settlement an adjective is made from, empty where there is no single one."""
    region = scene.known.regions.get(stem)
    district = scene.known.districts.get(stem)
    if district is not None:
        return district.name.removesuffix(" district")
    if region is not None:
        return region.name.rsplit(" ", 1)[0]
    for suffix in _RELATIVE[scene.language]:
        body = stem.removesuffix(suffix)
        if body != stem and len(body) > 3:
            found = scene.known.settlements(body)
            return found[0].name if len(found) == 1 else ""
    return ""


def _by_office(scene: Scene, where: int, stem: str, regional: bool) -> Found | None:
    region = scene.known.regions.get(stem)
    if regional and region is not None:
        return Found(where, where + 1, region.name, region.level, region.inside, "who")
    if not (region or stem in scene.known.districts):
        return None
    return Found(where, where + 1, _seat(scene, stem), "city", "", "who")
