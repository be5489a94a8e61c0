"""The plan that a run carried out, as the page shows it: rows to read, times as UTC text."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from keepwarm.briefing.view import View
from keepwarm.case.plan import Plan
from keepwarm.case.plan_file import plan_of
from keepwarm.case.timetable import Timetable, hours_off, longest_block_hours, runs_of, window
from keepwarm.runs.comparing import Difference, compare
from keepwarm.runs.run import Run

#: Said by plans of units that go on after a halt: not another unit.
AGAIN = "refuelled"


@dataclass(frozen=True)
class Repair:
    """One repair; ``latest`` is its end where much goes wrong."""

    asset: str
    crews: tuple[str, ...]  # empty: any of its trade
    begin: str
    end: str
    latest: str | None
    why: str


@dataclass(frozen=True)
class Drain:
    """What is done with one group; ``begin`` is None where it is held."""

    group: str
    region: str
    buildings: float
    begin: str | None
    end: str | None
    crews: tuple[str, ...]
    freezes: str | None
    why: str


@dataclass(frozen=True)
class Units:
    """Mobile units of one kind in one region."""

    unit: str
    kind: str
    region: str
    count: int
    places: int
    moved: int  # of them, from another place
    begin: str
    people: float
    capacity_mw: float


@dataclass(frozen=True)
class Rounds:
    """What tankers bring to one region."""

    region: str
    rounds: int
    litres: float
    begin: str


@dataclass(frozen=True)
class Cuts:
    """When one rotation group is cut: spans of UTC times."""

    group: str
    hours: float
    longest: float
    spans: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Worth:
    """What one way of acting comes to, as the planner judged it."""

    way: str  # plan, none, or the name of a rule
    cold_person_hours: float | None
    unserved_mwh: float


@dataclass(frozen=True)
class Part:
    """What a part of the plan saves over draws of repair hours, cold person-hours."""

    part: str
    saved: float
    stderr: float


@dataclass(frozen=True)
class Planned:
    """All of a plan."""

    made_at: str
    hours: float
    objective: str
    complete: bool
    repairs: tuple[Repair, ...]  # in the order in which they begin
    drains: tuple[Drain, ...]  # to be drained first, in the order in which they begin
    units: tuple[Units, ...]
    rounds: tuple[Rounds, ...]
    cuts: tuple[Cuts, ...]
    timetable: Timetable | None
    not_planned: tuple[tuple[str, str], ...]  # what, why
    unmended: tuple[str, ...]  # assets out for the whole run, whatever the plan
    passed_over: tuple[str, ...]  # repairs of what was not out
    notes: tuple[str, ...]
    worth: tuple[Worth, ...]
    parts: tuple[Part, ...]
    regret: tuple[float, float] | None  # on average and at worst

    @property
    def drained(self) -> float:
        """Buildings to be drained."""
        return sum(one.buildings for one in self.drains if one.begin)

    @property
    def held(self) -> float:
        """Buildings to be held."""
        return sum(one.buildings for one in self.drains if not one.begin)

    def cut_between(self, begins: str, ends: str) -> int:
        """Return how many rotation groups are cut at some time between two UTC times."""
        return sum(
            any(start < ends and stop > begins for start, stop in one.spans) for one in self.cuts
        )


def planned(view: View, names: Mapping[str, str]) -> Planned | None:
    """Return the plan of a run; None where it carried out none.

    Parameters
    ----------
    view
        The run.
    names
        Regions of the case -> what they are called on the page; own names where one is missing.
    """
    text = view.manifest.get("plan")
    if not text:
        return None
    plan = plan_of(tomllib.loads(str(text)), Path("plan"))
    block: Mapping[str, Any] = view.answers.get("plan") or {}
    ahead = _ahead(plan)
    return Planned(
        made_at=_text(plan.made_at),
        hours=plan.hours,
        objective=plan.objective,
        complete=plan.complete,
        repairs=_repairs(plan),
        drains=_drains(view, plan),
        units=_units(plan, names),
        rounds=_rounds(plan, names),
        cuts=_cuts(ahead) if ahead is not None else (),
        timetable=ahead,
        not_planned=tuple((one.what, one.why) for one in plan.not_planned),
        unmended=tuple(block.get("unmended", ())),
        passed_over=tuple(block.get("passed_over", ())),
        notes=plan.notes,
        worth=_worth(plan, bool(view.groups)),
        parts=_parts(plan.worth) if view.groups else (),
        regret=(plan.worth["regret_mean"], plan.worth["regret_worst"])
        if plan.repairs and "regret_mean" in plan.worth
        else None,
    )


def _text(time: np.datetime64) -> str:
    """Return a UTC time as the answers of a run write it, to be compared with theirs."""
    return f"{np.datetime_as_string(time, unit='s')}Z"


def _moment(time: np.datetime64) -> str | None:
    return None if np.isnat(time) else _text(time)


def _repairs(plan: Plan) -> tuple[Repair, ...]:
    return tuple(
        Repair(
            asset=one.asset,
            crews=one.crews,
            begin=_text(one.begin),
            end=_text(one.end),
            latest=_moment(one.end_high),
            why=one.why,
        )
        for one in sorted(plan.repairs, key=lambda one: (one.begin, one.asset))
        if not np.isnat(one.begin) and not np.isnat(one.end)
    )


def _drains(view: View, plan: Plan) -> tuple[Drain, ...]:
    region = dict(zip(view.groups, view.group_region, strict=True))
    rows = [
        Drain(
            group=one.group,
            region=region.get(one.group, ""),
            buildings=one.buildings,
            begin=_moment(one.begin) if one.drain else None,
            end=_moment(one.end),
            crews=one.crews,
            freezes=_moment(one.freezes),
            why=one.why,
        )
        for one in plan.drains
        if np.isnat(one.decided)
    ]
    return tuple(sorted(rows, key=lambda one: (one.begin is None, one.begin or "", one.group)))


def _units(plan: Plan, names: Mapping[str, str]) -> tuple[Units, ...]:
    """Return a row for each kind of unit and region, the first to begin first."""
    together: dict[tuple[str, str], list[Any]] = {}
    for one in plan.deployments:
        if not one.end <= plan.made_at:
            together.setdefault((one.region, one.unit), []).append(one)
    rows = [
        Units(
            unit=unit,
            kind=own[0].kind,
            region=names.get(region, region),
            count=sum(one.count for one in own if one.why != AGAIN),
            places=len({one.target for one in own}),
            moved=sum(one.count for one in own if one.why.startswith("from ")),
            begin=_text(min(one.begin for one in own)),
            people=sum(one.people for one in own if one.why != AGAIN),
            capacity_mw=sum(one.capacity_mw for one in own if one.why != AGAIN),
        )
        for (region, unit), own in together.items()
    ]
    return tuple(sorted(rows, key=lambda one: (one.begin, one.region, one.unit)))


def _rounds(plan: Plan, names: Mapping[str, str]) -> tuple[Rounds, ...]:
    together: dict[str, list[Any]] = {}
    for one in plan.deliveries:
        if one.begin >= plan.made_at:
            together.setdefault(one.region, []).append(one)
    rows = [
        Rounds(
            names.get(region, region),
            len(own),
            sum(one.litres for one in own),
            _text(min(one.begin for one in own)),
        )
        for region, own in together.items()
    ]
    return tuple(sorted(rows, key=lambda one: (one.begin, one.region)))


def _ahead(plan: Plan) -> Timetable | None:
    """Return what of the timetable lies after the plan was made."""
    table = plan.timetable
    if table is None or table.end <= plan.made_at:
        return None
    return window(table, plan.made_at, table.end)


def _cuts(table: Timetable) -> tuple[Cuts, ...]:
    off, longest = hours_off(table), longest_block_hours(table)
    return tuple(
        Cuts(
            group=group,
            hours=float(off[at]),
            longest=float(longest[at]),
            spans=tuple(
                (_text(table.start + begin * table.slot), _text(table.start + end * table.slot))
                for begin, end in runs_of(table.off[at]).tolist()
            ),
        )
        for at, group in enumerate(table.groups)
    )


def _worth(plan: Plan, homes: bool) -> tuple[Worth, ...]:
    """Return what the plan, no repairs and the usual rules come to."""
    worth = plan.worth
    ways = {"plan": ""}
    if plan.repairs:
        ways["none"] = "_without_repairs"
        for key in worth:
            if key.startswith("unserved_mwh_") and key.endswith("_first"):
                name = key.removeprefix("unserved_mwh_").removesuffix("_first")
                ways[name] = f"_{name}_first"
    return tuple(
        Worth(way, worth[f"cold_person_hours{key}"] if homes else None, worth[f"unserved_mwh{key}"])
        for way, key in ways.items()
        if f"unserved_mwh{key}" in worth
    )


def _parts(worth: Mapping[str, float]) -> tuple[Part, ...]:
    return tuple(
        Part(part, worth[f"{part}_save"], worth.get(f"{part}_save_stderr", 0.0))
        for part in ("drains", "deployments", "timetable")
        if f"{part}_save" in worth
    )


def told_differences(before: Run, run: Run) -> tuple[Difference, ...]:
    """Return what a run has more of than the one without its plan, where there is any of it.

    Parameters
    ----------
    before, run
        Of the same case, damage and hours.
    """
    rows = compare(before, run).differences
    return tuple(row for row in rows if max(abs(row.a), abs(row.b)) >= 0.5)
