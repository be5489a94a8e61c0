"""What each part of a plan is worth: the whole plan beside the plan without that part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from keepwarm.case.deployed import with_deployments
from keepwarm.case.nouns import Damage, Floats
from keepwarm.case.plan import Plan
from keepwarm.recovery.worth import Outlook, Worth

#: Parts of a plan beside its repairs, as its fields name them, and what is there without them.
PARTS: dict[str, object] = {"drains": (), "deployments": (), "timetable": None}


@dataclass(frozen=True)
class Part:
    """A difference over draws of repair hours, the same draws with and without."""

    saved_cold_hours: float
    stderr: float


def appraised(
    outlook: Outlook, plan: Plan, drawn: Sequence[Damage]
) -> tuple[Floats, dict[str, Part]]:
    """Return the cold person-hours of a plan over draws, and what each of its parts saves.

    Parameters
    ----------
    outlook
        Without the plan's units.
    plan
        With its parts.
    drawn
        Damage lists, each with the ends of one draw of repair hours.

    Returns
    -------
    array, dict
        Cold person-hours, (draws,), and `Part` by name of those that the plan has.
    """
    whole = _cold_hours(outlook, plan, drawn)
    parts = {}
    for name, none in PARTS.items():
        if not getattr(plan, name):
            continue
        saved = _cold_hours(outlook, replace(plan, **{name: none}), drawn) - whole  # type: ignore[arg-type]
        spread = float(saved.std(ddof=1)) if saved.size > 1 else 0.0
        parts[name] = Part(float(saved.mean()), spread / float(np.sqrt(saved.size)))
    return whole, parts


def _cold_hours(outlook: Outlook, plan: Plan, drawn: Sequence[Damage]) -> Floats:
    ways = [with_deployments(outlook.case, damage, plan)[1] for damage in drawn]
    worth = Worth(deployed(outlook, plan), plan.objective, plan=plan)
    nothing = [np.zeros(0)] * len(ways)
    return np.array([cost.cold_hours for cost in worth.costs(ways, nothing)])


def deployed(outlook: Outlook, plan: Plan) -> Outlook:
    """Return an outlook on the case with a plan's units at its buses."""
    case, _ = with_deployments(outlook.case, (), plan)
    old = len(outlook.case.network.generators)
    count = len(case.network.generators) - old
    if not count:
        return outlook
    at = np.full(count, old)
    state = replace(
        outlook.state, restart_hours=np.insert(outlook.state.restart_hours, at, np.zeros(count))
    )
    standing = np.insert(outlook.standing, at, np.ones(count))
    return replace(outlook, case=case, state=state, standing=standing)
