"""The damage list a run was given, and the plan that it carried out, as tables."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from keepwarm.case.nouns import Case, Damage, DamageRow
from keepwarm.case.plan import NO_TIME, Plan

_SECONDS = pa.timestamp("s")


def damage_table(case: Case, damage: Damage) -> pa.Table:
    """Return the damage list as it was given, before any plan."""
    names = case.network.assets.name
    return pa.table(
        {
            "time": _times([row.time for row in damage]),
            "asset": pa.array([names[row.asset] for row in damage], pa.string()),
            "available": pa.array([row.available for row in damage], pa.float64()),
            "until": _times([row.until for row in damage]),
            "source": pa.array([row.source for row in damage], pa.string()),
            "confidence": pa.array([row.confidence for row in damage], pa.string()),
        }
    )


def damage_of(case: Case, table: pa.Table) -> Damage:
    """Return the damage list that a run was given; assets the case no longer has are left out."""
    index = {name: at for at, name in enumerate(case.network.assets.name)}
    return tuple(
        DamageRow(
            time=np.datetime64(row["time"], "s"),
            asset=index[row["asset"]],
            available=float(row["available"]),
            until=NO_TIME if row["until"] is None else np.datetime64(row["until"], "s"),
            source=row["source"],
            confidence=row["confidence"],
        )
        for row in table.to_pylist()
        if row["asset"] in index
    )


def plan_table(plan: Plan | None) -> pa.Table:
    """Return the lines of a plan: repairs, drains, deployments and deliveries, in its order."""
    rows: list[tuple[str, str, str, np.datetime64, np.datetime64, str]] = []
    for repair in plan.repairs if plan else ():
        crews = ", ".join(repair.crews)
        rows.append(("repair", repair.asset, crews, repair.begin, repair.end, repair.why))
    for drain in plan.drains if plan else ():
        kind = "drain" if drain.drain else "hold"
        crews = ", ".join(drain.crews)
        rows.append((kind, drain.group, crews, drain.begin, drain.freezes, drain.why))
    for one in plan.deployments if plan else ():
        where = one.target or one.region
        rows.append((one.kind, where, f"{one.count} x {one.unit}", one.begin, one.end, one.why))
    for trip in plan.deliveries if plan else ():
        who, there = f"{trip.tanker}: {trip.litres:.0f} litres", ", ".join(trip.targets)
        rows.append(("delivery", there or trip.region, who, trip.begin, NO_TIME, trip.why))
    kinds, whats, whos, begins, ends, whys = zip(*rows, strict=True) if rows else ((),) * 6
    return pa.table(
        {
            "kind": pa.array(kinds, pa.string()),
            "what": pa.array(whats, pa.string()),
            "who": pa.array(whos, pa.string()),
            "begin": _times(begins),
            "end": _times(ends),
            "why": pa.array(whys, pa.string()),
        }
    )


def _times(values: object) -> pa.Array:
    moments = np.array(list(values), dtype="datetime64[s]")  # type: ignore[call-overload]
    return pa.array(moments, _SECONDS, mask=np.isnat(moments))
