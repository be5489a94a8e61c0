"""Reading the examples' tables, and heat need worked out from them without keepwarm."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table as they stand."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def loss_mw_per_kelvin(case: Path, wind_m_per_s: float) -> Counter[str]:
    """Return the loss of the rooms on each heat bus with the central parameters."""
    per_m2 = loss_w_per_m2k(case / "archetypes.csv", wind_m_per_s)
    loss: Counter[str] = Counter()
    for group in rows(case / "buildings.csv"):
        loss[group["heat_bus"]] += per_m2[group["archetype"]] * float(group["floor_area_m2"]) / 1e6
    return loss


def loss_w_per_m2k(archetypes: Path, wind_m_per_s: float) -> Counter[str]:
    """Return the loss of each archetype, its flats by their share of the floor."""
    kinds: dict[str, dict[str, dict[str, float]]] = {}
    for row in rows(archetypes):
        flats = kinds.setdefault(row["archetype"], {})
        flats.setdefault(row["position"], {})[row["parameter"]] = float(row["central"])
    loss: Counter[str] = Counter()
    for archetype, flats in kinds.items():
        for position, own in flats.items():
            if position or len(flats) == 1:
                k = {"share": 1.0} | flats.get("", {}) | own
                loss[archetype] += k["share"] * _flat_w_per_m2k(k, wind_m_per_s)
    return loss


def _flat_w_per_m2k(k: dict[str, float], wind_m_per_s: float) -> float:
    envelope = (
        k["wall_m2_per_m2"] * k["u_wall_w_per_m2k"]
        + k["window_m2_per_m2"] * k["u_window_w_per_m2k"]
        + k["roof_and_ground_w_per_m2k"]
    )
    change = k["ventilation_per_h"] + wind_m_per_s * k["wind_ventilation_per_h_per_m_s"]
    return envelope + 0.34 * k["room_height_m"] * change
