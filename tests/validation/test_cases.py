"""Every validation case that ships is within its tolerance, and says what stands behind it."""

from __future__ import annotations

import csv
import json
import math
import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from keepwarm.commands.main import main
from keepwarm.errors import InputError
from keepwarm.validation import case_names, folders, validate
from keepwarm.validation.kinds import KINDS

PROVENANCE = ("published", "read at its source", "computed", "recalled, not yet confirmed")


@pytest.mark.parametrize("name", case_names())
def test_ours_is_as_published(name: str) -> None:
    rows = validate(name)
    assert rows
    assert [row for row in rows if not row.ok] == []


@pytest.mark.parametrize("name", case_names())
def test_a_case_says_where_it_comes_from(name: str) -> None:
    folder = folders.CASES / name
    facts = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    assert facts["kind"] in KINDS
    for key in ("title", "source", "licence", "known_differences"):
        assert facts[key].strip()
    with (folder / "expected.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        assert row["why"].strip()
        assert math.isfinite(float(row["tolerance"]))
        source = row.get("source") or facts["source"]
        assert any(word in source for word in PROVENANCE), source


def test_recalled_tables_are_called_recalled() -> None:
    assert all("recalled" in row.source for row in validate("snip_41_02_table_2"))


def test_there_are_the_cases_that_the_docs_name() -> None:
    page = Path("docs/validation.md").read_text(encoding="utf-8")
    assert [name for name in case_names() if f"`{name}`" not in page] == []


def test_an_unknown_case_is_an_input_error_with_a_suggestion() -> None:
    with pytest.raises(InputError, match="Did you mean 'pglib_case5_pjm'"):
        validate("pglib_case5_pjn")


@pytest.fixture
def wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A copy of one case whose published value is off."""
    shutil.copytree(folders.CASES / "pglib_case5_pjm", tmp_path / "off_by_one")
    expected = tmp_path / "off_by_one" / "expected.csv"
    expected.write_text(expected.read_text(encoding="utf-8").replace("17480", "17481"))
    monkeypatch.setattr(folders, "CASES", tmp_path)
    return "off_by_one"


def test_a_difference_beyond_the_tolerance_exits_with_4(wrong: str) -> None:
    result = CliRunner().invoke(main, ["validate", wrong])
    assert result.exit_code == 4
    assert "1 of 3 quantities" in result.stderr
    assert "NO" in result.stdout


def test_a_quantity_that_the_kind_does_not_give_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(folders.CASES / "pglib_case5_pjm", tmp_path / "misspelt")
    expected = tmp_path / "misspelt" / "expected.csv"
    expected.write_text(expected.read_text(encoding="utf-8").replace("\nshed,", "\nshedd,"))
    monkeypatch.setattr(folders, "CASES", tmp_path)
    assert [row.quantity for row in validate("misspelt") if not row.ok] == ["shedd"]


def test_json_has_the_fields_that_others_rely_on() -> None:
    result = CliRunner().invoke(main, ["validate", "pglib_case5_pjm", "--json"])
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["schema"] == 1
    for row in document["rows"]:
        assert {
            "case",
            "quantity",
            "ours",
            "published",
            "unit",
            "tolerance",
            "ok",
            "source",
        } <= set(row)


def test_all_cases_together_exit_with_0() -> None:
    result = CliRunner().invoke(main, ["validate"])
    assert result.exit_code == 0
    assert "quantities within their tolerance" in result.stdout
