"""A run written down by hand: every number on its page can be told without running keepwarm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pyarrow as pa

from keepwarm.runs.run import Run
from tests.briefing.sample_people import STATES, circuits, people_answers

START = datetime.fromisoformat("2026-01-08T00:00:00")
STEPS = 48
STOP, BACK = 10, 30  # first step without heat, first with
BROKE = START + timedelta(hours=STOP, minutes=30)  # within the step
THRESHOLDS = (18.0, 16.0, 12.0, 8.0, 5.0)
#: Hour of the run at which the pipes of the first region plug: soonest, central, latest.
PLUG = (13.5, 26.25, None)
FIRST_18 = (10.5, 11.25, 15.5)


def at(hour: float | None) -> str | None:
    return None if hour is None else (START + timedelta(hours=hour)).isoformat() + "Z"


def indoor(band: int, step: int) -> float:
    """Indoors at the step's end: 20 degC, then 10 / 14 / 17 degC while the heat is away."""
    return (10.0, 14.0, 17.0)[band] if STOP <= step < BACK else 20.0


def hand_made(
    regions: Sequence[str] = ("West", "East"),
    *,
    title: str = "A town by hand",
    asset: str = "CHP unit",
    group: str = "{region} homes",
    source: str = "a duty log",
    lon: Sequence[float] | None = None,
    lat: Sequence[float] | None = None,
    buildings: bool = True,
    cold: bool = True,
) -> Run:
    """Region number k (from 0) has 1000 (k + 1) people; half of them lose heat for 20 h."""
    people = [1000.0 * (k + 1) for k in range(len(regions))]
    groups = [group.replace("{region}", name) for name in regions] if buildings else []
    half = sum(people) / 2 if cold else 0.0
    return Run(
        _manifest(title, groups, people, half, list(regions), cold),
        {
            "steps": _steps(half),
            "regions": _regions(regions, people, cold, buildings),
            "places": _places(regions, people, lon, lat),
            "groups": _groups(groups, regions, people, cold),
            "group_hours": _group_hours(groups, cold),
            "causes": _causes(groups, asset, source, cold),
            "assets": _assets(asset, source, cold),
            "archetypes": _archetypes(groups),
        },
    )


def without_heat(step: int, cold: bool) -> float:
    return 0.5 if cold and STOP <= step < BACK else 0.0


def times() -> list[datetime]:
    return [START + timedelta(hours=step) for step in range(STEPS)]


def _manifest(
    title: str,
    groups: list[str],
    people: list[float],
    half: float,
    regions: list[str],
    cold: bool,
) -> dict[str, object]:
    some = bool(groups) and cold
    band = ("low", "central", "high")
    zeros = {f"{t:g}": 0.0 for t in THRESHOLDS}
    deadlines = [
        {
            "group": name,
            "region": region,
            "buildings": 40.0,
            "people": count,
            "by": {name: at(hour) for name, hour in zip(band, PLUG, strict=True)},
            "hours_left": PLUG[0] - STOP,
            "drained": 30.0,
            "frozen": 0.0,
            "reason": "attic pipe plugs with ice",
        }
        for name, region, count in list(zip(groups, regions, people, strict=False))[:1]
    ]
    answers = {
        "case": "hand",
        "start": at(0),
        "hours": float(STEPS),
        "damage_from": at(STOP) if cold else None,
        "need_mwh": {"power": 480.0, "heat": 960.0, "gas": 0.0, "fuel": 0.0, "water": 10.0},
        "unserved_mwh": {
            "power": 0.0,
            "heat": 200.0 if cold else 0.0,
            "gas": 0.0,
            "fuel": 0.0,
            "water": 0.0,
        },
        "people": sum(people),
        "people_hours_without": {"power": 0.0, "heat": 20 * half, "gas": 0.0, "water": 0.0},
        "peak_people_without": {"power": 0.0, "heat": half, "gas": 0.0, "water": 0.0},
        "service_returns": {
            "power": None,
            "heat": at(BACK) if cold else None,
            "gas": None,
            "water": None,
        },
        "people_hours_below_degc": zeros | ({"18": 20 * sum(people)} if some else {}),
        "buildings": {
            "total": 40.0 * len(groups),
            "without_heat_peak": 40.0 if some else 0.0,
            "without_heat_end": 0.0,
            "drained": 30.0 if some else 0.0,
            "frozen": 0.0,
            "frozen_band": {"low": 10.0 if some else 0.0, "central": 0.0, "high": 0.0},
        },
        "cold": [{"degc": t} for t in THRESHOLDS],
        **people_answers(regions[: len(groups)], people[: len(groups)], cold),
        "drain_by": [
            {
                "hours_after_stop": 6,
                "buildings": {"low": 40.0 if some else 0.0, "central": 0.0, "high": 0.0},
            }
        ],
        "drain_deadlines": deadlines if some else [],
    }
    return {
        "schema": 1,
        "kind": "run",
        "keepwarm": "0.1.0",
        "case": {
            "name": "hand",
            "title": title,
            "time_zone": "Europe/Kyiv",
            "provenance": "Written by hand for a test.",
        },
        "inputs_sha256": {"case.toml": "0123456789abcdef" * 4},
        "options": {
            "start": at(0),
            "hours": float(STEPS),
            "damage": "damage.csv" if cold else None,
            "weather": "weather.csv",
            "from_state": False,
        },
        "settings": {
            "prices.critical": 50000.0,
            "set_points.safe_degc": 12.0,
            "gains.person_w": 95.0,
            "draining.buildings_per_hour": 20.0,
            "draining.policy": "rule",
            "circuit.design_outdoor_degc": -19.0,
            "warming_point.below_degc": 16.0,
        },
        "sources": {"weather.csv": "read from a thermometer by hand"},
        "solver": {"name": "HiGHS", "version": "1.2.3", "numpy": "2.0", "scipy": "1.14"},
        "audit": {
            "steps_checked": 5,
            "max_relative_gap": 2e-12,
            "max_shed_gap": 4e-11,
            "max_balance_error_mw": 3e-13,
            "boxes_bound": 0,
        },
        "answers": answers,
    }


def _steps(half: float) -> pa.Table:
    tables = []
    for carrier, need, shed in (("power", 10.0, 0.0), ("heat", 20.0, 10.0), ("water", 0.2, 0.0)):
        away = [float(half > 0 and STOP <= s < BACK) for s in range(STEPS)]
        tables.append(
            pa.table(
                {
                    "time": pa.array(times(), pa.timestamp("ms")),
                    "carrier": [carrier] * STEPS,
                    "need_mw": [need] * STEPS,
                    "served_mw": [need - shed * a for a in away],
                    "shed_mw": [shed * a for a in away],
                    "people_without": [(half if carrier == "heat" else 0.0) * a for a in away],
                }
            )
        )
    return pa.concat_tables(tables)


def _regions(regions: Sequence[str], people: list[float], cold: bool, buildings: bool) -> pa.Table:
    rows = []
    for step, time in enumerate(times()):
        for name, count in zip(regions or ("all",), people or [0.0], strict=True):
            inside = indoor(1, step if cold else 0)
            rows.append(
                {
                    "time": time,
                    "region": name,
                    "people_without_heat": count * without_heat(step, cold),
                    "people_without_power": 0.0,
                    "people_without_gas": 0.0,
                    "people_without_water": 0.0,
                    "indoor_mean_degc": inside if buildings else float("nan"),
                    "indoor_coldest_degc": inside if buildings else float("nan"),
                    "outdoor_degc": -10.0 if buildings else float("nan"),
                    **{
                        f"people_below_{t:g}_{band}": count
                        if buildings and indoor(b, step if cold else 0) < t
                        else 0.0
                        for b, band in enumerate(("low", "central", "high"))
                        for t in THRESHOLDS
                    },
                }
            )
    return pa.Table.from_pylist(rows)


def _places(
    regions: Sequence[str],
    people: list[float],
    lon: Sequence[float] | None,
    lat: Sequence[float] | None,
) -> pa.Table:
    count = len(regions)
    return pa.table(
        {
            "region": pa.array(list(regions), pa.string()),
            "labels": pa.array(
                [[("en", name)] for name in regions], pa.map_(pa.string(), pa.string())
            ),
            "people": pa.array(people, pa.float64()),
            "lon": pa.array([float(k % 6) for k in range(count)] if lon is None else list(lon)),
            "lat": pa.array([float(k // 6) for k in range(count)] if lat is None else list(lat)),
        }
    )


def _groups(groups: list[str], regions: Sequence[str], people: list[float], cold: bool) -> pa.Table:
    count = len(groups)
    nothing = [None] * count
    first = [0] * min(count, 1)  # only the first group's pipes plug
    columns: dict[str, list[object]] = {
        "group": list(groups),
        "region": list(regions)[:count],
        "buildings": [40.0] * count,
        "people": list(people[:count]),
        "stopped_hour": [float(STOP) if cold else None] * count,
        "heat_back_hour": [float(BACK) if cold else None] * count,
        "weakest_zone": ["attic" if cold else None] * count,
        "without_heat_hours": [10.0 if cold else 0.0] * count,
    }
    for b, band in enumerate(("low", "central", "high")):
        plug = [PLUG[b] for _ in first] if cold else []
        columns[f"pipe_plug_{band}_hour"] = [*plug, *nothing][:count]
        for t in THRESHOLDS:
            crosses = cold and indoor(b, STOP) < t
            hour = FIRST_18[b] if t == 18 else 12.0 + b
            columns[f"first_below_{t:g}_{band}_hour"] = [hour if crosses else None] * count
            columns[f"hours_below_{t:g}_{band}"] = [20.0 if crosses else 0.0] * count
    texts = ("group", "region", "weakest_zone")
    return pa.table(
        {
            name: pa.array(values, pa.string() if name in texts else pa.float64())
            for name, values in columns.items()
        }
    )


def _group_hours(groups: list[str], cold: bool) -> pa.Table:
    columns: dict[str, list[object]] = {name: [] for name in ("time", "heat_share", *STATES)}
    for b in ("low", "central", "high"):
        columns[f"indoor_{b}_degc"] = []
    for step, time in enumerate(times()):
        for place in range(len(groups)):
            away = cold and STOP <= step < BACK
            columns["time"].append(time)
            columns["heat_share"].append(0.5 if away else 1.0)
            for name, count in circuits(place, step if cold else 0, STOP, BACK).items():
                columns[name].append(count)
            for b, band in enumerate(("low", "central", "high")):
                columns[f"indoor_{band}_degc"].append(indoor(b, step if cold else 0))
    return pa.table(
        {
            name: pa.array(values, pa.timestamp("ms") if name == "time" else pa.float64())
            for name, values in columns.items()
        }
    )


def _causes(groups: list[str], asset: str, source: str, cold: bool) -> pa.Table:
    rows = [
        {
            "group": name,
            "time": START + timedelta(hours=STOP),
            "first_link": "no heat",
            "rank": 1,
            "asset": asset,
            "kind": "out",
            "missing_mw": 24.0,
            "path": ["Zone one", "Plant main"],
            "source": source,
        }
        for name in groups
        if cold
    ]
    schema = pa.schema(
        [
            ("group", pa.string()),
            ("time", pa.timestamp("ms")),
            ("first_link", pa.string()),
            ("rank", pa.int64()),
            ("asset", pa.string()),
            ("kind", pa.string()),
            ("missing_mw", pa.float64()),
            ("path", pa.list_(pa.string())),
            ("source", pa.string()),
        ]
    )
    return pa.Table.from_pylist(rows, schema=schema)


def _assets(asset: str, source: str, cold: bool) -> pa.Table:
    return pa.table(
        {
            "asset": [asset, "Pumps"],
            "kind": ["link", "link"],
            "asset_class": ["chp", None],
            "hours_out": [20.0 if cold else 0.0, 0.0],
            "out_from": pa.array(
                [START + timedelta(hours=STOP) if cold else None, None], pa.timestamp("ms")
            ),
            "out_until": pa.array(
                [START + timedelta(hours=BACK) if cold else None, None], pa.timestamp("ms")
            ),
            "damage_time": pa.array([BROKE if cold else None, None], pa.timestamp("ms")),
            "damage_source": pa.array([source if cold else None, None], pa.string()),
            "missing_mw": pa.array(
                [[("power", 10.0), ("heat", 24.0)] if cold else [], []],
                pa.map_(pa.string(), pa.float64()),
            ),
        }
    )


def _archetypes(groups: list[str]) -> pa.Table:
    rows = [
        {
            "archetype": "panel",
            "label": "Panel block",
            "parameter": "u_wall_w_per_m2k",
            "low": 1.4,
            "central": 1.1,
            "high": 0.9,
            "source": "",
        }
    ]
    schema = pa.schema(
        [(name, pa.string()) for name in ("archetype", "label", "parameter", "source")]
        + [(name, pa.float64()) for name in ("low", "central", "high")]
    )
    return pa.Table.from_pylist(rows if groups else [], schema=schema)
