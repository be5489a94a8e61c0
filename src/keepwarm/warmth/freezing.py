"""When the weakest pipe of a stopped building plugs, over a forecast."""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import Floats
from keepwarm.warmth.pipes import CIRCUIT, Pipes, move_pipes


def plug_hours(
    pipes: Pipes,
    step_hours: Floats,
    *,
    indoor_degc: Floats,
    outdoor_degc: Floats,
    air_degc: Floats,
    water_degc: Floats,
    frost_k_h: Floats,
) -> Floats:
    """Return the hour at which ice plugs the weakest pipe, (3, scenarios, groups); inf for never.

    Parameters
    ----------
    pipes : Pipes
        (3, groups, places).
    step_hours : array (steps,)
    indoor_degc : array (steps, 3, scenarios, groups)
        Mean of each step in homes that cool.
    outdoor_degc : array (steps, scenarios, groups)
    air_degc, water_degc, frost_k_h : array (3, groups, places)
        At the stop.

    **Source**: `move_pipes` for each step, no water flowing. Mains are left out: they are not
    drained with a building.
    """
    steps, bands, scenarios, groups = indoor_degc.shape
    shape = (bands, 1, scenarios * groups)
    # A scenario is one more row of groups: one call per step, however many there are.
    tiled = _repeated(pipes, scenarios)
    at = tuple(
        np.tile(each, (1, scenarios, 1))[:, None] for each in (air_degc, water_degc, frost_k_h)
    )
    indoor, outdoor = indoor_degc.reshape(steps, *shape), outdoor_degc.reshape(steps, -1)
    still, none = np.zeros(shape[1:]), np.zeros(shape)
    plugged, begun = np.full(shape, np.inf), 0.0
    for k, hours in enumerate(step_hours.tolist()):
        step = move_pipes(
            tiled,
            *at,
            indoor_degc=indoor[k],
            outdoor_degc=outdoor[k],
            flow=still,
            supply_degc=none,
            hours=hours,
        )
        at = (step.air_degc, step.water_degc, step.frost_k_h)
        first = np.fmin.reduce(step.hours_to_plug[..., CIRCUIT], axis=-1)
        plugged = np.fmin(plugged, begun + first)
        begun += hours
        if np.isfinite(plugged).all():
            break
    return plugged.reshape(bands, scenarios, groups)


def _repeated(pipes: Pipes, times: int) -> Pipes:
    """Return as many rows of the same groups, one after the other."""
    if times == 1:
        return pipes
    return Pipes(**{name: np.tile(each, (1, times, 1)) for name, each in vars(pipes).items()})
