"""Warnings of the kind "if A, then B": what stands under a condition has not happened.

``condition`` finds the words of A and of B; a warning is read only where B is a peril of supply:
pipes freeze, systems are drained, the light goes off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keepwarm.reports.findings import Finding
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue

_BORDERS = frozenset(",，;；:：—–.。!！?？")
_STRONG = frozenset(";；.。!！?？")
_OPENS = frozenset(':：–—-"«»“”„‘’「」')


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition and what it leads to, in tokens of the sentence (the ends exclusive).

    ``then_last`` is ``then_first`` where nothing that is read follows from it.
    """

    first: int
    last: int
    then_first: int
    then_last: int

    def holds(self, token: int) -> bool:
        """Say whether a token stands under the condition or in what follows from it."""
        return self.first <= token < self.last or self.then_first <= token < self.then_last


def condition(sentence: Sentence) -> Condition | None:
    """Return the first condition of a sentence, or None where it states none."""
    found = sentence.longest("conditions")
    if any(cue.table == "unreal" for cue in found):
        return None
    conditions = (cue for cue in found if cue.table == "if" and _begins(sentence, cue))
    return next((_read(sentence, cue, found) for cue in conditions), None)


def _begins(sentence: Sentence, cue: Cue) -> bool:
    """Say whether a word opens a clause, where it must: "Sollten die ..."; not "sie sollten".

    Verbs of every day must open the sentence: "Bleibt das Werk kalt, ...".
    """
    before = sentence.tokens[cue.first - 1].text if cue.first else ":"
    match cue.label:
        case "opening":
            return not before[0].isalnum()
        case "first":
            return before in _OPENS
        case _:
            return True


def conditional_warnings(sentence: Sentence, stated: Condition | None) -> list[Finding]:
    """Return the warning of a sentence: its consequence as the quote, its condition as the note.

    Parameters
    ----------
    sentence : Sentence
    stated : Condition or None
        From `condition`.
    """
    if stated is None or stated.then_first >= stated.then_last:
        return []
    tokens = sentence.tokens
    start, end = tokens[stated.then_first].start, tokens[stated.then_last - 1].end
    note = " ".join(token.text for token in tokens[stated.first : stated.last])
    if sentence.language == "zh":
        note = note.replace(" ", "")
    return [Finding("conditional_warning", None, None, None, "exact", start, end, note=note)]


def _read(sentence: Sentence, cue: Cue, found: Sequence[Cue]) -> Condition:
    """Return a condition with its consequence: in the same clause, after it, or before it."""
    end = _border(sentence, cue.last)
    then = _then(cue, end, found)
    if then is not None:
        return Condition(cue.first, then, then, _trimmed(sentence, then, end))
    after = _clause_with_peril(sentence, end + 1, found)
    if after is not None:
        return Condition(cue.first, end, *after)
    begin = _back(sentence, cue.first)
    if any(_is_peril(one, begin, cue.first) for one in found):
        return Condition(cue.first, end, begin, _trimmed(sentence, begin, cue.first))
    return Condition(cue.first, end, end, end)


def _then(cue: Cue, end: int, found: Sequence[Cue]) -> int | None:
    """Return where the consequence begins if no comma parts it from its condition.

    "При морозе ... систему придётся слить": at the subject of a word of necessity. After phrases
    of condition ("in the event of new strikes the town will ..."), at the peril at the latest.
    """
    for one in found:
        if one.table == "must" and cue.last + 1 < one.first < end:
            then = max(one.first - 1, cue.last)
            return then if any(_is_peril(other, then, end) for other in found) else None
    if cue.label == "phrase":
        perils = [one.first for one in found if _is_peril(one, cue.last + 3, end)]
        return max(perils[0] - 2, cue.last + 1) if perils else None
    return None


def _is_peril(cue: Cue, first: int, last: int) -> bool:
    """Say whether a word of peril stands in a range, or one of force: "would be forced to"."""
    told = cue.table == "peril" or (cue.table == "must" and cue.label == "strong")
    return told and first <= cue.first < last


def _clause_with_peril(
    sentence: Sentence, first: int, found: Sequence[Cue]
) -> tuple[int, int] | None:
    """Return the clause after a condition up to the comma behind its peril."""
    strong = next(
        (
            place
            for place in range(first, len(sentence.tokens))
            if sentence.tokens[place].text in _STRONG
        ),
        len(sentence.tokens),
    )
    for cue in found:
        if _is_peril(cue, first, strong):
            return first, min(_border(sentence, cue.last), strong)
    return None


def _border(sentence: Sentence, first: int) -> int:
    """Return the next token that parts clauses, or the end of the sentence."""
    for place in range(first, len(sentence.tokens)):
        if _parts(sentence, place):
            return place
    return len(sentence.tokens)


def _parts(sentence: Sentence, place: int) -> bool:
    """Say whether a token parts clauses; a comma inside a number does not."""
    tokens = sentence.tokens
    if tokens[place].text not in _BORDERS:
        return False
    inside = 0 < place < len(tokens) - 1 and tokens[place].end == tokens[place + 1].start
    return not (inside and tokens[place + 1].text.isdigit())


def _back(sentence: Sentence, last: int) -> int:
    """Return where the clause before a token begins; a comma right before the token is its end."""
    place = last
    if place and sentence.tokens[place - 1].text in _BORDERS:
        place -= 1
    while place and not _parts(sentence, place - 1):
        place -= 1
    return place


def _trimmed(sentence: Sentence, first: int, last: int) -> int:
    while last > first and sentence.tokens[last - 1].text in _BORDERS:
        last -= 1
    return last
