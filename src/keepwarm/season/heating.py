"""Heat need of building groups, and how a heat bus shares what it got."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Floats
from keepwarm.season.corridor import Corridor
from keepwarm.season.state import State
from keepwarm.warmth.curve import emitter_cap, supply_curve
from keepwarm.warmth.rooms import heat_to_reach

CENTRAL = 1


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
    """Count buildings that ask to be filled: as many as crews manage where the bus gives heat.

    On a bus that gave none in the last step one building asks, so that its return is seen.
    """
    rate = corridor.case.settings.number("refilling.buildings_per_hour") * dt
    bus = corridor.case.buildings.heat_bus
    ready = state.heat_open[np.maximum(bus, 0)] & (bus >= 0)
    waiting = np.where(ready, state.drained, 0.0)
    total = waiting.sum()
    at_work = waiting * min(1.0, rate / total) if total > 0 else waiting
    return np.where(ready, at_work, np.minimum(state.drained, 1.0))


def need_by_bus(corridor: Corridor, heat: HeatNeed, accepting: Floats) -> Floats:
    """Return the heat need to put to the network, shape (needs,), in MW.

    Parameters
    ----------
    heat
        The groups' need.
    accepting
        Shape (groups,): share of the group whose own substation runs.
    """
    need = np.zeros(len(corridor.template.needs))
    area = corridor.case.buildings.floor_area_m2 * 1e-6 * heat.asking * accepting
    safe = heat.safe_w_per_m2[CENTRAL] * area
    comfort = heat.comfort_w_per_m2[CENTRAL] * area - safe
    for which, value in ((corridor.safe_need, safe), (corridor.comfort_need, comfort)):
        np.add.at(need, which[which >= 0], value[which >= 0])
    return need


def shared_heat(
    corridor: Corridor,
    heat: HeatNeed,
    accepting: Floats,
    *,
    need_mw: Floats,
    shed_mw: Floats,
) -> Floats:
    """Return the share of their full need that groups receive, shape (groups,).

    A heat bus under ``proportional`` sharing lowers the temperature for all who are connected; one
    with an order in ``sharing.order`` cuts the groups listed first. Groups without a heat bus heat
    themselves by means outside the case and receive all.

    Parameters
    ----------
    need_mw, shed_mw
        What the network was asked for and what it shed, (needs,); loads of the case on the same
        bus and tier (hot water) share a shortage alike.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        served = np.where(need_mw > 1e-9, 1 - shed_mw / np.maximum(need_mw, 1e-9), 0.0)
    area = corridor.case.buildings.floor_area_m2 * 1e-6 * heat.asking * accepting
    safe = heat.safe_w_per_m2[CENTRAL] * area
    comfort = heat.comfort_w_per_m2[CENTRAL] * area - safe
    on_bus = corridor.safe_need >= 0
    got = np.where(
        on_bus, safe * served[corridor.safe_need] + comfort * served[corridor.comfort_need], 0.0
    )
    got = _ordered(corridor, got, safe + comfort)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(heat.full_mw > 1e-9, got / np.maximum(heat.full_mw, 1e-9), 1.0)
    # Nothing is needed and nothing given: the group counts as served while its bus is.
    return np.where(on_bus, np.clip(share, 0.0, 1.0), 1.0)


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
