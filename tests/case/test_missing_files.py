"""A file that is missing or misnamed is said, because the answer would lack a part without it."""

import shutil

import pytest
from click.testing import CliRunner

from keepwarm.case.read import check_case, inspect_case
from keepwarm.commands.main import main

STATE = "time,subject,quantity,value,source\n2026-01-01T00:00Z,g1,indoor_degc,17,x\n"
DAMAGE = "time,asset,available,until,source,confidence\n2026-01-01T00:00Z,tank,0,,,\n"
NOBODY = "nothing reads this file"


def warnings(root):
    return [str(warning) for warning in inspect_case(root).warnings]


def add(root, name, text="a,b\n1,2\n"):
    (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize("example", ["town", "capital"])
def test_the_examples_are_without_faults_and_warnings(examples, example):
    checked = inspect_case(examples / example)
    assert (checked.faults, checked.warnings) == ((), ())


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("State.csv", "state.csv"),
        ("damge.csv", "damage.csv"),
        ("wether.csv", "weather.csv"),
        ("region.geojson", "regions.geojson"),
        ("network/line.csv", "lines.csv"),
        ("network/storage-units.csv", "storage_units.csv"),
        ("network/weather.csv", ""),
        ("results.xlsx", ""),
    ],
)
def test_a_file_that_nothing_reads(small, name, near):
    expected = f"{name}: {NOBODY}" + (f". Did you mean '{near}'?" if near else "")
    text = DAMAGE if name == "damge.csv" else STATE
    assert warnings(add(small, name, text)) == [expected]


@pytest.mark.parametrize(
    "name", ["README.md", "README", "notes.md", "map.geojson", ".gitignore", "network/README.txt"]
)
def test_what_is_for_people_is_no_stray_file(small, name):
    assert warnings(add(small, name)) == []


def test_a_second_damage_list_is_no_stray_file(small):
    add(small, "damage.csv", DAMAGE)
    assert warnings(add(small, "damage2.csv", DAMAGE)) == []
    assert warnings(add(small, "three_days.csv", DAMAGE)) == []


def test_pypsas_own_results_are_no_stray_files(small):
    for name in ("generators-p.csv", "network.csv", "meta.json", "sub_networks.csv"):
        add(small, f"network/{name}", ",import\n0,1\n1,1\n2,1\n")
    assert warnings(small) == []


@pytest.mark.parametrize("name", [None, "building.csv", "Buildings.csv"])
def test_homes_without_buildings_csv_are_a_fault(small, name):
    path = small / "buildings.csv"
    path.rename(small / name) if name else path.unlink()
    faults = [str(fault) for fault in check_case(small)]
    assert faults[0] == (
        "buildings.csv: no such file; archetypes.csv and weather.csv are here, buildings.csv is "
        "not: nothing could be said about homes"
    )
    if name:
        assert warnings(small) == [f"{name}: {NOBODY}. Did you mean 'buildings.csv'?"]


def test_weather_alone_is_a_fault_too(small):
    (small / "archetypes.csv").unlink()
    (small / "buildings.csv").unlink()
    assert "weather.csv is here, buildings.csv is not" in str(check_case(small)[0])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("generators.csv", "nothing produces"),
        ("lines.csv", "nothing joins the power buses"),
    ],
)
def test_a_missing_table_of_the_network(small, name, words):
    (small / "network" / name).unlink()
    for series in (small / "network").glob(f"{name[:-4]}-*.csv"):
        series.unlink()
    found = [line for line in warnings(small) if line.startswith(f"network/{name}: no such file")]
    assert len(found) == 1
    assert words in found[0]


def test_loads_that_ask_for_nothing(small, change):
    change("network/loads.csv", "homes,b,5,", "homes,b,,")
    assert warnings(small) == []
    (small / "network" / "loads-p_set.csv").unlink()
    assert warnings(small) == [
        (
            "network/loads.csv p_set: 'homes' never needs anything: p_set is 0 and loads-p_set.csv "
            "is not there"
        )
    ]


def test_a_case_without_case_toml(small):
    (small / "case.toml").unlink()
    assert warnings(small) == [
        "case.toml: no such file: every setting has its default and times are shown in UTC"
    ]


def test_a_folder_with_a_network_alone_needs_no_case_toml(small, tmp_path):
    shutil.copytree(small / "network", tmp_path / "alone" / "network")
    assert warnings(tmp_path / "alone") == []
    assert warnings(small / "network") == []


def test_check_prints_the_warning_on_stderr(small):
    done = CliRunner().invoke(main, ["check", str(add(small, "State.csv", STATE))])
    assert done.exit_code == 0
    assert f"warning: State.csv: {NOBODY}. Did you mean 'state.csv'?" in done.stderr
    assert "No faults. 1 warning." in done.stdout


def test_observations_are_not_held_against_homes_that_are_missing(small):
    add(small, "state.csv", STATE)
    (small / "buildings.csv").unlink()
    assert [fault.file for fault in check_case(small)] == ["buildings.csv"]


def test_days_of_constant_loads(examples, tmp_path):
    shutil.copytree(examples / "town", tmp_path / "town")
    (tmp_path / "town" / "network" / "loads-p_set.csv").unlink()
    assert warnings(tmp_path / "town") == [
        "network/loads-p_set.csv: no such file: every load needs the same in all 240 snapshots"
    ]
    assert warnings(tmp_path / "town" / "network") == []
