"""Two runs side by side."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from keepwarm.case.plan_file import read_plan, write_plan
from keepwarm.case.read import read_case
from keepwarm.commands.main import main
from keepwarm.damage import read_damage
from keepwarm.errors import InputError
from keepwarm.recovery.planning import plan
from keepwarm.runs.comparing import compare
from keepwarm.runs.folder import write_run
from keepwarm.runs.run import run


@pytest.fixture(scope="module")
def town(examples):
    return read_case(examples / "town")


@pytest.fixture(scope="module")
def runs(town, examples, tmp_path_factory):
    """Without a plan, with one, and with its repairs in the opposite order."""
    damage = read_damage(town, examples / "town" / "storm.csv")
    made = plan(town, damage, seconds=600.0)
    folder = tmp_path_factory.mktemp("runs")
    plans = (None, made, replace(made, repairs=made.repairs[::-1]))
    return [
        write_run(run(town, damage, plan=one), folder / str(at)) for at, one in enumerate(plans)
    ]


def test_the_difference_is_that_of_the_answers(runs):
    [one] = compare(runs[0], runs[1], "people_hours_below_16").differences
    before, after = (each.answers["people_hours_below_degc"]["16"] for each in runs[:2])
    assert (one.a, one.b, one.difference) == (before, after, after - before)
    low = [each.answers["people_hours_below_degc_band"]["low"]["16"] for each in runs[:2]]
    assert one.low == low[1] - low[0]
    assert "over the thermal band" in str(one)


def test_a_run_beside_itself_differs_in_nothing(runs):
    found = compare(runs[1], runs[1])
    assert {one.difference for one in found.differences} == {0.0}
    assert found.notes == ()


def test_other_hours_are_said(town, runs):
    shorter = run(town, (), hours=24.0)
    notes = compare(runs[0], shorter).notes
    assert any(note.startswith("not the same hours") for note in notes)
    assert "not the same damage" in notes


def test_an_unknown_measure_is_said(runs):
    with pytest.raises(InputError, match="Did you mean 'people_hours_below_16'"):
        compare(runs[0], runs[1], "people_hours_belw_16")


def test_over_draws_the_opposite_order_is_worse(runs, examples):
    arguments = ["compare", str(runs[1].out), str(runs[2].out), "--case", str(examples / "town")]
    done = CliRunner().invoke(main, [*arguments, "--draws", "8", "--json"])
    assert done.exit_code == 0, done.output
    over = json.loads(done.stdout)["cold_person_hours_over_draws"]
    assert over["n"] == 8
    assert over["value"] > 2 * over["stderr"] > 0


def test_a_run_without_a_plan_has_no_draws(runs, examples):
    arguments = ["compare", str(runs[0].out), str(runs[1].out), "--case", str(examples / "town")]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 1
    assert "has no plan" in done.stderr


def test_the_terminal_says_both(runs):
    done = CliRunner().invoke(main, ["compare", str(runs[0].out), str(runs[1].out)])
    assert done.exit_code == 0
    assert "people_hours_below_16" in done.stdout


def test_the_plan_of_a_run_is_read_back_from_its_folder(runs, tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text(str(runs[1].manifest["plan"]), encoding="utf-8")
    again = read_plan(path)
    write_plan(again, path)
    assert path.read_text(encoding="utf-8") == runs[1].manifest["plan"]
