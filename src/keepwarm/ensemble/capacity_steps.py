"""Laws of lost capacity on a grid, by compiled loops: at one hour, and at two that follow."""

from __future__ import annotations

from keepwarm.case.nouns import Floats, Ints
from keepwarm.compiled import compiled


@compiled
def convolve_unit(law: Floats, most: int, lost: Ints, chance: Floats) -> None:
    """Add one unit to the law of what is lost, in place.

    Parameters
    ----------
    law
        Shape (cells,): chance of each loss, in grid steps.
    most
        The largest loss of the units so far.
    lost, chance
        Shape (states,): of the unit, in grid steps; the first state loses nothing.
    """
    top = min(most + lost[lost.size - 1], law.size - 1)
    for i in range(top, -1, -1):
        total = 0.0
        for s in range(lost.size):
            if i >= lost[s]:
                total += chance[s] * law[i - lost[s]]
        law[i] = total


@compiled
def convolve_pair(law: Floats, most: int, lost: Ints, chance: Floats) -> None:
    """Add one unit to the law of what is lost at two moments, in place.

    Parameters
    ----------
    law
        Shape (cells, cells): losses beyond the grid are dropped, those on it stay exact, since no
        unit gives back what another lost.
    most
        The largest loss of the units so far.
    lost
        Shape (states,), rising, in grid steps; the first state loses nothing.
    chance
        Shape (states, states): of both states together.
    """
    top = min(most + lost[lost.size - 1], law.shape[0] - 1)
    for i in range(top, -1, -1):
        for j in range(top, -1, -1):
            total = 0.0
            for s in range(lost.size):
                if i >= lost[s]:
                    row = law[i - lost[s]]
                    for t in range(lost.size):
                        if j >= lost[t]:
                            total += chance[s, t] * row[j - lost[t]]
            law[i, j] = total


@compiled
def add_up(law: Floats) -> None:
    """Turn chances of cells into chances of at most so much at both moments, in place."""
    for i in range(law.shape[0]):
        for j in range(1, law.shape[1]):
            law[i, j] += law[i, j - 1]
        if i > 0:
            for j in range(law.shape[1]):
                law[i, j] += law[i - 1, j]
