"""What a number counts: its head noun, its own or inherited.

"40 high-rise buildings", "12 of 15 drones", "600,000 households ..., but 2.7 million are still
waiting": the last number inherits its noun. A number before a word that is no known noun counts
something else, and inherits nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from keepwarm.reports.noun_phrases import ADJECTIVES, may_stand_between, row_end
from keepwarm.reports.quantities import Quantity
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue

_FAR = 4
"""Words that may stand between a number and its noun."""

_LONG = 12
"""Words that may stand between "the number of" and the number."""

_MANY = 20.0
"""A figure so many times larger than a number of places counts something else."""

_LARGE = ("regions", "settlements", "sites", "buildings", "facilities", "businesses")
"""What there are fewer of than people, homes and customers."""

_ENTRIES = {"customers", "people", "households", *_LARGE} - {"regions", "sites"}
"""What the entries of a bulletin count."""

_WEAPONS = ("drones", "missiles", "weapons", "munitions")

_PEOPLE = frozenset(("people", "workers", "killed", "injured", "casualties"))
_COLLECTIVE = ("двое", "двои", "трое", "трои", "четверо", "пятеро", "шестеро", "семеро", "троє")
"""Beginnings of numerals that count people only."""

_NOUNS = ("head", "service", "attack", "not_elided", "context")
"""Tables of nouns: a number before one of their words counts it."""


_JOINTS = frozenset(("и", "і", "та", "й", ","))
"""What joins adjectives of one noun."""


@dataclass(frozen=True)
class Head:
    """What a number counts.

    Attributes
    ----------
    unit : str
        A label of the table ``head``: customers, drones, people, ...
    start, end : int
        The noun in the reading copy.
    inherited : bool
        The noun stands with an earlier number.
    """

    unit: str
    start: int
    end: int
    inherited: bool = False


def heads(
    sentence: Sentence, numbers: Sequence[Quantity], cues: Sequence[Cue]
) -> dict[Quantity, Head]:
    """Return what each number of a sentence counts; numbers without an entry count nothing known.

    Parameters
    ----------
    sentence : Sentence
    numbers : sequence of Quantity
        Counts of the sentence, in its order.
    cues : sequence of Cue
        Cues of the step ``metrics`` in the sentence.
    """
    found: dict[Quantity, Head] = {}
    cues = [cue for cue in cues if cue.table != "head" or cue.label != "neutral"]
    for number in numbers:
        own = (
            _own(sentence, number, cues, numbers)
            or _number_of(sentence, number, cues, numbers)
            or _noun_before(sentence, number, cues, numbers)
            or _after_colon(sentence, number, cues, numbers)
            or _bracketed(sentence, number, cues, numbers)
        )
        if own is not None:
            found[number] = _same_weapon(own, found)
    _by_adjective(sentence, numbers, found)
    _by_order(sentence, numbers, cues, found)
    for place, number in enumerate(numbers):
        if number not in found and elided(sentence, number, cues, numbers):
            shared = _following(number, numbers, found, cues) or _earlier(
                _as_many(number, numbers[:place], found), found, rest=_says_rest(number, cues)
            )
            ends = None if shared else row_end(sentence, number, numbers, found)
            shared = found[ends] if ends and found[ends].unit in _ENTRIES else shared
            if shared is not None and not _of_people_only(sentence, number, shared):
                found[number] = Head(shared.unit, shared.start, shared.end, inherited=True)
    return found


def _by_adjective(
    sentence: Sentence, numbers: Sequence[Quantity], found: dict[Quantity, Head]
) -> None:
    """Pair "389 многоэтажных и 1 086 частных домов": adjectives of one noun."""
    endings = ADJECTIVES.get(sentence.language, ())
    for number, other in pairwise(numbers):
        between = sentence.tokens[number.last : other.first]
        adjectives, joint = between[:-1], between[-1:]
        if number in found or other not in found or not 1 <= len(adjectives) <= 3:
            continue
        beside = sentence.tokens[other.last].key.endswith(endings)
        if joint[0].key in _JOINTS and all(word.key.endswith(endings) for word in adjectives):
            noun = found[other]
            if beside:
                found[number] = Head(noun.unit, noun.start, noun.end, inherited=True)


def _same_weapon(own: Head, found: dict[Quantity, Head]) -> Head:
    """Return what a bare 枚 counts: what was counted so before, rockets or missiles."""
    if own.unit != "missiles" or own.end - own.start > 1 or not found:
        return own
    before = list(found.values())[-1]
    return Head("munitions", own.start, own.end) if before.unit == "munitions" else own


def _by_order(
    sentence: Sentence,
    numbers: Sequence[Quantity],
    cues: Sequence[Cue],
    found: dict[Quantity, Head],
) -> None:
    """Pair "60 drones and 8 missiles, of which 51 and three ...": by order, if counts match."""
    pointing = [cue for cue in cues if cue.table in ("anaphor", "respectively")]
    for cue in pointing:
        before = [number for number in numbers if number.last <= cue.first and number in found]
        bare = [
            number
            for number in numbers
            if number not in found and elided(sentence, number, cues, numbers)
        ]
        if cue.table == "anaphor":
            bare = [number for number in bare if number.first >= cue.last]
        units = {found[number].unit for number in before}
        if units & {"regions", "sites"} and units & {*_WEAPONS}:
            continue  # "87 drones over six regions, including 31 here and 14 there"
        if len(bare) == len(before) == len(units) >= 2:
            for number, other in zip(bare, before, strict=True):
                noun = found[other]
                found[number] = Head(noun.unit, noun.start, noun.end, inherited=True)


def _own(
    sentence: Sentence, number: Quantity, cues: Sequence[Cue], numbers: Sequence[Quantity]
) -> Head | None:
    """Return the noun that follows a number, or in Chinese the one it stands behind."""
    nouns = [cue for cue in cues if cue.table == "head"]
    limit = min((other.first for other in numbers if other.first > number.first), default=10**9)
    best: Cue | None = None
    first = _after_of(sentence, number, cues)
    inside = sentence.language == "zh" and number.value is None  # 数名消防员
    for noun in nouns:
        if (
            -inside <= noun.first - first <= _FAR
            and noun.first < limit
            and may_stand_between(sentence, first, noun.first, cues)
        ):
            best = _better(best, noun, sentence)
    if sentence.language == "zh":
        before = [noun for noun in nouns if 0 <= number.first - noun.last <= 2]
        before = [one for one in before if not _is_counted(one, number, numbers)]
        before = [one for one in before if sentence.tokens[one.last].start == one.end]
        if before and (best is None or best.label.endswith("_weak")):
            best = before[-1]
    if best is None:
        return None
    return Head(best.label.removesuffix("_weak"), best.start, best.end)


def _is_counted(noun: Cue, number: Quantity, numbers: Sequence[Quantity]) -> bool:
    """Say whether a noun belongs to another number before it: 7个州 in 7个州部分地区."""
    return any(
        other is not number and other.value is not None and 0 <= noun.first - other.last <= 1
        for other in numbers
    )


def _after_of(sentence: Sentence, number: Quantity, cues: Sequence[Cue]) -> int:
    """Return where the noun phrase goes on: after the number, or after "89 of the"."""
    if sentence.language != "en":
        return number.last
    return max(
        (
            cue.last
            for cue in cues
            if cue.table == "of" and 0 <= number.last - cue.first <= 1 and cue.last > number.last
        ),
        default=number.last,
    )


def _better(best: Cue | None, noun: Cue, sentence: Sentence) -> Cue:
    """Return the noun that is meant: the first, but a Chinese measure word gives way to a noun."""
    if best is None:
        return noun
    if sentence.language == "zh" and best.label.endswith("_weak") and noun.first <= best.last + 2:
        return noun
    return best


def _number_of(
    sentence: Sentence, number: Quantity, cues: Sequence[Cue], numbers: Sequence[Quantity]
) -> Head | None:
    """Return the noun before a number: "put the number of people affected at 94,000"."""
    if not elided(sentence, number, cues, numbers):
        return None
    for cue in reversed(cues):
        if cue.table != "number_of" or not 0 < number.first - cue.last <= _LONG:
            continue
        if any(cue.last <= other.first < number.first for other in numbers):
            return None
        nouns = [noun for noun in cues if noun.table == "head" and 0 <= noun.first - cue.last <= 4]
        lacked = {one.first for one in cues if one.table == "lacking"}
        nouns.sort(key=lambda noun: noun.first in lacked)  # "число отключённых от света жителей"
        if nouns and not nouns[0].label.endswith(("killed", "injured")):
            return Head(nouns[0].label.removesuffix("_weak"), nouns[0].start, nouns[0].end)
    return None


def _noun_before(
    sentence: Sentence, number: Quantity, cues: Sequence[Cue], numbers: Sequence[Quantity]
) -> Head | None:
    """Return the noun a Chinese clause names before its bare numbers: 用户分别为5.8万和2.7万."""
    if sentence.language != "zh" or not elided(sentence, number, cues, numbers):
        return None
    nouns = [cue for cue in cues if cue.table == "head" and cue.last <= number.first]
    if not nouns or nouns[-1].label in _NOT_BEFORE or nouns[-1].label.endswith("_weak"):
        return None
    noun = nouns[-1]
    if any(token.text in "，。；,;" for token in sentence.tokens[noun.last : number.first]):
        return None
    between = [other for other in numbers if noun.last <= other.first < number.first]
    if any(not elided(sentence, other, cues, numbers) for other in between):
        return None
    return Head(noun.label, noun.start, noun.end)


_NOT_BEFORE = frozenset(("other", "workers", "killed", "injured", "casualties", "regions", "sites"))


def _after_colon(
    sentence: Sentence, number: Quantity, cues: Sequence[Cue], numbers: Sequence[Quantity]
) -> Head | None:
    """Return the noun of an entry that a number closes: "Customers without power: 18,200"."""
    tokens = sentence.tokens
    colon = number.first - 1
    if colon < 1 or tokens[colon].text not in ":：" or not _closes(sentence, number):
        return None
    if any(other.first < number.first for other in numbers):
        return None
    nouns = [
        cue
        for cue in cues
        if cue.table == "head" and cue.last <= colon and cue.label in _ENTRIES and cue.first <= 2
    ]
    if not nouns or colon - nouns[0].last > _FAR or _elsewhere(sentence, nouns[0].last, colon):
        return None
    return Head(nouns[0].label, nouns[0].start, nouns[0].end)


def _bracketed(
    sentence: Sentence, number: Quantity, cues: Sequence[Cue], numbers: Sequence[Quantity]
) -> Head | None:
    """Return the noun before places with numbers: "subscribers in Sokal (12,400) and ..."."""
    tokens = sentence.tokens
    if not 0 < number.first <= number.last < len(tokens) or number.kind != "count":
        return None
    if tokens[number.first - 1].text != "(" or tokens[number.last].text != ")":
        return None
    first = min(other.first for other in numbers)
    nouns = [
        cue for cue in cues if cue.table == "head" and cue.last <= first and cue.label in _ENTRIES
    ]
    if not nouns or (number.value or 0.0) < 2:
        return None
    return Head(nouns[-1].label, nouns[-1].start, nouns[-1].end, inherited=True)


def _closes(sentence: Sentence, number: Quantity) -> bool:
    """Say whether nothing but marks follows a number."""
    return not any(token.text[0].isalnum() for token in sentence.tokens[number.last :])


def _elsewhere(sentence: Sentence, first: int, last: int) -> bool:
    """Say whether a mark stands in a stretch: the entry is about something else."""
    return any(not token.text[0].isalnum() for token in sentence.tokens[first:last])


def _of_people_only(sentence: Sentence, number: Quantity, head: Head) -> bool:
    """Say whether a number counts people ("трое") and the noun it would share does not."""
    return (
        sentence.language in ("uk", "ru")
        and head.unit not in _PEOPLE
        and sentence.tokens[number.first].key.startswith(_COLLECTIVE)
    )


def elided(
    sentence: Sentence, number: Quantity, cues: Sequence[Cue], numbers: Sequence[Quantity]
) -> bool:
    """Say whether a number stands without any noun of its own: what follows is no noun."""
    if number.kind != "count" or number.value is None:
        return False
    if number.last >= len(sentence.tokens):
        return True
    token = sentence.tokens[number.last]
    if number.value == 1 and token.key == "of" and not _points_back(number, cues):
        return False  # "one of the heaviest attacks"
    if any(one.key == "ones" for one in sentence.tokens[number.last : number.last + 2]):
        return True  # "94 Ukrainian ones"
    if not token.text[0].isalnum():
        return token.text not in "%°-/"
    if any(other.first == number.last for other in numbers):
        return False
    harm = ("killed", "injured", "casualties")
    if sentence.language == "zh" and any(
        cue.first == number.last and cue.table == "state" and cue.label in harm for cue in cues
    ):
        return False  # 一死三伤
    if sentence.language == "zh" and token.text == "个":  # 23个恢复，63个仍停电
        behind = (number.last, number.last + 1)
        return any(cue.first in behind and cue.table in _SAID for cue in cues)
    return any(cue.first == number.last and cue.table not in _NOUNS for cue in cues)


def _points_back(number: Quantity, cues: Sequence[Cue]) -> bool:
    return any(cue.table == "anaphor" and cue.first == number.last for cue in cues)


_SAID = frozenset(("function", "back", "back_service", "outage", "lacking", "state", "expect"))
"""Tables of what is said of a thing: no noun."""


def _following(
    number: Quantity,
    numbers: Sequence[Quantity],
    found: dict[Quantity, Head],
    cues: Sequence[Cue],
) -> Head | None:
    """Return the noun of the next number in "12 of 15 drones", "three or four houses"."""
    for other in numbers:
        if other.first > number.last:
            joined = any(
                cue.table in ("of", "or") and number.last <= cue.first and cue.last <= other.first
                for cue in cues
            )
            return found.get(other) if joined and other.first - number.last <= 3 else None
    return None


def _as_many(
    number: Quantity, numbers: Sequence[Quantity], found: dict[Quantity, Head]
) -> Sequence[Quantity]:
    """Return the numbers whose noun 200,000 can share: not "six municipalities" before it.

    Nor "seven regions" in "59 drones over seven regions, 24 over Belgorod".
    """
    small = (number.value or 0.0) <= 100.0  # "90 percent of users, by morning 99"
    known = [
        other for other in numbers if other in found and not (small and other.kind == "percent")
    ]
    told = any(found[other].unit not in ("regions", "sites") for other in known)
    fit = [
        other
        for other in known
        if not (
            found[other].unit in _LARGE and (number.value or 0.0) > _MANY * (other.value or 0.0)
        )
        and not (told and found[other].unit in ("regions", "sites"))
    ]
    return fit or known


def _earlier(
    numbers: Sequence[Quantity], found: dict[Quantity, Head], *, rest: bool
) -> Head | None:
    """Return the noun of the last number that has one; of the first where "the rest" is counted."""
    known = [found[other] for other in numbers if other in found]
    if not known:
        return None
    return known[0] if rest else known[-1]


def _says_rest(number: Quantity, cues: Sequence[Cue]) -> bool:
    return any(cue.table == "rest" and 0 <= number.first - cue.last <= 2 for cue in cues)
