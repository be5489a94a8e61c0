"""Two processes write one ledger at once, and one is killed: nothing lost, nothing half there."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from keepwarm.reports.ledger import open_ledger

CLAIMS = 7
WRITER = f"""
import itertools, sys
from dataclasses import replace
from keepwarm.case.claims import Claim, Read, UnreadNumber
from keepwarm.reports.ledger import open_ledger

path, who, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
claim = Claim("killed", 4.0, "exact", "four killed", 0)
claims = tuple(replace(claim, span_start=at) for at in range({CLAIMS}))
numbers = (UnreadNumber("17", 3), UnreadNumber("18", 9))
with open_ledger(path, create=True) as ledger:
    for number in range(count) if count else itertools.count():
        text = f"{{who}} {{number}} " + "four killed, 17 and 18 " * 200
        added = ledger.add(Read(f"{{who}}-{{number}}", "en", text, claims, numbers, {{}}))
        ledger.tick(f"{{added.name}}#1", decision="accepted", who=who)
        print(number, flush=True)
"""


def write(path: Path, who: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), who, str(count)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True)


def test_two_writers_at_once_lose_nothing(tmp_path):
    path = tmp_path / "night.ledger"
    writers = [write(path, who, 200) for who in ("a", "b")]  # both make the file
    for writer in writers:
        _, errors = writer.communicate(timeout=240)
        assert writer.returncode == 0, errors
        assert errors == ""
    with open_ledger(path) as ledger:
        names = {document.name for document in ledger.documents()}
        assert names == {f"{who}-{number}" for who in "ab" for number in range(200)}
        assert len(ledger.claims()) == 400 * CLAIMS
        assert len(ledger.ticked()) == 400
    assert [one.name for one in tmp_path.iterdir()] == ["night.ledger"]


@pytest.mark.parametrize("share", [False, True], ids=["ahead", "journal"])
def test_a_killed_writer_leaves_whole_documents(tmp_path, share, monkeypatch):
    path = tmp_path / "night.ledger"
    if share:
        made = open_ledger(path, create=True)
        made._db.execute("PRAGMA journal_mode=DELETE")
        made.close()
        monkeypatch.setattr(sys.modules[__name__], "WRITER", ON_A_SHARE + WRITER)
    chance = random.Random(7)
    turns = 8
    survivor = write(path, "survivor", 40)
    for turn in range(turns):
        writer = write(path, f"turn{turn}", 0)
        assert writer.stdout is not None
        for _ in range(chance.randrange(3, 8)):
            writer.stdout.readline()
        # Somewhere in the middle of the next documents, at another point each time.
        with pytest.raises(subprocess.TimeoutExpired):
            writer.wait(timeout=chance.random() * 0.02)
        writer.send_signal(signal.SIGKILL)
        writer.communicate(timeout=60)
        assert writer.returncode == -signal.SIGKILL
        db = sqlite3.connect(path)
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        claims = db.execute(
            "SELECT count(*) FROM documents AS d JOIN readings AS r ON r.document = d.id "
            "LEFT JOIN readings_claims AS p ON p.reading = r.id GROUP BY d.id"
        ).fetchall()
        assert set(claims) == {(CLAIMS,)}
        assert db.execute("SELECT count(DISTINCT id) FROM documents").fetchone()[0] == len(claims)
        db.close()
    _, errors = survivor.communicate(timeout=60)
    assert survivor.returncode == 0, errors
    with open_ledger(path) as ledger:
        assert {one.unread_numbers for one in ledger.documents()} == {2}
        # What a writer said was written is there.
        there = {one.name for one in ledger.documents()}
        assert {f"turn{turn}-2" for turn in range(turns)} <= there
        assert {f"survivor-{number}" for number in range(40)} <= there


ON_A_SHARE = """
from keepwarm.reports import ledger_file
ledger_file.mount_of = lambda path: ledger_file.Mount("nfs4", frozenset())
"""
