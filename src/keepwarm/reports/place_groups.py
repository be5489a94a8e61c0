"""Places named together: "Odesa, Donetsk and Kharkiv regions" is one group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from keepwarm.reports.places import Place
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Token

_AND = frozenset((",", "、", "和", "及", "与", "以及", "and", "und", "sowie", "та", "і", "й", "и"))
_AND |= frozenset(("also", "as", "well", "the", "in", "part", "parts", "of"))
_AND |= frozenset(("в", "у", "на", "а", "також", "также"))
"""What joins places of one list."""

_BESIDES = frozenset(("and", "und", "sowie", "та", "і", "й", "и"))
_UNITS = (
    *("district", "municipalit", "communit", "settlement", "town", "village"),
    *("gemeinde", "bezirk", "kreis", "landkreis", "ortschaft"),
    *("округ", "район", "громад", "населен", "пункт"),
)
"""Words for parts of a region that are counted beside a town of it."""


_BEFORE_PARTS = frozenset((":", "：", "—", "–"))
_OF_THEM = frozenset(
    [
        *("them", "which", "including", "davon", "darunter", "них", "яких", "которых"),
        *("причем", "причому", "причём"),
        *("насамперед", "передусім", "найбільше", "особливо", "прежде", "особенно"),
        *("зокрема", "включая", "числе", "числі", "其", "包"),
    ]
)
"""Marks and words after which parts of a figure follow."""


@dataclass(frozen=True)
class Group:
    """Places named together, in tokens of the sentence."""

    places: tuple[Place, ...]
    first: int
    last: int


def listed(sentence: Sentence, named: Sequence[Place]) -> list[Group]:
    """Return places in groups: "Odesa, Donetsk and Kharkiv regions" is one."""
    groups: list[Group] = []
    for place in named:
        beside = bool(groups) and _beside(sentence, groups[-1].last, place.first)
        if groups and (beside or _joined(sentence, groups[-1].last, place.first)):
            before = groups[-1].places
            if beside:  # the region is no container here: other parts of it are meant
                before = tuple(replace(one, inside="") for one in before)
            whole = (*before, place)
            groups[-1] = Group(whole, groups[-1].first, max(groups[-1].last, place.last))
        else:
            groups.append(Group((place,), place.first, place.last))
    return groups


def _joined(sentence: Sentence, last: int, first: int) -> bool:
    between = [token.key for token in sentence.tokens[last:first]]
    contrast = "а" in between and "также" not in between
    return len(between) <= 3 and not contrast and all(key in _AND for key in between)


def _beside(sentence: Sentence, last: int, first: int) -> bool:
    """Say whether parts of a region follow a town: "in Enerhodar and six districts of ..."."""
    between = [token.key for token in sentence.tokens[last:first]]
    return (
        2 < len(between) + 1 <= 7
        and between[0] in _BESIDES
        and between[-1] not in _BESIDES
        and "," not in between
        and any(key.startswith(_UNITS) for key in between)
    )


def specific(group: Sequence[Place]) -> list[Place]:
    """Return a group without the places that contain another of it."""
    containers = {place.inside for place in group if place.inside}
    for one, other in pairwise(group):
        wide = ("region", "country")
        around = other.level in wide and one.level not in wide and one.inside in ("", other.name)
        if one.last + 1 == other.first and around:
            containers.add(other.name)  # "Jasper County, Missouri"
        elif one.last + 1 == other.first and _quarter(one, other):
            containers.add(one.name)  # "Київ, Дарницький район"
        elif one.last == other.first and (one.level == "country" or one.end == other.start):
            containers.add(one.name)  # "Russia's Belgorod region", 临河市城东区
    return [place for place in group if place.name not in containers] or list(group)


def _quarter(one: Place, other: Place) -> bool:
    """Say whether a district that no table knows stands after a city: it is one of the city."""
    return one.level == "city" and other.level == "district" and not other.inside


def announced(tokens: Sequence[Token]) -> bool:
    """Say whether parts follow: behind a colon, "including"."""
    return any(token.text in _BEFORE_PARTS or token.key in _OF_THEM for token in tokens)
