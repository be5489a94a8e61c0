"""What is kept of a sample when its season is over: sums, no series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import CARRIERS, Bools, Case, Floats, Ints
from keepwarm.case.times import local_time
from keepwarm.network import Needs, Template, sum_by_place, sum_places
from keepwarm.season.corridor import HOUSEHOLD, Corridor
from keepwarm.season.orders import rotation_on_buses
from keepwarm.season.people import SERVICES, census
from keepwarm.season.step import Step
from keepwarm.season.tally_steps import Counted, Desk, Given, Sums, add_step


@dataclass(frozen=True)
class Totals:
    """What samples came to over their season, one row each.

    Carriers stand in the order of `CARRIERS`, services in that of `SERVICES`, thresholds in that of
    the case. *Places* are the case's regions, and one more at the end for what belongs to none.
    """

    sample: Ints  # (samples,): their numbers in the run
    need_mwh: Floats  # (samples, carriers)
    unserved_mwh: Floats  # (samples, carriers)
    short_hours: Floats  # (samples, carriers): with more than SHORT_MW shed
    short_spells: Floats  # (samples, carriers): how often a step is short and the one before not
    need_mwh_by_place: Floats  # (samples, carriers, places), as those that follow
    unserved_mwh_by_place: Floats
    short_hours_by_place: Floats
    short_spells_by_place: Floats
    people_hours_without: Floats  # (samples, services, regions)
    people_hours_below: Floats  # (samples, thresholds), central band
    people_hours_below_by_place: Floats  # (samples, thresholds, places)
    drained: Floats  # (samples,): buildings emptied by crews, the most at once of each group
    frozen: Floats  # (samples,): buildings frozen, the most at once of each group
    drained_by_place: Floats  # (samples, places)
    frozen_by_place: Floats  # (samples, places)
    #: (samples,): local days with a step in which more of the households' power is shed than
    #: rotation covers (``rotation.most_queues`` of ``rotation.queues``).
    emergency_days: Floats


class Tally:
    """Adds up the steps of some samples.

    Parameters
    ----------
    corridor
        The prepared case.
    samples
        Shape (samples,): their numbers in the run.
    """

    def __init__(self, corridor: Corridor, samples: Ints) -> None:
        case, count = corridor.case, len(samples)
        self._case, self._samples, self._people = case, samples, corridor.home_people
        self._counted = counted_of(corridor)
        self._places = len(case.regions) + 1
        self._thresholds = np.array(case.settings.numbers("thresholds.degc"))
        self._home_place = self._counted.place[corridor.homes.group]
        self._below = np.zeros((count, self._places, self._thresholds.size))
        self._sums, self._desk = empty_sums(self._counted, count), empty_desk(self._counted)

    def add(self, step: Step, row: int) -> None:
        """Add one step of all samples; ``row`` is that of the case's snapshots."""
        day = local_time(self._case.network.snapshots[row], self._case.time_zone).toordinal()
        state = step.state
        given = Given(
            step.solved.need_mw,
            step.solved.shed_mw,
            step.not_asked_mw,
            step.heat_share,
            step.power_share,
            state.draining,
            state.drained,
            state.refilling,
            state.frozen,
        )
        add_step(self._counted, given, self._desk, day, self._sums)
        self._below += step.rooms.people_hours_below(
            step.before.cohorts / self._case.buildings.buildings,
            self._people,
            self._home_place,
            self._places,
            self._thresholds,
            self._case.network.step_hours,
        )

    def keep(self, rows: Bools) -> None:
        """Drop the samples that are not marked, (samples,)."""
        self._samples, self._below = self._samples[rows], self._below[rows]
        self._sums = Sums(*(array[rows] for array in self._sums))

    @property
    def totals(self) -> Totals:
        """What the samples have come to so far."""
        return totals_of(self._counted, self._samples, self._sums, self._below.swapaxes(1, 2))


def empty_sums(counted: Counted, samples: int) -> Sums:
    """Return the sums of so many samples before their first step."""
    regions, groups = counted.region_weight.size, counted.place.size
    cells = counted.carriers * counted.places
    widths = {"without": (len(SERVICES), regions), "emergency": (), "last_day": ()}
    widths |= dict.fromkeys(Sums._fields[:5], (counted.carriers,))
    widths |= dict.fromkeys(Sums._fields[5:10], (cells,))
    widths |= dict.fromkeys(("drained", "frozen"), (groups,))
    return Sums(**{name: np.zeros((samples, *width)) for name, width in widths.items()})


def empty_desk(counted: Counted) -> Desk:
    """Allocate the work space of one sample."""
    cells = counted.carriers * counted.places
    return Desk(*np.empty((2, cells)), *np.empty((2, counted.bus_region.size)))


def totals_of(counted: Counted, samples: Ints, sums: Sums, below: Floats) -> Totals:
    """Return sums as totals.

    Parameters
    ----------
    samples
        Shape (samples,): their numbers in the run.
    below
        Shape (samples, thresholds, places): person-hours.
    """

    def places(table: Floats) -> Floats:
        return table.reshape(len(table), counted.carriers, counted.places).copy()

    drained, frozen = (
        sum_by_place(most, counted.place, counted.places) for most in (sums.drained, sums.frozen)
    )
    return Totals(
        sample=samples,
        need_mwh=sums.need.copy(),
        unserved_mwh=sums.unserved.copy(),
        short_hours=sums.short.copy(),
        short_spells=sums.spells.copy(),
        need_mwh_by_place=places(sums.need_at),
        unserved_mwh_by_place=places(sums.unserved_at),
        short_hours_by_place=places(sums.short_at),
        short_spells_by_place=places(sums.spells_at),
        people_hours_without=sums.without.copy(),
        people_hours_below=sum_places(below),
        people_hours_below_by_place=below.copy(),
        drained=sum_places(drained),
        frozen=sum_places(frozen),
        drained_by_place=drained,
        frozen_by_place=frozen,
        emergency_days=sums.emergency.copy(),
    )


def counted_of(corridor: Corridor) -> Counted:
    """Lay out which sum each need and group belongs to."""
    case, needs = corridor.case, corridor.template.needs
    who, buses = census(case, needs), case.network.buses
    places, heat = len(case.regions) + 1, CARRIERS.index("heat")
    region = np.where(buses.region >= 0, buses.region, places - 1)
    place = np.where(case.buildings.region >= 0, case.buildings.region, places - 1)
    carrier = np.array([CARRIERS.index(name) for name in buses.carrier], dtype=np.int64)
    nobody = np.zeros(len(buses))
    return Counted(
        hours=case.network.step_hours,
        carriers=len(CARRIERS),
        places=places,
        cell=(carrier * places + region)[needs.bus],
        heat_cell=heat * places + place,
        place=place,
        feeder=_feeders(case, needs).astype(np.int64),
        rotated=_rotated(case)[needs.bus],
        counted_at=who.counted_at,
        on_bus=np.array([who.on_bus.get(service, nobody) for service in SERVICES]),
        bus_region=who.bus_region,
        by_group=np.array([service not in who.on_bus for service in SERVICES], dtype=np.int64),
        group_people=who.group_people,
        group_region=who.group_region,
        region_weight=who.region_weight,
        heat_service=SERVICES.index("heat"),
    )


def _feeders(case: Case, needs: Needs) -> Bools:
    """Mark the needs of households for power, (needs,)."""
    power = np.array([carrier == "power" for carrier in case.network.buses.carrier], dtype=np.bool_)
    return np.asarray((needs.tier == HOUSEHOLD) & power[needs.bus])


def _rotated(case: Case) -> Floats:
    """Return the share of each bus's load that may be cut before a schedule is void, (buses,)."""
    groups, member = rotation_on_buses(case)
    number = case.settings.number
    most = min(number("rotation.most_queues") / number("rotation.queues"), 1.0)
    return np.asarray(most * member[:, ~groups.exempt].sum(axis=1))


def energy_by_carrier(
    template: Template, *, need_mw: Floats, shed_mw: Floats, not_asked_mw: Floats
) -> tuple[Floats, Floats]:
    """Return need and shed in MW, each (rows, carriers), carriers in the order of `CARRIERS`.

    Heat counts what drained and frozen buildings, and those whose substation has no power, would
    need as well: the network is not asked for it, and it is shed.

    Parameters
    ----------
    need_mw, shed_mw
        Shape (rows, needs), the rows being hours or samples.
    not_asked_mw
        Shape (rows, groups).
    """
    names = template.network.buses.carrier
    carrier = np.array([CARRIERS.index(name) for name in names], dtype=np.int64)
    place = carrier[template.needs.bus]
    need, shed = (sum_by_place(mw, place, len(CARRIERS)) for mw in (need_mw, shed_mw))
    closed, heat = sum_places(not_asked_mw), CARRIERS.index("heat")
    need[:, heat] += closed
    shed[:, heat] += closed
    return need, shed
