"""What must be done by when: drain deadlines, by region and by group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keepwarm.briefing.view import View
from keepwarm.case.nouns import BAND

#: Rows of the table of groups.
SHOWN = 8

Moments = tuple[str | None, str | None, str | None]
Counts = tuple[float, float, float]


@dataclass(frozen=True)
class Region:
    """When the first weakest pipe of a region plugs; moments are soonest, central, latest."""

    region: str
    buildings: float
    people: float
    by: Moments
    hours_left: float  # from the stop of the most urgent group to its soonest time
    drained: float  # in this run, by the rule of the case


@dataclass(frozen=True)
class Group:
    """When the weakest pipe of one group plugs."""

    group: str
    region: str
    buildings: float
    people: float
    by: Moments
    stopped: str | None
    hours_left: float
    zone: str


@dataclass(frozen=True)
class Deadlines:
    """All deadlines, the soonest first; bands are soonest, central, latest."""

    by: Moments  # of the first region
    buildings: Counts  # whose pipes would plug, were nothing drained
    people: Counts  # in them
    drained: float
    frozen: float
    frozen_soonest: float | None  # full when their pipes plug; None where the run does not say
    regions: tuple[Region, ...]
    groups: tuple[Group, ...]
    more_groups: int
    within: tuple[tuple[float, tuple[float, ...]], ...]  # hours after the stop, buildings per band
    buildings_per_hour: float
    policy: str


def deadlines(view: View) -> Deadlines | None:
    """Return the drain deadlines; None where no pipe would plug within the run."""
    rows = view.answers["drain_deadlines"]
    if not rows:
        return None
    by_region: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_region.setdefault(row["region"], []).append(row)
    regions = sorted((_region(name, m) for name, m in by_region.items()), key=_urgency)
    groups = sorted((_group(view, row) for row in rows), key=_urgency)
    settings = view.manifest["settings"]
    return Deadlines(
        by=_first(rows),
        buildings=_threatened(rows, "buildings"),
        people=_threatened(rows, "people"),
        drained=sum(row["drained"] for row in rows),
        frozen=sum(row["frozen"] for row in rows),
        frozen_soonest=view.answers["buildings"].get("frozen_band", {}).get("low"),
        regions=tuple(regions),
        groups=tuple(groups[:SHOWN]),
        more_groups=len(groups) - len(groups[:SHOWN]),
        within=tuple(
            (row["hours_after_stop"], tuple(row["buildings"][band] for band in BAND))
            for row in view.answers["drain_by"]
        ),
        buildings_per_hour=settings["draining.buildings_per_hour"],
        policy=settings["draining.policy"],
    )


def _urgency(row: Region | Group) -> tuple[str, str, float, str]:
    """Order by soonest, then central time, then the most buildings."""
    late = "~"  # after every time
    return (row.by[0] or late, row.by[1] or late, -row.buildings, row.region)


def _first(rows: list[Mapping[str, Any]]) -> Moments:
    low, central, high = (
        min((row["by"][band] for row in rows if row["by"][band]), default=None) for band in BAND
    )
    return low, central, high


def _threatened(rows: list[Mapping[str, Any]], column: str) -> Counts:
    """Return how much would plug at each end of the band."""
    low, central, high = (sum(row[column] for row in rows if row["by"][band]) for band in BAND)
    return low, central, high


def _region(region: str, members: list[Mapping[str, Any]]) -> Region:
    urgent = min(members, key=lambda row: row["by"]["low"] or "~")
    return Region(
        region=region,
        buildings=sum(row["buildings"] for row in members),
        people=sum(row["people"] for row in members),
        by=_first(members),
        hours_left=urgent["hours_left"],
        drained=sum(row["drained"] for row in members),
    )


def _group(view: View, row: Mapping[str, Any]) -> Group:
    at = view.groups.index(row["group"])
    return Group(
        group=row["group"],
        region=row["region"],
        buildings=row["buildings"],
        people=row["people"],
        by=(row["by"]["low"], row["by"]["central"], row["by"]["high"]),
        stopped=view.moment(float(view.group("stopped_hour")[at])),
        hours_left=row["hours_left"],
        zone=view.names("weakest_zone")[at],
    )
