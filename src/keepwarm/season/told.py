"""The states of building circuits as people are told them."""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.compiled import compiled
from keepwarm.season.corridor import Corridor
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
    homes, felt = corridor.homes, rooms.central
    told = np.zeros((len(state.kept), len(STATES), corridor.groups))
    _tell(
        homes.group,
        homes.share,
        felt.start_degc,
        felt.end_degc,
        before.cohorts,
        state.cohorts,
        flows,
        corridor.has_circuit,
        corridor.case.settings.number("circuit.warm_degc"),
        told,
        np.empty((2, corridor.groups)),
    )
    for k, name in enumerate(STATES[_TOLD:], _TOLD):
        told[:, k] = getattr(state, name)
    return told


@compiled
def _tell(
    group: Ints,
    share: Floats,
    start: Floats,
    end: Floats,
    before: Floats,
    after: Floats,
    flows: Bools,
    wet: Bools,
    warm_degc: float,
    told: Floats,
    mean: Floats,
) -> None:
    """Count connected buildings by the first `_TOLD` states; ``told`` is zero there."""
    for s in range(len(flows)):
        for c in range(CLOSED):
            for g in range(len(wet)):
                mean[0, g] = mean[1, g] = 0.0
            for h in range(group.size):
                mean[0, group[h]] += start[s, c, h] * share[h]
                mean[1, group[h]] += end[s, c, h] * share[h]
            for g in range(len(wet)):
                known = before[s, c, g] > 0.0
                state = _SUPPLIED if flows[s, g] and wet[g] else _STOPPED
                if flows[s, g] and known and mean[1, g] >= warm_degc:
                    state = _WARM
                elif flows[s, g] and known and mean[1, g] > mean[0, g]:
                    state = _WARMING
                told[s, state, g] += after[s, c, g]
