"""The places keepwarm knows by name: countries, first-level units, districts, settlements.

Tables under ``places/`` hold names and what contains them, no coordinates:

- ``countries.csv``, ``regions.csv``, ``abroad.csv``, ``districts.csv``, ``well_known.csv``: written
  by hand. A form that ends with ``+`` needs a word like *region* beside it; in Ukrainian and
  Russian such a form is the stem of an adjective (``харківськ+``). ``chinese.csv`` has more names,
  in Chinese only.
- ``cities.csv``: from GeoNames by ``scripts/make_places.py``, the larger of two of one name first.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from keepwarm.reports.inflections import Form, forms
from keepwarm.reports.words import Token, key_of, table, tokens_of

_FAMILIAR = ("UA", "RU", "BY", "MD")
"""Countries whose settlements are known without a preposition before them."""
_HOME = {"de": (*_FAMILIAR, "DE", "AT", "CH"), "zh": (*_FAMILIAR, "CN", "TW", "KZ", "JP")}
_LANGUAGES = ("latin", "uk", "ru", "zh")
"""Columns of ``cities.csv`` after name, country and inside."""


_SURE = 2
"""Letters at the beginning of a name that no case changes: Орёл, Орла."""

_LONGEST = 60
"""Letters of the longest word that can be a name."""


class Entry(NamedTuple):
    """A place of the tables: usual English name, level, what contains it.

    ``shy``: its name is also a surname, or of a far country: a preposition must show the place.
    ``word``: its name is also an ordinary word: at the beginning of a sentence, likewise.
    """

    name: str
    level: str
    inside: str
    shy: bool = False
    word: bool = False


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
    _heads: dict[str, list[str]] = field(default_factory=dict)
    _written: dict[str, list[tuple[str, Entry]]] = field(default_factory=dict)
    """Names as written, by their first letters: declined only when a text has such a word."""
    _declined: dict[str, dict[str, list[_Name]]] = field(default_factory=dict)

    def add(self, name: str, entry: Entry) -> None:
        """Keep a name; an earlier one of the same spelling comes first."""
        self._written.setdefault(key_of(name)[:_SURE], []).append((name, entry))

    def _beginning(self, key: str) -> dict[str, list[_Name]]:
        """Return the names that begin with the same letters as a word, by stem."""
        first = key[:_SURE]
        if first not in self._written:
            return {}
        declined = self._declined.get(first)
        if declined is None:
            declined = self._declined[first] = {}
            for name, entry in self._written[first]:
                self._decline(name, entry, declined)
        return declined

    def _decline(self, name: str, entry: Entry, into: dict[str, list[_Name]]) -> None:
        words = [token.key for token in tokens_of(name)]
        rest = tuple(tuple(forms(word, self.language)) for word in words[1:])
        surface = "".join(words) if self.language == "zh" else " ".join(words)
        for stem, endings in forms(words[0], self.language):
            row = _Name(entry, endings, rest, surface, name.isupper() and len(name) < 5)
            into.setdefault(stem, []).append(row)

    def longest(self, tokens: Sequence[Token], first: int) -> Hit | None:
        """Return the longest known name that begins at a token; None after the last one."""
        if first >= len(tokens):
            return None
        token = tokens[first]
        if not (token.text[0].isupper() or self.language == "zh"):
            return None
        best: Hit | None = None
        beginning = token.key
        if self.language == "zh" and first + 1 < len(tokens):
            beginning += tokens[first + 1].key
        names = self._beginning(beginning)
        if len(beginning) > _LONGEST:
            return None
        for cut in range(len(token.key), 0, -1) if names else ():
            for name in names.get(token.key[:cut], ()):
                ending = token.key[cut:]
                if ending not in name.endings or (name.upper and not token.text.isupper()):
                    continue
                last = _rest(tokens, first + 1, name.rest)
                if last is not None and (best is None or last > best.last):
                    adjective = self.language == "de" and ending == "er"
                    best = Hit(first, last, name.entry, name.surface, adjective)
        return best

    def heads(self, letter: str) -> list[str]:
        """Return the names that need a unit and begin with a character, the longest first."""
        if not self._heads:
            for name in sorted(self.regions, key=len, reverse=True):
                self._heads.setdefault(name[0], []).append(name)
        return self._heads.get(letter, [])

    def settlements(self, beginning: str) -> list[Entry]:
        """Return the settlements whose name begins so, and is at most three letters longer."""
        found = {
            entry.name: entry
            for name, entry in self._written.get(beginning[:_SURE], ())
            if entry.level == "city"
            and (self.language != "uk" or entry.inside != "Russia")
            and len(name) <= len(beginning) + 3
            and key_of(name).startswith(beginning)
        }
        return list(found.values())


def _rest(tokens: Sequence[Token], place: int, rest: Sequence[Sequence[Form]]) -> int | None:
    for word in rest:
        if place >= len(tokens):
            return None
        key = tokens[place].key
        for stem, ends in word:
            if key.startswith(stem) and key[len(stem) :] in ends:
                break
        else:
            return None
        place += 1
    return place


def _rows(name: str) -> Iterator[list[str]]:
    path = files("keepwarm.reports") / "places" / f"{name}.csv"
    rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    next(rows)
    return rows


@cache
def gazetteer(language: str) -> Gazetteer:
    """Return the names of a language: en, uk, ru, de or zh."""
    known = Gazetteer(language)
    column = 2 + ("en", "uk", "ru", "de", "zh").index(language)
    for row in _rows("countries"):
        entry = Entry(row[1], "country", "")
        for name in _cell(row[column]):
            known.add(name, entry)
    for row in (*_rows("regions"), *_rows("abroad"), *_rows("well_known")):
        _add_region(known, row, row[column + 1])
    for row in _rows("chinese") if language == "zh" else ():
        _add_region(known, row, row[3])
    if language in ("uk", "ru"):
        for name, inside, uk, ru in _rows("districts"):
            stem = uk if language == "uk" else ru
            if stem:
                entry = Entry(f"{name} district", "district", inside)
                known.districts.setdefault(key_of(stem), entry)
    _add_cities(known)
    return known


def _cell(cell: str) -> list[str]:
    return cell.split("|") if cell else []


def _add_region(known: Gazetteer, row: list[str], cell: str) -> None:
    words, surnames = _doubtful(known.language)
    name, level, inside = row[:3]
    for form in _cell(cell):
        key = key_of(form)
        if form.endswith("+"):
            known.regions.setdefault(key[:-1], Entry(name, level, inside))
        else:
            known.add(form, Entry(name, level, inside, key in surnames, key in words))


@cache
def _doubtful(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names that are also words, and those that are given names or surnames too."""
    rows = table(language, "places")
    ordinary, given = rows["ordinary"], rows["given"]["names"]
    words = frozenset(key_of(word) for word in ordinary["words"])
    return words, frozenset(key_of(word) for word in (*ordinary["surnames"], *given))


def _add_cities(known: Gazetteer) -> None:
    countries = {row[0]: row[1] for row in _rows("countries")}
    latin = known.language in ("en", "de")
    column = 3 + _LANGUAGES.index("latin" if latin else known.language)
    words, surnames = _doubtful(known.language)
    rows = list(_rows("cities"))
    if known.language == "uk":
        rows.sort(key=lambda row: row[1] != "UA")
    for row in rows:
        names = _cell(row[column])
        if latin:
            names.insert(0, row[0])
        stranger = row[1] not in _HOME.get(known.language, _FAMILIAR)
        inside = row[2] or countries.get(row[1], "")
        for name in names:
            if stranger and known.language == "zh" and len(name) < 3:
                continue  # two characters are part of a person's name more often
            key = key_of(name)
            shy = (stranger and " " not in name) or key in surnames
            known.add(name, Entry(row[0], "city", inside, shy, key in words))


@cache
def _containers() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, _, inside, *_ in (*_rows("regions"), *_rows("abroad"), *_rows("well_known")):
        found.setdefault(name, inside)
    for name, inside, *_ in _rows("districts"):
        found.setdefault(f"{name} district", inside)
    countries = {row[0]: row[1] for row in _rows("countries")}
    for name, country, inside, *_ in _rows("cities"):
        found.setdefault(name, inside or countries.get(country, ""))
    return found


def container_of(name: str) -> str:
    """Return what contains a place, by its usual English name; empty where none is known.

    Examples
    --------
    >>> container_of("Bucha district"), container_of("Kyiv Oblast"), container_of("Ukraine")
    ('Kyiv Oblast', 'Ukraine', '')
    """
    return _containers().get(name, "")
