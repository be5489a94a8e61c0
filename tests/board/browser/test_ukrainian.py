"""The page in Ukrainian: every view says what it says in Ukrainian, names and units apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from keepwarm.case.read import read_case
from tests.board.browser.serving import opened

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from keepwarm.case.nouns import Case

REPORT = (
    "The mayor of West said that the boiler house in East was damaged. The energy ministry said "
    "that the oil refinery in East was damaged. Trains near a railway hub in West were damaged, "
    "the railways said. About 4,000 customers in West are without heat, the mayor said."
)

#: What is not the page's own: files and their columns, formats, names of software and languages.
OF_OTHERS = (
    r"keepwarm|English|[\w/.-]+\.(?:csv|toml)|HXL|CSV|XLSX|GeoJSON|JSON|ICS|CAP|Parquet|HTML|"
    r"iCalendar|outage-data-ua|Yasno|Europe/Kyiv|board|CHP|стовпець crew|repair_hours"
)


@pytest.fixture(scope="module")
def case(examples: Path) -> Case:
    return read_case(examples / "town")


def names(case: Case) -> list[str]:
    """What the case calls its things, the longest first."""
    network, more = case.network, case.resources
    found = {*network.assets.name, *network.buses.name, *case.buildings.group, case.title}
    found |= {*network.assets.crew, *(crew.name for crew in more.crews), case.provenance}
    found |= {*(unit.name for unit in more.mobile), *case.regions.name}
    return sorted((one for one in found if one), key=len, reverse=True)


def english(page: Page, case: Case, *quoted: str) -> list[str]:
    """Return the lines of a page that have English words in them."""
    text = page.evaluate(
        """() => {
          for (const each of document.querySelectorAll('details')) each.open = true;
          return document.body.innerText;
        }"""
    )
    for name in (*quoted, *names(case)):
        text = text.replace(name, "")
    text = re.sub(OF_OTHERS, "", text)
    return [line for line in text.splitlines() if re.search(r"[A-Za-z]{3,}", line)]


def posted(page: Page, address: str, data: object) -> dict[str, object]:
    answer = page.request.post(address, data=data)
    assert answer.ok, answer.text()
    found: dict[str, object] = answer.json()
    return found


@pytest.fixture
def planned(page: Page, town: str) -> str:
    """A scenario that carries out the plan of a short search, one tank that nobody mends."""
    scenario = page.request.get(f"{town}api/board").json()["root"]
    for asset in ("Main CHP-West", "Main CHP-East", "Diesel tank"):
        edit = {"kind": "out", "asset": asset, "at": "2026-01-09T06:00:00Z", "available": 0}
        made = posted(page, f"{town}api/scenarios", {"parent": scenario, "edit": edit})
        scenario = str(made["id"])
    wish = {"kind": "plan", "scenario": scenario, "seconds": 20}
    job = posted(page, f"{town}api/jobs", wish)["job"]
    events = page.request.get(f"{town}api/jobs/{job}/events", timeout=180_000).text()
    plan = re.findall(r'"plan":"([0-9a-f]+)"', events)[-1]
    edit = {"kind": "plan", "plan": plan}
    return str(posted(page, f"{town}api/scenarios", {"parent": scenario, "edit": edit})["id"])


def test_a_plan_says_its_reasons_in_ukrainian(
    page: Page, town: str, case: Case, planned: str
) -> None:
    page.goto(f"{town}#/plan/{planned}?l=uk")
    page.locator(".bar.repair").first.wait_for()
    page.locator(".bar.repair").first.press("Enter")
    page.locator(".chosen h3").wait_for()
    page.get_by_role("button", name="План у числах").click()
    page.locator(".numbers td", has_text="ніж якби цей ремонт був останнім").wait_for()
    page.get_by_text("у мережі для цього не вказано фаху").wait_for()
    assert english(page, case) == []
    # the same plan in English, as the server and the command line say it
    page.get_by_label("Мова").select_option("en")
    page.get_by_text("earlier than as the last").first.wait_for()


@pytest.mark.parametrize("side", ["charts", "place", "assets", "changes"])
def test_the_situation_in_ukrainian(page: Page, town: str, case: Case, side: str) -> None:
    opened(page, town, f"/now?h=60&p=West&s={side}&l=uk")
    if side == "place":
        page.locator(".decisions li").first.wait_for()
        page.get_by_label("Оселі").select_option("West panel")
        page.get_by_text("Дев’ятиповерховий панельний будинок 1970–1989 років").wait_for()
    sources = (": invented", "example: assumed", "assumed", "example")
    assert english(page, case, *sources) == []


def test_reports_in_ukrainian(page: Page, town: str, case: Case) -> None:
    read = page.request.post(
        f"{town}api/ledger/documents?name=uk&published=2026-01-09&who=A",
        data=REPORT,
        headers={"Content-Type": "application/octet-stream"},
    )
    assert read.ok, read.text()
    mine = read.json()["document"]
    claims = [
        one["name"]
        for one in page.request.get(f"{town}api/ledger").json()["claims"]
        if one["document"] == mine
    ]
    assert len(claims) >= 3
    tick = {"decision": "accepted", "who": "Олена", "seen": dict.fromkeys(claims)}
    posted(page, f"{town}api/ledger/ticks", {"claims": claims, **tick})
    page.goto(f"{town}#/reports?l=uk")
    page.locator(".documents button", has_text="uk").first.click()
    page.get_by_role("button", name="Обчислити з прийнятими твердженнями").click()
    reasons = page.locator(".meaning li")
    reasons.first.wait_for()
    told = [text.partition(": ")[2] for text in reasons.all_inner_texts()]
    assert len(told) >= 2
    assert [text for text in told if re.search(r"[A-Za-z]{3,}", text)] == []


def test_risk_in_ukrainian(page: Page, town: str, case: Case) -> None:
    page.goto(f"{town}#/risk?l=uk")
    page.locator(".make").wait_for(state="attached")  # folded where there is a risk
    assert english(page, case, "example: assumed", "assumed", "example") == []


def test_what_is_refused_is_refused_in_ukrainian(page: Page, town: str, case: Case) -> None:
    opened(page, town, "/now?h=60&s=assets&a=Boiler+house&l=uk")
    page.route(
        "**/api/scenarios",
        lambda route: route.continue_(
            post_data=re.sub(r"202\d-", "2020-", route.request.post_data)
        ),
    )
    page.get_by_role("button", name="Повернути тоді").click()
    told = page.get_by_role("alert").inner_text()
    assert "від · " in told
    assert "час у межах розрахунку: " in told
    assert not re.search(r"[A-Za-z]{3,}", told)
    page.goto(f"{town}#/now/0123456789abcdef?l=uk")
    page.get_by_text("такого варіанта немає").wait_for()
