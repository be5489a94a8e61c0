"""What a step's dispatch came to, and who has power by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from keepwarm.case.nouns import Bools, Floats
from keepwarm.network import Bounds, Dispatch, Template, read_dispatch
from keepwarm.season.corridor import Corridor
from keepwarm.season.state import share_served
from keepwarm.solve.solution import Solutions


@dataclass(frozen=True)
class Solved:
    """The linear program that each sample's step ended with, and what came out.

    Rows of a sample without a solution are not numbers.
    """

    template: Template
    solution: Solutions
    need_mw: Floats  # (samples, needs)
    shed_mw: Floats  # (samples, needs)
    available: Floats  # (samples, assets), restarts included
    accepting: Floats  # (samples, groups): share whose own substation runs
    bounding: Callable[[], Bounds]  # makes the bounds of all samples

    @property
    def optimal(self) -> Bools:
        """Mark the samples that have a solution, (samples,)."""
        return np.array([status == "optimal" for status in self.solution.status], dtype=np.bool_)

    @cached_property
    def bounds(self) -> Bounds:
        """What the program was asked last."""
        return self.bounding()

    @cached_property
    def dispatch(self) -> Dispatch:
        """The solution, by name."""
        return read_dispatch(self.template, self.solution.x, self.solution.row_dual)


def power_shed_share(corridor: Corridor, need_mw: Floats, shed_mw: Floats) -> Floats:
    """Return the share of household power shed at each bus, (samples, buses), zero if none."""
    which = corridor.bus_power_need
    if not len(corridor.template.needs):
        return np.zeros((len(need_mw), which.size))
    share = share_served(shed_mw.take(which, axis=-1), need_mw.take(which, axis=-1))
    return np.where(which >= 0, 1 - share, 0.0)


def power_of_groups(corridor: Corridor, shed_share: Floats) -> Floats:
    """Return the share of household power that each group has, (samples, groups)."""
    bus = corridor.case.buildings.power_bus
    return np.where(bus >= 0, 1 - shed_share.take(np.maximum(bus, 0), axis=-1), 1.0)
