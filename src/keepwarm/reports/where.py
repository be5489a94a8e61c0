"""Which place a claim is about: its own clause's, else its sentence's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from keepwarm.reports.places import Place
from keepwarm.reports.text import Sentence

_WIDE = frozenset(("country",))


@dataclass
class Where:
    """The places of the sentence being read, and of those before it in the paragraph."""

    _groups: list[list[Place]] = field(default_factory=list)
    _numbers: list[int] = field(default_factory=list)
    _sentence: Sentence | None = None
    _carried: str | None = None

    def new_paragraph(self) -> None:
        """Forget what the paragraph before was about."""
        self._carried = None

    def new_sentence(
        self, sentence: Sentence, named: Sequence[Place], numbers: Sequence[int]
    ) -> None:
        """Take the places of the next sentence, and where its claims begin."""
        usable = [place for place in named if place.role != "dateline"]
        placed = [place for place in usable if place.role == "where"] or usable
        self._sentence = sentence
        self._groups = _listed(sentence, placed)
        self._numbers = sorted(numbers)

    def of(self, start: int, end: int) -> str | None:
        """Return the place of a claim whose quote stands between two characters."""
        group = self._nearest(start, end)
        if group is None:
            return self._carried
        names = list(dict.fromkeys(place.name for place in _specific(group)))
        self._carried = None
        return "; ".join(names)

    def _nearest(self, start: int, end: int) -> list[Place] | None:
        """Return the places in reach: no other claim between, the one after before the others."""
        if not self._groups or self._sentence is None:
            return None
        best, least = None, float("inf")
        for group in self._groups:
            first, last = group[0].start, group[-1].end
            gap = first - end if first >= end else start - last if last <= start else 0
            low, high = (end, first) if first >= end else (last, start)
            crossed = sum(low <= number < high for number in self._numbers)
            cost = gap + 60 * crossed
            if cost < least:
                best, least = group, cost
        return best


def _listed(sentence: Sentence, named: Sequence[Place]) -> list[list[Place]]:
    """Return places in groups: "Odesa, Donetsk and Kharkiv regions" is one."""
    groups: list[list[Place]] = []
    for place in named:
        if groups and _joined(sentence, groups[-1][-1], place):
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


_AND = frozenset(
    (
        ",",
        "、",
        "和",
        "及",
        "与",
        "and",
        "und",
        "sowie",
        "та",
        "і",
        "й",
        "и",
        "в",
        "у",
        "на",
        "in",
        "the",
        "а",
        "також",
        "также",
        "as",
        "well",
    )
)


def _joined(sentence: Sentence, one: Place, other: Place) -> bool:
    between = sentence.tokens[one.last : other.first]
    return len(between) <= 3 and all(token.key in _AND for token in between)


def _specific(group: Sequence[Place]) -> list[Place]:
    """Return a group without the places that contain another of it."""
    containers = {place.inside for place in group if place.inside}
    return [place for place in group if place.name not in containers] or list(group)
