"""What a season carries from step to step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Floats, Ints


@dataclass(frozen=True)
class State:
    """The whole memory of a season between two steps; a run can stop and start here.

    The shapes are those of one sample. While samples are walked, every array has an axis of
    samples before that of places: (samples, groups), (3, samples, groups).
    """

    level_mwh: Floats  # (storages,)
    mass_degc: Floats  # (3, groups): 5R1C mass node
    zone_degc: Floats  # (3, groups, zones): stairwell, attic, basement air
    water_degc: Floats  # (3, groups, zones): water in the weakest pipe there
    frost_k_h: Floats  # (3, groups, zones): freezing degree-hours since 0 degC
    drained: Floats  # (groups,) buildings with their heating drained
    frozen: Floats  # (groups,) buildings whose heating froze undrained
    stopped_hours: Floats  # (groups,) since circulation stopped, 0 while it runs
    flow_hours: Floats  # (groups,) for which water could have flowed without a break
    restart_hours: Floats  # (assets,) still needed before a tripped plant can run
    power_shed_share: Floats  # (buses,) household power shed in the last step
    gas_share: Floats  # (regions,) household gas served in the last step, 0 where there is none


#: Fields whose first axis is the band.
BANDED = ("mass_degc", "zone_degc", "water_degc", "frost_k_h")


def spread(state: State, samples: int) -> State:
    """Return as many samples that all start from one state."""
    return State(
        **{
            name: np.repeat(np.expand_dims(array, _axis(name)), samples, _axis(name))
            for name, array in vars(state).items()
        }
    )


def of_samples(state: State, which: Ints) -> State:
    """Return the state of some of the samples, in the order given."""
    return State(**{name: a.take(which, _axis(name)) for name, a in vars(state).items()})


def of_sample(state: State, sample: int) -> State:
    """Return the state of one of the samples, without their axis."""
    return State(**{name: a.take(sample, _axis(name)) for name, a in vars(state).items()})


def _axis(field: str) -> int:
    return 1 if field in BANDED else 0


def share_served(shed: Floats, need: Floats) -> Floats:
    """Return 1 - shed / need, 1 where nothing is needed."""
    return np.where(need > 1e-9, share_of(need - shed, need), 1.0)


def share_of(part: Floats, whole: Floats) -> Floats:
    """Return part / whole within 0 and 1; what the solver's tolerance leaves open counts as all."""
    share = np.clip(part / np.maximum(whole, 1e-9), 0.0, 1.0)
    return np.where(share > 1 - 1e-9, 1.0, share)
