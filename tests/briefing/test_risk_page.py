"""A risk as a page: every number of its folder with its error, in any language, names as text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner

from keepwarm.briefing.risk_page import risk_brief
from keepwarm.briefing.sketch import FILLS
from keepwarm.commands.main import main
from keepwarm.ensemble.folder import RiskRun
from tests.briefing.reading import Element, read, section


def one(value: float, stderr: float | None = 1.0) -> dict[str, Any]:
    return {"value": value, "stderr": stderr, "n": 200, "unit": ""}


def by_hand(name: str = "Boilers") -> RiskRun:
    """Two hundred winters: half of them cold, one measure that takes a third off."""
    estimates = {
        "eue_mwh": one(1234.0, 56.0),
        "cvar95_eue_mwh": one(9000.0, None),
        "any_eue_mwh": one(0.5, 0.035),
        "q95_eue_mwh": one(5000.0),
        "people_hours_below_12": one(45678.0, 1200.0),
        "cvar95_people_hours_below_12": one(400000.0, 20000.0),
        "any_people_hours_below_12": one(0.25, 0.03),
        "buildings_frozen": one(0.0, 0.0),
    }
    curve = [
        {"level": float(level), "share": share, "stderr": 0.02}
        for level, share in ((0, 0.5), (1000, 0.2), (5000, 0.05))
    ]
    off = {
        "before": one(1234.0),
        "after": one(800.0),
        "reduced": one(434.0, 21.0),
        "share": one(0.352, 0.011),
        "per_cost": one(4.34, 0.21),
    }
    portfolio = {
        "name": name,
        "cost": 100.0,
        "source": "assumed",
        "parts": [],
        "unsolved": 0,
        "measures": ["boilers: mw 1, count 5"],
        "reductions": {"eue_mwh": off},
        "together": {},
    }
    answers = {
        "case": "hand",
        "start": "2026-01-08T00:00:00",
        "hours": 240.0,
        "seed": 7,
        "samples": 200,
        "unsolved": 2,
        "estimates": estimates,
        "by_region": {
            "West": {"eue_mwh": one(1000.0, 50.0), "people_hours_below_12": one(1.0)},
            name: {"eue_mwh": one(234.0, 9.0), "people_hours_below_12": one(2.0)},
        },
        "bounds": {"eue_mwh": [1221.0, 1300.0]},
        "worst": {"eue_mwh": [{"sample": 41, "value": 12345.0}]},
        "convergence": {"eue_mwh": [one(1500.0, 300.0) | {"n": 16}, one(1234.0, 56.0)]},
        "exceedance": {"eue_mwh": curve},
        "audit": {"steps_checked": 200, "max_relative_gap": 1e-12, "max_shed_gap": 1e-9},
        "measures": {"currency": "thousand euro", "notes": [], "portfolios": [portfolio]},
    }
    manifest = {
        "schema": 1,
        "kind": "risk",
        "keepwarm": "0.1.0",
        "case": {"name": "hand", "title": name, "time_zone": "Europe/Kyiv", "provenance": name},
        "inputs_sha256": {"case.toml": "0123456789abcdef" * 4},
        "solver": {"name": "simplex", "highs": "1.2", "numpy": "2.0", "numba": "0.61"},
        "options": {"random_failures": True, "weather": "case", "parameters": True},
        "answers": answers,
    }
    return RiskRun(manifest, {})


@pytest.fixture(scope="module")
def page() -> Element:
    return read(risk_brief(by_hand()).html)


def test_estimates_stand_with_their_errors(page: Element) -> None:
    rows = {row[0].text: row for row in section(page, "risk").table(TABLE)}
    assert set(rows) == {"power not served, MWh", "person-hours below 12 °C"}
    power = rows["power not served, MWh"]
    assert power[1].numbers == [1234.0, 56.0]
    assert power[1].text == "1,234 ± 56"
    assert power[2].numbers == [9000.0]  # no error is known, and none is told
    assert power[3].text == "50.0 ± 3.5"


TABLE = "A winter on average, and in the worst 5 of 100"


def test_what_was_drawn_and_what_was_not_solved(page: Element) -> None:
    text = section(page, "risk").text
    assert "Drawn for each winter: failures by themselves and what homes are made of." in text
    assert "2 winters could not be solved" in text
    assert "1,220 to 1,300" in text


def test_the_curve_has_a_point_for_each_level(page: Element) -> None:
    curves = section(page, "curves")
    assert len(curves.one("svg").all("circle")) == 3
    rows = curves.table("power not served, MWh")
    assert [row[1].numbers[0] for row in rows] == [0.5, 0.2, 0.05]
    assert rows[1][1].text == "20.0 ± 2.0"


def test_measures_are_paired_and_told_with_cost(page: Element) -> None:
    ((name, less, share, cost, per_cost),) = section(page, "measures").table(
        "power not served, MWh"
    )
    assert name.text == "Boilers boilers: mw 1, count 5"
    assert (less.numbers, share.numbers) == ([434.0, 21.0], [0.352, 0.011])
    assert (cost.text, per_cost.numbers) == ("100", [4.34, 0.21])


def test_the_map_has_hours_for_each_person() -> None:
    """West: 1 person-hour for 2 people; Boilers: 2 for 1. The scale ends at 2 h."""
    places = pa.table(
        {
            "region": ["West", "Boilers"],
            "labels": pa.array(
                [[("uk", "Захід")], [("uk", "<b>")]], pa.map_(pa.string(), pa.string())
            ),
            "people": [2.0, 1.0],
            "lon": pa.array([30.0, 31.0]),
            "lat": pa.array([50.0, 50.0]),
            "outline": pa.array([None, None], pa.string()),
        }
    )
    risk = replace(by_hand(), tables={"places": places})
    found = section(read(risk_brief(risk).html), "regions")
    sketch = found.all("svg")[0]
    assert sketch.one("desc").text == "West: 0.5 h; Boilers: 2 h"
    assert [cell.attributes["fill"] for cell in sketch.all("path", class_="cell")] == [
        FILLS[2],
        FILLS[5],
    ]
    told = section(read(risk_brief(risk, language="uk").html), "regions")
    assert [row.text for row in told.one("tbody").all("th")] == ["Захід", "<b>"]
    assert told.all("b") == []


def test_a_risk_of_before_has_no_map(page: Element) -> None:
    assert section(page, "regions").all("svg") == []


def test_regions_convergence_and_worst_winters(page: Element) -> None:
    west, other = section(page, "regions").table("By region: means")
    assert (west[0].text, other[0].text) == ("West", "Boilers")
    assert west[2].numbers == [1000.0, 50.0]
    sure = section(page, "sure")
    first, last = sure.table("As samples grew: power not served, MWh")
    assert (first[0].text, first[1].numbers) == ("16", [1500.0, 300.0])
    assert last[1].numbers == [1234.0, 56.0]
    ((_, worst),) = sure.table("The worst winters")
    assert worst.text == "no. 41: 12,300"


def test_in_ukrainian(page: Element) -> None:
    other = read(risk_brief(by_hand(), language="uk").html)
    assert other.one("html").attributes["lang"] == "uk"
    assert "недовідпуск електроенергії, МВт·год" in other.text
    assert sorted(other.numbers) == sorted(page.numbers)


def test_names_are_text() -> None:
    name = "<script>alert(1)</script><b>Захід 西"
    html = risk_brief(by_hand(name)).html
    assert "<script" not in html
    assert name in read(html).one("h1").text


def test_exact_answers_are_a_page_too() -> None:
    risk = by_hand()
    kept = ("case", "start", "hours", "samples", "unsolved")
    answers = {key: risk.answers[key] for key in kept}
    answers |= {"exact": True, "estimates": {"eue_mwh": one(1.5, 0.0)}, "by_region": {}}
    page = read(risk_brief(RiskRun({**risk.manifest, "answers": answers}, {})).html)
    assert "random failures alone, exactly" in page.text


def test_what_does_not_go_with_a_risk_is_refused(tmp_path: Path) -> None:
    (tmp_path / "study.json").write_text("{}")
    told = CliRunner().invoke(main, ["brief", str(tmp_path), "--format", "hxl"])
    assert told.exit_code == 2
    assert "is a risk" in told.output
