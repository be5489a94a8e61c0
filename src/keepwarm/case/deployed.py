"""A case with the mobile generators and boilers of a plan standing at its buses."""

from __future__ import annotations

from dataclasses import replace

from keepwarm.case.additions import NewGenerator, with_added
from keepwarm.case.nouns import Case, Damage
from keepwarm.case.plan import Plan
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
    times, dt = network.snapshots, network.step_hours
    new = [
        NewGenerator(
            name=f"{one.unit} at {one.target}",
            bus=buses[one.target],
            p_nom_mw=one.capacity_mw,
            available=share_of_steps(times, dt, one.begin, one.end),
            marginal_cost=MARGINAL_COST,
            asset_class=f"mobile_{one.kind}",
        )
        for one in sent
    ]
    moved, place = with_added(network, new)
    rows = tuple(
        replace(row, asset=int(place[row.asset])) if row.asset >= 0 else row for row in damage
    )
    return replace(case, network=moved), rows
