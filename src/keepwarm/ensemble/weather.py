"""Weather of samples: winters of other years, or drawn from a climate; streams keyed by sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from keepwarm.case.nouns import Case, Floats, Ints
from keepwarm.ensemble.climate import Climate
from keepwarm.season.drawn import SampleWeather
from keepwarm.streams import Source, stream

#: Days around a date among which the hours of a day are drawn, to either side.
NEAR_DAYS = 15


@dataclass(frozen=True)
class WeatherSeries:
    """The weather of some samples over their season, each of shape (samples, steps, regions)."""

    outdoor_degc: Floats
    wind_m_per_s: Floats

    def by_step(self) -> Iterator[SampleWeather]:
        """Yield the weather step after step, as `keepwarm.season.drawn.Drawn` takes it."""
        for t in range(self.outdoor_degc.shape[1]):
            yield SampleWeather(
                np.ascontiguousarray(self.outdoor_degc[:, t]),
                np.ascontiguousarray(self.wind_m_per_s[:, t]),
            )


def winters_taken(
    case: Case, *, seed: int, samples: Ints, first: int, steps: int, block_days: int = 0
) -> WeatherSeries:
    """Take winters of other years at random.

    Parameters
    ----------
    case
        With `weather_years.csv`.
    seed
        Of the run.
    samples
        Shape (samples,): their numbers.
    first, steps
        Row of the case's snapshots where the season starts, and its length.
    block_days
        0: a sample has one winter from its first day to its last. Else the days of a season, in
        blocks of so many, each come from a winter of their own: more winters than there are,
        with jumps between blocks and without spells that last longer.

    Returns
    -------
    WeatherSeries
        All regions of a winter together; dates stay where they are.

    Raises
    ------
    ValueError
        Without winters of other years.

    **Source**: bootstrap; in blocks after Kuensch, Annals of Statistics 17(3), 1989 (blocks that
    begin at fixed dates, since a season is not stationary).
    **Leaves out**: a climate that has changed since those years.
    """
    winters = case.winters
    if winters is None:
        raise ValueError(f"case {case.name} has no weather_years.csv to take winters from")
    per_day, rows = round(24.0 / case.network.step_hours), np.arange(first, first + steps)
    blocks = rows // (per_day * block_days) if block_days else np.zeros(steps, dtype=np.int64)
    count, taken = len(case.network.snapshots), []
    for sample in samples.tolist():
        random = stream(seed, sample, Source.WEATHER)
        # As many draws whatever part of the winter is walked.
        every = random.integers(len(winters.name), size=count)
        taken.append(every[blocks])
    which = np.array(taken, dtype=np.int64).reshape(len(samples), steps)
    return WeatherSeries(winters.outdoor_degc[which, rows], winters.wind_m_per_s[which, rows])


def weather_drawn(
    climate: Climate, *, seed: int, samples: Ints, first: int, steps: int
) -> WeatherSeries:
    """Draw winters from a climate.

    Parameters
    ----------
    climate
        From `keepwarm.ensemble.climate.fitted_climate`.
    seed, samples, first, steps
        As in `winters_taken`.

    Returns
    -------
    WeatherSeries
        Days have the climate's mean, spread, correlation with the day before and between regions;
        hours and winds are those of a known day within `NEAR_DAYS` of the date, all regions of
        the same.
    """
    days, regions = climate.mean_degc.shape
    known, per_day = climate.hourly_k.shape[:2]
    outdoor, wind = np.empty((2, len(samples), steps, regions))
    begins, spread = (np.arange(days) - NEAR_DAYS), _factor(climate.correlation)
    low = np.clip(begins, 0, max(known - 1, 0))
    high = np.clip(begins + 2 * NEAR_DAYS, 0, max(known - 1, 0))
    rows = np.arange(first, first + steps)
    day, step = rows // per_day, rows % per_day
    for at, sample in enumerate(samples.tolist()):
        random = stream(seed, sample, Source.WEATHER)
        departure = _departures(random.standard_normal((days, regions)) @ spread.T, climate.lag)
        alike = low + np.floor(random.random(days) * (high - low + 1)).astype(np.int64)
        means = climate.mean_degc + climate.sd_k * departure
        outdoor[at] = means[day] + climate.hourly_k[alike[day], step]
        wind[at] = climate.wind_m_per_s[alike[day], step]
    return WeatherSeries(outdoor, wind)


def _departures(pushes: Floats, lag: float) -> Floats:
    """Return a stationary series of unit spread, (days, regions), from what pushes it each day."""
    into = pushes * np.sqrt(1.0 - lag**2)
    into[0] = pushes[0]  # the first day is drawn from what days are like in the long run
    return np.asarray(lfilter([1.0], [1.0, -lag], into, axis=0))


def _factor(correlation: Floats) -> Floats:
    """Return F with F F' = correlation, which may be singular: regions with the same weather."""
    value, vector = np.linalg.eigh(correlation)
    return np.asarray(vector * np.sqrt(np.maximum(value, 0.0)))
