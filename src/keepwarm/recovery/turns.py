"""The rotation of a plan: what is short with its repairs and units, shared out by timetable."""

from __future__ import annotations

from keepwarm.case.deployed import with_deployments
from keepwarm.case.nouns import Damage
from keepwarm.case.plan import Plan
from keepwarm.case.timetable import Timetable, window
from keepwarm.damage import availability
from keepwarm.recovery.appraisal import deployed
from keepwarm.recovery.rotation import Rotation, rotate
from keepwarm.recovery.rotation_rules import rules_of
from keepwarm.recovery.shortage import shortage_ahead
from keepwarm.recovery.worth import Outlook
from keepwarm.season import prepare

#: A shortage below this is none, MW.
_SHORT_MW = 0.1


def planned_rotation(
    outlook: Outlook, plan: Plan, likely: Damage, before: Timetable | None
) -> Rotation | None:
    """Return the timetable that shares what is short under a plan; None where nothing is.

    Parameters
    ----------
    outlook
        Without the plan's units.
    plan
        With its units.
    likely
        The damage with the ends that the plan's repairs are likely to come to.
    before
        Yesterday's timetable; what of it lies before the plan counts, and blocks go on.
    """
    ahead = deployed(outlook, plan)
    _, damage = with_deployments(outlook.case, likely, plan)
    case = ahead.case
    begin = case.network.snapshots[ahead.first]
    left = availability(case, damage, begin, ahead.steps) * ahead.standing
    shortage = shortage_ahead(prepare(case), left, first=ahead.first, state=ahead.state)
    if not (shortage.shortage_mw > _SHORT_MW).any():
        return None
    past = None if before is None else window(before, before.start, begin)
    if past is not None and (not len(past) or past.end != begin):
        past = None
    return rotate(shortage, rules_of(case.settings), before=past)
