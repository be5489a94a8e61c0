"""The user's own outlines, from longitude and latitude to units of the drawing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from keepwarm.briefing.cells import fitted
from keepwarm.case.nouns import Floats
from keepwarm.case.rings import overlapping, thinned

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

#: Finest bend of a border that is drawn, units of the drawing.
FINEST = 0.3
#: Smallest island that is drawn where a region has a larger part, square units.
SPECK = 1.0


def drawn_outlines(texts: Sequence[str]) -> list[BaseGeometry]:
    """Return outlines as they are drawn: on a plane, y down, scaled, borders no finer than seen.

    Parameters
    ----------
    texts
        GeoJSON geometry of each region, as a run's table of places has it. Where two overlap, the
        smaller one lies on top.
    """
    from shapely import transform
    from shapely.geometry import shape

    degrees = [shape(json.loads(text)) for text in texts]
    centre = middle(degrees)
    flat = fitted([transform(s, lambda lonlat: flattened(lonlat, *centre)) for s in degrees])
    return _apart([_without_specks(outline) for outline in thinned(flat, FINEST)])


def middle(shapes: Sequence[BaseGeometry]) -> tuple[float, float]:
    """Return the middle of all shapes, degrees, also where they lie around the antimeridian."""
    from shapely import get_coordinates

    lon, lat = get_coordinates(list(shapes)).T
    east = np.where(lon < 0, lon + 360, lon)
    lon = east if np.ptp(east) < np.ptp(lon) else lon
    return float(lon.min() + lon.max()) / 2, float(lat.min() + lat.max()) / 2


def flattened(lonlat: Floats, lon_0: float, lat_0: float) -> Floats:
    """Return points on a plane, in radii of the earth: x to the right, y down.

    Parameters
    ----------
    lonlat
        (points, 2), degrees.
    lon_0, lat_0
        Centre of the drawing, degrees.

    **Source**: Snyder 1987, Map Projections: A Working Manual, equations 24-2, 22-4 and 22-5:
    Lambert's azimuthal equal-area projection of a sphere.
    **Leaves out**: the earth's flattening, which nobody sees in a drawing.
    """
    lon, lat = np.radians(lonlat - [lon_0, 0.0]).T
    here = np.radians(lat_0)
    along = np.cos(lat) * np.cos(lon)
    scale = np.sqrt(2 / (1 + np.sin(here) * np.sin(lat) + np.cos(here) * along))
    x = scale * np.cos(lat) * np.sin(lon)
    y = scale * (np.cos(here) * np.sin(lat) - np.sin(here) * along)
    flat: Floats = np.column_stack([x, -y])
    return flat


def _without_specks(outline: BaseGeometry) -> BaseGeometry:
    """Return an outline without the islands that nobody would see; its largest part stays."""
    from shapely import MultiPolygon

    parts: list[Any] = sorted(_polygons(outline), key=lambda part: -part.area)
    seen = [part for part in parts if part.area >= SPECK] or parts[:1]
    return seen[0] if len(seen) == 1 else MultiPolygon(seen)


def _apart(outlines: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Take from each outline what smaller ones cover, so that a city shows inside its region."""
    from shapely import union_all

    found = list(outlines)
    for one, other in overlapping(outlines):
        small, large = sorted((one, other), key=lambda k: outlines[k].area)
        left = union_all(_polygons(found[large].difference(outlines[small])))
        if not left.is_empty:  # else the two are the same place
            found[large] = left
    return found


def _polygons(shape: BaseGeometry) -> list[BaseGeometry]:
    from shapely import get_parts

    return [part for part in get_parts(shape) if part.geom_type == "Polygon"]
