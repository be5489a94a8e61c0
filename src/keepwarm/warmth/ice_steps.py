"""Pipes with ice, or at 0 degC, over one step, compiled: one by one, beside `pipe_steps`."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from keepwarm.case.nouns import Bools, Floats
from keepwarm.compiled import compiled, inlined
from keepwarm.warmth.pipe_steps import PLACE_COUNT, Cells, Drive, Factors


class Hours(NamedTuple):
    """When stages were passed within the step, (band, samples, places, groups), NaN where not."""

    to_zero: Floats
    to_plug: Floats
    to_burst: Floats


@compiled
def move_apart(
    factors: Factors,
    drive: Drive,
    before: Cells,
    after: Cells,
    hours: Hours,
    timed: bool,
    apart: Bools,
    plugged: Bools,
    step_hours: float,
) -> None:
    """Carry the groups over the step that `move_without_ice` marked.

    ``hours`` is looked at only if ``timed``; ``plugged``, (band, samples, groups), is set where a
    pipe of the circuit is plugged at any time in the step.
    """
    bands, samples, groups = apart.shape
    for band in range(bands):
        for sample in range(samples):
            row = drive.row[band, sample]
            for group in range(groups):
                if apart[band, sample, group]:
                    kind = drive.kind[group]
                    for place in range(PLACE_COUNT):
                        of, at = (row, place, kind), (band, sample, place, group)
                        zero, plug, burst = _move_cell(
                            factors, drive, before, after, of, at, step_hours
                        )
                        if timed:
                            hours.to_zero[at] = zero
                            hours.to_plug[at] = plug
                            hours.to_burst[at] = burst
                        if place != PLACE_COUNT - 1:  # mains are not drained
                            plugged[band, sample, group] |= plug >= 0.0


@inlined
def _move_cell(
    factors: Factors,
    drive: Drive,
    before: Cells,
    after: Cells,
    of: tuple[int, int, int],
    at: tuple[int, int, int, int],
    step_hours: float,
) -> tuple[float, float, float]:
    """Carry one pipe; ``of`` is where its constants are, ``at`` where its state is.

    Returns when stages were passed, as in `Hours`.
    """
    band, sample, _, group = at
    indoor = drive.indoor_degc[band, sample, group]
    outdoor = drive.outdoor_degc[drive.sky[sample], group]
    resting = factors.outdoor_share[of] * outdoor + factors.ground_degc[of]
    limit = resting + factors.indoor_share[of] * indoor
    away = before.air_degc[at] - limit
    air = limit + away * factors.zone_mean[of]
    after.air_degc[at] = limit + away * factors.zone_decay[of]
    water, frost = before.water_degc[at], before.frost_k_h[at]
    flow = drive.flow[sample, group]
    was_plugged = frost >= factors.plug_frost_k_h[of]
    plug = 0.0 if was_plugged else np.nan
    burst = 0.0 if frost >= factors.burst_frost_k_h[of] else np.nan
    # A plug that melts within the step lets the water flow again.
    if flow > 0.0 and frost - max(air, 0.0) * step_hours < factors.plug_frost_k_h[of]:
        supply = max(drive.supply_degc[band, sample, group], 0.0)
        decay = factors.flow_decay[of]
        if flow != 1.0:
            decay = math.exp(-factors.transfer_units[of] / flow)
        water = min(water, supply)
        stood = min(air + (water - air) * factors.water_decay[of], water)
        end = max(air + (supply - air) * decay, stood)
        if end > 0.0:
            after.water_degc[at] = end
            after.frost_k_h[at] = 0.0
            return (0.0 if was_plugged else np.nan), plug, burst
    water = 0.0 if frost > 0.0 else max(water, 0.0)
    zero = 0.0 if water == 0.0 else np.nan
    if air < 0.0:
        return _freeze(factors, after, zero, plug, burst, air, water, frost, of, at, step_hours)
    liquid = factors.water_decay[of]
    if frost > 0.0:
        thaw = frost / air if air > 0.0 else np.inf
        liquid = math.exp(-max(step_hours - thaw, 0.0) / factors.water_lag_hours[of])
    after.water_degc[at] = air + (water - air) * liquid
    after.frost_k_h[at] = max(frost - air * step_hours, 0.0)
    return zero, plug, burst


@inlined
def _freeze(
    factors: Factors,
    after: Cells,
    zero: float,
    plug: float,
    burst: float,
    air: float,
    water: float,
    frost: float,
    of: tuple[int, int, int],
    at: tuple[int, int, int, int],
    step_hours: float,
) -> tuple[float, float, float]:
    """Cool standing water in air below 0 degC, then grow ice."""
    cooled = air + (water - air) * factors.water_decay[of]
    if cooled > 0.0:
        after.water_degc[at] = cooled
        after.frost_k_h[at] = 0.0
        return zero, plug, burst
    begins = 0.0
    if water > 0.0:
        begins = min(factors.water_lag_hours[of] * math.log((water - air) / -air), step_hours)
        if begins < step_hours:
            zero = begins
    plug = _passed(factors.plug_frost_k_h[of], frost, begins, air, step_hours)
    burst = _passed(factors.burst_frost_k_h[of], frost, begins, air, step_hours)
    grown = frost - air * (step_hours - begins)
    after.water_degc[at] = 0.0
    after.frost_k_h[at] = min(grown, factors.solid_frost_k_h[of])
    return zero, plug, burst


@inlined
def _passed(stage: float, frost: float, zero: float, air: float, step_hours: float) -> float:
    """Return when frost reaches a stage, NaN where it does not within the step."""
    if frost >= stage:
        return 0.0
    time = zero + (stage - frost) / -air
    return time if time < step_hours else np.nan
