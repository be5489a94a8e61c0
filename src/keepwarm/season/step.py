"""One step: needs, dispatch, who takes the heat, what it does to homes and pipes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Bools, Floats
from keepwarm.errors import SolveError
from keepwarm.network import Bounds, Dispatch, next_level, read_dispatch, step_bounds
from keepwarm.season.circuits import CENTRAL, step_circuits
from keepwarm.season.corridor import COMFORT, SAFE, Corridor
from keepwarm.season.heating import (
    HeatNeed,
    Sky,
    circuit_degc,
    gains,
    heat_need,
    heaters_on,
    need_by_bus,
    shared_heat,
    sky_of,
)
from keepwarm.season.plants import dead_buses, next_restart, standing
from keepwarm.season.state import State, share_served
from keepwarm.solve.highs import HighsSolver, Solution
from keepwarm.warmth.pipes import PipeStep, circulate, stand_still, step_zone
from keepwarm.warmth.rooms import RoomStep, relax


@dataclass(frozen=True)
class Solved:
    """The linear program that a step ended with, and what came out."""

    bounds: Bounds
    solution: Solution
    dispatch: Dispatch
    need_mw: Floats  # (needs,)
    available: Floats  # (assets,), restarts included


@dataclass(frozen=True)
class Step:
    """All that one step decided."""

    solved: Solved
    heat: HeatNeed
    heat_share: Floats  # (groups,) of the full need
    power_share: Floats  # (groups,)
    running: Bools  # (groups,)
    not_asked_mw: Floats  # (groups,) need of buildings that could not take heat
    rooms: RoomStep
    pipes: PipeStep
    state: State


def take_step(
    corridor: Corridor, solver: HighsSolver, hour: int, available: Floats, state: State
) -> Step:
    """Carry the whole corridor over one step.

    Parameters
    ----------
    hour
        Row of the case's series.
    available
        Shape (assets,): what damage leaves, 0 to 1.
    state
        At the start of the step.

    Returns
    -------
    Step
        With the state at its end.

    Raises
    ------
    SolveError
        When the linear program has no optimum: it always has one unless an input is not a number.
    """
    sky, dt = sky_of(corridor, hour), corridor.case.network.step_hours
    # People feel the mass of their home: the air of an instant does not make them plug in.
    heaters = heaters_on(corridor, state.mass_degc[CENTRAL])
    gas = _gas_of_groups(corridor, state)
    expected = gains(
        corridor,
        heaters=heaters,
        power_share=_power_of_groups(corridor, state.power_shed_share),
        gas_share=gas,
    )
    heat = heat_need(corridor, state, sky, expected, dt)
    solved, accepting = _dispatch(
        corridor, solver, hour, standing(available, state), state, heat, heaters
    )
    need, shed = solved.need_mw, solved.dispatch.shed_mw
    heat_share = shared_heat(corridor, heat, accepting, need_mw=need, shed_mw=shed)
    power_shed = _power_shed_share(corridor, need, shed)
    power_share = _power_of_groups(corridor, power_shed)
    open_bus = _heat_open(corridor, need, shed)
    bus = corridor.case.buildings.heat_bus
    still_below = corridor.case.settings.number("circuit.still_below_share")
    running = (bus < 0) | (open_bus[np.maximum(bus, 0)] & (accepting >= still_below))
    gain = gains(corridor, heaters=heaters, power_share=power_share, gas_share=gas)
    room = relax(
        corridor.rooms,
        state.mass_degc,
        outdoor_degc=sky.outdoor_degc,
        wind_m_per_s=sky.wind_m_per_s,
        gain_w_per_m2=gain,
        heat_w_per_m2=heat.comfort_w_per_m2 * heat_share,
        hours=dt,
    )
    zone, pipe = _pipes(corridor, state, sky, room, running, dt)
    circuits = step_circuits(
        corridor,
        state,
        sky,
        running=running,
        filled=np.where(running, heat.filling, 0.0),
        plugged=np.isfinite(pipe.hours_to_plug[CENTRAL]).any(axis=-1),
        zone_degc=zone,
        dt=dt,
    )
    after = State(
        level_mwh=next_level(
            corridor.template, hour=hour, level_mwh=state.level_mwh, dispatch=solved.dispatch
        ),
        mass_degc=room.mass_degc,
        zone_degc=zone,
        water_degc=pipe.water_degc,
        frost_k_h=pipe.frost_k_h,
        drained=circuits.drained,
        frozen=circuits.frozen,
        stopped_hours=circuits.stopped_hours,
        heat_open=open_bus,
        restart_hours=_restarts(corridor, state, available, solved),
        power_shed_share=power_shed,
        gas_share=_gas_share(corridor, need, shed),
    )
    not_asked = heat.full_mw * (1 - heat.asking * accepting)
    return Step(solved, heat, heat_share, power_share, running, not_asked, room, pipe, after)


def _dispatch(
    corridor: Corridor,
    solver: HighsSolver,
    hour: int,
    available: Floats,
    state: State,
    heat: HeatNeed,
    heaters: Floats,
) -> tuple[Solved, Floats]:
    """Dispatch, and once more when feeders that are cut take heat with them or come back hungry.

    Returns the final program and the share of each group whose substation runs.
    """
    buildings, number = corridor.case.buildings, corridor.case.settings.number
    base = corridor.base_need_mw[hour].copy()
    heater_mw = heaters * buildings.people * number("gains.heater_w_per_person") * 1e-6
    keep = corridor.power_need >= 0
    np.add.at(base, corridor.power_need[keep], heater_mw[keep])
    accepting = np.ones(corridor.groups)
    need = base + need_by_bus(corridor, heat, accepting)
    solved = _solve(corridor, solver, hour, need, available, state)
    shed_share = _power_shed_share(corridor, need, solved.dispatch.shed_mw)
    accepting = np.where(corridor.depends_on_feeder, _power_of_groups(corridor, shed_share), 1.0)
    pickup = _pickup(corridor, base, state.power_shed_share - shed_share)
    if np.any(accepting < 1 - 1e-9) or np.any(pickup > 1e-9):
        need = base + pickup + need_by_bus(corridor, heat, accepting)
        solved = _solve(corridor, solver, hour, need, available, state)
    return solved, accepting


def _solve(
    corridor: Corridor,
    solver: HighsSolver,
    hour: int,
    need: Floats,
    available: Floats,
    state: State,
) -> Solved:
    template = corridor.template
    bounds = step_bounds(
        template, hour=hour, need_mw=need, available=available, level_mwh=state.level_mwh
    )
    solution = solver.solve(bounds.lower, bounds.upper, bounds.rhs)
    if not solution.optimal:
        time = corridor.case.network.snapshots[hour]
        raise SolveError(f"step {time}: HiGHS ended with '{solution.status}'")
    dispatch = read_dispatch(template, solution.x, solution.row_dual)
    return Solved(bounds, solution, dispatch, need, available)


def _restarts(corridor: Corridor, state: State, available: Floats, solved: Solved) -> Floats:
    if not corridor.case.network.assets.restart_hours.any():
        return state.restart_hours
    dead = dead_buses(corridor.template, solved.solution.x)
    return next_restart(corridor.template, state, available, solved.dispatch, dead)


def _pickup(corridor: Corridor, base: Floats, returned: Floats) -> Floats:
    """Extra need of feeders that come back in this step (cold-load pickup), (needs,)."""
    number, dt = corridor.case.settings.number, corridor.case.network.step_hours
    surge = (number("pickup.factor") - 1) * min(1.0, number("pickup.hours") / dt)
    extra = np.zeros_like(base)
    bus = np.flatnonzero(corridor.bus_power_need >= 0)
    which = corridor.bus_power_need[bus]
    extra[which] = base[which] * np.maximum(returned[bus], 0.0) * surge
    return extra


def _power_shed_share(corridor: Corridor, need: Floats, shed: Floats) -> Floats:
    """Share of household power shed at each bus, (buses,)."""
    which = corridor.bus_power_need
    served = share_served(shed[which], need[which])
    return np.where(which >= 0, 1 - served, 0.0)


def _power_of_groups(corridor: Corridor, shed_share: Floats) -> Floats:
    bus = corridor.case.buildings.power_bus
    return np.where(bus >= 0, 1 - shed_share[np.maximum(bus, 0)], 1.0)


def _gas_share(corridor: Corridor, need: Floats, shed: Floats) -> Floats:
    which = corridor.gas_need
    if not need.size:
        return np.zeros(which.shape)
    return np.where(which >= 0, share_served(shed[which], need[which]), 0.0)


def _gas_of_groups(corridor: Corridor, state: State) -> Floats:
    region = corridor.case.buildings.region
    return state.gas_share[region] if state.gas_share.size else np.zeros(corridor.groups)


def _heat_open(corridor: Corridor, need: Floats, shed: Floats) -> Bools:
    """Mark heat buses that got enough of their groups' need for the water to be kept moving."""
    needs, buses = corridor.template.needs, len(corridor.case.network.buses)
    heat = np.isin(needs.tier, (SAFE, COMFORT))
    wanted, lost = (
        np.bincount(needs.bus[heat], weights=values[heat], minlength=buses).astype(np.float64)
        for values in (need, shed)
    )
    share = share_served(lost, wanted)
    return share >= corridor.case.settings.number("circuit.still_below_share")


def _pipes(
    corridor: Corridor, state: State, sky: Sky, room: RoomStep, running: Bools, dt: float
) -> tuple[Floats, PipeStep]:
    """Carry zone air and standing pipes over the step; running water is as the curve says."""
    indoor = (room.operative_start_degc + room.operative_end_degc) / 2
    zone = step_zone(
        corridor.pipes,
        state.zone_degc,
        indoor_degc=indoor,
        outdoor_degc=sky.outdoor_degc,
        hours=dt,
    )
    still = stand_still(corridor.pipes, state.water_degc, state.frost_k_h, zone.mean_degc, dt)
    supply, back = circuit_degc(corridor, sky)
    water, frost = circulate(
        still.water_degc, still.frost_k_h, flowing=running, supply_degc=(supply + back) / 2
    )
    keep = ~running[:, None]
    return zone.air_degc, PipeStep(
        water_degc=water,
        frost_k_h=frost,
        hours_to_zero=np.where(keep, still.hours_to_zero, np.nan),
        hours_to_plug=np.where(keep, still.hours_to_plug, np.nan),
    )
