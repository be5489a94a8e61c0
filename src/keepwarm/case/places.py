"""Regions, building groups and archetypes: who lives where, in what kind of house."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import (
    Buildings,
    Buses,
    Ints,
    Names,
    Regions,
)
from keepwarm.case.reading import Reading
from keepwarm.case.schemas import schema
from keepwarm.case.tables import Table, read_grid, read_table
from keepwarm.errors import nearest

_PEOPLE_TOLERANCE = 0.02

#: Heated floor area below which a group's area and people cannot belong together.
LEAST_M2_PER_PERSON = 2.0


def read_regions(reading: Reading, path: Path, network: Path) -> Regions:
    """Read regions.csv; without one the regions are those that buses.csv names, without people.

    Parameters
    ----------
    reading : Reading
        Where faults go.
    path, network : Path
        ``regions.csv``, which need not exist, and the network folder.
    """
    if not path.exists():
        return _named(_regions_of_buses(reading, network / "buses.csv"))
    table = read_table(reading, path, schema("regions"))
    if table is None:
        return _named(())
    languages = sorted(name[5:] for name in table.given if name.startswith("name_"))
    labels = []
    for at, name in enumerate(table.texts["region"]):
        label = {language: table.texts[f"name_{language}"][at] for language in languages}
        label = {language: text for language, text in label.items() if text}
        labels.append({"en": name} | label)
    return Regions(
        name=table.texts["region"],
        labels=tuple(labels),
        people=table.numbers["people"],
        vulnerable_share=table.numbers["vulnerable_share"],
        lon=table.numbers["lon"],
        lat=table.numbers["lat"],
    )


def no_buildings() -> Buildings:
    """Return the building groups of a case without warmth: none."""
    none, index = np.zeros(0), np.zeros(0, dtype=np.int64)
    flags = np.zeros(0, dtype=np.bool_)
    return Buildings((), index, index, none, none, none, index, index, (), flags, flags, flags)


def read_buildings(
    reading: Reading, path: Path, regions: Names, archetypes: Names, buses: Buses
) -> Buildings:
    """Read buildings.csv.

    Parameters
    ----------
    reading : Reading
        Where faults go.
    path : Path
        The file.
    regions, archetypes : tuple of str
        Names that its columns may hold.
    buses : Buses
        Heat buses for ``heat_bus``, power buses for ``power_bus``.
    """
    table = read_table(reading, path, schema("buildings"))
    if table is None:
        return no_buildings()
    _refuse_crowding(reading, table)
    _refuse_parts_of_buildings(reading, table)
    return Buildings(
        group=table.texts["group"],
        region=_look_up(reading, table, "region", regions, "region"),
        archetype=_look_up(reading, table, "archetype", archetypes, "archetype"),
        buildings=table.numbers["buildings"],
        people=table.numbers["people"],
        floor_area_m2=table.numbers["floor_area_m2"],
        heat_bus=_bus(reading, table, "heat_bus", "heat", buses),
        power_bus=_bus(reading, table, "power_bus", "power", buses),
        rotation_group=table.texts["rotation_group"],
        substation_needs_power=table.flags["substation_needs_power"],
        backup=table.flags["backup"],
        water_circuit=table.flags["water_circuit"],
    )


def _refuse_crowding(reading: Reading, table: Table) -> None:
    """Refuse floor areas that cannot be those of the group: gains per m2 would run away."""
    area, people = table.numbers["floor_area_m2"], table.numbers["people"]
    for at in np.flatnonzero(area < LEAST_M2_PER_PERSON * people).tolist():
        found = f"{area[at]:g} m2 for {people[at]:g} people"
        expected = f"at least {LEAST_M2_PER_PERSON:g} m2 per person"
        reading.fault(table.file, table.lines[at], "floor_area_m2", found, expected)


def _refuse_parts_of_buildings(reading: Reading, table: Table) -> None:
    for at, count in enumerate(table.numbers["buildings"].tolist()):
        if not math.isnan(count) and not count.is_integer():
            reading.fault(
                table.file, table.lines[at], "buildings", f"{count:g} buildings", "a whole number"
            )


def warn_about_people(reading: Reading, regions: Regions, buildings: Buildings) -> None:
    """Warn where the people of a region and of its buildings differ by more than 2 %."""
    for at, name in enumerate(regions.name):
        housed = float(buildings.people[buildings.region == at].sum())
        people = float(regions.people[at])
        if housed > 0 and abs(housed - people) > _PEOPLE_TOLERANCE * max(people, 1.0):
            found = f"region '{name}' has {people:g} people, its buildings hold {housed:g}"
            reading.warn("regions.csv", None, "people", found)


def _look_up(reading: Reading, table: Table, column: str, names: Names, noun: str) -> Ints:
    places = {name: at for at, name in enumerate(names)}
    found = np.full(len(table), -1, dtype=np.int64)
    for at, name in enumerate(table.texts[column]):
        if name in places:
            found[at] = places[name]
        elif name and names and reading.whole(f"{noun}s"):
            text = f"'{name}' is no {noun} of this case"
            reading.fault(table.file, table.lines[at], column, text, "", nearest(name, names))
    return found


def _bus(reading: Reading, table: Table, column: str, carrier: str, buses: Buses) -> Ints:
    found = np.full(len(table), -1, dtype=np.int64)
    places = {name: at for at, name in enumerate(buses.name)}
    right = [name for name, own in zip(buses.name, buses.carrier, strict=True) if own == carrier]
    for at, name in enumerate(table.texts[column]):
        if not name or not places:
            continue
        found[at] = places.get(name, -1)
        if name not in places and reading.whole("buses"):
            text = f"'{name}' is no bus of this network"
            reading.fault(table.file, table.lines[at], column, text, "", nearest(name, right))
        elif name in places and buses.carrier[places[name]] != carrier:
            text = f"'{name}' is a {buses.carrier[places[name]]} bus"
            near = nearest(name, right)
            reading.fault(table.file, table.lines[at], column, text, f"a {carrier} bus", near)
    return found


def _named(names: Names) -> Regions:
    zero, unknown = np.zeros(len(names)), np.full(len(names), np.nan)
    labels = tuple({"en": name} for name in names)
    return Regions(names, labels, zero, zero, unknown, unknown)


def _regions_of_buses(reading: Reading, path: Path) -> Names:
    """Faults of buses.csv are noted where the network is read, not here."""
    grid = read_grid(Reading(reading.root), path)
    if grid is None or "region" not in grid.header:
        return ()
    at = grid.header.index("region")
    return tuple(dict.fromkeys(row[at] for row in grid.rows if row[at]))
