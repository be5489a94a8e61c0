"""German articles that count: "ein Mann starb", "27 Drohnen und einen Marschflugkörper"."""

from __future__ import annotations

from collections.abc import Sequence

from keepwarm.reports.heads import Head
from keepwarm.reports.noun_phrases import may_stand_between
from keepwarm.reports.quantities import Quantity
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue

_FAR = 4
"""Words that may stand between an article and its noun."""

_ONE = frozenset(
    ("people", "workers", "killed", "injured", "drones", "missiles", "weapons", "munitions")
)
"""What a German article may count."""


def article_counts(sentence: Sentence, number: Quantity, cues: Sequence[Cue]) -> bool:
    """Say whether a German "ein" may be a count: of people, the dead and hurt, or weapons."""
    return (
        sentence.language == "de"
        and number.kind == "article"
        and any(
            cue.table == "head"
            and cue.label in _ONE
            and 0 <= cue.first - number.last <= _FAR
            and may_stand_between(sentence, number.last, cue.first, cues)
            for cue in cues
        )
    )


def with_others(sentence: Sentence, head: Head) -> bool:
    """Say whether more follow who are not counted: "eine Frau und ihr Sohn"."""
    behind = [token.key for token in sentence.tokens if token.start >= head.end]
    return behind[:1] == ["und"] and not any(key[:1].isdigit() for key in behind[1:2])
