"""Places named in a sentence, by their usual English names."""

from __future__ import annotations

from dataclasses import dataclass

from keepwarm.reports.place_chinese import chinese
from keepwarm.reports.place_names import named
from keepwarm.reports.place_parts import parts, with_parts
from keepwarm.reports.place_roles import kept, role
from keepwarm.reports.place_scene import Scene
from keepwarm.reports.text import Sentence, Text
from keepwarm.reports.words import LANGUAGES


@dataclass(frozen=True)
class Place:
    """A place where it is named.

    Attributes
    ----------
    start, end, first, last : int
        In characters of the reading copy, and in tokens of the sentence (ends exclusive).
    name : str
        Usual English name, "X Oblast" and "X district" with their unit, a city bare.
    level : str
        country, region, district, hromada, city, settlement, part (of a city), or line.
    inside : str
        Name of the place that contains it, where known, else empty.
    role : str
        ``where`` (something is there: "in Kyiv", "на Харківщині"), ``who`` (the name stands for
        its authorities, "Kyiv said", or is part of an organisation's name), ``dateline`` (where
        a report was written), or ``bare``.
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
    """Return the places of a sentence in the order of the text.

    **Leaves out** names that could be a person, a company or an ordinary word, and unknown names
    that no preposition or unit marks as a place.
    """
    language = sentence.language if sentence.language in LANGUAGES else "en"
    if not sentence.tokens:
        return []
    scene = Scene(sentence.tokens, language)
    plain = chinese(scene) if language == "zh" else named(scene)
    found = with_parts(plain, parts(scene, text.copy, plain))
    made: list[Place] = []
    for one in found:
        before = made[-1] if made else None
        given = one.role or role(scene, one, before.last if before else -1,
                                 before.role if before else "")  # fmt: skip
        if kept(scene, one, given):
            start, end = sentence.tokens[one.first].start, sentence.tokens[one.last - 1].end
            made.append(
                Place(start, end, one.first, one.last, one.name, one.level, one.inside, given)
            )
    return made
