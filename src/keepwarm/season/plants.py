"""Plants that tripped need hours, and inputs that are alive, before they run again."""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import Bools, Floats
from keepwarm.network import Dispatch, Template
from keepwarm.season.state import State


def standing(available: Floats, state: State) -> Floats:
    """Return availability with plants that are still restarting held at zero, (assets,)."""
    return np.where(state.restart_hours > 1e-9, 0.0, available)


def short_buses(template: Template, dispatch: Dispatch) -> Bools:
    """Mark the buses where one more MWh would cost a shed: shape (buses,).

    The marginal price there is at least that of the cheapest tier.
    """
    if template.price.size == 0:
        return np.zeros(len(template.network.buses), dtype=np.bool_)
    return np.asarray(dispatch.bus_price >= 0.999 * template.price.min())


def next_restart(template: Template, state: State, available: Floats, dispatch: Dispatch) -> Floats:
    """Return hours each asset still needs after this step before it can run, (assets,).

    A link with restart hours trips when it stands ready, is wanted and yet gives nothing, because
    a bus that it draws from (fuel, auxiliary power) is short. Hours count down only while all
    buses that it draws from are alive.

    **Leaves out**: partial trips, black start order.
    """
    network = template.network
    links, restart = network.links, network.assets.restart_hours
    first = len(network.generators) + len(network.branches)
    mine = slice(first, first + len(links))
    short = short_buses(template, dispatch)
    bus = np.maximum(links.bus, 0)
    gain = np.hstack([np.full((len(links), 1), -1.0), links.efficiency])
    used = links.bus >= 0
    starved = np.any(short[bus] & used & (gain < 0), axis=1)
    wanted = np.any(short[bus] & used & (gain > 0), axis=1)
    idle = np.abs(dispatch.link_mw) <= 1e-6 * np.maximum(links.p_nom_mw, 1e-9)
    tripped = (available[mine] > 0) & (restart[mine] > 0) & idle & wanted & starved
    left = state.restart_hours.copy()
    counted = np.where(starved, left[mine], np.maximum(left[mine] - network.step_hours, 0.0))
    left[mine] = np.where(tripped, restart[mine], counted)
    return left
