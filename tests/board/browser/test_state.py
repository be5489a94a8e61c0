"""Time, undo, links, languages: what a person has in hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.board.browser.serving import opened, ready, shown_scenario, strip, texts_of, value

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def slider(page: Page) -> int:
    return int(page.locator(".track input").input_value())


def changed(page: Page, asset: str, local: str) -> None:
    """Bring a damaged asset back at a local time."""
    page.locator(".rows .row", has_text=asset).first.click()
    page.get_by_label("Back in service at").fill(local)
    page.get_by_role("button", name="Bring it back then").click()


def test_it_opens_where_it_is_all_but_worst_and_plays_to_the_end(page: Page, town: str) -> None:
    opened(page, town)
    worst = page.evaluate(
        """async () => {
          const root = (await (await fetch('/api/board')).json()).root;
          const people = (await (await fetch(`/api/scenarios/${root}/run`)).json())
            .series.people_without_heat;
          return people.findIndex((n) => n >= 0.9 * Math.max(...people));
        }"""
    )
    assert slider(page) == worst
    opened(page, town, "/now?h=237")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => document.querySelector('.track input').value === '239'")
    page.get_by_role("button", name="Play").wait_for()  # it stops by itself
    page.wait_for_function("() => location.hash.includes('h=239')")


def test_the_slider_goes_by_hours_and_to_either_end(page: Page, town: str) -> None:
    opened(page, town, "/now?h=30")
    field = page.get_by_role("slider", name="Hour shown")
    field.focus()
    assert field.get_attribute("aria-valuetext") == "Fri 9 Jan, 08:00"
    heard = []
    for key in ("ArrowRight", "ArrowLeft", "ArrowLeft", "End", "Home"):
        page.keyboard.press(key)
        heard.append(slider(page))
    assert heard == [31, 30, 29, 239, 0]
    assert field.get_attribute("aria-valuetext") == "Thu 8 Jan, 02:00"
    assert value(page, "#fact-without-heat") == 0


def test_undo_goes_back_and_redo_forth_by_button_and_by_key(page: Page, town: str) -> None:
    opened(page, town, "/now?s=assets")
    changed(page, "Boiler house", "2026-01-11T14:00")
    page.wait_for_selector(".difference")
    first, after = shown_scenario(page), strip(page)
    changed(page, "Main Boiler-West", "2026-01-11T14:00")
    page.wait_for_function("(id) => !location.hash.includes(id)", arg=first)
    ready(page)
    second = shown_scenario(page)
    page.get_by_role("radio", name="Changes").check(force=True)
    assert len(texts_of(page, ".edits li")) == 2
    page.keyboard.press("Control+z")
    assert shown_scenario(page) == first
    ready(page)
    assert strip(page) == after
    page.keyboard.press("Control+Shift+Z")
    assert shown_scenario(page) == second
    ready(page)
    page.get_by_role("button", name="Remove").click()
    ready(page)
    page.get_by_role("button", name="Undo").click()
    page.wait_for_selector(".difference", state="detached")
    assert page.get_by_role("button", name="Undo").is_disabled()
    page.get_by_role("button", name="Redo").click()
    assert shown_scenario(page) == first
    page.go_back()  # the browser's own way back leads through the same states
    page.wait_for_selector(".difference", state="detached")


def test_a_link_opens_the_same_state_elsewhere(page: Page, chromium: Browser, town: str) -> None:
    opened(page, town, "/now?h=77&m=indoor&s=assets")
    changed(page, "Boiler house", "2026-01-11T14:00")
    page.wait_for_selector(".difference")
    page.locator('[data-region="East"]').click()
    page.locator(".place h2").wait_for()
    page.evaluate(
        """() => Object.defineProperty(navigator, 'clipboard', { value: {
          writeText: async (text) => { window.copied = text; } } })"""
    )
    page.get_by_role("button", name="Copy link").click()
    link = page.evaluate("() => window.copied")
    elsewhere = chromium.new_context(locale="uk-UA")
    other = elsewhere.new_page()
    other.goto(link)
    ready(other)
    other.locator(".place h2").wait_for()
    assert other.locator("html").get_attribute("lang") == "uk"  # the link names no language
    assert other.locator(".place h2").inner_text() == "Схід"
    assert slider(other) == 77
    assert strip(other) == strip(page)
    assert other.locator("input[name=measure]:checked + span").inner_text() == "В оселях"
    elsewhere.close()


def test_another_language_without_loading_the_page_again(page: Page, town: str) -> None:
    opened(page, town, "/now?h=60&p=West&s=place")
    page.evaluate("() => { window.stays = true; }")
    before = value(page, "#fact-without-heat")
    page.get_by_label("Language").select_option("uk")
    page.wait_for_function("() => document.documentElement.lang === 'uk'")
    page.locator("#fact-now", has_text="сб, 10 січ., 14:00").wait_for()
    assert page.evaluate("() => window.stays")
    assert value(page, "#fact-without-heat") == before
    assert page.locator(".place h2").inner_text() == "Захід"
    assert "Захід" in " ".join(page.locator(".map text").all_text_contents())
    page.wait_for_function("() => location.hash.endsWith('l=uk')")
    # plural forms: 24 будинки, 30 будинків
    decisions = " ".join(texts_of(page, ".decisions li"))
    assert "30 будинків" in decisions
    opened(page, town, "/now?h=60")  # kept for next time
    assert page.locator("html").get_attribute("lang") == "uk"


def test_no_text_is_missing_in_any_language(page: Page, town: str) -> None:
    for language in ("en", "uk"):
        for side in ("charts", "place", "assets", "changes"):
            opened(page, town, f"/now?h=60&p=West&s={side}&l={language}&a=Boiler+house")
            shown = page.locator("body").inner_text()
            names = page.evaluate(
                "() => [...document.querySelectorAll('[aria-label], [title]')].map((one) =>"
                " `${one.getAttribute('aria-label')} ${one.getAttribute('title')}`).join(' ')"
            )
            # a key without a text is shown as it is: section.key
            sections = "page|tab|state|unit|service|map|now|side|chart|regions|place|editor|changes"
            assert re.findall(rf"\b(?:{sections})\.[a-z_]+\b", shown + names) == []
            assert "{" not in shown


def test_a_server_that_is_gone_is_said_and_the_page_goes_on_when_it_is_back(
    page: Page, town: str
) -> None:
    opened(page, town, "/now?s=assets&a=Boiler+house")
    page.route("**/api/**", lambda route: route.abort())
    page.get_by_label("Back in service at").fill("2026-01-11T15:00")
    page.get_by_role("button", name="Bring it back then").click()
    page.locator("[role=alert]", has_text="The board does not answer").first.wait_for()
    assert value(page, "#fact-without-heat") > 0  # what is known stays
    page.unroute("**/api/**")
    page.locator(".notice.bad > strong", has_text="The board does not answer").wait_for(
        state="detached"
    )


def test_a_link_to_what_is_no_longer_there_says_so(page: Page, town: str) -> None:
    page.goto(town + "#/now/0123456789abcdef")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "there is no such scenario" in alert.inner_text()
    alert.get_by_role("button", name="Show the case as it was given").click()
    ready(page)
    assert page.locator(".notice.bad").count() == 0
    assert shown_scenario(page) is None
