"""What ticked claims came to, as the text that is kept of it."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from keepwarm.board.situation import Claimed
from keepwarm.case.nouns import Case, Damage
from keepwarm.damage import AccessLimit
from keepwarm.ensemble.study import damage_of_rows, rows_of_damage


def claimed_text(case: Case, damage: Damage, closed: Sequence[AccessLimit]) -> str:
    """Return what claims come to as JSON: the damage list, and what is closed if anything is."""
    rows = rows_of_damage(case, damage)
    places = closed_rows(closed)
    return json.dumps({"damage": rows, "closed": places} if places else rows, ensure_ascii=False)


def claimed_from(case: Case, text: str) -> Claimed:
    """Return what was kept by `claimed_text`."""
    kept = json.loads(text)
    if isinstance(kept, list):
        return Claimed(damage_of_rows(case, tuple(kept)))
    closed = tuple(
        AccessLimit(place, _time(begin), _time(until), source, claim)
        for place, begin, until, source, claim in kept["closed"]
    )
    return Claimed(damage_of_rows(case, tuple(kept["damage"])), closed)


def closed_rows(closed: Sequence[AccessLimit]) -> list[list[str]]:
    """Return places that crews cannot enter as rows of texts."""
    return [[one.place, str(one.time), str(one.until), one.source, one.claim] for one in closed]


def _time(text: str) -> np.datetime64:
    return np.datetime64(text, "s")
