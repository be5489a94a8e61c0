"""Known and generic speakers: which words name one, and its English name.

``speakers.csv`` lists organisations, governments, media and office holders with their names in
five languages, ``speakers_chinese.csv`` more names in Chinese; the tables ``title``, ``organ``,
``witness``, ``country``, ``pronoun`` and ``definite`` of ``words/<language>/sources.toml`` hold the
nouns that speakers share.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from keepwarm.reports.gazetteer import gazetteer
from keepwarm.reports.names import nominative, romanised
from keepwarm.reports.words import Cue, Index, Token, longest, table, tokens_of

_LATIN = ("company", "media")
_NAMES = ("en", "uk", "ru", "de", "zh")
_KINDS = ("title", "organ", "witness", "country", "pronoun", "definite")
_ADJECTIVES = {"Ukraine": "Ukrainian", "Russia": "Russian", "Moldova": "Moldovan"}
_DERIVED = re.compile(r"(i?y?ev|ov)(a|u|ym|oi)?|enk\w+|i?uk\w*|[eo]vy?i?ch\w*|y?an\w*")
"""Endings that make another surname of one: "Игнатьев" is no form of "Игнат"."""

_STATE = ("ministry", "armed forces", "air force", "air defence", "authorities", "security")


_COMMON = frozenset(
    (
        *("think tank", "operator", "power company", "grid operator", "heat supplier"),
        *("gas company", "water utility", "nuclear operator", "news agency", "hospital"),
        "operational headquarters",
    )
)
"""Common names that give way to the proper one, where a text has it."""


@dataclass(frozen=True, slots=True)
class Known:
    """One row of ``speakers.csv``: its name, kind (person, company, ...) and country."""

    name: str
    kind: str
    country: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker as a text names it.

    Attributes
    ----------
    name : str
        Canonical English name; empty for a pronoun.
    kind : str
        person, company, organ, government, media or witness.
    about : str
        Country whose organ it is, else empty.
    refers : str
        person, company or organ where the words stand for an earlier speaker, else empty.
    title : str
        Canonical office named ("mayor"), else empty.
    """

    name: str
    kind: str
    about: str = ""
    refers: str = ""
    title: str = ""


@cache
def known() -> dict[str, Known]:
    """Return the speakers of ``speakers.csv`` by name."""
    found: dict[str, Known] = {}
    for row in _rows():
        found.setdefault(row["name"], Known(row["name"], row["kind"], row["country"]))
    return found


@cache
def _rows() -> tuple[dict[str, str], ...]:
    read = [*_table("speakers"), *_table("speakers_chinese")]
    return tuple({**dict.fromkeys(_NAMES, ""), **row} for row in read)


def _table(name: str) -> Iterable[dict[str, str]]:
    text = (files("keepwarm.reports") / f"{name}.csv").read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


@cache
def _speakers(language: str) -> Index:
    """Return the patterns that name speakers in a language."""
    tables: dict[str, dict[str, list[str]]] = {"speaker": {}}
    for row in _rows():
        patterns = [word for word in (row[language] or "").split("|") if word]
        # Names in Latin letters stand unchanged in texts of every language.
        latin = row["en"].split("|") if row["en"] and row["kind"] in _LATIN else []
        written = tables["speaker"].setdefault(row["name"], [])
        written += [*patterns, *(set(latin) - set(patterns))]
    for kind in _KINDS:
        tables[kind] = dict(table(language, "sources").get(kind, {}))
    return Index({"speakers": tables}, gap=2)


def mentions(tokens: Sequence[Token], language: str) -> list[Cue]:
    """Return the words of a sentence that may name a speaker, in order."""
    found = longest(_speakers(language).found(tokens)["speakers"])
    if language == "en" and any(token.key.endswith("'s") for token in tokens):
        places = {cue.first for cue in found}
        owned = _speakers(language).found([_owner(token) for token in tokens])
        owners = longest(owned["speakers"])
        found += [cue for cue in owners if cue.table == "speaker" and cue.first not in places]
        found.sort(key=lambda cue: (cue.first, cue.last))
    kept = [cue for cue in found if _plausible(cue, tokens, language)]
    whole = [cue for cue in kept if cue.table == "speaker"]
    return [cue for cue in kept if not any(_inside(cue, name) for name in whole)]


def _owner(token: Token) -> Token:
    """Return "Klitschko" for "Klitschko's"."""
    return token._replace(key=token.key.removesuffix("'s"))


def _inside(cue: Cue, name: Cue) -> bool:
    """Return whether a common noun is only part of a known name ("General Staff of Ukraine")."""
    return (
        cue.table != "speaker"
        and name.first <= cue.first
        and cue.last <= name.last
        and (cue.last - cue.first < name.last - name.first or cue.table == "country")
    )


def _plausible(cue: Cue, tokens: Sequence[Token], language: str) -> bool:
    """Names begin with a capital: "поле Кима" is one, "ясно" (clear) is none."""
    if cue.table != "speaker" or language == "zh":
        return True
    words = tokens[cue.first : cue.last]
    if language in ("uk", "ru") and _another(cue.label, words[-1].text, language):
        return False
    address = any(word.text == "." for word in words)  # poweroutage.us
    return any(word.text[:1].isupper() for word in words) or words[0].text[:1].isdigit() or address


def _another(name: str, word: str, language: str) -> bool:
    """Say whether a word is a surname made of this one: "Игнатьев" of "Ihnat"."""
    said, surname = romanised(word, language).lower(), name.rpartition(" ")[2].lower()
    alike = known()[name].kind == "person" and said.replace("g", "h").startswith(
        surname.replace("g", "h")
    )
    return alike and _DERIVED.fullmatch(said[len(surname) :]) is not None


def speaker(tokens: Sequence[Token], found: Iterable[Cue], language: str) -> Speaker | None:
    """Return the speaker a noun phrase names, or None where it names none.

    Parameters
    ----------
    tokens : sequence of Token
        The noun phrase.
    found : iterable of Cue
        Mentions inside it, counted in its own tokens.
    language : str
        Of the sentence.
    """
    cues = list(found)
    by = {kind: [cue for cue in cues if cue.table == kind] for kind in (*_KINDS, "speaker")}
    pronoun = by["pronoun"]
    if pronoun and pronoun[0].last - pronoun[0].first == len(tokens):
        label = pronoun[0].label
        return Speaker("", "person" if label == "person" else "organ", refers=label)
    last = pronoun[-1] if pronoun and pronoun[-1].last == len(tokens) else None
    if last and last.label == "person" and not by["speaker"] and not by["title"]:
        return Speaker("", "person", refers="person")  # "within the hour he wrote"
    name = _name(tokens, cues, language)
    whole = [cue for cue in by["definite"] if _fills(cue, tokens, by)]
    if whole and not name and not by["speaker"]:
        label = whole[0].label
        title = by["title"][0].label if by["title"] else ""
        generic = by["organ"][-1].label if by["organ"] else title
        return Speaker(generic, label, refers=label, title=title)
    return _named(tokens, by, name, language)


def _fills(cue: Cue, tokens: Sequence[Token], by: dict[str, list[Cue]]) -> bool:
    """Return whether "the company" is all there is, not "the company of the region"."""
    lead = cue.first == 0 or (cue.first == 1 and tokens[0].key in ("в", "у", "во", "in"))
    return lead and cue.last == len(tokens) and not by["country"]


def _named(
    tokens: Sequence[Token], by: dict[str, list[Cue]], name: str, language: str
) -> Speaker | None:
    rows = [known()[cue.label] for cue in by["speaker"]]
    countries = {cue.label for cue in by["country"]}
    country = countries.pop() if len(countries) == 1 else ""
    title = by["title"][0].label if by["title"] else ""
    person = next((row for row in rows if row.kind == "person"), None)
    if person:
        return Speaker(person.name, "person", person.country, title=title)
    if by["witness"]:
        return Speaker(_witness(tokens, by, language), "witness")
    if name and (title or not rows):
        firm = name.rpartition(" ")[2].lower() in table(language, "sources").get("firm", {}).get(
            "words", []
        )
        kind = "person" if title or " " in name else "organ"
        return Speaker(name, "company" if firm and not title else kind, country, title=title)
    row = _best(rows, tokens, by)
    if row:
        inside = title and title != "spokesperson"
        return Speaker(f"{title} of {row.name}" if inside else row.name, row.kind, row.country)
    if by["organ"]:
        organ = _organ(_last_organ(by), country, language)
        proper = _proper(tokens, by["organ"][-1]) if language == "en" else ""
        return replace(organ, name=proper) if proper and organ.name in _COMMON else organ
    if title:
        return Speaker(title, "person", country, title=title)
    return None


def _best(rows: list[Known], tokens: Sequence[Token], by: dict[str, list[Cue]]) -> Known | None:
    """Return the known organisation; a country speaks only where nothing else is named."""
    organs = [row for row in rows if row.kind != "government"]
    if organs:
        return organs[0]
    if not rows or by["title"] or by["organ"]:
        return None
    covered = max(cue.last - cue.first for cue in by["speaker"])
    return rows[0] if covered >= len(tokens) - 1 else None


def _last_organ(by: dict[str, list[Cue]]) -> str:
    """Return the last office named; "Минэнерго" is a ministry, though it ends like a company."""
    last = by["organ"][-1]
    alike = [cue.label for cue in by["organ"] if (cue.first, cue.last) == (last.first, last.last)]
    return next((label for label in alike if label.startswith("ministry of")), last.label)


def _organ(label: str, country: str, language: str) -> Speaker:
    """Return a speaker named by a common noun; ministries of Ukraine's own language are hers."""
    if label == "ministry of energy" and not country and language == "uk":
        country = "Ukraine"
    state = any(word in label for word in _STATE)
    kind = (
        "company" if "company" in label or "operator" in label or "supplier" in label else "organ"
    )
    if label.startswith("ministry of") and country:
        adjective = _ADJECTIVES.get(country, country)
        proper = label.title().replace(" Of ", " of ")
        name = f"{proper} of {country}" if country != "Russia" else f"{adjective} {proper}"
        return Speaker(name, kind, country)
    if state and country in _ADJECTIVES:
        return Speaker(f"{_ADJECTIVES[country]} {label}", kind, country)
    return Speaker(label, kind, country)


def _proper(tokens: Sequence[Token], organ: Cue) -> str:
    """Return the name whose common noun is written as part of it: "Energy Networks Association"."""
    first, last = organ.first, organ.last
    if not all(token.text[:1].isupper() for token in tokens[first:last]):
        return ""
    while first > 0 and _named_by(tokens[first - 1], first - 1):
        first -= 1
    while last < len(tokens) and _named_by(tokens[last], last):
        last += 1
    while first < last and not tokens[first].text[:1].isupper():
        first += 1
    while last > first and not tokens[last - 1].text[:1].isupper():
        last -= 1
    words = [token.text for token in tokens[first:last]]
    words = words[1:] if words and words[0] == "The" else words
    return " ".join(words).removesuffix("'s") if len(words) > 1 else ""


def _named_by(token: Token, place: int) -> bool:
    """Say whether a word can belong to the name of an organisation."""
    joins = token.key in ("of", "for", "and", "&") and place > 0
    owner = token.key.endswith("'s")
    return joins or (token.text[:1].isupper() and not owner)


def _witness(tokens: Sequence[Token], by: dict[str, list[Cue]], language: str) -> str:
    label = by["witness"][0].label
    if label != "unnamed sources":
        return label
    organ = _last_organ(by) if by["organ"] else ""
    return f"unnamed source in {organ}" if organ else label


def _name(tokens: Sequence[Token], cues: Sequence[Cue], language: str) -> str:
    """Return the name of a person or firm that the phrase ends (or, set apart, begins) with."""
    if language == "zh":
        return _chinese_name(tokens, cues)
    taken = {
        place for cue in cues if cue.table != "country" for place in range(cue.first, cue.last)
    }
    quoted = _quoted(tokens)
    if quoted and not any(cue.table == "title" for cue in cues):
        return romanised(quoted, language)
    run: list[str] = []
    best: list[str] = []
    for place, token in enumerate(tokens):
        fits = place not in taken and token.text[:1].isupper() and token.text[:1].isalpha()
        run = [*run, token.text] if fits else []
        ends = place + 1 == len(tokens) or tokens[place + 1].key in (",", "(")
        if run and ends and (len(run) > 1 or _single(run[0], place, tokens, cues)):
            best = best or run
    if len(best) == 1 and gazetteer(language).longest(tokens, _place_of(best[0], tokens)):
        return ""  # "мер Сум" names the mayor's town.
    if language == "de" and len(best) == 2 and best[1].isupper() and len(best[1]) > 2:
        best = best[1:]  # "Regierungszentrum für Sicherheit RCB"
    country = any(cue.table == "country" and cue.last == len(tokens) for cue in cues)
    if not best or (country and len(best) < 2):
        return ""
    words = tuple(best)
    return romanised(" ".join(nominative(words, language)), language)


def _place_of(word: str, tokens: Sequence[Token]) -> int:
    return next(place for place, token in enumerate(tokens) if token.text == word)


def _single(word: str, place: int, tokens: Sequence[Token], cues: Sequence[Cue]) -> bool:
    """Return whether one word is a name: after a title ("мер Кличко"), or all capitals."""
    if any(cue.last == place and cue.table in ("title", "organ") for cue in cues):
        return True
    return word.isupper() and 2 < len(word) < 6  # longer: a town that opens a report


def _quoted(tokens: Sequence[Token]) -> str:
    """Return what stands in quotation marks inside a phrase: «Киевэнерго»."""
    marks = [place for place, token in enumerate(tokens) if token.text in '«»“”"„']
    named = len(marks) >= 2 and tokens[marks[0] + 1].text[:1].isupper()
    if named and 1 <= marks[1] - marks[0] - 1 <= 4:
        return " ".join(token.text for token in tokens[marks[0] + 1 : marks[1]])
    return ""


def _chinese_name(tokens: Sequence[Token], cues: Sequence[Cue]) -> str:
    """Return the characters after the last title, where they are as many as a name has."""
    titles = [cue.last for cue in cues if cue.table == "title"]
    if not titles:
        return ""
    rest = tokens[max(titles) :]
    if any(cue.table in ("organ", "speaker") and cue.first >= max(titles) for cue in cues):
        return ""
    return "".join(token.text for token in rest) if 2 <= len(rest) <= 14 else ""


def unknown_chinese(tokens: Sequence[Token]) -> Speaker | None:
    """Return a speaker that no table knows: an office by its last character, or a short name."""
    words = "".join(token.text for token in tokens)
    rows = table("zh", "sources")["nameless"]
    if any(word in words for word in rows["never"]):
        return None
    if 3 <= len(words) <= _LONGEST_OFFICE and words[-1] in rows["offices"]:
        return Speaker(words, "organ")
    return Speaker(words, "person") if 2 <= len(words) <= _LONGEST_NAME else None


_LONGEST_OFFICE, _LONGEST_NAME = 16, 6
"""Characters of an unknown office, and of a name."""


def tokens_inside(cues: Iterable[Cue], first: int, last: int) -> list[Cue]:
    """Return the mentions that lie wholly in a range of tokens, counted from its first."""
    return [
        Cue(cue.table, cue.label, cue.first - first, cue.last - first, cue.start, cue.end)
        for cue in cues
        if first <= cue.first and cue.last <= last
    ]


def phrase(text: str, language: str) -> Speaker | None:
    """Return the speaker named by a phrase that stands alone."""
    tokens = tokens_of(text)
    return speaker(tokens, mentions(tokens, language), language)
