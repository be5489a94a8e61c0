"""A run written down by hand, with names that try to be markup, formulas and marks."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from keepwarm.runs.run import Run
from tests.briefing.sample import THRESHOLDS, hand_made

#: Names that somebody might put into a case to make other people's programs do something.
TRICKS = (
    "<script>alert(1)</script>",
    "A & B \"C\" 'D' ]]>",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\u202e=1+1",
    "\tTab",
    "Пóділ <b>Північ</b>",
    "北区＝1",
    "#N/A",
    "\x07bell",
)


def handed(*regions: str, cold: bool = True) -> Run:
    """Two regions, West and East, or those named; half of their people lose heat for 20 h.

    One home per region: 20 h below each threshold that the band's end crosses.
    """
    run = hand_made(regions or ("West", "East"), cold=cold)
    groups = run.tables["groups"].to_pylist()
    bands = [(t, band) for t in THRESHOLDS for band in ("low", "central", "high")]
    homes = [
        {
            "group": row["group"],
            "position": "whole",
            "people": row["people"],
            **{f"hours_below_{t:g}_{b}": row[f"hours_below_{t:g}_{b}"] for t, b in bands},
        }
        for row in groups
    ]
    return replace(run, tables={**run.tables, "homes": pa.Table.from_pylist(homes)})
