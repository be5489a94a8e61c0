"""The parts of a plan beside its repairs: drains, units, rotation, and what each of them saves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from keepwarm.case.nouns import Case, Damage
from keepwarm.case.plan import Plan
from keepwarm.case.timetable import Timetable, joined, window, with_power_until
from keepwarm.recovery.appraisal import appraised
from keepwarm.recovery.deployment import planned_deployments
from keepwarm.recovery.drain_crews import with_crews
from keepwarm.recovery.drains import planned_drains, walked
from keepwarm.recovery.turns import planned_rotation
from keepwarm.recovery.worth import Outlook
from keepwarm.said.sentence import said
from keepwarm.season import orders_of, prepare


def with_parts(
    outlook: Outlook,
    made: Plan,
    likely: Damage,
    drawn: Sequence[Damage],
    *,
    earlier: Plan | None = None,
    before: Timetable | None = None,
) -> Plan:
    """Return a plan of repairs with drains, units and rotation.

    Parameters
    ----------
    outlook
        When the plan is made, without any unit.
    made
        With its repairs.
    likely, drawn
        The damage with the ends that repairs are likely to come to, and with drawn hours of work.
    earlier
        That was carried out until then: its units go on from where they stand, and what it did
        until then is kept in the new plan, so that it can be carried out from the beginning.
    before
        Power cuts of the days before.
    """
    if not len(outlook.case.buildings):
        made = _with_rotation(outlook, made, likely, before)
        return made if earlier is None else _with_history(made, earlier)
    corridor = prepare(outlook.case)
    season = walked(outlook, likely, corridor=corridor)
    drains, notes = with_crews(
        outlook.case, made.made_at, planned_drains(outlook, corridor, season, drawn)
    )
    made = replace(made, drains=drains, notes=(*made.notes, *notes))
    stand = () if earlier is None else earlier.deployments
    given = () if earlier is None else earlier.deliveries
    sent = planned_deployments(outlook, corridor, season, before=stand, delivered=given)
    made = replace(made, deployments=sent.deployments, deliveries=sent.deliveries)
    made = _with_rotation(outlook, made, likely, before)
    if made.timetable is not None and _has_generators(outlook.case):
        # Substations stand now when their group is off: generators go where that costs most.
        told = orders_of(corridor, replace(made, deployments=()), outlook.first, outlook.steps)
        season = walked(outlook, likely, corridor=corridor, orders=told)
        sent = planned_deployments(outlook, corridor, season, before=stand, delivered=given)
        made = replace(made, deployments=sent.deployments, deliveries=sent.deliveries)
    whole, parts = appraised(outlook, made, drawn)
    worth = {**made.worth, "cold_person_hours_mean_all_parts": float(whole.mean())}
    for name, part in parts.items():
        worth |= {f"{name}_save": part.saved_cold_hours, f"{name}_save_stderr": part.stderr}
    made = replace(made, worth=worth)
    return made if earlier is None else _with_history(made, earlier)


def carried_on(made: Plan, earlier: Plan) -> Plan:
    """Return a plan that leaves drains, units and rotation as an earlier one had them."""
    drains = _with_history(replace(made, drains=()), earlier).drains
    new = tuple(one for one in earlier.drains if np.isnat(one.decided))
    return replace(
        made,
        drains=(*drains, *new),
        deployments=earlier.deployments,
        deliveries=earlier.deliveries,
        timetable=earlier.timetable,
    )


def _has_generators(case: Case) -> bool:
    return any(unit.kind == "generator" for unit in case.resources.mobile)


def _with_rotation(outlook: Outlook, made: Plan, likely: Damage, before: Timetable | None) -> Plan:
    """Return the plan with the timetable that shares what is short; it says what gave way."""
    turns = planned_rotation(outlook, made, likely, before)
    notes = tuple(said("rotation.note", {"note": one}) for one in turns.notes)
    worth = {**made.worth, **turns.worth}
    return replace(made, timetable=turns.timetable, notes=(*made.notes, *notes), worth=worth)


def _with_history(made: Plan, earlier: Plan) -> Plan:
    """Return a plan that also holds what an earlier one had done by the time it was made."""
    # Also what was to be drained later: until now the plan's word held, not the case's policy.
    drains = tuple(
        replace(one, decided=earlier.made_at if np.isnat(one.decided) else one.decided)
        for one in earlier.drains
        if np.isnat(one.decided) or one.decided < made.made_at
    )
    return replace(
        made,
        drains=(*drains, *made.drains),
        timetable=_from_the_beginning(earlier.timetable, made),
    )


def _from_the_beginning(before: Timetable | None, made: Plan) -> Timetable | None:
    """Return the new timetable behind what of the old one has been carried out."""
    if before is None or not before.start < made.made_at:
        return made.timetable
    until = before.end if made.timetable is None else made.timetable.start
    past = window(before, before.start, min(made.made_at, until))
    if made.timetable is None:
        return past
    if past.groups != made.timetable.groups or past.slot_hours != made.timetable.slot_hours:
        return made.timetable
    return joined(with_power_until(past, made.timetable.start), made.timetable)
