"""The places keepwarm knows by name: countries, first-level units, districts, settlements.

Tables under ``places/`` hold names and what contains them, no coordinates:

- ``countries.csv``, ``regions.csv``, ``abroad.csv``, ``districts.csv``: written by hand. In
  ``regions.csv`` and ``abroad.csv`` a form that ends with ``+`` needs a word like *region* beside
  it; in Ukrainian and Russian such a form is the stem of an adjective (``харківськ+``).
- ``cities.csv``: from GeoNames by ``scripts/make_places.py``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from keepwarm.reports.inflections import Form, forms
from keepwarm.reports.words import Token, key_of, table, tokens_of

_FAMILIAR = ("UA", "RU", "BY", "MD")
"""Countries whose settlements are known without a preposition before them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A place of the tables: usual English name, level, what contains it.

    ``shy``: its name is also a word or a surname, so a text must use it as a place.
    """

    name: str
    level: str
    inside: str
    shy: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A known name in a row of tokens: from ``first`` up to ``last``, exclusive."""

    first: int
    last: int
    entry: Entry
    surface: str
    """The name as the tables have it, lower case: what a unit beside it is looked up by."""
    adjective: bool


@dataclass(frozen=True, slots=True)
class _Name:
    entry: Entry
    endings: frozenset[str]
    rest: tuple[tuple[Form, ...], ...]
    surface: str
    upper: bool


@dataclass
class Gazetteer:
    """The names of one language.

    Attributes
    ----------
    regions, districts : dict of str to Entry
        By the name, or the stem of the adjective, that a unit word completes.
    """

    language: str
    regions: dict[str, Entry] = field(default_factory=dict)
    districts: dict[str, Entry] = field(default_factory=dict)
    _names: dict[str, list[_Name]] = field(default_factory=dict)

    def add(self, name: str, entry: Entry) -> None:
        """Keep a name in all its cases."""
        words = [token.key for token in tokens_of(name)]
        rest = tuple(tuple(forms(word, self.language)) for word in words[1:])
        surface = "".join(words) if self.language == "zh" else " ".join(words)
        for stem, endings in forms(words[0], self.language):
            row = _Name(entry, endings, rest, surface, name.isupper() and len(name) < 5)
            self._names.setdefault(stem, []).append(row)

    def longest(self, tokens: Sequence[Token], first: int) -> Hit | None:
        """Return the longest known name that begins at a token."""
        token = tokens[first]
        if not (token.text[0].isupper() or self.language == "zh"):
            return None
        best: Hit | None = None
        for cut in range(len(token.key), 0, -1):
            for name in self._names.get(token.key[:cut], ()):
                ending = token.key[cut:]
                if ending not in name.endings or (name.upper and not token.text.isupper()):
                    continue
                last = _rest(tokens, first + 1, name.rest)
                if last is not None and (best is None or last > best.last):
                    adjective = self.language == "de" and ending == "er"
                    best = Hit(first, last, name.entry, name.surface, adjective)
        return best

    def settlements(self, beginning: str) -> list[Entry]:
        """Return the settlements whose stem begins so, and is at most three letters longer."""
        found = {
            name.entry.name: name.entry
            for stem, names in self._names.items()
            if stem.startswith(beginning) and len(stem) <= len(beginning) + 3
            for name in names
            if name.entry.level == "city" and not name.rest and name.entry.inside != ""
        }
        return list(found.values())


def _rest(tokens: Sequence[Token], place: int, rest: Sequence[Sequence[Form]]) -> int | None:
    for word in rest:
        if place >= len(tokens):
            return None
        key = tokens[place].key
        if not any(key.startswith(stem) and key[len(stem) :] in ends for stem, ends in word):
            return None
        place += 1
    return place


def _rows(name: str) -> Iterator[dict[str, str]]:
    path = files("keepwarm.reports") / "places" / f"{name}.csv"
    return csv.DictReader(path.read_text(encoding="utf-8").splitlines())


@cache
def gazetteer(language: str) -> Gazetteer:
    """Return the names of a language: en, uk, ru, de or zh."""
    known = Gazetteer(language)
    for row in _rows("countries"):
        entry = Entry(row["name"], "country", "")
        for name in _cell(row[language]):
            known.add(name, entry)
    for row in (*_rows("regions"), *_rows("abroad")):
        _add_region(known, row)
    if language in ("uk", "ru"):
        for row in _rows("districts"):
            if row[language]:
                entry = Entry(f"{row['name']} district", "district", row["inside"])
                known.districts.setdefault(key_of(row[language]), entry)
    _add_cities(known)
    return known


def _cell(cell: str) -> list[str]:
    return [name for name in cell.split("|") if name]


def _add_region(known: Gazetteer, row: dict[str, str]) -> None:
    entry = Entry(row["name"], row["level"], row["inside"])
    for form in _cell(row[known.language]):
        if form.endswith("+"):
            known.regions.setdefault(key_of(form[:-1]), entry)
        else:
            known.add(form, entry)


def _add_cities(known: Gazetteer) -> None:
    countries = {row["code"]: row["name"] for row in _rows("countries")}
    language = known.language
    ordinary = {
        key_of(word) for word in table(language, "places").get("ordinary", {}).get("words", [])
    }
    for row in _rows("cities"):
        cell = row["latin" if language in ("en", "de") else language]
        names = _cell(cell)
        if language in ("en", "de"):
            names.insert(0, row["name"])
        inside = row["inside"] or countries.get(row["country"], "")
        stranger = row["country"] not in _FAMILIAR and language != "zh"
        for name in names:
            shy = (stranger and " " not in name) or key_of(name) in ordinary
            known.add(name, Entry(row["name"], "city", inside, shy))
