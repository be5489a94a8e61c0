"""Everything by keyboard alone: from the skip link to a change that is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.board.browser.serving import opened, ready, shown_scenario

if TYPE_CHECKING:
    from playwright.sync_api import Page

ACTIVE = "document.activeElement"


def focused(page: Page) -> str:
    """Return the name of what has the focus, as a screen reader would begin it."""
    return str(
        page.evaluate(
            f"() => ({ACTIVE}.getAttribute('aria-label') || {ACTIVE}.closest('label')?.innerText"
            f" || {ACTIVE}.innerText || '').trim()"
        )
    )


def tab_to(page: Page, name: str, most: int = 60) -> None:
    """Press Tab until something of that name has the focus, and see that its focus is seen."""
    passed = []
    for _ in range(most):
        page.keyboard.press("Tab")
        passed.append(focused(page))
        if passed[-1].startswith(name):
            return
    raise AssertionError(f"Tab does not lead to '{name}', but to {passed}")


def test_skip_link_comes_first_and_leads_to_the_situation(page: Page, town: str) -> None:
    opened(page, town)
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the situation"
    assert page.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    assert page.evaluate(f"() => {ACTIVE}.id") == "main"


def test_a_region_is_chosen_on_the_map(page: Page, town: str) -> None:
    opened(page, town, "/now?h=60")
    tab_to(page, "West ")
    page.keyboard.press("ArrowRight")
    assert focused(page).startswith("East ")
    page.keyboard.press("Home")
    assert focused(page).startswith("West ")
    page.keyboard.press("End")
    # one region at a time is on the way of Tab
    assert page.locator('.map [tabindex="0"]').count() == 1
    outline = page.evaluate(f"() => getComputedStyle({ACTIVE}.querySelector('.cell')).strokeWidth")
    assert outline == "4px"
    page.keyboard.press("Enter")
    page.locator(".place h2", has_text="East").wait_for()
    assert page.locator('[data-region="East"]').get_attribute("aria-pressed") == "true"


def test_an_asset_is_brought_back_and_that_is_undone(page: Page, town: str) -> None:
    opened(page, town, "/now?h=84")  # 11 January, 14:00: offered as the time to be back
    tab_to(page, "Over time")
    page.keyboard.press("ArrowRight")
    page.locator(".rows").wait_for()
    tab_to(page, "Boiler house")
    page.keyboard.press("Enter")
    assert page.evaluate(f"() => {ACTIVE}.getAttribute('aria-expanded')") == "true"
    tab_to(page, "Back in service at")
    # the order of day and month is the browser's; year and hour come third and fourth in all
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("2026")  # goes on to the hour by itself
    page.keyboard.press("ArrowUp")
    assert page.evaluate(f"() => {ACTIVE}.value") == "2026-01-11T15:00"
    tab_to(page, "Bring it back then")
    page.keyboard.press("Enter")
    page.wait_for_selector(".difference")
    ready(page)
    heard = page.locator("p.heard[role=status]").inner_text()
    assert "Person-hours without heat" in heard
    assert "→" in heard
    page.keyboard.press("Control+z")
    page.wait_for_selector(".difference", state="detached")
    assert page.locator("p.heard[role=status]").inner_text().startswith("Undone.")
    assert shown_scenario(page) is not None


def test_every_stop_of_tab_is_seen_and_named(page: Page, town: str) -> None:
    opened(page, town, "/now?h=60&s=assets")
    seen = set()
    for _ in range(45):
        page.keyboard.press("Tab")
        found = page.evaluate(
            f"""() => {{
              const one = {ACTIVE}, box = one.getBoundingClientRect(), look = getComputedStyle(one);
              const beside = one.nextElementSibling && getComputedStyle(one.nextElementSibling);
              const cell = one.querySelector('.cell');
              const edge = cell && getComputedStyle(cell).strokeWidth;
              const ring = (of) => of && of.outlineStyle !== 'none' && of.outlineWidth === '3px';
              return [one.tagName, ring(look) || ring(beside) || edge === '4px',
                box.width * box.height > 0];
            }}"""
        )
        if found[0] == "BODY":
            break
        name = focused(page)
        seen.add(name)
        assert found[1:] == [True, True], (found, name)
        assert name, found
    assert len(seen) > 15
