"""Outlines of regions in units of the drawing: cells around centroids, or tiles of one size.

x grows to the right, y downwards.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from keepwarm.case.nouns import Floats

if TYPE_CHECKING:
    from shapely import Polygon
    from shapely.geometry.base import BaseGeometry

WIDTH = 420.0
TALLEST = 420.0
EDGE = 2.0  # room around the drawing
TILE_HEIGHT = 64.0


def outlines_around(lon: Floats, lat: Floats) -> list[Polygon] | None:
    """Return one cell per centroid in units of the drawing, None where centroids coincide.

    **Source**: Voronoi cells (GEOS), cut to the buffered convex hull of the centroids.
    """
    from shapely import MultiPoint, Point, voronoi_polygons

    xy = plane(lon, lat)
    if xy is None:
        return None
    reach = _reach(xy)
    if reach is None:
        return None
    points = [Point(x, y) for x, y in xy.tolist()]
    hull = MultiPoint(points).convex_hull.buffer(reach)
    if len(points) == 1:
        return fitted([hull])
    found = voronoi_polygons(MultiPoint(points), extend_to=hull.envelope.buffer(reach))
    own = [next(cell for cell in found.geoms if cell.contains(point)) for point in points]
    return fitted([cell.intersection(hull) for cell in own])


def plane(lon: Floats, lat: Floats) -> Floats | None:
    """Return x to the right and y down on a plane, None where a centroid is missing."""
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        return None
    squeeze = math.cos(math.radians(float(lat.mean())))
    return np.column_stack([(lon - lon.mean()) * squeeze, lat.mean() - lat])


def _reach(xy: Floats) -> float | None:
    """Return how far the outline stands from the outer centroids; None where two coincide."""
    if len(xy) == 1:
        return 1.0
    apart = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    nearest = apart.min(axis=1)
    span = float(np.ptp(xy, axis=0).max())
    if nearest.min() <= 1e-6 * max(span, 1e-9):
        return None
    return float(0.6 * np.median(nearest))


def fitted(outlines: Sequence[BaseGeometry]) -> list[Any]:
    """Scale outlines on a plane into the width of the drawing, or its greatest height."""
    from shapely import GeometryCollection, transform

    left, top, right, bottom = GeometryCollection(list(outlines)).bounds
    scale = min((WIDTH - 2 * EDGE) / (right - left), (TALLEST - 2 * EDGE) / (bottom - top))
    shift = np.array([(WIDTH - scale * (right - left)) / 2 - scale * left, EDGE - scale * top])
    return [transform(outline, lambda xy: xy * scale + shift) for outline in outlines]


def tile_outlines(lon: Floats, lat: Floats) -> list[Polygon]:
    """Return one tile per region on a grid, as near to where it lies as the grid allows."""
    from scipy.optimize import linear_sum_assignment
    from shapely import box

    count = len(lon)
    columns = min(5, max(1, math.ceil(math.sqrt(count))))
    rows = -(-count // columns)
    wide, high = (WIDTH - 2 * EDGE) / columns, TILE_HEIGHT
    slots = [(c, r) for r in range(rows) for c in range(columns)]
    xy = plane(lon, lat)
    order = list(range(count))
    if xy is not None and count > 1:
        span = np.maximum(np.ptp(xy, axis=0), 1e-12)
        where = (xy - xy.min(axis=0)) / span * [columns - 1, max(rows - 1, 1)]
        cost = ((where[:, None] - np.array(slots, float)[None]) ** 2).sum(axis=2)
        order = linear_sum_assignment(cost)[1].tolist()
    return [
        box(2 + c * wide + 2, 2 + r * high + 2, 2 + (c + 1) * wide - 2, 2 + (r + 1) * high - 2)
        for c, r in (slots[k] for k in order)
    ]
