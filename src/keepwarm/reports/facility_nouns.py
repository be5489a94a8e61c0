"""Power stations, lines, boiler houses ... where a sentence names them, and how many.

One object named in the singular is 1; a plural without a number, and words that mean no single
object ("energy infrastructure"), have no value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keepwarm.reports.quantities import Quantity
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue, Token

_UNCOUNTED = frozenset(("energy_facility", "critical_infrastructure"))
_ANY = "_any"
"""End of a label for words that mean no single object: "port infrastructure"."""

_FAR = {"zh": 8}
_FAR_ELSEWHERE = 4
"""Words (characters in Chinese) that may stand between a number and its noun."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A facility where it is named.

    Attributes
    ----------
    kind : str
        A facility type of the vocabulary.
    first, last : int
        Tokens of the sentence (``last`` exclusive), its number included.
    noun_first : int
        Where the noun itself begins.
    number : Quantity or None
        The number that counts it.
    value : float or None
        See the head of this module.
    plural : bool
        More than one, or no single object.
    """

    kind: str
    first: int
    last: int
    noun_first: int
    number: Quantity | None
    value: float | None
    plural: bool

    @property
    def qualifier(self) -> str:
        """Return how exact the value is."""
        return self.number.qualifier if self.number else "exact"


def mentions(
    sentence: Sentence, numbers: Sequence[Quantity], found: Sequence[Cue]
) -> list[Mention]:
    """Return the facilities a sentence names, in its order.

    Parameters
    ----------
    sentence : Sentence
    numbers : sequence of Quantity
        Every number of the sentence.
    found : sequence of Cue
        Cues of the step ``facilities`` in the sentence.

    **Leaves out** facilities that only say where something is ("near the power station").
    """
    nouns = [cue for cue in found if cue.table == "noun"]
    counts = [number for number in numbers if number.kind == "count"]
    result: list[Mention] = []
    for cue in nouns:
        number = _number_of(sentence, cue, counts, found)
        mention = _mention(sentence, cue, number, found)
        if not _only_a_place(mention, found):
            result.append(mention)
            result += _shortened(sentence, mention, counts)
    return sorted(result, key=lambda mention: mention.first)


def _mention(
    sentence: Sentence, cue: Cue, number: Quantity | None, found: Sequence[Cue]
) -> Mention:
    kind = cue.label.removesuffix(_ANY)
    uncounted = kind in _UNCOUNTED or cue.label.endswith(_ANY)
    plural = uncounted or _is_plural(sentence, cue, found)
    if number is not None:
        value = number.value
        first, last = min(cue.first, number.first), max(cue.last, number.last)
        return Mention(kind, first, last, cue.first, number, value, plural or value != 1)
    return Mention(kind, cue.first, cue.last, cue.first, None, None if plural else 1.0, plural)


def _is_plural(sentence: Sentence, noun: Cue, found: Sequence[Cue]) -> bool:
    """Say whether a noun stands in the plural; forms that may be both go by the word before."""
    inside = [cue for cue in found if cue.table == "plural" and noun.first <= cue.first < noun.last]
    labels = {cue.label for cue in inside}
    if "yes" in labels:
        return True
    if "either" not in labels:
        return False
    before = {cue.label for cue in found if cue.table == "before" and cue.last == noun.first}
    return "one" not in before


def _number_of(
    sentence: Sentence, noun: Cue, counts: Sequence[Quantity], found: Sequence[Cue]
) -> Quantity | None:
    """Return the number that counts a noun: "two (big) substations", "one of the plants"."""
    own = [
        number
        for number in counts
        if number.last <= noun.first and _counts(sentence, number, noun, counts, found)
    ]
    if own:
        return _part_of(sentence, own[-1], counts, found)
    if sentence.language == "zh":
        after = [number for number in counts if number.first == noun.last]
        return after[0] if after and _measured(sentence, after[0], found) else None
    return None


def _counts(
    sentence: Sentence,
    number: Quantity,
    noun: Cue,
    counts: Sequence[Quantity],
    found: Sequence[Cue],
) -> bool:
    gap = sentence.tokens[number.last : noun.first]
    if len(gap) > _FAR.get(sentence.language, _FAR_ELSEWHERE):
        return False
    within = range(number.last, noun.first)
    if any(other.first in within for other in counts):
        return False
    if any(cue.table in ("between", "noun") and cue.first in within for cue in found):
        return False
    of = {place for cue in found if cue.table == "of" for place in range(cue.first, cue.last)}
    return all(place in of or _is_word(token) for place, token in enumerate(gap, start=number.last))


def _is_word(token: Token) -> bool:
    return token.text[0].isalnum() or token.text in '-"«»“”„/'


def _part_of(
    sentence: Sentence, number: Quantity, counts: Sequence[Quantity], found: Sequence[Cue]
) -> Quantity:
    """Return the part in "two of the three units"."""
    for cue in found:
        if cue.table == "of" and 0 <= number.first - cue.last <= 1:
            for other in counts:
                if other.last == cue.first:
                    return other
    return number


def _measured(sentence: Sentence, number: Quantity, found: Sequence[Cue]) -> bool:
    """Say whether a measure word follows a Chinese number: "变电站3座"."""
    return any(cue.table == "measure" and cue.first == number.last for cue in found)


def _only_a_place(mention: Mention, found: Sequence[Cue]) -> bool:
    return any(
        (cue.table == "beside" and 0 <= mention.first - cue.last <= 2)
        or (cue.table == "beside_after" and cue.first == mention.last)
        for cue in found
    )


def _shortened(sentence: Sentence, mention: Mention, counts: Sequence[Quantity]) -> list[Mention]:
    """Return the first of two German nouns that share an end: "fünf Hoch- und zehn Mittel...kabel".

    Only where both are counted.
    """
    tokens = sentence.tokens
    dash = mention.first - 2
    if sentence.language != "de" or mention.number is None or dash < 2:
        return []
    if tokens[dash].text != "-" or tokens[dash].start != tokens[dash - 1].end:
        return []
    return [
        Mention(mention.kind, number.first, dash + 1, dash - 1, number, number.value, True)
        for number in counts
        if number.last == dash - 1
    ]
