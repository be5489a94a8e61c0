"""What rotation has to share: the household power that a season sheds, and among whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from keepwarm.case.nouns import TIERS, Bools, Case, Floats, Ints, Names
from keepwarm.case.rotation import rotation_of
from keepwarm.case.times import format_time
from keepwarm.errors import Fault, InputError
from keepwarm.network import sum_by_place
from keepwarm.recovery.rotation import Shortage
from keepwarm.said.sentence import Value, listed, said
from keepwarm.season import Corridor, Season, State, march
from keepwarm.season.orders import rotation_on_buses

#: A shortage below this is none, MW.
_SHORT_MW = 0.1
#: Where less of the households' load than this share could help, a shortage is a local one.
_FEW = 1 / 3

_HOUSEHOLD = TIERS.index("household")
_CENTRAL = 1


def shortage_ahead(
    corridor: Corridor,
    availability: Floats,
    *,
    first: int,
    state: State,
    progress: Callable[[int], None] | None = None,
) -> Shortage:
    """Walk the coming steps without rotation and return what is short.

    The walk knows no cold-load pickup: that of a timetable is its own, and `rotate` counts it.

    Parameters
    ----------
    corridor
        The prepared case.
    availability
        Shape (hours, assets): what damage leaves, as a plan may expect it.
    first
        Row of the case's snapshots where the steps begin.
    state
        At the start of the first step.

    Raises
    ------
    InputError
        Where neither a step nor a slot is a multiple of the other.
    SolveError
        When a step has no optimum.
    """
    case = corridor.case
    values = {**case.settings.values, "pickup.factor": 1.0}
    calm = replace(case, settings=replace(case.settings, values=values))
    season = march(
        replace(corridor, case=calm), availability, first=first, state=state, progress=progress
    )
    return shortage_of(case, season)


def shortage_of(case: Case, season: Season) -> Shortage:
    """Return the shortage of a season that was walked without rotation, in slots of half an hour.

    Parameters
    ----------
    case
        Settings ``rotation.*`` and the groups are its own.
    season
        Of this case.

    Returns
    -------
    Shortage
        Feeders that no source reaches are in neither the shortage nor the loads: no rotation helps
        them, nor is what is short at few feeders because their lines are full or broken: its notes
        name them. Where the grid stands in larger parts, only load counts where one more MWh would
        be short. A step's values hold in each of its slots; the largest shortage of the steps in a
        slot counts where slots are longer.

    **Leaves out**: several parts of a grid that are short at once: their shortage is one, and a
    group of the one may be cut for the other. What is to spare counts generators and converters to
    power alone, without stores and the network's limits.
    """
    groups, member = rotation_on_buses(case)
    live = _live_buses(case, season)
    needs, buses = season.template.needs, len(case.network.buses)
    power = np.array([carrier == "power" for carrier in case.network.buses.carrier], dtype=bool)
    place = np.where((needs.tier == _HOUSEHOLD) & power[needs.bus], needs.bus, -1)
    need = np.where(live, sum_by_place(season.need_mw, place, buses), 0.0)
    shed = np.where(live, sum_by_place(season.shed_mw, place, buses), 0.0)
    helps = _helps(case, season, live)
    local = np.where(helps, need, 0.0).sum(axis=1) < _FEW * need.sum(axis=1)
    short = np.where(local, 0.0, shed.sum(axis=1))
    counted = np.where((short > 1e-6)[:, None], helps, live)
    spare = np.where(short > 1e-6, 0.0, _spare(case, season, live))
    slots = _Slots(case.settings.number("rotation.slot_hours"), season.step_hours, len(short))
    return Shortage(
        start=season.times[0],
        groups=groups,
        shortage_mw=slots.largest(np.where(short > 1e-6, short, 0.0)),
        load_mw=slots.mean((np.where(counted, need, 0.0) @ member).T),
        protection=_protection(case, season),
        spare_mw=-slots.largest(-spare),
        notes=_said(case, season, shed, local),
    )


def _helps(case: Case, season: Season, live: Bools) -> Bools:
    """Mark the feeders whose cut helps against the shortage of a step, (hours, buses).

    Those where one more MWh would have to be cut from households: prices part where a line is full
    or there is none.
    """
    least = 0.5 * case.settings.number("prices.household")
    return np.asarray(live & (season.bus_price >= least))


def _said(case: Case, season: Season, shed: Floats, local: Bools) -> Names:
    """Say what is short at few feeders alone."""
    mwh = np.where(local[:, None], shed, 0.0).sum(axis=0) * season.step_hours
    where = [at for at in np.argsort(-mwh, kind="stable").tolist() if mwh[at] > _SHORT_MW]
    if not where:
        return ()
    steps = np.flatnonzero(local & (shed.sum(axis=1) > _SHORT_MW))
    begin, end = (format_time(season.times[steps[at]]) for at in (0, -1))
    buses = [
        said("rotation.at_bus", {"bus": case.network.buses.name[at], "mwh": round(float(mwh[at]))})
        for at in where[:4]
    ]
    values: dict[str, Value] = {"begin": begin, "end": end, "names": listed(buses, 4)}
    if len(where) <= 4:
        return (said("rotation.local", values),)
    return (said("rotation.local_more", {**values, "count": len(where) - 4}),)


def _protection(case: Case, season: Season) -> Floats:
    """Return what an hour off counts where homes are cold or heated by electricity, (groups,)."""
    number, buildings = case.settings.number, case.buildings
    _, share = rotation_of(case.rotation, case.settings, buildings)
    people = buildings.people[:, None] * share
    whole = np.maximum(people.sum(axis=0), 1e-9)
    cold = season.operative_degc[:, _CENTRAL] < number("decision.cold_below_degc")
    cold_share = cold.mean(axis=0) @ people / whole
    electric_share = electrically_heated(case) @ people / whole
    of_cold = 1.0 + (number("rotation.cold_weight") - 1.0) * cold_share
    of_electric = 1.0 + (number("rotation.electric_weight") - 1.0) * electric_share
    return np.asarray(of_cold * of_electric)


def electrically_heated(case: Case) -> Bools:
    """Mark the building groups whose heat is made of power alone, (groups,).

    Those without heat bus and without a water circuit (heaters or stoves: which of the two a case
    does not say), and those of a heat bus that only converters from power feed.
    """
    network, buildings = case.network, case.buildings
    carrier = network.buses.carrier
    fed: dict[int, set[str]] = {}
    for bus in network.generators.bus.tolist():
        fed.setdefault(bus, set()).add("generator")
    for ports, efficiency in zip(
        network.links.bus.tolist(), network.links.efficiency.tolist(), strict=True
    ):
        for bus, value in zip(ports[1:], efficiency, strict=True):
            if bus >= 0 and value > 0:
                fed.setdefault(bus, set()).add(carrier[ports[0]])
    by_power = [fed.get(bus) == {"power"} for bus in buildings.heat_bus.tolist()]
    alone = (buildings.heat_bus < 0) & ~buildings.water_circuit
    return np.asarray(alone | (np.array(by_power, dtype=np.bool_) & (buildings.heat_bus >= 0)))


def _live_buses(case: Case, season: Season) -> Bools:
    """Mark the power buses that some source reaches in each step, (hours, buses)."""
    live = np.zeros((len(season.times), len(case.network.buses)), dtype=np.bool_)
    for t, available in enumerate(season.available):
        live[t] = _reached(case, available, season.first_row + t)
    return live


def _reached(case: Case, available: Floats, row: int) -> Bools:
    network = case.network
    buses = len(network.buses)
    power = np.array([carrier == "power" for carrier in network.buses.carrier], dtype=np.bool_)
    ends = np.cumsum([len(network.generators), len(network.branches), len(network.links)])
    generators, branches, links, stores = np.split(available, ends)
    source = np.zeros(buses, dtype=np.bool_)
    able = network.generators.p_nom_mw * network.generators.p_max_pu[row] * generators > 0
    source[network.generators.bus[able]] = True
    source[network.storages.bus[(stores > 0) & (network.storages.p_dispatch_mw > 0)]] = True
    stands = branches > 0
    pairs = [np.column_stack([network.branches.bus0, network.branches.bus1])[stands]]
    open_links = np.flatnonzero(network.links.p_nom_mw * network.links.p_max_pu[row] * links > 0)
    for link in open_links.tolist():
        ports, gives = network.links.bus[link], network.links.efficiency[link] > 0
        fed = ports[1:][gives & (ports[1:] >= 0)]
        if power[ports[0]]:
            pairs.append(np.column_stack([np.full(fed.size, ports[0]), fed])[power[fed]])
        else:
            source[fed] = True
    joined: Ints = np.concatenate(pairs).astype(np.int64)
    graph = sp.coo_array((np.ones(len(joined)), (joined[:, 0], joined[:, 1])), shape=(buses, buses))
    _, island = connected_components(graph, directed=False)
    return np.asarray(power & np.isin(island, island[source & power]))


def _spare(case: Case, season: Season, live: Bools) -> Floats:
    """Return the power that live sources could still give, (hours,)."""
    network = case.network
    rows = slice(season.first_row, season.first_row + len(season.times))
    count = len(network.generators)
    able = network.generators.p_nom_mw * network.generators.p_max_pu[rows]
    free = able * season.available[:, :count] - season.generator_mw
    spare = np.where(live[:, network.generators.bus], np.maximum(free, 0.0), 0.0).sum(axis=1)
    begin = count + len(network.branches)
    able = network.links.p_nom_mw * network.links.p_max_pu[rows]
    free = able * season.available[:, begin : begin + len(network.links)] - season.link_mw
    for link, gives in enumerate(network.links.efficiency):
        fed = network.links.bus[link, 1:][gives > 0]
        into_power = fed.size == 1 and network.buses.carrier[int(fed[0])] == "power"
        if into_power and network.buses.carrier[int(network.links.bus[link, 0])] != "power":
            spare += np.where(live[:, fed[0]], np.maximum(free[:, link], 0.0) * gives.max(), 0.0)
    return np.asarray(spare)


class _Slots:
    """Steps of a season as slots of a timetable."""

    def __init__(self, slot_hours: float, step_hours: float, steps: int) -> None:
        ratio = step_hours / slot_hours
        self.split, self.merge = max(1, round(ratio)), max(1, round(1 / ratio))
        if abs(self.split / self.merge - ratio) > 1e-9 or steps % self.merge:
            found = f"slots of {slot_hours:g} h in steps of {step_hours:g} h"
            expected = "slots that steps divide into, or steps that slots divide into"
            raise InputError([Fault("case.toml", None, "rotation.slot_hours", found, expected)])

    def largest(self, values: Floats) -> Floats:
        """Return the largest value of the steps in each slot; the last axis is time."""
        return np.asarray(self._by_slot(values).max(axis=-1))

    def mean(self, values: Floats) -> Floats:
        """Return the mean of the steps in each slot; the last axis is time."""
        return np.asarray(self._by_slot(values).mean(axis=-1))

    def _by_slot(self, values: Floats) -> Floats:
        whole = np.repeat(values, self.split, axis=-1)
        return whole.reshape(*whole.shape[:-1], -1, self.merge)
