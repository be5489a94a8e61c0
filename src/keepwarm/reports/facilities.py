"""Which facilities a sentence says are damaged, stopped or aimed at.

Each facility goes with the nearest word of damage, halt or aim that can have it as its subject or
object; those of a list share theirs.
"""

from __future__ import annotations

from collections.abc import Sequence

from keepwarm.reports.conditions import condition
from keepwarm.reports.facility_nouns import STATES, mentions
from keepwarm.reports.facility_pairs import Pairing, is_pause
from keepwarm.reports.findings import Finding
from keepwarm.reports.quantities import Quantity
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue

_BACK = 3
"""Words between a predicate and words of a time long past."""

_AUXILIARY = frozenset(("is", "are", "was", "were", "has", "have", "had", "will", "would"))


def facilities(
    sentence: Sentence, numbers: Sequence[Quantity], last: Sequence[str] = ()
) -> list[Finding]:
    """Return what a sentence says of facilities, in its order.

    Parameters
    ----------
    sentence : Sentence
    numbers : sequence of Quantity
        Every number of the sentence.
    last : sequence of str
        The kinds of facilities told of before, the last one first, which "the plant" stands for.

    Returns
    -------
    list of Finding
        ``facility_damaged``, ``facility_offline`` and ``facility_targeted``. A denied damage is
        one too: who denies it is found elsewhere.

    **Leaves out** damage to homes, schools and vehicles, facilities that are only being repaired,
    and what only happens under a condition.
    """
    found = sentence.longest("facilities")
    if not any(cue.table in STATES for cue in found):
        return []
    ordinals = {number.last for number in numbers if number.kind == "ordinal"}
    named_so = sentence.language == "zh"  # 第二热电厂; but "the second line is off"
    tokens = sentence.tokens
    found = [  # "the tenth attack on its plants", 第11次遭袭
        cue
        for cue in found
        if not ({cue.first, cue.first - (tokens[cue.first - 1].text == "次")} & ordinals)
        or not (named_so or cue.table in STATES)
    ]
    found = [cue for cue in found if not _is_past(sentence, cue, found)]
    found = [cue for cue in found if not _is_scheduled(sentence, cue)]
    named = mentions(sentence, numbers, found, last)
    if not named:
        return []
    pairing = Pairing(sentence, found, named, _asides(sentence, found))
    told = [
        (mention, match)
        for mention, match in zip(named, pairing.matches(), strict=True)
        if match is not None and match.said.table != "other"
    ]
    stated = condition(sentence) if told else None
    return [
        pairing.finding(mention, match)
        for mention, match in told
        if stated is None or not stated.holds(mention.noun_first)
    ]


def _is_scheduled(sentence: Sentence, said: Cue) -> bool:
    """Say whether a word of halting is only part of a schedule: "графіки відключень"."""
    return said.table == "offline" and any(
        cue.table == "schedule" and cue.first <= said.first and said.last <= cue.last
        for cue in sentence.longest("events")
    )


def _is_past(sentence: Sentence, said: Cue, found: Sequence[Cue]) -> bool:
    """Say whether words tell of another time: "the heating main that burst last year"."""
    if said.table not in STATES or said.table == "other":
        return False
    for cue in found:
        gap = range(min(cue.last, said.last), max(cue.first, said.first))
        if cue.table == "past" and len(gap) <= _BACK:
            return not any(sentence.tokens[place].text in ",，、;:：；" for place in gap)
    return False


def _asides(sentence: Sentence, found: Sequence[Cue]) -> list[range]:
    """Return relative clauses between commas: ", which feeds the town,"."""
    result = []
    for cue in found:
        if cue.table == "relative" and cue.first and sentence.tokens[cue.first - 1].text == ",":
            for place in range(cue.last, len(sentence.tokens)):
                if is_pause(sentence.tokens, place):
                    result.append(range(cue.first - 1, place + 1))
                    break
        elif cue.table == "relative" and any(
            noun.table == "noun" and noun.last == cue.first for noun in found
        ):
            result += _defining(sentence, cue)
    return result


def _defining(sentence: Sentence, cue: Cue) -> list[range]:
    """Return a relative clause without commas: "boiler houses that heat 116 blocks have ..."."""
    tokens = sentence.tokens
    if sentence.language != "en" or cue.last >= len(tokens) or tokens[cue.last].key in _AUXILIARY:
        return []
    for place in range(cue.last + 1, len(tokens)):
        if tokens[place].key in _AUXILIARY:
            return [range(cue.first, place)]
        if tokens[place].text in ",.;:":
            break
    return []
