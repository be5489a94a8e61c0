"""Write the chart and the tables of docs/validation_january.md, the same bytes every time."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from keepwarm.case.nouns import Case
from keepwarm.case.read import read_case
from keepwarm.validation.folders import case_folder, read_validation_case
from keepwarm.validation.of_january import (
    COUNTS,
    Course,
    Tally,
    course,
    read_tallies,
    with_settings,
)

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE, CHART = DOCS / "validation_january.md", DOCS / "validation_january.svg"
BEGIN, END = "<!-- generated: scripts/january_page.py -->", "<!-- end of generated -->"
CASE = case_folder("kyiv_january_2026")
STYLE = {
    "svg.hashsalt": "keepwarm",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
}
COLOURS = dict(zip(COUNTS, ("#1c3d5a", "#c0392b", "#b07d12"), strict=True))
#: Values apart from the case's own, each from what its source or the fit leaves open.
VARIANTS = (
    ("refilling.buildings_per_hour", 250.0),
    ("restart.frost_leak_share", 0.14),
    ("restart.frost_leak_share", 0.17),
    ("repairs.buildings_per_day", 140.0),
    ("repairs.buildings_per_day", 260.0),
    ("repairs.hours", 20.5),
    ("repairs.hours", 37.0),
    ("repairs.hours", 49.0),
    ("circuit.leaks_per_1000_days", 1.4),
)


def city() -> Case:
    return read_case(CASE / "city")


def tallies() -> tuple[Tally, ...]:
    return read_tallies(CASE / read_validation_case(CASE).facts["input"]["tallies"])


def walked(case: Case) -> Course:
    return course(case, (CASE / "city" / "damage.csv",))


def chart(found: Course) -> str:
    """Return ours as lines and what was published as ranges, fitted days shaded, as SVG."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(8, 4.6), layout="constrained")
        axes = figure.subplots()
        day = (found.times - np.datetime64("2026-01-01")) / np.timedelta64(86400, "s") + 1
        for name in COUNTS:
            count = np.round(found.without[name], 1)
            shown = count > 1
            axes.plot(day[shown], count[shown], color=COLOURS[name], label=name)
        for tally in tallies():
            _mark(axes, tally)
        axes.axvspan(9, 14, color="#dddddd", alpha=0.6, zorder=0)
        axes.text(9.1, 9000, "fitted", va="top")
        axes.text(14.1, 9000, "predicted", va="top")
        axes.set(xlim=(8.7, 20), ylim=(8, 12000), yscale="log", ylabel="buildings without heat")
        axes.set_yticks([10, 30, 100, 300, 1000, 3000, 10000], labels=[
            "10", "30", "100", "300", "1,000", "3,000", "10,000"
        ])  # fmt: skip
        axes.set_xticks(range(9, 21), [f"{d} Jan" for d in range(9, 21)])
        axes.minorticks_off()
        axes.set_title(
            "Kyiv, January 2026: ours (lines), published (points and ranges; whiskers: x 2)",
            loc="left",
            fontsize=10,
        )
        axes.legend(frameon=False, loc="upper right")
        axes.grid(visible=True, alpha=0.25)
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    lines = [line.rstrip() for line in text.getvalue().splitlines()]
    return "\n".join(lines) + "\n"


def _mark(axes: Axes, tally: Tally) -> None:
    at = (tally.time - np.datetime64("2026-01-01")) / np.timedelta64(86400, "s") + 1
    colour = COLOURS[tally.count]
    axes.vlines(at, tally.low / 2, tally.high * 2, color=colour, linewidth=0.8, alpha=0.6)
    axes.vlines(at, tally.low, tally.high, color=colour, linewidth=4)
    axes.plot([at, at], [tally.low, tally.high], "o", color=colour, markersize=4)


def by_day(found: Course) -> list[str]:
    rows = [
        "| UTC | count | | published | ours | ours over the nearer claim | within 2 |",
        "|---|---|---|---|---|---|---|",
    ]
    for tally in tallies():
        ours = found.at(tally)
        claims = f"{tally.low:,.0f}" + (f" to {tally.high:,.0f}" if tally.high > tally.low else "")
        ratio, ok = 2 ** tally.doublings(ours), abs(tally.doublings(ours)) <= 1
        time = tally.time.astype(object)
        rows.append(
            f"| {time:%d Jan %H:%M} | {tally.count} | {tally.use} | {claims} | {ours:,.0f} "
            f"| {ratio:.2f} | {'yes' if ok else 'NO'} |"
        )
    return rows


def fitted() -> list[str]:
    rows = ["| fitted parameter | value | what 9 to 13 January leave open |", "|---|---|---|"]
    with (CASE / "fitted.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            low, high = row["low"] or "no lower end", row["high"] or "no upper end"
            rows.append(f"| `{row['parameter']}` | {row['value']} | {low} to {high} |")
    return rows


def variants(base: Course) -> list[str]:
    """Return the predicted counts where one thing is otherwise."""
    case = city()
    pumped = np.array([name.endswith("panel_9") for name in case.buildings.group])
    needs = replace(
        case.buildings, substation_needs_power=case.buildings.substation_needs_power | pumped
    )
    runs = [("as it is", base)]
    runs += [(f"`{key}` {v:g}", walked(with_settings(case, {key: v}))) for key, v in VARIANTS]
    runs.append(("nine-storey panel blocks pumped too", walked(replace(case, buildings=needs))))
    days = [tally for tally in tallies() if tally.use == "predicted"]
    short = {"without heat": "", "since 9 January": " since", "local accidents": " local"}
    heads = [f"{t.time.astype(object):%d}{short[t.count]}" for t in days]
    rows = [f"| | {' | '.join(heads)} |", f"|---|{'---|' * len(heads)}"]
    for name, found in runs:
        rows.append(f"| {name} | {' | '.join(f'{found.at(t):,.0f}' for t in days)} |")
    claims = [f"{t.low:.0f}" + (f"-{t.high:.0f}" if t.high > t.low else "") for t in days]
    return [*rows, f"| published | {' | '.join(claims)} |"]


def body(found: Course) -> str:
    """Return the tables of the case as it is."""
    return "\n".join([*by_day(found), "", *fitted(), ""])


def main() -> None:
    found = walked(city())
    CHART.write_text(chart(found), encoding="utf-8")
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    other = "\n".join(variants(found))
    text = (
        f"{body(found)}\nBuildings predicted, by day of January (in all; since 9 January; local "
        f"accidents), where one thing is otherwise:\n\n{other}\n"
    )
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
