"""The verb `plan`, as its users call it."""

import json
import shutil

import pytest
from click.testing import CliRunner

from keepwarm.case.plan_file import read_plan
from keepwarm.commands.main import main


def called(*arguments):
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.fixture
def town(examples):
    return examples / "town"


def test_plan_run_and_plan_on(town, tmp_path):
    out, folder = tmp_path / "plan.toml", tmp_path / "run"
    done = called(
        *("plan", town, "--damage", town / "storm.csv", "--seconds", 20, "--out", out, "--json")
    )
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["schema"] == 1
    assert [one["asset"] for one in document["repair"]] == [
        one.asset for one in read_plan(out).repairs
    ]
    assert (
        document["worth"]["cold_person_hours"]
        < document["worth"]["cold_person_hours_without_repairs"]
    )
    ran = called(
        *("run", town, "--damage", town / "storm.csv", "--plan", out, "--out", folder, "--json")
    )
    assert ran.exit_code == 0, ran.output
    again = called(
        *("plan", town, "--from", f"{folder}@2026-01-10T06:00:00Z", "--seconds", 10),
        *("--out", tmp_path / "next.toml"),
    )
    assert again.exit_code == 0, again.output
    assert {one.asset for one in read_plan(tmp_path / "next.toml").repairs} == {
        *("CHP unit", "Main CHP-West", "Main CHP-East")
    }
    assert "Repairs, in the order in which they begin" in again.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "what is damaged?"),
        (["--damage", "storm.csv", "--claims", "x.db"], 2, "exclude each other"),
        (["--damage", "storm.csv", "--seconds", "nan"], 2, "is no length of time"),
        (["--damage", "storm.csv", "--at", "noon"], 2, "is no ISO time"),
        (["--damage", "storm.csv", "--at", "2026-01-09T06:20:00Z"], 1, "expected a snapshot"),
        (["--damage", "storm.csv", "--hours", "99999"], 1, "as far as snapshots and weather go"),
        (["--from", "nowhere"], 2, "is no RUN@TIME"),
        (["--from", "nowhere@2026-01-09"], 1, "a folder that 'keepwarm run' wrote"),
    ],
)
def test_bad_input_is_said(town, tmp_path, monkeypatch, arguments, code, said):
    folder = tmp_path / "town"
    shutil.copytree(town, folder)
    monkeypatch.chdir(folder)
    done = called("plan", ".", *arguments)
    assert done.exit_code == code, done.output
    assert said in done.stderr.replace("\n", " ")


def test_a_plan_for_another_case_is_refused(town, tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text('schema = 1\ncase = "capital"\nmade_at = 2026-01-09T06:00:00Z\n')
    done = called("run", town, "--plan", path, "--out", tmp_path / "run")
    assert done.exit_code == 1
    assert "made for the case 'capital'" in done.stderr
