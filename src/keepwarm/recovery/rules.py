"""The usual rules of whom to help first, as a duty desk would apply them by hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Case, Floats, Ints
from keepwarm.damage.crews import Workforce
from keepwarm.damage.tasks import LIKELY, Tasks


@dataclass(frozen=True)
class Order:
    """Tasks in the order in which crews take them; ``given`` is the crew by task, -1: any."""

    tasks: Ints
    given: Ints


def usual_rules(case: Case, tasks: Tasks, force: Workforce) -> dict[str, Order]:
    """Return the orders that follow from simple rules, by name.

    ``largest``: the asset that carries most MW first. ``people``: the one most people hang on
    first: those on its buses, or in its region where nobody does. ``shortest``: least work first.
    ``nearest``: each crew, once free, goes to the nearest task of its trade. ``listed``: as the
    damage list has them.
    """
    hours = tasks.hours[LIKELY]
    return {
        "largest": _by(-lost_mw(case, tasks), hours),
        "people": _by(-people_behind(case, tasks), hours),
        "nearest": _nearest(tasks, force),
        "shortest": _by(hours, hours),
        "listed": any_crew(np.arange(len(tasks))),
    }


def any_crew(order: Ints) -> Order:
    """Return an order whose tasks may be done by any crew of their trade."""
    return Order(order, np.full(order.size, -1, dtype=np.int64))


def lost_mw(case: Case, tasks: Tasks) -> Floats:
    """Return the capacity that each task brings back, MW; a store counts what it can give."""
    network = case.network
    power = np.concatenate(
        [
            network.generators.p_nom_mw,
            network.branches.s_max_mw,
            network.links.p_nom_mw,
            np.where(
                np.isfinite(network.storages.p_dispatch_mw),
                network.storages.p_dispatch_mw,
                network.storages.e_max_mwh / network.step_hours,
            ),
        ]
    )
    return np.asarray(np.nan_to_num(power[tasks.asset], posinf=0.0) * (1 - tasks.left))


def people_behind(case: Case, tasks: Tasks) -> Floats:
    """Return the people on the buses of each task's asset, or in its region where none are."""
    network, buildings = case.network, case.buildings
    on_bus = np.zeros(len(network.buses))
    for bus in (buildings.heat_bus, buildings.power_bus):
        np.add.at(on_bus, bus[bus >= 0], buildings.people[bus >= 0])
    listed = np.isfinite(network.loads.people) & ~np.isin(
        network.loads.bus, np.concatenate([buildings.heat_bus, buildings.power_bus])
    )
    np.add.at(on_bus, network.loads.bus[listed], network.loads.people[listed])
    buses = [
        *network.generators.bus[:, None].tolist(),
        *np.stack([network.branches.bus0, network.branches.bus1], axis=1).tolist(),
        *network.links.bus.tolist(),
        *network.storages.bus[:, None].tolist(),
    ]
    people = np.array(
        [sum(on_bus[bus] for bus in set(buses[a]) if bus >= 0) for a in tasks.asset.tolist()]
    )
    in_region = np.append(np.nan_to_num(case.regions.people), 0.0)
    return np.where(people > 0, people, in_region[tasks.place])


def _by(key: Floats, hours: Floats) -> Order:
    return any_crew(np.lexsort((hours, key)))


def _nearest(tasks: Tasks, force: Workforce) -> Order:
    """Send each crew, the one that is free first, to the nearest task of its trade."""
    free, place = force.free.copy(), force.place.copy()
    left, order = list(range(len(tasks))), list[int]()
    given = np.full(len(tasks), -1, dtype=np.int64)
    idle = np.zeros(free.size, dtype=np.bool_)
    while left and not idle.all():
        crew = int(np.where(idle, np.inf, free).argmin())
        own = [task for task in left if force.task_trade[task] == force.trade[crew]]
        if not own:
            idle[crew] = True
            continue
        ways = [force.travel[place[crew], force.task_place[task]] for task in own]
        task = own[int(np.argmin(ways))]
        order.append(task)
        left.remove(task)
        given[task] = crew if tasks.team[task] == 1 else -1
        free[crew] += min(ways) + tasks.hours[LIKELY, task]
        place[crew] = force.task_place[task]
    return Order(np.array([*order, *left], dtype=np.int64), given)
