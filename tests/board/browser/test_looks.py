"""Phone, paper, dark screens, and what axe finds in every view."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.board.browser.serving import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

STATES = {
    "charts": "/now?h=60",
    "place": "/now?h=60&p=West&s=place&m=indoor",
    "assets": "/now?h=60&s=assets&a=Boiler+house&m=power&u=number",
    "plan": "/plan",
    "reports": "/reports",
    "risk": "/risk",
}


@pytest.fixture(scope="session")
def axe(repository: Path) -> str:
    """axe-core as npm installed it; `scripts/web` does so."""
    file = repository / "web" / "node_modules" / "axe-core" / "axe.min.js"
    if not file.is_file():
        pytest.fail(f"{file} is missing: run scripts/web")
    return file.read_text(encoding="utf-8")


@pytest.fixture(scope="module", params=["light", "dark"])
def looked_at(
    request: pytest.FixtureRequest, chromium: Browser, town: str, axe: str
) -> Iterator[Page]:
    """A page with axe in it, in one colour scheme."""
    context = chromium.new_context(
        viewport={"width": 1280, "height": 800},
        color_scheme=request.param,
        reduced_motion="reduce",
        bypass_csp=True,
    )
    context.add_init_script(axe)
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def findings(page: Page) -> list[str]:
    """Return what axe finds serious or critical."""
    found: dict[str, Any] = page.evaluate(
        "() => axe.run(document, { resultTypes: ['violations'] })"
    )
    return [
        f"{each['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def shown(page: Page, town: str, state: str, language: str = "en") -> None:
    where = state + ("&" if "?" in state else "?") + f"l={language}"
    if state.startswith("/now"):
        opened(page, town, where)
        if "s=place" in state:
            page.locator(".decisions li").first.wait_for()
    else:
        page.goto(f"{town}#{where}")
        page.locator("main h2").first.wait_for()


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("view", STATES)
def test_axe_finds_nothing_serious(looked_at: Page, town: str, view: str, language: str) -> None:
    shown(looked_at, town, STATES[view], language)
    assert findings(looked_at) == []


def test_axe_finds_nothing_serious_after_a_change(looked_at: Page, town: str) -> None:
    opened(looked_at, town, "/now?h=60&s=assets&a=Boiler+house&d=1&l=en")
    looked_at.get_by_label("Back in service at").fill("2026-01-11T14:00")
    looked_at.get_by_role("button", name="Bring it back then").click()
    looked_at.wait_for_selector(".difference")
    looked_at.get_by_role("radio", name="Changes").check(force=True)
    assert findings(looked_at) == []


@pytest.mark.parametrize("view", STATES)
@pytest.mark.parametrize("language", ["en", "uk"])
def test_no_sideways_scrolling_on_a_phone(
    chromium: Browser, town: str, view: str, language: str
) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    shown(page, town, STATES[view], language)
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= 390
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, select, summary, .choice label, a')]
          .filter((one) => one.offsetParent && !one.closest('p, .skip'))
          .map((one) => [one.innerText.slice(0, 30), one.getBoundingClientRect()])
          .filter(([, box]) => box.width > 0 && (box.height < 24 || box.width < 24))
          .map(([name]) => name)"""
    )
    assert small == []
    page.close()


def test_paper_has_the_map_and_the_numbers_and_no_controls(page: Page, town: str) -> None:
    opened(page, town, "/now?h=60")
    page.emulate_media(media="print", color_scheme="dark")
    for hidden in (".tabs", ".tools", ".time", ".measures", ".sides", ".legend label"):
        assert not page.locator(hidden).first.is_visible(), hidden
    for seen in (".map", ".on-paper table", "#fact-without-heat", ".classes", "canvas"):
        assert page.locator(seen).first.is_visible(), seen
    rows = page.locator(".on-paper tbody tr").all_inner_texts()
    assert len(rows) == 2
    paper = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(255, 255, 255)"  # a dark screen prints on white
    ink = page.evaluate("() => getComputedStyle(document.body).color")
    assert ink == "rgb(27, 31, 36)"


def test_who_asks_for_less_motion_gets_it(page: Page, town: str) -> None:
    opened(page, town, "/now?h=60")  # the context asks for it
    still = page.evaluate(
        "() => getComputedStyle(document.querySelector('.cell')).transitionDuration"
    )
    assert still == "0s"


def test_the_page_is_light(town: str, repository: Path) -> None:
    import gzip

    files = list((repository / "src/keepwarm/board/page").iterdir())
    assert sum(file.stat().st_size for file in files) < 400_000
    packed = sum(len(gzip.compress(file.read_bytes())) for file in files)
    assert packed < 120_000
