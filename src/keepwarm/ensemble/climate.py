"""A seasonal autoregressive model of the weather, fitted to normals and to a case's own winter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.climate import Normals
from keepwarm.case.nouns import Case, Floats, Ints, Times, Weather
from keepwarm.case.times import local_time

_A_YEAR = 365.25
_NOON = np.timedelta64(12, "h")
#: When a mean day is warmest, by local clock in winter, h.
_WARMEST_HOUR = 14.0


@dataclass(frozen=True)
class Climate:
    """What winters of a case are like, day by day from its first snapshot.

    A day's mean is ``mean + sd * z``, where ``z`` goes from day to day by
    ``z' = lag * z + sqrt(1 - lag^2) * e`` and ``e`` is normal and correlated between regions. Its
    hours differ from its mean as those of a day of about the same date do.
    """

    mean_degc: Floats  # (days, regions) of the season
    sd_k: Floats  # (days, regions) of a day's mean
    lag: float  # correlation of a day's departure with the next day's
    correlation: Floats  # (regions, regions) of departures of the same day
    hourly_k: Floats  # (known days, steps of a day, regions): from a day's mean; each adds to 0
    wind_m_per_s: Floats  # (known days, steps of a day, regions)


def fitted_climate(case: Case) -> Climate:
    """Fit the model to a case's normals and its own weather.

    Parameters
    ----------
    case
        With weather of 20 whole days or more, in steps that make up a day.

    Returns
    -------
    Climate
        Means and spreads by `normals.csv`, where the case has one, else by its own winter: a year's
        wave and its half through the means of its days, the spread of the days around it. How long
        departures last, how regions go together, and winds are always those of its own winter; its
        days give the shape of hours unless normals give ``diurnal_k``.

    Raises
    ------
    ValueError
        Without enough weather.

    **Source**: first-order autoregression of daily means, as in stochastic weather generators
    (Richardson, Water Resources Research 17, 1981, there of residuals of a yearly harmonic); the
    lag is the mean over regions of the residuals' correlation with the day before.
    **Leaves out**: longer memory than a day's; spells that last longer than such a series has them;
    skewed departures (frost is harder than thaw); wind that goes with temperature; jumps at
    midnight, where one day's hours meet the next day's; loads and plants that follow the weather.
    """
    outdoor, wind = _own_days(case)
    means = outdoor.mean(axis=1)
    days = _day_times(case)
    wave = _harmonics(days[: len(means)])
    weights = np.linalg.lstsq(wave, means, rcond=None)[0]
    mean, left = _harmonics(days) @ weights, means - wave @ weights
    spread = left.std(axis=0)
    lag, correlation = _persistence(left / np.where(spread > 0, spread, 1.0))
    sd, hourly = np.broadcast_to(spread, mean.shape), outdoor - means[:, None]
    if case.normals is not None:
        mean, sd = seasonal_means(case.normals, days), seasonal_spreads(case.normals, days)
        hourly = _swing(case, case.normals, days[: len(means)], hourly)
    return Climate(mean, np.ascontiguousarray(sd), lag, correlation, hourly, wind)


def seasonal_means(normals: Normals, days: Times) -> Floats:
    """Return the mean of each day, (days, regions), so that every whole month has its normal.

    Straight lines join the middles of months; their values are those that give the months their
    means. Before the first and after the last month that is known the line is flat.
    """
    months, of_days = _months(normals, days)
    return np.asarray(of_days @ np.linalg.solve(_by_month(months), normals.mean_degc[months % 12]))


def seasonal_spreads(normals: Normals, days: Times) -> Floats:
    """Return the standard deviation of each day, (days, regions), months kept as for the means.

    The variance of the days of a month is its normal's on average; never below zero.
    """
    months, of_days = _months(normals, days)
    nodes = np.linalg.solve(_by_month(months), np.square(normals.daily_sd_k[months % 12]))
    return np.sqrt(np.maximum(of_days @ nodes, 0.0))


def _own_days(case: Case) -> tuple[Floats, Floats]:
    """Return outdoor temperature and wind of whole days, (days, steps of a day, regions)."""
    weather, per_day = case.weather, round(24.0 / case.network.step_hours)
    if abs(per_day * case.network.step_hours - 24.0) > 1e-9:
        raise ValueError("weather cannot be drawn in steps that do not make up a day")
    days = 0 if weather is None else weather.known // per_day
    if weather is None or days < _LEAST_DAYS:
        raise ValueError(f"{days} whole days of weather are too few to draw others from")
    return _in_days(weather, days, per_day)


#: A wave of a year and its half, and what is left, want some days.
_LEAST_DAYS = 20


def _in_days(weather: Weather, days: int, per_day: int) -> tuple[Floats, Floats]:
    tables = (weather.outdoor_degc, weather.wind_m_per_s)
    outdoor, wind = (each[: days * per_day].reshape(days, per_day, -1) for each in tables)
    return outdoor, wind


def _day_times(case: Case) -> Times:
    """Return the middle of every day that the snapshots touch, counted from the first."""
    times, per_day = case.network.snapshots, round(24.0 / case.network.step_hours)
    days = -(-len(times) // per_day)
    return np.asarray(times[0] + _NOON + np.arange(days) * np.timedelta64(1, "D"))


def _harmonics(days: Times) -> Floats:
    """Return 1, and a year's wave and its half at each day, (days, 5)."""
    first = days[0].astype("datetime64[Y]")
    angle = 2 * np.pi * ((days - first) / np.timedelta64(1, "D")) / _A_YEAR
    waves = [wave(k * angle) for k in (1, 2) for wave in (np.cos, np.sin)]
    return np.stack([np.ones(len(days)), *waves], axis=1)


def _persistence(left: Floats) -> tuple[float, Floats]:
    """Return the correlation with the day before, and between regions, of (days, regions)."""
    lags = (left[1:] * left[:-1]).mean(axis=0)
    together = left.T @ left / len(left)
    np.fill_diagonal(together, 1.0)
    return float(np.clip(lags.mean(), 0.0, 0.99)) if left.size else 0.0, together


def _months(normals: Normals, days: Times) -> tuple[Ints, Floats]:
    """Return the months that touch the season and have normals, and weights of days in them."""
    first, last = (days[at].astype("datetime64[M]").astype(np.int64) for at in (0, -1))
    whole = np.arange(int(first), int(last) + 1)
    whole = whole[np.isfinite(normals.mean_degc[whole % 12]).all(axis=1)]
    return whole, _straight(whole, days)


def _by_month(months: Ints) -> Floats:
    """Return what whole months have of the values at their middles, (months, months)."""
    rows = []
    for month in months.tolist():
        first, after = (np.datetime64(month + k, "M").astype("datetime64[D]") for k in (0, 1))
        count = (after - first).astype(np.int64)
        days = np.repeat(first.astype("datetime64[s]"), count)
        days += np.arange(count) * np.timedelta64(1, "D") + _NOON
        rows.append(_straight(months, days).mean(axis=0))
    return np.stack(rows)


def _straight(months: Ints, days: Times) -> Floats:
    """Return the weights of the middles of months on straight lines at days, (days, months)."""
    ends = months.astype("datetime64[M]"), (months + 1).astype("datetime64[M]")
    begin, end = (each.astype("datetime64[s]").astype(np.float64) for each in ends)
    at = days.astype("datetime64[s]").astype(np.float64)
    middles, one = (begin + end) / 2, np.eye(len(months))
    return np.stack([np.interp(at, middles, row) for row in one], axis=1)


def _swing(case: Case, normals: Normals, days: Times, own: Floats) -> Floats:
    """Return a cosine of the normals' swing for each known day, or its own hours without it."""
    half = normals.diurnal_k
    if not np.nan_to_num(half).any():
        return own
    times, per_day = case.network.snapshots, own.shape[1]
    # The same hour in the middle of the season: the winter's clock.
    begin = local_time(times[len(times) // 2 // per_day * per_day], case.time_zone)
    hour = begin.hour + begin.minute / 60 + np.arange(per_day) * case.network.step_hours
    shape = np.cos(2 * np.pi * (hour - _WARMEST_HOUR) / 24.0)
    shape -= shape.mean()
    month = days.astype("datetime64[M]").astype(np.int64) % 12
    return np.asarray(half[month][:, None] * shape[:, None])
