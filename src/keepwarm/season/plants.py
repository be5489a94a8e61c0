"""Plants that tripped need hours, and inputs that are alive, before they run again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.network import Dispatch, Template, sum_by_place
from keepwarm.season.state import State


@dataclass(frozen=True)
class Plants:
    """What decides which links trip and when they are back, the same in every step."""

    any: bool  # whether there is a link that needs hours to return
    links: slice  # of the assets
    restart_hours: Floats  # (links,), 0 where a link is no plant
    idle_mw: Floats  # (links,): what counts as giving nothing
    bus: Ints  # (links, ports), 0 where the port is unused
    draws: Bools  # (links, ports): takes from the bus there
    gives: Bools  # (links, ports)
    step_hours: float
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
        links=mine,
        restart_hours=np.where(converts, network.assets.restart_hours[mine], 0.0),
        idle_mw=1e-6 * np.maximum(links.p_nom_mw, 1e-9),
        bus=bus,
        draws=used & (gain < 0),
        gives=used & (gain > 0),
        step_hours=network.step_hours,
        inflow_bus=balance.row.astype(np.int64),
        inflow_column=balance.col.astype(np.int64),
        inflow_gain=balance.data,
    )


def standing(available: Floats, state: State) -> Floats:
    """Return availability with plants that are still restarting held at zero, (..., assets)."""
    return np.where(state.restart_hours > 1e-9, 0.0, available)


def short_buses(template: Template, dispatch: Dispatch) -> Bools:
    """Mark the buses where one more MWh would cost a shed: shape (..., buses).

    The marginal price there is at least that of the cheapest tier.
    """
    if template.price.size == 0:
        return np.zeros(dispatch.bus_price.shape, dtype=np.bool_)
    return np.asarray(dispatch.bus_price >= 0.999 * template.price.min())


def dead_buses(template: Template, plants: Plants, x: Floats) -> Bools:
    """Mark the buses that nothing reaches: shape (..., buses); ``x`` is the step's solution."""
    brought = np.maximum(x.take(plants.inflow_column, axis=-1) * plants.inflow_gain, 0.0)
    inflow = sum_by_place(brought, plants.inflow_bus, len(template.network.buses))
    return np.asarray(inflow <= 1e-6)


def next_restart(
    plants: Plants, state: State, available: Floats, *, link_mw: Floats, short: Bools, dead: Bools
) -> Floats:
    """Return hours each asset still needs after this step before it can run, (..., assets).

    A plant, that is a link from one carrier to another with restart hours, trips when it stands
    ready, is wanted and yet gives nothing, because a bus that it draws from (fuel, auxiliary power)
    is dead and short. Hours count down only while all buses that it draws from are alive.

    Parameters
    ----------
    available
        Shape (..., assets): what damage leaves.
    link_mw
        Shape (..., links): what the links gave.
    short, dead
        Shape (..., buses), from `short_buses` and `dead_buses`.

    **Leaves out**: partial trips, black start order.
    """
    mine = plants.links
    starved = ((dead & short).take(plants.bus, axis=-1) & plants.draws).any(axis=-1)
    wanted = (short.take(plants.bus, axis=-1) & plants.gives).any(axis=-1)
    idle = np.abs(link_mw) <= plants.idle_mw
    ready = (available[..., mine] > 0) & (plants.restart_hours > 0)
    left = state.restart_hours.copy()
    was = left[..., mine]
    counted = np.where(starved, was, np.maximum(was - plants.step_hours, 0.0))
    left[..., mine] = np.where(ready & idle & wanted & starved, plants.restart_hours, counted)
    return left
