"""What a stored MWh that is kept back for critical needs is worth.

A reserve is held by its price alone: dearer than what any lower tier would pay for it, cheaper than
what a critical need would. Both depend on what stands between the store and the need: a MWh of
diesel behind a 40 % generator is worth 0.4 MWh of power.
"""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import TIERS, Bools, Floats, Network

CRITICAL = TIERS.index("critical")

#: How far below the critical tier's bid a reserve stays where a lower tier bids as much.
_JUST_BELOW = 0.999


def reserve_price(network: Network, bids: Floats) -> tuple[Floats, Bools]:
    """Return the price of discharging a reserve, and which storages have one to hold.

    Parameters
    ----------
    network
        The network, undamaged.
    bids
        Shape (tiers, buses): the most that a need of that tier at that bus pays for a MWh there, 0
        where there is none.

    Returns
    -------
    price : array (storages,)
        Currency per MWh taken from the bus of the storage: between the best bid of a lower tier and
        that of a critical need, wherever there is room between them.
    useful : array (storages,)
        Whether any critical need can be reached from the storage.

    **Leaves out**: the other products of a plant with several outputs, limits on the way.
    """
    worth = np.array([_passed_back(network, tier) for tier in bids])
    critical = worth[CRITICAL, network.storages.bus]
    lower = np.delete(worth, CRITICAL, axis=0)[:, network.storages.bus].max(axis=0, initial=0.0)
    between = np.sqrt(np.maximum(lower, 1.0) * critical)
    return np.where(lower < critical, between, _JUST_BELOW * critical), critical > 0


def _passed_back(network: Network, bid: Floats) -> Floats:
    """Return what a MWh at each bus is worth when it may pass through links and branches."""
    worth, links, branches = bid.copy(), network.links, network.branches
    for _ in range(len(worth)):  # no way is longer than that
        before = worth.copy()
        np.maximum.at(worth, branches.bus0, before[branches.bus1])
        np.maximum.at(worth, branches.bus1, before[branches.bus0])
        for port in range(1, links.bus.shape[1]):
            used = links.bus[:, port] >= 0
            gained = links.efficiency[used, port - 1] * before[links.bus[used, port]]
            np.maximum.at(worth, links.bus[used, 0], gained)
        if np.array_equal(worth, before):
            break
    return worth
