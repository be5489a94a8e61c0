"""``keepwarm risk``: how bad a winter can get, over many of them, each number with its error."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from keepwarm.commands.inputs import checked_case, claimed_damage
from keepwarm.commands.output import emit_json, progress
from keepwarm.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from keepwarm.case.nouns import Case
    from keepwarm.ensemble.study import RiskOptions, Rows

#: What is exited with where some samples could not be solved.
UNSOLVED = 3


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--samples", type=int, default=1000, show_default=True, help="Winters to walk.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of all that is drawn.")
@click.option(
    "--until",
    "until",
    metavar="PERCENT",
    help="Stop once --measure is known to so many percent (a standard error); 2 or 2%.",
)
@click.option("--measure", default="eue_mwh", show_default=True, help="What --until looks at.")
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes; as many as cores.")
@click.option("--cluster", metavar="ADDRESS", help="Dask scheduler, tcp://host:8786.")
@click.option("--random-failures", is_flag=True, help="Assets fail by their mttf and mttr.")
@click.option("--hazard", type=click.Path(path_type=Path), help="Strikes, storms, cold (TOML).")
@click.option(
    "--weather",
    type=click.Choice(["case", "years", "generated"]),
    default="case",
    show_default=True,
    help="The case's own, its resampled years, or drawn from normals.",
)
@click.option(
    "--weather-blocks",
    type=click.IntRange(0, 366),
    default=0,
    show_default=True,
    help="With years: mix winters in blocks of so many days; 0 for whole ones.",
)
@click.option("--parameters", is_flag=True, help="Draw the thermal parameters of homes.")
@click.option("--repair-times", is_flag=True, help="Draw how long repairs take.")
@click.option("--measures", type=click.Path(path_type=Path), help="Portfolios to compare (TOML).")
@click.option("--plan", "plan_file", type=click.Path(path_type=Path), help="Plan to carry out.")
@click.option("--damage", type=click.Path(path_type=Path), help="Damage of every sample (CSV).")
@click.option(
    "--claims", type=click.Path(path_type=Path), help="Ledger: its accepted claims are the damage."
)
@click.option("--start", help="First step, ISO time in UTC; the case's own by default.")
@click.option("--hours", type=float, help="Length of the season.")
@click.option(
    "--from-state/--no-from-state",
    default=None,
    help="Start from state.csv; by default when the case has one.",
)
@click.option("--exact", is_flag=True, help="No samples: by convolution, where that is possible.")
@click.option("--resume", is_flag=True, help="Go on with what --out holds.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder, runs/NAME-001 if left.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_context
def risk(
    ctx: click.Context,
    case: Path,
    samples: int,
    seed: int,
    until: str | None,
    measure: str,
    workers: int | None,
    cluster: str | None,
    random_failures: bool,
    hazard: Path | None,
    weather: str,
    weather_blocks: int,
    parameters: bool,
    repair_times: bool,
    measures: Path | None,
    plan_file: Path | None,
    damage: Path | None,
    claims: Path | None,
    start: str | None,
    hours: float | None,
    from_state: bool | None,
    exact: bool,
    resume: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Walk CASE through many winters: how bad can it get, how sure is that, what helps most.

    Ctrl-C keeps what is done; --resume goes on with it.
    """
    from keepwarm.ensemble.folder import RiskFolder
    from keepwarm.ensemble.risk import risk as walk_many
    from keepwarm.ensemble.study import RiskOptions
    from keepwarm.runs.folder import free_folder

    _refuse_together(damage, claims, cluster, workers)
    system = checked_case(case)
    _refuse_faulty(system, hazard, measures, plan_file)
    options = RiskOptions(
        samples=samples,
        seed=seed,
        start=start,
        hours=hours,
        from_state=from_state,
        damage=_damage_rows(system, damage, claims),
        plan=_text(plan_file),
        hazard=_text(hazard),
        measures=_text(measures),
        random_failures=random_failures,
        weather=weather,
        weather_block_days=weather_blocks,
        parameters=parameters,
        repair_times=repair_times,
        exact=exact,
        until_percent=_percent(until),
        until_measure=measure,
    )
    if resume:
        if out is None:
            raise click.UsageError("--resume goes on with a folder: --out DIR")
        options = _resumed(ctx, options, RiskFolder(out).options())
    target = out or free_folder(Path("runs"), f"{system.name}-risk")
    began = time.monotonic()
    with _progress(options, system, target) as advance:
        done = walk_many(
            system,
            options,
            out=target,
            workers=workers or _cores(),
            cluster=cluster,
            resume=resume,
            progress=advance,
        )
    answers = {**done.answers, "seconds": time.monotonic() - began, "out": str(done.out)}
    if as_json:
        emit_json(answers)
    else:
        from keepwarm.commands.risk_view import print_risk

        print_risk(answers)
    if answers["unsolved"]:
        raise click.exceptions.Exit(UNSOLVED)


def _refuse_together(
    damage: Path | None, claims: Path | None, cluster: str | None, workers: int | None
) -> None:
    if damage is not None and claims is not None:
        raise click.UsageError("--damage and --claims exclude each other: one list is the damage")
    if cluster is not None and workers is not None:
        raise click.UsageError("--cluster and --workers exclude each other")


def _damage_rows(case: Case, damage: Path | None, claims: Path | None) -> Rows:
    from keepwarm.damage import read_damage
    from keepwarm.ensemble.study import rows_of_damage

    if claims is not None:
        return rows_of_damage(case, claimed_damage(case, claims).damage)
    return rows_of_damage(case, read_damage(case, damage)) if damage is not None else ()


def _refuse_faulty(
    case: Case, hazard: Path | None, measures: Path | None, plan: Path | None
) -> None:
    """Refuse files with faults, all of them at once, by the names that the user gave them."""
    from keepwarm.case.plan_file import read_plan
    from keepwarm.damage import read_hazard
    from keepwarm.ensemble.measures_file import read_measures

    faults: list[Fault] = []
    for file, read in (
        (hazard, lambda path: read_hazard(case, path)),
        (measures, lambda path: read_measures(path, case)),
        (plan, read_plan),
    ):
        try:
            if file is not None:
                read(file)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)


def _text(file: Path | None) -> str | None:
    """Return what a file says; its faults are found by whoever reads the text."""
    if file is None:
        return None
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        fault = Fault(str(file), None, None, f"no UTF-8 text: {error.reason}", "a TOML file")
        raise InputError((fault,)) from error


def _percent(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        found = float(text.strip().removesuffix("%"))
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no percentage", param_hint="--until") from error
    if not 0 < found < 100:
        raise click.BadParameter(f"{text} is not above 0 and below 100 %", param_hint="--until")
    return found


#: RiskOptions that go by another name in the folder than on the command line.
_KEPT_AS = {
    "until": "until_percent",
    "measure": "until_measure",
    "weather_blocks": "weather_block_days",
    "plan_file": "plan",
    "claims": "damage",
}


def _resumed(ctx: click.Context, asked: RiskOptions, kept: RiskOptions) -> RiskOptions:
    """Return the options of the folder; refuse any given now that is not as it was.

    A risk that goes on comes to what it would have come to undisturbed, or not at all.
    """
    faults = []
    for name in ctx.params:
        option = _KEPT_AS.get(name, name)
        if ctx.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            continue
        if hasattr(kept, option) and getattr(asked, option) != getattr(kept, option):
            began = getattr(kept, option)
            told = "another file" if isinstance(began, tuple) or "\n" in str(began) else began
            found = "not what this risk began with"
            faults.append(
                Fault(f"--{name.replace('_', '-')}", None, None, found, f"{told}, or none")
            )
    if faults:
        raise InputError(tuple(faults))
    return kept


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


@contextmanager
def _progress(options: RiskOptions, case: Case, out: Path) -> Iterator[Callable[[int], None]]:
    """Give a callback for steps as they are walked; what stops by hand is told how to go on."""
    from keepwarm.ensemble.study import steps_of

    done, total = 0, steps_of(case, options)
    try:
        with progress(total, "winters") as show:

            def advance(steps: int) -> None:
                nonlocal done
                done += steps
                show(done)

            yield advance
    except KeyboardInterrupt:
        click.echo(f"what is done is kept; keepwarm risk CASE --resume --out {out}", err=True)
        raise
