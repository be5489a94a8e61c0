"""The sketch of the regions: one cell each, a label that fits and can be read."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from keepwarm.briefing.cells import WIDTH, outlines_around, tile_outlines
from keepwarm.briefing.labels import EM
from keepwarm.briefing.map import Named, draw
from keepwarm.briefing.sketch import (
    FILLS,
    Place,
    Sketch,
    coloured,
    contrast,
    fill_of,
    ink_on,
)


def drawn(lon: list[float], lat: list[float], name: str = "Region {k}") -> Sketch:
    places = tuple(Place(name.format(k=k), 1000.0, 100.0 * (k % 11), None) for k in range(len(lon)))
    named = [Named(place.region, {"en": place.region}, place.people) for place in places]
    return coloured(draw(named, np.array(lon), np.array(lat)), places, "heat", None)


RING = [(float(np.cos(a)), float(np.sin(a))) for a in np.linspace(0, 2 * np.pi, 30)[:-1]]

LAYOUTS = {
    "one": ([30.0], [50.0]),
    "two on a line": ([0.0, 0.03], [0.0, 0.0]),
    "three on a line": ([0.0, 0.0, 0.0], [50.0, 50.1, 50.2]),
    "twelve": ([k % 4 * 0.1 + k * 0.01 for k in range(12)], [k // 4 * 0.1 for k in range(12)]),
    "thirty": ([x for x, _ in RING] + [0.0], [y for _, y in RING] + [0.0]),
    "all in one place": ([7.0] * 5, [7.0] * 5),
    "two of three in one place": ([7.0, 7.0, 8.0], [7.0, 7.0, 8.0]),
    "nowhere": ([float("nan")] * 4, [float("nan")] * 4),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_region_has_a_cell_and_its_number(layout: str) -> None:
    sketch = drawn(*LAYOUTS[layout])
    assert [cell.place for cell in sketch.cells] == list(sketch.places)
    for cell in sketch.cells:
        assert cell.lines[-1] == f"{100 * cell.place.without / 1000:.0f} %"
        half = max(map(len, cell.lines)) * EM * cell.size / 2
        assert cell.x - half >= 0
        assert cell.x + half <= WIDTH
        assert cell.y[0] > 0
        assert cell.y[-1] < sketch.height


@pytest.mark.parametrize("layout", ["one", "two on a line", "three on a line", "twelve", "thirty"])
def test_cells_share_no_ground(layout: str) -> None:
    lon, lat = LAYOUTS[layout]
    cells = outlines_around(np.array(lon), np.array(lat))
    assert cells is not None
    for one, other in combinations(cells, 2):
        assert one.intersection(other).area < 1e-6 * one.area


def test_a_cell_lies_where_its_region_lies() -> None:
    # east of, and south of: x grows to the right, y downwards
    cells = outlines_around(np.array([0.0, 1.0, 0.0]), np.array([0.0, 0.0, -1.0]))
    assert cells is not None
    here, east, south = (cell.centroid for cell in cells)
    assert east.x > here.x + 50
    assert south.y > here.y + 50


@pytest.mark.parametrize("layout", ["all in one place", "two of three in one place", "nowhere"])
def test_tiles_where_centroids_say_nothing(layout: str) -> None:
    assert outlines_around(*map(np.array, LAYOUTS[layout])) is None
    assert drawn(*LAYOUTS[layout]).kind == "tiles"


def test_names_too_long_for_a_cell_become_tiles_and_are_cut() -> None:
    sketch = drawn(*LAYOUTS["thirty"], name="The very long name of a region number {k}")
    assert sketch.kind == "tiles"
    assert any(line.endswith("…") for cell in sketch.cells for line in cell.lines)


def test_tiles_keep_the_order_of_places() -> None:
    lon, lat = np.array([0.0, 9.0, 0.0, 9.0]), np.array([9.0, 9.0, 0.0, 0.0])
    nw, ne, sw, se = (tile.centroid for tile in tile_outlines(lon, lat))
    assert nw.x == sw.x < ne.x == se.x
    assert nw.y == ne.y < sw.y == se.y


def test_letters_stand_out_on_every_colour() -> None:
    # WCAG AA asks for 4.5 for normal letters
    assert all(contrast(ink_on(fill), fill) >= 4.5 for fill in FILLS)


def test_contrast_as_published() -> None:
    # WebAIM's contrast checker: #767676 on white is 4.54
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


def test_a_larger_share_is_never_lighter() -> None:
    fills = [fill_of(share) for share in np.linspace(0, 1, 101)]
    depth = [FILLS.index(fill) for fill in fills]
    assert depth == sorted(depth)
    assert (fills[0], fills[-1]) == (FILLS[0], FILLS[-1])
