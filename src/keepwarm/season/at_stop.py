"""What groups were like when their circulation stopped: what a decision to drain starts from."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Floats
from keepwarm.season.corridor import Corridor
from keepwarm.season.heating import gains_when_cold
from keepwarm.season.step import Step
from keepwarm.warmth.homes import Homes
from keepwarm.warmth.pipes import Pipes
from keepwarm.warmth.rooms import Rooms


@dataclass(frozen=True)
class AtStop:
    """Groups at the beginning of their longest stop of circulation within a run.

    A run that starts from an observed state may begin in a stop: then it is as at the run's start.
    """

    homes: Homes
    rooms: Rooms  # (3, homes)
    pipes: Pipes  # (3, groups, places)
    hour: Floats  # (groups,) from the start of the run; NaN where circulation never stopped
    stood_hours: Floats  # (groups,) for which it had stood by then
    buildings: Floats  # (groups,) with water in their circuits
    mass_degc: Floats  # (3, homes), mean of those buildings
    air_degc: Floats  # (3, groups, places)
    water_degc: Floats  # (3, groups, places)
    frost_k_h: Floats  # (3, groups, places)
    gain_w_per_m2: Floats  # (homes,): with the power and gas of the stop's first step

    @classmethod
    def before(cls, corridor: Corridor) -> AtStop:
        """Return what is known before any stop, to be filled in place."""
        groups, homes = corridor.groups, len(corridor.homes.group)
        shape = corridor.pipes.water_lag_hours.shape
        return cls(
            homes=corridor.homes,
            rooms=corridor.rooms,
            pipes=corridor.pipes,
            hour=np.full(groups, np.nan),
            stood_hours=np.zeros(groups),
            buildings=np.zeros(groups),
            mass_degc=np.full((3, homes), np.nan),
            air_degc=np.full(shape, np.nan),
            water_degc=np.full(shape, np.nan),
            frost_k_h=np.full(shape, np.nan),
            gain_w_per_m2=np.full(homes, np.nan),
        )

    def copy(self) -> AtStop:
        """Return another that can be filled further by itself."""
        twin = copy(self)
        for name, array in vars(self).items():
            if isinstance(array, np.ndarray):
                vars(twin)[name] = array.copy()
        return twin


class StopKeeper:
    """Keeps the state of every group at the beginning of its longest stop so far."""

    def __init__(self, corridor: Corridor) -> None:
        self._corridor = corridor
        self._now, self.longest = AtStop.before(corridor), AtStop.before(corridor)
        self._hours = np.zeros(corridor.groups)

    def copy(self) -> StopKeeper:
        """Return another that goes on from here."""
        twin = copy(self)  # its hours are never changed in place
        twin._now, twin.longest = self._now.copy(), self.longest.copy()
        return twin

    def add(self, hour: float, step: Step) -> None:
        """Take notice of one step of one sample, which begins at an hour of the run."""
        dt = self._corridor.case.network.step_hours
        stopped_hours = step.state.stopped_hours[0]
        stands = stopped_hours > 0
        begins = stands & ((hour == 0.0) | (step.before.stopped_hours[0] == 0.0))
        if begins.any():
            self._note(hour, step, begins)
        longer = stands & (hour + dt - self._now.hour > self._hours)
        self._hours = np.where(longer, hour + dt - self._now.hour, self._hours)
        # Copied once for every stop, not once for every hour of it.
        newer = longer & (self._now.hour != self.longest.hour)
        if newer.any():
            self._copy(newer)

    def _note(self, hour: float, step: Step, which: np.ndarray) -> None:
        corridor, before, now = self._corridor, step.before, self._now
        of_home = which[corridor.homes.group]
        now.hour[which] = hour
        now.stood_hours[which] = before.stopped_hours[0][which]
        now.buildings[which] = before.connected[0][which]
        weight = before.circuit_weight[0][:, corridor.homes.group]
        now.mass_degc[:, of_home] = (before.mass_degc[:, 0] * weight).sum(axis=1)[:, of_home]
        now.air_degc[:, which] = before.zone_degc[:, 0, which]
        now.water_degc[:, which] = before.water_degc[:, 0, which]
        now.frost_k_h[:, which] = before.frost_k_h[:, 0, which]
        now.gain_w_per_m2[of_home] = _gain(corridor, step)[corridor.homes.group][of_home]

    def _copy(self, which: np.ndarray) -> None:
        now, kept, of_home = self._now, self.longest, which[self._corridor.homes.group]
        for name in ("hour", "stood_hours", "buildings"):
            getattr(kept, name)[which] = getattr(now, name)[which]
        for name in ("air_degc", "water_degc", "frost_k_h"):
            getattr(kept, name)[:, which] = getattr(now, name)[:, which]
        kept.mass_degc[:, of_home] = now.mass_degc[:, of_home]
        kept.gain_w_per_m2[of_home] = now.gain_w_per_m2[of_home]


def _gain(corridor: Corridor, step: Step) -> Floats:
    """Heat in homes without heating, W/m2, (groups,), with the power and gas of a step."""
    gas, region = step.before.gas_share[0], corridor.case.buildings.region
    return gains_when_cold(
        corridor,
        power_share=step.power_share[0],
        gas_share=gas[region] if gas.size else np.zeros(corridor.groups),
    )
