"""A made-up winter with the published monthly normals: 180 days, 25 regions, every hour.

A day's mean is the sum of

1. the normals, put on the middle of each month and joined by straight lines;
2. a spell of cold in January, the same everywhere (SPELL);
3. weather that wanders from day to day: a national part and a smaller one of each region, both
   autoregressive, drawn from SEED;
4. a correction, straight between the middles of months, that gives November to March their normals
   exactly, January less JANUARY_BELOW_NORMAL.

Hours lie between two nodes a day, 05:00 and 12:00 UTC, on half a cosine as in make_weather.py.
Everything but the normals, the departure of January and the lengths of months is assumed.
"""

from __future__ import annotations

import calendar
import math
import random
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise

from make_weather import UTC_HOUR, shares

from country.inputs import Region, read_input

START = datetime(2025, 10, 15, tzinfo=UTC)
DAYS = 180
HOURS = DAYS * 24
SEED = 20251015
#: Published for the capital's January 2026: a mean of -7.6 against a normal of -4.7 degC.
JANUARY_BELOW_NORMAL = 2.9
#: Day of the season and departure, degC: 7 to 24 January, coldest on the 15th and 16th.
SPELL = ((84, 0.0), (87, -5.5), (91, -8.0), (92, -10.5), (93, -10.5), (95, -8.0), (101, 0.0))
#: Share of a day's departure that is left on the next day.
MEMORY = 0.8
NATIONAL_K, REGIONAL_K = 2.4, 0.8
#: Half of the difference of a day's highest and lowest hour, by month.
SWING_K = {10: 4.0, 11: 2.5, 12: 2.0, 1: 2.5, 2: 3.0, 3: 4.0, 4: 5.0}
#: Standard deviation of a day's mean in real winters of such a climate, by month (assumed): more
#: than the one made-up winter wanders.
SPREAD_K = {10: 4.0, 11: 4.5, 12: 5.0, 1: 5.5, 2: 5.5, 3: 4.5, 4: 4.0}
#: Months that lie whole within the season.
WHOLE = (11, 12, 1, 2, 3)
ROUNDS = 60

DATES = [START.date() + timedelta(days=day) for day in range(DAYS)]


def _middle(month: int) -> float:
    """Return the middle of a month in days since START."""
    year = START.year + (month < START.month)
    days = calendar.monthrange(year, month)[1]
    return (date(year, month, 1) - START.date()).days + days / 2


MIDDLES = {month: _middle(month) for month in SWING_K}


def _straight(nodes: list[tuple[float, float]], at: float) -> float:
    """Return the value on the straight lines between nodes, flat beyond them."""
    if at <= nodes[0][0]:
        return nodes[0][1]
    for (left, low), (right, high) in pairwise(nodes):
        if at <= right:
            return low + (high - low) * (at - left) / (right - left)
    return nodes[-1][1]


def _between_middles(value: dict[int, float]) -> list[float]:
    """Return the value of each day on straight lines between the middles of months."""
    nodes = [(MIDDLES[month], value[month]) for month in MIDDLES]
    return [_straight(nodes, day + 0.5) for day in range(DAYS)]


def _wander(draw: random.Random, size_k: float) -> list[float]:
    """Return an autoregressive departure of each day with a standard deviation of size_k."""
    out, now = [], 0.0
    for _ in range(DAYS):
        # Twelve uniforms: near enough to normal, and the same on every version of Python.
        push = sum(draw.random() for _ in range(12)) - 6.0
        now = MEMORY * now + math.sqrt(1 - MEMORY**2) * size_k * push
        out.append(now)
    return out


def _corrected(days: list[float], wanted: dict[int, float]) -> list[float]:
    """Return the days with a smooth correction that gives each whole month the mean wanted."""
    nodes = dict.fromkeys(MIDDLES, 0.0)
    for _ in range(ROUNDS):
        now = [d + c for d, c in zip(days, _between_middles(nodes), strict=True)]
        for month in WHOLE:
            mine = [value for value, on in zip(now, DATES, strict=True) if on.month == month]
            nodes[month] += wanted[month] - sum(mine) / len(mine)
    return [d + c for d, c in zip(days, _between_middles(nodes), strict=True)]


def daily_means(regions: list[Region]) -> dict[str, list[float]]:
    """Return the mean of every day for each region, degC."""
    normals = {row["station"]: row for row in read_input("climate")}
    draw = random.Random(SEED)
    national = _wander(draw, NATIONAL_K)
    spell = [_straight([(float(d), k) for d, k in SPELL], float(day)) for day in range(DAYS)]
    out = {}
    for region in regions:
        normal = {month: float(normals[region.station][f"t{month:02d}_degc"]) for month in MIDDLES}
        parts = (_between_middles(normal), national, spell, _wander(draw, REGIONAL_K))
        wanted = normal | {1: normal[1] - JANUARY_BELOW_NORMAL}
        out[region.name] = _corrected([sum(day) for day in zip(*parts, strict=True)], wanted)
    return out


@cache
def _nodes() -> list[int]:
    return [24 * day + hour for day in range(DAYS) for hour in UTC_HOUR.values()]


@cache
def _hour_shares() -> list[tuple[int, float]]:
    """Return for each hour the node before it and the share of the node after it."""
    nodes = _nodes()
    near = [max(0, min(2 * (hour // 24) - 1, len(nodes) - 5)) for hour in range(HOURS)]
    return [
        (first + i, s)
        for hour, first in enumerate(near)
        for i, s in (shares(hour, nodes[first : first + 5]),)
    ]


def outdoor_degc(regions: list[Region]) -> dict[str, list[float]]:
    """Return the temperature of every hour for each region, rounded to 0.1 degC."""
    swing = _between_middles({month: float(k) for month, k in SWING_K.items()})
    out = {}
    for name, days in daily_means(regions).items():
        nodes = [v for day, k in zip(days, swing, strict=True) for v in (day - k, day + k)]
        out[name] = [
            round((1 - s) * nodes[i] + s * nodes[i + 1], 1) + 0.0 for i, s in _hour_shares()
        ]
    return out


def normals(regions: list[Region]) -> list[dict[str, str]]:
    """Return the climate by month and region, as normals.csv has it."""
    stations = {row["station"]: row for row in read_input("climate")}
    return [
        {
            "month": str(month),
            "region": region.name,
            "mean_degc": stations[region.station][f"t{month:02d}_degc"],
            "daily_sd_k": f"{SPREAD_K[month]:.1f}",
            "diurnal_k": f"{SWING_K[month]:.1f}",
            "source": f"mean: {stations[region.station]['source']}; spread and swing: assumed",
        }
        for region in regions
        for month in SWING_K
    ]


def wind_m_per_s(hour: int) -> int:
    """Return the wind of an hour, the same everywhere: a slow wave from 2 to 5 m/s (assumed)."""
    return round(3.5 + 1.5 * math.sin(2 * math.pi * hour / 31))
