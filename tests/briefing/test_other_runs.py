"""The page of runs that differ from the usual one: older, sparser, with other causes and times."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest

from keepwarm.briefing import brief
from keepwarm.runs.run import Run
from tests.briefing.reading import read, section
from tests.briefing.sample import BACK, START, STEPS, at, hand_made


def changed(run: Run, table: str, column: str, values: pa.Array) -> Run:
    """The run with other values in one column."""
    held = run.tables[table]
    place = held.schema.get_field_index(column)
    return replace(run, tables={**run.tables, table: held.set_column(place, column, values)})


def test_runs_that_lack_the_newer_answers() -> None:
    run = hand_made()
    buildings = {k: v for k, v in run.answers["buildings"].items() if k != "frozen_band"}
    answers = {**run.answers, "buildings": buildings}
    tables = {**run.tables, "assets": run.tables["assets"].drop_columns(["damage_time"])}
    page = read(brief(Run({**run.manifest, "answers": answers}, tables)).html)
    assert "soonest end 10" not in page.text
    ((_, _, since, _),) = section(page, "situation").table("What is out: heat, largest first")
    assert since.times == [at(10)]


def test_damage_row_after_the_outage_began_is_another_outage() -> None:
    run = hand_made()
    late = pa.array([START + timedelta(hours=20), None], pa.timestamp("ms"))
    page = read(brief(changed(run, "assets", "damage_time", late)).html)
    ((_, _, since, _),) = section(page, "situation").table("What is out: heat, largest first")
    assert since.times == [at(10)]


def test_damage_without_a_source_is_damage() -> None:
    run = changed(hand_made(), "assets", "damage_source", pa.array(["", None], pa.string()))
    now = section(read(brief(run).html), "situation")
    ((asset, *_),) = now.table("What is out: heat, largest first")
    assert "no source given" in asset.text
    assert "Nothing is out" not in now.text


def test_the_page_says_whether_dispatch_looks_ahead() -> None:
    run = hand_made()
    by_step = section(read(brief(run).html), "basis").text
    assert "does not look ahead" in by_step
    options = {**run.manifest["options"], "lookahead_hours": 48.0}
    ahead = section(
        read(brief(Run({**run.manifest, "options": options}, run.tables)).html), "basis"
    )
    assert "looks 48 h ahead" in ahead.text
    assert "does not look ahead" not in ahead.text


def test_what_looking_ahead_bought_stands_beside_the_step_rule() -> None:
    run = hand_made()
    assert "What looking ahead buys" not in read(brief(run).html).text

    def two(step_rule: float, ahead: float) -> dict[str, float]:
        return {"step_rule": step_rule, "lookahead": ahead, "difference": ahead - step_rule}

    found = {
        "verdict": "higher",
        "hours": 48.0,
        "unserved_mwh": {"power household": two(70.0, 20.0), "heat of homes": two(900.0, 910.0)},
        "people_hours_below_degc": {"12": two(2000.0, 500.0), "8": two(0.0, 0.0)},
        "weighted_cost": two(1000.0, 1010.0),
    }
    answers = {**run.answers, "foresight": found}
    page = read(brief(Run({**run.manifest, "answers": answers}, run.tables)).html)
    told = section(page, "ahead")
    assert "did not pay here" in told.text
    rows = [[cell.text for cell in row] for row in told.table("Hour by hour, and looking ahead")]
    assert rows == [
        ["power not served, households, MWh", "70", "20", "\N{MINUS SIGN}50"],
        ["heat that homes lacked, MWh", "900", "910", "+10"],
        ["person-hours below 12 °C", "2,000", "500", "\N{MINUS SIGN}1,500"],
        ["weighted cost", "1,000", "1,010", "+10"],
    ]


@pytest.mark.parametrize("known", [True, False])
def test_unknown_numbers_read_alike_as_null_and_nan(known: bool) -> None:
    run = hand_made() if known else hand_made(buildings=False)
    unknown = pa.array([float("nan")] * run.tables["causes"].num_rows, pa.float64())
    tables = changed(run, "causes", "missing_mw", unknown).tables
    if known:
        one = pa.array([float("nan")], pa.float64())
        tables = changed(replace(run, tables=tables), "archetypes", "low", one).tables
    pages = [
        brief(replace(run, tables={name: written(table) for name, table in tables.items()}))
        for written in (_nulls, _nans)
    ]
    assert pages[0].html == pages[1].html
    assert not re.search(r"\b(None|nan|NaN)\b", read(pages[0].html).text)


def _nulls(table: pa.Table) -> pa.Table:
    return _floats(table, lambda v: None if v is None or np.isnan(v) else v)


def _nans(table: pa.Table) -> pa.Table:
    return _floats(table, lambda v: float("nan") if v is None else v)


def _floats(table: pa.Table, write: Callable[[float | None], float | None]) -> pa.Table:
    for place, held in enumerate(table.schema):
        if pa.types.is_floating(held.type):
            values = [write(value) for value in table.column(place).to_pylist()]
            table = table.set_column(place, held, pa.array(values, held.type))
    return table


def warm_again(steps: Sequence[int | None]) -> Run:
    """Regions of 1000, 2000, ... people whose homes are warm from the end of a step on."""
    run = hand_made([f"Region {k}" for k in range(len(steps))])
    count = len(steps)
    indoor = run.tables["group_hours"]["indoor_central_degc"].to_pylist()
    for group, warm in enumerate(steps):
        for step in range(BACK, STEPS if warm is None else warm):
            indoor[step * count + group] = 17.9
    return changed(run, "group_hours", "indoor_central_degc", pa.array(indoor, pa.float64()))


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        # heat is back at hour 30; a step is an hour: warm at the end of step 33 is after 4 h
        ((30, 33), "Half of them are back at 18 °C within 4 h of the return of heat, all within 4"),
        ((33, 31), "Half of them are back at 18 °C within 2 h of the return of heat, all within 4"),
        ((None, 30, 33), "within 4 h of the return of heat; 1,000 people are not within this run."),
        ((None, 30, None), "More than half of them (4,000 people) are not back at 18 °C within"),
    ],
)
def test_hours_to_warm_homes_are_those_of_the_run(steps: Sequence[int | None], said: str) -> None:
    text = section(read(brief(warm_again(steps)).html), "cold").text.replace("\xa0", " ")
    people = 1000 * sum(range(1, len(steps) + 1))
    assert f"{people:,} people live in homes below 18 °C when their heat comes back" in text
    assert said in text


def test_nothing_is_said_of_warm_homes_where_no_heat_comes_back() -> None:
    run = hand_made()
    never = pa.array([None, None], pa.float64())
    page = read(brief(changed(run, "groups", "heat_back_hour", never)).html)
    assert "when their heat comes back" not in page.text


def many_causes(count: int) -> Run:
    """Regions of 1000, 2000, ... people, each cold because of an asset of its own."""
    run = hand_made([f"Region {k}" for k in range(count)])
    assets = pa.array([f"Main {k}" for k in range(count)], pa.string())
    return changed(run, "causes", "asset", assets)


# 5 + 4 + 3 + 2 of 15 thousand people are the first to make 90 %; of 210 thousand, twelve
# chains tell 174 thousand
@pytest.mark.parametrize(("regions", "chains", "rest"), [(5, 4, 1), (20, 12, 8)])
def test_chains_cover_nine_tenths_of_the_people(regions: int, chains: int, rest: int) -> None:
    why = section(read(brief(many_causes(regions)).html), "why")
    told = [article.one("li", class_="broke").one("b").text for article in why.all("article")]
    assert told == [f"Main {regions - 1 - k} is out" for k in range(chains)]
    rows = [[cell.text for cell in row] for row in why.table("What broke for the other groups")]
    assert rows == [[f"Main {k}", "out", "1", f"{1000 * (k + 1):,}"] for k in reversed(range(rest))]


def test_what_else_is_out_on_the_way_says_so() -> None:
    run = hand_made(("West",))
    (first,) = run.tables["causes"].to_pylist()
    second = {**first, "rank": 2, "asset": "Peak boiler", "missing_mw": 5.0}
    causes = pa.Table.from_pylist([first, second], run.tables["causes"].schema)
    why = section(read(brief(replace(run, tables={**run.tables, "causes": causes})).html), "why")
    assert (
        "since also out on the way from this group up to its supply (largest first): "
        "Peak boiler (out, 5 MW)." in why.text
    )


def test_the_weather_is_said_to_come_from_its_file() -> None:
    run = hand_made()
    options = {**run.manifest["options"], "weather": "weather.epw"}
    page = read(brief(replace(run, manifest={**run.manifest, "options": options})).html)
    assert "Outdoor temperature and wind: the case's weather.epw." in section(page, "basis").text


@pytest.mark.parametrize(
    ("named", "said"),
    [("42 rows given in Python", "42 rows given in Python"), (None, "given without a file")],
)
def test_damage_without_a_file_is_no_missing_list(named: str | None, said: str) -> None:
    run = hand_made()
    options = {**run.manifest["options"], "damage": named}
    page = read(brief(replace(run, manifest={**run.manifest, "options": options})).html)
    assert said in page.one("div", class_="about").text
    assert f"damage list ({said})" in section(page, "basis").text
    assert "no damage list" not in page.text
