"""A risk in a browser: winters walked from the page, and the worst of them looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.board.browser.finding import overflow, serious
from tests.board.browser.serving import ready, shown_scenario

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_winters_are_walked_and_the_worst_is_looked_at(page: Page, town: str) -> None:
    page.goto(f"{town}#/risk?l=en")
    page.get_by_text("No winters have been walked yet.").wait_for()
    page.locator(".make select").select_option("10")
    page.get_by_role("button", name="Walk them").click()
    page.get_by_role("heading", name="How bad the winter can get").wait_for(timeout=180_000)
    risk = page.request.get(f"{town}api/risk").json()["risk"]
    row = page.get_by_role("row", name="hours short of heat")
    shown = float(row.locator("data").first.get_attribute("value") or "nan")
    assert shown == risk["estimates"]["lolh_heat_hours"]["value"]
    page.get_by_label("Where").select_option("East")
    page.locator(".curve h3", has_text="East").first.wait_for()
    assert serious(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert overflow(page) <= 0
    page.set_viewport_size({"width": 1280, "height": 800})
    worst = risk["worst"]["eue_heat_mwh"][0]
    name = f"Look at this winter: number {worst['sample']}"
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_url("**/#/now/*")
    ready(page)
    run = page.request.get(f"{town}api/scenarios/{shown_scenario(page)}/run").json()
    assert run["answers"]["unserved_mwh"]["heat"] == pytest.approx(worst["value"], rel=1e-6)
