"""What is uncertain: how wide each number is, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keepwarm.briefing.cold import Cold
from keepwarm.briefing.deadlines import Deadlines
from keepwarm.briefing.planned import Planned
from keepwarm.briefing.situation import Situation
from keepwarm.briefing.statement import Doubt, doubt, is_low
from keepwarm.briefing.tonight import Night
from keepwarm.briefing.view import View
from keepwarm.said.sentence import knowing

Band = tuple[Any, Any, Any]


@dataclass(frozen=True)
class Width:
    """One number as a band: where buildings cool soonest, central, latest."""

    what: str  # key of its text
    kind: str  # time, buildings, people or degc
    band: Band
    section: str  # that says more
    notes: tuple[str, ...]  # what it rests on
    degc: float | None = None  # of people below a temperature


@dataclass(frozen=True)
class HeatBack:
    """When heat comes back, as decisions expect it, and how long frozen buildings take."""

    median_hours: float
    p90_hours: float
    places: tuple[str, ...]  # with a table of their own
    frozen_days: tuple[float, float, float]
    forecast_hours: float
    kelvin: float
    first: tuple[str, float, float | None, float | None] | None  # group; hours left as it is,
    # colder and milder by so many kelvin, None where its pipes do not freeze


@dataclass(frozen=True)
class Late:
    """How late repairs of the plan may be."""

    repairs: int
    asset: str  # whose end is the least sure
    end: str
    latest: str


@dataclass(frozen=True)
class Unsure:
    """All of it."""

    widths: tuple[Width, ...]
    heat_back: HeatBack | None
    late: Late | None
    doubt: Doubt
    shaky: tuple[Mapping[str, Any], ...]  # rows of the damage list of low confidence
    claims: Mapping[str, Any] | None


def unsure(
    view: View,
    now: Situation,
    todo: Deadlines | None,
    cold: Cold | None,
    nights: Sequence[Night],
    planned: Planned | None,
) -> Unsure | None:
    """Return what is uncertain of a run; None where nothing of it is known to be.

    Parameters
    ----------
    view, now, todo, cold, nights, planned
        The sections whose numbers are gathered here.
    """
    rows = view.rows("damage") if "damage" in view.run.tables else []
    found = Unsure(
        widths=tuple(_widths(now, todo, cold, nights)),
        heat_back=_heat_back(view.answers),
        late=_late(planned),
        doubt=doubt(view),
        shaky=tuple(row for row in rows if is_low(row["confidence"])),
        claims=_claims(view),
    )
    return found if found.widths or found.heat_back or found.doubt.rows or found.claims else None


def _widths(
    now: Situation, todo: Deadlines | None, cold: Cold | None, nights: Sequence[Night]
) -> list[Width]:
    rows = []
    if todo:
        rows.append(Width("first", "time", todo.by, "todo", ("pipes", "weather")))
        rows.append(Width("plugs", "buildings", todo.buildings, "todo", ("pipes", "weather")))
    if now.coldest:
        rows.append(Width("coldest", "degc", now.coldest.band, "cold", ("rooms", "weather")))
    for total in cold.totals if cold else ():
        if any(total.people):
            notes = ("rooms", "people")
            rows.append(Width("below", "people", total.people, "cold", notes, total.degc))
    if nights:
        rows.append(Width("shelter", "people", nights[0].people, "tonight", ("rooms", "people")))
    return rows


def _heat_back(answers: Mapping[str, Any]) -> HeatBack | None:
    basis = answers.get("decision_basis")
    decisions = answers.get("decisions")
    if not basis or decisions is None:
        return None
    return HeatBack(
        median_hours=basis["restoration_median_hours"],
        p90_hours=basis["restoration_p90_hours"],
        places=tuple(basis["restoration_places"]),
        frozen_days=(basis["frozen_days_low"], basis["frozen_days"], basis["frozen_days_high"]),
        forecast_hours=basis["forecast_hours"],
        kelvin=basis["kelvin"],
        first=_first(decisions[0]) if decisions else None,
    )


def _claims(view: View) -> Mapping[str, Any] | None:
    """Return what a run keeps of its claims, its sentences knowing what they are made of."""
    claims: Mapping[str, Any] | None = view.answers.get("claims")
    return None if claims is None else knowing(claims, claims.get("says"))


def _first(row: Mapping[str, Any]) -> tuple[str, float, float | None, float | None]:
    """Return how the most urgent group's hours hang on the weather, from its stop."""
    stood = row["hours_stood"]

    def hours(left: float | None) -> float | None:
        return None if left is None else stood + left

    then = row["what_if"]
    return (
        row["group"],
        stood + row["hours_left"]["low"],
        hours(then["colder"]["hours_left"]) if "colder" in then else None,
        hours(then["milder"]["hours_left"]) if "milder" in then else None,
    )


def _late(planned: Planned | None) -> Late | None:
    """Return the repair whose end is the least sure."""
    from datetime import datetime

    rows = [one for one in planned.repairs if one.latest] if planned else []
    if not rows:
        return None

    def spread(end: str, latest: str) -> float:
        parts = [datetime.fromisoformat(moment) for moment in (end, latest)]
        return (parts[1] - parts[0]).total_seconds()

    least = max(rows, key=lambda one: spread(one.end, one.latest or one.end))
    return Late(len(rows), least.asset, least.end, least.latest or least.end)
