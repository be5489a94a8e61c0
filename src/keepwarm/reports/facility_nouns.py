"""Power stations, lines, boiler houses ... where a sentence names them, and how many.

One object in the singular is 1, in English and German where the article says one; a plural without
a number, and words that mean no single object ("energy infrastructure"), have no value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from keepwarm.reports.facility_names import (
    ANY,
    UNCOUNTED,
    is_company,
    is_every,
    is_of_a_name,
    is_word,
    named_again,
    of_a_pipeline,
    shares_its_noun,
)
from keepwarm.reports.quantities import Quantity
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue, Token

STATES = frozenset(("damaged", "offline", "targeted", "attacked", "other"))
"""Tables of what is said of facilities."""

_FAR = {"zh": 8}
_FAR_ELSEWHERE = 4
"""Words (characters in Chinese) that may stand between a number and its noun."""

_BEHIND = 6
"""Characters that may stand between a Chinese noun and the number behind it: 杆至少300根."""

_LAST = 2
"""Characters between a Chinese whole and the number of its part: 最后一条."""

_DEFINITE = {"en": ("the", "its"), "de": ("die", "der", "das")}
"""Articles that a pattern of a noun may begin with."""

_BARE = frozenset(("unit", "units", "stations", "plants"))
"""Words that stand for facilities told of before only where a number counts them."""

_ARTICLE = 4
"""Words back from a noun among which its article may stand."""


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
        More than one, or none that is counted.
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
    sentence: Sentence, numbers: Sequence[Quantity], found: Sequence[Cue], last: Sequence[str] = ()
) -> list[Mention]:
    """Return the facilities a sentence names, in its order.

    Parameters
    ----------
    sentence : Sentence
    numbers : sequence of Quantity
        Every number of the sentence.
    found : sequence of Cue
        Cues of the step ``facilities`` in the sentence.
    last : sequence of str
        The kinds named before, the last one first, which "the plant" stands for.

    **Leaves out** facilities that only say where something is ("near the power station").
    """
    nouns = [cue for cue in found if cue.table == "noun"]
    again = named_again(found, last, nouns)
    nouns = [of_a_pipeline(cue, found, last) for cue in nouns] + again
    counts = [number for number in numbers if number.kind == "count"]
    result: list[Mention] = []
    for cue in nouns:
        number = _number_of(sentence, cue, counts, found)
        if is_company(sentence, cue) or is_every(sentence, cue, found):
            continue
        if cue.table == "again" and number is None and sentence.tokens[cue.first].key in _BARE:
            continue  # units of an army, plants of a garden
        mention = _mention(sentence, cue, number, found)
        if not _only_a_place(sentence, mention, found):
            result.append(mention)
            result += _shortened(sentence, mention, counts)
    return _without_wholes(sentence, sorted(result, key=lambda mention: mention.first), found)


def kinds_named(sentence: Sentence) -> list[str]:
    """Return the kinds of facilities a sentence names, the last one first."""
    nouns = [cue for cue in sentence.longest("facilities") if cue.table == "noun"]
    return [cue.label.removesuffix(ANY) for cue in reversed(nouns)]


def _without_wholes(
    sentence: Sentence, named: Sequence[Mention], found: Sequence[Cue]
) -> list[Mention]:
    """Return facilities without those that only own the one beside them: "a unit of the TPP"."""
    result: list[Mention] = []
    for mention in named:
        if not result or not _is_part(sentence, result[-1], mention, found):
            result.append(mention)
            continue
        part, whole = result[-1], mention
        if _whole_leads(sentence, part, whole):
            part, whole = whole, part
        kind = whole.kind if part.kind == "power_plant" else part.kind
        first, last = min(part.first, whole.first), max(part.last, whole.last)
        if sentence.language == "zh":
            first, last = part.first, part.last
        result[-1] = replace(part, kind=kind, first=first, last=last)
    inner = {(cue.first, cue.last) for cue in found if cue.table == "inner"}
    return [one for one in result if (one.first, one.last) not in inner]


def _whole_leads(sentence: Sentence, one: Mention, other: Mention) -> bool:
    """Say whether the first of a part and its whole is the whole: "substation transformer"."""
    return sentence.language == "zh" or (sentence.language == "en" and one.last == other.first)


def _is_part(sentence: Sentence, one: Mention, other: Mention, found: Sequence[Cue]) -> bool:
    """Say whether two facilities that stand side by side are a part and its whole."""
    gap = range(one.last, other.first)
    if sentence.language != "zh":
        gap = _behind_its_number(sentence, gap)
    else:
        named = all(
            sentence.tokens[at].text.isdigit() or sentence.tokens[at].text in "号的#" for at in gap
        )
        counted = other.number is not None and len(gap) <= _LAST  # 核电站最后一条线路
        return one.number is None and (
            not gap
            or named
            or (counted and _is_free(sentence, gap, found))
            or any(_covers(cue, gap) for cue in found)
        )
    if not gap:
        return sentence.language in ("uk", "ru", "en")
    return _owned(sentence, gap) or any(_covers(cue, gap) for cue in found)


def _is_free(sentence: Sentence, gap: range, found: Sequence[Cue]) -> bool:
    """Say whether nothing stands in a gap that parts or says something."""
    return all(is_word(sentence.tokens[at]) for at in gap) and not any(
        cue.first in gap for cue in found
    )


def _behind_its_number(sentence: Sentence, gap: range) -> range:
    """Return what stands between a part and its whole without the number of the part: "unit 3"."""
    first = gap.start
    while first < gap.stop and sentence.tokens[first].text in ("№", "#", "Nr", ".", "No"):
        first += 1
    if first < gap.stop and sentence.tokens[first].text.isdigit():
        return range(first + 1, gap.stop)
    return gap


def _owned(sentence: Sentence, gap: range) -> bool:
    """Say whether only the name of the whole stands between: "энергоблок Ростовской АЭС"."""
    endings = {"ru": ("ой", "ого"), "uk": ("ої", "ого")}.get(sentence.language)
    if endings is None or len(gap) != 1:
        return False
    token = sentence.tokens[gap.start]
    return token.text[:1].isalpha() and token.key.endswith(endings)


def _covers(cue: Cue, gap: range) -> bool:
    """Say whether words that tie a part to its whole fill a gap, but for one adjective."""
    return cue.table == "whole" and cue.first == gap.start and gap.stop - 1 <= cue.last <= gap.stop


def _mention(
    sentence: Sentence, cue: Cue, number: Quantity | None, found: Sequence[Cue]
) -> Mention:
    kind = cue.label.removesuffix(ANY)
    article = _article(sentence, cue, found)
    plural = _is_plural(sentence, cue, found) or cue.label.endswith(ANY)
    if article == "one" and sentence.language == "de" and not cue.label.endswith(ANY):
        plural = False  # "ein gerissenes Seekabel"
    if sentence.language == "zh" and any(
        (one.table == "all_of" and one.last == cue.first)
        or (one.table == "all_behind" and 0 <= one.first - cue.last <= 1)
        for one in found
    ):
        plural = True
    if (
        (cue.table == "again" and sentence.language in ("en", "de"))
        or _has_number(sentence, cue)
        or article == "definite"
        or (article != "one" and (kind in UNCOUNTED or shares_its_noun(sentence, cue, found)))
    ):
        plural = True
    if number is not None:
        value = number.value
        first, last = min(cue.first, number.first), max(cue.last, number.last)
        return Mention(kind, first, last, cue.first, number, value, plural or value != 1)
    return Mention(kind, cue.first, cue.last, cue.first, None, None if plural else 1.0, plural)


def _article(sentence: Sentence, noun: Cue, found: Sequence[Cue]) -> str:
    """Return one or definite: "a substation" states a count, "the Ilsky refinery" does not.

    Where no article stands before the noun and its adjectives, empty.
    """
    named = False
    if sentence.tokens[noun.first].key in _DEFINITE.get(sentence.language, ()):
        return "definite"  # "the line"
    for place in range(noun.first - 1, max(noun.first - _ARTICLE, 0) - 1, -1):
        labels = {cue.label for cue in found if cue.table == "article" and cue.last - 1 == place}
        if labels:
            return "one" if "one" in labels else "definite"
        token = sentence.tokens[place]
        if sentence.language == "en" and token.key.endswith("'s"):
            return "definite"  # "Odesa's refinery"
        beside = place == noun.first - 1 and sentence.language == "en"
        named = named or (beside and _is_name(token, place))  # "Ryazan refinery"
        between = any(cue.table == "between" and cue.first == place for cue in found)
        if between or not is_word(token):
            break  # "a fault at Flagford substation"
    return "definite" if named else ""


def _is_name(token: Token, place: int) -> bool:
    """Say whether a word is a name: a capital, and no abbreviation or first word."""
    return token.text[:1].isupper() and (place > 0 or len(token.text) > 4)


def _has_number(sentence: Sentence, noun: Cue) -> bool:
    """Say whether a noun is numbered, and so one that is known: "CHP-5"."""
    after = sentence.tokens[noun.last : noun.last + 2]
    joined = len(after) == 2 and after[0].text == "-" and after[1].text.isdigit()
    return (
        sentence.language == "en"
        and joined
        and after[0].start == sentence.tokens[noun.last - 1].end
    )


def _is_plural(sentence: Sentence, noun: Cue, found: Sequence[Cue]) -> bool:
    """Say whether a noun stands in the plural; forms that may be both go by the word before."""
    head = noun.first if sentence.language in ("uk", "ru") else noun.last - 1
    labels = {cue.label for cue in found if cue.table == "plural" and cue.first == head}
    if "yes" in labels or ("adjective" in labels and noun.last - noun.first > 1):
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
        behind = (n for n in counts if _is_behind(sentence, n, noun, found))
        return next(behind, None)
    return None


def _counts(
    sentence: Sentence,
    number: Quantity,
    noun: Cue,
    counts: Sequence[Quantity],
    found: Sequence[Cue],
) -> bool:
    gap = sentence.tokens[number.last : noun.first]
    if not gap and is_of_a_name(sentence, number, noun):
        return False
    if len(gap) > _FAR.get(sentence.language, _FAR_ELSEWHERE):
        return False
    within = range(number.last, noun.first)
    if any(other.first in within for other in counts):
        return False
    if any(cue.table in ("between", "noun", "apart") and cue.first in within for cue in found):
        return False
    if any(cue.table == "attack" and cue.first in within for cue in found):
        return False  # "пять обстрелов подстанций"
    of = {place for cue in found if cue.table == "of" for place in range(cue.first, cue.last)}
    return all(place in of or is_word(token) for place, token in enumerate(gap, start=number.last))


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


def _is_behind(sentence: Sentence, number: Quantity, noun: Cue, found: Sequence[Cue]) -> bool:
    """Say whether a Chinese number behind a noun counts it: 变电站3座, 损坏电杆至少300根.

    Not in 核电站两台机组.
    """
    if number.first < noun.last:
        return False
    gap = range(noun.last, number.first)
    if len(gap) > _BEHIND or any(
        not is_word(sentence.tokens[place]) or sentence.tokens[place].text.isdigit()
        for place in gap
    ):
        return False
    end = number.last
    limit = min(number.last + _BEHIND, len(sentence.tokens))
    while (
        end < limit and is_word(sentence.tokens[end]) and sentence.tokens[end].text not in "和及与"
    ):
        end += 1
    near = range(number.last, end)
    places = (number.last, number.last + 1)  # 5000余根
    measured = any(cue.table == "measure" and cue.first in places for cue in found)
    return measured and not any(
        cue.table in ("noun", "apart") and (cue.first in near or cue.first in gap) for cue in found
    )


def _only_a_place(sentence: Sentence, mention: Mention, found: Sequence[Cue]) -> bool:
    """Say whether a facility only says where, or whose: "near the plant", "plant workers"."""
    for cue in found:
        if cue.table == "beside_after" and cue.first == mention.last:
            return True
        within = range(cue.last, mention.first)
        near = len(within) <= 2 and not any(sentence.tokens[at].text == "," for at in within)
        if cue.table == "beside" and cue.last <= mention.first and near:
            return not any(other.table in STATES and other.first in within for other in found)
    return False


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
