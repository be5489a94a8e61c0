"""The charts: who is without what, how cold it gets, when pipes would plug, what is not served."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup

from keepwarm.briefing.cold import Cold
from keepwarm.briefing.drawing import COLOURS, LETTER, Sheet, heading, style
from keepwarm.briefing.situation import Situation
from keepwarm.briefing.view import View
from keepwarm.briefing.words import Words
from keepwarm.case.nouns import BAND, Floats

#: Most rows of the table that stands beside a chart.
ROWS = 42
#: Regions of which the chart draws every one; of more it draws the coldest.
REGIONS = 12
#: States of building circuits that are not warm, drawn from below, and their colours.
STATE_COLOURS = {
    "frozen": "heat",
    "damaged": "fuel",
    "drained": "water",
    "draining": "rule",
    "refilling": "gas",
    "warming": "power",
    "supplied": "tepid",
    "stopped": "quiet",
}


@dataclass(frozen=True)
class Chart:
    """One drawing, its summary, and the same numbers as a table for those who cannot see it."""

    name: str
    title: str  # key of its text
    svg: Markup
    summary: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float, ...]], ...]  # UTC time (or region), numbers
    kind: str  # people, degc, buildings, mw
    by_time: bool = True


def charts(view: View, now: Situation, cold: Cold | None, words: Words) -> tuple[Chart, ...]:
    """Return the charts that have something to show."""
    with style():
        found = [
            _services(view, now, words),
            _energy(view, now, words),
            _pipes(view, words),
            _circuits(view, words),
            _rooms(view, cold, words) if cold else None,
        ]
    return tuple(chart for chart in found if chart is not None)


def _sheet(
    view: View, words: Words, rows: int, height: float, *, columns: int = 1, below: float = 0.0
) -> Sheet:
    hours = (view.hours, view.zone, view.times[0])
    return Sheet(rows, *hours, words, height=height, columns=columns, below=below)


def _steps(view: View, values: Floats) -> tuple[Floats, Floats]:
    """Return x and y that hold each value for its whole step."""
    ends = np.append(view.hours, view.hours[-1] + view.step_hours)
    return ends, np.append(values, values[-1])


def _sampled(view: View, columns: list[Floats]) -> tuple[tuple[str, tuple[float, ...]], ...]:
    stride = max(1, int(np.ceil(len(view.times) / ROWS)))
    hours = [s for s in (1, 2, 3, 4, 6, 8, 12, 24, 48) if s >= stride * view.step_hours]
    stride = max(stride, round((hours[0] if hours else stride) / view.step_hours))
    return tuple(
        (str(view.moment(float(view.hours[t]))), tuple(float(column[t]) for column in columns))
        for t in range(0, len(view.times), stride)
    )


def _panel_axis(panel: Any, text: Callable[[float], str], top: float) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    panel.set_ylim(0, top * 1.08 if top > 0 else 1)
    panel.yaxis.set_major_locator(MaxNLocator(nbins=3, steps=[1, 2, 2.5, 5, 10]))
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: text(value)))


def _services(view: View, now: Situation, words: Words) -> Chart | None:
    short = now.short
    if not short:
        return None
    without = view.by_carrier("people_without")
    sheet = _sheet(view, words, len(short), 74)
    top = max(row.peak for row in short)
    said = []
    for panel, row in zip(sheet.panels, short, strict=True):
        name = words.text(f"service.{row.service}")
        x, y = _steps(view, without[row.service])
        panel.fill_between(x, y, step="post", color=COLOURS[row.service], alpha=0.35, linewidth=0)
        panel.step(x, y, where="post", color=COLOURS[row.service], linewidth=1.6)
        at = words.local(row.peak_time or "", view.zone)
        line = words.text("charts.services_panel").format(
            service=name, people=words.people(row.peak), time=at
        )
        heading(panel, line)
        said.append(line)
        _panel_axis(panel, words.short, top)
    summary = ". ".join(said) + "."
    title = words.text("charts.services_title")
    return Chart(
        name="people-without",
        title="charts.services_title",
        svg=sheet.svg("people-without", title, summary),
        summary=summary,
        heads=tuple(words.text(f"service.{row.service}") for row in short),
        rows=_sampled(view, [without[row.service] for row in short]),
        kind="people",
    )


def _energy(view: View, now: Situation, words: Words) -> Chart | None:
    short = now.unserved
    if not short:
        return None
    need, shed = view.by_carrier("need_mw"), view.by_carrier("shed_mw")
    sheet = _sheet(view, words, len(short), 74)
    said = []
    for panel, row in zip(sheet.panels, short, strict=True):
        colour = COLOURS[row.carrier]
        x, y = _steps(view, shed[row.carrier])
        _, asked = _steps(view, need[row.carrier])
        panel.step(x, asked, where="post", color=COLOURS["quiet"], linewidth=0.9)
        panel.fill_between(x, y, step="post", color=colour, alpha=0.35, linewidth=0)
        panel.step(x, y, where="post", color=colour, linewidth=1.6)
        line = words.text("charts.energy_panel").format(
            carrier=words.text(f"service.{row.carrier}"),
            mwh=words.amount(row.unserved_mwh),
            share=words.amount(100 * row.share),
        )
        heading(panel, line)
        said.append(line)
        _panel_axis(panel, words.short if asked.max() > 5 else words.plain, asked.max())
    summary = ". ".join(said) + "."
    return Chart(
        name="energy",
        title="charts.energy_title",
        svg=sheet.svg("energy", words.text("charts.energy_title"), summary),
        summary=summary,
        heads=tuple(words.text(f"service.{row.carrier}") for row in short),
        rows=_sampled(view, [shed[row.carrier] for row in short]),
        kind="mw",
    )


def _rooms(view: View, cold: Cold, words: Words) -> Chart:
    """One small panel per region: all on one scale, so that a colder region looks colder."""
    shown = cold.regions[:REGIONS]
    columns = 1 if len(shown) == 1 else 2 if len(shown) <= 4 else 3
    sheet = _sheet(
        view, words, -(-len(shown) // columns), 96 if columns < 3 else 84, columns=columns
    )
    lines = _room_lines(view, [row.region for row in shown])
    low = min(float(np.nanmin(array)) for held in lines.values() for array in held.values())
    high = max(float(np.nanmax(array)) for held in lines.values() for array in held.values())
    bounds = (low - 1, high + 1.5)
    for place, panel in enumerate(sheet.panels):
        if place >= len(shown):
            panel.set_visible(False)
            continue
        region = shown[place].region
        _room_panel(panel, view.hours + view.step_hours, lines[region], bounds)
        panel.tick_params(labelleft=place % columns == 0)
        heading(panel, _fit(region, 21 if columns == 3 else 34), size=LETTER - (columns == 3))
    said = [
        words.text("charts.rooms_panel").format(
            region=row.region,
            group=row.coldest.group,
            degc=words.degrees(row.coldest.band[1]),
            time=words.local(row.coldest.time or "", view.zone),
        )
        for row in shown
    ]
    return Chart(
        name="indoor",
        title="charts.rooms_title",
        svg=sheet.svg("indoor", words.text("charts.rooms_title"), " ".join(said)),
        summary=said[0],
        heads=tuple(words.text(f"charts.rooms_{name}") for name in ("mean", "coldest", "outdoor")),
        rows=tuple(
            (
                row.region,
                tuple(
                    float(np.nanmin(lines[row.region][name]))
                    for name in ("mean", "coldest", "outdoor")
                ),
            )
            for row in shown
        ),
        kind="degc",
        by_time=False,
    )


def _room_panel(
    panel: Any, ends: Floats, held: Mapping[str, Floats], bounds: tuple[float, float]
) -> None:
    lines: tuple[tuple[str, str, float, Any], ...] = (
        ("outdoor", "outdoor", 1.0, (0, (4, 2))),
        ("mean", "ink", 1.5, "-"),
        ("coldest", "heat", 1.5, "-"),
    )
    for name, colour, width, dashes in lines:
        panel.plot(
            ends,
            held[name],
            color=COLOURS[colour],
            linewidth=width,
            linestyle=dashes,
            marker="o" if ends.size == 1 else "",  # a single step makes no line
            clip_on=ends.size > 1,
        )
    panel.set_ylim(*bounds)


def _room_lines(view: View, regions: list[str]) -> dict[str, Mapping[str, Floats]]:
    columns = {
        name: view.by_region(column)
        for name, column in (
            ("mean", "indoor_mean_degc"),
            ("coldest", "indoor_coldest_degc"),
            ("outdoor", "outdoor_degc"),
        )
    }
    return {
        region: {name: array[:, view.regions.index(region)] for name, array in columns.items()}
        for region in regions
    }


def _fit(name: str, letters: int) -> str:
    return name if len(name) <= letters else name[: letters - 1].rstrip() + "…"


def _pipes(view: View, words: Words) -> Chart | None:
    """Cumulative buildings whose weakest pipe would plug, were nothing drained, as a band."""
    if not view.groups:
        return None
    plug, count = view.group_band("pipe_plug_{band}_hour"), view.group("buildings")
    if not np.isfinite(plug).any():
        return None
    x = np.append(view.hours, view.hours[-1] + view.step_hours)
    curves = np.array([[(count * (plug[b] <= hour)).sum() for hour in x] for b in range(len(BAND))])
    drained = view.by_group("drained").sum(axis=1)
    sheet = _sheet(view, words, 1, 170, below=22)
    panel = sheet.panels[0]
    panel.fill_between(
        x, curves[2], curves[0], step="post", color=COLOURS["water"], alpha=0.2, linewidth=0
    )
    dashes = {"low": (0, (1, 1)), "central": "-", "high": (0, (5, 2))}
    for band, y in zip(BAND, curves, strict=True):
        panel.step(x, y, where="post", color=COLOURS["water"], linewidth=1.5, ls=dashes[band])
    panel.step(*_steps(view, drained), where="post", color=COLOURS["ink"], linewidth=1.5)
    _panel_axis(panel, words.short, float(max(curves.max(), drained.max())))
    names = ("low", "central", "high", "drained")
    ends = [*curves[:, -1].tolist(), float(drained.max())]
    heading(panel, words.text("charts.pipes_panel"))
    lines = [words.text(f"charts.pipes_{name}") for name in names]
    _name_lines(panel, panel.get_lines(), lines, columns=4)
    summary = words.text("charts.pipes_summary").format(
        low=words.short(ends[0]),
        central=words.short(ends[1]),
        high=words.short(ends[2]),
        drained=words.short(ends[3]),
    )
    return Chart(
        name="pipes",
        title="charts.pipes_title",
        svg=sheet.svg("pipes", words.text("charts.pipes_title"), summary),
        summary=summary,
        heads=tuple(words.text(f"charts.pipes_{name}") for name in names),
        rows=_sampled(view, [*(curve[:-1] for curve in curves), drained]),
        kind="buildings",
    )


def _circuits(view: View, words: Words) -> Chart | None:
    """Stack the buildings that are not warm by the state of their circuit, the worst below."""
    if not view.groups:
        return None
    counts = {state: view.by_group(state).sum(axis=1) for state in STATE_COLOURS}
    counts = {state: count for state, count in counts.items() if count.max() >= 0.5}
    if not counts:
        return None
    sheet = _sheet(view, words, 1, 170, below=22 + 14 * ((len(counts) - 1) // 3))
    panel, below = sheet.panels[0], np.zeros(len(view.times))
    for state, count in counts.items():
        x, lower = _steps(view, below)
        _, upper = _steps(view, below + count)
        panel.fill_between(
            x,
            lower,
            upper,
            step="post",
            facecolor=COLOURS[STATE_COLOURS[state]],
            edgecolor=COLOURS["ink"],
            linewidth=0.5,
        )
        below = below + count
    _panel_axis(panel, words.short, float(below.max()))
    names = tuple(words.text(f"charts.state_{state}") for state in counts)
    heading(panel, words.text("charts.states_panel"))
    _name_lines(panel, panel.collections, names, columns=3)
    worst = int(below.argmax())
    at_worst, at_end = (
        ", ".join(
            f"{words.short(count[step])} {name}"
            for count, name in zip(counts.values(), names, strict=True)
            if count[step] >= 0.5
        )
        for step in (worst, -1)
    )
    summary = words.text("charts.states_summary").format(
        count=words.short(float(below[worst])),
        time=words.local(view.moment(float(view.hours[worst]) + view.step_hours) or "", view.zone),
        states=at_worst,
        end=at_end or words.text("charts.states_none"),
    )
    return Chart(
        name="circuits",
        title="charts.states_title",
        svg=sheet.svg("circuits", words.text("charts.states_title"), summary),
        summary=summary,
        heads=names,
        rows=_sampled(view, list(counts.values())),
        kind="buildings",
    )


def _name_lines(panel: Any, drawn: Sequence[Any], names: Sequence[str], *, columns: int) -> None:
    """Name lines or areas under the panel: their ends often coincide."""
    panel.legend(
        drawn,
        names,
        loc="upper left",
        bbox_to_anchor=(-0.02, -0.13),
        ncols=columns,
        frameon=False,
        handlelength=1.8,
        columnspacing=1.2,
        fontsize=LETTER - 0.5,
    )
