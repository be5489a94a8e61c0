"""What looking ahead bought over the step rule, where a run looked ahead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keepwarm.briefing.view import View
from keepwarm.case.nouns import TIERS

#: Less than this is no row: half a MWh, half a person-hour.
SMALL = 0.5


@dataclass(frozen=True)
class Beside:
    """One quantity by the step rule and looking ahead."""

    what: str  # energy, homes, cold or cost
    carrier: str  # of energy
    tier: str  # of energy
    degc: float  # of cold
    step_rule: float
    lookahead: float

    @property
    def difference(self) -> float:
        """Negative: that much less, looking ahead."""
        return self.lookahead - self.step_rule


@dataclass(frozen=True)
class Ahead:
    """Two ways through one event."""

    hours: float
    verdict: str  # lower, same or higher
    rows: tuple[Beside, ...]


def ahead(view: View) -> Ahead | None:
    """Return what looking ahead bought; None for a run step by step, or one that does not say."""
    found: Mapping[str, Any] | None = view.answers.get("foresight")
    if found is None or "verdict" not in found:
        return None
    rows = [_energy(key, row) for key, row in found["unserved_mwh"].items()]
    rows += [
        _row("cold", row, degc=float(degc))
        for degc, row in found["people_hours_below_degc"].items()
    ]
    rows = [row for row in rows if max(row.step_rule, row.lookahead) >= SMALL]
    cost = _row("cost", found["weighted_cost"])
    return Ahead(float(found["hours"]), str(found["verdict"]), (*rows, cost))


def _energy(key: str, row: Mapping[str, float]) -> Beside:
    """Read what is unserved: "power household" is of a carrier and a tier."""
    carrier, _, tier = key.partition(" ")
    return _row("energy", row, carrier=carrier, tier=tier) if tier in TIERS else _row("homes", row)


def _row(
    what: str, row: Mapping[str, float], *, carrier: str = "", tier: str = "", degc: float = 0.0
) -> Beside:
    return Beside(what, carrier, tier, degc, row["step_rule"], row["lookahead"])
