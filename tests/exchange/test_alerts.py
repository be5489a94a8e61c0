"""Drafts of alerts: valid against the schema that OASIS published, and calm against any name."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pyarrow as pa
import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.errors import InputError
from keepwarm.exchange.alerts import alerts_of, write_alerts
from keepwarm.exchange.whole import plain
from tests.exchange.handed import TRICKS, handed

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"


@pytest.fixture(scope="module")
def schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(Path(__file__).with_name("CAP-v1.2.xsd"), allow="local")


def parsed(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)


def told(root: ElementTree.Element, *path: str) -> list[str]:
    """Texts at a path of CAP's elements."""
    return [one.text or "" for one in root.findall("/".join(CAP + name for name in path))]


def infos(root: ElementTree.Element) -> list[dict[str, str]]:
    """Language, urgency and the like of each info."""
    return [
        {child.tag.removeprefix(CAP): child.text or "" for child in info}
        for info in root.findall(f"{CAP}info")
    ]


@pytest.mark.parametrize("names", [("West", "East"), TRICKS])
def test_every_alert_is_valid_against_the_schema(schema, names):
    alerts = alerts_of(handed(*names))
    assert len(alerts) == len(names)
    for content in alerts.values():
        schema.validate(content.decode())


def test_the_schema_refuses_what_is_no_alert(schema):
    (content, *_) = alerts_of(handed()).values()
    text = content.decode()
    assert not schema.is_valid(text.replace(">Draft<", ">Sent<"))
    assert not schema.is_valid(text.replace("+02:00<", "Z<"))


def test_what_the_standard_asks_beyond_its_schema():
    roots = [parsed(content) for content in alerts_of(handed()).values()]
    for root in roots:
        for name in ("identifier", "sender"):
            ((text),) = told(root, name)
            assert not re.search(r"[\s,<&]", text)
    names = {told(root, "identifier")[0] for root in roots}
    assert len(names) == len(roots)


def test_an_alert_is_a_draft_by_nobody():
    for content in alerts_of(handed()).values():
        assert told(parsed(content), "status") == ["Draft"]
        assert told(parsed(content), "sender")[0].endswith(".invalid")  # RFC 2606


def test_an_alert_in_both_languages_about_its_region():
    first, second = (parsed(content) for content in alerts_of(handed()).values())
    assert [info["language"] for info in infos(first)] == ["en", "uk"]
    assert told(first, "info", "area", "areaDesc") == ["West", "West"]
    assert told(second, "info", "area", "areaDesc") == ["East", "East"]
    assert not first.findall(f".//{CAP}polygon") + first.findall(f".//{CAP}circle")


def test_a_deadline_is_told_in_local_time():
    first, second = (parsed(content) for content in alerts_of(handed()).values())
    english, ukrainian = infos(first)
    # 13.5 h after midnight UTC, two hours later in Kyiv.
    assert "2026-01-08 15:30" in english["headline"]
    assert "2026-01-08 15:30" in ukrainian["headline"]
    assert "up to 40 buildings, where 1\u00a0000 people live" in english["description"]
    assert (english["severity"], english["certainty"]) == ("Severe", "Likely")
    assert english["expires"] == "2026-01-10T02:00:00+02:00"
    # Only the first region's pipes plug.
    assert infos(second)[0]["severity"] == "Moderate"
    assert "pipes" not in infos(second)[0]["description"]


def test_no_alert_where_nobody_is_cold(tmp_path):
    assert write_alerts(handed(cold=False), tmp_path / "alerts") == 0
    assert list((tmp_path / "alerts").iterdir()) == []


def test_old_alerts_do_not_stay(tmp_path):
    folder = tmp_path / "alerts"
    assert write_alerts(handed(), folder) == 2
    assert write_alerts(handed("North"), folder) == 1
    assert [path.name for path in folder.iterdir()] == ["alert-001-North.xml"]


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear", encoding="utf-8")
    with pytest.raises(InputError, match="holds something that is no alert"):
        write_alerts(handed(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_names_of_files_stay_in_their_folder():
    for name in alerts_of(handed("../../etc/passwd", "C:\\x", "a" * 300)):
        assert re.fullmatch(r"alert-\d{3}-\w+\.xml", name)
        assert len(name) < 80


def with_answers(run, **changed):
    """The run with other answers."""
    return replace(run, manifest={**run.manifest, "answers": {**run.answers, **changed}})


@pytest.mark.parametrize(
    ("start", "urgency"),
    [
        ("2026-01-08T12:29:59Z", "Future"),
        ("2026-01-08T12:30:00Z", "Expected"),  # CAP: within the next hour
        ("2026-01-08T13:30:00Z", "Immediate"),
    ],
)
def test_how_urgent_a_deadline_is(schema, start, urgency):
    run = with_answers(handed(), start=start, warming_points=[])
    ((content),) = alerts_of(run).values()
    schema.validate(content.decode())
    assert {info["urgency"] for info in infos(parsed(content))} == {urgency}


def test_what_only_the_cold_end_says_is_possible_and_no_more():
    (row,) = handed().answers["drain_deadlines"]
    row = {**row, "by": {"low": row["by"]["low"], "central": None, "high": None}}
    ((content),) = alerts_of(
        with_answers(handed(), drain_deadlines=[row], warming_points=[])
    ).values()
    assert {info["certainty"] for info in infos(parsed(content))} == {"Possible"}


def test_utc_is_written_as_the_standard_wants(schema):
    run = handed()
    case = {**run.manifest["case"], "time_zone": "UTC"}
    (content, *_) = alerts_of(replace(run, manifest={**run.manifest, "case": case})).values()
    schema.validate(content.decode())
    assert told(parsed(content), "sent") == ["2026-01-08T00:00:00-00:00"]


def test_only_the_first_night_is_told():
    night = {"region": "West", "people": {"low": 30.0, "central": 20.0, "high": 0.0}}
    later = {**night, "from": "2026-01-09T16:00:00Z", "until": "2026-01-10T06:00:00Z"}
    first = {**later, "from": "2026-01-08T16:00:00Z", "until": "2026-01-09T06:00:00Z"}
    run = with_answers(handed(), drain_deadlines=[], warming_points=[later, first])
    ((content),) = alerts_of(run).values()
    (english, _) = infos(parsed(content))
    assert "from 2026-01-08 18:00 to 2026-01-09 08:00" in english["description"]
    assert "20 people are expected" in english["description"]
    assert english["onset"] == "2026-01-08T18:00:00+02:00"


@given(st.text(max_size=12))
@settings(max_examples=40)
def test_any_name_makes_an_alert_that_can_be_read(name):
    for content in alerts_of(handed(name)).values():
        (area, _) = told(parsed(content), "info", "area", "areaDesc")
        assert area.replace("\n", "") == plain(name).replace("\r", "").replace("\n", "")


def test_each_language_names_the_region_its_own_way():
    run = handed("West")
    labels = pa.array([[("uk", "Захід")]], pa.map_(pa.string(), pa.string()))
    places = run.tables["places"].append_column("labels", labels)
    ((content),) = alerts_of(replace(run, tables={**run.tables, "places": places})).values()
    assert told(parsed(content), "info", "area", "areaDesc") == ["West", "Захід"]
    (english, ukrainian) = infos(parsed(content))
    assert english["headline"].startswith("West: ")
    assert ukrainian["headline"].startswith("Захід: ")
