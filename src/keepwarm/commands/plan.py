"""``keepwarm plan``: what is repaired first, who is drained, where units go, who is cut when."""

from __future__ import annotations

import math
import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keepwarm.commands.inputs import (
    checked_case,
    claimed_damage,
    plan_of_case,
    refuse_zone,
    utc_time,
)
from keepwarm.commands.output import emit_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from keepwarm.case.nouns import Case, Damage
    from keepwarm.case.timetable import Timetable
    from keepwarm.recovery.planning import Progress
    from keepwarm.recovery.replan import Standing


#: What is exited with where planning was stopped by hand; the best so far is written.
INTERRUPTED = 130


def _seconds(ctx: click.Context, parameter: click.Parameter, value: float) -> float:
    """Refuse what is no time to plan in; FloatRange lets nan through."""
    if not 0 < value < math.inf:
        raise click.BadParameter(f"{value:g} is no length of time")
    return value


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--damage", type=click.Path(path_type=Path), help="Damage list (CSV).")
@click.option(
    "--claims", type=click.Path(path_type=Path), help="Ledger: its accepted claims are the damage."
)
@click.option("--from", "before", metavar="RUN@TIME", help="Plan on from a run, at a time of it.")
@click.option("--at", metavar="TIME", help="When the plan is made; once all damage is known.")
@click.option("--hours", type=float, help="That the plan is judged by.")
@click.option(
    "--objective",
    type=click.Choice(["people_cold", "energy"]),
    default="people_cold",
    show_default=True,
    help="What is made small: cold person-hours, or energy not served.",
)
@click.option(
    "--seconds",
    type=float,
    default=60.0,
    show_default=True,
    callback=_seconds,
    help="To look for something better.",
)
@click.option(
    "--start",
    "start_file",
    type=click.Path(path_type=Path),
    help="Earlier plan to begin the search with.",
)
@click.option(
    "--timetable",
    type=click.Path(path_type=Path),
    help="Power cuts of the days before: CSV grid, outage-data-ua or Yasno JSON, or a plan.",
)
@click.option("--zone", help="Of the timetable's file, IANA name; that of the case if left.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of what is drawn.")
@click.option("--out", type=click.Path(path_type=Path), help="Plan file; plan.toml if left.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def plan(
    case: Path,
    damage: Path | None,
    claims: Path | None,
    before: str | None,
    at: str | None,
    hours: float | None,
    objective: str,
    seconds: float,
    start_file: Path | None,
    timetable: Path | None,
    zone: str | None,
    seed: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """Plan what is repaired first, who is drained, where units go and who is cut when in CASE.

    Ctrl-C ends the search with the best plan so far, which is written all the same.
    """
    from keepwarm.case.plan_file import plan_document, write_plan
    from keepwarm.commands.plan_view import print_plan
    from keepwarm.compiled import nothing_kept
    from keepwarm.recovery.planning import plan as plan_case

    if damage is not None and claims is not None:
        raise click.UsageError("--damage and --claims exclude each other: one list is the damage")
    if before is not None and at is not None:
        raise click.UsageError("--from says when the plan is made: leave --at")
    system = checked_case(case)
    system, broken = _damage(system, damage, claims)
    standing = None if before is None else _from_run(system, before, broken)
    if before is None and damage is None and claims is None:
        raise click.UsageError("what is damaged? --damage FILE, --claims LEDGER or --from RUN@TIME")
    earlier = None if timetable is None else _cuts_before(system, timetable, zone)
    begun_with = None if start_file is None else plan_of_case(system, start_file)
    target = out or Path("plan.toml")
    _refuse_no_place(target)
    if nothing_kept():
        click.echo("the first plan compiles its loops, once: up to a minute", err=True)
    with _telling() as tell, _first_plan_needed():
        made = plan_case(
            system,
            broken,
            hours=hours,
            objective=objective,
            seconds=seconds,
            seed=seed,
            at=utc_time(at, "--at"),
            standing=standing,
            start=begun_with,
            before=earlier,
            progress=tell,
        )
    write_plan(made, target)
    if as_json:
        emit_json({**plan_document(made), "out": str(target)})
    else:
        print_plan(system, made, target)
    if not made.complete:
        raise click.exceptions.Exit(INTERRUPTED)


def _damage(case: Case, damage: Path | None, claims: Path | None) -> tuple[Case, Damage]:
    """Return the damage that is known; places that claims call closed are closed to crews."""
    from keepwarm.damage import read_damage
    from keepwarm.recovery.access import with_claimed_access

    if claims is None:
        return case, read_damage(case, damage) if damage else ()
    claimed = claimed_damage(case, claims)
    return with_claimed_access(case, claimed.access), claimed.damage


def _cuts_before(case: Case, path: Path, zone: str | None) -> Timetable | None:
    """Return yesterday's timetable, with the groups of the case."""
    from keepwarm.case.plan_file import read_plan
    from keepwarm.case.rotation import rotation_of
    from keepwarm.exchange.schedules import read_schedule
    from keepwarm.recovery.turns import refuse_others

    if path.suffix.lower() == ".toml":
        found = read_plan(path).timetable
        if found is not None:
            refuse_others(case, found)
        return found
    groups, _ = rotation_of(case.rotation, case.settings, case.buildings)
    if zone is not None:
        refuse_zone(zone)
    found = read_schedule(path, zone or case.time_zone, groups=groups.name)
    refuse_others(case, found)
    return found


def _refuse_no_place(target: Path) -> None:
    """Refuse, before any planning, a place that cannot be written to."""
    from keepwarm.errors import Fault, InputError

    folder = target.parent
    found = "a folder" if target.is_dir() else "" if folder.is_dir() else f"no folder {folder}"
    found = found or ("" if os.access(folder, os.W_OK) else "not writable")
    if found:
        raise InputError((Fault(str(target), None, None, found, "a file to write the plan to"),))


def _from_run(case: Case, before: str, damage: Damage) -> Standing:
    """Return how things stand at RUN@TIME."""
    from keepwarm.recovery.replan import standing_of
    from keepwarm.runs.folder import read_run

    folder, at, moment = before.rpartition("@")
    if not at or not folder:
        raise click.BadParameter(f"{before!r} is no RUN@TIME", param_hint="--from")
    return standing_of(case, read_run(folder), utc_time(moment, "--from"), damage)


@contextmanager
def _first_plan_needed() -> Iterator[None]:
    """Say that nothing is written where planning is stopped before a first plan stands."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo("stopped before a first plan stood: nothing is written", err=True)
        raise


@contextmanager
def _telling() -> Iterator[Callable[[Progress], None]]:
    """Give a callback that tells, in a terminal, how far planning is, on one line of stderr."""
    watched, last = sys.stderr.isatty(), time.monotonic()

    def tell(at: Progress) -> None:
        nonlocal last
        if not watched or time.monotonic() - last < 0.5:
            return
        last = time.monotonic()
        line = f"{at.stage}: {at.weighed} ways weighed, best {at.cold_hours:,.0f} cold person-hours"
        click.echo(f"\r{line:<78}", nl=False, err=True)

    try:
        yield tell
    finally:
        if watched:
            click.echo(f"\r{'':<78}\r", nl=False, err=True)
