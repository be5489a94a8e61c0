"""From what samples came to (`Totals`) to columns with names: one number for each sample."""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import CARRIERS, Case, Floats, Names
from keepwarm.ensemble.chunks import Chunk
from keepwarm.ensemble.quantities import Samples, suffixed
from keepwarm.season.people import SERVICES
from keepwarm.season.totals import Totals

#: What columns by region call that which belongs to none.
NOWHERE = "no region"


def carriers_of(case: Case) -> Names:
    """Return the carriers that somebody needs in a case, power always among them."""
    network, heated = case.network, case.buildings.heat_bus
    buses = {*network.loads.bus.tolist(), *heated[heated >= 0].tolist()}
    needed = {"power", *(network.buses.carrier[bus] for bus in buses)}
    return tuple(carrier for carrier in CARRIERS if carrier in needed)


def columns_of(totals: Totals, case: Case) -> dict[str, Floats]:
    """Return the columns of the whole system.

    Parameters
    ----------
    totals
        Of some samples.
    case
        That they are of.

    Returns
    -------
    dict
        Name -> (samples,). Carriers that nobody needs are left out, as is what people and
        buildings come to where the case has none.
    """
    found: dict[str, Floats] = {}
    carriers = carriers_of(case)
    for noun, unit, table in (
        ("lolh", "hours", totals.short_hours),
        ("lolf", "events", totals.short_spells),
        ("eue", "mwh", totals.unserved_mwh),
        ("need", "mwh", totals.need_mwh),
    ):
        found |= by_carrier(noun, unit, table, carriers)
    for at, service in enumerate(SERVICES):
        if service in carriers:
            found[f"people_hours_without_{service}"] = totals.people_hours_without[:, at].sum(
                axis=1
            )
    if len(case.buildings) and case.weather is not None:
        for at, degc in enumerate(case.settings.numbers("thresholds.degc")):
            found[f"people_hours_below_{degc:g}"] = totals.people_hours_below[:, at]
        found["buildings_drained"] = totals.drained
        found["buildings_frozen"] = totals.frozen
    if "power" in carriers:
        found["emergency_days"] = totals.emergency_days
    return found


def regions_of(case: Case) -> Names:
    """Return the regions that columns are told by: none in a case that has none.

    Where something is needed at a bus of no region, ``no region`` stands last.
    """
    network, heated = case.network, case.buildings.heat_bus
    buses = np.concatenate([network.loads.bus, heated[heated >= 0]])
    if not len(case.regions):
        return ()
    nowhere = (network.buses.region[buses] < 0).any() or (case.buildings.region < 0).any()
    return (*case.regions.name, NOWHERE) if nowhere else case.regions.name


def region_columns_of(totals: Totals, case: Case) -> dict[str, Floats]:
    """Return the columns by region, each (samples, regions) in the order of `regions_of`.

    Parameters
    ----------
    totals
        Of some samples.
    case
        That they are of.

    Returns
    -------
    dict
        Names as in `columns_of`. Energy is told by the region of the bus that lacks it, people and
        buildings by where they are; people without a service of no region are spread over all.
    """
    count = len(regions_of(case))
    if not count:
        return {}
    found: dict[str, Floats] = {}
    carriers = carriers_of(case)
    for noun, unit, table in (
        ("lolh", "hours", totals.short_hours_by_place),
        ("lolf", "events", totals.short_spells_by_place),
        ("eue", "mwh", totals.unserved_mwh_by_place),
        ("need", "mwh", totals.need_mwh_by_place),
    ):
        found |= by_carrier(noun, unit, table[:, :, :count], carriers)
    for at, service in enumerate(SERVICES):
        if service in carriers:
            without = np.zeros((len(totals.sample), count))
            without[:, : len(case.regions)] = totals.people_hours_without[:, at]
            found[f"people_hours_without_{service}"] = without
    if len(case.buildings) and case.weather is not None:
        for at, degc in enumerate(case.settings.numbers("thresholds.degc")):
            below = totals.people_hours_below_by_place[:, at, :count]
            found[f"people_hours_below_{degc:g}"] = np.ascontiguousarray(below)
        found["buildings_drained"] = np.ascontiguousarray(totals.drained_by_place[:, :count])
        found["buildings_frozen"] = np.ascontiguousarray(totals.frozen_by_place[:, :count])
    return found


def by_carrier(noun: str, unit: str, table: Floats, carriers: Names) -> dict[str, Floats]:
    """Return the columns of a table over carriers, those of the carriers that are needed.

    Parameters
    ----------
    noun, unit
        Of the names: ``eue`` and ``mwh``.
    table
        Shape (samples, carriers) or (samples, carriers, regions), carriers as in `CARRIERS`.
    carriers
        Which of them to keep.
    """
    return {
        suffixed(noun, carrier, unit): np.ascontiguousarray(table[:, CARRIERS.index(carrier)])
        for carrier in carriers
    }


def samples_of(case: Case, seed: int, chunk: Chunk) -> Samples:
    """Return what the solved samples of a chunk came to, as named columns.

    Parameters
    ----------
    case
        That they are of.
    seed
        They were drawn with.
    chunk
        Samples in the order of their numbers.
    """
    return Samples(
        seed=seed,
        number=chunk.totals.sample,
        columns=columns_of(chunk.totals, case),
        regions=regions_of(case),
        by_region=region_columns_of(chunk.totals, case),
        unsolved=len(chunk.unsolved),
    )
