"""How a heat bus shares what it got, sample by sample, by compiled loops."""

from __future__ import annotations

from typing import NamedTuple

from keepwarm.case.nouns import Floats, Ints
from keepwarm.compiled import compiled, inlined
from keepwarm.season.dispatch_steps import served_share

#: Need below which nothing is asked for, MW.
_NOTHING = 1e-9


class Sharing(NamedTuple):
    """Who hangs where, and who is cut first."""

    bus: Ints  # (groups,): heat bus, -1 for none
    safe_need: Ints  # (groups,)
    comfort_need: Ints  # (groups,)
    heat_bus: Ints  # (needs,): bus of a need of a heat tier, -1 for other tiers
    water_first: bool  # hot water is cut before homes
    listed_at: Ints  # (orders + 1,): where the listed groups of each order begin
    listed: Ints  # groups, the first to be cut first
    rest_at: Ints  # (orders + 1,)
    rest: Ints  # the other groups of the bus


class Given(NamedTuple):
    """What a step asked for and what the network shed, rows of samples."""

    safe_mw: Floats  # (samples, groups)
    comfort_mw: Floats
    connected_mw: Floats
    full_mw: Floats
    accepting: Floats
    need_mw: Floats  # (samples, needs)
    shed_mw: Floats


class Shares(NamedTuple):
    """What groups received, each of shape (samples, groups)."""

    of_full: Floats  # share of the full need
    of_asked: Floats  # share of what buildings asked for that are connected and have power
    of_connected: Floats  # share of what connected buildings need


class Desk(NamedTuple):
    """Work space of one sample."""

    asked: Floats  # (buses,): of groups
    got: Floats
    need: Floats  # of all loads in heat tiers
    shed: Floats
    wanted: Floats  # (groups,)
    received: Floats
    share: Floats


@compiled
def share_out(sharing: Sharing, given: Given, desk: Desk, shares: Shares) -> None:
    """Share out what each heat bus got; groups without one receive all."""
    for s in range(given.safe_mw.shape[0]):
        _add_up(sharing, given, desk, s)
        _by_bus(sharing, desk)
        for order in range(sharing.listed_at.size - 1):
            _cut_in_order(sharing, desk, order)
        for g in range(sharing.bus.size):
            of_full = of_asked = of_connected = 1.0
            if sharing.bus[g] >= 0:
                got = desk.received[g]
                of_full = _part(got, given.full_mw[s, g], desk.share[g])
                of_asked = _part(got, desk.wanted[g], desk.share[g])
                of_connected = _part(got, given.connected_mw[s, g], desk.share[g])
            shares.of_full[s, g] = of_full
            shares.of_asked[s, g] = of_asked
            shares.of_connected[s, g] = of_connected
        for k in range(sharing.listed.size):
            g = sharing.listed[k]
            # A listed group that asks nothing would be the first to go without in a shortage.
            if desk.wanted[g] <= _NOTHING and desk.share[g] < 1 - 1e-6:
                shares.of_asked[s, g] = 0.0


@inlined
def _part(got: float, need: float, otherwise: float) -> float:
    return served_share(got, need) if need > _NOTHING else otherwise


@inlined
def _add_up(sharing: Sharing, given: Given, desk: Desk, s: int) -> None:
    """Add up by bus what groups want, what their needs got, and all loads in heat tiers."""
    need, shed = given.need_mw[s], given.shed_mw[s]
    for b in range(desk.asked.size):
        desk.asked[b] = desk.got[b] = desk.need[b] = desk.shed[b] = 0.0
    for n in range(need.size):
        b = sharing.heat_bus[n]
        if b >= 0:
            desk.need[b] += need[n]
            desk.shed[b] += shed[n]
    for g in range(sharing.bus.size):
        b, desk.wanted[g] = sharing.bus[g], 0.0
        if b < 0:
            continue
        safe = given.safe_mw[s, g] * given.accepting[s, g]
        comfort = given.comfort_mw[s, g] * given.accepting[s, g]
        one, other = sharing.safe_need[g], sharing.comfort_need[g]
        desk.wanted[g] = safe + comfort
        desk.asked[b] += safe + comfort
        desk.got[b] += safe * _part(need[one] - shed[one], need[one], 1.0)
        desk.got[b] += comfort * _part(need[other] - shed[other], need[other], 1.0)


@inlined
def _by_bus(sharing: Sharing, desk: Desk) -> None:
    """Give every group the same share of what it wants as all others on its bus."""
    for b in range(desk.asked.size):
        asked, served = desk.asked[b], desk.need[b] - desk.shed[b]
        got = min(asked, served) if sharing.water_first else desk.got[b]
        # Where nobody asks, what the bus gives to its least need says whether there is any heat.
        desk.got[b] = got / asked if asked > _NOTHING else _part(served, desk.need[b], 1.0)
    for g in range(sharing.bus.size):
        b = sharing.bus[g]
        desk.share[g] = desk.got[b] if b >= 0 else 1.0
        desk.received[g] = desk.wanted[g] * desk.share[g]


@inlined
def _cut_in_order(sharing: Sharing, desk: Desk, order: int) -> None:
    """Hand what a bus got to its groups as the case declares: the first is cut first.

    Groups that are not listed are served before them, in proportion to their need.
    """
    received, wanted = desk.received, desk.wanted
    first, last = sharing.listed_at[order], sharing.listed_at[order + 1]
    begin, end = sharing.rest_at[order], sharing.rest_at[order + 1]
    left, total = 0.0, 0.0
    for k in range(first, last):
        left += received[sharing.listed[k]]
    for k in range(begin, end):
        left += received[sharing.rest[k]]
        total += wanted[sharing.rest[k]]
    share = min(1.0, left / total) if total > 0.0 else 0.0
    for k in range(begin, end):
        g = sharing.rest[k]
        received[g] = wanted[g] * share
        left -= received[g]
    for k in range(last - first):
        g = sharing.listed[last - 1 - k]
        received[g] = min(wanted[g], left)
        left -= received[g]
