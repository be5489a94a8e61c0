"""A run's calendars: deadlines, nights and the plan's lines, as a calendar program reads them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import icalendar
import numpy as np
import pytest

from keepwarm.case.plan import Delivery, Deployment, Plan, PlannedDrain, PlannedRepair
from keepwarm.case.plan_file import plan_text
from keepwarm.case.timetable import timetable
from keepwarm.exchange.run_calendar import calendars_of
from keepwarm.runs.plan_tables import plan_table
from keepwarm.runs.run import Run
from tests.exchange.handed import TRICKS, handed

NOT = np.datetime64("NaT", "s")


def at(hour: float) -> np.datetime64:
    return np.datetime64("2026-01-08T00:00:00", "s") + np.timedelta64(round(3600 * hour), "s")


def moment(hour: float) -> datetime:
    return at(hour).item().replace(tzinfo=UTC)  # type: ignore[no-any-return]


def planned(run: Run, what: str = "CHP unit") -> Run:
    """Return the run as one that carried out a plan of one line of each kind."""
    cuts = np.zeros((2, 96), dtype=np.bool_)
    cuts[0, 4:8] = cuts[1, 8:12] = True
    plan = Plan(
        case="sample",
        made_at=at(0),
        hours=48,
        objective="people_cold",
        repairs=(PlannedRepair(what, ("Crew A",), at(12), at(30), at(28), at(34), why="first"),),
        drains=(
            PlannedDrain("West homes", True, 10.0, at(13), at(26), crews=("Crew B",)),
            PlannedDrain("East homes", False, 5.0, NOT, at(40)),
        ),
        deployments=(
            Deployment("Boiler 3 MW", 2, "boiler", "East", "East heat", at(20), NOT, 6.0, 100.0),
        ),
        deliveries=(Delivery("Tanker", at(25), "East", ("East heat",), 900.0),),
        timetable=timetable(("1.1", "2.1"), at(0), cuts),
    )
    manifest = {**run.manifest, "plan": plan_text(plan)}
    return replace(run, manifest=manifest, tables={**run.tables, "plan": plan_table(plan)})


def events(content: bytes) -> list[icalendar.Component]:
    return icalendar.Calendar.from_ical(content).walk("VEVENT")


def of_kind(content: bytes, kind: str) -> list[icalendar.Component]:
    return [event for event in events(content) if kind in event["categories"].cats]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return dict(calendars_of(planned(handed())))


def test_one_calendar_of_the_run_and_one_of_each_rotation_group(files):
    assert list(files) == ["run.ics", "group-1.1.ics", "group-2.1.ics"]
    (cut,) = events(files["group-2.1.ics"])
    assert (cut["dtstart"].dt, cut["dtend"].dt) == (moment(4), moment(6))


def test_lines_of_the_plan_are_events_with_their_times(files):
    found = {}
    for kind in ("repair", "drain", "hold", "boiler", "delivery"):
        for event in of_kind(files["run.ics"], kind):
            end = event["dtend"].dt if "dtend" in event else None
            found[kind] = (str(event["summary"]), event["dtstart"].dt, end)
    assert found == {
        "repair": ("Repair: CHP unit (Crew A)", moment(12), moment(30)),
        "drain": ("Drain: West homes (Crew B)", moment(13), moment(26)),
        "boiler": ("Mobile boiler at East heat: 2 x Boiler 3 MW", moment(20), moment(48)),
        "delivery": ("Fuel for East heat: Tanker: 900 litres", moment(25), None),
    }


def test_deadlines_are_those_of_the_answers(files):
    run = handed()
    first = {
        row["region"]: min(by for by in row["by"].values() if by)
        for row in run.answers["drain_deadlines"]
    }
    found = {
        str(event["summary"]).split(":")[0]: event["dtstart"].dt
        for event in of_kind(files["run.ics"], "deadline")
    }
    assert set(found) == set(first)
    for region, time in found.items():
        told = datetime.fromisoformat(first[region])
        assert 0 <= (told - time).total_seconds() < 60


def test_nights_are_those_of_the_answers(files):
    rows = handed().answers["warming_points"]
    found = of_kind(files["run.ics"], "warming")
    assert {event["dtstart"].dt for event in found} == {
        datetime.fromisoformat(row["from"]) for row in rows
    }
    (event, *_) = found
    mine = [row for row in rows if datetime.fromisoformat(row["from"]) == event["dtstart"].dt]
    people = sum(row["people"]["central"] for row in mine)
    digits = "".join(sign for sign in str(event["summary"]) if sign.isdigit())
    assert int(digits) == pytest.approx(people, rel=0.01)
    for row in mine:
        assert row["region"] in event["description"]


def test_in_ukrainian():
    files = calendars_of(planned(handed()), "uk")
    summaries = [str(event["summary"]) for event in events(files["run.ics"])]
    assert "Ремонт: CHP unit (Crew A)" in summaries
    assert not any(word in " ".join(summaries) for word in ("Repair", "Drain", "needed", "freeze"))
    (cut,) = events(files["group-1.1.ics"])
    assert cut["summary"] == "Немає електрики, черга 1.1"


def test_a_language_without_texts_reads_english():
    assert calendars_of(handed(), "pl") == calendars_of(handed())


def test_names_stay_names():
    run = planned(handed(*TRICKS), "X\r\nEND:VEVENT\r\nBEGIN:VALARM")
    content = calendars_of(run)["run.ics"]
    assert content.count(b"BEGIN:VEVENT") == len(events(content))
    assert b"BEGIN:VALARM\r\n" not in content.replace(b"\\nBEGIN:VALARM", b"")
    assert "\u202e" not in content.decode()


def test_the_same_run_gives_the_same_calendars_and_each_event_its_own_name(files):
    assert calendars_of(planned(handed())) == files
    names = [str(event["uid"]) for content in files.values() for event in events(content)]
    assert len(set(names)) == len(names)


def test_lines_are_folded_and_end_as_the_standard_wants(files):
    for content in files.values():
        lines = content.split(b"\r\n")
        assert b"\n" not in b"".join(lines)
        assert max(map(len, lines)) <= 75


def test_nothing_to_say_is_an_empty_calendar():
    (content,) = calendars_of(handed(cold=False)).values()
    assert icalendar.Calendar.from_ical(content).walk("VEVENT") == []
