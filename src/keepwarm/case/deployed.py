"""A case with the mobile generators and boilers of a plan standing at its buses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from keepwarm.case.nouns import Assets, Case, Damage, Floats, Generators, Network
from keepwarm.case.plan import Deployment, Plan
from keepwarm.case.times import share_of_steps

#: Carrier of the bus that a kind of unit feeds.
FEEDS = {"generator": "power", "boiler": "heat"}

#: Price of what mobile units make, currency per MWh: dearer than any source of a network, cheaper
#: than to cut anybody.
MARGINAL_COST = 380.0


def with_deployments(case: Case, damage: Damage, plan: Plan) -> tuple[Case, Damage]:
    """Return a case and its damage list with a plan's units as generators at their buses.

    Parameters
    ----------
    case : Case
    damage : tuple of DamageRow
        Rows are re-numbered: the new generators stand before branches, links and stores.
    plan : Plan
        Deployments of generators and boilers to buses; each works from its ``begin`` to its
        ``end``, the step's share where they lie within a step. Those to building groups run pumps,
        which is the season's affair; warming points and tankers change no network.

    **Leaves out**: losses of power on the way; fuel, which is on the list a dispatcher gets.
    """
    buses = {name: at for at, name in enumerate(case.network.buses.name)}
    sent = [
        one
        for one in plan.deployments
        if one.target in buses
        and case.network.buses.carrier[buses[one.target]] == FEEDS.get(one.kind)
    ]
    if not sent:
        return case, damage
    network = case.network
    old, count = len(network.generators), len(sent)
    taken = set(network.assets.name)
    names = [_free_name(f"{one.unit} at {one.target}", taken) for one in sent]
    generators = _with(network, [buses[one.target] for one in sent], sent, names)
    moved = replace(network, generators=generators, assets=_assets(network, sent, names, buses))
    rows = tuple(
        replace(row, asset=row.asset + count) if row.asset >= old else row for row in damage
    )
    return replace(case, network=moved), rows


def _free_name(name: str, taken: set[str]) -> str:
    number, free = 2, name
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    taken.add(free)
    return free


def _with(
    network: Network, buses: list[int], sent: list[Deployment], names: list[str]
) -> Generators:
    old = network.generators
    times, dt = network.snapshots, network.step_hours
    share = np.stack([share_of_steps(times, dt, one.begin, one.end) for one in sent], axis=1)
    return Generators(
        name=(*old.name, *names),
        bus=np.concatenate([old.bus, np.array(buses, dtype=np.int64)]),
        p_nom_mw=np.concatenate([old.p_nom_mw, [one.capacity_mw for one in sent]]),
        p_min_pu=np.concatenate([old.p_min_pu, np.zeros_like(share)], axis=1),
        p_max_pu=np.concatenate([old.p_max_pu, share], axis=1),
        marginal_cost=np.concatenate([old.marginal_cost, np.full(len(sent), MARGINAL_COST)]),
    )


def _assets(
    network: Network, sent: list[Deployment], names: list[str], buses: dict[str, int]
) -> Assets:
    old, at = network.assets, len(network.generators)

    def put(values: Floats, new: float) -> Floats:
        return np.insert(values, at, np.full(len(sent), new))

    def texts(values: tuple[str, ...], new: list[str]) -> tuple[str, ...]:
        return (*values[:at], *new, *values[at:])

    none = [""] * len(sent)
    regions = [int(network.buses.region[buses[one.target]]) for one in sent]
    return Assets(
        name=texts(old.name, names),
        kind=texts(old.kind, ["generator"] * len(sent)),
        region=np.insert(old.region, at, np.array(regions, dtype=np.int64)),
        asset_class=texts(old.asset_class, [f"mobile_{one.kind}" for one in sent]),
        repair_hours=put(old.repair_hours, np.nan),
        restart_hours=put(old.restart_hours, 0.0),
        mttf_hours=put(old.mttf_hours, np.nan),
        mttr_hours=put(old.mttr_hours, np.nan),
        crew=texts(old.crew, none),
        spare=texts(old.spare, none),
    )
