"""``keepwarm convert FROM TO``: networks of other formats as a folder that keepwarm runs.

Also what a ledger's figures say of waves, as a hazard file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from keepwarm.commands.output import emit_json, table
from keepwarm.errors import printable

if TYPE_CHECKING:
    from keepwarm.case.conversion import Source
    from keepwarm.damage.hazard_fit import FittedHazard

#: Columns of what is fitted to a ledger.
_FITTED = ("speaker", "of", "parameter", "value", "standard error")


@click.command()
@click.argument("source", metavar="FROM", type=click.Path(path_type=Path))
@click.argument("target", metavar="TO", type=click.Path(path_type=Path))
@click.option(
    "--linearize",
    metavar="N",
    type=click.IntRange(1, 10_000),
    help="Segments for each quadratic cost of a MATPOWER file; refused if left.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def convert(source: Path, target: Path, linearize: int | None, as_json: bool) -> None:
    """Write the network FROM as a PyPSA folder TO, which `keepwarm run` takes.

    FROM is a MATPOWER file (.m), a PyPSA CSV folder or netCDF file (.nc), or a case, of which the
    network is taken. TO must not exist yet, or be an empty folder; where it ends in .nc, PyPSA's
    netCDF is written. What keepwarm does not have is refused by name; what has no effect on a
    dispatch is left out and listed, and of a case all but its network.

    Where TO ends in .toml, FROM is a ledger: what its accepted claims say of raids, speaker by
    speaker, is fitted and written as a hazard file.
    """
    from keepwarm.case.conversion import is_matpower, write_converted

    if linearize is not None and not is_matpower(source):
        raise click.BadParameter("only for a MATPOWER file (.m)", param_hint="--linearize")
    if target.suffix == ".toml":
        _convert_ledger(source, target, as_json=as_json)
        return
    read = _read(source, target, linearize)
    write_converted(read, target)
    for warning in read.warnings:
        click.echo(f"warning: {warning}", err=True)
    if as_json:
        emit_json(document_of(read, target, linearize))
    else:
        _print(read, target, linearize)


def _convert_ledger(source: Path, target: Path, *, as_json: bool) -> None:
    """Write what a ledger says of waves as a hazard file."""
    from keepwarm.case.beside import beside, rename, target_faults
    from keepwarm.damage.hazard_fit import fit_hazard
    from keepwarm.errors import InputError
    from keepwarm.reports.ledger import open_ledger

    if faults := target_faults(target):
        raise InputError(faults)
    with open_ledger(source) as ledger:
        fitted = fit_hazard(ledger.ticked(), source=source.name)
    with beside(target) as folder:
        (folder / target.name).write_text(fitted.text, encoding="utf-8")
        rename(folder / target.name, target)
    for one in fitted.unused:
        click.echo(printable(f"left out: {one.claim}: {one.reason}"), err=True)
    rows = fitted_rows(fitted)
    if as_json:
        series = [dict(zip(_FITTED, row, strict=True)) for row in rows]
        unused = [{"claim": one.claim, "reason": one.reason} for one in fitted.unused]
        emit_json({"from": str(source), "to": str(target), "series": series, "left_out": unused})
    else:
        table(f"{source} (ledger)", _FITTED, rows)
        click.echo("Only the longest series is on: see the file.")
        click.echo(f"Written to {target}")


def fitted_rows(fitted: FittedHazard) -> list[tuple[str, str, str, float, float]]:
    """Return speaker, what, parameter, value and standard error, a row for each parameter."""
    rows = []
    for one in fitted.series:
        arrivals = one.arrivals
        found = [
            ("raids", "per_day", arrivals.per_day),
            ("raids", "children", arrivals.children),
            ("raids", "within_hours", arrivals.within_hours),
        ]
        for own in one.objects:
            names = ("present", "mean", "dispersion", "through", "through_sd")
            found += [(own.name, name, getattr(own, name)) for name in names]
        speaker = printable(one.series.speaker)
        rows += [
            (speaker, what, name, value.value, value.stderr)
            for what, name, value in found
            if value is not None
        ]
    return rows


def _read(source: Path, target: Path, linearize: int | None) -> Source:
    """Read what is to be converted; a target that is taken is told with its faults."""
    from keepwarm.case.beside import target_faults
    from keepwarm.case.conversion import read_source
    from keepwarm.errors import InputError

    taken = target_faults(target)
    try:
        read = read_source(source, linearize=linearize)
    except InputError as error:
        raise InputError((*error.faults, *taken)) from error
    if taken:
        raise InputError(taken)
    return read


def document_of(read: Source, target: Path, linearize: int | None) -> dict[str, object]:
    """Return what was converted, in plain numbers.

    Parameters
    ----------
    read : Source
        The network.
    target : Path
        Where it was written.
    linearize : int or None
        Segments of each quadratic cost.
    """
    return {
        "from": str(read.path),
        "format": read.format,
        "to": str(target),
        "counts": _counts(read),
        "fixed_cost": read.fixed_cost,
        "linearized": {
            "generators": read.linearized,
            "segments": linearize if read.linearized else None,
            "largest_overestimate": read.overestimate,
        },
        "left_out": read.left_out,
        "warnings": [str(warning) for warning in read.warnings],
    }


def _counts(read: Source) -> dict[str, int]:
    network = read.network
    transformers = int(network.branches.is_transformer.sum())
    units = int(network.storages.is_unit.sum())
    return {
        "snapshots": len(network.snapshots),
        "buses": len(network.buses),
        "generators": len(network.generators),
        "loads": len(network.loads),
        "lines": len(network.branches) - transformers,
        "transformers": transformers,
        "links": len(network.links),
        "stores": len(network.storages) - units,
        "storage units": units,
    }


def _print(read: Source, target: Path, linearize: int | None) -> None:
    rows = [(name, count) for name, count in _counts(read).items() if count]
    table(f"{read.path} ({read.format})", ("what", "count"), rows)
    if read.left_out:
        left_out = [(one.where, one.what) for one in read.left_out]
        table("Left out", ("where", "what"), left_out)
    if read.linearized:
        click.echo(
            f"Quadratic costs of {read.linearized} generators became {linearize} segments each: "
            f"at most {read.overestimate:,.6g} currency/h too high in all."
        )
    if read.fixed_cost:
        click.echo(
            f"A fixed cost of {read.fixed_cost:,.10g} currency/h has no place in the folder: "
            "add it to an objective."
        )
    click.echo(f"Written to {target}")
