"""Times: UTC inside, an offset or naive UTC in files, local time only in what people read.

A CSV either writes every time naive, and then it is UTC, or gives every time an offset. A file
that does both is wrong, because one of the two kinds would silently be shifted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from keepwarm.case.nouns import Times
from keepwarm.errors import Fault

NOT_A_TIME = np.datetime64("NaT", "s")

_FORM = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})([T ](?P<clock>\d{2}:\d{2}(:\d{2}([.]0+)?)?))?"
    r"(?P<offset>Z|[+-]\d{2}:?\d{2})?"
)
_YEARS = range(1900, 2200)
_SECOND = np.timedelta64(1, "s")


@dataclass(frozen=True)
class ReadTime:
    """One time as read from a file: its UTC value and whether the file gave an offset."""

    utc: np.datetime64
    has_offset: bool


def parse_time(text: str) -> ReadTime | None:
    """Read one time written in ISO 8601.

    Parameters
    ----------
    text : str
        ``2026-01-15``, ``2026-01-15 06:00``, ``2026-01-15T06:00:00Z``, ``...+02:00`` and the like.

    Returns
    -------
    ReadTime or None
        None when the text is no time of the years 1900 to 2199.

    Examples
    --------
    >>> parse_time("2026-01-15T06:00+02:00").utc
    np.datetime64('2026-01-15T04:00:00')
    """
    match = _FORM.fullmatch(text.strip())
    if not match or (match["offset"] and not match["clock"]):
        return None
    try:
        moment = datetime.fromisoformat(f"{match['date']}T{match['clock'] or '00:00'}")
    except ValueError:
        return None
    shift = _offset(match["offset"])
    if moment.year not in _YEARS or shift is None:
        return None
    return ReadTime(np.datetime64(moment - shift, "s"), match["offset"] is not None)


def format_time(time: np.datetime64) -> str:
    """Return a time as messages and tables show it, for example ``2026-01-15T06:00Z``."""
    if np.isnat(time):
        return "?"
    text = str(time.astype("datetime64[s]"))
    return (text[:-3] if text.endswith(":00") else text) + "Z"


def local_time(time: np.datetime64, zone: str) -> datetime:
    """Return a UTC time as people in a time zone read it.

    Parameters
    ----------
    time : numpy.datetime64
        Naive UTC.
    zone : str
        IANA name, for example ``Europe/Kyiv``.

    Returns
    -------
    datetime.datetime
        With its zone, so that days of 23 and 25 hours come out right.

    Examples
    --------
    >>> local_time(np.datetime64("2026-01-15T04:00:00"), "Europe/Kyiv").isoformat()
    '2026-01-15T06:00:00+02:00'
    """
    moment: datetime = time.astype("datetime64[s]").item()
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))


def mixing_fault(
    file: str, kinds: Sequence[bool], lines: Sequence[int], column: str
) -> Fault | None:
    """Return the fault of a file that writes some times with an offset and some without.

    Parameters
    ----------
    file, column : str
        Where the times stand.
    kinds : sequence of bool
        Per time whether it has an offset.
    lines : sequence of int
        Per time its line.
    """
    if all(kinds) or not any(kinds):
        return None
    first = {kind: lines[list(kinds).index(kind)] for kind in (True, False)}
    found = (
        f"times with an offset (first in line {first[True]}) and without one "
        f"(first in line {first[False]}) in one file"
    )
    expected = "all times with an offset, or all without one (then they are UTC)"
    return Fault(file, max(first.values()), column, found, expected)


def spacing(file: str, times: Times, lines: Sequence[int]) -> tuple[float, list[Fault]]:
    """Return the spacing of snapshots in hours and what is wrong with it.

    Parameters
    ----------
    file : str
        Where the snapshots stand.
    times : array of datetime64, shape (hours,)
        UTC, none missing.
    lines : sequence of int
        Per time its line.

    Returns
    -------
    hours : float
        The commonest positive difference; 1 for a single snapshot.
    faults : list of Fault
        Times out of order, twice, or missing.
    """
    if len(times) < 2:
        return 1.0, []
    gaps = (times[1:] - times[:-1]) // _SECOND
    forward = gaps[gaps > 0]
    values, counts = np.unique(forward, return_counts=True)
    step = int(values[np.argmax(counts)]) if len(values) else 3600
    wrong = np.flatnonzero(gaps != step)
    faults = []
    for kind, found in (
        (wrong[gaps[wrong] == 0], "is there twice"),
        (wrong[gaps[wrong] < 0], "comes after a later time"),
    ):
        if len(kind):
            at = int(kind[0]) + 1
            text = f"{format_time(times[at])} {found}{_and_more(len(kind))}"
            faults.append(Fault(file, lines[at], "snapshot", text, "times in order, each once"))
    faults += _missing(file, times, lines, step, gaps)
    return step / 3600.0, faults


def _missing(
    file: str, times: Times, lines: Sequence[int], step: int, gaps: np.ndarray
) -> list[Fault]:
    late = np.flatnonzero((gaps > 0) & (gaps != step))
    if not len(late) or bool((gaps <= 0).any()):
        return []
    at = int(late[0])
    first = times[at] + np.timedelta64(step, "s")
    if int(gaps[at]) < step:
        found = f"{format_time(times[at + 1])} is off the spacing of {step / 3600:g} h"
        return [Fault(file, lines[at + 1], "snapshot", found, format_time(first))]
    span = int((times[-1] - times[0]) // _SECOND)
    count = span // step + 1 - len(times)
    found = f"missing hour {format_time(first)}{_and_more(count)}"
    return [Fault(file, lines[at + 1], "snapshot", found, f"a time every {step / 3600:g} h")]


def _and_more(count: int) -> str:
    return f" ({count} such times in all)" if count > 1 else ""


def _offset(text: str | None) -> timedelta | None:
    if text is None or text == "Z":
        return timedelta(0)
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 15 or minutes > 59:
        return None
    shift = timedelta(hours=hours, minutes=minutes)
    return -shift if text[0] == "-" else shift


def share_of_steps(
    times: Times, step_hours: float, begin: np.datetime64, end: np.datetime64
) -> npt.NDArray[np.float64]:
    """Return the share of each step that lies between two times.

    Parameters
    ----------
    times : array
        Begin of each step, naive UTC.
    step_hours : float
        Length of a step.
    begin, end : numpy.datetime64
        ``end`` may be NaT: never.
    """
    hour = np.timedelta64(3600, "s")
    since = np.asarray((times - begin) / hour, dtype=np.float64) / step_hours
    share = np.clip(since + 1.0, 0.0, 1.0)
    if not np.isnat(end):
        left = np.asarray((end - times) / hour, dtype=np.float64) / step_hours
        share = np.minimum(share, np.clip(left, 0.0, 1.0))
    return np.asarray(share)
