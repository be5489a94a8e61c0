"""The plan in a browser: looked for, stopped, carried out, and a repair put first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.board.browser.finding import overflow, serious
from tests.board.browser.serving import opened, shown_scenario

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route


@pytest.fixture(scope="module")
def broken(chromium, town: str) -> str:
    """A scenario with two mains out, and no end known."""
    context = chromium.new_context()
    root = context.request.get(f"{town}api/board").json()["root"]
    for asset in ("Main CHP-West", "Main CHP-East"):
        edit = {"kind": "out", "asset": asset, "at": "2026-01-09T06:00:00Z", "until": None}
        made = context.request.post(
            f"{town}api/scenarios", data={"parent": root, "edit": {**edit, "available": 0}}
        )
        assert made.ok, made.text()
        root = made.json()["id"]
    context.close()
    return root


def test_mobile_units_stand_on_the_map_and_in_words(page: Page, town: str) -> None:
    root = page.request.get(f"{town}api/board").json()["root"]
    boiler = {"kind": "unit", "unit": "boiler", "target": "West heat", "mw": 5}
    edit = {**boiler, "from": "2026-01-10T00:00:00Z", "until": "2026-01-10T12:00:00Z"}
    made = page.request.post(f"{town}api/scenarios", data={"parent": root, "edit": edit}).json()
    for hour, there in ((47, False), (48, True), (59, True), (60, False)):
        opened(page, town, f"/now/{made['id']}?h={hour}&p=West&s=place")
        page.locator(".classes", has_text="mobile unit").wait_for()
        assert page.locator(".marks .unit").count() == int(there)
        said = page.locator('[data-region="West"]').get_attribute("aria-label") or ""
        assert said.endswith("1 mobile unit") == there
        page.locator(".place h3").first.wait_for()
        assert page.get_by_text("Mobile units at work").count() == int(there)
    assert page.locator('[data-region="East"]').get_attribute("aria-label").count("mobile") == 0


def test_a_plan_is_looked_for_carried_out_and_changed(page: Page, town: str, broken: str) -> None:
    page.goto(f"{town}#/plan/{broken}?l=en")
    page.get_by_text("No plan is carried out here").wait_for()
    page.get_by_label("Time to look").select_option("60")
    page.get_by_role("button", name="Look for a plan").click()
    page.locator(".job progress[value]").wait_for(timeout=180_000)
    # Enough is found by now; where the search has just ended by itself there is nothing to stop.
    page.evaluate("() => document.querySelector('.job button')?.click()")
    found = page.get_by_role("group", name="The plan that was found")
    found.wait_for(timeout=180_000)
    assert "Nobody repairs" in found.inner_text()
    found.get_by_role("button", name="Carry it out").click()
    page.locator(".bar.repair").nth(1).wait_for(timeout=60_000)
    carried = shown_scenario(page)
    plan = page.request.get(f"{town}api/scenarios/{carried}/plan").json()["plan"]
    assert {one["asset"] for one in plan["repairs"]} == {"Main CHP-West", "Main CHP-East"}
    # By keyboard: the last repair is put first.
    last = plan["repairs"][-1]["asset"]
    page.locator(".bar.repair", has_text=last).focus()
    page.keyboard.press("Enter")
    page.locator(".chosen h3", has_text=last).wait_for()
    page.get_by_role("button", name="Put first").press("Enter")
    page.wait_for_function("(id) => !location.hash.includes(id)", arg=carried)
    now = page.request.get(f"{town}api/scenarios/{shown_scenario(page)}/plan").json()["plan"]
    assert now["repairs"][0]["asset"] == last
    page.locator(".difference").wait_for(timeout=60_000)
    assert serious(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert overflow(page) <= 0


def test_it_is_told_how_far_a_search_is_and_it_can_be_stopped(page: Page, town: str) -> None:
    stopped: list[str] = []

    def answered(route: Route) -> None:
        posted = route.request.method == "POST"
        route.fulfill(status=201, json={"job": "j"} if posted else {"jobs": []})

    def stop(route: Route) -> None:
        stopped.append(route.request.method)
        route.fulfill(json={})

    event = '{"done": 15, "total": 60, "left_seconds": 44.2, "message": "repairs", "best": 7179}'
    page.route("**/api/jobs", answered)
    page.route("**/api/jobs/j", stop)
    page.route(
        "**/api/jobs/j/events",
        lambda route: route.fulfill(content_type="text/event-stream", body=f"data: {event}\n\n"),
    )
    page.goto(f"{town}#/plan?l=en")
    start = page.get_by_role("button", name="Look for a plan")
    start.click()
    page.locator(".job", has_text="Weighing orders of repairs, 25%, about 45 s left").wait_for()
    page.get_by_text("Best so far: 7,180 cold person-hours.").wait_for()
    assert start.is_disabled()
    page.get_by_role("button", name="Stop; keep the best so far").click()
    page.wait_for_timeout(200)
    assert stopped == ["DELETE"]


def test_power_cuts_are_a_grid_with_the_same_in_words(page: Page, town: str) -> None:
    document = {
        "made_at": "2026-03-27T22:00Z",
        "hours": 72,
        "objective": "people_cold",
        "complete": True,
        "notes": [],
        "worth": {},
        "crews": [],
        "repairs": [],
        "begun": [],
        "drains": [],
        "units": [],
        "deliveries": [],
        "not_planned": [{"what": "<b>main</b>", "why": "no spare"}],
        "rotation": {
            "start": "2026-03-27T22:00Z",
            "end": "2026-03-29T21:00Z",
            "slot_hours": 0.5,
            "groups": [
                {
                    "group": "1.1",
                    # local 28 March, then 29 March: its hour from 3 to 4 does not come
                    "slots": "1" * 48 + "1" * 4 + "0" * 4 + "?" * 2 + "!" * 2 + "1" * 34,
                    "hours_off": 3,
                    "longest_block_hours": 2,
                    "possible_hours": 1,
                    "emergency_hours": 1,
                }
            ],
            "days": [
                {"date": "2026-03-28", "first": 0, "slots": 48},
                {"date": "2026-03-29", "first": 48, "slots": 46},
            ],
        },
    }
    page.route("**/api/scenarios/*/plan", lambda route: route.fulfill(json={"plan": document}))
    page.goto(f"{town}#/plan?l=en")
    page.locator(".rotation").wait_for(timeout=60_000)
    row = page.locator(".rotation tbody tr").inner_text()
    assert "off 02:00–05:00" in row  # two hours: the clock goes from 3 to 4
    assert "possibly off 05:00–06:00" in row
    assert "cut without notice 06:00–07:00" in row
    assert "23 h" in page.locator(".rotation figure").inner_text()  # days without cuts are named
    assert page.get_by_text("No cuts on: Sat 28 Mar").count() == 1
    assert page.get_by_text("<b>main</b>").count() == 1
    assert serious(page) == []
