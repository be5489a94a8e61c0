"""The ledger keeps what was read and ticked, and nothing in it is ever overwritten."""

from __future__ import annotations

import sqlite3
from dataclasses import fields, replace

import pytest

from keepwarm.case.claims import Claim, Read, UnreadNumber
from keepwarm.errors import InputError
from keepwarm.reports import ledger as ledger_module
from keepwarm.reports.ledger import open_ledger
from keepwarm.reports.ledger_nouns import document_name

KILLED = Claim(
    metric="killed",
    value=4.0,
    qualifier="lower_bound",
    quote_span="at least four killed",
    span_start=10,
    unit="people",
    source="Kyiv Mayor",
    source_surface="the mayor",
    source_start=40,
    source_country="Ukraine",
    location="Kyiv",
    time="overnight",
    phase="initial",
)
DARK = Claim(
    metric="customers_without_power",
    value=26000.0,
    qualifier="range",
    quote_span="26,000 to 30,000 customers",
    span_start=70,
    value_max=30000.0,
    unit="customers",
    noun="customers",
    noun_start=88,
    carry_over=True,
    note="since noon",
)
VAGUE = Claim(
    "facility_damaged", None, "vague", "several substations", 100, facility_type="substation"
)
READ = Read(
    id="kyiv-post",
    language="en",
    text="Overnight at least four killed, said the mayor. 26,000 to 30,000 customers ...",
    claims=(KILLED, DARK, VAGUE),
    unread_numbers=(UnreadNumber("17", 5, "count"),),
    bounds={"drones": None, "missiles": None, "total": None},
    url="https://example.org/a",
    title="A night",
    published="2026-01-10",
)


@pytest.fixture
def ledger(tmp_path):
    with open_ledger(tmp_path / "night.ledger", create=True) as opened:
        yield opened


def rows(ledger) -> dict[str, list[tuple]]:
    """Every row of every table, by a connection of its own."""
    db = sqlite3.connect(ledger.path)
    names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in names}
    db.close()
    return found


def test_what_was_read_comes_back(ledger):
    added = ledger.add(READ)
    assert (added.name, added.what, added.new_claims) == ("kyiv-post", "new", 3)
    assert added.claims == ("kyiv-post#1", "kyiv-post#2", "kyiv-post#3")
    assert ledger.read("kyiv-post") == READ
    (document,) = ledger.documents()
    # sha256sum of the text, by the coreutils.
    assert document.sha256 == "eecc6cd841e36c3c592ec6c7f56cba80f0583adb48b92ac31594fb89d0c164b3"
    assert document.url == "https://example.org/a"
    assert document.published == "2026-01-10"
    assert document.read_at.endswith("Z")
    kept = ledger.claims()
    assert [one.name for one in kept] == ["kyiv-post#1", "kyiv-post#2", "kyiv-post#3"]
    assert [one.claim for one in kept] == [KILLED, DARK, VAGUE]
    assert {one.published for one in kept} == {"2026-01-10"}
    assert ledger.claims("another") == ()


def test_every_field_of_a_claim_has_its_column(ledger):
    db = sqlite3.connect(ledger.path)
    columns = [row[1] for row in db.execute("PRAGMA table_info(claims)")]
    db.close()
    assert columns == ["id", "document", "number", *(field.name for field in fields(Claim))]


def test_claims_of_the_ledger_can_be_compared(ledger):
    from keepwarm.reports.comparison import compare

    ledger.add(READ)
    other = replace(KILLED, value=2.0, qualifier="exact", source="Ministry")
    ledger.add(replace(READ, id="ministry", text="two killed", claims=(other,)))
    (pair,) = compare(ledger.claims())
    assert (pair.a.name, pair.b.name, pair.kind) == ("kyiv-post#1", "ministry#1", "contradiction")


def test_the_same_text_read_again_adds_nothing_and_says_so(ledger):
    ledger.add(READ)
    before = rows(ledger)
    assert ledger.add(READ).what == "unchanged"
    assert (
        ledger.add(replace(READ, id="a-copy", url="", title="", published="")).what == "unchanged"
    )
    assert rows(ledger) == before


def test_a_newer_keepwarm_adds_a_reading_beside_the_old(ledger, monkeypatch):
    ledger.add(READ)
    ledger.tick("kyiv-post#1", decision="accepted", who="W")
    ledger.tick("kyiv-post#2", decision="accepted", who="W")
    before = rows(ledger)
    monkeypatch.setattr(ledger_module, "__version__", "9.0")
    better = replace(DARK, location="Kyiv Oblast")
    added = ledger.add(replace(READ, claims=(KILLED, better)))
    assert (added.what, added.new_claims) == ("read anew", 1)
    # The first claim kept its name and tick; the second is another claim, and must be looked at.
    assert added.no_longer_read == ("kyiv-post#2",)
    assert [one.name for one in ledger.claims()] == ["kyiv-post#1", "kyiv-post#4"]
    assert [one.name for one in ledger.ticked()] == ["kyiv-post#1"]
    assert ledger.documents()[0].keepwarm == "9.0"
    after = rows(ledger)
    for table, old in before.items():
        assert after[table][: len(old)] == old
    assert ledger.history("kyiv-post#2")[0].decision == "accepted"
    with pytest.raises(InputError, match="'kyiv-post#2' is no claim"):
        ledger.tick("kyiv-post#2", decision="accepted", who="W")


def test_two_versions_that_take_turns_do_not_pile_up(ledger, monkeypatch):
    ledger.add(READ)
    monkeypatch.setattr(ledger_module, "__version__", "9.0")
    ledger.add(replace(READ, claims=(KILLED,)))
    before = rows(ledger)
    monkeypatch.undo()
    assert ledger.add(READ).what == "unchanged"
    assert rows(ledger) == before
    assert ledger.documents()[0].claims == 1  # the newer reading is shown


def test_what_is_learned_of_a_document_is_added(ledger):
    ledger.add(replace(READ, url="", published=""))
    assert ledger.add(READ).what == "read anew"
    assert ledger.documents()[0].url == "https://example.org/a"


def test_claims_that_are_the_same_in_every_field_are_all_kept(ledger, monkeypatch):
    ledger.add(replace(READ, claims=(KILLED, KILLED)))
    assert len(ledger.claims()) == 2
    assert ledger.add(replace(READ, claims=(KILLED, KILLED))).what == "unchanged"
    monkeypatch.setattr(ledger_module, "__version__", "9.0")
    added = ledger.add(replace(READ, claims=(KILLED, KILLED)))
    assert (added.claims, added.new_claims) == (("kyiv-post#1", "kyiv-post#2"), 0)


def test_no_row_can_be_changed_replaced_or_deleted(ledger):
    ledger.add(READ)
    ledger.tick("kyiv-post#1", decision="accepted", who="W", confidence=0.5)
    before = rows(ledger)
    db = sqlite3.connect(ledger.path)
    for table in before:
        assert before[table], f"{table} is empty: the test says nothing"
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
        marks = ", ".join("?" * len(columns))
        first = before[table][0]
        for statement, values in (
            (f"UPDATE {table} SET {columns[-1]} = {columns[-1]}", ()),
            (f"UPDATE OR REPLACE {table} SET {columns[-1]} = 1", ()),
            (f"DELETE FROM {table}", ()),
            (f"INSERT OR REPLACE INTO {table} VALUES ({marks})", first),
            (
                f"INSERT INTO {table} VALUES ({marks}) ON CONFLICT DO UPDATE SET {columns[-1]} = 1",
                first,
            ),
        ):
            with pytest.raises(sqlite3.IntegrityError, match=r"never changed|nothing is deleted"):
                db.execute(statement, values)
    db.close()
    assert rows(ledger) == before


def test_a_name_or_a_number_that_is_taken_is_not_replaced(ledger):
    ledger.add(READ)
    before = rows(ledger)
    db = sqlite3.connect(ledger.path)
    claim = (None, *before["claims"][0][1:])
    document = (None, *before["documents"][0][1:])
    for table, row in (("claims", claim), ("documents", document)):
        marks = ", ".join("?" * len(row))
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            db.execute(f"REPLACE INTO {table} VALUES ({marks})", row)
    db.close()
    assert rows(ledger) == before


def test_the_latest_tick_counts_and_all_are_kept(ledger, monkeypatch):
    ledger.add(READ)
    assert ledger.ticked() == ()
    ledger.tick("kyiv-post#1", decision="accepted", who="W", confidence=0.8, note="seen")
    (ticked,) = ledger.ticked()
    assert (ticked.name, ticked.claim, ticked.confidence) == ("kyiv-post#1", KILLED, 0.8)
    assert (ticked.who, ticked.document, ticked.published) == ("W", "kyiv-post", "2026-01-10")
    # A clock that runs backwards does not turn the order of decisions.
    monkeypatch.setattr(ledger_module, "now", lambda: "1999-01-01T00:00:00Z")
    ledger.tick("kyiv-post#1", decision="withdrawn", who="V")
    assert ledger.ticked() == ()
    history = ledger.history("kyiv-post#1")
    assert [one.decision for one in history] == ["accepted", "withdrawn"]
    assert [one.who for one in history] == ["W", "V"]


def test_several_ticks_are_noted_all_or_none(ledger):
    ledger.add(READ)
    with pytest.raises(InputError) as caught:
        ledger.tick(["kyiv-post#1", "kyiv-pots#2"], decision="acepted", who="W", confidence=1.5)
    said = str(caught.value)
    assert "decision: 'acepted' is no decision" in said
    assert "Did you mean 'accepted'?" in said
    assert "confidence: 1.5 is no confidence; expected 0 to 1" in said
    assert "claim: 'kyiv-pots#2' is no claim of this ledger" in said
    assert "Did you mean 'kyiv-post#2'?" in said
    with pytest.raises(InputError):
        ledger.tick(["kyiv-post#1", "none#1"], decision="accepted", who="W")
    assert ledger.history("kyiv-post#1") == ()
    ledger.tick(["kyiv-post#1", "kyiv-post#2"], decision="accepted", who="W", confidence=1.0)
    assert [one.name for one in ledger.ticked()] == ["kyiv-post#1", "kyiv-post#2"]


@pytest.mark.parametrize(
    "name", ["kyiv-post#01", "kyiv-post#1x", "kyiv-post#", "#1", "kyiv-post", ""]
)
def test_a_name_is_taken_to_the_letter(ledger, name):
    ledger.add(READ)
    with pytest.raises(InputError, match="is no claim of this ledger"):
        ledger.history(name)


@pytest.mark.parametrize("confidence", [float("nan"), -0.1, float("inf")])
def test_a_confidence_is_a_share(ledger, confidence):
    ledger.add(READ)
    with pytest.raises(InputError, match="is no confidence"):
        ledger.tick("kyiv-post#1", decision="accepted", who="W", confidence=confidence)


def test_only_what_is_accepted_has_a_confidence(ledger):
    ledger.add(READ)
    with pytest.raises(InputError, match="given for a claim that is rejected"):
        ledger.tick("kyiv-post#1", decision="rejected", who="W", confidence=0.5)


def test_who_is_the_user_where_nobody_is_named(ledger, monkeypatch):
    ledger.add(READ)
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "olena")
    assert ledger.tick("kyiv-post#1", decision="accepted").who == "olena"
    monkeypatch.setattr("getpass.getuser", lambda: "")
    with pytest.raises(InputError, match="nobody is named"):
        ledger.tick("kyiv-post#1", decision="accepted")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": "half \ud800"}, "text: half a character at 5"),
        ({"claims": (replace(KILLED, note="\udfff"),)}, "claim 1 note: half a character"),
        ({"claims": (replace(KILLED, value=float("nan")),)}, "claim 1 value: nan"),
        ({"claims": (replace(KILLED, value_max=float("inf")),)}, "claim 1 value_max: inf"),
    ],
)
def test_what_no_file_can_keep_is_refused_before_anything_is_written(ledger, change, said):
    before = rows(ledger)
    with pytest.raises(InputError) as caught:
        ledger.add(replace(READ, **change))
    assert said in str(caught.value)
    assert rows(ledger) == before


def test_what_fails_within_a_step_leaves_nothing_of_it(ledger):
    def fail():
        with ledger.together():
            ledger.add(READ)
            raise ZeroDivisionError

    before = rows(ledger)
    with pytest.raises(ZeroDivisionError):
        fail()
    assert rows(ledger) == before
    assert ledger.add(READ).what == "new"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("kyiv post, 3#1", "kyiv-post-3-1"),
        ("Звіт 12", "Звіт-12"),
        ("a\x1b[31m\n\u202eb", "a-[31m-b"),
        ("half\udc80", "half"),
        (" ,# ", "text"),
        ("x" * 200, "x" * 80),
    ],
)
def test_a_document_gets_a_name_that_can_stand_in_a_list(words, name):
    assert document_name(words) == name


def test_documents_of_one_name_are_told_apart(ledger):
    texts = ("one", "two", "three")
    named = [ledger.add(replace(READ, text=text)).name for text in texts]
    assert named == ["kyiv-post", "kyiv-post-2", "kyiv-post-3"]
