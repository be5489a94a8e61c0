"""The rebuilt weather of the capital against the published facts of January 2026."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
LOCAL = ZoneInfo("Europe/Kyiv")


@pytest.fixture(scope="module")
def degc() -> dict[datetime, float]:
    with (EXAMPLES / "capital" / "weather.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {datetime.fromisoformat(row["time"]): float(row["outdoor_degc"]) for row in rows}


def january(degc: dict[datetime, float]) -> dict[datetime, float]:
    return {time: value for time, value in degc.items() if time.month == 1}


def on_local_day(degc: dict[datetime, float], month: int, day: int) -> dict[int, float]:
    """Return local hour -> temperature of one local day."""
    local = {time.astimezone(LOCAL): value for time, value in degc.items()}
    return {t.hour: value for t, value in local.items() if (t.month, t.day) == (month, day)}


def test_every_hour_of_two_months_is_there_once(degc: dict[datetime, float]) -> None:
    times = list(degc)
    assert len(times) == 1416
    assert {after - before for before, after in pairwise(times)} == {timedelta(hours=1)}
    assert times[0] == datetime.fromisoformat("2026-01-01T00:00Z")


def test_january_has_the_station_mean(degc: dict[datetime, float]) -> None:
    """RBC-Ukraine, 4 February 2026: mean of January -7.6 degC."""
    values = january(degc).values()
    assert sum(values) / len(values) == pytest.approx(-7.6, abs=0.05)


def test_the_lowest_of_january_falls_on_the_morning_of_the_18th(
    degc: dict[datetime, float],
) -> None:
    """RBC-Ukraine, 4 February 2026: -16.5 degC on the morning of 18 January."""
    month = january(degc)
    lowest = [time for time, value in month.items() if value == min(month.values())]
    assert min(month.values()) == -16.5
    assert {(t.astimezone(LOCAL).day) for t in lowest} == {18}
    assert all(5 <= t.astimezone(LOCAL).hour <= 9 for t in lowest)


def test_the_highest_of_january_falls_on_the_4th(degc: dict[datetime, float]) -> None:
    """RBC-Ukraine, 4 February 2026: 1.1 degC on 4 January."""
    month = january(degc)
    highest = [time for time, value in month.items() if value == max(month.values())]
    assert max(month.values()) == 1.1
    assert {(t.astimezone(LOCAL).day) for t in highest} == {4}


@pytest.mark.parametrize(
    ("day", "part", "published"),
    [
        (9, "day", -6.0),
        (10, "night", -12.0),
        (10, "day", -10.0),
        (14, "night", -16.0),
        (14, "day", -11.0),
    ],
)
def test_forecasts_for_single_days_hold(
    degc: dict[datetime, float], day: int, part: str, published: float
) -> None:
    """UkrHMC via Glavcom and Interfax-Ukraine: the middle of a range of 2 degC."""
    hours = on_local_day(degc, 1, day)
    found = hours[14] if part == "day" else hours[7]
    assert found == pytest.approx(published, abs=1.0)


def test_february_returns_to_its_normal(degc: dict[datetime, float]) -> None:
    """Climate normal of February for the station: -3.6 degC."""
    later = [value for time, value in degc.items() if (time.month, time.day) >= (2, 8)]
    assert sum(later) / len(later) == pytest.approx(-3.6, abs=0.05)


def test_days_are_warmer_than_their_nights(degc: dict[datetime, float]) -> None:
    """The diurnal shape is in local time: coldest about 7, warmest about 14 o'clock."""
    days = [on_local_day(degc, 1, day) for day in range(2, 32)]
    assert all(hours[14] > hours[7] for hours in days)


def test_the_three_days_are_10_below_or_colder_throughout(degc: dict[datetime, float]) -> None:
    with (EXAMPLES / "capital" / "three_days.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    (start, end) = {(row["time"], row["until"]) for row in rows}.pop()
    first, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
    assert {(row["time"], row["until"]) for row in rows} == {(start, end)}
    assert last - first == timedelta(hours=72)
    inside = [value for time, value in degc.items() if first <= time < last]
    assert max(inside) <= -10.0
    assert datetime.fromisoformat("2026-01-18T00:00Z") - last >= timedelta(hours=72)
