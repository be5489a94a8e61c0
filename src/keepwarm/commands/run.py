"""``keepwarm run``: walk a case through its damage and print who is without, who is cold, why."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keepwarm.commands.inputs import checked_case, claimed_damage, utc_time
from keepwarm.commands.output import emit_json, progress

if TYPE_CHECKING:
    from keepwarm.case.nouns import Damage
    from keepwarm.damage import ClaimedDamage


def _hours(ctx: click.Context, parameter: click.Parameter, value: float | None) -> float | None:
    """Refuse hours that no run can last; FloatRange lets nan through."""
    if value is not None and not 0 < value < math.inf:
        raise click.BadParameter(f"{value:g} is no length of time")
    return value


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--damage", type=click.Path(path_type=Path), help="Damage list (CSV).")
@click.option(
    "--claims",
    type=click.Path(path_type=Path),
    help="Ledger: its accepted claims are the damage.",
)
@click.option("--start", help="First step, ISO time in UTC; the case's own by default.")
@click.option("--hours", callback=_hours, type=float, help="Length of the run.")
@click.option(
    "--from-state/--no-from-state",
    default=None,
    help="Start from state.csv; by default when the case has one.",
)
@click.option(
    "--lookahead",
    metavar="HOURS",
    callback=_hours,
    type=float,
    help="Look ahead so far (24 to 72), and say what it buys.",
)
@click.option("--plan", "plan_file", type=click.Path(path_type=Path), help="Plan to carry out.")
@click.option("--out", type=click.Path(path_type=Path), help="Run folder, runs/NAME-001 if left.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def run(
    case: Path,
    damage: Path | None,
    claims: Path | None,
    start: str | None,
    hours: float | None,
    from_state: bool | None,
    lookahead: float | None,
    plan_file: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Walk CASE through its damage: who is without, how cold homes get, what must be drained."""
    from keepwarm.case.plan_file import read_plan
    from keepwarm.compiled import nothing_kept
    from keepwarm.damage import read_damage
    from keepwarm.runs.folder import free_folder, refuse_taken, write_run
    from keepwarm.runs.run import run as run_case

    if damage is not None and claims is not None:
        raise click.UsageError("--damage and --claims exclude each other: one list is the damage")
    if plan_file is not None and lookahead is not None:
        raise click.UsageError("--plan and --lookahead exclude each other")
    if out is not None:
        refuse_taken(out)
    system = checked_case(case)
    planned = read_plan(plan_file) if plan_file else None
    if damage is None and claims is None and (case / "damage.csv").is_file():
        click.echo(f"no damage given; {case / 'damage.csv'} can be, with --damage", err=True)
    broken: Damage | ClaimedDamage = read_damage(system, damage) if damage else ()
    if claims is not None:
        broken = claimed_damage(system, claims)
    if nothing_kept():
        click.echo("the first run compiles its loops, once: about ten seconds", err=True)
    steps = round((hours or system.hours) / system.network.step_hours)
    with progress(steps, "steps") as advance:
        done = run_case(
            system,
            broken,
            start=utc_time(start, "--start"),
            hours=hours,
            from_state=from_state,
            lookahead=lookahead,
            damage_file=damage or claims,
            plan=planned,
            progress=advance,
        )
    done = write_run(done, out or free_folder(Path("runs"), system.name))
    if as_json:
        emit_json({**done.answers, "out": str(done.out)})
    else:
        from keepwarm.commands.run_view import print_run

        print_run(done)
