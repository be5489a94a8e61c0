"""The ledger as the page shows it: pieces of text, disagreements, and ticks that nobody loses."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import keepwarm as kw
from keepwarm.board.ledger_view import claimed_view, document_view, ledger_view, pieces, tick_view
from keepwarm.board.reading import MOST_BYTES, Handed, read_apart, read_handed
from keepwarm.board.ticks import Overtaken, note_tick, read_tick
from keepwarm.commands.main import main
from keepwarm.errors import InputError
from keepwarm.reports.ledger import open_ledger

ONE = (
    "Overnight attack. The regional energy company said 40,000 customers were left without power "
    "in West. A substation was damaged, according to the mayor of the town."
)
OTHER = "The ministry of energy said that 65,000 customers are without power in West."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "town.ledger"
    with open_ledger(file, create=True) as ledger:
        for name, text, day in (("night", ONE, "2026-01-09"), ("noon", OTHER, "2026-01-09")):
            handed = Handed(text.encode(), name=name, published=day)
            ledger.add(read_handed(handed))
    return file


def posted(claims: list[str], seen: object, who: str = "Olena", **more: object):
    seen_by = dict.fromkeys(claims, seen)
    return read_tick(
        {"claims": claims, "decision": "accepted", "who": who, "seen": seen_by, **more}
    )


def test_claims_are_those_of_the_command_line(path):
    told = json.loads(CliRunner().invoke(main, ["claims", str(path), "--json"]).stdout)
    with open_ledger(path) as ledger:
        found = json.loads(json.dumps(ledger_view(ledger)))
    assert found["documents"] == told["documents"]
    assert [one["claim"] for one in found["claims"]] == [one["claim"] for one in told["claims"]]
    assert [one["name"] for one in found["claims"]] == [one["name"] for one in told["claims"]]
    assert len(found["claims"]) >= 2


def test_disagreements_are_those_of_the_command_line(path, tmp_path):
    files = []
    for name, text in (("night", ONE), ("noon", OTHER)):
        files.append(tmp_path / f"{name}.txt")
        files[-1].write_text(text, encoding="utf-8")
    given = [*map(str, files), "--published", "2026-01-09", "--json"]
    done = CliRunner().invoke(main, ["read", *given])
    told = json.loads(done.stdout)["contradictions"]
    with open_ledger(path) as ledger:
        found = ledger_view(ledger)["pairs"]
    key = lambda one: (one["kind"], one["a"], one["b"])  # noqa: E731
    assert sorted(found, key=key) == sorted(told, key=key)
    assert found


def test_a_text_comes_back_in_pieces_with_its_words_marked(path):
    with open_ledger(path) as ledger:
        found = document_view(ledger, "night")
        assert "".join(one["text"] for one in found["pieces"]) == ledger.read("night").text
        for at, one in enumerate(found["claims"]):
            marked = "".join(p["text"] for p in found["pieces"] if at in p["claims"])
            assert one["claim"]["quote_span"] in marked


@given(
    st.text(max_size=30),
    st.lists(st.tuples(st.integers(0, 32), st.integers(0, 32)), max_size=6),
    st.lists(st.tuples(st.integers(0, 29), st.integers(1, 5)), max_size=3),
)
def test_pieces_are_the_text_however_spans_lie(text, spans, numbers):
    claims = [[span] for span in spans]
    unread = [(begin, begin + length, at) for at, (begin, length) in enumerate(numbers)]
    found = pieces(text, claims, unread)
    assert "".join(one["text"] for one in found) == text
    place = 0
    for one in found:
        middle = place
        inside = [
            at for at, (low, high) in enumerate(spans) if low <= middle < min(high, len(text))
        ]
        assert one["claims"] == inside
        place += len(one["text"])


def test_a_tick_on_what_was_seen_is_noted_and_one_that_was_overtaken_is_not(path):
    with open_ledger(path) as ledger:
        name = ledger.claims()[0].name
        first = note_tick(ledger, posted([name], None, confidence=0.7))
        with pytest.raises(Overtaken) as overtaken:
            note_tick(ledger, posted([name], None, who="Інший"))
        assert overtaken.value.now == {name: first}
        assert ledger.history(name) == (first,)
        note_tick(ledger, posted([name], tick_view(first), who="Інший"))
        assert [one.who for one in ledger.history(name)] == ["Olena", "Інший"]


def test_of_two_tabs_that_tick_at_once_one_is_told(path):
    with open_ledger(path) as ledger:
        name = ledger.claims()[0].name
    outcomes: list[str] = []
    gate = threading.Barrier(4)

    def tick(who: str) -> None:
        with open_ledger(path) as own:
            gate.wait()
            try:
                note_tick(own, posted([name], None, who=who))
                outcomes.append("noted")
            except Overtaken:
                outcomes.append("told")

    threads = [threading.Thread(target=tick, args=(f"tab {at}",)) for at in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["noted", "told", "told", "told"]
    with open_ledger(path) as ledger:
        assert len(ledger.history(name)) == 1


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"claims": []}, "claims"),
        ({"claims": "night#1"}, "claims"),
        ({"seen": {}}, "seen"),
        ({"who": "  "}, "who"),
        ({"who": "x" * 201}, "who"),
        ({"confidence": "high"}, "confidence"),
        ({"note": 3}, "note"),
        ({"at": "2020-01-01"}, "at"),
    ],
)
def test_a_tick_of_another_form_is_refused(change, key):
    whole = {"claims": ["night#1"], "decision": "accepted", "who": "O", "seen": {"night#1": None}}
    with pytest.raises(InputError) as refused:
        read_tick({**whole, **change})
    assert key in {fault.column for fault in refused.value.faults}


def test_a_claim_that_is_not_there_is_refused(path):
    with open_ledger(path) as ledger, pytest.raises(InputError, match="no claim"):
        note_tick(ledger, posted(["night#99"], None))


def test_what_is_run_is_what_a_run_keeps_of_its_claims(path, examples):
    case = kw.read_case(examples / "town")
    with open_ledger(path) as ledger:
        names = [one.name for one in ledger.claims()]
        note_tick(ledger, posted(names, None))
    claimed = kw.damage_from_claims(case, path)
    found = claimed_view(case, claimed)
    assert {one["claim"] for one in found["unmapped"]} <= set(names)
    assert len(found["damage"]) == len(claimed.damage)
    assert found["damage"] or found["unmapped"]


def test_a_text_is_read_by_a_process_of_its_own_as_in_this_one():
    handed = Handed(ONE.encode(), name="night", title="<b>x</b>", published="2026-01-09")
    assert read_apart(handed) == read_handed(handed)


def test_a_text_that_takes_too_long_is_given_up():
    with pytest.raises(InputError, match="not read within"):
        read_apart(Handed(ONE.encode()), patience=0.0)


@pytest.mark.parametrize(
    "handed",
    [
        Handed(b"x" * (MOST_BYTES + 1)),
        Handed(b"a text", title="x" * 501),
        Handed(b"%PDF-1.7 ..."),
        Handed(b""),
    ],
)
def test_what_is_no_text_is_refused(handed):
    with pytest.raises(InputError):
        read_handed(handed)
