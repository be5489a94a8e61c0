"""The sums of many samples, step by step, by compiled loops."""

from __future__ import annotations

from typing import NamedTuple

from keepwarm.case.nouns import Floats, Ints
from keepwarm.compiled import compiled, inlined
from keepwarm.season.dispatch_steps import served_share

#: A carrier is short in a step when more than this is shed, MW.
SHORT_MW = 1e-6


class Counted(NamedTuple):
    """What stays of a case: which sum each need and group belongs to."""

    hours: float  # of a step
    carriers: int
    places: int  # regions, and one for none
    cell: Ints  # (needs,): carrier x places + place, places being regions and one for none
    heat_cell: Ints  # (groups,): the same of the heat that a group needs
    place: Ints  # (groups,): region, the last place for none
    feeder: Ints  # (needs,): 1 where households need power, else 0
    rotated: Floats  # (needs,): share of it that rotation may cut before its schedule is void
    counted_at: Ints  # (needs,): bus whose people the need stands for, -1 for nobody's
    on_bus: Floats  # (services, buses): people who are counted by bus
    bus_region: Ints  # (buses,): -1 for none
    by_group: Ints  # (services,): 1 where people are counted by building group
    group_people: Floats  # (groups,)
    group_region: Ints  # (groups,): -1 for none
    region_weight: Floats  # (regions,): how people without a region are spread
    heat_service: int  # which service


class Given(NamedTuple):
    """What a step came to, rows of samples."""

    need_mw: Floats  # (samples, needs)
    shed_mw: Floats
    not_asked_mw: Floats  # (samples, groups)
    heat_share: Floats
    power_share: Floats
    draining: Floats  # (samples, groups): buildings, as those that follow
    drained: Floats
    refilling: Floats
    frozen: Floats


class Sums(NamedTuple):
    """What is added up, rows of samples."""

    need: Floats  # (samples, carriers), MWh
    unserved: Floats
    short: Floats  # (samples, carriers), h
    spells: Floats
    was_short: Floats  # 1 where the last step was
    need_at: Floats  # (samples, carriers x places), MWh
    unserved_at: Floats
    short_at: Floats
    spells_at: Floats
    was_short_at: Floats
    without: Floats  # (samples, services, regions), person-hours
    emergency: Floats  # (samples,): days
    last_day: Floats  # (samples,): number of the last of them
    drained: Floats  # (samples, groups): the most at once
    frozen: Floats


class Desk(NamedTuple):
    """Work space of one sample."""

    need: Floats  # (carriers x places,)
    shed: Floats
    bus_need: Floats  # (buses,)
    bus_shed: Floats


@compiled
def add_step(counted: Counted, given: Given, desk: Desk, day: int, sums: Sums) -> None:
    """Add one step of all samples; ``day`` numbers the local day that it lies on."""
    for s in range(given.need_mw.shape[0]):
        _energy(counted, given, desk, s)
        _count_short(counted, desk, sums, s)
        if _is_emergency(counted, given, s) and sums.last_day[s] != day:
            sums.last_day[s] = day
            sums.emergency[s] += 1.0
        _count_people(counted, given, desk, sums, s)
        for g in range(counted.place.size):
            emptied = given.draining[s, g] + given.drained[s, g] + given.refilling[s, g]
            sums.drained[s, g] = max(sums.drained[s, g], emptied)
            sums.frozen[s, g] = max(sums.frozen[s, g], given.frozen[s, g])


@inlined
def _energy(counted: Counted, given: Given, desk: Desk, s: int) -> None:
    """Add up need and shed by carrier and place; heat that is not asked for is both."""
    for k in range(desk.need.size):
        desk.need[k] = desk.shed[k] = 0.0
    for n in range(counted.cell.size):
        desk.need[counted.cell[n]] += given.need_mw[s, n]
        desk.shed[counted.cell[n]] += given.shed_mw[s, n]
    for g in range(counted.heat_cell.size):
        desk.need[counted.heat_cell[g]] += given.not_asked_mw[s, g]
        desk.shed[counted.heat_cell[g]] += given.not_asked_mw[s, g]


@inlined
def _count_short(counted: Counted, desk: Desk, sums: Sums, s: int) -> None:
    """Add energy, and count steps and spells of shortage, by carrier and by place."""
    places = desk.need.size // counted.carriers
    for c in range(counted.carriers):
        need, shed = 0.0, 0.0
        for k in range(c * places, (c + 1) * places):
            need += desk.need[k]
            shed += desk.shed[k]
            sums.need_at[s, k] += desk.need[k] * counted.hours
            sums.unserved_at[s, k] += desk.shed[k] * counted.hours
            is_short = 1.0 if desk.shed[k] > SHORT_MW else 0.0
            sums.short_at[s, k] += is_short * counted.hours
            sums.spells_at[s, k] += max(is_short - sums.was_short_at[s, k], 0.0)
            sums.was_short_at[s, k] = is_short
        sums.need[s, c] += need * counted.hours
        sums.unserved[s, c] += shed * counted.hours
        is_short = 1.0 if shed > SHORT_MW else 0.0
        sums.short[s, c] += is_short * counted.hours
        sums.spells[s, c] += max(is_short - sums.was_short[s, c], 0.0)
        sums.was_short[s, c] = is_short


@inlined
def _is_emergency(counted: Counted, given: Given, s: int) -> bool:
    """Whether more of the households' power is shed than rotation covers."""
    shed, covered = 0.0, 0.0
    for n in range(counted.feeder.size):
        if counted.feeder[n] > 0:
            shed += given.shed_mw[s, n]
            covered += given.need_mw[s, n] * counted.rotated[n]
    return shed > covered + SHORT_MW


@inlined
def _count_people(counted: Counted, given: Given, desk: Desk, sums: Sums, s: int) -> None:
    """Add the person-hours without each service: people x shed / need at each place."""
    for b in range(desk.bus_need.size):
        desk.bus_need[b] = desk.bus_shed[b] = 0.0
    for n in range(counted.counted_at.size):
        b = counted.counted_at[n]
        if b >= 0:
            desk.bus_need[b] += given.need_mw[s, n]
            desk.bus_shed[b] += given.shed_mw[s, n]
    for k in range(counted.by_group.size):
        if counted.by_group[k] > 0:
            share = given.heat_share[s] if k == counted.heat_service else given.power_share[s]
            for g in range(counted.group_people.size):
                without = (1.0 - share[g]) * counted.group_people[g] * counted.hours
                _put(counted, sums.without[s, k], counted.group_region[g], without)
        else:
            for b in range(counted.bus_region.size):
                if counted.on_bus[k, b] > 0.0 and desk.bus_need[b] > 1e-9:
                    served = desk.bus_need[b] - desk.bus_shed[b]
                    part = 1.0 - served_share(served, desk.bus_need[b])
                    without = part * counted.on_bus[k, b] * counted.hours
                    _put(counted, sums.without[s, k], counted.bus_region[b], without)


@inlined
def _put(counted: Counted, without: Floats, region: int, amount: float) -> None:
    """Add person-hours to their region, or to all by their people where they have none."""
    if region >= 0:
        without[region] += amount
    elif amount != 0.0:
        for r in range(without.size):
            without[r] += amount * counted.region_weight[r]


@compiled
def add_rows(
    counted: Counted,
    given: Given,
    desk: Desk,
    day: Ints,
    sample: Ints,
    step: Ints,
    last_step: Ints,
    sums: Sums,
) -> None:
    """Add steps of samples, by sample, then step; a step that is not given was not short.

    Parameters
    ----------
    given
        A row for each step, of a case without building groups.
    day, sample, step
        Shape (rows,): the day as in `add_step`, the row of ``sums``, the step of the season.
    last_step
        Shape (samples,): the last step given of each; written.
    """
    for r in range(sample.size):
        s = sample[r]
        if step[r] != last_step[s] + 1:
            for k in range(sums.was_short.shape[1]):
                sums.was_short[s, k] = 0.0
            for k in range(sums.was_short_at.shape[1]):
                sums.was_short_at[s, k] = 0.0
        last_step[s] = step[r]
        add_step(counted, _row(given, r), desk, day[r], _of_sample(sums, s))


@inlined
def _row(given: Given, r: int) -> Given:
    return Given(
        given.need_mw[r : r + 1],
        given.shed_mw[r : r + 1],
        given.not_asked_mw[r : r + 1],
        given.heat_share[r : r + 1],
        given.power_share[r : r + 1],
        given.draining[r : r + 1],
        given.drained[r : r + 1],
        given.refilling[r : r + 1],
        given.frozen[r : r + 1],
    )


@inlined
def _of_sample(sums: Sums, s: int) -> Sums:
    return Sums(
        sums.need[s : s + 1],
        sums.unserved[s : s + 1],
        sums.short[s : s + 1],
        sums.spells[s : s + 1],
        sums.was_short[s : s + 1],
        sums.need_at[s : s + 1],
        sums.unserved_at[s : s + 1],
        sums.short_at[s : s + 1],
        sums.spells_at[s : s + 1],
        sums.was_short_at[s : s + 1],
        sums.without[s : s + 1],
        sums.emergency[s : s + 1],
        sums.last_day[s : s + 1],
        sums.drained[s : s + 1],
        sums.frozen[s : s + 1],
    )
