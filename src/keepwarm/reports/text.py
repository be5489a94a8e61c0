"""A text made ready to be read: its reading copy, paragraphs, their languages, and sentences.

The original is kept as it came (NFC only); `Text.span` leads from the reading copy back into it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from keepwarm.reports.furniture import is_furniture, paragraph_spans, without_furniture
from keepwarm.reports.languages import NONE, document_language, evidence, language_of
from keepwarm.reports.reading_copy import reading_copy
from keepwarm.reports.sentences import sentence_spans
from keepwarm.reports.words import Cue, Token, index, longest, tokens_of

_QUOTES = frozenset('"«»“”„‘’「」『』')
_THROUGH_QUOTES = ("facilities", "events")
"""Steps whose patterns go on over quotation marks."""

_REACH = 7
"""Words from a quotation mark to the end of a pattern that goes on over it."""


@dataclass(frozen=True, eq=False)
class Sentence:
    """One sentence of the reading copy; equal to itself only, so that what is found in it is kept.

    ``tokens`` carry places in the whole reading copy; ``paragraph`` counts paragraphs from 0.
    """

    start: int
    end: int
    language: str
    paragraph: int
    tokens: tuple[Token, ...]

    @cached_property
    def _found(self) -> dict[str, list[Cue]]:
        found = index(self.language).found(self.tokens)
        marks = [n for n, token in enumerate(self.tokens[1:-1], start=1) if token.text in _QUOTES]
        for mark in marks:  # "serious damage" to a substation
            near = range(max(mark - _REACH, 0), min(mark + _REACH, len(self.tokens)))
            bare = [place for place in near if place not in marks]
            through = index(self.language).found([self.tokens[place] for place in bare])
            for step in _THROUGH_QUOTES:
                more = {_moved(cue, bare) for cue in through[step]}
                over = {cue for cue in more if cue.first < mark < cue.last}
                if over:
                    found[step] = sorted({*found[step], *over}, key=_by_place)
        return found

    @cached_property
    def _longest(self) -> dict[str, list[Cue]]:
        return {}

    def cues(self, step: str) -> Sequence[Cue]:
        """Return every match of a step's word tables, in order; see `keepwarm.reports.words`."""
        return self._found[step]

    def longest(self, step: str) -> Sequence[Cue]:
        """Return the matches of a step's word tables, of each table the longest."""
        if step not in self._longest:
            self._longest[step] = longest(self.cues(step))
        return self._longest[step]


def _moved(cue: Cue, places: Sequence[int]) -> Cue:
    """Return a cue found among some tokens of a sentence, counted in all of them."""
    return cue._replace(first=places[cue.first], last=places[cue.last - 1] + 1)


def _by_place(cue: Cue) -> tuple[int, int]:
    return cue.first, cue.last


@lru_cache(maxsize=8)
def alone(words: str, language: str) -> tuple[str, Sentence]:
    """Return the reading copy of some words, and the words as a sentence of their own."""
    copy, _ = reading_copy(words)
    return copy, Sentence(0, len(copy), language, 0, tokens_of(copy))


@dataclass(frozen=True)
class Text:
    """A text as it came and as it is read.

    Attributes
    ----------
    original : str
        NFC, else untouched; every offset that leaves the reader counts in it.
    copy : str
        The reading copy.
    offsets : tuple of int
        Place in ``original`` of each character of ``copy``, and one more for its end.
    sentences : tuple of Sentence
        What is read: furniture (menus, captions, licence lines) is left out.
    language : str
        Of the document; empty where it is none that can be read.
    """

    original: str
    copy: str
    offsets: tuple[int, ...]
    sentences: tuple[Sentence, ...]
    language: str

    def span(self, start: int, end: int) -> tuple[str, int]:
        """Return the words of the original behind a piece of the copy, and where they begin."""
        first = self.offsets[start]
        last = self.offsets[end - 1] + 1 if end > start else first
        if end > start and self.original[last - 1] == "&":  # of "&nbsp;" not only the beginning
            last = max(last, self.original.find(";", last, self.offsets[end]) + 1)
        return self.original[first:last], first


def prepare(text: str) -> Text:
    """Return the text ready to be read.

    Parameters
    ----------
    text : str
        Plain text; see `keepwarm.reports.opened` for files and pages.

    Returns
    -------
    Text
        With no sentence where nothing of it can be read.
    """
    original = unicodedata.normalize("NFC", text)
    copy, offsets = reading_copy(original)
    copy, spans = paragraph_spans(copy)
    spans = without_furniture(copy, spans)
    found = [evidence(copy[slice(*span)]) for span in spans]
    document = document_language(found)
    sentences = []
    for number, ((start, end), about) in enumerate(zip(spans, found, strict=True)):
        language = language_of(about, document)
        if language is None or language == NONE:
            continue
        for first, last in sentence_spans(copy, start, end, language):
            tokens = tokens_of(copy, first, last)
            if is_furniture(copy[first:last], tokens):
                continue
            sentences.append(Sentence(first, last, language, number, tokens))
    return Text(original, copy, offsets, tuple(sentences), document or NONE)
