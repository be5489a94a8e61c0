"""A small case of our own making, written afresh for every test."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

SCHEMA = Path(__file__).resolve().parents[2] / "src" / "keepwarm" / "case" / "schema"

FILES = {
    "case.toml": """\
name = "small"
time_zone = "Europe/Kyiv"
start = 2026-01-01T00:00:00Z
hours = 3

[prices]
critical = 40000

[sharing.order]
h = ["g1", "g2"]

[sources]
"prices.critical" = "assumed"
""",
    "network/carriers.csv": "name\nAC\nheat\ngas\n",
    "network/snapshots.csv": ",snapshot\n0,2026-01-01 00:00:00\n1,2026-01-01 01:00:00\n"
    "2,2026-01-01 02:00:00\n",
    "network/buses.csv": "name,v_nom,carrier,region\na,110,AC,north\nb,110,AC,south\n"
    "h,1,heat,north\ng,1,gas,\n",
    "network/generators.csv": "name,bus,p_nom,marginal_cost,repair_hours,restart_hours,mttf_hours\n"
    "import,a,20,90,48,0,\nwell,g,50,30,,2,900\n",
    "network/generators-p_max_pu.csv": "snapshot,import\n2026-01-01 00:00:00,1\n"
    "2026-01-01 01:00:00,0.5\n2026-01-01 02:00:00,0\n",
    "network/loads.csv": "name,bus,p_set,tier,people\nhomes,b,5,,100\nward,a,1,critical,\n"
    "hot water,h,2,,\n",
    "network/loads-p_set.csv": ",homes\n0,4\n1,6\n2,8\n",
    "network/lines.csv": "name,bus0,bus1,x,s_nom,s_max_pu\nab,a,b,12.1,10,0.7\n",
    "network/links.csv": "name,bus0,bus1,bus2,efficiency,efficiency2,p_nom,carrier\n"
    "chp,g,a,h,0.3,0.5,30,gas\nboiler,g,h,,0.9,7,10,heat\n",
    "network/stores.csv": "name,bus,e_nom,e_initial,standing_loss\ntank,h,40,10,0.01\n",
    "regions.csv": "region,name_en,name_uk,people,vulnerable_share,lon,lat\n"
    "north,North,Північ,600,0.2,,\nsouth,South,Південь,400,0.1,,\n",
    "buildings.csv": "group,region,archetype,buildings,people,floor_area_m2,heat_bus,power_bus,"
    "rotation_group,substation_needs_power,backup\n"
    "g1,north,panel,10,600,18000,h,a,1.1,true,false\ng2,south,panel,5,400,12000,h,b,1.2,no,\n",
    "weather.csv": "time,region,outdoor_degc,wind_m_per_s\n2026-01-01T00:00Z,*,-5,3\n"
    "2026-01-01T01:00Z,*,-6,\n2026-01-01T02:00Z,*,-7,4\n2026-01-01T01:00Z,south,-9,8\n",
}


def archetype_rows() -> list[list[str]]:
    """One archetype: central in the middle of each range, low and high around it."""
    rows = []
    with (SCHEMA / "archetype_parameters.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["default"]:
                continue
            low, high = float(row["minimum"]), float(row["maximum"])
            values = (low + part * (high - low) for part in (0.4, 0.5, 0.6))
            numbers = [f"{value:.6g}" for value in values]
            rows.append(["panel", "", row["parameter"], row["unit"], *numbers, "assumed"])
    return rows


def write_csv(path: Path, rows: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A case folder without a fault: two power buses, one heat bus, gas, two building groups."""
    root = tmp_path / "small"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    header = ["archetype", "label", "parameter", "unit", "low", "central", "high", "source"]
    write_csv(root / "archetypes.csv", [header, *archetype_rows()])
    return root


@pytest.fixture
def change(small: Path) -> Callable[[str, str, str], Path]:
    """Replace a text in one file of the small case; an empty text replaces the whole file."""

    def replace(file: str, old: str, new: str) -> Path:
        path = small / file
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        assert old in text
        path.write_text(text.replace(old, new, 1) if old else new, encoding="utf-8")
        return small

    return replace
