"""Raids as each speaker told them: one speaker's figures for one day, of accepted claims."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from keepwarm.case.claims import UNATTRIBUTED, Claim, Ticked
from keepwarm.damage.from_claims import Unmapped

KINDS = ("drones", "missiles", "weapons")
_STATES = ("launched", "downed", "lost")
_SAID = ("claimed", "confirmed")
_COUNTED = ("exact", "approx", "nearly", "range")


@dataclass(frozen=True)
class Raid:
    """What one speaker said of one day; a kind that is not named is not there."""

    day: date
    launched: Mapping[str, float]  # kind -> number
    downed: Mapping[str, float]
    lost: Mapping[str, float]  # without effect
    claims: tuple[str, ...]  # their names in the ledger

    def came(self, kind: str) -> float | None:
        """Return how many of a kind were launched; those downed where only they are said."""
        return self.launched.get(kind, self.downed.get(kind))

    def through(self, kind: str) -> float | None:
        """Return how many got through, None where launched and downed do not say."""
        if kind not in self.launched or kind not in self.downed:
            return None
        left = self.launched[kind] - self.downed[kind] - self.lost.get(kind, 0.0)
        return left if left >= 0 else None


@dataclass(frozen=True)
class Series:
    """The raids that one speaker told of, by day."""

    speaker: str
    raids: tuple[Raid, ...]

    @property
    def days(self) -> int:
        """Days from the first to the last."""
        return (self.raids[-1].day - self.raids[0].day).days

    def kinds(self) -> tuple[str, ...]:
        """Return the kinds that it tells apart: drones and missiles, else both together."""
        named = [kind for kind in KINDS if any(raid.came(kind) for raid in self.raids)]
        return tuple(kind for kind in named if kind != "weapons" or len(named) == 1)


def series_of(ticked: Iterable[Ticked]) -> tuple[tuple[Series, ...], tuple[Unmapped, ...]]:
    """Return each speaker's raids, the longest series first, and the claims that tell of none.

    Parameters
    ----------
    ticked : iterable of Ticked
        Accepted claims. A raid is what one speaker said of the day on which a document was
        published; of several figures of one kind the largest counts, since parts by place and
        earlier figures are smaller. "B (via A)" is B's.

    Returns
    -------
    series : tuple of Series
        Never mixed: a claim is its speaker's.
    unused : tuple of Unmapped
        Claims about launched, downed or lost weapons that could not be counted, and why.

    **Leaves out**: two raids within one day; words of time within a text, which may tell of the day
    before.
    """
    said: dict[str, dict[date, list[Ticked]]] = {}
    unused: list[Unmapped] = []
    for one in ticked:
        if _metric(one.claim) is None:
            continue
        day, reason = _day(one.published), _unusable(one.claim)
        if day is None or reason:
            unused.append(Unmapped(one.name, reason or "its document has no date"))
            continue
        speaker = re.sub(r" \(via .*\)$", "", one.claim.source)
        said.setdefault(speaker, {}).setdefault(day, []).append(one)
    series = [
        Series(speaker, tuple(_raid(day, days[day]) for day in sorted(days)))
        for speaker, days in said.items()
    ]
    return tuple(sorted(series, key=lambda one: (-len(one.raids), one.speaker))), tuple(unused)


def _raid(day: date, claims: list[Ticked]) -> Raid:
    figures: dict[str, dict[str, float]] = {state: {} for state in _STATES}
    for one in claims:
        kind, state = _metric(one.claim) or ("", "")
        known = figures[state].get(kind, 0.0)
        figures[state][kind] = max(known, _number(one.claim))
    return Raid(
        day,
        launched=figures["launched"],
        downed=figures["downed"],
        lost=figures["lost"],
        claims=tuple(one.name for one in claims),
    )


def _metric(claim: Claim) -> tuple[str, str] | None:
    kind, _, state = claim.metric.partition("_")
    return (kind, state) if kind in KINDS and state in _STATES else None


def _number(claim: Claim) -> float:
    value = claim.value or 0.0
    most = value if claim.value_max is None else claim.value_max
    return (value + most) / 2 if claim.qualifier == "range" else value


def _unusable(claim: Claim) -> str:
    if claim.source == UNATTRIBUTED:
        return "nobody is named as its source"
    if claim.modality not in _SAID:
        return f"said as {claim.modality}"
    if claim.phase == "cumulative":
        return "a sum since some beginning"
    if claim.value is None or claim.qualifier not in _COUNTED:
        return f"{claim.qualifier.replace('_', ' ')}: no number to count with"
    return ""


def _day(published: str) -> date | None:
    try:
        return date.fromisoformat(published[:10])
    except ValueError:
        return None
