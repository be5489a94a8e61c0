"""``keepwarm claims LEDGER``: what a ledger holds, and what a person decides about it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keepwarm.commands.output import Cell, emit_json, table
from keepwarm.errors import printable
from keepwarm.plain import plain

if TYPE_CHECKING:
    from keepwarm.reports.claim_tables import Imported
    from keepwarm.reports.ledger import Ledger
    from keepwarm.reports.ledger_nouns import Document, Kept, Tick


def _names(ctx: click.Context, parameter: click.Parameter, given: Sequence[str]) -> list[str]:
    """Return names that were given one by one or joined by commas."""
    return [name.strip() for one in given for name in one.split(",") if name.strip()]


@click.command()
@click.argument("ledger", type=click.Path(path_type=Path))
@click.option("--tick", metavar="NAME[,NAME...]", multiple=True, callback=_names, help="Accept.")
@click.option("--reject", metavar="NAME[,NAME...]", multiple=True, callback=_names, help="Reject.")
@click.option(
    "--withdraw", metavar="NAME[,NAME...]", multiple=True, callback=_names, help="Decide anew."
)
@click.option("--confidence", type=float, help="How sure, 0 to 1, of what --tick accepts.")
@click.option("--who", help="Who decides or imports; you if left.")
@click.option("--note", default="", help="Why; kept with the decision.")
@click.option(
    "--import", "source", metavar="FILE", type=click.Path(path_type=Path), help="CSV, JSON."
)
@click.option(
    "--export", "target", metavar="FILE", type=click.Path(path_type=Path), help="CSV, JSON."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def claims(
    ledger: Path,
    tick: list[str],
    reject: list[str],
    withdraw: list[str],
    confidence: float | None,
    who: str | None,
    note: str,
    source: Path | None,
    target: Path | None,
    as_json: bool,
) -> None:
    """Show the claims of LEDGER, or decide which may become damage.

    NAME is document#number, as shown. Nothing is overwritten: the latest decision about a claim
    counts, and the earlier ones are kept. --import makes LEDGER where it does not exist.
    """
    from keepwarm.reports.claim_tables import export_claims, import_claims
    from keepwarm.reports.ledger import open_ledger

    if confidence is not None and not tick:
        raise click.UsageError("--confidence is of what --tick accepts")
    decisions = {"accepted": tick, "rejected": reject, "withdrawn": withdraw}
    named = [name for names in decisions.values() for name in dict.fromkeys(names)]
    for name in named:
        if named.count(name) > 1:
            raise click.UsageError(f"{printable(name)} is given more than one decision")
    with open_ledger(ledger, create=source is not None) as opened:
        done: list[str] = []
        # Import and decisions are written together, or not at all; looking needs no right to write.
        with opened.together() if source or named else nullcontext():
            if source is not None:
                done += _imported(source, import_claims(opened, source, who=who))
            for decision, names in decisions.items():
                if names:
                    sure = confidence if decision == "accepted" else None
                    made = opened.tick(
                        names, decision=decision, who=who, confidence=sure, note=note
                    )
                    done.append(f"{decision} by {made.who}: {', '.join(names)}")
        if target is not None:
            done.append(f"{target}: {_count(export_claims(opened, target), 'claim')} written")
        if as_json:
            _emit(opened)
        for line in done:
            click.echo(printable(line), err=as_json)
        if not as_json and not done:
            _print_documents(opened.documents())
            _print_claims(opened.claims())


def _imported(source: Path, imported: Imported) -> list[str]:
    """Return what came of an import, a line per document."""
    lines = [
        f"{one.name} {one.what}: {_count(len(one.claims), 'claim')}" for one in imported.documents
    ]
    if imported.known:
        lines.append(f"{source}: {_count(imported.known, 'claim')} here already")
    if imported.ticks:
        lines.append(f"{source}: {_count(imported.ticks, 'decision')} taken over")
    return lines or [f"{source}: nothing to import"]


def _count(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"


def _emit(ledger: Ledger) -> None:
    documents = [plain(one) for one in ledger.documents()]
    emit_json({"ledger": str(ledger.path), "documents": documents, "claims": list(ledger.claims())})


def _print_documents(documents: Sequence[Document]) -> None:
    rows: list[Sequence[Cell]] = [
        (
            printable(one.name),
            one.kind,
            printable(one.language),
            printable(one.published),
            one.claims,
            one.unread_numbers,
            printable(one.url or one.title),
        )
        for one in documents
    ]
    if not rows:
        click.echo("No documents.")
        return
    columns = ("document", "kind", "language", "published", "claims", "numbers not read", "from")
    table("Documents", columns, rows)


def _print_claims(claims: Sequence[Kept]) -> None:
    from keepwarm.commands.read_view import value_text

    rows: list[Sequence[Cell]] = []
    for one in claims:
        claim = one.claim
        what = " ".join(part for part in (claim.metric, claim.facility_type) if part)
        rows.append(
            (
                printable(one.name),
                printable(what.replace("_", " ")),
                value_text(claim),
                printable(claim.location or ""),
                printable(claim.source),
                claim.modality,
                _tick_text(one.tick),
            )
        )
    if not rows:
        click.echo("No claims.")
        return
    columns = ("claim", "what", "value", "place", "source", "said as", "tick")
    table("Claims", columns, rows)
    ticked = sum(one.tick is not None and one.tick.decision == "accepted" for one in claims)
    click.echo(f"{_count(len(rows), 'claim')}, {ticked:,} accepted.")


def _tick_text(tick: Tick | None) -> str:
    if tick is None or tick.decision == "withdrawn":
        return ""
    sure = "" if tick.confidence is None else f" {tick.confidence:g}"
    return printable(f"{tick.decision}{sure}, {tick.who}")
