"""What the board takes, as tables: what-ifs, first views, many viewers."""

from __future__ import annotations

from benchmarks.markdown import about, table
from benchmarks.measure import read

_WHAT_IF = ("cpu_median_s", "cpu_p95_s", "median_s", "p95_s")


def what_ifs() -> str:
    """What a what-if takes until the page's document is packed."""
    rows, facts = read("what_ifs")
    shown = table(
        ("", "what-ifs", "CPU s, median", "95th percentile", "clock s, median", "95th percentile"),
        (
            [
                f"{row['case']}, {row['kind']}",
                row["what_ifs"],
                *(f"{float(row[key]):.2f}" for key in _WHAT_IF),
            ]
            for row in rows
        ),
    )
    return f"{shown}\n\n{about(facts)}"


def board() -> str:
    """The page from outside: first view, click to numbers, fifty viewers."""
    rows, facts = read("board_page")
    reads, _ = read("board_viewers")
    seen = table(
        ("", "first view, s", "95th percentile", "kB", "what-if, s", "95th percentile"),
        (
            [
                row["case"],
                f"{float(row['first_view_median_s']):.2f}",
                f"{float(row['first_view_p95_s']):.2f}",
                f"{float(row['weight_kb']):.0f}",
                f"{float(row['what_if_median_s']):.2f}",
                f"{float(row['what_if_p95_s']):.2f}",
            ]
            for row in rows
        ),
    )
    many = table(
        ("50 viewers at once read", "answers", "errors", "median, ms", "95th percentile, ms"),
        (
            [
                f"`{row['read']}`",
                *(f"{float(row[key]):.0f}" for key in ("requests", "errors")),
                *(f"{float(row[key]):.0f}" for key in ("median_ms", "p95_ms")),
            ]
            for row in reads
        ),
    )
    return f"{seen}\n\n{many}\n\n{about(facts)}"
