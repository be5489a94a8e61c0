"""The board as a process of its own: started, killed, started again, ended; and what is left."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from keepwarm.board.desk import workspace_of
from keepwarm.board.reading import Handed, read_handed
from keepwarm.commands.main import main
from keepwarm.reports.ledger import open_ledger

OUT = {"kind": "out", "asset": "Main CHP-West", "at": "2026-01-09T12:00:00Z"}


class Server:
    """A board in a process, told to end with the test."""

    def __init__(self, *words: object, **more: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "keepwarm", "board", *map(str, words), "--no-open"],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **more},
        )
        assert self.process.stderr is not None
        self.line = self.process.stderr.readline()
        found = re.search(r"http://\S+", self.line)
        self.address = found.group() if found else ""
        self.token = ""

    def get(self, path: str) -> Any:
        request = urllib.request.Request(self.address + path.lstrip("/"))
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def post(self, path: str, document: object) -> Any:
        request = urllib.request.Request(
            self.address + path.lstrip("/"),
            data=json.dumps(document).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def children(self) -> list[int]:
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        return [int(pid) for task in tasks for pid in (task / "children").read_text().split()]

    def end(self, how: int) -> int:
        self.process.send_signal(how)
        return self.process.wait(20)


def gone(pids: list[int]) -> bool:
    """Whether all of these processes end within a few seconds."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        # A process that nobody has taken note of yet is over, too.
        stats = [Path(f"/proc/{pid}/stat") for pid in pids]
        if all(not s.exists() or s.read_text().rpartition(")")[2].split()[0] == "Z" for s in stats):
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    file = tmp_path / "town.ledger"
    text = "The mayor of the town said that 4,000 customers are without power in West."
    with open_ledger(file, create=True) as opened:
        opened.add(read_handed(Handed(text.encode(), name="night", published="2026-01-09")))
    return file


@pytest.fixture
def words(examples: Path, tmp_path: Path, ledger: Path) -> list[object]:
    town = examples / "town"
    files: list[object] = ["--damage", town / "damage.csv", "--ledger", ledger]
    return [town, *files, "--hours", 48, "--workspace", tmp_path / "kept", "--port", 0]


def test_a_killed_server_loses_no_scenario_no_plan_and_no_tick(words):
    server = Server(*words)
    root = server.get("/api/board")["root"]
    made = server.post("/api/scenarios", {"parent": root, "edit": OUT})
    run = server.get(f"/api/scenarios/{made['id']}/run")
    claim = server.get("/api/ledger")["claims"][0]
    tick = {"decision": "accepted", "who": "Olena", "seen": {claim["name"]: None}}
    server.post("/api/ledger/ticks", {"claims": [claim["name"]], **tick})
    job = server.post("/api/jobs", {"kind": "plan", "scenario": made["id"], "seconds": 1})["job"]
    until = time.monotonic() + 60
    while not (last := server.get(f"/api/jobs/{job}")).get("finished"):
        assert time.monotonic() < until, last
        time.sleep(0.1)
    started = server.children()
    assert started
    server.end(signal.SIGKILL)
    assert gone(started)

    again = Server(*words)
    try:
        assert again.get("/api/board")["root"] == root
        assert again.get(f"/api/scenarios/{made['id']}") == made
        assert [one["plan"] for one in again.get("/api/plans")["plans"]] == [last["result"]["plan"]]
        kept = again.get(f"/api/scenarios/{made['id']}/run")
        assert {**kept, "checked": 0, "answers": 0} == {**run, "checked": 0, "answers": 0}
        ticked = next(c for c in again.get("/api/ledger")["claims"] if c["name"] == claim["name"])
        assert ticked["tick"]["who"] == "Olena"
        with ThreadPoolExecutor(8) as viewers:
            paths = ["/api/board", f"/api/scenarios/{made['id']}/run", "/api/map"] * 8
            assert len(list(viewers.map(again.get, paths))) == 24
    finally:
        begun = time.monotonic()
        started = again.children()
        assert again.end(signal.SIGINT) == 0
        assert time.monotonic() - begun < 10
        assert gone(started)


def test_a_walker_that_dies_is_started_again(words):
    server = Server(*words)
    try:
        root = server.get("/api/board")["root"]
        server.get(f"/api/scenarios/{root}/run")
        for pid in server.children():
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, signal.SIGKILL)
        made = server.post("/api/scenarios", {"parent": root, "edit": OUT})
        # Whoever asks before its end is noticed is told to ask again.
        for _ in range(3):
            with suppress(urllib.error.HTTPError):
                found = server.get(f"/api/scenarios/{made['id']}/run")
        assert found["id"] == made["id"]
    finally:
        server.end(signal.SIGTERM)


def test_a_port_that_is_taken_is_said_kindly(examples, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        server = Server(examples / "town", "--port", port, "--workspace", tmp_path)
        assert server.process.wait(20) == 1
    assert server.line == f"board port: {port} is taken; expected a free port; 0 takes any\n"


def test_beyond_this_machine_only_with_a_token(examples, tmp_path):
    server = Server(*(examples / "town", "--host", "0.0.0.0", "--port", 0, "--workspace", tmp_path))
    try:
        port, token = re.search(r":(\d+)/\?token=(\S{20,})", server.address).groups()
        server.address = f"http://127.0.0.1:{port}/"
        with pytest.raises(urllib.error.HTTPError, match="401"):
            server.get("/api/board")
        server.token = token
        assert server.get("/api/board")["case"]["name"] == "town"
    finally:
        server.end(signal.SIGINT)


def test_a_case_that_cannot_be_written_to_is_opened_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    here, there = (workspace_of(tmp_path / name / "town") for name in ("a", "b"))
    assert here != there
    assert here.parent == there.parent == tmp_path / "state" / "keepwarm" / "board"
    assert here == workspace_of(tmp_path / "a" / "x" / ".." / "town")


@pytest.mark.parametrize(
    ("option", "content", "said"),
    [
        ("--hours", None, "hours: nan; expected 1 to 240 h"),
        (
            "--plan",
            'schema = 1\ncase = "capital"\nmade_at = 2026-01-09T06:00:00Z\n',
            "made for the case 'capital'",
        ),
        ("--ledger", "no ledger", "is no ledger"),
        ("--risk", "no folder", "expected a folder that 'keepwarm risk' wrote"),
        ("--workspace", "a file", "expected a folder that can be written"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_served(
    examples: Path, tmp_path: Path, option: str, content: str | None, said: str
) -> None:
    value = "nan"
    if content is not None:
        value = str(tmp_path / "given")
        Path(value).write_text(content, encoding="utf-8")
    words = ["board", str(examples / "town"), "--no-open", "--port", "0", option, value]
    if option != "--workspace":
        words += ["--workspace", str(tmp_path / "workspace")]
    done = CliRunner().invoke(main, words)
    assert (done.exit_code, "Traceback" in done.output) == (1, False)
    assert said in done.output
