"""The language of each paragraph: English, Ukrainian, Russian, German, Chinese, or none of these.

The script decides between Chinese, Cyrillic and Latin; the most usual small words and the letters
of a language (``words/<language>/language.toml``) between languages of one script. Neighbours that
are not read (``words/others/language.toml``) have their words too, so that a French or Belarusian
paragraph is none of the five.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from keepwarm.reports.words import LANGUAGES, key_of, table

NONE = ""
"""The language of a text in none of the five."""

_CYRILLIC = frozenset({"uk", "ru", "be", "bg", "sr", "mk", "kk"})
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
    """What speaks for the languages of a paragraph: its script, its words, points by language."""

    script: str
    words: int
    points: Counter[str]


def evidence(paragraph: str) -> Evidence:
    """Return what speaks for the languages of a paragraph."""
    script = _script(paragraph)
    if script not in {"latin", "cyrillic"}:
        return Evidence(script, len(paragraph), Counter())
    by_word, by_letter = _known()
    points: Counter[str] = Counter()
    words = _WORD.findall(paragraph)
    for word in words:
        key = key_of(word)
        points.update(by_word.get(key, ()))
        # A foreign name says nothing about the language around it.
        if word[0].islower():
            points.update({language for letter in key for language in by_letter.get(letter, ())})
    in_script = {
        language: count
        for language, count in points.items()
        if (language in _CYRILLIC) == (script == "cyrillic")
    }
    return Evidence(script, len(words), Counter(in_script))


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
        if best in LANGUAGES or ranked[0][1] > 1 + found.points[own or ""]:
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
            words[language] += found.words
    if words:
        return words.most_common(1)[0][0]
    together = Evidence("", 0, Counter())
    for found in paragraphs:
        if found.script in {"latin", "cyrillic"}:
            points = together.points + found.points
            together = Evidence(found.script, together.words + found.words, points)
    return language_of(together) or None


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


@cache
def _known() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Return the languages of each known word, and of each letter that only some have."""
    tables = {language: table(language, "language")["language"] for language in LANGUAGES}
    tables |= table("others", "language")
    by_word: dict[str, list[str]] = {}
    by_letter: dict[str, list[str]] = {}
    for language, entry in tables.items():
        for word in {key_of(word) for word in str(entry["words"]).split()}:
            by_word.setdefault(word, []).append(language)
        for letter in key_of(str(entry["letters"])):
            by_letter.setdefault(letter, []).append(language)
    return (
        {word: tuple(languages) for word, languages in by_word.items()},
        {letter: tuple(languages) for letter, languages in by_letter.items()},
    )
