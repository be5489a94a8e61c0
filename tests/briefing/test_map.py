"""The map: the brief's drawing and the board's GeoJSON are the same, in any language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import geojson
import numpy as np
import pyarrow as pa
import pytest
from shapely import Point, box
from shapely.geometry import shape

from keepwarm.briefing import brief
from keepwarm.briefing.labels import EM, LETTERS, label_inside, letters_wide, whole_label
from keepwarm.briefing.map import Named, draw, map_geojson
from keepwarm.runs.run import Run
from tests.briefing.reading import read
from tests.briefing.sample import hand_made

NAMES = ("Old Market", "Mill Brook", "Linden Hill", "Swan Lake")
LON, LAT = (0.0, 0.2, 0.0, 0.2), (50.0, 50.0, 50.2, 50.1)


@pytest.fixture(scope="module")
def four() -> Run:
    return hand_made(NAMES, lon=LON, lat=LAT)


def collection(run: Run, language: str = "en") -> dict[str, Any]:
    found = map_geojson(run, language)
    assert found is not None
    return found


def named(run: Run, labels: Mapping[str, Mapping[str, str]]) -> Run:
    """Return the run with other names of its regions."""
    places = run.tables["places"]
    pairs = [list(labels[region].items()) for region in places["region"].to_pylist()]
    column = pa.array(pairs, pa.map_(pa.string(), pa.string()))
    at = places.schema.get_field_index("labels")
    return replace(run, tables={**run.tables, "places": places.set_column(at, "labels", column)})


def test_the_brief_draws_what_the_board_gets(four: Run) -> None:
    found = collection(four)
    svg = read(brief(four).html).one("svg", class_="chart sketch")
    assert svg.attributes["viewbox"] == f"0 0 {found['width']} {found['height']}"
    cells = svg.all("path", class_="cell")
    texts = svg.all("text")
    assert len(cells) == len(found["features"]) == 4
    for cell, feature in zip(cells, found["features"], strict=True):
        numbers = [float(n) for n in re.findall(r"-?[\d.]+", cell.attributes["d"])]
        (ring,) = feature["geometry"]["coordinates"]
        assert list(zip(numbers[::2], numbers[1::2], strict=True)) == list(map(tuple, ring[:-1]))
        label = feature["properties"]["label"]
        for line, y in zip(label["lines"], label["y"], strict=True):
            text = texts.pop(0)
            assert text.text == line
            assert float(text.attributes["x"]) == label["x"]
            assert float(text.attributes["y"]) == y
            assert float(text.attributes["font-size"]) == label["size"]
        number = texts.pop(0)
        assert number.text.endswith("%")
        assert float(number.attributes["y"]) == label["number_y"]
    assert not texts


def test_an_independent_reader_takes_it(four: Run) -> None:
    found = geojson.loads(geojson.dumps(collection(four)))
    assert found.is_valid
    assert [feature.id for feature in found.features] == list(NAMES)
    assert [f.properties["people"] for f in found.features] == [1000, 2000, 3000, 4000]


def test_labels_stand_inside_their_region(four: Run) -> None:
    for feature in collection(four)["features"]:
        label = feature["properties"]["label"]
        half = max(map(letters_wide, label["lines"])) * EM * label["size"] / 2
        tall = label["size"] / 2
        words = box(label["x"] - half, label["y"][0] - tall, label["x"] + half, label["number_y"])
        assert shape(feature["geometry"]).contains(words)
        assert label["number_y"] - label["y"][-1] > label["size"]


@pytest.mark.parametrize("wide", [30, 60, 90, 140])
@pytest.mark.parametrize("high", [15, 25, 31, 38, 45, 60])
def test_the_largest_letters_that_fit(wide: float, high: float) -> None:
    """The name in one line or two, and "100 %" below it."""
    label = whole_label("Mill Brook", box(0, 0, wide, high))
    least = LETTERS[-1]
    if label is None:
        assert wide < 6 * EM * least + 6 or high < 3 * least or wide < 90
        return
    lines = [*label.lines, "100 %"]
    middles = [*label.y, label.number_y or 0.0]
    assert middles[0] - label.size / 2 >= 0
    assert middles[-1] + label.size / 2 <= high
    assert all(b - a >= label.size for a, b in pairwise(middles))
    assert max(map(len, lines)) * EM * label.size <= wide


def test_another_language_changes_names_alone(four: Run) -> None:
    uk = ("Старий Торг", "Млиновий Струмок", "Липова Гора", "Лебедине Озеро")
    labels = {en: {"en": en, "uk": own} for en, own in zip(NAMES, uk, strict=True)}
    run = named(four, labels)
    english, own = collection(run), collection(run, "uk")
    for one, other, name in zip(english["features"], own["features"], uk, strict=True):
        assert one["geometry"] == other["geometry"]
        assert " ".join(other["properties"]["label"]["lines"]) == name
        assert other["properties"]["names"]["uk"] == name
    # a language that nobody gave: the names that the case has
    assert collection(run, "zh")["features"] == english["features"]


def test_a_name_too_long_in_one_language_is_cut_there(four: Run) -> None:
    long = "Donaudampfschifffahrtsgesellschaft" * 2
    run = named(four, {name: {"en": name, "de": long} for name in NAMES})
    english, other = collection(run), collection(run, "de")
    assert not english["tiles"]
    for one, same in zip(english["features"], other["features"], strict=True):
        assert one["geometry"] == same["geometry"]
        (line,) = same["properties"]["label"]["lines"]
        assert line.endswith("…")
        assert long.startswith(line[:-1])
        assert len(line) > 8


def test_a_sliver_has_no_label_and_a_small_region_its_number_alone() -> None:
    label = label_inside("Mill Brook", box(0, 0, 200, 5))
    assert (label.lines, label.y, label.number_y) == ((), (), None)
    label = label_inside("Mill Brook", box(0, 0, 60, 16))
    assert (label.lines, label.x, label.number_y) == ((), 30.0, 8.0)


def test_a_brief_in_another_language_draws_the_same_regions(four: Run) -> None:
    long = {name: {"en": name, "uk": f"Донаудампфшифффартсгезельшафт{name}"} for name in NAMES}
    run = named(four, long)
    drawn = [
        [
            path.attributes["d"]
            for path in read(brief(run, language=code).html).all("path", class_="cell")
        ]
        for code in ("en", "uk")
    ]
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 4


def test_chinese_letters_are_as_wide_as_they_are_high() -> None:
    assert letters_wide("北区") * EM == pytest.approx(2.0)
    drawn = draw([Named("北区北区", {}, 1.0)], np.array([0.0]), np.array([0.0]))
    (region,) = drawn.regions
    assert region.label.lines == ("北区北区",)
    assert region.outline.contains(Point(region.label.x - 2 * region.label.size, region.label.y[0]))


def test_no_regions_no_map() -> None:
    assert map_geojson(hand_made(())) is None
