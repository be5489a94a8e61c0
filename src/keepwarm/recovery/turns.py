"""The rotation of a plan: what is short with its repairs and units, shared out by timetable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from keepwarm.case.deployed import with_deployments
from keepwarm.case.nouns import Case, Damage, Names
from keepwarm.case.plan import Plan
from keepwarm.case.rotation import rotation_of
from keepwarm.case.times import format_time
from keepwarm.case.timetable import Timetable, window, with_power_until
from keepwarm.damage import availability
from keepwarm.errors import Fault, InputError, nearest
from keepwarm.recovery.appraisal import deployed
from keepwarm.recovery.rotation import Rotation, rotate
from keepwarm.recovery.rotation_rules import Rules, rules_of
from keepwarm.recovery.shortage import shortage_ahead
from keepwarm.recovery.worth import Outlook, Worth
from keepwarm.said.sentence import Said, said
from keepwarm.season import prepare

#: A shortage below this is none, MW.
_SHORT_MW = 0.1
#: Blocks as parts of the longest one that are weighed where substations stand while they last.
_BLOCKS = (1.0, 5 / 7, 3 / 7)
#: Part of the cold hours that shorter blocks must save to be taken.
_WORTH_IT = 0.005
#: Longer between yesterday's timetable and the plan, nothing of it is still under way.
_GAP = np.timedelta64(24 * 3600, "s")


@dataclass(frozen=True)
class Turns:
    """A timetable, what is to be said of it, and its figures by name."""

    timetable: Timetable | None  # None where nothing is short that turns could share
    notes: Names
    worth: Mapping[str, float]


def planned_rotation(
    outlook: Outlook, plan: Plan, likely: Damage, before: Timetable | None
) -> Turns:
    """Return the timetable that shares what is short under a plan.

    Where homes lose their heat while their group is off, shorter blocks than the longest allowed
    are weighed as well: the season is walked with each, and the one with the least cold is taken.

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
    corridor = prepare(case)
    shortage = shortage_ahead(corridor, left, first=ahead.first, state=ahead.state)
    if not (shortage.shortage_mw > _SHORT_MW).any():
        return Turns(None, shortage.notes, {})
    past, told = _past(case, before, begin)
    rules = rules_of(case.settings)
    options = [replace(rules, longest_block_hours=hours) for hours in _blocks(rules)]
    if not corridor.depends_on_feeder.any():
        options = options[:1]
    found = [rotate(shortage, one, before=past) for one in options]
    costs = [
        Worth(ahead, plan.objective, plan=replace(plan, timetable=one.timetable)).costs(
            [damage], [np.zeros(0)]
        )[0]
        for one in (found if len(found) > 1 else ())
    ]
    best = _best(options, found, [cost.value for cost in costs])
    notes = [*told, *_gave_way(found[best]), *_figures(found[best], rules)]
    notes += shortage.notes
    if best:
        fewer = costs[0].cold_hours - costs[best].cold_hours
        values = {
            "hours": options[best].longest_block_hours,
            "usual": rules.longest_block_hours,
            "fewer": round(fewer),
        }
        notes.append(said("rotation.blocks", values))
        if any(one.rule == "longest block" for one in found[best].gave_way):
            notes.append(said("rotation.longer"))
    cut, short = _mwh(found[best])
    return Turns(
        found[best].timetable,
        tuple(notes),
        {"rotation_shortage_mwh": short, "rotation_cut_mwh": cut},
    )


def refuse_others(case: Case, before: Timetable) -> None:
    """Refuse a timetable of other groups or other slots than a case has.

    Raises
    ------
    InputError
        With every fault found.
    """
    groups, _ = rotation_of(case.rotation, case.settings, case.buildings)
    faults = []
    for name in before.groups:
        if name not in groups.name:
            found = f"'{name}' is no rotation group of this case"
            near = nearest(name, groups.name)
            faults.append(Fault("timetable", None, None, found, "", near))
    slot = case.settings.number("rotation.slot_hours")
    if before.slot_hours != slot:
        found = f"slots of {before.slot_hours:g} h"
        faults.append(Fault("timetable", None, None, found, f"slots of {slot:g} h"))
    if faults:
        raise InputError(tuple(faults))


def _blocks(rules: Rules) -> list[float]:
    slots = [max(1, round(rules.longest_block * part)) for part in _BLOCKS]
    return [at * rules.slot_hours for at in dict.fromkeys(slots)]


def _best(options: list[Rules], found: list[Rotation], values: list[float]) -> int:
    """Return the longest blocks, unless shorter ones break no more rules and are worth it."""
    best = 0
    for at in range(1, len(options)):
        broken = len(found[at].gave_way) > len(found[0].gave_way)
        least = values[best] if best else values[0] * (1 - _WORTH_IT)
        if not broken and values[at] < least:
            best = at
    return best


def _mwh(found: Rotation) -> tuple[float, float]:
    """Return what is cut, and what is short, MWh."""
    slot = found.timetable.slot_hours
    return float(found.cut_mw.sum() * slot), float(found.shortage_mw.sum() * slot)


def _gave_way(found: Rotation) -> list[str]:
    """Say which rules gave way: of each the first place, and how many more there are."""
    first, count = dict[str, Said](), dict[str, int]()
    for one in found.gave_way:
        first.setdefault(one.rule, one.sentence())
        count[one.rule] = count.get(one.rule, 0) + 1
    return [
        said("rotation.more_places", {"note": told, "count": count[rule] - 1})
        if count[rule] > 1
        else told
        for rule, told in first.items()
    ]


def _figures(found: Rotation, rules: Rules) -> list[str]:
    """Say what turns cut beyond the shortage, and why."""
    cut, short = _mwh(found)
    if cut < 1.05 * short:
        return []
    values = {
        "cut": round(cut),
        "short": round(short),
        "factor": rules.pickup_factor,
        "hours": rules.pickup_hours,
    }
    return [said("rotation.cut_more", values)]


def _past(
    case: Case, before: Timetable | None, begin: np.datetime64
) -> tuple[Timetable | None, list[str]]:
    """Return the timetable up to the plan, and what is to be said of it."""
    if before is None:
        return None, []
    past = window(before, before.start, begin)
    if not len(past):
        return None, [said("rotation.begins_later", {"begin": format_time(before.start)})]
    if past.end == begin:
        return past, []
    if past.end > begin or begin - past.end > _GAP or (begin - past.end) % past.slot:
        return None, [said("rotation.ends_before", {"end": format_time(past.end)})]
    told = said("rotation.nobody_off", {"end": format_time(past.end)})
    return with_power_until(past, begin), [told]
