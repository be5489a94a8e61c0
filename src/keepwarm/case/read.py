"""Reading a case folder: every fault of every file at once, or one frozen Case.

A folder is a case when it holds ``case.toml`` and ``network/``; a PyPSA CSV folder, or a folder
with ``network/`` alone, is a case with default settings.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

import numpy as np

from keepwarm.case.archetypes import no_archetypes, read_archetypes
from keepwarm.case.climate_tables import read_normals, read_winters
from keepwarm.case.network import ASSET_TABLES, read_network
from keepwarm.case.nouns import (
    Archetypes,
    Buildings,
    Case,
    Network,
    Observation,
    Regions,
    Settings,
    Weather,
)
from keepwarm.case.observed import read_state
from keepwarm.case.outlines import read_outlines
from keepwarm.case.places import (
    no_buildings,
    read_buildings,
    read_regions,
    warn_about_people,
)
from keepwarm.case.plausible import (
    warn_about_homes_colder_than_outdoors,
    warn_about_load_people,
    warn_about_warm_winter,
)
from keepwarm.case.read_resources import read_resources
from keepwarm.case.reading import Reading, merged
from keepwarm.case.restoration import read_restoration
from keepwarm.case.rotation import read_rotation
from keepwarm.case.settings import Header, read_header
from keepwarm.case.times import format_time
from keepwarm.case.unread import (
    refuse_homes_without_buildings,
    warn_about_files,
    warn_about_network,
)
from keepwarm.case.weather import has_weather, read_weather
from keepwarm.errors import Fault, InputError, nearest


@dataclass(frozen=True)
class CheckedCase:
    """What reading a case came to: ``case`` is None when there are faults.

    ``partial`` is the case as far as its tables could be read, good for nothing but finding more
    faults; None when not every asset is known.
    """

    case: Case | None
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    partial: Case | None = None


def read_case(path: str | PathLike[str]) -> Case:
    """Read a case folder.

    Parameters
    ----------
    path : path-like
        A case folder or a bare PyPSA CSV folder.

    Returns
    -------
    Case
        Frozen; depends on nothing but the files.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    checked = inspect_case(path)
    if checked.case is None:
        raise InputError(checked.faults)
    return checked.case


def check_case(path: str | PathLike[str]) -> list[Fault]:
    """Return every fault of a case folder; an empty list when it can be read.

    Parameters
    ----------
    path : path-like
        A case folder or a bare PyPSA CSV folder.
    """
    return list(inspect_case(path).faults)


def inspect_case(path: str | PathLike[str]) -> CheckedCase:
    """Read a case folder without raising: the case, or its faults, and warnings either way.

    Parameters
    ----------
    path : path-like
        A case folder or a bare PyPSA CSV folder.
    """
    root = Path(path)
    reading = Reading(root)
    case = None
    folder = _network_folder(reading, root) if _open(reading, root) else None
    if folder is not None and _open(reading, folder):
        case = _read(reading, root, folder)
    return CheckedCase(
        case if not reading.faults else None,
        merged(reading.faults),
        tuple(reading.warnings),
        case if reading.whole(*ASSET_TABLES) else None,
    )


def _open(reading: Reading, folder: Path) -> bool:
    """Whether a folder can be listed and entered."""
    name = str(folder) if folder == reading.root else reading.name_of(folder)
    try:
        for path in folder.iterdir():
            path.exists()
    except FileNotFoundError:
        reading.fault(name, None, None, "no such folder")
    except NotADirectoryError:
        reading.fault(name, None, None, "this is a file", "a case folder")
    except OSError as error:
        reading.fault(name, None, None, f"cannot be read: {error.strerror}")
    else:
        return True
    return False


def _network_folder(reading: Reading, root: Path) -> Path | None:
    if (root / "case.toml").exists() or (root / "network").is_dir():
        if (root / "network").is_dir():
            return root / "network"
        reading.fault("network", None, None, "no such folder", "the network of the case")
    elif (root / "buses.csv").exists():
        return root
    else:
        found = "no case here: neither case.toml nor network/ nor buses.csv"
        reading.fault(str(root), None, None, found)
    return None


def _read(reading: Reading, root: Path, folder: Path) -> Case:
    header = read_header(reading, root / "case.toml")
    if folder == root:
        header = replace(header, settings=_as_the_tables_say(header.settings))
    # In a bare PyPSA folder nothing but the network is ours to read.
    places = root if folder != root else root / "network"
    regions = read_regions(reading, places / "regions.csv", folder)
    regions = read_outlines(reading, places / "regions.geojson", regions)
    own = (root / "case.toml").exists()
    network = read_network(reading, folder, regions.name, own=own)
    if own:
        refuse_homes_without_buildings(reading, root)
    archetypes, buildings = _homes(reading, places, regions, network)
    weather = _weather(reading, places, network, regions, buildings)
    state: tuple[Observation, ...] = ()
    if (places / "state.csv").exists():
        state = read_state(reading, places / "state.csv", buildings, network)
    restoration = read_restoration(
        reading, places / "restoration.csv", regions.name, buildings.group
    )
    rotation = read_rotation(reading, places / "rotation.csv", places / "buildings.csv", buildings)
    resources = read_resources(reading, places, regions, network.assets.name)
    _check_need(reading, network, buildings)
    _check_heat_order(reading, header, network, buildings)
    warn_about_people(reading, regions, buildings)
    loads = reading.name_of(folder / "loads.csv")
    warn_about_load_people(reading, loads, network, regions, buildings)
    warn_about_network(reading, folder, network)
    if weather is not None and not reading.faults:
        warn_about_warm_winter(
            reading,
            weather,
            snapshots=network.snapshots,
            regions=regions,
            time_zone=header.time_zone,
        )
        warn_about_homes_colder_than_outdoors(
            reading, state, weather, snapshots=network.snapshots, buildings=buildings
        )
    warn_about_files(reading, root, folder)
    start, hours = _period(reading, header, network)
    over = (network.snapshots, regions.name)
    return Case(
        name=header.name,
        title=header.title or header.name,
        path=root,
        time_zone=header.time_zone,
        provenance=header.provenance,
        settings=header.settings,
        network=network,
        regions=regions,
        buildings=buildings,
        archetypes=archetypes,
        weather=weather,
        state=state,
        start=start,
        hours=hours,
        input_hashes=dict(sorted(reading.hashes.items())),
        restoration=restoration,
        rotation=rotation,
        resources=resources,
        winters=read_winters(reading, places / "weather_years.csv", *over),
        normals=read_normals(reading, places / "normals.csv", *over),
    )


def _as_the_tables_say(settings: Settings) -> Settings:
    """Return settings under which a PyPSA folder's needs are those of its tables, whatever happens.

    Cold-load pickup is what homes do; of a load that is only a series nobody knows it, and
    published adequacy systems have none.
    """
    return replace(settings, values={**settings.values, "pickup.factor": 1.0})


def _homes(
    reading: Reading, places: Path, regions: Regions, network: Network
) -> tuple[Archetypes, Buildings]:
    if not (places / "buildings.csv").exists():
        return no_archetypes(), no_buildings()
    archetypes = read_archetypes(reading, places / "archetypes.csv")
    buildings = read_buildings(
        reading, places / "buildings.csv", regions.name, archetypes.name, network.buses
    )
    return archetypes, buildings


def _weather(
    reading: Reading, places: Path, network: Network, regions: Regions, buildings: Buildings
) -> Weather | None:
    if not has_weather(places) and not len(buildings):
        return None
    return read_weather(reading, places, network, regions.name)


def _check_need(reading: Reading, network: Network, buildings: Buildings) -> None:
    if not len(network.loads) and not len(buildings) and reading.whole("loads", "buildings"):
        found = "nobody needs anything: the case has no load and no building group"
        reading.fault("network/loads.csv", None, None, found, "a load or a building group")


def _check_heat_order(
    reading: Reading, header: Header, network: Network, buildings: Buildings
) -> None:
    heat = [
        name
        for name, carrier in zip(network.buses.name, network.buses.carrier, strict=True)
        if carrier == "heat"
    ]
    for bus, groups in header.settings.heat_order.items():
        key = f"sharing.order.{bus}"
        line = header.lines.get(key)
        if bus not in heat:
            if not reading.whole("buses"):
                continue
            found = f"'{bus}' is no heat bus of this network"
            reading.fault("case.toml", line, key, found, "", nearest(bus, heat))
            continue
        at = network.buses.name.index(bus)
        here = [
            group
            for group, own in zip(buildings.group, buildings.heat_bus, strict=True)
            if own == at
        ]
        for group in groups:
            if group not in here and reading.whole("buildings"):
                found = f"'{group}' is no building group of heat bus '{bus}'"
                reading.fault("case.toml", line, key, found, "", nearest(group, here))


def _period(reading: Reading, header: Header, network: Network) -> tuple[np.datetime64, int]:
    """Return where a run begins and how many hours it covers, unless told otherwise."""
    if not len(network.snapshots):
        return np.datetime64("NaT", "s"), 0
    first = network.snapshots[0]
    total = len(network.snapshots) * network.step_hours
    start = first if header.start is None else header.start
    if start not in network.snapshots:
        last = network.snapshots[-1]
        found = f"{format_time(start)} is no snapshot"
        expected = f"a snapshot from {format_time(first)} to {format_time(last)}"
        reading.fault("case.toml", header.lines.get("start"), "start", found, expected)
        start = first
    left = total - float((start - first) / np.timedelta64(3600, "s"))
    hours = max(1, int(left)) if header.hours is None else header.hours
    if hours > max(left, 1.0) + 1e-9:
        found = f"{hours} h run past the last snapshot"
        reading.fault("case.toml", header.lines.get("hours"), "hours", found, f"up to {left:g}")
    return start, hours
