"""What adds up over the steps of one sample: hours in the cold, first crossings, stops, plugs."""

from __future__ import annotations

from copy import copy

import numpy as np

from keepwarm.case.nouns import Floats
from keepwarm.season.at_stop import StopKeeper
from keepwarm.season.corridor import Corridor
from keepwarm.season.heating import CENTRAL
from keepwarm.season.step import Step
from keepwarm.warmth.cold_steps import add_cold
from keepwarm.warmth.pipes import CIRCUIT

#: The band whose pipes plug first.
SOONEST = 0


class Reached:
    """How far a sample has come; see `keepwarm.season.record.Season` for what is counted."""

    def __init__(self, corridor: Corridor) -> None:
        groups, case = corridor.groups, corridor.case
        self._corridor, self._dt = corridor, case.network.step_hours
        self._thresholds = np.array(case.settings.numbers("thresholds.degc"))
        # Thresholds before homes in memory: most of them are never crossed.
        shape = (3, self._thresholds.size, len(corridor.homes.group))
        self.first_below = np.full(shape, np.nan).swapaxes(1, 2)
        self.hours_below, self.degree_hours = np.zeros((2, *shape)).swapaxes(2, 3)
        self._now_stopped, self.first_stop = np.full(groups, np.nan), np.full(groups, np.nan)
        self.plug_stop = np.full((3, groups), np.nan)
        self.zero, self.plug = np.full((3, groups), np.nan), np.full((3, groups), np.nan)
        self.burst = np.full((3, groups), np.nan)
        self.weakest = np.full(groups, np.nan)
        self.frozen_band = np.zeros((3, groups))
        self.stops = StopKeeper(corridor)

    def copy(self) -> Reached:
        """Return another that goes on from here: what one adds the other does not see."""
        twin = copy(self)
        for name, array in vars(self).items():
            if isinstance(array, np.ndarray):
                setattr(twin, name, array.copy(order="K"))
        twin.stops = self.stops.copy()
        return twin

    def add(self, t: int, step: Step) -> None:
        """Add step number t of a walk."""
        self._add_rooms(t, step)
        self._add_pipes(t, step)
        self.stops.add(t * self._dt, step)

    def _add_rooms(self, t: int, step: Step) -> None:
        room, homes = step.rooms, self._corridor.homes
        share = step.before.cohorts[0] / self._corridor.case.buildings.buildings
        for cohort in np.flatnonzero(step.before.lived_in[0]).tolist():
            felt = room.of_cohort(cohort)
            add_cold(
                felt.start_degc[:, 0],
                felt.limit_degc[:, 0],
                step.response.tau_of_bands(0),
                share[cohort, homes.group],
                self._thresholds,
                t * self._dt,
                self._dt,
                self.first_below,
                self.hours_below,
                self.degree_hours,
            )

    def _add_pipes(self, t: int, step: Step) -> None:
        """Keep the first plug of each band with its stop, and the zone that plugs first."""
        dt, flows, pipes = self._dt, step.flows[0], step.pipes
        if t > 0 and flows.all() and self._quiet(step):
            return
        begun = ~flows & np.isnan(self._now_stopped)
        # A run that starts from an observed state may start in the middle of a stop.
        since = np.maximum(step.state.stopped_hours[0] - dt, 0.0) if t == 0 else 0.0
        self._now_stopped = np.where(begun, t * dt - since, self._now_stopped)
        self._now_stopped = np.where(flows, np.nan, self._now_stopped)
        self.first_stop = np.where(np.isnan(self.first_stop), self._now_stopped, self.first_stop)
        was_open = np.isnan(self.plug)
        for kept, times in (
            (self.zero, pipes.hours_to_zero),
            (self.plug, pipes.hours_to_plug),
            (self.burst, pipes.hours_to_burst),
        ):
            kept[:] = np.fmin(kept, t * dt + _soonest(times[:, 0, :, CIRCUIT]))
        newly = was_open & np.isfinite(self.plug)
        # Water that moves too slowly is stopped by the plug itself.
        begun_at = np.where(np.isnan(self._now_stopped), self.plug, self._now_stopped)
        self.plug_stop = np.where(newly, begun_at, self.plug_stop)
        plugged = np.isfinite(_soonest(pipes.hours_to_plug[:, 0, :, CIRCUIT]))
        before = step.before
        full = before.connected[0] + before.draining[0] + before.frozen[0]
        frozen = np.where(plugged, full, before.frozen[0] if t == 0 else 0.0)
        frozen[CENTRAL] = step.state.frozen[0]
        self.frozen_band = np.maximum(self.frozen_band, frozen)
        soonest = pipes.hours_to_plug[SOONEST, 0, :, CIRCUIT]
        ranked = np.where(np.isfinite(soonest), soonest, np.inf).argmin(axis=-1)
        self.weakest = np.where(newly[SOONEST], ranked, self.weakest)

    def _quiet(self, step: Step) -> bool:
        """Whether no pipe is cold, and none was when the last step ended."""
        stopped = np.isfinite(self._now_stopped).any() or step.state.frozen.any()
        return not stopped and bool(np.isnan(step.pipes.hours_to_zero).all())


def _soonest(hours: Floats) -> Floats:
    """Return the earliest over the places of a building, NaN where none comes."""
    return np.asarray(np.fmin.reduce(hours, axis=-1))
