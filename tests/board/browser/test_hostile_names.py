"""Names of a case are text, whatever they would be in a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.board.browser.conftest import HOSTILE
from tests.board.browser.serving import board, opened

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_names_stay_text_everywhere(page: Page, hostile_case: Path, tmp_path: Path) -> None:
    west, plant, _ = HOSTILE
    damage = ("--damage", str(hostile_case / "four_days.csv"))
    with board(hostile_case, tmp_path, *damage, "--hours", "96") as address:
        opened(page, address, "/now?h=60")
        labels = page.locator(".map .region").evaluate_all(
            "(all) => all.map((one) => one.getAttribute('aria-label'))"
        )
        assert any(label.startswith(west) for label in labels)
        page.locator(".map .region").first.press("Enter")
        page.locator(".place h2").wait_for()
        assert page.locator(".place h2").inner_text() in HOSTILE
        page.get_by_role("radio", name="Assets").check(force=True)
        page.locator(".rows b", has_text=plant).wait_for()
        page.locator(".rows .row", has_text=plant).click()
        page.get_by_label("Back in service at").fill("2026-01-10T14:00")
        page.get_by_role("button", name="Bring it back then").click()
        page.wait_for_selector(".difference")
        page.get_by_role("radio", name="Changes").check(force=True)
        assert page.locator(".edits li").inner_text().startswith(f"{plant} is back at Sat 10 Jan")
        page.emulate_media(media="print")
        broken = "() => [window.broken, document.querySelectorAll('main img, main script').length]"
        assert page.evaluate(broken) == [None, 0]
