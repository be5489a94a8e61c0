"""regions.geojson: outlines that the user brings, one for each region.

RFC 7946: a feature collection in WGS 84, longitude before latitude. keepwarm ships no borders.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keepwarm.case.nouns import Regions
from keepwarm.case.reading import SHOWN, Reading
from keepwarm.case.rings import RingFault, as_text, overlapping, polygons, simplified, swapped
from keepwarm.errors import nearest

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

#: Largest file, bytes: borders of a country's districts in full detail are smaller.
LARGEST = 30_000_000
#: Properties that may name a region; the first that a feature has counts.
NAMED_BY = ("region", "name")
#: What a GeoJSON of before 2016 may say of its coordinates when they are longitude and latitude.
WGS84 = ("CRS84", "4326")


def read_outlines(reading: Reading, path: Path, regions: Regions) -> Regions:
    """Return the regions with the outlines of regions.geojson; as they are where it is not there.

    Parameters
    ----------
    reading : Reading
        Where faults go.
    path : Path
        The file.
    regions : Regions
        Regions of the case: each needs one feature, and every feature is one of them.
    """
    if not path.exists():
        return regions
    # Read on its own: a fault here says nothing of the rows of regions.csv.
    own = Reading(reading.root)
    features = _features(own, path)
    reading.faults += own.faults
    reading.hashes.update(own.hashes)
    if features is None or not reading.whole("regions", "buses"):
        return regions
    file, before = reading.name_of(path), len(reading.faults)
    at = _matched(reading, file, features, regions)
    shapes: dict[int, BaseGeometry] = {}
    for region, number in at.items():
        where = f"feature {number + 1} '{regions.name[region]}'"
        try:
            shapes[region] = polygons(features[number].get("geometry"))
        except RingFault as fault:
            reading.fault(file, None, where, fault.found, fault.expected)
    for region in range(len(regions)):
        if region not in at:
            reading.fault(file, None, None, f"no outline of region '{regions.name[region]}'")
    if len(reading.faults) > before:
        return regions
    _warn_where_apart(reading, file, shapes, regions)
    kept = simplified([shapes[r] for r in range(len(regions))])
    for one, other in overlapping(kept):
        found = f"the outlines of '{regions.name[one]}' and '{regions.name[other]}' overlap"
        reading.warn(file, None, None, found)
    return replace(regions, outline=tuple(map(as_text, kept)))


def _features(reading: Reading, path: Path) -> list[Mapping[str, Any]] | None:
    """Return the features of a file, None with a fault where it is no collection of them."""
    file = reading.name_of(path)
    if path.is_file() and path.stat().st_size > LARGEST:
        found = f"{path.stat().st_size / 1e6:.0f} MB"
        expected = f"at most {LARGEST / 1e6:.0f} MB: simplify the outlines"
        reading.fault(file, None, None, found, expected)
        return None
    text = reading.text_of(path)
    if text is None:
        return None
    try:
        document = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        found = "brackets too deep" if isinstance(error, RecursionError) else str(error)
        reading.fault(file, line, None, f"no JSON: {found}")
        return None
    kind = document.get("type") if isinstance(document, dict) else type(document).__name__
    if kind != "FeatureCollection" or not isinstance(document.get("features"), list):
        found = f"the document is {kind!r}" if kind != "FeatureCollection" else "no 'features'"
        reading.fault(file, None, "type", found, "a GeoJSON 'FeatureCollection' with 'features'")
        return None
    named = document.get("crs")
    if named is not None and not any(code in json.dumps(named) for code in WGS84):
        expected = "longitude and latitude in degrees, WGS 84 (RFC 7946)"
        reading.fault(file, None, "crs", f"coordinates in {_system(named)}", expected)
        return None
    return [feature if isinstance(feature, dict) else {} for feature in document["features"]]


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _system(crs: object) -> str:
    """Return the name of a coordinate system as an older GeoJSON gives it."""
    name = crs
    while isinstance(name, dict):
        name = name.get("name") or name.get("properties")
    return f"'{name}'" if isinstance(name, str) else "a system of their own"


def _matched(
    reading: Reading, file: str, features: list[Mapping[str, Any]], regions: Regions
) -> dict[int, int]:
    """Return region -> feature; what matches nothing, or what is matched already, is a fault."""
    known = _names(regions)
    at: dict[int, int] = {}
    strangers = 0
    for number, feature in enumerate(features):
        name = _name_of(feature)
        where = f"feature {number + 1}"
        if name is None:
            found = "no property 'region' or 'name'"
            reading.fault(file, None, where, found, "the name of a region of this case")
        elif name not in known:
            strangers += 1
            if strangers <= SHOWN:
                near = nearest(name, known)
                reading.fault(file, None, where, f"'{name}' is no region of this case", "", near)
        elif known[name] in at:
            first = at[known[name]] + 1
            own = regions.name[known[name]]
            found = f"a second outline of region '{own}'; the first is feature {first}"
            reading.fault(file, None, where, found, "one MultiPolygon")
        else:
            at[known[name]] = number
    if strangers > SHOWN:
        found = f"{strangers - SHOWN} more features of no region of this case"
        reading.fault(file, None, None, found)
    return at


def _names(regions: Regions) -> dict[str, int]:
    """Return every name that means one region: its own, then those in other languages."""
    found = {name: at for at, name in enumerate(regions.name)}
    others: dict[str, set[int]] = {}
    for at, label in enumerate(regions.labels):
        for name in label.values():
            others.setdefault(name, set()).add(at)
    return {name: min(at) for name, at in others.items() if len(at) == 1} | found


def _name_of(feature: Mapping[str, Any]) -> str | None:
    own = feature.get("properties")
    if not isinstance(own, dict):
        return None
    named = (own[key] for key in NAMED_BY if isinstance(own.get(key), str))
    return next((name.strip() for name in named), None)


def _warn_where_apart(
    reading: Reading, file: str, shapes: Mapping[int, BaseGeometry], regions: Regions
) -> None:
    """Warn of an outline that lies elsewhere than regions.csv has its region."""
    for at, shape in shapes.items():
        lon, lat = float(regions.lon[at]), float(regions.lat[at])
        verdict = swapped(shape, lon, lat)
        if verdict:
            reading.warn(file, None, f"'{regions.name[at]}'", verdict)
