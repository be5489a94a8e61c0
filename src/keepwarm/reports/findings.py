"""What is read from a number: a metric with its value, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keepwarm.reports.heads import Head
from keepwarm.reports.quantities import Quantity
from keepwarm.reports.words import Cue

GROUPS = frozenset(
    (
        "customers",
        "people",
        "households",
        "buildings",
        "settlements",
        "facilities",
        "regions",
        "businesses",
    )
)
"""What can be without power, heat, water or gas."""

WEAPONS = frozenset(("drones", "missiles", "weapons", "munitions"))
HARM = frozenset(("killed", "injured", "casualties"))
SUPPLY = frozenset(("without", "restored", "drained"))
ATTACK = frozenset(("launched", "downed", "lost", "hit"))
SYSTEM = frozenset(("capacity_lost", "capacity_available", "generation", "load_shed"))


@dataclass(frozen=True)
class Finding:
    """A metric read from a number.

    Attributes
    ----------
    metric : str
    number : Quantity or None
        None where nothing was counted ("no casualties").
    value, value_max, qualifier
        As in a claim.
    start, end : int
        The quote, in the reading copy.
    noun : Head or None
        The noun where it stands outside the quote.
    facility_type, unit : str
        Of a facility; where the metric does not give the unit ("queues", "hours").
    note : str
        Conditions and the like.
    """

    metric: str
    number: Quantity | None
    value: float | None
    value_max: float | None
    qualifier: str
    start: int
    end: int
    noun: Head | None = None
    facility_type: str = ""
    unit: str = ""
    note: str = ""


def none_of(found: Sequence[Cue], result: Sequence[Finding]) -> list[Finding]:
    """Return "no casualties" as a number: none is 0, which silence is not."""
    return [
        Finding(cue.label, None, 0.0, None, "exact", cue.start, cue.end)
        for cue in found
        if cue.table == "none"
        and not any(other.start < cue.end and cue.start < other.end for other in result)
    ]
