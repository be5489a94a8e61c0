"""The user's outlines in GeoJSON and in alerts, as independent readers find them."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import geojson
import pyarrow as pa
import pytest
import xmlschema
from shapely.geometry import LinearRing, MultiPolygon, Point, Polygon, box, mapping

from keepwarm.exchange.alerts import alerts_of
from keepwarm.exchange.geojson import geojson_of
from keepwarm.runs.run import Run
from tests.exchange.handed import handed

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
LAKE = box(30.2, 50.2, 30.4, 50.4)
WEST = Polygon(box(30, 50, 31, 51, ccw=False).exterior, [LAKE.exterior])
COAST = [(31 + math.cos(k / 500) / 2, 52 + math.sin(k / 500) / 2) for k in range(3000)]
EAST = MultiPolygon([Polygon(COAST), box(33, 52, 33.1, 52.1)])


@pytest.fixture(scope="module")
def outlined() -> Run:
    """Two regions with outlines, the first turning clockwise."""
    run = handed()
    texts = [json.dumps(mapping(one)) for one in (WEST, EAST)]
    places = run.tables["places"].append_column("outline", pa.array(texts))
    return replace(run, tables={**run.tables, "places": places})


def test_geojson_has_the_outlines(outlined: Run) -> None:
    found = geojson.loads(geojson_of(outlined))
    assert found.is_valid
    west, east = found.features
    assert (west.properties["region"], east.properties["region"]) == ("West", "East")
    assert (west.geometry.type, east.geometry.type) == ("Polygon", "MultiPolygon")
    outer, hole = west.geometry.coordinates
    # RFC 7946, 3.1.6: outer rings anticlockwise, holes clockwise
    assert LinearRing(outer).is_ccw
    assert not LinearRing(hole).is_ccw
    assert Polygon(outer, [hole]).equals(WEST)


def rings(run: Run, number: int) -> list[list[tuple[float, float]]]:
    """Pairs as they stand in an alert's first area."""
    content = list(alerts_of(run).values())[number]
    area = ElementTree.fromstring(content).find(f"{CAP}info/{CAP}area")
    assert area is not None
    assert area[0].tag == f"{CAP}areaDesc"
    texts = [one.text or "" for one in area.findall(f"{CAP}polygon")]
    pairs = [[pair.split(",") for pair in text.split()] for text in texts]
    return [[(float(lat), float(lon)) for lat, lon in ring] for ring in pairs]


def test_alerts_have_closed_rings_latitude_first(outlined: Run) -> None:
    (west,) = rings(outlined, 0)
    assert west[0] == west[-1]
    assert {lat for lat, _ in west} == {50.0, 51.0}
    assert {lon for _, lon in west} == {30.0, 31.0}
    coast, isle = rings(outlined, 1)
    assert coast[0] == coast[-1]
    assert len(isle) == 5


def test_an_alert_goes_to_telephones(outlined: Run) -> None:
    coast, _ = rings(outlined, 1)
    assert 20 < len(coast) <= 100
    for lat, lon in coast:
        assert Point(lon, lat).distance(EAST.geoms[0].exterior) < 0.005


def test_alerts_with_areas_are_valid(outlined: Run) -> None:
    schema = xmlschema.XMLSchema(Path(__file__).with_name("CAP-v1.2.xsd"), allow="local")
    for content in alerts_of(outlined).values():
        schema.validate(content.decode())


def test_without_outlines_areas_are_names_and_places_points() -> None:
    assert rings(handed(), 0) == []
    features = geojson.loads(geojson_of(handed())).features
    assert [feature.geometry.type for feature in features] == ["Point", "Point"]
