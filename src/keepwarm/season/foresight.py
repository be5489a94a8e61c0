"""What looking ahead buys over the step rule: one event walked twice, measured alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import TIERS, Bools, Floats
from keepwarm.network import sum_by_place
from keepwarm.season.corridor import COMFORT, SAFE
from keepwarm.season.record import Season
from keepwarm.warmth.homes import homes
from keepwarm.warmth.rooms import rooms, steady_heat

CENTRAL = 1

#: Key of the heat that homes would have needed for comfort and did not get.
HOMES = "heat of homes"


@dataclass(frozen=True)
class Outcome:
    """How one season went."""

    unserved_mwh: Mapping[str, float]  # "carrier tier" -> loads alone; `HOMES` -> homes
    people_hours_below_degc: Mapping[float, float]  # central band
    #: Currency: sources, unserved loads at the price of their tier, and cold homes at the price of
    #: the heat that would hold the degrees they lack (the price of comfort down to the safe
    #: set-point, of safe heat below) and bring their walls back at the end; and what stores hold
    #: less than at the start (more: less cost).
    cost: float


def outcome(season: Season, began_mwh: Floats | None = None) -> Outcome:
    """Measure a season.

    Parameters
    ----------
    began_mwh
        Shape (storages,): levels at the start; those of the case where None.

    Returns
    -------
    Outcome
        Loads and homes apart, so that a plan which withholds heat from warm homes and one that
        sheds it are measured alike: homes by how cold they get.

    **Leaves out**: the rising steps within a tier's price; at the end walls are taken to lack as
    many degrees as rooms do, and a stored MWh is worth ``prices.stored_energy`` wherever it is.
    """
    loads = _unserved_loads(season)
    dt, needs, buses = season.step_hours, season.template.needs, season.case.network.buses
    unserved: dict[str, float] = {}
    for k, (bus, tier) in enumerate(zip(needs.bus.tolist(), needs.tier.tolist(), strict=True)):
        key = f"{buses.carrier[bus]} {TIERS[tier]}"
        unserved[key] = unserved.get(key, 0.0) + float(loads[:, k].sum() * dt)
    homes = np.maximum(season.full_heat_mw - _received(season), 0.0)
    unserved[HOMES] = float(homes[:, _on_bus(season)].sum() * dt)
    below = season.hours_below[CENTRAL].T @ season.home_people
    return Outcome(
        unserved_mwh={key: mwh for key, mwh in unserved.items() if mwh > 1e-6},
        people_hours_below_degc=dict(
            zip(season.thresholds_degc.tolist(), below.tolist(), strict=True)
        ),
        cost=_running(season)
        + _price_of_loads(season, loads)
        + _price_of_cold(season)
        + _price_of_stores(season, began_mwh),
    )


def _on_bus(season: Season) -> Bools:
    return np.asarray(season.case.buildings.heat_bus >= 0)


def _received(season: Season) -> Floats:
    """Heat that groups received, MW, (hours, groups)."""
    return np.asarray(season.heat_share * season.full_heat_mw)


def _unserved_loads(season: Season) -> Floats:
    """Unserved need of the case's loads and of household power, MW, (hours, needs).

    On a heat bus, what the loads got is what was served there less what the groups received.
    """
    needs, network = season.template.needs, season.case.network
    count, buildings = len(network.buses), season.case.buildings
    with_homes = np.isin(needs.bus, buildings.heat_bus[buildings.heat_bus >= 0])
    shared = with_homes & np.isin(needs.tier, (SAFE, COMFORT))
    own = np.zeros_like(season.need_mw)
    index = {pair: k for k, pair in enumerate(zip(needs.bus, needs.tier, strict=True))}
    first = season.first_row
    for column, pair in enumerate(zip(network.loads.bus, network.loads.tier, strict=True)):
        own[:, index[pair]] += network.loads.p_set_mw[first : first + len(own), column]
    served = sum_by_place(season.need_mw - season.shed_mw, np.where(shared, needs.bus, -1), count)
    homes = sum_by_place(_received(season), buildings.heat_bus, count)
    wanted = sum_by_place(own, np.where(shared, needs.bus, -1), count)
    missing = np.clip(wanted - (served - homes), 0.0, wanted)
    share = missing / np.maximum(wanted, 1e-9)
    return np.where(shared, own * share.take(needs.bus, axis=-1), season.shed_mw)


def _running(season: Season) -> float:
    """Cost of sources, links and stores, currency."""
    network, dt = season.case.network, season.step_hours
    parts = (
        season.generator_mw @ network.generators.marginal_cost,
        season.link_mw @ network.links.marginal_cost,
        season.discharge_mw @ network.storages.marginal_cost,
        season.spill_mw.sum(axis=1) * season.case.settings.number("prices.spill"),
    )
    return float(sum(part.sum() for part in parts) * dt)


def _price_of_loads(season: Season, unserved: Floats) -> float:
    price = np.array([season.case.settings.number(f"prices.{tier}") for tier in TIERS])
    return float((unserved @ price[season.template.needs.tier]).sum() * season.step_hours)


def _price_of_cold(season: Season) -> float:
    """Price of the degrees that homes on a heat bus lack at each step's end and at last."""
    case, number = season.case, season.case.settings.number
    if not len(case.buildings) or case.weather is None:
        return 0.0
    comfort, safe = number("set_points.comfort_degc"), number("set_points.safe_degc")
    rows = slice(season.first_row, season.first_row + len(season.times))
    wind = case.weather.wind_m_per_s[rows].mean(axis=0)[case.buildings.region]
    kinds = homes(case.archetypes, case.buildings)
    walls, area = rooms(case.archetypes, kinds), case.buildings.floor_area_m2 * 1e-6
    loss = steady_heat(
        walls,
        outdoor_degc=0.0,
        wind_m_per_s=wind[kinds.group],
        gain_w_per_m2=0.0,
        operative_degc=1.0,
    )[CENTRAL]
    mwh_per_k = np.tile(kinds.mean(loss) * season.step_hours, (len(season.times), 1))
    mwh_per_k[-1] += kinds.mean(walls.capacity_wh_per_m2k[CENTRAL])
    lack = np.maximum(comfort - season.operative_degc[:, CENTRAL], 0.0)
    mild = np.minimum(lack, comfort - safe)
    price = number("prices.heat_comfort") * mild + number("prices.heat_safe") * (lack - mild)
    return float((price * mwh_per_k * area)[:, _on_bus(season)].sum())


def _price_of_stores(season: Season, began_mwh: Floats | None) -> float:
    """Price of what stores hold less at the end than at the start."""
    began = season.case.network.storages.e_initial_mwh if began_mwh is None else began_mwh
    price = season.case.settings.number("prices.stored_energy")
    return float((began - season.level_mwh[-1]).sum() * price)
