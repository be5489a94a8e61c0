"""Networks of other formats into a folder that keepwarm runs: read, written, read back, renamed."""

from __future__ import annotations

import csv
import re
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from keepwarm.case.beside import beside, rename
from keepwarm.case.left_out import LeftOut, left_out_of
from keepwarm.case.matpower import read_matpower_case
from keepwarm.case.netcdf import folder_to_netcdf, need_pypsa, netcdf_to_folder
from keepwarm.case.nouns import Names, Network
from keepwarm.case.read import inspect_case
from keepwarm.case.schemas import NETWORK_TABLES
from keepwarm.case.write_network import write_tables
from keepwarm.errors import Fault, InputError

NETCDF = ".nc"
_MATPOWER = ".m"
_KNOWN = "a MATPOWER file (.m), a PyPSA folder or netCDF file (.nc), or a case"
_FILE = re.compile(r"\b([a-z_]+)\.csv(:\d+)?")


@dataclass(frozen=True)
class Source:
    """A network of any format that can be converted, and what the result will lack."""

    path: Path
    format: str  # MATPOWER, PyPSA folder, PyPSA netCDF, case
    network: Network
    regions: Names
    left_out: tuple[LeftOut, ...]
    warnings: tuple[Fault, ...]
    fixed_cost: float = 0.0  # currency/h
    linearized: int = 0  # generators
    overestimate: float = 0.0  # currency/h


def is_matpower(path: Path) -> bool:
    """Return whether a path is named like a MATPOWER file."""
    return path.suffix.lower() == _MATPOWER


def read_source(path: Path, *, linearize: int | None = None) -> Source:
    """Read a network of any format that can be converted.

    Parameters
    ----------
    path : Path
        A MATPOWER file, a PyPSA CSV folder or netCDF file, or a case, of which the network counts.
    linearize : int or None
        Segments for each quadratic cost of a MATPOWER file; None refuses them.

    Raises
    ------
    InputError
        Every fault, each feature that keepwarm does not have by its name.
    """
    if path.is_dir():
        return _read_folder(path)
    if not path.exists():
        raise InputError([Fault(str(path), None, None, "no such file or folder", _KNOWN)])
    if path.is_file() and is_matpower(path):
        read = read_matpower_case(path, linearize=linearize)
        return Source(
            path,
            "MATPOWER",
            read.network,
            (),
            read.left_out,
            (),
            read.fixed_cost,
            read.linearized,
            read.overestimate,
        )
    if path.is_file() and path.suffix.lower() == NETCDF:
        return _read_netcdf(path)
    raise InputError([Fault(str(path), None, None, "cannot be converted", _KNOWN)])


def _read_folder(path: Path) -> Source:
    checked = inspect_case(path)
    if checked.case is None:
        raise InputError(checked.faults)
    folder = path / "network" if (path / "network").is_dir() else path
    case = checked.case
    return Source(
        path,
        "PyPSA folder" if folder == path else "case",
        case.network,
        case.regions.name,
        (*left_out_of(path, folder), *_regions_without_bus(case.network, case.regions.name)),
        checked.warnings,
    )


def _regions_without_bus(network: Network, regions: Names) -> list[LeftOut]:
    """Name the regions that a folder cannot know: it has those of its buses only."""
    count = Counter(network.assets.region.tolist())
    absent = sorted(set(count) - {-1, *network.buses.region.tolist()})
    return [
        LeftOut("network", f"assets in region '{regions[at]}', which no bus is in: {count[at]}")
        for at in absent
    ]


def _read_netcdf(path: Path) -> Source:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        netcdf_to_folder(path, folder)
        try:
            read = _read_folder(folder)
        except InputError as error:
            raise InputError(_told_of(error.faults, folder, path.name)) from error
        left_out = [
            replace(one, where=f"{path.name} {one.where.removesuffix('.csv')}")
            for one in read.left_out
        ]
        warnings = _told_of(read.warnings, folder, path.name)
    return replace(
        read, path=path, format="PyPSA netCDF", left_out=tuple(left_out), warnings=warnings
    )


def write_converted(source: Source, target: Path) -> None:
    """Write a network where nothing stands yet: a folder, or netCDF where the name ends in .nc.

    Parameters
    ----------
    source : Source
        What was read.
    target : Path
        A new path or an empty folder. It appears whole, or not at all.

    Raises
    ------
    InputError
        When the target is taken or cannot be written, or when the result would be no case, for
        example because a number is out of keepwarm's range: told of the source.
    """
    netcdf = target.suffix.lower() == NETCDF
    if netcdf:
        need_pypsa(target)
    with beside(target) as made:
        folder = made / "network"  # no name of a netCDF file
        folder.mkdir()
        write_tables(source.network, folder, regions=source.regions)
        # Read back: what keepwarm would not run must not appear.
        faults = inspect_case(folder).faults
        if faults:
            raise InputError(_told_of(faults, folder, source.path.name))
        if netcdf:
            folder_to_netcdf(folder, made / target.name)
            _check_names(source, made / target.name)
        rename(made / target.name if netcdf else folder, target)


def _check_names(source: Source, written: Path) -> None:
    """PyPSA reads names such as 007 or NA as numbers or as nothing, and then nothing fits."""

    def names(network: Network) -> tuple[Names, Names, Names]:
        return network.buses.name, network.loads.name, network.assets.name

    try:
        kept = names(_read_netcdf(written).network) == names(source.network)
    except InputError:
        kept = False
    if not kept:
        found = "PyPSA does not keep every name (007 and NA are among those that it cannot)"
        raise InputError([Fault(source.path.name, None, None, found, "other names, or a folder")])


def _told_of(faults: Iterable[Fault], folder: Path, name: str) -> tuple[Fault, ...]:
    """Return faults of a folder that the user never saw, told of the file behind it."""
    return tuple(_one_told_of(fault, folder, name) for fault in faults)


def _one_told_of(fault: Fault, folder: Path, name: str) -> Fault:
    stem = Path(fault.file).stem
    table, _, _ = stem.partition("-")
    words = []
    if table in NETWORK_TABLES or (folder / f"{stem}.csv").exists():
        words.append(stem)
        names = _names(folder / f"{stem}.csv")
        found = [names.get(line or 0, "") for line in (fault.line, fault.last_line)]
        words += [" to ".join(f"'{one}'" for one in found if one)]
    words.append(fault.column or "")
    return replace(
        fault,
        file=name,
        line=None,
        last_line=None,
        column=" ".join(word for word in words if word) or None,
        found=_FILE.sub(r"\1", fault.found),
    )


def _names(path: Path) -> dict[int, str]:
    """Return the first cell of every row but the header, by line."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader, names, line = csv.reader(file), {}, 1
        for row in reader:
            if line > 1 and row:
                names[line] = row[0]
            line = reader.line_num + 1
    return names
