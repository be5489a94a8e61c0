"""Put the results into docs/benchmarks.md, between its marks.

python -m benchmarks.table
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable
from pathlib import Path

from benchmarks.board_tables import board, what_ifs
from benchmarks.contestants import BASELINES
from benchmarks.markdown import about as _about
from benchmarks.markdown import table as _table
from benchmarks.measure import read

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
MARK = re.compile(r"(<!-- results: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
OURS = "keepwarm"
#: Network -> times faster than HiGHS' hot start: the goal, and what would be better still.
GOALS = {
    "5 regions": (25, 50),
    "25 regions, transport": (13, 25),
    "25 regions, DC": (12, 25),
    "IEEE 118": (12, 25),
}
PYPSA_GOALS = (850, 1500)
_WAYS = ("one worker", "two workers")
_PLAN_SECONDS = ("first_plan_s", "within_3_percent_s")
Row = dict[str, str]


def main() -> None:
    text = PAGE.read_text(encoding="utf-8")
    filled = MARK.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n\n{found[3]}", text)
    PAGE.write_text(filled, encoding="utf-8")
    print(PAGE)


def solver() -> str:
    """Each network: keepwarm and the fastest hot HiGHS, with cycles and with angles."""
    rows, facts = read("solver")
    table = []
    for network, damage in dict.fromkeys((row["network"], row["damage"]) for row in rows):
        own = [row for row in rows if (row["network"], row["damage"]) == (network, damage)]
        ours = next(row for row in own if row["solver"] == OURS)
        cycles = min(
            (row for row in own if row["solver"] in BASELINES and row["form"] == "cycles"),
            key=lambda row: float(row["median_us"]),
        )
        # The last one is in angle form where there is one.
        plain = [row for row in own if row["solver"] == BASELINES[0]][-1]
        goal = GOALS.get(network) if damage == "heavy" else None
        table.append(
            [
                f"{network}, {damage}" if damage != "heavy" else network,
                f"{ours['rows']} x {ours['columns']}",
                _spread(cycles),
                _spread(ours),
                f"**{_ratio(cycles, ours)}**",
                "{} ({})".format(*goal) if goal else "",
                f"{_ratio(plain, ours)} ({plain['rows']} rows)",
                f"{float(cycles['pivots']):.1f} / {float(ours['pivots']):.1f}",
            ]
        )
    head = (
        "network",
        "rows x columns",
        "HiGHS hot, its fastest, µs",
        "keepwarm, µs",
        "ratio",
        "goal (stretch)",
        "ratio to HiGHS as it comes, with angles",
        "pivots, HiGHS / keepwarm",
    )
    gap = max(float(row["gap"]) for row in rows)
    told = f"Largest relative gap between objectives: {gap:.0e}."
    return f"{_table(head, table)}\n\n{told} {_about(facts)}"


def _spread(row: Row, quantity: str = "{}_us") -> str:
    """Median, least and most of a quantity."""
    middle, least, most = (
        _number(row[quantity.format(which)]) for which in ("median", "least", "most")
    )
    return f"{middle} ({least} to {most})"


def _number(value: str) -> str:
    return f"{float(value):.1f}" if float(value) < 100 else f"{float(value):.0f}"


def _ratio(row: Row, ours: Row) -> str:
    return f"{float(row['median_us']) / float(ours['median_us']):.1f}"


def others() -> str:
    """Everybody else who solved the same programs."""
    rows, _ = read("solver")
    head = (
        "network",
        "solver",
        "form",
        "µs",
        "of that telling it the bounds",
        "keepwarm faster by",
    )
    return _table(
        head,
        (
            [
                f"{row['network']}, {row['damage']}",
                row["solver"],
                row["form"],
                _spread(row),
                _number(row["of_that_telling_us"]) if row["solver"].startswith("HiGHS hot") else "",
                f"{float(row['ratio']):.1f}",
            ]
            for row in rows
            if row["solver"] != OURS
        ),
    )


def pypsa() -> str:
    """PyPSA with all hours in one program."""
    rows, facts = read("pypsa")
    head = ("solver", "µs per hour", "ratio", "goal (stretch)")
    goal = "{} ({})".format(*PYPSA_GOALS)
    body = [
        [
            row["solver"],
            _spread(row),
            f"{float(row['ratio']):.0f}",
            goal if "all hours" in row["solver"] else "",
        ]
        for row in rows
    ]
    gap = float(rows[0]["gap"])
    return f"{_table(head, body)}\n\nObjectives {gap:.0e} apart. {_about(facts)}"


def workers() -> str:
    """One worker and two, where its time goes, and memory along the samples."""
    rows, facts = read("workers")
    one = rows[0]
    head = (
        "workers",
        "hours per second",
        "ratio",
        "CPU µs per hour",
        "ratio, were the cores idle",
        "peak memory each, MB",
    )
    body = [
        [
            row["workers"],
            _spread(row, "{}_hours_per_s"),
            f"{float(row['median_hours_per_s']) / float(one['median_hours_per_s']):.2f}",
            _spread(row, "{}_cpu_us"),
            f"{_per_cpu(row) / _per_cpu(one):.2f}",
            _number(row["peak_mb"]),
        ]
        for row in rows
    ]
    memory, _ = read("memory")
    flat = _table(
        ("samples on one worker", *(row["samples"] for row in memory)),
        [["peak memory, MB", *(_number(row["peak_mb"]) for row in memory)]],
    )
    spent, _ = read("parts")
    parts = _table(
        ("part of a sample's step, one worker", "CPU µs"),
        [[row["part"], f"{float(row['cpu_us']):.0f}"] for row in spent],
    )
    return f"{_table(head, body)}\n\n{parts}\n\n{flat}\n\n{_about(facts)}"


def risk() -> str:
    """Whole winters of the country, and how long ten thousand of them would take."""
    rows, facts = read("risk")
    one, two = (next(row for row in rows if row["way"] == name) for name in _WAYS)
    head = ("", "samples", "s", "10,000 winters, minutes", "against one worker", "peak memory, MB")
    body = [
        [
            row["way"],
            row["samples"],
            _spread(row, "{}_s"),
            _number(row["minutes_for_10000"]),
            f"{float(one['minutes_for_10000']) / float(row['minutes_for_10000']):.2f}",
            _number(row["peak_mb"]),
        ]
        for row in rows
    ]
    dask = next(row for row in rows if "Dask" in row["way"])
    over = float(dask["minutes_for_10000"]) / float(two["minutes_for_10000"]) - 1
    said = f"Dask takes {100 * over:+.0f} % of the time of two workers."
    return f"{_table(head, body)}\n\n{said} {_about(facts)}"


def _per_cpu(row: Row) -> float:
    """What workers with a core each would do, by their CPU time."""
    return float(row["workers"]) / float(row["median_cpu_us"])


def first_call() -> str:
    """What a new process pays."""
    rows, _ = read("compile")
    return _table(
        ("a new process, up to its first solved hour", "s"),
        ([row["process"], _spread(row, "{}_s")] for row in rows),
    )


def warmth() -> str:
    """What a group costs, and a run of many."""
    rows, facts = read("warmth")
    per_step = _table(
        ("per building group and step", "ns", "over rooms"),
        ([row["what"], _spread(row, "{}_ns"), f"{float(row['over_rooms']):.2f}"] for row in rows),
    )
    [week], _ = read("week")
    told = (
        f"`keepwarm.run` of {int(week['groups']):,} groups for {float(week['hours']):g} h: "
        f"{float(week['seconds']):.1f} s of CPU."
    )
    return f"{per_step}\n\n{told} {_about(facts)}"


def rotation() -> str:
    """Timetables of a week."""
    rows, facts = read("rotation")
    table = _table(
        ("groups", "s", "goal, s", "hours off in the week"),
        (
            [
                row["groups"],
                _spread(row, "{}_s"),
                row["goal_s"],
                f"{float(row['hours_off_least']):g} to {float(row['hours_off_most']):g}",
            ]
            for row in rows
        ),
    )
    return f"{table}\n\n{_about(facts)}"


def adequacy() -> str:
    """Years of one bus beside plain NumPy, and memory."""
    rows, facts = read("adequacy")
    memory, _ = read("adequacy_memory")
    table = _table(
        ("program", "years a second", "times plain NumPy"),
        (
            [
                row["program"],
                (
                    f"{float(row['median_years_per_cpu_s']):,.0f} "
                    f"({float(row['least']):,.0f} to {float(row['most']):,.0f})"
                ),
                f"{float(row['times_plain']):.1f}",
            ]
            for row in rows
        ),
    )
    peaks = ", ".join(f"{int(row['years']):,} years {row['peak_mb']} MB" for row in memory)
    return f"{table}\n\nPeak memory of the process: {peaks}.\n\n{_about(facts)}"


def plan() -> str:
    """Plans of the capital beside the usual rules."""
    rows, facts = read("plan")
    first, near = (sorted(float(row[key]) for row in rows) for key in _PLAN_SECONDS)
    gains = sorted(100 * float(row["gain"]) for row in rows)
    table = _table(
        ("", "least", "median", "most"),
        (
            [name, f"{values[0]:.1f}", f"{statistics.median(values):.1f}", f"{values[-1]:.1f}"]
            for name, values in (
                ("gain over the best rule, %", gains),
                ("first plan, s", first),
                ("within 3 % of the best found, s", near),
            )
        ),
    )
    said = f"{len(rows)} instances; median gain {facts['median gain']}; worse than a rule in "
    return f"{table}\n\n{said}{facts['worse than a rule']} of them. {_about(facts)}"


def exhaustive() -> str:
    """Orders proven against every order."""
    rows, facts = read("exhaustive")
    most = max(int(row["schedules"]) for row in rows)
    walked = sum(int(row["walked"]) for row in rows) / sum(int(row["schedules"]) for row in rows)
    return (
        f"{facts['equal']} instances equal; up to {most:,} distinct schedules in one, "
        f"{100 * walked:.0f} % of all of them walked. {_about(facts)}"
    )


def reading() -> str:
    """What reports cost by language, and texts made to be slow."""
    rows, facts = read("reading")
    by_language = _table(
        (
            "100 reports of 3,000 characters",
            "s of CPU",
            "claims",
            "over splitting into words",
            "over number and noun",
            "start, s",
            "peak memory, MB",
        ),
        (
            [
                row["language"],
                _spread(row, "{}_s"),
                row["claims"],
                _number(row["over_words"]),
                _number(row["over_pattern"]),
                f"{float(row['start_s']):.2f}",
                _number(row["peak_mb"]),
            ]
            for row in rows
        ),
    )
    hostile, _ = read("hostile_texts")
    texts = _table(
        (
            f"{int(hostile[0]['characters']):,} characters of",
            "s of CPU",
            "µs a character",
            "exponent",
        ),
        (
            [
                row["text"],
                f"{float(row['seconds']):.2f}",
                f"{float(row['us_per_character']):.1f}",
                f"{float(row['exponent']):.2f}",
            ]
            for row in hostile
        ),
    )
    return f"{by_language}\n\n{_about(facts)}\n\n{texts}"


TABLES: dict[str, Callable[[], str]] = {
    "solver": solver,
    "others": others,
    "pypsa": pypsa,
    "workers": workers,
    "risk": risk,
    "first_call": first_call,
    "warmth": warmth,
    "rotation": rotation,
    "plan": plan,
    "exhaustive": exhaustive,
    "reading": reading,
    "adequacy": adequacy,
    "what_ifs": what_ifs,
    "board": board,
}


if __name__ == "__main__":
    main()
