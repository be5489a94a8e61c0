"""Nouns of facilities that name none, or no single one: companies, "every plant", shared nouns."""

from __future__ import annotations

from collections.abc import Sequence

from keepwarm.reports.quantities import Quantity
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue, Token

UNCOUNTED = frozenset(("energy_facility", "critical_infrastructure"))
"""Kinds that have no value unless a number or an article counts them."""

ANY = "_any"
"""End of a label for words that mean no single object: "port infrastructure"."""

_BEFORE = 4
"""Words back from a noun among which "every" may stand."""


def is_every(sentence: Sentence, noun: Cue, found: Sequence[Cue]) -> bool:
    """Say whether all there are of a kind are meant: "every large plant has been hit"."""
    return any(
        cue.table == "every"
        and 0 <= noun.first - cue.last <= _BEFORE
        and all(is_word(token) for token in sentence.tokens[cue.last : noun.first])
        for cue in found
    )


def is_company(sentence: Sentence, noun: Cue) -> bool:
    """Say whether a network is part of a company's name: "Одесские электросети"."""
    if sentence.language not in ("uk", "ru") or not noun.label.endswith("network" + ANY):
        return False
    before = sentence.tokens[noun.first - 1].text if noun.first else ""
    of_a_place = before.lower().endswith(("ские", "ских", "цкие", "ські", "ських", "цькі"))
    return (before[:1].isupper() and (of_a_place or noun.first > 1)) or before in ("«", '"')


def is_of_a_name(sentence: Sentence, number: Quantity, noun: Cue) -> bool:
    """Say whether a number is part of a name: "the Estlink 2 interconnector"."""
    tokens = sentence.tokens
    return (
        sentence.language == "en"
        and number.value != 1
        and number.first > 1
        and tokens[number.first - 1].text[:1].isupper()
        and not any(token.key.endswith("s") for token in tokens[noun.last - 1 : noun.last + 1])
    )


def shares_its_noun(sentence: Sentence, noun: Cue, found: Sequence[Cue]) -> bool:
    """Say whether a word only names a kind of what follows: "port and energy infrastructure"."""
    return any(
        cue.table == "and"
        and cue.first - noun.last <= (sentence.tokens[noun.last].text == "-")
        and noun.last <= cue.first
        and any(
            other.table == "noun"
            and other.first == cue.last
            and other.label.removesuffix(ANY) in UNCOUNTED
            for other in found
        )
        for cue in found
    )


def of_a_pipeline(noun: Cue, found: Sequence[Cue], last: Sequence[str]) -> Cue:
    """Return a pumping station as part of the pipeline told of before or beside it."""
    pipelines = any(cue.table == "noun" and cue.label == "pipeline" for cue in found)
    if not (pipelines or "pipeline" in last):
        return noun
    pumps = any(
        cue.table == "again"
        and cue.label == "pipeline"
        and cue.first == noun.first
        and cue.last == noun.last
        for cue in found
    )
    return noun._replace(label="pipeline") if pumps else noun


def named_again(found: Sequence[Cue], last: Sequence[str], nouns: Sequence[Cue]) -> list[Cue]:
    """Return words like "the plant", each under the last kind that it can stand for."""
    again: dict[int, Cue] = {}
    for kind in last:
        for cue in found:
            if cue.table == "again" and cue.label == kind:
                again.setdefault(cue.first, cue)
    return [
        cue
        for cue in again.values()
        if not any(cue.first <= noun.first < cue.last for noun in nouns)
    ]


def is_word(token: Token) -> bool:
    """Say whether a token is a word, a number or a mark that stands inside names."""
    return token.text[0].isalnum() or token.text in '-"«»“”„/'
