"""`keepwarm run --lookahead`: what it says, what it refuses, and that it can be ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

import keepwarm as kw
from keepwarm.commands.main import main
from keepwarm.commands.run_view import VERDICTS
from keepwarm.errors import InputError
from keepwarm.runs.foresight import verdict


def test_the_answers_say_what_it_buys(examples: Path, tmp_path: Path) -> None:
    town = examples / "town"
    words = ["run", str(town), "--damage", str(town / "damage.csv"), "--no-from-state", "--json"]
    out = ["--hours", "48", "--lookahead", "24", "--out", str(tmp_path / "ahead")]
    result = CliRunner().invoke(main, [*words, *out], catch_exceptions=False)
    assert result.exit_code == 0
    found = json.loads(result.stdout)["foresight"]
    assert found["hours"] == 24
    assert found["verdict"] == "same"
    assert set(found["people_hours_below_degc"]) == {"18", "16", "12", "8", "5", "0"}
    rows = [*found["unserved_mwh"].values(), found["weighted_cost"]]
    for row in rows:
        assert row["difference"] == pytest.approx(row["lookahead"] - row["step_rule"])
    manifest = json.loads((tmp_path / "ahead" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["options"]["lookahead_hours"] == 24
    # Beside the run by the step rule itself.
    case = kw.read_case(town)
    damage = kw.read_damage(case, town / "damage.csv")
    plain = kw.run(case, damage, from_state=False, hours=48)
    below = plain.answers["people_hours_below_degc"]
    by_rule = {k: row["step_rule"] for k, row in found["people_hours_below_degc"].items()}
    assert by_rule == pytest.approx(below)
    assert "foresight" not in plain.answers


def test_it_pays_in_the_towns_four_days(examples: Path) -> None:
    """The example's promise: half of the person-hours below 8 degC, at less cost."""
    town = kw.read_case(examples / "town")
    found = kw.run(town, kw.read_damage(town, examples / "town" / "four_days.csv"), lookahead=48.0)
    told = found.answers["foresight"]
    assert isinstance(told, dict)
    below = told["people_hours_below_degc"]["8"]
    assert told["verdict"] == "lower"
    assert below["step_rule"] > 10_000
    assert below["lookahead"] < 0.6 * below["step_rule"]


def test_the_terminal_shows_it(examples: Path, tmp_path: Path) -> None:
    words = ["run", str(examples / "town"), "--hours", "12", "--lookahead", "12"]
    result = CliRunner().invoke(main, [*words, "--out", str(tmp_path / "ahead")])
    assert result.exit_code == 0
    assert "What looking 12 h ahead buys" in result.stdout
    assert "weighted cost, currency" in result.stdout


@pytest.mark.parametrize(
    ("step_rule", "ahead", "said"),
    [(100.0, 99.0, "lower"), (100.0, 101.0, "higher"), (100.0, 100.05, "same"), (0.0, 0.0, "same")],
)
def test_it_says_which_way_was_better(step_rule: float, ahead: float, said: str) -> None:
    assert verdict(step_rule, ahead) == said
    assert said in VERDICTS


@pytest.mark.parametrize(("hours", "code"), [("0", 2), ("nan", 2), ("0.5", 1), ("1000", 1)])
def test_hours_that_nobody_can_look_ahead_are_refused(
    examples: Path, hours: str, code: int
) -> None:
    words = ["run", str(examples / "town"), "--hours", "12", "--lookahead", hours]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == code
    assert "Traceback" not in result.output


def test_the_reason_says_what_would_be_right(examples: Path) -> None:
    with pytest.raises(InputError, match=r"lookahead: 400; expected 1 to 168 h"):
        kw.run(kw.read_case(examples / "town"), hours=3, lookahead=400.0)


def test_ctrl_c_ends_a_plan_and_leaves_nothing(examples: Path, tmp_path: Path) -> None:
    """Interrupted while it plans the capital, which takes several seconds from the first second."""
    capital = examples / "capital"
    words = ("run", str(capital), "--damage", str(capital / "damage.csv"), "--lookahead", "72")
    process = subprocess.Popen(
        [sys.executable, "-m", "keepwarm", *words, "--start", "2026-01-09T00:00:00"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(4.0)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in said
    assert "Traceback" not in said
    assert list(tmp_path.glob("**/manifest.json")) == []
