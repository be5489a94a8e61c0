"""Who is let in, and what is let through: the gate, and bounds of what is posted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient

from keepwarm.board.app import make_app
from keepwarm.board.desk import Desk
from keepwarm.board.security import Door

TOKEN = "s3cret-ключ"

#: Every answer leaves with these, whatever it is.
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}


def make(desk: Desk, **edit: object) -> dict[str, object]:
    return {"parent": desk.root.name, "edit": {"kind": "out", "asset": "Boiler house", **edit}}


@pytest.fixture(scope="module")
def locked(desk: Desk) -> Iterator[TestClient]:
    # Not entered: the application is not started twice, and these never get that far.
    client = TestClient(
        make_app(desk, Door("0.0.0.0", 8750, TOKEN)), base_url="http://10.0.0.5:8750"
    )
    yield client
    client.close()


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8750", "127.0.0.1:80", "127.0.0.1", ""),
        *("127.0.0.1.nip.io:8750", "127.0.0.1:8750:8750", "localhost:99999999", "[::1"),
        *("10.0.0.5:8750", "127.0.0.1:８７５０"),
    ],
)
def test_a_name_that_is_not_its_own_is_refused(board, host):
    answer = board.get("/api/board", headers={"Host": host.encode()})
    assert answer.status_code == 421
    assert set(answer.json()) == {"message", "faults"}


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8750", "localhost:8750", "[::1]:8750", "LOCALHOST:8750"]
)
def test_its_own_names_are_heard(board, host):
    assert board.get("/api/texts/en", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8751"},
        {"Origin": "https://127.0.0.1:8750"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_only_its_own_page_may_change_something(board, desk, headers):
    answer = board.post(
        "/api/scenarios", json=make(desk, at="2026-01-08T03:00:00Z"), headers=headers
    )
    assert answer.status_code == 403
    assert board.request("DELETE", "/api/jobs/x", headers=headers).status_code == 403
    if headers.get("Sec-Fetch-Site") != "none":
        assert board.get("/api/board", headers=headers).status_code == 403


def test_its_own_page_may(board, desk):
    own = {"Origin": "http://127.0.0.1:8750", "Sec-Fetch-Site": "same-origin"}
    edit = make(desk, at="2026-01-08T03:00:00Z")
    assert board.post("/api/scenarios", json=edit, headers=own).status_code == 201
    assert board.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/page/board.js", "/api/board", "/api/nothing", "/api/map"])
def test_every_answer_carries_its_policy(board, path):
    answer = board.get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    if path.startswith("/api"):
        assert answer.headers["cache-control"] == "no-store"


def test_the_brief_may_have_its_style_and_nothing_else(board, desk):
    answer = board.get(f"/api/scenarios/{desk.root.name}/brief")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in policy


def test_without_the_token_nobody_is_let_in(locked):
    for path in ("/", "/api/board", "/page/board.js", "/?token=wrong", "/api/board?token=" + TOKEN):
        assert locked.get(path).status_code == 401, path
    assert (
        locked.get("/api/board", headers={"Cookie": "keepwarm_8750=" + "0" * 64}).status_code == 401
    )
    assert locked.post("/api/scenarios", json={}).status_code == 401


def test_the_token_is_taken_once_and_becomes_a_cookie(locked):
    answer = locked.get("/", params={"token": TOKEN})
    assert answer.status_code == 200
    assert TOKEN not in answer.text
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert TOKEN not in cookie
    assert locked.get("/api/texts/en").status_code == 200  # by the cookie
    locked.cookies.clear()
    assert locked.get("/api/texts/en").status_code == 401
    bearer = {"Authorization": f"Bearer {TOKEN}".encode()}
    assert locked.get("/api/texts/en", headers=bearer).status_code == 200


PATHS = [
    "/page/../app.py",
    "/page/..%2fapp.py",
    "/page/%2e%2e/app.py",
    "/page/%2e%2e%2f%2e%2e%2fpyproject.toml",
    "/page/....//app.py",
    "/page/..\\app.py",
    "/page//etc/passwd",
    "/page/%00",
    "/page/index.html%00.js",
    "/api/texts/..%2fpage%2findex",
    "/api/texts/%2e%2e%2fen",
    "/api/texts/en.toml",
    "/api/scenarios/..%2f..%2fboard.sqlite/run",
    "/api/scenarios/%2e%2e/run",
    "/api/scenarios/ROOT/places/..%2f..%2fmanifest.json",
    "/api/scenarios/ROOT/places/../../../manifest.json",
    "/api/scenarios/ROOT/export/..%2fmanifest.json",
    "/api/scenarios/ROOT/difference/..%2fx",
    "/api/jobs/..%2fx/events",
    "/api/risk/../board.sqlite",
]


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_to_a_file(board, desk, path):
    # In a thread: where tests of the page ran before, this one has a loop of its own.
    with ThreadPoolExecutor(1) as thread:
        asked = raw(board.app, path.replace("ROOT", desk.root.name))
        answer = thread.submit(asyncio.run, asked).result()
    assert answer[0] == 404
    assert "message" in json.loads(answer[1])


async def raw(app, path: str) -> tuple[int, bytes]:
    """Ask for a path as it stands, as no client would send it that tidies up first."""
    from urllib.parse import unquote

    sent: list[dict[str, object]] = []

    async def receive():
        await asyncio.sleep(60)  # nobody leaves

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1:8750")],
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 8750),
        "root_path": "",
    }
    await app(scope, receive, send)
    return sent[0]["status"], b"".join(m.get("body", b"") for m in sent[1:])


def posted(board: TestClient, body: bytes, kind: str = "application/json"):
    return board.post("/api/scenarios", content=body, headers={"Content-Type": kind})


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"{}", "application/x-www-form-urlencoded", 415),
        (b"", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"{", "application/json", 400),
        (b'{"a": NaN}', "application/json", 400),
        (b'{"a": 1, "a": 2}', "application/json", 400),
        (b'{"a": "\xff"}', "application/json", 400),
        (b'{"a": "\\ud800"}', "application/json", 400),
        (b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b"}", "application/json", 400),
        (b'{"a": ' + b'{"b":' * 20 + b"1" + b"}" * 20 + b"}", "application/json", 400),
        (b'{"parent": "x", "edit": {}, "more": 1}', "application/json", 400),
        (b'{"parent": 1, "edit": {}}', "application/json", 400),
        (b'{"parent": "x", "edit": {}}', "application/json; charset=utf-8", 404),
        (b'{"a": "' + b"x" * 70_000 + b'"}', "application/json", 413),
    ],
)
def test_what_is_posted_is_bounded(board, body, kind, status):
    answer = posted(board, body, kind)
    assert answer.status_code == status, answer.text
    assert answer.json()["message"]


def test_a_body_without_an_end_is_not_waited_for(board):
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while taken < 10_000:
            taken += 1
            yield b"x" * 10_000

    answer = board.post(
        "/api/scenarios", content=endless(), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 413


def test_other_methods_are_refused(board):
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        assert board.request(method, "/api/board").status_code == 405
    assert board.post("/api/board").status_code == 405


def test_an_error_says_nothing_of_the_machine(board, desk, monkeypatch, capsys):
    def broken(name: str) -> bool:
        raise RuntimeError("/srv/somebody/secret")

    monkeypatch.setattr(desk, "checked", broken)
    answer = board.get(f"/api/scenarios/{desk.root.name}/checked")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
