"""What threatens each region of a run: pipes that may freeze, and its first cold night."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from keepwarm.case.nouns import BAND
from keepwarm.runs.run import Run


@dataclass(frozen=True)
class Freezing:
    """Pipes of a region that would plug with ice if nobody acted."""

    first: datetime  # UTC, at the end of the band that cools soonest
    likely: bool  # whether any would in the central band
    buildings: float
    people: float


@dataclass(frozen=True)
class ColdNight:
    """The first night in which anybody of a region needs a warming point."""

    begins: datetime  # UTC
    ends: datetime
    people: tuple[float, float, float]  # low (homes cool soonest), central, high


@dataclass(frozen=True)
class Danger:
    """What an alert of one region is about; at least one of the two is there."""

    region: str
    freezing: Freezing | None
    night: ColdNight | None


def dangers(run: Run) -> tuple[Danger, ...]:
    """Return the regions with a deadline of draining or a cold night, in the run's order.

    Parameters
    ----------
    run
        Its answers ``drain_deadlines`` and ``warming_points`` are read.

    **Leaves out** later nights, and groups of buildings by name: an alert speaks of regions.
    """
    deadlines = _by_region(run, "drain_deadlines")
    nights = _by_region(run, "warming_points")
    names = dict.fromkeys(run.tables["regions"].column("region").to_pylist())
    return tuple(
        Danger(name, _freezing(deadlines.get(name, [])), _night(nights.get(name, [])))
        for name in names
        if name in deadlines or name in nights
    )


def moment(text: str) -> datetime:
    """Return a time of the answers, which are in UTC."""
    return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)


def _by_region(run: Run, what: str) -> Mapping[str, list[Mapping[str, Any]]]:
    rows = run.answers.get(what)
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows if isinstance(rows, list) else []:
        found.setdefault(row["region"], []).append(row)
    return found


def _freezing(rows: Sequence[Mapping[str, Any]]) -> Freezing | None:
    if not rows:
        return None
    times = [moment(by) for row in rows for by in row["by"].values() if by is not None]
    return Freezing(
        first=min(times),
        likely=any(row["by"]["central"] is not None for row in rows),
        buildings=sum(row["buildings"] for row in rows),
        people=sum(row["people"] for row in rows),
    )


def _night(rows: Sequence[Mapping[str, Any]]) -> ColdNight | None:
    if not rows:
        return None
    first = min(rows, key=lambda row: str(row["from"]))
    low, central, high = (float(first["people"][band]) for band in BAND)
    return ColdNight(moment(first["from"]), moment(first["until"]), (low, central, high))
