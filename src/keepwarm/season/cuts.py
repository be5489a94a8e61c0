"""Which parts of a network can be short, and how much each can lose before it is.

Buses that links or branches join are an *island*. Three kinds of island are told apart:

- *One bus*: a step is without shortage if what stands there covers its need. What is short is shed
  by price.
- *Up to `MOST_BUSES` buses, joined without loops or losses*: it is if every connected set of them
  has enough with what can flow into it (Gale, Hoffman). Else the program is solved.
- *Any other, where most steps could do without* (areas with plants of their own, joined by lines in
  loops): it is if every bus covers its own need, so that nothing has to flow. Else the program is
  solved.
- *Any other* (conversion, many buses without sources): it is if nothing on the island is out and
  the program sheds nothing then. Else the program is solved.

**Source**: D. Gale, "A theorem on flows in networks", Pacific J. Math. 7, 1957.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.network import Template
from keepwarm.season.corridor import Corridor
from keepwarm.season.screening import BY_PRICE, BY_PROGRAM, Hours, Prices, Screen

#: Buses of an island whose connected sets are all looked at: 255 of them at most.
MOST_BUSES = 8

#: Share of the cheapest price that serving a need may cost: beyond it, being served is not certain.
_WORTH = 0.99

#: So many times the costs of sources may differ before shedding could pay under the loop law.
_DETOUR = 50.0

#: What an island that no cut decides can lose, and what it loses with any asset: so much more that
#: a billionth of one breaks it, yet sums of it go back to nothing.
_HAIR_MW, _BREAKS_MW = 1e-3, 1e6


def why_tied(corridor: Corridor) -> str:
    """Say what ties the steps of a case together; nothing where they are independent."""
    network = corridor.case.network
    if corridor.groups:
        return "homes cool from step to step"
    if (network.storages.e_max_mwh > 0).any():
        return "stores carry energy from step to step"
    if corridor.plants.any and (corridor.plants.restart_hours > 0).any():
        return "plants that trip need hours to return"
    if corridor.surge > 0 and (corridor.bus_power_need >= 0).any():
        return "feeders that come back draw more than their need (pickup.factor)"
    return ""


@dataclass(frozen=True)
class Cut:
    """A part of the network: its margin, and what it loses with each asset."""

    margin: Floats  # (steps,)
    how: int
    asset: Ints
    lost_mw: Floats


@dataclass(frozen=True)
class _Flow:
    """A way between two buses, and what it can carry each way, (steps,) where it stands."""

    asset: int
    bus: tuple[int, int]
    forward_mw: Floats
    back_mw: Floats


def hours_of(corridor: Corridor, first: int, steps: int) -> Hours:
    """Lay out what steps bring, for compiled loops."""
    network, rows = corridor.case.network, slice(first, first + steps)
    generators, links = network.generators, network.links
    return Hours(
        generator_low=generators.p_nom_mw * generators.p_min_pu[rows],
        generator_high=generators.p_nom_mw * generators.p_max_pu[rows],
        link_low=links.p_nom_mw * links.p_min_pu[rows],
        link_high=links.p_nom_mw * links.p_max_pu[rows],
        inflow_mw=np.ascontiguousarray(network.storages.inflow_mw[rows]),
        need_mw=np.ascontiguousarray(corridor.base_need_mw[rows]),
    )


def islands(template: Template) -> Ints:
    """Return the island of each bus, (buses,): buses that any link or branch joins."""
    network = template.network
    ends = [np.stack([network.branches.bus0, network.branches.bus1])]
    bus = network.links.bus
    for port in range(1, bus.shape[1]):
        used = bus[:, port] >= 0
        ends.append(np.stack([bus[used, 0], bus[used, port]]))
    one, other = np.concatenate(ends, axis=1)
    size = len(network.buses)
    graph = coo_array((np.ones(one.size), (one, other)), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def cuts_of(
    corridor: Corridor, hours: Hours, standing: Floats, short: Bools
) -> tuple[list[Cut], Ints]:
    """Return all cuts of a case, and the buses that are islands of their own.

    Parameters
    ----------
    hours
        From `hours_of`.
    standing
        Shape (steps, assets): what stands in every sample.
    short
        Shape (steps, needs): what is shed where nothing else is out.
    """
    template = corridor.template
    island, needs = islands(template), template.needs
    cuts: list[Cut] = []
    alone: list[int] = []
    for at in np.unique(island[needs.bus]).tolist():
        buses = np.flatnonzero(island == at)
        ways = _ways(template, hours, buses)
        if ways is None or not _worth_serving(template, hours, buses):
            own = _by_themselves(template, hours, standing, buses)
            here = np.isin(needs.bus, buses)
            any_short = np.asarray(short[:, here].any(axis=1))
            cuts += own or [_undecided(template, buses, any_short)]
        elif buses.size == 1:
            alone.append(int(buses[0]))
            cuts.append(_cut(template, hours, standing, buses, ways, BY_PRICE))
        else:
            cuts += [
                _cut(template, hours, standing, part, ways, BY_PROGRAM)
                for part in _connected(buses, ways)
                if np.isin(needs.bus, part).any()
            ]
    return cuts, np.array(alone, dtype=np.int64)


def screen_of(cuts: list[Cut], template: Template, steps: int) -> Screen:
    """Lay cuts out for compiled loops."""
    network, count = template.network, len(template.network.assets)
    asset = np.concatenate([np.zeros(0, dtype=np.int64), *(cut.asset for cut in cuts)])
    lost = np.concatenate([np.zeros(0), *(cut.lost_mw for cut in cuts)])
    which = np.repeat(np.arange(len(cuts)), [cut.asset.size for cut in cuts])
    order = np.argsort(asset, kind="stable")
    margin = np.array([cut.margin for cut in cuts]).reshape(-1, steps)
    whole = np.zeros(count, dtype=np.bool_)
    whole[len(network.generators) :][: len(network.branches)] = True
    return Screen(
        margin=margin,
        least=margin.min(axis=1),
        how=np.array([cut.how for cut in cuts], dtype=np.int8),
        first=np.searchsorted(asset[order], np.arange(count + 1)),
        cut=which[order],
        lost_mw=lost[order],
        whole=whole,
    )


def prices_of(template: Template, alone: Ints) -> Prices:
    """Lay out who is shed first at buses that are islands of their own."""
    needs, rungs = template.needs, template.steps
    price = template.perturbed_cost[template.columns.shed].reshape(len(needs), rungs)
    sources = [np.flatnonzero(template.network.generators.bus == bus) for bus in alone.tolist()]
    ladders = []
    for bus in alone.tolist():
        here = np.flatnonzero(needs.bus == bus)
        ladders.append(np.repeat(here, rungs)[np.argsort(price[here].ravel(), kind="stable")])
    return Prices(*_listed(sources), *_listed(ladders))


def _listed(parts: list[Ints]) -> tuple[Ints, Ints]:
    first = np.concatenate([[0], np.cumsum([part.size for part in parts])]).astype(np.int64)
    return first, np.concatenate([np.zeros(0, dtype=np.int64), *parts]).astype(np.int64)


def _ways(template: Template, hours: Hours, buses: Ints) -> list[_Flow] | None:
    """Return the ways within an island; None where cuts do not decide what can be served."""
    network = template.network
    branches, links = network.branches, network.links
    if buses.size > MOST_BUSES or np.isin(network.storages.bus, buses).any():
        return None
    if (hours.need_mw[:, np.isin(template.needs.bus, buses)] < 0).any():
        return None
    inside = np.isin(branches.bus0, buses)
    if inside[template.looped].any():
        return None
    ways, after = [], len(network.generators)
    for b in np.flatnonzero(inside).tolist():
        most = np.full(len(hours.need_mw), branches.s_max_mw[b])
        ways.append(_Flow(after + b, (int(branches.bus0[b]), int(branches.bus1[b])), most, most))
    after += len(branches)
    for k in np.flatnonzero(np.isin(links.bus[:, 0], buses)).tolist():
        low, high = hours.link_low[:, k], hours.link_high[:, k]
        earns = (low < 0).any() and links.marginal_cost[k] != 0
        plain = links.efficiency[k, 0] == 1 and (links.bus[k, 2:] < 0).all()
        if not plain or earns or links.marginal_cost[k] < 0 or (low > 0).any() or (high < 0).any():
            return None
        ways.append(_Flow(after + k, (int(links.bus[k, 0]), int(links.bus[k, 1])), high, -low))
    return ways


def _worth_serving(template: Template, hours: Hours, buses: Ints) -> bool:
    """Whether no need is cheaper to shed than to serve from anywhere on the island."""
    network = template.network
    sources = np.isin(network.generators.bus, buses)
    cost, high = network.generators.marginal_cost[sources], hours.generator_high[:, sources]
    if (cost < 0).any() or (high < 0).any() or (hours.generator_low[:, sources] > high).any():
        return False
    on_the_way = network.links.marginal_cost[np.isin(network.links.bus[:, 0], buses)].sum()
    cheapest = template.price[np.isin(template.needs.bus, buses)].min()
    return bool(cost.max(initial=0.0) + on_the_way + 1.0 < _WORTH * cheapest)


def _by_themselves(template: Template, hours: Hours, standing: Floats, buses: Ints) -> list[Cut]:
    """Return a cut around each bus that needs anything, if most steps clear all of them.

    Nothing has to flow then, which every network allows. None are returned where links convert or
    must flow, nor where sources differ so much in cost that shedding might pay for a detour: under
    the loop law a MWh less in one place may save several in another, but hardly `_DETOUR`.
    """
    network, needs = template.network, template.needs
    links = network.links
    mine = np.flatnonzero(np.isin(links.bus, buses).any(axis=1))
    plain = (links.efficiency[mine, 0] == 1).all() and (links.bus[mine, 2:] < 0).all()
    stays = (hours.link_low[:, mine] <= 0).all() and (hours.link_high[:, mine] >= 0).all()
    here = np.isin(needs.bus, buses)
    if not plain or not stays or (hours.need_mw[:, here] < 0).any():
        return []
    sources = np.isin(network.generators.bus, buses)
    cost = network.generators.marginal_cost[sources]
    spread = float(np.ptp(cost)) if cost.size else 0.0
    detour = _DETOUR * (spread + float(np.abs(links.marginal_cost[mine]).sum()))
    cheapest = template.price[here].min()
    if not _worth_serving(template, hours, buses) or detour >= _WORTH * cheapest:
        return []
    where = np.unique(needs.bus[here]).tolist()
    cuts = [_cut(template, hours, standing, np.array([b]), [], BY_PROGRAM) for b in where]
    clear = np.all([cut.margin >= 0 for cut in cuts], axis=0)
    return cuts if clear.mean() > 0.5 else []


def _connected(buses: Ints, ways: list[_Flow]) -> list[Ints]:
    """Return every connected set of the buses of an island."""
    at = {bus: k for k, bus in enumerate(buses.tolist())}
    near = [0] * buses.size
    for way in ways:
        one, other = at[way.bus[0]], at[way.bus[1]]
        near[one] |= 1 << other
        near[other] |= 1 << one
    found = []
    for members in range(1, 1 << buses.size):
        reached = members & -members
        while True:
            wider = reached
            for k in range(buses.size):
                if reached >> k & 1:
                    wider |= near[k] & members
            if wider == reached:
                break
            reached = wider
        if reached == members:
            found.append(buses[[k for k in range(buses.size) if members >> k & 1]])
    return found


def _cut(
    template: Template, hours: Hours, standing: Floats, part: Ints, ways: list[_Flow], how: int
) -> Cut:
    """Return the cut around some buses: sources in it and ways into it against its needs."""
    generators, needs = template.network.generators, template.needs
    sources = np.flatnonzero(np.isin(generators.bus, part))
    made = hours.generator_high[:, sources]
    margin = (made * standing[:, sources]).sum(axis=1)
    asset, lost = [sources], [made.max(axis=0)]
    inside = set(part.tolist())
    for way in ways:
        one, other = way.bus[0] in inside, way.bus[1] in inside
        if one != other:
            most = way.forward_mw if other else way.back_mw
            margin += most * _share(template, standing, way.asset)
            asset.append(np.array([way.asset]))
            lost.append(np.array([most.max()]))
    margin -= hours.need_mw[:, np.isin(needs.bus, part)].sum(axis=1)
    return Cut(margin, how, np.concatenate(asset), np.concatenate(lost))


def _share(template: Template, standing: Floats, asset: int) -> Floats:
    """Return what stands of a way; a branch is in or out."""
    first = len(template.network.generators)
    share = standing[:, asset]
    if first <= asset < first + len(template.network.branches):
        share = np.where(share >= 1.0, 1.0, 0.0)
    return np.asarray(share)


def _undecided(template: Template, buses: Ints, short: Bools) -> Cut:
    """Return the cut that any outage on an island breaks."""
    network = template.network
    at = np.concatenate(
        [
            network.generators.bus,
            network.branches.bus0,
            network.links.bus[:, 0],
            network.storages.bus,
        ]
    )
    asset = np.flatnonzero(np.isin(at, buses))
    margin = np.where(short, -1.0, _HAIR_MW)
    return Cut(margin, BY_PROGRAM, asset, np.full(asset.size, _BREAKS_MW))
