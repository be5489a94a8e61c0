"""What a step's dispatch came to, and who has power by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled
from keepwarm.network import Bounds, Dispatch, Template, read_dispatch
from keepwarm.season.corridor import Corridor
from keepwarm.season.dispatch_steps import served_share
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
    share = np.empty((len(need_mw), corridor.bus_power_need.size))
    _serve(corridor.bus_power_need, need_mw, shed_mw, 1.0, share)
    return 1.0 - share


def gas_share(corridor: Corridor, need_mw: Floats, shed_mw: Floats) -> Floats:
    """Return the share of household gas served in each region, (samples, regions), zero if none."""
    share = np.empty((len(need_mw), corridor.gas_need.size))
    _serve(corridor.gas_need, need_mw, shed_mw, 0.0, share)
    return share


@compiled
def _serve(which: Ints, need: Floats, shed: Floats, without: float, share: Floats) -> None:
    """Work out which share of some needs is served; ``without`` where there is no such need."""
    for s in range(share.shape[0]):
        for k in range(which.size):
            n, served = which[k], without
            if n >= 0:
                served = 1.0
                if need[s, n] > 1e-9:
                    served = served_share(need[s, n] - shed[s, n], need[s, n])
            share[s, k] = served


def power_of_groups(corridor: Corridor, shed_share: Floats) -> Floats:
    """Return the share of household power that each group has, (samples, groups)."""
    bus = corridor.case.buildings.power_bus
    share = np.empty((len(shed_share), bus.size))
    _have_power(bus, np.ascontiguousarray(shed_share, np.float64), share)
    return share


@compiled
def _have_power(bus: Ints, shed_share: Floats, share: Floats) -> None:
    for s in range(share.shape[0]):
        for g in range(bus.size):
            share[s, g] = 1.0 - shed_share[s, bus[g]] if bus[g] >= 0 else 1.0
