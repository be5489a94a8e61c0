"""The page says what the run says, with units, bands and sources, whatever the names are."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import keepwarm
from keepwarm.briefing import Brief, brief
from keepwarm.case.read import read_case
from keepwarm.damage import read_damage
from keepwarm.errors import InputError
from keepwarm.runs.folder import read_run, write_run
from keepwarm.runs.run import Run
from keepwarm.runs.run import run as run_case
from tests.briefing.reading import Element, read, section
from tests.briefing.sample import FIRST_18, PLUG, at, hand_made

PACKAGE = Path(keepwarm.__file__).parent / "briefing"
SECTIONS = ["situation", "todo", "cold", "tonight", "charts", "map", "why", "unsure", "basis"]
BARE = ["situation", "charts", "basis"]


@pytest.fixture(scope="module")
def page() -> Element:
    return read(brief(hand_made()).html)


@pytest.fixture(scope="module")
def town(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The town in a hard winter: everything that heats it is out, as read back from its folder."""
    case = read_case(examples / "town")
    folder = tmp_path_factory.mktemp("town")
    rows = ("CHP unit", "CHP peak boiler", "Boiler house")
    text = "time,asset,available,until,source,confidence\n" + "".join(
        f"2026-01-09T06:00:00Z,{asset},0,2026-01-12T06:00:00Z,a test,high\n" for asset in rows
    )
    (folder / "damage.csv").write_text(text)
    done = run_case(
        case,
        read_damage(case, folder / "damage.csv"),
        damage_file=folder / "damage.csv",
    )
    return read_run(write_run(done, folder / "run").out or folder)


def test_sections_in_order(page: Element) -> None:
    found = page.all("section")
    assert [s.attributes["id"] for s in found] == ["statement", *SECTIONS]
    assert all(s.one("h2").text for s in found)
    links = [a.attributes["href"] for a in page.one("nav").all("a")]
    assert links == [f"#{name}" for name in SECTIONS]


def test_head_says_what_this_is(page: Element) -> None:
    head = page.one("div", class_="about")
    assert page.one("h1").text == "A town by hand"
    assert "Written by hand for a test." in head.text
    assert "damage.csv" in head.text
    assert "Europe/Kyiv" in page.one("header").text
    # 48 h from 8 Jan 00:00 UTC, which is 02:00 in Kyiv
    assert "8 Jan 02:00 to 10 Jan 02:00, 48 h" in page.one("header").text


def test_situation_tells_who_is_without(page: Element) -> None:
    now = section(page, "situation")
    assert (
        "Heat: at the worst 1,500 of 3,000 people are without, at 8 Jan 12:00. "
        "It is back on 9 Jan 08:00." in now.text
    )
    assert "Nobody is without power and water." in now.text
    assert "200 MWh of heat (20.8 % of the need)" in now.text
    ((asset, missing, since, until),) = now.table("What is out: heat, largest first")
    assert asset.text == "CHP unit Source: a duty log"
    assert missing.text == "10 MW of power and 24 MW of heat"
    assert [*since.times, *until.times] == [at(10.5), at(30)]  # broke half an hour into its step


def test_deadlines_are_those_of_the_run(page: Element) -> None:
    todo = section(page, "todo")
    assert todo.one("p", class_="big").text == "Drain the first buildings before 8 Jan 15:30."
    (row,) = todo.table("Drain deadlines by region: when the first weakest pipe plugs")
    assert [cell.times for cell in row[1:3]] == [[at(PLUG[0])], [at(PLUG[1])]]
    assert row[1].numbers == [3.5]  # hours from the stop at 10 h to 13.5 h
    assert row[3].text == "not within this run"
    assert row[0].text == "West 40 buildings, 1,000 people"
    # 40 buildings, 20 an hour
    assert "drain 20 buildings an hour: all 40 of the soonest end take 2 h" in todo.text
    (within,) = todo.table(
        "How many buildings must have been drained, by hours after their circulation stopped"
    )
    assert [cell.text for cell in within] == ["6 h", "40", "0", "0"]


def test_drained_in_time_is_told_for_the_soonest_end_too(page: Element) -> None:
    todo = section(page, "todo")
    assert (
        "pipes of 40 buildings would plug with ice in this run (soonest 40, latest 0), "
        "with 1,000 people in them (soonest 1,000, latest 0)." in todo.text
    )
    said = (
        "At the soonest end 10 buildings would plug before the rule of the case has drained them.",
        "frozen 0 (central)",
        "30 are drained and 0 are frozen in this run (central)",
    )
    assert said[0] in todo.text
    assert said[1] in todo.text
    assert said[0] in section(page, "situation").text
    assert said[2] in section(page, "situation").text


def test_cold_is_told_as_central_soonest_latest(page: Element) -> None:
    cold = section(page, "cold")
    total = {
        row[0].text.split("\xa0")[0].split()[0]: row for row in cold.table("All regions together")
    }
    # 17 degC at the late end, 14 in the middle, 10 at the soon end
    assert total["18"][1].numbers == [3000.0, 3000.0, 3000.0]
    assert total["16"][1].text == "3,000 (3,000 to 0)"
    assert total["12"][1].text == "0 (3,000 to 0)"
    assert total["8"][1].text == "nobody"
    assert total["18"][3].numbers == [60000.0]  # 3,000 people for 20 h
    when = cold.table(
        "When the first homes of a region fall below each temperature, and when heat returns"
    )
    assert when[0][1].times == [at(FIRST_18[1]), at(FIRST_18[0]), at(FIRST_18[2])]
    assert {row[-1].times[0] for row in when} == {at(30)}
    depth = cold.table(
        "How cold at the worst: most people below each temperature at one and the same time"
    )
    assert depth[0][2].numbers == [14.0, 10.0, 17.0]


def test_map_and_table_tell_the_same(page: Element) -> None:
    places = section(page, "map")
    rows = places.table("The same numbers")
    assert [row[0].text for row in rows] == ["West", "East"]
    assert [row[2].numbers for row in rows] == [[500.0], [1000.0]]
    labels = [text.text for text in places.one("svg", class_="chart sketch").all("text")]
    assert labels == ["West", "50 %", "East", "50 %"]


def test_why_leads_back_to_what_broke(page: Element) -> None:
    chain = section(page, "why").one("article")
    assert [step.text for step in chain.all("li")] == [
        # East has more people: it loses most
        "East homes gets less than half of its heat from 8 Jan 12:00. Zone one is short.",
        "Zone one hangs on Plant main, and Plant main is short too.",
        "CHP unit is out: 8 Jan 12:30 to 9 Jan 08:00; 24\xa0MW missing at Plant main; "
        "source: a duty log.".replace("\xa0", " "),
    ]


def test_the_reason_that_costs_most_comes_first() -> None:
    run = hand_made()
    rows = run.tables["causes"].to_pylist()
    rows[0]["asset"] = "Boiler house"  # West, 1,000 people; East has 2,000
    tables = {**run.tables, "causes": pa.Table.from_pylist(rows, run.tables["causes"].schema)}
    page = read(brief(replace(run, tables=tables)).html)
    broke = [a.one("li", class_="broke").one("b").text for a in section(page, "why").all("article")]
    assert broke == ["CHP unit is out", "Boiler house is out"]


def test_every_setting_has_a_source_or_is_assumed(page: Element) -> None:
    rows = section(page, "basis").table("Settings of this run")
    sources = {row[0].one("span").text: row[2].text for row in rows}
    # -19 is not the default, and the case gives no source for it
    assert sources["circuit.design_outdoor_degc"] == "assumed"
    # 95 W is not the default, so ISO 7730 does not speak for it
    assert sources["gains.person_w"] == "assumed"
    assert sources["prices.critical"].startswith("assumed")
    assert all(sources.values())
    basis = section(page, "basis").text
    assert "read from a thermometer by hand" in basis
    assert "0123456789ab" in basis
    assert "0123456789abc" not in basis
    assert "1.1 (1.4 to 0.9)" in basis
    assert "5 steps were solved again" in basis


def test_every_mark_leads_to_a_note(page: Element) -> None:
    ids = [element.attributes["id"] for element in page.all("*") if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    marks = [a.attributes["href"] for sup in page.all("sup") for a in sup.all("a")]
    own = [a.attributes["href"] for a in section(page, "todo").one("h2").all("a")]
    assert own == ["#note-pipes", "#note-weather"]
    assert section(page, "basis").one("li", id="note-pipes").text.startswith("Drain deadlines")
    assert set(own) < set(marks)
    for anchor in page.all("a"):
        assert (anchor.attributes["href"] or "").removeprefix("#") in ids


def test_numbers_equal_those_of_a_real_run(town: Run) -> None:
    page, answers = read(brief(town).html), town.answers
    cards = section(page, "statement").one("div", class_="cards")
    for service in ("heat", "power"):
        assert answers["peak_people_without"][service] in cards.numbers
        back = answers["service_returns"][service]
        assert back in cards.times if back else "not back within this run" in cards.text
    [shelter] = [li for li in section(page, "statement").all("li") if "Warming" in li.text]
    central, fewest, most = shelter.numbers[:3]
    assert fewest < central < most
    rows = section(page, "todo").table(
        "Drain deadlines by region: when the first weakest pipe plugs"
    )
    for row in rows:
        members = [d for d in answers["drain_deadlines"] if d["region"] == row[0].text.split()[0]]
        assert members
        for cell, band in zip(row[1:], ("low", "central", "high"), strict=True):
            soonest = min((d["by"][band] for d in members if d["by"][band]), default=None)
            assert cell.times == ([soonest] if soonest else [])
    totals = section(page, "cold").table("All regions together")
    for row, cold in zip(totals, answers["cold"], strict=True):
        assert row[0].numbers == [cold["degc"]]
        expected = answers["people_hours_below_degc"][f"{cold['degc']:g}"]
        assert row[3].numbers[0] == pytest.approx(expected)
    regions = town.tables["regions"].to_pandas()
    worst = regions.groupby("time")["people_without_heat"].sum().idxmax()
    expected_map = regions[regions["time"] == worst].set_index("region")["people_without_heat"]
    for row in section(page, "map").table("The same numbers"):
        assert row[2].numbers == [expected_map[row[0].text]]
    depth = section(page, "cold").table(
        "How cold at the worst: most people below each temperature at one and the same time"
    )
    for row in depth:
        mine = regions[regions["region"] == row[0].text]
        assert row[2].numbers[0] == mine["indoor_coldest_degc"].min()
        assert row[3].numbers[0] == pytest.approx(mine["people_below_18_central"].max())
    groups = town.tables["groups"].to_pandas()
    for row in section(page, "cold").table(
        "When the first homes of a region fall below each temperature, and when heat returns"
    ):
        mine = groups[groups["region"] == row[0].text]
        hours = mine["first_below_18_central_hour"].min()
        start = np.datetime64(answers["start"].removesuffix("Z"), "s")
        expected_time = start + np.timedelta64(round(hours * 3600), "s")
        assert row[1].times[0] == f"{expected_time}Z"


def test_charts_carry_the_same_numbers(town: Run) -> None:
    page = read(brief(town).html)
    steps = town.tables["steps"].to_pandas()
    heat = steps[steps["carrier"] == "heat"].set_index("time")["people_without"]
    figure = page.one("figure", id="chart-people-without")
    for row in figure.table("People without each service"):
        time = np.datetime64(row[0].times[0].removesuffix("Z"))
        assert row[1].numbers == [heat[time]]
    groups = town.tables["groups"].to_pandas()
    last = page.one("figure", id="chart-pipes").one("table").one("tbody").all("tr")[-1]
    for number, band in zip(last.numbers, ("low", "central", "high"), strict=False):
        plugged = groups[groups[f"pipe_plug_{band}_hour"].notna()]
        assert number == plugged["buildings"].sum()


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</svg></style></title><script>alert(2)</script>",
    "$x_1$ & 'Ґрунт' id=\"x\" #101010 url(#a) font-family: evil; {0} {{ 7*7 }}",
    "--> ]]> &lt;b&gt;",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_data(name: str) -> None:
    run = hand_made(
        (name, "East"),
        title=name,
        asset=name,
        source=name,
        group=f"{name} {{region}}",
    )
    page = read(brief(run).html)
    assert page.one("h1").text == name
    assert page.one("head").one("title").text == f"{name}: Situation brief"
    for tag in ("script", "img", "iframe", "object"):
        assert not page.all(tag)
    for element in page.all("*"):
        assert not any(key.startswith("on") for key in element.attributes)
    assert name in page.one("table", class_="plain outages stacked").text
    drawn = [text.text for text in page.one("figure", id="chart-indoor").all("text")]
    assert any(label.rstrip("…") and name.startswith(label.rstrip("…")) for label in drawn)
    assert name in page.one("figure", id="chart-indoor").one("desc").text


def test_short_hostile_name_stays_whole_inside_a_drawing() -> None:
    name = 'id="#101010" $x$'
    figure = read(brief(hand_made((name, "East"))).html).one("figure", id="chart-indoor")
    assert name in [text.text for text in figure.all("text")]


def test_nothing_is_fetched_and_nothing_runs() -> None:
    html = brief(hand_made()).html
    page = read(html)
    assert not page.all("script")
    assert not re.search(r"(?:src|srcset)=|@import|url\((?!#)", html)
    addresses = {a.attributes.get("href") or "" for a in [*page.all("a"), *page.all("link")]}
    assert all(address.startswith("#") or address == "data:," for address in addresses)
    names = re.findall(r"https?://[^\"' ]+", html)
    assert {name.rstrip(">") for name in names} == {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_bare_case_has_no_empty_sections() -> None:
    page = read(brief(hand_made((), buildings=False)).html)
    assert [s.attributes["id"] for s in page.all("section")] == ["statement", *BARE]
    assert not re.search(r"\b(None|nan|NaN)\b", page.text)


def test_regions_without_buildings() -> None:
    page = read(brief(hand_made(buildings=False)).html)
    found = [s.attributes["id"] for s in page.all("section")]
    assert found == ["statement", "situation", "charts", "map", "basis"]
    assert not re.search(r"\b(None|nan|NaN)\b", page.text)


def test_calm_day() -> None:
    page = read(brief(hand_made(cold=False)).html)
    assert "Nothing is out." in section(page, "situation").text
    assert "Nobody is without heat, power and water." in section(page, "situation").text
    assert "No pipe would plug" in section(page, "todo").text
    assert "Nobody falls below any threshold." in section(page, "cold").text
    assert not re.search(r"\b(None|nan|NaN)\b", page.text)


def test_same_run_same_bytes() -> None:
    assert brief(hand_made()).html == brief(hand_made()).html


def test_weight() -> None:
    names = [f"Region number {k}" for k in range(30)]
    assert len(brief(hand_made(names)).html.encode()) < 1_000_000


def test_save_writes_whole_or_nothing(tmp_path: Path) -> None:
    target = tmp_path / "new" / "brief.html"
    page = Brief("<p>Ґ</p>")
    assert page.save(target) == target
    assert target.read_bytes() == "<p>Ґ</p>".encode()
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(InputError, match="a file that can be written"):
        page.save(folder)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder", "new"]
    assert [p.name for p in target.parent.iterdir()] == ["brief.html"]


def test_every_text_is_used_and_every_used_text_exists() -> None:
    from keepwarm.briefing.words import words

    texts = words()
    sources = "".join(p.read_text() for p in PACKAGE.rglob("*") if p.suffix in (".py", ".j2"))
    known = {re.sub(r"\.(one|other)$", "", key) for key in texts.texts} | set(texts.lists)
    known -= {"language"}
    named = set(re.findall(r"""["']([a-z]+\.[a-z_0-9]+)["']""", sources))
    stems = set(re.findall(r"""["']([a-z]+\.[a-z_]*)["'] ~""", sources))
    stems |= {"says."}  # tests/said looks at these
    stems |= set(re.findall(r"""f["']([a-z]+\.[a-z_]*)\{""", sources))
    used = named | {key for key in known if any(key.startswith(stem) for stem in stems)}
    assert known <= used
    sections = {"page", "head", "situation", "todo", "cold", "charts", "map", "why"}
    sections |= {"ahead", "basis", "tonight"}
    mentioned = {key for key in named if key.split(".")[0] in sections | {"notes", "headings"}}
    assert mentioned - stems <= known
