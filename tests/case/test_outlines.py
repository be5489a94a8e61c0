"""regions.geojson: outlines of the user's own, matched by name; every fault at once."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from pathlib import Path
from typing import Any

import geojson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon, shape

from keepwarm.case import outlines, rings
from keepwarm.case.read import check_case, inspect_case, read_case

NORTH = [[30.0, 50.0], [31.0, 50.0], [31.0, 51.0], [30.0, 51.0], [30.0, 50.0]]
SOUTH = [[30.0, 49.0], [31.0, 49.0], [31.0, 50.0], [30.0, 50.0], [30.0, 49.0]]


def feature(name: str, ring: object, kind: str = "Polygon", key: str = "region") -> dict[str, Any]:
    coordinates = [ring] if kind == "Polygon" else ring
    return {
        "type": "Feature",
        "properties": {key: name},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def collection(*features: object, **more: object) -> str:
    document = {"type": "FeatureCollection", "features": features, **more}
    return json.dumps(document, ensure_ascii=False)


def given_as(root: Path, text: str | bytes) -> Path:
    content = text if isinstance(text, bytes) else text.encode()
    (root / "regions.geojson").write_bytes(content)
    return root


def faults(root: Path, text: str | bytes) -> list[str]:
    return [str(fault) for fault in check_case(given_as(root, text))]


def warnings(root: Path, text: str) -> list[str]:
    return [str(warning) for warning in inspect_case(given_as(root, text)).warnings]


BOTH = collection(feature("north", NORTH), feature("south", SOUTH))


def test_outlines_are_kept_as_they_were_given_and_hashed(small: Path) -> None:
    case = read_case(given_as(small, BOTH))
    read = [geojson.loads(text) for text in case.regions.outline]
    assert [outline.coordinates for outline in read] == [[NORTH], [SOUTH]]
    assert "regions.geojson" in case.input_hashes


def test_a_case_without_the_file_has_none(small: Path) -> None:
    assert read_case(small).regions.outline == ()


@pytest.mark.parametrize(
    ("key", "name"), [("name", "north"), ("name", "North"), ("region", "Північ")]
)
def test_a_region_is_named_by_any_of_its_names(small: Path, key: str, name: str) -> None:
    text = collection(feature("south", SOUTH), feature(name, NORTH, key=key))
    case = read_case(given_as(small, text))
    assert shape(json.loads(case.regions.outline[0])).equals(Polygon(NORTH))


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_is_allowed(small: Path, codec: str) -> None:
    text = collection(feature("Північ", NORTH), feature("Південь", SOUTH))
    assert faults(small, text.encode(codec)) == []


def test_heights_and_rings_that_turn_the_other_way_are_allowed(small: Path) -> None:
    high = [[*point, 120.5] for point in reversed(NORTH)]
    assert faults(small, collection(feature("north", high), feature("south", SOUTH))) == []


def test_holes_and_parts_stay(small: Path) -> None:
    lake = [[30.2, 50.2], [30.2, 50.4], [30.4, 50.4], [30.4, 50.2], [30.2, 50.2]]
    isle = [[32.0, 50.0], [32.1, 50.0], [32.1, 50.1], [32.0, 50.0]]
    text = collection(
        feature("north", [[NORTH, lake], [isle]], "MultiPolygon"), feature("south", SOUTH)
    )
    outline = shape(json.loads(read_case(given_as(small, text)).regions.outline[0]))
    assert outline.area == pytest.approx(1 - 0.04 + 0.005)


FILE = "regions.geojson"
DEGREES = "longitude -180 to 180, then latitude -90 to 90"
WRONG_FILES = {
    "empty": (b"", f"{FILE}: the file is empty"),
    "windows-1251": (
        collection(feature("Північ", NORTH)).encode("cp1251"),
        f"{FILE}:1: byte 0xe2 is not UTF-8; expected the file saved as UTF-8",
    ),
    "no JSON": (b'{"type": \n"FeatureCollection", }', f"{FILE}:2: no JSON"),
    "NaN": (BOTH.replace("30.0", "NaN", 1).encode(), f"{FILE}: no JSON: NaN is no number of JSON"),
    "deep": (b"[" * 200_000, f"{FILE}: no JSON: brackets too deep"),
    "a list": (b"[1, 2]", "the document is 'list'; expected a GeoJSON 'FeatureCollection'"),
    "a geometry alone": (
        json.dumps({"type": "Polygon", "coordinates": [NORTH]}).encode(),
        f"{FILE} type: the document is 'Polygon'; expected a GeoJSON 'FeatureCollection'",
    ),
    "no features": (b'{"type": "FeatureCollection"}', f"{FILE} type: no 'features'"),
    "another system": (
        collection(
            crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
        ).encode(),
        f"{FILE} crs: coordinates in 'urn:ogc:def:crs:EPSG::3857'; expected longitude",
    ),
}


@pytest.mark.parametrize("what", WRONG_FILES)
def test_a_file_that_cannot_be_outlines_is_one_fault(small: Path, what: str) -> None:
    text, expected = WRONG_FILES[what]
    (found,) = faults(small, text)
    assert expected in found


def test_an_older_file_that_names_wgs_84_is_read(small: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    text = collection(feature("north", NORTH), feature("south", SOUTH), crs=crs)
    assert faults(small, text) == []


def square(x: float, y: float, size: float = 1.0) -> list[list[float]]:
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]


WRONG_OUTLINES = {
    "crossing": (
        [[30, 50], [31, 51], [31, 50], [30, 51], [30, 50]],
        "an outline that is none: Self-intersection[30.5 50.5]; expected rings that neither",
    ),
    "open": ([*NORTH[:-1], [30.5, 50.5]], "a ring from 30, 50 to 30.5, 50.5; expected a ring that"),
    "three positions": (NORTH[:3], "a ring of 3 positions; expected at least four"),
    "no ring": (7, "a ring of 0 positions"),
    "metres": (
        square(3400000.0, 6500000.0, 1e4),
        f"a position at 3.4e+06, 6.5e+06: reads like metres; expected {DEGREES}",
    ),
    "latitude first": (square(50.0, 130.0), f"a position at 50, 130; expected {DEGREES}"),
    "endless": (square(9e307, 50.0), "a position at 9e+307, 50: reads like metres"),
    "a text": ([["30", "50"]] * 4, "the position ['30', '50']; expected two numbers"),
    "a flag": ([[True, False]] * 4, "the position [True, False]; expected two numbers"),
    "one number": ([[30]] * 4, f"the position [30]; expected {DEGREES}"),
    "no area": ([[30, 50], [31, 50], [30, 50], [30, 50]], "an outline"),
    "antimeridian": (
        [[179, 50], [-179, 50], [-179, 51], [179, 51], [179, 50]],
        "a ring 358 degrees wide; expected an outline cut in two where it crosses the antimeridian",
    ),
}


@pytest.mark.parametrize("what", WRONG_OUTLINES)
def test_an_outline_that_is_none(small: Path, what: str) -> None:
    ring, expected = WRONG_OUTLINES[what]
    (found,) = faults(small, collection(feature("south", SOUTH), feature("north", ring)))
    assert found.startswith(f"{FILE} feature 2 'north': ")
    assert expected in found


@pytest.mark.parametrize(
    ("geometry", "expected"),
    [
        (None, "no geometry"),
        ({"type": "GeometryCollection", "geometries": []}, "the geometry is 'GeometryCollection'"),
        ({"type": "Point", "coordinates": [30, 50]}, "the geometry is 'Point'"),
        ({"type": "Polygon"}, "a polygon without rings"),
        ({"type": "MultiPolygon", "coordinates": []}, "no coordinates"),
        ([1], "the geometry is None"),
    ],
)
def test_other_geometry(small: Path, geometry: object, expected: str) -> None:
    wrong = {"type": "Feature", "properties": {"region": "north"}, "geometry": geometry}
    (found,) = faults(small, collection(wrong, feature("south", SOUTH)))
    assert expected in found


def test_every_fault_at_once(small: Path) -> None:
    text = collection(
        feature("nroth", NORTH),
        feature("south", SOUTH[:3]),
        feature("South", SOUTH),
        {"type": "Feature", "properties": None, "geometry": None},
        "no feature",
    )
    second = "a second outline of region 'south'; the first is feature 2; expected one MultiPolygon"
    short = "a ring of 3 positions; expected at least four, the last like the first"
    unnamed = "no property 'region' or 'name'; expected the name of a region of this case"
    assert faults(small, text) == [
        f"{FILE} feature 1: 'nroth' is no region of this case. Did you mean 'north'?",
        f"{FILE} feature 3: {second}",
        f"{FILE} feature 4: {unnamed}",
        f"{FILE} feature 5: {unnamed}",
        f"{FILE} feature 2 'south': {short}",
        f"{FILE}: no outline of region 'north'",
    ]


def test_the_regions_of_a_whole_country_are_one_fault(small: Path) -> None:
    strangers = [feature(f"district {k}", NORTH) for k in range(136)]
    found = faults(small, collection(*strangers, feature("north", NORTH), feature("south", SOUTH)))
    assert len(found) == 11
    assert found[-1] == f"{FILE}: 126 more features of no region of this case"


def test_a_fault_in_the_outlines_hides_none_of_other_tables(small: Path) -> None:
    buildings = small / "buildings.csv"
    buildings.write_text(buildings.read_text().replace("g1,north", "g1,nroth"))
    found = faults(small, "{")
    assert len(found) == 2
    assert any("'nroth' is no region" in fault for fault in found)


def test_too_large_a_file_is_not_read(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlines, "LARGEST", 1_000_000)
    (found,) = faults(small, b" " * 2_000_000)
    assert found == f"{FILE}: 2 MB; expected at most 1 MB: simplify the outlines"


def test_an_outline_elsewhere_is_a_warning(small: Path) -> None:
    regions = small / "regions.csv"
    regions.write_text(regions.read_text().replace("0.2,,", "0.2,30.5,50.5"))
    assert warnings(small, BOTH) == []
    turned = [[lat, lon] for lon, lat in NORTH]
    found = warnings(small, collection(feature("north", turned), feature("south", SOUTH)))
    other_way = "longitude and latitude are probably swapped: regions.csv has them the other way"
    assert found == [f"{FILE} 'north': {other_way}"]
    far = collection(feature("north", square(10, 10)), feature("south", SOUTH))
    assert warnings(small, far) == [
        f"{FILE} 'north': lies elsewhere than the centroid of regions.csv (30.5, 50.5)"
    ]


def test_outlines_on_one_another_are_a_warning(small: Path) -> None:
    text = collection(feature("north", NORTH), feature("south", square(30.2, 50.2, 0.5)))
    assert warnings(small, text) == [f"{FILE}: the outlines of 'north' and 'south' overlap"]


def wavy(points: int) -> tuple[list[list[float]], list[list[float]]]:
    """Two regions with a border of many points between them."""
    border = [
        [30 + k / points, 50 + 0.01 * math.sin(k / 7) + 0.002 * math.sin(k)]
        for k in range(points + 1)
    ]
    north = [*border, [31.0, 51.0], [30.0, 51.0], border[0]]
    south = [*reversed(border), [30.0, 49.0], [31.0, 49.0], border[-1]]
    return north, south


def test_too_many_points_are_thinned_and_neighbours_stay_joined(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rings, "MOST_POINTS", 2_000)
    north, south = wavy(3_000)
    case = read_case(given_as(small, collection(feature("north", north), feature("south", south))))
    one, other = (shape(json.loads(text)) for text in case.regions.outline)
    assert 200 < len(one.exterior.coords) + len(other.exterior.coords) <= 2_000
    assert one.union(other).area == pytest.approx(2.0, abs=1e-6)  # no gap between them
    assert one.intersection(other).area < 1e-9
    # nothing moved further than a hundredth of the whole
    assert one.hausdorff_distance(Polygon(north)) < 1e-2


def test_many_islands_are_thinned_too(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rings, "MOST_POINTS", 2_000)
    isles = [[square(32 + k % 25 / 25, 50 + k // 25 / 25, 0.005)] for k in range(500)]
    text = collection(feature("north", [[NORTH], *isles], "MultiPolygon"), feature("south", SOUTH))
    case = read_case(given_as(small, text))
    outline = shape(json.loads(case.regions.outline[0]))
    assert sum(len(p.exterior.coords) for p in getattr(outline, "geoms", [outline])) <= 2_000
    assert outline.area >= 1.0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from(["type", "coordinates", "x"]), inner, max_size=3)
    ),
    max_leaves=30,
)


@given(kind=st.sampled_from(["Polygon", "MultiPolygon"]), coordinates=JSON)
def test_whatever_stands_there_is_said_in_words(kind: str, coordinates: object) -> None:
    with suppress(rings.RingFault):
        assert rings.polygons({"type": kind, "coordinates": coordinates}).is_valid
