"""Fuel as a flow: which tanker fills whose tanks when, and which units stand dry until then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Floats

#: Hours that filling a tanker takes, and that it is at the units of a region.
FILLING_HOURS, EMPTYING_HOURS = 1.0, 0.5
#: A tanker comes so many hours before the first tank of a region is empty, if it can.
MARGIN_HOURS = 3.0
#: Litres too few to be worth a way.
_LEAST_LITRES = 1.0


@dataclass(frozen=True)
class Burner:
    """Units at one site, with tanks of their own; hours from when the plan is made."""

    place: int
    begin: float
    end: float  # inf: to the end
    tank_litres: float  # of all of them together
    level_litres: float  # in them at ``begin``
    burnt: Floats  # (steps + 1,) litres up to each step's begin, as they work


@dataclass(frozen=True)
class Tanker:
    """One tanker, full at its base."""

    name: str
    base: int
    ready: float
    litres: float


@dataclass(frozen=True)
class Round:
    """A tanker at the units of a place."""

    tanker: str
    place: int
    arrives: float
    litres: float
    burners: tuple[int, ...]
    empty: float  # when the first of them runs dry, or ran


@dataclass
class _Way:
    """A tanker as the rounds go on."""

    tanker: Tanker
    place: int
    free: float
    left: float


def rounds(
    burners: Sequence[Burner],
    tankers: Sequence[Tanker],
    travel_hours: Floats,
    *,
    step_hours: float,
) -> tuple[list[Round], list[list[tuple[float, float]]]]:
    """Return the rounds of tankers, and when the units of each site stand dry.

    Who runs dry first is served first, by the tanker that can be there first; it fills all tanks
    of the place as far as it can.

    Parameters
    ----------
    burners
        Units with tanks.
    tankers
        Those there are.
    travel_hours
        Shape (places, places).
    step_hours
        Of ``burnt``.

    Returns
    -------
    list, list
        Rounds by arrival; for each of ``burners`` spans (from, to) without fuel.

    **Leaves out**: drivers' rest (two drivers to a tanker); how much the depots have.
    """
    levels = [(one.begin, one.level_litres) for one in burners]
    dry: list[list[tuple[float, float]]] = [[] for _ in burners]
    fleet = [_Way(one, one.base, one.ready, one.litres) for one in tankers]
    lost, made = set[int](), list[Round]()
    while len(made) < 10_000:
        empties = [
            np.inf if at in lost else _empty(one, levels[at], step_hours)
            for at, one in enumerate(burners)
        ]
        first = int(np.argmin(empties)) if empties else -1
        if first < 0 or not np.isfinite(empties[first]):
            break
        empty, place = empties[first], burners[first].place
        found = _earliest(fleet, place, travel_hours)
        # A small tank is filled when half of it is burnt: it would hardly take anything before.
        soon = empty - min(MARGIN_HOURS, (empty - levels[first][0]) / 2)
        if found is None or max(found[1], soon) >= burners[first].end:
            dry[first].append((empty, burners[first].end))
            lost.add(first)
            continue
        way, there, full = found
        arrives = max(there, soon, burners[first].begin)
        served = _filled(burners, levels, dry, place, arrives, full, step_hours)
        given = sum(litres for _, litres in served)
        if first not in {at for at, _ in served}:
            dry[first].append((empty, burners[first].end))
            lost.add(first)
        if not served:
            continue
        way.place, way.free, way.left = place, arrives + EMPTYING_HOURS, full - given
        who = tuple(at for at, _ in served)
        made.append(Round(way.tanker.name, place, arrives, given, who, empty))
    return sorted(made, key=lambda one: one.arrives), dry


def _at(one: Burner, hours: float, step_hours: float) -> float:
    """Return the litres burnt up to an hour."""
    steps = np.arange(one.burnt.size) * step_hours
    return float(np.interp(hours, steps, one.burnt))


def _empty(one: Burner, level: tuple[float, float], step_hours: float) -> float:
    """Return when tanks are empty, inf where they last."""
    since, litres = level
    asked = _at(one, since, step_hours) + litres
    over = int(np.searchsorted(one.burnt, asked + 1e-9))
    if over >= one.burnt.size:
        return np.inf
    low, high = one.burnt[max(over - 1, 0)], one.burnt[over]
    part = (asked - low) / (high - low) if high > low else 0.0
    hours = max((max(over - 1, 0) + part) * step_hours, since)
    return float(hours) if hours < one.end else np.inf


def _earliest(
    fleet: Sequence[_Way], place: int, travel: Floats
) -> tuple[_Way, float, float] | None:
    """Return the tanker that can be at a place first, when, and with how much in it."""
    best: tuple[_Way, float, float] | None = None
    for way in fleet:
        there, litres = way.free + float(travel[way.place, place]), way.left
        if litres < 0.2 * way.tanker.litres:  # back for more before
            base = way.tanker.base
            home = way.free + float(travel[way.place, base]) + FILLING_HOURS
            there, litres = home + float(travel[base, place]), way.tanker.litres
        if best is None or there < best[1]:
            best = way, there, litres
    return best


def _filled(
    burners: Sequence[Burner],
    levels: list[tuple[float, float]],
    dry: list[list[tuple[float, float]]],
    place: int,
    arrives: float,
    litres: float,
    step_hours: float,
) -> list[tuple[int, float]]:
    """Fill the tanks at a place, those with the fewest hours left first; return who got what."""
    here = [
        (_empty(one, levels[at], step_hours), at)
        for at, one in enumerate(burners)
        if one.place == place and one.begin <= arrives < one.end
    ]
    served = []
    for empty, at in sorted(here):
        one, (since, level) = burners[at], levels[at]
        burnt = _at(one, arrives, step_hours) - _at(one, since, step_hours)
        left = max(level - burnt, 0.0)
        given = min(one.tank_litres - left, litres)
        if given < _LEAST_LITRES:
            continue
        if empty < arrives:
            dry[at].append((empty, arrives))
        levels[at] = (arrives, left + given)
        litres -= given
        served.append((at, given))
    return served
