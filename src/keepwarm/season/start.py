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

#: Quantities that state.csv may hold about a building group.
GROUP_QUANTITIES = ("indoor_degc", "water_degc", "drained", "frozen")

#: Hours of steady heat behind a season that starts in balance: long enough for any crew.
STEADY_HOURS = 1000.0


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
        mass = _heated_mass(corridor, hour, comfort)
        zone = _steady_zone(corridor, hour, np.full(n, comfort))
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
        flow_hours=np.full(n, STEADY_HOURS),
        restart_hours=np.zeros(len(network.assets)),
        power_shed_share=np.zeros(len(network.buses)),
        gas_share=np.where(corridor.gas_need >= 0, 1.0, 0.0),
    )


def observed_start(corridor: Corridor, hour: int, state: State) -> tuple[State, Floats]:
    """Correct a state by what was observed; also return the availability observed, (assets,).

    Later rows replace earlier ones. An indoor temperature replaces that of all three bands: the
    mass is what a heated home of that temperature has, or an unheated one where the group was
    also observed with standing water, drained or frozen. Water temperature, drained and frozen
    buildings mean that circulation has stopped.
    """
    case = corridor.case
    place = {name: g for g, name in enumerate(case.buildings.group)}
    asset = {name: a for a, name in enumerate(case.network.assets.name)}
    available, n = np.ones(len(asset)), corridor.groups
    rows = sorted(case.state, key=lambda row: row.time)
    seen = {quantity: np.full(n, np.nan) for quantity in GROUP_QUANTITIES}
    level = state.level_mwh.copy()
    for row in rows:
        if row.quantity == "available":
            available[asset[row.subject]] = row.value
        elif row.quantity == "level_mwh":
            level[case.network.storages.name.index(row.subject)] = row.value
        else:
            seen[row.quantity][place[row.subject]] = row.value
    closed = np.nan_to_num(seen["drained"]) + np.nan_to_num(seen["frozen"])
    stopped = np.isfinite(seen["water_degc"]) | (closed > 0)
    indoor, known = seen["indoor_degc"], np.isfinite(seen["indoor_degc"])
    mass = np.where(
        stopped, _unheated_mass(corridor, hour, indoor), _heated_mass(corridor, hour, indoor)
    )
    zone = _steady_zone(corridor, hour, np.where(known, indoor, 0.0))
    water = np.broadcast_to(seen["water_degc"][:, None], state.water_degc.shape)
    corrected = replace(
        state,
        level_mwh=level,
        mass_degc=np.where(known, mass, state.mass_degc),
        zone_degc=np.where(known[:, None], zone, state.zone_degc),
        water_degc=np.where(np.isfinite(water), np.maximum(water, 0.0), state.water_degc),
        drained=np.nan_to_num(seen["drained"]),
        frozen=np.nan_to_num(seen["frozen"]),
        stopped_hours=np.where(stopped, case.network.step_hours, state.stopped_hours),
        flow_hours=np.where(stopped, 0.0, state.flow_hours),
    )
    return corrected, available


def observed_time(case: Case) -> np.datetime64:
    """Return the time of the newest observation."""
    rows: tuple[Observation, ...] = case.state
    return max(row.time for row in rows)


def _steady_zone(corridor: Corridor, hour: int, indoor_degc: Floats) -> Floats:
    """Zone air in balance with homes, (3, groups, zones); ``indoor_degc`` is (groups,)."""
    outdoor = sky_of(corridor, hour).outdoor_degc
    return steady_zone(corridor.pipes, indoor_degc=indoor_degc, outdoor_degc=outdoor)[:, 0]


def _heated_mass(corridor: Corridor, hour: int, indoor_degc: Floats | float) -> Floats:
    """Mass temperature of homes held at an operative temperature, (3, groups)."""
    everyone, sky = np.ones(corridor.groups), sky_of(corridor, hour)
    gas = np.where(corridor.gas_need >= 0, 1.0, 0.0)[corridor.case.buildings.region]
    mass = steady_mass(
        corridor.rooms,
        outdoor_degc=sky.outdoor_degc,
        wind_m_per_s=sky.wind_m_per_s,
        gain_w_per_m2=gains(corridor, heaters=0 * everyone, power_share=everyone, gas_share=gas),
        operative_degc=indoor_degc,
    )
    return mass[:, 0]


def _unheated_mass(corridor: Corridor, hour: int, indoor_degc: Floats) -> Floats:
    """Mass temperature at which unheated homes have an operative temperature, (3, groups)."""
    sky = sky_of(corridor, hour)
    at_zero, at_one = (
        relax(
            corridor.rooms,
            np.full((3, 1, corridor.groups), mass),
            outdoor_degc=sky.outdoor_degc,
            wind_m_per_s=sky.wind_m_per_s,
            gain_w_per_m2=0.0,
            heat_w_per_m2=0.0,
            hours=0.0,
        ).operative_start_degc
        for mass in (0.0, 1.0)
    )
    return np.asarray((indoor_degc - at_zero) / (at_one - at_zero))[:, 0]
