"""One region of a run: its groups hour by hour, deadlines, decisions with reasons, causes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from keepwarm.briefing.view import View
from keepwarm.case.nouns import BAND, Floats
from keepwarm.errors import Fault, InputError, nearest
from keepwarm.runs.run import Run
from keepwarm.said.sentence import known, told_in

#: Answers that have a row per region or group, and what a row names its region with.
_ANSWERS = ("drain_deadlines", "decisions", "warming_points")


def place_document(run: Run, region: str) -> dict[str, Any]:
    """Return what a run knows of one region; hours count from its start, bands are low to high.

    Raises
    ------
    InputError
        Where the run has no such region.
    """
    view = View(run)
    if region not in view.regions:
        fault = Fault("region", None, None, f"'{region}'", "", nearest(region, view.regions))
        raise InputError((fault,))
    place = view.rows("places")[view.regions.index(region)]
    inside = np.flatnonzero(view.inside(region))
    rows = view.rows("groups")
    groups = [_group(view, rows[g], g) for g in inside.tolist()]
    names = {one["group"] for one in groups}
    document = {
        "region": region,
        "names": dict(place["labels"] or ()),
        "people": place["people"],
        "vulnerable_share": place["vulnerable_share"],
        "buildings": place["buildings"],
        "series": _series(view, view.regions.index(region)),
        "indoor_degc": _indoor(view, inside),
        "groups": groups,
        "causes": [row for row in view.rows("causes") if row["group"] in names],
        **{name: _rows(view.answers.get(name), region) for name in _ANSWERS},
    }
    return {**document, "says": told_in([one["archetype"] for one in groups])}


def _rows(rows: object, region: str) -> list[Mapping[str, Any]]:
    if not isinstance(rows, Sequence):
        return []
    return [row for row in rows if isinstance(row, Mapping) and row.get("region") == region]


def _series(view: View, place: int) -> dict[str, Any]:
    """Return the region's columns by step, as the table has them."""
    table = view.run.tables["regions"]
    names = [name for name in table.column_names if name not in ("time", "region")]
    return {name: _rounded(view.by_region(name)[:, place]) for name in names}


def _indoor(view: View, inside: np.ndarray[Any, Any]) -> dict[str, Any] | None:
    """Return the mean over the region's people by step, for each end of the band."""
    people = view.group("people")[inside]
    if not inside.size or not people.sum() > 0:
        return None
    mean = view.indoor_degc[:, :, inside] @ people / people.sum()
    return {band: _rounded(mean[b]) for b, band in enumerate(BAND)}


def _group(view: View, row: Mapping[str, Any], g: int) -> dict[str, Any]:
    """Return a group's row of the run, with its temperatures and shares by step."""
    return {
        **row,
        "archetype": known(row["archetype"]),
        "indoor_degc": {band: _rounded(view.indoor_degc[b, :, g]) for b, band in enumerate(BAND)},
        **{name: _rounded(view.by_group(name)[:, g], 3) for name in ("heat_share", "power_share")},
    }


def _rounded(values: Floats, digits: int = 2) -> list[float]:
    found: list[float] = np.round(values, digits).tolist()
    return found
