"""The user's outlines on the map: projected once, with names; the brief needs the run alone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Proj
from shapely import Point
from shapely.geometry import MultiPolygon, Polygon, box, mapping, shape

from keepwarm.briefing import brief
from keepwarm.briefing.map import map_geojson, region_map
from keepwarm.briefing.outlines import drawn_outlines, flattened
from keepwarm.case.read import read_case
from keepwarm.runs.folder import read_run, write_run
from keepwarm.runs.run import Run
from keepwarm.runs.run import run as run_case
from tests.briefing.reading import read
from tests.briefing.sample import hand_made


def outlined(*shapes: Polygon | MultiPolygon) -> Run:
    """A run of regions with outlines, as a case with regions.geojson leaves it."""
    run = hand_made([f"Region {k}" for k in range(len(shapes))])
    texts = [json.dumps(mapping(one)) for one in shapes]
    places = run.tables["places"].append_column("outline", pa.array(texts))
    return replace(run, tables={**run.tables, "places": places})


def regions(*shapes: Polygon | MultiPolygon) -> list[Polygon | MultiPolygon]:
    drawn = region_map(outlined(*shapes))
    assert drawn is not None
    assert drawn.kind == "outlines"
    return [region.outline for region in drawn.regions]  # type: ignore[misc]


@given(
    lon_0=st.floats(-180, 180),
    lat_0=st.floats(-89, 89),
    east=st.floats(-60, 60),
    north=st.floats(-25, 25),
)
def test_projected_as_proj_does(lon_0: float, lat_0: float, east: float, north: float) -> None:
    lon, lat = lon_0 + east, float(np.clip(lat_0 + north, -89.9, 89.9))
    x, y = Proj(proj="laea", lon_0=lon_0, lat_0=lat_0, R=1)(lon, lat)
    assert flattened(np.array([[lon, lat]]), lon_0, lat_0)[0] == pytest.approx([x, -y], abs=1e-6)


def test_the_town_is_drawn_as_its_file_has_it(examples: Path, tmp_path: Path) -> None:
    case = read_case(examples / "town")
    done = run_case(replace(case, hours=2))
    run = read_run(write_run(done, tmp_path / "run").out or tmp_path)
    found = map_geojson(run, "uk")
    assert found is not None
    assert (found["kind"], found["tiles"]) == ("outlines", False)
    west, east = found["features"]
    assert west["properties"]["label"]["lines"] == ["Захід"]
    given = json.loads((examples / "town" / "regions.geojson").read_text())["features"]
    for drawn, own in zip((west, east), given, strict=True):
        area = shape(drawn["geometry"]).area / shape(own["geometry"]).area
        whole = found["width"] - 4
        # at the equator degrees are as long either way: one scale from 0.0735 degrees to the width
        assert area == pytest.approx((whole / 0.0735) ** 2, rel=0.01)
    assert len(east["geometry"]["coordinates"]) == 2  # the part across the water
    assert len(east["geometry"]["coordinates"][0]) == 2  # the lake
    page = read(brief(run, language="uk").html)
    paths = page.one("svg", class_="chart sketch").all("path", class_="cell")
    assert [path.attributes["d"].count("M") for path in paths] == [1, 3]
    assert "regions.geojson" in page.one("section", id="map").one("figcaption").text


def test_north_is_up_and_neighbours_share_their_border() -> None:
    south, north = regions(box(30, 49, 31, 50), box(30, 50, 31, 51))
    assert north.centroid.y < south.centroid.y
    assert north.intersection(south).length > 100
    assert north.intersection(south).area < 0.2


def test_around_the_antimeridian() -> None:
    both = MultiPolygon([box(178, 60, 180, 62), box(-180, 60, -178, 62)])
    outline, other = regions(both, box(176, 60, 178, 62))
    assert outline.bounds[2] - outline.bounds[0] == pytest.approx(416 * 2 / 3, abs=6)
    assert other.bounds[2] <= outline.bounds[0] + 8  # meridians lean


def test_a_city_shows_inside_the_region_around_it() -> None:
    around, city = regions(box(30, 50, 33, 52), box(31, 50.7, 32, 51.3))
    assert around.intersection(city).area < 1
    assert not around.contains(Point(city.centroid))
    assert around.area + city.area == pytest.approx(around.envelope.area, rel=0.04)


def test_two_outlines_of_one_place_are_both_drawn() -> None:
    one, other = regions(box(30, 50, 31, 51), box(30, 50, 31, 51))
    assert one.area == pytest.approx(other.area)


def test_borders_and_islands_are_no_finer_than_seen() -> None:
    coast = [(30 + k / 5000, 50 + 0.0001 * (k % 2)) for k in range(5001)]
    isles = [box(31.2 + k / 100, 50, 31.2005 + k / 100, 50.0005) for k in range(30)]
    land = Polygon([*coast, (31, 51), (30, 51)])
    (outline,) = regions(MultiPolygon([land, *isles]))
    assert len(shape(mapping(outline)).exterior.coords) < 30  # type: ignore[attr-defined]


def test_a_region_too_small_for_its_name_goes_without() -> None:
    drawn = region_map(outlined(box(30, 50, 40, 55), box(40, 50, 40.1, 50.1)))
    assert drawn is not None
    large, tiny = (region.label for region in drawn.regions)
    assert large.lines == ("Region 0",)
    assert (tiny.lines, tiny.number_y) == ((), None)


def test_runs_of_before_have_no_column() -> None:
    run = hand_made()
    assert "outline" not in run.tables["places"].column_names
    drawn = region_map(run)
    assert drawn is not None
    assert drawn.kind == "cells"


def test_drawing_fits_its_box() -> None:
    for outline in drawn_outlines([json.dumps(mapping(box(-10, 35, 30, 70)))]):
        assert outline.within(box(1.9, 1.9, 418.1, 418.1))
