"""How a plan steers the ordinary step: stores are told what to do, groups what to ask for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from keepwarm.case.nouns import Bools, Floats
from keepwarm.network import Bounds, Template, sum_by_place
from keepwarm.season.corridor import Corridor
from keepwarm.season.heating import HeatNeed
from keepwarm.season.sharing import bus_open_share, received_shares
from keepwarm.season.sharing_steps import Shares
from keepwarm.season.state import share_of

#: How much dearer energy must be than what a store holds is to the plan before the store gives more
#: than was planned: more than the plan's inertia and a tier's rising steps, less than tiers lie
#: apart.
DEARER = 1.2


@dataclass(frozen=True)
class Steer:
    """What a plan tells one step."""

    charge_mw: Floats  # (storages,)
    discharge_mw: Floats  # (storages,)
    worth_per_mwh: Floats  # (storages,): what a MWh in store is worth to the plan
    heat_w_per_m2: Floats  # (groups,): per m2 of floor that can take heat
    critical_shed_mw: float  # of all critical needs, as planned


def steered_bounds(
    template: Template, bounds: Bounds, steer: Steer, opened: Bools | None = None
) -> Bounds:
    """Return the bounds of a step whose stores do as planned, as far as they can.

    Parameters
    ----------
    opened
        Shape (samples, storages): stores that may give more, and take less, than was planned.
    """
    columns, lower, upper = template.columns, bounds.lower.copy(), bounds.upper.copy()
    charge = np.minimum(steer.charge_mw, upper[..., columns.charge])
    above = upper[..., columns.discharge].copy()
    discharge = np.minimum(steer.discharge_mw, above + upper[..., columns.reserve])
    for block, planned in ((columns.charge, charge), (columns.discharge, discharge)):
        lower[..., block] = upper[..., block] = np.maximum(planned, 0.0)
    upper[..., columns.reserve] = 0.0
    if opened is not None:
        more = np.maximum(upper[..., columns.discharge], above)
        upper[..., columns.discharge] = np.where(opened, more, upper[..., columns.discharge])
        lower[..., columns.charge] = np.where(opened, 0.0, lower[..., columns.charge])
    return Bounds(lower, upper, bounds.rhs)


def worth_opening(template: Template, bus_price: Floats, steer: Steer) -> Bools:
    """Mark the stores whose energy is needed more now than the plan took for granted.

    A plan takes feeders, heaters and returning plants to be as the step rule would have them. Where
    it serves more, more is needed than it counted; stores held to the plan would let others pay.

    Parameters
    ----------
    bus_price
        Shape (samples, buses): of the step with its stores held to the plan.

    Returns
    -------
    Bools
        Shape (samples, storages).
    """
    storages = template.network.storages
    gives = bus_price.take(storages.bus, axis=-1) * storages.efficiency_dispatch
    return np.asarray(gives > DEARER * np.maximum(steer.worth_per_mwh, 0.0) + 1e-6)


def steered_heat(corridor: Corridor, heat: HeatNeed, steer: Steer) -> HeatNeed:
    """Return what groups ask for under a plan.

    A plan may withhold a part of what the set-points ask for (``granted`` says how much is left),
    or heat ahead of a shortage beyond them. Each band gets the same multiple of its own need.
    """
    floor_m2 = corridor.case.buildings.floor_area_m2 * 1e-6
    on_bus = corridor.safe_need >= 0
    asked = heat.safe_mw + heat.comfort_mw
    planned = np.where(on_bus, steer.heat_w_per_m2 * floor_m2 * heat.asking, asked)
    planned = np.where(on_bus, np.minimum(planned, np.maximum(heat.most_mw, asked)), asked)
    some = asked > 1e-9
    times = np.where(some, planned / np.maximum(asked, 1e-9), 1.0)
    ahead = np.where(~some & (planned > 1e-9), steer.heat_w_per_m2, 0.0)
    more, group = np.maximum(times, 1.0), corridor.homes.group
    safe = np.minimum(heat.safe_mw, planned)
    return replace(
        heat,
        comfort_w_per_m2=heat.comfort_w_per_m2 * more[:, None, group] + ahead[:, None, group],
        safe_mw=safe,
        comfort_mw=planned - safe,
        connected_mw=heat.connected_mw * more + ahead * floor_m2 * heat.asking,
        full_mw=heat.full_mw * more + ahead * floor_m2,
        granted=np.minimum(times, 1.0),
    )


def planned_shares(
    corridor: Corridor, heat: HeatNeed, accepting: Floats, *, need_mw: Floats, shed_mw: Floats
) -> Shares:
    """Share out what each heat bus got under a plan: groups before loads on the bus (hot water).

    The plan has already decided who is to get how much, so that nobody is cut in an order; where a
    bus gets less than was planned, all of its groups get the same share.
    """
    bus, count = corridor.case.buildings.heat_bus, len(corridor.case.network.buses)
    on_bus = bus >= 0
    wanted = np.where(on_bus, (heat.safe_mw + heat.comfort_mw) * accepting, 0.0)
    served = sum_by_place(need_mw - shed_mw, corridor.heat_place, count)
    asked = sum_by_place(wanted, bus, count)
    open_share = bus_open_share(corridor, need_mw, shed_mw)
    share = np.where(asked > 1e-9, share_of(served, asked), open_share)
    share = share.take(np.maximum(bus, 0), axis=-1)
    return received_shares(on_bus, heat, wanted * share, share, share * heat.granted)
