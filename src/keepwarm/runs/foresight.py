"""What looking ahead bought, as an answer of a run."""

from __future__ import annotations

from keepwarm.season import Foresight, Outcome, Season, outcome


def bought(by_rule: Season, ahead: Season, foresight: Foresight) -> dict[str, object]:
    """Return how the same event goes by the step rule and looking ahead.

    Every quantity has ``step_rule``, ``lookahead`` and ``difference`` (negative: that much less,
    looking ahead). Loads and the heat of homes are apart; see `keepwarm.season.outcome`.
    """
    one, other = outcome(by_rule), outcome(ahead)
    return {
        "hours": foresight.hours,
        "replan_hours": foresight.replan_hours,
        "unserved_mwh": {
            key: _three(one.unserved_mwh.get(key, 0.0), other.unserved_mwh.get(key, 0.0))
            for key in _keys(one, other)
        },
        "people_hours_below_degc": {
            f"{degc:g}": _three(hours, other.people_hours_below_degc[degc])
            for degc, hours in one.people_hours_below_degc.items()
        },
        "weighted_cost": _three(one.cost, other.cost),
    }


def _keys(one: Outcome, other: Outcome) -> list[str]:
    return list(dict.fromkeys((*one.unserved_mwh, *other.unserved_mwh)))


def _three(step_rule: float, lookahead: float) -> dict[str, float]:
    return {
        "step_rule": step_rule,
        "lookahead": lookahead,
        "difference": lookahead - step_rule,
    }
