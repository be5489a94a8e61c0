"""``keepwarm check`` as a user meets it."""

import json

import pytest
from click.testing import CliRunner

from keepwarm.commands.main import main


def check(*arguments):
    return CliRunner().invoke(main, ["check", *map(str, arguments)])


def test_a_good_case_is_summed_up(small):
    done = check(small)
    assert done.exit_code == 0, done.output
    for words in ("Europe/Kyiv", "1,000", "2026-01-01T00:00Z to 2026-01-01T02:00Z", "No faults."):
        assert words in done.output


def test_json_of_a_good_case(small):
    document = json.loads(check(small, "--json").stdout)
    assert document["schema"] == 1
    assert document["ok"] is True
    assert document["faults"] == []
    summary = document["summary"]
    assert summary["people"] == 1000
    assert summary["counts"]["building groups"] == 2
    power = next(row for row in summary["carriers"] if row["carrier"] == "power")
    assert power["largest_need_mw"] == 8 + 1  # homes in the last hour and the ward
    assert power["generators_mw"] == 20
    assert power["links_mw"] == pytest.approx(30 * 0.3)
    heat = next(row for row in summary["carriers"] if row["carrier"] == "heat")
    assert heat["links_mw"] == pytest.approx(30 * 0.5 + 10 * 0.9)
    assert heat["stores_mwh"] == 40


def test_every_fault_and_exit_code_1(small, change):
    change("network/links.csv", "10,heat", "10,het")
    change("network/generators.csv", "a,20", "a,-20")
    done = check(small)
    assert done.exit_code == 1
    assert "'het' is no carrier of this case. Did you mean 'heat'?" in done.output
    assert "-20 MW is negative" in done.output
    assert "2 faults." in done.output
    assert "Traceback" not in done.output


def test_json_of_faults(small, change):
    change("network/links.csv", "10,heat", "10,het")
    done = check(small, "--json")
    assert done.exit_code == 1
    document = json.loads(done.stdout)
    assert document["ok"] is False
    assert document["summary"] is None
    assert document["faults"] == [
        {
            "file": "network/links.csv",
            "line": 3,
            "last_line": None,
            "column": "carrier",
            "found": "'het' is no carrier of this case",
            "expected": "",
            "suggestion": "heat",
            "message": "network/links.csv:3 carrier: 'het' is no carrier of this case. "
            "Did you mean 'heat'?",
        }
    ]


def test_the_cases_own_damage_list_is_checked(small):
    header = "time,asset,available,until,source,confidence\n"
    (small / "damage.csv").write_text(header + "2026-01-01T00:00Z,tnak,0,,,\n", encoding="utf-8")
    done = check(small)
    assert done.exit_code == 1
    assert "damage.csv:2 asset: 'tnak' is no asset of this case. Did you mean 'tank'?" in (
        done.output
    )


def test_a_bare_pypsa_folder(small):
    done = check(small / "network")
    assert done.exit_code == 0, done.output
    assert "no warmth is computed" in done.output


@pytest.mark.parametrize("path", ["nowhere", "case.toml"])
def test_no_folder(small, path):
    done = check(small / path)
    assert done.exit_code == 1
    assert done.output.count("\n") == 2


def test_damage_is_checked_although_other_tables_are_wrong(small, change):
    header = "time,asset,available,until,source,confidence\n"
    rows = "2026-01-01T00:00Z,tnak,0,,,\n2026-01-01T01:00Z,tank,0,2026-01-01T00:00Z,,\n"
    (small / "damage.csv").write_text(header + rows, encoding="utf-8")
    change("weather.csv", "-5,3", "-500,3")
    (small / "network" / "snapshots.csv").write_text("", encoding="utf-8")
    done = check(small)
    assert done.exit_code == 1
    assert "damage.csv:2 asset: 'tnak' is no asset of this case. Did you mean 'tank'?" in (
        done.output
    )
    assert "damage.csv:3 until: 2026-01-01T00:00Z is not after 2026-01-01T01:00Z" in done.output
    assert "weather.csv:2 outdoor_degc: -500" in done.output


def test_damage_is_not_held_against_a_table_that_cannot_be_read(small):
    header = "time,asset,available,until,source,confidence\n"
    (small / "damage.csv").write_text(header + "2026-01-01T00:00Z,tank,0,,,\n", encoding="utf-8")
    (small / "network" / "stores.csv").write_text("", encoding="utf-8")
    assert "damage.csv" not in check(small).output
