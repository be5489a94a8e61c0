"""When and for how long an exponential is below a threshold within one step.

Every temperature of a step of constant inputs goes as
``x(t) = limit + (start - limit) * exp(-t / tau)``, so crossings have closed forms.
"""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import Floats

Number = Floats | float


def hours_to_cross(
    start: Number, limit: Number, tau: Number, threshold: Number, hours: float
) -> Floats:
    """Return the time in the step at which a falling temperature passes a threshold.

    Parameters
    ----------
    start, limit, threshold : arrays that broadcast
        Temperature at the start, after infinite time, and the threshold, degC.
    tau : array that broadcasts
        Time constant, h.
    hours : float
        Length of the step.

    Returns
    -------
    array
        Hours from the start of the step; 0 where it is below already; NaN where it does not fall
        below within the step.

    >>> hours_to_cross(20.0, -10.0, 65.5, 0.0, 100.0).round(1).item()
    72.0
    """
    start, limit, tau, threshold = np.broadcast_arrays(start, limit, tau, threshold)
    time = _crossing(start, limit, tau, threshold)
    falls = (start >= threshold) & (limit < threshold) & (time < hours)
    return np.where(start < threshold, 0.0, np.where(falls, time, np.nan))


def hours_below(
    start: Number, limit: Number, tau: Number, threshold: Number, hours: float
) -> Floats:
    """Return how long the temperature is below a threshold within the step, h.

    Parameters are those of `hours_to_cross`; rising through the threshold counts as well.

    >>> hours_below(20.0, -10.0, 65.5, 0.0, 80.0).round(1).item()
    8.0
    """
    begin, end = _span_below(start, limit, tau, threshold, hours)
    return end - begin


def degree_hours_below(
    start: Number, limit: Number, tau: Number, threshold: Number, hours: float
) -> Floats:
    """Return the integral of (threshold - temperature) while below it within the step, K h.

    Parameters are those of `hours_to_cross`.

    >>> degree_hours_below(10.0, 10.0, 50.0, 12.0, 3.0).item()
    6.0
    """
    begin, end = _span_below(start, limit, tau, threshold, hours)
    over = (np.exp(-begin / tau) - np.exp(-end / tau)) * tau
    return np.asarray((threshold - np.asarray(limit)) * (end - begin) - (start - limit) * over)


def _crossing(start: Floats, limit: Floats, tau: Floats, threshold: Floats) -> Floats:
    """Time at which the threshold is passed in either direction; inf where it never is."""
    away = threshold - limit
    passes = ((start >= threshold) & (away > 0)) | ((start < threshold) & (away < 0))
    with np.errstate(over="ignore"):  # a limit that all but touches the threshold: never
        ratio = np.divide(start - limit, away, out=np.ones(away.shape), where=passes)
    return np.where(passes, tau * np.log(ratio), np.inf)


def _span_below(
    start: Number, limit: Number, tau: Number, threshold: Number, hours: float
) -> tuple[Floats, Floats]:
    """Begin and end of the one spell below the threshold; equal where there is none."""
    start, limit, tau, threshold = np.broadcast_arrays(start, limit, tau, threshold)
    time = np.minimum(_crossing(start, limit, tau, threshold), hours)
    begin = np.where(start < threshold, 0.0, time)
    end = np.where((start < threshold) & (limit > threshold), time, hours)
    return begin, end
