"""A plan on the terminal: who mends what when, who is drained, where units go, what it is worth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
import numpy as np

from keepwarm.briefing.words import local_text
from keepwarm.case.nouns import Case
from keepwarm.case.plan import Deployment, Plan
from keepwarm.case.times import format_time
from keepwarm.case.timetable import hours_off, longest_block_hours
from keepwarm.commands.output import Cell, table

#: Rows of the drain list on the terminal; the plan file has all.
SHOWN = 12

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
        rows: list[list[Cell]] = [
            [
                local(one.begin),
                local(one.end),
                f"{local(one.end_low)} to {local(one.end_high)}",
                ", ".join(one.crews) or "any",
                one.asset,
                one.why,
            ]
            for one in sorted(plan.repairs, key=lambda one: one.begin)
        ]
        columns = ["begins", "back", "at best, at worst", "crew", "repair", "why"]
        table("Repairs, in the order in which they begin", columns, rows)
    if plan.drains:
        _drains(plan, local)
    if plan.deployments:
        _units(plan, local)
    if plan.timetable is not None:
        off, longest = hours_off(plan.timetable), longest_block_hours(plan.timetable)
        rows = [
            [group, float(off[at]), float(longest[at])]
            for at, group in enumerate(plan.timetable.groups)
        ]
        table("Rotation", ["group", "hours off", "longest, h"], rows)
    if plan.not_planned:
        rows = [[one.what, one.why] for one in plan.not_planned]
        table("Not planned", ["what", "why"], rows)
    _worth(case, plan)
    for note in plan.notes:
        click.echo(note)
    click.echo(f"Written to {path}")


def _drains(plan: Plan, local: Callable[[np.datetime64], str]) -> None:
    rows: list[list[Cell]] = [
        [
            f"drain from {local(one.begin)}" if one.drain else "hold",
            local(one.freezes),
            one.group,
            one.buildings,
            one.why,
        ]
        for one in plan.drains[:SHOWN]
    ]
    table("Drain or hold", ["what", "freezes", "group", "buildings", "why"], rows)
    more = len(plan.drains) - SHOWN
    if more > 0:
        total = sum(one.buildings for one in plan.drains if one.drain)
        click.echo(f"{more} more in the plan file; {total:,.0f} buildings to be drained in all\n")


def _units(plan: Plan, local: Callable[[np.datetime64], str]) -> None:
    """Print where units go; where they are many, a line for each kind of unit and region."""
    rows: list[list[Cell]] = []
    if len(plan.deployments) <= SHOWN:
        for one in plan.deployments:
            where = one.target or one.region
            rows.append([local(one.begin), f"{one.count} x {one.unit}", where, one.why])
        table("Mobile units", ["works from", "what", "where", "why"], rows)
        return
    together: dict[tuple[str, str], list[Deployment]] = {}
    for one in plan.deployments:
        together.setdefault((one.region, one.unit), []).append(one)
    for (region, unit), own in together.items():
        count, places = sum(one.count for one in own), len({one.target for one in own})
        megawatts, people = (
            float(sum(getattr(one, field) for one in own)) for field in ("capacity_mw", "people")
        )
        first = local(min(one.begin for one in own))
        rows.append([first, f"{count} x {unit}", region, places, megawatts or None, people or None])
    columns = ["first from", "what", "region", "places", "MW", "people there"]
    table("Mobile units", columns, rows)
    click.echo(f"{len(plan.deployments)} lines in the plan file say where, and why\n")


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
            click.echo(said.format(hours))
    if "regret_mean" in worth and plan.repairs and len(case.buildings):
        unit = "MWh" if plan.objective == "energy" else "cold person-hours"
        click.echo(
            f"Over {worth['draws']:.0f} draws of repair hours: "
            f"{worth['cold_person_hours_mean']:,.0f} ± {worth['cold_person_hours_stderr']:,.0f} "
            f"cold person-hours; regret {worth['regret_mean']:,.0f} {unit} on average, "
            f"{worth['regret_worst']:,.0f} at worst, against the best of the orders compared."
        )
