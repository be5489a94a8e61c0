"""``keepwarm validate``: ours, published, difference."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from keepwarm.commands.output import emit_json, progress, table
from keepwarm.errors import AuditError

if TYPE_CHECKING:
    from keepwarm.validation import Row


@click.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def validate(name: str | None, as_json: bool) -> None:
    """Compare keepwarm with published results.

    NAME is one validation case, or `pypsa` for the example town step by step against PyPSA (run it
    where examples/town is); without it, every case that ships with keepwarm.
    """
    rows = _run(name)
    if as_json:
        emit_json({"rows": rows})
    else:
        _print(rows)
    failed = [row for row in rows if row.ran and not row.ok]
    if failed:
        names = ", ".join(sorted({row.case for row in failed}))
        raise AuditError(f"{len(failed)} of {len(rows)} quantities are not as published: {names}")
    missed = sorted({row.case for row in rows if not row.ran})
    if missed:
        raise AuditError(f"not run: {', '.join(missed)}")


def _run(name: str | None) -> list[Row]:
    from keepwarm.validation import case_names
    from keepwarm.validation import validate as run_cases

    names: Sequence[str] = case_names() if name is None else (name,)
    rows: list[Row] = []
    with progress(len(names), "cases") as advance:
        for done, each in enumerate(names):
            advance(done)
            rows += run_cases(each)
    return rows


_HEADINGS = ("quantity", "ours", "published", "difference", "tolerance", "unit", "ok")


def _print(rows: Sequence[Row]) -> None:
    """Print one table per case, and what all of them come to."""
    for case in dict.fromkeys(row.case for row in rows):
        mine = [row for row in rows if row.case == case]
        table(case, _HEADINGS, [_cells(row) for row in mine])
        for source in dict.fromkeys(row.source for row in mine):
            click.echo(f"  {source}")
        click.echo()
    ran = [row for row in rows if row.ran]
    text = f"{sum(row.ok for row in ran)} of {len(ran)} quantities within their tolerance"
    missed = len(rows) - len(ran)
    click.echo(text + (f", {missed} not run" if missed else ""))


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.quantity,
        _digits(row.ours, 7),
        _digits(row.published, 7),
        _digits(row.ours - row.published, 2),
        _digits(row.tolerance, 2),
        row.unit,
        ("yes" if row.ok else "NO") if row.ran else "–",
    )


def _digits(value: float, digits: int) -> str:
    """Return a number with as many digits as matter; a dash for none."""
    return "–" if math.isnan(value) else f"{value:.{digits}g}"
