"""``keepwarm run``: walk a case through its damage and print who is without, who is cold, why."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keepwarm.commands.inputs import checked_case, claimed_damage, utc_time
from keepwarm.commands.output import emit_json, progress

if TYPE_CHECKING:
    from keepwarm.case.nouns import Case, Damage
    from keepwarm.damage import ClaimedDamage
    from keepwarm.runs.run import Run


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
@click.option("--sample", type=click.IntRange(0), help="Number of a risk's sample, to walk again.")
@click.option("--of", "risk", type=click.Path(path_type=Path), help="The risk it is of.")
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
    sample: int | None,
    risk: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Walk CASE through its damage: who is without, how cold homes get, what must be drained."""
    from keepwarm.case.plan_file import read_plan
    from keepwarm.compiled import nothing_kept
    from keepwarm.damage import read_damage
    from keepwarm.runs.folder import refuse_taken, write_run
    from keepwarm.runs.run import run as run_case

    if damage is not None and claims is not None:
        raise click.UsageError("--damage and --claims exclude each other: one list is the damage")
    if plan_file is not None and lookahead is not None:
        raise click.UsageError("--plan and --lookahead exclude each other")
    if (sample is None) != (risk is None):
        raise click.UsageError("--sample K and --of RUN go together")
    given = (damage, claims, start, hours, from_state, lookahead, plan_file)
    if sample is not None and any(one is not None for one in given):
        raise click.UsageError("--sample has damage, plan, start and hours from its risk")
    if out is not None:
        refuse_taken(out)
    system = checked_case(case)
    if sample is not None and risk is not None:
        _tell(write_run(_again(system, risk, sample), _target(out, system)), as_json)
        return
    planned = read_plan(plan_file) if plan_file else None
    if damage is None and claims is None and (case / "damage.csv").is_file():
        click.echo(f"no damage given; {case / 'damage.csv'} can be, with --damage", err=True)
    broken: Damage | ClaimedDamage = read_damage(system, damage) if damage else ()
    if claims is not None:
        broken = claimed_damage(system, claims)
    if nothing_kept():
        click.echo("the first run compiles its loops, once: up to a minute", err=True)
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
    _tell(write_run(done, _target(out, system)), as_json)


def _again(case: Case, risk: Path, sample: int) -> Run:
    """Walk one sample of a risk again."""
    from keepwarm.ensemble.folder import read_risk
    from keepwarm.ensemble.replay import replay

    found = read_risk(risk)
    steps = round(float(str(found.answers["hours"])) / case.network.step_hours)
    with progress(steps, "steps") as advance:
        return replay(case, found, sample, progress=advance)


def _target(out: Path | None, case: Case) -> Path:
    from keepwarm.runs.folder import free_folder

    return out or free_folder(Path("runs"), case.name)


def _tell(done: Run, as_json: bool) -> None:
    if as_json:
        emit_json({**done.answers, "out": str(done.out)})
    else:
        from keepwarm.commands.run_view import print_run

        print_run(done)
