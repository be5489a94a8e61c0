"""How a season starts: in balance with the weather, or as observed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from keepwarm.case.nouns import Case, Floats, Observation
from keepwarm.season.corridor import Corridor
from keepwarm.season.heating import circuit_degc, gains, sky_of
from keepwarm.season.state import State
from keepwarm.warmth.pipes import steady_zone
from keepwarm.warmth.rooms import relax, steady_mass


def balanced_start(corridor: Corridor, hour: int) -> State:
    """Return homes at the comfort set-point, zones in balance, circuits running, stores as given.

    Parameters
    ----------
    hour
        Row of the case's series at which the season starts.
    """
    case, n = corridor.case, corridor.groups
    network, comfort = case.network, case.settings.number("set_points.comfort_degc")
    sky = sky_of(corridor, hour)
    if n:
        everyone = np.ones(n)
        gain = gains(corridor, heaters=0 * everyone, power_share=everyone, gas_share=everyone)
        mass = steady_mass(
            corridor.rooms,
            outdoor_degc=sky.outdoor_degc,
            wind_m_per_s=sky.wind_m_per_s,
            gain_w_per_m2=gain,
            operative_degc=comfort,
        )
        indoor = np.full((3, n), comfort)
        zone = steady_zone(corridor.pipes, indoor_degc=indoor, outdoor_degc=sky.outdoor_degc)
        supply, back = circuit_degc(corridor, sky)
        water = np.broadcast_to(((supply + back) / 2)[:, None], zone.shape).copy()
    else:
        mass, zone, water = np.zeros((3, 0)), np.zeros((3, 0, 3)), np.zeros((3, 0, 3))
    return State(
        level_mwh=network.storages.e_initial_mwh.copy(),
        mass_degc=mass,
        zone_degc=zone,
        water_degc=water,
        frost_k_h=np.zeros_like(zone),
        drained=np.zeros(n),
        frozen=np.zeros(n),
        stopped_hours=np.zeros(n),
        heat_open=np.ones(len(network.buses), dtype=np.bool_),
        restart_hours=np.zeros(len(network.assets)),
        power_shed_share=np.zeros(len(network.buses)),
        gas_share=np.where(corridor.gas_need >= 0, 1.0, 0.0),
    )


def observed_start(corridor: Corridor, hour: int, state: State) -> tuple[State, Floats]:
    """Correct a state by what was observed; also return the availability observed, (assets,).

    Indoor and water temperatures replace those of all three bands; a group's mass is set so that
    its unheated operative temperature is the one observed.
    """
    case = corridor.case
    group = {name: g for g, name in enumerate(case.buildings.group)}
    asset = {name: a for a, name in enumerate(case.network.assets.name)}
    available = np.ones(len(asset))
    level, mass = state.level_mwh.copy(), state.mass_degc.copy()
    water, zone = state.water_degc.copy(), state.zone_degc.copy()
    counts = {"drained": state.drained.copy(), "frozen": state.frozen.copy()}
    stopped = state.stopped_hours.copy()
    for row in case.state:
        if row.quantity == "available":
            available[asset[row.subject]] = row.value
        elif row.quantity == "level_mwh":
            level[case.network.storages.name.index(row.subject)] = row.value
        elif row.quantity == "indoor_degc":
            g = group[row.subject]
            mass[:, g] = _mass_for(corridor, hour, g, row.value)
            outdoor = sky_of(corridor, hour).outdoor_degc[g]
            fraction = corridor.pipes.zone_fraction[:, g]
            zone[:, g] = outdoor + fraction * (row.value - outdoor)
        elif row.quantity == "water_degc":
            water[:, group[row.subject]] = row.value
            stopped[group[row.subject]] = case.network.step_hours
        else:
            counts[row.quantity][group[row.subject]] = row.value
    corrected = replace(
        state,
        level_mwh=level,
        mass_degc=mass,
        water_degc=water,
        zone_degc=zone,
        stopped_hours=stopped,
        drained=counts["drained"],
        frozen=counts["frozen"],
    )
    return corrected, available


def observed_time(case: Case) -> np.datetime64:
    """Return the time of the newest observation."""
    rows: tuple[Observation, ...] = case.state
    return max(row.time for row in rows)


def _mass_for(corridor: Corridor, hour: int, group: int, indoor_degc: float) -> Floats:
    """Mass temperature at which an unheated group's operative temperature is as observed."""
    sky = sky_of(corridor, hour)
    at = [
        relax(
            corridor.rooms,
            np.full((3, corridor.groups), mass),
            outdoor_degc=sky.outdoor_degc,
            wind_m_per_s=sky.wind_m_per_s,
            gain_w_per_m2=0.0,
            heat_w_per_m2=0.0,
            hours=0.0,
        ).operative_start_degc[:, group]
        for mass in (0.0, 1.0)
    ]
    return np.asarray((indoor_degc - at[0]) / (at[1] - at[0]))
