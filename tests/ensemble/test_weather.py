"""Weather of samples: winters as they were, and winters with the climate that was asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from keepwarm.case.climate import Normals, Winters
from keepwarm.case.nouns import Case, Floats
from keepwarm.case.read import read_case
from keepwarm.ensemble.climate import Climate, fitted_climate, seasonal_means, seasonal_spreads
from keepwarm.ensemble.weather import weather_drawn, winters_taken

EXAMPLES = Path(__file__).parents[2] / "examples"
DAYS, HOURS, REGIONS = 40, 24, 3


@pytest.fixture(scope="module")
def country() -> Case:
    return read_case(EXAMPLES / "country")


@pytest.fixture(scope="module")
def town() -> Case:
    case = read_case(EXAMPLES / "town")
    hours, regions = len(case.network.snapshots), len(case.regions)
    tables = np.random.default_rng(3).normal(size=(2, 4, hours, regions))
    return replace(case, winters=Winters(("a", "b", "c", "d"), *tables))


def known() -> Climate:
    """A climate with a wave of means and spreads, two regions alike but for their means."""
    wave = np.cos(np.arange(DAYS) / 7.0)[:, None]
    correlation = np.array([[1.0, 1.0, 0.4], [1.0, 1.0, 0.4], [0.4, 0.4, 1.0]])
    hours = 3.0 * np.cos(2 * np.pi * np.arange(HOURS) / HOURS)
    hourly = np.repeat(np.tile(hours[None, :, None], (DAYS, 1, REGIONS)), 1, axis=0)
    wind = np.tile(np.arange(DAYS)[:, None, None], (1, HOURS, REGIONS)).astype(float)
    means = wave + np.array([0.0, 2.0, -5.0])
    return Climate(means, 4 + np.tile(wave, REGIONS), 0.75, correlation, hourly, wind)


def test_a_sample_has_one_winter_from_end_to_end(town: Case) -> None:
    winters = town.winters
    assert winters is not None
    found = winters_taken(town, seed=5, samples=np.arange(400), first=24, steps=48)
    part = winters.outdoor_degc[:, 24:72]
    which = np.array([[np.array_equal(one, w) for w in part] for one in found.outdoor_degc])
    assert (which.sum(axis=1) == 1).all()
    taken = which.argmax(axis=1)
    np.testing.assert_array_equal(found.wind_m_per_s, winters.wind_m_per_s[taken, 24:72])
    # 400 draws of 4: each 100 +- 4.5 standard errors.
    assert (np.abs(np.bincount(taken) - 100) < 4.5 * np.sqrt(400 * 0.25 * 0.75)).all()


def test_blocks_of_days_come_from_winters_of_their_own(town: Case) -> None:
    winters = town.winters
    assert winters is not None
    samples, whole = np.arange(50), slice(0, 144)
    found = winters_taken(town, seed=5, samples=samples, first=0, steps=144, block_days=2)
    same = found.outdoor_degc[:, None] == winters.outdoor_degc[:, whole]
    assert same.any(axis=1).all()
    taken = same.all(axis=-1).argmax(axis=1)
    assert (np.diff(taken.reshape(50, 3, 48), axis=-1) == 0).all()
    assert (np.diff(taken.reshape(50, 3, 48)[:, :, 0], axis=-1) != 0).any()
    later = winters_taken(town, seed=5, samples=samples, first=30, steps=60, block_days=2)
    np.testing.assert_array_equal(later.outdoor_degc, found.outdoor_degc[:, 30:90])


def test_a_sample_has_its_weather_whatever_is_drawn_with_it(town: Case) -> None:
    args = {"seed": 2, "first": 3, "steps": 30}
    many, few = np.arange(20), np.array([17, 4])
    for draw in (
        lambda samples: winters_taken(town, samples=samples, block_days=1, **args),
        lambda samples: weather_drawn(known(), samples=samples, **args),
    ):
        whole, part = draw(many), draw(few)
        np.testing.assert_array_equal(part.outdoor_degc, whole.outdoor_degc[few])
        np.testing.assert_array_equal(part.wind_m_per_s, whole.wind_m_per_s[few])
        for t, step in enumerate(part.by_step()):
            np.testing.assert_array_equal(step.outdoor_degc, part.outdoor_degc[:, t])


def test_a_case_without_other_winters_says_so() -> None:
    with pytest.raises(ValueError, match=r"no weather_years.csv"):
        winters_taken(read_case(EXAMPLES / "town"), seed=1, samples=np.arange(1), first=0, steps=1)


def test_drawn_days_have_the_climate_s_moments() -> None:
    """Means, spreads, correlation with the day before and between regions, in 4,000 winters.

    Standard errors: of a mean s / sqrt(n), of a standard deviation s / sqrt(2 n), of the mean of
    products of two normals with correlation r sqrt((1 + r^2) / n).
    """
    climate, n = known(), 4000
    drawn = weather_drawn(climate, seed=1, samples=np.arange(n), first=0, steps=DAYS * HOURS)
    days = drawn.outdoor_degc.reshape(n, DAYS, HOURS, REGIONS).mean(axis=2)
    away = days - climate.mean_degc
    assert (np.abs(away.mean(axis=0)) < 4.5 * climate.sd_k / np.sqrt(n)).all()
    assert (np.abs(away.std(axis=0) / climate.sd_k - 1) < 4.5 / np.sqrt(2 * n)).all()
    z = away / climate.sd_k
    for apart in (1, 2, 5):
        lag = (z[:, :-apart] * z[:, apart:]).mean(axis=0)
        near = 4.5 * np.sqrt(1 + climate.lag ** (2 * apart)) / np.sqrt(n)
        np.testing.assert_allclose(lag, climate.lag**apart, atol=near)
    together = np.einsum("sdr,sdq->drq", z, z) / n
    np.testing.assert_allclose(
        together, np.tile(climate.correlation, (DAYS, 1, 1)), atol=4.5 * 1.42 / np.sqrt(n)
    )
    # Regions that go together do so exactly; hours add to nothing beside the day's mean.
    np.testing.assert_allclose(z[..., 0], z[..., 1], atol=1e-9)
    swing = drawn.outdoor_degc.reshape(n, DAYS, HOURS, REGIONS) - days[:, :, None]
    np.testing.assert_allclose(swing[7, 3], climate.hourly_k[0], atol=1e-9)


def test_hours_and_wind_are_those_of_a_day_of_about_the_date() -> None:
    drawn = weather_drawn(known(), seed=1, samples=np.arange(300), first=0, steps=DAYS * HOURS)
    day = drawn.wind_m_per_s.reshape(300, DAYS, HOURS, REGIONS)
    assert (np.ptp(day, axis=(2, 3)) == 0).all()
    taken = day[:, :, 0, 0]
    assert (np.abs(taken - np.arange(DAYS)) <= 15).all()
    assert set(taken[:, 20].tolist()) == set(range(5, 36))


def test_months_keep_their_normals() -> None:
    """Each whole month's mean of the days is its normal; the variance likewise."""
    rng = np.random.default_rng(1)
    normals = Normals(*rng.uniform(3, 9, (3, 12, 2)), "drawn")
    days = np.arange("2025-10-01", "2026-05-01", dtype="datetime64[D]").astype("datetime64[s]")
    days = days + np.timedelta64(12, "h")
    month = days.astype("datetime64[M]").astype(np.int64) % 12
    means, spreads = seasonal_means(normals, days), seasonal_spreads(normals, days)
    for m in (9, 10, 11, 0, 1, 2, 3):
        np.testing.assert_allclose(means[month == m].mean(axis=0), normals.mean_degc[m])
    assert np.abs(np.diff(means, axis=0)).max() < 1.5  # no jumps between months
    flat = replace(normals, daily_sd_k=np.full((12, 2), 5.0))
    np.testing.assert_allclose(seasonal_spreads(flat, days), 5.0)
    gentle = replace(normals, daily_sd_k=4 + 0.1 * rng.random((12, 2)))
    variance = seasonal_spreads(gentle, days) ** 2
    for m in (9, 0, 3):
        np.testing.assert_allclose(
            variance[month == m].mean(axis=0), gentle.daily_sd_k[m] ** 2, rtol=1e-9
        )
    assert (spreads >= 0).all()


def test_a_climate_is_found_again_in_winters_drawn_from_it(country: Case) -> None:
    """Fitted to one drawn winter of 180 days: lag within its standard error, correlation close."""
    assert country.weather is not None
    days = 180
    rng = np.random.default_rng(8)
    pushes = rng.normal(size=(days, 1)) * 0.8 + rng.normal(size=(days, 25)) * 0.6
    z = np.zeros((days, 25))
    for day in range(days):
        z[day] = pushes[day] if day == 0 else 0.7 * z[day - 1] + np.sqrt(1 - 0.49) * pushes[day]
    hourly = np.repeat(-3 + 4 * z, 24, axis=0)
    sky = replace(country.weather, outdoor_degc=hourly)
    found = fitted_climate(replace(country, weather=sky, normals=None))
    # One winter has few independent days: (1 + 0.7) / (1 - 0.7) hours of each, 180 / 5.7 = 32.
    assert found.lag == pytest.approx(0.7, abs=3 * np.sqrt((1 - 0.49) / days) + 0.08)
    others = found.correlation[~np.eye(25, dtype=bool)]
    assert others.mean() == pytest.approx(0.64, abs=0.3)
    np.testing.assert_allclose(found.sd_k.mean(), 4.0, rtol=0.35)
    np.testing.assert_allclose(found.mean_degc.mean(), hourly.mean(), atol=1e-9)
    np.testing.assert_allclose(found.hourly_k, 0.0, atol=1e-12)


def test_the_country_s_normals_are_kept(country: Case) -> None:
    """Two hundred winters of a region of examples/country: months have their published means."""
    climate, steps = fitted_climate(country), len(country.network.snapshots)
    n = 200
    drawn = weather_drawn(climate, seed=4, samples=np.arange(n), first=0, steps=steps)
    month = country.network.snapshots.astype("datetime64[M]").astype(np.int64) % 12
    normals = country.normals
    assert normals is not None
    for m in (10, 11, 0, 1, 2):
        mean = drawn.outdoor_degc[:, month == m, :].mean(axis=1)
        near = 4.5 * mean.std(axis=0) / np.sqrt(n)
        assert (np.abs(mean.mean(axis=0) - normals.mean_degc[m]) < near).all()
    assert 0.6 < climate.lag < 0.95
    assert _warmest(drawn.outdoor_degc.mean(axis=(0, 2))) == 12  # 14:00 by the clock in Kyiv


def _warmest(series: Floats) -> int:
    return int(series[: 24 * 120].reshape(-1, 24).mean(axis=0).argmax())


def test_too_little_weather_is_refused() -> None:
    case = read_case(EXAMPLES / "town")
    assert case.weather is not None
    with pytest.raises(ValueError, match=r"\d+ whole days of weather are too few"):
        fitted_climate(replace(case, weather=replace(case.weather, known=200)))
    with pytest.raises(ValueError, match="make up a day"):
        fitted_climate(replace(case, network=replace(case.network, step_hours=5.0)))
