"""Building circuits: stopped, drained, filled again, frozen, as counts per group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Bools, Floats
from keepwarm.season.corridor import Corridor
from keepwarm.season.heating import CENTRAL, Sky
from keepwarm.season.state import State
from keepwarm.warmth.pipes import Pipes, PipeStep, hours_left

#: The band whose pipes plug first.
LOW = 0


@dataclass(frozen=True)
class Circuits:
    """Counts of buildings per group at the end of a step, each of shape (samples, groups)."""

    drained: Floats
    frozen: Floats
    stopped_hours: Floats


def step_circuits(
    corridor: Corridor,
    state: State,
    sky: Sky,
    *,
    flows: Bools,
    running: Bools,
    filled: Floats,
    pipes: PipeStep,
    zone_degc: Floats,
    dt: float,
) -> Circuits:
    """Drain, fill and freeze buildings for one step.

    Parameters
    ----------
    flows
        Shape (samples, groups): water flows, or would were the buildings not drained.
    running
        Shape (samples, groups): water circulates in the group's connected buildings.
    filled
        Shape (samples, groups): drained buildings that were filled again in this step.
    pipes
        Shape (3, samples, groups, zones): the weakest pipes at the step's end, were they
        still full.
    zone_degc
        Shape (3, samples, groups, zones): air around the pipes at the step's end.

    Returns
    -------
    Circuits

    **Leaves out**: water for refilling, new leaks opened by frost and restarts, crews as people.
    """
    count = corridor.case.buildings.buildings
    stopped_hours = np.where(flows, 0.0, state.stopped_hours + dt)
    drained = np.maximum(state.drained - filled, 0.0)
    full = np.maximum(count - drained - state.frozen, 0.0)
    due = _due(corridor, sky, stopped_hours, full)
    urgency = _urgency(corridor, pipes, zone_degc, due)
    drain = _draining(corridor, urgency, np.where(due, full, 0.0), dt)
    drained, full = drained + drain, full - drain
    plugged = np.isfinite(pipes.hours_to_plug[CENTRAL]).any(axis=-1)
    freezing = np.where(plugged & ~running, full, 0.0)
    return Circuits(drained, state.frozen + freezing, stopped_hours)


def _due(corridor: Corridor, sky: Sky, stopped_hours: Floats, full: Floats) -> Bools:
    """Mark groups that the case's policy would drain now or soon, (samples, groups)."""
    settings = corridor.case.settings
    waiting = (stopped_hours > 0) & (full > 0)
    policy = settings.text("draining.policy")
    if policy == "never" or settings.number("draining.buildings_per_hour") <= 0:
        return np.zeros_like(waiting)
    if policy == "rule":
        waiting &= stopped_hours >= settings.number("draining.wait_hours")
        waiting &= sky.outdoor_degc <= settings.number("draining.outdoor_degc")
    return waiting


def _urgency(corridor: Corridor, pipes: PipeStep, zone_degc: Floats, due: Bools) -> Floats:
    """Return hours until the weakest pipe plugs in the low band, inf where nothing is due."""
    urgency = np.full(due.shape, np.inf)
    sample, group = np.nonzero(due)
    low = Pipes(**{name: table[LOW, 0, group] for name, table in vars(corridor.pipes).items()})
    left = hours_left(
        low,
        pipes.water_degc[LOW, sample, group],
        pipes.frost_k_h[LOW, sample, group],
        zone_degc[LOW, sample, group],
    )
    urgency[sample, group] = left.min(axis=-1, initial=np.inf)
    return urgency


def _draining(corridor: Corridor, urgency: Floats, wanted: Floats, dt: float) -> Floats:
    """Choose buildings to drain now: the most urgent first, as many as crews manage.

    ``wanted`` counts the buildings that are due, (samples, groups). By deadline, they wait until
    those before them leave just enough time.
    """
    settings = corridor.case.settings
    rate = settings.number("draining.buildings_per_hour") * dt
    given = np.zeros_like(wanted)
    some = np.flatnonzero((wanted > 0).any(axis=-1))
    if not some.size:
        return given
    order = np.argsort(urgency[some], axis=-1, kind="stable")
    sorted_ = np.take_along_axis(wanted[some], order, axis=-1)
    if settings.text("draining.policy") == "deadline":
        by = np.take_along_axis(urgency[some], order, axis=-1)
        ahead = np.cumsum(sorted_, axis=-1)
        sorted_ = np.where(by <= ahead / rate * dt + 2 * dt, sorted_, 0.0)
    before = np.cumsum(sorted_, axis=-1) - sorted_
    handed = np.zeros_like(sorted_)
    np.put_along_axis(handed, order, np.clip(rate - before, 0.0, sorted_), axis=-1)
    given[some] = handed
    return given
