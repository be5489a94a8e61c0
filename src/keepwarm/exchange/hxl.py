"""CSV with HXL tags: people without heat or power and cold people, a row per region.

**Source**: HXL 1.1 (hxlstandard.org); OWASP, CSV injection.
"""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

from keepwarm.exchange.region_table import region_table
from keepwarm.exchange.whole import plain, write_bytes_whole
from keepwarm.reports.claim_csv import guarded
from keepwarm.runs.run import Run

_ABOUT = (
    ("case", "#meta+case"),
    ("start", "#date+start"),
    ("hours", "#indicator+hours"),
    ("region", "#loc+name"),
)


def hxl_of(run: Run) -> str:
    """Return the regions of a run as CSV: header, HXL tags, a row per region.

    Cells that a spreadsheet would take for a formula begin with an apostrophe. Columns are those
    of `region_table`, empty where the run does not tell; the start is UTC.
    """
    table, told = region_table(run), run.answers
    codes = sorted({code for labels in table.labels for code in labels if code})
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    about = [*_ABOUT, *((f"region_{code}", f"#loc+name+i_{_attribute(code)}") for code in codes)]
    shown = [*about, *((column.name, column.tag) for column in table.columns)]
    writer.writerow([guarded(name) for name, _ in shown])
    writer.writerow([tag for _, tag in shown])
    for row, labels in enumerate(table.labels):
        texts = [plain(str(told["case"])), str(told["start"]), _cell(float(str(told["hours"])))]
        texts += [labels[""], *(labels.get(code, "") for code in codes)]
        numbers = [_cell(float(column.values[row])) for column in table.columns]
        writer.writerow([guarded(text) for text in texts] + numbers)
    return out.getvalue()


def write_hxl(run: Run, path: Path) -> None:
    """Write `hxl_of` a run, whole or not at all.

    UTF-8 with a byte order mark, which spreadsheets ask for.

    Raises
    ------
    InputError
        Where the file cannot be written.
    """
    write_bytes_whole(path, hxl_of(run).encode("utf-8-sig"))


def _cell(value: float) -> str:
    return repr(value).removesuffix(".0") if math.isfinite(value) else ""


def _attribute(code: str) -> str:
    """Return a language as an attribute of HXL."""
    return "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in code.lower())
