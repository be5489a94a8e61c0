"""What homes feel like in a step, by compiled loops: see `keepwarm.warmth.room_steps`."""

from __future__ import annotations

from typing import NamedTuple

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled, inlined
from keepwarm.warmth.cold_steps import add_people_below
from keepwarm.warmth.fabric import (
    INSIDE_PER_GAIN,
    INSIDE_PER_HEAT,
    INSIDE_PER_MASS,
    LEFT,
    MASS_PER_GAIN,
    MASS_PER_HEAT,
)

_CENTRAL = 1


class Operative(NamedTuple):
    """Operative temperatures of one cohort's homes in a step, (3, samples, homes), degC.

    They go from start to end as ``limit + (start - limit) * exp(-t / tau)`` with the response's
    time constant; zero for samples without such buildings.
    """

    start_degc: Floats  # just after the inputs of the step act
    limit_degc: Floats  # after infinite time
    end_degc: Floats


class RoomStep(NamedTuple):
    """What homes do in a step, and what acts on them."""

    parts: Ints  # of homes.parts
    group: Ints  # (homes,)
    edges: Ints  # (groups + 1,): of homes.edges
    share: Floats  # (homes,): of the group
    row: Ints  # (3, samples): of the response
    response: Floats  # (7, rows, homes): Responses.table
    tau: Floats  # (rows, homes)
    sky: Ints  # (samples,): row of the weather
    outdoor: Floats  # (skies, groups)
    lived_in: Bools  # (samples, cohorts)
    weight: Floats  # (samples, cohorts, groups)
    gain: Floats  # (samples, cohorts, groups)
    heat: Floats  # (3, samples, cohorts, homes): wanted
    served: Floats  # (samples, cohorts, groups): share of it


class RoomDesk(NamedTuple):
    """Work space for the homes that are taken at once."""

    outdoor: Floats  # (homes of them,), as those that follow
    gain: Floats
    served: Floats
    twice: Floats
    start: Floats
    limit: Floats
    end: Floats


@inlined
def under(step: RoomStep, desk: RoomDesk, known: int, s: int, first: int, last: int) -> int:
    """Lay out the outdoor temperature of a sample unless it is there; return its row."""
    row = int(step.sky[s])
    if row != known:
        outdoor, group = step.outdoor[row], step.group[first:last]
        for h in range(group.size):
            desk.outdoor[h] = outdoor[group[h]]
    return row


@compiled
def spread(step: RoomStep, desk: RoomDesk, s: int, c: int, first: int, last: int) -> None:
    """Repeat gain and share served of groups for each of their homes."""
    gain, served, group = step.gain[s, c], step.served[s, c], step.group[first:last]
    for h in range(group.size):
        desk.gain[h] = gain[group[h]]
        desk.served[h] = served[group[h]]


@compiled
def feel(step: RoomStep, before: Floats, found: Operative, desk: RoomDesk, c: int) -> None:
    """Work out the operative temperatures of a cohort whose mass was ``before`` the step."""
    bands, samples, _, _ = before.shape
    for part in range(len(step.parts) - 1):
        first, last, known = step.parts[part, 0], step.parts[part + 1, 0], -1
        for s in range(samples):
            if step.lived_in[s, c]:
                known = under(step, desk, known, s, first, last)
                spread(step, desk, s, c, first, last)
            for b in range(bands):
                start = found.start_degc[b, s, first:last]
                limit, end = found.limit_degc[b, s, first:last], found.end_degc[b, s, first:last]
                if step.lived_in[s, c]:
                    was, heat = before[b, s, c, first:last], step.heat[b, s, c, first:last]
                    _feel_row(step, desk, b, s, first, was, heat, start, limit, end)
                else:
                    for h in range(end.size):
                        start[h] = limit[h] = end[h] = 0.0


@compiled
def feel_at_end(step: RoomStep, before: Floats, where: Bools, c: int, found: Floats) -> None:
    """Add up the means of marked groups; the same as `feel` says home by home."""
    for s in range(where.shape[0]):
        row, outside = step.row[_CENTRAL, s], step.outdoor[step.sky[s]]
        table = step.response[:, row]
        for g in range(where.shape[1]):
            if not where[s, g]:
                continue
            gain, served, outdoor = step.gain[s, c, g], step.served[s, c, g], outside[g]
            for h in range(step.edges[g], step.edges[g + 1]):
                given = step.heat[_CENTRAL, s, c, h] * served
                rest = table[MASS_PER_GAIN, h] * gain + table[MASS_PER_HEAT, h] * given
                over = before[_CENTRAL, s, c, h] - outdoor
                after = rest + (over - rest) * table[LEFT, h]
                sources = table[INSIDE_PER_GAIN, h] * gain + table[INSIDE_PER_HEAT, h] * given
                end = table[INSIDE_PER_MASS, h] * after + (sources + outdoor)
                found[s, g] += end * step.share[h]


@compiled
def count_people(
    step: RoomStep,
    before: Floats,
    desk: RoomDesk,
    share: Floats,
    people: Floats,
    place: Ints,
    thresholds: Floats,
    hours: float,
    below: Floats,
) -> None:
    """Add person-hours below thresholds, (samples, places, thresholds), central."""
    samples, cohorts = step.lived_in.shape
    for part in range(len(step.parts) - 1):
        first, last = step.parts[part, 0], step.parts[part + 1, 0]
        group, many, known = step.group[first:last], people[first:last], -1
        home_place = place[first:last]
        for s in range(samples):
            known = under(step, desk, known, s, first, last)
            tau = step.tau[step.row[_CENTRAL, s], first:last]
            for c in range(cohorts):
                if not step.lived_in[s, c]:
                    continue
                spread(step, desk, s, c, first, last)
                was, heat = (
                    before[_CENTRAL, s, c, first:last],
                    step.heat[_CENTRAL, s, c, first:last],
                )
                found = (desk.start, desk.limit, desk.end)
                _feel_row(step, desk, _CENTRAL, s, first, was, heat, *found)
                here = desk.twice[: last - first]
                for h in range(here.size):
                    here[h] = share[s, c, group[h]] * many[h]
                counted = (here, home_place, thresholds, hours, below[s])
                add_people_below(desk.start, desk.limit, tau, *counted)


@inlined
def _feel_row(
    step: RoomStep,
    desk: RoomDesk,
    b: int,
    s: int,
    first: int,
    before: Floats,
    heat: Floats,
    start: Floats,
    limit: Floats,
    end: Floats,
) -> None:
    row, last = step.row[b, s], first + before.size
    left = step.response[LEFT, row, first:last]
    mass_per_gain = step.response[MASS_PER_GAIN, row, first:last]
    mass_per_heat = step.response[MASS_PER_HEAT, row, first:last]
    felt = step.response[INSIDE_PER_MASS, row, first:last]
    inside_per_gain = step.response[INSIDE_PER_GAIN, row, first:last]
    inside_per_heat = step.response[INSIDE_PER_HEAT, row, first:last]
    gain, served, outdoor = desk.gain, desk.served, desk.outdoor
    for h in range(before.size):
        given = heat[h] * served[h]
        rest = mass_per_gain[h] * gain[h] + mass_per_heat[h] * given
        over = before[h] - outdoor[h]
        after = rest + (over - rest) * left[h]
        sources = inside_per_gain[h] * gain[h] + inside_per_heat[h] * given + outdoor[h]
        start[h] = felt[h] * over + sources
        limit[h] = felt[h] * rest + sources
        end[h] = felt[h] * after + sources
