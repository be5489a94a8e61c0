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
def brief(run: Path, html: Path | None) -> None:
    """Write RUN as one self-contained HTML page."""
    from keepwarm.briefing import brief as make_brief
    from keepwarm.runs.folder import read_run

    target = html or run / "brief.html"
    make_brief(read_run(run)).save(target)
    click.echo(f"Written to {target}")
