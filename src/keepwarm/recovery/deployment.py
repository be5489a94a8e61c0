"""Where mobile generators, boilers, warming points and tankers go: one after the other, greedily.

Each unit goes where it serves most of what the planned season still leaves unserved from its
arrival on; what it serves is taken off before the next one is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from keepwarm.case.nouns import TIERS, Case, Floats
from keepwarm.case.plan import NO_TIME, Deployment
from keepwarm.case.resources import MobileUnit
from keepwarm.damage.crews import travel_hours
from keepwarm.network import sum_by_place
from keepwarm.recovery.worth import Outlook
from keepwarm.runs.people import night_needs
from keepwarm.season import Season
from keepwarm.season.corridor import Corridor

#: A unit that would serve less than this is not sent: MWh, and people over an hour.
_LEAST_MWH, _LEAST_PERSON_HOURS = 1.0, 100.0
_CENTRAL = 1
#: Hours of a day that a tanker is on the road, and that filling and emptying it takes.
_DRIVING_HOURS, _FILLING_HOURS = 12.0, 1.5


@dataclass(frozen=True)
class _Site:
    """A place where units of a kind would help, hour by hour."""

    target: str  # a bus or a group; empty for the region as a whole
    region: int  # -1 unknown
    open_mw: Floats  # (steps,) or people, that a unit could serve
    weight: float  # worth of a unit of it, to compare sites
    people: float  # who live there


def planned_deployments(
    outlook: Outlook, corridor: Corridor, season: Season
) -> tuple[Deployment, ...]:
    """Return where the case's mobile units go.

    Parameters
    ----------
    outlook
        When the plan is made.
    corridor, season
        The season with the plan's repairs, without any unit.

    Returns
    -------
    tuple of Deployment
        Boilers to heat buses that are short, weighed by how cold homes get there; generators to
        buses with critical needs unserved, then to substations that stand for lack of power;
        warming points by people who need one at night; tankers by what the units sent burn.

    **Leaves out**: moving a unit on later; a unit that serves two places.
    """
    case = outlook.case
    sent: list[Deployment] = []
    for kind, sites, large_first in (
        ("boiler", _heat_sites(corridor, season), True),
        ("generator", _critical_sites(corridor, season), True),
        ("generator", _substations(corridor, season), False),
        ("warming_point", _night_sites(season), True),
    ):
        used = {one.unit: 0 for one in sent}
        for one in sent:
            used[one.unit] += one.count
        for unit in _of_kind(case, kind, large_first=large_first):
            left = unit.count - used.get(unit.name, 0)
            sent += _send(outlook, replace(unit, count=left), sites)
    return (*sent, *_tankers(outlook, sent))


def _of_kind(case: Case, kind: str, *, large_first: bool = True) -> list[MobileUnit]:
    """Return the units of a kind, by their size."""
    units = [unit for unit in case.resources.mobile if unit.kind == kind]
    sign = -1.0 if large_first else 1.0
    return sorted(units, key=lambda unit: (sign * unit.capacity_mw, unit.name))


def _send(outlook: Outlook, unit: MobileUnit, sites: list[_Site]) -> list[Deployment]:
    """Send units one after the other to where each serves most."""
    arrives = [_arrival(outlook, unit, site.region) for site in sites]
    counts = [0] * len(sites)
    served = [0.0] * len(sites)
    for _ in range(unit.count):
        gains = [
            float(np.minimum(_size(outlook, unit, site), site.open_mw[_step(outlook, at) :]).sum())
            * site.weight
            for site, at in zip(sites, arrives, strict=True)
        ]
        best = int(np.argmax(gains)) if gains else -1
        if best < 0 or gains[best] * outlook.case.network.step_hours < _least(unit):
            break
        site, begin = sites[best], _step(outlook, arrives[best])
        size = _size(outlook, unit, site)
        taken = np.minimum(size, site.open_mw)
        taken[:begin] = 0.0
        served[best] += float(taken.sum()) * outlook.case.network.step_hours
        sites[best] = replace(site, open_mw=site.open_mw - taken)
        counts[best] += 1
    return [
        _deployment(outlook, unit, sites[at], count, arrives[at], served[at])
        for at, count in enumerate(counts)
        if count
    ]


def _size(outlook: Outlook, unit: MobileUnit, site: _Site) -> float:
    """Return what one unit serves at a site: MW, or people."""
    if unit.kind == "warming_point":
        return unit.people
    groups = outlook.case.buildings.group
    if unit.kind == "generator" and site.target in groups:
        number = outlook.case.settings.number
        substations = 1e3 * unit.capacity_mw / number("deployment.substation_kw")
        houses = substations * number("deployment.buildings_per_substation")
        at = groups.index(site.target)
        return site.people * min(1.0, houses / float(outlook.case.buildings.buildings[at]))
    return unit.capacity_mw


def _least(unit: MobileUnit) -> float:
    return _LEAST_PERSON_HOURS if unit.kind == "warming_point" else _LEAST_MWH


def _deployment(
    outlook: Outlook, unit: MobileUnit, site: _Site, count: int, hours: float, served: float
) -> Deployment:
    case = outlook.case
    now = case.network.snapshots[outlook.first]
    region = case.regions.name[site.region] if site.region >= 0 else ""
    at_group = site.target in case.buildings.group
    size = _size(outlook, unit, site)
    people = (
        min(count * size, site.people)
        if at_group or unit.kind == "warming_point"
        else (site.people)
    )
    megawatts = 0.0 if unit.kind == "warming_point" else count * unit.capacity_mw
    what = {
        "boiler": f"serves {served:,.0f} MWh of heat that nothing else does",
        "generator": f"keeps pumps of {people:,.0f} people running while their feeder is off"
        if at_group
        else f"serves {served:,.0f} MWh of critical need",
        "warming_point": f"a warm night for {people:,.0f} people whose homes are cold",
    }[unit.kind]
    return Deployment(
        unit=unit.name,
        count=count,
        kind=unit.kind,
        region=region,
        target=site.target,
        begin=now + np.timedelta64(round(hours * 3600), "s"),
        end=NO_TIME,
        capacity_mw=megawatts,
        people=float(people),
        litres_per_day=24.0 * unit.fuel_l_per_mwh * megawatts,
        why=what,
    )


def _arrival(outlook: Outlook, unit: MobileUnit, region: int) -> float:
    """Return the hours after which a unit works at a place."""
    case = outlook.case
    now = case.network.snapshots[outlook.first]
    there = 0.0
    if not np.isnat(unit.available_from):
        there = max(0.0, float((unit.available_from - now) / np.timedelta64(3600, "s")))
    return there + float(travel_hours(case)[unit.base, region]) + unit.setup_hours


def _step(outlook: Outlook, hours: float) -> int:
    return min(int(np.ceil(hours / outlook.case.network.step_hours)), outlook.steps)


def _heat_sites(corridor: Corridor, season: Season) -> list[_Site]:
    """Return heat buses that are short, weighed by the cold hours that go with a MWh there."""
    case, buildings = season.case, season.case.buildings
    buses = case.network.buses
    short = sum_by_place(season.shed_mw, corridor.heat_place, len(buses))
    cold = _cold_hours(season)
    sites = []
    for bus in sorted(set(buildings.heat_bus.tolist()) - {-1}):
        here = buildings.heat_bus == bus
        unserved = float(short[:, bus].sum())
        if unserved > 0:
            sites.append(
                _Site(
                    target=buses.name[bus],
                    region=_region_of(case, bus),
                    open_mw=short[:, bus],
                    weight=0.01 + float(cold[here].sum()) / unserved,
                    people=float(buildings.people[here].sum()),
                )
            )
    return sites


def _cold_hours(season: Season) -> Floats:
    """Return person-hours below the threshold nearest to that of decisions, (groups,)."""
    wanted = season.case.settings.number("decision.cold_below_degc")
    at = int(np.abs(season.thresholds_degc - wanted).argmin())
    return np.asarray(season.group_hours_below[_CENTRAL, :, at] * season.case.buildings.people)


def _critical_sites(corridor: Corridor, season: Season) -> list[_Site]:
    """Return power buses with critical needs that are not served."""
    case, needs = season.case, corridor.template.needs
    buses, critical = case.network.buses, TIERS.index("critical")
    sites = []
    for need in np.flatnonzero(needs.tier == critical).tolist():
        bus = int(needs.bus[need])
        if buses.carrier[bus] == "power" and season.shed_mw[:, need].any():
            short = season.shed_mw[:, need].copy()
            sites.append(_Site(buses.name[bus], _region_of(case, bus), short, 100.0, 0.0))
    return sites


def _substations(corridor: Corridor, season: Season) -> list[_Site]:
    """Return groups whose substation stands because its feeder is off, with their people."""
    buildings, sites = season.case.buildings, []
    for group in np.flatnonzero(corridor.depends_on_feeder).tolist():
        people = float(buildings.people[group])
        without = (1.0 - season.power_share[:, group]) * people
        if without.any():
            sites.append(
                _Site(buildings.group[group], int(buildings.region[group]), without, 1.0, people)
            )
    return sites


def _night_sites(season: Season) -> list[_Site]:
    """Return regions with the people who need a warming point, night by night."""
    if not len(season.case.buildings):
        return []
    people = night_needs(season)["people"][:, _CENTRAL]  # (nights, regions)
    nights, dt = season.indoors.nights, np.timedelta64(3600, "s")
    sites = []
    for region in np.flatnonzero(people.any(axis=0)).tolist():
        need = np.zeros(len(season.times))
        for night in range(len(people)):
            begin = float((nights.begins[night] - season.times[0]) / dt) / season.step_hours
            end = float((nights.ends[night] - season.times[0]) / dt) / season.step_hours
            need[max(int(begin), 0) : max(int(np.ceil(end)), 0)] = people[night, region]
        sites.append(_Site("", region, need, 1.0, float(people[:, region].max())))
    return sites


def _tankers(outlook: Outlook, sent: Sequence[Deployment]) -> list[Deployment]:
    """Return which tanker supplies which region, the largest need of fuel first."""
    case, left = outlook.case, dict[str, float]()
    for one in sent:
        left[one.region] = left.get(one.region, 0.0) + one.litres_per_day
    found: list[Deployment] = []
    ways, names = travel_hours(case), case.regions.name
    for unit in _of_kind(case, "tanker"):
        for _ in range(unit.count):
            region = max(left, key=lambda name: left[name], default="")
            if not left.get(region, 0.0) > 0:
                return _joined(found)
            at = names.index(region) if region in names else -1
            trips = _DRIVING_HOURS / (2.0 * float(ways[unit.base, at]) + _FILLING_HOURS)
            litres = min(left[region], trips * unit.tank_litres)
            left[region] -= litres
            begin = case.network.snapshots[outlook.first] + np.timedelta64(
                round(3600 * _arrival(outlook, unit, at)), "s"
            )
            why = f"{litres:,.0f} litres a day for the units there"
            found.append(
                Deployment(
                    unit.name, 1, "tanker", region, "", begin, NO_TIME, 0.0, 0.0, litres, why
                )
            )
    return _joined(found)


def _joined(sent: Sequence[Deployment]) -> list[Deployment]:
    """Return tankers of one kind for one region as one line."""
    lines: dict[tuple[str, str], Deployment] = {}
    for one in sent:
        key = (one.unit, one.region)
        if key in lines:
            litres = lines[key].litres_per_day + one.litres_per_day
            why = f"{litres:,.0f} litres a day for the units there"
            count = lines[key].count + 1
            lines[key] = replace(lines[key], count=count, litres_per_day=litres, why=why)
        else:
            lines[key] = one
    return list(lines.values())


def _region_of(case: Case, bus: int) -> int:
    """Return the region of a bus, else that of the groups on it."""
    region = int(case.network.buses.region[bus])
    here = np.flatnonzero((case.buildings.heat_bus == bus) | (case.buildings.power_bus == bus))
    return int(case.buildings.region[here[0]]) if region < 0 and here.size else region
