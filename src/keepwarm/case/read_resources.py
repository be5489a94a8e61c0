"""What a case has to mend damage with: crews, spares, mobile units, ways and closed places.

Every table is optional. Names of regions and assets are checked; trades and kinds of spares are
words of the user's own, the same as in the network's columns ``crew`` and ``spare``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from keepwarm.case.network import ASSET_TABLES
from keepwarm.case.nouns import Floats, Names, Regions
from keepwarm.case.reading import Reading
from keepwarm.case.resources import Access, Crew, MobileUnit, RepairNote, Resources, Spare
from keepwarm.case.schemas import schema
from keepwarm.case.tables import Table, read_table
from keepwarm.case.times import format_time
from keepwarm.errors import nearest

#: Litres of diesel for a MWh out of a mobile unit, where its row does not say.
_LITRES = {"generator": 270.0, "boiler": 110.0}


def read_resources(reading: Reading, folder: Path, regions: Regions, assets: Names) -> Resources:
    """Read crews.csv, spares.csv, repairs.csv, mobile.csv, access.csv and travel.csv.

    Parameters
    ----------
    reading : Reading
        Where faults go: names that are none of the case, ends before beginnings.
    folder : Path
        The case folder; each file need not exist.
    regions : Regions
        For bases, closed places and ways.
    assets : tuple of str
        Assets that repairs.csv may name.
    """

    def table(name: str) -> Table | None:
        path = folder / f"{name}.csv"
        return read_table(reading, path, schema(name)) if path.exists() else None

    return Resources(
        crews=_crews(reading, table("crews"), regions.name),
        spares=_spares(table("spares")),
        repairs=_repairs(reading, table("repairs"), assets),
        mobile=_mobile(reading, table("mobile"), regions.name),
        access=_access(reading, table("access"), regions.name),
        travel_hours=_travel(reading, table("travel"), regions.name),
    )


def _crews(reading: Reading, table: Table | None, regions: Names) -> tuple[Crew, ...]:
    if table is None:
        return ()
    bases = _looked_up(reading, table, "base", regions, "region", "regions")
    _refuse_backwards(reading, table, "available_from", "until")
    shifts = table.numbers["shift_from_hour"], table.numbers["shift_to_hour"]
    for at in np.flatnonzero(shifts[0] == shifts[1]).tolist():
        found = f"a shift from {shifts[0][at]:g} to {shifts[1][at]:g} has no hours"
        reading.fault(table.file, table.lines[at], "shift_to_hour", found, "0 to 24 for all day")
    return tuple(
        Crew(
            name=table.texts["crew"][at],
            trade=table.texts["trade"][at],
            base=bases[at],
            shift_from_hour=float(shifts[0][at]),
            shift_to_hour=float(shifts[1][at]),
            available_from=table.times["available_from"][at],
            until=table.times["until"][at],
        )
        for at in range(len(table))
    )


def _spares(table: Table | None) -> tuple[Spare, ...]:
    if table is None:
        return ()
    return tuple(
        Spare(
            kind=table.texts["spare"][at],
            count=int(np.nan_to_num(table.numbers["count"][at])),  # NaN: a fault already
            available_from=table.times["available_from"][at],
        )
        for at in range(len(table))
    )


def _repairs(reading: Reading, table: Table | None, assets: Names) -> dict[str, RepairNote]:
    if table is None:
        return {}
    _looked_up(reading, table, "asset", assets, "asset", *ASSET_TABLES)
    number, notes = table.numbers, dict[str, RepairNote]()
    for at, asset in enumerate(table.texts["asset"]):
        low, central, high = (float(number[f"hours{end}"][at]) for end in ("_low", "", "_high"))
        known = [hours for hours in (low, central, high) if not math.isnan(hours)]
        if known != sorted(known):
            found = f"{', '.join(f'{hours:g}' for hours in known)} h"
            reading.fault(table.file, table.lines[at], "hours", found, "low, likely, high rising")
        after = tuple(part.strip() for part in table.texts["after"][at].split("|") if part.strip())
        for name in after:
            if name not in assets and reading.whole(*ASSET_TABLES):
                found = f"'{name}' is no asset of this case"
                near = nearest(name, assets)
                reading.fault(table.file, table.lines[at], "after", found, "", near)
        notes[asset] = RepairNote(
            hours=(low, central, high),
            crews=int(number["crews"][at]),
            after=after,
            partial_hours=float(number["partial_hours"][at]),
            partial_share=float(number["partial_share"][at]),
        )
    return notes


def _mobile(reading: Reading, table: Table | None, regions: Names) -> tuple[MobileUnit, ...]:
    if table is None:
        return ()
    bases, units = _looked_up(reading, table, "base", regions, "region", "regions"), []
    number = table.numbers
    for at, kind in enumerate(table.texts["kind"]):
        needed = {"warming_point": "people", "tanker": "tank_litres"}.get(kind, "capacity_mw")
        if not number[needed][at] > 0:
            found = f"a {kind.replace('_', ' ')} without {needed}"
            reading.fault(table.file, table.lines[at], needed, found, "more than 0")
        litres = float(number["fuel_l_per_mwh"][at])
        units.append(
            MobileUnit(
                name=table.texts["unit"][at],
                kind=kind,
                count=int(number["count"][at]),
                capacity_mw=float(number["capacity_mw"][at]),
                people=float(number["people"][at]),
                base=bases[at],
                available_from=table.times["available_from"][at],
                setup_hours=float(number["setup_hours"][at]),
                fuel_l_per_mwh=_LITRES.get(kind, 0.0) if math.isnan(litres) else litres,
                tank_litres=float(number["tank_litres"][at]),
            )
        )
    return tuple(units)


def _access(reading: Reading, table: Table | None, regions: Names) -> tuple[Access, ...]:
    if table is None:
        return ()
    places = _looked_up(reading, table, "place", regions, "region", "regions")
    _refuse_backwards(reading, table, "from", "until")
    return tuple(
        Access(
            region=places[at],
            closed_from=table.times["from"][at],
            until=table.times["until"][at],
            source=table.texts["source"][at],
        )
        for at in range(len(table))
    )


def _travel(reading: Reading, table: Table | None, regions: Names) -> Floats:
    """Return hours from region to region, NaN where the table does not say."""
    hours = np.full((len(regions), len(regions)), np.nan)
    np.fill_diagonal(hours, 0.0)
    if table is None:
        return hours
    ends = [_looked_up(reading, table, end, regions, "region", "regions") for end in ("from", "to")]
    given = table.numbers["hours"].tolist()
    for back in (True, False):  # a row of its own comes after what the way there implies
        for one, other, value in zip(*ends, given, strict=True):
            if min(one, other) >= 0:
                hours[(other, one) if back else (one, other)] = value
    return hours


def _looked_up(
    reading: Reading, table: Table, column: str, names: Sequence[str], noun: str, *needed: str
) -> list[int]:
    """Return the index of every cell's name, -1 for an empty cell or a fault."""
    index, found = {name: at for at, name in enumerate(names)}, []
    for at, cell in enumerate(table.texts[column]):
        if cell and cell not in index and reading.whole(*needed):
            wrong = f"'{cell}' is no {noun} of this case"
            near = nearest(cell, names)
            reading.fault(table.file, table.lines[at], column, wrong, "", near)
        found.append(index.get(cell, -1))
    return found


def _refuse_backwards(reading: Reading, table: Table, begins: str, ends: str) -> None:
    for at, (begin, end) in enumerate(zip(table.times[begins], table.times[ends], strict=True)):
        if end <= begin:  # never true where one of them is missing
            found = f"{format_time(end)} is not after {format_time(begin)}"
            reading.fault(table.file, table.lines[at], ends, found, f"a time after {begins}")
