"""``keepwarm brief``: write a run as one page to read or print, or in other people's formats."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from keepwarm.runs.run import Run

#: As in `keepwarm.exchange.hand_over`, which a verb does not import before it is called.
FORMATS = ("geojson", "hxl", "cap", "xlsx", "parquet", "ics", "outage-data-ua", "yasno", "csv")


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The page; brief.html in the run folder by default.",
)
@click.option(
    "--pdf",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The page as PDF, too; needs the extra pdf.",
)
@click.option(
    "--before",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="RUN",
    help="The same damage without the plan: the page says what the plan changes.",
)
@click.option(
    "--lang",
    default="en",
    metavar="CODE|FILE",
    help="Language of page and calendars: en, uk, or a file of texts of your own (pl.toml).",
)
@click.option(
    "--drain-table",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Drain or hold as a table of one A4 page; the page itself only where --html names it.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help=(
        "Regions as geojson or as CSV with HXL tags; drafts of CAP alerts; all tables as xlsx or "
        "Parquet; calendars (ics); power cuts of the plan as outage-data-ua, yasno or csv."
    ),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Where --format goes, for cap and ics a folder; in the run folder by default.",
)
@click.option(
    "--xlsx",
    type=click.Path(path_type=Path, dir_okay=False),
    help="All tables as a workbook: the same as --format xlsx --out.",
)
def brief(
    run: Path,
    html: Path | None,
    pdf: Path | None,
    before: Path | None,
    lang: str,
    drain_table: Path | None,
    form: str | None,
    out: Path | None,
    xlsx: Path | None,
) -> None:
    """Write RUN, or a risk, as one self-contained HTML page, or a run in other people's formats."""
    from keepwarm.ensemble.folder import is_risk
    from keepwarm.runs.folder import read_run

    if out is not None and form is None:
        raise click.UsageError("--out goes with --format")
    named = (
        *(("--html", html), ("--pdf", pdf), ("--drain-table", drain_table)),
        *(("--out", out), ("--xlsx", xlsx)),
    )
    for option, target in named:
        if target is not None and not target.parent.is_dir():
            raise click.BadParameter(f"there is no folder {target.parent}", param_hint=option)
    if is_risk(run):
        if any(option is not None for option in (before, drain_table, form, xlsx)):
            raise click.UsageError(f"{run} is a risk: it goes with --html, --pdf and --lang")
        _risk(run, html, pdf, lang)
        return
    found = read_run(run)
    asked = any(target is not None for target in (html, pdf, drain_table, form, xlsx))
    if html is not None or pdf is not None or not asked:
        other = read_run(before) if before else None
        page = None if asked else run / _page_name(lang)
        _page(found, (html, pdf, page), _language(lang), other)
    if drain_table is not None:
        _drain_table(found, drain_table, _language(lang))
    if form is not None:
        _hand_over(found, form, out, lang)
    if xlsx is not None:
        _hand_over(found, "xlsx", xlsx, lang)


def _language(lang: str) -> str | Path:
    """Return a code, or the file of a language of one's own."""
    return Path(lang) if lang.endswith(".toml") else lang


def _page_name(lang: str) -> str:
    """Return what a page is called in the run folder: one name for each language."""
    code = Path(lang).name.removesuffix(".toml")
    return "brief.html" if code == "en" else f"brief_{code}.html"


def _page(
    run: Run, targets: Sequence[Path | None], language: str | Path, before: Run | None
) -> None:
    from keepwarm.briefing import brief as make_brief

    page = make_brief(run, language=language, before=before)
    for target in targets:
        if target is not None:
            page.save(target)
            click.echo(f"Written to {target}")


def _risk(risk: Path, html: Path | None, pdf: Path | None, lang: str) -> None:
    from keepwarm.briefing.risk_page import risk_brief
    from keepwarm.ensemble.folder import read_risk

    page = risk_brief(read_risk(risk), language=_language(lang))
    for target in (html or (None if pdf else risk / _page_name(lang)), pdf):
        if target is not None:
            page.save(target)
            click.echo(f"Written to {target}")


def _drain_table(run: Run, target: Path, language: str | Path) -> None:
    from keepwarm.briefing.drain_table import drain_table as make_table

    make_table(run, language=language).save(target)
    click.echo(f"Written to {target}")


def _hand_over(run: Run, form: str, target: Path | None, lang: str) -> None:
    """Write one of the hand-over formats, by default into the run folder."""
    from keepwarm.exchange.hand_over import FORMATS as KNOWN
    from keepwarm.exchange.hand_over import write_hand_over

    place = target or (run.out or Path()) / KNOWN[form].name
    count = write_hand_over(run, form, place, lang)
    click.echo(f"Written to {place}" + _told(form, count))


def _told(form: str, count: int) -> str:
    """Return what a folder of files holds, as the end of a sentence."""
    if form == "cap":
        drafts = "1 draft" if count == 1 else f"{count} drafts"
        return f": {drafts}, for a person to check and send" if count else ": no region needs one"
    if form == "ics":
        groups = f", {count - 1} of rotation groups" if count > 1 else ""
        return f": the run's calendar{groups}"
    return ""
