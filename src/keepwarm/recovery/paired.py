"""Two plans over the same draws of repair hours: their difference with its standard error."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np

from keepwarm.case.deployed import with_deployments
from keepwarm.case.nouns import Case, Floats
from keepwarm.case.plan import Plan
from keepwarm.case.plan_file import plan_of
from keepwarm.damage.begun import as_begun
from keepwarm.damage.planned import carried_out
from keepwarm.errors import Fault, InputError
from keepwarm.estimate import Estimate, mean
from keepwarm.recovery.appraisal import deployed
from keepwarm.recovery.outlook import outlook
from keepwarm.recovery.robust import drawn_hours
from keepwarm.recovery.worth import Worth
from keepwarm.runs.plan_tables import damage_of
from keepwarm.runs.run import Run


def paired(case: Case, a: Run, b: Run, *, draws: int = 16, seed: int = 0) -> Estimate:
    """Return the cold person-hours that the plan of one run has more than that of another.

    Parameters
    ----------
    case : Case
        That both were run on.
    a, b : Run
        With a plan each, made at one time for one damage list.
    draws, seed : int
        How many draws of repair hours, the same for both plans, and their streams.

    Returns
    -------
    Estimate
        Of b less a, person-hours below ``decision.cold_below_degc``.

    Raises
    ------
    InputError
        Where a run has no plan, or the two are not of one case, damage and time.
    """
    plans = [_plan_of(run) for run in (a, b)]
    if plans[0].made_at != plans[1].made_at or not a.tables["damage"].equals(b.tables["damage"]):
        found = "the two plans are not for the same damage at the same time"
        raise InputError((Fault("compare", None, None, found, "plans of one night"),))
    hours = min(one.hours for one in plans)  # a plan judged by longer is no worse for it
    cold = [
        _cold_hours(case, run, replace(plan, hours=hours), draws, seed)
        for run, plan in zip((a, b), plans, strict=True)
    ]
    return mean(cold[1] - cold[0], "person-hours")


def _plan_of(run: Run) -> Plan:
    text = run.manifest.get("plan")
    if not text:
        found = f"{run.out} has no plan"
        raise InputError((Fault("compare", None, None, found, "runs made with --plan"),))
    return plan_of(tomllib.loads(str(text)), Path("plan of the run"))


def _cold_hours(case: Case, run: Run, plan: Plan, draws: int, seed: int) -> Floats:
    damage = damage_of(case, run.tables["damage"])
    begun = as_begun(case, damage, plan.begun, plan.made_at)
    known = tuple(row for row in begun.damage if row.time <= plan.made_at)
    ahead = deployed(outlook(case, known, plan.made_at, hours=plan.hours, plan=plan), plan)
    ways = []
    for hours in drawn_hours(begun.tasks, draws, seed):
        ended = carried_out(case, damage, plan, hours=hours)
        ways.append(with_deployments(case, ended, plan)[1])
    worth = Worth(ahead, plan=plan)
    return np.array([cost.cold_hours for cost in worth.costs(ways, [np.zeros(0)] * draws)])
