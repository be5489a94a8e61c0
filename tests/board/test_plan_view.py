"""The plan as the page shows it: the numbers of the command line, and what an edit does to them."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import icalendar
import numpy as np
import pytest
from click.testing import CliRunner

from keepwarm.board.plan_view import plan_view
from keepwarm.board.timetable_view import timetable_file, timetable_view
from keepwarm.case.plan import Plan
from keepwarm.case.plan_file import plan_text, read_plan, write_plan
from keepwarm.case.timetable import timetable
from keepwarm.commands.main import main
from keepwarm.damage import read_damage
from keepwarm.damage.planned import carried_out
from keepwarm.errors import InputError

ZONE = "Europe/Kyiv"


@pytest.fixture(scope="module")
def planned(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, dict]:
    """A plan for the storm, and what ``keepwarm plan --json`` says of it."""
    out = tmp_path_factory.mktemp("plan") / "plan.toml"
    given = [examples / "town", "--damage", examples / "town" / "storm.csv"]
    done = CliRunner().invoke(
        main, ["plan", *map(str, given), "--seconds", "1", "--out", str(out), "--json"]
    )
    assert done.exit_code == 0, done.output
    return read_plan(out), json.loads(done.stdout)


@pytest.fixture(scope="module")
def storm(town, examples: Path):
    return read_damage(town, examples / "town" / "storm.csv")


def moment(text: str) -> np.datetime64:
    return np.datetime64(text.replace(" ", "T").removesuffix("+00:00").removesuffix("Z"), "s")


def test_times_and_worth_are_those_of_the_command_line(town, storm, planned):
    plan, told = planned
    found = plan_view(town, storm, plan)
    assert [one["asset"] for one in found["repairs"]] == [one["asset"] for one in told["repair"]]
    for shown, said in zip(found["repairs"], told["repair"], strict=True):
        assert shown["crews"] == said["crews"]
        for key in ("begin", "end", "end_low", "end_high"):
            assert moment(shown[key]) == moment(said[key]), (shown["asset"], key)
    assert found["worth"] == pytest.approx(told["worth"])
    assert found["objective"] == told["objective"]


def test_each_repair_stands_in_the_row_of_its_crew(town, storm, planned):
    found = plan_view(town, storm, planned[0])
    rows = {one["crew"]: one["repairs"] for one in found["crews"]}
    assert set(rows) == {"Plant crew", "Heat crew", "Line crew", "Water crew"}
    by_hand = {
        "Plant crew": {"CHP unit", "CHP peak boiler"},
        "Heat crew": {"Main CHP-West", "Main CHP-East"},
    }
    for crew, assets in by_hand.items():
        assert {found["repairs"][at]["asset"] for at in rows[crew]} == assets
    # The heat crew is based in the east, the plant in the west: 5 km at 40 km/h and more.
    ways = [found["repairs"][at]["travel_hours"] for at in rows["Heat crew"]]
    assert all(0.05 < way < 1 for way in ways)


def test_a_repair_held_back_moves_what_its_crew_does_after_it(town, storm, planned):
    plan, _ = planned
    first = plan.repairs[0]
    held = tuple(
        replace(one, not_before=plan.made_at + np.timedelta64(20, "h")) if one is first else one
        for one in plan.repairs
    )
    found = plan_view(town, storm, replace(plan, repairs=held))
    shown = {one["asset"]: one for one in found["repairs"]}
    assert moment(shown[first.asset]["begin"]) >= plan.made_at + np.timedelta64(20, "h")
    # What the page says is what the run does.
    ends = {
        town.network.assets.name[row.asset]: row.until
        for row in carried_out(town, storm, replace(plan, repairs=held))
        if not np.isnat(row.until)
    }
    for asset, one in shown.items():
        assert moment(one["end"]) == ends[asset]


def test_a_repair_of_what_is_not_damaged_is_passed_over(town, storm, planned):
    plan, _ = planned
    left = tuple(row for row in storm if town.network.assets.name[row.asset] != "CHP unit")
    found = plan_view(town, left, plan)
    assert [one["asset"] for one in found["repairs"] if one["passed_over"]] == ["CHP unit"]
    at = [one["asset"] for one in found["repairs"]].index("CHP unit")
    assert all(at not in crew["repairs"] for crew in found["crews"])


def day(length: int, start: str, marks: str = "0011"):
    """Two groups over so many half-hours, off by a pattern that repeats."""
    row = np.array([marks[at % len(marks)] == "0" for at in range(length)])
    return timetable(["1.1", "2.1"], np.datetime64(start, "s"), np.stack([row, ~row]))


def test_a_timetable_is_that_of_the_command_line(tmp_path, town, storm, planned):
    plan = replace(planned[0], timetable=day(96, "2026-01-08T22:00:00"))
    write_plan(plan, tmp_path / "plan.toml")
    done = CliRunner().invoke(main, ["schedule", str(tmp_path / "plan.toml"), "--json"])
    told = json.loads(done.stdout)
    found = plan_view(town, storm, plan)["rotation"]
    for shown, said in zip(found["groups"], told["groups"], strict=True):
        assert shown["group"] == said["group"]
        assert shown["hours_off"] == said["hours_off"] == 24
        assert shown["longest_block_hours"] == said["longest_block_hours"] == 1
        assert shown["slots"] == said["off"].translate(str.maketrans("01", "10"))


def test_days_of_23_and_25_hours_have_their_slots():
    spring = timetable_view(day(142, "2026-03-27T22:00:00"), ZONE)["days"]
    autumn = timetable_view(day(146, "2026-10-23T21:00:00"), ZONE)["days"]
    assert [(one["date"], one["slots"]) for one in spring] == [
        ("2026-03-28", 48),
        ("2026-03-29", 46),
        ("2026-03-30", 48),
    ]
    assert [one["slots"] for one in autumn] == [48, 50, 48]
    assert [one["first"] for one in autumn] == [0, 48, 98]


def test_possible_and_emergency_cuts_have_marks_of_their_own():
    off = np.array([[True, False, True, False]])
    maybe, void = np.array([[0, 1, 0, 0]], dtype=bool), np.array([[0, 0, 1, 0]], dtype=bool)
    start = np.datetime64("2026-01-09T00:00:00", "s")
    found = timetable_view(timetable(["1"], start, off, maybe=maybe, emergency=void), "UTC")
    [group] = found["groups"]
    assert group["slots"] == "0?!1"
    assert (group["possible_hours"], group["emergency_hours"]) == (0.5, 0.5)


def test_calendars_are_read_back_by_another_library():
    name, media, content = timetable_file(day(48, "2026-01-08T22:00:00"), ZONE, "ics")
    assert (name, media) == ("power-cuts-ics.zip", "application/zip")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert len(archive.namelist()) == 2
        events = [
            event
            for file in archive.namelist()
            for event in icalendar.Calendar.from_ical(archive.read(file)).walk("VEVENT")
        ]
    assert len(events) == 24  # an hour off, an hour on, turn by turn
    assert {(one["DTEND"].dt - one["DTSTART"].dt).seconds for one in events} == {3600}


@pytest.mark.parametrize("form", ["outage-data-ua", "csv"])
def test_schedules_are_those_of_the_command_line(form, tmp_path, planned):
    table = day(96, "2026-01-08T22:00:00")
    write_plan(replace(planned[0], timetable=table), tmp_path / "plan.toml")
    target = tmp_path / ("said.csv" if form == "csv" else "said.json")
    given = ["schedule", str(tmp_path / "plan.toml"), str(target), "--zone", ZONE]
    assert CliRunner().invoke(main, [*given, "--form", form]).exit_code == 0
    assert timetable_file(table, ZONE, form)[2] == target.read_bytes()


def test_a_form_that_there_is_not_is_refused():
    with pytest.raises(InputError, match="no format 'pdf'"):
        timetable_file(day(48, "2026-01-08T22:00:00"), ZONE, "pdf")


def test_the_page_gets_the_plan_that_is_carried_out_and_its_power_cuts(board, desk, planned):
    root = desk.root.name
    assert board.get(f"/api/scenarios/{root}/plan").json() == {"plan": None}
    assert board.get(f"/api/scenarios/{root}/timetable/ics").status_code == 404
    table = day(48, "2026-01-08T22:00:00")
    name = desk.store.keep("plan", plan_text(replace(planned[0], timetable=table)))
    edit = {"kind": "plan", "plan": name}
    made = board.post("/api/scenarios", json={"parent": root, "edit": edit}).json()["id"]
    found = board.get(f"/api/scenarios/{made}/plan").json()["plan"]
    assert found["worth"] == pytest.approx(planned[1]["worth"])
    assert [one["hours_off"] for one in found["rotation"]["groups"]] == [12, 12]
    file = board.get(f"/api/scenarios/{made}/timetable/outage-data-ua")
    assert file.content == timetable_file(table, ZONE, "outage-data-ua")[2]
    assert "attachment" in file.headers["content-disposition"]
    assert board.get(f"/api/scenarios/{made}/timetable/pdf").status_code == 422
