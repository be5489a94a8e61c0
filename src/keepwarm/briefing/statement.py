"""The daily statement: what is asked of whom in the first day, and what is uncertain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from keepwarm.briefing.planned import Planned
from keepwarm.briefing.tonight import Night
from keepwarm.briefing.view import View

#: A statement asks for what begins within so many hours.
DAY_HOURS = 24.0

#: Assets that are named; the rest is counted.
NAMED = 3


@dataclass(frozen=True)
class Drains:
    """What draining crews are asked for."""

    buildings: float
    begins: str  # the first, UTC
    region: str  # of the first


@dataclass(frozen=True)
class Repairs:
    """What repair crews are asked for: repairs that begin, the first of them."""

    count: int
    asset: str
    begins: str


@dataclass(frozen=True)
class Shelter:
    """What those who run warming points are asked for, in the first night that needs any."""

    people: tuple[float, float, float]  # fewest, central, most
    begins: str
    region: str  # that needs most
    most: float  # people there, central


@dataclass(frozen=True)
class Doubt:
    """What of the damage is uncertain."""

    rows: int  # of the damage list
    open_ended: tuple[str, ...]  # assets whose end nobody says
    unsure: int  # rows of low confidence
    unmapped: int  # accepted claims that became no damage
    disagreements: int  # accepted claims that somebody contradicts


@dataclass(frozen=True)
class Statement:
    """What is asked of whom within a day, and what is uncertain; times are UTC."""

    begins: str
    ends: str
    drains: Drains | None
    repairs: Repairs | None
    units: int  # mobile units that begin to work
    cuts: int  # rotation groups that are cut
    shelter: Shelter | None
    doubt: Doubt

    @property
    def asks(self) -> bool:
        """Return whether anything is asked of anybody."""
        return bool(self.drains or self.repairs or self.units or self.cuts or self.shelter)


def statement(view: View, planned: Planned | None, nights: Sequence[Night]) -> Statement:
    """Return the statement for the day in which the damage, or the plan, begins.

    Parameters
    ----------
    view
        The run.
    planned
        The plan that it carried out; None for none.
    nights
        Those in which anybody needs a warming point.
    """
    answers = view.answers
    begins = planned.made_at if planned else answers["damage_from"] or answers["start"]
    begins = max(begins, answers["start"])
    ends = (datetime.fromisoformat(begins) + timedelta(hours=DAY_HOURS)).isoformat()
    ends = ends.replace("+00:00", "Z")
    return Statement(
        begins=begins,
        ends=ends,
        drains=_drains(view, planned, begins, ends),
        repairs=_repairs(planned, begins, ends),
        units=sum(one.count for one in planned.units if begins <= one.begin < ends)
        if planned
        else 0,
        cuts=planned.cut_between(begins, ends) if planned else 0,
        shelter=_shelter(_due(nights, begins, ends)),
        doubt=doubt(view),
    )


def _drains(view: View, planned: Planned | None, begins: str, ends: str) -> Drains | None:
    """Return what the plan has drained, else what the decisions advise to drain."""
    if planned and planned.drains:
        rows = [(one.begin, one.buildings, one.region) for one in planned.drains if one.begin]
    else:
        rows = [
            (row["start_by"], row["buildings"], row["region"])
            for row in view.answers.get("decisions") or ()
            if row["choice"] == "drain"
        ]
    due = sorted(row for row in rows if begins <= row[0] < ends)
    if not due:
        return None
    return Drains(sum(count for _, count, _ in due), due[0][0], due[0][2])


def _repairs(planned: Planned | None, begins: str, ends: str) -> Repairs | None:
    rows = planned.repairs if planned else ()
    due = sorted((one.begin, one.asset) for one in rows if begins <= one.begin < ends)
    return Repairs(len(due), due[0][1], due[0][0]) if due else None


def _due(nights: Sequence[Night], begins: str, ends: str) -> list[Night]:
    """Return the nights that begin within the day, else the one that is under way."""
    ahead = [one for one in nights if begins <= one.begins < ends]
    return ahead or [one for one in nights if one.begins < begins < one.ends]


def _shelter(nights: Sequence[Night]) -> Shelter | None:
    first = next((night for night in nights if night.people[0] >= 0.5), None)
    if first is None:
        return None
    most = first.regions[0]
    soonest, central, latest = first.people  # the faster homes cool, the more people
    return Shelter(
        (latest, central, soonest), first.begins, most["region"], most["people"]["central"]
    )


def doubt(view: View) -> Doubt:
    """Return what of the damage list, and of the claims behind it, is uncertain."""
    rows = view.rows("damage") if "damage" in view.run.tables else []
    claims: Mapping[str, Any] = view.answers.get("claims") or {}
    mended = {row["asset"] for row in view.rows("assets") if row["out_until"] is not None}
    ends = dict.fromkeys(row["asset"] for row in rows if row["until"] is None)
    return Doubt(
        rows=len(rows),
        open_ended=tuple(asset for asset in ends if asset not in mended),
        unsure=sum(is_low(row["confidence"]) for row in rows),
        unmapped=len(claims.get("unmapped", ())),
        disagreements=len(claims.get("disagreements", ())),
    )


def is_low(confidence: str | None) -> bool:
    """Return whether a confidence is low: by its word, or below one half.

    Examples
    --------
    >>> is_low("low"), is_low("0.3"), is_low("high"), is_low(""), is_low(None)
    (True, True, False, False, False)
    """
    try:
        return float(confidence or "nan") < 0.5
    except ValueError:
        return str(confidence).strip().casefold() == "low"
