"""rotation.csv: the groups that are cut in turn, what they are part of, and who is never cut."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from keepwarm.case.nouns import (
    Buildings,
    Floats,
    Names,
    RotationGroups,
    Settings,
    no_rotation_groups,
)
from keepwarm.case.reading import Reading
from keepwarm.case.schemas import schema
from keepwarm.case.tables import Table, read_grid, read_table
from keepwarm.errors import nearest


def read_rotation(
    reading: Reading, path: Path, buildings_path: Path, buildings: Buildings
) -> RotationGroups:
    """Read rotation.csv; without one the groups are those that buildings.csv names.

    Parameters
    ----------
    reading : Reading
        Where faults go: groups of buildings.csv that the table does not list; a warning for
        groups of the table that no building belongs to.
    path : Path
        The file, which need not exist.
    buildings_path, buildings : Path, Buildings
        Where ``rotation_group`` stands, and what was read there.
    """
    if not path.exists():
        return _named_by(buildings)
    table = read_table(reading, path, schema("rotation"))
    if table is None:
        return no_rotation_groups()
    names = table.texts["rotation_group"]
    if reading.whole("rotation", "buildings"):
        _check_buildings(reading, table, buildings_path, buildings)
    queues = tuple(
        queue or queue_of(name) for name, queue in zip(names, table.texts["queue"], strict=True)
    )
    return RotationGroups(names, queues, table.flags["exempt"], table.numbers["weight"])


def queue_of(group: str) -> str:
    """Return the queue that a group's name tells.

    Examples
    --------
    >>> queue_of("6.2"), queue_of("GPV6.2"), queue_of("north")
    ('6', 'GPV6', 'north')
    """
    return group.partition(".")[0] or group


def default_groups(settings: Settings) -> RotationGroups:
    """Return the groups of a case that names none: six queues of two unless case.toml says else.

    Examples
    --------
    >>> from keepwarm.case.settings import default_settings
    >>> default_groups(default_settings()).name[:3]
    ('1.1', '1.2', '2.1')
    """
    queues = int(settings.number("rotation.queues"))
    parts = int(settings.number("rotation.groups_per_queue"))
    names = [
        (f"{queue}.{part}" if parts > 1 else f"{queue}", f"{queue}")
        for queue in range(1, queues + 1)
        for part in range(1, parts + 1)
    ]
    exempt = np.zeros(len(names), dtype=np.bool_)
    return RotationGroups(
        tuple(name for name, _ in names),
        tuple(queue for _, queue in names),
        exempt,
        np.ones(len(names)),
    )


def rotation_of(
    groups: RotationGroups, settings: Settings, buildings: Buildings
) -> tuple[RotationGroups, Floats]:
    """Return the groups that are cut in turn and which building group belongs to which.

    Parameters
    ----------
    groups
        As the case has them, none included.

    Returns
    -------
    groups
        The default ones where the case has none.
    share
        Shape (building groups, rotation groups): the share of a building group in each. Building
        groups of a case that names no rotation group are spread evenly over the default ones,
        but for the share that is exempt.
    """
    share = np.zeros((len(buildings), len(groups)))
    if len(groups):
        at = {name: k for k, name in enumerate(groups.name)}
        for row, name in enumerate(buildings.rotation_group):
            if name in at:
                share[row, at[name]] = 1.0
        return groups, share
    groups = default_groups(settings)
    even = (1.0 - settings.number("rotation.exempt_share")) / len(groups)
    return groups, np.full((len(buildings), len(groups)), even)


def _named_by(buildings: Buildings) -> RotationGroups:
    names: Names = tuple(sorted({name for name in buildings.rotation_group if name}))
    exempt = np.zeros(len(names), dtype=np.bool_)
    return RotationGroups(names, tuple(map(queue_of, names)), exempt, np.ones(len(names)))


def _check_buildings(reading: Reading, table: Table, path: Path, buildings: Buildings) -> None:
    names, used = table.texts["rotation_group"], set(buildings.rotation_group) - {""}
    grid = read_grid(Reading(reading.root), path) if used - set(names) else None
    lines = grid.lines if grid is not None else (None,) * len(buildings)
    for line, name in zip(lines, buildings.rotation_group, strict=True):
        if name and name not in names:
            found = f"'{name}' is no group of {table.file}"
            near = nearest(name, names)
            reading.fault(reading.name_of(path), line, "rotation_group", found, "", near)
    for line, name in zip(table.lines, names, strict=True):
        if used and name not in used:
            found = f"no building group belongs to '{name}'"
            near = nearest(name, sorted(used - set(names)))
            reading.warn(table.file, line, "rotation_group", found, near)
