"""The verb `schedule`, on a plan and on files of others."""

import json

import icalendar
import numpy as np
import pytest
from click.testing import CliRunner

from keepwarm.case.plan import Plan
from keepwarm.case.plan_file import write_plan
from keepwarm.case.timetable import timetable
from keepwarm.commands.main import main


def called(*arguments):
    return CliRunner().invoke(main, ["schedule", *(str(one) for one in arguments)])


@pytest.fixture
def plan(tmp_path):
    """Two groups over a day that begins at 02:00 in Kyiv; the first is off from 08:00 to 10:00."""
    start = np.datetime64("2026-01-15T00:00:00", "s")
    off = np.zeros((2, 48), dtype=bool)
    off[0, 12:16] = True
    path = tmp_path / "plan.toml"
    table = timetable(["1.1", "1.2"], start, off)
    write_plan(Plan("town", start, 24.0, "people_cold", timetable=table), path)
    return path


def test_a_plan_becomes_what_others_read_and_comes_back(plan, tmp_path):
    for name in ("cuts.csv", "cuts.json"):
        target = tmp_path / name
        done = called(plan, target)
        assert done.exit_code == 0, done.output
        back = json.loads(called(target, "--json").stdout)
        first = back["groups"][0]
        assert first["group"].endswith("1.1")
        assert first["hours_off"] == 2.0
        # The file tells whole days of Kyiv: the first begins at 22:00 UTC.
        assert first["off"].index("1") == 16


def test_a_calendar_for_each_group(plan, tmp_path):
    folder = tmp_path / "calendars"
    assert called(plan, folder).exit_code == 0
    [file] = [path for path in folder.iterdir() if "1.1" in path.name]
    events = icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert [str(event.decoded("dtstart")) for event in events] == ["2026-01-15 06:00:00+00:00"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--zone", "Europe/Nowhere"], 2, "is no time zone"),
        (["cuts.pdf"], 2, "--form says"),
    ],
)
def test_bad_input_is_said(plan, arguments, code, said):
    done = called(plan, *arguments)
    assert done.exit_code == code
    assert said in done.stderr


def test_a_plan_without_rotation_is_said(tmp_path):
    path = tmp_path / "plan.toml"
    write_plan(Plan("town", np.datetime64("2026-01-15T00:00:00", "s"), 24.0, "energy"), path)
    done = called(path)
    assert done.exit_code == 1
    assert "a plan with one" in done.stderr
