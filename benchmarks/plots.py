"""The plots of docs/benchmarks.md, from results/scaling.csv; the same bytes for the same results.

python -m benchmarks.plots
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
from benchmarks.measure import read
from matplotlib.figure import Figure

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "benchmarks"
COLOURS = {"keepwarm": "#b3401e", "HiGHS hot": "#3b6ea5"}
DASHES = {"DC": "-", "transport": "--"}
#: Study -> what the axis says, and whether it is logarithmic.
AXES = {
    "rows": ("rows of the program", "log"),
    "damage": ("assets out, %", "linear"),
    "hours": ("hours since the start of the walk", "linear"),
}
Rows = list[dict[str, str]]


def draw(study: str, rows: Rows) -> Figure:
    """Return one plot: CPU microseconds per hour, a line for each solver and form."""
    figure = Figure(figsize=(6.4, 3.6), layout="constrained")
    panel = figure.subplots()
    for solver, colour in COLOURS.items():
        for form, dash in DASHES.items():
            points = [row for row in rows if (row["solver"], row["form"]) == (solver, form)]
            if not points:
                continue
            at = [float(row["at"]) for row in points]
            least = [float(row["least_us"]) for row in points]
            most = [float(row["most_us"]) for row in points]
            middle = [float(row["median_us"]) for row in points]
            panel.fill_between(at, least, most, color=colour, alpha=0.2, linewidth=0)
            panel.plot(at, middle, dash, color=colour, marker=".", label=f"{solver}, {form}")
    label, scale = AXES[study]
    panel.set(xlabel=label, ylabel="CPU time of an hour, µs", yscale="log", xscale=scale)
    if study == "hours":
        panel.set_xscale("symlog", linthresh=1)
        panel.set_xticks([float(row["at"]) for row in rows], [row["at"] for row in rows])
    if study == "rows":
        ticks = (30, 60, 125, 250, 500)
        panel.set_xticks(ticks, [str(tick) for tick in ticks], minor=False)
        panel.set_xticks([], minor=True)
    panel.yaxis.set_major_formatter("{x:g}")
    panel.yaxis.set_minor_formatter("")
    panel.grid(which="major", color="#dddddd", linewidth=0.6)
    panel.spines[["top", "right"]].set_visible(False)
    panel.legend(frameon=False, fontsize="small")
    return figure


def main() -> None:
    rows, _ = read("scaling")
    FOLDER.mkdir(exist_ok=True)
    with mpl.rc_context({"svg.hashsalt": "keepwarm", "svg.fonttype": "none"}):
        for study in AXES:
            figure = draw(study, [row for row in rows if row["study"] == study])
            path = FOLDER / f"{study}.svg"
            figure.savefig(path, metadata={"Date": None, "Creator": None})
            # matplotlib leaves spaces at the ends of lines.
            lines = path.read_text(encoding="utf-8").splitlines()
            path.write_text("\n".join(line.rstrip() for line in lines) + "\n", encoding="utf-8")
            print(path)


if __name__ == "__main__":
    main()
