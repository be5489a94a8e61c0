"""One step: needs, dispatch, who takes the heat, what it does to homes and pipes.

One sample or many: every array has an axis of samples, after that of the band where there is one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.network import next_level
from keepwarm.season.circuits import step_circuits
from keepwarm.season.corridor import Corridor
from keepwarm.season.dispatching import (
    Solved,
    dispatch_step,
    power_of_groups,
    power_shed_share,
)
from keepwarm.season.heating import (
    CENTRAL,
    HeatNeed,
    SharedHeat,
    Sky,
    circuit_degc,
    gains,
    heat_need,
    heaters_on,
    shared_heat,
    sky_of,
)
from keepwarm.season.plants import dead_buses, next_restart, short_buses, standing
from keepwarm.season.state import State, share_served
from keepwarm.season.steering import Steer, planned_shares, steered_heat
from keepwarm.solve.solution import Solver
from keepwarm.warmth.pipes import Pipes, PipeStep, circulate, stand_still, step_zone
from keepwarm.warmth.rooms import RoomStep, relax


@dataclass(frozen=True)
class Step:
    """All that one step decided."""

    solved: Solved
    heat: HeatNeed
    heat_share: Floats  # (samples, groups) of the full need
    power_share: Floats  # (samples, groups)
    flows: Bools  # (samples, groups): water flows in full buildings, or would in drained ones
    running: Bools  # (samples, groups): water flows in at least some of its buildings
    not_asked_mw: Floats  # (samples, groups) need of buildings that could not take heat
    frozen_before: Floats  # (samples, groups) buildings frozen at the step's start
    rooms: RoomStep  # (3, samples, groups)
    pipes: PipeStep  # (3, samples, groups, zones)
    gain_w_per_m2: Floats  # (samples, groups)
    state: State


def take_step(
    corridor: Corridor,
    solver: Solver,
    which: Ints,
    hour: int,
    available: Floats,
    state: State,
    steer: Steer | None = None,
) -> Step:
    """Carry the whole corridor over one step.

    Parameters
    ----------
    which
        Shape (samples,): the solver's numbers for the samples.
    hour
        Row of the case's series.
    available
        Shape (samples, assets): what damage leaves, 0 to 1.
    state
        At the start of the step, with an axis of samples.
    steer
        What a plan tells stores and groups; they follow prices and set-points without one.

    Returns
    -------
    Step
        With the state at its end. The linear program has an optimum unless an input is not a
        number; where it has none, ``solved.optimal`` says so and the sample's rows mean nothing.
    """
    sky, dt = sky_of(corridor, hour), corridor.case.network.step_hours
    # People feel the mass of their home: the air of an instant does not make them plug in.
    heaters = heaters_on(corridor, state.mass_degc[CENTRAL])
    before = power_of_groups(corridor, state.power_shed_share)
    heat = heat_need(corridor, state, sky, _gain(corridor, state, heaters, before), dt)
    if steer is not None:
        heat = steered_heat(corridor, heat, steer)
    ready = standing(available, state)
    solved = dispatch_step(corridor, solver, which, hour, ready, state, heat, heaters, steer)
    need, shed = solved.need_mw, solved.dispatch.shed_mw
    share = shared_heat if steer is None else planned_shares
    shared = share(corridor, heat, solved.accepting, need_mw=need, shed_mw=shed)
    power_share = power_of_groups(corridor, power_shed_share(corridor, need, shed))
    flows = _flows(corridor, state, solved, shared)
    running = flows & (heat.asking > 1e-9)
    gain = _gain(corridor, state, heaters, power_share)
    room = relax(
        corridor.rooms,
        state.mass_degc,
        outdoor_degc=sky.outdoor_degc,
        wind_m_per_s=sky.wind_m_per_s,
        gain_w_per_m2=gain,
        heat_w_per_m2=heat.comfort_w_per_m2 * shared.of_full,
        hours=dt,
    )
    zone, pipe = _pipes(corridor, state, sky, room, np.where(flows, shared.of_asked, 0.0))
    circuits = step_circuits(
        corridor,
        state,
        sky,
        flows=flows,
        running=running,
        filled=np.where(running, heat.filling, 0.0),
        pipes=pipe,
        zone_degc=zone,
        dt=dt,
    )
    carried = _carried(corridor, state, hour, available, solved)
    after = replace(
        carried,
        mass_degc=room.mass_degc,
        zone_degc=zone,
        water_degc=pipe.water_degc,
        frost_k_h=pipe.frost_k_h,
        drained=circuits.drained,
        frozen=circuits.frozen,
        stopped_hours=circuits.stopped_hours,
        flow_hours=np.where(flows, state.flow_hours + dt, 0.0),
    )
    on_bus = corridor.case.buildings.heat_bus >= 0
    asked = heat.asking * solved.accepting * heat.granted
    not_asked = np.where(on_bus, heat.full_mw * (1 - asked), 0.0)
    return Step(
        solved=solved,
        heat=heat,
        heat_share=shared.of_full,
        power_share=power_share,
        flows=flows,
        running=running,
        not_asked_mw=not_asked,
        frozen_before=state.frozen,
        rooms=room,
        pipes=pipe,
        gain_w_per_m2=gain,
        state=after,
    )


def _carried(
    corridor: Corridor, state: State, hour: int, available: Floats, solved: Solved
) -> State:
    """Return the state with what the network carries over: levels, restarts, shares served."""
    template, dispatch = corridor.template, solved.dispatch
    return replace(
        state,
        level_mwh=next_level(template, hour=hour, level_mwh=state.level_mwh, dispatch=dispatch),
        restart_hours=_restarts(corridor, state, available, solved),
        power_shed_share=power_shed_share(corridor, solved.need_mw, dispatch.shed_mw),
        gas_share=_gas_share(corridor, solved.need_mw, dispatch.shed_mw),
    )


def _gain(corridor: Corridor, state: State, heaters: Floats, power_share: Floats) -> Floats:
    """Heat gains of the groups, W/m2, with the gas of the last step."""
    region = corridor.case.buildings.region
    known = len(corridor.case.regions) > 0
    gas = state.gas_share.take(region, axis=-1) if known else np.zeros_like(heaters)
    return gains(corridor, heaters=heaters, power_share=power_share, gas_share=gas)


def _gas_share(corridor: Corridor, need: Floats, shed: Floats) -> Floats:
    which = corridor.gas_need
    if not len(corridor.template.needs):
        return np.zeros((len(need), which.size))
    served = share_served(shed.take(which, axis=-1), need.take(which, axis=-1))
    return np.where(which >= 0, served, 0.0)


def _flows(corridor: Corridor, state: State, solved: Solved, shared: SharedHeat) -> Bools:
    """Mark groups whose water flows, or would were they not drained; never where all froze."""
    buildings = corridor.case.buildings
    least = corridor.case.settings.number("circuit.still_below_share")
    enough = shared.of_asked >= least
    flows = enough & (solved.accepting >= least) & (state.frozen < buildings.buildings)
    return np.asarray(flows | (buildings.heat_bus < 0))


def _restarts(corridor: Corridor, state: State, available: Floats, solved: Solved) -> Floats:
    template, plants = corridor.template, corridor.plants
    if not plants.any:
        return state.restart_hours
    return next_restart(
        plants,
        state,
        available,
        link_mw=solved.dispatch.link_mw,
        short=short_buses(template, solved.dispatch),
        dead=dead_buses(template, plants, solved.solution.x),
    )


def _pipes(
    corridor: Corridor, state: State, sky: Sky, room: RoomStep, flowing: Floats
) -> tuple[Floats, PipeStep]:
    """Carry zone air and pipes over the step.

    ``flowing`` is the share of the asked heat that flowing water brings, 0 where it stands still.
    Less heat means cooler water: radiators give in proportion to the excess of the water over the
    room to the power 1/0.8, so the excess falls with the share to the power 0.8.
    """
    dt = corridor.case.network.step_hours
    indoor = (room.operative_start_degc + room.operative_end_degc) / 2
    zone = step_zone(
        corridor.pipes,
        state.zone_degc,
        indoor_degc=indoor,
        outdoor_degc=sky.outdoor_degc,
        hours=dt,
    )
    supply, back = circuit_degc(corridor, sky)
    room_degc = np.maximum(indoor, 0.0)
    mean = room_degc + np.maximum((supply + back) / 2 - room_degc, 0.0) * flowing**0.8
    moves = flowing > 0
    water, frost = circulate(state.water_degc, state.frost_k_h, flowing=moves, supply_degc=mean)
    pipe = PipeStep(water, frost, np.full_like(water, np.nan), np.full_like(water, np.nan))
    return zone.air_degc, _stand_where(corridor, pipe, ~moves, zone.mean_degc, dt)


def _stand_where(
    corridor: Corridor, pipe: PipeStep, still: Bools, air_degc: Floats, dt: float
) -> PipeStep:
    """Carry standing water over the step; only there, since it is dear and mostly water flows.

    ``pipe`` holds the start of the step where water is still, (samples, groups); it is filled in.
    """
    sample, group = np.nonzero(still)
    if not sample.size:
        return pipe
    flat = np.flatnonzero(still)
    water, frost, air = (
        array.reshape(len(array), -1, array.shape[-1]).take(flat, axis=1)
        for array in (pipe.water_degc, pipe.frost_k_h, air_degc)
    )
    tables = {name: table[:, 0].take(group, axis=1) for name, table in vars(corridor.pipes).items()}
    stood = stand_still(Pipes(**tables), water, frost, air, dt)
    for name, array in vars(stood).items():
        getattr(pipe, name)[:, sample, group] = array
    return pipe
