"""A run on the terminal: what is not served, who is cold, what must be drained, why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from textwrap import fill
from typing import Any

import click

from keepwarm.briefing.decisions import sheet, sure_range
from keepwarm.briefing.words import local_text, people_text, words
from keepwarm.case.nouns import TIERS
from keepwarm.commands.cold_view import print_cold, print_warming_points
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
        print_cold(answers)
        _deadlines(answers, local)
        _decisions(answers, local)
        settings: Any = run.manifest["settings"]
        print_warming_points(answers, settings["warming_point.below_degc"], local)
        _causes(run, local)
    if "foresight" in answers:
        _foresight(answers["foresight"])
    if "plan" in answers:
        _plan(answers["plan"])
    audit = answers["audit"]
    checked = audit["steps_checked"]
    click.echo(
        f"Served + shed = need to {audit['max_balance_error_mw']:.0e} MW in every step; "
        f"{checked} step{'s' * (checked != 1)} solved again, largest gap of the objective "
        f"{audit['max_relative_gap']:.0e}, of shed {audit['max_shed_gap']:.0e} of a need."
    )
    click.echo(f"Written to {run.out}")


def _plan(found: Answers) -> None:
    """Print that a plan was carried out, and what it leaves unmended."""
    click.echo(f"A plan of {found['repairs']} repairs was carried out.")
    if found.get("passed_over"):
        passed = ", ".join(found["passed_over"])
        click.echo(f"Passed over, being not damaged or already having an end: {passed}.")
    if found["unmended"]:
        click.echo(f"Nobody mends: {', '.join(found['unmended'])}.")


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


#: Rows of the table of decisions on the terminal; the run folder holds all.
DECISIONS_SHOWN = 10


def _decisions(answers: Answers, local: Local) -> None:
    """Drain or hold: the most urgent, how many, and what would change it."""
    texts = words()
    found = sheet(answers, texts, local, DECISIONS_SHOWN)
    if found is None:
        return
    first = found.found.first or {}
    rows: list[Sequence[Cell]] = [
        (
            line.name or f"{line.region}{', ' * bool(line.archetype)}{line.archetype}",
            round(line.buildings),
            local(line.start_by),
            local(line.drain_by),
            line.choice,
            f"{sure_range(line, texts)} %",
            *(people_text(cost) for cost in (line.hold_person_hours, line.drain_person_hours)),
        )
        for line in found.found.lines
    ]
    table(
        "Drain or hold: what costs fewer expected cold person-hours",
        (
            *("", "buildings", "begin by", "done by", "choice", "hold if this sure of heat"),
            *("if held", "if drained"),
        ),
        rows,
    )
    said = [
        *found.summary,
        f"{first['group']} ({first['region']}; {first['archetype']}): {found.advice}",
        f"{texts.text('decide.change')} {'; '.join(found.changes)}.",
        *found.basis,
    ]
    for sentence in said:
        click.echo(fill(sentence, 100))
    click.echo()


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
