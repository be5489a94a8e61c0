"""Who needs a warming point, night by night."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keepwarm.case.nouns import BAND

Counts = tuple[float, float, float]


@dataclass(frozen=True)
class Night:
    """One night; bands are soonest, central, latest. Times are UTC."""

    begins: str
    ends: str
    people: Counts  # who need a warming point
    vulnerable: Counts  # of them
    buildings: Counts  # that they live in
    without_both: float  # people with neither heat nor power
    regions: tuple[Mapping[str, Any], ...]  # rows of the answers, the most people first


def nights(rows: Sequence[Mapping[str, Any]]) -> tuple[Night, ...]:
    """Return the nights in which anybody needs a warming point, from the answers of a run."""
    by_night: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_night.setdefault(row["night"], []).append(row)
    return tuple(_night(members) for members in by_night.values())


def _night(members: list[Mapping[str, Any]]) -> Night:
    return Night(
        begins=members[0]["from"],
        ends=members[0]["until"],
        people=_total(members, "people"),
        vulnerable=_total(members, "vulnerable"),
        buildings=_total(members, "buildings"),
        without_both=sum(row["without_heat_and_power"] for row in members),
        regions=tuple(
            sorted(
                members,
                key=lambda row: (-row["people"]["central"], -row["people"]["low"], row["region"]),
            )
        ),
    )


def _total(members: list[Mapping[str, Any]], what: str) -> Counts:
    low, central, high = (sum(row[what][band] for row in members) for band in BAND)
    return low, central, high
