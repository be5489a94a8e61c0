"""GeoJSON geometry of unknown origin as polygons: what is wrong with a ring is said in words."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from keepwarm.case.nouns import Floats

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

#: Points of all outlines together from which on they are simplified; drawn, nobody sees more.
MOST_POINTS = 20_000
#: Parts of the whole width or height by which a border may move when it is simplified.
FINEST = 8_000
#: Digits of a degree that are kept: a centimetre.
DIGITS = 7
_DEGREES = "longitude -180 to 180, then latitude -90 to 90"


class RingFault(Exception):
    """What is wrong with a geometry, and what would be right."""

    def __init__(self, found: str, expected: str = "") -> None:
        super().__init__(found)
        self.found, self.expected = found, expected


def polygons(geometry: object) -> BaseGeometry:
    """Return a GeoJSON Polygon or MultiPolygon as a valid shape in degrees.

    Parameters
    ----------
    geometry
        As JSON has it. Heights are dropped; rings may turn either way.

    Raises
    ------
    RingFault
        For the first thing that is wrong with it.
    """
    from shapely import MultiPolygon, Polygon, is_valid_reason

    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in ("Polygon", "MultiPolygon"):
        found = "no geometry" if geometry is None else f"the geometry is {kind!r}"
        raise RingFault(found, "a 'Polygon' or a 'MultiPolygon'")
    given = geometry.get("coordinates")
    parts = [given] if kind == "Polygon" else given
    if not isinstance(parts, list) or not parts:
        raise RingFault("no coordinates", "lists of rings")
    made = []
    for part in parts:
        if not isinstance(part, list) or not part:
            raise RingFault("a polygon without rings", "an outer ring, then its holes")
        outer, *holes = (_ring(ring) for ring in part)
        made.append(Polygon(outer, holes))
    whole: BaseGeometry = made[0] if len(made) == 1 else MultiPolygon(made)
    if not whole.is_valid:
        raise RingFault(
            f"an outline that is none: {is_valid_reason(whole)}",
            "rings that neither cross themselves nor one another",
        )
    if whole.area == 0:
        raise RingFault("an outline without any area")
    return whole


def _ring(ring: object) -> Floats:
    """Return a ring as (points, 2), degrees."""
    if not isinstance(ring, list) or len(ring) < 4:
        count = len(ring) if isinstance(ring, list) else 0
        raise RingFault(f"a ring of {count} positions", "at least four, the last like the first")
    points = np.array([_position(position) for position in ring])
    far = np.abs(points) > [180.0, 90.0]
    if far.any():
        lon, lat = points[far.any(axis=1)][0].tolist()
        metres = abs(lon) > 360.0 or abs(lat) > 360.0
        unit = ": reads like metres" if metres else ""
        raise RingFault(f"a position at {lon:g}, {lat:g}{unit}", _DEGREES)
    if (points[0] != points[-1]).any():
        first, last = ((f"{lon:g}, {lat:g}") for lon, lat in points[[0, -1]].tolist())
        raise RingFault(f"a ring from {first} to {last}", "a ring that ends where it began")
    if np.ptp(points[:, 0]) > 180.0:
        raise RingFault(
            f"a ring {np.ptp(points[:, 0]):.0f} degrees wide",
            "an outline cut in two where it crosses the antimeridian (RFC 7946, 3.1.9)",
        )
    return points


def _position(position: object) -> tuple[float, float]:
    if not isinstance(position, list) or len(position) < 2:
        raise RingFault(f"the position {str(position)[:40]}", _DEGREES)
    lon, lat = position[:2]
    for value in (lon, lat):
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise RingFault(f"the position {str(position)[:40]}", "two numbers")
    try:
        return float(lon), float(lat)
    except OverflowError:
        raise RingFault(f"the position {str(position)[:40]}", _DEGREES) from None


def simplified(shapes: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Return outlines with fewer points, and fewer islands, where they have too many.

    Parameters
    ----------
    shapes
        Valid polygons in degrees. Up to `MOST_POINTS` together they are kept as they are.

    **Source**: see `thinned`.
    """
    from shapely import get_num_coordinates

    kept, step = list(shapes), _span(shapes) / FINEST
    while get_num_coordinates(kept).sum() > MOST_POINTS and step < _span(shapes):
        kept = [_without_specks(shape, step**2) for shape in thinned(shapes, step)]
        step *= 2
    return kept


def thinned(shapes: Sequence[BaseGeometry], step: float) -> list[BaseGeometry]:
    """Return outlines without the points that matter by less than a step, neighbours still joined.

    **Source**: Visvalingam and Whyatt 1993 for borders that neighbours share (GEOS, coverages);
    where outlines overlap or leave gaps, Douglas and Peucker 1973 for each alone.
    """
    from shapely import coverage_is_valid, coverage_simplify, simplify

    if coverage_is_valid(list(shapes)):
        return list(coverage_simplify(list(shapes), step))
    return list(simplify(list(shapes), step, preserve_topology=True))


def _without_specks(shape: BaseGeometry, area: float) -> BaseGeometry:
    """Return an outline without its parts and holes below an area; its largest part stays."""
    from shapely import MultiPolygon, Polygon, get_parts

    parts = sorted(get_parts(shape), key=lambda part: -part.area)
    large = [part for part in parts if part.area >= area] or parts[:1]
    whole = [
        Polygon(part.exterior, [hole for hole in part.interiors if Polygon(hole).area >= area])
        for part in large
    ]
    return whole[0] if len(whole) == 1 else MultiPolygon(whole)


def overlapping(shapes: Sequence[BaseGeometry]) -> list[tuple[int, int]]:
    """Return the pairs of outlines that share more than a hundredth of the smaller one."""
    from shapely import STRtree

    ones, others = STRtree(list(shapes)).query(list(shapes), predicate="intersects")
    pairs = [(a, b) for a, b in zip(ones.tolist(), others.tolist(), strict=True) if a < b]
    return [
        (a, b)
        for a, b in sorted(pairs)
        if shapes[a].intersection(shapes[b]).area > 0.01 * min(shapes[a].area, shapes[b].area)
    ]


def _span(shapes: Sequence[BaseGeometry]) -> float:
    bounds = np.array([shape.bounds for shape in shapes])
    return float((bounds[:, 2:].max(axis=0) - bounds[:, :2].min(axis=0)).max())


def as_text(shape: BaseGeometry) -> str:
    """Return a shape as GeoJSON in few letters."""
    from shapely import transform
    from shapely.geometry import mapping

    return json.dumps(mapping(transform(shape, lambda xy: xy.round(DIGITS))), separators=(",", ":"))


def swapped(shape: BaseGeometry, lon: float, lat: float) -> str:
    """Return what is odd about an outline and the centroid of its region; empty where nothing is.

    Parameters
    ----------
    shape
        In degrees.
    lon, lat
        The centroid, degrees; NaN where it is not known.
    """
    if not (math.isfinite(lon) and math.isfinite(lat)) or _near(shape, lon, lat):
        return ""
    if _near(shape, lat, lon):
        return "longitude and latitude are probably swapped: regions.csv has them the other way"
    return f"lies elsewhere than the centroid of regions.csv ({lon:g}, {lat:g})"


def _near(shape: BaseGeometry, lon: float, lat: float) -> bool:
    left, bottom, right, top = shape.bounds
    wide, high = right - left, top - bottom
    return left - wide <= lon <= right + wide and bottom - high <= lat <= top + high
