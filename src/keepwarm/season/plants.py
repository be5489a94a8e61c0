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


def dead_buses(template: Template, x: Floats) -> Bools:
    """Mark the buses that nothing reaches: shape (buses,); ``x`` is the step's solution."""
    columns = template.columns
    sources = template.matrix[: len(template.network.buses), : columns.spill.start]
    inflow = sources.multiply(x[: columns.spill.start]).maximum(0.0).sum(axis=1)
    return np.asarray(inflow).ravel() <= 1e-6


def next_restart(
    template: Template, state: State, available: Floats, dispatch: Dispatch, dead: Bools
) -> Floats:
    """Return hours each asset still needs after this step before it can run, (assets,).

    A plant, that is a link from one carrier to another with restart hours, trips when it stands
    ready, is wanted and yet gives nothing, because a bus that it draws from (fuel, auxiliary power)
    is dead and short. Hours count down only while all buses that it draws from are alive.

    Parameters
    ----------
    available
        Shape (assets,): what damage leaves.
    dead
        Shape (buses,), from `dead_buses`.

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
    starved = np.any((dead & short)[bus] & used & (gain < 0), axis=1)
    wanted = np.any(short[bus] & used & (gain > 0), axis=1)
    idle = np.abs(dispatch.link_mw) <= 1e-6 * np.maximum(links.p_nom_mw, 1e-9)
    carriers = np.array(network.buses.carrier)[bus[:, :2]]
    plant = (carriers[:, 0] != carriers[:, 1]) & (restart[mine] > 0)
    tripped = (available[mine] > 0) & plant & idle & wanted & starved
    left = state.restart_hours.copy()
    counted = np.where(starved, left[mine], np.maximum(left[mine] - network.step_hours, 0.0))
    left[mine] = np.where(tripped, restart[mine], counted)
    return left
