"""Building circuits as counts per group: kept, drained, filled again, leaking, frozen.

Where the water of a group flows, its connected buildings are supplied; where it stands still they
are stopped, and crews may drain them. Drained circuits are filled again once heat is steady; some
leak then, more of them the harder the frost, and wait for those who mend them: as many at a time
as there are hands for, each for as long as a repair takes. Circuits leak too when water comes back
to a pipe with ice in it, and a few while it runs. A circuit whose weakest pipe plugs before it is
empty is frozen, and takes the same people far longer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled, inlined
from keepwarm.network import sum_places
from keepwarm.season.corridor import Corridor
from keepwarm.season.draining import begin_draining
from keepwarm.season.heating import CENTRAL
from keepwarm.season.orders import StepOrders
from keepwarm.season.sky import Sky
from keepwarm.season.state import CLOSED, COUNTS, KEPT, RETURNING, State, renewed
from keepwarm.warmth.pipes import CIRCUIT, PipeStep
from keepwarm.warmth.room_steps import Moved


@dataclass(frozen=True)
class _Crews:
    """What crews do in one step, buildings per group, each (samples, groups)."""

    drain: Floats  # circuits that they begin to drain
    refill: Floats  # drained circuits that they begin to fill
    mend: Floats  # leaking circuits that are whole again
    thaw: Floats  # frozen circuits that are whole again


def step_circuits(
    corridor: Corridor,
    state: State,
    sky: Sky,
    *,
    flows: Bools,
    fed: Bools,
    pipes: PipeStep,
    rooms: Moved,
    orders: StepOrders | None = None,
) -> State:
    """Carry the circuits, and who lives beside whom, over one step.

    Buildings that change their cohort take the temperature of their homes along.

    Parameters
    ----------
    state
        At the start of the step.
    flows
        Shape (samples, groups): water flows, or would were the buildings not drained.
    fed
        Shape (samples, groups): heat comes as far as the substation, whether or not that has power.
    pipes
        Shape (3, samples, groups, places): at the step's end, were the buildings still full.
    rooms
        At the step's end.
    orders
        A plan's: who is drained; all others follow the case's policy.

    Returns
    -------
    State
        With the circuits, the homes' temperatures and the hours of stop and flow at the end.

    **Leaves out**: crews as people with ways and shifts; spare parts; radiators burst in flats.
    """
    number, dt = corridor.case.settings.number, corridor.case.network.step_hours
    hours = np.empty((2, *flows.shape))
    stopped, restarted = _count_hours(flows, state.stopped_hours, state.flow_hours, dt, *hours)
    moved_on = {
        "mass_degc": rooms.mass_degc,
        "zone_degc": pipes.air_degc,
        "water_degc": pipes.water_degc,
        "frost_k_h": pipes.frost_k_h,
        "stopped_hours": hours[0],
        "flow_hours": hours[1],
    }
    now = renewed(state, moved_on)
    drain = begin_draining(corridor, now, sky, fed, orders) if stopped else np.zeros(flows.shape)
    opens = _leak_running(corridor, state, flows, restarted=restarted > 0)
    plugged = _plugged(corridor, pipes)
    if not (state.lived_in[:, RETURNING:].any() or any(e.any() for e in (drain, opens, plugged))):
        return now  # no crew has anything to do
    crews = _crews(corridor, state, drain)
    counts = {name: getattr(state, name).copy() for name in COUNTS}
    moved = np.empty((*flows.shape, len(_MOVES)))
    changed = _turn(
        **counts,
        plugged=plugged,
        leak=_leak_filled(corridor, sky),
        opens=opens,
        warm=_warm_again(corridor, state, rooms),
        drain=crews.drain,
        refill=crews.refill,
        mend=crews.mend,
        thaw=crews.thaw,
        drained_share=min(1.0, dt / number("draining.hours")),
        filled_share=min(1.0, dt / number("refilling.hours")),
        moved=moved,
    )
    if changed:
        counts["mass_degc"] = _mixed(corridor, rooms.mass_degc, state.cohorts, moved)
    return renewed(now, counts)


@compiled
def _count_hours(
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


#: Part of a building that is no longer worth telling from none.
_LAST = 0.05

#: Frost outdoors in which empty pipes leak as those with a plug of ice do, K.
_FROST_K = 10.0

#: Cohorts that buildings move between, from and to, as `_turn` counts them.
_MOVES = ((RETURNING, KEPT), (KEPT, CLOSED), (RETURNING, CLOSED), (CLOSED, RETURNING))


def _plugged(corridor: Corridor, pipes: PipeStep) -> Bools:
    """Mark groups with a circuit whose weakest pipe is plugged, central, (samples, groups)."""
    return np.asarray(pipes.plugged[CENTRAL] & corridor.has_circuit)


def _ice(corridor: Corridor, state: State, sample: Ints, group: Ints) -> Floats:
    """How far the weakest pipe of some groups is on its way to the plug, 0 to 1, central."""
    frost = state.frost_k_h[CENTRAL, sample, group, CIRCUIT]
    row = corridor.fabric.rows(len(state.kept))[CENTRAL, sample]
    plug = corridor.fabric.pipes.plug_frost_k_h[row, corridor.fabric.kind[group], CIRCUIT]
    share = frost / plug
    return np.asarray(np.clip(share.max(axis=-1, initial=0.0), 0.0, 1.0))


def _leak_filled(corridor: Corridor, sky: Sky) -> Floats:
    """Return the share of circuits that leak as they are filled again, (samples or 1, groups).

    Pipes that stood empty in frost are filled cold: water freezes in them, joints have shrunk.
    """
    number = corridor.case.settings.number
    frost = np.maximum(-sky.outdoor_degc, 0.0) / _FROST_K
    leak = number("restart.leak_share") + number("restart.frost_leak_share") * frost
    return np.asarray(np.minimum(leak, 1.0))


def _leak_running(corridor: Corridor, state: State, flows: Bools, *, restarted: bool) -> Floats:
    """Return the share of connected circuits that spring a leak in a step, (samples, groups).

    ``restarted`` says that water comes back to some of them.
    """
    number, dt = corridor.case.settings.number, corridor.case.network.step_hours
    leak = number("circuit.leaks_per_1000_days") / 1000 * dt / 24
    wet = flows & corridor.has_circuit
    leaks = np.where(wet, leak, 0.0) if leak else np.zeros(flows.shape)
    if restarted:
        sample, group = np.nonzero(wet & (state.stopped_hours > 0))
        ice = _ice(corridor, state, sample, group)
        leaks[sample, group] = np.minimum(leak + number("restart.frost_leak_share") * ice, 1.0)
    return leaks


def _warm_again(corridor: Corridor, state: State, rooms: Moved) -> Bools:
    """Mark groups whose returning buildings are warm, or as warm as those kept."""
    if not state.lived_in[:, RETURNING].any():
        return np.zeros(state.returning.shape, dtype=np.bool_)
    kept, returning = (
        corridor.homes.mean(rooms.of_cohort(cohort).end_degc[CENTRAL])
        for cohort in (KEPT, RETURNING)
    )
    enough = returning >= corridor.case.settings.number("circuit.warm_degc")
    alike = (state.kept > 0) & (returning >= kept - 0.5)
    return np.asarray(enough | alike)


def _crews(corridor: Corridor, state: State, drain: Floats) -> _Crews:
    """Share out what crews can do in the whole city: draining goes before filling."""
    number, dt = corridor.case.settings.number, corridor.case.network.step_hours
    most = number("draining.buildings_per_hour") * dt
    # Crews that a plan sends may drain more than the city's do.
    idle = np.maximum(1 - sum_places(drain) / most, 0) if most > 0 else np.ones(len(drain))
    steady = state.flow_hours >= number("refilling.wait_hours")
    waiting = np.where(steady, state.drained, 0.0)
    by_crews = number("refilling.buildings_per_hour") * dt * idle
    by_water = number("refilling.water_m3_per_hour") * dt
    asked_m3 = sum_places(waiting * corridor.litres / 1000)
    share = np.minimum(_share(by_crews, sum_places(waiting)), _share(by_water, asked_m3))
    mend, thaw = _repairs(corridor, state, steady)
    return _Crews(drain, waiting * share[:, None], mend, thaw)


def _repairs(corridor: Corridor, state: State, steady: Bools) -> tuple[Floats, Floats]:
    """Return circuits mended and thawed in a step, each (samples, groups).

    All hands have work while many wait; the last ones take as long as one repair does.
    """
    number, dt = corridor.case.settings.number, corridor.case.network.step_hours
    work = number("repairs.frozen_work")
    done, thawed = (1 - np.exp(-dt / (number("repairs.hours") * k)) for k in (1.0, work))
    hands = number("repairs.buildings_per_day") * dt / 24
    share = np.minimum(_share(hands, sum_places(state.damaged)), done)
    mend = state.damaged * share[:, None]
    left = (hands - sum_places(mend)) / work
    thawable = np.where(steady, state.frozen, 0.0)
    share = np.minimum(_share(left, sum_places(thawable)), thawed)
    return mend, thawable * share[:, None]


def _share(most: Floats | float, asked: Floats) -> Floats:
    """Return the part of what is asked for that there is enough of, 0 to 1."""
    return np.clip(most / np.maximum(asked, 1e-9), 0.0, 1.0)


@compiled
def _turn(
    kept: Floats,
    returning: Floats,
    draining: Floats,
    drained: Floats,
    refilling: Floats,
    damaged: Floats,
    frozen: Floats,
    plugged: Bools,
    leak: Floats,
    opens: Floats,
    warm: Bools,
    drain: Floats,
    refill: Floats,
    mend: Floats,
    thaw: Floats,
    drained_share: float,
    filled_share: float,
    moved: Floats,
) -> bool:
    """Move buildings between the states, in place; ``moved[s, g]`` counts them by `_MOVES`.

    Returns whether any has changed its cohort.
    """
    samples, groups = kept.shape
    changed = False
    for s in range(samples):
        leaks = leak[min(s, len(leak) - 1)]
        for g in range(groups):
            again = returning[s, g] if warm[s, g] else 0.0
            back = _finished(refilling[s, g], filled_share)
            emptied = _finished(draining[s, g], drained_share)
            if plugged[s, g]:
                lost_kept, lost_returning = kept[s, g], returning[s, g]
                again = back = 0.0
                frozen[s, g] += lost_kept + lost_returning + draining[s, g] - emptied
                draining[s, g] = emptied
            else:
                # Water either stands still and is drained, or moves and may leak.
                part = drain[s, g] / max(kept[s, g] + returning[s, g], 1e-300) + opens[s, g]
                lost_kept, lost_returning = kept[s, g] * part, returning[s, g] * part
                again = min(again, returning[s, g] - lost_returning)
                draining[s, g] += drain[s, g]
                damaged[s, g] += lost_kept + lost_returning - drain[s, g]
            sound = back * (1.0 - leaks[g])
            filling = min(refill[s, g], drained[s, g])
            whole, warmed_up = min(mend[s, g], damaged[s, g]), min(thaw[s, g], frozen[s, g])
            kept[s, g] = _count(kept[s, g] + again - lost_kept)
            returning[s, g] = _count(returning[s, g] + sound - again - lost_returning)
            draining[s, g] = _count(draining[s, g] - emptied)
            drained[s, g] = _count(drained[s, g] + emptied - filling)
            refilling[s, g] = _count(refilling[s, g] + filling + whole + warmed_up - back)
            damaged[s, g] = _count(damaged[s, g] + back - sound - whole)
            frozen[s, g] = _count(frozen[s, g] - warmed_up)
            moved[s, g, 0], moved[s, g, 1] = again, lost_kept
            moved[s, g, 2], moved[s, g, 3] = lost_returning, sound
            changed |= (again > 0.0) | (lost_kept > 0.0) | (lost_returning > 0.0) | (sound > 0.0)
    return changed


@inlined
def _count(buildings: float) -> float:
    """Leave out what rounding leaves of a building that is gone."""
    return buildings if buildings > 1e-9 else 0.0


@inlined
def _finished(at_work: float, share: float) -> float:
    """Return buildings that crews leave in this step; at the last of them they stay to the end."""
    return at_work if at_work < _LAST else at_work * share


def _mixed(corridor: Corridor, mass_degc: Floats, counts: Floats, moved: Floats) -> Floats:
    """Return the mass temperatures of cohorts after buildings moved between them.

    Parameters
    ----------
    mass_degc
        Shape (3, samples, cohorts, homes).
    counts
        Shape (samples, cohorts, groups): buildings before.
    moved
        Shape (samples, groups, moves), by `_MOVES`.
    """
    mixed = mass_degc.copy()
    _mix(corridor.homes.first, corridor.homes.group, mass_degc, counts, moved, mixed)
    return mixed


@compiled
def _mix(
    first: Ints, group: Ints, mass: Floats, counts: Floats, moved: Floats, mixed: Floats
) -> None:
    bands, samples, cohorts, homes = mass.shape
    for s in range(samples):
        for g in range(first.size):
            for to in range(cohorts):
                stay, arrived = counts[s, to, g], 0.0
                for k in range(len(_MOVES)):
                    stay -= moved[s, g, k] if _MOVES[k][0] == to else 0.0
                    arrived += moved[s, g, k] if _MOVES[k][1] == to else 0.0
                if arrived <= 0.0:
                    continue
                stay = max(stay, 0.0)
                h = first[g]
                while h < homes and group[h] == g:
                    for b in range(bands):
                        heat = stay * mass[b, s, to, h]
                        for k in range(len(_MOVES)):
                            if _MOVES[k][1] == to:
                                heat += moved[s, g, k] * mass[b, s, _MOVES[k][0], h]
                        mixed[b, s, to, h] = heat / (stay + arrived)
                    h += 1
