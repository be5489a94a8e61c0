"""What the page's first view needs of a run, as one document: hour by hour and region.

Every number is one of the run's own tables or answers; people are rounded to whole ones in the
frames, temperatures to hundredths.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keepwarm.briefing.view import View
from keepwarm.case.nouns import BAND, Floats
from keepwarm.runs.run import Run

#: Services whose frames are drawn.
SERVICES = ("power", "heat", "gas", "water")


def run_document(run: Run, name: str, *, checked: bool | None) -> dict[str, Any]:
    """Return a run as the page draws it.

    Parameters
    ----------
    run
        In memory or read back.
    name
        Of its scenario.
    checked
        Whether its steps were solved again and held; None while that is not known.

    Returns
    -------
    dict
        ``frames`` are lists of hours, each a list over ``regions``, null where the run knows
        nothing of it; ``series`` are lists of hours.
    """
    view = View(run)
    people = view.place("people") if view.regions else np.zeros(1)
    return {
        "id": name,
        "start": view.moment(0.0),
        "step_hours": view.step_hours,
        "hours": len(view.times) * view.step_hours,
        "steps": len(view.times),
        "time_zone": view.zone,
        "checked": checked,
        "regions": list(view.regions),
        "region_people": _whole(people),
        "frames": _frames(view),
        "series": _series(view),
        "answers": view.answers,
        "plan": run.manifest.get("plan") is not None,
        "assets_out": assets_out(view),
    }


def _frames(view: View) -> dict[str, Any]:
    frames: dict[str, Any] = {
        f"people_without_{service}": _whole(view.by_region(f"people_without_{service}"))
        for service in SERVICES
    }
    for name in ("indoor_coldest_degc", "indoor_mean_degc", "outdoor_degc"):
        table = view.by_region(name)
        frames[name] = _hundredths(table) if np.isfinite(table).any() else None
    for threshold in view.thresholds:
        name = f"people_below_{threshold:g}"
        frames[name] = _whole(view.by_region(f"{name}_central")) if view.warm else None
    soonest = hours_to_freezing(view)
    frames["hours_to_freezing"] = None if soonest is None else _hundredths(soonest)
    return frames


def hours_to_freezing(view: View) -> Floats | None:
    """Return hours from each step to the soonest freezing pipe of each region.

    Returns
    -------
    array or None
        (steps, regions) in h: until the weakest pipe of the first group that still holds its water
        plugs, at the soonest end of the band; 0 while any building is frozen; NaN where none plugs
        from then on. None where no pipe of the run does.

    **Leaves out**: how far draining has come. A group counts until all of it is empty.
    """
    if not view.warm or not view.regions:
        return None
    plugs = view.group("pipe_plug_low_hour")
    frozen = view.by_group("frozen")
    if not np.isfinite(plugs).any() and not (frozen > 0).any():
        return None
    left = plugs[None] - view.hours[: len(view.times), None]
    empty = view.by_group("drained") >= view.group("buildings")[None] - 0.5
    left = np.where((left < 0) | empty, np.inf, np.nan_to_num(left, nan=np.inf))
    left = np.where(frozen > 0, 0.0, left)
    found = np.full((len(view.times), len(view.regions)), np.inf)
    for r, region in enumerate(view.regions):
        inside = view.inside(region)
        if inside.any():
            found[:, r] = left[:, inside].min(axis=1)
    return np.where(np.isinf(found), np.nan, found)


def _series(view: View) -> dict[str, Any]:
    """Return sums over all regions by step, each a list; bands have a name for each end."""
    found: dict[str, Any] = {}
    for service in SERVICES:
        without = view.by_region(f"people_without_{service}")
        found[f"people_without_{service}"] = _whole(without.sum(axis=1))
    for threshold in view.thresholds if view.warm else ():
        for band in BAND:
            below = view.by_region(f"people_below_{threshold:g}_{band}").sum(axis=1)
            end = "" if band == "central" else f"_{band}"
            found[f"people_below_{threshold:g}{end}"] = _whole(below)
    for column in ("need_mw", "shed_mw"):
        for carrier, mw in view.by_carrier(column).items():
            found[f"{column}_{carrier}"] = _hundredths(mw)
    outdoor = view.by_region("outdoor_degc")
    if np.isfinite(outdoor).any():
        weight = view.place("people") if view.regions else np.ones(1)
        weight = weight if weight.sum() > 0 else np.ones(outdoor.shape[1])
        found["outdoor_degc"] = _hundredths(outdoor @ weight / weight.sum())
    return found


def assets_out(view: View) -> list[dict[str, Any]]:
    """Return the assets that are out in any step, the largest loss first."""
    rows = [row for row in view.rows("assets") if (row["hours_out"] or 0.0) > 0]
    found = [
        {
            "asset": row["asset"],
            "kind": row["kind"],
            "class": row["asset_class"],
            "region": row["region"],
            "from": row["out_from"],
            "until": row["out_until"],
            "hours_out": row["hours_out"],
            "missing_mw": dict(row["missing_mw"] or ()),
            "source": row["damage_source"],
        }
        for row in rows
    ]
    return sorted(found, key=lambda row: -sum(row["missing_mw"].values()))


def _whole(values: Floats) -> list[Any]:
    return [_row(row) for row in np.round(values)] if values.ndim > 1 else _row(np.round(values))


def _row(values: Floats) -> list[int | None]:
    return [None if value != value else int(value) for value in values.tolist()]


def _hundredths(values: Floats) -> Any:
    # NaN becomes null where the document is written.
    return np.round(values, 2).tolist()
