"""People without power, heat, gas or water: decided here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import TIERS, Case, Floats, Ints
from keepwarm.network import Needs, sum_by_place
from keepwarm.season.state import share_served

#: Carriers that people can be without.
SERVICES = ("power", "heat", "gas", "water")

_HOME_TIERS = tuple(TIERS.index(tier) for tier in ("heat_safe", "household", "heat_comfort"))


@dataclass(frozen=True)
class Census:
    """Who lives where, counted once for a case."""

    group_people: Floats  # (groups,)
    group_region: Ints  # (groups,)
    #: Service -> people on each bus, for services that are counted by bus; (buses,).
    on_bus: Mapping[str, Floats]
    bus_region: Ints  # (buses,)
    counted_at: Ints  # (needs,): bus whose people the need stands for, -1 where for nobody's
    region_weight: Floats  # (max(regions, 1),): how people without a region are spread


def census(case: Case, needs: Needs) -> Census:
    """Count the people of a case.

    People come from building groups for power and heat where the case has them; else from the
    loads' ``people`` column; else from regions, spread over the region's loads by need. At a bus
    with needs in home tiers (household, heat) only those count; elsewhere all tiers do.
    """
    buildings, buses, regions = case.buildings, case.network.buses, case.regions
    home = np.isin(needs.tier, _HOME_TIERS)
    counts = home | ~np.isin(needs.bus, needs.bus[home])
    by_group = ("heat", "power") if len(buildings) else ()
    weight = regions.people if regions.people.sum() > 0 else np.ones(max(len(regions), 1))
    return Census(
        group_people=buildings.people,
        group_region=buildings.region,
        on_bus={
            service: people_by_bus(case, service) for service in SERVICES if service not in by_group
        },
        bus_region=buses.region,
        counted_at=np.where(counts, needs.bus, -1),
        region_weight=weight / weight.sum(),
    )


def people_without(
    census: Census,
    *,
    need_mw: Floats,
    shed_mw: Floats,
    heat_share: Floats,
    power_share: Floats,
) -> dict[str, Floats]:
    """Return people without each service per region: ``people x shed / need`` per place.

    Parameters
    ----------
    census
        From `census`.
    need_mw, shed_mw
        Shape (rows, needs), the rows being hours or samples.
    heat_share, power_share
        Shape (rows, groups): share served of each building group.

    Returns
    -------
    dict
        Service -> people, shape (rows, max(regions, 1)); places without a region are spread
        over the regions by their people.
    """
    places, buses = census.counted_at, census.bus_region.size
    served = share_served(
        sum_by_place(shed_mw, places, buses), sum_by_place(need_mw, places, buses)
    )
    result = {}
    for service in SERVICES:
        if service in census.on_bus:
            without = (1 - served) * census.on_bus[service]
            result[service] = _by_region(census, without, census.bus_region)
        else:
            share = heat_share if service == "heat" else power_share
            without = (1 - share) * census.group_people
            result[service] = _by_region(census, without, census.group_region)
    return result


def people_by_bus(case: Case, service: str) -> Floats:
    """Return the people who live on each bus of a carrier, shape (buses,)."""
    network, count = case.network, np.zeros(len(case.network.buses))
    loads = network.loads
    on = np.array([network.buses.carrier[b] == service for b in loads.bus.tolist()], dtype=bool)
    stated = on & np.isfinite(loads.people)
    np.add.at(count, loads.bus[stated], loads.people[stated])
    if stated.any():
        return count
    weight = np.where(on, loads.p_set_mw.mean(axis=0) if loads.p_set_mw.size else 0.0, 0.0)
    region = network.buses.region[loads.bus]
    for index, people in enumerate(case.regions.people):
        inside = on & (region == index)
        total = weight[inside].sum()
        if total > 0:
            np.add.at(count, loads.bus[inside], people * weight[inside] / total)
    return count


def _by_region(census: Census, values: Floats, region: Ints) -> Floats:
    """Sum the last axis by region: (rows, places) -> (rows, max(regions, 1))."""
    total = sum_by_place(values, region, census.region_weight.size)
    if (region >= 0).all():
        return total
    nowhere = sum_by_place(values, np.where(region < 0, 0, -1), 1)
    return np.asarray(total + nowhere * census.region_weight)
