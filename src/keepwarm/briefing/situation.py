"""The situation: what is out, who is without what at the worst, when it returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from keepwarm.briefing.view import SERVICES, View
from keepwarm.case.nouns import CARRIERS

#: Rows of each table of outages; the rest is counted.
SHOWN = 3


@dataclass(frozen=True)
class Outage:
    """One asset that is not fully there; times are UTC, ``until`` None while not in the run."""

    asset: str
    kind: str
    missing: tuple[tuple[str, float], ...]  # carrier, MW
    since: Any
    until: Any
    source: str | None  # empty where nobody gave one; None where it follows from other losses

    @property
    def largest(self) -> tuple[str, float]:
        """The carrier that it misses most of, and how much; none for a store."""
        return max(self.missing, key=lambda pair: pair[1], default=("", 0.0))


@dataclass(frozen=True)
class Outages:
    """What is out of one carrier, largest first; without a carrier: stores."""

    carrier: str
    rows: tuple[Outage, ...]

    @property
    def shown(self) -> tuple[Outage, ...]:
        """The largest."""
        return self.rows[:SHOWN]


@dataclass(frozen=True)
class Service:
    """How one service fares; ``returns`` is None while it does not within the run."""

    service: str
    peak: float  # people without at once
    peak_time: str | None
    returns: str | None
    people_hours: float
    short: bool  # somebody is without


@dataclass(frozen=True)
class Energy:
    """What one carrier could not serve, MWh."""

    carrier: str
    need_mwh: float
    unserved_mwh: float

    @property
    def share(self) -> float:
        """Share of the need."""
        return self.unserved_mwh / self.need_mwh if self.need_mwh else 0.0


@dataclass(frozen=True)
class Situation:
    """What is out and who is without what."""

    outages: tuple[Outages, ...]  # with a source, by the carrier that they miss most of
    consequences: tuple[Outage, ...]  # stopped because of others
    services: tuple[Service, ...]
    energy: tuple[Energy, ...]
    people: float
    buildings: Any
    coldest: Coldest | None

    @property
    def out(self) -> int:
        """Assets that are out or reduced."""
        return sum(len(group.rows) for group in self.outages)

    @property
    def unlisted(self) -> int:
        """Those of them that are too small for the tables."""
        return self.out - sum(len(group.shown) for group in self.outages)

    @property
    def unserved(self) -> tuple[Energy, ...]:
        """Carriers that could not be served in full."""
        return tuple(row for row in self.energy if row.unserved_mwh > 0.5)

    @property
    def short(self) -> tuple[Service, ...]:
        """Services that somebody is without, the most people first."""
        return tuple(sorted((s for s in self.services if s.short), key=lambda s: -s.peak))

    @property
    def fine(self) -> tuple[Service, ...]:
        """Services that nobody is without."""
        return tuple(s for s in self.services if not s.short)


@dataclass(frozen=True)
class Coldest:
    """The coldest group at the end of a step, as a band in degC; the time is the central one's."""

    group: str
    region: str
    band: tuple[float, float, float]
    time: str | None


def situation(view: View) -> Situation:
    """Return what is out and who is without what."""
    outages = sorted(_outages(view), key=lambda o: (-o.largest[1], o.asset))
    answers = view.answers
    return Situation(
        outages=_by_carrier([o for o in outages if o.source is not None]),
        consequences=tuple(o for o in outages if o.source is None),
        services=_services(view),
        energy=tuple(
            Energy(carrier, need, answers["unserved_mwh"][carrier])
            for carrier, need in answers["need_mwh"].items()
            if need > 0
        ),
        people=answers["people"],
        buildings=answers["buildings"],
        coldest=coldest(view, np.ones(len(view.groups), dtype=bool)) if view.warm else None,
    )


def coldest(view: View, inside: np.ndarray[Any, np.dtype[np.bool_]]) -> Coldest | None:
    """Return the coldest of some groups (central), None where there is none."""
    places = np.flatnonzero(inside)
    if not places.size:
        return None
    indoor = view.indoor_degc[1][:, places]
    if not np.isfinite(indoor).any():
        return None
    step, place = np.unravel_index(int(np.nanargmin(indoor)), indoor.shape)
    group = int(places[place])
    low, central, high = np.nanmin(view.indoor_degc[:, :, group], axis=1).tolist()
    return Coldest(
        group=view.groups[group],
        region=view.group_region[group],
        band=(low, central, high),
        time=view.moment(float(view.hours[step]) + view.step_hours),
    )


def _outages(view: View) -> list[Outage]:
    observed = "state.csv" if view.manifest["options"]["from_state"] else None
    rows = []
    for row in view.rows("assets"):
        if not row["hours_out"]:
            continue
        at_start = row["out_from"] is not None and _is(row["out_from"], view.times[0])
        said = row["damage_source"]
        rows.append(
            Outage(
                asset=row["asset"],
                kind=row["asset_class"] or row["kind"],
                missing=tuple(row["missing_mw"] or ()),
                since=begun(view, row),
                until=row["out_until"],
                source=(observed if at_start else None) if said is None else said,
            )
        )
    return rows


def begun(view: View, row: Mapping[str, Any]) -> Any:
    """Return when an asset went out: by its first damage row, else from the step that shows it.

    A damage row later than that step tells of another outage.
    """
    said, seen = row.get("damage_time"), row["out_from"]
    if said is None or seen is None:
        return seen
    return said if said < seen + timedelta(hours=view.step_hours) else seen


def _by_carrier(outages: list[Outage]) -> tuple[Outages, ...]:
    """Gather outages by carrier: a MW of gas is no MW of power."""
    found = (
        Outages(carrier, tuple(o for o in outages if o.largest[0] == carrier))
        for carrier in (*CARRIERS, "")
    )
    return tuple(group for group in found if group.rows)


def _is(moment: Any, time: np.datetime64) -> bool:
    return bool(np.datetime64(moment, "s") == time)


def _services(view: View) -> tuple[Service, ...]:
    answers, without = view.answers, view.by_carrier("people_without")
    rows = []
    for service in SERVICES:
        if not answers["need_mwh"].get(service):
            continue
        peak = answers["peak_people_without"][service]
        short = peak >= 0.5
        at = float(view.hours[int(without[service].argmax())])
        rows.append(
            Service(
                service=service,
                peak=peak,
                peak_time=view.moment(at) if short else None,
                returns=answers["service_returns"][service],
                people_hours=answers["people_hours_without"][service],
                short=short,
            )
        )
    return tuple(rows)
