"""A run on the terminal: what is not served, who is cold, what must be drained, why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import click

from keepwarm.briefing.words import local_text
from keepwarm.case.nouns import TIERS
from keepwarm.commands.output import Cell, table
from keepwarm.runs.run import Run

BANDS = ("low", "central", "high")

#: Rows of the cause table on the terminal; the run folder holds all.
SHOWN = 8

#: What to say of the weighted cost of a run that looked ahead, beside the step rule's.
VERDICTS = {
    "lower": "Looking ahead paid.",
    "same": "Looking ahead bought next to nothing here.",
    "higher": "Looking ahead did not pay here: its weighted cost is higher. Take the step rule's.",
}

Answers = Mapping[str, Any]
Local = Callable[[str | None], str]


def print_run(run: Run) -> None:
    """Print a run's answers as calm tables; times are local to the case."""
    answers: Answers = run.answers
    case: Any = run.manifest["case"]
    options: Any = run.manifest["options"]
    zone = case["time_zone"]

    def local(moment: str | None) -> str:
        return "not within the run" if moment is None else local_text(moment, zone)

    damage, began = options["damage"], answers["damage_from"]
    if damage:
        damage += f", from {local(began)}" if began else ", none of it within the run"
    click.echo(case["title"])
    click.echo(
        f"{answers['hours']:g} h from {local(answers['start'])} ({zone}); "
        f"damage: {damage or 'none'}\n"
    )
    _services(answers, local)
    if answers["buildings"]["total"]:
        _cold(answers)
        _archetypes(answers)
        _deadlines(answers, local)
        _causes(run, local)
    if "foresight" in answers:
        _foresight(answers["foresight"])
    audit = answers["audit"]
    checked = audit["steps_checked"]
    click.echo(
        f"Served + shed = need to {audit['max_balance_error_mw']:.0e} MW in every step; "
        f"{checked} step{'s' * (checked != 1)} solved again, largest gap of the objective "
        f"{audit['max_relative_gap']:.0e}, of shed {audit['max_shed_gap']:.0e} of a need."
    )
    click.echo(f"Written to {run.out}")


def _foresight(found: Answers) -> None:
    """Print what looking ahead bought over the step rule."""
    rows: list[tuple[str, Answers]] = [
        *((_of_loads(key), row) for key, row in found["unserved_mwh"].items()),
        *(
            (f"person-hours below {degc} °C", row)
            for degc, row in found["people_hours_below_degc"].items()
            if row["step_rule"] >= 0.5 or row["lookahead"] >= 0.5
        ),
        ("weighted cost, currency", found["weighted_cost"]),
    ]
    table(
        f"What looking {found['hours']:g} h ahead buys",
        ("", "step by step", "looking ahead", "difference"),
        [
            (name, *(round(row[key]) for key in ("step_rule", "lookahead", "difference")))
            for name, row in rows
        ],
    )
    click.echo(
        f"{VERDICTS[found['verdict']]} The cost counts sources, what loads and homes lack at the "
        "price of\ntheir tier, and what stores hold less at the end than at the start.\n"
    )


def _of_loads(key: str) -> str:
    """Name what is unserved: "power household" is of a carrier and a tier."""
    carrier, _, tier = key.partition(" ")
    return f"unserved {carrier}, tier {tier}, MWh" if tier in TIERS else f"unserved {key}, MWh"


def _services(answers: Answers, local: Local) -> None:
    """Print what is missing; where the case counts no people, no number stands for them."""
    known = answers["people"] > 0
    rows: list[Sequence[Cell]] = []
    for carrier in ("power", "heat", "gas", "fuel", "water"):
        if not answers["need_mwh"].get(carrier):
            continue
        peak = answers["peak_people_without"].get(carrier)
        rows.append(
            (
                carrier,
                round(answers["unserved_mwh"][carrier]),
                _whole(answers["people_hours_without"].get(carrier)) if known else None,
                _whole(peak) if known else None,
                local(answers["service_returns"][carrier]) if (peak or 0) >= 0.5 else "–",
            )
        )
    columns = ("", "unserved, MWh", "people-hours without", "most people at once", "back")
    table("What is not served", columns, rows)


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _cold(answers: Answers) -> None:
    """People below each threshold; hours count from the damage."""
    began, rows = _hours_to_damage(answers), list[Sequence[Cell]]()
    for row in answers["cold"]:
        if row["people"]["low"]["total"] == 0:
            continue
        key = f"{row['degc']:g}"
        hours = round(answers["people_hours_below_degc"][key])
        rows.append((f"below {key} °C", *_crossing(row["people"], began), hours))
    freezing = answers["freezing"]
    if freezing["low"]["total"] > 0:
        rows.append(("pipes plug, buildings", *_crossing(freezing, began), None))
    found = answers["buildings"]
    if rows:
        columns = ("", "people, ever in the run", "first, h", "half of them, h", "person-hours")
        since = "the damage" if answers["damage_from"] else "the start"
        table(f"Cold homes: central [soonest to latest], hours after {since}", columns, rows)
    else:
        click.echo("No home falls below any threshold.")
    click.echo(
        f"Buildings: {found['total']:,.0f}. Most without circulation at once "
        f"{found['without_heat_peak']:,.0f}, drained {found['drained']:,.0f}, "
        f"frozen before they were drained {_band(found['frozen_band'])}, "
        f"still without at the end {found['without_heat_end']:,.0f}.\n"
    )


def _hours_to_damage(answers: Answers) -> float:
    began, start = answers["damage_from"] or answers["start"], answers["start"]
    moments = [datetime.fromisoformat(text) for text in (start, began)]
    return (moments[1] - moments[0]).total_seconds() / 3600


def _crossing(bands: Answers, began: float) -> tuple[str, ...]:
    return (
        _band({b: bands[b]["total"] for b in BANDS}),
        *(
            _band({b: _less(bands[b][key], began) for b in BANDS})
            for key in ("first_hour", "half_hour")
        ),
    )


def _less(value: float | None, offset: float) -> float | None:
    return None if value is None else value - offset


def _band(values: Mapping[str, float | None]) -> str:
    """Return "central [soonest to latest]", a dash for what never comes."""
    low, central, high = ("–" if v is None else f"{v:,.0f}" for v in (values[b] for b in BANDS))
    if low == central == high == "–":
        return "–"
    return f"{central} [{low} to {high}]"


def _archetypes(answers: Answers) -> None:
    """Hours from the stop of circulation, by kind of building."""
    found = answers["by_archetype"]
    if not found:
        return
    events = [name for name in found[0]["hours_after_stop"] if name not in SKIPPED_EVENTS]
    headings = [
        "pipes plug" if name == "pipe_plugs" else name.split("_")[1] + " °C" for name in events
    ]
    rows = [
        (
            row["archetype"],
            round(row["buildings"]),
            *(_band(row["hours_after_stop"][name]) for name in events),
        )
        for row in found
    ]
    title = "Buildings whose circulation stopped: hours from the stop until half of the people are"
    table(f"{title} below", ("", "buildings", *headings), rows)


#: Thresholds that say little once heating has stopped: passed at once.
SKIPPED_EVENTS = ("below_18_degc", "below_16_degc")


def _deadlines(answers: Answers, local: Local) -> None:
    """When draining must be done, by region, and how many buildings within so many hours."""
    by_region: dict[str, list[Answers]] = {}
    for row in answers["drain_deadlines"]:
        by_region.setdefault(row["region"], []).append(row)
    if not by_region:
        return
    rows: list[Sequence[Cell]] = []
    for region, members in by_region.items():
        ends = [min((m["by"][b] for m in members if m["by"][b]), default=None) for b in BANDS]
        count = round(sum(m["buildings"] for m in members))
        left = members[0]["hours_left"]  # deadlines come most urgent first
        rows.append((region, count, *(local(end) for end in ends), left))
    columns = ("", "buildings", "soonest", "central", "latest", "soonest, h after the stop")
    table("Drain before: the first pipe that would plug, by region", columns, rows)
    table(
        "Buildings to have been drained, by hours after their circulation stopped",
        ("hours", "soonest", "central", "latest"),
        [
            (row["hours_after_stop"], *(round(row["buildings"][b]) for b in BANDS))
            for row in answers["drain_by"]
        ],
    )


def _causes(run: Run, local: Local) -> None:
    """Print, for the groups that lose most, what broke."""
    rows = run.tables["causes"].to_pylist()
    if not rows:
        return
    groups = run.tables["groups"].select(["group", "without_heat_hours", "people"]).to_pylist()
    people = {g["group"]: g["people"] for g in groups}
    lost = {g["group"]: g["without_heat_hours"] * g["people"] for g in groups}
    causes = Counter(row["group"] for row in rows)
    chains: dict[tuple[str, str], list[Answers]] = {}
    for row in rows:
        if row["rank"] == 1:
            chains.setdefault((row["asset"], row["kind"]), []).append(row)
    ranked = sorted(chains.values(), key=lambda chain: -sum(lost[r["group"]] for r in chain))
    table(
        "Why: the chain back to what broke",
        ("broke", "", "groups", "people", "short of heat from", "through (one of them)"),
        [
            (
                _largest_of(chain[0], causes[chain[0]["group"]]),
                chain[0]["kind"],
                len(chain),
                round(sum(people[r["group"]] for r in chain)),
                local(f"{min(r['time'] for r in chain).isoformat()}Z"),
                " < ".join(chain[0]["path"]),
            )
            for chain in ranked[:SHOWN]
        ],
    )
    if len(ranked) > SHOWN:
        rest = sum(len(chain) for chain in ranked[SHOWN:])
        click.echo(f"{rest} more groups for {len(ranked) - SHOWN} other reasons: table causes.\n")


def _largest_of(row: Answers, causes: int) -> str:
    """Name what broke, and how many others a group's heat also hangs on."""
    name = str(row["asset"] or row["path"][-1])
    return name if causes == 1 else f"{name}, the largest of {causes}"
