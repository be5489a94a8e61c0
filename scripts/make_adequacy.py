"""Make the published adequacy systems as PyPSA folders, from their tables in `validation/cases`.

    python -m scripts.make_adequacy

Each folder ``cases/NAME/TABLE-FOLDER`` then is a case of `keepwarm risk`.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

CASES = Path(__file__).resolve().parent.parent / "src" / "keepwarm" / "validation" / "cases"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
RTS_PEAK_MW = 2850.0
#: Of RTS-GMLC: only forced outage rates are published; the mean repair is ours and moves no index
#: of hours and energy.
GMLC_MTTR_HOURS = 50.0
GMLC_PEAK_MW = 8191.8


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write(file: Path, rows: Iterable[Sequence[object]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)


def times(start: str, hours: int) -> list[str]:
    import numpy as np

    moments = np.datetime64(start, "h") + np.arange(hours)
    return [str(moment).replace("T", " ") + ":00" for moment in moments]


def folder_of(
    folder: Path,
    *,
    start: str,
    buses: Sequence[str],
    generators: Sequence[Sequence[object]],
    load_mw: Sequence[Sequence[float]],
    more: dict[str, Sequence[Sequence[object]]] | None = None,
    series: Sequence[Sequence[object]] = (),
) -> None:
    """Write one PyPSA folder; ``load_mw`` has a series for each bus."""
    when = times(start, len(load_mw[0]))
    write(folder / "snapshots.csv", [["snapshot"], *([time] for time in when)])
    write(folder / "buses.csv", [["name", "carrier"], *([bus, "AC"] for bus in buses)])
    head = ["name", "bus", "p_nom", "mttf_hours", "mttr_hours"]
    write(folder / "generators.csv", [head, *generators])
    loads = [f"Load {bus}" for bus in buses]
    write(folder / "loads.csv", [["name", "bus"], *zip(loads, buses, strict=True)])
    table = zip(when, *load_mw, strict=True)
    write(folder / "loads-p_set.csv", [["snapshot", *loads], *table])
    for name, rows in (more or {}).items():
        write(folder / f"{name}.csv", rows)
    if series:
        write(folder / "generators-p_max_pu.csv", series)


def rts_load_pu(source: Path) -> list[float]:
    """Return the load of 8,736 hours over the peak: week 1 begins on a Monday, nothing rounded."""
    days = {
        row["day"]: float(row["pct_of_weekly_peak"])
        for row in rows_of(source / "load_daily_pct.csv")
    }
    hours = rows_of(source / "load_hourly_pct.csv")
    season = {"winter": "winter", "summer": "summer", "spring_fall": "springfall"}
    load = []
    for week in rows_of(source / "load_weekly_pct.csv"):
        for day in DAYS:
            kind = "weekend" if day in ("Sat", "Sun") else "weekday"
            column = f"{season[week['season']]}_{kind}"
            for hour in hours:
                share = float(week["pct_of_annual_peak"]) * days[day] * float(hour[column])
                load.append(share / 1e6)
    return load


def rts_units(source: Path, area: str = "") -> list[list[object]]:
    return [
        [f"{row['id']}{area}", "RTS", row["unit_mw"], row["mttf_h"], row["mttr_h"]]
        for row in rows_of(source / "units_by_bus.csv")
    ]


def rts79() -> None:
    """One bus: the base, the peak 10 % higher, and two and three areas pooled in step."""
    case = CASES / "rts79_generation"
    source = case / "published"
    load = rts_load_pu(source)
    for name, areas, peak in (
        ("base", 1, RTS_PEAK_MW),
        ("peak3135", 1, 1.1 * RTS_PEAK_MW),
        ("area2", 2, RTS_PEAK_MW),
        ("area3", 3, RTS_PEAK_MW),
    ):
        units = [
            unit
            for area in range(areas)
            for unit in rts_units(source, f" {area + 1}" if areas > 1 else "")
        ]
        # 8,736 hours from a Monday; the year is ours.
        series = [[round(areas * peak * share, 9) for share in load]]
        folder_of(case / name, start="2029-01-01", buses=["RTS"], generators=units, load_mw=series)


def pras() -> None:
    """The two PRAS systems, one period an hour."""
    case = CASES / "pras_systems"
    systems = json.loads((case / "systems.json").read_text(encoding="utf-8"))["systems"]
    for name, system in systems.items():
        buses = [region["name"] for region in system["regions"]]
        units: list[list[object]] = []
        shares: list[list[float]] = []
        for region in system["regions"]:
            for number, unit in enumerate(region["gens"]):
                top, fails = max(unit["cap"]), unit["lam"] > 0
                chain = [1 / unit["lam"], 1 / unit["mu"]] if fails else ["", ""]
                units.append([f"{region['name']} {number + 1}", region["name"], top, *chain])
                shares.append([each / top for each in unit["cap"]])
        links = [["name", "bus0", "bus1", "p_nom", "p_min_pu"]] + [
            [f"{way['a']}-{way['b']}", way["a"], way["b"], min(way["limit"], line["cap"]), -1]
            for way in system.get("interfaces", [])
            for line in way["lines"]
        ]
        names = [unit[0] for unit in units]
        when = times("2029-01-01", len(shares[0]))
        series = [["snapshot", *names], *zip(when, *shares, strict=True)]
        folder_of(
            case / name,
            start="2029-01-01",
            buses=buses,
            generators=units,
            load_mw=[region["load"] for region in system["regions"]],
            more={"links": links} if len(links) > 1 else None,
            series=series,
        )


def rts_gmlc() -> None:
    """Case 1: 73 conventional units; hydro, wind, sun and rooftops are as they were in 2020."""
    case = CASES / "rts_gmlc_case_1"
    given = json.loads((case / "expected.json").read_text(encoding="utf-8"))["case_1"]["ver_mw"]
    hours = rows_of(case / "hourly_pu.csv")
    units: list[list[object]] = []
    for row in rows_of(case / "units.csv"):
        rate = float(row["forced_outage_rate"])
        mttf = round(GMLC_MTTR_HOURS * (1 / rate - 1), 6) if rate > 0 else ""
        units.append(
            [row["name"], "RTS", row["unit_mw"], mttf, GMLC_MTTR_HOURS if rate > 0 else ""]
        )
    units += [[kind, "RTS", mw, "", ""] for kind, mw in given.items()]
    when = times("2020-01-01T01", len(hours))
    series = [["snapshot", *given]] + [
        [time, *(row[f"{kind}_pu"] for kind in given)]
        for time, row in zip(when, hours, strict=True)
    ]
    load = [[round(GMLC_PEAK_MW * float(row["demand_pu"]), 9) for row in hours]]
    folder_of(
        case / "network",
        start="2020-01-01T01",
        buses=["RTS"],
        generators=units,
        load_mw=load,
        series=series,
    )


if __name__ == "__main__":
    rts79()
    pras()
    rts_gmlc()
