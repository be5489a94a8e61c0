"""Places where mobile units would help: what a season leaves unserved there, step by step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import TIERS, Case, Floats
from keepwarm.network import sum_by_place
from keepwarm.runs.people import night_needs
from keepwarm.season import Season
from keepwarm.season.corridor import Corridor

_CENTRAL = 1
#: A MWh of critical need weighs more than any people at a substation.
_CRITICAL = 1e5
#: A MWh of heat where nobody is cold yet, beside a cold person-hour.
_HEAT = 0.01


@dataclass(frozen=True)
class Site:
    """A place where units of a kind would help, step by step."""

    target: str  # a bus or a group; empty for the region as a whole
    region: int  # -1 unknown
    open: Floats  # (steps,) MW, or people, that a unit could serve
    weight: float  # worth of one of it for an hour, to compare sites
    people: float  # who live there
    critical: bool = False


def heat_sites(corridor: Corridor, season: Season) -> list[Site]:
    """Return heat buses that are short, weighed by the cold hours that go with a MWh there."""
    case, buildings = season.case, season.case.buildings
    buses = case.network.buses
    short = sum_by_place(season.shed_mw, corridor.heat_place, len(buses))
    cold = _cold_hours(season)
    sites = []
    for bus in sorted(set(buildings.heat_bus.tolist()) - {-1}):
        here = buildings.heat_bus == bus
        unserved = float(short[:, bus].sum()) * season.step_hours
        if unserved > 0:
            sites.append(
                Site(
                    target=buses.name[bus],
                    region=_region_of(case, bus),
                    open=short[:, bus],
                    weight=_HEAT + float(cold[here].sum()) / unserved,
                    people=float(buildings.people[here].sum()),
                )
            )
    return sites


def power_sites(corridor: Corridor, season: Season) -> list[Site]:
    """Return where generators would help: critical needs first, then substations without power."""
    return [*_critical(corridor, season), *_substations(corridor, season)]


def night_sites(season: Season) -> list[Site]:
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
        sites.append(Site("", region, need, 1.0, float(people[:, region].max())))
    return sites


def _critical(corridor: Corridor, season: Season) -> list[Site]:
    case, needs = season.case, corridor.template.needs
    buses, critical = case.network.buses, TIERS.index("critical")
    sites = []
    for need in np.flatnonzero(needs.tier == critical).tolist():
        bus, short = int(needs.bus[need]), season.shed_mw[:, need]
        if buses.carrier[bus] == "power" and short.any():
            region = _region_of(case, bus)
            sites.append(Site(buses.name[bus], region, short, _CRITICAL, 0.0, critical=True))
    return sites


def _substations(corridor: Corridor, season: Season) -> list[Site]:
    """Return groups whose substation stands because its feeder is off, with their people."""
    buildings, sites = season.case.buildings, []
    for group in np.flatnonzero(corridor.depends_on_feeder).tolist():
        people = float(buildings.people[group])
        without = (1.0 - season.power_share[:, group]) * people
        if without.any():
            name, region = buildings.group[group], int(buildings.region[group])
            sites.append(Site(name, region, without, 1.0, people))
    return sites


def _cold_hours(season: Season) -> Floats:
    """Return person-hours below the threshold nearest to that of decisions, (groups,)."""
    wanted = season.case.settings.number("decision.cold_below_degc")
    at = int(np.abs(season.thresholds_degc - wanted).argmin())
    return np.asarray(season.group_hours_below[_CENTRAL, :, at] * season.case.buildings.people)


def _region_of(case: Case, bus: int) -> int:
    """Return the region of a bus, else that of the groups on it."""
    region = int(case.network.buses.region[bus])
    here = np.flatnonzero((case.buildings.heat_bus == bus) | (case.buildings.power_bus == bus))
    return int(case.buildings.region[here[0]]) if region < 0 and here.size else region
