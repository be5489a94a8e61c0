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
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple, cast

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
"""Words whose patterns are kept in memory, for each language."""

_STEPS = (
    *("conditions", "events", "facilities", "metrics", "modality", "numbers", "places"),
    *("qualifiers", "set_aside", "sources"),
)
"""Steps whose tables hold patterns; the others hold plain words."""


class Token(NamedTuple):
    """A word, a run of digits, a mark or a Chinese character, and where it stands."""

    start: int
    end: int
    text: str
    key: str
    """The text as word tables compare it."""


_token = cast(Callable[[tuple[int, int, str, str]], Token], partial(tuple.__new__, Token))
"""A token of four values, without the calls of Python that its name would cost."""


class Cue(NamedTuple):
    """A pattern of a table found in a text.

    ``first`` and ``last`` count tokens (``last`` exclusive); ``start`` and ``end`` characters.
    """

    table: str
    label: str
    first: int
    last: int
    start: int
    end: int


_cue = cast(Callable[[tuple[str, str, int, int, int, int]], Cue], partial(tuple.__new__, Cue))


def key_of(text: str) -> str:
    """Return ``text`` as word tables compare it: same length, no case, one apostrophe, е for ё."""
    lowered = text.lower()
    if len(lowered) != len(text):  # some letters have small ones of two characters
        lowered = "".join(small if len(small := one.lower()) == 1 else one for one in text)
    return lowered.translate(_SAME)


_SAME = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "‘": "'", "ʹ": "'", "ё": "е", "‑": "-"})


def tokens_of(text: str, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """Return the tokens of ``text`` between two characters, with their places in the whole."""
    stop = len(text) if end is None else end
    keys = key_of(text[start:stop])
    found = []
    for match in _TOKEN.finditer(text, start, stop):
        first, last = match.span()
        found.append(_token((first, last, match.group(), keys[first - start : last - start])))
    return tuple(found)


class _Pattern(NamedTuple):
    """A row of words with its label: keys, ``*`` at one end for any ending or beginning."""

    step: str
    table: str
    label: str
    head: str
    second: str
    """The second key where it must stand as it is, else empty: most patterns fail there."""
    rest: tuple[str, ...]
    """The words after these; ``_GAP`` stands for other words between."""


Tables = Mapping[str, Mapping[str, Iterable[str]]]
"""Patterns by table and label."""


class Index:
    """The patterns of some steps by the words they begin with, all found in one walk.

    Parameters
    ----------
    steps : mapping of str to mapping
        Patterns by table and label, by step.
    gap : int
        How many tokens ``..`` may stand for.
    """

    def __init__(self, steps: Mapping[str, Tables], gap: int = 4) -> None:
        self.gap = gap
        self._exact: dict[str, list[_Pattern]] = {}
        self._prefix: dict[str, list[_Pattern]] = {}
        self._suffix: list[_Pattern] = []
        self._met: dict[str, dict[str, tuple[_Pattern, ...]]] = {}
        for step, tables in steps.items():
            for table, labels in tables.items():
                for label, patterns in labels.items():
                    for pattern in patterns:
                        for words in _readings(pattern):
                            self._keep(_pattern(step, table, label, words))
        self._lengths = sorted({len(stem) for stem in self._prefix})

    def _keep(self, pattern: _Pattern) -> None:
        head = pattern.head
        if head.startswith("*"):
            self._suffix.append(pattern)
        elif head.endswith("*"):
            self._prefix.setdefault(head[:-1], []).append(pattern)
        else:
            self._exact.setdefault(head, []).append(pattern)

    def found(self, tokens: Sequence[Token]) -> dict[str, list[Cue]]:
        """Return every match of each step, also those that overlap, in the order of the text."""
        found: dict[str, list[Cue]] = defaultdict(list)
        keys = [token.key for token in tokens]
        for first, (key, following) in enumerate(zip(keys, [*keys[1:], ""], strict=False)):
            begun = self._met.get(key)
            if begun is None:
                begun = self._begun(key)
            if not begun:
                continue
            for pattern in begun.get(following) or begun[""]:
                known = first + (2 if pattern.second else 1)
                last = self._end(keys, known, pattern.rest) if pattern.rest else known
                if last is not None:
                    start, end = tokens[first].start, tokens[last - 1].end
                    cue = _cue((pattern.table, pattern.label, first, last, start, end))
                    found[pattern.step].append(cue)
        return found

    def _begun(self, key: str) -> dict[str, tuple[_Pattern, ...]]:
        """Return the patterns that a word may begin, by the word after it; words recur.

        Under the empty word are those that no one word must follow; most words begin none.
        """
        patterns = list(self._candidates(key))
        after = {""} | {pattern.second for pattern in patterns} if patterns else set()
        begun = {word: tuple(one for one in patterns if one.second in ("", word)) for word in after}
        if len(self._met) < _MET:
            self._met[key] = begun
        return begun

    def _candidates(self, key: str) -> Iterator[_Pattern]:
        yield from self._exact.get(key, ())
        for length in self._lengths:
            if length > len(key):
                break
            yield from self._prefix.get(key[:length], ())
        for pattern in self._suffix:
            if key.endswith(pattern.head[1:]):
                yield pattern

    def _end(self, keys: Sequence[str], place: int, words: Sequence[str]) -> int | None:
        """Return the token after the words if they stand at a place, or None."""
        for number, word in enumerate(words):
            if word == _GAP:
                return self._after_gap(keys, place, words[number + 1 :])
            if place >= len(keys) or not _same(keys[place], word):
                return None
            place += 1
        return place

    def _after_gap(self, keys: Sequence[str], place: int, words: Sequence[str]) -> int | None:
        for skipped in range(place, place + self.gap + 1):
            last = self._end(keys, skipped, words)
            if last is not None:
                return last
            if skipped >= len(keys) or keys[skipped] in _STOPS:
                return None
        return None


def longest(found: Iterable[Cue]) -> list[Cue]:
    """Return the cues of each table, the longest where some of one table overlap.

    Words that stand under two labels of a table are found as both.
    """
    tables: dict[str, list[Cue]] = defaultdict(list)
    for cue in found:
        tables[cue.table].append(cue)
    kept: set[Cue] = set()
    for cues in tables.values():
        if all(left.last <= right.first for left, right in pairwise(cues)):
            kept.update(cues)
            continue
        taken: dict[int, tuple[int, int]] = {}
        for cue in sorted(cues, key=_by_length):
            whole = (cue.first, cue.last)
            places = range(cue.first, cue.last)
            if all(taken.get(place, whole) == whole for place in places):
                taken.update(dict.fromkeys(places, whole))
                kept.add(cue)
    return sorted(kept, key=_by_place)


def _by_length(cue: Cue) -> tuple[int, int]:
    return cue.first - cue.last, cue.first


def _by_place(cue: Cue) -> tuple[int, int, str, str]:
    return cue.first, cue.last, cue.table, cue.label


def _pattern(step: str, table: str, label: str, words: tuple[str, ...]) -> _Pattern:
    if len(words) < 2 or words[1] == _GAP or "*" in words[1]:
        return _Pattern(step, table, label, words[0], "", words[1:])
    return _Pattern(step, table, label, words[0], words[1], words[2:])


def _same(key: str, word: str) -> bool:
    if key == word:
        return True
    if word.endswith("*"):
        return key.startswith(word[:-1])
    if word.startswith("*"):
        return key.endswith(word[1:])
    return False


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


@lru_cache(maxsize=1 << 12)
def _words(piece: str) -> tuple[str, ...]:
    """Return the tokens of a piece of a pattern; a star stays with its word."""
    begins, ends = piece.startswith("*"), piece.endswith("*")
    words = [key_of(word) for word in _TOKEN.findall(piece.strip("*"))]
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
def index(language: str) -> Index:
    """Return the patterns of a language for all steps, ready to be found."""
    steps = {step: table(language, step) for step in _STEPS}
    return Index(steps, gap=8 if language == "zh" else 4)
