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
    kinds: dict[str, dict[str, float]] = {}
    for row in rows(case / "archetypes.csv"):
        kinds.setdefault(row["archetype"], {})[row["parameter"]] = float(row["central"])
    loss: Counter[str] = Counter()
    for group in rows(case / "buildings.csv"):
        k = kinds[group["archetype"]]
        envelope = (
            k["wall_m2_per_m2"] * k["u_wall_w_per_m2k"]
            + k["window_m2_per_m2"] * k["u_window_w_per_m2k"]
            + k["roof_and_ground_w_per_m2k"]
        )
        change = k["ventilation_per_h"] + wind_m_per_s * k["wind_ventilation_per_h_per_m_s"]
        per_m2 = envelope + 0.34 * k["room_height_m"] * change
        loss[group["heat_bus"]] += per_m2 * float(group["floor_area_m2"]) / 1e6
    return loss
