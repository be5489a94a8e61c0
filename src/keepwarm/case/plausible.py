"""What is allowed but rare enough to be a slip: a warning, so that someone looks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from keepwarm.case.nouns import (
    CARRIERS,
    Buildings,
    Network,
    Observation,
    Regions,
    Times,
    Weather,
)
from keepwarm.case.reading import Reading
from keepwarm.case.tables import Table

#: A link without a heat pump gives at most what it takes; the rest is room for heating values.
MOST_GAIN = 1.2
#: The most that a heat pump gives for a unit of power.
MOST_HEAT_PUMP = 8.0
_ENERGY = ("power", "heat", "gas", "fuel")
_PEOPLE_TOLERANCE = 0.02
#: Mean outdoor temperature of December to February that no place this far north has, degC; the
#: mildest coasts of Europe have 12.
WARMEST_WINTER_DEGC = 15.0
_NORTH = 40.0
#: Homes may lag behind a thaw by some kelvin; by more than this somebody mixed up two readings.
SWAPPED_K = 5.0
_WINTER = (12, 1, 2)


def warn_about_gain(reading: Reading, rows: Table | None, network: Network) -> None:
    """Warn of links that give much more energy than they take, heat pumps aside.

    Parameters
    ----------
    reading : Reading
        Where warnings go.
    rows : Table or None
        The table of the links; its active rows are the links of ``network``.
    network : Network
        Whose links count. Ports of water are not energy.
    """
    if rows is None:
        return
    carrier = (*network.buses.carrier, "")
    links = network.links
    for at, row in enumerate(np.flatnonzero(rows.flags["active"]).tolist()):
        ports = [carrier[bus] for bus in links.bus[at].tolist()]
        gains = links.efficiency[at]
        joined = [name for name in ports if name]
        if np.isnan(gains).any() or any(name not in _ENERGY for name in joined):
            continue
        given, taken = gains[gains > 0].sum(), 1.0 - gains[gains < 0].sum()
        into = {name for name, gain in zip(ports[1:], gains, strict=True) if gain > 0}
        pump = ports[0] == "power" and into == {"heat"}
        if given > (MOST_HEAT_PUMP if pump else MOST_GAIN) * taken * (1 + 1e-9):
            found = f"'{links.name[at]}' gives {given / taken:.3g} MWh for each MWh it takes"
            reading.warn(rows.file, rows.lines[row], "efficiency", found)


def warn_about_load_people(
    reading: Reading, file: str, network: Network, regions: Regions, buildings: Buildings
) -> None:
    """Warn where the loads of one carrier name more people than live in their region.

    Parameters
    ----------
    reading, file : Reading, str
        Where warnings go, and the name of the table of loads.
    network, regions, buildings : Network, Regions, Buildings
        People are those of the region or of its buildings, whichever are more.
    """
    loads = network.loads
    people = np.nan_to_num(loads.people)
    region = np.append(network.buses.region, -1)[loads.bus]
    carrier = np.array([*map(CARRIERS.index, network.buses.carrier), -1])[loads.bus]
    for at, name in enumerate(regions.name):
        housed = float(buildings.people[buildings.region == at].sum())
        living = max(float(np.nan_to_num(regions.people[at])), housed)
        for number, noun in enumerate(CARRIERS):
            named = float(people[(region == at) & (carrier == number)].sum())
            if living > 0 and named > living * (1 + _PEOPLE_TOLERANCE):
                found = (
                    f"the {noun} loads of region '{name}' name {named:g} people, "
                    f"{living:g} live there"
                )
                reading.warn(file, None, "people", found)


def warn_about_warm_winter(
    reading: Reading, weather: Weather, *, snapshots: Times, regions: Regions, time_zone: str
) -> None:
    """Warn of winter weather too warm for its latitude: Fahrenheit is often within degC's range.

    Parameters
    ----------
    reading, weather : Reading, Weather
        Where the warning goes, and what is looked at.
    snapshots : array of datetime64, shape (hours,)
        UTC.
    regions, time_zone : Regions, str
        Looked at are regions north of 40 degrees, and all in a time zone of Europe.
    """
    north = np.nan_to_num(regions.lat) >= _NORTH
    north |= time_zone.startswith("Europe/")  # invented places have no true latitude
    winter = np.isin(snapshots.astype("datetime64[M]").astype(np.int64) % 12 + 1, _WINTER)
    winter &= np.arange(len(snapshots)) < weather.known
    if not winter.any() or not north.any():
        return
    means = np.where(north, weather.outdoor_degc[winter].mean(axis=0), -np.inf)
    at = int(np.argmax(means))
    if means[at] > WARMEST_WINTER_DEGC:
        found = (
            f"a mean of {means[at]:.1f} degC in December to February in region "
            f"'{regions.name[at]}': if this is Fahrenheit, it would be "
            f"{(means[at] - 32.0) / 1.8:.1f} degC"
        )
        reading.warn(weather.file, None, "outdoor_degc", found)


def warn_about_homes_colder_than_outdoors(
    reading: Reading,
    state: Sequence[Observation],
    weather: Weather,
    *,
    snapshots: Times,
    buildings: Buildings,
) -> None:
    """Warn where homes were seen colder than the air outdoors: the two may have been swapped.

    Parameters
    ----------
    reading, state, weather : Reading, sequence of Observation, Weather
        Where warnings go, what was seen indoors, and what it is held against.
    snapshots : array of datetime64, shape (hours,)
        UTC, those of ``weather``.
    buildings : Buildings
        Whose groups were seen.
    """
    for row in state:
        if row.quantity != "indoor_degc" or row.subject not in buildings.group:
            continue
        region = buildings.region[buildings.group.index(row.subject)]
        hour = int(np.searchsorted(snapshots, row.time, side="right")) - 1
        outdoor = float(weather.outdoor_degc[hour, region])
        if row.value < outdoor - SWAPPED_K:
            found = (
                f"'{row.subject}' at {row.value:g} degC is colder than the {outdoor:g} degC "
                "outdoors: are they swapped?"
            )
            reading.warn("state.csv", None, "value", found)
