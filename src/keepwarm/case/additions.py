"""A network with new sources, links and storages: what was there keeps its order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from keepwarm.case.nouns import Assets, Floats, Generators, Ints, Links, Names, Network, Storages


@dataclass(frozen=True)
class NewGenerator:
    """A source at one bus."""

    name: str
    bus: int
    p_nom_mw: float
    available: Floats  # (hours,), 0 to 1
    marginal_cost: float
    asset_class: str


@dataclass(frozen=True)
class NewLink:
    """A converter or a connection; its region is that of its last bus."""

    name: str
    bus: tuple[int, ...]
    efficiency: tuple[float, ...]  # one for each bus after the first
    p_nom_mw: float
    available: Floats  # (hours,), 0 to 1
    both_ways: bool
    marginal_cost: float
    asset_class: str


@dataclass(frozen=True)
class NewStorage:
    """A storage unit at one bus, full at the start."""

    name: str
    bus: int
    p_mw: float
    e_mwh: float
    efficiency: float  # of charging, and of discharging
    marginal_cost: float
    asset_class: str


New = NewGenerator | NewLink | NewStorage


def with_added(network: Network, new: Sequence[New]) -> tuple[Network, Ints]:
    """Return a network with new assets, which neither fail by themselves nor name crew or spare.

    Parameters
    ----------
    network
        Stays as it is.
    new
        In any order; each kind goes behind its like. A name that is taken gets a number.

    Returns
    -------
    network : Network
    place : array (assets,)
        Where each asset of the old network stands among those of the new one, rising.
    """
    taken = set(network.assets.name)
    named = [replace(one, name=_free_name(one.name, taken)) for one in new]
    generators = [one for one in named if isinstance(one, NewGenerator)]
    links = [one for one in named if isinstance(one, NewLink)]
    storages = [one for one in named if isinstance(one, NewStorage)]
    old, before_links = len(network.generators), len(network.generators) + len(network.branches)
    behind = np.repeat(
        [old, before_links + len(network.links), len(network.assets)],
        [len(generators), len(links), len(storages)],
    )
    grown = replace(
        network,
        generators=_with_generators(network, generators),
        links=_with_links(network, links),
        storages=_with_storages(network, storages),
        assets=_with_assets(network, [*generators, *links, *storages], behind),
    )
    assets = np.arange(len(network.assets))
    return grown, assets + np.searchsorted(behind, assets, side="right")


def _free_name(name: str, taken: set[str]) -> str:
    number, free = 2, name
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    taken.add(free)
    return free


def _hours(network: Network, columns: list[Floats]) -> Floats:
    """Return columns over the snapshots side by side, (hours, columns)."""
    return np.array(columns).reshape(len(columns), len(network.snapshots)).T


def _with_generators(network: Network, new: list[NewGenerator]) -> Generators:
    old = network.generators
    share = _hours(network, [one.available for one in new])
    return Generators(
        name=(*old.name, *(one.name for one in new)),
        bus=np.append(old.bus, np.array([one.bus for one in new], dtype=np.int64)),
        p_nom_mw=np.append(old.p_nom_mw, [one.p_nom_mw for one in new]),
        p_min_pu=np.concatenate([old.p_min_pu, np.zeros_like(share)], axis=1),
        p_max_pu=np.concatenate([old.p_max_pu, share], axis=1),
        marginal_cost=np.append(old.marginal_cost, [one.marginal_cost for one in new]),
    )


def _with_links(network: Network, new: list[NewLink]) -> Links:
    old = network.links
    count, ports = len(old), max([old.bus.shape[1], *(len(one.bus) for one in new)])
    bus = np.full((count + len(new), ports), -1, dtype=np.int64)
    efficiency = np.zeros((count + len(new), ports - 1))
    bus[:count, : old.bus.shape[1]] = old.bus
    efficiency[:count, : old.efficiency.shape[1]] = old.efficiency
    for at, one in enumerate(new, start=count):
        bus[at, : len(one.bus)] = one.bus
        efficiency[at, : len(one.efficiency)] = one.efficiency
    share = _hours(network, [one.available for one in new])
    back = np.array([one.both_ways for one in new], dtype=np.bool_)
    return Links(
        name=(*old.name, *(one.name for one in new)),
        bus=bus,
        efficiency=efficiency,
        p_nom_mw=np.append(old.p_nom_mw, [one.p_nom_mw for one in new]),
        p_min_pu=np.concatenate([old.p_min_pu, np.where(back, -share, 0.0)], axis=1),
        p_max_pu=np.concatenate([old.p_max_pu, share], axis=1),
        marginal_cost=np.append(old.marginal_cost, [one.marginal_cost for one in new]),
    )


def _with_storages(network: Network, new: list[NewStorage]) -> Storages:
    old = network.storages
    power, energy = [one.p_mw for one in new], [one.e_mwh for one in new]
    efficiency, none = [one.efficiency for one in new], np.zeros(len(new))
    return Storages(
        name=(*old.name, *(one.name for one in new)),
        bus=np.append(old.bus, np.array([one.bus for one in new], dtype=np.int64)),
        p_store_mw=np.append(old.p_store_mw, power),
        p_dispatch_mw=np.append(old.p_dispatch_mw, power),
        e_min_mwh=np.append(old.e_min_mwh, none),
        e_max_mwh=np.append(old.e_max_mwh, energy),
        e_initial_mwh=np.append(old.e_initial_mwh, energy),
        efficiency_store=np.append(old.efficiency_store, efficiency),
        efficiency_dispatch=np.append(old.efficiency_dispatch, efficiency),
        standing_loss=np.append(old.standing_loss, none),
        inflow_mw=np.concatenate(
            [old.inflow_mw, np.zeros((len(network.snapshots), len(new)))], axis=1
        ),
        marginal_cost=np.append(old.marginal_cost, [one.marginal_cost for one in new]),
        is_unit=np.append(old.is_unit, np.ones(len(new), dtype=np.bool_)),
    )


def _with_assets(network: Network, new: Sequence[New], behind: Ints) -> Assets:
    """Insert the new assets, each ahead of the old asset that ``behind`` says."""
    old, count = network.assets, len(new)
    order = np.argsort(np.append(np.arange(len(old)), behind - 0.5), kind="stable")

    def texts(values: Names, added: list[str]) -> Names:
        both = (*values, *added)
        return tuple(both[at] for at in order.tolist())

    def numbers(values: Floats, added: float) -> Floats:
        return np.append(values, np.full(count, added))[order]

    none = [""] * count
    last = [one.bus[-1] if isinstance(one, NewLink) else one.bus for one in new]
    return Assets(
        name=texts(old.name, [one.name for one in new]),
        kind=texts(old.kind, [_KINDS[type(one)] for one in new]),
        region=np.append(old.region, network.buses.region[np.array(last, dtype=np.int64)])[order],
        asset_class=texts(old.asset_class, [one.asset_class for one in new]),
        repair_hours=numbers(old.repair_hours, np.nan),
        restart_hours=numbers(old.restart_hours, 0.0),
        mttf_hours=numbers(old.mttf_hours, np.nan),
        mttr_hours=numbers(old.mttr_hours, np.nan),
        crew=texts(old.crew, none),
        spare=texts(old.spare, none),
    )


_KINDS = {NewGenerator: "generator", NewLink: "link", NewStorage: "storage_unit"}
