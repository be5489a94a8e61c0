"""A season as tables: what the run folder holds and what every page and export reads."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from importlib.resources import files

import numpy as np
import pyarrow as pa

from keepwarm.case.nouns import BAND, CARRIERS, Case, Damage, Floats, Names
from keepwarm.runs.asset_tables import asset_hours_table, assets_table
from keepwarm.runs.people import night_needs
from keepwarm.season import Season, State, totals
from keepwarm.season.causes import ENOUGH, chains
from keepwarm.season.people import SERVICES
from keepwarm.season.state import arrays
from keepwarm.season.told import STATES
from keepwarm.warmth.pipes import PLACES

CENTRAL = 1


def season_tables(season: Season, damage: Damage) -> dict[str, pa.Table]:
    """Return every table of a run folder; columns are described in ``runs/schema/*.csv``.

    What does not exist is null, never NaN.
    """
    tables = {
        "steps": _steps(season),
        "regions": _regions(season),
        "places": places_table(season.case),
        "groups": _groups(season),
        "homes": _homes(season),
        "nights": _nights(season),
        "group_hours": _group_hours(season),
        "causes": _causes(season, damage),
        "assets": assets_table(season, damage),
        "archetypes": _archetypes(season),
        "asset_hours": asset_hours_table(season),
        "state": _state(season),
    }
    return {name: _nulls(table) for name, table in tables.items()}


def table_names() -> tuple[str, ...]:
    """Return the names of the tables of a run folder, as its schema lists them."""
    schema = files("keepwarm.runs") / "schema" / "tables.csv"
    rows = csv.DictReader(schema.read_text(encoding="utf-8").splitlines())
    return tuple(dict.fromkeys(row["table"] for row in rows))


def _nulls(table: pa.Table) -> pa.Table:
    """Return the table with null for every NaN."""
    for place, field in enumerate(table.schema):
        if pa.types.is_floating(field.type):
            values = table.column(place).to_numpy()
            missing = np.isnan(values)
            if missing.any():
                table = table.set_column(place, field, pa.array(values, field.type, mask=missing))
    return table


def energy_by_carrier(season: Season) -> dict[str, tuple[Floats, Floats]]:
    """Return carrier -> (need, shed) in MW, each (hours,).

    Heat counts what drained and frozen buildings, and those whose substation has no power, would
    need as well: the network is not asked for it, and it is shed.
    """
    need, shed = totals.energy_by_carrier(
        season.template,
        need_mw=season.need_mw,
        shed_mw=season.shed_mw,
        not_asked_mw=season.not_asked_mw,
    )
    return {carrier: (need[:, k], shed[:, k]) for k, carrier in enumerate(CARRIERS)}


def _steps(season: Season) -> pa.Table:
    rows = []
    for carrier, (need, shed) in energy_by_carrier(season).items():
        people = season.people_without.get(carrier)
        without = people.sum(axis=1) if people is not None else np.full(need.shape, np.nan)
        rows.append(
            pa.table(
                {
                    "time": pa.array(season.times.astype("datetime64[s]")),
                    "carrier": pa.array([carrier] * need.size),
                    "need_mw": need,
                    "served_mw": need - shed,
                    "shed_mw": shed,
                    "people_without": without,
                }
            )
        )
    return pa.concat_tables(rows)


def _regions(season: Season) -> pa.Table:
    """Hour by hour and region: people without each service, indoor temperatures, people cold."""
    case, steps = season.case, len(season.times)
    names = case.regions.name or ("all",)
    width = len(names)
    columns: dict[str, object] = {
        "time": np.repeat(season.times.astype("datetime64[s]"), width),
        "region": list(names) * steps,
    }
    for service in SERVICES:
        columns[f"people_without_{service}"] = season.people_without[service].ravel()
    buildings = case.buildings
    indoor = season.operative_degc[:, CENTRAL]
    mean, coldest = np.full((steps, width), np.nan), np.full((steps, width), np.nan)
    for r in range(width):
        inside = buildings.region == r
        if not inside.any():
            continue
        people = buildings.people[inside]
        mean[:, r] = indoor[:, inside] @ people / max(people.sum(), 1e-9)
        coldest[:, r] = indoor[:, inside].min(axis=1)
    columns["indoor_mean_degc"] = mean.ravel()
    columns["indoor_coldest_degc"] = coldest.ravel()
    below = season.indoors.people_below
    for k, t in enumerate(season.thresholds_degc.tolist()):
        for b, band in enumerate(BAND):
            # A case without regions has one row for all, and nobody counted in homes.
            people = below[:, b, :, k] if len(case.regions) else np.zeros((steps, width))
            columns[f"people_below_{t:g}_{band}"] = people.ravel()
    columns["outdoor_degc"] = _outdoor(season).ravel()
    return pa.table(columns)


def _outdoor(season: Season) -> Floats:
    """Outdoor temperature, (hours, max(regions, 1)), NaN without weather."""
    width = max(len(season.case.regions), 1)
    weather = season.case.weather
    if weather is None:
        return np.full((len(season.times), width), np.nan)
    first = season.first_row
    return weather.outdoor_degc[first : first + len(season.times)]


def places_table(case: Case) -> pa.Table:
    """Return a row for each region of a case: who lives there, and where it lies."""
    regions, buildings = case.regions, case.buildings
    count = [float(buildings.buildings[buildings.region == r].sum()) for r in range(len(regions))]
    return pa.table(
        {
            "region": pa.array(regions.name, pa.string()),
            "labels": pa.array(
                [list(label.items()) for label in regions.labels],
                pa.map_(pa.string(), pa.string()),
            ),
            "people": regions.people,
            "vulnerable_share": regions.vulnerable_share,
            "lon": regions.lon,
            "lat": regions.lat,
            "buildings": pa.array(count, pa.float64()),
            "outline": pa.array(regions.outline or [None] * len(regions), pa.string()),
        }
    )


def _groups(season: Season) -> pa.Table:
    case, buildings = season.case, season.case.buildings
    buses, thresholds = case.network.buses.name, season.thresholds_degc.tolist()
    zone = [None if np.isnan(z) else PLACES[int(z)] for z in season.weakest_zone.tolist()]
    first_below, hours_below = season.group_first_below_hour, season.group_hours_below
    columns: dict[str, object] = {
        "group": pa.array(buildings.group, pa.string()),
        "region": pa.array([case.regions.name[r] for r in buildings.region.tolist()], pa.string()),
        "archetype": pa.array(
            [case.archetypes.label[a] for a in buildings.archetype.tolist()], pa.string()
        ),
        "buildings": buildings.buildings,
        "people": buildings.people,
        "heat_bus": pa.array([_name(buses, b) for b in buildings.heat_bus.tolist()], pa.string()),
        "power_bus": pa.array([_name(buses, b) for b in buildings.power_bus.tolist()], pa.string()),
        "stopped_hour": season.stopped_hour,
        "heat_back_hour": _heat_back(season),
        "weakest_zone": pa.array(zone, pa.string()),
        "drained_peak": season.drained.max(axis=0, initial=0.0),
        "frozen": season.frozen.max(axis=0, initial=0.0),
        "without_heat_hours": (1 - season.heat_share).sum(axis=0) * season.step_hours,
        "without_power_hours": (1 - season.power_share).sum(axis=0) * season.step_hours,
    }
    for b, band in enumerate(BAND):
        columns[f"coldest_{band}_degc"] = season.operative_degc[:, b].min(axis=0, initial=np.inf)
        columns[f"pipe_zero_{band}_hour"] = season.zero_hour[b]
        columns[f"pipe_plug_{band}_hour"] = season.plug_hour[b]
        for k, t in enumerate(thresholds):
            columns[f"first_below_{t:g}_{band}_hour"] = first_below[b, :, k]
            columns[f"hours_below_{t:g}_{band}"] = hours_below[b, :, k]
    return pa.table(columns)


def _homes(season: Season) -> pa.Table:
    """One row per group and kind of flat: who gets how cold, and when."""
    case, homes = season.case, season.homes
    columns: dict[str, object] = {
        "group": pa.array([case.buildings.group[g] for g in homes.group.tolist()], pa.string()),
        "position": pa.array(
            [case.archetypes.flats.position[f] for f in homes.flat.tolist()], pa.string()
        ),
        "people": season.home_people,
    }
    for k, t in enumerate(season.thresholds_degc.tolist()):
        for b, band in enumerate(BAND):
            columns[f"first_below_{t:g}_{band}_hour"] = season.first_below_hour[b, :, k]
            columns[f"hours_below_{t:g}_{band}"] = season.hours_below[b, :, k]
            columns[f"degree_hours_below_{t:g}_{band}"] = season.degree_hours_below[b, :, k]
    return pa.table(columns)


def _nights(season: Season) -> pa.Table:
    """One row per night and region: who needs a warming point."""
    nights, needs = season.indoors.nights, night_needs(season)
    names, count = season.case.regions.name, len(season.indoors.nights)
    evenings = [evening.isoformat() for evening in nights.evening]
    columns: dict[str, object] = {
        "night": pa.array(np.repeat(np.array(evenings, str), len(names)).tolist(), pa.string()),
        "from": np.repeat(nights.begins, len(names)),
        "until": np.repeat(nights.ends, len(names)),
        "region": pa.array(list(names) * count, pa.string()),
    }
    for what in ("people", "vulnerable", "buildings"):
        for b, band in enumerate(BAND):
            columns[f"{what}_{band}"] = needs[what][:, b].ravel()
    columns["people_without_heat_and_power"] = needs["without_both"].ravel()
    return pa.table(columns)


def _name(names: tuple[str, ...], index: int) -> str | None:
    return names[index] if index >= 0 else None


def _heat_back(season: Season) -> Floats:
    """Hour from which a group that lost its heat has it for good, NaN where never lost or back."""
    low, steps = season.heat_share < ENOUGH, len(season.times)
    again = steps - low[::-1].argmax(axis=0)  # the step after the last without
    back = low.any(axis=0) & (again < steps)
    return np.where(back, again * season.step_hours, np.nan)


def _group_hours(season: Season) -> pa.Table:
    names, steps = season.case.buildings.group, len(season.times)
    group = pa.DictionaryArray.from_arrays(
        pa.array(np.tile(np.arange(len(names), dtype=np.int32), steps)),
        pa.array(names, pa.string()),
    )
    columns: dict[str, object] = {
        "time": np.repeat(season.times.astype("datetime64[s]"), len(names)),
        "group": group,
        "heat_share": season.heat_share.ravel(),
        "power_share": season.power_share.ravel(),
        "circulating": season.running.ravel(),
        **{state: season.circuits[:, k].ravel() for k, state in enumerate(STATES)},
    }
    for b, band in enumerate(BAND):
        columns[f"indoor_{band}_degc"] = season.operative_degc[:, b].ravel()
    return pa.table(columns)


def _causes(season: Season, damage: Damage) -> pa.Table:
    """One row per group and cause, for the first step in which the group lost its heat."""
    source = {season.case.network.assets.name[row.asset]: row.source for row in damage}
    rows: list[dict[str, object]] = []
    for found in chains(season):
        for order, cause in enumerate(found.causes[:5]):
            rows.append(
                {
                    "group": found.group,
                    "time": season.times[found.hour].astype("datetime64[s]"),
                    "first_link": found.first_link,
                    "rank": order + 1,
                    "asset": cause.asset,
                    "kind": cause.kind,
                    "missing_mw": cause.missing_mw,
                    "path": list(cause.path),
                    "source": source.get(cause.asset, ""),
                }
            )
    schema = pa.schema(
        [
            ("group", pa.string()),
            ("time", pa.timestamp("s")),
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


def _archetypes(season: Season) -> pa.Table:
    """One row per parameter of each archetype in use, and of its flats: the band and its source."""
    archetypes, rows = season.case.archetypes, list[dict[str, object]]()
    flats = archetypes.flats
    for a in np.unique(season.case.buildings.archetype).tolist():
        name = {"archetype": archetypes.name[a], "label": archetypes.label[a]}
        for f in np.flatnonzero(flats.archetype == a).tolist():
            here = {**name, "position": flats.position[f]}
            rows += _parameters(here, flats.parameter, flats.source, f)
        rows += _parameters({**name, "position": ""}, archetypes.parameter, archetypes.source, a)
    texts = ("archetype", "label", "position", "parameter")
    schema = pa.schema(
        [(name, pa.string()) for name in texts]
        + [(name, pa.float64()) for name in BAND]
        + [("source", pa.string())]
    )
    return pa.Table.from_pylist(rows, schema=schema)


def _parameters(
    names: Mapping[str, str], values: Mapping[str, Floats], source: Mapping[str, Names], at: int
) -> list[dict[str, object]]:
    """One row per parameter that was given; those left at no default are not there."""
    return [
        {
            **names,
            "parameter": parameter,
            **{band: float(table[b, at]) for b, band in enumerate(BAND)},
            "source": source[parameter][at],
        }
        for parameter, table in values.items()
        if np.isfinite(table[:, at]).all()
    ]


def _state(season: Season) -> pa.Table:
    """Flatten the final state: one row per number, in the order of `season.state.State`."""
    parts = arrays(season.final)
    sizes = [array.size for array in parts.values()]
    named = pa.DictionaryArray.from_arrays(
        np.repeat(np.arange(len(parts), dtype=np.int32), sizes), pa.array(parts, pa.string())
    )
    return pa.table(
        {
            "field": named.cast(pa.string()),
            "index": np.concatenate([np.arange(size) for size in sizes]),
            "value": np.concatenate([array.ravel() for array in parts.values()]),
        }
    )


def state_of(table: pa.Table, like: State) -> State:
    """Read the table ``state`` back.

    Parameters
    ----------
    table
        From a run of the same case.
    like
        Any state of that case: it gives the shapes.
    """
    columns = table.to_pydict()
    name, value = np.array(columns["field"]), np.array(columns["value"])
    return State(**{f: value[name == f].reshape(a.shape) for f, a in arrays(like).items()})
