"""``keepwarm read FILE...``: what reports claim, who says so, and where they disagree."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keepwarm.commands.output import emit_json, progress
from keepwarm.plain import plain

if TYPE_CHECKING:
    from keepwarm.case.claims import Read
    from keepwarm.reports.comparison import Pair


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@click.option("--ledger", type=click.Path(path_type=Path), help="Keep what was read in this file.")
@click.option("--url", default="", help="Where the text came from; kept with it.")
@click.option("--published", default="", help="When it was published (ISO date or time).")
@click.option(
    "--endpoint", metavar="URL", help="Also ask a language model here to select words; off if left."
)
@click.option("--endpoint-model", metavar="NAME", default="default", help="Its model.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.option("--jsonl", is_flag=True, help="One JSON document a line, one per FILE.")
def read(
    files: Sequence[str],
    ledger: Path | None,
    url: str,
    published: str,
    endpoint: str | None,
    endpoint_model: str,
    as_json: bool,
    jsonl: bool,
) -> None:
    """Read reports into attributed claims; FILE is text or HTML, or - for standard input.

    Nothing is believed, and nothing enters a run before a person has ticked it
    (`keepwarm claims LEDGER --tick`). Numbers that became no claim are listed. An endpoint is
    OpenAI-compatible; its key, if it needs one, is taken from KEEPWARM_READER_KEY.
    """
    from keepwarm.reports.comparison import compare, entries_of

    gc.disable()  # nothing in a reading points in circles, and a search for such walks all tables
    try:
        documents = list(_read_all(files, url=url, published=published))
    finally:
        gc.enable()
    if endpoint is not None:
        documents = list(_selected(documents, endpoint, endpoint_model))
    if ledger is not None:
        _keep(ledger, documents)
    if jsonl:
        import json

        for document in documents:
            click.echo(json.dumps(plain(_document(document)), ensure_ascii=False))
        return
    pairs = compare(entries_of(documents))
    if as_json:
        emit_json(
            {"documents": [_document(one) for one in documents], "contradictions": _plain(pairs)}
        )
    else:
        from keepwarm.commands.read_view import print_documents

        print_documents(documents, pairs)


def _read_all(files: Sequence[str], *, url: str, published: str) -> Iterator[Read]:
    from keepwarm.reports.opened import LIMIT_BYTES, open_report, opened
    from keepwarm.reports.reader import read_text

    with progress(len(files), "reading") as advance:
        for number, file in enumerate(files):
            if file == "-":
                content = sys.stdin.buffer.read(LIMIT_BYTES + 1)
                name, page = "stdin", opened(content, "standard input")
            else:
                name, page = Path(file).stem, open_report(Path(file))
            yield read_text(page.text, name=name, url=url, title=page.title, published=published)
            advance(number + 1)


def _selected(documents: Sequence[Read], url: str, model: str) -> Iterator[Read]:
    """Let a language model select more words; the same gate stands behind it."""
    from keepwarm.reports.endpoint import Endpoint
    from keepwarm.reports.selected import with_selections

    reader = Endpoint(url, model)
    with progress(len(documents), "asking") as advance:
        for number, document in enumerate(documents):
            yield with_selections(document, reader.select(document.text), by=model)
            advance(number + 1)


def _keep(ledger: Path, documents: Sequence[Read]) -> None:
    from keepwarm.reports.ledger import open_ledger

    with open_ledger(ledger, create=True) as kept:
        for document in documents:
            added = kept.add(document)
            click.echo(f"{ledger}: {added.name} {added.what}, {len(added.claims)} claims", err=True)
            for name in added.no_longer_read:
                click.echo(f"{ledger}: {name} was accepted and is no longer read", err=True)


def _document(read: Read) -> dict[str, object]:
    """Return a document as JSON has it: claims with the fields of the vocabulary."""
    return {
        "id": read.id,
        "language": read.language,
        "title": read.title,
        "url": read.url,
        "published": read.published,
        "claims": [asdict(claim) for claim in read.claims],
        "unread_numbers": [asdict(number) for number in read.unread_numbers],
        "bounds": read.bounds,
    }


def _plain(pairs: Sequence[Pair]) -> list[dict[str, str]]:
    """Return the pairs a person must look at; ``compatible`` ones agree and are left out."""
    return [
        {"a": pair.a.name, "b": pair.b.name, "kind": pair.kind}
        for pair in pairs
        if pair.kind != "compatible"
    ]
