"""weather_years.csv and normals.csv: what is read, and what is said of mistakes in them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from keepwarm.case.climate_tables import day_of_year
from keepwarm.case.read import check_case, read_case

YEARS = "winter,time,region,outdoor_degc,wind_m_per_s\n"
NORMALS = "month,region,mean_degc,daily_sd_k,diurnal_k,source\n"
#: The small case has three hours from 1 January 2026 00:00 UTC, and regions north and south.
OLD = "".join(f"2010/11,2011-01-01T0{hour}:00Z,*,{-10 - hour},{hour}\n" for hour in range(3))
MILD = "".join(f"2006/07,2007-01-01T0{hour}:00Z,*,{5 + hour},\n" for hour in range(3))


def years(small: Path, rows: str) -> Path:
    (small / "weather_years.csv").write_text(YEARS + rows, encoding="utf-8")
    return small


def normals(small: Path, rows: str) -> Path:
    (small / "normals.csv").write_text(NORMALS + rows, encoding="utf-8")
    return small


def test_days_have_the_same_number_in_all_years() -> None:
    days = ["2023-02-28", "2023-03-01", "2024-02-29", "2024-03-01", "2023-12-31", "2024-12-31"]
    assert day_of_year(np.array(days, "datetime64[s]")).tolist() == [58, 60, 59, 60, 365, 365]


def test_winters_lie_on_the_snapshots_of_the_same_date(small) -> None:
    own = "2010/11,2011-01-01T01:00Z,south,-20,9\n2010/11,2011-02-01T00:00Z,*,3,\n"
    winters = read_case(years(small, own + MILD + OLD)).winters
    assert winters.name == ("2010/11", "2006/07")
    assert winters.outdoor_degc[0].tolist() == [[-10, -10], [-11, -20], [-12, -12]]
    assert winters.wind_m_per_s[0].tolist() == [[0, 0], [1, 9], [2, 2]]
    assert winters.outdoor_degc[1].tolist() == [[5, 5], [6, 6], [7, 7]]


def test_a_case_without_the_tables_has_none(small) -> None:
    case = read_case(small)
    assert case.winters is None
    assert case.normals is None


def test_29_february_has_the_weather_of_the_28th_where_there_is_none(small) -> None:
    """The same three hours at the end of a February in a leap year."""
    for path in small.rglob("*"):
        if path.suffix in (".csv", ".toml"):
            text = path.read_text(encoding="utf-8")
            text = text.replace("2026-01-01 00", "2024-02-28 23").replace("T00:00", "T23:00")
            text = text.replace("2026-01-01 01", "2024-02-29 23").replace("T01:00", "T23:00")
            path.write_text(text, encoding="utf-8")
    snapshots = ",snapshot\n0,2024-02-28 00:00:00\n1,2024-02-29 00:00:00\n2,2024-03-01 00:00:00\n"
    (small / "network" / "snapshots.csv").write_text(snapshots, encoding="utf-8")
    (small / "network" / "generators-p_max_pu.csv").unlink()
    sky = "".join(f"{day}T00:00Z,-5,3\n" for day in ("2024-02-28", "2024-02-29", "2024-03-01"))
    (small / "weather.csv").write_text("time,outdoor_degc,wind_m_per_s\n" + sky, encoding="utf-8")
    toml = (small / "case.toml").read_text(encoding="utf-8")
    toml = toml.replace("2026-01-01T23:00:00Z", "2024-02-28T00:00:00Z").replace(
        "hours = 3", "hours = 72"
    )
    (small / "case.toml").write_text(toml, encoding="utf-8")
    rows = "2010/11,2011-02-28T00:00Z,*,-4,1\n2010/11,2011-03-01T00:00Z,*,2,3\n"
    leap = "2011/12,2012-02-28T00:00Z,*,1,1\n2011/12,2012-02-29T00:00Z,*,7,7\n"
    leap += "2011/12,2012-03-01T00:00Z,*,2,2\n"
    winters = read_case(years(small, rows + leap)).winters
    assert winters.outdoor_degc[:, :, 0].tolist() == [[-4, -4, 2], [1, 7, 2]]
    assert winters.wind_m_per_s[0, :, 1].tolist() == [1, 1, 3]


def test_normals_are_read_by_month_and_region(small) -> None:
    rows = "1,*,-4.7,5,2.5,published\n1,south,-3,4,,\n7,*,20,3,5,\n"
    found = read_case(normals(small, rows)).normals
    assert found.mean_degc[0].tolist() == [-4.7, -3]
    assert found.daily_sd_k[0].tolist() == [5, 4]
    assert found.diurnal_k[0].tolist() == [2.5, 0]
    assert found.source == "published"
    assert np.isnan(found.mean_degc[1]).all()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            OLD + MILD[: MILD.index("2006/07,2007-01-01T02")],
            (
                "weather_years.csv time: winter '2006/07' lacks 1 of 3 hours of the case, the "
                "first 01-01T02:00Z of 'north'; expected every hour of the season"
            ),
        ),
        (
            OLD + "2010/11,2011-01-01T02:00Z,*,4,\n",
            (
                "weather_years.csv:5 time: 2011-01-01T02:00Z of '*' is there twice, first in "
                "line 4; expected each hour once"
            ),
        ),
        (
            OLD + "2010/11,2011-01-01T02:00Z,nort,4,\n",
            "weather_years.csv:5 region: 'nort' is no region of this case. Did you mean 'north'?",
        ),
        (
            OLD.replace("-12,2", "-120,2"),
            "weather_years.csv:4 outdoor_degc: -120 degC is out of range; expected -70 to 45 degC",
        ),
    ],
)
def test_mistakes_in_winters_are_named(small, rows: str, expected: str) -> None:
    assert [str(fault) for fault in check_case(years(small, rows))] == [expected]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            "2,*,-4,5,,\n",
            (
                "normals.csv month: region 'north' has no normals of month 1; "
                "expected every month of the snapshots"
            ),
        ),
        (
            "1,*,-4,5,,\n1,*,-3,5,,\n",
            (
                "normals.csv:3 month: month 1 of '*' is there twice, first in line 2; "
                "expected each month once"
            ),
        ),
        ("1,*,-4,5,,\n1.5,*,-4,5,,\n", "normals.csv:3 month: 1.5 is no month; expected 1 to 12"),
        (
            "1,*,-4,-5,,\n",
            "normals.csv:2 daily_sd_k: -5 K is negative; expected 0 to 20 K",
        ),
    ],
)
def test_mistakes_in_normals_are_named(small, rows: str, expected: str) -> None:
    assert expected in [str(fault) for fault in check_case(normals(small, rows))]
