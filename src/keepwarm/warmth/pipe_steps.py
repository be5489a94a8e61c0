"""One step of all pipes, compiled: the loops behind `keepwarm.warmth.pipes.move_pipes`.

Groups lie side by side and places one after the other, so that what holds for a group is read as it
stands. Constants are (band, places, groups), states (band, samples, places, groups).
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
GROUPS_AT_ONCE = 256


class Factors(NamedTuple):
    """Constants of pipes for steps of one length, each (band, places, groups)."""

    indoor_share: Floats
    outdoor_share: Floats
    ground_degc: Floats
    zone_decay: Floats  # what is left at the end of a step of a distance from balance
    zone_mean: Floats  # the same on average over the step
    water_decay: Floats  # of standing water
    water_lag_hours: Floats
    transfer_units: Floats
    flow_decay: Floats  # what is left at the end of the run at full flow
    plug_frost_k_h: Floats
    burst_frost_k_h: Floats
    solid_frost_k_h: Floats
    at_once: Bools  # (places,): air there follows indoors and outdoors without a lag


class Cells(NamedTuple):
    """A state of pipes, each (band, samples, places, groups)."""

    air_degc: Floats
    water_degc: Floats
    frost_k_h: Floats


class Desk(NamedTuple):
    """Work space for the groups that are carried at once."""

    resting_degc: Floats  # (places, groups): air they tend to, less what comes from indoors
    supply_degc: Floats  # (groups,)


class Hours(NamedTuple):
    """When stages were passed within the step, (band, samples, places, groups), NaN where not."""

    to_zero: Floats
    to_plug: Floats
    to_burst: Floats


class Drive(NamedTuple):
    """What moves pipes in a step."""

    outdoor_degc: Floats  # (groups,)
    indoor_degc: Floats  # (band, samples, groups)
    supply_degc: Floats  # (band, samples, groups)
    flow: Floats  # (samples, groups)


@compiled
def move_without_ice(
    factors: Factors,
    drive: Drive,
    before: Cells,
    after: Cells,
    desk: Desk,
    iced: bool,
    apart: Bools,
) -> int:
    """Carry air and water over the step where there is no ice, and mark where there is or may be.

    Some groups are carried through all samples before the next, so that their constants stay near
    the processor.

    Parameters
    ----------
    desk
        Of `GROUPS_AT_ONCE` groups.
    iced
        False where all frost is known to be zero: then it is not looked at.
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
            _rest(factors, drive, desk, band, first, last)
            for sample in range(samples):
                supply = desk.supply_degc[: last - first]
                cold = _supplied(drive, supply, band, sample, first)
                for place in range(PLACE_COUNT):
                    cold += _move_place(
                        factors, drive, before, after, desk, supply, band, sample, place, first
                    )
                    if iced:
                        cold += _count_iced(before.frost_k_h[band, sample, place, first:last])
                if cold > 0:
                    count += _mark(drive, before, after, iced, apart, band, sample, first, last)
    return count


@compiled
def _rest(factors: Factors, drive: Drive, desk: Desk, band: int, first: int, last: int) -> None:
    """Note the air that places tend to, less what comes from indoors."""
    outdoor = drive.outdoor_degc[first:last]
    for place in range(PLACE_COUNT):
        share = factors.outdoor_share[band, place, first:last]
        ground, resting = factors.ground_degc[band, place, first:last], desk.resting_degc[place]
        for k in range(outdoor.size):
            resting[k] = share[k] * outdoor[k] + ground[k]


@compiled
def _supplied(drive: Drive, supply: Floats, band: int, sample: int, first: int) -> int:
    """Note the supply of groups, inf where water stands; count where it flows slowly."""
    last, slow = first + supply.size, 0
    given, flow = drive.supply_degc[band, sample, first:last], drive.flow[sample, first:last]
    for k in range(supply.size):
        supply[k] = max(given[k], 0.0) if flow[k] > 0.0 else np.inf
        slow += (flow[k] > 0.0) & (flow[k] != 1.0)
    return slow


@inlined
def _move_place(
    factors: Factors,
    drive: Drive,
    before: Cells,
    after: Cells,
    desk: Desk,
    supply: Floats,
    band: int,
    sample: int,
    place: int,
    first: int,
) -> int:
    """Carry a place of some groups over the step as if none had ice, and water flowed or stood.

    Loops without branches, so that the compiler takes several groups at once. Counts those at
    0 degC.
    """
    last, cold = first + supply.size, 0
    indoor, resting = drive.indoor_degc[band, sample, first:last], desk.resting_degc[place]
    share = factors.indoor_share[band, place, first:last]
    left = factors.zone_decay[band, place, first:last]
    mean = factors.zone_mean[band, place, first:last]
    along = factors.flow_decay[band, place, first:last]
    still = factors.water_decay[band, place, first:last]
    air = before.air_degc[band, sample, place, first:last]
    water = before.water_degc[band, sample, place, first:last]
    ended = after.air_degc[band, sample, place, first:last]
    moved = after.water_degc[band, sample, place, first:last]
    if factors.at_once[place]:
        for k in range(supply.size):
            around = resting[k] + share[k] * indoor[k]
            now = _moved(water[k], around, supply[k], along[k], still[k])
            ended[k] = around
            moved[k] = now
            cold += (water[k] <= 0.0) | (now <= 0.0)
        return cold
    for k in range(supply.size):
        limit = resting[k] + share[k] * indoor[k]
        away = air[k] - limit
        now = _moved(water[k], limit + away * mean[k], supply[k], along[k], still[k])
        ended[k] = limit + away * left[k]
        moved[k] = now
        cold += (water[k] <= 0.0) | (now <= 0.0)
    return cold


@inlined
def _moved(water: float, air: float, supply: float, along: float, still: float) -> float:
    """Return water at the end of a step; it stands where the supply is inf."""
    end = air + (supply - air) * along
    warm = min(water, supply)
    stood = air + (warm - air) * still
    flowed = max(end, min(stood, warm))
    return flowed if supply < np.inf else stood


@compiled
def _count_iced(frost: Floats) -> int:
    iced = 0
    for k in range(frost.size):
        iced += frost[k] > 0.0
    return iced


@compiled
def _mark(
    drive: Drive,
    before: Cells,
    after: Cells,
    iced: bool,
    apart: Bools,
    band: int,
    sample: int,
    first: int,
    last: int,
) -> int:
    """Mark groups of a sample that `_move_place` must not carry, and count them."""
    count = 0
    for group in range(first, last):
        flow = drive.flow[sample, group]
        here = (flow > 0.0) & (flow != 1.0)
        for place in range(PLACE_COUNT):
            if iced:
                here |= before.frost_k_h[band, sample, place, group] > 0.0
            here |= before.water_degc[band, sample, place, group] <= 0.0
            here |= after.water_degc[band, sample, place, group] <= 0.0
        apart[band, sample, group] = here
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
                        of, at = (band, place, group), (band, sample, place, group)
                        _move_cell(factors, drive, before, after, hours, of, at, step_hours)


@inlined
def _move_cell(
    factors: Factors,
    drive: Drive,
    before: Cells,
    after: Cells,
    hours: Hours,
    of: tuple[int, int, int],
    at: tuple[int, int, int, int],
    step_hours: float,
) -> None:
    """Carry one pipe; ``of`` is where its constants are, ``at`` where its state is."""
    band, sample, _, group = at
    indoor = drive.indoor_degc[band, sample, group]
    resting = factors.outdoor_share[of] * drive.outdoor_degc[group] + factors.ground_degc[of]
    limit = resting + factors.indoor_share[of] * indoor
    away = before.air_degc[at] - limit
    air = limit + away * factors.zone_mean[of]
    after.air_degc[at] = limit + away * factors.zone_decay[of]
    water, frost = before.water_degc[at], before.frost_k_h[at]
    flow = drive.flow[sample, group]
    if frost >= factors.plug_frost_k_h[of]:
        hours.to_plug[at] = 0.0
    if frost >= factors.burst_frost_k_h[of]:
        hours.to_burst[at] = 0.0
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
            if frost >= factors.plug_frost_k_h[of]:
                hours.to_zero[at] = 0.0
            after.water_degc[at] = end
            after.frost_k_h[at] = 0.0
            return
    water = 0.0 if frost > 0.0 else max(water, 0.0)
    if water == 0.0:
        hours.to_zero[at] = 0.0
    if air < 0.0:
        _freeze(factors, after, hours, air, water, frost, of, at, step_hours)
    else:
        liquid = factors.water_decay[of]
        if frost > 0.0:
            thaw = frost / air if air > 0.0 else np.inf
            liquid = math.exp(-max(step_hours - thaw, 0.0) / factors.water_lag_hours[of])
        after.water_degc[at] = air + (water - air) * liquid
        after.frost_k_h[at] = max(frost - air * step_hours, 0.0)


@inlined
def _freeze(
    factors: Factors,
    after: Cells,
    hours: Hours,
    air: float,
    water: float,
    frost: float,
    of: tuple[int, int, int],
    at: tuple[int, int, int, int],
    step_hours: float,
) -> None:
    """Cool standing water in air below 0 degC, then grow ice."""
    cooled = air + (water - air) * factors.water_decay[of]
    if cooled > 0.0:
        after.water_degc[at] = cooled
        after.frost_k_h[at] = 0.0
        return
    zero = 0.0
    if water > 0.0:
        zero = min(factors.water_lag_hours[of] * math.log((water - air) / -air), step_hours)
        if zero < step_hours:
            hours.to_zero[at] = zero
    plug, burst = factors.plug_frost_k_h[of], factors.burst_frost_k_h[of]
    hours.to_plug[at] = _passed(plug, frost, zero, air, step_hours)
    hours.to_burst[at] = _passed(burst, frost, zero, air, step_hours)
    grown = frost - air * (step_hours - zero)
    after.water_degc[at] = 0.0
    after.frost_k_h[at] = min(grown, factors.solid_frost_k_h[of])


@inlined
def _passed(stage: float, frost: float, zero: float, air: float, step_hours: float) -> float:
    """Return when frost reaches a stage, NaN where it does not within the step."""
    if frost >= stage:
        return 0.0
    time = zero + (stage - frost) / -air
    return time if time < step_hours else np.nan
