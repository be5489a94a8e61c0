"""Repairs that had begun when a plan was made: what is mended, what is left, who is where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from keepwarm.case.nouns import Case, Damage, DamageRow, Names
from keepwarm.case.plan import NO_TIME, PlannedRepair
from keepwarm.case.resources import Crew, Spare
from keepwarm.damage.crews import Workforce, workforce
from keepwarm.damage.tasks import LIKELY, Tasks, asset_places, tasks_of

_HOUR = np.timedelta64(3600, "s")


@dataclass(frozen=True)
class Begun:
    """How things stand once earlier repairs have gone as they went."""

    case: Case  # crews where they are by now, spares that are left
    damage: Damage  # what is mended has its end, all else is open
    tasks: Tasks  # what is under way has the rest of its hours left
    under_way: Mapping[str, Names]  # asset -> the crews at it


def as_begun(
    case: Case, damage: Damage, begun: Sequence[PlannedRepair], at: np.datetime64
) -> Begun:
    """Return how things stand at a time, some repairs having begun before.

    Parameters
    ----------
    case : Case
    damage : tuple of DamageRow
        A row after its asset's repair began is a hit of its own: work begins anew.
    begun : sequence of PlannedRepair
        With their crews, begin and expected end. What ended by ``at`` is mended, and its spare
        used; what did not has hours left: those of the crews' shifts until its expected end.
    at : numpy.datetime64

    **Leaves out**: a change of the clock between the two plans.
    """
    whole = tasks_of(case, damage, at)
    names = case.network.assets.name
    place = {names[asset]: task for task, asset in enumerate(whole.asset.tolist())}
    force = workforce(case, whole)
    share, under_way, used = np.ones(len(whole)), dict[str, Names](), list[str]()
    for one in sorted((one for one in begun if one.asset in place), key=lambda one: one.begin):
        task = place[one.asset]
        done = one.end <= at
        later = (row.time for row in damage if row.asset == whole.asset[task])
        if not done and any(one.begin < time <= at for time in later):
            continue
        damage = _gone_on(damage, whole, task, one, at)
        if done:
            used.append(whole.spare[task])
        else:
            under_way[one.asset] = one.crews
            share[task] = _left(force, one, at) / whole.hours[LIKELY, task]
    resources = replace(
        case.resources,
        crews=_moved(case, begun),
        spares=_left_over(case.resources.spares, used),
    )
    left = {whole.asset[place[name]]: share[place[name]] for name in under_way}
    tasks = _resumed(tasks_of(case, damage, at), left)
    return Begun(replace(case, resources=resources), damage, tasks, under_way)


def _gone_on(
    damage: Damage, tasks: Tasks, task: int, one: PlannedRepair, at: np.datetime64
) -> Damage:
    """Return the damage with one repair as far as it is: its part back, its end reached."""
    end = one.end if one.end <= at else NO_TIME
    back, share = NO_TIME, float(tasks.partial_share[task])
    part = tasks.partial_hours[task] / tasks.hours[LIKELY, task]
    if part < 1:
        back = one.begin + ((one.end - one.begin) / np.timedelta64(1, "s") * part).astype("m8[s]")
    rows: list[DamageRow] = []
    for row in damage:
        own = row.asset == tasks.asset[task] and np.isnat(row.until) and row.time <= one.begin
        if own and back <= at and share > row.available:
            rows.append(replace(row, until=back))
            rows.append(replace(row, time=back, available=share, until=end))
        else:
            rows.append(replace(row, until=end) if own else row)
    return tuple(rows)


def _left(force: Workforce, one: PlannedRepair, at: np.datetime64) -> float:
    """Return the hours of work from a time to the expected end of a repair, in its shifts."""
    end = float((one.end - at) / _HOUR)
    shifts = [
        shift
        for crew, shift in zip(force.crews, force.shift.tolist(), strict=True)
        if crew.name in one.crews
    ]
    return max((_on_shift(end, *own) - _on_shift(0.0, *own) for own in shifts), default=end)


def _on_shift(hour: float, begins: float, length: float) -> float:
    """Return the hours of shift up to an hour, up to a constant."""
    days, phase = divmod(hour - begins, 24.0)
    return days * length + min(phase, length)


def _resumed(tasks: Tasks, left: Mapping[int, float]) -> Tasks:
    """Return tasks with the hours that are left of what is under way."""
    share = np.array([left.get(asset, 1.0) for asset in tasks.asset.tolist()])
    part = tasks.partial_hours - tasks.hours[LIKELY] * (1.0 - share)
    return replace(tasks, hours=tasks.hours * share, partial_hours=np.where(part > 0, part, np.nan))


def _moved(case: Case, begun: Sequence[PlannedRepair]) -> tuple[Crew, ...]:
    """Return the crews where they are: at the last repair that they began."""
    index = {name: at for at, name in enumerate(case.network.assets.name)}
    places, last = asset_places(case), dict[str, int]()
    for one in sorted(begun, key=lambda one: one.begin):
        if one.asset in index:
            last.update({crew: int(places[index[one.asset]]) for crew in one.crews})
    return tuple(
        replace(crew, base=last.get(crew.name, crew.base)) for crew in case.resources.crews
    )


def _left_over(spares: tuple[Spare, ...], used: Sequence[str]) -> tuple[Spare, ...]:
    """Return the spares that are left, those there first being used first."""
    left = []
    needed = {kind: used.count(kind) for kind in set(used)}
    for one in sorted(spares, key=_arrival):
        taken = min(one.count, needed.get(one.kind, 0))
        needed[one.kind] = needed.get(one.kind, 0) - taken
        left.append(replace(one, count=one.count - taken))
    return tuple(left)


def _arrival(spare: Spare) -> tuple[bool, str]:
    """Sort spares in stock before those that are to come, in the order in which they do."""
    return not np.isnat(spare.available_from), str(spare.available_from)
