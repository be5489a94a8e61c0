"""The answers of one run: the fields that scripts, the brief and people rely on."""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import BAND, Damage, Floats
from keepwarm.runs.decision_answers import decision_answers
from keepwarm.runs.people import people_answers, spread_of_hours
from keepwarm.runs.tables import energy_by_carrier
from keepwarm.season import Audit, Season
from keepwarm.season.people import SERVICES, people_by_bus
from keepwarm.season.state import CLOSED_STATES
from keepwarm.season.told import STATES
from keepwarm.warmth.pipes import PLACES

Answers = dict[str, object]

#: Hours after the stop of circulation for which buildings to be drained are counted.
DRAIN_HOURS = (3, 6, 12, 24, 48, 72)


def answers(season: Season, damage: Damage) -> Answers:
    """Return the answers of a season as plain numbers, texts, lists and dicts.

    Times are ISO in UTC, hours count from the start, and null stands for "not within the run".
    Bands are low (cools soonest), central, high (cools latest).
    """
    dt, energy = season.step_hours, energy_by_carrier(season)
    return {
        "case": season.case.name,
        "start": _iso(season.times[0]),
        "hours": len(season.times) * dt,
        "damage_from": _damage_from(season, damage),
        "need_mwh": {c: float(need.sum() * dt) for c, (need, _) in energy.items()},
        "cost": float(season.objective.sum() * dt),
        "unserved_mwh": {c: float(shed.sum() * dt) for c, (_, shed) in energy.items()},
        "people": _people(season),
        "people_hours_without": {s: float(season.people_without[s].sum() * dt) for s in SERVICES},
        "peak_people_without": {
            s: float(season.people_without[s].sum(axis=1).max(initial=0.0)) for s in SERVICES
        },
        "service_returns": {s: _returns(season, season.people_without[s]) for s in SERVICES},
        **people_answers(season),
        "buildings": _buildings(season),
        "freezing": spread_of_hours(season.plug_hour, season.case.buildings.buildings),
        "drain_by": _drain_by(season),
        "drain_deadlines": _drain_deadlines(season),
        **decision_answers(season),
        "audit": audit_answers(season.audit),
    }


def audit_answers(audit: Audit) -> Answers:
    """Return what an audit found, as answers."""
    return {
        "steps_checked": audit.steps_checked,
        "max_relative_gap": audit.max_relative_gap,
        "max_shed_gap": audit.max_shed_gap,
        "max_balance_error_mw": audit.max_balance_error_mw,
        "boxes_bound": audit.boxes_bound,
    }


def _iso(time: np.datetime64) -> str:
    return f"{np.datetime_as_string(time, unit='s')}Z"


def _at(season: Season, hour: float) -> str | None:
    """Return the time of an hour of the run, None where it never came."""
    if not np.isfinite(hour):
        return None
    return _iso(season.times[0] + np.timedelta64(round(hour * 3600), "s"))


def _people(season: Season) -> float:
    case = season.case
    if len(case.buildings):
        return float(case.buildings.people.sum())
    if case.regions.people.sum() > 0:
        return float(case.regions.people.sum())
    carriers = set(case.network.buses.carrier)
    return max((float(people_by_bus(case, c).sum()) for c in carriers), default=0.0)


def _returns(season: Season, without: Floats) -> str | None:
    """Time from which under 1 % of the peak are without; None if nobody was or it never came."""
    total = without.sum(axis=1)
    peak = total.max(initial=0.0)
    if peak < 0.5:
        return None
    last = int(np.flatnonzero(total > 0.01 * peak)[-1])
    return _iso(season.times[last + 1]) if last + 1 < len(season.times) else None


def _buildings(season: Season) -> Answers:
    count = season.case.buildings.buildings
    closed = sum(season.of_state(name) for name in CLOSED_STATES)
    without = np.where(season.running, closed, count)
    return {
        "total": float(count.sum()),
        "without_heat_peak": float(without.sum(axis=1).max(initial=0.0)),
        "without_heat_end": float(without[-1].sum()),
        "drained": float(season.drained.max(axis=0, initial=0.0).sum()),
        "frozen": float(season.frozen.max(axis=0, initial=0.0).sum()),
        "frozen_band": {b: float(season.frozen_band[k].sum()) for k, b in enumerate(BAND)},
        "states": _states(season),
    }


def _states(season: Season) -> Answers:
    """Most circuits in each state at once, and those in it at the end."""
    count = season.circuits.sum(axis=2)
    return {
        state: {"peak": float(count[:, k].max(initial=0.0)), "end": float(count[-1, k])}
        for k, state in enumerate(STATES)
    }


def _damage_from(season: Season, damage: Damage) -> str | None:
    """Return when the first damage within the run begins, its start where it began before."""
    end = season.times[-1] + np.timedelta64(round(season.step_hours * 3600), "s")
    begun = [
        max(row.time, season.times[0])
        for row in damage
        if row.time < end and (np.isnat(row.until) or row.until > season.times[0])
    ]
    return _iso(min(begun)) if begun else None


def _drain_by(season: Season) -> list[Answers]:
    """Count buildings that must be drained within so many hours of their stop."""
    count, left = season.case.buildings.buildings, season.plug_hour - season.plug_stopped_hour
    return [
        {
            "hours_after_stop": hours,
            "buildings": {
                band: float(count[left[b] <= hours].sum()) for b, band in enumerate(BAND)
            },
        }
        for hours in DRAIN_HOURS
    ]


def _drain_deadlines(season: Season) -> list[Answers]:
    """One row per group whose weakest pipe would plug, the most urgent first."""
    buildings, plug = season.case.buildings, season.plug_hour
    rows: list[Answers] = []
    left = plug - season.plug_stopped_hour
    urgent = np.where(np.isfinite(plug), plug, np.inf).min(axis=0)
    threatened = np.flatnonzero(np.isfinite(urgent))
    for g in threatened[np.argsort(urgent[threatened], kind="stable")].tolist():
        band = int(np.nanargmin(plug[:, g]))
        zone = season.weakest_zone[g]
        where = PLACES[int(zone)] if np.isfinite(zone) else "weakest"
        since = _at(season, season.plug_stopped_hour[band, g])
        rows.append(
            {
                "group": buildings.group[g],
                "region": season.case.regions.name[int(buildings.region[g])],
                "buildings": float(buildings.buildings[g]),
                "people": float(buildings.people[g]),
                "by": {name: _at(season, plug[b, g]) for b, name in enumerate(BAND)},
                "hours_left": float(left[band, g]),
                "drained": float(season.drained[:, g].max(initial=0.0)),
                "frozen": float(season.frozen[:, g].max(initial=0.0)),
                "reason": f"{where} pipe plugs with ice; no circulation since {since}",
            }
        )
    return rows
