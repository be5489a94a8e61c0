"""Places in Chinese: known names, and unknown ones before 省, 市, 县, 区, 镇, 村."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from keepwarm.reports.gazetteer import Entry
from keepwarm.reports.place_scene import REGIONS, Found, Scene, with_unit
from keepwarm.reports.transliteration import romanised
from keepwarm.reports.words import table

_LONGEST = 4
"""Characters of an unknown name."""


def chinese(scene: Scene) -> list[Found]:
    """Return the places of a sentence in their order."""
    found: list[Found] = []
    place = 0
    letters, _ = _stops("zh")
    while place < len(scene.tokens):
        begins = (not found or place >= found[-1].last) and _begins(scene, place, letters)
        step = (_row(scene, place) if begins else None) or _known(scene, place)
        if step is None and begins:
            unknown = _unknown(scene, place)
            step = ([unknown], unknown.last) if unknown else None
        if step is None:
            place += 1
            continue
        found += step[0]
        place = max(step[1], place + 1)
    return found


def _row(scene: Scene, place: int) -> tuple[list[Found], int] | None:
    """Read names joined by 、 and 和 that a unit of all ends: 板桥、中和、永和三区."""
    names: list[tuple[int, int]] = []
    start = here = place
    while here < len(scene.tokens) and here - start <= _LONGEST:
        many = scene.at("units", here) if names else None
        joined = scene.joined(here)
        if here - start >= 2 and (many is not None or joined > here):
            names.append((start, here))
            if _ordinary(scene, start, here):
                return None
            if many is not None:
                return _members(scene, names, many.label), many.last
            start = here = joined
        elif not "\u4e00" <= scene.key(here) <= "\u9fff":
            return None
        else:
            here += 1
    return None


def _ordinary(scene: Scene, first: int, last: int) -> bool:
    """Return whether an unknown name holds what no name has: 断电，全国各州."""
    hit = scene.known.longest(scene.tokens, first)
    surface = "".join(scene.key(at) for at in range(first, last))
    known = (hit is not None and hit.last == last) or surface in scene.known.regions
    letters, words = _stops("zh")
    return not known and (words.search(surface) is not None or surface[:1] in letters)


def _members(scene: Scene, names: list[tuple[int, int]], label: str) -> list[Found]:
    """Return the places of a row, known ones by their usual names."""
    found = []
    for first, last in names:
        hit = scene.known.longest(scene.tokens, first)
        surface = "".join(scene.key(at) for at in range(first, last))
        if hit is not None and hit.last == last:
            base = Found(first, last, hit.entry.name, hit.entry.level, hit.entry.inside)
            found.append(_whole(scene, base, surface, label, last))
        elif surface in scene.known.regions and label in REGIONS:
            entry = scene.known.regions[surface]
            found.append(Found(first, last, entry.name, entry.level, entry.inside))
        else:
            base = Found(first, last, romanised(surface, "zh"), label)
            found.append(_whole(scene, base, surface, label, last))
    return found


def _known(scene: Scene, place: int) -> tuple[list[Found], int] | None:
    """Read known names joined by 、 and 和; a unit after the last goes with all of them."""
    members: list[Found] = []
    surfaces: list[str] = []
    start = place
    while start < len(scene.tokens):
        within = scene.key(start) == "都" and scene.key(start - 1) == "首"  # 首都柏林, no Dublin
        hit = None if within else scene.known.longest(scene.tokens, start)
        surface, last = (hit.surface, hit.last) if hit else _head(scene, start)
        if not surface or scene.key(last) == "·" or scene.key(start - 1) == "·":
            break
        unit = scene.at("unit", last)
        many = scene.at("units", last)
        if unit is not None and not _officer(scene, unit.last):
            members = [
                _whole(scene, m, s, unit.label, m.last)
                for m, s in zip(members, surfaces, strict=False)
            ]
            entry = hit.entry if hit else Entry("", "", "")
            base = Found(start, unit.last, entry.name, entry.level, entry.inside)
            members.append(_whole(scene, base, surface, unit.label, unit.last))
            start = unit.last
            surfaces = [""] * len(members)
        elif hit is not None:
            entry = hit.entry
            if unit is not None and unit.label in REGIONS:  # 哈尔科夫州长
                entry = scene.known.regions.get(surface, entry)
            members.append(Found(start, last, entry.name, entry.level, entry.inside))
            surfaces.append(surface)
            start = last
            if many is not None:
                members = [
                    _whole(scene, m, s, many.label, m.last)
                    for m, s in zip(members, surfaces, strict=False)
                ]
                break
        else:
            break
        following = scene.joined(start)
        if following == start:
            break
        start = following
    return (members, members[-1].last) if members else None


def _head(scene: Scene, place: int) -> tuple[str, int]:
    """Return a name that only a unit completes (别尔哥罗德 in 别尔哥罗德州), and its end."""
    for surface in scene.known.heads(scene.key(place)):
        last = place + len(surface)
        if surface == "".join(token.key for token in scene.tokens[place:last]):
            return surface, last
    return "", place


def _whole(scene: Scene, member: Found, surface: str, label: str, last: int) -> Found:
    """Return a known name with the unit that follows it."""
    if not surface or member.level == "region":
        return member
    if label == "city" and member.name:
        return replace(member, last=last)
    if label in REGIONS and surface not in scene.known.regions and member.inside == "China":
        return replace(member, last=last, name=romanised(surface, "zh"), level="region")
    name, level, inside = with_unit(scene, surface, member.name, label)
    return Found(member.first, last, name, level, inside)


def _officer(scene: Scene, place: int) -> bool:
    """Return whether the unit is part of an office: 市长 is a mayor."""
    branch = scene.key(place) == "处" and scene.key(place + 1) not in ("于", "理", "置")
    return branch or scene.key(place) in ("长", "委", "府", "郊", "政", "民", "议")


@cache
def _stops(language: str) -> tuple[frozenset[str], re.Pattern[str]]:
    """Return the characters and the words that no unknown name has."""
    rows = table(language, "places").get("stop", {})
    words = "|".join(map(re.escape, rows.get("words", [])))
    return frozenset(rows.get("letters", [])), re.compile(words or "(?!)")


def _unknown(scene: Scene, place: int) -> Found | None:
    """Return the unknown name that begins at a token and ends with a unit, or before a facility."""
    letters, words = _stops("zh")
    name = ""
    for last in range(place + 1, min(place + _LONGEST + 1, len(scene.tokens))):
        key = scene.key(last - 1)
        if key in letters or not "\u4e00" <= key <= "\u9fff":
            return None
        name += key
        if words.search(name):
            return None
        unit = scene.at("unit", last)
        if unit is not None and last - place >= 2:
            return _made(scene, name, place, unit.last, unit.label, words)
        if last - place == 2 and scene.at("facility", last) is not None and name[1] in _LAND:
            return Found(place, last, romanised(name, "zh"), "site", unknown=True)
    return None


_LAND = frozenset("山河江湖海岭岛口门桥城关州林泉溪坪岗坝沟湾港洲原川峡谷塘台阳安")


def _begins(scene: Scene, place: int, letters: frozenset[str]) -> bool:
    """Return whether a name can begin here: after a mark, a place or a word that ends before it."""
    before = scene.key(place - 1)
    lead = scene.at("lead", place - 1)
    if lead is not None and lead.last > place:
        return False  # 其中 before a name: the name begins behind it
    return (
        place == 0
        or scene.before("lead", place) is not None
        or not "\u4e00" <= before <= "\u9fff"
        or before in letters
        or before in "省市县州区"
    )


def _made(
    scene: Scene, name: str, first: int, last: int, label: str, words: re.Pattern[str]
) -> Found | None:
    whole = name + "".join(scene.key(at) for at in range(first + len(name), last))
    if words.search(whole) or _officer(scene, last):
        return None
    if scene.key(last - 1) + scene.key(last) in ("市区", "区域"):
        return None  # 落入市区
    base = romanised(name, "zh")
    if scene.key(last - 1) == "州" and not _foreign(scene, first, last - 1):
        if len(name) < 3:  # 郑州
            return Found(first, last, romanised(whole, "zh"), "city", unknown=True)
        return Found(first, last, base, "region", unknown=True)
    if label in ("county", "city", "settlement"):
        return Found(first, last, base, "city" if label == "city" else "settlement", unknown=True)
    made, level, inside = with_unit(scene, name, base, label)
    return Found(first, last, made, level, inside, unknown=True)


def _foreign(scene: Scene, first: int, last: int) -> bool:
    """Return whether a name has characters that render foreign sounds: 别尔哥罗德州."""
    return any(scene.at("foreign", at) is not None for at in range(first, last))
