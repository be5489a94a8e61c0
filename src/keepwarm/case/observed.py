"""state.csv: what was observed "now" of building groups and assets."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np

from keepwarm.case.network import ASSET_TABLES
from keepwarm.case.nouns import Buildings, Network, Observation
from keepwarm.case.reading import Reading, range_fault
from keepwarm.case.schemas import schema
from keepwarm.case.tables import Table, read_table
from keepwarm.case.times import format_time
from keepwarm.errors import nearest

#: Buildings of a group in each state that can be observed; those in none of them are kept.
COUNTS = ("returning", "draining", "drained", "refilling", "damaged", "frozen")
#: What only a circuit with water can show.
_OF_WATER = ("water_degc", "stopped_hours", *COUNTS)

#: Unit, least and largest value of what state.csv may hold about a group and about an asset.
_AIR = ("degC", -70.0, 45.0)
_GROUP_QUANTITIES = {
    "indoor_degc": _AIR,
    "water_degc": ("degC", 0.0, 160.0),  # what is colder is ice, and counts as frozen
    "stairwell_degc": _AIR,
    "attic_degc": _AIR,
    "basement_degc": _AIR,
    "stopped_hours": ("h", 0.0, 8760.0),
    **dict.fromkeys(COUNTS, ("buildings", 0.0, math.inf)),
}
_ASSET_QUANTITIES = {"available": ("1", 0.0, 1.0), "level_mwh": ("MWh", 0.0, math.inf)}
_STORES = ("store", "storage_unit")


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
    seen, good = [], []
    _refuse_times_outside(reading, table, network)
    for at, subject in enumerate(table.texts["subject"]):
        if subject in kinds:
            most = _most(buildings, network, subject)
            if _check_observation(reading, table, at, kinds[subject], most):
                good.append(at)
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
    _refuse_two_at_once(reading, table, good)
    _refuse_water_where_none_is(reading, table, good, buildings)
    _refuse_more_than_there_are(reading, table, good, buildings)
    _warn_of_a_stop_without_temperatures(reading, table, good)
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


def _check_observation(reading: Reading, table: Table, at: int, kind: str, most: float) -> bool:
    """Whether a row says what can be seen of its subject, with a value that can be."""
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
        return False
    unit, low, high = allowed[quantity]
    if quantity in ("level_mwh", *COUNTS):
        high = most
    column = replace(schema("state").columns["value"], unit=unit, minimum=low, maximum=high)
    if math.isnan(value):
        return False
    wrong = range_fault(column, value, f"{value:g}")
    if wrong and quantity == "water_degc" and value < low:
        wrong = (f"{value:g} degC: water this cold is ice", "0 to 160 degC; ice counts as frozen")
    if not wrong and quantity in COUNTS and not value.is_integer():
        wrong = (f"{value:g} buildings", "a whole number")
    if wrong:
        reading.fault(table.file, line, "value", *wrong)
    return not wrong


def _refuse_two_at_once(reading: Reading, table: Table, rows: list[int]) -> None:
    first: dict[tuple[object, ...], int] = {}
    for at in rows:
        subject, quantity = table.texts["subject"][at], table.texts["quantity"][at]
        before = first.setdefault((table.times["time"][at], subject, quantity), at)
        if table.numbers["value"][before] != table.numbers["value"][at]:
            found = (
                f"'{quantity}' of '{subject}' has another value at the same time, "
                f"in line {table.lines[before]}"
            )
            reading.fault(table.file, table.lines[at], "value", found, "one value at a time")


def _refuse_water_where_none_is(
    reading: Reading, table: Table, rows: list[int], buildings: Buildings
) -> None:
    dry = {
        name for name, wet in zip(buildings.group, buildings.water_circuit, strict=True) if not wet
    }
    for at in rows:
        subject, quantity = table.texts["subject"][at], table.texts["quantity"][at]
        if subject in dry and quantity in _OF_WATER:
            found = f"'{quantity}' of '{subject}', which has no water circuit (buildings.csv)"
            reading.fault(table.file, table.lines[at], "quantity", found, "a group with one")


def _refuse_more_than_there_are(
    reading: Reading, table: Table, rows: list[int], buildings: Buildings
) -> None:
    """Refuse counts that do not fit into the group: the newest of each stand side by side."""
    newest: dict[str, dict[str, int]] = {}
    for at in sorted(rows, key=lambda at: table.times["time"][at]):
        if table.texts["quantity"][at] in COUNTS:
            newest.setdefault(table.texts["subject"][at], {})[table.texts["quantity"][at]] = at
    there = dict(zip(buildings.group, buildings.buildings.tolist(), strict=True))
    for group, counts in newest.items():
        total = sum(float(table.numbers["value"][at]) for at in counts.values())
        if total > there[group]:
            seen = ", ".join(
                f"{table.numbers['value'][at]:g} {name}" for name, at in counts.items()
            )
            found = f"{seen}: {total:g} buildings of '{group}' in all"
            line = table.lines[max(counts.values())]
            reading.fault(table.file, line, "value", found, f"at most {there[group]:g}")


def _warn_of_a_stop_without_temperatures(reading: Reading, table: Table, rows: list[int]) -> None:
    """Warn where only the hours since a stop are known: temperatures are reckoned from them."""
    seen: dict[str, set[str]] = {}
    for at in rows:
        if table.texts["quantity"][at] != "stopped_hours" or table.numbers["value"][at] > 0:
            seen.setdefault(table.texts["subject"][at], set()).add(table.texts["quantity"][at])
    for at in rows:
        subject, quantity = table.texts["subject"][at], table.texts["quantity"][at]
        missing = [
            name for name in ("indoor_degc", "water_degc") if name not in seen.get(subject, ())
        ]
        if quantity == "stopped_hours" and quantity in seen.get(subject, ()) and missing:
            found = (
                f"'{subject}' stands still, but has no {' and no '.join(missing)}: "
                "reckoned from the hours, without electric heaters or power cuts"
            )
            reading.warn(table.file, table.lines[at], "value", found)
