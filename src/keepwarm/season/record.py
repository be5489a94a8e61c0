"""What a season leaves behind: arrays over its steps, axes hour, then place or asset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from keepwarm.case.nouns import Bools, Case, Floats, Times
from keepwarm.network import Template
from keepwarm.season.at_stop import AtStop
from keepwarm.season.audit import Audit
from keepwarm.season.corridor import Corridor
from keepwarm.season.heating import CENTRAL
from keepwarm.season.indoors import Indoors, IndoorsKeeper
from keepwarm.season.people import census, people_without
from keepwarm.season.plants import short_buses
from keepwarm.season.reached import Reached
from keepwarm.season.state import State
from keepwarm.season.step import Step
from keepwarm.season.told import STATES, states_of
from keepwarm.warmth.homes import Homes


@dataclass(frozen=True)
class Season:
    """One sample of one season, step by step.

    Hours count from the first step; a NaN hour never came. Band first where there is one.
    """

    case: Case
    template: Template
    times: Times  # (hours,), start of each step
    need_mw: Floats  # (hours, needs): put to the network
    shed_mw: Floats  # (hours, needs)
    not_asked_mw: Floats  # (hours, groups): heat need of buildings that could take none
    objective: Floats  # (hours,), before perturbation, currency per hour
    generator_mw: Floats
    link_mw: Floats
    flow_mw: Floats
    charge_mw: Floats
    discharge_mw: Floats
    spill_mw: Floats  # (hours, buses)
    level_mwh: Floats  # (hours, storages), at the end of each step
    available: Floats  # (hours, assets), restarts included
    short: Bools  # (hours, buses): one more MWh there would be shed
    bus_price: Floats  # (hours, buses): what one more MWh there would cost, currency per MWh
    operative_degc: Floats  # (hours, 3, groups), mean of a group's homes at the end of each step
    heat_share: Floats  # (hours, groups) of the full need
    full_heat_mw: Floats  # (hours, groups)
    power_share: Floats  # (hours, groups)
    running: Bools  # (hours, groups): water circulates
    circuits: Floats  # (hours, states, groups) buildings, states in the order of `STATES`
    burst: Floats  # (groups,): frozen buildings whose weakest pipe burst, central
    people_without: Mapping[str, Floats]  # service -> (hours, regions)
    thresholds_degc: Floats  # (thresholds,)
    homes: Homes  # which group and position a home is
    home_people: Floats  # (homes,)
    first_below_hour: Floats  # (3, homes, thresholds): in any of its buildings
    hours_below: Floats  # (3, homes, thresholds): mean over its buildings
    degree_hours_below: Floats  # (3, homes, thresholds)
    indoors: Indoors
    stopped_hour: Floats  # (groups,): start of the first stop of circulation
    plug_stopped_hour: Floats  # (3, groups): start of the stop in which the pipe first plugs
    zero_hour: Floats  # (3, groups): water in the weakest pipe at 0 degC, were it not drained
    frozen_band: Floats  # (3, groups): buildings frozen, or still full when their pipe plugs
    plug_hour: Floats  # (3, groups): ice plugs the weakest pipe, were it not drained
    #: Where the soonest band plugs: index into warmth.pipes.PLACES, NaN where none does; (groups,).
    weakest_zone: Floats
    at_stop: AtStop
    final: State
    audit: Audit

    @property
    def step_hours(self) -> float:
        """Length of a step, h."""
        return self.case.network.step_hours

    @cached_property
    def group_first_below_hour(self) -> Floats:
        """The first hour in any home of a group, (3, groups, thresholds)."""
        if not self.homes.first.size:
            return self.first_below_hour
        hours = np.nan_to_num(self.first_below_hour, nan=np.inf)
        first = np.minimum.reduceat(hours, self.homes.first, axis=1)
        return np.where(np.isfinite(first), first, np.nan)

    @cached_property
    def group_hours_below(self) -> Floats:
        """The mean over the people of a group, (3, groups, thresholds)."""
        return np.moveaxis(self.homes.mean(np.moveaxis(self.hours_below, 1, -1)), -1, 1)

    @cached_property
    def drained(self) -> Floats:
        """Buildings without water in their circuit that crews emptied, (hours, groups)."""
        return self.of_state("draining") + self.of_state("drained") + self.of_state("refilling")

    @property
    def frozen(self) -> Floats:
        """Buildings whose circuit froze, (hours, groups)."""
        return self.of_state("frozen")

    def of_state(self, name: str) -> Floats:
        """Return the buildings in one of `STATES`, (hours, groups)."""
        return np.asarray(self.circuits[:, STATES.index(name)])

    @cached_property
    def first_row(self) -> int:
        """Row of the case's snapshots at which the season starts."""
        return int(np.searchsorted(self.case.network.snapshots, self.times[0]))


@dataclass(frozen=True)
class Mark:
    """How far a recorder has come: all but what it keeps step by step."""

    reached: Reached
    indoors: IndoorsKeeper


class Recorder:
    """Collects the steps of one sample into the arrays of a `Season`."""

    def __init__(self, corridor: Corridor, first: int, steps: int) -> None:
        case, n = corridor.case, corridor.groups
        network = case.network
        self._corridor, self._first, self._steps = corridor, first, steps
        widths = {
            "need_mw": len(corridor.template.needs),
            "shed_mw": len(corridor.template.needs),
            "not_asked_mw": n,
            "generator_mw": len(network.generators),
            "link_mw": len(network.links),
            "flow_mw": len(network.branches),
            "charge_mw": len(network.storages),
            "discharge_mw": len(network.storages),
            "spill_mw": len(network.buses),
            "bus_price": len(network.buses),
            "level_mwh": len(network.storages),
            "available": len(network.assets),
            "heat_share": n,
            "full_heat_mw": n,
            "power_share": n,
        }
        # Rows are filled step by step; tables that are cut by band or state have these first.
        self._series: dict[str, Floats] = {
            name: np.zeros((steps, width)) for name, width in widths.items()
        }
        self._series["objective"] = np.zeros(steps)
        self._series["operative_degc"] = np.zeros((3, steps, n)).swapaxes(0, 1)
        self._series["circuits"] = np.zeros((len(STATES), steps, n)).swapaxes(0, 1)
        self._short = np.zeros((steps, len(network.buses)), dtype=np.bool_)
        self._running = np.zeros((steps, n), dtype=np.bool_)
        self._reached = Reached(corridor)
        self._indoors = IndoorsKeeper(corridor, first, steps)

    def add(self, t: int, step: Step) -> None:
        """Record step number t of a walk of one sample."""
        dispatch, state = step.solved.dispatch, step.state
        rows = {
            "need_mw": step.solved.need_mw,
            "shed_mw": dispatch.shed_mw,
            "not_asked_mw": step.not_asked_mw,
            "generator_mw": dispatch.generator_mw,
            "link_mw": dispatch.link_mw,
            "flow_mw": dispatch.flow_mw,
            "charge_mw": dispatch.charge_mw,
            "discharge_mw": dispatch.discharge_mw,
            "spill_mw": dispatch.spill_mw,
            "bus_price": dispatch.bus_price,
            "level_mwh": state.level_mwh,
            "available": step.solved.available,
            "heat_share": step.heat_share,
            "full_heat_mw": step.heat.full_mw,
            "power_share": step.power_share,
            "objective": dispatch.objective,
        }
        for name, row in rows.items():
            self._series[name][t] = row[0]
        self._short[t] = short_buses(self._corridor.template, dispatch)[0]
        self._running[t] = step.running[0]
        self._add_groups(t, step)
        self._reached.add(t, step)
        self._indoors.add(t, step)

    def _add_groups(self, t: int, step: Step) -> None:
        """Keep the mean temperature of each group's homes, and its buildings by state."""
        room, homes = step.rooms, self._corridor.homes
        share = step.before.cohorts[0] / self._corridor.case.buildings.buildings
        for cohort in np.flatnonzero(step.before.lived_in[0]).tolist():
            end = homes.mean(room.of_cohort(cohort).end_degc[:, 0])
            self._series["operative_degc"][t] += end * share[cohort]
        told = states_of(self._corridor, step.before, step.state, step.flows, step.rooms)[0]
        for k in np.flatnonzero(told.any(axis=-1)).tolist():  # most states are rare
            self._series["circuits"][t, k] = told[k]

    def mark(self) -> Mark:
        """Return how far this has come, to `resume` from."""
        return Mark(self._reached.copy(), self._indoors.copy())

    def resume(self, season: Season, steps: int, mark: Mark) -> None:
        """Take the first steps over from a season, which had come as far as a mark by then."""
        for name, table in self._series.items():
            table[:steps] = getattr(season, name)[:steps]
        self._short[:steps], self._running[:steps] = season.short[:steps], season.running[:steps]
        self._reached = mark.reached.copy()
        self._indoors = mark.indoors.copy(season.indoors.people_below[:steps])

    def season(self, final: State, audit: Audit) -> Season:
        """Return what was recorded."""
        corridor, series, reached = self._corridor, self._series, self._reached
        case = corridor.case
        return Season(
            case=case,
            template=corridor.template,
            times=case.network.snapshots[self._first : self._first + self._steps],
            short=self._short,
            running=self._running,
            people_without=people_without(
                census(case, corridor.template.needs),
                need_mw=series["need_mw"],
                shed_mw=series["shed_mw"],
                heat_share=series["heat_share"],
                power_share=series["power_share"],
            ),
            thresholds_degc=np.array(case.settings.numbers("thresholds.degc")),
            first_below_hour=reached.first_below,
            hours_below=reached.hours_below,
            degree_hours_below=reached.degree_hours,
            indoors=self._indoors.indoors,
            stopped_hour=reached.first_stop,
            plug_stopped_hour=reached.plug_stop,
            zero_hour=reached.zero,
            plug_hour=reached.plug,
            frozen_band=reached.frozen_band,
            weakest_zone=reached.weakest,
            at_stop=reached.stops.longest,
            burst=np.where(np.isfinite(reached.burst[CENTRAL]), final.frozen, 0.0),
            homes=corridor.homes,
            home_people=corridor.home_people,
            final=final,
            audit=audit,
            **series,
        )
