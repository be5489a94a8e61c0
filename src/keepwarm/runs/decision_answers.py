"""Decisions to drain or hold as answers of a run, and as a table of its folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from keepwarm.case.nouns import BAND
from keepwarm.runs.decision import FAST_REPAIR_DAYS, KELVIN, WHAT_IF, Decision, decide
from keepwarm.runs.stopped import INSULATION_MM
from keepwarm.season import Season

if TYPE_CHECKING:
    import pyarrow as pa

Answers = dict[str, object]

#: Settings that a decision rests on, as answers name them.
_BASIS = {
    "cold_below_degc": "decision.cold_below_degc",
    "forecast_hours": "decision.forecast_hours",
    "frozen_days": "decision.frozen_days",
    "frozen_days_low": "decision.frozen_days_low",
    "frozen_days_high": "decision.frozen_days_high",
    "restoration_median_hours": "restoration.median_hours",
    "restoration_p90_hours": "restoration.p90_hours",
    "draining_buildings_per_hour": "draining.buildings_per_hour",
    "refilling_buildings_per_hour": "refilling.buildings_per_hour",
    "draining_wait_hours": "draining.wait_hours",
    "draining_outdoor_degc": "draining.outdoor_degc",
}


def decision_answers(season: Season) -> Answers:
    """Return ``decisions``, a row per group that freezes if nobody acts, and ``decision_basis``.

    The rows come in the order in which draining must begin. ``choice`` is what costs fewer expected
    cold hours, given that heat is not back at ``start_by``.
    """
    found, number = decide(season), season.case.settings.number
    basis: Answers = {name: number(key) for name, key in _BASIS.items()}
    return {
        "decisions": [_row(season, row) for row in found.rows],
        "decision_basis": basis
        | {
            "draining_policy": season.case.settings.text("draining.policy"),
            "refill_hours": found.refill_hours,
            "groups_not_at_risk": found.safe,
            "restoration_places": sorted(season.case.restoration),
            "kelvin": KELVIN,
            "fast_repair_days": FAST_REPAIR_DAYS,
            "insulation_mm": INSULATION_MM,
        },
    }


def _row(season: Season, row: Decision) -> Answers:
    case, at = season.case, row.group
    buildings = case.buildings
    return {
        "group": buildings.group[at],
        "region": case.regions.name[int(buildings.region[at])],
        "archetype": case.archetypes.label[int(buildings.archetype[at])],
        "buildings": row.buildings,
        "people": row.people,
        "stopped": _moment(season, row.stopped_hour - row.stood_hours),
        "hours_stood": row.stood_hours,
        "stop_outdoor_degc": _outdoor(season, row),
        "hours_left": {
            band: _number(hours) for band, hours in zip(BAND, row.hours_left, strict=True)
        },
        "drain_by": _moment(season, row.stopped_hour + row.hours_left[0]),
        "start_by": _moment(season, row.stopped_hour + row.start_hours),
        "start_hours": row.start_hours,
        "in_time": _whole(row.in_time, row.buildings),
        "choice": "drain" if row.drains else "hold",
        "back_in_time": row.back_in_time,
        "indifference": row.indifference,
        "cold_person_hours": {
            "hold": row.hold_hours * row.people,
            "drain": row.drain_hours * row.people,
        },
        "what_if": {
            name: {"indifference": q, "hours_left": _number(hours)}
            for name, (q, hours) in zip(WHAT_IF, row.what_if, strict=True)
        },
    }


def _outdoor(season: Season, row: Decision) -> float | None:
    """Return the outdoor temperature when circulation stopped, None before the case's weather."""
    weather, stopped = season.case.weather, row.stopped_hour - row.stood_hours
    hour = season.first_row + int(np.floor(stopped / season.step_hours + 1e-9))
    if weather is None or hour < 0:
        return None
    return float(weather.outdoor_degc[hour, season.case.buildings.region[row.group]])


def _moment(season: Season, hour: float) -> str:
    time = season.times[0] + np.timedelta64(round(hour * 3600), "s")
    return f"{np.datetime_as_string(time, unit='s')}Z"


def _whole(in_time: float, buildings: float) -> float:
    """Return whole buildings, or all of a group, of which a part of one may be left."""
    return buildings if in_time > buildings - 1e-6 else float(round(in_time))


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def decisions_table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return the rows of ``decisions`` as the table of the run folder.

    Parameters
    ----------
    rows
        From `decision_answers`.
    """
    import pyarrow as pa

    number, text, time = pa.float64(), pa.string(), pa.timestamp("s")
    kinds = dict.fromkeys(("group", "region", "archetype", "choice"), text)
    kinds |= dict.fromkeys(("stopped", "start_by", "drain_by"), time)
    flat = [_flat(row) for row in rows]
    names = list(_flat(_EMPTY)) if not flat else list(flat[0])
    columns = {
        name: pa.array([row[name] for row in flat], kinds.get(name, number)) for name in names
    }
    return pa.table(columns)


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    hours, costs = row["hours_left"], row["cold_person_hours"]
    moments = {
        name: None if row[name] is None else np.datetime64(row[name].removesuffix("Z"), "s").item()
        for name in ("stopped", "start_by", "drain_by")
    }
    same = ("group", "region", "archetype", "buildings", "people")
    stood = {name: row[name] for name in ("hours_stood", "stop_outdoor_degc")}
    shares = ("in_time", "choice", "back_in_time", "indifference")
    return (
        {name: row[name] for name in same}
        | moments
        | stood
        | {f"hours_left_{band}": hours[band] for band in BAND}
        | {name: row[name] for name in shares}
        | {f"{way}_person_hours": costs[way] for way in ("hold", "drain")}
        | {f"if_{name}_indifference": row["what_if"][name]["indifference"] for name in WHAT_IF}
        | {f"if_{name}_hours_left": row["what_if"][name]["hours_left"] for name in WHAT_IF}
    )


#: The columns of a table without rows.
_EMPTY: Mapping[str, Any] = {
    **dict.fromkeys(("group", "region", "archetype", "buildings", "people", "choice")),
    **dict.fromkeys(("stopped", "hours_stood", "stop_outdoor_degc", "start_by", "drain_by")),
    **dict.fromkeys(("in_time", "back_in_time", "indifference")),
    "hours_left": dict.fromkeys(BAND),
    "cold_person_hours": dict.fromkeys(("hold", "drain")),
    "what_if": {name: dict.fromkeys(("indifference", "hours_left")) for name in WHAT_IF},
}
