"""Who is cold, until when: one row per region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from keepwarm.briefing.deadlines import Moments
from keepwarm.briefing.situation import Coldest, coldest
from keepwarm.briefing.view import View
from keepwarm.case.nouns import BAND, Floats

Hours = tuple[float | None, float | None, float | None]

#: Indoor temperature at which a home counts as warm again, degC (the least that the WHO asks for).
WARM_DEGC = 18.0

#: Kinds of building are compared from here on, degC: warmer thresholds are passed at once.
COMPARED_DEGC = 16.0

#: Flats are told apart that cool more than so many hours sooner than their buildings.
SOONER_HOURS = 1.0

#: Share of its need from which a group counts as heated, as in the table of groups.
HEATED = 0.95


@dataclass(frozen=True)
class Threshold:
    """How one region crosses one temperature; the band is soonest, central, latest."""

    degc: float
    people: tuple[float, float, float]  # most at once
    first: Moments
    people_hours: float  # below it, central


@dataclass(frozen=True)
class Region:
    """How cold one region gets."""

    region: str
    people: float
    coldest: Coldest
    thresholds: tuple[Threshold, ...]
    lost_heat: bool
    heat_back: str | None  # for its last group; None while not in the run


@dataclass(frozen=True)
class Flat:
    """How fast flats in one place of a kind of building cool; hours after the stop, or None."""

    position: str
    below: tuple[tuple[float, Hours], ...]  # threshold, band


@dataclass(frozen=True)
class Vulnerable:
    """Those who suffer first from cold, below one temperature."""

    degc: float
    most: tuple[float, float, float]  # at once: soonest, central, latest
    people_hours: float  # central


@dataclass(frozen=True)
class Kind:
    """How fast one kind of building cools; the bands are hours after the stop, or None."""

    label: str
    buildings: float  # whose circulation stopped
    below: tuple[tuple[float, Hours], ...]  # threshold, band
    plugs: Hours
    flats: tuple[Flat, ...]  # those that cool sooner


@dataclass(frozen=True)
class Rewarming:
    """How long homes that were cold when their heat came back take to be warm again (central).

    Hours count from the return of heat; None where it does not come within the run.
    """

    degc: float  # from which a home is warm
    people: float  # cold when their heat came back
    half: float | None  # hours until half of them are warm
    longest: float | None  # until the last of those who are warm within the run
    still_cold: float  # people not warm within the run


@dataclass(frozen=True)
class Cold:
    """All regions, the coldest first, and all of them together."""

    regions: tuple[Region, ...]
    reached: tuple[float, ...]  # thresholds that somebody crosses, at any end of the band
    totals: tuple[Threshold, ...]
    vulnerable: tuple[Vulnerable, ...]
    compared: tuple[float, ...]  # those of them at which kinds of building are compared
    kinds: tuple[Kind, ...]
    rewarming: Rewarming | None


def cold(view: View) -> Cold | None:
    """Return who is cold until when; None for a run without buildings."""
    if not view.warm:
        return None
    rows = [_region(view, name) for name in view.regions]
    found = sorted(
        (row for row in rows if row is not None), key=lambda row: (row.coldest.band[1], row.region)
    )
    totals = _thresholds(view, None)
    reached = tuple(t.degc for t in totals if any(t.first))
    compared = tuple(degc for degc in reached if degc <= COMPARED_DEGC)
    return Cold(
        regions=tuple(found),
        reached=reached,
        totals=totals,
        vulnerable=_vulnerable(view.answers["vulnerable"]),
        compared=compared,
        kinds=tuple(_kind(view, row, compared) for row in view.answers["by_archetype"]),
        rewarming=_rewarming(view),
    )


def _rewarming(view: View) -> Rewarming | None:
    """Return how long homes take to be warm again; None where none was cold at the return."""
    indoor, dt = view.indoor_degc[1], view.step_hours
    hours, people = [], []
    for g, back in enumerate(view.group("heat_back_hour").tolist()):
        step = round(back / dt) if np.isfinite(back) else 0
        if step < 1 or not indoor[step - 1, g] < WARM_DEGC:
            continue
        warm = np.flatnonzero(indoor[step:, g] >= WARM_DEGC)
        hours.append((float(warm[0]) + 1) * dt if warm.size else float("inf"))
        people.append(float(view.group("people")[g]))
    if not people:
        return None
    order = np.argsort(hours, kind="stable")
    taken, count = np.array(hours)[order], np.array(people)[order]
    half = float(taken[int(np.searchsorted(np.cumsum(count), count.sum() / 2))])
    known = np.isfinite(taken)
    return Rewarming(
        degc=WARM_DEGC,
        people=float(count.sum()),
        half=half if np.isfinite(half) else None,
        longest=float(taken[known].max()) if known.any() else None,
        still_cold=float(count[~known].sum()),
    )


def _vulnerable(found: Mapping[str, Any]) -> tuple[Vulnerable, ...]:
    """Return the temperatures below which somebody vulnerable is, at any end of the band."""
    hours = found["people_hours_below_degc"]
    return tuple(
        Vulnerable(float(degc), (peak["low"], peak["central"], peak["high"]), hours[degc])
        for degc, peak in found["peak_below_degc"].items()
        if peak["low"] >= 0.5
    )


def _kind(view: View, row: Mapping[str, Any], compared: Sequence[float]) -> Kind:
    shown = [f"below_{degc:g}_degc" for degc in compared]
    return Kind(
        label=row["archetype"],
        buildings=row["buildings"],
        below=_below(view, row),
        plugs=_hours(row["hours_after_stop"]["pipe_plugs"]),
        flats=tuple(
            Flat(flat["position"], _below(view, flat)) for flat in colder_flats(row, shown)
        ),
    )


def _below(view: View, row: Mapping[str, Any]) -> tuple[tuple[float, Hours], ...]:
    hours = row["hours_after_stop"]
    return tuple((degc, _hours(hours[f"below_{degc:g}_degc"])) for degc in view.thresholds)


def _hours(band: Mapping[str, float | None]) -> Hours:
    return band["low"], band["central"], band["high"]


def colder_flats(row: Mapping[str, Any], events: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return the kinds of flat of an archetype that cool sooner than its buildings do.

    Those in which half of the people cross a threshold more than `SOONER_HOURS` before half of
    the people of the whole building do.

    Parameters
    ----------
    row
        Of the answers' ``by_archetype``.
    events
        Names of thresholds that are shown; others do not count.
    """
    whole = row["hours_after_stop"]
    return [
        flat
        for flat in row["positions"]
        if any(
            _sooner(flat["hours_after_stop"][name], whole[name])
            for name in events
            if name in flat["hours_after_stop"]
        )
    ]


def _sooner(flat: Mapping[str, float | None], whole: Mapping[str, float | None]) -> bool:
    """Compare the central hours, or the soonest where neither comes centrally."""
    for band in ("central", "low"):
        mine, mean = flat[band], whole[band]
        if mine is None and mean is None:
            continue
        return mine is not None and (mean is None or mine < mean - SOONER_HOURS)
    return False


def _region(view: View, region: str) -> Region | None:
    inside = view.inside(region)
    lowest = coldest(view, inside)
    if lowest is None:
        return None
    lost = (view.by_group("heat_share")[:, inside] < HEATED).any(axis=0)
    back = view.group("heat_back_hour")[inside][lost]
    returned = bool(lost.any()) and bool(np.isfinite(back).all())
    return Region(
        region=region,
        people=float(view.group("people")[inside].sum()),
        coldest=lowest,
        thresholds=_thresholds(view, region),
        lost_heat=bool(lost.any()),
        heat_back=view.moment(float(back.max())) if returned else None,
    )


def _thresholds(view: View, region: str | None) -> tuple[Threshold, ...]:
    """Return how one region, or all of them, cross each temperature.

    Most people at once are counted at the ends of steps, each kind of flat for itself.
    """
    inside = view.inside(region) if region else np.ones(len(view.groups), dtype=bool)
    here = slice(None) if region is None else [view.regions.index(region)]
    people, rows = view.group("people")[inside], []
    for degc in view.thresholds:
        first = view.group_band(f"first_below_{degc:g}_{{band}}_hour")[:, inside]
        soonest, central, latest = (view.moment(_earliest(hours)) for hours in first)
        low, middle, high = (
            float(view.by_region(f"people_below_{degc:g}_{band}")[:, here].sum(axis=1).max())
            for band in BAND
        )
        hours = float(view.group(f"hours_below_{degc:g}_central")[inside] @ people)
        rows.append(Threshold(degc, (low, middle, high), (soonest, central, latest), hours))
    return tuple(rows)


def _earliest(hours: Floats) -> float:
    known = hours[np.isfinite(hours)]
    return float(known.min()) if known.size else float("nan")
