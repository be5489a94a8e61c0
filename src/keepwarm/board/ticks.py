"""Ticks as the page posts them: checked, and noted only on what the person has seen.

Two tabs, or two people, may decide about the same claim. Each says which decision it had before its
eyes; where another one has been noted since, nothing is noted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from keepwarm.board.ledger_view import tick_view
from keepwarm.errors import Fault, InputError
from keepwarm.reports.ledger import Ledger
from keepwarm.reports.ledger_nouns import Tick
from keepwarm.said.sentence import said

#: Letters of a person's name, and of a note: far more than anybody needs.
LONGEST_NAME, LONGEST_NOTE = 200, 2_000

#: Claims that are decided about at once, at most.
_MOST = 1_000

_KEYS = ("claims", "decision", "who", "confidence", "note", "seen")


class Overtaken(Exception):
    """Somebody else decided about a claim since it was looked at."""

    def __init__(self, now: Mapping[str, Tick | None]) -> None:
        super().__init__("somebody else decided about this since you looked")
        self.now = now


@dataclass(frozen=True)
class Posted:
    """A decision as it was posted: about which claims, and what was seen of them before."""

    claims: tuple[str, ...]
    tick: Tick  # without its time
    seen: Mapping[str, object]


def read_tick(document: Mapping[str, object]) -> Posted:
    """Return a decision that was posted.

    Parameters
    ----------
    document
        ``claims``: names; ``decision``; ``who``; ``confidence`` (0 to 1, or None); ``note``;
        ``seen``: for each name the tick that was shown, None for none.

    Raises
    ------
    InputError
        With every fault of its form; what the ledger refuses, it says itself.
    """
    faults: list[Fault] = []

    def fault(key: str, found: str, expected: str) -> None:
        faults.append(Fault("tick", None, key, found, expected))

    for key in document:
        if key not in _KEYS:
            fault(str(key)[:60], "an unknown key", ", ".join(_KEYS))
    names, seen = document.get("claims"), document.get("seen")
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names) or not names:
        fault("claims", "no list of names", "one name or more")
        names = []
    elif len(names) > _MOST:
        fault("claims", f"{len(names)} names", f"{_MOST} at most")
    if not isinstance(seen, dict) or not all(name in seen for name in names):
        fault("seen", "not said for every claim", "the tick that was shown, null for none")
        seen = {}
    sure = document.get("confidence")
    if sure is not None and (
        not isinstance(sure, int | float) or isinstance(sure, bool) or not math.isfinite(sure)
    ):
        fault("confidence", "no number", "0 to 1")
        sure = None
    texts = {"decision": LONGEST_NAME, "who": LONGEST_NAME, "note": LONGEST_NOTE}
    given = {key: document.get(key, "") for key in texts}
    for key, most in texts.items():
        text = given[key]
        if not isinstance(text, str) or len(text) > most:
            fault(key, "no text, or a long one", said("fault.letters_of", {"count": most}))
    if isinstance(given["who"], str) and not given["who"].strip():
        fault("who", "nobody is named", "who decides")
    if faults:
        raise InputError(faults)
    confidence = None if sure is None else float(sure)
    tick = Tick(
        str(given["decision"]), confidence, str(given["who"]).strip(), "", str(given["note"])
    )
    return Posted(tuple(dict.fromkeys(names)), tick, seen)


def note_tick(ledger: Ledger, posted: Posted) -> Tick:
    """Note a decision about all of its claims, or about none.

    Raises
    ------
    Overtaken
        Where one of them has another tick than was seen.
    InputError
        Where the ledger has no such claim, or refuses the decision.
    """
    with ledger.together():  # nobody else writes between the look and the note
        now = {one.name: one.tick for one in ledger.claims() if one.name in posted.claims}
        changed = {
            name: tick for name, tick in now.items() if tick_view(tick) != posted.seen.get(name)
        }
        if changed:
            raise Overtaken(changed)
        tick = posted.tick
        return ledger.tick(
            posted.claims,
            decision=tick.decision,
            who=tick.who,
            confidence=tick.confidence,
            note=tick.note,
        )
