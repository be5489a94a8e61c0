"""Where a text quotes somebody."""

from __future__ import annotations

from keepwarm.reports.text import Text


def quotations(text: Text) -> list[tuple[int, int]]:
    """Return the quotations of the reading copy that hold more than a name."""
    found = []
    for start, end in _quoted_spans(text.copy):
        if any(mark in text.copy[start:end] for mark in ".!?。！？,，") or end - start > 60:
            found.append((start, end))
    return found


def _quoted_spans(copy: str) -> list[tuple[int, int]]:
    """Return pairs of quotation marks; a pair never spans an empty line."""
    shut = {"«": "»", "„": "“”", "“": "”", "「": "」", "『": "』"}
    spans: list[tuple[int, int]] = []
    opened: tuple[int, str] | None = None
    for place, mark in enumerate(copy):
        if opened and mark in opened[1]:
            spans.append((opened[0], place + 1))
            opened = None
        elif opened and mark == "\n" and copy[place : place + 2] == "\n\n":
            opened = None
        elif not opened and mark in shut:
            opened = place, shut[mark]
        elif not opened and mark == '"':
            opened = place, '"'
    return spans
