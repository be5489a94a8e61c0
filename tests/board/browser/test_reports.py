"""Reports in a browser: handed in, looked at, decided about, run; whatever their words are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import keepwarm as kw
from keepwarm.board.reading import Handed, read_handed
from keepwarm.reports.ledger import open_ledger
from tests.board.browser.conftest import HOSTILE
from tests.board.browser.finding import overflow, serious
from tests.board.browser.serving import ready, shown_scenario

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

TEXT = (
    "The mayor of West said that the boiler house in East was damaged. "
    "About 4,000 customers in West are without heat, the mayor said. Room 12 stays open."
)


def reports(page: Page, town: str, language: str = "en") -> Page:
    page.goto(f"{town}#/reports?l={language}")
    page.locator(".hand-in").wait_for()
    return page


def hand_in(page: Page, text: str, title: str, **fields: str) -> None:
    if page.locator(".hand-in[open]").count() == 0:
        page.locator(".hand-in summary").click()
    page.locator(".hand-in textarea").fill(text)
    page.get_by_label("Title").fill(title)
    for label, value in fields.items():
        page.get_by_label(label.replace("_", " ")).fill(value)
    page.get_by_role("button", name="Read it").click()
    page.locator(".document h2", has_text=title.split("<")[0].split("\u202e")[0].strip()).wait_for()


def choose(page: Page, words: str) -> None:
    page.locator(".claims button.claim", has_text=words).first.click()
    page.locator(".one-claim").wait_for()


def decide(page: Page, who: str, how: str = "Accept") -> None:
    if page.locator("#who").count():
        page.locator("#who").fill(who)
    page.locator(".decide").get_by_role("button", name=how, exact=True).click()


@pytest.fixture(scope="module")
def handed(chromium, town: str) -> None:
    """One report, for the tests that only look at it."""
    context = chromium.new_context()
    context.set_default_timeout(20_000)
    page = reports(context.new_page(), town)
    hand_in(page, TEXT, "Night in the town", Published_on="2026-01-09")
    context.close()


def test_a_claim_is_ticked_and_run(
    page: Page, town: str, handed: None, examples: Path, tmp_path: Path
) -> None:
    reports(page, town)
    page.locator(".documents button", has_text="Night in the town").click()
    choose(page, "boiler house")
    marked = page.locator(".document mark.own").all_inner_texts()
    assert any("boiler house" in one for one in marked)
    decide(page, "Олена <b>О.</b>")
    page.get_by_text("1 claim is accepted.").wait_for()
    page.get_by_role("button", name="Run with the accepted claims").click()
    assert "Boiler house" in page.locator(".meaning table").inner_text()
    page.get_by_role("button", name="Show it on the map").click()
    page.wait_for_url("**/#/now/*")
    ready(page)
    shown = page.request.get(f"{town}api/scenarios/{shown_scenario(page)}/run").json()
    # The same text, ticked in a ledger by hand and run without any page.
    case = kw.read_case(examples / "town")
    with open_ledger(tmp_path / "ledger", create=True) as ledger:
        ledger.add(read_handed(Handed(TEXT.encode(), published="2026-01-09")))
        first = next(one.name for one in ledger.claims() if one.claim.facility_type)
        ledger.tick(first, decision="accepted", who="x")
    run = kw.run(case, kw.damage_from_claims(case, tmp_path / "ledger"))
    for key in ("unserved_mwh", "people_hours_without", "peak_people_without"):
        assert shown["answers"][key] == pytest.approx(run.answers[key], rel=1e-6), key


def test_two_tabs_that_tick_the_same_claim(
    context: BrowserContext, town: str, handed: None
) -> None:
    one, other = (reports(context.new_page(), town) for _ in range(2))
    for page in (one, other):
        page.locator(".documents button", has_text="Night in the town").click()
        choose(page, "customers without heat")
    decide(one, "Anna", "Reject")
    one.locator(".one-claim", has_text="rejected, Anna").wait_for()
    decide(other, "Bohdan", "Accept")
    notice = other.locator(".one-claim .notice")
    notice.wait_for()
    assert "Somebody else decided" in notice.inner_text()
    assert "rejected, Anna" in notice.inner_text()
    # Having seen that, one may decide otherwise; both decisions stay.
    decide(other, "Bohdan", "Accept")
    other.get_by_text("All 2 decisions").wait_for()


@pytest.mark.parametrize("hostile", [*HOSTILE, "مرحبا \u202e evil \u2066x"])
def test_no_word_of_a_report_is_markup(page: Page, town: str, hostile: str) -> None:
    reports(page, town)
    said = f"{hostile}\n\nThe governor said that 3 people were injured.\n\n{hostile}"
    hand_in(page, said, f"T {hostile}", Where_it_was_published=f"https://example.org/{hostile}")
    choose(page, "injured")
    page.get_by_role("button", name="another name").click() if page.locator(
        "#who"
    ).count() == 0 else None
    page.get_by_label("Why (may be left out)").fill(hostile)
    decide(page, hostile)
    page.locator(".one-claim p", has_text="accepted").wait_for()
    assert page.evaluate("() => window.broken") is None
    assert page.locator("main img, main script, main [onload], main [onerror]").count() == 0
    # Marks that turn the direction of writing are shown by their numbers, and turn nothing.
    assert not set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068") & set(
        page.locator(".document .text").inner_text()
    )
    assert ("U+202E" in page.locator(".document .text").inner_text()) == ("\u202e" in hostile)


@pytest.mark.parametrize("language", ["en", "uk"])
def test_nothing_serious_and_nothing_too_wide(
    page: Page, town: str, handed: None, language: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    reports(page, town, language)
    page.locator(".claims button.claim").first.click()
    page.locator(".one-claim").wait_for()
    assert serious(page) == []
    assert overflow(page) <= 0


def test_figures_of_one_metric_stand_over_their_days(page: Page, town: str) -> None:
    def kept(name: str, day: str, value: float, decided: str | None) -> dict[str, object]:
        said = dict.fromkeys(("source_surface", "source_country", "modality", "time", "note"), "")
        claim = {
            **said,
            "metric": "people_without_heat",
            "value": value,
            "value_max": None,
            "qualifier": "exact",
            "unit": "people",
            "quote_span": "",
            "source": "mayor",
            "location": "West",
            "facility_type": "",
            "phase": "",
            "carry_over": False,
        }
        tick = {"decision": decided, "confidence": None, "who": "O", "at": day, "note": ""}
        words = dict.fromkeys(("before", "quote", "after"), "")
        about = {"name": name, "document": "a", "published": day, "words": words}
        return {**about, "claim": claim, "tick": tick if decided else None}

    claims = [
        kept("a#1", "2026-01-09", 12_000, "accepted"),
        kept("b#1", "2026-01-10", 9_000, "rejected"),
        kept("c#1", "2026-01-13", 2_000, None),
    ]
    about = {"metric": "people_without_heat", "unit": "people", "location": "West"}
    series = {**about, "claims": [one["name"] for one in claims]}
    ledger = {"documents": [], "claims": claims, "pairs": [], "series": [series]}
    page.route("**/api/ledger", lambda route: route.fulfill(json=ledger))
    reports(page, town)
    chart = page.locator(".dots > svg")
    chart.wait_for()
    marks = ("dot-accepted", "dot-rejected", "dot-open")
    assert [chart.locator(f".{mark}").count() for mark in marks] == [1, 1, 1]
    assert chart.locator("title").first.text_content() == "12,000 · mayor · accepted"
    assert page.locator("main tbody tr").count() == 3  # the same in words
    page.set_viewport_size({"width": 390, "height": 800})
    assert overflow(page) <= 0
    assert serious(page) == []
