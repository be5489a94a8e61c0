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

#: Places of a group.
PLACE_COUNT = 6
#: Groups that are carried at once.
GROUPS_AT_ONCE = 48


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


class Drive(NamedTuple):
    """What moves pipes in a step."""

    resting_degc: Floats  # (band, cells): air that places tend to, less what comes from indoors
    indoor_degc: Floats  # (band, samples, groups)
    supply_degc: Floats  # (band, samples, groups)
    flow: Floats  # (samples, groups)


class Desk(NamedTuple):
    """Work space for the groups that are carried at once, each (cells of them,)."""

    indoor_degc: Floats
    supply_degc: Floats
    limit_degc: Floats


@compiled
def move_without_ice(
    factors: Factors, drive: Drive, before: Cells, after: Cells, desk: Desk, apart: Bools
) -> int:
    """Carry air and water over the step where there is no ice, and mark where there is or may be.

    A few groups are carried through all samples before the next few, so that their constants stay
    near the processor.

    Parameters
    ----------
    apart : array of bool (band, samples, groups)
        False throughout. Set to True where a pipe has ice or comes to 0 degC, or water flows
        slowly.

    Returns
    -------
    int
        How many groups are marked; the others have no frost, before and after.
    """
    bands, samples, groups = apart.shape
    count = 0
    for band in range(bands):
        for first in range(0, groups, GROUPS_AT_ONCE):
            last = min(first + GROUPS_AT_ONCE, groups)
            for sample in range(samples):
                _spread(drive, desk, band, sample, first, last)
                _move_some(factors, drive, before, after, desk, band, sample, first, last)
                count += _mark(drive, before, after, apart, band, sample, first, last)
    return count


@inlined
def _spread(drive: Drive, desk: Desk, band: int, sample: int, first: int, last: int) -> None:
    """Repeat values of groups for each of their places; no supply, inf, where water stands."""
    for group in range(last - first):
        indoor = drive.indoor_degc[band, sample, first + group]
        flows = drive.flow[sample, first + group] > 0.0
        supply = drive.supply_degc[band, sample, first + group] if flows else np.inf
        for place in range(PLACE_COUNT):
            desk.indoor_degc[group * PLACE_COUNT + place] = indoor
            desk.supply_degc[group * PLACE_COUNT + place] = supply


@inlined
def _move_some(
    factors: Factors,
    drive: Drive,
    before: Cells,
    after: Cells,
    desk: Desk,
    band: int,
    sample: int,
    first: int,
    last: int,
) -> None:
    """Carry some groups of a sample over the step as if none had ice, and water flowed or stood.

    Loops without branches that write one array each: so the compiler takes several cells at once.
    """
    start, stop = first * PLACE_COUNT, last * PLACE_COUNT
    resting, share = drive.resting_degc[band, start:stop], factors.indoor_share[band, start:stop]
    for k in range(resting.size):
        desk.limit_degc[k] = resting[k] + share[k] * desk.indoor_degc[k]
    air, left = before.air_degc[band, sample, start:stop], factors.zone_decay[band, start:stop]
    ended = after.air_degc[band, sample, start:stop]
    for k in range(ended.size):
        ended[k] = desk.limit_degc[k] + (air[k] - desk.limit_degc[k]) * left[k]
    water, kept = before.water_degc[band, sample, start:stop], factors.zone_mean[band, start:stop]
    along, still = factors.flow_decay[band, start:stop], factors.water_decay[band, start:stop]
    moved = after.water_degc[band, sample, start:stop]
    for k in range(moved.size):
        around = desk.limit_degc[k] + (air[k] - desk.limit_degc[k]) * kept[k]
        end = around + (desk.supply_degc[k] - around) * along[k]
        warm = min(water[k], desk.supply_degc[k])
        stood = around + (warm - around) * still[k]
        flowed = max(end, min(stood, warm))
        moved[k] = flowed if desk.supply_degc[k] < np.inf else stood


@inlined
def _mark(
    drive: Drive,
    before: Cells,
    after: Cells,
    apart: Bools,
    band: int,
    sample: int,
    first: int,
    last: int,
) -> int:
    """Mark groups of a sample that `_move_some` must not carry, and count them."""
    start, stop = first * PLACE_COUNT, last * PLACE_COUNT
    frost, flow = before.frost_k_h[band, sample, start:stop], drive.flow[sample, first:last]
    was, water = (
        before.water_degc[band, sample, start:stop],
        after.water_degc[band, sample, start:stop],
    )
    cold = 0
    for k in range(frost.size):
        cold += (frost[k] > 0.0) | (was[k] <= 0.0) | (water[k] <= 0.0)
    for group in range(flow.size):
        cold += (flow[group] > 0.0) & (flow[group] != 1.0)
    if cold == 0:
        return 0
    count = 0
    for group in range(flow.size):
        here = (flow[group] > 0.0) & (flow[group] != 1.0)
        for k in range(group * PLACE_COUNT, (group + 1) * PLACE_COUNT):
            here |= (frost[k] > 0.0) | (was[k] <= 0.0) | (water[k] <= 0.0)
        apart[band, sample, first + group] = here
        count += here
    return count


@compiled
def move_apart(
    factors: Factors,
    drive: Drive,
    before: Cells,
    after: Cells,
    hours: Hours,
    apart: Bools,
    step_hours: float,
) -> None:
    """Carry the groups over the step that `move_without_ice` marked."""
    bands, samples, groups = apart.shape
    for band in range(bands):
        for sample in range(samples):
            for group in range(groups):
                if apart[band, sample, group]:
                    for place in range(PLACE_COUNT):
                        cell = group * PLACE_COUNT + place
                        _move_cell(
                            factors, drive, before, after, hours, band, sample, group, cell,
                            step_hours,
                        )  # fmt: skip


@inlined
def _move_cell(
    factors: Factors,
    drive: Drive,
    before: Cells,
    after: Cells,
    hours: Hours,
    band: int,
    sample: int,
    group: int,
    cell: int,
    step_hours: float,
) -> None:
    indoor = drive.indoor_degc[band, sample, group]
    limit = drive.resting_degc[band, cell] + factors.indoor_share[band, cell] * indoor
    away = before.air_degc[band, sample, cell] - limit
    air = limit + away * factors.zone_mean[band, cell]
    after.air_degc[band, sample, cell] = limit + away * factors.zone_decay[band, cell]
    water, frost = before.water_degc[band, sample, cell], before.frost_k_h[band, sample, cell]
    flow = drive.flow[sample, group]
    if frost >= factors.plug_frost_k_h[band, cell]:
        hours.to_plug[band, sample, cell] = 0.0
    if frost >= factors.burst_frost_k_h[band, cell]:
        hours.to_burst[band, sample, cell] = 0.0
    # A plug that melts within the step lets the water flow again.
    if flow > 0.0 and frost - max(air, 0.0) * step_hours < factors.plug_frost_k_h[band, cell]:
        supply = drive.supply_degc[band, sample, group]
        decay = factors.flow_decay[band, cell]
        if flow != 1.0:
            decay = math.exp(-factors.transfer_units[band, cell] / flow)
        water = min(water, supply)
        stood = min(air + (water - air) * factors.water_decay[band, cell], water)
        end = max(air + (supply - air) * decay, stood)
        if end > 0.0:
            if frost >= factors.plug_frost_k_h[band, cell]:
                hours.to_zero[band, sample, cell] = 0.0
            after.water_degc[band, sample, cell] = end
            after.frost_k_h[band, sample, cell] = 0.0
            return
    water = 0.0 if frost > 0.0 else max(water, 0.0)
    if water == 0.0:
        hours.to_zero[band, sample, cell] = 0.0
    if air < 0.0:
        _freeze(factors, after, hours, air, water, frost, band, sample, cell, step_hours)
    else:
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
