"""restoration.csv: how likely heat is back within so many hours of its stop, place by place."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import Expectation, Names
from keepwarm.case.reading import Reading
from keepwarm.case.schemas import schema
from keepwarm.case.tables import Table, read_table
from keepwarm.errors import nearest

EVERYWHERE = "*"


def read_restoration(
    reading: Reading, path: Path, regions: Names, groups: Names
) -> Mapping[str, Expectation]:
    """Read restoration.csv, where a case has one.

    Parameters
    ----------
    reading : Reading
        Where faults go: places that are none of the case, hours that are there twice,
        probabilities that fall with the hours.
    path : Path
        The file, which need not exist.
    regions, groups : tuple of str
        Names that the column ``place`` may hold, beside ``*``.

    Returns
    -------
    mapping
        Place -> what is expected there, hours rising; empty without the file.
    """
    table = read_table(reading, path, schema("restoration")) if path.exists() else None
    if table is None:
        return {}
    rows: dict[str, list[int]] = {}
    for at, place in enumerate(table.texts["place"]):
        rows.setdefault(place, []).append(at)
    known = {*regions, *groups, EVERYWHERE}
    for place, own in rows.items():
        if place not in known and reading.whole("regions", "buildings"):
            found = f"'{place}' is no region or building group of this case"
            near = nearest(place, sorted(known - {EVERYWHERE}))
            expected = "" if near else "a region, a group or *"
            reading.fault(table.file, table.lines[own[0]], "place", found, expected, near)
    return {place: _expected(reading, table, place, own) for place, own in rows.items()}


def _expected(reading: Reading, table: Table, place: str, rows: list[int]) -> Expectation:
    hours, back = table.numbers["within_hours"], table.numbers["probability"]
    order = sorted(rows, key=lambda at: (float(hours[at]), at))
    for before, at in pairwise(order):
        line, first = table.lines[at], table.lines[before]
        if hours[at] == hours[before]:
            found = f"{hours[at]:g} h of '{place}' is there twice, first in line {first}"
            reading.fault(table.file, line, "within_hours", found, "each hour once")
        elif back[at] < back[before]:
            found = (
                f"{back[at]:g} within {hours[at]:g} h of '{place}' is less than the "
                f"{back[before]:g} within {hours[before]:g} h of line {first}"
            )
            reading.fault(table.file, line, "probability", found, "never less for more hours")
    if back[order[-1]] == 0.0:
        found = f"'{place}' has no probability above 0"
        reading.fault(
            table.file, table.lines[order[-1]], "probability", found, "above 0 at the end"
        )
    return Expectation(
        within_hours=np.asarray(hours[order]),
        probability=np.asarray(back[order]),
        source=next((table.texts["source"][at] for at in order if table.texts["source"][at]), ""),
    )
