"""What a place is in its sentence: where something is, who speaks, or a dateline."""

from __future__ import annotations

from dataclasses import dataclass

from keepwarm.reports.place_scene import Found, Scene

_NAME = 6
"""Words of the longest name in quotation marks, the marks counted."""


@dataclass(frozen=True)
class Place:
    """A place where it is named.

    Attributes
    ----------
    start, end, first, last : int
        In characters of the reading copy, and in tokens of the sentence (ends exclusive).
    name : str
        Usual English name, "X Oblast" and "X district" with their unit, a city bare.
    level : str
        country, region, district, hromada, city, settlement, part (of a city), or line.
    inside : str
        Name of the place that contains it, where known, else empty.
    role : str
        ``where`` (something is there: "in Kyiv", "на Харківщині"), ``who`` (the name stands for
        its authorities, "Kyiv said", or is part of an organisation's name), ``nation`` (a capital
        that stands for its country), ``dateline`` (where a report was written), or ``bare``.
    """

    start: int
    end: int
    first: int
    last: int
    name: str
    level: str
    inside: str
    role: str


def role(scene: Scene, found: Found, before: Place | None) -> str:
    """Return where, who, nation, dateline or bare.

    Parameters
    ----------
    scene : Scene
        The sentence.
    found : Found
        The place.
    before : Place, optional
        The place before it: members of a list share their role.
    """
    if _dateline(scene, found):
        return "dateline"
    opened = before is not None and before.role == "dateline"
    if before is not None and opened and scene.joined(before.last) == found.first:
        return "dateline"  # "BELGOROD, Russia, Oct 20"
    state = found.level == "country" or scene.at("capitals", found.first)
    acts = scene.at("nation.after", found.last) or scene.before("nation.before", found.first)
    if state and acts and not _where(scene, found.first):
        return "nation"  # "Moscow deployed", "Kyiv's military": a country, no place
    if scene.before("who.before", found.first) is not None:
        return "who"
    if _where(scene, found.first):
        return "where"
    if scene.at("who.after", found.last) or scene.at("who.says", found.last):
        return "who"
    if scene.language == "zh" and scene.at("who.after", found.last - 1):
        return "who"  # 哈尔科夫州 in 哈尔科夫州长
    if before is not None and before.role in ("where", "who"):
        alike = (before.level == "country") == (found.level == "country")
        if alike and scene.joined(before.last) == found.first:
            return before.role
        if before.last == found.first and before.role == "where":
            return "where"  # 青禾省临河市; у Бучі Київської області
    return "bare"


def _where(scene: Scene, first: int) -> bool:
    """Return whether a preposition of place stands before, an article or adjective between."""
    if scene.before("where", first) is not None:
        return True
    for _ in range(3):
        if scene.before("modifier", first) is None or first == 0:
            return False
        first -= 1
        if scene.before("where", first) is not None:
            return True
    return False


def _dateline(scene: Scene, found: Found) -> bool:
    following = scene.key(found.last)
    if scene.key(found.last + 1).isdigit() and following in "-–—:(":
        return False  # "Lozova town - 2,140 customers"
    if scene.language == "zh":
        return _chinese_dateline(scene, found.last)
    if found.first != 0:
        return False
    if found.last >= len(scene.tokens) - 1 and following in (".", ""):
        return len(scene.tokens) <= found.last + 1
    if following == "." and scene.key(found.last + 1).isdigit():
        return True
    if scene.at("dateline", found.last + (following == "(")) is not None:
        return True
    return scene.tokens[0].text.isupper() and len(scene.tokens[0].text) > 3 and following in ",(-–—"


def _chinese_dateline(scene: Scene, first: int) -> bool:
    """Say whether a place opens a report: 新华社北京1月9日电, （基辅／路透电）, 马尼拉讯：."""
    for at in range(first, first + 10):
        key = scene.key(at)
        if not key or key in "，。；":
            return False
        if key in "电讯" and (at + 1 < len(scene.tokens)):
            apart = scene.tokens[at].end < scene.tokens[at + 1].start
            if apart or scene.key(at + 1) in "）):：／/“「" or scene.key(at - 1) == "日":
                return True
        if key in "综专外" and scene.key(at - 1) == "日":
            return True
    return False


def kept(scene: Scene, found: Found, given: str, adjoining: bool) -> bool:
    """Return whether a name is a place here, and no person, company or ordinary word.

    ``adjoining``: another place ends where it begins (俄罗斯克里米亚).
    """
    if scene.before("no_place.before", found.first) or scene.at("no_place.after", found.last):
        return False
    if scene.covered("never", found.first, found.last):
        return False
    if scene.language == "zh":
        person = scene.before("foreign", found.first) is not None and not adjoining
        return not person and scene.at("foreign", found.last) is None
    if scene.before("given", found.first) is not None or _initial(scene, found.first):
        return False
    if _in_a_name(scene, found.first):
        return False
    shown = given in ("where", "dateline")
    if found.word and found.first == 0:
        return shown or scene.key(found.last) == ":"
    if found.shy:
        if scene.key(found.last) == "(" and scene.key(found.last + 1).isdigit():
            return True  # "Galway (61,000), Mayo (48,500)"
        officer = scene.language in ("en", "de") and scene.before("who.before", found.first)
        mayor = scene.key(found.first - 1) in ("мэр", "мер") and scene.capital(found.last)
        if mayor and scene.key(found.first).endswith("а"):
            return True  # "мэр Львова Андрей Садовый"
        return shown or bool(officer)
    return True


def _in_a_name(scene: Scene, first: int) -> bool:
    """Return whether a place is only part of a name in quotation marks: «Красное Знамя»."""
    if scene.language not in ("uk", "ru"):
        return False
    for place in range(first - 1, max(first - _NAME, -1), -1):
        if scene.key(place) == "«":
            shut = range(first, min(place + _NAME, len(scene.tokens)))
            return any(scene.key(at) == "»" for at in shut)
        if scene.key(place) == "»" or not scene.key(place).replace("-", "").isalnum():
            return False
    return False


def _initial(scene: Scene, first: int) -> bool:
    """Return whether a single letter and a stop come before: В. Львов."""
    return (
        first >= 2
        and scene.key(first - 1) == "."
        and len(scene.key(first - 2)) == 1
        and scene.capital(first - 2)
        and scene.language in ("uk", "ru", "en", "de")
        and scene.before("unit_before", first) is None
    )
