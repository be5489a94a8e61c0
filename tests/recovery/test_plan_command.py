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


@pytest.fixture(scope="module")
def storm_plan(examples, tmp_path_factory):
    folder, town = tmp_path_factory.mktemp("plans"), examples / "town"
    out = folder / "plan.toml"
    done = called("plan", town, "--damage", town / "storm.csv", "--seconds", 3, "--out", out)
    assert done.exit_code == 0, done.output
    return out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('asset = "CHP unit"', 'asset = "CHP unti"', "Did you mean 'CHP unit'?"),
        ('asset = "CHP unit"', 'asset = "Main CHP-West"', "already; expected each asset once"),
        ('["Heat crew"]', '["Line crew"]', "'Line crew' has the trade 'power'; expected 'heat'"),
        ("[[repair]]", "[[repiar]]", "an unknown key. Did you mean 'repair'?"),
        ('case = "town"', 'case = "capital"', "made for the case 'capital'"),
    ],
)
def test_a_plan_edited_wrongly_is_refused_by_name(town, storm_plan, tmp_path, old, new, said):
    path = tmp_path / "edited.toml"
    text = storm_plan.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    done = called(
        *("run", town, "--damage", town / "storm.csv", "--plan", path),
        *("--out", tmp_path / "run"),
    )
    assert done.exit_code == 1
    assert said in done.stderr


def test_what_a_plan_passes_over_is_said(town, storm_plan, tmp_path):
    done = called("run", town, "--plan", storm_plan, "--hours", 60, "--out", tmp_path / "run")
    assert done.exit_code == 0, done.output
    assert "Passed over, being not damaged or already having an end: " in done.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--out", "nowhere/x.toml"], "no folder nowhere; expected a file to write the plan to"),
        (["--out", "."], "a folder; expected a file to write the plan to"),
        (["--start", "foreign.toml"], "made for the case 'capital'; expected a plan for 'town'"),
        (["--timetable", "cuts.toml"], "'9.9' is no rotation group of this case"),
        (["--timetable", "cuts_2026-01-08.csv"], "no rotation group of this case"),
        (
            ["--timetable", "cuts_2026-01-08.csv", "--zone", "Mars/Base"],
            "'Mars/Base' is no time zone",
        ),
    ],
)
def test_what_would_spoil_a_plan_is_said_before_planning(
    town, tmp_path, monkeypatch, options, said
):
    """None of these takes the seconds that planning takes: they fail before it begins."""
    from keepwarm.recovery import planning

    monkeypatch.setattr(planning, "plan", lambda *_, **__: pytest.fail("planning began"))
    monkeypatch.chdir(tmp_path)
    head = "schema = 1\nmade_at = 2026-01-09T06:00:00Z\n"
    (tmp_path / "foreign.toml").write_text(f'{head}case = "capital"\n')
    (tmp_path / "cuts.toml").write_text(
        f'{head}case = "town"\n[rotation]\nstart = 2026-01-08T22:00:00Z\n'
        'slot_hours = 0.5\n[rotation.on]\n"9.9" = "0011"\n'
    )
    halves = [f"{hour:02d}{minute}" for hour in range(24) for minute in ("00", "30")]
    rows = [",".join(["group", *halves]), ",".join(["9.9", *["1"] * 48])]
    (tmp_path / "cuts_2026-01-08.csv").write_text("\n".join(rows) + "\n")
    done = called("plan", town, "--damage", town / "storm.csv", *options)
    assert done.exit_code in (1, 2), done.output
    assert said in done.stderr.replace("\n", " "), done.stderr


def test_ctrl_c_before_a_first_plan_writes_nothing_and_later_what_stands(
    town, tmp_path, monkeypatch
):
    from keepwarm.recovery import parts, planning

    def stop(*_, **__):
        raise KeyboardInterrupt

    out = tmp_path / "plan.toml"
    asked = ("plan", town, "--damage", town / "storm.csv", "--seconds", 20, "--out", out)
    with monkeypatch.context() as early:
        early.setattr(planning, "search", stop)
        done = called(*asked)
        assert done.exit_code == 130
        assert "stopped before a first plan stood: nothing is written" in done.stderr
        assert not out.exists()
    monkeypatch.setattr(parts, "planned_drains", stop)
    done = called(*asked)
    assert done.exit_code == 130, done.output
    found = read_plan(out)
    assert not found.complete
    assert len(found.repairs) == 4
    assert any(one.why for one in found.repairs)
    assert "stopped before drains, units and rotation were planned" in found.notes
