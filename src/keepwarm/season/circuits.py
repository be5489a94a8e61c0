"""Building circuits as counts per group: kept, drained, filled again, leaking, frozen.

Where the water of a group flows, its connected buildings are supplied; where it stands still they
are stopped, and crews may drain them. Drained circuits are filled again once heat is steady; some
leak then, more of them the harder the frost, and wait for those who mend them: as many at a time
as there are hands for, each for as long as a repair takes. Circuits leak too when water comes back
to a pipe with ice in it, and a few while it runs. A circuit whose weakest pipe plugs before it is
empty is frozen, and takes the same people far longer.
"""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.season.circuit_steps import (
    MOVES,
    Circuits,
    Given,
    Work,
    count_hours,
    mark_busy,
    turn_circuits,
)
from keepwarm.season.corridor import Corridor
from keepwarm.season.draining import begin_draining
from keepwarm.season.heating import CENTRAL
from keepwarm.season.orders import StepOrders
from keepwarm.season.sky import Sky
from keepwarm.season.state import COUNTS, KEPT, RETURNING, State, renewed
from keepwarm.warmth.pipes import CIRCUIT, PipeStep
from keepwarm.warmth.room_steps import Moved


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
    dt = corridor.case.network.step_hours
    hours = np.empty((2, *flows.shape))
    stopped, restarted = count_hours(flows, state.stopped_hours, state.flow_hours, dt, *hours)
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
    busy = np.empty(len(flows), dtype=np.bool_)
    if not mark_busy(state.lived_in, drain, opens, plugged, busy):
        return now  # no crew has anything to do
    counts = {name: getattr(state, name).copy() for name in COUNTS}
    some, mass = state.returning > 0, rooms.mass_degc.copy()
    given = Given(
        state.flow_hours,
        drain,
        opens,
        plugged,
        rooms.end_of_groups(KEPT, some),
        rooms.end_of_groups(RETURNING, some),
        sky.outdoor_degc,
    )
    turn_circuits(
        _work(corridor),
        Circuits(**counts),
        given,
        busy,
        corridor.homes.first,
        corridor.homes.group,
        mass,
        np.empty(len(MOVES)),
    )
    return renewed(now, {**counts, "mass_degc": mass})


#: Frost outdoors in which empty pipes leak as those with a plug of ice do, K.
_FROST_K = 10.0


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


def _work(corridor: Corridor) -> Work:
    """Return what all crews together can do in a step.

    Pipes that stood empty in frost are filled cold: water freezes in them, joints have shrunk.
    """
    number, dt = corridor.case.settings.number, corridor.case.network.step_hours
    work = number("repairs.frozen_work")
    mended, thawed = (1 - np.exp(-dt / (number("repairs.hours") * k)) for k in (1.0, work))
    return Work(
        drain=number("draining.buildings_per_hour") * dt,
        refill=number("refilling.buildings_per_hour") * dt,
        water_m3=number("refilling.water_m3_per_hour") * dt,
        steady_hours=number("refilling.wait_hours"),
        hands=number("repairs.buildings_per_day") * dt / 24,
        frozen_work=work,
        mended=float(mended),
        thawed=float(thawed),
        emptied=min(1.0, dt / number("draining.hours")),
        filled=min(1.0, dt / number("refilling.hours")),
        warm_degc=number("circuit.warm_degc"),
        leak=number("restart.leak_share"),
        frost_leak=number("restart.frost_leak_share") / _FROST_K,
        litres=corridor.litres,
    )
