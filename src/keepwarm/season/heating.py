"""Heat need of building groups.

Arrays of groups are (samples, groups); those of homes (samples, cohorts, homes), with a band (3,
samples, cohorts, homes).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled
from keepwarm.network import sum_by_place
from keepwarm.season.corridor import Corridor
from keepwarm.season.sky import Sky
from keepwarm.season.state import CLOSED, State
from keepwarm.warmth.fabric import Responses
from keepwarm.warmth.heat_steps import Wanted, wanted_heat

CENTRAL = 1


@dataclass(frozen=True)
class HeatNeed:
    """Heat that groups need in one step."""

    comfort_w_per_m2: Floats  # (3, samples, cohorts, homes): to be comfortable at the step's end
    #: What connected buildings ask their heat bus for if their substations run, central, MW: the
    #: part that keeps homes above the safe level, and the rest; each (samples, groups).
    safe_mw: Floats
    comfort_mw: Floats
    connected_mw: Floats  # (samples, groups): what ``comfort_w_per_m2`` is to connected buildings
    full_mw: Floats  # (samples, groups): the same, of every building
    most_mw: Floats  # (samples, groups): what radiators of connected buildings can give
    asking: Floats  # (samples, groups): share whose circuit can take heat
    granted: Floats  # (samples, groups): share of what set-points ask that a plan leaves, else 1


def heaters_on(corridor: Corridor, state: State) -> tuple[Floats, Floats]:
    """Return the share of electric heaters in use, (samples, cohorts, groups), and of groups.

    People feel the mass of their home: the air of an instant does not make them plug in. The second
    is the mean over the buildings of each group, (samples, groups). Zero where nobody lives.
    """
    settings = corridor.case.settings
    start = settings.number("gains.heaters_start_below_degc")
    full = settings.number("gains.heaters_all_below_degc")
    on, of_groups = np.zeros(state.cohorts.shape), np.zeros(state.kept.shape)
    _plug_in(
        corridor.homes.group,
        corridor.homes.share,
        state.mass_degc[CENTRAL],
        state.lived_in,
        state.cohorts,
        corridor.case.buildings.buildings,
        start,
        max(start - full, 1e-9),
        on,
        of_groups,
    )
    return on, of_groups


@compiled
def _plug_in(
    group: Ints,
    share: Floats,
    mass: Floats,
    lived_in: Bools,
    cohorts: Floats,
    buildings: Floats,
    start: float,
    span: float,
    on: Floats,
    of_groups: Floats,
) -> None:
    for s in range(mass.shape[0]):
        for c in range(mass.shape[1]):
            if not lived_in[s, c]:
                continue
            row, total, count = on[s, c], of_groups[s], cohorts[s, c]
            for h in range(group.size):
                row[group[h]] += mass[s, c, h] * share[h]
            for g in range(row.size):
                row[g] = min(max((start - row[g]) / span, 0.0), 1.0)
                total[g] += row[g] * (count[g] / buildings[g])


def gains(corridor: Corridor, *, heaters: Floats, power_share: Floats, gas_share: Floats) -> Floats:
    """Return heat from people, appliances, stoves and electric heaters, W/m2.

    Parameters
    ----------
    heaters
        Share of heaters switched on, shape (..., groups).
    power_share, gas_share
        Share of the group's household power and gas that is served, shape (..., groups).
    """
    number = corridor.case.settings.number
    per_person = (
        number("gains.person_w") * number("gains.at_home_share")
        + number("gains.appliances_w_per_person") * power_share
        + number("gains.stove_w_per_person") * gas_share
        + number("gains.heater_w_per_person") * heaters * power_share
    )
    return per_person * corridor.people_per_m2


def gains_of_cohorts(
    corridor: Corridor, *, heaters: Floats, power_share: Floats, gas_share: Floats
) -> Floats:
    """Return `gains` of the cohorts of every group, (samples, cohorts, groups), W/m2.

    Parameters
    ----------
    heaters
        Shape (samples, cohorts, groups): share of heaters switched on.
    power_share
        Shape (samples, groups): of household power that is served.
    gas_share
        Shape (samples, regions): of gas.
    """
    number, found = corridor.case.settings.number, np.empty(heaters.shape)
    _gain(
        number("gains.person_w") * number("gains.at_home_share"),
        number("gains.appliances_w_per_person"),
        number("gains.stove_w_per_person"),
        number("gains.heater_w_per_person"),
        corridor.people_per_m2,
        corridor.case.buildings.region,
        heaters,
        power_share,
        gas_share,
        found,
    )
    return found


@compiled
def _gain(
    person: float,
    appliances: float,
    stove: float,
    heater: float,
    people_per_m2: Floats,
    region: Ints,
    heaters: Floats,
    power: Floats,
    gas: Floats,
    found: Floats,
) -> None:
    samples, cohorts, groups = found.shape
    for s in range(samples):
        for c in range(cohorts):
            for g in range(groups):
                stoves = stove * gas[s, region[g]] if gas.shape[1] > 0 else 0.0
                watts = person + appliances * power[s, g] + stoves
                watts += heater * heaters[s, c, g] * power[s, g]
                found[s, c, g] = watts * people_per_m2[g]


def gains_when_cold(corridor: Corridor, *, power_share: Floats, gas_share: Floats) -> Floats:
    """Return heat in homes without heating, W/m2, for a decision to drain; like `gains`.

    Electric heaters are in use as in a home at the threshold below which an hour counts as cold:
    whether a home falls below it depends on the heaters that are on just there.
    """
    number = corridor.case.settings.number
    start, full = (
        number(f"gains.heaters_{name}") for name in ("start_below_degc", "all_below_degc")
    )
    on = np.clip((start - number("decision.cold_below_degc")) / max(start - full, 1e-9), 0.0, 1.0)
    heaters = np.full(corridor.groups, on)
    return gains(corridor, heaters=heaters, power_share=power_share, gas_share=gas_share)


def heat_need(
    corridor: Corridor, state: State, sky: Sky, step: Responses, gain: Floats
) -> HeatNeed:
    """Return what groups need so as to be comfortable, and safe, at the end of the step.

    A cold home draws no more than its radiators give at the supply curve's water temperature, the
    room taken as warm as its mass.

    Parameters
    ----------
    step
        What homes do within the step.
    gain
        Shape (samples, cohorts, groups), W/m2.
    """
    number, buildings = corridor.case.settings.number, corridor.case.buildings
    design = (number("circuit.supply_degc") + number("circuit.return_degc")) / 2
    wanted = wanted_heat(
        corridor.homes,
        step,
        state.mass_degc,
        lived_in=state.lived_in,
        outdoor_degc=sky.outdoor_degc,
        gain_w_per_m2=gain,
        comfort_degc=number("set_points.comfort_degc"),
        safe_degc=number("set_points.safe_degc"),
        emitters_w_per_m2=corridor.fabric.emitters_w_per_m2,
        made_of=corridor.fabric.rows(len(gain)),
        water_degc=sky.water_degc,
        design_excess_k=design - number("circuit.indoor_degc"),
    )
    floor = buildings.floor_area_m2 * 1e-6 / buildings.buildings
    of_groups = [np.empty(state.kept.shape) for _ in range(5)]
    _add_up(corridor.safe_need, floor, state.cohorts, wanted, *of_groups)
    safe_mw, comfort_mw, connected_mw, full_mw, most_mw = of_groups
    return HeatNeed(
        comfort_w_per_m2=wanted.comfort_w_per_m2,
        safe_mw=safe_mw,
        comfort_mw=comfort_mw,
        connected_mw=connected_mw,
        full_mw=full_mw,
        most_mw=most_mw,
        asking=state.connected / buildings.buildings,
        granted=np.ones(state.kept.shape),
    )


@compiled
def _add_up(
    safe_need: Ints,
    floor: Floats,
    cohorts: Floats,
    wanted: Wanted,
    safe_mw: Floats,
    comfort_mw: Floats,
    connected_mw: Floats,
    full_mw: Floats,
    most_mw: Floats,
) -> None:
    """Add up what the cohorts of each group want; ``floor`` is that of one building, in 1e6 m2."""
    samples, groups = safe_mw.shape
    for s in range(samples):
        for g in range(groups):
            connected = safe = most = 0.0
            for c in range(CLOSED):
                area = cohorts[s, c, g] * floor[g]
                connected += wanted.comfort_mean[s, c, g] * area
                safe += wanted.safe_mean[s, c, g] * area
                most += wanted.most_mean[s, c, g] * area
            closed = wanted.comfort_mean[s, CLOSED, g] * cohorts[s, CLOSED, g] * floor[g]
            safe = min(safe, connected) if safe_need[g] >= 0 else 0.0
            safe_mw[s, g] = safe
            comfort_mw[s, g] = connected - safe if safe_need[g] >= 0 else 0.0
            connected_mw[s, g], most_mw[s, g] = connected, most
            full_mw[s, g] = connected + closed


def need_by_bus(corridor: Corridor, safe_mw: Floats, comfort_mw: Floats) -> Floats:
    """Return the groups' heat need to put to the network, shape (samples, needs), in MW.

    Every bus with groups asks for at least `PROBE_MW`, so that its return is seen even when all its
    buildings are drained.

    Parameters
    ----------
    safe_mw, comfort_mw
        Shape (samples, groups): what groups ask for.
    """
    count = len(corridor.template.needs)
    safe = sum_by_place(safe_mw, corridor.safe_need, count)
    return corridor.probe_mw + safe + sum_by_place(comfort_mw, corridor.comfort_need, count)
