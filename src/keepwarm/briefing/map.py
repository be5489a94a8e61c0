"""The map: each region's outline and where its name stands, whatever is coloured in it.

The brief draws it as SVG (`sketch`), the board takes it as GeoJSON (`map_geojson`): the same
numbers, rounded once. No map tiles, and no borders but those that the user brought.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from keepwarm.briefing.cells import EDGE, WIDTH, outlines_around, tile_outlines
from keepwarm.briefing.labels import Label, label_inside, whole_label
from keepwarm.briefing.outlines import drawn_outlines
from keepwarm.case.nouns import Floats

if TYPE_CHECKING:
    import pyarrow as pa
    from shapely.geometry.base import BaseGeometry

    from keepwarm.runs.run import Run

#: Digits after the point of a coordinate: a tenth of a unit cannot be seen.
DIGITS = 1

Kind = Literal["outlines", "cells", "tiles"]


@dataclass(frozen=True)
class Named:
    """What the map says of a region, whatever its outline is."""

    region: str
    names: Mapping[str, str]  # by language
    people: float

    def called(self, language: str) -> str:
        """Return the region's name in a language, else the name that the case knows it by."""
        return self.names.get(language) or self.region


@dataclass(frozen=True)
class DrawnRegion:
    """One region: its outline in units of the drawing, x to the right and y down; its label."""

    named: Named
    outline: BaseGeometry  # a polygon, or several
    label: Label


@dataclass(frozen=True)
class RegionMap:
    """All regions in one drawing.

    ``kind``: the user's outlines, cells around centroids, or tiles of one size.
    """

    regions: tuple[DrawnRegion, ...]
    width: float
    height: float
    kind: Kind


def region_map(run: Run, language: str = "en") -> RegionMap | None:
    """Draw the regions of a run.

    Parameters
    ----------
    run
        From `run` or `read_run`; nothing but its table of places is read.
    language
        Language of the labels; outlines are the same in every language.

    Returns
    -------
    RegionMap or None
        None in a case without regions.

    **Leaves out**: what is coloured and the number in it; the brief and the board add them.
    """
    return drawn_places(run.tables["places"], language)


def drawn_places(places: pa.Table, language: str = "en") -> RegionMap | None:
    """Draw the regions of a table of places, of a run or a risk; see `region_map`."""
    if not len(places):
        return None
    names = [dict(pairs) for pairs in places["labels"].to_pylist()]
    people, lon, lat = (_numbers(places, name) for name in ("people", "lon", "lat"))
    named = list(map(Named, places["region"].to_pylist(), names, people.tolist()))
    # Runs of earlier versions have no such column.
    own: list[str] = places["outline"].to_pylist() if "outline" in places.column_names else []
    if own and all(own):
        outlines = _rounded(drawn_outlines(own))
        return _labelled(named, outlines, "outlines", language)
    return draw(named, lon, lat, language)


def _numbers(places: pa.Table, column: str) -> Floats:
    return np.array(places[column].to_pylist(), dtype=np.float64)  # None becomes NaN


def draw(named: Sequence[Named], lon: Floats, lat: Floats, language: str = "en") -> RegionMap:
    """Return cells where the name of every region fits into its own, else tiles of one size.

    Parameters
    ----------
    named
        The regions.
    lon, lat
        Their centroids (regions,), degrees; NaN where nobody knows.
    language
        Language of the labels.
    """
    # English names decide, which the case's own are unless it gives others: the same outlines in
    # every language, also where a page calls its regions by other names.
    regions = [who.called("en") for who in named]
    cells = _rounded(outlines_around(lon, lat) or ())
    if cells and all(map(whole_label, regions, cells)):
        return _labelled(named, cells, "cells", language)
    return _labelled(named, _rounded(tile_outlines(lon, lat)), "tiles", language)


def _labelled(
    named: Sequence[Named], outlines: Sequence[BaseGeometry], kind: Kind, language: str
) -> RegionMap:
    bottom = max(outline.bounds[3] for outline in outlines)
    return RegionMap(
        regions=tuple(
            DrawnRegion(who, outline, label_inside(who.called(language), outline))
            for who, outline in zip(named, outlines, strict=True)
        ),
        width=WIDTH,
        height=math.ceil(bottom + EDGE),
        kind=kind,
    )


def _rounded(outlines: Iterable[BaseGeometry]) -> list[BaseGeometry]:
    from shapely import transform

    return [transform(outline, lambda xy: xy.round(DIGITS)) for outline in outlines]


def map_geojson(run: Run, language: str = "en") -> dict[str, Any] | None:
    """Return the map as a GeoJSON feature collection in units of the drawing.

    Parameters
    ----------
    run, language
        As in `region_map`.

    Returns
    -------
    dict or None
        ``width``, ``height``, ``kind`` and ``tiles`` beside ``features``: a polygon per region with
        its ``names`` by language, its ``people``, and its ``label`` (lines of the name, where they
        and the number below them are centred, and the size of the letters). Coordinates are planar,
        y down: no longitudes. None in a case without regions.
    """
    drawn = region_map(run, language)
    if drawn is None:
        return None
    return {
        "type": "FeatureCollection",
        "width": drawn.width,
        "height": drawn.height,
        "kind": drawn.kind,
        "tiles": drawn.kind == "tiles",
        "features": [_feature(region) for region in drawn.regions],
    }


def _feature(region: DrawnRegion) -> dict[str, Any]:
    from shapely.geometry import mapping

    named, label = region.named, region.label
    return {
        "type": "Feature",
        "id": named.region,
        "properties": {
            "names": dict(named.names),
            "people": named.people if math.isfinite(named.people) else None,
            "label": {
                "lines": list(label.lines),
                "x": label.x,
                "y": list(label.y),
                "number_y": label.number_y,
                "size": label.size,
            },
        },
        "geometry": mapping(region.outline),
    }
