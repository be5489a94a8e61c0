"""What a season carries from step to step."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled

#: Buildings of a group that share a temperature: never emptied since the start; filled again and
#: not yet warm; without a circuit that heat could come through.
KEPT, RETURNING, CLOSED = range(3)
COHORTS = ("kept", "returning", "closed")

#: What the circuits of the closed buildings are; with kept and returning they are all buildings.
CLOSED_STATES = ("draining", "drained", "refilling", "damaged", "frozen")


@dataclass(frozen=True)
class State:
    """The whole memory of a season between two steps; a run can stop and start here.

    The shapes are those of one sample. While samples are walked, every array has an axis of
    samples before that of places: (samples, groups), (3, samples, cohorts, homes).
    """

    level_mwh: Floats  # (storages,)
    mass_degc: Floats  # (3, cohorts, homes): 5R1C mass node
    zone_degc: Floats  # (3, groups, places): air around the pipes
    water_degc: Floats  # (3, groups, places): water in the pipe there
    frost_k_h: Floats  # (3, groups, places): freezing degree-hours since 0 degC
    kept: Floats  # (groups,) buildings whose circuit was never emptied
    returning: Floats  # (groups,) buildings filled again, not yet warm
    draining: Floats  # (groups,) buildings that crews are at
    drained: Floats  # (groups,) buildings with their heating drained
    refilling: Floats  # (groups,) buildings that crews are at
    damaged: Floats  # (groups,) buildings whose circuit leaks, empty until it is mended
    frozen: Floats  # (groups,) buildings whose heating froze undrained
    stopped_hours: Floats  # (groups,) since circulation stopped, 0 while it runs
    flow_hours: Floats  # (groups,) for which water could have flowed without a break
    restart_hours: Floats  # (assets,) still needed before a tripped plant can run
    power_shed_share: Floats  # (buses,) household power shed in the last step
    gas_share: Floats  # (regions,) household gas served in the last step, 0 where there is none

    @property
    def connected(self) -> Floats:
        """Buildings with water in their circuit, (..., groups)."""
        return self.kept + self.returning

    @property
    def emptied(self) -> Floats:
        """Buildings that crews are emptying, have emptied or are filling, (..., groups)."""
        return np.asarray(self.draining + self.drained + self.refilling)

    @property
    def closed(self) -> Floats:
        """Buildings that no heat can come to, (..., groups)."""
        return np.asarray(self.emptied + self.damaged + self.frozen)

    @cached_property
    def cohorts(self) -> Floats:
        """Buildings of each cohort, (..., cohorts, groups)."""
        parts = (self.kept, self.returning, self.closed)
        return np.ascontiguousarray(np.stack(parts, axis=-2), np.float64)

    @cached_property
    def lived_in(self) -> Bools:
        """Mark the cohorts that have any buildings, (..., cohorts)."""
        return np.asarray(self.cohorts.any(axis=-1))

    @cached_property
    def circuit_weight(self) -> Floats:
        """Weight of each cohort where a group's circuit is meant, (..., cohorts, groups).

        That of the connected buildings, or of the closed ones once there are no others.
        """
        cohorts = self.cohorts
        weight, rows = np.empty(cohorts.shape), math.prod(cohorts.shape[:-2])
        shape = (rows, *cohorts.shape[-2:])
        _weigh(cohorts.reshape(shape), weight.reshape(shape))
        return weight


@compiled
def _weigh(cohorts: Floats, weight: Floats) -> None:
    """Work out `State.circuit_weight`, (rows, cohorts, groups)."""
    for r in range(cohorts.shape[0]):
        kept, returning, closed = cohorts[r, KEPT], cohorts[r, RETURNING], cohorts[r, CLOSED]
        first, second, third = weight[r, KEPT], weight[r, RETURNING], weight[r, CLOSED]
        for g in range(kept.size):
            empty = closed[g] if kept[g] + returning[g] == 0.0 else 0.0
            total = max(kept[g] + returning[g] + empty, 1e-300)
            first[g], second[g], third[g] = kept[g] / total, returning[g] / total, empty / total


#: Counts of buildings, and what is worked out from them alone.
COUNTS = ("kept", "returning", *CLOSED_STATES)
_OF_COUNTS = ("cohorts", "lived_in", "circuit_weight")

#: Fields whose first axis is the band.
BANDED = ("mass_degc", "zone_degc", "water_degc", "frost_k_h")


def arrays(state: State) -> dict[str, Floats]:
    """Return the fields of a state by name."""
    return {field.name: getattr(state, field.name) for field in fields(state)}


def renewed(state: State, changed: Mapping[str, Floats]) -> State:
    """Return the state with some fields changed; where no count is, what hangs on them is kept."""
    new = replace(state, **changed)
    if not changed.keys() & set(COUNTS):
        vars(new).update({name: vars(state)[name] for name in _OF_COUNTS if name in vars(state)})
    return new


def spread(state: State, samples: int) -> State:
    """Return as many samples that all start from one state."""
    return State(
        **{
            name: np.repeat(np.expand_dims(array, _axis(name)), samples, _axis(name))
            for name, array in arrays(state).items()
        }
    )


def of_samples(state: State, which: Ints) -> State:
    """Return the state of some of the samples, in the order given."""
    return State(**{name: a.take(which, _axis(name)) for name, a in arrays(state).items()})


def of_sample(state: State, sample: int) -> State:
    """Return the state of one of the samples, without their axis."""
    return State(
        **{name: np.asarray(a.take(sample, _axis(name))) for name, a in arrays(state).items()}
    )


def _axis(field: str) -> int:
    return 1 if field in BANDED else 0


def share_served(shed: Floats, need: Floats) -> Floats:
    """Return 1 - shed / need, 1 where nothing is needed."""
    return np.where(need > 1e-9, share_of(need - shed, need), 1.0)


def share_of(part: Floats, whole: Floats) -> Floats:
    """Return part / whole within 0 and 1; what the solver's tolerance leaves open counts as all."""
    share = np.clip(part / np.maximum(whole, 1e-9), 0.0, 1.0)
    return np.where(share > 1 - 1e-9, 1.0, share)
