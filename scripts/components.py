"""Rows of a PyPSA folder while an example is put together, and writing them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tables import Cell, Row, write_table

ASSET = ["region", "asset_class", "repair_hours", "restart_hours", "mttf_hours", "mttr_hours"]
ASSET += ["crew", "spare"]
PYPSA_VERSION = "1.4.0"


@dataclass
class Components:
    """Rows of each component table, and the shape and mean of loads that vary."""

    #: asset_class -> columns that each asset of the class has in common.
    classes: Mapping[str, Mapping[str, str]]
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    varying: dict[str, tuple[str, float]] = field(default_factory=dict)

    def add(self, table: str, row: Mapping[str, Cell]) -> None:
        """Add a row; its asset_class brings the columns of its class with it."""
        kind = self.classes.get(str(row.get("asset_class", "")), {})
        self.rows[table].append({**kind, **row})

    def bus(self, name: str, carrier: str, *, v_nom: float = 1.0, region: str = "") -> None:
        """Add a bus."""
        row: dict[str, Cell] = {"name": name, "v_nom": v_nom, "carrier": carrier, "region": region}
        self.add("buses", row)

    def load(
        self, name: str, bus: str, carrier: str, tier: str, mw: float, people: int = 0
    ) -> None:
        """Add a load of constant need."""
        row: dict[str, Cell] = {"name": name, "bus": bus, "carrier": carrier, "tier": tier}
        row["p_set"] = round(mw, 2)
        if people:
            row["people"] = str(people)  # a number would be cut to six digits
        self.add("loads", row)

    def link(
        self,
        name: str,
        bus0: str,
        ports: Sequence[tuple[str, float]],
        carrier: str,
        p_nom: float,
        asset_class: str,
        region: str = "",
        *,
        p_min_pu: float | None = None,
    ) -> None:
        """Add a link that gives to its ports (bus, efficiency); below zero it takes there."""
        row: dict[str, Cell] = {"name": name, "bus0": bus0, "carrier": carrier, "p_nom": p_nom}
        if p_min_pu is not None:
            row["p_min_pu"] = p_min_pu
        for at, (bus, efficiency) in enumerate(ports, start=1):
            row[f"bus{at}"] = bus
            row["efficiency" if at == 1 else f"efficiency{at}"] = efficiency
        self.add("links", {**row, "asset_class": asset_class, "region": region})


def write_components(
    folder: Path, name: str, columns: Mapping[str, Sequence[str]], components: Components
) -> None:
    """Write network.csv and each component table with the columns given, in that order."""
    folder.mkdir(parents=True, exist_ok=True)
    network: Row = {"name": name, "pypsa_version": PYPSA_VERSION}
    write_table(folder / "network.csv", ["name", "pypsa_version"], [network])
    for table, wanted in columns.items():
        write_table(folder / f"{table}.csv", wanted, components.rows[table])


def write_series(
    folder: Path, times: Sequence[datetime], series: Mapping[str, Sequence[str]]
) -> None:
    """Write snapshots.csv and loads-p_set.csv, one value of each load at each time."""
    stamps = [f"{time:%Y-%m-%d %H:%M:%S}" for time in times]
    numbered: list[Row] = [{"": str(at), "snapshot": stamp} for at, stamp in enumerate(stamps)]
    write_table(folder / "snapshots.csv", ["", "snapshot"], numbered)
    rows: Iterable[Row] = (
        {"snapshot": stamp, **{name: values[hour] for name, values in series.items()}}
        for hour, stamp in enumerate(stamps)
    )
    write_table(folder / "loads-p_set.csv", ["snapshot", *series], rows)
