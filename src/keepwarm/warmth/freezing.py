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
    edges = np.append(0.0, np.cumsum(step_hours))
    plugged = np.full(indoor_degc.shape[1:], np.inf)
    for scenario in range(indoor_degc.shape[2]):
        at = tuple(table[:, None] for table in (air_degc, water_degc, frost_k_h))
        for k, hours in enumerate(step_hours.tolist()):
            inside = indoor_degc[k, :, scenario, None]
            step = move_pipes(
                pipes,
                *at,
                indoor_degc=inside,
                outdoor_degc=outdoor_degc[k, scenario],
                flow=np.zeros(inside.shape[1:]),
                supply_degc=np.zeros_like(inside),
                hours=hours,
            )
            at = (step.air_degc, step.water_degc, step.frost_k_h)
            times = np.nan_to_num(step.hours_to_plug[..., CIRCUIT], nan=np.inf).min(axis=-1)[:, 0]
            plugged[:, scenario] = np.minimum(plugged[:, scenario], edges[k] + times)
            if np.isfinite(plugged[:, scenario]).all():
                break
    return plugged
