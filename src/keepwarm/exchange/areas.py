"""The user's own outlines of regions as other formats want them; a run without them has none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from keepwarm.runs.run import Run

if TYPE_CHECKING:
    from shapely import Polygon

#: Most points of a ring in an alert: it goes to telephones.
RING_POINTS = 100
#: Digits of a degree in an alert: a metre.
RING_DIGITS = 5


def outlines_of(run: Run) -> Mapping[str, Mapping[str, Any]]:
    """Return region -> its outline as GeoJSON, outer rings anticlockwise (RFC 7946).

    Parameters
    ----------
    run
        Column ``outline`` of its table of places; runs of earlier versions have none.
    """
    from shapely import orient_polygons
    from shapely.geometry import mapping, shape

    places = run.tables["places"]
    if "outline" not in places.column_names:
        return {}
    return {
        row["region"]: mapping(orient_polygons(shape(json.loads(row["outline"]))))
        for row in places.select(["region", "outline"]).to_pylist()
        if row["outline"]
    }


def alert_rings(outline: Mapping[str, Any]) -> list[str]:
    """Return the outer rings of an outline as CAP writes them: "lat,lon lat,lon ...", closed.

    **Source**: CAP 1.2, section 3.2.4 (polygon). **Leaves out** holes, for which CAP has no place,
    and what is finer than `RING_POINTS` points show (Douglas and Peucker 1973).
    """
    from shapely import get_parts, simplify
    from shapely.geometry import shape

    whole = shape(dict(outline))
    span = max(whole.bounds[2] - whole.bounds[0], whole.bounds[3] - whole.bounds[1])
    rings = []
    for part in get_parts(whole):
        ring: Polygon = part
        step = span / 4000
        while len(ring.exterior.coords) > RING_POINTS:
            ring, step = simplify(part, step, preserve_topology=True), step * 2
        pairs = (
            f"{lat:.{RING_DIGITS}f},{lon:.{RING_DIGITS}f}" for lon, lat in ring.exterior.coords
        )
        rings.append(" ".join(pairs))
    return rings
