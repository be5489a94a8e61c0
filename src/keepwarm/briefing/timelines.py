"""Repairs by crew and power cuts by group, as SVG over local time that stands in the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np
from markupsafe import Markup, escape

from keepwarm.briefing.drawing import WIDTH, day_ticks
from keepwarm.briefing.planned import Planned, Repair
from keepwarm.briefing.words import Words
from keepwarm.case.nouns import Bools
from keepwarm.case.timetable import Timetable, runs_of

#: Heights of a row and of its bar, units of the drawing.
ROW, BAR = 15.0, 8.0
#: Widths for names of assets, and of rotation groups.
NAMES, GROUPS = 150.0, 64.0
TOP, BOTTOM, LETTER, EM = 6.0, 18.0, 9.5, 0.56

#: Rows of the timeline of repairs; the table has all.
MOST = 60


def repairs_timeline(planned: Planned, until: str, zone: str, words: Words) -> Markup | None:
    """Draw repairs as bars, crew by crew; a line goes on to where they end at worst.

    Parameters
    ----------
    planned
        With at least one repair; None is returned for none.
    until
        End of the run: bars and lines stop there.
    zone
        In which times are read.
    words
        In which language.
    """
    if not planned.repairs:
        return None
    shown = planned.repairs[:MOST]
    start = _time(planned.made_at)
    latest = max(min(one.latest or one.end, until) for one in shown)
    axis = _Axis(start, _hours(start, latest), NAMES, zone, words)
    rows, y = [], TOP
    anyone = words.text("plan.any_crew")
    for crews, own in _by_crew(shown).items():
        y += ROW
        rows.append(_name(", ".join(crews) or anyone, y, bold=True))
        for one in own:
            y += ROW
            begin, end = axis.x(one.begin), axis.x(one.end)
            rows.append(_name(one.asset, y))
            if one.begin >= until:
                continue
            if one.latest:
                rows.append(_line(end, axis.x(one.latest), y))
            rows.append(_bar(begin, max(end - begin, 1.5), y, "repair"))
    titles = words.text("plan.timeline_title"), words.text("plan.timeline_note")
    return _svg("repairs", titles, [*axis.lines(TOP, y + 4), *rows], y + BOTTOM)


def cuts_timeline(table: Timetable | None, zone: str, words: Words) -> Markup | None:
    """Draw when each rotation group is cut; None for a plan without a timetable.

    Parameters
    ----------
    table
        From the time of the plan on.
    zone, words
        As in `repairs_timeline`.
    """
    if table is None or not len(table):
        return None
    axis = _Axis(table.start, len(table) * table.slot_hours, GROUPS, zone, words)
    rows, y = [], TOP
    kinds: tuple[tuple[str, Bools], ...] = (
        ("emergency", table.emergency & table.off),
        ("cut", table.off & ~table.emergency),
        ("maybe", table.maybe & ~table.off),
    )
    for at, group in enumerate(table.groups):
        y += ROW
        rows.append(_name(group, y, room=GROUPS))
        for kind, slots in kinds:
            for begin, end in (runs_of(slots[at]) * table.slot_hours).tolist():
                left = axis.place(begin)
                rows.append(_bar(left, axis.place(end) - left, y, kind))
    titles = words.text("plan.cuts_title"), words.text("plan.cuts_note")
    return _svg("cuts", titles, [*axis.lines(TOP, y + 4), *rows], y + BOTTOM)


class _Axis:
    """Local time along the width of a drawing, to the right of names."""

    def __init__(
        self, start: np.datetime64, hours: float, left: float, zone: str, words: Words
    ) -> None:
        self.start, self.hours, self.left = start, max(hours, 1.0), left
        self.ticks = day_ticks(start, self.hours, zone, words, most=6)

    def place(self, hour: float) -> float:
        return self.left + (WIDTH - 8 - self.left) * hour / self.hours

    def x(self, moment: str) -> float:
        return self.place(min(max(_hours(self.start, moment), 0.0), self.hours))

    def lines(self, top: float, bottom: float) -> list[Markup]:
        """Return a line and a time for each tick, but for times that would run into another."""
        found, free = [], self.left - 14
        for hour, text in self.ticks:
            x = self.place(hour)
            found.append(_upright(x, top, bottom))
            half = len(text) * EM * LETTER / 2
            if x - half >= free and x + half <= WIDTH:
                found.append(_text(x, bottom + 11, text, "middle"))
                free = x + half + 4
        return found


def _time(moment: str) -> np.datetime64:
    return np.datetime64(moment.removesuffix("Z"), "s")


def _hours(start: np.datetime64, moment: str) -> float:
    return float((_time(moment) - start) / np.timedelta64(1, "s")) / 3600


def _by_crew(repairs: Sequence[Repair]) -> dict[tuple[str, ...], list[Repair]]:
    """Gather repairs by who does them, crews in the order of their first."""
    found: dict[tuple[str, ...], list[Repair]] = {}
    for one in repairs:
        found.setdefault(one.crews, []).append(one)
    return found


def _svg(name: str, titles: tuple[str, str], parts: Iterable[Markup], height: float) -> Markup:
    opening = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart timeline" role="img" '
        'aria-labelledby="{0}-title {0}-desc" viewBox="0 0 {1:.0f} {2:.0f}">'
        '<title id="{0}-title">{3}</title><desc id="{0}-desc">{4}</desc>'
    ).format(name, WIDTH, height, *titles)
    return opening + Markup("").join(parts) + Markup("</svg>")


def _name(text: str, y: float, *, bold: bool = False, room: float = NAMES) -> Markup:
    """Return a name to the left of a row, cut where it has no room."""
    letters = int((room - 6) / (EM * LETTER))
    shown = text if len(text) <= letters else text[: letters - 1].rstrip() + "…"
    tip = Markup("<title>{}</title>").format(text) if shown != text else Markup("")
    weight = Markup(' font-weight="700"') if bold else Markup("")
    return Markup('<text x="0" y="{:.1f}" font-size="{}"{}>{}{}</text>').format(
        y - 3, LETTER, weight, tip, escape(shown)
    )


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" font-size="{}" text-anchor="{}">{}</text>').format(
        x, y, LETTER, anchor, text
    )


def _bar(x: float, wide: float, y: float, kind: str) -> Markup:
    box = (x, y - BAR - 2, wide, BAR)
    return Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
        kind, *box
    )


def _line(left: float, right: float, y: float) -> Markup:
    middle = y - BAR / 2 - 2
    return Markup('<path class="worst" d="M{:.1f} {:.1f}H{:.1f}"/>').format(left, middle, right)


def _upright(x: float, top: float, bottom: float) -> Markup:
    return Markup('<path class="tick" d="M{:.1f} {:.1f}V{:.1f}"/>').format(x, top, bottom)


def local_spans(
    spans: Sequence[tuple[str, str]], zone: str, words: Words
) -> list[tuple[str, list[str]]]:
    """Return spans of UTC times by local day: the day, and from when to when, a text for each.

    Parameters
    ----------
    spans
        Begin and end of each.
    zone, words
        As in `repairs_timeline`.
    """
    from keepwarm.case.times import local_time

    days: dict[str, list[str]] = {}
    for begin, end in spans:
        first, last = (local_time(_time(moment), zone) for moment in (begin, end))
        day = words.said(first, "day")
        days.setdefault(day, []).append(f"{first:%H:%M}–{_until(first, last, words)}")
    return list(days.items())


def _until(first: datetime, last: datetime, words: Words) -> str:
    """Return a local time, with its day where that is another; midnight ends the day before."""
    if last.date() == first.date():
        return f"{last:%H:%M}"
    if (last.hour, last.minute) == (0, 0) and (last.date() - first.date()).days == 1:
        return "24:00"
    return f"{words.said(last, 'day')} {last:%H:%M}"
