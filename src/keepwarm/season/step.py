"""One step: needs, dispatch, who takes the heat, what it does to homes and pipes.

One sample or many: every array has an axis of samples, after that of the band where there is one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled
from keepwarm.network.bound_steps import levels_after, sources
from keepwarm.season.circuits import step_circuits
from keepwarm.season.corridor import Corridor
from keepwarm.season.dispatching import dispatch_step
from keepwarm.season.heating import (
    HeatNeed,
    gains_of_cohorts,
    heat_need,
    heaters_on,
)
from keepwarm.season.orders import StepOrders
from keepwarm.season.plants import next_restart, standing
from keepwarm.season.sharing import shared_heat
from keepwarm.season.sharing_steps import Shares
from keepwarm.season.sky import Sky, sky_of
from keepwarm.season.solved import Solved, gas_share, power_of_groups, power_shed_share
from keepwarm.season.state import CLOSED, State, renewed
from keepwarm.season.steering import Steer, planned_shares, steered_heat
from keepwarm.solve.solution import Solver
from keepwarm.warmth.fabric import Responses, respond
from keepwarm.warmth.pipes import CIRCUIT, PipeStep, move_pipes
from keepwarm.warmth.room_steps import Moved, move_rooms


@dataclass(frozen=True)
class Step:
    """All that one step decided."""

    solved: Solved
    heat: HeatNeed
    heat_share: Floats  # (samples, groups) of the full need
    power_share: Floats  # (samples, groups)
    flows: Bools  # (samples, groups): water flows in full buildings, or would in drained ones
    running: Bools  # (samples, groups): heat comes to at least some of its buildings
    not_asked_mw: Floats  # (samples, groups) need of buildings that could not take heat
    before: State
    response: Responses
    rooms: Moved  # (3, samples, cohorts, homes)
    pipes: PipeStep  # (3, samples, groups, places)
    gain_w_per_m2: Floats  # (samples, cohorts, groups)
    state: State


def take_step(
    corridor: Corridor,
    solver: Solver,
    which: Ints,
    hour: int,
    available: Floats,
    state: State,
    steer: Steer | None = None,
    orders: StepOrders | None = None,
    *,
    sky: Sky | None = None,
    last: Step | None = None,
    timed: bool = True,
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
        What a lookahead tells stores and groups; they follow prices and set-points without one.
    orders
        What a plan tells: who is cut, whose substation has a generator, who is drained.
    sky
        Weather of the samples' own; the case's without it.
    last
        The step before, of the same samples: what their homes do is taken from it, and changed in
        place, where wind has not changed. Nobody may ask it for anything any more.
    timed
        Whether anybody asks when pipes came to 0 degC, plugged and burst.

    Returns
    -------
    Step
        With the state at its end. The linear program has an optimum unless an input is not a
        number; where it has none, ``solved.optimal`` says so and the sample's rows mean nothing.
    """
    sky = sky_of(corridor, hour) if sky is None else sky
    homes = _response(corridor, sky, len(which), None if last is None else last.response)
    heaters, plugged_in = heaters_on(corridor, state)
    before = power_of_groups(corridor, state.power_shed_share)
    by = {"heaters": heaters, "gas_share": state.gas_share}
    gain = gains_of_cohorts(corridor, power_share=before, **by)
    heat = heat_need(corridor, state, sky, homes, gain)
    if steer is not None:
        heat = steered_heat(corridor, heat, steer)
    ready = standing(available, state)
    solved = dispatch_step(
        corridor, solver, which, hour, ready, state, heat, plugged_in, steer, orders
    )
    need, shed = solved.need_mw, solved.shed_mw
    share = shared_heat if steer is None else planned_shares
    shared = share(corridor, heat, solved.accepting, need_mw=need, shed_mw=shed)
    power_shed = power_shed_share(corridor, need, shed)
    power_share = power_of_groups(corridor, power_shed)
    fed, flows = _flows(corridor, solved, shared)
    gain = gains_of_cohorts(corridor, power_share=power_share, **by)
    warm = np.repeat(shared.of_connected[:, None], gain.shape[1], axis=1)
    warm[:, CLOSED] = np.where(corridor.case.buildings.heat_bus >= 0, 0.0, 1.0)
    rooms = move_rooms(
        corridor.homes,
        homes,
        state.mass_degc,
        lived_in=state.lived_in,
        weight=state.circuit_weight,
        outdoor_degc=sky.outdoor_degc,
        gain_w_per_m2=gain,
        heat_w_per_m2=heat.comfort_w_per_m2,
        share=warm,
    )
    # Where there is no water, none may freeze.
    flowing = np.where(corridor.has_circuit, np.where(flows, shared.of_asked, 0.0), 1.0)
    pipe = _pipes(corridor, state, sky, rooms, flowing, timed=timed)
    after = step_circuits(
        corridor, state, sky, flows=flows, fed=fed, pipes=pipe, rooms=rooms, orders=orders
    )
    asked = (heat.safe_mw + heat.comfort_mw) * solved.accepting
    on_bus = corridor.case.buildings.heat_bus >= 0
    return Step(
        solved=solved,
        heat=heat,
        heat_share=shared.of_full,
        power_share=power_share,
        flows=flows,
        running=flows & _heated(corridor, shared) & (heat.asking > 1e-9),
        not_asked_mw=np.where(on_bus, np.maximum(heat.full_mw - asked, 0.0), 0.0),
        before=state,
        response=homes,
        rooms=rooms,
        pipes=pipe,
        gain_w_per_m2=gain,
        state=renewed(after, _carried(corridor, state, hour, available, solved, power_shed)),
    )


def _response(corridor: Corridor, sky: Sky, samples: int, last: Responses | None) -> Responses:
    """Return what homes do within the step."""
    region, dt = corridor.case.buildings.region, corridor.case.network.step_hours
    of_homes = region[corridor.homes.group]
    wind = sky.region_wind_m_per_s
    return respond(corridor.fabric, wind, of_homes, samples=samples, hours=dt, last=last)


def _carried(
    corridor: Corridor, state: State, hour: int, available: Floats, solved: Solved, shed: Floats
) -> dict[str, Floats]:
    """Return what the network carries over: levels, restarts, shares served."""
    x, price = solved.solution.x, solved.solution.row_dual
    level = np.empty(state.level_mwh.shape)
    levels_after(corridor.frame, sources(corridor.template, hour), state.level_mwh, x, level)
    return {
        "level_mwh": level,
        "restart_hours": next_restart(corridor.plants, state.restart_hours, available, x, price),
        "power_shed_share": shed,
        "gas_share": gas_share(corridor, solved.need_mw, solved.shed_mw),
    }


def _flows(corridor: Corridor, solved: Solved, shared: Shares) -> tuple[Bools, Bools]:
    """Mark groups that heat comes to, and those whose water flows, or would were they not drained.

    Both without those that have no water circuit; the second need power in their substation too.
    """
    least = corridor.case.settings.number("circuit.still_below_share")
    fed = _heated(corridor, shared) | ~corridor.has_circuit
    return fed, np.asarray(fed & ((solved.accepting >= least) | ~corridor.has_circuit))


def _heated(corridor: Corridor, shared: Shares) -> Bools:
    """Mark groups that get enough of what they ask for water to flow, (samples, groups)."""
    least = corridor.case.settings.number("circuit.still_below_share")
    return np.asarray(shared.of_asked >= least)


def _pipes(
    corridor: Corridor, state: State, sky: Sky, rooms: Moved, flowing: Floats, *, timed: bool
) -> PipeStep:
    """Carry the air around pipes and the water in them over the step.

    ``flowing`` is the share of the asked heat that flowing water brings, 0 where it stands still.
    Below ``circuit.slow_below_share`` the water moves more slowly. Less heat means cooler water:
    radiators give in proportion to the excess of the water over the room to the power 1/0.8, so the
    excess falls with the share to the power 0.8. The pipes of a group run where its connected
    buildings are, or its closed ones once there are no others: pipes that would be full count while
    water stands, and once it flows those that crews fill anew, without ice.
    """
    slow, shape = corridor.case.settings.number("circuit.slow_below_share"), flowing.shape
    supply, flow = np.empty(rooms.indoor_degc.shape), np.empty(shape)
    # All powers at once are several times as fast as one by one in a compiled loop.
    _supply(rooms.indoor_degc, sky.water_degc, flowing, flowing**0.8, slow, supply, flow)
    frost = state.frost_k_h
    if any(frost.strides) and state.lived_in[:, CLOSED].any():
        filled_anew = (flowing > 0) & (state.connected <= 0)
        sample, group = np.nonzero(filled_anew)
        if frost[:, sample, group, CIRCUIT].any():
            frost = np.copy(frost)
            frost[:, sample, group, CIRCUIT] = 0.0
    return move_pipes(
        corridor.fabric.pipes,
        state.zone_degc,
        state.water_degc,
        frost,
        indoor_degc=rooms.indoor_degc,
        outdoor_degc=sky.outdoor_degc,
        flow=flow,
        supply_degc=supply,
        hours=corridor.case.network.step_hours,
        kind=corridor.fabric.kind,
        row=corridor.fabric.rows(len(flow)),
        timed=timed,
    )


@compiled
def _supply(
    indoor: Floats,
    water: Floats,
    flowing: Floats,
    excess: Floats,
    slow: float,
    supply: Floats,
    flow: Floats,
) -> None:
    """Work out the water that runs begin with, (3, samples, groups), and how fast it moves."""
    bands, samples, groups = indoor.shape
    for s in range(samples):
        sky = min(s, len(water) - 1)
        for g in range(groups):
            flow[s, g] = min(flowing[s, g] / slow, 1.0)
            part = excess[s, g]
            for b in range(bands):
                room = max(indoor[b, s, g], 0.0)
                supply[b, s, g] = room + max(water[sky, g] - room, 0.0) * part
