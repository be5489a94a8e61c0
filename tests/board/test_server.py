"""The board's answers: numbers of the command line, tabs that do not disturb each other, jobs."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from keepwarm.board.app import make_app
from keepwarm.board.desk import Desk, Given, open_desk
from keepwarm.board.open_run import OpenRun
from keepwarm.board.security import Door
from keepwarm.board.wire import fault_document
from keepwarm.board.worker import Failed
from keepwarm.case.nouns import Case
from keepwarm.commands.main import main
from keepwarm.errors import Fault
from keepwarm.runs.folder import read_run

BACK = {"kind": "back", "asset": "CHP unit", "at": "2026-01-10T06:00:00Z"}
OUT = {"kind": "out", "asset": "Main CHP-West", "at": "2026-01-09T12:00:00Z"}
BOILER = {
    "kind": "unit",
    "unit": "boiler",
    "target": "West heat",
    "mw": 5,
    "from": "2026-01-10T00:00:00Z",
}


def make(board: TestClient, parent: str, edit: dict[str, object]) -> dict[str, object]:
    answer = board.post("/api/scenarios", json={"parent": parent, "edit": edit})
    assert answer.status_code == 201, answer.text
    found: dict[str, object] = answer.json()
    return found


def cli(*words: object) -> dict[str, object]:
    done = CliRunner().invoke(main, [*map(str, words), "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def edited(board: TestClient, desk: Desk) -> dict[str, object]:
    """The boiler's unit back sooner, and a main out."""
    one = make(board, desk.root.name, BACK)
    return make(board, str(one["id"]), OUT)


@pytest.fixture(scope="module")
def by_hand(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`keepwarm run` with a damage list in which a person wrote the same changes."""
    place = tmp_path_factory.mktemp("by_hand")
    rows = list(csv.DictReader((examples / "town" / "damage.csv").open()))
    for row in rows:
        if row["asset"] == "CHP unit":
            row["until"] = "2026-01-10T06:00:00Z"
    rows.append({**rows[0], "asset": "Main CHP-West", "time": "2026-01-09T12:00:00Z", "until": ""})
    with (place / "damage.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    out = place / "run"
    cli("run", examples / "town", "--damage", place / "damage.csv", "--hours", 96, "--out", out)
    return out


def close(one: object, other: object, where: str = "") -> None:
    """Check that two documents are the same, numbers to a millionth."""
    if isinstance(one, dict) and isinstance(other, dict):
        assert one.keys() == other.keys(), where
        for key in one:
            close(one[key], other[key], f"{where}.{key}")
    elif isinstance(one, list) and isinstance(other, list):
        assert len(one) == len(other), where
        for at, pair in enumerate(zip(one, other, strict=True)):
            close(*pair, f"{where}[{at}]")
    elif isinstance(one, float) and isinstance(other, int | float):
        assert one == pytest.approx(other, rel=1e-6, abs=1e-6), where
    else:
        assert one == other, where


def test_a_scenario_has_the_numbers_of_the_command_line(board, edited, by_hand):
    found = board.get(f"/api/scenarios/{edited['id']}/run").json()
    right = read_run(by_hand)
    told = {key: value for key, value in right.answers.items() if key not in ("audit", "out")}
    answers = {key: value for key, value in found["answers"].items() if key != "audit"}
    close(answers, json.loads(json.dumps(told)))
    table = right.tables["regions"]
    names = found["regions"]
    for column in ("people_without_heat", "indoor_coldest_degc", "people_below_12"):
        own = column if column in table.column_names else f"{column}_central"
        flat = [value for frame in found["frames"][column] for value in frame]
        close([float(v) for v in flat], [round(v, 2) for v in table[own].to_pylist()], column) if (
            "degc" in column
        ) else close(flat, [round(v) for v in table[own].to_pylist()], column)
        assert len(flat) == 96 * len(names)


def test_places_and_differences_are_those_of_the_tables(board, desk, edited, by_hand):
    right = read_run(by_hand)
    west = board.get(f"/api/scenarios/{edited['id']}/places/West").json()
    groups = {row["group"]: row for row in right.tables["groups"].to_pylist()}
    own = [row for row in groups.values() if row["region"] == "West"]
    assert {one["group"] for one in west["groups"]} == {row["group"] for row in own}
    for one in west["groups"]:
        close(one["frozen"], float(groups[one["group"]]["frozen"]))
        assert len(one["indoor_degc"]["central"]) == 96
    assert board.get(f"/api/scenarios/{edited['id']}/places/Nowhere").status_code == 404

    found = board.get(f"/api/scenarios/{desk.root.name}/difference/{edited['id']}").json()
    before = board.get(f"/api/scenarios/{desk.root.name}/run").json()["answers"]
    rows = {row["measure"]: row for row in found["differences"]}
    heat = rows["people_hours_without_heat"]
    close(heat["a"], float(before["people_hours_without"]["heat"]))
    close(heat["b"], float(right.answers["people_hours_without"]["heat"]))
    close(
        sum(row["people_hours_without_heat"][1] for row in found["regions"]),
        float(heat["b"]),
        "sum",
    )


def test_assets_say_what_is_out_and_what_may_be_done(board, desk, edited):
    before = board.get(f"/api/scenarios/{desk.root.name}/assets").json()
    after = {row["asset"]: row for row in board.get(f"/api/scenarios/{edited['id']}/assets").json()}
    assert [row["asset"] for row in before] == list(desk.case.network.assets.name)
    assert after["CHP unit"]["out"][0]["until"] == "2026-01-10T06:00:00Z"
    assert after["Main CHP-West"]["can"] == ["back", "out"]
    assert next(row for row in before if row["asset"] == "Main CHP-West")["can"] == ["out"]


def test_what_is_refused_names_no_folder():
    fault = Fault("/srv/case/study.json", 3, None, "cannot be written", "room")
    assert fault_document(fault)["where"] == "study.json"


def test_units_say_where_they_work_and_from_when(board, desk):
    assert board.get(f"/api/scenarios/{desk.root.name}/units").json() == {"units": []}
    made = make(board, desk.root.name, BOILER)
    (unit,) = board.get(f"/api/scenarios/{made['id']}/units").json()["units"]
    assert (unit["region"], unit["target"], unit["count"]) == ("West", "West heat", 1)
    assert (unit["begin"], unit["end"]) == ("2026-01-10T00:00Z", None)


def test_two_tabs_do_not_overwrite_each_other(board, desk, edited):
    one = make(board, str(edited["id"]), BOILER)
    other = make(board, str(edited["id"]), {**OUT, "asset": "Main CHP-East"})
    assert one["parent"] == other["parent"] == edited["id"]
    assert [edit["kind"] for edit in one["edits"]] == ["back", "out", "unit"]
    assert [edit["kind"] for edit in other["edits"]] == ["back", "out", "out"]
    again = make(board, str(edited["id"]), BOILER)
    assert again["id"] == one["id"]
    for name in (one["id"], other["id"], edited["id"], desk.root.name):
        assert board.get(f"/api/scenarios/{name}").json()["id"] == name


def test_a_mobile_boiler_helps_and_leaves_the_rest(board, edited):
    one = make(board, str(edited["id"]), BOILER)
    before = board.get(f"/api/scenarios/{edited['id']}/run").json()["answers"]
    after = board.get(f"/api/scenarios/{one['id']}/run").json()["answers"]
    assert after["unserved_mwh"]["heat"] < before["unserved_mwh"]["heat"] - 1
    assert after["plan"]["repairs"] == 0
    # What 5 MW can give at most in the 72 h that are left.
    assert before["unserved_mwh"]["heat"] - after["unserved_mwh"]["heat"] <= 5 * 72


def test_faults_come_all_at_once(board, desk):
    wrong = {"kind": "out", "asset": "CHP unitt", "at": "soon", "available": 7}
    answer = board.post("/api/scenarios", json={"parent": desk.root.name, "edit": wrong})
    assert answer.status_code == 422
    faults = {fault["where"]: fault for fault in answer.json()["faults"]}
    assert set(faults) == {"asset", "at", "available"}
    assert faults["asset"]["suggestion"] == "CHP unit"


@pytest.mark.parametrize("name", ["0" * 16, "x", "' OR 1=1 --", "ТЕЦ", "run"])
def test_there_is_no_other_scenario(board, name):
    for path in ("", "/run", "/assets", "/units", "/events", "/checked", "/places/West", "/brief"):
        assert board.get(f"/api/scenarios/{name}{path}").status_code == 404
    assert board.post("/api/scenarios", json={"parent": name, "edit": OUT}).status_code == 404


def test_a_run_is_handed_on_in_every_format(board, edited, by_hand):
    at = f"/api/scenarios/{edited['id']}/export"
    archive = zipfile.ZipFile(io.BytesIO(board.get(f"{at}/parquet").content))
    assert sorted(archive.namelist()) == sorted(file.name for file in by_hand.iterdir())
    shown = board.get(f"{at}/geojson")
    assert {one["properties"]["region"] for one in shown.json()["features"]} == {"West", "East"}
    assert shown.headers["content-disposition"].startswith('attachment; filename="keepwarm-')
    assert board.get(f"{at}/xlsx").content.startswith(b"PK")
    assert board.get(f"{at}/yasno").status_code == 404  # nobody is cut in turn
    calendars = zipfile.ZipFile(io.BytesIO(board.get(f"{at}/ics?lang=uk").content))
    assert calendars.namelist() == ["run.ics"]
    assert board.get(f"{at}/exe").status_code == 404
    assert board.get(f"/api/scenarios/{edited['id']}/brief?lang=uk").text.startswith("<!doctype")
    assert 'lang="en"' in board.get(f"/api/scenarios/{edited['id']}/brief?lang=../x").text[:200]


def events(board: TestClient, path: str) -> Iterator[dict[str, object]]:
    with board.stream("GET", path) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            if line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))


def test_a_walk_tells_how_far_it_is(board, desk):
    made = make(board, desk.root.name, {**OUT, "at": "2026-01-08T05:00:00Z"})
    told = list(events(board, f"/api/scenarios/{made['id']}/events"))
    assert told[-1] == {"finished": True}
    done = [event["done"] for event in told[:-1]]
    assert done == sorted(done)
    assert {event["total"] for event in told[:-1]} <= {96}


def test_a_plan_is_found_kept_and_carried_out(board, desk, edited):
    asked = {"kind": "plan", "scenario": edited["id"], "seconds": 2}
    job = board.post("/api/jobs", json=asked)
    assert job.status_code == 201, job.text
    *_, last = events(board, f"/api/jobs/{job.json()['job']}/events")
    assert last["finished"], last
    plan = last["result"]["plan"]
    assert plan in [one["plan"] for one in board.get("/api/plans").json()["plans"]]
    made = make(board, str(edited["id"]), last["result"]["edit"])
    answers = board.get(f"/api/scenarios/{made['id']}/run").json()["answers"]
    assert answers["plan"]["repairs"] == 1  # the main; what has an end is nobody's task
    assert "shift" in {
        kind
        for row in board.get(f"/api/scenarios/{made['id']}/assets").json()
        for kind in row["can"]
    }
    without = make(board, str(made["id"]), {"kind": "no_plan"})
    before = board.get(f"/api/scenarios/{edited['id']}/run").json()["answers"]
    after = board.get(f"/api/scenarios/{without['id']}/run").json()["answers"]
    close(after["unserved_mwh"], before["unserved_mwh"])


def test_a_job_is_stopped(board, edited):
    asked = {"kind": "plan", "scenario": edited["id"], "seconds": 3000}
    job = board.post("/api/jobs", json=asked).json()["job"]
    told = events(board, f"/api/jobs/{job}/events")
    next(told)
    assert board.request("DELETE", f"/api/jobs/{job}").status_code == 202
    *_, last = told
    assert last.get("finished") or "failed" in last
    assert board.request("DELETE", "/api/jobs/none").status_code == 404


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"kind": "mine"}, 400),
        ({"kind": "plan", "scenario": 5}, 400),
        ({"kind": "plan", "scenario": "x"}, 404),
        ({"kind": "plan", "seconds": -1}, 422),
        ({"kind": "plan", "seconds": True}, 422),
        ({"kind": "plan", "objective": "../x"}, 422),
        ({"kind": "plan", "out": "/etc/passwd"}, 422),
        ({"kind": "risk", "samples": 10**9}, 422),
    ],
)
def test_jobs_are_bounded(board, asked, status):
    assert board.post("/api/jobs", json=asked).status_code == status


def test_a_failed_walk_is_an_answer(board, desk, monkeypatch):
    made = make(board, desk.root.name, {**OUT, "at": "2026-01-08T07:00:00Z"})
    heard = desk.walker._hear
    monkeypatch.setattr(
        desk.walker,
        "_hear",
        lambda told: heard(Failed(getattr(told, "number", -1), "a step has no optimum")),
    )
    answer = board.get(f"/api/scenarios/{made['id']}/run")
    assert answer.status_code == 500
    assert answer.json()["message"] == "a step has no optimum"


def test_a_run_folder_is_shown_to_read(by_hand):
    shown = OpenRun(read_run(by_hand))
    app = make_app(shown, Door("127.0.0.1", 8750))
    with TestClient(app, base_url="http://127.0.0.1:8750") as board:
        about = board.get("/api/board").json()
        assert about["read_only"] is True
        root = about["root"]
        told = board.get(f"/api/scenarios/{root}/run").json()
        close(told["answers"], json.loads((by_hand / "manifest.json").read_text())["answers"])
        assert board.get(f"/api/scenarios/{root}").json()["edits"] == []
        assert len(board.get("/api/map").json()["features"]) == 2
        assert board.get(f"/api/scenarios/{root}/places/West").status_code == 200
        rows = board.get(f"/api/scenarios/{root}/assets").json()
        assert all(row["can"] == [] for row in rows)
        assert board.post("/api/scenarios", json={"parent": root, "edit": OUT}).status_code == 403
        assert board.get(f"/api/scenarios/{root}/units").json() == {"units": []}
        assert board.get(f"/api/scenarios/{root}/plan").status_code == 403
        assert board.get(f"/api/scenarios/{'0' * 16}/run").status_code == 404


def test_another_file_of_the_case_is_another_root(town: Case, tmp_path: Path) -> None:
    first = open_desk(Given(town, hours=24.0, workspace=tmp_path))
    again = open_desk(Given(town, hours=24.0, workspace=tmp_path))
    longer = open_desk(Given(town, hours=48.0, workspace=tmp_path))
    assert first.root == again.root
    assert first.root.name != longer.root.name
    for desk in (first, again, longer):
        desk.close()
