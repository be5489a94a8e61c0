"""A window of steps: what is known of it, what somebody would do in it, what a plan does."""

from __future__ import annotations

from dataclasses import dataclass

from keepwarm.case.nouns import Floats, Ints
from keepwarm.season.homes import Homes


@dataclass(frozen=True)
class Window:
    """What is known, or taken for granted, of the steps ahead."""

    hours: Ints  # (steps,): rows of the case's series
    need_mw: Floats  # (steps, needs): all but the heat of homes
    available: Floats  # (steps, assets)
    level_mwh: Floats  # (storages,) at the start
    least_mwh: Floats  # (steps, storages): no level ends its step below
    least_shed_mw: Floats  # (steps, needs): no need is served better
    homes: Homes | None = None
    #: Currency per MWh held at the end of a step and hour, (storages,).
    holding_cost: Floats | float = 0.0

    def __len__(self) -> int:
        return len(self.hours)


@dataclass(frozen=True)
class Course:
    """What somebody else would do with stores and heat."""

    charge_mw: Floats  # (steps, storages)
    discharge_mw: Floats  # (steps, storages)
    heat_mw: Floats  # (steps, homes)


@dataclass(frozen=True)
class Plan:
    """What the program would do; axes step, then asset, need or home."""

    charge_mw: Floats
    discharge_mw: Floats
    level_mwh: Floats  # at the end of each step
    worth_per_mwh: Floats  # (steps, storages): what one MWh more in store would save
    shed_mw: Floats  # (steps, needs)
    heat_mw: Floats  # (steps, homes)
    felt_degc: Floats  # (steps, homes): operative, at the end of each step
    #: Currency over the window, before perturbation: sources, shed, cold homes; without the value
    #: of what is left in stores and missing in walls at the end.
    objective: float
    end_value: float  # currency: the value of stores at the end less the price of cold walls
    pivots: int
