"""``keepwarm compare``: two runs side by side."""

from __future__ import annotations

from pathlib import Path

import click

from keepwarm.commands.output import Cell, emit_json, table


@click.command()
@click.argument("run_a", type=click.Path(path_type=Path))
@click.argument("run_b", type=click.Path(path_type=Path))
@click.argument("measure", required=False)
@click.option(
    "--case",
    type=click.Path(path_type=Path),
    help="The case of both: their plans over the same draws of repair hours.",
)
@click.option("--draws", type=click.IntRange(2, 1000), default=16, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the draws.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def compare(
    run_a: Path,
    run_b: Path,
    measure: str | None,
    case: Path | None,
    draws: int,
    seed: int,
    as_json: bool,
) -> None:
    """Say what RUN_B has more of than RUN_A: all measures, or one such as people_hours_below_12.

    Two runs, or the folders of two risks: those of one seed are compared winter by winter.
    """
    from keepwarm.ensemble.folder import is_risk

    if is_risk(run_a) or is_risk(run_b):
        if case is not None:
            raise click.UsageError("--case is for the plans of two runs, not for risks")
        _compare_risks(run_a, run_b, measure, as_json)
        return
    from keepwarm.commands.inputs import checked_case
    from keepwarm.recovery.paired import paired
    from keepwarm.runs.comparing import compare as compare_runs
    from keepwarm.runs.folder import read_run

    a, b = read_run(run_a), read_run(run_b)
    found = compare_runs(a, b, measure)
    over = paired(checked_case(case), a, b, draws=draws, seed=seed) if case else None
    if as_json:
        document = {"a": str(run_a), "b": str(run_b), "differences": found.differences}
        emit_json({**document, "notes": found.notes, "cold_person_hours_over_draws": over})
        return
    rows: list[list[Cell]] = []
    for one in found.differences:
        band: list[Cell] = [None, None]
        if one.low is not None and one.high is not None:
            band = [*sorted((one.low, one.high))]
        if measure is not None or one.a or one.b:
            rows.append([one.measure, one.a, one.b, one.difference, *band])
    columns = ["measure", "A", "B", "B less A", "band from", "to"]
    table(f"A: {run_a}   B: {run_b}", columns, rows)
    if over is not None:
        click.echo(
            f"Cold person-hours over {over.n} draws of repair hours, the same for both: "
            f"{over.value:+,.0f} ± {over.stderr:,.0f}"
        )
    for note in found.notes:
        click.echo(note)


def _compare_risks(run_a: Path, run_b: Path, measure: str | None, as_json: bool) -> None:
    """Compare two risks, sample by sample where their seeds are the same."""
    from keepwarm.commands.risk_view import print_differences
    from keepwarm.ensemble.comparing import compared
    from keepwarm.ensemble.folder import read_risk

    a, b = (read_risk(folder) for folder in (run_a, run_b))
    found = compared(a.samples(), b.samples(), measure)
    notes = [
        f"not the same {key}: {a.answers.get(key)} and {b.answers.get(key)}"
        for key in ("case", "start", "hours")
        if a.answers.get(key) != b.answers.get(key)
    ]
    if as_json:
        emit_json({"a": str(run_a), "b": str(run_b), "differences": found, "notes": notes})
        return
    print_differences(f"A: {run_a}   B: {run_b}", found)
    for note in notes:
        click.echo(note)
