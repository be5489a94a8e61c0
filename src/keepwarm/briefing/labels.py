"""Where a region's name stands on the map: inside its outline, with room for a number below it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

LETTERS = (13.0, 12.0, 11.0, 10.0, 9.0)  # sizes of a label, tried in this order
EM = 0.58  # width of a letter over its size, on the wide side
LINE = 1.25  # height of a line over the size of its letters
TELLING = 4  # letters, the "…" among them, to which a name may be cut
NUMBER = 6  # letters of the longest number below a name: "100 %", "−25 °C"


@dataclass(frozen=True)
class Label:
    """Lines of a name and the room for one number below them, all centred at ``x``.

    ``y`` is the middle of each line, ``number_y`` that of the number. Where not even a number
    fits, there are no lines and ``number_y`` is None.
    """

    lines: tuple[str, ...]
    x: float
    y: tuple[float, ...]
    number_y: float | None
    size: float


def whole_label(name: str, outline: BaseGeometry) -> Label | None:
    """Return the largest label of a whole name that fits into an outline, None where none does.

    Parameters
    ----------
    name
        The name as people read it.
    outline
        A polygon, or several: the label stands in the largest.
    """
    body, spots = _body_and_spots(outline)
    for size in LETTERS:
        for lines in ((name,), broken(name)):
            label = _fitting(lines, size, body, spots)
            if label is not None:
                return label
    return None


def label_inside(name: str, outline: BaseGeometry) -> Label:
    """Return the label of a name, cut where an outline is too small for it.

    Cut to fewer letters than tell it from others, a name is left out, and so is the number
    below it where it would stand on its neighbours.
    """
    whole = whole_label(name, outline)
    if whole is not None:
        return whole
    body, spots = _body_and_spots(outline)
    longest = math.ceil(max(map(letters_wide, broken(name))))
    cuts = [tuple(_cut(part, k) for part in broken(name)) for k in range(longest, TELLING, -1)]
    for lines in (*cuts, ()):
        label = _fitting(lines, LETTERS[-1], body, spots)
        if label is not None:
            return label
    return Label((), round(spots[-1][0], 1), (), None, LETTERS[-1])


def _fitting(
    lines: tuple[str, ...], size: float, body: BaseGeometry, spots: Sequence[tuple[float, ...]]
) -> Label | None:
    """Return lines with a number below them at the first spot where they fit into a polygon."""
    from shapely import box

    half = max(NUMBER, *map(letters_wide, lines)) if lines else NUMBER
    half = half * EM * size / 2 + 3
    tall = (len(lines) + 1) * LINE * size / 2 + 2
    for x, y in spots:
        if body.contains(box(x - half, y - tall, x + half, y + tall)):
            return _placed(lines, x, y, size)
    return None


def _body_and_spots(outline: BaseGeometry) -> tuple[BaseGeometry, list[tuple[float, ...]]]:
    """Return the largest polygon of an outline, and where in it a label may be centred.

    **Source**: GEOS (largest inscribed circle, for outlines that bend around their centre).
    """
    from shapely import get_parts, maximum_inscribed_circle

    body = max(get_parts(outline), key=lambda part: part.area)
    circle = maximum_inscribed_circle(body)
    return body, [body.centroid.coords[0], circle.coords[0]]


def _placed(lines: tuple[str, ...], x: float, middle: float, size: float) -> Label:
    top = middle - len(lines) * size * LINE / 2
    y = [round(top + k * size * LINE, 1) for k in range(len(lines) + 1)]
    return Label(lines, round(x, 1), tuple(y[:-1]), y[-1], size)


def letters_wide(text: str) -> float:
    """Return the width of a text in Latin letters; Cyrillic, Chinese and the like are wider.

    Examples
    --------
    >>> letters_wide("Kalt")
    4.0
    """
    return sum(map(_letter_wide, text))


def _letter_wide(letter: str) -> float:
    if east_asian_width(letter) in "WF":
        return 1 / EM
    return 1.12 if "\u0400" <= letter <= "\u052f" else 1.0


def broken(name: str) -> tuple[str, ...]:
    """Break a name into two lines of nearly the same length where it has a blank.

    Examples
    --------
    >>> broken("Upper Mill Street")
    ('Upper Mill', 'Street')
    """
    words = name.split()
    if len(words) < 2:
        return (name,)
    halves = [(" ".join(words[:k]), " ".join(words[k:])) for k in range(1, len(words))]
    return min(halves, key=lambda pair: max(map(len, pair)))


def _cut(text: str, letters: int) -> str:
    if letters_wide(text) <= letters:
        return text
    kept = ""
    for letter in text:
        if kept and letters_wide(kept + letter) > letters - 1:
            break
        kept += letter
    return kept.rstrip() + "…"
