"""From two reports that disagree to the page: who says otherwise is told, whatever was accepted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import keepwarm as kw
from keepwarm.briefing import brief
from keepwarm.commands.main import main
from tests.briefing.reading import read, section

TEXTS = {
    "night": "The regional energy company said 4,000 customers were left without power in West. "
    "A substation was damaged, according to the mayor of the town.",
    "noon": "The ministry of energy said that 6,500 customers are without power in West.",
}


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    for name, text in TEXTS.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    files = [str(tmp_path / f"{name}.txt") for name in TEXTS]
    path = tmp_path / "town.ledger"
    given = ["--published", "2026-01-09", "--ledger", str(path)]
    assert CliRunner().invoke(main, ["read", *files, *given]).exit_code == 0
    return path


def test_an_accepted_claim_stands_beside_who_contradicts_it(ledger: Path, examples: Path) -> None:
    told = json.loads(CliRunner().invoke(main, ["claims", str(ledger), "--json"]).stdout)
    (accepted,) = (
        one["name"]
        for one in told["claims"]
        if one["name"].startswith("night") and "4,000" in one["claim"]["quote_span"]
    )
    ticked = ["claims", str(ledger), "--tick", accepted, "--who", "Olena"]
    assert CliRunner().invoke(main, ticked).exit_code == 0
    case = kw.read_case(examples / "town")
    run = kw.run(case, kw.damage_from_claims(case, ledger), from_state=False, hours=2)
    unsure = section(read(brief(run).html), "unsure")
    ((ours, other),) = unsure.table("Who says otherwise")
    assert accepted in ours.text
    assert "4,000" in ours.text
    assert "noon#1" in other.text
    assert "6,500" in other.text
    assert "Olena" not in unsure.text  # who ticked it is nobody's business here
