"""Write what `keepwarm validate` finds into docs/validation.md, between its two marks."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

from keepwarm.validation import Row, validate
from keepwarm.validation.folders import CASES, case_names

PAGE = Path(__file__).resolve().parent.parent / "docs" / "validation.md"
BEGIN, END = "<!-- generated: scripts/validation_table.py -->", "<!-- end of generated -->"
COLUMNS = ("quantity", "ours", "published", "difference", "tolerance", "unit", "ok")
HEAD = f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}"
#: A long table shows its worst rows only.
SHOWN = 12


def line(row: Row) -> str:
    gap = row.ours - row.published
    if "apart" in row.quantity and abs(gap) < 1e-9:
        ours = difference = "under 1e-9"  # its last digits differ between machines
    else:
        ours, difference = (
            f"{row.ours:.7g}",
            "0" if math.isclose(gap, 0, abs_tol=1e-9) else f"{gap:.2g}",
        )
    ok = "yes" if row.ok else "NO"
    return (
        f"| {row.quantity} | {ours} | {row.published:.7g} | {difference} "
        f"| {row.tolerance:.2g} | {row.unit} | {ok} |"
    )


def block(title: str, name: str, rows: tuple[Row, ...], differences: str) -> str:
    shown, note = rows, ""
    if len(rows) > SHOWN:
        by_use = sorted(rows, key=lambda row: -abs(row.ours - row.published) / row.tolerance)
        shown, note = (
            tuple(by_use[:4]),
            f"\nThe four nearest to their tolerance of {len(rows)} rows.\n",
        )
    sources = "; ".join(dict.fromkeys(row.source for row in rows))
    parts = [f"### `{name}`: {title}", "", f"Source: {sources}.", note, HEAD]
    parts += [line(row) for row in shown]
    return "\n".join([*parts, "", f"Known differences: {' '.join(differences.split())}", ""])


def main() -> None:
    blocks = []
    for name in case_names():
        facts = tomllib.loads((CASES / name / "case.toml").read_text(encoding="utf-8"))
        blocks.append(block(facts["title"], name, validate(name), facts["known_differences"]))
    blocks.append(
        block(
            "the example town, whole and damaged, step by step",
            "pypsa",
            validate("pypsa"),
            "Stores are fixed to what keepwarm did, and free on both sides in the rows looked "
            "ahead; PyPSA dispatches everything else.",
        )
    )
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    body = "\n".join(blocks)
    PAGE.write_text(f"{before}{BEGIN}\n\n{body}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
