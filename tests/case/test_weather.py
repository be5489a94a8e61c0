"""Weather: a forecast's spread, a forecast that ends early, mistakes in copies of the town."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from keepwarm.case.read import check_case, inspect_case, read_case
from keepwarm.commands.main import main
from keepwarm.damage import read_damage
from keepwarm.errors import InputError
from keepwarm.runs.run import run

HEADER = "time,region,outdoor_degc,wind_m_per_s,outdoor_low_degc,outdoor_high_degc\n"
Rows = list[list[str]]


@pytest.fixture
def town(tmp_path: Path, examples: Path) -> Path:
    return Path(shutil.copytree(examples / "town", tmp_path / "town"))


def edit(town: Path, change: Callable[[Rows], Rows], file: str = "weather.csv") -> Path:
    """Change the rows of one table below its header."""
    path = town / file
    with path.open(encoding="utf-8", newline="") as text:
        header, *rows = csv.reader(text)
    with path.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text, lineterminator="\n").writerows([header, *change(rows)])
    return town


def as_degc(town: Path, change: Callable[[float], float]) -> Path:
    return edit(
        town, lambda rows: [[*row[:2], f"{change(float(row[2])):g}", row[3]] for row in rows]
    )


def called(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def faults(town: Path) -> list[str]:
    return [str(fault) for fault in check_case(town)]


def warnings(town: Path) -> list[str]:
    return [str(warning) for warning in inspect_case(town).warnings]


# -- a forecast with spread ----------------------------------------------------------------


def test_a_spread_is_read_and_is_nil_where_it_is_empty(small):
    rows = "2026-01-01T00:00Z,*,-5,3,,\n2026-01-01T01:00Z,*,-6,3,-8,-5\n"
    rows += "2026-01-01T02:00Z,*,-7,4,-11,-4\n"
    (small / "weather.csv").write_text(HEADER + rows, encoding="utf-8")
    weather = read_case(small).weather
    assert weather.outdoor_low_degc[:, 1].tolist() == [-5, -8, -11]
    assert weather.outdoor_degc[:, 1].tolist() == [-5, -6, -7]
    assert weather.outdoor_high_degc[:, 1].tolist() == [-5, -5, -4]


def test_without_a_spread_all_three_are_the_same(small):
    weather = read_case(small).weather
    np.testing.assert_array_equal(weather.outdoor_low_degc, weather.outdoor_degc)
    np.testing.assert_array_equal(weather.outdoor_high_degc, weather.outdoor_degc)


def test_a_regions_own_row_brings_its_own_spread(small):
    rows = "".join(f"2026-01-01T0{hour}:00Z,*,-5,3,-9,-2\n" for hour in range(3))
    rows += "2026-01-01T01:00Z,south,-4,3,,\n"
    (small / "weather.csv").write_text(HEADER + rows, encoding="utf-8")
    weather = read_case(small).weather
    assert weather.outdoor_low_degc[1].tolist() == [-9, -4]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (
            "-4,-2",
            (
                "weather.csv:2 outdoor_degc: -4, -5, -2 are not in order; "
                "expected outdoor_low_degc <= outdoor_degc <= outdoor_high_degc"
            ),
        ),
        (
            "-9,-6",
            (
                "weather.csv:2 outdoor_degc: -9, -5, -6 are not in order; "
                "expected outdoor_low_degc <= outdoor_degc <= outdoor_high_degc"
            ),
        ),
        (
            "-9,",
            (
                "weather.csv:2 outdoor_high_degc: the other end stands alone; "
                "expected both ends of the forecast or none"
            ),
        ),
    ],
)
def test_a_spread_must_hold_the_central_value(small, cells, expected):
    rows = f"2026-01-01T00:00Z,*,-5,3,{cells}\n"
    rows += "2026-01-01T01:00Z,*,-6,3,,\n2026-01-01T02:00Z,*,-7,4,,\n"
    (small / "weather.csv").write_text(HEADER + rows, encoding="utf-8")
    assert faults(small) == [expected]


# -- a forecast that ends early ------------------------------------------------------------


def test_a_forecast_that_ends_early_names_its_last_hour_and_a_length_that_works(town):
    edit(town, lambda rows: rows[:100])
    done = called("check", town)
    assert done.exit_code == 1
    assert done.stdout.splitlines()[0] == (
        "weather.csv time: ends with 2026-01-12T03:00Z; 240 h from 2026-01-08T00:00Z go past that; "
        "expected weather up to the end, or --hours 100"
    )
    case = read_case(town)
    with pytest.raises(InputError, match="--hours 100"):
        run(case, start=case.start)
    with pytest.raises(InputError, match="--hours 90"):
        run(case, start=case.start + np.timedelta64(10, "h"), hours=91)
    assert run(case, start=case.start, hours=100).answers["hours"] == 100


def test_beyond_its_end_a_forecast_holds_the_mean_of_its_last_day(town):
    edit(town, lambda rows: rows[:100])
    weather = read_case(town).weather
    assert weather.known == 100
    with (town / "weather.csv").open(encoding="utf-8") as text:
        last_day = [float(row["outdoor_degc"]) for row in csv.DictReader(text)][-24:]
    np.testing.assert_allclose(weather.outdoor_degc[100:], sum(last_day) / 24)


def test_a_case_whose_own_run_is_covered_is_no_fault_but_told(town):
    edit(town, lambda rows: rows[:100])
    toml = town / "case.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8").replace("hours = 240", "hours = 100"), encoding="utf-8"
    )
    done = called("check", town)
    assert done.exit_code == 0
    assert (
        "warning: weather.csv time: ends with 2026-01-12T03:00Z: "
        "100 of 240 snapshots are covered, no run goes past them"
    ) in done.stderr


def test_hours_missing_in_the_middle_are_a_fault(town):
    edit(town, lambda rows: rows[:30] + rows[34:])
    assert faults(town) == [
        (
            "weather.csv time: region 'West': no row for 4 of 240 snapshots, "
            "the first 2026-01-09T06:00Z; expected every snapshot"
        )
    ]


# -- other scales --------------------------------------------------------------------------


def test_kelvin_is_named_with_what_it_would_be(town):
    as_degc(town, lambda degc: degc + 273.15)
    assert faults(town) == [
        (
            "weather.csv:2 to 241 outdoor_degc: 240 cells, the first: 261.15 degC: "
            "reads like kelvin: 261.15 K would be -12 degC; expected -70 to 45 degC"
        )
    ]


def test_fahrenheit_above_what_degc_can_be_is_named(town):
    as_degc(town, lambda degc: (degc + 25) * 1.8 + 32)
    found = faults(town)
    assert len(found) == 1
    assert "reads like Fahrenheit: 55.4 F would be 13 degC" in found[0]


def test_a_fahrenheit_winter_within_the_range_of_degc_is_a_warning(town):
    as_degc(town, lambda degc: (degc + 5) * 1.8 + 32)  # a mean of -5 degC
    assert faults(town) == []
    assert warnings(town) == [
        (
            "weather.csv outdoor_degc: a mean of 23.0 degC in December to February in "
            "region 'West': if this is Fahrenheit, it would be -5.0 degC"
        )
    ]
    as_degc(town, lambda degc: (degc - 32) / 1.8)
    assert warnings(town) == []


@pytest.mark.parametrize(
    ("zone", "latitude", "told"),
    [("Europe/Kyiv", "", 1), ("Australia/Perth", "-32", 0), ("Asia/Almaty", "43", 1)],
)
def test_winter_is_told_by_time_zone_and_latitude(town, zone, latitude, told):
    edit(town, lambda rows: [[*row[:-1], latitude] for row in rows], "regions.csv")
    (town / "regions.geojson").unlink()  # its outlines stay where they were
    toml = town / "case.toml"
    text = toml.read_text(encoding="utf-8").replace("Europe/Kyiv", zone)
    toml.write_text(text, encoding="utf-8")
    as_degc(town, lambda _: 23.0)
    assert len(warnings(town)) == told


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("set_points.comfort_degc", "293.15", "kelvin: 293.15 K would be 20 degC"),
        ("set_points.comfort_degc", "68", "Fahrenheit: 68 F would be 20 degC"),
        ("circuit.supply_degc", "368.15", "kelvin: 368.15 K would be 95 degC"),
        ("circuit.supply_degc", "203", "Fahrenheit: 203 F would be 95 degC"),
        ("draining.outdoor_degc", "270.15", "kelvin: 270.15 K would be -3 degC"),
    ],
)
def test_a_setting_in_another_scale_is_named(town, setting, value, words):
    section, _, key = setting.partition(".")
    toml = town / "case.toml"
    text = toml.read_text(encoding="utf-8").replace("[circuit]\n", "[circuit]\n", 1)
    head = "" if section == "circuit" else f"[{section}]\n"
    place = "[circuit]\n" if section == "circuit" else "[circuit]"
    text = text.replace(
        place, f"{head}{key} = {value}\n{place}" if head else f"{place}{key} = {value}\n", 1
    )
    toml.write_text(text, encoding="utf-8")
    found = faults(town)
    assert len(found) == 1, found
    assert f"{setting}: {value} degC: reads like {words}" in found[0]


def test_an_observation_in_another_scale_is_named(town):
    state = "time,subject,quantity,value,source\n"
    state += "2026-01-09T00:00Z,East panel,indoor_degc,61,\n"
    group = read_case(town).buildings.group[0]
    (town / "state.csv").write_text(state.replace("East panel", group), encoding="utf-8")
    assert faults(town) == [
        (
            "state.csv:2 value: 61 degC: reads like Fahrenheit: 61 F would be 16.11 degC; "
            "expected -70 to 45 degC"
        )
    ]


# -- numbers that must not break a run -----------------------------------------------------


def test_mistakes_of_every_kind_come_at_once(town):
    as_degc(town, lambda degc: degc + 273.15)
    edit(town, lambda rows: [[*row[:5], "0", *row[6:]] for row in rows], "buildings.csv")
    found = faults(town)
    assert {line.partition(":")[0] for line in found} == {"weather.csv", "buildings.csv"}
    assert any(
        line.startswith("buildings.csv:2 floor_area_m2: 0 m2 is out of range; expected 1 to")
        for line in found
    ), found


@pytest.mark.parametrize("shift", [30.0, 50.0])
def test_warmer_outdoors_than_indoors_runs_without_heating_below_nothing(town, shift):
    as_degc(town, lambda degc: degc + shift)
    done = run(read_case(town), hours=48)
    answers, groups = done.answers, done.tables["groups"].to_pandas()
    assert answers["unserved_mwh"]["heat"] == pytest.approx(0.0, abs=1e-6)
    for column in groups.select_dtypes("number").columns:
        assert not np.isinf(groups[column]).any(), column
    heat = done.tables["steps"].to_pandas()
    heat = heat[heat.carrier == "heat"]
    assert (heat.need_mw >= 0).all()
    assert (heat.served_mw >= 0).all()
    assert all(each["by"]["low"] is None for each in answers["drain_deadlines"])


def without_pipes(rows: Rows) -> Rows:
    """Let nothing of archetype modern have a pipe: a bore of 0 is none."""
    pipes = ("radiator", "riser", "stairwell", "attic", "basement", "main")
    names = [f"{place}_pipe_bore_mm" for place in pipes]
    kept = [row for row in rows if row[0] != "modern" or not set(names) & set(row)]
    like = next(row for row in rows if row[0] == "modern" and names[0] in row)
    at = like.index(names[0])
    none = [[*like[:at], name, "mm", "0", "0", "0", "a test"] for name in names]
    return kept + none


def test_a_group_without_pipes_runs_and_has_no_deadline(town):
    edit(town, without_pipes, "archetypes.csv")
    assert faults(town) == []
    out = "time,asset,available\n"
    for asset in ("CHP unit", "CHP peak boiler", "Boiler house", "CHP network water"):
        out += f"2026-01-08T02:00Z,{asset},0\n"
    (town / "damage.csv").write_text(out, encoding="utf-8")
    case = read_case(town)
    done = run(case, read_damage(case, town / "damage.csv"), start=case.start, hours=96)
    deadlines = {each["group"]: each["by"] for each in done.answers["drain_deadlines"]}
    assert "West panel" in deadlines
    assert set(deadlines.get("West new", {}).values()) <= {None}
    groups = done.tables["groups"].to_pandas().set_index("group")
    assert groups.loc["West new", "frozen"] == 0
    assert groups.loc["West new", "drained_peak"] == 0  # there is nothing to drain
    assert groups.loc["West panel", "drained_peak"] > 0
    assert np.isnan(groups.loc["West new", "pipe_plug_low_hour"])
    assert np.isfinite(groups.loc["West panel", "pipe_plug_low_hour"])
