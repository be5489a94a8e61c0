"""``keepwarm brief`` with formats: what it writes where, on a run of the town."""

from __future__ import annotations

import json
import zipfile

import duckdb
import geojson
import numpy as np
import openpyxl
import pytest
from click.testing import CliRunner
from shapely.geometry import shape

from keepwarm.case.read import read_case
from keepwarm.commands.main import main
from keepwarm.damage import read_damage
from keepwarm.errors import InputError
from keepwarm.exchange.hand_over import handed_over, write_hand_over
from keepwarm.exchange.schedules import read_schedule
from keepwarm.runs.folder import read_run, write_run
from keepwarm.runs.run import run as walk
from tests.exchange.test_run_calendar import planned


@pytest.fixture(scope="module")
def folder(examples, tmp_path_factory):
    """The town over 36 h of its damage."""
    case = read_case(examples / "town")
    damage = read_damage(case, examples / "town" / "damage.csv")
    out = tmp_path_factory.mktemp("town") / "run"
    write_run(walk(case, damage, start="2026-01-09T00:00:00", hours=36.0), out)
    return out


def brief(*arguments: object):
    return CliRunner().invoke(main, ["brief", *map(str, arguments)])


def test_every_format_has_its_place_in_the_run_folder(folder):
    for form, name in (
        ("geojson", "regions.geojson"),
        ("hxl", "regions_hxl.csv"),
        ("cap", "alerts"),
        ("xlsx", "tables.xlsx"),
        ("parquet", "tables.zip"),
        ("ics", "calendars"),
    ):
        done = brief(folder, "--format", form)
        assert done.exit_code == 0, done.output
        assert done.output.startswith(f"Written to {folder / name}")
        assert (folder / name).exists()
    assert not (folder / "brief.html").exists()


def test_numbers_of_regions_add_up_to_the_answers(folder, tmp_path):
    assert brief(folder, "--format", "geojson", "--out", tmp_path / "r.json").exit_code == 0
    features = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["features"]
    answers = read_run(folder).answers
    for degc, hours in answers["people_hours_below_degc"].items():
        name = f"people_hours_below_{degc}_degc_central"
        assert np.isclose(sum(f["properties"][name] for f in features), hours)
    for service, hours in answers["people_hours_without"].items():
        name = f"people_hours_without_{service}"
        assert np.isclose(sum(f["properties"][name] for f in features), hours)
    assert answers["people_hours_below_degc"]["18"] > 0


def test_the_workbook_has_the_answers_of_the_run(folder, tmp_path):
    assert brief(folder, "--xlsx", tmp_path / "t.xlsx").exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    rows = dict(row[:2] for row in book["answers"].iter_rows(min_row=3, values_only=True))
    found = read_run(folder)
    assert rows["people_hours_without.heat"] == found.answers["people_hours_without"]["heat"]
    for name, table in found.tables.items():
        assert book[name].max_row == table.num_rows + 2, name


def test_the_archive_of_tables_is_a_run_folder(folder, tmp_path):
    assert brief(folder, "--format", "parquet", "--out", tmp_path / "t.zip").exit_code == 0
    with zipfile.ZipFile(tmp_path / "t.zip") as archive:
        archive.extractall(tmp_path / "run")
    for name, table in read_run(folder).tables.items():
        rows = duckdb.sql(f"select count(*) from '{tmp_path}/run/{name}.parquet'").fetchall()
        assert rows == [(table.num_rows,)]
    assert read_run(tmp_path / "run").answers == read_run(folder).answers


def test_outlines_of_the_town_are_handed_on(folder, examples):
    given = json.loads((examples / "town" / "regions.geojson").read_text())["features"]
    found = geojson.loads(handed_over(read_run(folder), "geojson")["regions.geojson"])
    assert found.is_valid
    for one, other in zip(found.features, given, strict=True):
        assert shape(one.geometry).equals(shape(other["geometry"]))


def test_power_cuts_are_read_again_as_the_plan_has_them(folder, tmp_path):
    run = planned(read_run(folder))
    for form, name in (("outage-data-ua", "c.json"), ("yasno", "y.json"), ("csv", "c.csv")):
        write_hand_over(run, form, tmp_path / name)
        table = read_schedule(tmp_path / name, "Europe/Kyiv")
        first = (np.datetime64("2026-01-08T00:00:00") - table.start) // np.timedelta64(30, "m")
        assert np.flatnonzero(table.off[table.groups.index("1.1")]).tolist() == [
            first + slot for slot in (4, 5, 6, 7)
        ]


@pytest.mark.parametrize("form", ["outage-data-ua", "yasno", "csv"])
def test_a_run_without_a_rotation_has_no_schedule(folder, form):
    done = brief(folder, "--format", form)
    assert done.exit_code == 1
    assert "this run has no rotation" in done.output


def test_an_unknown_format_is_named(folder):
    with pytest.raises(InputError, match="Did you mean 'geojson'"):
        handed_over(read_run(folder), "geo-json")


def test_calendars_never_replace_what_is_none(folder, tmp_path):
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "mine.txt").write_text("mine")
    done = brief(folder, "--format", "ics", "--out", tmp_path / "c")
    assert done.exit_code == 1
    assert (tmp_path / "c" / "mine.txt").read_text() == "mine"


def test_alerts_of_the_town_count_as_the_answers_do(folder, tmp_path):
    assert brief(folder, "--format", "cap", "--out", tmp_path / "alerts").exit_code == 0
    answers = read_run(folder).answers
    regions = {row["region"] for row in (*answers["drain_deadlines"], *answers["warming_points"])}
    assert regions
    assert len(list((tmp_path / "alerts").iterdir())) == len(regions)


def test_out_without_a_format_is_a_usage_error(folder, tmp_path):
    done = brief(folder, "--out", tmp_path / "x")
    assert done.exit_code == 2
    assert "--out goes with --format" in done.output


def test_a_folder_that_is_not_there_is_named(folder, tmp_path):
    done = brief(folder, "--format", "hxl", "--out", tmp_path / "none" / "x.csv")
    assert done.exit_code == 2
    assert "there is no folder" in done.output
