"""Damage as tasks for crews: what is out with no end known, where, and what its repair takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Bools, Case, Damage, DamageRow, Floats, Ints, Names
from keepwarm.said.sentence import said

#: Hours of a repair: if all goes well, most likely, if much goes wrong.
LOW, LIKELY, HIGH = range(3)


@dataclass(frozen=True)
class Tasks:
    """Repairs, one for each asset that is out with no end known; hours count from ``now``."""

    now: np.datetime64
    asset: Ints  # (tasks,) index into Assets
    place: Ints  # (tasks,) region, -1 unknown
    trade: Names  # (tasks,) empty: any
    spare: Names  # (tasks,) empty: none
    team: Ints  # (tasks,) crews that work together
    hours: Floats  # (3, tasks) of work
    after: tuple[tuple[int, ...], ...]  # (tasks,) tasks that must be done first
    left: Floats  # (tasks,) share of its capacity that it has until then
    since: np.ndarray  # (tasks,) when it was damaged
    partial_hours: Floats  # (tasks,) of work after which a part is back, NaN for none
    partial_share: Floats  # (tasks,)
    notes: Names  # what was decided where the tables leave a choice

    def __len__(self) -> int:
        return self.asset.size


def tasks_of(case: Case, damage: Damage, now: np.datetime64) -> Tasks:
    """Return the repairs that a damage list asks for.

    Parameters
    ----------
    case : Case
        Whose network and repairs.csv say what a repair takes.
    damage : tuple of DamageRow
        Rows that begin by ``now`` and name no end become tasks; a row with an end is left to whom
        it was promised by, and what begins later is not known yet.
    now : numpy.datetime64
        When the plan is made.

    Returns
    -------
    Tasks
        Hours where no table says are ``tasks.unknown_hours``; where only the likely ones are known,
        times ``tasks.low_factor`` and ``tasks.high_factor``. A circle of ``after`` is cut, and a
        note says where.

    **Leaves out**: work that can begin before its spare is there.
    """
    open_rows = [row for row in damage if np.isnat(row.until) and row.available < 1]
    known = [row for row in open_rows if row.time <= now]
    by_asset: dict[int, list[DamageRow]] = {}
    for row in known:
        by_asset.setdefault(row.asset, []).append(row)
    assets = list(by_asset)
    names, notes = [case.network.assets.name[asset] for asset in assets], list[str]()
    later = len(open_rows) - len(known)
    if later:
        notes.append(said("task.later_one" if later == 1 else "task.later", {"count": later}))
    hours, guessed = _hours(case, assets)
    if guessed.any():
        unknown = case.settings.number("tasks.unknown_hours")
        which = ", ".join(name for name, is_so in zip(names, guessed, strict=True) if is_so)
        notes.append(said("task.guessed", {"hours": unknown, "names": which}))
    note_of = [case.resources.repairs.get(name) for name in names]
    return Tasks(
        now=now,
        asset=np.array(assets, dtype=np.int64),
        place=asset_places(case)[assets] if assets else np.zeros(0, dtype=np.int64),
        trade=tuple(case.network.assets.crew[asset] for asset in assets),
        spare=tuple(case.network.assets.spare[asset] for asset in assets),
        team=np.array([note.crews if note else 1 for note in note_of], dtype=np.int64),
        hours=hours,
        after=_after(case, names, notes),
        left=np.array([min(row.available for row in by_asset[asset]) for asset in assets]),
        since=np.array(
            [min(row.time for row in by_asset[asset]) for asset in assets], dtype="datetime64[s]"
        ),
        partial_hours=np.array([note.partial_hours if note else np.nan for note in note_of]),
        partial_share=np.array([note.partial_share if note else np.nan for note in note_of]),
        notes=tuple(notes),
    )


def asset_places(case: Case) -> Ints:
    """Return the region of every asset: its own, else that of the first of its buses with one."""
    network, region = case.network, case.network.assets.region.copy()
    branches, links = network.branches, network.links
    buses = [
        *network.generators.bus[:, None].tolist(),
        *np.stack([branches.bus0, branches.bus1], axis=1).tolist(),
        *links.bus.tolist(),
        *network.storages.bus[:, None].tolist(),
    ]
    for asset in np.flatnonzero(region < 0).tolist():
        of_buses = [int(network.buses.region[bus]) for bus in buses[asset] if bus >= 0]
        region[asset] = next((place for place in of_buses if place >= 0), -1)
    return region


def _hours(case: Case, assets: list[int]) -> tuple[Floats, Bools]:
    """Return hours of work, (3, tasks), and for which of them no table says."""
    number, own = case.settings.number, case.network.assets
    factors = (number("tasks.low_factor"), 1.0, number("tasks.high_factor"))
    hours, guessed = np.zeros((3, len(assets))), np.zeros(len(assets), dtype=np.bool_)
    for at, asset in enumerate(assets):
        note = case.resources.repairs.get(own.name[asset])
        given = np.full(3, np.nan) if note is None else np.array(note.hours)
        likely = next(
            (h for h in (given[LIKELY], own.repair_hours[asset]) if np.isfinite(h) and h > 0),
            np.nan,
        )
        if np.isnan(likely):
            ends = given[np.isfinite(given)]
            guessed[at] = not ends.size
            likely = float(ends.mean()) if ends.size else number("tasks.unknown_hours")
        filled = np.where(np.isfinite(given), given, likely * np.array(factors))
        hours[:, at] = np.maximum.accumulate(np.where(np.arange(3) == LIKELY, likely, filled))
    return hours, guessed


def _after(case: Case, names: list[str], notes: list[str]) -> tuple[tuple[int, ...], ...]:
    """Return what must be done before each task; what stands needs no waiting for."""
    index = {name: at for at, name in enumerate(names)}
    after: list[tuple[int, ...]] = []
    for name in names:
        note = case.resources.repairs.get(name)
        needed = note.after if note else ()
        after.append(tuple(index[other] for other in needed if other in index))
    reached = [False] * len(names)
    for _ in names:
        for at in range(len(names)):
            reached[at] = reached[at] or all(reached[other] for other in after[at])
        if all(reached):
            break
    for at, name in enumerate(names):
        reached[at] = reached[at] or all(reached[other] for other in after[at])
        if reached[at]:
            continue
        circle = [other for other in after[at] if not reached[other]]
        others = ", ".join(names[other] for other in circle)
        notes.append(said("task.circle", {"name": name, "names": others}))
        after[at] = tuple(other for other in after[at] if other not in circle)
        reached[at] = True
    return tuple(after)
