"""The regions as the page draws them: the same cells as in the brief, in units of the drawing."""

from __future__ import annotations

import math
from typing import Any

from keepwarm.briefing.cells import WIDTH, outlines_around, tile_outlines
from keepwarm.case.nouns import Case


def map_document(case: Case) -> dict[str, Any]:
    """Return the regions as a planar GeoJSON document, y down; without features where none are."""
    from shapely import get_coordinates, get_exterior_ring, maximum_inscribed_circle

    regions = case.regions
    if not len(regions):
        return {"type": "FeatureCollection", "width": WIDTH, "height": 0, "features": []}
    outlines = outlines_around(regions.lon, regions.lat)
    tiles = outlines is None
    if outlines is None:
        outlines = tile_outlines(regions.lon, regions.lat)
    features = []
    for r, outline in enumerate(outlines):
        x, y = maximum_inscribed_circle(outline).coords[0]
        ring = get_coordinates(get_exterior_ring(outline)).round(1).tolist()
        features.append(
            {
                "type": "Feature",
                "id": regions.name[r],
                "properties": {
                    "names": dict(regions.labels[r]),
                    "people": float(regions.people[r]),
                    "label": {"lines": [regions.name[r]], "x": x, "y": [y], "size": 12},
                },
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    height = math.ceil(max(outline.bounds[3] for outline in outlines) + 2)
    return {
        "type": "FeatureCollection",
        "width": WIDTH,
        "height": height,
        "tiles": tiles,
        "features": features,
    }
