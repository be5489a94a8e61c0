"""One board of the town for all tests of the page, and a page of it for each."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.board.browser.serving import board

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

#: Names that are markup elsewhere; in the case's own languages, too.
HOSTILE = (
    '<img src=x onerror="window.broken=1">',
    "Захід <script>window.broken=1</script>",
    '东区"><svg onload=window.broken=1>',
)


@pytest.fixture(scope="session")
def town(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The town, four days without its plant; the address of its board."""
    case = examples / "town"
    workspace = tmp_path_factory.mktemp("board")
    with board(case, workspace, "--damage", str(case / "four_days.csv")) as address:
        yield address


@pytest.fixture(scope="session")
def hostile_case(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town with regions, groups and an asset whose names are markup."""
    case = tmp_path_factory.mktemp("hostile") / "town"
    shutil.copytree(examples / "town", case)
    (case / "regions.geojson").unlink()  # it knows them by their former names
    west, plant, east = HOSTILE
    _renamed(case / "regions.csv", {"West": west, "East": east, "Захід": west})
    _renamed(case / "buildings.csv", {"West": west, "East": east, "West panel": f"{west} panel"})
    _renamed(case / "damage.csv", {"CHP unit": plant})
    _renamed(case / "state.csv", {"West panel": f"{west} panel"})
    for name in ("crews.csv", "repairs.csv", "four_days.csv", "storm.csv"):
        _renamed(case / name, {"CHP unit": plant, "West": west, "East": east})
    for file in (case / "network").glob("*.csv"):
        _renamed(file, {"CHP unit": plant, "West": west, "East": east})
    return case


def _renamed(file: Path, names: dict[str, str]) -> None:
    """Rename what stands alone in a cell."""
    with file.open(encoding="utf-8", newline="") as read:
        rows = [[names.get(cell, cell) for cell in row] for row in csv.reader(read)]
    with file.open("w", encoding="utf-8", newline="") as written:
        csv.writer(written, lineterminator="\n").writerows(rows)


@pytest.fixture
def context(chromium: Browser, town: str) -> Iterator[BrowserContext]:
    """A browser of its own; every test asserts that nothing left the machine or complained."""
    made = chromium.new_context(
        viewport={"width": 1280, "height": 800}, locale="en-GB", reduced_motion="reduce"
    )
    made.set_default_timeout(20_000)
    asked: list[str] = []
    said: list[str] = []
    made.on("request", lambda request: asked.append(request.url))
    made.on("console", lambda message: said.append(message.text))
    made.on("weberror", lambda error: said.append(str(error.error)))
    yield made
    made.close()
    assert [url for url in asked if not url.startswith(("http://127.0.0.1:", "blob:"))] == []
    # answers 4xx to what a test asks wrongly on purpose are told by the browser, too
    assert [text for text in said if "Failed to load resource" not in text] == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page that shows nothing yet."""
    return context.new_page()
