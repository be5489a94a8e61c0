"""Endpoints of the ledger: texts in, ticks nobody overwrites, damage that stays what it was."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from starlette.testclient import TestClient

from keepwarm.board.claimed import claimed_text
from keepwarm.board.desk import open_desk
from keepwarm.board.job_routes import plan_work
from keepwarm.board.reading import MOST_BYTES
from keepwarm.case.plan import NO_TIME
from keepwarm.damage import AccessLimit

TEXT = "The mayor of West said that the boiler house in East was damaged."
#: What is markup or a command elsewhere, in three ways of writing.
HOSTILE = (
    '<img src=x onerror="alert(1)">',
    "Мер</title><script>alert('ї')</script>",
    "市长'; DROP TABLE ticks; --\u202e",
)


def handed_in(board: TestClient, text: str, **about: str) -> str:
    found = board.post("/api/ledger/documents", content=text.encode(), params=about)
    assert found.status_code == 201, found.text
    return found.json()["document"]


def claim_of(board: TestClient, name: str) -> dict:
    [found] = [one for one in board.get("/api/ledger").json()["claims"] if one["name"] == name]
    return found


def ticked(board: TestClient, name: str, seen: object, who: str = "Olena", **more: object):
    body = {"claims": [name], "decision": "accepted", "who": who, "seen": {name: seen}, **more}
    return board.post("/api/ledger/ticks", json=body)


@pytest.fixture(scope="module")
def claim(board: TestClient) -> str:
    return f"{handed_in(board, TEXT, name='east', published='2026-01-09')}#1"


def test_what_is_hostile_comes_back_as_it_was(board):
    for at, hostile in enumerate(HOSTILE):
        said = f"The governor said that {at + 2} people were injured."
        text = f"{hostile}\n\n{said}\n\n{hostile}"
        about = {"title": hostile, "url": f"https://example.org/{hostile}", "who": hostile}
        name = handed_in(board, text, name=f"hostile-{at}", **about)
        found = board.get(f"/api/ledger/documents/{name}").json()
        assert "".join(one["text"] for one in found["pieces"]) == text
        assert (found["title"], found["person"]) == (hostile, hostile)
        assert ticked(board, f"{name}#1", None, hostile, note=hostile).status_code == 201
        tick = claim_of(board, f"{name}#1")["tick"]
        assert (tick["who"], tick["note"]) == (hostile, hostile)


def test_a_second_tab_is_told_and_nothing_is_noted(board, claim):
    assert ticked(board, claim, None).status_code == 201
    first = claim_of(board, claim)["tick"]
    late = ticked(board, claim, None, "Інший")
    assert late.status_code == 409
    assert late.json()["now"] == {claim: first}
    asked = board.get("/api/ledger/history", params={"claim": claim})
    assert [one["who"] for one in asked.json()["ticks"]] == ["Olena"]


def test_accepted_claims_become_damage_that_stays_when_a_tick_is_withdrawn(board, desk, claim):
    if claim_of(board, claim)["tick"] is None:
        ticked(board, claim, None)
    found = board.post("/api/ledger/damage", json={}).json()
    assert "Boiler house" in {row["asset"] for row in found["damage"]}
    edit = {"kind": "claims", "ledger_mark": found["mark"]}
    made = board.post("/api/scenarios", json={"parent": desk.root.name, "edit": edit})
    assert made.status_code == 201
    names = desk.case.network.assets.name
    before = desk.situation(made.json()["id"]).damage
    assert {names[row.asset] for row in before} == {row["asset"] for row in found["damage"]}
    body = {"claims": [claim], "decision": "withdrawn", "who": "Olena"}
    seen = claim_of(board, claim)["tick"]
    board.post("/api/ledger/ticks", json={**body, "seen": {claim: seen}})
    restarted = open_desk(desk.given)
    assert restarted.situation(made.json()["id"]).damage == before
    restarted.close()
    again = board.post("/api/ledger/damage", json={}).json()
    assert again["mark"] != found["mark"]


def test_places_that_claims_call_closed_are_closed_to_the_crews_of_a_plan(board, desk):
    closed = AccessLimit("West", np.datetime64("2026-01-09T00", "s"), NO_TIME, "mayor", "post#1")
    damage = desk.given.damage
    mark = desk.store.keep("damage", claimed_text(desk.case, damage, [closed]))
    edit = {"kind": "claims", "ledger_mark": mark}
    made = board.post("/api/scenarios", json={"parent": desk.root.name, "edit": edit}).json()["id"]
    assert desk.situation(made).damage == damage
    [limit] = plan_work(desk, made, {"kind": "plan"}).case.resources.access
    place = desk.case.regions.name[limit.region]
    assert (place, str(limit.closed_from), limit.source) == ("West", "2026-01-09T00:00:00", "mayor")
    assert np.isnat(limit.until)
    assert plan_work(desk, desk.root.name, {"kind": "plan"}).case.resources.access == ()
    given = open_desk(replace(desk.given, closed=(closed,)))
    assert given.root.name != desk.root.name
    [same] = plan_work(given, given.root.name, {"kind": "plan"}).case.resources.access
    assert str(same) == str(limit)
    given.close()


@pytest.mark.parametrize(
    ("content", "about", "status"),
    [
        (b"x" * (MOST_BYTES + 1), {}, 413),
        (b"%PDF-1.7", {}, 422),
        (b"", {}, 422),
        (b"a text", {"title": "x" * 501}, 422),
    ],
)
def test_what_cannot_be_read_is_refused(board, content, about, status):
    found = board.post("/api/ledger/documents", content=content, params=about)
    assert found.status_code == status
    assert found.json()["message"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/ledger/documents/nothing-of-that-name", 404),
        ("GET", "/api/ledger/documents/../../board.sqlite", 404),
        ("GET", "/api/ledger/history?claim=nothing%231", 422),
        ("DELETE", "/api/ledger/documents/east", 405),
    ],
)
def test_what_is_not_there_is_said_calmly(board, claim, method, path, status):
    assert board.request(method, path).status_code == status


def test_an_unknown_mark_is_no_damage(board, desk):
    edit = {"kind": "claims", "ledger_mark": "0123456789abcdef"}
    made = board.post("/api/scenarios", json={"parent": desk.root.name, "edit": edit})
    assert made.status_code == 422
