"""One step of all pipes, compiled: the loops behind `keepwarm.warmth.pipes.move_pipes`.

Groups lie side by side and places one after the other, so that what holds for a group is read as it
stands. Constants are (rows, places, kinds), states (band, samples, places, groups).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled, inlined

#: Places of a group.
PLACE_COUNT = 6
#: Groups that are carried at once.
GROUPS_AT_ONCE = 256


class Factors(NamedTuple):
    """Constants of pipes for steps of one length, each (rows, places, kinds)."""

    indoor_share: Floats
    outdoor_share: Floats
    ground_degc: Floats
    zone_decay: Floats  # what is left at the end of a step of a distance from balance
    zone_mean: Floats  # the same on average over the step
    water_decay: Floats  # of standing water
    flow_decay: Floats  # what is left at the end of the run at full flow
    water_lag_hours: Floats
    transfer_units: Floats
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
    """Work space for the groups that are carried at once, each (places, groups)."""

    indoor_share: Floats  # constants of their kinds, as in `Factors`
    outdoor_share: Floats
    ground_degc: Floats
    zone_decay: Floats
    zone_mean: Floats
    water_decay: Floats
    flow_decay: Floats
    resting_degc: Floats  # air they tend to, less what comes from indoors
    along: Floats  # what is left at the end of the run at the flow there is
    supply_degc: Floats  # (groups,)


class Drive(NamedTuple):
    """What moves pipes in a step, and of what they are made."""

    outdoor_degc: Floats  # (skies, groups)
    indoor_degc: Floats  # (band, samples, groups)
    supply_degc: Floats  # (band, samples, groups)
    flow: Floats  # (samples, groups)
    sky: Ints  # (samples,): row of outdoors
    row: Ints  # (band, samples): row of the factors
    kind: Ints  # (groups,): of the factors


def new_desk() -> Desk:
    """Return work space."""
    shape = (PLACE_COUNT, GROUPS_AT_ONCE)
    return Desk._make([*(np.empty(shape) for _ in range(9)), np.empty(GROUPS_AT_ONCE)])


@compiled
def move_without_ice(
    factors: Factors,
    drive: Drive,
    before: Cells,
    after: Cells,
    desk: Desk,
    slow: Floats,
    iced: bool,
    apart: Bools,
) -> int:
    """Carry air and water over the step where there is no ice, and mark where there is or may be.

    Some groups are carried through all samples before the next, so that their constants stay near
    the processor.

    Parameters
    ----------
    desk
        From `new_desk`.
    slow
        What is left at the end of runs of slow water: exp of what `note_slow` noted.
    iced
        False where all frost is known to be zero: then it is not looked at.
    apart : array of bool (band, samples, groups)
        False throughout. Set to True where a pipe has ice or comes to 0 degC.

    Returns
    -------
    int
        How many groups are marked; the others have no frost, before and after.
    """
    bands, samples, groups = apart.shape
    count, used = 0, 0
    for band in range(bands):
        for first in range(0, groups, GROUPS_AT_ONCE):
            last, row, sky = min(first + GROUPS_AT_ONCE, groups), -1, -1
            supply = desk.supply_degc[: last - first]
            for sample in range(samples):
                if drive.row[band, sample] != row:
                    row, sky = drive.row[band, sample], -1
                    _lay_out(factors, drive, desk, row, first, last)
                if drive.sky[sample] != sky:
                    sky = drive.sky[sample]
                    _rest(drive, desk, sky, first, last)
                along, cold = desk.flow_decay, 0
                if _supplied(drive, supply, band, sample, first) > 0:
                    along = desk.along
                    used = _slow_down(drive, desk, slow, used, sample, first, last)
                for place in range(PLACE_COUNT):
                    cold += _move_place(
                        factors, drive, before, after, desk, along, band, sample, place, first, last
                    )
                    if iced:
                        cold += _count_iced(before.frost_k_h[band, sample, place, first:last])
                if cold > 0:
                    count += _mark(before, after, iced, apart, band, sample, first, last)
    return count


@compiled
def _lay_out(factors: Factors, drive: Drive, desk: Desk, row: int, first: int, last: int) -> None:
    """Put the constants of groups beside each other."""
    kind = drive.kind[first:last]
    for place in range(PLACE_COUNT):
        _pick(factors.indoor_share[row, place], kind, desk.indoor_share[place])
        _pick(factors.outdoor_share[row, place], kind, desk.outdoor_share[place])
        _pick(factors.ground_degc[row, place], kind, desk.ground_degc[place])
        _pick(factors.zone_decay[row, place], kind, desk.zone_decay[place])
        _pick(factors.zone_mean[row, place], kind, desk.zone_mean[place])
        _pick(factors.water_decay[row, place], kind, desk.water_decay[place])
        _pick(factors.flow_decay[row, place], kind, desk.flow_decay[place])


@inlined
def _pick(of_kinds: Floats, kind: Ints, of_groups: Floats) -> None:
    for k in range(kind.size):
        of_groups[k] = of_kinds[kind[k]]


@compiled
def _rest(drive: Drive, desk: Desk, sky: int, first: int, last: int) -> None:
    """Note the air that places tend to, less what comes from indoors."""
    outdoor = drive.outdoor_degc[sky, first:last]
    for place in range(PLACE_COUNT):
        share, ground = desk.outdoor_share[place], desk.ground_degc[place]
        resting = desk.resting_degc[place]
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


@compiled
def count_slow(drive: Drive) -> int:
    """Return how many groups of samples have water that flows slowly."""
    slow, flow = 0, drive.flow
    for sample in range(flow.shape[0]):
        for group in range(flow.shape[1]):
            slow += (flow[sample, group] > 0.0) & (flow[sample, group] != 1.0)
    return slow


@compiled
def note_slow(factors: Factors, drive: Drive, units: Floats) -> None:
    """Note the transfer units of slow water, negative, in the order of `move_without_ice`.

    Their exponentials are taken together, which is several times as fast as one by one.
    """
    used = 0
    bands, samples = drive.row.shape
    groups = drive.kind.size
    for band in range(bands):
        for first in range(0, groups, GROUPS_AT_ONCE):
            last = min(first + GROUPS_AT_ONCE, groups)
            for sample in range(samples):
                row, flow = drive.row[band, sample], drive.flow[sample]
                for group in range(first, last):
                    if (flow[group] > 0.0) & (flow[group] != 1.0):
                        per_flow, kind = -1.0 / flow[group], drive.kind[group]
                        for place in range(PLACE_COUNT):
                            units[used] = factors.transfer_units[row, place, kind] * per_flow
                            used += 1


@compiled
def _slow_down(
    drive: Drive, desk: Desk, slow: Floats, used: int, sample: int, first: int, last: int
) -> int:
    """Put what is left at the end of runs where water flows slowly; return how many are used."""
    flow = drive.flow[sample, first:last]
    for place in range(PLACE_COUNT):
        full, along = desk.flow_decay[place], desk.along[place]
        for k in range(flow.size):
            along[k] = full[k]
    for k in range(flow.size):
        if (flow[k] > 0.0) & (flow[k] != 1.0):
            for place in range(PLACE_COUNT):
                desk.along[place, k] = slow[used]
                used += 1
    return used


@inlined
def _move_place(
    factors: Factors,
    drive: Drive,
    before: Cells,
    after: Cells,
    desk: Desk,
    alongs: Floats,
    band: int,
    sample: int,
    place: int,
    first: int,
    last: int,
) -> int:
    """Carry a place of some groups over the step as if none had ice.

    Loops without branches, so that the compiler takes several groups at once. Counts those at
    0 degC.
    """
    supply, cold = desk.supply_degc[: last - first], 0
    indoor, resting = drive.indoor_degc[band, sample, first:last], desk.resting_degc[place]
    share, along, still = desk.indoor_share[place], alongs[place], desk.water_decay[place]
    left, mean = desk.zone_decay[place], desk.zone_mean[place]
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
    marked, count = apart[band, sample, first:last], 0
    for place in range(PLACE_COUNT):
        was = before.water_degc[band, sample, place, first:last]
        now = after.water_degc[band, sample, place, first:last]
        for k in range(marked.size):
            marked[k] |= (was[k] <= 0.0) | (now[k] <= 0.0)
        if iced:
            frost = before.frost_k_h[band, sample, place, first:last]
            for k in range(marked.size):
                marked[k] |= frost[k] > 0.0
    for k in range(marked.size):
        count += marked[k]
    return count
