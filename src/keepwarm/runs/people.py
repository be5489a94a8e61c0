"""What the cold means for people: hours, crossings, the vulnerable apart, nights."""

from __future__ import annotations

from math import isfinite

import numpy as np

from keepwarm.case.nouns import BAND, Floats, Ints
from keepwarm.season import Season

Answers = dict[str, object]

CENTRAL = 1

#: Below these the most vulnerable people at once are told: homes too cold to stay in.
PEAKS_DEGC = (16.0, 12.0)


def people_answers(season: Season) -> Answers:
    """Return the answers about people in cold homes.

    Person-hours are exact within steps; "at once" counts at the ends of steps.
    """
    thresholds, people = season.thresholds_degc.tolist(), season.home_people
    below = np.einsum("bht,h->bt", season.hours_below, people)
    degree = np.einsum("bht,h->bt", season.degree_hours_below, people)
    return {
        "people_hours_below_degc": _per_threshold(thresholds, below[CENTRAL]),
        "people_hours_below_degc_band": _bands(thresholds, below),
        "people_degree_hours_below_degc": _per_threshold(thresholds, degree[CENTRAL]),
        "people_degree_hours_below_degc_band": _bands(thresholds, degree),
        "vulnerable": _vulnerable(season),
        "cold": [_cold(season, k) for k in range(len(thresholds))],
        "by_archetype": _by_archetype(season),
        "first_hour_below": _first_hour_below(season),
        "warming_points": _warming_points(season),
    }


def _per_threshold(thresholds: list[float], values: Floats) -> dict[str, float]:
    return {f"{t:g}": float(v) for t, v in zip(thresholds, values.tolist(), strict=True)}


def _bands(thresholds: list[float], values: Floats) -> dict[str, dict[str, float]]:
    """Return band -> threshold -> value from (3, thresholds)."""
    return {band: _per_threshold(thresholds, values[b]) for b, band in enumerate(BAND)}


def _home_region(season: Season) -> Ints:
    return np.asarray(season.case.buildings.region[season.homes.group])


def _vulnerable(season: Season) -> Answers:
    """Count the people who suffer first from cold: the case's share of each region's people."""
    share, region = season.case.regions.vulnerable_share, _home_region(season)
    people = season.home_people * (share[region] if share.size else 0.0)
    thresholds = season.thresholds_degc.tolist()
    below = np.einsum("bht,h->bt", season.hours_below, people)
    at_once = np.einsum("tbrk,r->tbk", season.indoors.people_below, share)
    most = at_once.max(axis=0, initial=0.0)
    return {
        "people": float(people.sum()),
        "people_hours_below_degc": _per_threshold(thresholds, below[CENTRAL]),
        "people_hours_below_degc_band": _bands(thresholds, below),
        "peak_below_degc": {
            f"{degc:g}": {band: float(most[b, k]) for b, band in enumerate(BAND)}
            for k, degc in enumerate(thresholds)
            if degc in PEAKS_DEGC
        },
    }


def spread_of_hours(hours: Floats, weight: Floats) -> dict[str, dict[str, float | None]]:
    """Return per band how much weight crosses, and by when.

    ``half_hour`` is when half of what crosses in the central band (in the low one where nothing
    does there) has crossed: the same number of people or buildings in every band.

    Parameters
    ----------
    hours
        Shape (3, places), NaN where a place never crosses.
    weight
        Shape (places,): people or buildings.
    """
    totals = np.where(np.isfinite(hours), weight, 0.0).sum(axis=1)
    half = (totals[1] if totals[1] > 0 else totals[0]) / 2
    found = {}
    for b, band in enumerate(BAND):
        crossed = _in_order(hours[b], weight)
        found[band] = {
            "total": float(totals[b]),
            "first_hour": _reached_by(crossed, 0.0),
            "half_hour": _reached_by(crossed, half),
            "last_hour": _reached_by(crossed, float(totals[b])),
        }
    return found


def _in_order(hours: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Return the hours that come, the first first, and how much weight has crossed by each."""
    some = np.flatnonzero(np.isfinite(hours))
    order = some[np.argsort(hours[some], kind="stable")]
    return hours[order], np.cumsum(weight[order])


def _reached_by(crossed: tuple[Floats, Floats], amount: float) -> float | None:
    """Return the first hour by which so much weight has crossed, None if that never comes."""
    hours, total = crossed
    place = int(np.searchsorted(total, amount * (1 - 1e-12)))
    return float(hours[place]) if place < total.size else None


def _cold(season: Season, threshold: int) -> Answers:
    """People and buildings that fall below one threshold, with the band."""
    homes, first = season.homes, season.first_below_hour[:, :, threshold]
    buildings = season.case.buildings.buildings[homes.group] * homes.share
    return {
        "degc": float(season.thresholds_degc[threshold]),
        "people": spread_of_hours(first, season.home_people),
        "buildings": spread_of_hours(first, buildings),
    }


def _by_archetype(season: Season) -> list[Answers]:
    """Hours from the stop of circulation to each threshold and to the plug, by archetype.

    Over the groups whose circulation stopped, from its first stop (for the plug: from the stop in
    which it forms): the hour by which half of the people have crossed; None where they have not,
    because heat was back or it was never that cold. ``positions`` has the same for each kind of
    flat of the archetype, and is empty where there is one kind only.
    """
    case, homes, rows = season.case, season.homes, list[Answers]()
    flats = case.archetypes.flats
    stopped = np.isfinite(season.stopped_hour)[homes.group]
    for a, label in enumerate(case.archetypes.label):
        mine = stopped & (flats.archetype[homes.flat] == a)
        if not mine.any():
            continue
        kinds = np.unique(homes.flat[mine]).tolist()
        groups = np.unique(homes.group[mine])
        rows.append(
            {
                "archetype": label,
                "buildings": float(case.buildings.buildings[groups].sum()),
                "people": float(season.home_people[mine].sum()),
                "hours_after_stop": _hours_after_stop(season, np.flatnonzero(mine), plug=True),
                "positions": [
                    {
                        "position": flats.position[kind],
                        "people": float(season.home_people[mine & (homes.flat == kind)].sum()),
                        "hours_after_stop": _hours_after_stop(
                            season, np.flatnonzero(mine & (homes.flat == kind)), plug=False
                        ),
                    }
                    for kind in (kinds if len(kinds) > 1 else [])
                ],
            }
        )
    return rows


def _hours_after_stop(season: Season, homes: Ints, *, plug: bool) -> Answers:
    """Return event -> band -> hour by which half of the people of some homes have crossed."""
    of_home = season.homes.group[homes]
    people, start = season.home_people[homes], season.stopped_hour[of_home]
    events = {
        f"below_{t:g}_degc": season.first_below_hour[:, homes, k] - start
        for k, t in enumerate(season.thresholds_degc.tolist())
    }
    if plug:
        events["pipe_plugs"] = (season.plug_hour - season.plug_stopped_hour)[:, of_home]
    return {
        name: {
            band: _reached_by(_in_order(np.maximum(hours[b], 0.0), people), people.sum() / 2)
            for b, band in enumerate(BAND)
        }
        for name, hours in events.items()
    }


def _first_hour_below(season: Season) -> list[Answers]:
    """One row per group and threshold that it crosses, with the flats that are first."""
    homes, first = season.homes, season.group_first_below_hour
    if not homes.first.size:
        return []
    # The flats that are first: of those with the group's own hour the first one.
    at = np.arange(len(homes.group))[:, None]
    same = season.first_below_hour == first[:, homes.group]
    soonest = np.minimum.reduceat(np.where(same, at, at.size), homes.first, axis=1)
    crossed = np.isfinite(first)
    # Centrally, or at the soonest end where none is.
    band = np.where(crossed[CENTRAL], CENTRAL, np.where(crossed[0], 0, 2))
    group, threshold = np.nonzero(crossed.any(axis=0))
    band = band[group, threshold]
    names, position = season.case.buildings.group, _positions(season)
    degc = season.thresholds_degc.tolist()
    columns = zip(
        group.tolist(),
        threshold.tolist(),
        soonest[band, group, threshold].tolist(),
        *(_numbers(hours[group, threshold]) for hours in first),
        strict=True,
    )
    return [
        {
            "group": names[g],
            "degc": degc[t],
            "position": position[home],
            **dict(zip(BAND, hours, strict=True)),
        }
        for g, t, home, *hours in columns
    ]


def _positions(season: Season) -> list[str]:
    """Return where in its building each home is, (homes,)."""
    names = season.case.archetypes.flats.position
    return [names[flat] for flat in season.homes.flat.tolist()]


def _numbers(values: Floats) -> list[float | None]:
    """Return numbers, None for those that are not."""
    return [value if isfinite(value) else None for value in values.tolist()]


def night_needs(season: Season) -> dict[str, Floats]:
    """Return who needs a warming point in each night, by region.

    A home needs one where it is below ``warming_point.below_degc`` at any time of the night, or
    has neither flowing heat nor power; of its buildings the most that do so at once count.

    Returns
    -------
    dict
        ``people``, ``vulnerable`` and ``buildings`` of shape (nights, 3, regions);
        ``without_both``, people with neither heat nor power, of shape (nights, regions).

    **Leaves out**: who moves to relatives; which homes of a group are without power: they are
    taken to be the ones without heat, as far as there are so many.
    """
    nights, case, homes = season.indoors.nights, season.case, season.homes
    region, people = _home_region(season), season.home_people
    both = nights.without_both[:, homes.group]
    share = np.maximum(nights.cold_share, both[:, None])
    buildings = case.buildings.buildings[homes.group] * homes.share
    inside = (region[:, None] == np.arange(len(case.regions))).astype(np.float64)
    counted = (share * people) @ inside
    return {
        "people": counted,
        "vulnerable": counted * case.regions.vulnerable_share,
        "buildings": (share * buildings) @ inside,
        "without_both": (both * people) @ inside,
    }


def _warming_points(season: Season) -> list[Answers]:
    """One row per night and region where anybody needs a warming point at any end of the band."""
    nights, needs = season.indoors.nights, night_needs(season)
    return [
        {
            "night": nights.evening[n].isoformat(),
            "region": season.case.regions.name[r],
            "from": f"{nights.begins[n]}Z",
            "until": f"{nights.ends[n]}Z",
            **{
                what: {band: float(needs[what][n, b, r]) for b, band in enumerate(BAND)}
                for what in ("people", "vulnerable", "buildings")
            },
            "without_heat_and_power": float(needs["without_both"][n, r]),
        }
        for n, r in np.argwhere((needs["people"] >= 0.5).any(axis=1)).tolist()
    ]
