"""What is said of the things that are counted: without power, back, shot down, injured.

A predicate is a stretch of a sentence with a *state* (``without``, ``restored``, ``launched``,
``downed``, ``lost``, ``hit``, ``killed``, ``injured``, ``casualties``, ``capacity_lost``, ...,
``other`` for what is out of scope) and, for supply, a *service*.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from keepwarm.reports.findings import WEAPONS
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue

_NEAR = 5
"""Words that may stand between a word of lack and the service that is lacking."""

SERVICES = ("power", "heat", "water", "hot_water", "gas")


@dataclass(frozen=True)
class Predicate:
    """A state, and where it stands in tokens of the sentence (``last`` exclusive)."""

    state: str
    service: str
    first: int
    last: int


def predicates(sentence: Sentence, cues: Sequence[Cue]) -> list[Predicate]:
    """Return the predicates of a sentence in its order.

    Parameters
    ----------
    sentence : Sentence
    cues : sequence of Cue
        Cues of the step ``metrics`` in the sentence.
    """
    found: list[Predicate] = []
    taken: set[int] = set()
    for cue in cues:
        if cue.table in ("outage", "back_service"):
            state = "without" if cue.table == "outage" else "restored"
            found.append(Predicate(state, cue.label, cue.first, cue.last))
            taken.update(range(cue.first, cue.last))
    services = [cue for cue in cues if cue.table == "service"]
    weapons = [cue for cue in cues if cue.table == "head" and cue.label in WEAPONS]
    for cue in cues:
        if cue.label == "neutral":
            continue  # words that only look like a sign: "carried out", "damaged substations"
        if cue.table == "state" and any(_part_of(cue, noun) for noun in weapons):
            continue  # "strike drones", "attack drones"
        if cue.table in ("lacking", "back") and taken.isdisjoint(range(cue.first, cue.last)):
            state = "without" if cue.table == "lacking" else "restored"
            found += _with_services(sentence, cue, state, services)
        elif cue.table == "state":
            found.append(Predicate(cue.label, "", cue.first, cue.last))
    found = [one for one in found if not any(_inside(one, other) for other in found)]
    return sorted(set(found), key=lambda predicate: (predicate.first, predicate.last))


def _part_of(cue: Cue, noun: Cue) -> bool:
    """Say whether words are only part of a longer noun."""
    longer = noun.last - noun.first > cue.last - cue.first
    return longer and noun.first <= cue.first and cue.last <= noun.last


def _inside(one: Predicate, other: Predicate) -> bool:
    """Say whether a longer predicate of another state swallows one: "working to restore"."""
    longer = other.last - other.first > one.last - one.first
    supply = ("without", "restored")
    return (
        longer
        and one.state in supply
        and other.state in supply
        and one.state != other.state
        and other.first <= one.first
        and one.last <= other.last
    )


def _with_services(
    sentence: Sentence, cue: Cue, state: str, services: Iterable[Cue]
) -> list[Predicate]:
    """Return the state once for each service that stands with it; once without any if none does.

    A word of return is a predicate of an unnamed service; a word of lack ("waiting", "lost") only
    where its label says so.
    """
    near = [
        service
        for service in services
        if _distance(cue, service) <= _NEAR
        and not _stop_between(sentence, min(cue.last, service.last), max(cue.first, service.first))
    ]
    if not near:
        if cue.label == "alone" or state == "restored":
            return [Predicate(state, "", cue.first, cue.last)]
        return []
    chosen = _chosen(sentence, cue, near)
    return [
        Predicate(state, service.label, min(cue.first, service.first), max(cue.last, service.last))
        for service in chosen
    ]


def _chosen(sentence: Sentence, cue: Cue, near: Sequence[Cue]) -> list[Cue]:
    """Return the services after a word, or before it where one stands right there."""
    before = [service for service in near if service.last <= cue.first]
    after = [service for service in near if service.first >= cue.last]
    beside = bool(before) and before[-1].last == cue.first
    if after and not (beside and after[0].first > cue.last + 1):
        return _listed(sentence, after)
    if not before:
        return _listed(sentence, near)
    return _listed(sentence, before[::-1])


def _listed(sentence: Sentence, services: Sequence[Cue]) -> list[Cue]:
    """Return the first service and those listed with it: "without heat, water and power"."""
    chosen = [services[0]]
    for service in services[1:]:
        one, other = sorted((chosen[-1], service), key=lambda cue: cue.first)
        between = sentence.tokens[one.last : other.first]
        if len(between) <= 2 and not any(token.text.isdigit() for token in between):
            chosen.append(service)
    return chosen


def _distance(one: Cue, other: Cue) -> int:
    return max(other.first - one.last, one.first - other.last, 0)


def _stop_between(sentence: Sentence, first: int, last: int) -> bool:
    return any(token.text in ".;:!?。；：" for token in sentence.tokens[first:last])
