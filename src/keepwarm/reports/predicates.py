"""What is said of the things that are counted: without power, back, shot down, injured.

A predicate is a stretch of a sentence with a *state* (``without``, ``restored``, ``launched``,
``downed``, ``lost``, ``hit``, ``killed``, ``injured``, ``casualties``, ``capacity_lost``, ...,
``other`` for what is out of scope) and, for supply, a *service*.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from keepwarm.reports.asides import passed
from keepwarm.reports.findings import SYSTEM, WEAPONS
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue, Token

_ARTICLES = frozenset(("der", "die", "das", "den", "ihre", "ihren"))
_FRAME = 14
"""Words that a German clause may hold: "fiel in 18 Orten im Bezirk Süd der Strom aus"."""

_NEAR = 6
"""Words that may stand between a word of lack and the service that is lacking."""

_SUPPLY = frozenset(("without", "restored"))
_LINKS = frozenset("、和及与，也且并")
_COUNTED = frozenset("数为达约共近逾超有由从降减增升，、：:（(。等总")
_HAN_DIGITS = frozenset("一二两三四五六七八九十百千数几")
"""What stands behind a noun that a Chinese number counts: 停电用户达3万."""

_BUT = frozenset(("а", "но", "але", "but", "aber"))
"""Words behind which no list of services goes on: "no hot water, but gas ..."."""

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
        if cue.table in ("outage", "back_service") and cue.label != "neutral":
            state = "without" if cue.table == "outage" else "restored"
            found.append(Predicate(state, cue.label, cue.first, cue.last))
            if sentence.language in ("uk", "ru"):
                found += _going_on(sentence, cue, state, cues)
            taken.update(range(cue.first, cue.last))
        elif cue.table == "none":
            taken.update(range(cue.first, cue.last))  # "no casualties" lacks no service
    passing = passed(sentence, cues)
    names = [cue for cue in cues if cue.table == "no_supply"]
    services = [
        cue
        for cue in cues
        if cue.table == "service"
        and cue.label != "neutral"
        and not any(_part_of(cue, name) for name in names)  # "power plant"
    ]
    nouns = [cue for cue in cues if cue.table == "head"]
    weapons = [cue for cue in nouns if cue.label in WEAPONS]
    lacking = [cue for cue in cues if cue.table == "lacking"]
    outages = [cue for cue in cues if cue.table in ("outage", "back_service")]
    noted = {cue.first for cue in cues if cue.table == "noted"}
    plans = [cue for cue in sentence.longest("events") if cue.table == "schedule"]
    hits = any(cue.table == "state" and cue.label == "hit" for cue in cues)
    for cue in cues:
        if cue.label == "neutral":
            continue  # words that only look like a sign: "carried out", "damaged substations"
        if cue.table == "state" and any(_part_of(cue, noun) for noun in weapons):
            continue  # "strike drones", "attack drones"
        if cue.label == "launched" and hits and cue.first in noted:
            found.append(Predicate("hit", "", cue.first, cue.last))
            continue  # "hits by 24 drones were recorded at 11 places"
        if cue.label == "other" and any(_part_of(cue, noun) for noun in nouns):
            continue  # "consumption points"
        if cue.table == "back" and any(_part_of(cue, lack) for lack in lacking):
            continue  # "heat does not come"
        if cue.table == "lacking" and _counts(sentence, cue, cues):
            continue  # "41 settlements out of 63"
        if cue.table == "lacking" and any(_part_of(cue, plan) for plan in plans):
            continue  # "emergency outages in six regions": who is off is not said
        if sentence.language == "zh" and cue.table in ("lacking", "back"):
            services = [one for one in services if taken.isdisjoint(range(one.first, one.last))]
        if cue.table in ("lacking", "back") and taken.isdisjoint(range(cue.first, cue.last)):
            state = "without" if cue.table == "lacking" else "restored"
            free = [one for one in services if not _lacked_apart(sentence, one, cue, lacking)]
            found += _with_services(sentence, cue, state, free, passing)
        elif cue.table == "state" and (
            cue.label in SYSTEM or not any(_part_of(cue, one) for one in outages)
        ):
            found.append(Predicate(cue.label, "", cue.first, cue.last))
    if any(one.state == "capacity_lost" for one in found):
        found = [one for one in found if not _of_capacity(one, cues)]
    said = {cue.first for cue in cues if cue.label == "attributive"}
    if any(one.state in _SUPPLY and one.first not in said for one in found):
        found = [one for one in found if one.first not in said]  # "der betroffenen Haushalte"
    found = [one for one in found if not any(_inside(one, other) for other in found)]
    if sentence.language == "zh":
        found = _listed_in_chinese(sentence, _told(sentence, found, cues), services)
    return sorted(dict.fromkeys(found), key=lambda predicate: (predicate.first, predicate.last))


def _counts(sentence: Sentence, cue: Cue, cues: Sequence[Cue]) -> bool:
    """Say whether words of lack only divide: "out of" before a number."""
    after = sentence.tokens[cue.last : cue.last + 1]
    here = (cue.first, cue.last)
    divides = any(one.table == "of" and (one.first, one.last) == here for one in cues)
    return divides and bool(after) and after[0].text[0].isdecimal()


def _lacked_apart(sentence: Sentence, service: Cue, cue: Cue, lacking: Sequence[Cue]) -> bool:
    """Say whether behind a comma a service has its own word: "отключены 12, без тепла ..."."""
    return any(
        other.last == service.first
        and other.label == "yes"
        and cue.last < other.first
        and sentence.tokens[other.first - 1].text == ","
        for other in lacking
    )


def _part_of(cue: Cue, noun: Cue) -> bool:
    """Say whether words are only part of a longer noun."""
    longer = noun.last - noun.first > cue.last - cue.first
    return longer and noun.first <= cue.first and cue.last <= noun.last


def _of_capacity(one: Predicate, cues: Sequence[Cue]) -> bool:
    """Say whether "generating" only says what was lost: "9 GW of generating capacity tripped"."""
    return one.state == "generation" and any(
        cue.table == "share_of" and cue.first <= one.first and one.last < cue.last for cue in cues
    )


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
    sentence: Sentence, cue: Cue, state: str, services: Iterable[Cue], passing: frozenset[int]
) -> list[Predicate]:
    """Return the state once for each service that stands with it; once without any if none does.

    A word of return is a predicate of an unnamed service; a word of lack ("waiting", "lost") only
    where its label says so.
    """
    near = [
        service
        for service in services
        if _words(sentence, min(cue.last, service.last), max(cue.first, service.first), passing)
        <= _reach(sentence, cue, service)
        and not _stop_between(sentence, min(cue.last, service.last), max(cue.first, service.first))
        and not _counted_between(sentence, service.last, cue.first)
    ]
    if not near:
        bare = state == "restored" and cue.label != "with_service"  # "1,200 families received"
        if cue.label in ("alone", "attributive") or bare:
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
    if before and after and not beside:
        tokens = sentence.tokens
        beside = not _has_comma(tokens[before[-1].last : cue.first])
        beside = beside and _has_comma(tokens[cue.last : after[0].first])
    if after and not (beside and after[0].first > cue.last + 1):
        return _listed(sentence, after)
    if not before:
        return _listed(sentence, near)
    return _listed(sentence, before[::-1])


def _going_on(sentence: Sentence, cue: Cue, state: str, cues: Sequence[Cue]) -> list[Predicate]:
    """Return the services listed behind words for one: "без тепла, води та світла"."""
    after = [
        one
        for one in cues
        if one.table == "service" and one.label != "neutral" and one.first >= cue.last
    ]
    if not any(one.table == "lacking" and one.first == cue.first for one in cues):
        return []
    listed = _listed(sentence, [cue, *after])[1:]
    return [Predicate(state, one.label, cue.first, one.last) for one in listed]


def _has_comma(tokens: Sequence[Token]) -> bool:
    return any(token.text in ",，" for token in tokens)


def _listed(sentence: Sentence, services: Sequence[Cue]) -> list[Cue]:
    """Return the first service and those listed with it: "without heat, water and power"."""
    chosen = [services[0]]
    for service in services[1:]:
        one, other = sorted((chosen[-1], service), key=lambda cue: cue.first)
        between = sentence.tokens[one.last : other.first]
        parted = any(token.text.isdigit() or token.key in _BUT for token in between)
        if len(between) <= 2 and not parted:
            chosen.append(service)
    return chosen


def _told(sentence: Sentence, found: list[Predicate], cues: Sequence[Cue]) -> list[Predicate]:
    """Return predicates without those that only say which users are meant: 停电用户已恢复供电."""
    nouns = {cue.first: cue.last for cue in cues if cue.table == "head"}
    tokens = sentence.tokens

    def attributive(one: Predicate) -> bool:
        of = one.last < len(tokens) and tokens[one.last].text == "的"
        end = nouns.get(one.last + of, len(tokens))
        if end + 1 < len(tokens) and tokens[end].text == "已":
            end += 1
        return end < len(tokens) and tokens[end].text not in _COUNTED and not _digit(tokens[end])

    def passing(one: Predicate) -> bool:
        return any(cue.table == "during" and cue.first == one.last for cue in cues)

    told = [one for one in found if one.state not in _SUPPLY or not passing(one)]
    found = told if any(one.state != "other" for one in told) else found
    plain = [one for one in found if one.state not in _SUPPLY or not attributive(one)]
    return plain if any(one.state in _SUPPLY for one in plain) else found


def _digit(token: Token) -> bool:
    return token.text[0].isdecimal() or token.text in _HAN_DIGITS


def _listed_in_chinese(
    sentence: Sentence, found: list[Predicate], services: Iterable[Cue]
) -> list[Predicate]:
    """Return predicates, those of one list over the same words: 无电、无水, 没有电和暖气."""
    said = [one for one in found if one.state in _SUPPLY and one.service]
    bare = [
        Predicate("", cue.label, cue.first, cue.last)
        for cue in services
        if not any(one.first <= cue.first < one.last for one in said)
    ]
    runs: list[list[Predicate]] = []
    for one in sorted({*said, *bare}, key=lambda one: (one.first, one.last)):
        if runs and _follows(sentence, runs[-1], one):
            runs[-1].append(one)
        else:
            runs.append([one])
    result = [one for one in found if one not in said]
    for run in runs:
        states = {one.state for one in run} - {""}
        if states:
            state, first, last = states.pop(), run[0].first, max(one.last for one in run)
            result += [Predicate(state, one.service, first, last) for one in run]
    return result


def _follows(sentence: Sentence, run: Sequence[Predicate], one: Predicate) -> bool:
    """Say whether a predicate or service goes on with a list."""
    before = run[-1]
    if before.first == one.first:
        return before.state == one.state
    gap = [token.text for token in sentence.tokens[before.last : one.first]]
    states = {item.state for item in (*run, one)} - {""}
    if before.last > one.first or len(gap) > 2 or len(states) > 1:
        return False
    links = _LINKS if set(gap) & set("也且并") else _LINKS - {"，"}
    return all(word in links for word in gap) and (bool(gap) or bool(before.state and one.state))


def _reach(sentence: Sentence, cue: Cue, service: Cue) -> int:
    """Return how far a service may stand: a German verb opens its clause, the subject ends it."""
    if sentence.language != "de" or cue.label != "yes" or service.first < cue.last:
        return _NEAR
    between = sentence.tokens[cue.last : service.first]
    if any(token.text in ",()–" for token in between):
        return _NEAR
    return _FRAME if between and between[-1].key in _ARTICLES else _NEAR


def _words(sentence: Sentence, first: int, last: int, passing: frozenset[int]) -> int:
    """Return how many words and marks stand between two tokens; "60.000" is one.

    Asides do not count: "heat supply to 214 buildings, including 11 hospitals, was cut".
    """
    tokens = [sentence.tokens[place] for place in range(first, last) if place not in passing]
    inside = sum(
        1
        for before, mark, after in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if before.text.isdigit() and mark.text in ".," and after.text.isdigit()
    )
    return len(tokens) - 2 * inside


def _counted_between(sentence: Sentence, first: int, last: int) -> bool:
    """Say whether a new figure stands between: "power is back for 300, 460 are waiting"."""
    for place in range(first, last - 1):
        comma, after = sentence.tokens[place], sentence.tokens[place + 1]
        if comma.text == "," and after.text.isdigit() and after.start > comma.end:
            return True
    return False


def _stop_between(sentence: Sentence, first: int, last: int) -> bool:
    return any(
        token.text in ".;:!?。；："
        and not (token.text in ".:" and sentence.tokens[place + 1].text.isdigit())  # 8:00
        for place, token in enumerate(sentence.tokens[first:last], start=first)
        if place + 1 < len(sentence.tokens)
    )
