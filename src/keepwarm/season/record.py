"""What a season leaves behind: arrays over its steps, axes hour, then place or asset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from keepwarm.case.nouns import Bools, Case, Floats, Times
from keepwarm.network import Template
from keepwarm.season.at_stop import AtStop, StopKeeper
from keepwarm.season.audit import Audit
from keepwarm.season.corridor import Corridor
from keepwarm.season.heating import CENTRAL
from keepwarm.season.indoors import Indoors, IndoorsKeeper
from keepwarm.season.people import census, people_without
from keepwarm.season.plants import short_buses
from keepwarm.season.state import State
from keepwarm.season.step import Step
from keepwarm.season.told import STATES, states_of
from keepwarm.warmth.cold_steps import add_cold
from keepwarm.warmth.homes import Homes
from keepwarm.warmth.pipes import CIRCUIT


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


#: The band whose pipes plug first.
SOONEST = 0


def _soonest(hours: Floats) -> Floats:
    """Return the earliest over the places of a building, NaN where none comes."""
    return np.asarray(np.fmin.reduce(hours, axis=-1))


class Recorder:
    """Collects the steps of one sample into the arrays of a `Season`."""

    def __init__(self, corridor: Corridor, first: int, steps: int) -> None:
        case, n = corridor.case, corridor.groups
        network, thresholds = case.network, case.settings.numbers("thresholds.degc")
        self._corridor, self._first, self._steps = corridor, first, steps
        self._thresholds = np.array(thresholds)
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
            "level_mwh": len(network.storages),
            "available": len(network.assets),
            "heat_share": n,
            "full_heat_mw": n,
            "power_share": n,
        }
        # Rows are filled step by step; tables that are cut by band or state have these first.
        self._tables = {name: np.zeros((steps, width)) for name, width in widths.items()}
        self._objective = np.empty(steps)
        self._short = np.empty((steps, len(network.buses)), dtype=np.bool_)
        self._bus_price = np.empty((steps, len(network.buses)))
        self._running = np.empty((steps, n), dtype=np.bool_)
        self._operative = np.zeros((3, steps, n)).swapaxes(0, 1)
        self._circuits = np.zeros((len(STATES), steps, n)).swapaxes(0, 1)
        self._burst = np.full((3, n), np.nan)
        # Thresholds before homes in memory: most of them are never crossed.
        shape = (3, self._thresholds.size, len(corridor.homes.group))
        self._first_below = np.full(shape, np.nan).swapaxes(1, 2)
        self._hours_below, self._degree_hours = np.zeros((2, *shape)).swapaxes(2, 3)
        self._now_stopped, self._first_stop = np.full(n, np.nan), np.full(n, np.nan)
        self._plug_stop = np.full((3, n), np.nan)
        self._zero, self._plug = np.full((3, n), np.nan), np.full((3, n), np.nan)
        self._weakest = np.full(n, np.nan)
        self._frozen_band = np.zeros((3, n))
        self._stops = StopKeeper(corridor)
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
            "level_mwh": state.level_mwh,
            "available": step.solved.available,
            "heat_share": step.heat_share,
            "full_heat_mw": step.heat.full_mw,
            "power_share": step.power_share,
        }
        for name, row in rows.items():
            self._tables[name][t] = row[0]
        self._objective[t] = dispatch.objective[0]
        self._short[t] = short_buses(self._corridor.template, dispatch)[0]
        self._bus_price[t] = dispatch.bus_price[0]
        self._running[t] = step.running[0]
        self._add_rooms(t, step)
        told = states_of(self._corridor, step.before, state, step.flows, step.rooms)[0]
        for k in np.flatnonzero(told.any(axis=-1)).tolist():  # most states are rare
            self._circuits[t, k] = told[k]
        self._add_pipes(t, step)
        self._stops.add(t * self._corridor.case.network.step_hours, step)
        self._indoors.add(t, step)

    def _add_rooms(self, t: int, step: Step) -> None:
        dt, room, homes = self._corridor.case.network.step_hours, step.rooms, self._corridor.homes
        share = step.before.cohorts[0] / self._corridor.case.buildings.buildings
        self._operative[t] = 0.0
        for cohort in np.flatnonzero(step.before.lived_in[0]).tolist():
            felt = room.of_cohort(cohort)
            self._operative[t] += homes.mean(felt.end_degc[:, 0]) * share[cohort]
            add_cold(
                felt.start_degc[:, 0],
                felt.limit_degc[:, 0],
                step.response.tau_of_bands(0),
                share[cohort, homes.group],
                self._thresholds,
                t * dt,
                dt,
                self._first_below,
                self._hours_below,
                self._degree_hours,
            )

    def _add_pipes(self, t: int, step: Step) -> None:
        """Keep the first plug of each band with its stop, and the zone that plugs first."""
        dt = self._corridor.case.network.step_hours
        flows, pipes = step.flows[0], step.pipes
        if t > 0 and flows.all() and self._quiet(step):
            return
        begun = ~flows & np.isnan(self._now_stopped)
        # A run that starts from an observed state may start in the middle of a stop.
        since = np.maximum(step.state.stopped_hours[0] - dt, 0.0) if t == 0 else 0.0
        self._now_stopped = np.where(begun, t * dt - since, self._now_stopped)
        self._now_stopped = np.where(flows, np.nan, self._now_stopped)
        self._first_stop = np.where(np.isnan(self._first_stop), self._now_stopped, self._first_stop)
        was_open = np.isnan(self._plug)
        for kept, times in (
            (self._zero, pipes.hours_to_zero),
            (self._plug, pipes.hours_to_plug),
            (self._burst, pipes.hours_to_burst),
        ):
            kept[:] = np.fmin(kept, t * dt + _soonest(times[:, 0, :, CIRCUIT]))
        newly = was_open & np.isfinite(self._plug)
        # Water that moves too slowly is stopped by the plug itself.
        begun_at = np.where(np.isnan(self._now_stopped), self._plug, self._now_stopped)
        self._plug_stop = np.where(newly, begun_at, self._plug_stop)
        plugged = np.isfinite(_soonest(pipes.hours_to_plug[:, 0, :, CIRCUIT]))
        before = step.before
        full = before.connected[0] + before.draining[0] + before.frozen[0]
        frozen = np.where(plugged, full, before.frozen[0] if t == 0 else 0.0)
        frozen[CENTRAL] = step.state.frozen[0]
        self._frozen_band = np.maximum(self._frozen_band, frozen)
        soonest = pipes.hours_to_plug[SOONEST, 0, :, CIRCUIT]
        ranked = np.where(np.isfinite(soonest), soonest, np.inf).argmin(axis=-1)
        self._weakest = np.where(newly[SOONEST], ranked, self._weakest)

    def _quiet(self, step: Step) -> bool:
        """Whether no pipe is cold, and none was when the last step ended."""
        stopped = np.isfinite(self._now_stopped).any() or step.state.frozen.any()
        return not stopped and bool(np.isnan(step.pipes.hours_to_zero).all())

    def season(self, final: State, audit: Audit) -> Season:
        """Return what was recorded."""
        corridor, tables = self._corridor, self._tables
        network = corridor.case.network
        return Season(
            case=corridor.case,
            template=corridor.template,
            times=network.snapshots[self._first : self._first + self._steps],
            objective=self._objective,
            short=self._short,
            bus_price=self._bus_price,
            running=self._running,
            operative_degc=self._operative,
            people_without=people_without(
                census(corridor.case, corridor.template.needs),
                need_mw=tables["need_mw"],
                shed_mw=tables["shed_mw"],
                heat_share=tables["heat_share"],
                power_share=tables["power_share"],
            ),
            thresholds_degc=self._thresholds,
            first_below_hour=self._first_below,
            hours_below=self._hours_below,
            degree_hours_below=self._degree_hours,
            indoors=self._indoors.indoors,
            stopped_hour=self._first_stop,
            plug_stopped_hour=self._plug_stop,
            zero_hour=self._zero,
            plug_hour=self._plug,
            frozen_band=self._frozen_band,
            weakest_zone=self._weakest,
            at_stop=self._stops.longest,
            circuits=self._circuits,
            burst=np.where(np.isfinite(self._burst[CENTRAL]), final.frozen, 0.0),
            homes=corridor.homes,
            home_people=corridor.home_people,
            final=final,
            audit=audit,
            **tables,
        )
