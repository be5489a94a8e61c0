"""A damage list (damage.csv) read against the assets of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import Case, Damage, DamageRow
from keepwarm.case.reading import Reading, merged
from keepwarm.case.schemas import schema
from keepwarm.case.tables import Table, read_table
from keepwarm.case.times import format_time
from keepwarm.errors import Fault, InputError, nearest

#: Kinds that are in or out as a whole; parallel circuits are separate rows of the network.
WHOLE = ("line", "transformer")


@dataclass(frozen=True)
class CheckedDamage:
    """What reading a damage list came to; ``damage`` is empty when there are faults."""

    damage: Damage
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def read_damage(case: Case, path: str | PathLike[str]) -> Damage:
    """Read a damage list.

    Parameters
    ----------
    case : Case
        Whose assets the list names.
    path : path-like
        CSV with the columns of ``schema/damage.csv``: time, asset, available (0..1; 0 or 1 for
        lines and transformers), until, source, confidence. Times are all naive UTC or all carry
        an offset.

    Returns
    -------
    tuple of DamageRow
        In the order of the file.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    checked = inspect_damage(case, path)
    if checked.faults:
        raise InputError(checked.faults)
    return checked.damage


def inspect_damage(case: Case, path: str | PathLike[str]) -> CheckedDamage:
    """Read a damage list without raising: its rows, or its faults, and warnings either way.

    Parameters
    ----------
    case : Case
        Whose assets the list names.
    path : path-like
        See `read_damage`.
    """
    file = Path(path)
    reading = Reading(case.path)
    table = read_table(reading, file, schema("damage"))
    if table is None:
        return CheckedDamage((), merged(reading.faults), ())
    if not len(table) and not reading.faults:
        reading.warn(table.file, None, None, "there are no rows: nothing is out")
    index = {name: at for at, name in enumerate(case.network.assets.name)}
    others = _other_names(case)
    rows = []
    for at, asset in enumerate(table.texts["asset"]):
        if asset and asset not in index:
            what = others.get(asset)
            found = f"'{asset}' is {what}" if what else f"'{asset}' is no asset of this case"
            expected = "an asset of the network" if what else ""
            near = "" if what else nearest(asset, index)
            reading.fault(table.file, table.lines[at], "asset", found, expected, near)
        elif asset:
            _check_share(reading, table, at, case.network.assets.kind[index[asset]])
        _check_times(reading, table, at, case)
        rows.append(
            DamageRow(
                time=table.times["time"][at],
                asset=index.get(asset, -1),
                available=float(table.numbers["available"][at]),
                until=table.times["until"][at],
                source=table.texts["source"][at],
                confidence=table.texts["confidence"][at],
            )
        )
    faults, warnings = merged(reading.faults), merged(reading.warnings)
    return CheckedDamage(() if faults else tuple(rows), faults, warnings)


def _other_names(case: Case) -> Mapping[str, str]:
    """Return what the case's names mean that are no assets, for a better message."""
    return {
        **dict.fromkeys(case.regions.name, "a region, not an asset"),
        **dict.fromkeys(case.buildings.group, "a building group, not an asset"),
        **dict.fromkeys(case.network.buses.name, "a bus, not an asset"),
        **dict.fromkeys(case.network.loads.name, "a load, not an asset"),
    }


def _check_share(reading: Reading, table: Table, at: int, kind: str) -> None:
    share = float(table.numbers["available"][at])
    if kind in WHOLE and 0 < share < 1:
        found = f"'{table.texts['asset'][at]}' is a {kind} and cannot be left with {share:g}"
        expected = "0 or 1 (give parallel circuits rows of their own)"
        reading.fault(table.file, table.lines[at], "available", found, expected)


def _check_times(reading: Reading, table: Table, at: int, case: Case) -> None:
    time, until = table.times["time"][at], table.times["until"][at]
    line = table.lines[at]
    if np.isnat(time):
        return
    if not np.isnat(until) and until <= time:
        found = f"{format_time(until)} is not after {format_time(time)}"
        reading.fault(table.file, line, "until", found, "a time after the damage")
        return
    snapshots = case.network.snapshots
    if not len(snapshots):  # a fault of the case already
        return
    end = snapshots[-1] + np.timedelta64(round(case.network.step_hours * 3600), "s")
    span = f"the snapshots, {format_time(snapshots[0])} to {format_time(end)}"
    if time >= end:
        reading.warn(table.file, line, "time", f"{format_time(time)} is after {span}")
    elif not np.isnat(until) and until <= snapshots[0]:
        reading.warn(table.file, line, "until", f"{format_time(until)} is before {span}")
    elif time < snapshots[0]:
        reading.warn(table.file, line, "time", f"{format_time(time)} is before {span}")
