"""Write examples/capital from the tables in scripts/capital, the same bytes every time.

The weather comes from make_weather.py, the archetypes from examples/archetypes. case.toml,
README.md and the two damage lists are written by hand.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from capital.housing import Group, building_groups, feeders, rotation_groups
from capital.inputs import read_input
from capital.network import build
from components import ASSET, Components, write_components, write_series
from daily_shapes import need_mw
from make_town import copy_archetypes
from make_weather import ANCHORS, START, outdoor_degc, write_weather
from tables import Row, write_table

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
PORTS = ["bus0", "bus1", "bus2"]
COLUMNS = {
    "carriers": ["name"],
    "buses": ["name", "v_nom", "carrier", "region"],
    "generators": ["name", "bus", "carrier", "p_nom", "marginal_cost", *ASSET],
    "loads": ["name", "bus", "carrier", "p_set", "tier", "people"],
    "lines": ["name", "bus0", "bus1", "carrier", "x", "s_nom", *ASSET],
    "transformers": ["name", "bus0", "bus1", "x", "s_nom", *ASSET],
    "links": [
        *["name", *PORTS, "carrier", "p_nom", "p_min_pu"],
        *["efficiency", "efficiency2", "marginal_cost", *ASSET],
    ],
    "stores": ["name", "bus", "carrier", "e_nom", "e_initial", *ASSET],
}


def write_network(folder: Path, tables: Components) -> None:
    """Write the PyPSA folder."""
    write_components(folder, "capital", COLUMNS, tables)
    degc = outdoor_degc(ANCHORS)
    times = [START + timedelta(hours=hour) for hour in range(len(degc))]
    series = {name: need_mw(shape, mean, degc) for name, (shape, mean) in tables.varying.items()}
    write_series(folder, times, series)


def write_regions(path: Path, groups: list[Group]) -> None:
    """Write regions.csv with the people of each district's groups."""
    rows: list[Row] = [
        {
            **district,
            "region": district["name_en"],
            "people": sum(g.people for g in groups if g.district == district["name_en"]),
        }
        for district in read_input("districts")
    ]
    columns = ["region", "name_en", "name_uk", "people", "vulnerable_share", "lon", "lat"]
    write_table(path, columns, rows)


def write_buildings(path: Path, groups: list[Group]) -> None:
    """Write buildings.csv."""
    rotation = rotation_groups(feeders(read_input("districts")))
    rows: list[Row] = [
        {
            "group": group.name,
            "region": group.district,
            "archetype": group.archetype,
            "buildings": group.buildings,
            "people": str(group.people),
            "floor_area_m2": str(group.floor_area_m2),
            "heat_bus": group.zone,
            "power_bus": group.feeder,
            "rotation_group": rotation.get(group.feeder, ""),
            "substation_needs_power": group.substation_needs_power,
            "backup": group.backup,
        }
        for group in groups
    ]
    write_table(path, rows[0], rows)


def write_capital(folder: Path) -> None:
    """Write every generated table of the capital into a folder."""
    groups = building_groups()
    write_network(folder / "network", build(groups))
    write_regions(folder / "regions.csv", groups)
    write_buildings(folder / "buildings.csv", groups)
    write_weather(folder / "weather.csv")
    master = EXAMPLES / "archetypes" / "archetypes.csv"
    copy_archetypes(master, folder / "buildings.csv", folder / "archetypes.csv")


if __name__ == "__main__":
    write_capital(EXAMPLES / "capital")
