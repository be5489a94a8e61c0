"""Where mobile generators, boilers and warming points go, when they move on, who refuels them.

One unit after the other takes the best itinerary over what the planned season still leaves
unserved; what it serves is taken off before the next one is sent. Units of an earlier plan begin
where they stand. Tankers then go round, and units without fuel stand until one comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from keepwarm.case.nouns import Case, Floats
from keepwarm.case.plan import NO_TIME, Delivery, Deployment
from keepwarm.case.resources import MobileUnit
from keepwarm.damage.crews import travel_hours
from keepwarm.recovery.fleet import Placed, placed_units
from keepwarm.recovery.itineraries import Start, Stay, Ways, best_itinerary
from keepwarm.recovery.sites import Site, heat_sites, night_sites, power_sites
from keepwarm.recovery.unit_lines import Posted, add_line, lines_of, refuelled, region_name
from keepwarm.recovery.worth import Outlook
from keepwarm.said.sentence import said
from keepwarm.season import Season
from keepwarm.season.corridor import Corridor

#: Said of units that stay although they have nothing to do.
_RESERVE = "unit.reserve"
#: A unit that would serve less than this is not sent: MWh, and people over an hour.
_LEAST_MWH, _LEAST_PERSON_HOURS = 1.0, 100.0


@dataclass(frozen=True)
class Sent:
    """What units and tankers are told."""

    deployments: tuple[Deployment, ...] = ()
    deliveries: tuple[Delivery, ...] = ()


def planned_deployments(
    outlook: Outlook,
    corridor: Corridor,
    season: Season,
    *,
    before: Sequence[Deployment] = (),
    delivered: Sequence[Delivery] = (),
) -> Sent:
    """Return where the case's mobile units go, and who refuels them.

    Parameters
    ----------
    outlook
        When the plan is made.
    corridor, season
        The season with the plan's repairs and timetable, without any unit.
    before, delivered
        Of an earlier plan that was carried out until then: its units stay, or move on from where
        they stand; what it had delivered by then is kept as history.

    Returns
    -------
    Sent
        Boilers to heat buses that are short, weighed by how cold homes get there; generators to
        buses with critical needs unserved, then to substations that stand for lack of power;
        warming points by people who need one at night; tankers to whose tanks run dry first.

    **Leaves out**: a unit that serves two places; fuel in the choice of places.
    """
    case = outlook.case
    now = case.network.snapshots[outlook.first]
    placed, history = placed_units(case, now, before)
    power = power_sites(corridor, season)
    posted = [
        *_sent(outlook, _of_kind(placed, "boiler"), heat_sites(corridor, season)),
        *_generators(outlook, placed, power),
        *_sent(outlook, _of_kind(placed, "warming_point"), night_sites(season)),
    ]
    fuelled, deliveries = refuelled(outlook, placed, posted)
    known = tuple(one for one in delivered if one.begin <= now)
    idle = _standing_by(placed, posted)
    return Sent((*history, *lines_of(outlook, posted, fuelled), *idle), (*known, *deliveries))


def _of_kind(placed: Sequence[Placed], kind: str, *, large_first: bool = True) -> list[Placed]:
    """Return the units of a kind, those at work first, then by size."""
    sign = -1.0 if large_first else 1.0
    own = [one for one in placed if one.unit.kind == kind]
    return sorted(
        own,
        key=lambda one: (one.line is None, sign * one.unit.capacity_mw, one.unit.name, one.ready),
    )


def _generators(outlook: Outlook, placed: Sequence[Placed], sites: list[Site]) -> list[Posted]:
    """Send large generators to critical needs, then small ones before large to substations."""
    critical = [one.critical for one in sites]
    large = _of_kind(placed, "generator")
    first = _sent(outlook, large, sites, only=critical) if any(critical) else []
    used = {id(one.placed) for one in first}
    left = [_without(site, at, first) for at, site in enumerate(sites)]
    rest = _of_kind(placed, "generator", large_first=False)
    return [*first, *_sent(outlook, [one for one in rest if id(one) not in used], left)]


def _without(site: Site, at: int, posted: Sequence[Posted]) -> Site:
    taken = sum((one.served for one in posted if one.stay.site == at), np.zeros(site.open.size))
    return replace(site, open=np.maximum(site.open - taken, 0.0))


def _sent(
    outlook: Outlook, units: Sequence[Placed], sites: list[Site], *, only: list[bool] | None = None
) -> list[Posted]:
    """Send units one after the other along the best itinerary; with ``only``, if it goes there."""
    posted = list[Posted]()
    open_now = [site.open.copy() for site in sites]
    nothing = set[tuple[object, ...]]()  # alike, and no itinerary was worth it
    for placed in units:
        alike = (placed.unit.name, placed.place, placed.ready, placed.line and placed.line.target)
        if alike in nothing:
            continue
        own = _itinerary(outlook, placed, sites, open_now)
        served = sum(float(one.served.sum()) for one in own) * outlook.case.network.step_hours
        wanted = only is None or any(only[one.stay.site] for one in own)
        if served < _least(placed.unit) or not wanted:
            nothing.add(alike)
            continue
        for one in own:
            open_now[one.stay.site] = open_now[one.stay.site] - one.served
        posted += own
    return posted


def _itinerary(
    outlook: Outlook, placed: Placed, sites: list[Site], open_now: list[Floats]
) -> list[Posted]:
    case, dt = outlook.case, outlook.case.network.step_hours
    if not sites:
        return []
    size = np.array([_size(case, placed.unit, site) for site in sites])
    weight = np.array([site.weight for site in sites])
    could = np.minimum(size[:, None], np.stack(open_now))
    unknown = len(case.regions)
    place = np.array([site.region if site.region >= 0 else unknown for site in sites])
    moves = case.settings.number("deployment.move_hours")
    cost = np.full(len(sites), np.inf) if placed.unit.kind == "warming_point" else size * weight
    ways = Ways(travel_hours(case) + placed.unit.setup_hours, place, moves * cost, dt)
    stands = [at for at, site in enumerate(sites) if placed.line and _same(placed.line, site)]
    start = Start(placed.place, placed.ready, stands[0] if stands else -1)
    worth, stays = best_itinerary(could * weight[:, None] * dt, ways, start)
    if worth <= 0:
        return []
    found, since = list[Posted](), placed.line.target or placed.line.region if placed.line else ""
    for stay in stays:
        served = could[stay.site] * _during(stay, outlook.steps, dt)
        rest = float(could[stay.site][_steps(stay.end, outlook.steps, dt) :].sum())
        share = rest / max(float(served.sum()), 1e-9)
        site = sites[stay.site]
        found.append(
            Posted(placed, site, stay, served, float(size[stay.site]), since, min(share, 1.0))
        )
        since = site.target or region_name(case, site.region)
    return found


def _same(line: Deployment, site: Site) -> bool:
    return bool(line.target) and line.target == site.target


def _steps(hours: float, most: int, dt: float) -> int:
    return most if not np.isfinite(hours) else min(int(np.ceil(hours / dt - 1e-9)), most)


def _during(stay: Stay, steps: int, dt: float) -> Floats:
    during = np.zeros(steps)
    during[_steps(stay.begin, steps, dt) : _steps(stay.end, steps, dt)] = 1.0
    return during


def _size(case: Case, unit: MobileUnit, site: Site) -> float:
    """Return what one unit serves at a site: MW, or people."""
    if unit.kind == "warming_point":
        return unit.people
    groups = case.buildings.group
    if unit.kind == "generator" and site.target in groups:
        number = case.settings.number
        substations = 1e3 * unit.capacity_mw / number("deployment.substation_kw")
        houses = substations * number("deployment.buildings_per_substation")
        at = groups.index(site.target)
        return site.people * min(1.0, houses / float(case.buildings.buildings[at]))
    return unit.capacity_mw


def _least(unit: MobileUnit) -> float:
    return _LEAST_PERSON_HOURS if unit.kind == "warming_point" else _LEAST_MWH


def _standing_by(placed: Sequence[Placed], posted: Sequence[Posted]) -> list[Deployment]:
    """Return units of an earlier plan that have nothing left to do: they stay where they are."""
    used, lines = {id(one.placed) for one in posted}, dict[tuple[object, ...], Deployment]()
    for one in placed:
        if one.line is None or id(one) in used:
            continue
        line = replace(one.line, end=NO_TIME, why=said(_RESERVE))
        add_line(lines, line)
    return list(lines.values())
