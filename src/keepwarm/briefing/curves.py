"""Exceedance curves as SVG: how many winters of a hundred have more than so much."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from keepwarm.briefing.words import Words

WIDTH, HEIGHT = 420.0, 190.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 14.0, 12.0, 34.0
LETTER = 9.5


def exceedance_svg(
    name: str, title: str, rows: Sequence[Mapping[str, Any]], words: Words
) -> Markup:
    """Draw a curve with one standard error to either side; points are where it is known.

    Parameters
    ----------
    name
        For ids.
    title
        What is exceeded.
    rows
        ``level``, ``share`` and ``stderr``, levels rising.
    words
        In which language.
    """
    most = max(float(row["level"]) for row in rows)
    top = _round_up(max(min(1.0, row["share"] + row["stderr"]) for row in rows))

    def x(level: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * level / (most or 1.0)

    def y(share: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(max(share / top, 0.0), 1.0)

    upper = [(x(r["level"]), y(r["share"] + r["stderr"])) for r in rows]
    lower = [(x(r["level"]), y(r["share"] - r["stderr"])) for r in rows]
    line = [(x(r["level"]), y(r["share"])) for r in rows]
    parts = [
        *_axes(most, top, x, y, words),
        Markup('<path class="spread" d="{}Z"/>').format(_path([*upper, *reversed(lower)])),
        Markup('<path class="line" d="{}"/>').format(_path(line)),
        *(
            Markup('<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="2.2"/>').format(*at)
            for at in line
        ),
        _text(LEFT, HEIGHT - 4, f"{words.text('risk.more_than')}: {title}", "start"),
    ]
    desc = "; ".join(
        words.text("risk.curve_point").format(
            level=words.people(row["level"]), share=words.plain(100 * row["share"], 3)
        )
        for row in rows
    )
    opening = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart curve" role="img" '
        'aria-labelledby="c-{0}-title c-{0}-desc" viewBox="0 0 {1:.0f} {2:.0f}">'
        '<title id="c-{0}-title">{3}</title><desc id="c-{0}-desc">{4}</desc>'
    ).format(name, WIDTH, HEIGHT, title, desc)
    return opening + Markup("").join(parts) + Markup("</svg>")


def _axes(most: float, top: float, x: Any, y: Any, words: Words) -> list[Markup]:
    found = []
    for part in (0.0, 0.5, 1.0):
        share = words.plain(round(100 * top * part, 6), 3)
        found.append(_line(LEFT, y(top * part), WIDTH - RIGHT, y(top * part)))
        label = f"{share}\N{NO-BREAK SPACE}{words.text('unit.percent')}"
        found.append(_text(LEFT - 5, y(top * part) + 3, label, "end"))
    step = _step(most)
    for count in range(int(most / step) + 1):
        at = x(count * step)
        found.append(_line(at, TOP, at, HEIGHT - BOTTOM))
        side = "end" if at > WIDTH - 30 else "middle"
        level = words.short(count * step) if step >= 1 else words.plain(count * step, 3)
        found.append(_text(at, HEIGHT - BOTTOM + 12, level, side))
    return found


def _step(most: float) -> float:
    """Return a round distance of ticks, such that there are two to five."""
    if most <= 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(most))
    return next(f * size for f in (0.2, 0.5, 1.0, 2.0, 5.0) if most / (f * size) <= 5)


def _round_up(share: float) -> float:
    return next((top for top in (0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8) if share <= top), 1.0)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _line(x0: float, y0: float, x1: float, y1: float) -> Markup:
    return Markup('<path class="tick" d="M{:.1f} {:.1f}L{:.1f} {:.1f}"/>').format(x0, y0, x1, y1)


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" font-size="{}" text-anchor="{}">{}</text>').format(
        x, y, LETTER, anchor, text
    )
