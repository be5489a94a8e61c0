"""What the page says is what `keepwarm run` says of the same damage, number by number."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from keepwarm.commands.main import main
from tests.board.browser.serving import opened, ready, shown_scenario, strip, value

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: 10 January, 14:00 in Kyiv: both plants have been out for more than a day.
STEP = 60
SOONER = "2026-01-11T12:00:00Z"


def told(case: Path, damage: Path, out: Path) -> dict[str, Any]:
    """Return the document of `keepwarm run --json`."""
    arguments = ["run", str(case), "--damage", str(damage), "--out", str(out), "--json"]
    found = CliRunner().invoke(main, arguments)
    assert found.exit_code == 0, found.output
    document: dict[str, Any] = json.loads(found.stdout)
    return document


@pytest.fixture(scope="module")
def given(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The run that the board opens with."""
    case = examples / "town"
    return told(case, case / "four_days.csv", tmp_path_factory.mktemp("given") / "run")


@pytest.fixture(scope="module")
def sooner(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The run with the boiler house back earlier: an edited damage list."""
    case, folder = examples / "town", tmp_path_factory.mktemp("sooner")
    with (case / "four_days.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["asset"] == "Boiler house":
            row["until"] = SOONER
    with (folder / "damage.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return told(case, folder / "damage.csv", folder / "run")


def sums(document: dict[str, Any]) -> dict[str, float]:
    """Return the numbers of the strip as the answers have them."""
    hours, below = document["people_hours_without"], document["people_hours_below_degc"]
    return {
        "hours_heat": hours["heat"],
        "hours_power": hours["power"],
        "below_12": below["12"],
        "peak_heat": document["peak_people_without"]["heat"],
        "drained": document["buildings"]["drained"],
        "frozen": document["buildings"]["frozen"],
    }


def test_the_hour_shown_is_that_of_the_run_folder(
    page: Page, town: str, given: dict[str, Any]
) -> None:
    opened(page, town, f"/now?h={STEP}")
    time = datetime(2026, 1, 10, 12, tzinfo=UTC).replace(tzinfo=None)
    table = pq.read_table(Path(given["out"]) / "regions.parquet").to_pylist()
    rows = {row["region"]: row for row in table if row["time"] == time}
    assert set(rows) == {"West", "East"}
    for service in ("heat", "power"):
        expected = sum(row[f"people_without_{service}"] for row in rows.values())
        assert value(page, f"#fact-without-{service}") == pytest.approx(expected, abs=1)
    coldest = min(row["indoor_coldest_degc"] for row in rows.values())
    assert value(page, "#fact-coldest") == pytest.approx(coldest, abs=0.006)
    page.locator(".regions summary").click()
    cells = page.locator(".regions details tbody tr")
    names = cells.locator("th").all_inner_texts()
    for k, name in enumerate(names):
        numbers = [
            float(one.get_attribute("value") or "nan") for one in cells.nth(k).locator("data").all()
        ]
        row = rows[name]
        assert numbers[1] == pytest.approx(row["people_without_heat"], abs=0.51)
    shares = {name: rows[name]["people_without_heat"] / people for name, people in PEOPLE.items()}
    for name, share in shares.items():
        label = page.locator(f'[data-region="{name}"]').get_attribute("aria-label")
        assert label == f"{name} {share:.0%}"


PEOPLE = {"West": 12_000, "East": 8_000}


def test_the_next_deadline_is_the_first_to_come(
    page: Page, town: str, given: dict[str, Any]
) -> None:
    opened(page, town, f"/now?h={STEP}")
    shown = datetime(2026, 1, 10, 12, tzinfo=UTC)
    due = sorted(
        (datetime.fromisoformat(row["start_by"]), row["group"])
        for row in given["decisions"]
        if row["choice"] == "drain"
    )
    time, group = next(each for each in due if each[0] >= shown)
    text = page.locator("#fact-next").inner_text()
    # Kyiv is two hours ahead of UTC in winter
    assert f"{(time.hour + 2) % 24:02d}:{time.minute:02d}" in text
    assert group in text


def test_bringing_an_asset_back_sooner_changes_the_numbers_as_an_edited_list_does(
    page: Page, town: str, given: dict[str, Any], sooner: dict[str, Any]
) -> None:
    opened(page, town, "/now?s=assets&a=Boiler+house")
    assert page.locator(".difference").count() == 0
    page.get_by_label("Back in service at").fill("2026-01-11T14:00")
    page.get_by_role("button", name="Bring it back then").click()
    page.wait_for_selector(".difference")
    ready(page)
    assert shown_scenario(page) is not None
    found = strip(page)
    for name, expected in sums(given).items():
        assert found[name][0] == pytest.approx(expected, rel=1e-6, abs=1e-6), name
    for name, expected in sums(sooner).items():
        assert found[name][1] == pytest.approx(expected, rel=1e-5, abs=1e-3), name
    assert found["hours_heat"][1] < found["hours_heat"][0]
    assert page.locator(".sides .count").inner_text() == "1"


def test_one_asset_goes_out_only_after_a_question_that_names_it(page: Page, town: str) -> None:
    opened(page, town, "/now?h=20&s=assets&a=Main+CHP-East")
    page.get_by_text("Take it out of service …").click()
    page.get_by_role("button", name="Take it out", exact=True).click()
    question = page.get_by_role("dialog")
    assert "Main CHP-East" in question.inner_text()
    assert "nothing is switched" in question.inner_text()
    question.get_by_role("button", name="Cancel").click()
    assert shown_scenario(page) is None
    page.get_by_role("button", name="Take it out", exact=True).click()
    question.get_by_role("button", name="Yes, take it out").click()
    page.wait_for_selector(".difference")
    assert shown_scenario(page) is not None
    page.get_by_role("radio", name="Changes").check(force=True)
    assert page.locator(".edits li").all_inner_texts()[0].startswith("Main CHP-East is out from")


def test_a_mobile_boiler_is_added_where_it_is_said_to_be(page: Page, town: str) -> None:
    opened(page, town, "/now?h=40&s=assets")
    page.get_by_text("Add a mobile boiler or generator …").click()
    page.get_by_label("Feeds").locator("option").first.wait_for(state="attached")
    page.locator(".add").get_by_label("Region").select_option("East")
    page.get_by_label("Feeds").locator("option", has_text="East heat").wait_for(state="attached")
    page.get_by_label("Capacity, MW").fill("8")
    page.get_by_role("button", name="Add it").click()
    page.wait_for_selector(".difference")
    found = strip(page)
    assert found["hours_heat"][1] < found["hours_heat"][0]
    page.get_by_role("radio", name="Changes").check(force=True)
    assert "Mobile boiler of 8 MW at East heat" in page.locator(".edits li").inner_text()


def test_what_the_server_refuses_is_said_where_it_was_asked(page: Page, town: str) -> None:
    opened(page, town, "/now?s=assets&a=Boiler+house")
    # before it broke
    page.get_by_label("Back in service at").evaluate("(field) => { field.removeAttribute('min'); }")
    page.get_by_label("Back in service at").fill("2026-01-08T10:00")
    page.get_by_label("Back in service at").evaluate("(field) => field.form.noValidate = true")
    page.get_by_role("button", name="Bring it back then").click()
    said = page.locator(".editor [role=alert]").inner_text()
    assert "This cannot be changed so." in said
    assert "Thu 8 Jan, 10:00" in said  # local time, though the server speaks UTC
    assert shown_scenario(page) is None


def test_what_freezes_first_is_said_of_the_same_rows_as_the_next_deadline(
    page: Page, town: str, given: dict[str, Any]
) -> None:
    rows = sorted(given["decisions"], key=lambda row: str(row["drain_by"]))
    first, second = rows[0], rows[1]
    begun, full = (datetime.fromisoformat(first[key]) for key in ("start_by", "drain_by"))
    start = datetime.fromisoformat(given["start"])
    # the last whole hour before crews have to begin with the first group, and the one after
    before = int((begun - start).total_seconds() // 3600)
    opened(page, town, f"/now?h={before}")
    left = (full - start).total_seconds() / 3600 - before
    assert value(page, "#fact-freezing") == pytest.approx(left, abs=0.01)
    assert f"{first['group']}, unless drained" in page.locator("#fact-freezing").inner_text()
    assert first["group"] in page.locator("#fact-next").inner_text()
    opened(page, town, f"/now?h={before + 1}")  # the first is empty by then
    left = (datetime.fromisoformat(second["drain_by"]) - start).total_seconds() / 3600
    assert value(page, "#fact-freezing") == pytest.approx(left - before - 1, abs=0.01)
    assert f"{second['group']}, unless drained" in page.locator("#fact-freezing").inner_text()
    assert second["group"] in page.locator("#fact-next").inner_text()
