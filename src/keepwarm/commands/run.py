"""``keepwarm run``: walk a case through its damage and print who is without, who is cold, why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keepwarm.commands.output import Cell, emit_json, progress, table

if TYPE_CHECKING:
    from keepwarm.runs.run import Run

#: Rows of the deadline and cause tables on the terminal; the run folder holds all.
SHOWN = 8


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--damage", type=click.Path(path_type=Path), help="Damage list (CSV).")
@click.option("--start", help="First step, ISO time in UTC; the case's own by default.")
@click.option("--hours", type=click.FloatRange(min=0, min_open=True), help="Length of the run.")
@click.option(
    "--from-state/--no-from-state",
    default=None,
    help="Start from state.csv; by default when the case has one.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Run folder, runs/NAME-001 if left.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def run(
    case: Path,
    damage: Path | None,
    start: str | None,
    hours: float | None,
    from_state: bool | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Walk CASE through its damage: who is without, how cold homes get, what must be drained."""
    from keepwarm.case.read import read_case
    from keepwarm.damage import read_damage
    from keepwarm.runs.folder import free_folder, write_run
    from keepwarm.runs.run import run as run_case

    system = read_case(case)
    broken = read_damage(system, damage) if damage else ()
    steps = round((hours or system.hours) / system.network.step_hours)
    with progress(steps, "steps") as advance:
        done = run_case(
            system,
            broken,
            start=_time(start),
            hours=hours,
            from_state=from_state,
            damage_name=damage.name if damage else None,
            progress=advance,
        )
    done = write_run(done, out or free_folder(Path("runs"), system.name))
    if as_json:
        emit_json({**done.answers, "out": str(done.out)})
    else:
        print_run(done)


def _time(text: str | None) -> Any:
    """Return a naive UTC numpy time from what the user typed, or None."""
    if text is None:
        return None
    from datetime import UTC, datetime

    import numpy as np

    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no ISO time", param_hint="--start") from error
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return np.datetime64(moment, "s")


def print_run(run: Run) -> None:
    """Print a run's answers as calm tables; times are local to the case."""
    from keepwarm.briefing.words import local_text

    answers: Any = run.answers
    case: Any = run.manifest["case"]
    options: Any = run.manifest["options"]
    zone = case["time_zone"]

    def local(moment: str | None) -> str:
        return "not within the run" if moment is None else local_text(moment, zone)

    click.echo(f"{case['title']}")
    click.echo(
        f"{answers['hours']:g} h from {local(answers['start'])} ({zone}), "
        f"damage: {options['damage'] or 'none'}\n"
    )
    _print_services(answers, local)
    if answers["buildings"]["total"]:
        _print_cold(answers)
        _print_deadlines(answers, local)
        _print_causes(run, local)
    audit = answers["audit"]
    click.echo(
        f"Served + shed = need to {audit['max_balance_error_mw']:.0e} MW in every step; "
        f"{audit['steps_checked']} steps solved again, largest gap {audit['max_relative_gap']:.0e}."
    )
    click.echo(f"Written to {run.out}")


def _print_services(answers: Mapping[str, Any], local: Any) -> None:
    carriers = ("power", "heat", "gas", "fuel", "water")
    rows: list[Sequence[Cell]] = [
        (
            carrier,
            answers["unserved_mwh"].get(carrier),
            answers["people_hours_without"].get(carrier),
            answers["peak_people_without"].get(carrier),
            local(answers["service_returns"][carrier])
            if answers["peak_people_without"].get(carrier, 0) >= 0.5
            else "–",
        )
        for carrier in carriers
        if answers["need_mwh"].get(carrier)
    ]
    table(
        "What is not served",
        ("", "unserved, MWh", "people-hours without", "most people at once", "back"),
        rows,
    )


def _print_cold(answers: Mapping[str, Any]) -> None:
    rows: list[Sequence[Cell]] = []
    for row in answers["cold"]:
        central, count = row["people"]["central"], row["people"]
        key = f"{row['degc']:g}"
        rows.append(
            (
                f"below {key} °C",
                _band(count, "total"),
                _band(count, "first_hour"),
                _band(count, "half_hour"),
                answers["people_hours_below_degc"].get(key) if central else None,
            )
        )
    freezing = answers["freezing"]
    rows.append(
        (
            "pipes plug (buildings)",
            _band(freezing, "total"),
            _band(freezing, "first_hour"),
            _band(freezing, "half_hour"),
            None,
        )
    )
    table(
        "Cold homes: central [cools soonest to latest], hours from the start",
        ("", "people", "first after, h", "half of them by, h", "person-hours"),
        rows,
    )
    found = answers["buildings"]
    click.echo(
        f"Buildings: {found['total']:,.0f}; most without circulation at once "
        f"{found['without_heat_peak']:,.0f}, drained {found['drained']:,.0f}, "
        f"frozen {found['frozen']:,.0f}, still without at the end "
        f"{found['without_heat_end']:,.0f}.\n"
    )


def _band(values: Mapping[str, Any], key: str) -> str:
    """Return "central [low to high]", a dash for what never comes."""
    low, central, high = (values[band][key] for band in ("low", "central", "high"))

    def text(value: float | None) -> str:
        return "–" if value is None else f"{value:,.0f}"

    return f"{text(central)} [{text(low)} to {text(high)}]"


def _print_deadlines(answers: Mapping[str, Any], local: Any) -> None:
    deadlines = answers["drain_deadlines"]
    if not deadlines:
        return
    by_region: dict[str, list[Mapping[str, Any]]] = {}
    for row in deadlines:
        by_region.setdefault(row["region"], []).append(row)
    rows: list[Sequence[Cell]] = []
    for region, members in by_region.items():
        count = sum(m["buildings"] for m in members)
        first = min(members, key=lambda m: m["hours_left"])
        rows.append(
            (
                region,
                count,
                *(
                    local(min((m["by"][b] for m in members if m["by"][b]), default=None))
                    for b in ("low", "central", "high")
                ),
                first["hours_left"],
            )
        )
    table(
        "Drain before: when the first weakest pipe plugs, by region",
        ("", "buildings", "soonest", "central", "latest", "hours after the stop"),
        rows,
    )


def _print_causes(run: Run, local: Any) -> None:
    """Print for the groups that lose most what broke."""
    rows = run.tables["causes"].to_pylist()
    if not rows:
        return
    hours = run.tables["groups"].select(["group", "without_heat_hours", "people"]).to_pylist()
    lost = {r["group"]: r["without_heat_hours"] * r["people"] for r in hours}
    chains: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["rank"] == 1:
            chains.setdefault((row["asset"], row["kind"]), []).append(row)
    ranked = sorted(chains.values(), key=lambda c: -sum(lost[r["group"]] for r in c))
    table(
        "Why: the chain back to what broke",
        ("broke", "", "groups", "from", "through"),
        [
            (
                chain[0]["asset"] or chain[0]["path"][-1],
                chain[0]["kind"],
                len(chain),
                local(f"{min(r['time'] for r in chain).isoformat()}Z"),
                " < ".join(chain[0]["path"]),
            )
            for chain in ranked[:SHOWN]
        ],
    )
