"""A plan on the terminal: who mends what when, who is drained, where units go, what it is worth."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import click
import numpy as np

from keepwarm.briefing.words import local_text
from keepwarm.case.nouns import Case
from keepwarm.case.plan import Delivery, Deployment, Plan, PlannedDrain
from keepwarm.case.times import format_time
from keepwarm.case.timetable import hours_off, longest_block_hours, window
from keepwarm.commands.output import PIPE_WIDTH, Cell, table

#: Rows of the drain list on the terminal; the plan file has all.
SHOWN = 12

#: Columns from which on a table has room for reasons.
WIDE = 110

#: What a plan makes small, in words.
MADE_SMALL = {"people_cold": "cold person-hours", "energy": "energy not served"}

#: What is said of what a part of a plan saves.
PARTS = {
    "drains": "The drain list: {} than the case's own way of draining.",
    "deployments": "Mobile units: {} than without them.",
    "timetable": "Rotation: {} than an even share of the shortage, which nobody can switch.",
}


def print_plan(case: Case, plan: Plan, path: Path) -> None:
    """Print a plan as calm tables; times are local to the case."""
    zone = case.time_zone

    def local(moment: np.datetime64) -> str:
        return "–" if np.isnat(moment) else local_text(format_time(moment), zone)

    click.echo(case.title)
    click.echo(
        f"Plan made for {local(plan.made_at)} ({zone}), judged by the {plan.hours:g} h after it\n"
    )
    if plan.repairs:
        _repairs(plan, local)
    drains = tuple(one for one in plan.drains if np.isnat(one.decided))
    if drains:
        _drains(drains, local)
    here = tuple(one for one in plan.deployments if not one.end <= plan.made_at)
    if here:
        _units(here, local)
    to_come = tuple(one for one in plan.deliveries if one.begin >= plan.made_at)
    if to_come:
        _fuel(to_come, local)
    if plan.timetable is not None and plan.timetable.end > plan.made_at:
        ahead = window(plan.timetable, plan.made_at, plan.timetable.end)
        off, longest = hours_off(ahead), longest_block_hours(ahead)
        rows: list[list[Cell]] = [
            [group, float(off[at]), float(longest[at])] for at, group in enumerate(ahead.groups)
        ]
        table("Rotation", ["group", "hours off", "longest, h"], rows)
    if plan.not_planned:
        table("Not planned", ["what", "why"], [[o.what, o.why] for o in plan.not_planned])
    _worth(case, plan)
    for note in plan.notes:
        _say(note)
    click.echo(f"Written to {path}")


def _say(text: str) -> None:
    """Print a sentence, broken between words where the terminal ends."""
    click.echo(click.wrap_text(text, width=min(_width(), PIPE_WIDTH), subsequent_indent="  "))


def _width() -> int:
    """Return the columns there are; those of a pipe where it is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPE_WIDTH


def _repairs(plan: Plan, local: Callable[[np.datetime64], str]) -> None:
    """Print repairs; where the terminal is narrow the reasons follow the table."""
    wide, soonest = _width() >= WIDE, sorted(plan.repairs, key=lambda one: one.begin)
    columns = ["begins", "back", "at worst", "crew", "repair", *(["why"] if wide else [])]
    rows: list[list[Cell]] = [
        [
            local(one.begin),
            local(one.end),
            local(one.end_high),
            ", ".join(one.crews) or "any",
            one.asset,
            *([one.why] if wide else []),
        ]
        for one in soonest
    ]
    table("Repairs, in the order in which they begin", columns, rows)
    for one in soonest if not wide else ():
        if one.why:
            _say(f"{one.asset}: {one.why}")
    without = sum(not one.why for one in plan.repairs)
    if without:
        _say(f"{without} stand without a reason: there was no time to weigh them (--seconds)")
    click.echo()


def _drains(drains: tuple[PlannedDrain, ...], local: Callable[[np.datetime64], str]) -> None:
    """Print whom crews go to; why is in the plan file where the terminal is narrow."""
    wide, by_crews = _width() >= WIDE, any(one.crews for one in drains)
    rows: list[list[Cell]] = [
        [
            local(one.begin) if one.drain else "hold",
            *([local(one.end), ", ".join(one.crews) or "the city's"] if by_crews else []),
            local(one.freezes),
            one.group,
            round(one.buildings),
            *([one.why] if wide and not by_crews else []),
        ]
        for one in sorted(drains, key=lambda one: (not one.drain, one.begin))[:SHOWN]
    ]
    columns = ["drain from", *(["until", "crews"] if by_crews else [])]
    columns += ["freezes", "group", "buildings", *(["why"] if wide and not by_crews else [])]
    table("Drain or hold", columns, rows)
    more, total = len(drains) - SHOWN, sum(one.buildings for one in drains if one.drain)
    said = f"{more} more in the plan file, which says why; " if more > 0 else ""
    _say(f"{said}{total:,.0f} buildings to be drained in all")
    click.echo()


def _units(sent: tuple[Deployment, ...], local: Callable[[np.datetime64], str]) -> None:
    """Print where units go; where they are many, a line for each kind of unit and region."""
    rows: list[list[Cell]] = []
    if len(sent) <= SHOWN and _width() >= WIDE:
        for one in sent:
            where = one.target or one.region
            what = f"{one.count} x {one.unit}"
            rows.append([local(one.begin), local(one.end), what, where, one.why])
        table("Mobile units", ["works from", "until", "what", "where", "why"], rows)
        return
    together: dict[tuple[str, str], list[Deployment]] = {}
    for one in sent:
        together.setdefault((one.region, one.unit), []).append(one)
    for (region, unit), own in together.items():
        moved = sum(one.count for one in own if one.why.startswith("from "))
        places = len({one.target for one in own})
        # A line after a halt for fuel is the same unit again.
        count = sum(one.count for one in own if one.why != "refuelled")
        begin = local(min(one.begin for one in own))
        rows.append([begin, f"{count} x {unit}", region, places, moved or None])
    columns = ["first from", "what", "region", "places", "moved here"]
    table("Mobile units", columns, rows)
    _say(f"{len(sent)} lines in the plan file say where, until when, and why")
    dry = sum(one.count for one in sent if "no tanker can come" in one.why)
    if dry:
        _say(f"{dry} units run out of fuel, because no tanker can come: see the plan file")
    click.echo()


def _fuel(trips: tuple[Delivery, ...], local: Callable[[np.datetime64], str]) -> None:
    rows: list[list[Cell]] = [
        [local(one.begin), one.tanker, one.region, len(one.targets), one.litres]
        for one in trips[:SHOWN]
    ]
    table("Fuel", ["there at", "tanker", "region", "places", "litres"], rows)
    litres, more = sum(one.litres for one in trips), len(trips) - SHOWN
    said = f"{more} more rounds in the plan file; " if more > 0 else ""
    _say(f"{said}{litres:,.0f} litres in all")
    click.echo()


def _worth(case: Case, plan: Plan) -> None:
    """Print what the plan is worth beside no repairs and the usual rules."""
    worth = plan.worth
    ways = {"this plan": "", "no repairs": "_without_repairs"} if plan.repairs else {"": ""}
    for key in worth if plan.repairs else ():
        if key.startswith("cold_person_hours_") and key.endswith("_first"):
            name = key.removeprefix("cold_person_hours_").removesuffix("_first")
            ways[f"rule: {name} first"] = f"_{name}_first"
    kinds = {"cold person-hours": "cold_person_hours", "not served, MWh": "unserved_mwh"}
    if not len(case.buildings):
        del kinds["cold person-hours"]
    rows: list[list[Cell]] = [
        [said, *(worth[f"{kind}{way}"] for kind in kinds.values())] for said, way in ways.items()
    ]
    table(f"What it comes to; made small: {MADE_SMALL[plan.objective]}", ["", *kinds], rows)
    if not len(case.buildings) and plan.objective == "people_cold":
        click.echo("No buildings.csv: how cold homes get is not known; weighed by who is without.")
    for part, said in PARTS.items():
        if f"{part}_save" in worth:
            saved, error = worth[f"{part}_save"], worth[f"{part}_save_stderr"]
            word = "fewer" if saved >= 0 else "more"
            hours = f"{abs(saved):,.0f} ± {error:,.0f} cold person-hours {word}"
            _say(said.format(hours))
    if "regret_mean" in worth and plan.repairs and len(case.buildings):
        unit = "MWh" if plan.objective == "energy" else "cold person-hours"
        _say(
            f"Over {worth['draws']:.0f} draws of repair hours: "
            f"{worth['cold_person_hours_mean']:,.0f} ± {worth['cold_person_hours_stderr']:,.0f} "
            f"cold person-hours; regret {worth['regret_mean']:,.0f} {unit} on average, "
            f"{worth['regret_worst']:,.0f} at worst, against the best of the orders compared."
        )
