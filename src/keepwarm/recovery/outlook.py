"""When a plan is made, how things stand then, and how far ahead it is judged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from keepwarm.case.deployed import with_deployments
from keepwarm.case.nouns import Case, Damage
from keepwarm.case.plan import Plan
from keepwarm.errors import Fault, InputError
from keepwarm.recovery.worth import Outlook
from keepwarm.runs.run import walk
from keepwarm.season import State, balanced_start, observed_start, prepare

_HOUR = np.timedelta64(3600, "s")

#: A plan is judged by no more hours than that unless the user says so: forecasts end sooner.
_MOST_HOURS = 336.0


def time_of_plan(case: Case, damage: Damage) -> np.datetime64:
    """Return when a plan is made unless the user says: once all damage of the list is known.

    The step in which its last row without an end begins, the case's start where that is later.
    """
    begun = [row.time for row in damage if np.isnat(row.until)]
    snapshots, latest = case.network.snapshots, max([case.start, *begun])
    row = int(np.searchsorted(snapshots, latest, side="left"))
    moment: np.datetime64 = snapshots[min(row, len(snapshots) - 1)]
    return moment


def outlook(
    case: Case,
    damage: Damage,
    now: np.datetime64,
    *,
    hours: float | None = None,
    plan: Plan | None = None,
) -> Outlook:
    """Return the hours a plan is judged by, and the state of the season when it is made.

    Parameters
    ----------
    case : Case
    damage : tuple of DamageRow
        What happened until ``now`` is walked as it was, without repairs that have no end.
    now : numpy.datetime64
        A snapshot.
    hours : float, optional
        From ``now`` on; by default to the end of the case's own run, but at least one day and at
        most two weeks, as far as snapshots and weather last.
    plan : Plan, optional
        That was carried out until ``now``.

    Raises
    ------
    InputError
        When ``now`` is no snapshot, or the hours go past the snapshots or the weather.
    """
    snapshots, dt = case.network.snapshots, case.network.step_hours
    if now not in snapshots:
        expected = f"a snapshot: {snapshots[0]} to {snapshots[-1]} (UTC) every {dt:g} h"
        raise InputError((Fault("at", None, None, str(now), expected),))
    first = int(np.searchsorted(snapshots, now))
    known = len(snapshots) if case.weather is None else case.weather.known
    most = (min(known, len(snapshots)) - first) * dt
    own = case.hours - float((now - case.start) / _HOUR)
    span = min(most, max(own, 24.0), _MOST_HOURS) if hours is None else hours
    if not dt <= span <= most + 1e-9:
        expected = f"{dt:g} to {most:g} h from {now}, as far as snapshots and weather go"
        raise InputError((Fault("hours", None, None, f"{span:g}", expected),))
    corridor = prepare(case)
    standing = np.ones(len(case.network.assets))
    if now > case.start:
        before = float((now - case.start) / _HOUR)
        state = _state_by(case, damage, before, plan)
    else:
        state = balanced_start(corridor, first)
        if case.state:
            state, standing = observed_start(corridor, first, state)
    return Outlook(case, first, round(span / dt), state, standing)


def _state_by(case: Case, damage: Damage, hours: float, plan: Plan | None) -> State:
    """Return the state after so many hours of the case's own run, a plan's units being at work."""
    whole, rows = (case, damage) if plan is None else with_deployments(case, damage, plan)
    season, _ = walk(whole, rows, start=case.start, hours=hours, plan=plan)
    old = len(case.network.generators)
    added = slice(old, old + len(whole.network.generators) - old)
    left = np.delete(season.final.restart_hours, added, axis=-1)
    return replace(season.final, restart_hours=left)
