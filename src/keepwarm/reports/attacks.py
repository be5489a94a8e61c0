"""Which attack an ordinal counts: "the ninth attack", "struck for the third time"."""

from __future__ import annotations

from collections.abc import Sequence

from keepwarm.reports.heads import Head
from keepwarm.reports.quantities import Quantity
from keepwarm.reports.text import Sentence
from keepwarm.reports.words import Cue

_NEAR = 2
"""Words that may stand between an ordinal and its attack."""

_AGAIN = 10
"""Words that may stand between an attack and "for the third time"."""

_BECOME = ("ым", "им", "ою", "ой")
"""Endings of what an attack became: "удар стал девятым"."""


def attack_counted(sentence: Sentence, number: Quantity, cues: Sequence[Cue]) -> Head | None:
    """Return the attack that an ordinal counts, None where it counts something else."""
    time = any(cue.table == "time" and cue.first == number.last for cue in cues)
    became = sentence.tokens[number.first].key.endswith(_BECOME)
    for cue in cues:
        ahead, behind = cue.first - number.last, number.first - cue.last
        if cue.table == "attack" and (0 <= ahead <= _NEAR or (became and 0 <= behind <= _NEAR)):
            return Head("attacks", cue.start, cue.end)
        if cue.table == "raided" and time and 0 <= behind <= _AGAIN:
            return Head("attacks", cue.start, cue.end)
    return None
