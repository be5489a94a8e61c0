"""People without power, heat, gas or water: decided here and nowhere else."""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import TIERS, Case, Floats, Ints
from keepwarm.network import Needs
from keepwarm.season.state import share_served

#: Carriers that people can be without.
SERVICES = ("power", "heat", "gas", "water")

_HOME_TIERS = tuple(TIERS.index(tier) for tier in ("heat_safe", "household", "heat_comfort"))


def people_without(
    case: Case,
    needs: Needs,
    *,
    need_mw: Floats,
    shed_mw: Floats,
    heat_share: Floats,
    power_share: Floats,
) -> dict[str, Floats]:
    """Return people without each service per region: ``people x shed / need`` per place.

    People come from building groups for power and heat where the case has them; else from the
    loads' ``people`` column; else from regions, spread over the region's loads by need. At a bus
    with needs in home tiers (household, heat) only those count; elsewhere all tiers do.

    Parameters
    ----------
    need_mw, shed_mw
        Shape (hours, needs).
    heat_share, power_share
        Shape (hours, groups): share served of each building group.

    Returns
    -------
    dict
        Service -> people, shape (hours, max(regions, 1)); places without a region are spread
        over the regions by their people.
    """
    buildings = case.buildings
    result = {}
    for service in SERVICES:
        if len(buildings) and service in ("heat", "power"):
            share = heat_share if service == "heat" else power_share
            result[service] = _by_region(case, (1 - share) * buildings.people, buildings.region)
            continue
        places = people_by_bus(case, service)
        shares = _shed_share_by_bus(case, needs, service, need_mw, shed_mw)
        result[service] = _by_region(case, shares * places, case.network.buses.region)
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


def _shed_share_by_bus(
    case: Case, needs: Needs, service: str, need_mw: Floats, shed_mw: Floats
) -> Floats:
    """Share shed at each bus of a carrier, shape (hours, buses), zero at other buses."""
    buses = case.network.buses
    home = np.isin(needs.tier, _HOME_TIERS)
    has_home = np.zeros(len(buses), dtype=bool)
    has_home[needs.bus[home]] = True
    counts = home | ~has_home[needs.bus]
    need, shed = np.zeros((2, need_mw.shape[0], len(buses)))
    for k in np.flatnonzero(counts).tolist():
        need[:, needs.bus[k]] += need_mw[:, k]
        shed[:, needs.bus[k]] += shed_mw[:, k]
    mine = np.array([carrier == service for carrier in buses.carrier], dtype=bool)
    return np.where(mine, 1 - share_served(shed, need), 0.0)


def _by_region(case: Case, values: Floats, region: Ints) -> Floats:
    """Sum the last axis by region: (hours, places) -> (hours, max(regions, 1))."""
    width = max(len(case.regions), 1)
    total = np.zeros((values.shape[0], width))
    for index in range(width):
        total[:, index] = values[:, region == index].sum(axis=1)
    weight = case.regions.people if case.regions.people.sum() > 0 else np.ones(width)
    nowhere = values[:, region < 0].sum(axis=1)
    return np.asarray(total + nowhere[:, None] * weight / weight.sum())
