"""GeoJSON and HXL: the numbers of a run by hand, read again with other programs."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwarm.errors import InputError
from keepwarm.exchange.geojson import geojson_of, write_geojson
from keepwarm.exchange.hxl import hxl_of, write_hxl
from keepwarm.exchange.whole import plain
from keepwarm.reports.claim_csv import unguarded
from tests.briefing.sample import hand_made
from tests.exchange.handed import TRICKS, handed

#: Of West: 1000 people, half of them without heat for 20 of 48 h; indoors 10, 14 and 17 degC then.
WEST = {
    "people": 1000,
    "people_without_heat_peak": 500,
    "people_hours_without_heat": 500 * 20,
    "people_without_power_peak": 0,
    "people_below_16_degc_peak_low": 1000,
    "people_below_16_degc_peak_central": 1000,
    "people_below_16_degc_peak_high": 0,
    "people_hours_below_16_degc_central": 1000 * 20,
    "people_hours_below_12_degc_low": 1000 * 20,
    "people_hours_below_12_degc_central": 0,
}


def properties(text: str) -> list[dict[str, object]]:
    """What each feature of a collection tells."""
    return [feature["properties"] for feature in json.loads(text)["features"]]


def rows_of(text: str) -> tuple[list[str], list[str], list[dict[str, str]]]:
    """Header, tags and rows of a CSV."""
    header, tags, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    return header, tags, [dict(zip(header, row, strict=True)) for row in rows]


def test_geojson_has_the_numbers_of_a_region():
    west, east = properties(geojson_of(handed()))
    assert {name: west[name] for name in WEST} == WEST
    assert east["people_hours_without_heat"] == 2 * 500 * 20


def test_person_hours_go_by_the_length_of_steps():
    run = handed()
    answers = {**run.answers, "hours": 24.0}  # the same 48 steps, half an hour each
    west, _ = properties(geojson_of(replace(run, manifest={**run.manifest, "answers": answers})))
    assert west["people_hours_without_heat"] == 500 * 20 / 2


def test_geojson_is_a_collection_of_points_that_the_case_gives():
    document = json.loads(geojson_of(handed()))
    assert document["type"] == "FeatureCollection"
    assert [f["type"] for f in document["features"]] == ["Feature", "Feature"]
    geometry = [feature["geometry"] for feature in document["features"]]
    assert geometry == [{"type": "Point", "coordinates": [float(k), 0.0]} for k in range(2)]


def test_a_region_without_a_point_has_no_geometry():
    run = handed()
    nowhere = run.tables["places"].drop_columns(["lon", "lat"])
    run = type(run)(run.manifest, {**run.tables, "places": nowhere})
    assert [f["geometry"] for f in json.loads(geojson_of(run))["features"]] == [None, None]


def test_geojson_holds_no_asset():
    assert "CHP unit" in str(handed().tables["assets"].to_pydict())
    assert "CHP unit" not in geojson_of(handed())


def test_geojson_has_no_markup_even_where_a_page_takes_it_in_as_it_is():
    text = geojson_of(handed(*TRICKS))
    assert not re.search("[<>&\u202e\x07]", text)
    assert properties(text)[0]["region"] == TRICKS[0]


def test_hxl_has_the_numbers_of_a_region():
    _, _, (west, _) = rows_of(hxl_of(handed()))
    assert {name: float(west[name]) for name in WEST} == WEST
    assert (west["region"], west["start"], west["hours"]) == ("West", "2026-01-08T00:00:00Z", "48")


def test_hxl_tags_are_tags_and_no_column_shares_one():
    header, tags, _ = rows_of(hxl_of(handed()))
    tag = re.compile(r"#[A-Za-z][A-Za-z0-9_]*(\+[A-Za-z][A-Za-z0-9_]*)*")  # HXL 1.1
    assert all(tag.fullmatch(one) for one in tags)
    assert len(set(tags)) == len(tags) == len(header)


def test_no_cell_of_hxl_starts_a_formula():
    _, _, rows = rows_of(hxl_of(handed(*TRICKS)))
    assert len(rows) == len(TRICKS)
    for row in rows:
        for cell in row.values():
            assert not re.match(r"[\s\u200b-\u200f\u202a-\u202e]*[=+\-@＝＋－＠\t]", cell), cell
    assert [row["region"] for row in rows][2:4] == ["'" + TRICKS[2], "'+1+1"]


@pytest.mark.parametrize("write", [write_geojson, write_hxl])
def test_a_file_is_written_whole_or_refused_calmly(write, tmp_path):
    write(handed(), tmp_path / "out")
    assert b"East" in (tmp_path / "out").read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    with pytest.raises(InputError, match="cannot be written"):
        write(handed(), tmp_path / "none" / "out")


def test_hxl_begins_with_the_mark_that_spreadsheets_ask_for(tmp_path):
    write_hxl(handed(), tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfcase,")


def test_a_case_without_regions_has_one_row_for_all():
    run = hand_made((), buildings=False, cold=False)
    homes = pa.table({"group": pa.array([], pa.string()), "people": pa.array([], pa.float64())})
    run = replace(run, tables={**run.tables, "homes": homes})
    ((only,),) = [json.loads(geojson_of(run))["features"]]
    assert only["geometry"] is None
    assert (only["properties"]["region"], only["properties"]["people"]) == ("all", None)
    assert rows_of(hxl_of(run))[2][0]["people"] == ""


@given(st.lists(st.text(max_size=12), min_size=1, max_size=3, unique=True))
@settings(max_examples=40)
def test_any_name_comes_back_or_is_made_plain(names):
    run = handed(*names)
    found = [feature["region"] for feature in properties(geojson_of(run))]
    _, _, rows = rows_of(hxl_of(run))
    assert found == [plain(name) for name in names]
    assert [unguarded(row["region"]) for row in rows] == found
    assert not any(
        unicodedata.category(sign) in ("Cc", "Cs")
        for sign in "".join(found)
        if sign not in "\t\r\n"
    )
