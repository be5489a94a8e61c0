"""Scenarios: what was given, and one edit after the other; none is ever changed.

A scenario is named by what it is: the same edit of the same scenario has the same name in every tab
and after every restart.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from keepwarm.board.claimed import closed_rows
from keepwarm.board.situation import Situation
from keepwarm.case.nouns import Case
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


def root(case: Case, given: Situation, *, start: str, hours: float, observed: bool) -> Scenario:
    """Return the scenario that a board opens with.

    Parameters
    ----------
    case, given
        The case, its damage and its plan; another file of the case makes another root.
    start, hours, observed
        When the run begins, how long it is, and whether it begins from state.csv.
    """
    document: dict[str, object] = {
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
            for row in given.damage
        ],
        "plan": None if given.plan is None else plan_text(given.plan),
        "start": start,
        "hours": hours,
        "observed": observed,
    }
    if given.closed:  # else it has the name that it would have without
        document["closed"] = closed_rows(given.closed)
    return Scenario(name_of(document), None, None)
