"""Scenarios: what was given, and one edit after the other; none is ever changed.

A scenario is named by what it is: the same edit of the same scenario has the same name in every tab
and after every restart.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from keepwarm.case.nouns import Case, Damage
from keepwarm.case.plan import Plan
from keepwarm.case.plan_file import plan_text

#: Letters of a name: 64 bits, as there are never more than a few thousand scenarios of one case.
LETTERS = 16

#: One edit as its JSON document, checked and written in one way; see `keepwarm.board.edits`.
Document = Mapping[str, object]


@dataclass(frozen=True)
class Scenario:
    """One state of the case: its parent and what was changed; the root has neither."""

    name: str
    parent: str | None
    edit: Document | None


def canonical(document: object) -> str:
    """Return a JSON document written in one way: keys in order, no blanks.

    Examples
    --------
    >>> canonical({"b": 1, "a": [None]})
    '{"a":[null],"b":1}'
    """
    return json.dumps(
        document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def name_of(document: object) -> str:
    """Return the name of a JSON document: the first letters of its SHA-256.

    Examples
    --------
    >>> name_of({})
    '44136fa355b3678a'
    """
    return hashlib.sha256(canonical(document).encode()).hexdigest()[:LETTERS]


def child(parent: str, edit: Document) -> Scenario:
    """Return the scenario that an edit makes of another."""
    return Scenario(name_of({"parent": parent, "edit": edit}), parent, edit)


def root(
    case: Case, damage: Damage, plan: Plan | None, *, start: str, hours: float, observed: bool
) -> Scenario:
    """Return the scenario that a board opens with.

    Parameters
    ----------
    case, damage, plan
        As they were given; another file of the case makes another root.
    start, hours, observed
        When the run begins, how long it is, and whether it begins from state.csv.
    """
    given = {
        "case": case.name,
        "inputs": dict(case.input_hashes),
        "damage": [
            [
                str(row.time),
                case.network.assets.name[row.asset],
                row.available,
                str(row.until),
                row.source,
                row.confidence,
            ]
            for row in damage
        ],
        "plan": None if plan is None else plan_text(plan),
        "start": start,
        "hours": hours,
        "observed": observed,
    }
    return Scenario(name_of(given), None, None)
