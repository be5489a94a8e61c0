"""A timetable of power cuts as the page shows it, and as files that other programs read."""

from __future__ import annotations

import io
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from keepwarm.case.times import format_time
from keepwarm.case.timetable import Timetable, hours_off, longest_block_hours
from keepwarm.errors import Fault, InputError, nearest
from keepwarm.exchange.local_days import padded_to_days
from keepwarm.exchange.schedules import write_schedule

#: How a slot is told: on, off, off perhaps, cut without notice; as in a plan file.
ON, OFF, MAYBE, EMERGENCY = "1", "0", "?", "!"

#: Forms in which a timetable is handed on: the form's name, its file, its media type.
DOWNLOADS = {
    "ics": ("power-cuts-ics.zip", "application/zip"),
    "outage-data-ua": ("power-cuts.json", "application/json"),
    "yasno": ("power-cuts-yasno.json", "application/json"),
    "csv": ("power-cuts.csv", "text/csv"),
}


def timetable_view(table: Timetable, zone: str) -> dict[str, object]:
    """Return a timetable as plain mappings and lists: rows by group, columns by local day.

    Parameters
    ----------
    table : Timetable
    zone : str
        Of the case: its midnights part the days, of which one may have 23 or 25 hours.

    Returns
    -------
    dict
        ``start`` (UTC) and ``slot_hours``; ``groups``, each with ``slots``, a character for each
        (1 on, 0 off, ? possibly off, ! cut without notice), ``hours_off``,
        ``longest_block_hours``, ``possible_hours`` and ``emergency_hours``; ``days``, each with its
        ``date`` and which slots are its own.
    """
    off, longest = hours_off(table), longest_block_hours(table)
    marks = np.where(table.off, OFF, np.where(table.maybe, MAYBE, ON))
    marks = np.where(table.emergency, EMERGENCY, marks)
    return {
        "start": format_time(table.start),
        "end": format_time(table.end),
        "slot_hours": table.slot_hours,
        "groups": [
            {
                "group": group,
                "slots": "".join(marks[at].tolist()),
                "hours_off": float(off[at]),
                "longest_block_hours": float(longest[at]),
                "possible_hours": float(table.maybe[at].sum() * table.slot_hours),
                "emergency_hours": float(table.emergency[at].sum() * table.slot_hours),
            }
            for at, group in enumerate(table.groups)
        ],
        "days": _days(table, zone),
    }


def _days(table: Timetable, zone: str) -> list[dict[str, object]]:
    """Return the local days that slots begin on, each with its first slot and how many it has."""
    local = [
        datetime.fromisoformat(str(time)).replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()
        for time in table.times
    ]
    dates = sorted(set(local))
    return [
        {"date": day.isoformat(), "first": local.index(day), "slots": local.count(day)}
        for day in dates
    ]


def timetable_file(table: Timetable, zone: str, form: str) -> tuple[str, str, bytes]:
    """Return a timetable as a file: its name, its media type, its bytes.

    Parameters
    ----------
    table : Timetable
        What is missing of its first and last local day is written as power.
    zone : str
        Whose days are told.
    form : str
        One of `DOWNLOADS`; calendars come as a ZIP archive, one for each group.

    Raises
    ------
    InputError
        Where there is no such form, or it has no way to say this timetable.
    """
    if form not in DOWNLOADS:
        found, expected = f"there is no format '{form}'", "one of " + ", ".join(DOWNLOADS)
        raise InputError([Fault("format", None, None, found, expected, nearest(form, DOWNLOADS))])
    name, media = DOWNLOADS[form]
    with tempfile.TemporaryDirectory(prefix="keepwarm-") as folder:
        target = Path(folder) / ("calendars" if form == "ics" else name)
        write_schedule(padded_to_days(table, zone), target, zone, form=form)
        return name, media, _zipped(target) if target.is_dir() else target.read_bytes()


def _zipped(folder: Path) -> bytes:
    """Return the files of a folder as an archive whose bytes follow from them alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            entry = zipfile.ZipInfo(file.name)  # with a fixed date
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    return buffer.getvalue()
