"""Places named in a sentence, by their usual English names."""

from __future__ import annotations

from dataclasses import dataclass

from keepwarm.reports.text import Sentence, Text


@dataclass(frozen=True)
class Place:
    """A place where it is named.

    Attributes
    ----------
    start, end, first, last : int
        In characters of the reading copy, and in tokens of the sentence.
    name : str
        Usual English name, "X Oblast" and "X district" with their unit, a city bare.
    level : str
        country, region, district, hromada, city, settlement, part (of a city), or line.
    inside : str
        Name of the place that contains it, where known, else empty.
    role : str
        ``where`` (something is there: "in Kyiv", "на Харківщині"), ``who`` (the name stands for
        its authorities, "Kyiv said", or is part of an organisation's name), or ``bare``.
    """

    start: int
    end: int
    first: int
    last: int
    name: str
    level: str
    inside: str
    role: str


def places(text: Text, sentence: Sentence) -> list[Place]:
    """Return the places of a sentence in the order of the text."""
    raise LookupError("being written")
