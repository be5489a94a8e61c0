"""What a paragraph has said so far, for words and lines that point back to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from keepwarm.reports.findings import ATTACK, GROUPS, SUPPLY, WEAPONS, Finding
from keepwarm.reports.heads import Head
from keepwarm.reports.predicates import Predicate
from keepwarm.reports.quantities import Quantity
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue

_OFTEN = 3
"""How many times as often as any other a service must be alluded to, to be what a text is about."""

_ALONE = 50.0
"""The smallest number that words of supply can give the last noun of the paragraph."""

_ITEM = 12
"""Words and marks of the longest item of a list without a noun."""

_YEAR = 4
"""Digits of a year."""

_ENTRY = 4
"""Words and marks between a state and its number: "Re-energised by dawn: 15,900"."""

_DASHES = frozenset("-–—:")

_SUPPLY = frozenset(("lacking", "back", "outage", "back_service"))


@dataclass
class Memory:
    """What a paragraph has said so far, for words that point back."""

    service: str = ""
    unit: str = ""
    noun: Head | None = None
    counted: list[tuple[Head, float]] = field(default_factory=list)
    state: str = ""
    power_metric: str = ""
    share_metric: str = ""
    services: set[str] = field(default_factory=set)
    mentioned: str = ""
    """The service a word named last, if only in passing: "heating plant"."""
    of_unit: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Services last told of customers, of people, ..."""
    listing: bool = False
    """Whether items of a list, or rows of a table, may follow."""
    raid: str = ""
    """What happened to the weapons that a list counts: "shot down: 29 missiles; ..."."""
    heading: tuple[str, str] = ("", "")
    """State and service of the last sentence without numbers: "Outages by district"."""
    topic: str = ""
    """The service a text without any name of one is about."""


def topic(sentences: Sequence[Sentence]) -> str:
    """Return the service a text is about before it names one: its only one, or power.

    Words like "grid" that come before any service count for more than a service named later;
    a setting ("storm", "poles") only where no service is named.
    """
    named: set[str] = set()
    context: Counter[str] = Counter()
    setting: Counter[str] = Counter()
    opened = False
    for sentence in sentences:
        for cue in sentence.longest("metrics"):
            if cue.table in ("service", "outage", "back_service") and cue.label != "neutral":
                named.add(cue.label)
            elif cue.table == "setting":
                setting[cue.label] += 1
            elif cue.table == "context":
                opened = opened or not named
                context[cue.label] += 1
    if len(named) == 1 and not (opened and named.isdisjoint(context)):
        return named.pop()
    about = (context or (Counter() if named else setting)).most_common(2)
    if len(about) == 2 and about[0][1] < _OFTEN * about[1][1]:
        return ""
    return about[0][0] if about else ""


def recall(
    sentence: Sentence,
    counted: Sequence[Quantity],
    nouns: dict[Quantity, Head],
    found: Sequence[Cue],
    memory: Memory,
) -> None:
    """Give numbers without a noun the last one of the paragraph where a word points back to it."""
    unit = memory.noun.unit if memory.noun else ""
    parts = any(cue.table == "anaphor" and cue.first == 0 for cue in found) and unit in GROUPS
    if memory.noun is not None and nouns:
        _recall_parts(counted, nouns, found, memory.noun)
        _recall_total(sentence, counted, nouns, found, memory)
    if memory.noun is None or (
        nouns and not (parts and {n.unit for n in nouns.values()} == {unit})
    ):
        return  # "Among them 11,500 in Lviv, 9,000 customers in Rivne"
    counted = [number for number in counted if number not in nouns]
    supply = [cue for cue in found if cue.table in _SUPPLY and cue.label != "neutral"]
    anaphors = [cue for cue in found if cue.table == "anaphor"]
    row = memory.noun.unit in GROUPS and _is_row(sentence, counted, anaphors)
    for number in counted:
        if number.kind != "count" or number.value is None:
            continue
        following = [cue for cue in found if cue.first == number.last]
        alone = bare(sentence, number, found) or any(
            cue in supply or (cue.label in ATTACK and leads(sentence, number)) for cue in following
        )
        said = any(cue.first == number.last for cue in found)
        pointing = [cue for cue in found if cue.table == "more" and _beside(number, cue)]
        if not alone and not said:
            pointing = []  # "one more burst"
        if said:
            pointing += [cue for cue in anaphors if cue.last == number.first]
        if alone:
            pointing += [c for c in anaphors if c.first <= number.last]
            pointing += [c for c in found if c.table == "figure" and c.last <= number.first]
            if memory.noun.unit in GROUPS and _large(number):
                opens = number.first == 0
                pointing += [cue for cue in supply if opens or _touching(sentence, number, cue)]
            elif memory.noun.unit in WEAPONS:
                fates = [cue for cue in found if cue.table == "state" and cue.label in ATTACK]
                pointing += [cue for cue in fates if _touching(sentence, number, cue)]
                pointing += [
                    c for c in found if c.table == "of" and fates and c.first == number.last
                ]
        listed = (memory.listing and is_item(sentence, number)) or (row and alone)
        listed = listed or (memory.noun.unit in GROUPS and _in_row(sentence, counted))
        if sentence.language == "de" and not bare(sentence, number, found):
            listed = False  # "210 Trafostationen": a noun of its own
        if pointing or listed or _in_brackets(sentence, number):
            fit = [noun for noun, whole in memory.counted if whole >= number.value]
            nouns[number] = fit[-1] if fit else memory.noun  # "123,000 of them"


def raid(
    sentence: Sentence,
    counted: Sequence[Quantity],
    said: Sequence[Predicate],
    memory: Memory,
) -> str:
    """Return what happened to the weapons that the next lines count, if they are a list."""
    if sentence.tokens[-1].text in ":：":
        fates = [one.state for one in said if one.state in ATTACK]
        return fates[-1] if fates else ""
    return memory.raid if counted and leads(sentence, counted[0]) else ""


def leads(sentence: Sentence, number: Quantity) -> bool:
    """Say whether a number is the first word: "Чотирнадцять збили наші захисники"."""
    return not any(token.text[0].isalnum() for token in sentence.tokens[: number.first])


def _beside(number: Quantity, cue: Cue) -> bool:
    return cue.last == number.first or cue.first == number.last


def _recall_parts(
    counted: Sequence[Quantity], nouns: dict[Quantity, Head], found: Sequence[Cue], noun: Head
) -> None:
    """Give "20,000 of them" the noun of the sentence before, where its own names one only later."""
    first = min(number.first for number in nouns)
    for number in counted:
        part = any(cue.table == "anaphor" and cue.first == number.last for cue in found)
        if part and number.last <= first and number.kind == "count" and number.value is not None:
            nouns[number] = noun


def _recall_total(
    sentence: Sentence,
    counted: Sequence[Quantity],
    nouns: dict[Quantity, Head],
    found: Sequence[Cue],
    memory: Memory,
) -> None:
    """Give "342 were shot down - 315 drones and 27 missiles" the noun of the sum before it."""
    first = counted[0]
    fates = [cue for cue in found if cue.table == "state" and cue.label in ATTACK]
    fit = [noun for noun, whole in memory.counted if whole >= (first.value or 0.0)]
    units = {noun.unit for noun in nouns.values()}
    rest = any(cue.table == "rest" and cue.last == first.first for cue in found)
    if rest and fates and units == {"sites"} and memory.noun and memory.noun.unit in WEAPONS:
        nouns.setdefault(first, memory.noun)  # "the remaining 27 hit targets in 13 places"
    if (
        first not in nouns
        and first.kind == "count"
        and [noun.unit for noun in fit] == ["weapons"]
        and units <= {*WEAPONS, "sites"}
        and bare(sentence, first, found)
        and any(_touching(sentence, first, cue) for cue in fates)
    ):
        nouns[first] = fit[0]


def _in_row(sentence: Sentence, counted: Sequence[Quantity]) -> bool:
    """Say whether numbers stand behind names, in a row: "Kanata 12,650, Barrhaven 9,300"."""
    tokens = sentence.tokens
    return len(counted) > 1 and all(
        one.first > 0
        and tokens[one.first - 1].text[0].isupper()
        and (one.last == len(tokens) or tokens[one.last].text in ",.;")
        for one in counted
    )


def _large(number: Quantity) -> bool:
    """Say whether a number is large enough to be meant without its noun: not "two"."""
    return (number.value or 0.0) >= _ALONE


def _touching(sentence: Sentence, number: Quantity, cue: Cue) -> bool:
    """Say whether words of supply stand right beside a number: "managed to reconnect 210,000"."""
    if cue.first <= number.first and number.last <= cue.last:
        return True
    entry = sentence.tokens[number.first - 1].text == ":" and 0 <= number.first - cue.last <= _ENTRY
    first = number.first  # "restored to more than 200,000"
    while first > 0 and sentence.tokens[first - 1].start >= number.whole_start:
        first -= 1
    behind = 0 <= first - cue.last <= 1
    return entry or 0 <= cue.first - number.last <= 2 or behind


def _is_row(sentence: Sentence, counted: Sequence[Quantity], anaphors: Sequence[Cue]) -> bool:
    """Say whether figures stand in a row of names: "in Lviv - 96, of them 12, in Rivne - 71"."""
    tokens = sentence.tokens
    marked = [
        number
        for number in counted
        if (number.first and tokens[number.first - 1].text in _DASHES)
        or (number.last < len(tokens) and tokens[number.last].text in _DASHES)
    ]
    pointed = [
        number
        for number in counted
        if number not in marked and any(cue.last == number.first for cue in anaphors)
    ]
    return len(marked) > 0 and len(marked) + len(pointed) == len(counted) > 1


def is_item(sentence: Sentence, number: Quantity) -> bool:
    """Say whether a sentence is an item of a list: "Rivne: 87", "34 over Voronezh Region"."""
    tokens = sentence.tokens
    if len(tokens) > _ITEM:
        return False
    if number.first <= 1 and not any(token.text[0].isalnum() for token in tokens[: number.first]):
        return True
    last = not any(token.text[0].isalnum() for token in tokens[number.last :])
    marked = number.first > 1 and tokens[number.first - 1].text in ":：-–—|"
    return last and marked and tokens[0].text[0].isupper()


def _in_brackets(sentence: Sentence, number: Quantity) -> bool:
    """Say whether a number stands alone in brackets: "worst hit are Lviv (102) and Rivne (87)"."""
    tokens = sentence.tokens
    return (
        number.first > 0
        and number.last < len(tokens)
        and tokens[number.first - 1].text in "(（"
        and tokens[number.last].text in ")）"
    )


def bare(sentence: Sentence, number: Quantity, found: Sequence[Cue]) -> bool:
    """Say whether nothing that could be a noun follows a number."""
    if number.last >= len(sentence.tokens):
        return True
    token = sentence.tokens[number.last]
    return not token.text[0].isalnum() or any(
        cue.first == number.last and cue.table == "function" for cue in found
    )


def bygone(sentence: Sentence, counted: Sequence[Quantity]) -> bool:
    """Say whether a sentence tells of an earlier event: "in the storm of 2010", "years ago"."""
    return any(
        cue.label == "yes"
        or any(
            number.kind == "date"
            and 0 <= number.first - cue.last <= 1
            and _is_year(sentence, number)
            for number in counted
        )
        for cue in sentence.longest("metrics")
        if cue.table == "past"
    )


def _is_year(sentence: Sentence, number: Quantity) -> bool:
    return any(
        len(token.text) == _YEAR and token.text.isdigit()
        for token in sentence.tokens[number.first : number.last + 2]
    )


def raiding_noun(found: Sequence[Cue], said: Sequence[Predicate]) -> Head | None:
    """Return what an attack without numbers was flown with: "attacked with Shahed drones"."""
    if not any(one.state == "launched" for one in said):
        return None
    nouns = [cue for cue in found if cue.table == "head" and cue.label in ("drones", "missiles")]
    alone = len({noun.label for noun in nouns}) == 1
    return Head(nouns[0].label, nouns[0].start, nouns[0].end, inherited=True) if alone else None


def heading_noun(found: Sequence[Cue], said: Sequence[Predicate]) -> Head | None:
    """Return what a table counts, from a heading: "Customers without power by district"."""
    if not any(one.state in SUPPLY for one in said):
        return None
    nouns = [cue for cue in found if cue.table == "head" and cue.label in GROUPS]
    named = [noun for noun in nouns if noun.label not in ("regions", "settlements")]
    return Head(named[0].label, named[0].start, named[0].end, inherited=True) if named else None


def remember(
    memory: Memory,
    said: Sequence[Predicate],
    result: Sequence[Finding],
    nouns: dict[Quantity, Head],
) -> None:
    """Keep the last service, unit and state for words that point back."""
    for predicate in said:
        if predicate.service:
            memory.service = predicate.service
            memory.services.add(predicate.service)
    own = [finding for finding in result if finding.number in nouns]
    if own:
        memory.counted = [
            (replace(nouns[one.number], inherited=True), one.value or 0.0)
            for one in own
            if one.number is not None
        ]
    seen: set[Quantity | None] = set()
    for finding in result:
        if finding.number in nouns:
            memory.noun = replace(nouns[finding.number], inherited=True)
        unit, _, rest = finding.metric.partition("_")
        if finding.metric == "buildings_heat_drained":
            memory.unit, memory.state = unit, ""
        elif unit in GROUPS and rest:
            told = memory.of_unit.get(unit, ()) if finding.number in seen else ()
            memory.of_unit[unit] = (*told, rest.partition("_")[2])
            seen.add(finding.number)
            memory.unit, (memory.state, _, memory.service) = unit, rest.partition("_")
        elif unit == "share":
            memory.share_metric = finding.metric
        elif finding.metric.endswith("_mw"):
            memory.power_metric = finding.metric
        elif unit in WEAPONS:
            memory.unit, memory.state = unit, rest
