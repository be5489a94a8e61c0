"""Buildings that move to a better archetype."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from keepwarm.case.nouns import Buildings, Case, Ints, Names, Observation
from keepwarm.ensemble.measures import Insulation
from keepwarm.ensemble.places import Unplaceable, chosen_groups, of_region

#: Observations that count buildings.
_COUNTS = ("returning", "draining", "drained", "refilling", "damaged", "frozen")


def insulated(case: Case, measure: Insulation) -> Case:
    """Move a share of each chosen group into a group of its own, behind all others."""
    better = case.archetypes.name.index(measure.to)
    which = chosen_groups(case, measure.region, measure.archetypes)
    rows = np.flatnonzero(which & (case.buildings.archetype != better))
    if not rows.size:
        raise Unplaceable(
            f"no building of {of_region(measure.region)} that is not '{measure.to}' yet"
        )
    old = case.buildings
    if measure.share >= 1:
        archetype = old.archetype.copy()
        archetype[rows] = better
        return replace(case, buildings=replace(old, archetype=archetype))
    names = _free_names([f"{old.group[row]}, {measure.to}" for row in rows.tolist()], old.group)
    moved = {old.group[row]: name for row, name in zip(rows.tolist(), names, strict=True)}
    order = {
        bus: tuple(one for group in groups for one in (group, moved.get(group, "")) if one)
        for bus, groups in case.settings.heat_order.items()
    }
    return replace(
        case,
        buildings=_split(old, rows, names, better, measure.share),
        settings=replace(case.settings, heat_order=order),
        state=_split_state(case.state, moved, measure.share),
        restoration={
            **case.restoration,
            **{moved[name]: one for name, one in case.restoration.items() if name in moved},
        },
    )


def _free_names(names: list[str], taken: Names) -> list[str]:
    """Return names with a star for each time that they are taken: insulated twice, two thirds."""
    had, free = set(taken), []
    for name in names:
        while name in had:
            name += "*"
        had.add(name)
        free.append(name)
    return free


def _split(old: Buildings, rows: Ints, names: list[str], better: int, share: float) -> Buildings:
    columns: dict[str, Any] = {}
    for name, values in vars(old).items():
        if isinstance(values, tuple):
            columns[name] = (*values, *(values[row] for row in rows.tolist()))
            continue
        stays, goes = values.copy(), values[rows]
        if name in ("buildings", "people", "floor_area_m2"):
            stays[rows], goes = values[rows] * (1 - share), goes * share
        elif name == "archetype":
            goes = np.full_like(goes, better)
        columns[name] = np.concatenate([stays, goes])
    return Buildings(**{**columns, "group": (*old.group, *names)})


def _split_state(
    state: Sequence[Observation], moved: dict[str, str], share: float
) -> tuple[Observation, ...]:
    """Return what was observed, of the new groups as of those they come from."""
    rows: list[Observation] = []
    for row in state:
        counts, name = row.quantity in _COUNTS, moved.get(row.subject)
        if name is None:
            rows.append(row)
            continue
        rows.append(replace(row, value=row.value * (1 - share) if counts else row.value))
        value = row.value * share if counts else row.value
        rows.append(replace(row, subject=name, value=value))
    return tuple(rows)
