"""The chain from a cold group back to what broke."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from keepwarm.season.record import Season

#: Share of its need from which a group counts as heated.
ENOUGH = 0.95


@dataclass(frozen=True)
class Cause:
    """One reason why a group got too little heat.

    ``path`` names the short buses from the group's own to the one where the asset would help.
    """

    asset: str  # empty where the bus has no supplier left to name
    kind: str  # out, derated, at its limit, empty, no supply
    missing_mw: float  # capacity that the asset would add there, MW
    path: tuple[str, ...]


@dataclass(frozen=True)
class Chain:
    """Why one group was cold at one hour."""

    group: str
    hour: int  # step index
    first_link: str  # no heat, no power at the substation, drained, frozen
    causes: tuple[Cause, ...]


#: What causes found for a bus in a step, once for all groups that hang on it.
_Known = dict[tuple[int, int], tuple["Cause", ...]]


def chains(season: Season) -> Iterator[Chain]:
    """Yield the chain of every group that lost heat, for the first step that brought too little.

    A group lost heat when it got under half of its need, or crossed a threshold, in any step.
    """
    short = season.heat_share < ENOUGH
    cold = np.isfinite(season.group_first_below_hour).any(axis=(0, 2))
    lost = short.any(axis=0) & (cold | (season.heat_share.min(axis=0, initial=1.0) < 0.5))
    known: _Known = {}
    for group in np.flatnonzero(lost).tolist():
        yield chain(season, group, int(short[:, group].argmax()), known)


def chain(season: Season, group: int, hour: int, known: _Known | None = None) -> Chain:
    """Trace one group's lack of heat in one step back to what broke.

    The walk starts at the group's heat bus, or at its feeder where only the substation's power is
    missing, and follows short buses upstream; it stops at assets that are out, derated, empty or
    at their limit. Largest missing capacity first.
    """
    buildings, known = season.case.buildings, {} if known is None else known

    def causes_at(bus: int) -> tuple[Cause, ...]:
        if (bus, hour) not in known:
            known[bus, hour] = causes(season, bus, hour)
        return known[bus, hour]

    name = buildings.group[group]
    heat_bus, power_bus = int(buildings.heat_bus[group]), int(buildings.power_bus[group])
    no_power = bool(
        buildings.substation_needs_power[group]
        and not buildings.backup[group]
        and power_bus >= 0
        and season.power_share[hour, group] < 0.5
    )
    if no_power and not season.short[hour, heat_bus]:
        return Chain(name, hour, "no power at the substation", causes_at(power_bus))
    found = causes_at(heat_bus) if heat_bus >= 0 else ()
    if not found and season.frozen[hour, group] > 0:
        return Chain(name, hour, "frozen", ())
    if not found and season.drained[hour, group] > 0:
        return Chain(name, hour, "drained", ())
    if not found and season.of_state("damaged")[hour, group] > 0:
        return Chain(name, hour, "leaking", ())
    return Chain(name, hour, "no heat", found)


def causes(season: Season, bus: int, hour: int) -> tuple[Cause, ...]:
    """Return why a bus is short in one step, largest missing capacity first.

    **Source**: short buses are those whose marginal price reaches that of the cheapest tier.
    **Leaves out**: how much each cause weighs when several must return together.
    """
    names, carriers = season.case.network.buses.name, season.case.network.buses.carrier
    short, price = season.short[hour].tolist(), season.bus_price[hour].tolist()
    span = season.template.price_span

    def cheaper(one: int, other: int) -> bool:
        """Whether a price is lower by more than the steps of one need."""
        return bool(price[one] * span < price[other])

    path_to: dict[int, tuple[str, ...]] = {bus: (names[bus],)}
    queue = deque([bus])
    found: dict[str, Cause] = {}
    while queue:
        here = queue.popleft()
        supplied = False
        for asset, kind, missing, upstream in _suppliers(season, here, hour):
            supplied = True
            # A way from a place that is as short as this one could bring nothing, whole or broken.
            passage = bool(upstream) and all(
                short[source] and carriers[source] == carriers[here] and not cheaper(source, here)
                for source in upstream
            )
            if kind and not passage:
                known = found.get(asset)
                if known is None or known.missing_mw < missing:
                    found[asset] = Cause(asset, kind, missing, path_to[here])
                continue
            for source in upstream:
                # Nor is a place of the same carrier that is dearer still a source of this one.
                dearer = carriers[source] == carriers[here] and cheaper(here, source)
                if short[source] and not dearer and source not in path_to:
                    path_to[source] = (*path_to[here], names[source])
                    queue.append(source)
        if not supplied:
            found[names[here]] = Cause("", "no supply", 0.0, path_to[here])
    broken = [c for c in found.values() if c.kind in ("out", "derated")]
    ranked = broken or list(found.values())
    return tuple(sorted(ranked, key=lambda c: (-c.missing_mw, c.asset)))


def _suppliers(
    season: Season, bus: int, hour: int
) -> Iterator[tuple[str, str, float, tuple[int, ...]]]:
    """Yield (asset, why it gives no more, MW missing, buses upstream); "" if it could give more."""
    network, row = season.case.network, season.first_row + hour
    available, at = season.available[hour], season.template.around[bus]
    generators, branches = network.generators, network.branches
    links, storages = network.links, network.storages
    for g in at.generators:
        top = generators.p_nom_mw[g] * generators.p_max_pu[row, g]
        yield _judge(generators.name[g], available[g], top, season.generator_mw[hour, g], ())
    offset = len(generators)
    for b, other, sign in at.branches:
        share = available[offset + b]
        into = season.flow_mw[hour, b] * sign
        yield _judge(
            branches.name[b], 0.0 if share < 1 else 1.0, branches.s_max_mw[b], into, (other,)
        )
    offset += len(branches)
    for link, gain, upstream in at.links:
        most = links.p_max_pu if gain > 0 else links.p_min_pu
        top = gain * links.p_nom_mw[link] * most[row, link]
        if top > 0:
            given = gain * season.link_mw[hour, link]
            yield _judge(links.name[link], available[offset + link], top, given, upstream)
    offset += len(links)
    for s in at.storages:
        if available[offset + s] < 1:
            yield storages.name[s], "out", float(season.discharge_mw[hour, s]), ()
        elif season.level_mwh[hour, s] <= storages.e_min_mwh[s] + 1e-6:
            yield storages.name[s], "empty", 0.0, ()


def _judge(
    name: str, available: float, top: float, given: float, upstream: tuple[int, ...]
) -> tuple[str, str, float, tuple[int, ...]]:
    if available < 1:
        return name, "out" if available <= 0 else "derated", float(top * (1 - available)), upstream
    if given >= top * (1 - 1e-6):
        return name, "at its limit", 0.0, upstream
    return name, "", 0.0, upstream
