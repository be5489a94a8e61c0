"""The cost of a MATPOWER generator as segments of rising slope, which is what a linear model has.

**Source**: MATPOWER User's Manual, table B-4: polynomials (model 2) and piecewise linear costs
(model 1, whose outer segments go on beyond their last points).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from keepwarm.case.matpower_file import MatpowerFile, Row

_PIECEWISE, _POLYNOMIAL = 1, 2


@dataclass(frozen=True)
class Cost:
    """One generator's cost over its output, Pmin to Pmax.

    Segment k runs from ``ends_mw[k]`` to ``ends_mw[k + 1]`` at ``slopes[k]``, and the first one
    is paid from 0: ``fixed`` is the true cost at Pmin less what the first slope makes of it.
    """

    ends_mw: tuple[float, ...]
    slopes: tuple[float, ...]  # currency/MWh, rising
    fixed: float  # currency/h
    overestimate: float  # currency/h: how far above the true cost the segments are at most

    @property
    def linearized(self) -> bool:
        """Whether a curve was replaced by segments."""
        return self.overestimate > 0


def cost_of(file: MatpowerFile, generator: int, linearize: int | None) -> Cost:
    """Return the cost of one generator; what cannot be read is kept as a fault of the file.

    Parameters
    ----------
    file : MatpowerFile
        Its faults grow.
    generator : int
        Row of ``mpc.gen``, from 0.
    linearize : int or None
        Segments for a quadratic cost; None refuses it.

    Returns
    -------
    Cost
        A quadratic cost c2 p^2 + c1 p + c0 has chords of equal width w: exact at their ends, above
        the curve by c2 w^2 / 4 in their middles.
    """
    row, limits = file.gencost[generator], file.gen[generator]
    least, most = limits.values[9], limits.values[8]
    subject = f"generator {generator + 1}"
    model, count = int(row.values[0]), int(row.values[3])
    numbers = row.values[4 : 4 + (2 * count if model == _PIECEWISE else count)]
    cost = Cost((least, most), (0.0,), 0.0, 0.0)
    if model not in (_PIECEWISE, _POLYNOMIAL):
        file.wrong(row, subject, f"a cost of model {model}", "model 1 or 2")
    elif len(numbers) < (2 * count if model == _PIECEWISE else count):
        expected = f"{count}" if model == _POLYNOMIAL else f"{count} points"
        file.wrong(row, subject, f"{len(numbers)} cost coefficients", expected)
    elif not all(map(math.isfinite, numbers)):
        file.wrong(row, subject, "a cost without end", "finite coefficients")
    elif model == _PIECEWISE:
        cost = _piecewise(file, row, subject, numbers, cost)
    else:
        cost = _polynomial(file, row, subject, numbers, linearize, cost)
    if len(cost.slopes) > 1 and least < 0:
        found = f"Pmin {least:g} MW and a cost in {len(cost.slopes)} segments"
        file.wrong(limits, subject, found, "a Pmin of 0 or more")
    return cost


def _polynomial(
    file: MatpowerFile,
    row: Row,
    subject: str,
    coefficients: tuple[float, ...],
    linearize: int | None,
    cost: Cost,
) -> Cost:
    c2, c1, c0 = (0.0, 0.0, 0.0, *coefficients)[-3:]
    least, most = cost.ends_mw
    if any(coefficients[:-3]):
        degree = max(len(coefficients) - 1 - at for at, value in enumerate(coefficients) if value)
        file.wrong(row, subject, f"a cost of degree {degree}", "a linear or quadratic one")
    elif c2 == 0:
        return Cost(cost.ends_mw, (c1,), c0, 0.0)
    elif linearize is None:
        file.wrong(row, subject, "a quadratic cost", "a linear one, or --linearize N segments")
    elif c2 < 0:
        file.wrong(row, subject, "a quadratic cost that falls ever faster", "a convex one")
    elif least == most:
        return Cost(cost.ends_mw, (c1 + 2 * c2 * least,), c0 - c2 * least * least, 0.0)
    elif least < most < math.inf and least > -math.inf:
        width = (most - least) / linearize
        ends = tuple(np.linspace(least, most, linearize + 1).tolist())
        slopes = tuple(c1 + c2 * (one + other) for one, other in pairwise(ends))
        # Each chord lies on c2 (a + b) p - c2 a b.
        return Cost(ends, slopes, c0 - c2 * ends[0] * ends[1], c2 * width * width / 4)
    return cost


def _piecewise(
    file: MatpowerFile, row: Row, subject: str, numbers: tuple[float, ...], cost: Cost
) -> Cost:
    least, most = cost.ends_mw
    points = list(zip(numbers[::2], numbers[1::2], strict=True))
    if len(points) < 2 or any(one[0] >= other[0] for one, other in pairwise(points)):
        found = "a piecewise cost whose points do not rise in MW"
        file.wrong(row, subject, found, "two points or more, from left to right")
        return cost
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(points)]
    # What decimals of a file leave between equal slopes is no bend.
    tolerance = 1e-9 * max(map(abs, slopes))
    if any(other < one - tolerance for one, other in pairwise(slopes)):
        file.wrong(row, subject, "a piecewise cost whose slope falls", "a convex one")
        return cost
    inner = [(mw, k) for k, (mw, _) in enumerate(points[1:-1], start=1) if least < mw < most]
    first = inner[0][1] - 1 if inner else _segment_at(points, least)
    used = slopes[first : first + len(inner) + 1]
    start = points[first][1] - used[0] * points[first][0]
    return Cost((least, *(mw for mw, _ in inner), most), tuple(used), start, 0.0)


def _segment_at(points: list[tuple[float, float]], mw: float) -> int:
    """Return the segment that holds an output; the outer ones go on for ever."""
    inner = [place for place, _ in points[1:-1]]
    return sum(place <= mw for place in inner)
