"""How a season starts: in balance with the weather, or as observed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from keepwarm.case.nouns import Case, Floats, Observation
from keepwarm.season.cooled import cooled_since
from keepwarm.season.corridor import Corridor
from keepwarm.season.heating import circuit_degc, gains, sky_of
from keepwarm.season.state import CLOSED_STATES, COHORTS, State
from keepwarm.warmth.pipes import PLACES, steady_zone
from keepwarm.warmth.rooms import response, steady_mass

#: Quantities that state.csv may hold about a building group.
GROUP_QUANTITIES = (
    "indoor_degc", "water_degc", "stairwell_degc", "attic_degc", "basement_degc",
    "stopped_hours", "returning", *CLOSED_STATES,
)  # fmt: skip

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
        mass = np.repeat(
            _heated_mass(corridor, hour, np.full(n, comfort))[:, None], len(COHORTS), 1
        )
        zone = _steady_zone(corridor, hour, np.full(n, comfort))
        supply, back = circuit_degc(corridor, sky)
        water = np.broadcast_to(((supply + back) / 2)[:, None], zone.shape).copy()
    else:
        none = np.zeros((3, 0, len(PLACES)))
        mass, zone, water = np.zeros((3, len(COHORTS), 0)), none, none
    return State(
        level_mwh=network.storages.e_initial_mwh.copy(),
        mass_degc=mass,
        zone_degc=zone,
        water_degc=water,
        frost_k_h=np.zeros_like(zone),
        kept=case.buildings.buildings.copy(),
        **{name: np.zeros(n) for name in ("returning", *CLOSED_STATES)},
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
    also observed with standing water, or half of its buildings drained or frozen. These, and a
    number of hours since, mean that circulation has stopped. What was not observed of a group that
    stopped some hours ago has cooled for as long.
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
    corrected = replace(_observed_circuits(corridor, state, seen), level_mwh=level)
    cooled = cooled_since(corridor, hour, corrected, seen["stopped_hours"])
    return _observed_warmth(corridor, hour, cooled, seen), available


def _observed_circuits(corridor: Corridor, state: State, seen: Mapping[str, Floats]) -> State:
    """Put the buildings into the states they were observed in; all others are kept."""
    counts = {name: np.nan_to_num(seen[name]) for name in ("returning", *CLOSED_STATES)}
    closed = sum((counts[name] for name in CLOSED_STATES), np.zeros(corridor.groups))
    hours = seen["stopped_hours"]
    emptied = counts["draining"] + counts["drained"] + counts["frozen"]
    mostly = emptied >= corridor.case.buildings.buildings / 2
    stopped = np.isfinite(seen["water_degc"]) | mostly | (np.nan_to_num(hours) > 0)
    since = np.where(np.isfinite(hours), hours, corridor.case.network.step_hours)
    return replace(
        state,
        **counts,
        kept=np.maximum(corridor.case.buildings.buildings - closed - counts["returning"], 0.0),
        stopped_hours=np.where(stopped, since, state.stopped_hours),
        flow_hours=np.where(stopped, 0.0, state.flow_hours),
    )


def _observed_warmth(
    corridor: Corridor, hour: int, state: State, seen: Mapping[str, Floats]
) -> State:
    """Set homes, the air around pipes and their water to what was observed."""
    indoor, known = seen["indoor_degc"], np.isfinite(seen["indoor_degc"])
    home = corridor.homes.group
    mass = np.where(
        (state.stopped_hours > 0)[home],
        _unheated_mass(corridor, hour, indoor),
        _heated_mass(corridor, hour, indoor),
    )
    air = np.where(known[:, None], _steady_zone(corridor, hour, indoor), state.zone_degc)
    for place, name in enumerate(PLACES):
        observed = seen.get(f"{name}_degc", np.full(corridor.groups, np.nan))
        air[:, :, place] = np.where(np.isfinite(observed), observed, air[:, :, place])
    water = np.broadcast_to(seen["water_degc"][:, None], state.water_degc.shape)
    return replace(
        state,
        mass_degc=np.where(known[home], mass[:, None], state.mass_degc),
        zone_degc=air,
        water_degc=np.where(np.isfinite(water), np.maximum(water, 0.0), state.water_degc),
    )


def observed_time(case: Case) -> np.datetime64:
    """Return the time of the newest observation."""
    rows: tuple[Observation, ...] = case.state
    return max(row.time for row in rows)


def _steady_zone(corridor: Corridor, hour: int, indoor_degc: Floats) -> Floats:
    """Air around pipes in balance with homes, (3, groups, places); ``indoor_degc`` is (groups,)."""
    outdoor = sky_of(corridor, hour).outdoor_degc
    return steady_zone(corridor.pipes, indoor_degc=indoor_degc, outdoor_degc=outdoor)


def _heated_mass(corridor: Corridor, hour: int, indoor_degc: Floats) -> Floats:
    """Mass of homes held at an operative temperature, (3, homes); ``indoor_degc`` is (groups,)."""
    everyone, sky, home = np.ones(corridor.groups), sky_of(corridor, hour), corridor.homes.group
    gas = np.where(corridor.gas_need >= 0, 1.0, 0.0)[corridor.case.buildings.region]
    gain = gains(corridor, heaters=0 * everyone, power_share=everyone, gas_share=gas)
    return steady_mass(
        corridor.rooms,
        outdoor_degc=sky.outdoor_degc[home],
        wind_m_per_s=sky.wind_m_per_s[home],
        gain_w_per_m2=gain[home],
        operative_degc=indoor_degc[home],
    )


def _unheated_mass(corridor: Corridor, hour: int, indoor_degc: Floats) -> Floats:
    """Mass at which unheated homes have an operative temperature, (3, homes)."""
    sky, home = sky_of(corridor, hour), corridor.homes.group
    still = response(corridor.rooms, sky.wind_m_per_s[home], 0.0)
    outdoor = sky.outdoor_degc[home]
    return np.asarray(outdoor + (indoor_degc[home] - outdoor) / still.inside_per_mass)
