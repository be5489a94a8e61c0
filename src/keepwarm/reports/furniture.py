"""Paragraphs of a text, and what of a page is furniture: menus, captions, licence lines."""

from __future__ import annotations

import re

_LINE = re.compile(r"[^\n]*\S[^\n]*")


def paragraph_spans(copy: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the copy with the lines of wrapped paragraphs joined, and where paragraphs are."""
    return copy, [match.span() for match in _LINE.finditer(copy)]


def is_furniture(paragraph: str) -> bool:
    """Whether a paragraph only belongs to the page around a text."""
    return not paragraph.strip()
