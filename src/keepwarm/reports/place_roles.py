"""What a place is in its sentence: where something is, who speaks, or a dateline."""

from __future__ import annotations

from keepwarm.reports.place_scene import Found, Scene


def role(scene: Scene, found: Found, last_before: int, role_before: str) -> str:
    """Return where, who, dateline or bare.

    Parameters
    ----------
    scene : Scene
        The sentence.
    found : Found
        The place.
    last_before, role_before : int and str
        Where the place before it ends, and its role: members of a list share theirs.
    """
    if _dateline(scene, found):
        return "dateline"
    if scene.before("who.before", found.first) is not None:
        return "who"
    if _where(scene, found.first):
        return "where"
    if scene.at("who.after", found.last) or scene.at("who.says", found.last):
        return "who"
    if role_before in ("where", "who") and _joined(scene, last_before, found.first):
        return role_before
    if role_before == "where" and last_before == found.first:
        return role_before  # 青禾省临河市; у Бучі Київської області
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


def _joined(scene: Scene, last: int, first: int) -> bool:
    return last >= 0 and scene.joined(last) == first


def _dateline(scene: Scene, found: Found) -> bool:
    if found.first != 0:
        return False
    following = scene.key(found.last)
    if found.last >= len(scene.tokens) - 1 and following in (".", ""):
        return len(scene.tokens) <= found.last + 1
    if following == "." and scene.key(found.last + 1).isdigit():
        return True
    if scene.at("dateline", found.last + (following == "(")) is not None:
        return True
    return scene.tokens[0].text.isupper() and len(scene.tokens[0].text) > 3 and following in ",(-–—"


def kept(scene: Scene, found: Found, given: str) -> bool:
    """Return whether a name is a place here, and no person, company or ordinary word."""
    if scene.before("no_place.before", found.first) or scene.at("no_place.after", found.last):
        return False
    if scene.covered("never", found.first, found.last):
        return False
    if scene.language == "zh":
        return scene.at("foreign", found.last) is None
    if scene.before("given", found.first) is not None or _initial(scene, found.first):
        return False
    shown = given in ("where", "dateline")
    if found.word and found.first == 0:
        return shown
    if found.shy:
        officer = scene.language in ("en", "de") and scene.before("who.before", found.first)
        return shown or bool(officer)
    return True


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
