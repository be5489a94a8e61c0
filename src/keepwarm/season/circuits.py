"""Building circuits: stopped, drained, filled again, frozen, as counts per group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.season.corridor import Corridor
from keepwarm.season.heating import CENTRAL, Sky
from keepwarm.season.state import State
from keepwarm.warmth.pipes import PipeStep, hours_left


@dataclass(frozen=True)
class Circuits:
    """Counts of buildings per group at the end of a step, each of shape (groups,)."""

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
        Shape (groups,): water flows, or would were the buildings not drained.
    running
        Shape (groups,): water circulates in the group's connected buildings.
    filled
        Shape (groups,): drained buildings that were filled again in this step.
    pipes
        Shape (3, groups, zones): the weakest pipes at the step's end, were they still full.
    zone_degc
        Shape (3, groups, zones): air around the pipes at the step's end.

    Returns
    -------
    Circuits

    **Leaves out**: water for refilling, new leaks opened by frost and restarts, crews as people.
    """
    count = corridor.case.buildings.buildings
    stopped_hours = np.where(flows, 0.0, state.stopped_hours + dt)
    drained = np.maximum(state.drained - filled, 0.0)
    full = np.maximum(count - drained - state.frozen, 0.0)
    left = hours_left(corridor.pipes, pipes.water_degc, pipes.frost_k_h, zone_degc)
    drain = _draining(corridor, sky, stopped_hours, left.min(axis=-1)[0], full, dt)
    drained, full = drained + drain, full - drain
    plugged = np.isfinite(pipes.hours_to_plug[CENTRAL]).any(axis=-1)
    freezing = np.where(plugged & ~running, full, 0.0)
    return Circuits(drained, state.frozen + freezing, stopped_hours)


def _draining(
    corridor: Corridor,
    sky: Sky,
    stopped_hours: Floats,
    urgency: Floats,
    full: Floats,
    dt: float,
) -> Floats:
    """Choose buildings to drain now: the most urgent first, as many as crews manage.

    ``urgency`` is hours until the weakest pipe plugs in the low band, shape (groups,).
    """
    settings = corridor.case.settings
    policy = settings.text("draining.policy")
    rate = settings.number("draining.buildings_per_hour") * dt
    if policy == "never" or rate <= 0:
        return np.zeros_like(full)
    waiting = (stopped_hours > 0) & (full > 0)
    order = np.lexsort((np.arange(full.size), urgency))
    if policy == "rule":
        due = waiting & (stopped_hours >= settings.number("draining.wait_hours"))
        due &= sky.outdoor_degc <= settings.number("draining.outdoor_degc")
    else:
        ahead = np.cumsum(np.where(waiting, full, 0.0)[order])
        due = np.zeros_like(waiting)
        due[order] = urgency[order] <= ahead / rate * dt + 2 * dt
        due &= waiting
    return _in_order(np.where(due, full, 0.0), order, rate)


def _in_order(wanted: Floats, order: Ints, most: float) -> Floats:
    """Hand out at most ``most`` in the given order."""
    before = np.cumsum(wanted[order]) - wanted[order]
    given = np.zeros_like(wanted)
    given[order] = np.clip(most - before, 0.0, wanted[order])
    return given
