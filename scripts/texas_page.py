"""Write the chart and the tables of docs/validation_texas.md, the same bytes every time."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from keepwarm.validation.folders import case_folder, read_validation_case
from keepwarm.validation.of_hindcast import Hindcast, read_event

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE, CHART = DOCS / "validation_texas.md", DOCS / "validation_texas.svg"
BEGIN, END = "<!-- generated: scripts/texas_page.py -->", "<!-- end of generated -->"
#: Hours of the sums over three days: 15 to 17 February.
DAYS = slice(24, 96)
STYLE = {
    "svg.hashsalt": "keepwarm",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
}
GW = 1e3


def event() -> Hindcast:
    case = read_validation_case(case_folder("ercot_february_2021"))
    return read_event(case.folder, case.facts["input"])


def chart(found: Hindcast) -> str:
    """Return the hours whose outcome is known, as SVG."""
    known = found.known
    hours = np.arange(known.stop)
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(8, 4.2), layout="constrained")
        axes = figure.subplots()
        for series, label, colour, dashes in (
            (found.subtraction_mw[known], "need less available", "#777777", "--"),
            (found.posted_shed_mw[known], "ours: posted capacity and imports", "#0b5fa5", "-"),
            (found.listed_shed_mw[known], "ours: units out as listed", "#5aa0d8", ":"),
            (found.ordered_mw[known], "ordered shed", "#c0392b", "-"),
        ):
            axes.step(
                [*hours, known.stop],
                np.append(series, series[-1]) / GW,
                where="post",
                label=label,
                color=colour,
                linestyle=dashes,
            )
        ticks = range(0, known.stop + 1, 6)
        axes.set_xticks(ticks, [f"{14 + h // 24} Feb\n{h % 24:02d}:00" for h in ticks])
        axes.set(xlim=(0, known.stop), ylim=(0, None), ylabel="GW", xlabel="CST")
        axes.set_title("ERCOT, the hours whose outcome is given", loc="left", fontsize=11)
        axes.legend(frameon=False, loc="upper left")
        axes.grid(visible=True, alpha=0.25)
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    lines = [line.rstrip() for line in text.getvalue().splitlines()]
    return "\n".join(lines) + "\n"


def totals(found: Hindcast) -> list[str]:
    known = found.known
    ordered = found.ordered_mw[known]

    def row(name: str, mw: np.ndarray, over_days: str, peak: str) -> str:
        r = np.corrcoef(mw[known], ordered)[0, 1]
        return f"| {name} | {mw[known].sum() / GW:.1f} | {r:.3f} | {over_days} | {peak} |"

    def days(mw: np.ndarray) -> str:
        return f"{mw[DAYS].sum() / GW:,.0f}"

    def most(mw: np.ndarray) -> str:
        return f"{mw.max():,.0f}"

    shed, lack = found.posted_shed_mw, found.subtraction_mw
    return [
        "| | 36 h, GWh | correlation with ordered, 36 h | 15 to 17 February, GWh | peak, MW |",
        "|---|---|---|---|---|",
        f"| ordered shed (published) | {ordered.sum() / GW:.1f} | 1 | 998 | 19,952 |",
        "| network model of Wu et al. (published) | | 0.877 over the event | 932 | |",
        row("need less available", lack, days(lack), most(lack)),
        row("ours: posted capacity and imports", shed, days(shed), most(shed)),
        row("ours: units out as listed", found.listed_shed_mw, "", ""),
    ]


def hours(found: Hindcast) -> list[str]:
    heads = (
        "| CST | need | available | imports | need less available | ours | ours, listed | ordered "
        "| ours less ordered | = not asked | less unused |"
    )
    rows = [heads, "|---|---|---|---|---|---|---|---|---|---|---|"]
    known = found.known
    for k in np.flatnonzero(found.ordered_mw[known] > 0):
        moment = datetime.fromisoformat(found.begin_cst[k])
        ours, ordered = found.posted_shed_mw[k], found.ordered_mw[k]
        numbers = (
            found.need_mw[k],
            found.posted_mw[k],
            found.imports_mw[k],
            found.subtraction_mw[k],
            ours,
            found.listed_shed_mw[k],
            ordered,
            ours - ordered,
            found.not_asked_mw[k],
            found.unused_mw[k],
        )
        cells = " | ".join(f"{number / GW:.1f}" for number in numbers)
        rows.append(f"| {moment:%d Feb %H:00} | {cells} |")
    return rows


def body(found: Hindcast) -> str:
    chosen = "\n".join(totals(found))
    by_hour = "\n".join(hours(found))
    return f"{chosen}\n\nHour by hour where shed was ordered, GW:\n\n{by_hour}\n"


def main() -> None:
    found = event()
    CHART.write_text(chart(found), encoding="utf-8")
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n\n{body(found)}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
