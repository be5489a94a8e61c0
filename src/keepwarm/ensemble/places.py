"""Where measures go in a case: buses by region and by who lives there, never by name."""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import Bools, Case, Floats, Ints, Names


class Unplaceable(ValueError):
    """A measure that has no place in a case; says why."""


def region_index(case: Case, name: str) -> int:
    """Return the index of a region, -1 for an empty name."""
    return case.regions.name.index(name) if name else -1


def heated(case: Case, region: str, archetypes: Names = ()) -> dict[int, float]:
    """Return the heat buses of some homes with the share of their floor area on each.

    Raises
    ------
    Unplaceable
        When there is none.
    """
    buildings = case.buildings
    which = chosen_groups(case, region, archetypes) & (buildings.heat_bus >= 0)
    return _shares(
        buildings.heat_bus[which],
        buildings.floor_area_m2[which],
        f"no such building of {of_region(region)} is on a heat bus",
    )


def chosen_groups(case: Case, region: str, archetypes: Names) -> Bools:
    """Return which building groups are of a region and of some archetypes, (groups,)."""
    buildings = case.buildings
    kinds = [case.archetypes.name[at] for at in buildings.archetype.tolist()]
    wanted = np.array([not archetypes or kind in archetypes for kind in kinds], dtype=np.bool_)
    return wanted & (not region or buildings.region == region_index(case, region))


def powered(case: Case, region: str) -> dict[int, float]:
    """Return the power buses with loads, with the share of their mean need on each."""
    network = case.network
    buses, loads = network.buses, network.loads
    power = np.array([one == "power" for one in buses.carrier], dtype=np.bool_)[loads.bus]
    which = power & (not region or buses.region[loads.bus] == region_index(case, region))
    need = loads.p_set_mw.mean(axis=0) if loads.p_set_mw.size else np.zeros(len(loads))
    return _shares(
        loads.bus[which], need[which], f"no load of {of_region(region)} is on a power bus"
    )


def _shares(bus: Ints, weight: Floats, otherwise: str) -> dict[int, float]:
    total = float(weight.sum())
    if not total > 0:
        raise Unplaceable(otherwise)
    sums = np.bincount(bus, weights=weight)
    return {at: float(sums[at]) / total for at in np.flatnonzero(sums).tolist()}


def of_region(region: str) -> str:
    """Name a region, or the whole case, for a message."""
    return f"region '{region}'" if region else "this case"


def gas_bus(case: Case, groups: Ints) -> int:
    """Return the gas bus of the region of the first group, else one of no region."""
    buses, region = case.network.buses, int(case.buildings.region[groups[0]])
    gas = [at for at, carrier in enumerate(buses.carrier) if carrier == "gas"]
    near = [at for at in gas if buses.region[at] == region] or [
        at for at in gas if buses.region[at] < 0
    ]
    if not near:
        raise Unplaceable(
            f"no gas bus in {of_region(case.regions.name[region])}, nor one of no region"
        )
    return near[0]


def feeder(case: Case, groups: Ints) -> int:
    """Return the power bus with the most floor area of some groups."""
    buildings = case.buildings
    fed = groups[buildings.power_bus[groups] >= 0]
    if not fed.size:
        raise Unplaceable("its homes are on no power bus")
    return int(np.bincount(buildings.power_bus[fed], buildings.floor_area_m2[fed]).argmax())


def strongest(case: Case, region: str, carrier: str) -> int:
    """Return the bus of a region with the highest voltage, then with the most connections."""
    network, at = case.network, region_index(case, region)
    buses, links, branches = network.buses, network.links, network.branches
    capacity = np.zeros(len(buses))
    for ends, size in (
        *((links.bus[:, port], links.p_nom_mw) for port in range(links.bus.shape[1])),
        (branches.bus0, branches.s_max_mw),
        (branches.bus1, branches.s_max_mw),
    ):
        np.add.at(capacity, ends[ends >= 0], size[ends >= 0])
    there = [
        bus for bus, kind in enumerate(buses.carrier) if kind == carrier and buses.region[bus] == at
    ]
    if not there:
        raise Unplaceable(f"region '{region}' has no {carrier} bus")
    return max(there, key=lambda bus: (buses.v_nom_kv[bus], capacity[bus], -bus))
