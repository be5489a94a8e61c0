"""XLSX, written row by row as XML: millions of numbers in seconds, and no cell is ever a formula.

**Source**: ECMA-376, part 1 (SpreadsheetML) and part 2 (packages).
**Leaves out** everything but cells, two rows that stay in sight, and formats of dates and texts.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import pyarrow as pa

from keepwarm.exchange.whole import plain

ROWS = 1_048_576  # of a sheet
_TEXT = 32_767  # signs of a cell
_BATCH = 10_000
_EMPTY = "<c/>"
_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)  # day 0 of a spreadsheet
_UNIX_DAY = 25_569  # 1 January 1970 in days of a spreadsheet

# What a spreadsheet would take for a formula or a number once somebody edits the cell.
_RISKY = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠'#]|[\t\r\n]")

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

#: Formats of cells by their number: as it is, a time, a date, a text that stays one.
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


class Book:
    """A workbook that is written as its sheets come; `content` ends it."""

    def __init__(self) -> None:
        self._file = io.BytesIO()
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._titles: list[str] = []

    def add(self, title: str, head: Sequence[Sequence[str]], rows: Iterable[str]) -> None:
        """Add a sheet, and more of them where the rows do not fit into one.

        Parameters
        ----------
        title
            At most 28 signs, none of them one that sheets may not have.
        head
            Rows that stay in sight.
        rows
            Cells of each row, from `cell` or `rows_of`.
        """
        left, number = iter(rows), 0
        first = next(left, None)
        while number == 0 or first is not None:
            number += 1
            self._titles.append(title if number == 1 else f"{title} {number}")
            first = self._sheet(head, first, left)

    def content(self) -> bytes:
        """Return the workbook."""
        sheets = range(1, len(self._titles) + 1)
        self._part("xl/styles.xml", _STYLES)
        self._part("xl/workbook.xml", _workbook(self._titles))
        links = [(f"rId{k}", "worksheet", f"worksheets/sheet{k}.xml") for k in sheets]
        links.append((f"rId{len(self._titles) + 1}", "styles", "styles.xml"))
        self._part("xl/_rels/workbook.xml.rels", _links(links))
        self._part("_rels/.rels", _links([("rId1", "officeDocument", "xl/workbook.xml")]))
        self._part("[Content_Types].xml", _types(sheets))
        self._zip.close()
        return self._file.getvalue()

    def _sheet(
        self, head: Sequence[Sequence[str]], first: str | None, rows: Iterator[str]
    ) -> str | None:
        """Write one sheet as full as it goes, and return the first row that is left."""
        name = f"xl/worksheets/sheet{len(self._titles)}.xml"
        below = len(head) + 1
        with self._zip.open(_info(name), "w", force_zip64=True) as file:
            file.write(
                f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
                f'<pane ySplit="{len(head)}" topLeftCell="A{below}" activePane="bottomLeft" '
                'state="frozen"/></sheetView></sheetViews><sheetData>'.encode()
            )
            lines = ["".join(map(cell, line)) for line in head]
            used, row = len(lines), first
            while row is not None and used < ROWS:
                lines.append(row)
                used += 1
                if len(lines) >= _BATCH:
                    file.write(_rows(lines))
                    lines = []
                row = next(rows, None)
            file.write(_rows(lines) + b"</sheetData></worksheet>")
        return row

    def _part(self, name: str, text: str) -> None:
        self._zip.writestr(_info(name), text)


def cell(value: object) -> str:
    """Return the XML of one cell; a text that could run becomes one that cannot.

    Examples
    --------
    >>> cell(1.5), cell(float("nan")), cell(True)
    ('<c><v>1.5</v></c>', '<c/>', '<c t="b"><v>1</v></c>')
    """
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value!r}</v></c>" if math.isfinite(value) else _EMPTY
    if isinstance(value, datetime):
        days = (value.replace(tzinfo=UTC) - _EPOCH).total_seconds() / 86_400
        return f'<c s="1"><v>{days!r}</v></c>'
    if isinstance(value, date):
        return f'<c s="2"><v>{value.toordinal() - _EPOCH.toordinal()}</v></c>'
    return _EMPTY


def rows_of(table: pa.Table) -> Iterator[str]:
    """Return the cells of each row of a table of numbers, flags, texts and times, some at a time.

    Parameters
    ----------
    table
        Times are UTC; null is an empty cell.
    """
    for batch in table.to_batches(max_chunksize=_BATCH):
        yield from map("".join, zip(*map(_column, batch.columns), strict=True))


def _column(values: pa.Array) -> list[str]:
    """Return the cells of a column: numbers and times at once, few different texts once each."""
    kind = values.type
    if pa.types.is_floating(kind) and not values.null_count:
        numbers = values.to_numpy()
        if np.isfinite(numbers).all():
            return [f"<c><v>{value!r}</v></c>" for value in numbers.tolist()]
    if pa.types.is_timestamp(kind) and not values.null_count:
        seconds = values.cast(pa.timestamp("s")).cast(pa.int64()).to_numpy()
        return [f'<c s="1"><v>{day!r}</v></c>' for day in (seconds / 86_400 + _UNIX_DAY).tolist()]
    if pa.types.is_dictionary(kind):
        values = values.cast(kind.value_type)
    if pa.types.is_string(values.type):
        known: dict[str | None, str] = {None: _EMPTY}
        texts = values.to_pylist()
        known.update((text, _text(text)) for text in set(texts) - {None})
        return [known[text] for text in texts]
    return [cell(value) for value in values.to_pylist()]


def _text(value: str) -> str:
    text = plain(value)
    text = text if len(text) <= _TEXT else f"{text[: _TEXT - 1]}…"
    if not text:
        return _EMPTY
    style = ' s="3"' if _RISKY.match(text) else ""  # stays text when somebody edits it
    return f'<c t="inlineStr"{style}><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _rows(lines: Sequence[str]) -> bytes:
    return "".join(f"<row>{line}</row>" for line in lines).encode()


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))  # the same bytes for the same run
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _workbook(titles: Sequence[str]) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{k}" r:id="rId{k}"/>'
        for k, title in enumerate(titles, start=1)
    )
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{sheets}</sheets></workbook>'
    )


def _links(links: Iterable[tuple[str, str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="{key}" Type="{_LINKS}/{kind}" Target="{target}"/>'
        for key, kind, target in links
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def _types(sheets: Iterable[int]) -> str:
    parts = [("xl/workbook.xml", "sheet.main"), ("xl/styles.xml", "styles")]
    parts += [(f"xl/worksheets/sheet{k}.xml", "worksheet") for k in sheets]
    each = "".join(
        f'<Override PartName="/{name}" ContentType="{_KIND}.{kind}+xml"/>' for name, kind in parts
    )
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{rels}"/>{each}</Types>'
    )
