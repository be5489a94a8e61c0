"""Word tables: what words mean in a language, as files that a speaker can extend without code.

``words/<language>/<step>.toml`` holds tables of labels; each label has a list of patterns::

    [service]
    power = ["electricity", "power suppl*", "lights"]

A pattern is a row of words, matched without regard to case:

==========  ==========================================================================
``suppl*``  any ending: supply, supplies (``*netz``: any beginning)
``(the)``   the word may be absent
``..``      up to four other words (eight characters in Chinese), not across a full stop
==========  ==========================================================================

A word is a run of letters, with inner apostrophes and hyphens; digits, each punctuation mark and
each Chinese character stand alone. Apostrophes of all shapes, ё and е are equal, and traditional
characters are read as simplified ones.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "uk", "ru", "de", "zh")

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(
    rf"[{_HAN}]"
    rf"|[^\W\d_{_HAN}]+(?:['-][^\W\d_{_HAN}]+)*"
    r"|\d+"
    r"|[^\s]"
)
_STOPS = frozenset(".!?;。！？；\n")
_GAP = "\0gap"

_MET = 20_000
"""Words whose patterns are kept in memory, for each language and step."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a run of digits, a mark or a Chinese character, and where it stands."""

    start: int
    end: int
    text: str
    key: str
    """The text as word tables compare it."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A pattern of a table found in a text.

    ``first`` and ``last`` count tokens (``last`` exclusive); ``start`` and ``end`` characters.
    """

    table: str
    label: str
    first: int
    last: int
    start: int
    end: int


def key_of(text: str) -> str:
    """Return ``text`` as word tables compare it: same length, no case, one apostrophe, е for ё."""
    lowered = text.lower()
    return (lowered if len(lowered) == len(text) else text).translate(_SAME)


_SAME = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "‘": "'", "ʹ": "'", "ё": "е", "‑": "-"})


def tokens_of(text: str, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """Return the tokens of ``text`` between two characters, with their places in the whole."""
    stop = len(text) if end is None else end
    return tuple(
        Token(match.start(), match.end(), match.group(), key_of(match.group()))
        for match in _TOKEN.finditer(text, start, stop)
    )


@dataclass(frozen=True, slots=True)
class _Pattern:
    table: str
    label: str
    words: tuple[str, ...]
    """Keys; ``*`` at one end for any ending or beginning, ``_GAP`` for other words between."""
    second: str
    """The second key where it must stand as it is, else empty: most patterns fail there."""


class Cues:
    """The patterns of one language and step, ready to be found.

    Parameters
    ----------
    tables : mapping of str to mapping of str to list of str
        Patterns by table and label.
    gap : int
        How many tokens ``..`` may stand for.
    """

    def __init__(self, tables: Mapping[str, Mapping[str, Iterable[str]]], gap: int = 4) -> None:
        self._gap = gap
        self._exact: dict[str, list[_Pattern]] = {}
        self._prefix: dict[str, list[_Pattern]] = {}
        self._suffix: list[_Pattern] = []
        for table, labels in tables.items():
            for label, patterns in labels.items():
                for pattern in patterns:
                    for words in _readings(pattern):
                        self._keep(_Pattern(table, label, words, _second(words)))
        self._lengths = sorted({len(stem) for stem in self._prefix})
        self._met: dict[str, tuple[_Pattern, ...]] = {}

    def _keep(self, pattern: _Pattern) -> None:
        head = pattern.words[0]
        if head.startswith("*"):
            self._suffix.append(pattern)
        elif head.endswith("*"):
            self._prefix.setdefault(head[:-1], []).append(pattern)
        else:
            self._exact.setdefault(head, []).append(pattern)

    def all_in(self, tokens: Sequence[Token]) -> list[Cue]:
        """Return every match, also those that overlap, in the order of the text."""
        found = []
        for first, token in enumerate(tokens):
            following = tokens[first + 1].key if first + 1 < len(tokens) else ""
            for pattern in self._beginning(token.key):
                if pattern.second and pattern.second != following:
                    continue
                single = len(pattern.words) == 1
                last = first + 1 if single else self._end(tokens, first, pattern.words)
                if last is not None:
                    end = tokens[last - 1].end
                    found.append(Cue(pattern.table, pattern.label, first, last, token.start, end))
        return found

    def find(self, tokens: Sequence[Token]) -> list[Cue]:
        """Return the matches of each table, the longest where some of one table overlap.

        Words that stand under two labels of a table are found as both.
        """
        kept: list[Cue] = []
        taken: dict[tuple[str, int], tuple[int, int]] = {}
        for cue in sorted(self.all_in(tokens), key=lambda cue: (cue.first - cue.last, cue.first)):
            places = [(cue.table, place) for place in range(cue.first, cue.last)]
            whole = (cue.first, cue.last)
            if all(taken.get(place, whole) == whole for place in places):
                taken.update(dict.fromkeys(places, whole))
                kept.append(cue)
        return sorted(set(kept), key=lambda cue: (cue.first, cue.last, cue.table, cue.label))

    def _beginning(self, key: str) -> tuple[_Pattern, ...]:
        """Return the patterns that a word may begin; words recur, so they are kept."""
        patterns = self._met.get(key)
        if patterns is None:
            patterns = tuple(self._candidates(key))
            if len(self._met) < _MET:
                self._met[key] = patterns
        return patterns

    def _candidates(self, key: str) -> Iterator[_Pattern]:
        yield from self._exact.get(key, ())
        for length in self._lengths:
            if length > len(key):
                break
            yield from self._prefix.get(key[:length], ())
        for pattern in self._suffix:
            if key.endswith(pattern.words[0][1:]):
                yield pattern

    def _end(self, tokens: Sequence[Token], first: int, words: Sequence[str]) -> int | None:
        """Return the token after the match that begins at ``first``, or None."""
        place = first
        for number, word in enumerate(words):
            if word == _GAP:
                return self._after_gap(tokens, place, words[number + 1 :])
            if place >= len(tokens) or not _same(tokens[place].key, word):
                return None
            place += 1
        return place

    def _after_gap(self, tokens: Sequence[Token], place: int, words: Sequence[str]) -> int | None:
        for skipped in range(self._gap + 1):
            last = self._end(tokens, place + skipped, words)
            if last is not None:
                return last
            if place + skipped >= len(tokens) or tokens[place + skipped].key in _STOPS:
                return None
        return None


def _second(words: Sequence[str]) -> str:
    if len(words) < 2 or words[1] == _GAP or "*" in words[1]:
        return ""
    return words[1]


def _same(key: str, word: str) -> bool:
    if word.endswith("*"):
        return key.startswith(word[:-1])
    if word.startswith("*"):
        return key.endswith(word[1:])
    return key == word


_PIECE = re.compile(r"\.\.|\((?P<optional>[^()]+)\)|(?P<word>[^\s()]+)")


def _readings(pattern: str) -> list[tuple[str, ...]]:
    """Return the rows of words a pattern stands for, one per choice of its optional words."""
    rows: list[tuple[str, ...]] = [()]
    for piece in _PIECE.finditer(pattern):
        if piece.group() == "..":
            rows = [(*row, _GAP) for row in rows]
        elif piece["optional"]:
            rows += [(*row, *_words(piece["optional"])) for row in rows]
        else:
            rows = [(*row, *_words(piece["word"])) for row in rows]
    if any(not row or row[0] == _GAP or row[-1] == _GAP for row in rows):
        raise ValueError(f"the pattern {pattern!r} must begin and end with a word")
    return rows


def _words(piece: str) -> tuple[str, ...]:
    """Return the tokens of a piece of a pattern; a star stays with its word."""
    begins, ends = piece.startswith("*"), piece.endswith("*")
    words = [token.key for token in tokens_of(piece.strip("*"))]
    if begins:
        words[0] = "*" + words[0]
    if ends:
        words[-1] += "*"
    return tuple(words)


@cache
def table(language: str, step: str) -> Mapping[str, Mapping[str, list[str]]]:
    """Return the word tables of a language for one step; empty where there is no such file."""
    place = files("keepwarm.reports") / "words" / language / f"{step}.toml"
    if not place.is_file():
        return {}
    return tomllib.loads(place.read_text(encoding="utf-8"))


@cache
def cues(language: str, step: str) -> Cues:
    """Return the patterns of a language for one step, ready to be found."""
    return Cues(table(language, step), gap=8 if language == "zh" else 4)
