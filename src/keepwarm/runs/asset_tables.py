"""Tables of a run about assets: what was out, and what each gave hour by hour."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from keepwarm.case.nouns import Damage
from keepwarm.season import Season


def assets_table(season: Season, damage: Damage) -> pa.Table:
    """Return one row per asset: out from when until when, what it cannot give, who says so."""
    assets, regions = season.case.network.assets, season.case.regions
    out = season.available < 1
    first = [np.flatnonzero(column) for column in out.T]
    source = {row.asset: row.source for row in damage}
    time = season.times.astype("datetime64[s]")
    lost = [time[f[0]] if f.size else None for f in first]
    back = [time[f[-1] + 1] if f.size and f[-1] + 1 < time.size else None for f in first]
    begun: dict[int, np.datetime64] = {}
    for row in damage:
        begun[row.asset] = min(row.time, begun.get(row.asset, row.time)).astype("datetime64[s]")
    return pa.table(
        {
            "asset": pa.array(assets.name, pa.string()),
            "kind": pa.array(assets.kind, pa.string()),
            "asset_class": pa.array(assets.asset_class, pa.string()),
            "region": pa.array(
                [regions.name[r] if r >= 0 else None for r in assets.region.tolist()], pa.string()
            ),
            "hours_out": (1 - season.available).sum(axis=0) * season.step_hours,
            "out_from": pa.array(lost, pa.timestamp("s")),
            "out_until": pa.array(back, pa.timestamp("s")),
            "damage_time": pa.array([begun.get(a) for a in range(len(assets))], pa.timestamp("s")),
            "damage_source": pa.array([source.get(a) for a in range(len(assets))], pa.string()),
            "missing_mw": pa.array(
                [list(gone.items()) for gone in missing_by_carrier(season)],
                pa.map_(pa.string(), pa.float64()),
            ),
        }
    )


def missing_by_carrier(season: Season) -> list[dict[str, float]]:
    """Return per asset what it cannot give while out: carrier -> MW, the most in any step.

    **Leaves out**: stores, which have no power limit; the reverse direction of a link.
    """
    network, first = season.case.network, season.first_row
    rows = slice(first, first + len(season.times))
    out, carrier = 1 - season.available, network.buses.carrier
    generators, branches, links = network.generators, network.branches, network.links
    storages = network.storages
    found: list[dict[str, float]] = []
    for g, bus in enumerate(generators.bus.tolist()):
        top = generators.p_nom_mw[g] * generators.p_max_pu[rows, g] * out[:, g]
        found.append({carrier[bus]: float(top.max(initial=0.0))})
    most = out.max(axis=0, initial=0.0)
    at = len(generators)
    for b, bus in enumerate(branches.bus0.tolist()):
        found.append({carrier[bus]: float(branches.s_max_mw[b] * most[at + b])})
    at += len(branches)
    for k, ports in enumerate(links.bus[:, 1:].tolist()):
        top = links.p_nom_mw[k] * links.p_max_pu[rows, k] * out[:, at + k]
        given: dict[str, float] = {}
        for bus, efficiency in zip(ports, links.efficiency[k].tolist(), strict=True):
            if bus >= 0 and efficiency > 0:
                gone = float(top.max(initial=0.0)) * efficiency
                given[carrier[bus]] = given.get(carrier[bus], 0.0) + gone
        found.append(given)
    at += len(links)
    for s, bus in enumerate(storages.bus.tolist()):
        found.append(
            {}
            if not most[at + s]
            else {carrier[bus]: float(storages.p_dispatch_mw[s] * most[at + s])}
        )
    return [{c: mw for c, mw in gone.items() if np.isfinite(mw) and mw > 0} for gone in found]


def asset_hours_table(season: Season) -> pa.Table:
    """Return the output of every asset, hour by hour; see the schema for its sign."""
    names = season.case.network.assets.name
    output = np.hstack(
        [
            season.generator_mw,
            season.flow_mw,
            season.link_mw,
            season.discharge_mw - season.charge_mw,
        ]
    )
    index = np.tile(np.arange(len(names), dtype=np.int32), len(season.times))
    return pa.table(
        {
            "time": np.repeat(season.times.astype("datetime64[s]"), len(names)),
            "asset": pa.DictionaryArray.from_arrays(pa.array(index), pa.array(names, pa.string())),
            "mw": output.ravel(),
            "available": season.available.ravel(),
        }
    )
