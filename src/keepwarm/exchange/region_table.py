"""What a run came to in each region: one table that GeoJSON and HXL are both written from."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Floats, Names
from keepwarm.exchange.whole import plain
from keepwarm.runs.run import Run

_WITHOUT = "people_without_"
_BELOW = re.compile(r"people_below_(?P<degc>-?[\d.]+)_(?P<band>low|central|high)")
_HOURS_BELOW = re.compile(r"hours_below_(?P<degc>-?[\d.]+)_(?P<band>low|central|high)")


@dataclass(frozen=True)
class Column:
    """One number of every region."""

    name: str  # with its unit
    tag: str  # HXL
    values: Floats  # (regions,), NaN where the run does not tell


@dataclass(frozen=True)
class RegionTable:
    """Regions of a run in the run's order, with a column for each number."""

    region: Names  # as the tables of the run name them
    labels: tuple[dict[str, str], ...]  # language -> name, as others may show it
    lon: Floats  # degrees, NaN where the case gives none
    lat: Floats
    columns: tuple[Column, ...]


def region_table(run: Run) -> RegionTable:
    """Return what a run came to in each region.

    Parameters
    ----------
    run
        From `keepwarm.runs.folder.read_run` or `keepwarm.run`.

    Returns
    -------
    RegionTable
        For each service the most people without it at once and person-hours without it; for each
        threshold and band the most people in homes below it at the end of a step, and person-hours
        below it, exact within steps as in the answers. In a case without regions one row, "all".

    **Leaves out** assets and their places: a run folder holds no place of an asset.
    """
    hourly, places = run.tables["regions"], run.tables["places"].to_pylist()
    steps = hourly.column("time").to_numpy().size
    names = tuple(dict.fromkeys(hourly.column("region").to_pylist()))
    steps //= max(len(names), 1)
    of_place = {row["region"]: row for row in places}
    labels = tuple(_labels(name, of_place.get(name, {})) for name in names)
    people, lon, lat = (
        np.array([_number(of_place.get(name, {}).get(what)) for name in names])
        for what in ("people", "lon", "lat")
    )
    hours = float(str(run.answers["hours"])) / max(steps, 1)
    columns = [Column("people", "#population", people)]
    columns += _without(run, (steps, len(names)), hours)
    columns += _below(run, (steps, len(names))) + _hours_below(run, names)
    return RegionTable(names, labels, lon, lat, tuple(columns))


def _labels(name: str, place: dict[str, object]) -> dict[str, str]:
    """Return the names of a region, fit for every format, from its row of the places."""
    told = place.get("labels")
    pairs = told if isinstance(told, list) else []
    return {"": plain(name), **{plain(str(k)): plain(str(v)) for k, v in pairs}}


def labels_of(run: Run, region: str) -> dict[str, str]:
    """Return the names of one region by language; "" is the one that the tables know it by."""
    rows = run.tables["places"].to_pylist()
    return _labels(region, next((row for row in rows if row["region"] == region), {}))


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


def _by_step(run: Run, column: str, shape: tuple[int, int]) -> Floats:
    values = run.tables["regions"].column(column).to_numpy(zero_copy_only=False)
    return np.asarray(values, dtype=np.float64).reshape(shape)


def _without(run: Run, shape: tuple[int, int], hours: float) -> list[Column]:
    """Return the most people without a service at once, and person-hours without it."""
    found = []
    for name in run.tables["regions"].column_names:
        if name.startswith(_WITHOUT):
            service = name.removeprefix(_WITHOUT)
            people = _by_step(run, name, shape)
            peak, total = people.max(axis=0), people.sum(axis=0) * hours
            found.append(Column(f"{name}_peak", f"#affected+without_{service}+max", peak))
            tag = f"#indicator+person_hours+without_{service}"
            found.append(Column(f"people_hours_without_{service}", tag, total))
    return found


def _below(run: Run, shape: tuple[int, int]) -> list[Column]:
    """Return the most people below each threshold at once."""
    found = []
    for name in run.tables["regions"].column_names:
        if match := _BELOW.fullmatch(name):
            tag = f"#affected+cold+{_degrees(match['degc'])}+{match['band']}+max"
            label = f"people_below_{match['degc']}_degc_peak_{match['band']}"
            found.append(Column(label, tag, _by_step(run, name, shape).max(axis=0)))
    return found


def _hours_below(run: Run, names: Names) -> list[Column]:
    """Return person-hours below each threshold, from the homes of each region."""
    homes, groups = run.tables["homes"], run.tables["groups"]
    region = dict(
        zip(groups.column("group").to_pylist(), groups.column("region").to_pylist(), strict=True)
    )
    row = {name: k for k, name in enumerate(names)}
    at = np.array([row[region[name]] for name in homes.column("group").to_pylist()], dtype=np.intp)
    people = np.asarray(homes.column("people").to_numpy(), dtype=np.float64)
    found = []
    for name in homes.column_names:
        if match := _HOURS_BELOW.fullmatch(name):
            hours = np.nan_to_num(homes.column(name).to_numpy(zero_copy_only=False))
            total = np.bincount(at, weights=people * hours, minlength=len(names))
            label = f"people_hours_below_{match['degc']}_degc_{match['band']}"
            tag = f"#indicator+person_hours+cold+{_degrees(match['degc'])}+{match['band']}"
            found.append(Column(label, tag, total[: len(names)].astype(np.float64)))
    return found


def _degrees(degc: str) -> str:
    """Return a threshold as an attribute of HXL, which knows letters, digits and underscores."""
    return f"below_{degc}_degc".replace("-", "minus").replace(".", "_")
