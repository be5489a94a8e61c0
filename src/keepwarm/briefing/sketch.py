"""A sketch of the regions: cells around their centroids, or tiles where cells are too small.

No map tiles and no borders of real places: each cell holds what is nearer to its centroid than to
any other, cut to a soft outline.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from keepwarm.briefing.view import View
from keepwarm.case.nouns import Floats

if TYPE_CHECKING:
    from shapely import Polygon
    from shapely.geometry.base import BaseGeometry

WIDTH = 420.0
TALLEST = 420.0
LETTERS = (13.0, 12.0, 11.0, 10.0, 9.0)  # sizes of a label, tried in this order
EM = 0.58  # width of a letter over its size, on the wide side
LINE = 1.25  # height of a line over the size of its letters

#: Upper ends of the classes of a share, and their colours: one hue, light to dark.
CLASSES = (0.005, 0.10, 0.25, 0.50, 0.75, 1.0)
FILLS = ("#f1f3f5", "#dbe4f0", "#b9cce6", "#8fb0d9", "#3d679f", "#1d3f72")
DARK, LIGHT = "#111111", "#ffffff"


@dataclass(frozen=True)
class Place:
    """What is known of one region at the worst hour."""

    region: str
    people: float
    without: float  # people
    coldest_degc: float | None  # coldest group's central temperature over the run

    @property
    def share(self) -> float:
        """Share of people without, 0 to 1."""
        return min(1.0, self.without / self.people) if self.people > 0 else 0.0


@dataclass(frozen=True)
class Cell:
    """One drawn region: its outline, and its label line by line."""

    place: Place
    path: str
    fill: str
    ink: str
    lines: tuple[str, ...]
    x: float
    y: tuple[float, ...]
    size: float


@dataclass(frozen=True)
class Sketch:
    """The drawing and the numbers in it; ``service`` is the one that most people are without."""

    cells: tuple[Cell, ...]
    width: float
    height: float
    legend: tuple[tuple[str, str], ...]  # fill, label
    service: str
    time: str | None
    places: tuple[Place, ...]
    tiles: bool


def sketch(view: View, service: str) -> Sketch | None:
    """Draw the regions by the share of people without a service at the worst hour.

    Parameters
    ----------
    view
        The run.
    service
        Which service counts.

    Returns
    -------
    Sketch or None
        None in a case without regions, or without people in them.
    """
    if not view.regions or not view.place("people").sum() > 0:
        return None
    without = view.by_region(f"people_without_{service}")
    worst = int(without.sum(axis=1).argmax())
    coldest = view.by_region("indoor_coldest_degc")
    lowest = [float(np.nanmin(c)) if np.isfinite(c).any() else None for c in coldest.T]
    people = view.place("people").tolist()
    places = tuple(
        Place(name, people[r], float(without[worst, r]), lowest[r])
        for r, name in enumerate(view.regions)
    )
    return draw(
        places, view.place("lon"), view.place("lat"), service, view.moment(float(view.hours[worst]))
    )


def draw(
    places: tuple[Place, ...], lon: Floats, lat: Floats, service: str, time: str | None
) -> Sketch:
    """Return cells where every label fits into its own, else tiles of one size."""
    outlines = outlines_around(lon, lat)
    cells = None if outlines is None else _cells(places, outlines)
    tiles = cells is None
    if cells is None:
        outlines = tile_outlines(lon, lat)
        cells = _cells(places, outlines, force=True)
    bottom = max(outline.bounds[3] for outline in outlines or ())
    return Sketch(
        cells=tuple(cells or ()),
        width=WIDTH,
        height=math.ceil(bottom + 2),
        legend=_legend(),
        service=service,
        time=time,
        places=places,
        tiles=tiles,
    )


def outlines_around(lon: Floats, lat: Floats) -> list[Polygon] | None:
    """Return one cell per centroid in units of the drawing, None where centroids coincide.

    **Source**: Voronoi cells (GEOS), cut to the buffered convex hull of the centroids.
    """
    from shapely import MultiPoint, Point, voronoi_polygons

    xy = _plane(lon, lat)
    if xy is None:
        return None
    reach = _reach(xy)
    if reach is None:
        return None
    points = [Point(x, y) for x, y in xy.tolist()]
    hull = MultiPoint(points).convex_hull.buffer(reach)
    if len(points) == 1:
        return _fitted([hull])
    found = voronoi_polygons(MultiPoint(points), extend_to=hull.envelope.buffer(reach))
    own = [next(cell for cell in found.geoms if cell.contains(point)) for point in points]
    return _fitted([cell.intersection(hull) for cell in own])


def _plane(lon: Floats, lat: Floats) -> Floats | None:
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


def _fitted(cells: list[BaseGeometry]) -> list[Polygon]:
    """Scale outlines into the width of the drawing, or its greatest height."""
    from shapely import GeometryCollection, Polygon, get_coordinates

    left, top, right, bottom = GeometryCollection(cells).bounds
    scale = min((WIDTH - 4) / (right - left), (TALLEST - 4) / (bottom - top))
    shift = [(WIDTH - scale * (right - left)) / 2 - scale * left, 2 - scale * top]
    return [Polygon(get_coordinates(cell) * scale + shift) for cell in cells]


def tile_outlines(lon: Floats, lat: Floats) -> list[Polygon]:
    """Return one tile per region on a grid, as near to where it lies as the grid allows."""
    from scipy.optimize import linear_sum_assignment
    from shapely import box

    count = len(lon)
    columns = min(5, max(1, math.ceil(math.sqrt(count))))
    rows = -(-count // columns)
    wide, high = (WIDTH - 4) / columns, min(64.0, 300.0)
    slots = [(c, r) for r in range(rows) for c in range(columns)]
    xy = _plane(lon, lat)
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


def _cells(
    places: tuple[Place, ...], outlines: list[Polygon], *, force: bool = False
) -> list[Cell] | None:
    """Return the drawn cells, None where a label does not fit and is not forced to."""
    found = []
    for place, outline in zip(places, outlines, strict=True):
        number = f"{100 * place.share:.0f} %"
        label = _label(place.region, number, outline, force=force)
        if label is None:
            return None
        lines, x, middle, size = label
        top = middle - (len(lines) - 1) * size * LINE / 2
        fill = fill_of(place.share)
        found.append(
            Cell(
                place=place,
                path=_path(outline),
                fill=fill,
                ink=ink_on(fill),
                lines=lines,
                x=x,
                y=tuple(top + k * size * LINE for k in range(len(lines))),
                size=size,
            )
        )
    return found


def _label(
    name: str, number: str, outline: Polygon, *, force: bool
) -> tuple[tuple[str, ...], float, float, float] | None:
    """Return lines, centre and size of the largest label that fits into an outline."""
    from shapely import box, maximum_inscribed_circle

    circle = maximum_inscribed_circle(outline)
    spots = [circle.coords[0], outline.centroid.coords[0]]
    for size in LETTERS:
        for lines in ((name, number), (*_broken(name), number)):
            half = max(map(len, lines)) * EM * size / 2 + 3
            tall = len(lines) * LINE * size / 2 + 2
            for x, y in spots:
                if outline.contains(box(x - half, y - tall, x + half, y + tall)):
                    return lines, x, y, size
    if not force:
        return None
    left, top, right, bottom = outline.bounds
    letters = int((right - left - 6) / (EM * LETTERS[-1]))
    lines = tuple(_cut(part, letters) for part in _broken(name))
    return (*lines, number), (left + right) / 2, (top + bottom) / 2, LETTERS[-1]


def _broken(name: str) -> tuple[str, ...]:
    """Break a name into two lines of nearly the same length where it has a blank."""
    words = name.split()
    if len(words) < 2:
        return (name,)
    halves = [(" ".join(words[:k]), " ".join(words[k:])) for k in range(1, len(words))]
    return min(halves, key=lambda pair: max(map(len, pair)))


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: max(1, letters - 1)].rstrip() + "…"


def _path(outline: Polygon) -> str:
    from shapely import get_coordinates, get_exterior_ring

    points = get_coordinates(get_exterior_ring(outline))[:-1]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points.tolist()) + "Z"


def fill_of(share: float) -> str:
    """Return the colour of a share of people."""
    return next((f for top, f in zip(CLASSES, FILLS, strict=True) if share <= top), FILLS[-1])


def ink_on(fill: str) -> str:
    """Return dark or light letters, whichever stand out more on a colour."""
    return max((DARK, LIGHT), key=lambda ink: contrast(ink, fill))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21.

    **Source**: WCAG 2.1, relative luminance and contrast ratio.

    Examples
    --------
    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0
    """
    bright = sorted((_luminance(one), _luminance(other)))
    return (bright[1] + 0.05) / (bright[0] + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def _legend() -> tuple[tuple[str, str], ...]:
    edges = [100 * top for top in CLASSES]
    labels = ["0 %", f"≤ {edges[1]:.0f} %"]
    labels += [f"≤ {edge:.0f} %" for edge in edges[2:]]
    return tuple(zip(FILLS, labels, strict=True))
