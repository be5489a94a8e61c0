"""``keepwarm claims``: what it shows, what it decides, and how it says no."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from keepwarm.case.claims import Claim, Read
from keepwarm.commands.main import main
from keepwarm.reports.ledger import open_ledger

KILLED = Claim(
    metric="killed",
    value=4.0,
    qualifier="lower_bound",
    quote_span="at least four killed",
    span_start=0,
    unit="people",
    source="Mayor of Kyiv",
    location="Kyiv",
)
HIT = replace(KILLED, metric="facility_damaged", value=None, qualifier="vague", modality="alleged")
READ = Read(
    id="post",
    language="en",
    text="at least four killed",
    claims=(KILLED, replace(HIT, facility_type="substation", unit="")),
    unread_numbers=(),
    bounds={},
    url="https://example.org/a",
    published="2026-01-10",
)


@pytest.fixture
def path(tmp_path):
    with open_ledger(tmp_path / "night.ledger", create=True) as ledger:
        ledger.add(READ)
    return tmp_path / "night.ledger"


def claims(*arguments: object):
    return CliRunner().invoke(main, ["claims", *map(str, arguments)])


def cells(output: str, name: str) -> list[str]:
    """The cells of the row that begins with a name."""
    (row,) = (line for line in output.splitlines() if line.split()[:1] == [name])
    return [cell.strip() for cell in row.split("  ") if cell.strip()]


def test_documents_and_claims_are_shown_with_their_ticks(path):
    assert claims(path, "--tick", "post#1", "--confidence", "0.8", "--who", "W").exit_code == 0
    shown = claims(path)
    assert shown.exit_code == 0
    assert cells(shown.output, "post")[1:4] == ["text", "en", "2026-01-10"]
    assert cells(shown.output, "post#1") == [
        "post#1",
        "killed",
        "at least 4",
        "Kyiv",
        "Mayor of Kyiv",
        "claimed",
        "accepted 0.8, W",
    ]
    assert cells(shown.output, "post#2")[1:3] == ["facility damaged substation", "some"]
    assert cells(shown.output, "post#2")[-1] == "alleged"
    assert shown.output.endswith("2 claims, 1 accepted.\n")


def test_decisions_are_noted_and_said(path):
    done = claims(path, "--tick", "post#1, post#2", "--who", "W", "--note", "seen")
    assert (done.exit_code, done.output) == (0, "accepted by W: post#1, post#2\n")
    assert claims(path, "--reject", "post#1", "--withdraw", "post#2", "--who", "V").exit_code == 0
    with open_ledger(path) as ledger:
        assert ledger.ticked() == ()
        history = [(one.decision, one.who, one.note) for one in ledger.history("post#1")]
    assert history == [("accepted", "W", "seen"), ("rejected", "V", "")]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--tick", "post#9"], 1, "claim: 'post#9' is no claim of this ledger, as it was last"),
        (["--tick", "post#1", "--confidence", "8"], 1, "confidence: 8 is no confidence; expected"),
        (["--confidence", "0.5"], 2, "--confidence is of what --tick accepts"),
        (["--tick", "post#1", "--reject", "post#1"], 2, "post#1 is given more than one decision"),
        (["--export", "claims.xlsx"], 1, "claims.xlsx: '.xlsx' is no table of claims; expected"),
        (["--import", "none.csv"], 1, "none.csv: cannot be read: No such file or directory"),
    ],
)
def test_what_is_wrong_is_one_calm_message(path, arguments, code, said):
    done = claims(path, *arguments)
    assert done.exit_code == code
    assert said in done.output
    with open_ledger(path) as ledger:
        assert ledger.history("post#1") == ()


def test_no_ledger_is_made_by_looking(tmp_path):
    done = claims(tmp_path / "none.ledger")
    assert done.exit_code == 1
    assert "none.ledger: no such file; expected a ledger that keepwarm wrote" in done.output
    assert list(tmp_path.iterdir()) == []


def test_out_and_in_again(path, tmp_path):
    claims(path, "--tick", "post#1", "--who", "W")
    for name in ("out.csv", "out.json"):
        done = claims(path, "--export", tmp_path / name)
        assert done.output == f"{tmp_path / name}: 2 claims written\n"
        other = tmp_path / f"{name}.ledger"
        done = claims(other, "--import", tmp_path / name, "--who", "V")
        assert done.output == (f"post new: 2 claims\n{tmp_path / name}: 1 decision taken over\n")
        assert cells(claims(other).output, "post#1")[-1] == "accepted, W"
        done = claims(other, "--import", tmp_path / name, "--who", "V")
        assert done.output == f"{tmp_path / name}: 2 claims here already\n"


def test_import_and_decision_are_written_together_or_not_at_all(path, tmp_path):
    claims(path, "--export", tmp_path / "out.csv")
    other = tmp_path / "other.ledger"
    done = claims(other, "--import", tmp_path / "out.csv", "--tick", "post#7", "--who", "V")
    assert done.exit_code == 1
    assert claims(other).output == "No documents.\nNo claims.\n"


def test_json_is_one_document(path):
    done = claims(path, "--tick", "post#1", "--who", "W", "--json")
    assert done.stderr == "accepted by W: post#1\n"
    found = json.loads(done.stdout)
    assert found["schema"] == 1
    assert [one["name"] for one in found["documents"]] == ["post"]
    assert [one["name"] for one in found["claims"]] == ["post#1", "post#2"]
    assert found["claims"][0]["claim"]["value"] == 4
    assert found["claims"][0]["tick"]["who"] == "W"
    assert found["claims"][1]["tick"] is None


def test_what_a_text_holds_cannot_move_the_terminal(path):
    nasty = "\x1b[2J\u202eevil\r\n"
    claim = replace(KILLED, source=nasty, location=nasty)
    with open_ledger(path) as ledger:
        name = ledger.add(
            replace(READ, id=nasty, text="x", url=nasty, published=nasty, claims=(claim,))
        ).name
        ledger.tick(f"{name}#1", decision="accepted", who=nasty)
    for done in (claims(path), claims(path, "--tick", f"{name}#1", "--who", nasty)):
        assert done.exit_code == 0
        assert not {"\x1b", "\u202e", "\r"} & set(done.output)
    assert "evil" in claims(path).output


def test_a_ledger_that_cannot_be_written_is_shown():
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder, "night.ledger")
        with open_ledger(path, create=True) as ledger:
            ledger.add(READ)
        try:
            if os.getuid() == 0:
                os.seteuid(65534)
            else:
                Path(folder).chmod(0o555)
            shown, refused = claims(path), claims(path, "--tick", "post#1", "--who", "W")
        finally:
            os.seteuid(os.getuid())
            Path(folder).chmod(0o755)
    assert shown.exit_code == 0
    assert "2 claims, 0 accepted." in shown.output
    assert refused.exit_code == 1
    assert "cannot be written; expected a file and a folder that can be written" in refused.output


def test_looking_does_not_wait_for_a_writer(path, monkeypatch):
    monkeypatch.setattr("keepwarm.reports.ledger_file.WAIT_SECONDS", 0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert claims(path).exit_code == 0
    assert "locked by another process" in claims(path, "--tick", "post#1", "--who", "W").output
    other.close()


def test_nothing_heavy_is_imported_to_keep_claims():
    code = (
        "import sys, keepwarm.reports.ledger, keepwarm.reports.claim_tables\n"
        "print(sorted({'numpy', 'pandas', 'pyarrow', 'scipy', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
