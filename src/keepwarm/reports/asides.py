"""Asides: what stands between commas and could be left out: "17, including two children, ...".

What is said behind an aside is said of what stands before it.
"""

from __future__ import annotations

from collections.abc import Sequence

from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue

_LONGEST = 12
"""Words and marks of the longest aside."""

_TOLD = frozenset(("state", "lacking", "back", "outage", "back_service", "clause"))
"""Words that make a clause of its own of what stands between commas."""


def passed(sentence: Sentence, cues: Sequence[Cue]) -> frozenset[int]:
    """Return the tokens of the asides of a sentence, their commas among them.

    Parameters
    ----------
    sentence : Sentence
    cues : sequence of Cue
        Cues of the step ``metrics`` in the sentence.
    """
    tokens, found = sentence.tokens, set[int]()
    for cue in cues:
        opening = cue.first - 1
        if cue.table != "anaphor" or opening < 1 or tokens[opening].text not in ",(":
            continue
        closing = ")" if tokens[opening].text == "(" else ","
        ends = (
            place
            for place in range(cue.last, min(opening + _LONGEST, len(tokens)))
            if tokens[place].text == closing and not _in_a_number(sentence, place)
        )
        end = next(ends, None)
        if end is not None and not any(
            one.table in _TOLD and one.label != "neutral" and opening < one.first < end
            for one in cues
        ):
            found.update(range(opening, end + 1))
    return frozenset(found)


def _in_a_number(sentence: Sentence, place: int) -> bool:
    near = sentence.tokens[place - 1 : place + 2 : 2]
    return len(near) == 2 and all(token.text.isdigit() for token in near)
