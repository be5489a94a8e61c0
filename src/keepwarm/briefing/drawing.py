"""Small figures as SVG that stands in the page: text stays text, colours follow the page's theme.

Figures are drawn 420 units wide, so that their letters are still readable on a phone.
"""

from __future__ import annotations

import re
import warnings
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any, Literal, cast
from zoneinfo import ZoneInfo

import numpy as np
from markupsafe import Markup, escape

from keepwarm.briefing.words import Words
from keepwarm.case.nouns import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 420.0
LETTER = 10.0
#: Half the width of a time below an axis.
HALF_LABEL = 17.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 12.0, 24.0, 34.0

#: Stand-in colours of a drawing -> variables of the page's style sheet. Series: Okabe and Ito.
COLOURS = {
    "ink": "#101010",
    "quiet": "#707070",
    "rule": "#d0d0d0",
    "power": "#e69f00",
    "heat": "#d55e00",
    "gas": "#009e73",
    "fuel": "#cc79a7",
    "water": "#0072b2",
    "outdoor": "#56b4e9",
    "tepid": "#f0e442",
}

_STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "keepwarm",
    "text.parse_math": False,  # a name with $ is a name
    "font.family": "sans-serif",
    "font.size": LETTER,
    "axes.linewidth": 0.6,
    "axes.edgecolor": COLOURS["quiet"],
    "axes.labelcolor": COLOURS["ink"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": COLOURS["ink"],
    "xtick.color": COLOURS["quiet"],
    "ytick.color": COLOURS["quiet"],
    "xtick.labelcolor": COLOURS["ink"],
    "ytick.labelcolor": COLOURS["ink"],
    "xtick.labelsize": LETTER - 0.5,
    "ytick.labelsize": LETTER - 0.5,
    "axes.unicode_minus": True,
    "path.simplify": True,
}


def style() -> AbstractContextManager[None]:
    """Return a context in which sheets are drawn: letters, colours, the same bytes each time."""
    from matplotlib import rc_context

    return rc_context(cast("Any", _STYLE))


class Sheet:
    """A figure with panels under one another (or beside), all over the same hours; see `style`.

    ``below`` leaves room under the last panel, in units of the figure.
    """

    def __init__(
        self,
        rows: int,
        hours: Floats,
        zone: str,
        start: np.datetime64,
        words: Words,
        *,
        height: float,
        columns: int = 1,
        below: float = 0.0,
    ) -> None:
        from matplotlib.figure import Figure

        gap = 22.0
        total = TOP + BOTTOM + below + rows * height + (rows - 1) * gap
        self.figure: Figure = Figure(figsize=(WIDTH / 72, total / 72), dpi=72)
        left = LEFT if columns == 1 else 30.0
        wide = (WIDTH - left - RIGHT - (columns - 1) * 10.0) / columns
        self.panels: list[Axes] = []
        for place in range(rows * columns):
            row, column = divmod(place, columns)
            box = (
                (left + column * (wide + 10.0)) / WIDTH,
                1 - (TOP + row * (height + gap) + height) / total,
                wide / WIDTH,
                height / total,
            )
            self.panels.append(self.figure.add_axes(box))
        end = float(hours[-1] + (hours[1] - hours[0] if hours.size > 1 else 1.0))
        ticks = day_ticks(start, end, zone, words, most=7 if columns == 1 else 3)
        self._time_axis(ticks, end, columns, wide)

    def _time_axis(
        self, ticks: list[tuple[float, str]], end: float, columns: int, wide: float
    ) -> None:
        for place, panel in enumerate(self.panels):
            panel.set_xlim(0, end)
            panel.set_xticks([hour for hour, _ in ticks])
            last = place >= len(self.panels) - columns
            panel.set_xticklabels([""] * len(ticks))
            if last:
                _label_times(panel, ticks, end, wide, beside=columns > 1)
            panel.tick_params(length=3, width=0.6)
            panel.grid(axis="both", color=COLOURS["rule"], linewidth=0.5)
            panel.set_axisbelow(True)
            panel.margins(y=0.08)

    def svg(self, name: str, title: str, description: str) -> Markup:
        """Return the drawing as an SVG element with an accessible name."""
        from matplotlib.backends.backend_svg import FigureCanvasSVG

        FigureCanvasSVG(self.figure)
        text = StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        with warnings.catch_warnings():
            # Text stays text: whoever reads the page has the letters that matplotlib's font lacks.
            warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
            self.figure.savefig(text, format="svg", transparent=True, metadata=nothing)
        return _inline(text.getvalue(), name, title, description)


def _label_times(
    panel: Axes, ticks: list[tuple[float, str]], end: float, wide: float, *, beside: bool
) -> None:
    """Write times below an axis of so many units: none is cut, or runs into another.

    ``beside`` says that another panel stands beside this one.
    """
    texts: list[str] = []
    sides: list[Literal["left", "center", "right"]] = []
    free = -HALF_LABEL  # where the last label ends
    for hour, text in ticks:
        place = hour / end * wide
        side: Literal["left", "center", "right"] = "center"
        if wide - place < HALF_LABEL:
            side = "right"
        elif beside and place < HALF_LABEL:
            side = "left"
        begins = place - HALF_LABEL * {"left": 0, "center": 1, "right": 2}[side]
        fits = begins >= free
        free = begins + 2 * HALF_LABEL if fits else free
        texts.append(text if fits else "")
        sides.append(side)
    for label, side in zip(panel.set_xticklabels(texts), sides, strict=True):
        label.set_horizontalalignment(side)


def day_ticks(
    start: np.datetime64, hours: float, zone: str, words: Words, *, most: int = 7
) -> list[tuple[float, str]]:
    """Return hours from the start and labels: local midnights, or local hours of a short run.

    Days of 23 and 25 hours come out right, because each tick is a local clock time.
    """
    local = ZoneInfo(zone)
    first = start.astype("datetime64[s]").item().replace(tzinfo=UTC)
    short = hours <= 48
    spacing = next(s for s in (1, 2, 3, 6, 12, 24) if hours / s <= most or s == 24) if short else 24
    days = max(1, int(np.ceil(hours / 24 / most)))
    day = first.astimezone(local).date()
    found = []
    for count in range(int(hours // 24) + 3):
        date = day + timedelta(days=count)
        for clock in range(0, 24, spacing):
            moment = datetime(date.year, date.month, date.day, clock, tzinfo=local)
            hour = (moment.astimezone(UTC) - first).total_seconds() / 3600
            if 0 <= hour <= hours and (short or count % days == 0):
                name = words.said(moment, "tick") if clock == 0 else f"{clock:02d}:00"
                found.append((hour, name))
    return found


def heading(panel: Any, text: str, *, bold: bool = True, size: float = LETTER) -> None:
    """Write a panel's name above its upper left corner."""
    panel.text(
        0,
        1.0,
        text,
        transform=_above(panel),
        ha="left",
        va="bottom",
        fontsize=size,
        fontweight="bold" if bold else "normal",
    )


def _above(panel: Any) -> Any:
    from matplotlib.transforms import ScaledTranslation

    return panel.transAxes + ScaledTranslation(0, 4 / 72, panel.figure.dpi_scale_trans)


def _inline(text: str, name: str, title: str, description: str) -> Markup:
    """Strip what belongs to a file of its own, name the drawing, hand colours to the page."""
    text = text[text.index("<svg") :]
    head, body = text.split(">", 1)
    box = re.search(r'viewBox="[^"]*"', head)
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r'<style type="text/css">.*?</style>', "", body, flags=re.DOTALL)
    body = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)
    # Only inside tags: a name may hold any of these characters.
    body = re.sub(r"<[^>]+>", lambda tag: _page_tag(tag[0], name), body)
    label = f'<title id="{name}-title">{escape(title)}</title>'
    label += f'<desc id="{name}-desc">{escape(description)}</desc>'
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'class="chart" role="img" aria-labelledby="{name}-title {name}-desc" '
        f"{box[0] if box else ''}>"
    )
    return Markup(opening + label + body)


def _page_tag(tag: str, name: str) -> str:
    """Return one tag with ids of its own, the page's letters and colours, and short numbers."""
    tag = re.sub(r'<g id="[^"]*"', "<g", tag)
    tag = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", tag)
    tag = re.sub(r"font-family: [^;\"]*", "font-family: inherit", tag)
    tag = re.sub(r" \n|\n", " ", tag)
    tag = re.sub(r"(\d\.\d\d)\d+", r"\1", tag)
    for variable, colour in COLOURS.items():
        tag = tag.replace(colour, f"var(--{variable})")
    return tag
