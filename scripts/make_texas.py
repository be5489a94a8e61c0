"""Write the case of Texas, February 2021, from the hourly table and the list of outages.

    make_texas.py FOLDER    FOLDER holds hourly.csv and unit_outages.csv as they were collected from
                            github.com/tamu-engineering-research/2021TXPowerOutage

Two case folders come out, each one power bus; times are moved from CST to UTC (+6 h).

posted/  120 hours: need as forecast, the generation posted as available hour by hour, imports.
listed/  the 36 hours whose outcome is known: each unit of the outage list is a generator with its
         seasonal maximum, and each record a row of damage.csv. What other units gave is one
         constant: the posted capacity at ANCHOR less wind, sun and what listed units had left then.

Wind and sun are what was observed; listed wind and solar units have damage and no output, so that
nothing counts twice. Units lose their names, places and counties: keepwarm ships none of real
plants.
Records without a unit (135, withheld by their owners) have no size and are left away.
"""

from __future__ import annotations

import csv
import shutil
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

CASE = Path(__file__).resolve().parent.parent / "src/keepwarm/validation/cases/ercot_february_2021"
UTC_AHEAD = timedelta(hours=6)
#: The hour (CST) with the most capacity posted: everything that could run had been called.
ANCHOR = datetime(2021, 2, 14, 18)  # noqa: DTZ001 - naive CST, as in the table
#: A round size for what is given hour by hour, so that its share is a short exact decimal.
ROUND_MW = 100_000
FUELS = {
    "NG": "gas",
    "COAL": "coal",
    "NUCLEAR": "nuclear",
    "HYDRO": "hydro",
    "ESR": "battery",
    "WIND": "wind",
    "SOLAR": "solar",
}
OBSERVED = ("wind", "solar")
Row = dict[str, str]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write(path: Path, header: list[str], rows: list[list[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def stamp(cst: datetime) -> str:
    return f"{cst + UTC_AHEAD:%Y-%m-%d %H:%M:%S}"


def hour_of(row: Row) -> datetime:
    return datetime.fromisoformat(row["hour_beginning_cst"])


def minute_of(text: str) -> datetime:
    return datetime.strptime(text, "%m/%d/%y %I:%M %p")  # noqa: DTZ007 - naive CST


def share(megawatts: float) -> str:
    return f"{megawatts / ROUND_MW:.7f}"


def write_network(folder: Path, hours: list[Row], series: dict[str, list[float]]) -> None:
    """Write everything but the list of generators; ``series`` are MW of what is given by hour."""
    network, times = folder / "network", [stamp(hour_of(row)) for row in hours]
    need = [row["load_forecast_counterfactual_mw"] for row in hours]
    write(network / "buses.csv", ["name", "carrier"], [["ERCOT", "AC"]])
    write(network / "carriers.csv", ["name"], [["AC"]])
    write(network / "loads.csv", ["name", "bus", "tier"], [["need", "ERCOT", "household"]])
    write(network / "snapshots.csv", ["", "snapshot"], [[k, t] for k, t in enumerate(times)])
    write(
        network / "loads-p_set.csv",
        ["snapshot", "need"],
        [list(r) for r in zip(times, need, strict=True)],
    )
    shares = [[share(mw) for mw in values] for values in series.values()]
    write(
        network / "generators-p_max_pu.csv",
        ["snapshot", *series],
        [list(row) for row in zip(times, *shares, strict=True)],
    )


def imports(hours: list[Row]) -> list[float]:
    """Return what flows in; the table counts it negative."""
    return [-float(row["net_interchange_mw"]) for row in hours]


def write_posted(hours: list[Row]) -> None:
    given = [row for row in hours if row["net_interchange_mw"]]
    posted = [float(row["generation_available_mw"]) for row in given]
    write_network(CASE / "posted", given, {"posted": posted, "imports": imports(given)})
    write_generators("posted", [["posted", ROUND_MW, 1, "posted"]])


def write_listed(hours: list[Row], records: list[Row]) -> None:
    given = [row for row in hours if row["gen_wind_mw"]]
    observed = {fuel: [float(row[f"gen_{fuel}_mw"]) for row in given] for fuel in OBSERVED}
    write_network(CASE / "listed", given, {**observed, "imports": imports(given)})
    names = named(records)
    sizes = {(row["station"], row["unit"]): row["seasonal_max_mw"] for row in records}
    fuels = {name: name.rsplit(" ", 1)[0] for name in names.values()}
    rows: list[list[object]] = [[fuel, ROUND_MW, 1, "observed"] for fuel in OBSERVED]
    rows.append(["other", f"{other_mw(hours, records):.1f}", 1, "not listed"])
    for unit, name in sorted(names.items(), key=lambda item: item[1]):
        rows.append([name, sizes[unit], 0 if fuels[name] in OBSERVED else 1, fuels[name]])
    write_generators("listed", rows)
    damage: list[list[object]] = [
        [
            stamp(minute_of(row["start"])),
            names[row["station"], row["unit"]],
            f"{float(row['available_mw']) / float(row['seasonal_max_mw']):.9f}",
            stamp(minute_of(row["end"])),
        ]
        for row in records
    ]
    write(CASE / "listed" / "damage.csv", ["time", "asset", "available", "until"], damage)


def write_generators(folder: str, rows: list[list[object]]) -> None:
    header = ["name", "bus", "carrier", "p_nom", "p_max_pu", "asset_class"]
    every = [*rows, ["imports", ROUND_MW, 1, "imports"]]
    table = [[name, "ERCOT", "AC", *rest] for name, *rest in every]
    write(CASE / folder / "network" / "generators.csv", header, table)


def named(records: list[Row]) -> dict[tuple[str, str], str]:
    """Number the units of each fuel as they first appear in the list."""
    names: dict[tuple[str, str], str] = {}
    count: Counter[str] = Counter()
    for row in records:
        unit, fuel = (row["station"], row["unit"]), FUELS[row["fuel"]]
        if unit not in names:
            count[fuel] += 1
            names[unit] = f"{fuel} {count[fuel]:03d}"
    return names


def other_mw(hours: list[Row], records: list[Row]) -> float:
    """Return what units outside the list gave at the anchor: posted less what is accounted for."""
    at = next(row for row in hours if hour_of(row) == ANCHOR)
    steady = [row for row in records if FUELS[row["fuel"]] not in OBSERVED]
    size = {(row["station"], row["unit"]): float(row["seasonal_max_mw"]) for row in steady}
    lost = sum(
        float(row["reduction_mw"]) * overlap_hours(row, ANCHOR, ANCHOR + timedelta(hours=1))
        for row in steady
    )
    observed = sum(float(at[f"gen_{fuel}_mw"]) for fuel in OBSERVED)
    return float(at["generation_available_mw"]) - observed - (sum(size.values()) - lost)


def overlap_hours(row: Row, begin: datetime, end: datetime) -> float:
    first, last = max(minute_of(row["start"]), begin), min(minute_of(row["end"]), end)
    return max((last - first).total_seconds(), 0.0) / 3600


def main() -> None:
    source = Path(sys.argv[1])
    hours = read(source / "hourly.csv")
    records = [row for row in read(source / "unit_outages.csv") if row["unit"]]
    write_posted(hours)
    write_listed(hours, records)
    shutil.copyfile(source / "hourly.csv", CASE / "hourly.csv")


if __name__ == "__main__":
    main()
