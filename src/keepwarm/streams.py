"""Random streams of samples: what a sample draws depends on seed, sample and source alone."""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Source(IntEnum):
    """What is drawn at random, each from streams of its own."""

    FAILURES = 0
    WAVES = 1
    STORMS = 2
    COLD = 3
    WEATHER = 4
    PARAMETERS = 5
    REPAIRS = 6
    START = 7
    PROTECTION = 8


def stream(seed: int, sample: int, source: Source) -> np.random.Generator:
    """Return the random stream of one sample for one source.

    Not the block, the chunk or the worker decides what a sample draws, and switching one source
    on or off does not move another.

    Parameters
    ----------
    seed
        Of the whole run, 0 to 2**63 - 1.
    sample
        Its number, 0 to 2**63 - 1.
    source
        What is drawn.

    Returns
    -------
    numpy.random.Generator
        Over Philox 4x64, which is made for this: streams of one key stand 2**128 numbers apart.

    **Source**: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011.
    """
    key = np.array([seed, source], dtype=np.uint64)
    counter = np.array([0, 0, sample, 0], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))
