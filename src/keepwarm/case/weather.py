"""Weather at every snapshot, and what was observed "now"."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np

from keepwarm.case.network import ASSET_TABLES
from keepwarm.case.nouns import (
    Bools,
    Buildings,
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
from keepwarm.errors import nearest

EVERYWHERE = "*"

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


def read_weather(reading: Reading, path: Path, snapshots: Times, regions: Names) -> Weather | None:
    """Read weather.csv, which must cover every snapshot for every region.

    Parameters
    ----------
    reading : Reading
        Where faults go.
    path : Path
        The file.
    snapshots : array of datetime64, shape (hours,)
        UTC.
    regions : tuple of str
        A row for one region comes before a row for ``*``.

    Returns
    -------
    Weather or None
        Shape (hours, regions); None when the file cannot be used. Rows at other times than the
        snapshots are not used.
    """
    table = read_table(reading, path, schema("weather"))
    if table is None:
        return None
    place = _places(reading, table, regions)
    hour = _hours(table, snapshots)
    _check_twice(reading, table, place)
    _warn_about_times_between(reading, table, snapshots, hour)
    outdoor, seen = _spread(table.numbers["outdoor_degc"], place, hour, len(snapshots), regions)
    wind, _ = _spread(table.numbers["wind_m_per_s"], place, hour, len(snapshots), regions)
    for at, name in enumerate(regions):
        absent = missing_times(snapshots, seen[:, at])
        if absent:
            found = f"region '{name}': {absent}"
            reading.fault(table.file, None, "time", found, "every snapshot")
            if not np.any(seen[~seen[:, at]]):
                break  # no region has these hours: saying it once is enough
    return Weather(outdoor, wind)


def _places(reading: Reading, table: Table, regions: Names) -> list[int]:
    """Return per row the region's index, -1 for all regions, -2 for an unknown one."""
    known = {name: at for at, name in enumerate(regions)} | {EVERYWHERE: -1}
    unknown: dict[str, int] = {}
    for at, name in enumerate(table.texts["region"]):
        if name not in known:
            unknown.setdefault(name, at)
    for name, at in unknown.items() if regions and reading.whole("regions") else ():
        found = f"'{name}' is no region of this case"
        near = nearest(name, regions)
        reading.fault(table.file, table.lines[at], "region", found, "a region or *", near)
    return [known.get(name, -2) for name in table.texts["region"]]


def _hours(table: Table, snapshots: Times) -> list[int]:
    """Return per row the snapshot's index, -1 for a time that is no snapshot."""
    position = {time: at for at, time in enumerate(snapshots.tolist())}
    return [position.get(time, -1) for time in table.times["time"].tolist()]


def _warn_about_times_between(
    reading: Reading, table: Table, snapshots: Times, hour: list[int]
) -> None:
    if not len(snapshots):
        return
    times = table.times["time"]
    inside = (times > snapshots[0]) & (times < snapshots[-1])
    between = np.flatnonzero(inside & (np.array(hour, dtype=np.int64) < 0))
    if len(between):
        at = int(between[0])
        rows = "row" if len(between) == 1 else "rows"
        found = (
            f"{len(between)} {rows} between the snapshots are not used, "
            f"the first {format_time(times[at])}"
        )
        reading.warn(table.file, table.lines[at], "time", found)


def _check_twice(reading: Reading, table: Table, place: list[int]) -> None:
    first: dict[tuple[object, int], int] = {}
    times = table.times["time"]
    twice = []
    for at, key in enumerate(zip(times.tolist(), place, strict=True)):
        if key[0] is not None and key in first:
            twice.append((at, first[key]))
        first.setdefault(key, at)
    if twice:
        at, before = twice[0]
        found = (
            f"{format_time(times[at])} of '{table.texts['region'][at]}' is there twice, "
            f"first in line {table.lines[before]}"
        )
        more = f" ({len(twice)} such rows)" if len(twice) > 1 else ""
        reading.fault(table.file, table.lines[at], "time", found + more, "each hour once")


def _spread(
    values: Floats, place: list[int], hour: list[int], hours: int, regions: Names
) -> tuple[Floats, Bools]:
    out = np.full((hours, len(regions)), np.nan)
    seen = np.zeros((hours, len(regions)), dtype=np.bool_)
    where, when = np.array(place, dtype=np.int64), np.array(hour, dtype=np.int64)
    everywhere = (where == -1) & (when >= 0)
    out[when[everywhere], :] = values[everywhere, np.newaxis]
    seen[when[everywhere], :] = True
    own = (where >= 0) & (when >= 0)
    out[when[own], where[own]] = values[own]
    seen[when[own], where[own]] = True
    return out, seen


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
