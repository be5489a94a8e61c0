"""Where a season begins and how many steps it has."""

from __future__ import annotations

import math

import numpy as np

from keepwarm.case.nouns import Case
from keepwarm.case.weather import coverage_fault
from keepwarm.errors import Fault, InputError
from keepwarm.season import observed_time


def span(
    case: Case,
    start: np.datetime64 | str | None,
    hours: float | None,
    from_state: bool | None = None,
) -> tuple[int, int, bool]:
    """Return where in the case's snapshots a season starts, its number of steps, and from what.

    Parameters
    ----------
    case
        Whose snapshots count.
    start
        UTC, on a snapshot; the case's own by default, "now" of state.csv when observed.
    hours
        Length; by default the case's own, or up to its last snapshot.
    from_state
        Start from state.csv; by default when the case has one.

    Returns
    -------
    first : int
        Row of the case's snapshots.
    steps : int
    observed : bool
        Whether it starts from state.csv.

    Raises
    ------
    InputError
        When the start or the length lies outside the case's snapshots or its weather, or there is
        no state.csv to start from.
    """
    observed = bool(case.state) if from_state is None else from_state
    if observed and not case.state:
        raise InputError((Fault("state.csv", None, None, "missing", "a state.csv to start from"),))
    begin = _begin(case, start, observed)
    snapshots, dt = case.network.snapshots, case.network.step_hours
    first = int(np.searchsorted(snapshots, begin, side="right")) - 1
    left = len(snapshots) - first
    if hours is None:
        steps = min(round(case.hours / dt), left)
        _refuse_past_the_weather(case, begin, steps * dt)
        return first, steps, observed
    steps = round(hours / dt) if math.isfinite(hours) else 0
    if not 1 <= steps <= left or abs(steps * dt - hours) > 1e-9:
        expected = f"{dt:g} to {left * dt:g} h from {snapshots[first]}, in steps of {dt:g} h"
        raise InputError((Fault("hours", None, None, f"{hours:g}", expected),))
    _refuse_past_the_weather(case, begin, hours)
    return first, steps, observed


def _refuse_past_the_weather(case: Case, start: np.datetime64, hours: float) -> None:
    fault = coverage_fault(case, start, hours)
    if fault is not None:
        raise InputError((fault,))


def _begin(case: Case, start: np.datetime64 | str | None, observed: bool) -> np.datetime64:
    """Return the first step; an observation within a step starts the run with that step."""
    if start is not None:
        begin = np.datetime64(start, "s") if isinstance(start, str) else start
        if begin not in case.network.snapshots:
            snapshots, dt = case.network.snapshots, case.network.step_hours
            expected = f"a snapshot: {snapshots[0]} to {snapshots[-1]} (UTC) every {dt:g} h"
            raise InputError((Fault("start", None, None, str(begin), expected),))
        return begin
    return observed_time(case) if observed else case.start
