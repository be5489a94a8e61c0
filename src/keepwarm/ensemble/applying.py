"""A case with a portfolio of measures in it: pure changes, what was there keeps its order.

New assets are never hit and never fail: what they lack in readiness is their ``available`` share.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from keepwarm.case.additions import New, NewGenerator, NewLink, NewStorage, with_added
from keepwarm.case.deployed import MARGINAL_COST
from keepwarm.case.nouns import Case, Floats, Ints
from keepwarm.case.resources import Crew, Spare
from keepwarm.case.times import NOT_A_TIME, share_of_steps
from keepwarm.damage.outages import Outages
from keepwarm.ensemble.insulating import insulated
from keepwarm.ensemble.measures import (
    Boilers,
    Chp,
    Crews,
    Generators,
    Insulation,
    Interconnector,
    Measure,
    Portfolio,
    Spares,
    Storage,
)
from keepwarm.ensemble.places import (
    chosen_groups,
    feeder,
    gas_bus,
    heated,
    powered,
    region_index,
    strongest,
)

#: Price of what a storage gives beyond what it took, currency per MWh: dearer than imports, so that
#: it is kept for a shortage.
STORAGE_COST = 100.0

#: Price of running a small plant beside its gas, currency per MWh of gas.
CHP_COST = 5.0


@dataclass(frozen=True)
class Changed:
    """A case with measures in it."""

    case: Case
    place: Ints  # (assets of the case before,): where each stands now, rising

    def moved(self, outages: Outages) -> Outages:
        """Return outages of the case before as outages of this one: same draws, same assets."""
        return replace(outages, asset=self.place[outages.asset])


def changed(case: Case, portfolio: Portfolio) -> Changed:
    """Return a case with a portfolio's measures in it, all together.

    Parameters
    ----------
    case
        Stays as it is.
    portfolio
        Checked against the case by `read_measures`. Protections change no case: see
        `keepwarm.ensemble.measures.protected`.

    Raises
    ------
    Unplaceable
        When the case has no place for a measure.
    """
    place = np.arange(len(case.network.assets))
    for measure in portfolio.measures:
        case, moved = apply(case, measure)
        place = moved[place]
    return Changed(case, place)


def apply(case: Case, measure: Measure) -> tuple[Case, Ints]:
    """Return a case with one measure in it, and where each of its assets stands then.

    Raises
    ------
    Unplaceable
        When the case has no place for it.
    """
    if isinstance(measure, Spares | Crews):
        return _with_resources(case, measure), np.arange(len(case.network.assets))
    if isinstance(measure, Insulation):
        return insulated(case, measure), np.arange(len(case.network.assets))
    network, place = with_added(case.network, _new(case, measure))
    return replace(case, network=network), place


def _with_resources(case: Case, measure: Spares | Crews) -> Case:
    had = case.resources
    if isinstance(measure, Spares):
        spare = Spare(measure.spare, measure.count, measure.available_from)
        return replace(case, resources=replace(had, spares=(*had.spares, spare)))
    begin, taken = len(had.crews) + 1, {crew.name for crew in had.crews}
    names = (f"{measure.trade} {number}" for number in range(begin, begin + 2 * len(taken) + 10**4))
    free = (name for name in names if name not in taken)
    crews = tuple(
        Crew(
            name=next(free),
            trade=measure.trade,
            base=region_index(case, measure.region),
            shift_from_hour=measure.shift_from_hour,
            shift_to_hour=measure.shift_to_hour,
            available_from=measure.available_from,
            until=NOT_A_TIME,
        )
        for _ in range(measure.count)
    )
    return replace(case, resources=replace(had, crews=(*had.crews, *crews)))


def _new(case: Case, measure: Measure) -> list[New]:
    """Return the assets that a measure builds."""
    if isinstance(measure, Boilers):
        shares = heated(case, measure.region, measure.archetypes)
        return _sources(case, measure, shares, "boiler")
    if isinstance(measure, Generators):
        return _sources(case, measure, powered(case, measure.region), "generator")
    if isinstance(measure, Chp):
        return _plants(case, measure)
    if isinstance(measure, Storage):
        return _storages(case, measure)
    if isinstance(measure, Interconnector):
        return [_interconnector(case, measure)]
    return []


def _sources(
    case: Case, measure: Boilers | Generators, shares: dict[int, float], noun: str
) -> list[New]:
    ready = _ready(case, measure.available, measure.available_from)
    return [
        NewGenerator(
            name=f"Added {noun}s at {case.network.buses.name[bus]}",
            bus=bus,
            p_nom_mw=measure.mw * measure.count * share,
            available=ready,
            marginal_cost=MARGINAL_COST,
            asset_class=f"added_{noun}",
        )
        for bus, share in shares.items()
    ]


def _ready(case: Case, available: float, begin: np.datetime64) -> Floats:
    network = case.network
    if np.isnat(begin):
        return np.full(len(network.snapshots), available)
    there = share_of_steps(network.snapshots, network.step_hours, begin, NOT_A_TIME)
    return np.asarray(available * there)


def _plants(case: Case, measure: Chp) -> list[New]:
    """Small plants draw the gas of their region and feed the feeder of most of the homes."""
    new: list[New] = []
    which = chosen_groups(case, measure.region, measure.archetypes)
    for heat, share in heated(case, measure.region, measure.archetypes).items():
        groups = np.flatnonzero(which & (case.buildings.heat_bus == heat))
        new.append(
            NewLink(
                name=f"Added CHP at {case.network.buses.name[heat]}",
                bus=(gas_bus(case, groups), feeder(case, groups), heat),
                efficiency=(measure.efficiency_power, measure.efficiency_heat),
                p_nom_mw=measure.mw * share / measure.efficiency_power,
                available=_ready(case, measure.available, measure.available_from),
                both_ways=False,
                marginal_cost=CHP_COST,
                asset_class="added_chp",
            )
        )
    return new


def _storages(case: Case, measure: Storage) -> list[New]:
    if measure.carrier == "heat":
        shares = heated(case, measure.region, measure.archetypes)
    else:
        shares = powered(case, measure.region)
    return [
        NewStorage(
            name=f"Added storage at {case.network.buses.name[bus]}",
            bus=bus,
            p_mw=measure.mw * share,
            e_mwh=measure.mwh * share,
            efficiency=measure.efficiency,
            marginal_cost=STORAGE_COST,
            asset_class="added_storage",
        )
        for bus, share in shares.items()
    ]


def _interconnector(case: Case, measure: Interconnector) -> NewLink:
    one, two = (strongest(case, region, measure.carrier) for region in measure.between)
    return NewLink(
        name=f"Added {measure.carrier} interconnector {' - '.join(measure.between)}",
        bus=(one, two),
        efficiency=(1.0,),
        p_nom_mw=measure.mw,
        available=_ready(case, measure.available, measure.available_from),
        both_ways=True,
        marginal_cost=0.0,
        asset_class="added_interconnector",
    )
