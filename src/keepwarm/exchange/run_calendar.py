"""A run as calendars: what must be done by when, and, where it carried out a plan, who does what.

`run.ics` has deadlines of draining, nights in which warming points are needed, and the plan's
repairs, drains, units and deliveries; `group-NAME.ics` the cuts of each rotation group.

**Source**: RFC 5545, through the library icalendar.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from icalendar import Calendar, Event

from keepwarm.case.plan_file import plan_of
from keepwarm.case.timetable import Timetable
from keepwarm.exchange.calendars import calendar_of, file_names
from keepwarm.exchange.dangers import dangers, moment
from keepwarm.exchange.region_table import labels_of
from keepwarm.exchange.whole import plain
from keepwarm.exchange.wording import count, wording
from keepwarm.runs.run import Run

#: Lines of a plan that are no work in the calendar: what is held is not touched.
_NO_EVENT = ("hold",)


def calendars_of(run: Run, language: str = "en") -> Mapping[str, bytes]:
    """Return the calendars of a run: name of the file -> iCalendar.

    Parameters
    ----------
    run
        From `keepwarm.runs.folder.read_run` or `keepwarm.run`.
    language
        ``en`` or ``uk``; any other is read as ``en``.

    Returns
    -------
    mapping
        ``run.ics`` first. Times are UTC, so that every calendar shows them by its own clock. What
        a model expects is tentative: people confirm it.

    **Leaves out** deadlines of single groups of buildings, which the brief has: a calendar has one
    for each region; and what is not planned.
    """
    found = {"run.ics": _run_calendar(run, language)}
    table = rotation_of(run)
    if table is not None:
        for group, name in zip(table.groups, file_names(table.groups), strict=True):
            found[name] = calendar_of(table, group, language=language)
    return found


def rotation_of(run: Run) -> Timetable | None:
    """Return the timetable of cuts of the plan that a run carried out, None without one."""
    text = run.manifest.get("plan")
    return plan_of(tomllib.loads(str(text)), Path("plan")).timetable if text else None


def _run_calendar(run: Run, language: str) -> bytes:
    words = wording(language)
    calendar = Calendar()
    calendar.add("prodid", "-//keepwarm//run//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", plain(f"{words['calendar']}: {run.answers['case']}"))
    begins = moment(str(run.answers["start"]))
    ends = begins + timedelta(hours=float(str(run.answers["hours"])))
    rows = [*_deadlines(run, language), *_nights(run, language), *_planned(run, language, ends)]
    for kind, what, begin, end, summary, description in rows:
        event = Event()
        event.add("uid", f"{kind}-{_key(run, kind, what, begin)}@keepwarm")
        event.add("dtstamp", begins)
        event.add("dtstart", begin)
        if end > begin:
            event.add("dtend", end)
        event.add("summary", plain(summary))
        event.add("description", plain(f"{description}\n{words['calendar_note']}".strip()))
        event.add("status", "TENTATIVE")
        event.add("categories", [kind])
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


_Row = tuple[str, str, datetime, datetime, str, str]


def _deadlines(run: Run, language: str) -> Iterator[_Row]:
    """One event for each region at its earliest deadline, to the minute and never later."""
    words = wording(language)
    for danger in dangers(run):
        freezing = danger.freezing
        if freezing is None:
            continue
        at = freezing.first.replace(second=0, microsecond=0)
        values = {
            "region": _named(run, danger.region, language),
            "buildings": count(freezing.buildings),
            "people": count(freezing.people),
        }
        yield (
            "deadline",
            danger.region,
            at,
            at,
            words["calendar_deadline"].format_map(values),
            words["calendar_deadline_more"].format_map(values),
        )


def _nights(run: Run, language: str) -> Iterator[_Row]:
    """One event for each night in which anybody needs a warming point, its regions named."""
    words = wording(language)
    nights: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    told = run.answers.get("warming_points")
    for row in told if isinstance(told, list) else []:
        nights.setdefault((row["from"], row["until"]), []).append(row)
    for (begin, end), rows in sorted(nights.items()):
        people = sum(row["people"]["central"] for row in rows)
        lines = [
            f"{_named(run, row['region'], language)}: "
            + words["calendar_band"].format_map(
                {band: count(row["people"][band]) for band in ("low", "central", "high")}
            )
            for row in rows
        ]
        summary = words["calendar_night"].format(people=count(people))
        yield "warming", begin, moment(begin), moment(end), summary, "\n".join(lines)


def _planned(run: Run, language: str, ends: datetime) -> Iterator[_Row]:
    """Yield the lines of the plan; what has no end goes on to the run's."""
    words = wording(language)
    for row in run.tables["plan"].to_pylist() if "plan" in run.tables else ():
        kind, begin = str(row["kind"]), row["begin"]
        if kind in _NO_EVENT or begin is None:
            continue
        begin = begin.replace(tzinfo=UTC)
        end = row["end"].replace(tzinfo=UTC) if row["end"] else ends
        values = {"what": row["what"], "who": row["who"] or words["calendar_nobody"]}
        summary = words[f"calendar_{kind}"].format_map(values)
        yield kind, row["what"], begin, begin if kind == "delivery" else end, summary, row["why"]


def _named(run: Run, region: str, language: str) -> str:
    labels = labels_of(run, region)
    return labels.get(language) or labels[""]


def _key(run: Run, *parts: object) -> str:
    """Return a name that is the same for the same run and event, and no other's."""
    about = [run.manifest.get("inputs_sha256"), run.manifest.get("options"), *map(str, parts)]
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:32]
