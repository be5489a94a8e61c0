"""``keepwarm brief``: write a run as one page to read or print."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The page; brief.html in the run folder by default.",
)
@click.option(
    "--drain-table",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Drain or hold as a table of one A4 page; the page itself only where --html names it.",
)
def brief(run: Path, html: Path | None, drain_table: Path | None) -> None:
    """Write RUN as one self-contained HTML page."""
    from keepwarm.briefing import brief as make_brief
    from keepwarm.briefing.drain_table import drain_table as make_table
    from keepwarm.runs.folder import read_run

    for option, target in (("--html", html), ("--drain-table", drain_table)):
        if target is not None and not target.parent.is_dir():
            raise click.BadParameter(f"there is no folder {target.parent}", param_hint=option)
    found = read_run(run)
    if drain_table is not None:
        make_table(found).save(drain_table)
        click.echo(f"Written to {drain_table}")
    if html is not None or drain_table is None:
        target = html or run / "brief.html"
        make_brief(found).save(target)
        click.echo(f"Written to {target}")
