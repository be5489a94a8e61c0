"""What a stop that was observed has done to homes and pipes before a run begins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from keepwarm.case.nouns import Bools, Floats
from keepwarm.season.corridor import Corridor
from keepwarm.season.heating import gains
from keepwarm.season.sky import sky_of
from keepwarm.season.state import State
from keepwarm.warmth.pipes import move_pipes
from keepwarm.warmth.rooms import relax


def cooled_since(corridor: Corridor, hour: int, state: State, stopped_hours: Floats) -> State:
    """Return a state whose stopped groups have cooled since their stop.

    Parameters
    ----------
    hour
        Row of the case's series at which the run begins.
    state
        Of one sample, in balance.
    stopped_hours
        Shape (groups,): hours since circulation stopped, NaN or 0 where it did not.

    **Leaves out**: power that was cut meanwhile, and electric heaters; weather before the case's
    first snapshot is taken to be that of the first.
    """
    dt, since = corridor.case.network.step_hours, np.nan_to_num(stopped_hours)
    steps = int(np.ceil(since.max(initial=0.0) / dt))
    for back in range(steps, 0, -1):
        state = _cooled_step(corridor, max(hour - back, 0), state, since > (back - 1) * dt)
    return state


def _cooled_step(corridor: Corridor, hour: int, state: State, still: Bools) -> State:
    """Carry groups whose water stands still over a step; the others stay as they are."""
    sky, homes, dt = sky_of(corridor, hour), corridor.homes, corridor.case.network.step_hours
    everyone = np.ones(corridor.groups)
    gas = np.where(corridor.gas_need >= 0, 1.0, 0.0)[corridor.case.buildings.region]
    gain = gains(corridor, heaters=0 * everyone, power_share=everyone, gas_share=gas)
    step = relax(
        corridor.rooms,
        state.mass_degc[:, 0],
        outdoor_degc=sky.outdoor_degc[0, homes.group],
        wind_m_per_s=sky.wind_m_per_s[0, homes.group],
        gain_w_per_m2=gain[homes.group],
        heat_w_per_m2=0.0,
        hours=dt,
    )
    indoor = homes.mean(step.operative_start_degc + step.operative_end_degc) / 2
    pipes = move_pipes(
        corridor.pipes,
        state.zone_degc[:, None],
        state.water_degc[:, None],
        state.frost_k_h[:, None],
        indoor_degc=indoor[:, None],
        outdoor_degc=sky.outdoor_degc,
        flow=np.where(still, 0.0, 1.0)[None],
        supply_degc=np.maximum(indoor, 50.0)[:, None],
        hours=dt,
    )
    cold = still[:, None]
    return replace(
        state,
        mass_degc=np.where(still[homes.group], step.mass_degc[:, None], state.mass_degc),
        zone_degc=np.where(cold, pipes.air_degc[:, 0], state.zone_degc),
        water_degc=np.where(cold, pipes.water_degc[:, 0], state.water_degc),
        frost_k_h=np.where(cold, pipes.frost_k_h[:, 0], state.frost_k_h),
    )
