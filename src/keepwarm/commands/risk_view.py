"""A risk on the terminal: every number with its error, what helps, which winters were worst."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from textwrap import fill, wrap
from typing import TYPE_CHECKING, Any

import click

from keepwarm.estimate import error_text

if TYPE_CHECKING:
    from keepwarm.ensemble.comparing import SampleDifference

Answers = Mapping[str, Any]

WIDTH = 80

#: What is told by region, as an exceedance curve and of measures, where a case has it.
TOLD = ("eue_mwh", "eue_heat_mwh", "people_hours_below_12")

#: Rows of a table that are read at a glance; the folder holds all.
SHOWN_REGIONS = 30
SHOWN_LEVELS = 7

_LABELS = (
    (r"lolh_(?:(\w+)_)?hours", "hours short of {}"),
    (r"lolf_(?:(\w+)_)?events", "times that {} runs short"),
    (r"eue_(?:(\w+)_)?mwh", "{} not served, MWh"),
    (r"neue_(?:(\w+)_)?ppm", "{} not served, ppm of need"),
    (r"people_hours_without_(\w+)", "person-hours without {}"),
    (r"people_hours_below_(\d+)", "person-hours below {} °C"),
    (r"buildings_(\w+)", "buildings {}"),
    (r"emergency_days", "days on emergency cuts"),
)

#: From here on a row is told in millions or billions.
_MILLIONS, _BILLIONS = 1e7, 1e11

#: Differences below this share of what they are between are rounding.
_NOTHING = 1e-12

#: Columns for the name of a portfolio or a quantity, at least.
_NAME = 24

#: Columns for the heading of numbers.
_HEADING = 18


def print_risk(answers: Answers) -> None:
    """Print a risk's answers as calm tables, 80 columns wide.

    Parameters
    ----------
    answers
        As ``keepwarm risk --json`` prints them; what is not there is not printed.
    """
    if answers.get("exact"):
        _exactly(answers)
        _foot(answers)
        return
    _head(answers)
    _whole(answers["estimates"])
    if len(answers.get("by_region", {})) > 1:
        _by_region(answers["by_region"])
    _curves(answers.get("exceedance", {}))
    if answers.get("measures"):
        _measures(answers["measures"])
    _convergence(answers.get("convergence", {}))
    _worst(answers)
    _foot(answers)


def print_differences(title: str, found: Sequence[SampleDifference]) -> None:
    """Print what the second of two risks has more of than the first.

    Parameters
    ----------
    title
        Which is which.
    found
        From `keepwarm.ensemble.comparing.compared`.
    """
    rows = []
    tails = len(found) == 1  # asked for; of many the means are told
    for one in (one for one in found if tails or not one.name.startswith("cvar95_")):
        most = max(abs(one.a.value), abs(one.b.value))
        scale, text = _scale(one.name, most)
        pairs = [_pair(vars(each), scale, most) for each in (one.a, one.b, one.difference)]
        rows.append((text, *(cell for pair in pairs for cell in pair)))
    _aligned(title, ("", "A", "±", "B", "±", "B less A", "±"), rows)
    for note in dict.fromkeys(one.note for one in found):
        _say(f"Differences {note}.")


def label(name: str) -> str:
    """Return what people call a quantity.

    Examples
    --------
    >>> label("eue_heat_mwh"), label("people_hours_below_12")
    ('heat not served, MWh', 'person-hours below 12 °C')
    """
    if name.startswith("cvar95_"):
        return f"{label(name.removeprefix('cvar95_'))}, worst\u00a05\u00a0%"
    for pattern, text in _LABELS:
        found = re.fullmatch(pattern, name)
        if found:
            return text.format(*(group or "power" for group in found.groups()))
    return name.replace("_", " ")


def _head(answers: Answers) -> None:
    unsolved, seconds = answers["unsolved"], answers.get("seconds")
    said = f"{answers['case']}: {answers['samples']:,} winter{'s' * (answers['samples'] != 1)}"
    if "hours" in answers:
        said += f" of {_length(answers['hours'])} from {str(answers['start'])[:10]}"
    if "seed" in answers:
        said += f", seed {answers['seed']}"
    if seconds is not None:
        said += f", in {seconds:,.0f} s"
    _say(said)
    if unsolved:
        _say(
            f"{unsolved:,} of them could not be solved to the end and are left out. If nothing had "
            "been short in them, or each had been as bad as the worst of the others:"
        )
        for name, (low, high) in answers.get("bounds", {}).items():
            scale, text = _scale(name, high)
            click.echo(f"  {text}: {_short(low / scale)} to {_short(high / scale)}")
    click.echo()


def _exactly(answers: Answers) -> None:
    """Print what random failures come to without samples."""
    _say(f"{answers['case']}: {_length(answers['hours'])} from {str(answers['start'])[:10]}")
    rows = [(label(name), f"{one['value']:,.10g}") for name, one in answers["estimates"].items()]
    _aligned("Random failures alone, exactly", ("", "a season"), rows)


def _length(hours: float) -> str:
    return f"{hours / 24:g} days" if hours >= 48 else f"{hours:g} h"


def _short(value: float) -> str:
    """Return a number with four digits, without a power of ten."""
    return error_text(value, math.nan)[0]


def _say(text: str) -> None:
    click.echo(fill(text, WIDTH, subsequent_indent="  "))


def _whole(found: Answers) -> None:
    """Print the means beside the worst winters, and how many winters it happens in."""
    names = [
        name
        for name in found
        if f"any_{name}" in found and (found[name]["value"] or name == "eue_mwh")
    ]
    ratios = [name for name in found if name.startswith("neue_") and found[name]["value"]]
    rows = []
    for name in (*names, *ratios):
        tail, some = found.get(f"cvar95_{name}"), found.get(f"any_{name}")
        scale, text = _scale(name, max(one["value"] for one in (found[name], tail) if one))
        if tail is not None and tail["stderr"] is None:
            tail = {**tail, "value": math.nan}  # a number without its error says little
        rows.append((text, *_pair(found[name], scale), *_pair(tail, scale), _percents(some)))
    _aligned(
        "A winter on average, and in the worst 5 of 100; ± one standard error",
        ("", "mean", "±", "worst 5 %", "±", "any, %"),
        rows,
    )


def _scale(name: str, most: float) -> tuple[float, str]:
    """Return what a row is divided by, and its label, so that no number is long."""
    text = label(name)
    if "MWh" in text:
        by, unit = (1e6, "TWh") if most >= 1e8 else (1e3, "GWh") if most >= 1e5 else (1.0, "MWh")
        return by, text.replace("MWh", unit)
    if most >= _BILLIONS:
        return 1e9, f"{text}, billion"
    return (1e6, f"{text}, million") if most >= _MILLIONS else (1.0, text)


def _pair(one: Answers | None, scale: float, beside: float = 0.0) -> tuple[str, str]:
    """Return value and error as texts; next to nothing beside ``beside`` is a sum's last digit."""
    if one is None:
        return "", ""
    stderr = math.nan if one["stderr"] is None else one["stderr"]
    if max(abs(one["value"]), stderr) < _NOTHING * beside:
        return "0", "0"
    return error_text(one["value"] / scale, stderr / scale)


def _aligned(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table, names to the left and numbers to the right, close enough for 80 columns."""
    heads = [wrap(name, _HEADING) or [""] for name in columns]
    tall = max(len(head) for head in heads)
    lines: list[Sequence[str]] = [
        [head[k - tall] if tall - k <= len(head) else "" for head in heads] for k in range(tall)
    ]
    numbers = [max(len(line[k]) for line in (*lines, *rows)) + 2 for k in range(1, len(columns))]
    for row in rows:
        first, *more = wrap(row[0], max(_NAME, WIDTH - sum(numbers))) or [""]
        lines += [[first, *row[1:]], *([name] + [""] * (len(row) - 1) for name in more)]
    width = [max(len(line[k]) for line in lines) for k in range(len(columns))]
    click.secho(title, bold=True)
    for at, line in enumerate(lines):
        cells = [
            line[0].ljust(width[0]),
            *(c.rjust(w) for c, w in zip(line[1:], width[1:], strict=True)),
        ]
        click.echo("  ".join(cells).rstrip())
        if at == tall - 1:
            click.echo("─" * (sum(width) + 2 * len(width) - 2))
    click.echo()


def _told(found: Answers) -> list[str]:
    return [name for name in TOLD if found.get(name, {}).get("value")]


def _by_region(regions: Answers) -> None:
    """Print the means of each region, in the order of the case."""
    names = [
        name for name in TOLD if any(one.get(name, {}).get("value") for one in regions.values())
    ]
    if not names:
        return
    most = {name: max(one[name]["value"] for one in regions.values()) for name in names}
    # Energy, and the cold that comes of it: more would not fit.
    scales = {name: _scale(name, most[name]) for name in dict.fromkeys((names[0], names[-1]))}
    told = [
        (region, one)
        for region, one in regions.items()
        if region in list(regions)[:-1] or any(one[name]["value"] for name in scales)
    ]  # what is of no region stands last, and mostly is nothing
    shown = told[:SHOWN_REGIONS]
    _aligned(
        "By region: means",
        ("", *(part for _, text in scales.values() for part in (text, "±"))),
        [
            (region, *(cell for name, (by, _) in scales.items() for cell in _pair(one[name], by)))
            for region, one in shown
        ],
    )
    if len(told) > len(shown):
        _say(f"{len(told) - len(shown)} more regions: table estimates.\n")


def _curves(curves: Answers) -> None:
    """Print how many winters of a hundred have more than so much."""
    for name in (name for name in TOLD if name in curves):
        rows = curves[name]
        step = max(1, math.ceil(len(rows) / SHOWN_LEVELS))
        scale, text = _scale(name, rows[-1]["level"])
        _aligned(
            f"More than so much in a winter: {text}",
            ("more than", "winters of 100", "±"),
            [
                (f"{row['level'] / scale:,g}".rjust(9), *_pair(_percent(row), 1.0))
                for row in rows[::step]
            ],
        )


def _percent(row: Answers) -> Answers:
    return {"value": 100 * row["share"], "stderr": 100 * row["stderr"]}


def _percents(share: Answers | None) -> str:
    """Return a share with its error in percent, in one cell."""
    if share is None:
        return ""
    return " ± ".join(_pair(share, 0.01, 1.0))


def _measures(found: Answers) -> None:
    """Print what each portfolio takes off, in the order of the file."""
    portfolios, currency = found["portfolios"], found.get("currency") or "cost"
    names = [name for name in TOLD if any(_reduced(one, name) for one in portfolios)]
    for name in names:
        before = next(one for one in portfolios if _reduced(one, name))["reductions"][name]
        scale, text = _scale(name, before["before"]["value"])
        rows = []
        for one in portfolios:
            off = _reduced(one, name)
            if off is None:
                continue
            share, cost = off["share"], one.get("cost")
            rows.append(
                (
                    one["name"],
                    *_pair(off["reduced"], scale, off["before"]["value"]),
                    "–" if share is None else _percents(share),
                    "–" if cost is None else f"{cost:,g}",
                    *(_per_cost(off, scale) if off["per_cost"] else ("–", "–")),
                )
            )
        _aligned(
            f"What measures take off: {text}; cost in {currency}",
            ("", "less by", "±", "%", "cost", "per cost", "±"),
            rows,
        )
        _together(portfolios, name, scale)
    if names:
        said = "Each portfolio is walked as a whole on the winters of the base: errors are paired. "
        _say(said + " ".join(found.get("notes", ())))
        click.echo()


def _per_cost(off: Answers, scale: float) -> tuple[str, str]:
    return _pair(off["per_cost"], scale, off["before"]["value"])


def _reduced(portfolio: Answers, name: str) -> Any:
    return portfolio.get("reductions", {}).get(name)


def _together(portfolios: Sequence[Answers], name: str, scale: float) -> None:
    """Print how far a portfolio of others is from their sum."""
    for one in portfolios:
        found = one.get("together", {}).get(name)
        if not found:
            continue
        whole, sums, beyond = (
            " ± ".join(_pair(found[key], scale)) for key in ("together", "added_up", "beyond")
        )
        _say(
            f"{one['name']}: {whole} together; its parts one by one, added up, {sums}; "
            f"difference {beyond}."
        )
        click.echo()


def _convergence(found: Answers) -> None:
    """Print how the first quantity told of settled."""
    name = next((name for name in TOLD if name in found), None)
    if name is None:
        return
    scale, text = _scale(name, max(one["value"] for one in found[name]))
    rows = [
        (
            f"{one['n']:,}".rjust(9),
            *_pair(one, scale),
            f"{100 * one['stderr'] / one['value']:.1f}" if one["stderr"] and one["value"] else "–",
        )
        for one in found[name]
    ]
    _aligned(f"As samples grew: {text}", ("  samples", "mean", "±", "± %"), rows)


def _worst(answers: Answers) -> None:
    found = answers.get("worst", {})
    for name in (name for name in TOLD if name in found):
        scale, text = _scale(name, found[name][0]["value"])
        listed = ", ".join(
            f"{one['sample']} ({_short(one['value'] / scale)})" for one in found[name]
        )
        _say(f"Worst winters by {text}: {listed}.")
    if found and answers.get("out"):
        number = next(rows[0]["sample"] for rows in found.values() if rows)
        _say(f"Replay one: keepwarm run CASE --sample {number} --of {answers['out']}")
        click.echo()


def _foot(answers: Answers) -> None:
    audit = answers.get("audit")
    if audit:
        checked = audit["steps_checked"]
        _say(
            f"{checked:,} step{'s' * (checked != 1)} solved again by HiGHS: largest gap of the "
            f"objective {audit['max_relative_gap']:.0e}, of shed {audit['max_shed_gap']:.0e} of a "
            "need."
        )
    if answers.get("out"):
        click.echo(f"Written to {answers['out']}")
