"""Places by name in languages written with spaces: known names, units beside them, unknown names."""

from __future__ import annotations

from dataclasses import replace

from keepwarm.reports.inflections import nominative
from keepwarm.reports.gazetteer import Hit, container_of
from keepwarm.reports.place_adjectives import adjectives
from keepwarm.reports.place_scene import REGIONS, Found, Scene, with_unit
from keepwarm.reports.transliteration import romanised


def named(scene: Scene) -> list[Found]:
    """Return the places of a sentence in their order."""
    found: list[Found] = []
    place = 0
    while place < len(scene.tokens):
        step = _step(scene, place)
        if step is None:
            place += 1
            continue
        found += step[0]
        place = max(step[1], place + 1)
    return found


def _step(scene: Scene, place: int) -> tuple[list[Found], int] | None:
    if scene.language in ("uk", "ru"):
        step = adjectives(scene, place)
        if step is not None:
            return step
    return _after_unit(scene, place) or _listed(scene, place) or _after_preposition(scene, place)


def _after_unit(scene: Scene, place: int) -> tuple[list[Found], int] | None:
    """Read "the town of X", "села X та Y": the unit comes first."""
    many = scene.at("units_before", place)
    unit = many or scene.at("unit_before", place)
    if unit is None:
        return None
    found: list[Found] = []
    start = unit.last
    while (member := _member(scene, start, unit.label, after_unit=True)) is not None:
        found.append(member if found else replace(member, first=place))
        start = member.last
        following = scene.joined(start)
        if many is None or following == start:
            break
        start = following
    return (found, found[-1].last) if found else None


def _member(scene: Scene, place: int, label: str, after_unit: bool) -> Found | None:
    """Return the place a name and a unit make, None where the token is no name."""
    if not scene.capital(place):
        return None
    hit = scene.known.longest(scene.tokens, place)
    if hit is None and scene.excluded(place):
        return None
    if hit is not None and not _goes_on(scene, hit, after_unit):
        entry = hit.entry
        if label in ("city", "settlement") or (label in REGIONS and entry.level == "region"):
            return Found(hit.first, hit.last, entry.name, entry.level, entry.inside)
        if entry.level == "country":
            return None
        return Found(hit.first, hit.last, *with_unit(scene, hit.surface, entry.name, label))
    region = scene.known.regions.get(scene.key(place).removesuffix("er"))
    if region is not None and label in REGIONS:
        return Found(place, place + 1, region.name, region.level, region.inside)
    last = place + 1
    while scene.capital(last) and not scene.excluded(last) and last < place + 2:
        if scene.at("unit", last) or scene.at("units", last):
            break
        last += 1
    base = _unknown_name(scene, place, last, after_unit)
    name, level, inside = with_unit(scene, base.lower(), base, label)
    return Found(place, last, name, level, inside, unknown=True)


def _goes_on(scene: Scene, hit: Hit, after_unit: bool) -> bool:
    """Return whether a name after a unit is longer than what is known of it: село Красний Яр."""
    return after_unit and hit.entry.level == "city" and scene.capital(hit.last)


def _unknown_name(scene: Scene, first: int, last: int, after_unit: bool) -> str:
    words = [scene.tokens[at].text.removesuffix("'s") for at in range(first, last)]
    if scene.language in ("uk", "ru"):
        words = [nominative(word, scene.language, after_unit) for word in words]
    return romanised(" ".join(words), scene.language)


def _listed(scene: Scene, place: int) -> tuple[list[Found], int] | None:
    """Read known names, and what a unit after them, or after their list, makes of them."""
    members = _row(scene, place)
    if not members:
        return None
    last = members[-1][1]
    unit = scene.at("units", last) if len(members) > 1 else scene.at("unit", last)
    if unit is None:
        unit = scene.at("unit", members[0][1])
        members = members[:1]
        last = members[0][1]
    if unit is not None and scene.language not in ("uk", "ru"):
        made = [_member(scene, first, unit.label, after_unit=False) for first, _ in members]
        found = [one for one in made if one is not None]
        if found and not (unit.label == "city" and found[0].unknown):
            end = unit.last
            found[-1] = _until(found[-1], end)
            return found, end
    hit = scene.known.longest(scene.tokens, place)
    if hit is None or hit.adjective:
        return None
    entry = hit.entry
    return [
        Found(hit.first, hit.last, entry.name, entry.level, entry.inside, shy=entry.shy)
    ], hit.last


def _until(found: Found, last: int) -> Found:
    return Found(found.first, last, found.name, found.level, found.inside, found.role,
                 unknown=found.unknown)  # fmt: skip


def _row(scene: Scene, place: int) -> list[tuple[int, int]]:
    """Return where the names of a list begin and end; one name is a list too."""
    members: list[tuple[int, int]] = []
    while scene.capital(place):
        hit = scene.known.longest(scene.tokens, place)
        last = hit.last if hit else place + 1
        if hit is None and (scene.excluded(place) or scene.language != "en"):
            break
        if hit is None:
            if place == 0 and scene.at("unit", last) is None and scene.at("join", last) is None:
                break
            if scene.capital(last) and not scene.excluded(last) and scene.at("unit", last) is None:
                last += 1
        members.append((place, last))
        following = scene.joined(last)
        if following == last:
            break
        place = following
    return members


def _after_preposition(scene: Scene, place: int) -> tuple[list[Found], int] | None:
    """Read "in Falkenau", "в Каменогорске": an unknown name where only a place can stand."""
    if place == 0 or not scene.capital(place) or scene.excluded(place):
        return None
    if scene.before("unknown", place) is None or scene.tokens[place].text.isupper():
        return None
    text = scene.tokens[place].text
    if len(text) < 4 or not _looks_local(scene, place):
        return None
    last = place + 1
    if scene.language == "en":
        while scene.capital(last) and not scene.excluded(last) and last < place + 3:
            last += 1
    name = _unknown_name(scene, place, last, after_unit=False)
    return [Found(place, last, name, "settlement", unknown=True)], last


def _looks_local(scene: Scene, place: int) -> bool:
    """Return whether an unknown word has the form of a place after its preposition."""
    key = scene.key(place)
    if scene.language == "de":
        return scene.at("place_like", place) is not None
    cyrillic = "а" <= key[0] <= "я" or key[0] in "іїєґ"
    if scene.language == "uk":
        return cyrillic and key.endswith(("і", "ї", "ому", "ську", "цьку", "ах", "ях", "ій", "ом", "ою", "ем"))
    if scene.language == "ru":
        return cyrillic and key.endswith(("е", "и", "ом", "ой", "ах", "ях", "во", "но", "ем"))
    return key.isalpha() or "-" in key
