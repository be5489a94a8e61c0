"""``keepwarm board``: a page on this machine that shows a case and answers what-ifs."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from keepwarm.commands.inputs import checked_case, claimed_damage, utc_time

#: Where the board listens where nobody says otherwise and it is free.
PORT = 8750


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--damage", type=click.Path(path_type=Path), help="Damage list (CSV).")
@click.option(
    "--claims", "--ledger", type=click.Path(path_type=Path), help="Ledger of claims to tick."
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
    from keepwarm.board.desk import Given, open_desk
    from keepwarm.board.security import Door, is_loopback, opening
    from keepwarm.board.serving import bound, serve
    from keepwarm.case.plan_file import read_plan
    from keepwarm.damage import read_damage
    from keepwarm.errors import InputError

    system = checked_case(case)
    given = Given(
        case=system,
        damage=(
            read_damage(system, damage)
            if damage
            else claimed_damage(system, claims).damage
            if claims
            else ()
        ),
        plan=read_plan(plan_file) if plan_file else None,
        damage_file=damage,
        ledger=claims,
        risk=risk,
        start=utc_time(start, "--start"),
        hours=hours,
        workspace=workspace,
    )
    if token is None and not is_loopback(host):
        token = secrets.token_urlsafe(24)
    try:
        listening = bound(host, PORT if port is None else port)
    except InputError:
        if port is not None:
            raise
        listening = bound(host, 0)
    desk = open_desk(given)
    door = Door(host, listening.getsockname()[1], token)

    def ready() -> None:
        address = opening(door)["open"]
        click.echo(f"{system.title or system.name} is at {address} until Ctrl-C", err=True)
        if not no_open:
            click.launch(address)

    serve(desk, door, listening, ready)
