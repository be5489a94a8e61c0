"""What a scenario means for a run: the damage list and the plan that its edits come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import Case, Damage, DamageRow
from keepwarm.case.plan import NO_TIME, Deployment, Plan
from keepwarm.damage import AccessLimit

#: Source of damage rows that a person made on the board.
BOARD = "what-if on the board"


@dataclass(frozen=True)
class Winter:
    """One sample of a risk, to be looked at and not to be changed."""

    folder: Path
    sample: int


@dataclass(frozen=True)
class Claimed:
    """What ticked claims come to: a damage list, and places that crews cannot enter."""

    damage: Damage
    closed: tuple[AccessLimit, ...] = ()


@dataclass(frozen=True)
class Situation:
    """The damage, the plan that is carried out (if any), and units added by hand.

    ``closed`` are the places closed to the crews of a plan that is looked for from here. Where
    ``winter`` is, it stands for all of these: what a sample suffers follows from its number.
    """

    damage: Damage
    plan: Plan | None = None
    units: tuple[Deployment, ...] = ()
    closed: tuple[AccessLimit, ...] = ()
    winter: Winter | None = None

    def planned(self, case: Case) -> Plan | None:
        """Return the plan with the units that were added by hand; None where there is neither."""
        if not self.units:
            return self.plan
        # Made before anything happens: it knows of no damage, and mends none.
        base = self.plan or Plan(case.name, case.network.snapshots[0], 0.0, "")
        return replace(base, deployments=(*base.deployments, *self.units))


def brought_back(damage: Damage, asset: int, at: np.datetime64) -> Damage:
    """Return a damage list in which an asset is back at a time, sooner or later than it said.

    Parameters
    ----------
    damage
        With one row of the asset at least that begins before ``at``.
    asset
        Index into the case's assets.
    at
        Rows of the asset that begin then or later are dropped; of those before, every one that
        would last longer ends then, and so does the one that would end last.
    """
    own = [row for row in damage if row.asset == asset and row.time < at]
    last = max(own, key=_end, default=None)
    kept: list[DamageRow] = []
    for row in damage:
        if row.asset != asset:
            kept.append(row)
        elif row.time < at:
            longer = row is last or _end(row) > at
            kept.append(replace(row, until=at) if longer else row)
    return tuple(kept)


def _end(row: DamageRow) -> np.datetime64:
    return np.datetime64("9999-01-01", "s") if np.isnat(row.until) else row.until


def taken_out(
    damage: Damage, asset: int, at: np.datetime64, until: np.datetime64, available: float
) -> Damage:
    """Return a damage list with one asset out, wholly or in part, from a time on."""
    return (*damage, DamageRow(at, asset, available, until, BOARD, ""))


def with_unit(
    case: Case,
    units: Sequence[Deployment],
    kind: str,
    target: str,
    capacity_mw: float,
    begin: np.datetime64,
    end: np.datetime64 = NO_TIME,
) -> tuple[Deployment, ...]:
    """Return the units with one more: a boiler or generator at a bus, or at a group's substations.

    One at a building group runs its pumps: it serves the people whose pumps its power is enough
    for, all of them where the case does not say what a pump needs.
    """
    groups, buses = case.buildings, case.network.buses
    if target in groups.group:
        at = groups.group.index(target)
        people, place = float(groups.people[at]), int(groups.region[at])
    else:
        people, place = 0.0, int(buses.region[buses.name.index(target)])
    region = case.regions.name[place] if place >= 0 else ""
    name = f"{kind.capitalize()} {len(units) + 1}"
    return (
        *units,
        Deployment(name, 1, kind, region, target, begin, end, capacity_mw, people),
    )


def held_back(plan: Plan, asset: str, not_before: np.datetime64) -> Plan:
    """Return a plan in which one repair begins at a time at the soonest."""
    return replace(
        plan,
        repairs=tuple(
            replace(one, not_before=not_before) if one.asset == asset else one
            for one in plan.repairs
        ),
    )


def put_first(plan: Plan, asset: str) -> Plan:
    """Return a plan in which one repair stands at the front, and is not held back."""
    own = [replace(one, not_before=NO_TIME) for one in plan.repairs if one.asset == asset]
    others = [one for one in plan.repairs if one.asset != asset]
    return replace(plan, repairs=(*own, *others))
