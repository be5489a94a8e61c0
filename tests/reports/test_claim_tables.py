"""Claims leave the ledger as CSV or JSON and come back as they were; what is wrong is said."""

from __future__ import annotations

import csv
import json
import re
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.case.claims import Claim, Read, UnreadNumber, vocabulary
from keepwarm.errors import InputError
from keepwarm.reports.claim_columns import columns
from keepwarm.reports.claim_csv import guarded, unguarded
from keepwarm.reports.claim_tables import (
    export_claims,
    export_csv,
    export_json,
    import_claims,
    import_csv,
    import_json,
)
from keepwarm.reports.ledger import open_ledger

TEXT = "=2+2 At least four killed, the mayor said. About 26,000 customers lost power."
KILLED = Claim(
    metric="killed",
    value=4.0,
    qualifier="lower_bound",
    quote_span="At least four killed",
    span_start=5,
    unit="people",
    source="Mayor of Kyiv",
    source_surface="the mayor",
    source_start=27,
    source_country="Ukraine",
    location="Kyiv",
    note="=cmd|' /C calc'!A0",
)
DARK = Claim(
    metric="customers_without_power",
    value=26000.5,
    qualifier="approx",
    quote_span="About 26,000 customers",
    span_start=43,
    unit="customers",
    carry_over=True,
)
VAGUE = Claim("facility_damaged", None, "vague", "killed", 19, facility_type="substation")
READ = Read(
    id="post",
    language="en",
    text=TEXT,
    claims=(KILLED, DARK, VAGUE),
    unread_numbers=(UnreadNumber("2", 1, "count"),),
    bounds={},
    url="https://example.org/a",
    title="@night",
    published="2026-01-10",
)


@pytest.fixture
def ledger(tmp_path):
    with open_ledger(tmp_path / "night.ledger", create=True) as opened:
        opened.add(READ)
        opened.tick("post#1", decision="accepted", who="W", confidence=0.8, note="-seen")
        yield opened


@pytest.fixture
def other(tmp_path):
    with open_ledger(tmp_path / "other.ledger", create=True) as opened:
        yield opened


def written(folder: Path, text: str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults(ledger, path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        import_claims(ledger, path, who="W")
    return str(caught.value).replace(str(path), path.name).splitlines()


def test_a_table_has_a_header_and_hxl_tags_and_numbers_as_numbers(ledger, tmp_path):
    path = tmp_path / "out.csv"
    assert export_csv(ledger, path) == 3
    header, tags, first, second, third = csv.reader(
        path.read_text(encoding="utf-8-sig").splitlines()
    )
    row = dict(zip(header, first, strict=True))
    assert row["claim"] == "post#1"
    assert row["value"] == "4"
    assert row["value_max"] == ""
    assert row["confidence"] == "0.8"
    assert row["note"] == "'=cmd|' /C calc'!A0"
    assert row["title"] == "'@night"
    assert row["tick_note"] == "'-seen"
    assert dict(zip(header, second, strict=True))["value"] == "26000.5"
    assert dict(zip(header, second, strict=True))["carry_over"] == "true"
    assert dict(zip(header, third, strict=True))["value"] == ""
    # Syntax of HXL 1.1: a hashtag, then attributes.
    assert all(re.fullmatch(r"#[a-z]\w*(\+[a-z]\w*)*", tag) for tag in tags)
    assert len(set(tags)) == len(tags)
    by_name = dict(zip(header, tags, strict=True))
    assert by_name["location"].startswith("#loc")
    assert by_name["source"].startswith("#org")
    assert by_name["published"].startswith("#date")
    assert by_name["metric"].startswith("#indicator")


def test_columns_are_the_fields_of_a_claim_and_of_the_vocabulary():
    of_claims = {column.name for column in columns() if column.of == "claim"}
    assert of_claims == set(Claim.__dataclass_fields__)
    kinds = {column.kind for column in columns()} - {"text", "number", "whole", "flag"}
    assert kinds == {*vocabulary(), "decision"}


def test_a_table_comes_back_as_claims_of_a_table(ledger, other, tmp_path):
    export_csv(ledger, tmp_path / "out.csv")
    imported = import_csv(other, tmp_path / "out.csv", who="V")
    (added,) = imported.documents
    assert (added.what, len(added.claims), imported.ticks) == ("new", 3, 1)
    assert [one.claim for one in other.claims()] == [KILLED, DARK, VAGUE]
    (document,) = other.documents()
    assert (document.name, document.kind, document.person) == ("post", "table", "V")
    assert (document.url, document.title, document.published, document.language) == (
        READ.url,
        READ.title,
        READ.published,
        READ.language,
    )
    assert other.history("post#1") == ledger.history("post#1")
    assert [one.confidence for one in other.ticked()] == [0.8]
    again = import_csv(other, tmp_path / "out.csv", who="V")
    assert (again.documents, again.known, again.ticks) == ((), 3, 0)


def test_a_table_that_comes_home_brings_its_decisions_only(ledger, tmp_path):
    path = tmp_path / "out.csv"
    export_csv(ledger, path)
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    at = {name: place for place, name in enumerate(rows[0])}
    rows[2][at["decision"]] = "withdrawn"  # who and when were left as they were
    rows[2][at["confidence"]] = ""
    rows[3][at["decision"]] = "accepted"
    rows[3][at["who"]] = "Olena"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    imported = import_csv(ledger, path, who="V")
    assert (imported.documents, imported.known, imported.ticks) == ((), 3, 2)
    assert [(one.name, one.who) for one in ledger.ticked()] == [("post#2", "Olena")]
    assert [(one.decision, one.who) for one in ledger.history("post#1")] == [
        ("accepted", "W"),
        ("withdrawn", "V"),
    ]
    assert import_csv(ledger, path, who="V").ticks == 0


def test_a_claim_that_was_changed_in_the_table_is_another_claim(ledger, tmp_path):
    path = tmp_path / "out.csv"
    export_csv(ledger, path)
    text = path.read_text(encoding="utf-8-sig").replace("Kyiv,Mayor", "Lviv,Mayor")
    imported = import_csv(ledger, written(tmp_path, text), who="V")
    assert imported.known == 2
    assert [one.claims for one in imported.documents] == [("post-2#1",)]
    assert [one.claim.location for one in ledger.claims()] == ["Kyiv", None, None, "Lviv"]


def test_a_decision_without_a_time_is_of_now_and_taken_once(ledger, tmp_path, monkeypatch):
    path = written(
        tmp_path, "metric,value,decision,who,tick_note\nkilled,3,accepted,Olena,by phone\n"
    )
    times = iter(["2030-01-01T00:00:00Z", "2030-01-02T00:00:00Z"])
    monkeypatch.setattr("keepwarm.reports.claim_files.now", lambda: next(times))
    assert [import_csv(ledger, path, who="V").ticks for _ in range(2)] == [1, 0]
    (tick,) = ledger.history("table#1")
    assert (tick.who, tick.at, tick.note) == ("Olena", "2030-01-01T00:00:00Z", "by phone")


def test_an_older_decision_does_not_undo_a_newer_one(ledger, other, tmp_path):
    export_json(ledger, tmp_path / "out.json")
    import_json(other, tmp_path / "out.json")
    later = replace(ledger.history("post#1")[0], decision="rejected", confidence=None)
    other.record("post#1", replace(later, at="2999-01-01T00:00:00Z"))
    export_csv(ledger, tmp_path / "out.csv")
    import_csv(other, tmp_path / "out.csv", who="V")
    assert other.ticked() == ()


def test_a_table_made_by_hand_needs_little(other, tmp_path):
    path = written(
        tmp_path,
        "metric,value,location,source,url\n"
        "#indicator+code,#indicator+value+num,#loc+name,#org,\n"
        "killed,3,Kyiv,Mayor of Kyiv,https://example.org/b\n"
        ",,,,\n"
        "power_outage,,Lviv,,\n",
    )
    imported = import_csv(other, path, who="V", url="https://example.org/sheet")
    assert [one.name for one in imported.documents] == ["table", "table-2"]
    assert [one.claim for one in other.claims()] == [
        Claim(
            "killed", 3.0, "exact", "", 0, unit="people", source="Mayor of Kyiv", location="Kyiv"
        ),
        Claim("power_outage", None, "exact", "", 0, location="Lviv"),
    ]
    urls = [one.url for one in other.documents()]
    assert urls == ["https://example.org/b", "https://example.org/sheet"]
    assert {one.kind for one in other.documents()} == {"table"}


def test_every_fault_of_a_table_comes_at_once(other, tmp_path):
    path = written(
        tmp_path,
        "metric,value,value_max,qualifier,unit,modality,facility_type,carry_over,span_start,"
        "decision,confidence,at\n"
        'kiled,"26,000",,exact,,claimed,,false,0,,,\n'
        "killed,,,exact,,claimed,,false,0,,,\n"
        "killed,-1,,aprox,,denyed,,maybe,1.5,acepted,2,yesterday\n"
        "facility_damaged,2,1,range,,claimed,substaton,false,0,,0.5,\n"
        "generation_mw,3,,vague,GW,claimed,,false,0,rejected,0.5,2999-01-01\n"
        "killed,3\n",
    )
    which = "expected accepted, rejected, withdrawn"
    assert faults(other, path) == [
        "table.csv:2 value: '26,000' is not a number; expected digits, such as 26000 or 12.5",
        "table.csv:2 metric: 'kiled' is no metric. Did you mean 'killed'?",
        "table.csv:3 value: there is none; expected a number, or the qualifier vague",
        "table.csv:4 carry_over: 'maybe' is neither true nor false; expected true or false",
        "table.csv:4 span_start: '1.5' is not a whole number; expected digits, such as 120",
        "table.csv:4 qualifier: 'aprox' is no qualifier. Did you mean 'approx'?",
        "table.csv:4 modality: 'denyed' is no modality. Did you mean 'denied'?",
        "table.csv:4 value: -1 is out of range; expected 0 or more",
        f"table.csv:4 decision: 'acepted' is no decision; {which}. Did you mean 'accepted'?",
        "table.csv:4 confidence: 2 is no confidence; expected 0 to 1",
        "table.csv:4 at: 'yesterday' is no time; expected ISO, such as 2026-01-10T08:30:00Z",
        "table.csv:5 facility_type: 'substaton' is no facility type. Did you mean 'substation'?",
        "table.csv:5 value_max: 1 is below the value; expected 2 or more",
        f"table.csv:5 confidence: stands without a decision; {which}",
        "table.csv:6 unit: 'GW' is not the unit of generation_mw; expected MW",
        "table.csv:6 value: 3 stands with the qualifier vague; expected none",
        "table.csv:6 confidence: stands with a claim that is rejected; expected none",
        "table.csv:6 at: '2999-01-01' has not come yet; expected a time in the past",
        "table.csv:7: 2 cells in this row; expected 12 as in the header",
    ]
    assert other.documents() == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "table.csv:1: there is no header; expected columns of claims"),
        (b"metrc,value\nkilled,1\n", "table.csv:1 metrc: is no column of claims. Did you mean 'm"),
        (b"value\n1\n", "table.csv:1 metric: this column is missing; expected a metric in each"),
        (b"metric,metric\nkilled,killed\n", "table.csv:1 metric: is there twice; expected each"),
        (b"metric,value\nkilled,\xff\n", "table.csv:2: byte 0xff is not UTF-8; expected the file"),
        (b'metric,value\nkilled,"1\n', "table.csv:2: no CSV: unexpected end of data; expected cl"),
        (b"metric,value_max\npower_outage,5\n", "table.csv:2 value_max: 5 stands with exact; exp"),
        (b"metric,value,qualifier\nkilled,5,range\n", "table.csv:2 value_max: there is none; exp"),
        (b"metric,value\nkilled,1e999\n", "table.csv:2 value: inf is out of range"),
        (b"metric,value\n,1\n", "table.csv:2 metric: there is none; expected a metric of the"),
    ],
)
def test_a_file_that_is_no_table_of_claims(other, tmp_path, content, said):
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    assert faults(other, path)[0].startswith(said)


def test_no_such_file_and_no_such_kind(other, tmp_path):
    assert faults(other, tmp_path / "none.csv") == [
        "none.csv: cannot be read: No such file or directory; expected a file to import"
    ]
    for act in (export_claims, import_claims):
        with pytest.raises(InputError, match=r"expected a name that ends in \.csv or \.json"):
            act(other, tmp_path / "claims.xlsx")


def test_an_export_does_not_overwrite_the_ledger_or_leave_half_a_file(ledger, tmp_path):
    link = tmp_path / "link.csv"
    link.symlink_to(ledger.path)
    with pytest.raises(InputError, match="is the ledger; expected another file"):
        export_csv(ledger, link)
    with pytest.raises(InputError, match="cannot be written: No such file or directory"):
        export_json(ledger, tmp_path / "none" / "out.json")
    assert len(ledger.claims()) == 3
    assert not [one for one in tmp_path.iterdir() if one.name.startswith(".")]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\rx", "'\rx"),
        ("\nx", "'\nx"),
        ("  =1", "'  =1"),
        ("\ufeff=1", "'\ufeff=1"),
        ("＝1", "'＝1"),
        ("'quoted'", "''quoted'"),
        ("about 5", "about 5"),
        ("", ""),
    ],
)
def test_no_cell_starts_a_formula(text, cell):
    assert guarded(text) == cell
    assert unguarded(cell) == text


def test_an_apostrophe_of_somebody_else_stays():
    assert unguarded("'tis") == "'tis"


def test_json_carries_everything(ledger, other, tmp_path):
    path = tmp_path / "out.json"
    ledger.tick("post#1", decision="withdrawn", who="V")
    assert export_json(ledger, path) == 3
    imported = import_json(other, path, who="X")
    assert [one.what for one in imported.documents] == ["new"]
    assert imported.ticks == 2
    assert other.read("post") == ledger.read("post")
    assert other.claims() == ledger.claims()
    assert other.history("post#1") == ledger.history("post#1")
    known = [replace(one, read_at="", at="") for one in ledger.documents()]
    assert [replace(one, read_at="", at="") for one in other.documents()] == known
    for home in (ledger, other):
        again = import_json(home, path, who="X")
        assert (again.documents, again.known, again.ticks) == ((), 3, 0)


def test_json_of_tables_comes_back_too(ledger, other, tmp_path):
    export_csv(ledger, tmp_path / "out.csv")
    import_csv(other, tmp_path / "out.csv", who="V")
    export_json(other, tmp_path / "out.json")
    with open_ledger(tmp_path / "third.ledger", create=True) as third:
        import_json(third, tmp_path / "out.json", who="X")
        assert third.claims() == other.claims()
        assert third.documents()[0].person == "V"


def test_what_read_prints_as_json_can_be_imported(other, tmp_path):
    claim = {"metric": "killed", "value": 4, "qualifier": "exact", "quote_span": "four killed"}
    document = {"id": "a", "language": "en", "claims": [claim | {"span_start": 3}], "bounds": {}}
    whole = {"schema": 1, "documents": [document], "contradictions": []}
    path = written(tmp_path, json.dumps(whole), "read.json")
    imported = import_claims(other, path, who="W")
    assert imported.documents[0].claims == ("a#1",)
    assert other.documents()[0].kind == "table"
    assert import_claims(other, path, who="W").documents == ()


def test_every_fault_of_json_comes_at_once(other, tmp_path):
    good = {"metric": "killed", "value": 1, "quote_span": "one killed", "span_start": 0}
    whole = {
        "documents": [
            {"id": "a", "text": "one killed", "sha256": "0" * 64, "claims": [good]},
            {
                "id": 7,
                "text": "one killed",
                "claims": [
                    {**good, "span_start": 1},
                    {**good, "metrc": "x"},
                    {**good, "value": "one"},
                    {**good, "value": True},
                    {**good, "span_start": -1},
                    {**good, "note": "\ud800"},
                    {**good, "ticks": [{"decision": "maybe"}, 5]},
                    "x",
                ],
                "unread_numbers": {},
            },
            [],
        ]
    }
    path = written(tmp_path, json.dumps(whole), "in.json")
    b = "in.json documents[1]"
    which = "expected accepted, rejected, withdrawn"
    assert faults(other, path) == [
        "in.json documents[0].sha256: is not that of the text; expected the text as it was read",
        f"{b}.id: 7 is out of place; expected a text",
        f"{b}.claims[0].quote_span: 'one killed' does not stand in the text at 1",
        f"{b}.claims[1].metrc: is no field of claims. Did you mean 'metric'?",
        f"{b}.claims[2].value: 'one' is out of place; expected a number",
        f"{b}.claims[3].value: True is out of place; expected a number",
        f"{b}.claims[4].span_start: -1 is out of place; expected a whole number, 0 or more",
        f"{b}.claims[5].note: half a character at 0; expected a text in UTF-8",
        f"{b}.claims[6].ticks[0].decision: 'maybe' is no decision; {which}",
        f"{b}.claims[6].ticks[1]: is no object; expected one with fields",
        f"{b}.claims[7]: is no object; expected one with fields",
        f"{b}.unread_numbers: is no list; expected a list",
        "in.json documents[2]: is no object; expected one with fields",
    ]
    assert other.documents() == ()


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", '{"documents": 3}', "[" * 100000, "1" * 5000, '{"documents": [NaN]}'],
)
def test_json_of_something_else_is_refused(other, tmp_path, content):
    path = written(tmp_path, content, "in.json")
    assert faults(other, path)[0].startswith("in.json")


ANY = st.text(max_size=12)
STARTS = st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", "'", "'=", '"', "''", "#", ""])
TEXTS = st.builds(str.__add__, STARTS, ANY)
COUNTED = sorted(
    term.name for term in vocabulary()["metric"].values() if " or " not in term.unit and term.unit
)
NUMBERS = st.floats(min_value=0, allow_nan=False, allow_infinity=False)


@st.composite
def any_claim(draw: st.DrawFn) -> Claim:
    metric = draw(st.sampled_from(COUNTED))
    qualifier = draw(st.sampled_from(sorted(vocabulary()["qualifier"])))
    low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
    vague = qualifier == "vague"
    start = st.one_of(st.none(), st.integers(0, 10**9))
    return Claim(
        metric=metric,
        value=None if vague else low,
        value_max=high if qualifier == "range" else None,
        qualifier=qualifier,
        quote_span=draw(TEXTS),
        span_start=draw(st.integers(0, 10**9)),
        unit="" if vague else vocabulary()["metric"][metric].unit,
        source=draw(TEXTS.filter(bool)),
        source_surface=draw(TEXTS),
        source_start=draw(start),
        source_country=draw(TEXTS),
        location=draw(st.one_of(st.none(), TEXTS.filter(bool))),
        modality=draw(st.sampled_from(sorted(vocabulary()["modality"]))),
        noun=draw(TEXTS),
        noun_start=draw(start),
        facility_type=draw(st.sampled_from(["", *sorted(vocabulary()["facility_type"])])),
        time=draw(TEXTS),
        phase=draw(st.sampled_from(["", *sorted(vocabulary()["phase"])])),
        carry_over=draw(st.booleans()),
        note=draw(TEXTS),
    )


@settings(max_examples=60)
@given(claims=st.lists(any_claim(), max_size=4), about=st.tuples(TEXTS, TEXTS, TEXTS, TEXTS))
def test_any_claim_makes_the_round_trip(claims, about):
    name, url, title, published = about
    read = Read(name, "en", "rows", tuple(claims), (), {}, url, title, published)
    with tempfile.TemporaryDirectory() as folder:
        home, csv_file, json_file = (Path(folder, name) for name in ("a", "b.csv", "c.json"))
        with open_ledger(home, create=True) as ledger:
            ledger.add(read, kind="table")
            kept = ledger.claims()
            assert [one.claim for one in kept] == claims
            export_csv(ledger, csv_file)
            export_json(ledger, json_file)
            for path in (csv_file, json_file):
                again = import_claims(ledger, path, who="W")
                assert again.documents == ()
        cells = [cell for row in csv.reader(csv_file.open(newline="")) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
        for at, path in enumerate((csv_file, json_file)):
            with open_ledger(Path(folder, f"d{at}"), create=True) as other:
                import_claims(other, path, who="W")
                assert other.claims() == kept
                for old, new in zip(ledger_documents(home), other.documents(), strict=False):
                    assert (new.url, new.title, new.published) == (
                        old.url,
                        old.title,
                        old.published,
                    )


def ledger_documents(home: Path):
    with open_ledger(home) as ledger:
        return ledger.documents()
