"""From what samples came to (`Totals`) to columns with names: one number for each sample."""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import CARRIERS, Case, Floats, Names
from keepwarm.ensemble.quantities import suffixed
from keepwarm.season.people import SERVICES
from keepwarm.season.totals import Totals


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
