"""The map of a risk: each region coloured by the hours that one who lives there is cold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from keepwarm.briefing.map import Kind, drawn_places
from keepwarm.briefing.sketch import CLASSES, FILLS, Cell, Place, drawn_cell, fill_of

if TYPE_CHECKING:
    import pyarrow as pa

    from keepwarm.briefing.words import Words

#: Quantities that are drawn begin so: person-hours, which people of a region share.
DRAWN = "people_hours_"


@dataclass(frozen=True)
class RiskMap:
    """The drawing; ``said`` has a sentence for each cell, for who does not see it."""

    name: str  # of the quantity
    cells: tuple[Cell, ...]
    said: tuple[str, ...]
    width: float
    height: float
    legend: tuple[tuple[str, str], ...]  # fill, label
    kind: Kind


def risk_map(
    places: pa.Table | None, by_region: Mapping[str, Any], name: str | None, texts: Words
) -> RiskMap | None:
    """Draw the mean of a quantity by region, in hours for each person who lives there.

    Parameters
    ----------
    places
        Of the risk; None in folders of before.
    by_region
        Region -> estimates, from its answers.
    name
        A quantity of person-hours; None where it has none.
    texts
        In which language.

    Returns
    -------
    RiskMap or None
        None where there is nothing to draw.

    **Leaves out**: the error of each number, which stands in the table beside it.
    """
    drawn = None if places is None else drawn_places(places, texts.language)
    if drawn is None or name is None:
        return None
    found = [
        Place(one.named.region, people if (people := one.named.people) > 0 else 0.0, hours, None)
        for one in drawn.regions
        for hours in [(by_region.get(one.named.region) or {}).get(name, {}).get("value") or 0.0]
    ]
    each = [one.without / one.people if one.people else 0.0 for one in found]
    top = _round_up(max(each))
    if not top:
        return None
    unit = texts.text("unit.hours")
    numbers = [f"{texts.plain(hours, 2)} {unit}" for hours in each]
    all_of = list(zip(drawn.regions, found, each, numbers, strict=True))
    return RiskMap(
        name=name,
        cells=tuple(
            drawn_cell(region, place, fill_of(hours / top), number)
            for region, place, hours, number in all_of
        ),
        said=tuple(f"{one.named.called(texts.language)}: {number}" for one, _, _, number in all_of),
        width=drawn.width,
        height=drawn.height,
        legend=(
            (FILLS[0], f"0 {unit}"),
            *(
                (fill, f"≤ {texts.plain(share * top, 3)} {unit}")
                for share, fill in zip(CLASSES[1:], FILLS[1:], strict=True)
            ),
        ),
        kind=drawn.kind,
    )


def _round_up(value: float) -> float:
    """Return the next of 1, 2, 5, 10, 20, ... that is not below a value; 0 for none."""
    if not value > 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value * (1 - 1e-12))
