"""Plants that tripped need hours, and inputs that are alive, before they run again."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled, inlined
from keepwarm.network import Dispatch, Template
from keepwarm.season.state import State

#: What reaches a bus that is dead, MW at most.
_DEAD_MW = 1e-6


class Plants(NamedTuple):
    """What decides which links trip and when they are back, the same in every step."""

    any: bool  # whether there is a link that needs hours to return
    first: int  # of the assets: where the links begin
    restart_hours: Floats  # (links,), 0 where a link is no plant
    idle_mw: Floats  # (links,): what counts as giving nothing
    bus: Ints  # (links, ports), 0 where the port is unused
    draws: Bools  # (links, ports): takes from the bus there
    gives: Bools  # (links, ports)
    step_hours: float
    short_price: float  # marginal price from which one more MWh would be shed
    link_column: int  # where the links begin in a solution
    #: What can bring something to a bus: entries of its balance row, but for spill and shed.
    inflow_bus: Ints
    inflow_column: Ints
    inflow_gain: Floats


def plants(template: Template) -> Plants:
    """Prepare the plants of a case: links from one carrier to another with restart hours."""
    network, buses = template.network, template.network.buses
    links, first = network.links, len(network.generators) + len(network.branches)
    mine = slice(first, first + len(links))
    gain = np.hstack([np.full((len(links), 1), -1.0), links.efficiency])
    used, bus = links.bus >= 0, np.maximum(links.bus, 0)
    carriers = np.array(buses.carrier)[bus[:, :2]]
    converts = carriers[:, 0] != carriers[:, 1]
    balance = template.matrix[: len(buses), : template.columns.spill.start].tocoo()
    return Plants(
        any=bool(network.assets.restart_hours.any()),
        first=first,
        restart_hours=np.where(converts, network.assets.restart_hours[mine], 0.0),
        idle_mw=1e-6 * np.maximum(links.p_nom_mw, 1e-9),
        bus=bus,
        draws=used & (gain < 0),
        gives=used & (gain > 0),
        step_hours=network.step_hours,
        short_price=_short_price(template),
        link_column=template.columns.links.start,
        inflow_bus=balance.row.astype(np.int64),
        inflow_column=balance.col.astype(np.int64),
        inflow_gain=np.asarray(balance.data, dtype=np.float64),
    )


def standing(available: Floats, state: State) -> Floats:
    """Return availability with plants that are still restarting held at zero, (..., assets)."""
    return np.where(state.restart_hours > 1e-9, 0.0, available)


def short_buses(template: Template, dispatch: Dispatch) -> Bools:
    """Mark the buses where one more MWh would cost a shed: shape (..., buses).

    The marginal price there is at least that of the cheapest tier.
    """
    return np.asarray(dispatch.bus_price >= _short_price(template))


def _short_price(template: Template) -> float:
    return 0.999 * float(template.price.min()) if template.price.size else np.inf


def next_restart(
    plants: Plants, restart_hours: Floats, available: Floats, x: Floats, bus_price: Floats
) -> Floats:
    """Return hours each asset still needs after this step before it can run, (samples, assets).

    A plant, that is a link from one carrier to another with restart hours, trips when it stands
    ready, is wanted and yet gives nothing, because a bus that it draws from (fuel, auxiliary power)
    is dead and short. Hours count down only while all buses that it draws from are alive.

    Parameters
    ----------
    restart_hours
        Shape (samples, assets), at the start of the step.
    available
        Shape (samples, assets): what damage leaves.
    x
        Shape (samples, columns): the step's solution.
    bus_price
        Shape (samples, buses or more), currency per MWh.

    **Leaves out**: partial trips, black start order.
    """
    if not plants.any:
        return restart_hours
    left = restart_hours.copy()
    _restart(plants, available, x, bus_price, np.empty(bus_price.shape[-1]), left)
    return left


@compiled
def _restart(
    plants: Plants, available: Floats, x: Floats, price: Floats, inflow: Floats, left: Floats
) -> None:
    for s in range(left.shape[0]):
        summed = False
        for link in range(plants.restart_hours.size):
            asset = plants.first + link
            if plants.restart_hours[link] <= 0.0 and left[s, asset] <= 0.0:
                continue
            # What comes to buses is only looked at where a plant draws from one that is short.
            starved = wanted = False
            if _draws_short(plants, price[s], link):
                if not summed:
                    _sum_inflow(plants, x[s], inflow)
                    summed = True
                starved, wanted = _state_of(plants, price[s], inflow, link)
            ready = available[s, asset] > 0.0 and plants.restart_hours[link] > 0.0
            idle = abs(x[s, plants.link_column + link]) <= plants.idle_mw[link]
            if ready and idle and wanted and starved:
                left[s, asset] = plants.restart_hours[link]
            elif not starved:
                left[s, asset] = max(left[s, asset] - plants.step_hours, 0.0)


@inlined
def _draws_short(plants: Plants, price: Floats, link: int) -> bool:
    """Whether any bus that a plant draws from is short."""
    found = False
    for port in range(plants.bus.shape[1]):
        found |= plants.draws[link, port] & (price[plants.bus[link, port]] >= plants.short_price)
    return found


@inlined
def _sum_inflow(plants: Plants, x: Floats, inflow: Floats) -> None:
    """Add up what is brought to each bus."""
    for b in range(inflow.size):
        inflow[b] = 0.0
    for k in range(plants.inflow_bus.size):
        brought = x[plants.inflow_column[k]] * plants.inflow_gain[k]
        inflow[plants.inflow_bus[k]] += max(brought, 0.0)


@inlined
def _state_of(plants: Plants, price: Floats, inflow: Floats, link: int) -> tuple[bool, bool]:
    """Whether an input of a plant is dead and short, and whether an output is short."""
    starved = wanted = False
    for port in range(plants.bus.shape[1]):
        b = plants.bus[link, port]
        short = price[b] >= plants.short_price
        starved |= plants.draws[link, port] and short and inflow[b] <= _DEAD_MW
        wanted |= plants.gives[link, port] and short
    return starved, wanted
