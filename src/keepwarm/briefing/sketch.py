"""The map as the brief shows it: each region coloured by its share of people without a service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from keepwarm.briefing.map import DrawnRegion, Kind, RegionMap, region_map
from keepwarm.briefing.view import View

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

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
    kind: Kind


def sketch(view: View, service: str, language: str = "en") -> Sketch | None:
    """Draw the regions by the share of people without a service at the worst hour.

    Parameters
    ----------
    view
        The run.
    service
        Which service counts.
    language
        Language of the names in the map.

    Returns
    -------
    Sketch or None
        None in a case without regions, or without people in them.
    """
    drawn = region_map(view.run, language)
    if drawn is None or not view.place("people").sum() > 0:
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
    return coloured(drawn, places, service, view.moment(float(view.hours[worst])))


def coloured(drawn: RegionMap, places: tuple[Place, ...], service: str, time: str | None) -> Sketch:
    """Return the map with each region's share of people without in it, as a colour and a number."""
    return Sketch(
        cells=tuple(map(_cell, drawn.regions, places)),
        width=drawn.width,
        height=drawn.height,
        legend=_legend(),
        service=service,
        time=time,
        places=places,
        kind=drawn.kind,
    )


def _cell(region: DrawnRegion, place: Place) -> Cell:
    return drawn_cell(region, place, fill_of(place.share), f"{100 * place.share:.0f} %")


def drawn_cell(region: DrawnRegion, place: Place, fill: str, number: str) -> Cell:
    """Return a region as it is drawn, with a colour and, where there is room, a number."""
    label = region.label
    lines, y = label.lines, label.y
    if label.number_y is not None:
        lines, y = (*lines, number), (*y, label.number_y)
    return Cell(
        place=place,
        path=_path(region.outline),
        fill=fill,
        ink=ink_on(fill),
        lines=lines,
        x=label.x,
        y=y,
        size=label.size,
    )


def _path(outline: BaseGeometry) -> str:
    """Return every ring of an outline as one path; holes stay empty where it is filled evenodd."""
    from shapely import get_coordinates, get_parts, get_rings

    rings = get_rings(get_parts(outline))
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in get_coordinates(ring)[:-1].tolist()) + "Z"
        for ring in rings
    )


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
