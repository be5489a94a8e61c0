"""When there are enough samples, and how an estimate settles as they grow."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Ints
from keepwarm.ensemble.quantities import Columns, estimate_of
from keepwarm.estimate import Estimate

#: Between two looks the samples grow by this share.
GROWTH = 0.1


@dataclass(frozen=True)
class Until:
    """Stop once the standard error of a quantity is at most so many percent of its value.

    It looks at fixed numbers of samples (`looks`), whatever the chunks and workers, so that where
    it stops does not depend on them.

    **Source**: Chow and Robbins, "On the asymptotic theory of fixed-width sequential confidence
    intervals", 1965; for a relative width Nadas, "An extension of a theorem of Chow and Robbins",
    1969.

    **Leaves out**: that stopping when the error looks small favours samples in which little
    happened: values come out low and intervals hold the truth a little too seldom. docs/rooms/
    ensemble.md says by how much; ``least`` and ``hits`` are there to keep it small.
    """

    name: str  # of the quantity, such as eue_mwh
    percent: float  # over 0
    least: int = 256  # samples before it may stop
    hits: int = 64  # samples in which the quantity is above 0 before it may stop

    def reached(self, columns: Columns) -> bool:
        """Say whether these samples are enough."""
        estimate = estimate_of(columns, self.name)
        happened = estimate_of(columns, f"any_{_column(columns, self.name)}").value * estimate.n
        return (
            estimate.n >= self.least
            and happened >= self.hits - 0.5
            and estimate.relative * 100 <= self.percent
        )


def looks(least: int, most: int, *, multiple: int = 64) -> Ints:
    """Return the numbers of samples at which a stop is weighed, each a tenth more than the last.

    Parameters
    ----------
    least, most
        The first and the last; the last is ``most`` itself.
    multiple
        The others are multiples of it.

    Examples
    --------
    >>> looks(256, 600).tolist()
    [256, 320, 384, 448, 512, 576, 600]
    """
    found, now = [], float(least)
    while now < most:
        found.append(multiple * math.ceil(now / multiple))
        now = max(found[-1] * (1 + GROWTH), found[-1] + multiple)
    return np.array([*(one for one in found if one < most), most], dtype=np.int64)


def convergence(columns: Columns, name: str, *, first: int = 16) -> list[Estimate]:
    """Return a quantity over the first 16, 32, 64, ... samples, and over all.

    Parameters
    ----------
    columns
        Name -> (samples,), by sample number.
    name
        Of the quantity.
    first
        Samples of the first row, a power of 2.
    """
    n = next(iter(columns.values())).size
    sizes = [first << k for k in range(max(0, math.ceil(math.log2(max(n, 1) / first))))]
    return [
        estimate_of({key: values[:size] for key, values in columns.items()}, name)
        for size in [*(one for one in sizes if one < n), n]
    ]


def _column(columns: Columns, name: str) -> str:
    """Return the column that a quantity is of: the longest that its name ends with."""
    if name.startswith("neue"):
        return name.replace("neue", "eue").replace("ppm", "mwh")
    return max((one for one in columns if name.endswith(one)), key=len)
