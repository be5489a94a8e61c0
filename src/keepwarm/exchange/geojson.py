"""GeoJSON: the regions of a run, with what it came to in each.

**Source**: RFC 7946.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from keepwarm.exchange.areas import outlines_of
from keepwarm.exchange.region_table import RegionTable, region_table
from keepwarm.exchange.whole import plain, write_bytes_whole
from keepwarm.runs.run import Run

# The same text to every reader of JSON, and no markup where a page takes it in as it is.
_ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def geojson_of(run: Run) -> str:
    """Return the regions of a run as a FeatureCollection.

    Returns
    -------
    str
        A feature per region: the user's own outline, else its point where the case gives one, else
        no geometry; names by language, and the columns of `region_table`, null where the run does
        not tell.

    **Leaves out** every place of an asset.
    """
    table, told, outlines = region_table(run), run.answers, outlines_of(run)
    case = run.manifest["case"]
    title = case.get("title", "") if isinstance(case, dict) else ""
    collection = {
        "type": "FeatureCollection",
        "features": [
            _feature(table, row, outlines.get(name)) for row, name in enumerate(table.region)
        ],
        "keepwarm": {
            "version": run.manifest["keepwarm"],
            "case": plain(str(told["case"])),
            "title": plain(str(title)),
            "start": told["start"],
            "hours": told["hours"],
            "note": "A model's answer, not an observation.",
        },
    }
    text = json.dumps(collection, ensure_ascii=False, indent=1, allow_nan=False)
    return text.translate(_ESCAPED) + "\n"


def write_geojson(run: Run, path: Path) -> None:
    """Write `geojson_of` a run, whole or not at all.

    Raises
    ------
    InputError
        Where the file cannot be written.
    """
    write_bytes_whole(path, geojson_of(run).encode())


def _feature(
    table: RegionTable, row: int, outline: Mapping[str, object] | None
) -> dict[str, object]:
    labels = table.labels[row]
    names = {"region" if not code else f"region_{code}": name for code, name in labels.items()}
    numbers = {column.name: _number(float(column.values[row])) for column in table.columns}
    point = [float(table.lon[row]), float(table.lat[row])]
    known = bool(np.isfinite(point).all())
    geometry = outline or ({"type": "Point", "coordinates": point} if known else None)
    return {"type": "Feature", "geometry": geometry, "properties": names | numbers}


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
