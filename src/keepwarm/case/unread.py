"""Files that are missing, misnamed or read by nothing: what the answer would silently lack."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from keepwarm.case.nouns import Network
from keepwarm.case.pypsa_folder import SERIES, is_series_file
from keepwarm.case.reading import Reading
from keepwarm.case.schemas import NETWORK_TABLES, schema, schema_rows
from keepwarm.case.tables import read_grid
from keepwarm.errors import nearest

CASE_FILES = (
    "case.toml",
    "regions.csv",
    "regions.geojson",
    "buildings.csv",
    "archetypes.csv",
    "weather.csv",
    "weather.epw",
    "weather_years.csv",
    "normals.csv",
    "state.csv",
    "restoration.csv",
    "rotation.csv",
    "damage.csv",
    "hazard.toml",
    "measures.toml",
    "crews.csv",
    "spares.csv",
    "repairs.csv",
    "mobile.csv",
    "access.csv",
    "travel.csv",
)
_A_DAY = 24.0
_FOR_PEOPLE = (".md", ".geojson")


def warn_about_files(reading: Reading, root: Path, folder: Path) -> None:
    """Warn of files that nothing reads, and of a case.toml that is not there.

    Parameters
    ----------
    reading : Reading
        Where warnings go; a file that already has a fault gets no warning.
    root, folder : Path
        The case folder and its network; the same in a bare PyPSA folder.
    """
    if folder != root:
        _warn_about_strays(reading, root, CASE_FILES)
        if not (root / "case.toml").exists() and any((root / name).exists() for name in CASE_FILES):
            found = "no such file: every setting has its default and times are shown in UTC"
            reading.warn("case.toml", None, None, found)
    _warn_about_strays(reading, folder, _network_files())


def refuse_homes_without_buildings(reading: Reading, root: Path) -> None:
    """Refuse a case that brings tables about homes but no homes.

    Parameters
    ----------
    reading : Reading
        Where the fault goes.
    root : Path
        A folder with case.toml.
    """
    tables = ("archetypes.csv", "weather.csv", "weather.epw", "restoration.csv")
    here = [name for name in tables if (root / name).exists()]
    if here and not (root / "buildings.csv").exists():
        verb = "are" if len(here) > 1 else "is"
        found = (
            f"no such file; {' and '.join(here)} {verb} here, buildings.csv is not: "
            "nothing could be said about homes"
        )
        reading.fault("buildings.csv", None, None, found)
        reading.incomplete.add("buildings")


def warn_about_network(reading: Reading, folder: Path, network: Network) -> None:
    """Warn of what a network can hardly mean: no source, power buses apart, loads of nothing.

    Parameters
    ----------
    reading : Reading
        Where warnings go.
    folder, network : Path, Network
        The network, read.
    """
    power = sum(carrier == "power" for carrier in network.buses.carrier)
    if len(network.loads) and not (folder / "generators.csv").exists():
        found = "no such file: nothing produces power, heat, gas or fuel"
        reading.warn(reading.name_of(folder / "generators.csv"), None, None, found)
    if power > 1 and not len(network.branches) and not (folder / "lines.csv").exists():
        found = "no such file: nothing joins the power buses"
        reading.warn(reading.name_of(folder / "lines.csv"), None, None, found)
    if (folder / "loads-p_set.csv").exists() or not (folder / "loads.csv").exists():
        return
    loads = reading.name_of(folder / "loads.csv")
    _warn_about_constant_loads(reading, folder, network)
    idle = np.flatnonzero((network.loads.p_set_mw == 0).all(axis=0)).tolist()
    if idle:
        more = f" and {len(idle) - 1} more never need" if len(idle) > 1 else " never needs"
        found = f"'{network.loads.name[idle[0]]}'{more} anything: p_set is 0"
        found += " and loads-p_set.csv is not there"
        reading.warn(loads, None, "p_set", found)


def _warn_about_constant_loads(reading: Reading, folder: Path, network: Network) -> None:
    """Days of a case without a series of its loads: the file was probably forgotten."""
    hours = len(network.snapshots) * network.step_hours
    if (
        hours > _A_DAY
        and len(network.loads)
        and folder != reading.root
        and (folder.parent / "case.toml").exists()
    ):
        found = f"no such file: every load needs the same in all {len(network.snapshots)} snapshots"
        reading.warn(reading.name_of(folder / "loads-p_set.csv"), None, None, found)


def _warn_about_strays(reading: Reading, folder: Path, known: tuple[str, ...]) -> None:
    wrong = {fault.file for fault in reading.faults}
    for path in sorted(folder.iterdir()):
        name, file = path.name, reading.name_of(path)
        if name in known or file in wrong or not path.is_file() or is_series_file(name):
            continue
        if not _for_people(path) and not _is_other_damage_list(reading, path):
            near = nearest(name, known, cutoff=0.7)
            reading.warn(file, None, None, "nothing reads this file", near)


def _for_people(path: Path) -> bool:
    if nearest(path.name, ("regions.geojson",), cutoff=0.8):
        return False
    return path.name.startswith(("README", ".")) or path.suffix.lower() in _FOR_PEOPLE


def _is_other_damage_list(reading: Reading, path: Path) -> bool:
    """Whether this is a damage list for ``--damage``, and not damage.csv under a wrong name."""
    if path.suffix.lower() != ".csv":
        return False
    grid = read_grid(Reading(reading.root), path)
    columns = set(schema("damage").columns)
    if grid is None or not {"time", "asset", "available"} <= set(grid.header) <= columns:
        return False
    mistyped = nearest(path.name, ("damage.csv",), cutoff=0.8)
    return (path.parent / "damage.csv").exists() or not mistyped


def _network_files() -> tuple[str, ...]:
    return (
        *(f"{table}.csv" for table in NETWORK_TABLES),
        *(f"{table}-{name}.csv" for table, names in SERIES.items() for name in names),
        *(row["file"] for row in schema_rows("pypsa_files")),
    )
