"""What the rules about places look at: the tokens of a sentence and the words found in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from keepwarm.reports.gazetteer import Gazetteer, gazetteer
from keepwarm.reports.words import Cue, Token, key_of, table

REGIONS = ("oblast", "krai", "republic", "region", "province")
"""Units that first-level names go with."""
LONGEST_LIST = 40
"""Members of a list that are read together: a longer one is no list of places."""
_AFTER = {
    "oblast": "Oblast",
    "krai": "Krai",
    "region": "region",
    "province": "Province",
    "district": "district",
    "hromada": "hromada",
    "county": "County",
}
_LEVELS = {"district": "district", "county": "district", "hromada": "hromada", "city": "city"}


@dataclass(frozen=True, slots=True)
class Found:
    """A place in the tokens of a sentence, before its role is known."""

    first: int
    last: int
    name: str
    level: str
    inside: str = ""
    role: str = ""
    shy: bool = False
    word: bool = False
    unknown: bool = False


@dataclass
class Scene:
    """The tokens of a sentence, the names of its language and the cues of the table ``places``."""

    tokens: Sequence[Token]
    language: str
    cues: Sequence[Cue]
    known: Gazetteer = field(init=False)
    _starts: dict[tuple[str, int], list[Cue]] = field(init=False, default_factory=dict)
    _units: dict[str, int] = field(init=False, default_factory=dict)
    """Where each label of units stands first."""
    _ends: dict[tuple[str, int], list[Cue]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.known = gazetteer(self.language)
        for cue in self.cues:
            name = f"{cue.table}.{cue.label}"
            if cue.table in ("unit", "units"):
                self._units.setdefault(cue.label, cue.first)
            for key in (cue.table, name):
                self._starts.setdefault((key, cue.first), []).append(cue)
                self._ends.setdefault((key, cue.last), []).append(cue)

    def at(self, name: str, first: int) -> Cue | None:
        """Return the longest cue of a table (or ``table.label``) that begins at a token."""
        found = self._starts.get((name, first))
        if not found:
            return None
        return found[0] if len(found) == 1 else max(found, key=lambda cue: cue.last)

    def before(self, name: str, last: int) -> Cue | None:
        """Return the longest cue of a table (or ``table.label``) that ends before a token."""
        found = self._ends.get((name, last))
        if not found:
            return None
        return found[0] if len(found) == 1 else min(found, key=lambda cue: cue.first)

    def covered(self, name: str, first: int, last: int) -> bool:
        """Return whether a cue of a table covers the tokens from ``first`` up to ``last``."""
        starts = range(max(0, first - 2), first + 1)
        return any(
            cue is not None and cue.last >= last for cue in (self.at(name, at) for at in starts)
        )

    def said(self, label: str, place: int) -> bool:
        """Return whether a unit word of a label stands before a token."""
        return self._units.get(label, len(self.tokens)) < place

    def capital(self, place: int) -> bool:
        """Return whether the token there is a word with a capital."""
        if not 0 <= place < len(self.tokens):
            return False
        text = self.tokens[place].text
        return text[0].isupper() and text[0].isalpha()

    def key(self, place: int) -> str:
        """Return the key of the token there, empty beyond the ends."""
        return self.tokens[place].key if 0 <= place < len(self.tokens) else ""

    def joined(self, place: int) -> int:
        """Return the token after the words that join two members of a list, or ``place``."""
        cue = self.at("join", place)
        return cue.last if cue else place

    def excluded(self, place: int) -> bool:
        """Return whether the word there is never an unknown place (months, media, offices)."""
        return self.key(place) in excluded_words(self.language)


@cache
def excluded_words(language: str) -> frozenset[str]:
    """Return the words with a capital that no rule may take for an unknown place."""
    rows = table(language, "places")
    words = rows.get("no_place", {}).get("words", [])
    return frozenset(key_of(word) for word in (*words, *rows.get("given", {}).get("names", [])))


def with_unit(scene: Scene, surface: str, base: str, label: str) -> tuple[str, str, str]:
    """Return name, level and container of a name that a unit word completes.

    Parameters
    ----------
    scene : Scene
        For its tables.
    surface : str
        The name as the tables of regions have it.
    base : str
        The English name without a unit.
    label : str
        Label of the unit word: oblast, krai, region, district, hromada, county, city, ...
    """
    if label in REGIONS:
        entry = scene.known.regions.get(surface)
        if entry is not None:
            return entry.name, entry.level, entry.inside
        if label == "republic":
            return f"Republic of {base}", "region", ""
        return f"{base} {_AFTER[label]}", "region", ""
    if label == "district" and scene.language in ("uk", "ru"):
        entry = scene.known.districts.get(surface)
        if entry is not None:
            return entry.name, entry.level, entry.inside
    if label in ("city", "settlement"):
        return base, label, ""
    return f"{base} {_AFTER[label]}", _LEVELS[label], ""
