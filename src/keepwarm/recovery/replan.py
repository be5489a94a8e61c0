"""Planning on from a run: what is done by then stays done, what is under way goes on."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import Case, Damage
from keepwarm.case.plan import NO_TIME, Plan, PlannedRepair
from keepwarm.case.plan_file import plan_of
from keepwarm.damage.begun import as_begun
from keepwarm.damage.crews import workforce
from keepwarm.damage.planned import planned_schedule
from keepwarm.errors import Fault, InputError
from keepwarm.runs.plan_tables import damage_of
from keepwarm.runs.run import Run


@dataclass(frozen=True)
class Standing:
    """How things stand in the middle of a run: the start of a new plan."""

    case: Case
    damage: Damage  # as it came, old and new
    at: np.datetime64
    begun: tuple[PlannedRepair, ...]  # mended by then, or under way
    plan: Plan | None  # that was carried out until then


def standing_of(case: Case, run: Run, at: np.datetime64, damage: Damage = ()) -> Standing:
    """Return how things stand at a time of a run, with new damage added.

    Parameters
    ----------
    case : Case
        The one that was run.
    run : Run
        With the plan that it carried out, or none.
    at : numpy.datetime64
        A snapshot within the run.
    damage : tuple of DamageRow
        What has happened since; rows that the run had already are passed over.

    Raises
    ------
    InputError
        When the run is of another case, or the time lies outside it.
    """
    _refuse_others(case, run, at)
    old = damage_of(case, run.tables["damage"])
    seen = {(row.asset, row.time) for row in old}
    new = tuple(row for row in damage if (row.asset, row.time) not in seen)
    text = run.manifest.get("plan")
    if not text:
        return Standing(case, (*old, *new), at, (), None)
    plan = plan_of(tomllib.loads(str(text)), Path("plan of the run"))
    return Standing(case, (*old, *new), at, _begun(case, old, plan, at), plan)


def _begun(case: Case, damage: Damage, plan: Plan, at: np.datetime64) -> tuple[PlannedRepair, ...]:
    """Return the repairs that a plan has begun by a time, as they go with their likely hours."""
    stood = as_begun(case, damage, plan.begun, plan.made_at)
    force, schedule = workforce(stood.case, stood.tasks), planned_schedule(stood, plan)
    names = case.network.assets.name
    before = {one.asset: one for one in plan.begun if one.asset in stood.under_way}
    rows = [one for one in plan.begun if one.asset not in stood.under_way]
    for task, asset in enumerate(stood.tasks.asset.tolist()):
        if not np.isfinite(schedule.end[task]):
            continue
        begin, end = (
            plan.made_at + np.timedelta64(round(float(hours) * 3600), "s")
            for hours in (schedule.begin[task], schedule.end[task])
        )
        if not begin < at:
            continue
        crews = tuple(force.crews[c].name for c in schedule.crew[task].tolist() if c >= 0)
        earlier = before.get(names[asset])
        rows.append(
            PlannedRepair(
                asset=names[asset],
                crews=crews,
                begin=begin if earlier is None else earlier.begin,
                end=end,
                end_low=NO_TIME,
                end_high=NO_TIME,
                spare=stood.tasks.spare[task],
            )
        )
    return tuple(rows)


def _refuse_others(case: Case, run: Run, at: np.datetime64) -> None:
    answers = run.answers
    if answers["case"] != case.name:
        found = f"a run of the case '{answers['case']}'"
        raise InputError((Fault("from", None, None, found, f"a run of '{case.name}'"),))
    start = np.datetime64(str(answers["start"]).removesuffix("Z"), "s")
    end = start + np.timedelta64(round(float(str(answers["hours"])) * 3600), "s")
    if not start <= at < end or at not in case.network.snapshots:
        expected = f"a snapshot of the run, {start}Z to {end}Z"
        raise InputError((Fault("from", None, None, f"{at}Z", expected),))
