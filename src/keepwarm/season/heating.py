"""Heat need of building groups, and how a heat bus shares what it got."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Bools, Floats
from keepwarm.season.corridor import COMFORT, SAFE, Corridor
from keepwarm.season.state import State, share_of, share_served
from keepwarm.warmth.curve import emitter_cap, supply_curve
from keepwarm.warmth.rooms import heat_to_reach

CENTRAL = 1

#: What every heat bus with building groups asks for at least, MW (a tenth of a kilowatt).
PROBE_MW = 1e-4


@dataclass(frozen=True)
class Sky:
    """Weather over the groups in one step, each of shape (groups,)."""

    outdoor_degc: Floats
    wind_m_per_s: Floats


@dataclass(frozen=True)
class HeatNeed:
    """Heat that groups need in one step."""

    comfort_w_per_m2: Floats  # (3, groups): to be comfortable at the step's end
    safe_w_per_m2: Floats  # (3, groups): the part of it that keeps homes above the safe level
    full_mw: Floats  # (groups,): central, of every building, drained ones too
    asking: Floats  # (groups,): share of buildings whose circuit can take heat, or asks to fill
    filling: Floats  # (groups,): drained buildings that ask to be filled in this step


def sky_of(corridor: Corridor, hour: int) -> Sky:
    """Return the weather over every group at one snapshot."""
    weather, region = corridor.case.weather, corridor.case.buildings.region
    if weather is None:
        return Sky(np.zeros(0), np.zeros(0))
    return Sky(weather.outdoor_degc[hour, region], weather.wind_m_per_s[hour, region])


def heaters_on(corridor: Corridor, operative_degc: Floats) -> Floats:
    """Return the share of electric heaters in use at an indoor temperature, any shape."""
    settings = corridor.case.settings
    start = settings.number("gains.heaters_start_below_degc")
    full = settings.number("gains.heaters_all_below_degc")
    return np.clip((start - operative_degc) / max(start - full, 1e-9), 0.0, 1.0)


def gains(corridor: Corridor, *, heaters: Floats, power_share: Floats, gas_share: Floats) -> Floats:
    """Return heat from people, appliances, stoves and electric heaters, W/m2.

    Parameters
    ----------
    heaters
        Share of heaters switched on, shape (groups,).
    power_share, gas_share
        Share of the group's household power and gas that is served, shape (groups,).
    """
    number = corridor.case.settings.number
    per_person = (
        number("gains.person_w") * number("gains.at_home_share")
        + number("gains.appliances_w_per_person") * power_share
        + number("gains.stove_w_per_person") * gas_share
        + number("gains.heater_w_per_person") * heaters * power_share
    )
    return per_person * corridor.people_per_m2


def circuit_degc(corridor: Corridor, sky: Sky) -> tuple[Floats, Floats]:
    """Return supply and return temperature of the building circuits, each (groups,)."""
    supply, back, _ = supply_curve(sky.outdoor_degc, **_circuit(corridor))
    return supply, back


def _circuit(corridor: Corridor) -> dict[str, float]:
    """Return the design temperatures of the building circuits."""
    keys = ("supply_degc", "return_degc", "indoor_degc", "design_outdoor_degc")
    return {key: corridor.case.settings.number(f"circuit.{key}") for key in keys}


def heat_need(corridor: Corridor, state: State, sky: Sky, gain: Floats, dt: float) -> HeatNeed:
    """Return what groups need so as to be comfortable, and safe, at the end of the step.

    A cold home draws no more than its radiators give at the supply curve's water temperature, the
    room taken as warm as its mass.
    """
    number, buildings = corridor.case.settings.number, corridor.case.buildings
    supply, back = circuit_degc(corridor, sky)
    most = emitter_cap(
        corridor.rooms,
        mean_water_degc=(supply + back) / 2,
        room_degc=state.mass_degc,
        **_circuit(corridor),
    )
    comfort, safe = (
        np.clip(
            heat_to_reach(
                corridor.rooms,
                state.mass_degc,
                outdoor_degc=sky.outdoor_degc,
                wind_m_per_s=sky.wind_m_per_s,
                gain_w_per_m2=gain,
                operative_degc=number(f"set_points.{aim}_degc"),
                hours=dt,
            ),
            0.0,
            most,
        )
        for aim in ("comfort", "safe")
    )
    count = np.maximum(buildings.buildings, 1e-9)
    filling = _filling(corridor, state, dt)
    closed = state.drained + state.frozen - filling
    return HeatNeed(
        comfort_w_per_m2=comfort,
        safe_w_per_m2=np.minimum(safe, comfort),
        full_mw=comfort[CENTRAL] * buildings.floor_area_m2 * 1e-6,
        asking=np.clip(1 - closed / count, 0.0, 1.0),
        filling=filling,
    )


def _filling(corridor: Corridor, state: State, dt: float) -> Floats:
    """Count drained buildings that crews fill in this step, where heat has been steady."""
    number = corridor.case.settings.number
    ready = state.flow_hours >= number("refilling.wait_hours")
    waiting = np.where(ready, state.drained, 0.0)
    total, most = waiting.sum(), number("refilling.buildings_per_hour") * dt
    return waiting * min(1.0, most / total) if total > 0 else waiting


def wanted_mw(corridor: Corridor, heat: HeatNeed, accepting: Floats) -> tuple[Floats, Floats]:
    """Return the safe and the comfort heat that groups ask their bus for, each (groups,).

    Parameters
    ----------
    accepting
        Shape (groups,): share of the group whose own substation runs.
    """
    area = corridor.case.buildings.floor_area_m2 * 1e-6 * heat.asking * accepting
    area = np.where(corridor.safe_need >= 0, area, 0.0)
    safe = heat.safe_w_per_m2[CENTRAL] * area
    return safe, heat.comfort_w_per_m2[CENTRAL] * area - safe


def need_by_bus(corridor: Corridor, heat: HeatNeed, accepting: Floats) -> Floats:
    """Return the groups' heat need to put to the network, shape (needs,), in MW.

    Every bus with groups asks for at least `PROBE_MW`, so that its return is seen even when all its
    buildings are drained.
    """
    need = np.zeros(len(corridor.template.needs))
    need[np.unique(corridor.comfort_need[corridor.comfort_need >= 0])] = PROBE_MW
    wanted = wanted_mw(corridor, heat, accepting)
    for which, value in zip((corridor.safe_need, corridor.comfort_need), wanted, strict=True):
        np.add.at(need, which[which >= 0], value[which >= 0])
    return need


@dataclass(frozen=True)
class SharedHeat:
    """What groups received, each of shape (groups,)."""

    of_full: Floats  # share of the full need
    of_asked: Floats  # share of what their connected buildings asked for


def shared_heat(
    corridor: Corridor,
    heat: HeatNeed,
    accepting: Floats,
    *,
    need_mw: Floats,
    shed_mw: Floats,
) -> SharedHeat:
    """Share out what each heat bus got.

    A bus lowers the temperature for all who are connected, so that each gets the same share of what
    it asks; where ``sharing.order`` lists groups of the bus, they are cut instead, the first first.
    Groups without a heat bus heat themselves by means outside the case and receive all.

    Parameters
    ----------
    need_mw, shed_mw
        What the network was asked for and what it shed, (needs,); loads of the case on the same
        bus and tier (hot water) share a shortage alike.
    """
    safe, comfort = wanted_mw(corridor, heat, accepting)
    on_bus, bus = corridor.safe_need >= 0, corridor.case.buildings.heat_bus
    served = share_served(shed_mw, need_mw) if need_mw.size else np.ones(1)
    supplied = safe * served[corridor.safe_need] + comfort * served[corridor.comfort_need]
    asked, got = (
        np.bincount(bus[on_bus], weights=mw[on_bus], minlength=len(corridor.case.network.buses))
        for mw in (safe + comfort, supplied)
    )
    open_share = bus_open_share(corridor, need_mw, shed_mw)
    share = np.where(asked > 1e-9, got / np.maximum(asked, 1e-9), open_share)[np.maximum(bus, 0)]
    received = _ordered(corridor, (safe + comfort) * share, safe + comfort)
    asks = safe + comfort > 1e-9
    of_asked = np.where(asks, share_of(received, safe + comfort), share)
    # A listed group that asks nothing would be the first to go without in a shortage.
    of_asked = np.where(_listed(corridor) & ~asks & (share < 1 - 1e-6), 0.0, of_asked)
    of_full = np.where(heat.full_mw > 1e-9, share_of(received, heat.full_mw), share)
    return SharedHeat(
        of_full=np.where(on_bus, of_full, 1.0), of_asked=np.where(on_bus, of_asked, 1.0)
    )


def bus_open_share(corridor: Corridor, need_mw: Floats, shed_mw: Floats) -> Floats:
    """Return the share of heat need that each bus gets, the probe included, (buses,)."""
    needs, buses = corridor.template.needs, len(corridor.case.network.buses)
    heat = np.isin(needs.tier, (SAFE, COMFORT))
    need, shed = (
        np.bincount(needs.bus[heat], weights=values[heat], minlength=buses).astype(np.float64)
        for values in (need_mw, shed_mw)
    )
    return share_served(shed, need)


def _listed(corridor: Corridor) -> Bools:
    """Mark groups that an order of their heat bus names, (groups,)."""
    named = {name for order in corridor.case.settings.heat_order.values() for name in order}
    return np.array([name in named for name in corridor.case.buildings.group], dtype=np.bool_)


def _ordered(corridor: Corridor, got: Floats, wanted: Floats) -> Floats:
    """Hand what a bus got to its groups as the case declares: groups listed are cut, first first.

    Groups that are not listed are served before them, in proportion to their need.
    """
    buildings = corridor.case.buildings
    buses = corridor.case.network.buses.name
    place = {name: g for g, name in enumerate(buildings.group)}
    for bus, order in corridor.case.settings.heat_order.items():
        members = buildings.heat_bus == buses.index(bus)
        listed = [place[name] for name in order if members[place[name]]]
        left = got[members].sum()
        rest = members.copy()
        rest[listed] = False
        total = wanted[rest].sum()
        got[rest] = wanted[rest] * min(1.0, left / total) if total > 0 else 0.0
        left -= got[rest].sum()
        for g in reversed(listed):
            got[g] = min(wanted[g], left)
            left -= got[g]
    return got
