"""``keepwarm board``: a page on this machine that shows a case and answers what-ifs."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keepwarm.commands.inputs import checked_case, claimed_damage, plan_of_case, utc_time

if TYPE_CHECKING:
    from keepwarm.board.shown import Shown

#: Where the board listens where nobody says otherwise and it is free.
PORT = 8750

#: What a run folder has, and a case folder has not.
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class OfCase:
    """What may be given of a case, and not of a run, which has its own."""

    damage: Path | None = None
    claims: Path | None = None
    ledger: Path | None = None
    plan: Path | None = None
    risk: Path | None = None
    start: str | None = None
    hours: float | None = None
    workspace: Path | None = None


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--damage", type=click.Path(path_type=Path), help="Damage list (CSV).")
@click.option(
    "--claims", type=click.Path(path_type=Path), help="Ledger: its accepted claims are the damage."
)
@click.option(
    "--ledger", type=click.Path(path_type=Path), help="Ledger to read and tick on the page."
)
@click.option("--plan", "plan_file", type=click.Path(path_type=Path), help="Plan to carry out.")
@click.option("--risk", type=click.Path(path_type=Path), help="Folder that keepwarm risk wrote.")
@click.option("--start", help="First step (UTC); the case's own if left.")
@click.option("--hours", type=float, help="Length of the runs; the case's own if left.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help=f"{PORT} if left and free, else any; 0: any."
)
@click.option("--token", help="What opens the board; needed beyond this machine, made if left.")
@click.option("--no-open", is_flag=True, help="Open no browser.")
@click.option("--workspace", type=click.Path(path_type=Path), help="Where scenarios are kept.")
def board(
    case: Path,
    damage: Path | None,
    claims: Path | None,
    ledger: Path | None,
    plan_file: Path | None,
    risk: Path | None,
    start: str | None,
    hours: float | None,
    host: str,
    port: int | None,
    token: str | None,
    no_open: bool,
    workspace: Path | None,
) -> None:
    """Open CASE, or a RUN folder to read, as a page on this machine, until Ctrl-C."""
    from keepwarm.board.security import Door, is_loopback, opening
    from keepwarm.board.serving import bound, serve
    from keepwarm.compiled import nothing_kept
    from keepwarm.errors import InputError

    if damage is not None and claims is not None:
        raise click.UsageError("--damage and --claims exclude each other: one list is the damage")
    of_case = OfCase(
        damage=damage,
        claims=claims,
        ledger=ledger,
        plan=plan_file,
        risk=risk,
        start=start,
        hours=hours,
        workspace=workspace,
    )
    shown: Shown
    if (case / MANIFEST).is_file():
        if of_case != OfCase():
            raise click.UsageError("a run has its own damage, plan, start and hours")
        shown = _run(case)
    else:
        shown = _desk(case, of_case)
    if token is None and not is_loopback(host):
        token = secrets.token_urlsafe(24)
    try:
        listening = bound(host, PORT if port is None else port)
    except InputError:
        if port is not None:
            raise
        listening = bound(host, 0)
    door = Door(host, listening.getsockname()[1], token)
    title = shown.about()["case"]["title"] or shown.about()["case"]["name"]

    if nothing_kept():
        click.echo("the first run compiles its loops, once: up to a minute or two", err=True)

    def ready() -> None:
        address = opening(door)
        click.echo(f"{title} is at {address} until Ctrl-C", err=True)
        if not no_open:
            click.launch(address)

    serve(shown, door, listening, ready)


def _run(folder: Path) -> Shown:
    from keepwarm.board.open_run import OpenRun
    from keepwarm.runs.folder import read_run

    return OpenRun(read_run(folder))


def _desk(case: Path, asked: OfCase) -> Shown:
    from keepwarm.board.desk import Given, open_desk
    from keepwarm.damage import read_damage
    from keepwarm.ensemble.folder import read_risk
    from keepwarm.reports.ledger import open_ledger

    system = checked_case(case)
    claimed = None if asked.claims is None else claimed_damage(system, asked.claims)
    if claimed is not None:
        broken = claimed.damage
    else:
        broken = read_damage(system, asked.damage) if asked.damage else ()
    # What is wrong with these is said now, not when somebody looks at them.
    if asked.risk is not None:
        read_risk(asked.risk)
    if asked.ledger is not None:
        open_ledger(asked.ledger, create=True).close()
    given = Given(
        case=system,
        damage=broken,
        closed=claimed.access if claimed else (),
        plan=plan_of_case(system, asked.plan) if asked.plan else None,
        damage_file=asked.damage or asked.claims,
        ledger=asked.ledger or asked.claims,
        risk=asked.risk,
        start=utc_time(asked.start, "--start"),
        hours=asked.hours,
        workspace=asked.workspace,
    )
    return open_desk(given)
