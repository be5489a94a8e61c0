"""The optional reader: a local server stands for the endpoint, the gate for everything else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from keepwarm.errors import InputError
from keepwarm.reports.endpoint import KEY_NAME, Endpoint, Selection
from keepwarm.reports.reader import read_text
from keepwarm.reports.selected import with_selections

TEXT = "Flibbet Power said 4,200 customers in Lviv blinked. It was cold."


@contextmanager
def serving(body: str, status: int = 200) -> Iterator[tuple[str, list[dict[str, object]]]]:
    seen: list[dict[str, object]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            asked = json.loads(self.rfile.read(length))
            seen.append({"key": self.headers.get("Authorization"), "path": self.path, **asked})
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://localhost:1/other")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", seen
    finally:
        server.shutdown()
        server.server_close()


def answer(*claims: dict[str, str]) -> str:
    content = json.dumps({"claims": claims})
    return json.dumps({"choices": [{"message": {"content": content}}]})


def test_a_selection_passes_through_the_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_NAME, "secret")
    chosen = {"metric": "customers_without_power", "quote": "4,200 customers", "place": "Lviv"}
    with serving(answer({**chosen, "source": ""})) as (url, seen):
        selections = Endpoint(url, "small").select(TEXT)
    assert seen[0]["key"] == "Bearer secret"
    assert seen[0]["path"] == "/v1/chat/completions"
    read = with_selections(read_text(TEXT), selections, by="small")
    claim = next(one for one in read.claims if "selected by small" in one.note)
    assert (claim.value, claim.qualifier, claim.location) == (4200.0, "exact", "Lviv")
    assert read.text[claim.span_start :].startswith("4,200 customers")


@pytest.mark.parametrize(
    "selection",
    [
        Selection("customers_without_power", "9,900 customers", "", ""),
        Selection("customers_without_power", "4,200", "", ""),
        Selection("households_without_power", "4,200 customers", "", ""),
        Selection("made_up", "4,200 customers", "", ""),
        Selection("killed", "It was cold", "", ""),
        Selection("customers_without_power", "", "", ""),
    ],
    ids=["not there", "no noun", "other noun", "no metric", "no number", "nothing"],
)
def test_what_the_text_does_not_carry_adds_nothing(selection: Selection) -> None:
    read = read_text(TEXT)
    assert with_selections(read, [selection], by="small").claims == read.claims


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ("not json", 200, "no JSON"),
        ('{"choices": []}', 200, "no claims"),
        ("", 401, KEY_NAME),
        ("", 500, "500"),
        ("", 302, "302"),
    ],
)
def test_a_bad_answer_is_said(body: str, status: int, said: str) -> None:
    with serving(body, status) as (url, _), pytest.raises(InputError, match=said):
        Endpoint(url, "small").select(TEXT)


@pytest.mark.parametrize("url", ["http://example.org/v1", "ftp://localhost/v1", "localhost"])
def test_text_and_key_leave_only_by_https(url: str) -> None:
    with pytest.raises(InputError):
        Endpoint(url, "small").select(TEXT)
