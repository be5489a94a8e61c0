"""``keepwarm run``: walk a case through its damage and print who is without, who is cold, why."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keepwarm.commands.output import emit_json, progress

if TYPE_CHECKING:
    from keepwarm.case.nouns import Case, Damage
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
    out: Path | None,
    as_json: bool,
) -> None:
    """Walk CASE through its damage: who is without, how cold homes get, what must be drained."""
    from keepwarm.compiled import nothing_kept
    from keepwarm.damage import read_damage
    from keepwarm.runs.folder import free_folder, refuse_taken, write_run
    from keepwarm.runs.run import run as run_case

    if damage is not None and claims is not None:
        raise click.UsageError("--damage and --claims exclude each other: one list is the damage")
    if out is not None:
        refuse_taken(out)
    system = _read(case)
    if damage is None and claims is None and (case / "damage.csv").is_file():
        click.echo(f"no damage given; {case / 'damage.csv'} can be, with --damage", err=True)
    broken: Damage | ClaimedDamage = read_damage(system, damage) if damage else ()
    if claims is not None:
        broken = _from_claims(system, claims)
    if nothing_kept():
        click.echo("the first run compiles its loops, once: about ten seconds", err=True)
    steps = round((hours or system.hours) / system.network.step_hours)
    with progress(steps, "steps") as advance:
        done = run_case(
            system,
            broken,
            start=_time(start),
            hours=hours,
            from_state=from_state,
            lookahead=lookahead,
            damage_file=damage or claims,
            progress=advance,
        )
    done = write_run(done, out or free_folder(Path("runs"), system.name))
    if as_json:
        emit_json({**done.answers, "out": str(done.out)})
    else:
        from keepwarm.commands.run_view import print_run

        print_run(done)


def _from_claims(case: Case, ledger: Path) -> ClaimedDamage:
    """Return the damage a ledger's accepted claims mean; what could not be mapped is said."""
    from keepwarm.runs.claims import damage_from_claims

    claimed = damage_from_claims(case, ledger)
    assets = {row.asset for row in claimed.damage}
    click.echo(f"claims: {len(assets)} assets damaged, from {ledger}", err=True)
    for note in claimed.notes:
        click.echo(f"claims: {note}", err=True)
    for one in claimed.unmapped:
        click.echo(f"claims: {one.claim} not mapped: {one.reason}", err=True)
    for limit in claimed.access:
        click.echo(f"claims: crews cannot enter {limit.place} ({limit.claim})", err=True)
    return claimed


def _read(path: Path) -> Case:
    """Read a case; its warnings go to stderr."""
    from keepwarm.case.read import inspect_case
    from keepwarm.errors import InputError

    checked = inspect_case(path)
    if checked.case is None:
        raise InputError(checked.faults)
    for warning in checked.warnings:
        click.echo(f"warning: {warning}", err=True)
    return checked.case


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
