"""The states of building circuits as people are told them."""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import Bools, Floats
from keepwarm.compiled import compiled
from keepwarm.season.corridor import Corridor
from keepwarm.season.heating import CENTRAL
from keepwarm.season.state import CLOSED, State
from keepwarm.warmth.room_steps import Moved

#: States of buildings as people are told them; each building is in one.
STATES = (
    "warm", "warming", "supplied", "stopped",
    "draining", "drained", "refilling", "damaged", "frozen",
)  # fmt: skip

_WARM, _WARMING, _SUPPLIED, _STOPPED = range(4)
#: States of buildings with water in their circuits, the first of `STATES`.
_TOLD = 4


def states_of(
    corridor: Corridor, before: State, state: State, flows: Bools, rooms: Moved
) -> Floats:
    """Return buildings by `STATES` at the end of a step, (samples, states, groups).

    A building with flowing water is warm from ``circuit.warm_degc`` on, warming while its homes
    get warmer, and supplied where they do not, or where it was filled in this very step. Without
    a water circuit nothing is supplied: homes neither warm nor warming count as stopped.
    """
    homes = corridor.homes
    told = np.zeros((len(state.kept), len(STATES), corridor.groups))
    for cohort in np.flatnonzero(state.lived_in[:, :CLOSED].any(axis=0)).tolist():
        felt = rooms.of_cohort(cohort)
        _tell(
            homes.mean(felt.start_degc[CENTRAL]),
            homes.mean(felt.end_degc[CENTRAL]),
            before.cohorts[:, cohort],
            state.cohorts[:, cohort],
            flows,
            corridor.has_circuit,
            corridor.case.settings.number("circuit.warm_degc"),
            told,
        )
    for k, name in enumerate(STATES[_TOLD:], _TOLD):
        told[:, k] = getattr(state, name)
    return told


@compiled
def _tell(
    start: Floats,
    end: Floats,
    before: Floats,
    after: Floats,
    flows: Bools,
    wet: Bools,
    warm_degc: float,
    told: Floats,
) -> None:
    """Add the connected buildings of a cohort to the first `_TOLD` states."""
    samples, groups = flows.shape
    for s in range(samples):
        for g in range(groups):
            known = before[s, g] > 0.0
            state = _SUPPLIED if flows[s, g] and wet[g] else _STOPPED
            if flows[s, g] and known and end[s, g] >= warm_degc:
                state = _WARM
            elif flows[s, g] and known and end[s, g] > start[s, g]:
                state = _WARMING
            told[s, state, g] += after[s, g]
