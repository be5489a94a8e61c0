"""A number from samples: never without its standard error."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

#: Errors below this share of a value are those of adding up.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Estimate:
    """A number from samples, with its standard error.

    ``stderr`` is NaN where the samples are too few to tell it.
    """

    value: float
    stderr: float
    n: int  # samples it comes from
    unit: str

    @property
    def relative(self) -> float:
        """Standard error over value: inf where the value is 0, NaN where the error is unknown."""
        if math.isnan(self.stderr):
            return math.nan
        return self.stderr / abs(self.value) if self.value else math.inf

    def __str__(self) -> str:
        """Say it in a line.

        Examples
        --------
        >>> print(Estimate(1176.3, 8.24, 10_000, "MWh"))
        1,176.3 ± 8.2 MWh (10,000 samples)
        """
        value, stderr = error_text(self.value, self.stderr)
        return f"{value} ± {stderr} {self.unit} ({self.n:,} samples)"


def error_text(value: float, stderr: float) -> tuple[str, str]:
    """Return a value and its standard error as people read them: two digits of the error.

    Parameters
    ----------
    value, stderr
        In one unit. What is not finite becomes a dash; four digits where no error is known.

    Examples
    --------
    >>> error_text(12345.678, 42.1)
    ('12,346', '42')
    >>> error_text(123456.7, 2345.6)
    ('123,500', '2,300')
    >>> error_text(0.01234, 0.00051)
    ('0.01234', '0.00051')
    """
    if not math.isfinite(value):
        return "–", "–"
    known = math.isfinite(stderr) and stderr > _ROUNDING * abs(value)
    size, digits = (stderr, 2) if known else (abs(value), 4)
    decimals = 0 if size == 0 else digits - 1 - math.floor(math.log10(size))
    text = "–" if not math.isfinite(stderr) else _rounded(stderr, decimals) if known else "0"
    return _rounded(value, decimals if known else max(decimals, 0)), text


def _rounded(value: float, decimals: int) -> str:
    """Return a number with so many decimals; with less than none, tens or hundreds are rounded."""
    return f"{round(value, decimals) + 0.0:,.{max(decimals, 0)}f}"


def mean(values: npt.NDArray[np.float64], unit: str) -> Estimate:
    """Return the mean of independent samples.

    Parameters
    ----------
    values
        Shape (samples,), in ``unit``.
    unit
        For whoever reads it.

    Returns
    -------
    Estimate
        Standard deviation (divisor n - 1) over the root of n; NaN for a single sample.

    Raises
    ------
    ValueError
        When there is no sample.
    """
    n = values.size
    if n == 0:
        raise ValueError("no samples")
    spread = float(values.std(ddof=1)) if n > 1 else math.nan
    return Estimate(float(values.mean()), spread / math.sqrt(n), n, unit)
