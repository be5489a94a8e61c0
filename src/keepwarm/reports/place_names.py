"""Places by name in languages with spaces: known names, units beside them, unknown names."""

from __future__ import annotations

from dataclasses import replace

from keepwarm.reports.gazetteer import Hit, container_of
from keepwarm.reports.inflections import nominative
from keepwarm.reports.place_adjectives import Step, adjectives
from keepwarm.reports.place_scene import LONGEST_LIST, REGIONS, Found, Scene, with_unit
from keepwarm.reports.transliteration import romanised
from keepwarm.reports.words import Token, key_of, table

_LOCAL = {
    "uk": ("і", "ї", "ому", "ську", "цьку", "ах", "ях", "ій", "ом", "ою", "ем"),
    "ru": ("е", "и", "ом", "ой", "ах", "ях", "во", "но", "ем"),
}
"""Endings that a name has after a preposition of place."""
_THE_GERMAN = frozenset(("im", "am", "vom", "zum", "beim", "das", "des", "ins"))
_ADJECTIVE = ("ian", "ish", "ese", "can", "man", "nch", "tch", "-era", "-owned", "'s", "er")
"""Endings that tell whose a plant is, no place."""


def named(scene: Scene) -> list[Found]:
    """Return the places of a sentence in their order."""
    found: list[Found] = []
    local = False  # whether the row of names that is being read follows a preposition of place
    place = 0
    while place < len(scene.tokens):
        continued = bool(found) and scene.joined(found[-1].last) == place > found[-1].last
        local = _shown(scene, place) or (local and continued)
        step = _step(scene, place, local)
        if step is None:
            place += 1
            continue
        found += step[0]
        place = max(step[1], place + 1)
        if scene.joined(place) > place:
            place = scene.joined(place)
        else:
            local = False
    return found


def _step(scene: Scene, place: int, local: bool) -> Step | None:
    if scene.language in ("uk", "ru"):
        step = adjectives(scene, place)
        if step is not None:
            return step
    known = (
        _at_facility(scene, place)
        or _after_unit(scene, place)
        or _before_unit(scene, place)
        or _in_region(scene, place)
        or _known(scene, place)
        or _before_figure(scene, place)
        or _of_a_mayor(scene, place)
    )
    return known or (_unknown(scene, place) if local else None)


def _shown(scene: Scene, place: int) -> bool:
    """Return whether what stands before a token makes an unknown name there a place."""
    if scene.before("unknown", place) is not None:
        return True
    genitive = scene.before("genitive.before", place) is not None
    return genitive and scene.at("genitive.endings", place) is not None


def _after_unit(scene: Scene, place: int) -> Step | None:
    """Read "the town of X", "села X та Y": the unit comes first."""
    many = scene.at("units_before", place)
    unit = many or scene.at("unit_before", place)
    if unit is None or scene.key(place - 1) == "/":  # "38 м/с. Повалено ..."
        return None
    if len(scene.key(unit.last)) < 2:  # "1 500 кв. м. В області ..."
        return None
    if scene.language in ("uk", "ru") and adjectives(scene, unit.last) is not None:
        return None  # громади Київської області
    found: list[Found] = []
    start = unit.last
    while (member := _member(scene, start, unit.label, after_unit=True)) is not None:
        german = scene.language == "de" and many is not None and member.unknown
        if german and scene.at("place_like", member.first) is None:
            break  # "in allen Regionen Abschaltungen"
        found.append(member if found else replace(member, first=place))
        start = scene.joined(member.last)
        if many is None or start == member.last:
            break
    return (found, found[-1].last) if found else None


def _before_unit(scene: Scene, place: int) -> Step | None:
    """Read "Kharkiv region", "Odesa, Donetsk and Kharkiv regions": the unit comes last."""
    if scene.language in ("uk", "ru"):  # there it goes with adjectives
        return None
    row = _row(scene, place)
    if not row:
        return None
    unit = scene.at("units", row[-1][1]) if len(row) > 1 else None
    if unit is None:
        row = row[:1]
        unit = scene.at("unit", row[0][1])
    if unit is None:
        return _governed(scene, *row[0])
    owner = scene.tokens[row[0][0]].text.endswith("er") and unit.label in ("district", "city")
    if scene.language == "de" and owner and scene.capital(unit.last):
        return [], unit.last - 1  # "im Berliner Stadtteil Köpenick"
    made = [_member(scene, first, unit.label, after_unit=False) for first, _ in row]
    found = [one for one in made if one is not None]
    if not found or (unit.label == "city" and found[0].unknown):
        return None
    found[-1] = replace(found[-1], last=unit.last)
    return found, unit.last


def _at_facility(scene: Scene, place: int) -> Step | None:
    """Read "the Dunmere pumping station", "im Umspannwerk Lindenhorst": a site with a name."""
    if scene.language == "de":
        noun = scene.at("facility", place)
        place = noun.last if noun is not None else place
        last = place + 1
        shown = noun is not None and scene.key(noun.first - 1) in _THE_GERMAN
        if not shown or scene.capital(last) or scene.key(last) == "-":
            return None
    else:
        last = place + 1 + (scene.capital(place + 1) and not scene.excluded(place + 1))
        shown = scene.key(place - 1) == "the" and scene.at("facility", last) is not None
    text = scene.tokens[place].text if place < len(scene.tokens) else ""
    if not shown or not scene.capital(place) or scene.excluded(place) or text.isupper():
        return None
    if len(text) < 4 or text.endswith(_ADJECTIVE) or scene.known.longest(scene.tokens, place):
        return None
    name = " ".join(token.text for token in scene.tokens[place:last])
    return [Found(place, last, name, "site", role="where", unknown=True)], last


def _of_a_mayor(scene: Scene, place: int) -> Step | None:
    """Read "Mayor Piet Holm of Garlund": what a named mayor is mayor of."""
    if scene.language != "en" or scene.key(place - 1) != "of" or not scene.capital(place):
        return None
    first = place - 2
    while scene.capital(first) and place - first < 5 and scene.key(first) != "mayor":
        first -= 1
    if scene.key(first) != "mayor" or scene.excluded(place):
        return None
    last = place + 1 + scene.capital(place + 1)
    name = _unknown_name(scene, place, last, after_unit=False)
    return [Found(place, last, name, "city", role="who", unknown=True)], last


def _governed(scene: Scene, first: int, last: int) -> Step | None:
    """Read "Kherson Governor": a governor is one of a region."""
    hit = scene.known.longest(scene.tokens, first)
    if hit is None or hit.last != last or scene.at("governor", last) is None:
        return None
    region = scene.known.regions.get(hit.surface)
    if region is None:
        return None
    return [Found(first, last, region.name, region.level, region.inside, "who")], last


def _before_figure(scene: Scene, place: int) -> Step | None:
    """Read an unknown name in a row of figures: "Leiria (176,000), Tomar (68,000)"."""
    if scene.language != "en" or not scene.capital(place) or scene.excluded(place):
        return None
    if scene.key(place - 1) not in (",", ";", "and", "or", ":", "(", "-", "•", "are", "were"):
        return None
    last = place + 1
    while scene.capital(last) and last < place + 3:
        last += 1
    mark = scene.key(last) in ("(", "-", "–", "—")
    figure = last + 1 if mark else last
    if not scene.key(figure).isdigit() or scene.key(figure + 1) not in (",", ")", ".", "and"):
        return None
    if any(scene.excluded(at) for at in range(place, last)):
        return None
    name = _unknown_name(scene, place, last, after_unit=False)
    return [Found(place, last, name, "city", unknown=True)], last


def _in_region(scene: Scene, place: int) -> Step | None:
    """Read "Jackson, Mississippi,": a name that the region after it shows to be a place."""
    if scene.language != "en" or not scene.capital(place) or scene.excluded(place):
        return None
    last = place + 1
    while scene.capital(last) and last < place + 3:
        last += 1
    region = scene.known.longest(scene.tokens, last + 1) if scene.key(last) == "," else None
    if region is None or region.entry.level not in ("region", "country"):
        return None
    if scene.key(region.last) not in (",", ".", "", ")") or scene.known.longest(
        scene.tokens, place - 1
    ):
        return None
    hit = scene.known.longest(scene.tokens, place)
    if hit is not None and (hit.last != last or hit.entry.level in ("region", "country")):
        return None
    base = hit.entry.name if hit else _unknown_name(scene, place, last, after_unit=False)
    return [Found(place, last, base, "city", region.entry.name)], last


def _row(scene: Scene, place: int) -> list[tuple[int, int]]:
    """Return where the names of a list begin and end; one name is a list too."""
    members: list[tuple[int, int]] = []
    while len(members) < LONGEST_LIST and scene.capital(place):
        hit = scene.known.longest(scene.tokens, place)
        last = hit.last if hit else _unknown_end(scene, place)
        if last == place:
            break
        members.append((place, last))
        place = scene.joined(last)
        if place == last:
            break
    return members


def _unknown_end(scene: Scene, place: int) -> int:
    """Return where an unknown member of an English list ends; ``place`` where it is none."""
    if scene.language != "en" or scene.excluded(place):
        return place
    last = place + 1
    if place == 0 and scene.at("unit", last) is None and scene.at("join", last) is None:
        return place
    if scene.capital(last) and not scene.excluded(last) and scene.at("unit", last) is None:
        last += 1
    return last


def _member(scene: Scene, place: int, label: str, after_unit: bool) -> Found | None:
    """Return the place a name and a unit make, None where the token is no name."""
    if not scene.capital(place):
        return None
    hit = scene.known.longest(scene.tokens, place)
    if hit is not None and not _goes_on(scene, hit, after_unit):
        return _known_member(scene, hit, label)
    if hit is None and scene.excluded(place):
        return None
    region = scene.known.regions.get(scene.key(place).removesuffix("er"))
    if region is not None and label in REGIONS:
        return Found(place, place + 1, region.name, region.level, region.inside)
    last = place + 1
    unit = scene.at("unit", last) or scene.at("units", last)
    if scene.capital(last) and not scene.excluded(last) and unit is None:
        last += 1
    base = _unknown_name(scene, place, last, after_unit)
    return Found(place, last, *with_unit(scene, base.lower(), base, label), unknown=True)


def _known_member(scene: Scene, hit: Hit, label: str) -> Found | None:
    entry = hit.entry
    if label in ("city", "settlement") or (label in REGIONS and entry.level == "region"):
        return Found(hit.first, hit.last, entry.name, entry.level, entry.inside)
    if entry.level == "country":
        return None
    return Found(hit.first, hit.last, *with_unit(scene, hit.surface, entry.name, label))


def _goes_on(scene: Scene, hit: Hit, after_unit: bool) -> bool:
    """Return whether a name after a unit is longer than what is known of it: село Красний Яр."""
    return after_unit and hit.entry.level == "city" and scene.capital(hit.last)


def _unknown_name(scene: Scene, first: int, last: int, after_unit: bool) -> str:
    words = [scene.tokens[at].text.removesuffix("'s") for at in range(first, last)]
    if scene.language in ("uk", "ru"):
        words = [nominative(word, scene.language, after_unit) for word in words]
    return romanised(" ".join(words), scene.language)


def _known(scene: Scene, place: int) -> Step | None:
    """Read a known name that stands by itself."""
    hit = scene.known.longest(scene.tokens, place)
    if hit is None:
        return _directed(scene, place) or _quarter(scene, place)
    if hit.adjective:
        return None
    fixed = scene.at("fixed", place - 1)
    if fixed is not None and fixed.last == hit.last:
        return [Found(place, hit.last, fixed.label, "region", container_of(fixed.label))], hit.last
    entry = hit.entry
    found = [
        Found(place, hit.last, entry.name, entry.level, entry.inside, "", entry.shy, entry.word)
    ]
    around = scene.joined(hit.last)
    unit = scene.at("unit", around) if around > hit.last else None
    if unit is not None and unit.label in REGIONS and entry.level == "city":
        # "Харків та область": the region around the city.
        region = "Kyiv Oblast" if entry.name == "Kyiv" else entry.inside
        if region.endswith(("Oblast", "Krai")):
            found.append(Found(around, unit.last, region, "region", container_of(region)))
            return found, unit.last
    return found, hit.last


def _directed(scene: Scene, place: int) -> Step | None:
    """Read "Ostpolen" as a part of Poland."""
    if scene.language != "de" or not scene.capital(place):
        return None
    token = scene.tokens[place]
    for direction in table("de", "places")["direction"]["words"]:
        rest = token.text[len(direction) :].capitalize()
        if token.key.startswith(direction) and len(rest) > 3:
            hit = scene.known.longest([Token(token.start, token.end, rest, key_of(rest))], 0)
            if hit is not None and hit.entry.level in ("country", "region") and not hit.adjective:
                entry = hit.entry
                return [Found(place, place + 1, entry.name, entry.level, entry.inside)], place + 1
    return None


def _quarter(scene: Scene, place: int) -> Step | None:
    """Read "Chemnitz-Nord" and "Hannover-Linden": a part of a town known by its first half."""
    halves = scene.tokens[place].text.split("-")
    if scene.language != "de" or len(halves) != 2 or not halves[1][:1].isupper():
        return None
    one, other = (Token(0, len(half), half, key_of(half)) for half in halves)
    city, rest = (scene.known.longest([half], 0) for half in (one, other))
    if city is None or city.entry.level != "city" or city.adjective:
        return None
    if rest is None and other.key not in table("de", "places")["quarter"]["words"]:
        return None
    name = scene.tokens[place].text
    return [Found(place, place + 1, name, "part", city.entry.name)], place + 1


def _unknown(scene: Scene, place: int) -> Step | None:
    """Read "in Falkenau", "в Каменогорске": an unknown name where only a place can stand."""
    if place == 0 or not scene.capital(place) or scene.excluded(place):
        return None
    text = scene.tokens[place].text
    if text.isupper() or len(text) < 4 or not _looks_local(scene, place):
        return None
    last = place + 1
    if scene.language == "en":
        while scene.capital(last) and not scene.excluded(last) and last < place + 3:
            last += 1
        listed = scene.key(last) in ("and", ",") and scene.capital(last + 1)
        if scene.key(place - 1) == "," and not listed:  # "in Harlow, Smith said"
            return None
    name = _unknown_name(scene, place, last, after_unit=False)
    return [Found(place, last, name, "settlement", unknown=True)], last


def _looks_local(scene: Scene, place: int) -> bool:
    """Return whether an unknown word has the form of a place after its preposition."""
    key = scene.key(place)
    if scene.language == "de":
        written = scene.tokens[place].text.split("-")
        compound = len(written) > 1 and all(part[:1].isupper() for part in written)
        heads = [Token(0, len(part), part, key_of(part)) for part in written] if compound else []
        known = any(scene.known.longest([head], 0) is not None for head in heads)
        return known or scene.at("place_like", place) is not None
    if scene.language in _LOCAL:
        if scene.at("genitive.endings", place) is not None:
            return True
        return key[0] > "\u0400" and key.endswith(_LOCAL[scene.language])
    return key.replace("-", "").isalpha()
