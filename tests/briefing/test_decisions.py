"""Drain or hold as people read it: sentences by hand, and a table that fits one sheet of paper."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

import keepwarm as kw
from keepwarm.briefing import brief
from keepwarm.briefing.decisions import advice, changes, decided
from keepwarm.briefing.drain_table import LINES, drain_table
from keepwarm.briefing.words import words
from keepwarm.commands.main import main
from keepwarm.runs.folder import write_run
from keepwarm.runs.run import Run
from tests.briefing.reading import read, section
from tests.briefing.sample import hand_made

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BASIS = {
    "cold_below_degc": 16.0,
    "forecast_hours": 120.0,
    "frozen_days": 14.0,
    "frozen_days_low": 6.0,
    "frozen_days_high": 24.0,
    "restoration_median_hours": 16.0,
    "restoration_p90_hours": 72.0,
    "draining_buildings_per_hour": 1000.0,
    "refilling_buildings_per_hour": 150.0,
    "draining_policy": "rule",
    "draining_wait_hours": 3.0,
    "draining_outdoor_degc": -3.0,
    "refill_hours": 24.0,
    "groups_not_at_risk": 0,
    "restoration_places": [],
    "kelvin": 3.0,
    "fast_repair_days": 7.0,
    "insulation_mm": 30.0,
}


def row(number: int = 0, **changed: object) -> dict[str, Any]:
    """A group that stops at 02:00, freezes from 11:00 on and must be begun by 08:30."""
    made = {
        "group": f"Group {number}",
        "region": "West",
        "archetype": "Five-storey panel block",
        "buildings": 30.0,
        "people": 3000.0,
        "stopped": "2026-01-09T02:00:00Z",
        "hours_stood": 0.0,
        "stop_outdoor_degc": -12.0,
        "hours_left": {"low": 9.0, "central": 14.0, "high": None},
        "drain_by": "2026-01-09T11:00:00Z",
        "start_by": f"2026-01-09T08:{30 + number % 30:02d}:00Z",
        "start_hours": 6.5,
        "in_time": 30.0,
        "choice": "drain",
        "back_in_time": 0.4,
        "indifference": 0.85,
        "cold_person_hours": {"hold": 500000.0, "drain": 200000.0},
        "what_if": {
            "refill_fast": {"indifference": 0.93, "hours_left": 9.0},
            "refill_slow": {"indifference": 0.7, "hours_left": 9.0},
            "colder": {"indifference": 0.86, "hours_left": 7.25},
            "milder": {"indifference": 0.84, "hours_left": None},
            "repair_fast": {"indifference": 0.6, "hours_left": 9.0},
            "insulated": {"indifference": 0.85, "hours_left": 30.0},
        },
    }
    return made | changed


def run_with(rows: list[dict[str, Any]], **changed: object) -> Run:
    run = hand_made()
    answers = {**run.answers, "decisions": rows, "decision_basis": BASIS | changed}
    return replace(run, manifest={**run.manifest, "answers": answers})


def said(one: dict[str, Any]) -> str:
    text = advice(one, words(), lambda moment: moment[11:16])
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_advice_while_there_is_time() -> None:
    assert said(row()) == (
        "Wait until 08:30. Then drain, unless you are 85 % sure that heat is back by 11:00, "
        "9 h after the stop."
    )


@pytest.mark.parametrize(
    ("changed", "begins"),
    [
        ({"start_by": "2026-01-09T02:00:00Z"}, "Drain now, unless you are 85 % sure"),
        ({"choice": "hold"}, "Hold as long as you are 85 % sure"),
        ({"choice": "hold", "indifference": 0.0}, "Hold: draining and filling"),
        ({"indifference": 1.0}, "Drain: even heat in time"),
        ({"indifference": 0.9999}, "Wait until 08:30. Then drain, unless you are 99 % sure"),
    ],
)
def test_other_advice(changed: dict[str, object], begins: str) -> None:
    assert said(row(**changed)).startswith(begins)


def test_advice_where_crews_are_too_late() -> None:
    assert "Crews are too late for 12 of its buildings" in said(row(in_time=18.0))
    assert "Crews" not in said(row(in_time=18.0, choice="hold"))


def test_hours_count_from_a_stop_before_the_run() -> None:
    """Stopped at 20:00, the run from 02:00: 9 h are left, 15 h after the stop."""
    early = row(stopped="2026-01-08T20:00:00Z", hours_stood=6.0)
    assert said(early).endswith("back by 11:00, 15 h after the stop.")
    assert "within 13.2 h" in changes(early, BASIS, words())[2].replace("\N{NO-BREAK SPACE}", " ")
    assert said(row(**early | {"start_by": "2026-01-09T02:00:00Z"})).startswith("Drain now")
    found = decided({"decisions": [early], "decision_basis": BASIS}, 10)
    assert found is not None
    assert found.lines[0].from_stop == 15.0


def test_what_would_change_it() -> None:
    found = [text.replace("\N{NO-BREAK SPACE}", " ") for text in changes(row(), BASIS, words())]
    assert found == [
        "filling twice as fast: 93 %",
        "filling half as fast: 70 %",
        "3 K colder: 86 % within 7.2 h",
        "3 K milder: the pipes do not freeze",
        "frozen buildings mended in 7 days: 60 %",
        "all pipes insulated (30 mm): 85 % within 30 h",
    ]


def test_many_groups_stand_together() -> None:
    """Sixty groups of two kinds: two lines, earliest times, both ends of the probability."""
    kinds = ("Panel", "Brick")
    rows = [
        row(k, archetype=kinds[k % 2], indifference=0.6 + k / 200, in_time=29.0) for k in range(60)
    ]
    found = decided({"decisions": rows, "decision_basis": BASIS}, 10)
    assert found is not None
    assert found.grouped
    assert [(line.archetype, line.groups, line.buildings) for line in found.lines] == [
        ("Panel", 30, 900.0),
        ("Brick", 30, 900.0),
    ]
    assert found.lines[0].start_by == "2026-01-09T08:30:00Z"
    assert (found.lines[0].sure_least, found.lines[0].sure) == pytest.approx((0.6, 0.89))
    assert found.late == 60.0


def test_a_run_without_decisions_has_no_section() -> None:
    page = read(brief(run_with([])).html)
    assert "decide" not in {found.attributes.get("id") for found in page.all("section")}
    assert "nothing has to be drained" in read(drain_table(run_with([])).html).text


def test_the_brief_has_the_rows() -> None:
    page = section(read(brief(run_with([row(), row(1, in_time=20.0)])).html), "decide")
    rows = page.table("The most urgent first: when draining must begin, and what it rests on")
    assert [cells[0].times for cells in rows] == [
        ["2026-01-09T08:30:00Z"],
        ["2026-01-09T08:31:00Z"],
    ]
    assert rows[1][4].text == "drain 10 too late"
    assert "too late for 10 buildings" in page.text


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        (
            "rule",
            "the run itself drained by the case's rule, 3 h after the stop at −3 °C or colder",
        ),
        ("deadline", "the run itself drained everybody as late as crews allow"),
        ("decide", "The run itself drained as it would be advised in each hour"),
        ("never", "the run itself drained nobody"),
    ],
)
def test_brief_and_table_say_by_which_policy_the_run_drained(policy: str, says: str) -> None:
    run = run_with([row()], draining_policy=policy)
    for page in (brief(run), drain_table(run)):
        assert says in read(page.html).text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_table_says_the_frost_at_the_stop_and_who_made_it() -> None:
    rows = [row(stop_outdoor_degc=None), row(1, stop_outdoor_degc=-7.5), row(2)]
    page = read(drain_table(run_with(rows)).html)
    cells = page.table("The most urgent first: when draining must begin, and what it rests on")
    assert [line[5].text for line in cells] == ["", "−7.5", "−12.0"]
    assert f"keepwarm {kw.__version__}." in page.text


def test_the_command_writes_the_table_alone(examples: Path, tmp_path: Path) -> None:
    run = kw.run(kw.read_case(examples / "town"), hours=3, from_state=False)
    write_run(run, tmp_path / "run")
    target = tmp_path / "table.html"
    done = CliRunner().invoke(main, ["brief", str(tmp_path / "run"), "--drain-table", str(target)])
    assert done.exit_code == 0, done.output
    assert "<h1>Drain or hold</h1>" in target.read_text(encoding="utf-8")
    assert not (tmp_path / "run" / "brief.html").exists()


@pytest.mark.parametrize("option", ["--drain-table", "--html"])
def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path, option: str) -> None:
    target = tmp_path / "no" / "such" / "table.html"
    done = CliRunner().invoke(main, ["brief", str(tmp_path), option, str(target)])
    assert done.exit_code == 2
    assert "there is no folder" in done.output
    assert not (tmp_path / "no").exists()


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """As many lines as there is room for, with the longest names."""
    name = "Верхньодніпровськ beyond-the-river"
    kind = "Brick block of 2.5 bricks with very long words; 1935-1957"
    rows = [
        row(k, region=f"{name} {k % LINES}", archetype=kind, in_time=12.0) for k in range(2 * LINES)
    ]
    return drain_table(run_with(rows)).save(tmp_path / "sheet.html")


def test_the_table_is_one_page_of_paper(chromium: Browser, sheet: Path) -> None:
    page = chromium.new_page()
    page.goto(sheet.as_uri())
    assert page.locator("tbody tr").count() == LINES
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_table_overflows_no_screen(chromium: Browser, sheet: Path, width: int) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 800})
    page.goto(sheet.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    colours = page.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    # No time and no choice breaks within a word: a date and an hour are two lines at most.
    line = page.evaluate("parseFloat(getComputedStyle(document.body).lineHeight)")
    for cell, lines in ((".time b", 2), (".choice b", 1)):
        heights = page.locator(f"tbody {cell}").evaluate_all(
            "cells => cells.map(cell => cell.getBoundingClientRect().height)"
        )
        assert max(heights) < (lines + 0.5) * line, cell
    page.close()


def test_the_section_overflows_no_phone(chromium: Browser, tmp_path: Path) -> None:
    rows = [row(k, region=f"District {k}", in_time=3.0) for k in range(9)]
    file = brief(run_with(rows)).save(tmp_path / "brief.html")
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
