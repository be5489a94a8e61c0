"""The pieces of work of a study: which samples, under which measures, in which order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Ints

#: Chunks that a small study is cut into at least, so that its workers share it, as long as they
#: have so many samples each: fewer side by side cost more.
SHARED, LEAST = 4, 24


@dataclass(frozen=True, order=True)
class Work:
    """Some samples walked under one portfolio of measures; portfolio 0 is none at all."""

    first: int  # number of the first sample
    count: int
    portfolio: int

    @property
    def samples(self) -> Ints:
        """Their numbers."""
        return np.arange(self.first, self.first + self.count, dtype=np.int64)

    @property
    def name(self) -> str:
        """What its file is called: sorts as the works do."""
        return f"{self.first:09d}-{self.first + self.count - 1:09d}-{self.portfolio:03d}"


def works(samples: int, portfolios: int, size: int) -> Iterator[Work]:
    """Yield all works in order: the samples in chunks, each under every portfolio.

    Parameters
    ----------
    samples
        How many there are in all.
    portfolios
        How many there are with the one without measures.
    size
        Samples in a chunk, the last one may have fewer.
    """
    for first in range(0, samples, size):
        for portfolio in range(portfolios):
            yield Work(first, min(size, samples - first), portfolio)


def chunk_size(samples: int, most: int) -> int:
    """Return how many samples to put in a chunk.

    It does not hang on the number of workers, so that another number of them goes on with what is
    kept.

    Parameters
    ----------
    samples
        How many there are in all.
    most
        How many a chunk may have.
    """
    return min(most, max(-(-samples // SHARED), LEAST))
