"""Hourly needs of loads, from a few shapes over the local day.

Shapes are assumed; each has a mean of 1 over the day. Local time is UTC+2 in both months.
"""

from __future__ import annotations

from collections.abc import Sequence

#: Over the local hours 0 to 23.
SHAPES: dict[str, Sequence[float]] = {
    "household": (
        0.84, 0.79, 0.76, 0.75, 0.77, 0.83, 0.94, 1.03, 1.06, 1.03, 1.00, 0.99,
        1.00, 1.00, 1.00, 1.02, 1.08, 1.17, 1.22, 1.22, 1.18, 1.12, 1.05, 0.93,
    ),
    "industry": (
        0.88, 0.87, 0.86, 0.86, 0.87, 0.90, 0.97, 1.03, 1.08, 1.10, 1.11, 1.11,
        1.10, 1.10, 1.10, 1.10, 1.08, 1.06, 1.04, 1.02, 0.98, 0.94, 0.91, 0.89,
    ),
    "hot_water": (
        0.55, 0.45, 0.40, 0.40, 0.45, 0.65, 1.05, 1.35, 1.30, 1.15, 1.05, 1.00,
        1.00, 0.95, 0.90, 0.95, 1.05, 1.20, 1.40, 1.50, 1.50, 1.40, 1.20, 0.85,
    ),
    "cooking": (
        0.15, 0.10, 0.10, 0.10, 0.15, 0.55, 1.25, 1.60, 1.50, 1.15, 1.00, 1.20,
        1.40, 1.25, 1.00, 1.00, 1.20, 1.80, 2.10, 1.90, 1.30, 0.80, 0.50, 0.25,
    ),
    "water": (
        0.60, 0.55, 0.50, 0.50, 0.55, 0.75, 1.10, 1.30, 1.25, 1.15, 1.10, 1.05,
        1.05, 1.00, 1.00, 1.00, 1.10, 1.20, 1.30, 1.35, 1.30, 1.20, 1.00, 0.75,
    ),
}  # fmt: skip
UTC_TO_LOCAL_HOURS = 2
#: Household power rises by this share per kelvin below the reference temperature.
PER_KELVIN = 0.004
REFERENCE_DEGC = -7.6


def need_mw(
    shape: str, mean_mw: float, outdoor_degc: Sequence[float], decimals: int = 2
) -> list[str]:
    """Return a load's need for every hour, written with two decimals or fewer.

    Parameters
    ----------
    shape : str
        A key of SHAPES; its values are divided by their mean.
    mean_mw : float
        Mean need of a day at REFERENCE_DEGC.
    outdoor_degc : sequence of float
        One value an hour from 00:00 UTC; moves only the household shape.
    decimals : int
        Of the values written.
    """
    day = SHAPES[shape]
    mean = sum(day) / len(day)
    out = []
    for hour, degc in enumerate(outdoor_degc):
        value = mean_mw * day[(hour + UTC_TO_LOCAL_HOURS) % 24] / mean
        if shape == "household":
            value *= 1 + PER_KELVIN * (REFERENCE_DEGC - degc)
        out.append(f"{value:.{decimals}f}")
    return out
