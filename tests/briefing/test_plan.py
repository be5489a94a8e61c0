"""The plan on the page: who does what when; what is uncertain, and who says so."""

from __future__ import annotations

import pytest

from keepwarm.briefing import brief
from keepwarm.briefing.retold import retold
from keepwarm.briefing.words import words
from tests.briefing.reading import Element, read, section
from tests.briefing.sample import at, hand_made
from tests.briefing.sample_plan import with_plan


@pytest.fixture(scope="module")
def page() -> Element:
    return read(brief(with_plan(), before=with_plan()).html)


@pytest.fixture(scope="module")
def ukrainian() -> Element:
    return read(brief(with_plan(), language="uk").html)


def test_repairs_are_told_as_planned(page: Element) -> None:
    first, then = section(page, "plan").table("Repairs, in the order in which they begin")
    assert first[0].text == "Pumps"
    assert first[1].text == "any crew of its trade"
    assert [cell.times for cell in first[2:]] == [[at(13)], [at(15)], [at(18)]]
    assert then[0].text.startswith("CHP unit returns 24 MW of heat to 1,500 people")
    assert then[1].text == "Plant 1"
    assert [cell.times for cell in then[2:]] == [[at(14)], [at(30)], [at(40)]]


def test_drains_units_and_fuel_are_told_as_planned(page: Element) -> None:
    plan = section(page, "plan")
    drained, held = plan.table("Drain or hold, as planned")
    assert drained[0].text.startswith("West homes West")
    assert drained[1].numbers == [40.0]
    assert [cell.times for cell in drained[2:5]] == [[at(12.5)], [at(13)], [at(13.5)]]
    assert drained[5].text == "Drain 1"
    assert held[2].text == "hold"
    ((what, where, since, places),) = plan.table("Mobile units, by region")
    assert what.numbers == [3.0]
    assert where.text == "West"
    assert since.times == [at(13)]
    assert places.numbers == [2.0]
    ((_, first, rounds, litres),) = plan.table("Fuel by tanker")
    assert (first.times, rounds.numbers, litres.numbers) == ([at(15)], [1.0], [1200.0])


def test_cuts_are_told_by_local_day(page: Element) -> None:
    first, second = section(page, "plan").table("Rotation by group")
    # slots of half an hour from 12:00 UTC, 14:00 in Kyiv: 2 to 6 are 15:00 to 17:00
    assert [cell.text for cell in first] == ["1.1", "2", "2", "8 Jan 15:00–17:00"]
    assert [cell.text for cell in second] == ["<b>2.1", "2", "2", "9 Jan 00:00–02:00"]


def test_what_is_not_planned_and_what_the_plan_comes_to(page: Element) -> None:
    plan = section(page, "plan")
    ((what, why),) = plan.table("What is not planned, and why")
    assert (what.text, why.text) == ("Line 7", "no crew has the trade 'lines'")
    assert "Out to the end of this run: Line 7." in plan.text
    rows = plan.table("What the plan comes to beside other ways, as the planner judged them")
    assert [row[0].text for row in rows] == ["this plan", "no repairs", "rule: largest first"]
    assert [row[1].numbers for row in rows] == [[100.0], [300.0], [200.0]]
    assert "50 ± 4 cold person-hours fewer" in plan.text


def test_the_run_without_the_plan_stands_beside(page: Element) -> None:
    """Both runs by hand are the same: nothing is gained, and that is said."""
    rows = section(page, "plan").table(
        "What this run has more or less of than the one without the plan"
    )
    heat = {row[0].text: [cell.numbers for cell in row[1:]] for row in rows}
    assert heat["not served: heat, MWh"] == [[200.0], [200.0], [0.0]]


def test_the_timelines_draw_what_the_tables_say(page: Element) -> None:
    drawn = {svg.one("title", id=f"{name}-title").text: svg for name, svg in _drawn(page).items()}
    assert set(drawn) == {"Repairs by crew", "Rotation: who is off when"}
    bars = drawn["Repairs by crew"].all("rect", class_="repair")
    wide = [float(bar.attributes["width"] or 0) for bar in bars]
    # Plant 1 mends for 16 h, the pumps take 2 h
    assert max(wide) / min(wide) == pytest.approx(8, rel=0.02)
    assert len(drawn["Rotation: who is off when"].all("rect", class_="cut")) == 2


def _drawn(page: Element) -> dict[str, Element]:
    drawings = section(page, "plan").all("svg")
    return {(svg.attributes["aria-labelledby"] or "").split("-")[0]: svg for svg in drawings}


def test_the_statement_asks_for_what_begins_within_a_day(page: Element) -> None:
    said = section(page, "statement").text
    assert "Asked in the 24 h from 8 Jan 14:00" in said
    assert "Draining crews: 40 buildings, the first to be begun by 8 Jan 14:30 (West)." in said
    assert "Repair crews: 2 repairs begin, the first Pumps at 8 Jan 15:00." in said
    assert "Mobile units: 3 begin to work." in said
    assert "2 groups are off at some time." in said
    assert "Nobody says when Line 7 is back." in said
    assert "1 of 2 rows of the damage list is of low confidence." in said


def test_what_is_uncertain_leads_to_what_it_rests_on(page: Element) -> None:
    unsure = section(page, "unsure")
    rows = {
        row[0].text.rstrip("0123456789 "): row for row in unsure.table("How wide the numbers are")
    }
    first = rows["First buildings to be drained by"]
    assert [cell.times for cell in first[1:3]] == [[at(13.5)], [at(26.25)]]
    assert first[4].one("a").attributes["href"] == "#todo"
    ((asset, source, confidence),) = unsure.table("Rows of low confidence")
    assert [asset.text, source.text, confidence.text] == ["Line 7", "a rumour", "0.3"]
    assert "The least sure: CHP unit, 9 Jan 08:00, at worst 9 Jan 18:00." in unsure.text


def test_who_says_otherwise_is_named_and_nobody_is_believed(page: Element) -> None:
    unsure = section(page, "unsure")
    ((accepted, other),) = unsure.table("Who says otherwise")
    assert accepted.text == "the utility: 40 MW lost post#1"
    assert other.text == "a ministry: <i>10 MW</i> lost paper#3; contradiction"
    ((claim, reason),) = unsure.table("Accepted claims that became no damage")
    assert (claim.text, reason.text) == ("post#2", "'Atlantis' is no region of this case")


def test_the_plan_in_ukrainian(ukrainian: Element) -> None:
    text = section(ukrainian, "plan").text.replace("\N{NO-BREAK SPACE}", " ")
    assert (
        "повертає 24 МВт тепла для 1 500 осіб на 12 год раніше, ніж якби цей ремонт був останнім; "
        "заощаджує 9 000 холодних людино-годин" in text
    )
    assert "тепло повернеться вчасно: 10 %, чекати варто від 80 %" in text
    assert "немає бригади з фахом «lines»" in text


def test_a_run_without_a_plan_has_no_such_section() -> None:
    page = read(brief(hand_made()).html)
    assert not [s for s in page.all("section") if s.attributes["id"] == "plan"]


def test_a_reason_that_nobody_knows_stays_as_it_is() -> None:
    assert retold("because I say so", words("uk")) is None
    assert retold("spares 9,000 cold person-hours", words()) == "spares 9,000 cold person-hours"
