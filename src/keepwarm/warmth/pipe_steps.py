"""One step of all pipes, compiled: the loops behind `keepwarm.warmth.pipes.move_pipes`.

Places of a group lie side by side, so a sample's groups and places are one row of *cells*: group 0
with its places, then group 1. Constants are (band, cells), states (band, samples, cells).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from keepwarm.case.nouns import Bools, Floats
from keepwarm.compiled import compiled, inlined


class Factors(NamedTuple):
    """Constants of pipes for steps of one length, each (band, cells)."""

    indoor_share: Floats
    zone_decay: Floats  # what is left at the end of a step of a distance from balance
    zone_mean: Floats  # the same on average over the step
    water_decay: Floats  # of standing water
    water_lag_hours: Floats
    transfer_units: Floats
    flow_decay: Floats  # what is left at the end of the run at full flow
    plug_frost_k_h: Floats
    burst_frost_k_h: Floats
    solid_frost_k_h: Floats


class Cells(NamedTuple):
    """A state of pipes, each (band, samples, cells)."""

    air_degc: Floats
    water_degc: Floats
    frost_k_h: Floats


class Hours(NamedTuple):
    """When stages were passed within the step, each (band, samples, cells), NaN where not."""

    to_zero: Floats
    to_plug: Floats
    to_burst: Floats


class Row(NamedTuple):
    """What drives one sample's cells, each (cells,): work space."""

    indoor_degc: Floats
    supply_degc: Floats
    flow: Floats


@compiled
def flow_where_all_flows(
    factors: Factors,
    resting: Floats,
    before: Cells,
    after: Cells,
    indoor_degc: Floats,
    supply_degc: Floats,
    flow: Floats,
    row: Row,
    left: Bools,
) -> int:
    """Carry samples over the step whose water flows fully in all groups, and mark the others.

    Parameters
    ----------
    resting : array (band, cells)
        Air that zones tend to, without what comes from indoors, degC.
    indoor_degc, supply_degc : arrays (band, samples, groups)
    flow : array (samples, groups)
    left : array of bool (band, samples)
        Set: True where a sample is left as it was.

    Returns
    -------
    int
        How many are left.
    """
    bands, samples, groups = indoor_degc.shape
    places = resting.shape[1] // max(groups, 1)
    count = 0
    for band in range(bands):
        for sample in range(samples):
            full = True
            for group in range(groups):
                full &= flow[sample, group] == 1.0
            if full:
                _spread(indoor_degc, supply_degc, flow, row, band, sample, places)
                full = _flow_row(factors, resting, before, after, row, band, sample)
            left[band, sample] = not full
            count += not full
    return count


@inlined
def _spread(
    indoor_degc: Floats,
    supply_degc: Floats,
    flow: Floats,
    row: Row,
    band: int,
    sample: int,
    places: int,
) -> None:
    """Repeat values of groups for each of their places."""
    for group in range(indoor_degc.shape[2]):
        indoor = indoor_degc[band, sample, group]
        supply = max(supply_degc[band, sample, group], 0.0)
        for cell in range(group * places, (group + 1) * places):
            row.indoor_degc[cell] = indoor
            row.supply_degc[cell] = supply
            row.flow[cell] = flow[sample, group]


@inlined
def _flow_row(
    factors: Factors,
    resting: Floats,
    before: Cells,
    after: Cells,
    row: Row,
    band: int,
    sample: int,
) -> bool:
    """Carry one sample's flowing cells over the step; False where a pipe is plugged or freezes.

    No branches inside, so that the loop takes several cells at once.
    """
    stuck = 0
    for cell in range(resting.shape[1]):
        limit = resting[band, cell] + factors.indoor_share[band, cell] * row.indoor_degc[cell]
        away = before.air_degc[band, sample, cell] - limit
        air = limit + away * factors.zone_mean[band, cell]
        supply = row.supply_degc[cell]
        end = air + (supply - air) * factors.flow_decay[band, cell]
        start = min(before.water_degc[band, sample, cell], supply)
        stood = min(air + (start - air) * factors.water_decay[band, cell], start)
        stuck += (end <= 0.0) | (
            before.frost_k_h[band, sample, cell] >= factors.plug_frost_k_h[band, cell]
        )
        after.air_degc[band, sample, cell] = limit + away * factors.zone_decay[band, cell]
        after.water_degc[band, sample, cell] = max(end, stood)
        after.frost_k_h[band, sample, cell] = 0.0
    return stuck == 0


@compiled
def move_where_left(
    factors: Factors,
    resting: Floats,
    before: Cells,
    after: Cells,
    hours: Hours,
    indoor_degc: Floats,
    supply_degc: Floats,
    flow: Floats,
    row: Row,
    left: Bools,
    step_hours: float,
) -> None:
    """Carry the samples over the step that `flow_where_all_flows` left."""
    bands, samples, groups = indoor_degc.shape
    places = resting.shape[1] // max(groups, 1)
    for band in range(bands):
        for sample in range(samples):
            if left[band, sample]:
                _spread(indoor_degc, supply_degc, flow, row, band, sample, places)
                for cell in range(resting.shape[1]):
                    _move_cell(
                        factors, resting, before, after, hours, row, band, sample, cell, step_hours
                    )


@inlined
def _move_cell(
    factors: Factors,
    resting: Floats,
    before: Cells,
    after: Cells,
    hours: Hours,
    row: Row,
    band: int,
    sample: int,
    cell: int,
    step_hours: float,
) -> None:
    limit = resting[band, cell] + factors.indoor_share[band, cell] * row.indoor_degc[cell]
    away = before.air_degc[band, sample, cell] - limit
    air = limit + away * factors.zone_mean[band, cell]
    after.air_degc[band, sample, cell] = limit + away * factors.zone_decay[band, cell]
    water, frost = before.water_degc[band, sample, cell], before.frost_k_h[band, sample, cell]
    flow = row.flow[cell]
    if flow > 0.0 and frost < factors.plug_frost_k_h[band, cell]:
        supply, decay = row.supply_degc[cell], factors.flow_decay[band, cell]
        if flow != 1.0:
            decay = math.exp(-factors.transfer_units[band, cell] / flow)
        end = air + (supply - air) * decay
        water = min(water, supply)
        if end > 0.0:
            stood = min(air + (water - air) * factors.water_decay[band, cell], water)
            after.water_degc[band, sample, cell] = max(end, stood)
            after.frost_k_h[band, sample, cell] = 0.0
            return
    water = 0.0 if frost > 0.0 else max(water, 0.0)
    if water == 0.0:
        hours.to_zero[band, sample, cell] = 0.0
    if air < 0.0:
        _freeze(factors, after, hours, air, water, frost, band, sample, cell, step_hours)
    else:
        if frost >= factors.plug_frost_k_h[band, cell]:
            hours.to_plug[band, sample, cell] = 0.0
        if frost >= factors.burst_frost_k_h[band, cell]:
            hours.to_burst[band, sample, cell] = 0.0
        liquid = factors.water_decay[band, cell]
        if frost > 0.0:
            thaw = frost / air if air > 0.0 else np.inf
            liquid = math.exp(-max(step_hours - thaw, 0.0) / factors.water_lag_hours[band, cell])
        after.water_degc[band, sample, cell] = air + (water - air) * liquid
        after.frost_k_h[band, sample, cell] = max(frost - air * step_hours, 0.0)


@inlined
def _freeze(
    factors: Factors,
    after: Cells,
    hours: Hours,
    air: float,
    water: float,
    frost: float,
    band: int,
    sample: int,
    cell: int,
    step_hours: float,
) -> None:
    """Cool standing water in air below 0 degC, then grow ice."""
    cooled = air + (water - air) * factors.water_decay[band, cell]
    if cooled > 0.0:
        after.water_degc[band, sample, cell] = cooled
        after.frost_k_h[band, sample, cell] = 0.0
        return
    zero = 0.0
    if water > 0.0:
        zero = min(factors.water_lag_hours[band, cell] * math.log((water - air) / -air), step_hours)
        if zero < step_hours:
            hours.to_zero[band, sample, cell] = zero
    plug, burst = factors.plug_frost_k_h[band, cell], factors.burst_frost_k_h[band, cell]
    hours.to_plug[band, sample, cell] = _passed(plug, frost, zero, air, step_hours)
    hours.to_burst[band, sample, cell] = _passed(burst, frost, zero, air, step_hours)
    grown = frost - air * (step_hours - zero)
    after.water_degc[band, sample, cell] = 0.0
    after.frost_k_h[band, sample, cell] = min(grown, factors.solid_frost_k_h[band, cell])


@inlined
def _passed(stage: float, frost: float, zero: float, air: float, step_hours: float) -> float:
    """Return when frost reaches a stage, NaN where it does not within the step."""
    if frost >= stage:
        return 0.0
    time = zero + (stage - frost) / -air
    return time if time < step_hours else np.nan
