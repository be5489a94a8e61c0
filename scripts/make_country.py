"""Write examples/country from the tables in scripts/country, the same bytes every time.

The archetypes come from examples/archetypes. case.toml, README.md and damage.csv are written by
hand.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from components import ASSET, Components, write_components, write_series
from country.climate import HOURS, START, normals, outdoor_degc, wind_m_per_s
from country.housing import building_groups, building_rows
from country.inputs import Region, read_regions
from country.network import Country, build
from daily_shapes import need_mw
from make_town import copy_archetypes
from tables import Row, write_table

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
LINK = ["name", "bus0", "bus1", "bus2", "carrier", "p_nom", "p_min_pu"]
UNIT = ["name", "bus", "carrier", "p_nom", "p_min_pu", "max_hours", "state_of_charge_initial"]
COLUMNS = {
    "carriers": ["name"],
    "buses": ["name", "v_nom", "carrier", "region"],
    "generators": ["name", "bus", "carrier", "p_nom", "marginal_cost", *ASSET],
    "loads": ["name", "bus", "carrier", "p_set", "tier", "people"],
    "lines": ["name", "bus0", "bus1", "carrier", "x", "s_nom", *ASSET],
    "links": [*LINK, "efficiency", "efficiency2", "marginal_cost", *ASSET],
    "stores": [
        *["name", "bus", "carrier", "e_nom", "e_initial", "marginal_cost"],
        *ASSET,
    ],
    "storage_units": [
        *[*UNIT, "efficiency_store", "efficiency_dispatch", "inflow", "marginal_cost"],
        *ASSET,
    ],
}


def write_network(
    folder: Path, tables: Components, regions: list[Region], degc: dict[str, list[float]]
) -> None:
    """Write the PyPSA folder."""
    write_components(folder, "country", COLUMNS, tables)
    where = {str(row["name"]): str(row["region"]) for row in tables.rows["buses"]}
    bus = {str(row["name"]): str(row["bus"]) for row in tables.rows["loads"]}
    series = {
        name: need_mw(shape, mean, degc[where[bus[name]]], 0 if mean > 100 else 1)
        for name, (shape, mean) in tables.varying.items()
    }
    write_series(folder, [START + timedelta(hours=hour) for hour in range(HOURS)], series)


def write_regions(path: Path, regions: list[Region]) -> None:
    """Write regions.csv."""
    rows: list[Row] = [
        {
            "region": region.name,
            "name_en": region.name,
            "name_uk": region.name_uk,
            "people": str(region.people),
            "vulnerable_share": region.vulnerable_share,
            "lon": region.lon,
            "lat": region.lat,
        }
        for region in regions
    ]
    write_table(path, rows[0], rows)


def write_weather(path: Path, degc: dict[str, list[float]]) -> None:
    """Write weather.csv, one row an hour and region; the wind is the same everywhere."""
    rows: list[Row] = [
        {
            "time": f"{START + timedelta(hours=hour):%Y-%m-%dT%H:%MZ}",
            "region": region,
            "outdoor_degc": f"{values[hour]:.1f}",
            "wind_m_per_s": str(wind_m_per_s(hour)),
        }
        for hour in range(HOURS)
        for region, values in degc.items()
    ]
    write_table(path, rows[0], rows)


def write_country(folder: Path) -> None:
    """Write every generated table of the country into a folder."""
    regions = read_regions()
    degc = outdoor_degc(regions)
    groups = building_groups(regions)
    coldest = {name: min(values) for name, values in degc.items()}
    tables = build(Country(regions, groups, coldest))
    write_network(folder / "network", tables, regions, degc)
    write_regions(folder / "regions.csv", regions)
    rows = building_rows(groups)
    write_table(folder / "buildings.csv", rows[0], rows)
    write_weather(folder / "weather.csv", degc)
    monthly = normals(regions)
    write_table(folder / "normals.csv", monthly[0], monthly)
    master = EXAMPLES / "archetypes" / "archetypes.csv"
    copy_archetypes(master, folder / "buildings.csv", folder / "archetypes.csv")


if __name__ == "__main__":
    write_country(EXAMPLES / "country")
