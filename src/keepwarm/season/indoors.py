"""Who is cold when, as a winter goes by: people below each temperature, and the nights apart."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from keepwarm.case.nouns import Floats, Ints, Times
from keepwarm.case.times import local_time
from keepwarm.compiled import compiled
from keepwarm.season.corridor import Corridor
from keepwarm.season.state import CLOSED
from keepwarm.season.step import Step

#: The night in which people stay in their homes, by local clock.
DUSK, DAWN = time(18), time(8)


@dataclass(frozen=True)
class Nights:
    """The nights that a run touches, and how much of each home needs a place to get warm."""

    evening: tuple[date, ...]  # local date on which each night begins
    begins: Times  # (nights,), UTC, of the whole night
    ends: Times  # (nights,)
    #: Most buildings of a home at once below ``warming_point.below_degc``, as a share of them all.
    cold_share: Floats  # (nights, 3, homes)
    #: Most homes of a group at once whose water stands or is drained and that have no power.
    without_both: Floats  # (nights, groups), as a share of them all

    def __len__(self) -> int:
        return len(self.evening)


@dataclass(frozen=True)
class Indoors:
    """Cold homes of one run, step by step and night by night."""

    people_below: Floats  # (hours, 3, regions, thresholds): in homes below it at the step's end
    nights: Nights


def night_of(moment: np.datetime64, zone: str) -> date | None:
    """Return the local date on which the night of a UTC time begins, None by day.

    Examples
    --------
    >>> night_of(np.datetime64("2026-01-09T05:59:59"), "Europe/Kyiv")
    datetime.date(2026, 1, 8)
    >>> night_of(np.datetime64("2026-01-09T06:00:00"), "Europe/Kyiv") is None
    True
    >>> night_of(np.datetime64("2026-01-09T16:00:00"), "Europe/Kyiv")
    datetime.date(2026, 1, 9)
    """
    local = local_time(moment, zone)
    if local.time() >= DUSK:
        return local.date()
    return local.date() - timedelta(days=1) if local.time() < DAWN else None


def _clock(day: date, at: time, zone: str) -> np.datetime64:
    """Return a local clock time as UTC."""
    local = datetime.combine(day, at, ZoneInfo(zone))
    return np.datetime64(local.astimezone(UTC).replace(tzinfo=None), "s")


class IndoorsKeeper:
    """Counts cold homes in each step of one sample."""

    def __init__(self, corridor: Corridor, first: int, steps: int) -> None:
        case, homes = corridor.case, corridor.homes
        number, zone = case.settings.number, case.time_zone
        times = case.network.snapshots[first : first + steps]
        self._corridor, self._people = corridor, corridor.home_people
        self._thresholds = np.array(case.settings.numbers("thresholds.degc"))
        self._warm_degc = number("warming_point.below_degc")
        self._night = [night_of(moment, zone) for moment in times]
        evenings = tuple(dict.fromkeys(night for night in self._night if night is not None))
        self._row = {evening: row for row, evening in enumerate(evenings)}
        shape = (3, len(case.regions), self._thresholds.size)
        day = timedelta(days=1)
        self.indoors = Indoors(
            people_below=np.zeros((steps, *shape)),
            nights=Nights(
                evening=evenings,
                begins=np.array([_clock(e, DUSK, zone) for e in evenings], "datetime64[s]"),
                ends=np.array([_clock(e + day, DAWN, zone) for e in evenings], "datetime64[s]"),
                cold_share=np.zeros((len(evenings), 3, len(homes.group))),
                without_both=np.zeros((len(evenings), corridor.groups)),
            ),
        )

    def copy(self, people_below: Floats | None = None) -> IndoorsKeeper:
        """Return another that goes on from here, with what was counted in the steps until now.

        Parameters
        ----------
        people_below
            Shape (steps until now, 3, regions, thresholds); none of them without it.
        """
        twin, nights = copy(self), self.indoors.nights
        below = np.zeros_like(self.indoors.people_below)
        if people_below is not None:
            below[: len(people_below)] = people_below
        twin.indoors = Indoors(
            people_below=below,
            nights=replace(
                nights,
                cold_share=nights.cold_share.copy(),
                without_both=nights.without_both.copy(),
            ),
        )
        return twin

    def add(self, t: int, step: Step) -> None:
        """Take notice of step number t."""
        corridor, nights = self._corridor, self.indoors.nights
        share = step.before.cohorts[0] / corridor.case.buildings.buildings
        cold = np.zeros(nights.cold_share.shape[1:])
        for cohort in np.flatnonzero(share.any(axis=1)).tolist():
            felt = step.rooms.of_cohort(cohort)
            _count(
                felt.start_degc[:, 0],
                felt.end_degc[:, 0],
                share[cohort],
                corridor.homes.group,
                corridor.case.buildings.region,
                self._people,
                self._thresholds,
                self._warm_degc,
                self.indoors.people_below[t],
                cold,
            )
        evening = self._night[t]
        if evening is None:
            return
        row = self._row[evening]
        no_heat = np.where(step.running[0], share[CLOSED], 1.0)
        # A substation stops with its feeder: who lacks power is taken to be who lacks heat.
        both = np.minimum(no_heat, 1.0 - step.power_share[0])
        np.maximum(nights.cold_share[row], cold, out=nights.cold_share[row])
        np.maximum(nights.without_both[row], both, out=nights.without_both[row])


@compiled
def _count(
    start: Floats,
    end: Floats,
    share: Floats,
    group: Ints,
    region: Ints,
    people: Floats,
    thresholds: Floats,
    warm_degc: float,
    below: Floats,
    cold: Floats,
) -> None:
    """Add people below each threshold at the end of a step, and homes that are cold within it.

    Temperatures (3, homes) of a cohort go one way within a step; ``share`` (groups,) of all
    buildings; ``below`` (3, regions, thresholds) and ``cold`` (3, homes) are added to.
    """
    bands, homes = end.shape
    warmest = warm_degc
    for k in range(thresholds.size):
        warmest = max(warmest, thresholds[k])
    for b in range(bands):
        for h in range(homes):
            low = min(start[b, h], end[b, h])
            if low >= warmest:
                continue
            part = share[group[h]]
            if part <= 0.0:
                continue
            for k in range(thresholds.size):
                if end[b, h] < thresholds[k]:
                    below[b, region[group[h]], k] += part * people[h]
            if low < warm_degc:
                cold[b, h] += part
