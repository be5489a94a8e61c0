"""What looking ahead bought, as an answer of a run."""

from __future__ import annotations

from keepwarm.case.nouns import Floats
from keepwarm.season import Foresight, Outcome, Season, outcome

#: By what share the weighted cost must differ before one way is called better than the other.
NOISE = 1e-3


def bought(
    by_rule: Season, ahead: Season, foresight: Foresight, began_mwh: Floats
) -> dict[str, object]:
    """Return how the same event goes by the step rule and looking ahead.

    Every quantity has ``step_rule``, ``lookahead`` and ``difference`` (negative: that much less,
    looking ahead). Loads and the heat of homes are apart; see `keepwarm.season.outcome`.

    Parameters
    ----------
    began_mwh
        Shape (storages,): levels at the start of both.

    Returns
    -------
    dict
        ``verdict`` says whether the weighted cost is ``lower``, the ``same`` or ``higher``.
    """
    one, other = outcome(by_rule, began_mwh), outcome(ahead, began_mwh)
    return {
        "verdict": verdict(one.cost, other.cost),
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


def verdict(step_rule: float, lookahead: float) -> str:
    """Say whether the weighted cost of looking ahead is "lower", the "same" or "higher"."""
    if abs(lookahead - step_rule) <= NOISE * max(abs(step_rule), abs(lookahead)):
        return "same"
    return "lower" if lookahead < step_rule else "higher"


def _keys(one: Outcome, other: Outcome) -> list[str]:
    return list(dict.fromkeys((*one.unserved_mwh, *other.unserved_mwh)))


def _three(step_rule: float, lookahead: float) -> dict[str, float]:
    return {
        "step_rule": step_rule,
        "lookahead": lookahead,
        "difference": lookahead - step_rule,
    }
