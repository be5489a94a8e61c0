"""What the page says of people: the vulnerable, flats, nights; and of circuits and outages."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from keepwarm.briefing import brief
from keepwarm.briefing.cold import colder_flats
from keepwarm.briefing.tonight import nights
from keepwarm.runs.run import Run
from tests.briefing.reading import Element, read, section
from tests.briefing.sample import at, hand_made
from tests.briefing.sample_people import BANDS

KINDS = "By kind of building: hours from the stop of circulation until half of the people are below"


def page(run: Run | None = None) -> Element:
    return read(brief(run or hand_made()).html)


def test_vulnerable_people_stand_apart() -> None:
    """A fifth of 3,000 people; 14 degC for 20 h, 10 at the soonest end, 17 at the latest."""
    said = section(page(), "cold").text.replace("\xa0", " ")
    assert "below 16 °C 600 (600 to 0), with 12,000 person-hours in all" in said
    assert "below 12 °C 0 (600 to 0), with 0 person-hours in all" in said


def test_flats_that_cool_sooner_are_named() -> None:
    """Corner flats are below 16 degC an hour and a half sooner; the middle ones are later."""
    rows = section(page(), "cold").table(KINDS)
    assert [row[0].text for row in rows] == [
        "Panel block 80 buildings without circulation",
        "flats: corner",
    ]
    assert [row[1].numbers for row in rows] == [[4.0, 1.0], [2.5, 0.5]]  # never at the latest end


def test_what_counts_as_sooner() -> None:
    def band(low: float | None, central: float | None) -> dict[str, float | None]:
        return {"low": low, "central": central, "high": None}

    whole = {"below_12_degc": band(10.0, 20.0), "below_8_degc": band(30.0, None)}
    flats = {
        "later": {"below_12_degc": band(5.0, 22.0), "below_8_degc": band(31.0, None)},
        "hardly": {"below_12_degc": band(9.0, 19.0), "below_8_degc": band(29.0, None)},
        "sooner": {"below_12_degc": band(10.0, 18.9), "below_8_degc": band(30.0, None)},
        "at one end": {"below_12_degc": band(10.0, 20.0), "below_8_degc": band(28.9, None)},
        "ever": {"below_12_degc": band(10.0, 20.0), "below_8_degc": band(30.0, 90.0)},
        "never": {"below_12_degc": band(10.0, None), "below_8_degc": band(None, None)},
    }
    row = {
        "hours_after_stop": whole,
        "positions": [{"position": k, "hours_after_stop": v} for k, v in flats.items()],
    }
    found = [flat["position"] for flat in colder_flats(row, list(whole))]
    assert found == ["sooner", "at one end", "ever"]


def test_nights_say_who_needs_a_warming_point() -> None:
    tonight = section(page(), "tonight")
    assert "below 16 °C in the night" in tonight.text.replace("\xa0", " ")
    ((night, people, vulnerable, buildings),) = tonight.table("Night by night")
    assert night.times == ["2026-01-08T16:00:00Z", "2026-01-09T06:00:00Z"]
    assert night.text == "8 Jan 18:00 to 9 Jan 08:00"
    assert people.text == "3,000 (3,000 to 0)"
    assert vulnerable.numbers == [600.0, 600.0, 0.0]
    assert buildings.numbers == [80.0, 80.0, 0.0]
    rows = tonight.table("By region, the night from 8 Jan 18:00")
    assert [row[0].text for row in rows] == ["East", "West"]  # the most people first
    assert [row[1].numbers[0] for row in rows] == [2000.0, 1000.0]


def test_regions_of_a_night_stand_by_their_central_number() -> None:
    row = {"night": "2026-01-08", "from": "", "until": "", "without_heat_and_power": 5.0}
    counts = {"few": (900.0, 10.0, 0.0), "many": (50.0, 20.0, 1.0), "none": (950.0, 0.0, 0.0)}
    rows = [
        {**row, "region": name}
        | {w: dict(zip(BANDS, c, strict=True)) for w in ("people", "vulnerable", "buildings")}
        for name, c in counts.items()
    ]
    (night,) = nights(rows)
    assert [r["region"] for r in night.regions] == ["many", "few", "none"]
    assert night.people == (1900.0, 30.0, 1.0)
    assert night.without_both == 15.0


def test_no_night_no_section() -> None:
    found = [s.attributes["id"] for s in page(hand_made(cold=False)).all("section")]
    assert "tonight" not in found


def test_circuits_that_are_not_warm_are_drawn_and_told() -> None:
    """30 drained and 10 standing still in the West, 40 supplied in the East, for 20 h."""
    figure = page().one("figure", id="chart-circuits")
    said = figure.one("figcaption").text
    assert said == (
        "Most at once: 80 buildings on 8 Jan 13:00 (30 drained, 40 supplied but not warming, "
        "10 standing still). At the end: none."
    )
    assert figure.one("desc").text == said
    names = [cell.text for cell in figure.one("thead").all("th")[1:]]
    assert names == [
        "drained",
        "being filled",
        "warming",
        "supplied but not warming",
        "standing still",
    ]
    rows = {
        row[0].times[0]: [n for cell in row[1:] for n in cell.numbers] for row in rows_of(figure)
    }
    assert rows[at(10)] == [30.0, 0.0, 0.0, 40.0, 10.0]
    assert rows[at(30)] == [0.0, 30.0, 10.0, 0.0, 0.0]
    assert rows[at(8)] == [0.0] * 5


def rows_of(figure: Element) -> list[list[Element]]:
    rows = figure.one("table").one("tbody").all("tr")
    return [[cell for cell in row.children if isinstance(cell, Element)] for row in rows]


def test_outages_are_ranked_within_their_carrier() -> None:
    """A gas main of 900 MW is not larger than a plant of 24 MW of heat; stores stand last."""
    run = hand_made()
    first, _ = run.tables["assets"].to_pylist()
    rows = [
        first,
        {**first, "asset": "Gas main", "missing_mw": [("gas", 900.0)]},
        {**first, "asset": "Peak boiler", "missing_mw": [("heat", 30.0)]},
        {**first, "asset": "Tank", "missing_mw": []},
    ]
    assets = pa.Table.from_pylist(rows, run.tables["assets"].schema)
    now = section(page(replace(run, tables={**run.tables, "assets": assets})), "situation")
    tables = {t.one("caption").text: t for t in now.all("table")}
    assert list(tables) == [
        "What is out: heat, largest first",
        "What is out: gas, largest first",
        "Stores that are out",
    ]
    heat = now.table("What is out: heat, largest first")
    assert [row[0].text.split(" Source")[0] for row in heat] == ["Peak boiler", "CHP unit"]
    assert (
        "4 assets are out or reduced, among them the largest: Peak boiler (30 MW of heat), "
        "Gas main (900 MW of gas) and Tank." in now.text.replace("\xa0", " ")
    )


def test_long_tables_wait_to_be_opened() -> None:
    """Ten of 25 regions are shown; the rest stands in a table of its own, with its own head."""
    found = page(hand_made([f"Region {k:02}" for k in range(25)]))
    depth = "How cold at the worst: most people below each temperature at one and the same time"
    cold = section(found, "cold")
    shown, rest = cold.table(depth), cold.table(f"{depth} (continued)")
    assert [len(shown), len(rest)] == [10, 15]
    assert {row[0].text for row in [*shown, *rest]} == {f"Region {k:02}" for k in range(25)}
    folded = cold.all("details", class_="rest")[0]
    assert folded.one("summary").text == "15 more rows"
    assert len(folded.all("tr")) == 16
    twelve = section(page(hand_made([f"Region {k:02}" for k in range(12)])), "cold")
    assert len(twelve.table(depth)) == 12
