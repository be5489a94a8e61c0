"""How a season starts: in balance with the weather, or as observed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from keepwarm.case.nouns import Case, Floats, Observation
from keepwarm.season.cooled import cooled_since
from keepwarm.season.corridor import Corridor
from keepwarm.season.heating import gains
from keepwarm.season.sky import Sky, sky_of
from keepwarm.season.state import CLOSED_STATES, COHORTS, State, of_sample
from keepwarm.warmth.pipes import PLACES, Pipes, steady_zone
from keepwarm.warmth.rooms import Rooms, response, steady_mass

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
    return of_sample(balanced_starts(corridor, sky_of(corridor, hour), 1), 0)


def balanced_starts(corridor: Corridor, sky: Sky, samples: int) -> State:
    """Return a balanced start for each sample, with an axis of samples; like `balanced_start`.

    Parameters
    ----------
    corridor
        With the samples' fabric, if they have parameters of their own.
    sky
        Over the samples, or the same for all, when the season starts.
    samples
        How many.
    """
    case, n, count = corridor.case, corridor.groups, samples
    network, comfort = case.network, np.full(n, case.settings.number("set_points.comfort_degc"))
    row, fabric = corridor.fabric.rows(count), corridor.fabric
    if n:
        walls = Rooms(**{name: table[row] for name, table in vars(fabric.rooms).items()})
        warm = _heated_mass(corridor, sky, walls, comfort)
        mass = np.repeat(warm[:, :, None], len(COHORTS), 2)
        tubes = {name: t[row[..., None], fabric.kind] for name, t in vars(fabric.pipes).items()}
        zone = steady_zone(Pipes(**tubes), indoor_degc=comfort, outdoor_degc=sky.outdoor_degc)
        water = np.broadcast_to(sky.water_degc[..., None], zone.shape).copy()
    else:
        zone = water = np.zeros((3, count, 0, len(PLACES)))
        mass = np.zeros((3, count, len(COHORTS), 0))

    def each(of_one: Floats) -> Floats:
        return np.repeat(of_one[None], count, axis=0)

    return State(
        level_mwh=each(network.storages.e_initial_mwh),
        mass_degc=mass,
        zone_degc=zone,
        water_degc=water,
        frost_k_h=np.zeros_like(zone),
        kept=each(case.buildings.buildings),
        **{name: np.zeros((count, n)) for name in ("returning", *CLOSED_STATES)},
        stopped_hours=np.zeros((count, n)),
        flow_hours=np.full((count, n), STEADY_HOURS),
        restart_hours=np.zeros((count, len(network.assets))),
        power_shed_share=np.zeros((count, len(network.buses))),
        gas_share=each(np.where(corridor.gas_need >= 0, 1.0, 0.0)),
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
    home, sky = corridor.homes.group, sky_of(corridor, hour)
    mass = np.where(
        (state.stopped_hours > 0)[home],
        _unheated_mass(corridor, sky, indoor),
        _heated_mass(corridor, sky, corridor.rooms, indoor),
    )
    zone = steady_zone(corridor.pipes, indoor_degc=indoor, outdoor_degc=sky.outdoor_degc[0])
    air = np.where(known[:, None], zone, state.zone_degc)
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


def _heated_mass(corridor: Corridor, sky: Sky, walls: Rooms, indoor_degc: Floats) -> Floats:
    """Mass of homes held at an operative temperature, shaped as ``walls`` and the sky together.

    ``indoor_degc`` is (groups,).
    """
    everyone, home = np.ones(corridor.groups), corridor.homes.group
    gas = np.where(corridor.gas_need >= 0, 1.0, 0.0)[corridor.case.buildings.region]
    gain = gains(corridor, heaters=0 * everyone, power_share=everyone, gas_share=gas)
    return steady_mass(
        walls,
        outdoor_degc=sky.outdoor_degc[:, home],
        wind_m_per_s=sky.wind_m_per_s[:, home],
        gain_w_per_m2=gain[home],
        operative_degc=indoor_degc[home],
    )


def _unheated_mass(corridor: Corridor, sky: Sky, indoor_degc: Floats) -> Floats:
    """Mass at which unheated homes have an operative temperature, (3, homes)."""
    home = corridor.homes.group
    still = response(corridor.rooms, sky.wind_m_per_s[0, home], 0.0)
    outdoor = sky.outdoor_degc[0, home]
    return np.asarray(outdoor + (indoor_degc[home] - outdoor) / still.inside_per_mass)
