"""The page in a browser: desktop, phone and paper; nothing leaves, nothing overflows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import keepwarm as kw
from keepwarm.briefing import brief
from keepwarm.briefing.risk_page import risk_brief
from tests.briefing.sample import hand_made
from tests.briefing.sample_plan import with_plan
from tests.briefing.test_risk_page import by_hand

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HEADINGS = [
    "Statement for 8 Jan",
    "The situation",
    "What must be done by when",
    "Who is cold, until when",
    "Who needs a warming point at night",
    "Hour by hour",
    "The regions",
    "Why they are cold",
    "What is uncertain",
    "What these numbers rest on",
]
NAMES = (
    "West",
    "Верхньодніпровськ <b>",
    "North-of-the-river-and-far-beyond-it",
    *(f"Old Quarter {k}" for k in range(9)),
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    return brief(hand_made(NAMES)).save(folder / "brief.html")


@pytest.fixture(scope="module")
def page(chromium: Browser, file: Path) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.goto(file.as_uri())
    yield opened
    context.close()


def test_nothing_leaves_and_nothing_complains(chromium: Browser, file: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    opened = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(file.as_uri(), wait_until="networkidle")
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    assert said == []
    # readable without JavaScript
    assert opened.locator("h2").all_inner_texts()[0] == HEADINGS[0]
    context.close()


def test_headings_and_key_numbers_are_seen(page: Page) -> None:
    headings = [text.rstrip("0123456789 ") for text in page.locator("h2").all_inner_texts()]
    assert headings == HEADINGS
    for text in ("Drain the first buildings before 8 Jan 15:30.", "39,000 people", "14.0\xa0°C"):
        assert page.get_by_text(text).first.is_visible()


def test_deadline_is_on_the_first_screen(chromium: Browser, file: Path) -> None:
    for width, height in ((1280, 800), (390, 844)):
        opened = chromium.new_page(viewport={"width": width, "height": height})
        opened.goto(file.as_uri())
        box = opened.locator(".card.urgent").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= height
        opened.close()


@pytest.mark.parametrize("width", [320, 390, 768, 1000, 1280])
def test_no_sideways_scrolling(chromium: Browser, file: Path, width: int) -> None:
    opened = chromium.new_page(viewport={"width": width, "height": 844})
    opened.goto(file.as_uri())
    for state in ("closed", "open"):
        if state == "open":
            opened.eval_on_selector_all("details", "all => all.forEach(d => d.open = true)")
        assert opened.evaluate("document.documentElement.scrollWidth") <= width, state
    opened.close()


BROKEN_WORDS = """
all => all.filter(cell => cell.getBoundingClientRect().right > 0).flatMap(cell => {
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    for (const word of node.data.matchAll(/[^\\s-]+/g)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(box => box.top)).size > 1) found.push(word[0]);
    }
  return found;
})
"""


@pytest.mark.parametrize("width", [320, 390, 768])
def test_no_word_is_broken_in_a_table(chromium: Browser, file: Path, width: int) -> None:
    opened = chromium.new_page(viewport={"width": width, "height": 844})
    opened.goto(file.as_uri())
    opened.eval_on_selector_all("details", "all => all.forEach(d => d.open = true)")
    assert opened.eval_on_selector_all("th, td", BROKEN_WORDS) == []
    opened.close()


def test_drawings_have_names(page: Page) -> None:
    drawings = page.locator("svg[role=img]")
    assert drawings.count() == 6
    for place in range(6):
        labels = (drawings.nth(place).get_attribute("aria-labelledby") or "").split()
        assert len(labels) == 2
        for label in labels:
            assert page.locator(f"[id='{label}']").text_content()


LABELS_OUTSIDE = """
all => all.flatMap(svg => {
  const box = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].filter(text => {
    const own = text.getBoundingClientRect();
    return own.width && (own.left < box.left - 1 || own.right > box.right + 1
      || own.top < box.top - 1 || own.bottom > box.bottom + 1);
  }).map(text => text.textContent);
})
"""

LABELS_OVERLAPPING = """
all => all.flatMap(svg => {
  const texts = [...svg.querySelectorAll('text')]
    .map(t => [t.textContent, t.getBoundingClientRect()]);
  const found = [];
  for (let i = 0; i < texts.length; i++) for (let j = 0; j < i; j++) {
    const [a, b] = [texts[i][1], texts[j][1]];
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 1 && high > Math.min(a.height, b.height) / 3) found.push([texts[i][0], texts[j][0]]);
  }
  return found;
})
"""


@pytest.mark.parametrize("width", [390, 1280])
def test_labels_are_neither_cut_nor_on_top_of_one_another(
    chromium: Browser, file: Path, width: int
) -> None:
    opened = chromium.new_page(viewport={"width": width, "height": 844})
    opened.goto(file.as_uri())
    assert opened.eval_on_selector_all("svg.chart", LABELS_OUTSIDE) == []
    assert opened.eval_on_selector_all("svg.chart", LABELS_OVERLAPPING) == []
    opened.close()


def test_dark_screen_and_light_paper(chromium: Browser, file: Path) -> None:
    opened = chromium.new_page(color_scheme="dark")
    opened.goto(file.as_uri())
    shade = "getComputedStyle(document.body).backgroundColor"
    assert opened.evaluate(shade) == "rgb(21, 24, 28)"
    opened.emulate_media(media="print", color_scheme="dark")
    assert opened.evaluate(shade) == "rgb(255, 255, 255)"
    assert opened.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    opened.close()


def test_a_run_of_one_hour_has_whole_labels(
    chromium: Browser, examples: Path, tmp_path: Path
) -> None:
    run = kw.run(kw.read_case(examples / "town"), from_state=False, hours=1)
    opened = chromium.new_page(viewport={"width": 390, "height": 844})
    opened.goto(brief(run).save(tmp_path / "hour.html").as_uri())
    assert opened.locator("svg.chart").count() > 1
    assert opened.eval_on_selector_all("svg.chart", LABELS_OUTSIDE) == []
    assert opened.eval_on_selector_all("svg.chart", LABELS_OVERLAPPING) == []
    opened.close()


def test_what_waits_to_be_opened_is_printed(chromium: Browser, tmp_path: Path) -> None:
    names = [f"Region {k:02}" for k in range(25)]
    opened = chromium.new_page(viewport={"width": 1280, "height": 900})
    opened.goto(brief(hand_made(names)).save(tmp_path / "many.html").as_uri())
    rest = opened.locator("#cold details.rest tbody tr").last
    assert not rest.is_visible()
    opened.emulate_media(media="print")
    assert rest.is_visible()
    assert not opened.locator("#cold details.rest summary").first.is_visible()
    opened.close()


CONTRASTS = """
() => {
  const parts = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  const under = node => {
    for (let at = node; at; at = at.parentElement) {
      const paint = parts(getComputedStyle(at).backgroundColor);
      if (paint.length < 4 || paint[3] > 0) return paint;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const node of document.querySelectorAll('main *, main svg text')) {
    const own = [...node.childNodes].some(c => c.nodeType === 3 && c.data.trim());
    if (!own || node.closest('.sketch, title, desc')) continue;
    const style = getComputedStyle(node), svg = node instanceof SVGElement;
    const [a, b] = [light(parts(svg ? style.fill : style.color)), light(under(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push([node.textContent.trim().slice(0, 30), ratio]);
  }
  return found;
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_letter_stands_out(chromium: Browser, file: Path, scheme: str) -> None:
    """WCAG 2.1 AA: 4.5 for letters; those of the sketch are checked with its colours."""
    opened = chromium.new_page(color_scheme=scheme)
    opened.goto(file.as_uri())
    opened.eval_on_selector_all("details", "all => all.forEach(d => d.open = true)")
    assert opened.evaluate(CONTRASTS) == []
    opened.close()


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_statement_is_one_screen(chromium: Browser, tmp_path: Path, language: str) -> None:
    saved = brief(with_plan(), language=language).save(tmp_path / "brief.html")
    opened = chromium.new_page(viewport={"width": 1280, "height": 800})
    opened.goto(saved.as_uri())
    box = opened.locator("#statement").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 800
    opened.set_viewport_size({"width": 390, "height": 844})
    opened.eval_on_selector_all("details", "all => all.forEach(d => d.open = true)")
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390
    assert opened.eval_on_selector_all("th, td", BROKEN_WORDS) == []
    assert opened.eval_on_selector_all("svg.chart", LABELS_OUTSIDE) == []
    assert opened.eval_on_selector_all("svg.chart", LABELS_OVERLAPPING) == []
    assert opened.evaluate(CONTRASTS) == []
    opened.close()


def test_the_page_of_a_risk_fits_a_phone(chromium: Browser, tmp_path: Path) -> None:
    opened = chromium.new_page(viewport={"width": 390, "height": 844}, color_scheme="dark")
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    saved = risk_brief(by_hand(), language="uk").save(tmp_path / "risk.html")
    opened.goto(saved.as_uri())
    opened.eval_on_selector_all("details", "all => all.forEach(d => d.open = true)")
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390
    assert opened.eval_on_selector_all("svg.chart", LABELS_OUTSIDE) == []
    assert opened.evaluate(CONTRASTS) == []
    assert [url for url in asked if not url.startswith("data:")] == [saved.as_uri()]
    opened.close()
