"""What crews do to the circuits of buildings in a step, sample by sample, by compiled loops."""

from __future__ import annotations

from typing import NamedTuple

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled, inlined
from keepwarm.season.state import CLOSED, KEPT, RETURNING

#: Part of a building that is no longer worth telling from none.
_LAST = 0.05

#: Cohorts that buildings move between, from and to, as `_turn` counts them.
MOVES = ((RETURNING, KEPT), (KEPT, CLOSED), (RETURNING, CLOSED), (CLOSED, RETURNING))


class Work(NamedTuple):
    """What all crews together can do in a step."""

    drain: float  # buildings
    refill: float  # buildings
    water_m3: float
    steady_hours: float  # for which water must have flowed before a circuit is filled
    hands: float  # buildings that can be mended
    frozen_work: float  # times the work of a leak, to thaw one
    mended: float  # share of leaking circuits whose repair ends in the step, all being worked at
    thawed: float  # the same of frozen ones
    emptied: float  # share of draining circuits that crews leave in the step
    filled: float  # the same of those being filled
    warm_degc: float  # from which buildings that came back are as the others
    leak: float  # share of circuits that leak as they are filled
    frost_leak: float  # the same for each K of frost outdoors
    litres: Floats  # (groups,): water in the circuit of one building


class Circuits(NamedTuple):
    """Buildings by their circuit, each (samples, groups)."""

    kept: Floats
    returning: Floats
    draining: Floats
    drained: Floats
    refilling: Floats
    damaged: Floats
    frozen: Floats


class Given(NamedTuple):
    """What acts on circuits in a step, each (samples, groups)."""

    flow_hours: Floats  # for which water could have flowed
    drain: Floats  # buildings that crews begin to drain
    opens: Floats  # share of connected circuits that spring a leak
    plugged: Bools  # the weakest pipe is
    kept_degc: Floats  # at the end, where there are returning buildings
    returning_degc: Floats
    outdoor_degc: Floats  # (samples or 1, groups)


class Shares(NamedTuple):
    """How much of what could be done in a sample's step is done."""

    refill: float
    mend: float
    thaw: float


@compiled
def count_hours(
    flows: Bools, stood: Floats, ran: Floats, dt: float, stopped_hours: Floats, flow_hours: Floats
) -> tuple[int, int]:
    """Count hours of stop and flow on; return how many groups stand, and how many did until now."""
    samples, groups = flows.shape
    stands, restarted = 0, 0
    for s in range(samples):
        for g in range(groups):
            flow = flows[s, g]
            stopped_hours[s, g] = 0.0 if flow else stood[s, g] + dt
            flow_hours[s, g] = ran[s, g] + dt if flow else 0.0
            stands += not flow
            restarted += flow & (stood[s, g] > 0.0)
    return stands, restarted


@compiled
def mark_busy(lived_in: Bools, drain: Floats, opens: Floats, plugged: Bools, busy: Bools) -> int:
    """Mark the samples in which any circuit may change, and count them."""
    count = 0
    for s in range(busy.size):
        found = lived_in[s, RETURNING] | lived_in[s, CLOSED]
        if not found:
            for g in range(drain.shape[1]):
                found |= (drain[s, g] > 0.0) | (opens[s, g] > 0.0) | plugged[s, g]
        busy[s] = found
        count += found
    return count


@compiled
def turn_circuits(
    work: Work,
    circuits: Circuits,
    given: Given,
    busy: Bools,
    first: Ints,
    group: Ints,
    mass: Floats,
    moved: Floats,
) -> None:
    """Let crews work in the samples that are ``busy``, in place.

    Buildings that change their cohort take the temperature of their homes along.

    Parameters
    ----------
    first, group
        Of `keepwarm.warmth.homes.Homes`.
    mass
        Shape (bands, samples, cohorts, homes), changed in place.
    moved
        Shape (moves,): work space.
    """
    for s in range(busy.size):
        if busy[s]:
            shares = _share_out(work, circuits, given, s)
            for g in range(first.size):
                kept, returning = circuits.kept[s, g], circuits.returning[s, g]
                closed = (
                    circuits.draining[s, g]
                    + circuits.drained[s, g]
                    + circuits.refilling[s, g]
                    + circuits.damaged[s, g]
                    + circuits.frozen[s, g]
                )
                calm = (given.drain[s, g] <= 0.0) & (given.opens[s, g] <= 0.0)
                if calm and not given.plugged[s, g] and returning <= 0.0 and closed <= 0.0:
                    continue
                if _turn(work, circuits, given, shares, s, g, moved):
                    _mix(first[g], group, g, (kept, returning, closed), moved, mass, s)


@inlined
def _share_out(work: Work, circuits: Circuits, given: Given, s: int) -> Shares:
    """Share out what crews can do in the whole city: draining goes before filling.

    All hands have work while many wait; the last ones take as long as one repair does.
    """
    drain = waiting = asked_m3 = damaged = frozen = 0.0
    for g in range(circuits.kept.shape[1]):
        drain += given.drain[s, g]
        damaged += circuits.damaged[s, g]
        if given.flow_hours[s, g] >= work.steady_hours:
            waiting += circuits.drained[s, g]
            asked_m3 += circuits.drained[s, g] * work.litres[g] / 1000
            frozen += circuits.frozen[s, g]
    # Crews that a plan sends may drain more than the city's do.
    idle = max(1.0 - drain / work.drain, 0.0) if work.drain > 0.0 else 1.0
    mend = min(_part(work.hands, damaged), work.mended)
    left = (work.hands - damaged * mend) / work.frozen_work
    return Shares(
        min(_part(work.refill * idle, waiting), _part(work.water_m3, asked_m3)),
        mend,
        min(_part(left, frozen), work.thawed),
    )


@inlined
def _part(most: float, asked: float) -> float:
    """Return the part of what is asked for that there is enough of, 0 to 1."""
    return min(max(most / max(asked, 1e-9), 0.0), 1.0)


@inlined
def _turn(
    work: Work, circuits: Circuits, given: Given, shares: Shares, s: int, g: int, moved: Floats
) -> bool:
    """Move a group's buildings between the states; ``moved`` counts them by `MOVES`.

    Returns whether any has changed its cohort.
    """
    kept, returning, draining, drained, refilling, damaged, frozen = circuits
    steady = given.flow_hours[s, g] >= work.steady_hours
    refill = drained[s, g] * shares.refill if steady else 0.0
    mend = damaged[s, g] * shares.mend
    thaw = frozen[s, g] * shares.thaw if steady else 0.0
    drain = given.drain[s, g]
    outdoor = given.outdoor_degc[min(s, len(given.outdoor_degc) - 1), g]
    leaks = min(work.leak + work.frost_leak * max(-outdoor, 0.0), 1.0)
    again = returning[s, g] if _is_warm(work, given, kept[s, g], s, g) else 0.0
    back = _finished(refilling[s, g], work.filled)
    emptied = _finished(draining[s, g], work.emptied)
    if given.plugged[s, g]:
        lost_kept, lost_returning = kept[s, g], returning[s, g]
        again = back = 0.0
        frozen[s, g] += lost_kept + lost_returning + draining[s, g] - emptied
        draining[s, g] = emptied
    else:
        # Water either stands still and is drained, or moves and may leak.
        part = drain / max(kept[s, g] + returning[s, g], 1e-300) + given.opens[s, g]
        lost_kept, lost_returning = kept[s, g] * part, returning[s, g] * part
        again = min(again, returning[s, g] - lost_returning)
        draining[s, g] += drain
        damaged[s, g] += lost_kept + lost_returning - drain
    sound = back * (1.0 - leaks)
    filling = min(refill, drained[s, g])
    whole, warmed_up = min(mend, damaged[s, g]), min(thaw, frozen[s, g])
    kept[s, g] = _count(kept[s, g] + again - lost_kept)
    returning[s, g] = _count(returning[s, g] + sound - again - lost_returning)
    draining[s, g] = _count(draining[s, g] - emptied)
    drained[s, g] = _count(drained[s, g] + emptied - filling)
    refilling[s, g] = _count(refilling[s, g] + filling + whole + warmed_up - back)
    damaged[s, g] = _count(damaged[s, g] + back - sound - whole)
    frozen[s, g] = _count(frozen[s, g] - warmed_up)
    moved[0], moved[1], moved[2], moved[3] = again, lost_kept, lost_returning, sound
    return again > 0.0 or lost_kept > 0.0 or lost_returning > 0.0 or sound > 0.0


@inlined
def _is_warm(work: Work, given: Given, kept: float, s: int, g: int) -> bool:
    """Whether a group's returning buildings are warm, or as warm as those kept."""
    felt = given.returning_degc[s, g]
    return felt >= work.warm_degc or (kept > 0.0 and felt >= given.kept_degc[s, g] - 0.5)


@inlined
def _count(buildings: float) -> float:
    """Leave out what rounding leaves of a building that is gone."""
    return buildings if buildings > 1e-9 else 0.0


@inlined
def _finished(at_work: float, share: float) -> float:
    """Return buildings that crews leave in this step; at the last of them they stay to the end."""
    return at_work if at_work < _LAST else at_work * share


@inlined
def _mix(
    first: int,
    group: Ints,
    g: int,
    before: tuple[float, float, float],
    moved: Floats,
    mass: Floats,
    s: int,
) -> None:
    """Mix the mass temperatures of a group's cohorts after buildings moved between them."""
    bands, _, _, homes = mass.shape
    h = first
    while h < homes and group[h] == g:
        for b in range(bands):
            was = (mass[b, s, KEPT, h], mass[b, s, RETURNING, h], mass[b, s, CLOSED, h])
            for to in range(len(was)):
                stay, arrived, heat = before[to], 0.0, 0.0
                for k in range(len(MOVES)):
                    stay -= moved[k] if MOVES[k][0] == to else 0.0
                    arrived += moved[k] if MOVES[k][1] == to else 0.0
                    heat += moved[k] * was[MOVES[k][0]] if MOVES[k][1] == to else 0.0
                if arrived > 0.0:
                    stay = max(stay, 0.0)
                    mass[b, s, to, h] = (heat + stay * was[to]) / (stay + arrived)
        h += 1
