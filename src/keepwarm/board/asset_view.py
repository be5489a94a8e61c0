"""The assets of a scenario as a list: what is out until when, what is planned, what may be changed.

In the order of the case: nothing here ranks assets that stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from keepwarm.board.edits import UNITS
from keepwarm.board.situation import Situation
from keepwarm.case.nouns import Case
from keepwarm.case.plan import PlannedRepair

#: Capacity that is proposed for a mobile unit where the case has none of its kind, MW.
_USUAL_MW = {"boiler": 3.0, "generator": 1.0}


def assets_document(case: Case, now: Situation) -> list[dict[str, Any]]:
    """Return a row per asset of a case, in its order.

    Parameters
    ----------
    case
        The case.
    now
        The scenario.

    Returns
    -------
    list of dict
        ``out`` has the rows of the damage list as the scenario has it, before any repair of a plan;
        ``planned`` the plan's repair; ``can`` the kinds of edits that the asset allows.
    """
    assets, regions = case.network.assets, case.regions
    out: dict[int, list[dict[str, Any]]] = {}
    for row in now.damage:
        out.setdefault(row.asset, []).append(
            {
                "from": _time(row.time),
                "until": _time(row.until),
                "available": row.available,
                "source": row.source,
                "confidence": row.confidence,
            }
        )
    repairs = {one.asset: one for one in (now.plan.repairs if now.plan else ())}
    where = _ends(case)
    return [
        {
            "asset": name,
            "kind": assets.kind[a],
            "class": assets.asset_class[a],
            "region": regions.name[r] if (r := int(assets.region[a])) >= 0 else None,
            **where[a],
            "out": out.get(a, []),
            "planned": _planned(repairs.get(name)),
            "can": _can(a in out, name in repairs),
        }
        for a, name in enumerate(assets.name)
    ]


def _can(out: bool, planned: bool) -> list[str]:
    return [*(["back"] if out else []), "out", *(["shift", "first"] if planned else [])]


def _planned(repair: PlannedRepair | None) -> Mapping[str, Any] | None:
    if repair is None:
        return None
    return {
        "begin": _time(repair.begin),
        "end": _time(repair.end),
        "not_before": _time(repair.not_before),
        "crews": list(repair.crews),
    }


def _ends(case: Case) -> list[dict[str, Any]]:
    """Return carrier and capacity of every asset, in the order of `Assets`.

    Of a link they are those of its first port that is given to; of a branch, of where it begins.
    """
    network = case.network
    carrier = network.buses.carrier
    generators, branches = network.generators, network.branches
    links, storages = network.links, network.storages
    found = [
        {"carrier": carrier[bus], "mw": float(mw)}
        for bus, mw in zip(generators.bus.tolist(), generators.p_nom_mw, strict=True)
    ]
    found += [
        {"carrier": carrier[bus], "mw": float(mw)}
        for bus, mw in zip(branches.bus0.tolist(), branches.s_max_mw, strict=True)
    ]
    for k, ports in enumerate(links.bus[:, 1:].tolist()):
        given = [
            (p, e) for p, e in zip(ports, links.efficiency[k], strict=True) if p >= 0 and e > 0
        ]
        port, efficiency = given[0] if given else (int(links.bus[k, 0]), 1.0)
        found.append({"carrier": carrier[port], "mw": float(links.p_nom_mw[k] * efficiency)})
    found += [
        {"carrier": carrier[bus], "mw": float(mw)}
        for bus, mw in zip(storages.bus.tolist(), storages.p_dispatch_mw, strict=True)
    ]
    return found


def units(case: Case) -> list[dict[str, Any]]:
    """Return the kinds of mobile units that may be added, and where to; ``mw`` is a proposal."""
    found = []
    for kind, carrier in UNITS.items():
        buses = zip(case.network.buses.name, case.network.buses.carrier, strict=True)
        targets = [bus for bus, its in buses if its == carrier]
        targets += case.buildings.group if kind == "generator" else ()
        own = [one.capacity_mw for one in case.resources.mobile if one.kind == kind]
        mw = max(own, default=_USUAL_MW[kind])
        if targets:
            found.append({"unit": kind, "mw": mw, "targets": targets})
    return found


def _time(time: np.datetime64) -> str | None:
    return None if np.isnat(time) else f"{time.astype('datetime64[s]')}Z"
