"""Weather at every snapshot, and what was observed "now"."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from keepwarm.case.epw import Epw, OnSnapshots, on_snapshots, read_epw
from keepwarm.case.network import ASSET_TABLES
from keepwarm.case.nouns import (
    Bools,
    Buildings,
    Case,
    Floats,
    Names,
    Network,
    Observation,
    Times,
    Weather,
)
from keepwarm.case.reading import Reading, missing_times, range_fault
from keepwarm.case.schemas import schema
from keepwarm.case.tables import Table, read_table
from keepwarm.case.times import format_time
from keepwarm.case.weather_table import EVERYWHERE, Given, read_weather_table
from keepwarm.errors import Fault, nearest

#: Unit, least and largest value of what state.csv may hold about a group and about an asset.
_GROUP_QUANTITIES = {
    "indoor_degc": ("degC", -70.0, 45.0),
    "water_degc": ("degC", -70.0, 160.0),
    "drained": ("buildings", 0.0, math.inf),
    "frozen": ("buildings", 0.0, math.inf),
}
_ASSET_QUANTITIES = {"available": ("1", 0.0, 1.0), "level_mwh": ("MWh", 0.0, math.inf)}
_STORES = ("store", "storage_unit")

#: Quantities whose largest value depends on the group or store.
COUNTED = ("level_mwh", "drained", "frozen")


def read_weather(
    reading: Reading, folder: Path, network: Network, regions: Names
) -> Weather | None:
    """Read weather.csv, or weather.epw and weather/REGION.epw, for every snapshot and region.

    Parameters
    ----------
    reading : Reading
        Where faults go.
    folder : Path
        Where the files are.
    network : Network
        Whose snapshots, in UTC, the weather must cover.
    regions : tuple of str
        What is given for one region comes before what is given for all.

    Returns
    -------
    Weather or None
        Shape (hours, regions); None when the files cannot be used. Rows at other times than the
        snapshots are not used. A forecast that ends early is no fault here: `coverage_fault` is
        for a run that would go past its end.
    """
    table, files = folder / "weather.csv", _epw_files(reading, folder, regions)
    if files and table.exists():
        other = reading.name_of(next(iter(files.values())))
        found = f"{other} is there as well"
        reading.fault("weather.csv", None, None, found, "the weather in one of the two")
        return None
    if files:
        given = _from_epw(reading, files, network, regions)
    else:
        given = read_weather_table(reading, table, network.snapshots, regions)
    if given is None:
        return None
    known = _known(reading, given, network.snapshots, regions)
    fields = (given.outdoor, given.wind, given.low, given.high)
    outdoor, wind, low, high = (_held(each, given.seen, network.step_hours) for each in fields)
    return Weather(outdoor, wind, low, high, known, given.file, given.notes)


def has_weather(folder: Path) -> bool:
    """Whether a folder holds weather in any form."""
    return any((folder / name).exists() for name in ("weather.csv", "weather.epw")) or any(
        (folder / "weather").glob("*.epw")
    )


def coverage_fault(case: Case, start: np.datetime64, hours: float) -> Fault | None:
    """Return what is wrong where a run would go past the end of the weather.

    Parameters
    ----------
    case : Case
        Its weather may end before its snapshots do.
    start : datetime64
        First step, UTC.
    hours : float
        Length of the run, h.
    """
    weather, snapshots, step = case.weather, case.network.snapshots, case.network.step_hours
    if weather is None or weather.known >= len(snapshots):
        return None
    first = int(np.searchsorted(snapshots, start, side="right")) - 1
    left = (weather.known - first) * step
    if hours <= left + 1e-9:
        return None
    last = format_time(snapshots[weather.known - 1])
    found = f"ends with {last}; {hours:g} h from {format_time(start)} go past that"
    expected = f"weather up to the end, or --hours {left:g}" if left > 0 else "an earlier start"
    return Fault(weather.file, None, "time", found, expected)


def _epw_files(reading: Reading, folder: Path, regions: Names) -> dict[str, Path]:
    """Return the EPW files of a case by region, that for all regions (``*``) first."""
    files = {EVERYWHERE: folder / "weather.epw"} if (folder / "weather.epw").exists() else {}
    for path in sorted((folder / "weather").glob("*")):
        name = reading.name_of(path)
        if path.suffix.lower() != ".epw":
            reading.warn(name, None, None, "nothing reads this file")
        elif path.stem in regions:
            files[path.stem] = path
        elif regions and reading.whole("regions"):
            found = f"'{path.stem}' is no region of this case"
            reading.fault(name, None, None, found, "REGION.epw", nearest(path.stem, regions))
    return files


def _from_epw(
    reading: Reading, files: Mapping[str, Path], network: Network, regions: Names
) -> Given | None:
    shape = (len(network.snapshots), len(regions))
    outdoor, wind = np.full(shape, np.nan), np.full(shape, np.nan)
    seen = np.zeros(shape, dtype=np.bool_)
    notes = []
    for name, path in files.items():  # the file for all regions comes first
        epw = read_epw(reading, path)
        if epw is None or not shape[0]:
            return None
        put = on_snapshots(epw, network.snapshots, network.step_hours)
        _refuse_missing_values(reading, reading.name_of(path), epw, put)
        own = np.array([name in (EVERYWHERE, region) for region in regions], dtype=np.bool_)
        outdoor[:, own], wind[:, own] = put.outdoor_degc[:, None], put.wind_m_per_s[:, None]
        seen[:, own] = (put.row >= 0)[:, None]
        notes.append(f"{reading.name_of(path)}: {put.note}")
    file = reading.name_of(next(iter(files.values()))) if len(files) == 1 else "weather"
    return Given(file, tuple(notes), outdoor, wind, outdoor, outdoor, seen)


def _refuse_missing_values(reading: Reading, file: str, epw: Epw, put: OnSnapshots) -> None:
    """Refuse hours that the case needs and the file marks as missing."""
    for column, values in (("outdoor_degc", put.outdoor_degc), ("wind_m_per_s", put.wind_m_per_s)):
        lacking = np.flatnonzero(np.isnan(values) & (put.row >= 0))
        if len(lacking):
            found = f"missing for {len(lacking)} of {len(values)} snapshots, here the first"
            line = int(epw.lines[put.row[lacking[0]]])
            reading.fault(file, line, column, found, "a value for every hour of the case")


def _known(reading: Reading, given: Given, snapshots: Times, regions: Names) -> int:
    """Return how many snapshots are covered from the first; holes before the end are faults."""
    seen = given.seen
    ends = seen.sum(axis=0)
    early = (ends > 0) & (ends < len(snapshots)) & (np.cumprod(seen, axis=0).sum(axis=0) == ends)
    for at in np.flatnonzero(~early).tolist():
        absent = missing_times(snapshots, seen[:, at])
        if absent:
            found = f"region '{regions[at]}': {absent}"
            reading.fault(given.file, None, "time", found, "every snapshot")
            if not np.any(seen[~seen[:, at]]):
                break  # no region has these hours: saying it once is enough
    known = int(ends.min(initial=len(snapshots)))
    if early.any() and known:
        found = (
            f"ends with {format_time(snapshots[known - 1])}: "
            f"{known} of {len(snapshots)} snapshots are covered, no run goes past them"
        )
        reading.warn(given.file, None, "time", found)
    return known


def _held(values: Floats, seen: Bools, step_hours: float) -> Floats:
    """Return values with the mean of the last day covered where a forecast has ended."""
    out = values.copy()
    day = max(1, round(24.0 / step_hours))
    for at, end in enumerate(seen.sum(axis=0).tolist()):
        if 0 < end < len(values):
            out[end:, at] = values[max(0, end - day) : end, at].mean()
    return out


def read_state(
    reading: Reading, path: Path, buildings: Buildings, network: Network
) -> tuple[Observation, ...]:
    """Read state.csv, what was seen of groups and assets.

    Parameters
    ----------
    reading : Reading
        Where faults go.
    path : Path
        The file.
    buildings : Buildings
        The building groups.
    network : Network
        Its assets.
    """
    table = read_table(reading, path, schema("state"))
    if table is None:
        return ()
    kinds = dict.fromkeys(buildings.group, "group")
    kinds |= dict(zip(network.assets.name, network.assets.kind, strict=True))
    seen = []
    _refuse_times_outside(reading, table, network)
    for at, subject in enumerate(table.texts["subject"]):
        if subject in kinds:
            _check_observation(
                reading, table, at, kinds[subject], _most(buildings, network, subject)
            )
        elif subject and reading.whole("buildings", *ASSET_TABLES):
            found = f"'{subject}' is no building group or asset of this case"
            near = nearest(subject, kinds)
            reading.fault(table.file, table.lines[at], "subject", found, "", near)
        seen.append(
            Observation(
                time=table.times["time"][at],
                subject=subject,
                quantity=table.texts["quantity"][at],
                value=float(table.numbers["value"][at]),
                source=table.texts["source"][at],
            )
        )
    return tuple(seen)


def _refuse_times_outside(reading: Reading, table: Table, network: Network) -> None:
    if not len(network.snapshots):
        return
    first = network.snapshots[0]
    end = network.snapshots[-1] + np.timedelta64(round(network.step_hours * 3600), "s")
    times = table.times["time"]
    for at in np.flatnonzero((times < first) | (times >= end)).tolist():
        found = f"{format_time(times[at])} is outside the snapshots"
        expected = f"{format_time(first)} up to, not including, {format_time(end)}"
        reading.fault(table.file, table.lines[at], "time", found, expected)


def _most(buildings: Buildings, network: Network, subject: str) -> float:
    """Return how much a store can hold or how many buildings a group has; infinite for others."""
    if subject in buildings.group:
        return float(buildings.buildings[buildings.group.index(subject)])
    names = network.storages.name
    if subject not in names:
        return math.inf
    return float(network.storages.e_max_mwh[names.index(subject)])


def _check_observation(reading: Reading, table: Table, at: int, kind: str, most: float) -> None:
    quantity, value = table.texts["quantity"][at], float(table.numbers["value"][at])
    allowed = _GROUP_QUANTITIES if kind == "group" else _ASSET_QUANTITIES
    if kind not in ("group", *_STORES):
        allowed = {"available": _ASSET_QUANTITIES["available"]}
    line = table.lines[at]
    if quantity not in allowed:
        if quantity in _GROUP_QUANTITIES | _ASSET_QUANTITIES:
            noun = "building group" if kind == "group" else kind.replace("_", " ")
            found = f"'{quantity}' cannot be observed of a {noun}"
            reading.fault(table.file, line, "quantity", found, "one of " + ", ".join(allowed))
        return
    unit, low, high = allowed[quantity]
    high = most if quantity in COUNTED else high
    column = replace(schema("state").columns["value"], unit=unit, minimum=low, maximum=high)
    wrong = range_fault(column, value, f"{value:g}") if not np.isnan(value) else None
    if wrong:
        reading.fault(table.file, line, "value", *wrong)
