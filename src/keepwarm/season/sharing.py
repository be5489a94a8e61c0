"""What groups receive of the heat that their bus got."""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import Bools, Floats
from keepwarm.network import sum_by_place
from keepwarm.season.corridor import Corridor
from keepwarm.season.heating import HeatNeed
from keepwarm.season.sharing_steps import Desk, Given, Shares, share_out
from keepwarm.season.state import share_of, share_served


def shared_heat(
    corridor: Corridor,
    heat: HeatNeed,
    accepting: Floats,
    *,
    need_mw: Floats,
    shed_mw: Floats,
) -> Shares:
    """Share out what each heat bus got.

    A bus lowers the temperature for all who are connected, so that each gets the same share of what
    it asks; where ``sharing.order`` lists groups of the bus, they are cut instead, the first first.
    Groups without a heat bus heat themselves by means outside the case and receive all.

    Parameters
    ----------
    accepting
        Shape (samples, groups): share of the group whose own substation runs.
    need_mw, shed_mw
        What the network was asked for and what it shed, (samples, needs); loads of the case on the
        same bus and tier (hot water) share a shortage alike.
    """
    shape, buses = heat.full_mw.shape, len(corridor.case.network.buses)
    given = Given(
        heat.safe_mw,
        heat.comfort_mw,
        heat.connected_mw,
        heat.full_mw,
        accepting,
        need_mw,
        shed_mw,
    )
    shares = Shares(*np.empty((3, *shape)))
    desk = Desk(*np.empty((4, buses)), *np.empty((3, shape[-1])))
    share_out(corridor.sharing, given, desk, shares)
    return shares


def received_shares(
    on_bus: Bools, heat: HeatNeed, received_mw: Floats, share: Floats, of_asked: Floats
) -> Shares:
    """Return what groups received as shares; ``share`` stands where nothing is needed."""
    of_full, of_connected = (
        np.where(need > 1e-9, share_of(received_mw, need), share)
        for need in (heat.full_mw, heat.connected_mw)
    )
    return Shares(*(np.where(on_bus, each, 1.0) for each in (of_full, of_asked, of_connected)))


def bus_open_share(corridor: Corridor, need_mw: Floats, shed_mw: Floats) -> Floats:
    """Return the share of heat need that each bus gets, the probe included, (samples, buses)."""
    place, count = corridor.heat_place, len(corridor.case.network.buses)
    return share_served(sum_by_place(shed_mw, place, count), sum_by_place(need_mw, place, count))
