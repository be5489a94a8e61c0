"""Claims as CSV with an HXL tag row, out of a ledger and into one.

A text that a spreadsheet would take for a formula gets an apostrophe before it, which is taken away
again on import.

**Source**: HXL 1.1 (hxlstandard.org); OWASP, CSV injection.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from keepwarm.case.claims import Claim, Read
from keepwarm.errors import Fault, InputError, nearest
from keepwarm.reports.claim_columns import (
    Column,
    Place,
    Value,
    claim_from,
    claim_values,
    columns,
    tick_from,
)
from keepwarm.reports.claim_files import Imported, decide, text_of, undated, write_whole
from keepwarm.reports.ledger import Ledger
from keepwarm.reports.ledger_nouns import AddedDocument, Document, Kept, Tick, user_name

_FORMULA = re.compile(r"[\s\x00-\x20\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠']|[\t\r\n]")
"""How a cell begins that a spreadsheet may run; and the apostrophe that says it must not."""

_TAG = re.compile(r"#[A-Za-z][A-Za-z0-9_]*(\s*\+[A-Za-z][A-Za-z0-9_]*)*")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True)
class _Row:
    """A row of a table: the claim, its name where one stands, its document, and the tick."""

    name: str
    about: tuple[str, str, str, str, str]  # document, language, url, title, published
    claim: Claim
    tick: Tick | None


def guarded(text: str) -> str:
    """Return a text as a cell that no spreadsheet takes for a formula.

    Examples
    --------
    >>> guarded("=1+1"), guarded("about 5")
    ("'=1+1", 'about 5')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """Return the text of a cell that `guarded` wrote; other cells as they are."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def export_csv(ledger: Ledger, path: str | Path) -> int:
    """Write the claims of a ledger as CSV: header, HXL tags, a row per claim with its last tick.

    Parameters
    ----------
    ledger : Ledger
    path : str or Path
        Written whole or not at all; UTF-8 with a byte order mark, which spreadsheets ask for.

    Returns
    -------
    int
        How many claims.

    Raises
    ------
    InputError
        Where the file cannot be written.

    **Leaves out** texts, unread numbers, earlier readings and earlier ticks; JSON has them.
    """
    documents = {one.name: one for one in ledger.documents()}
    kept = ledger.claims()
    cells = (_cells(one, documents[one.document]) for one in kept)
    write_whole(path, _csv_text(columns(), cells), ledger, encoding="utf-8-sig")
    return len(kept)


def _cells(one: Kept, document: Document) -> dict[str, Value]:
    values = claim_values(one.claim) | {"claim": one.name, "document": one.document}
    values |= {name: getattr(document, name) for name in ("published", "language", "title", "url")}
    if one.tick is not None:
        tick = one.tick
        values |= {"decision": tick.decision, "confidence": tick.confidence, "who": tick.who}
        values |= {"at": tick.at, "tick_note": tick.note}
    return values


def _csv_text(shown: Sequence[Column], rows: Iterable[dict[str, Value]]) -> str:
    # With \r in the line end, the writer also quotes a cell that holds a lone \r.
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in shown])
    writer.writerow([column.tag for column in shown])
    for row in rows:
        writer.writerow([_cell(row.get(column.name)) for column in shown])
    return out.getvalue()


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return str(value).lower()  # true and false, and whole numbers


def import_csv(
    ledger: Ledger, path: str | Path, *, who: str | None = None, url: str = ""
) -> Imported:
    """Add the claims and ticks of a CSV to a ledger.

    A row that names a claim of this ledger, and is the same, adds no claim: its decision is taken
    over. All other rows become documents of the kind "table", one for each document they name.

    Parameters
    ----------
    ledger : Ledger
    path : str or Path
        UTF-8; cells parted by comma, semicolon or tab; with or without HXL tags.
    who : str, optional
        Who imports; the user of this computer by default.
    url : str
        Address of the table, for rows that have none.

    Returns
    -------
    Imported

    Raises
    ------
    InputError
        With every fault: line, column, what was found, what would be right. Nothing is added then.
    """
    file = Path(path)
    person = who or user_name()
    place = Place(str(file))
    rows = _read_rows(file, place, person)
    if place.faults:
        raise InputError(place.faults)
    with ledger.together():
        shown = {one.name: one for one in ledger.claims()}
        known = [row for row in rows if _is_known(row, shown)]
        targets = [(row.name, row.tick) for row in known]
        groups: dict[tuple[str, ...], list[_Row]] = {}
        for row in rows:
            if not _is_known(row, shown):
                groups.setdefault(row.about, []).append(row)
        added = []
        for about, group in groups.items():
            document = add_table(ledger, about, [row.claim for row in group], file, person, url)
            added.append(document)
            targets += zip(document.claims, (row.tick for row in group), strict=True)
        ticks = sum(
            decide(ledger, name, undated(ledger, name, tick, person))
            for name, tick in targets
            if tick is not None
        )
    return Imported(tuple(added), len(known), ticks)


def _is_known(row: _Row, shown: dict[str, Kept]) -> bool:
    kept = shown.get(row.name)
    return kept is not None and kept.claim == row.claim and kept.published == row.about[4]


def add_table(
    ledger: Ledger,
    about: tuple[str, ...],
    claims: Sequence[Claim],
    file: Path,
    person: str,
    url: str,
) -> AddedDocument:
    """Add claims without a text; the table itself is the document's text."""
    document, language, address, title, published = about
    read = Read(
        id=document or file.stem,
        language=language,
        text="",
        claims=tuple(claims),
        unread_numbers=(),
        bounds={},
        url=address or url,
        title=title,
        published=published,
    )
    return ledger.add(replace(read, text=table_text(read)), kind="table", person=person, version="")


def table_text(read: Read) -> str:
    """Return the text that stands for a document whose own text is not there: its claims."""
    shown = [column for column in columns() if column.of in ("document", "claim")]
    about: dict[str, Value] = {
        "document": read.id,
        "language": read.language,
        "url": read.url,
        "title": read.title,
        "published": read.published,
    }
    return _csv_text(shown, (claim_values(claim) | about for claim in read.claims))


def _read_rows(file: Path, place: Place, person: str) -> list[_Row]:
    text = text_of(file, place)
    if text is None:
        return []
    grid = _grid(text, place)
    if not grid:
        place.faults.append(Fault(place.file, 1, None, "there is no header", "columns of claims"))
        return []
    header = [cell.strip() for cell in grid[0][1]]
    if not _header_ok(header, place):
        return []
    rows = []
    for line, cells in grid[1:]:
        if line == grid[1][0] and all(not cell or _TAG.fullmatch(cell.strip()) for cell in cells):
            continue  # HXL tags
        place.line = line
        if len(cells) != len(header):
            found = f"{len(cells)} cells in this row"
            place.faults.append(
                Fault(place.file, line, None, found, f"{len(header)} as in the header")
            )
            continue
        row = _row(dict(zip(header, cells, strict=True)), place, person)
        rows += [] if row is None else [row]
    return rows


def _grid(text: str, place: Place) -> list[tuple[int, list[str]]]:
    """Return the rows that hold anything, each with the line it starts in."""
    first = text.partition("\n")[0]
    parted = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=parted, strict=True)
    rows: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            if any(cells):
                rows.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        place.faults.append(Fault(place.file, start, None, f"no CSV: {error}", "closed quotes"))
    return rows


def _header_ok(header: Sequence[str], place: Place) -> bool:
    names = [column.name for column in columns()]
    before = len(place.faults)
    place.line = 1
    for name in dict.fromkeys(header):
        if name not in names:
            near = nearest(name, names)
            place.fault(name, "is no column of claims", "" if near else ", ".join(names), near)
        elif header.count(name) > 1:
            place.fault(name, "is there twice", "each column once")
    if "metric" not in header and len(place.faults) == before:
        place.fault("metric", "this column is missing", "a metric in each row")
    return len(place.faults) == before


def _row(cells: dict[str, str], place: Place, person: str) -> _Row | None:
    before = len(place.faults)
    values = {
        column.name: _value(column, cells[column.name], place)
        for column in columns()
        if column.name in cells
    }
    claim = claim_from(values, place)
    tick = tick_from(values, place, lambda: person)
    name, document, language, url, title, published = (
        str(values.get(key) or "")
        for key in ("claim", "document", "language", "url", "title", "published")
    )
    if claim is None or len(place.faults) > before:
        return None
    return _Row(name, (document, language, url, title, published), claim, tick)


def _value(column: Column, cell: str, place: Place) -> Value:
    """Return the value of a cell, None for an empty one or, with a fault, for a wrong one."""
    if column.kind == "text":
        return unguarded(cell)
    text = cell.strip()
    if not text:
        return None
    if column.kind == "number":
        if _NUMBER.fullmatch(text):
            return float(text)
        place.fault(column.name, f"'{text}' is not a number", "digits, such as 26000 or 12.5")
        return None
    if column.kind == "whole":
        if re.fullmatch(r"[0-9]{1,15}", text):
            return int(text)
        place.fault(column.name, f"'{text}' is not a whole number", "digits, such as 120")
        return None
    if column.kind == "flag":
        if text.lower() not in _FLAGS:
            place.fault(column.name, f"'{text}' is neither true nor false", "true or false")
        return _FLAGS.get(text.lower(), False)
    return unguarded(text)
