"""The language of each paragraph: English, Ukrainian, Russian, German, Chinese, or none of these.

The script decides between Chinese, Cyrillic and Latin; the most usual small words and the letters
of a language (``words/<language>/language.toml``) between languages of one script. Neighbours that
are not read (``words/others/language.toml``) have their words too, so that a French or Belarusian
paragraph is none of the five.

Measured on ``tests/reports/languages.tsv``, 235 single sentences in the five languages and 25 more,
each read as a text of its own: these tables have 230 right (they were written with these sentences
in view), py3langid 0.4.0 225 (9 of 15 Chinese), lingua 2.1.1 233. py3langid needs numpy and 0.7 s
to start, lingua 96 MB and 10 s; the tables are read in 10 ms.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from keepwarm.reports.words import LANGUAGES, key_of

NONE = ""
"""The language of a text in none of the five."""

_TABLES = files("keepwarm.reports") / "words"
#: A letter that more languages have speaks for none of them.
_RARE = 4
_SCRIPTS = re.compile(
    "(?P<han>[\u3400-\u9fff])|(?P<kana>[\u3040-\u30ff])|(?P<cyrillic>[\u0400-\u052f]+)"
    "|(?P<latin>[A-Za-z\u00c0-\u024f]+)|(?P<other>[^\\W\\d_])"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’ʼ][^\W\d_]+)*['’]?")

#: A paragraph of more words says its language itself, or has none of the five.
_SHORT = 6
#: Least share of words that are known words of the language, in a paragraph that is not short.
_SHARE = 0.12


@dataclass(frozen=True)
class Evidence:
    """What speaks for the languages of a paragraph: its script, its words, points by language.

    Words that begin with a capital are not counted: a list of names says no language.
    """

    script: str
    words: int
    points: Counter[str]


def evidence(paragraph: str) -> Evidence:
    """Return what speaks for the languages of a paragraph."""
    script = _script(paragraph)
    if script not in {"latin", "cyrillic"}:
        return Evidence(script, len(paragraph), Counter())
    points: Counter[str] = Counter()
    words = _WORD.findall(paragraph)
    for word in words:
        for language, count in _points_of(word, script):
            points[language] += count
    return Evidence(script, sum(word[0].islower() for word in words), points)


@lru_cache(maxsize=1 << 15)
def _points_of(word: str, script: str) -> tuple[tuple[str, int], ...]:
    """Return what a word says for and against the languages of a script."""
    known = _known()
    points = Counter(known.words.get(key_of(word), ()))
    # A foreign name says nothing about the language around it; Cyrillic respells names.
    if script == "cyrillic" or word[0].islower():
        points.update(known.of_letters(word.lower()))
        points.update(known.of_ending(word.lower()))
    here = known.scripts[script]
    return tuple((language, count) for language, count in points.items() if language in here)


def language_of(found: Evidence, document: str | None = None) -> str | None:
    """Return the language of a paragraph.

    Parameters
    ----------
    found : Evidence
        Of the paragraph.
    document : str, optional
        Language of the whole, which a paragraph that does not say inherits if it may.

    Returns
    -------
    str or None
        One of the five, `NONE`, or None where the paragraph is too short to say.
    """
    if found.script == "han":
        return "zh"
    if found.script in {"kana", "other"}:
        return NONE
    if not found.script:
        return document
    ranked = found.points.most_common()
    own = _inheritable(document, found.script)
    if found.words > _SHORT:
        if not ranked or ranked[0][1] < max(2, _SHARE * found.words):
            return NONE if found.words > 2 * _SHORT else own
        return _best(ranked, own)
    if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
        best = ranked[0][0]
        # A line of a few words goes with its document unless it clearly says otherwise.
        if (best in LANGUAGES and own is None) or ranked[0][1] > 1 + found.points[own or ""]:
            return _best(ranked, own)
    return own


def _inheritable(document: str | None, script: str) -> str | None:
    fits = {"cyrillic": {"uk", "ru"}, "latin": {"en", "de"}}[script]
    return document if document in fits else None


def _best(ranked: Sequence[tuple[str, int]], own: str | None) -> str:
    """Return the language of most points; the document's where it has as many."""
    tied = [language for language, count in ranked if count == ranked[0][1]]
    if own in tied:
        return own
    read = [language for language in tied if language in LANGUAGES]
    return read[0] if read else NONE


def document_language(paragraphs: Sequence[Evidence]) -> str | None:
    """Return the language most words of a text are in; None where none of the five is found."""
    words: Counter[str] = Counter()
    for found in paragraphs:
        language = language_of(found)
        if language:
            words[language] += found.words + 1
    if words:
        return words.most_common(1)[0][0]
    together = Evidence("", 0, Counter())
    for found in paragraphs:
        if found.script in {"latin", "cyrillic"}:
            points = Counter(dict(together.points))
            points.update(found.points)
            together = Evidence(found.script, together.words + found.words, points)
    return language_of(together) or _guess(together)


def _guess(found: Evidence) -> str | None:
    """Return the language of a few words that say little, if none not read is more likely."""
    if not found.script or found.words > 2 * _SHORT:
        return None
    most = max(found.points.values(), default=0)
    own = ("ru", "uk") if found.script == "cyrillic" else ("en", "de")
    likely = [language for language in own if found.points[language] >= max(most, 1)]
    return likely[0] if likely else None


def _script(paragraph: str) -> str:
    """Return the script most of a paragraph is in: han, kana, cyrillic, latin, other, or none."""
    lengths: Counter[str] = Counter()
    for match in _SCRIPTS.finditer(paragraph):
        kind = match.lastgroup or ""
        # A character of Chinese says about as much as three letters.
        lengths[kind] += 3 if kind in {"han", "kana"} else len(match.group())
    if lengths["kana"] * 10 > lengths["han"] > 0:
        lengths["kana"] += lengths.pop("han")
    return lengths.most_common(1)[0][0] if lengths else ""


@dataclass(frozen=True)
class _Known:
    """What the tables say: the languages of words, endings, and letters that not all have."""

    words: Mapping[str, tuple[str, ...]]
    endings: Mapping[str, tuple[str, ...]]
    letters: Mapping[str, frozenset[str]]
    scripts: Mapping[str, frozenset[str]]

    def of_ending(self, word: str) -> tuple[str, ...]:
        """Return the languages whose words end like this one, by its longest known ending."""
        for length in range(min(5, len(word) - 2), 1, -1):
            languages = self.endings.get(word[-length:])
            if languages:
                return languages
        return ()

    def of_letters(self, word: str) -> dict[str, int]:
        """Return a point for languages that have the word's rare letters, -1 for the others."""
        points: dict[str, int] = {}
        for letter in set(word) & self.letters.keys():
            having = self.letters[letter]
            for language in self.scripts[_script(letter)]:
                if language not in having:
                    points[language] = -1
                elif len(having) <= _RARE:
                    points.setdefault(language, 1)
        return points


@cache
def _known() -> _Known:
    tables = tomllib.loads((_TABLES / "others" / "language.toml").read_text(encoding="utf-8"))
    for language in LANGUAGES:
        place = _TABLES / language / "language.toml"
        tables[language] = tomllib.loads(place.read_text(encoding="utf-8"))["language"]
    scripts: dict[str, set[str]] = {}
    for language, entry in tables.items():
        scripts.setdefault(_script(entry["words"]), set()).add(language)
    return _Known(
        {word: tuple(found) for word, found in _by(tables, "words").items()},
        {ending: tuple(found) for ending, found in _by(tables, "endings").items()},
        {letter: frozenset(found) for letter, found in _by(tables, "letters").items()},
        {script: frozenset(found) for script, found in scripts.items()},
    )


def _by(tables: Mapping[str, Mapping[str, str]], row: str) -> dict[str, list[str]]:
    """Return the languages that list each word, ending or letter."""
    listed: dict[str, list[str]] = {}
    for language, entry in tables.items():
        entries = entry[row] if row == "letters" else key_of(entry[row]).split()
        for one in dict.fromkeys(entries):
            listed.setdefault(one, []).append(language)
    return listed
