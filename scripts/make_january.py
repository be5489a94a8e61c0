"""Write the city and the damage of the hindcast of January 2026, the same bytes every time.

The city stands for Kyiv as far as public totals go: ten districts with the published counts of
buildings on district heat (2014: 10,060), scaled to 11,500, under invented names; who lives where
and in what houses is assumed as in examples/capital. Two plants heat six districts (6,008
buildings), boiler houses the other four. Nothing here was chosen for the tallies after 9 January.

damage.csv says what was lost and when, as reported by 14 January:

- 9 January, night: the heat of 6,000 buildings. Feeds come back one district after the other at an
  even pace; heat supply had begun to 4,000 buildings after a day (deputy PM, 10 January), and all
  boiler houses worked on the 11th. None is back before noon: all 6,000 were drained first.
- 9 January: 417,000 customers without power, taken as four districts of about as many people.
- From 14 January: emergency cuts, 3 h of power and up to 10 h without, on every district in turn.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from components import PYPSA_VERSION
from make_town import copy_archetypes
from make_weather import write_weather
from tables import Row, read_rows, round_up, share_out, write_table

ROOT = Path(__file__).resolve().parents[1]
TABLES = Path(__file__).resolve().parent / "january"
CASE = ROOT / "src/keepwarm/validation/cases/kyiv_january_2026"
BUILDINGS, PEOPLE = 11_500, 2_950_000
START, HOURS = datetime(2026, 1, 8), 52 * 24  # noqa: DTZ001 - naive UTC, as PyPSA writes it
ATTACK = "2026-01-09T00:00:00Z"
#: 1.00 million people, against 417,000 customers of 2.3 people each: 0.96 million.
DARK = ("Glass Lake", "Willow Reach", "Ferry Bank", "Rope Walk")
CUTS_FROM, CUTS_UNTIL = datetime(2026, 1, 14), datetime(2026, 1, 20)  # noqa: DTZ001
ON, OFF = timedelta(hours=3), timedelta(hours=10)
LOST = "published: almost 6000 buildings (mayor; pravda.com.ua 2026/01/09/8015328)"
BACK = (
    "published: heat supply begun to 4000 buildings in about 24 h (deputy PM; unn.ua; "
    "10 January); an even pace is assumed"
)
DARK_SOURCE = "published: 417000 customers (Ukrinform via menafn.com 1110589019); end assumed"
CUT_SOURCE = "published: 3 h on and up to 10 h off (babel.ua 124315; 14 January); turns assumed"
ASSET = ["asset_class", "repair_hours"]


def stamp(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"


def groups(districts: list[dict[str, str]]) -> list[Row]:
    """Return the rows of buildings.csv: four archetypes in each district."""
    housing = read_rows(TABLES / "housing.csv")
    counts = share_out(BUILDINGS, [float(d["published_buildings"]) for d in districts])
    rows: list[dict[str, str | float | bool]] = []
    for district, count in zip(districts, counts, strict=True):
        name = district["name_en"]
        parts = share_out(count, [float(kind[district["housing"]]) for kind in housing])
        rows += [
            {
                "group": f"{name} {kind['archetype']}",
                "region": name,
                "archetype": kind["archetype"],
                "buildings": buildings,
                "floor_area_m2": buildings * int(kind["m2_per_building"]),
                "heat_bus": f"{name} heat",
                "power_bus": f"{name} power",
                "substation_needs_power": kind["substation_needs_power"],
                "backup": "false",
            }
            for kind, buildings in zip(housing, parts, strict=True)
        ]
    people = share_out(PEOPLE, [float(row["floor_area_m2"]) for row in rows])
    return [{**row, "people": each} for row, each in zip(rows, people, strict=True)]


def of_district(rows: list[Row], name: str, column: str) -> float:
    return sum(float(row[column]) for row in rows if row["region"] == name)


def design_mw(rows: list[Row], name: str) -> float:
    """Return the heat of a district at the design temperature, 5 MW up."""
    watts = {
        kind["archetype"]: kind["design_w_per_m2"] for kind in read_rows(TABLES / "housing.csv")
    }
    mine = [row for row in rows if row["region"] == name]
    need = sum(float(r["floor_area_m2"]) * float(watts[str(r["archetype"])]) for r in mine)
    return round_up(need / 1e6, 5)


def write_network(folder: Path, districts: list[dict[str, str]], rows: list[Row]) -> None:
    """Write the PyPSA folder: one source of power, three of heat, one feed of each a district."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [district["name_en"] for district in districts]
    heat = {name: design_mw(rows, name) for name in names}
    power = {name: round(of_district(rows, name, "people") * 0.27e-3, 1) for name in names}
    sources = list(dict.fromkeys(district["source"] for district in districts))
    buses: list[Row] = [{"name": "Grid", "v_nom": 330, "carrier": "AC"}]
    buses += [{"name": f"{source} heat", "v_nom": 1, "carrier": "heat"} for source in sources]
    for name in names:
        buses.append({"name": f"{name} power", "v_nom": 110, "carrier": "AC", "region": name})
        buses.append({"name": f"{name} heat", "v_nom": 1, "carrier": "heat", "region": name})
    write_table(folder / "buses.csv", ["name", "v_nom", "carrier", "region"], buses)
    total = round_up(1.5 * sum(power.values()), 100)
    made: list[Row] = [
        {
            "name": "Grid import",
            "bus": "Grid",
            "carrier": "AC",
            "p_nom": total,
            "marginal_cost": 100,
            "asset_class": "import",
            "repair_hours": 72,
        }
    ]
    made += [
        {
            "name": source,
            "bus": f"{source} heat",
            "carrier": "heat",
            "p_nom": sum(heat[d["name_en"]] for d in districts if d["source"] == source),
            "marginal_cost": 50,
            "asset_class": "heat_source",
            "repair_hours": 168,
        }
        for source in sources
    ]
    columns = ["name", "bus", "carrier", "p_nom", "marginal_cost", *ASSET]
    write_table(folder / "generators.csv", columns, made)
    links: list[Row] = []
    for district in districts:
        name = district["name_en"]
        main = {"bus0": f"{district['source']} heat", "bus1": f"{name} heat", "p_nom": heat[name]}
        feeder = {"bus0": "Grid", "bus1": f"{name} power", "p_nom": round_up(4 * power[name], 10)}
        links.append({"name": f"{name} main", **main, "asset_class": "main", "repair_hours": 54})
        links.append(
            {"name": f"{name} feeder", **feeder, "asset_class": "feeder", "repair_hours": 12}
        )
    write_table(folder / "links.csv", ["name", "bus0", "bus1", "p_nom", *ASSET], links)
    loads: list[Row] = [
        {
            "name": f"{name} homes",
            "bus": f"{name} power",
            "carrier": "AC",
            "p_set": power[name],
            "tier": "household",
            "people": of_district(rows, name, "people"),
        }
        for name in names
    ]
    write_table(folder / "loads.csv", list(loads[0]), loads)
    write_table(folder / "carriers.csv", ["name"], [{"name": "AC"}, {"name": "heat"}])
    write_table(
        folder / "network.csv",
        ["name", "pypsa_version"],
        [{"name": "january", "pypsa_version": PYPSA_VERSION}],
    )
    times = [START + timedelta(hours=hour) for hour in range(HOURS)]
    write_table(
        folder / "snapshots.csv",
        ["", "snapshot"],
        [{"": str(at), "snapshot": f"{time:%Y-%m-%d %H:%M:%S}"} for at, time in enumerate(times)],
    )


def write_damage(path: Path, districts: list[dict[str, str]]) -> None:
    """Write what was lost and when."""
    lost = [district for district in districts if district["fed_again_utc"]]
    first = min(district["fed_again_utc"] for district in lost)
    sources = dict.fromkeys(district["source"] for district in lost)
    rows = [_out(ATTACK, source, first, LOST, "high") for source in sources]
    rows += [_out(ATTACK, f"{d['name_en']} main", d["fed_again_utc"], BACK, "medium") for d in lost]
    rows += [
        _out(ATTACK, f"{name} feeder", "2026-01-09T10:00:00Z", DARK_SOURCE, "low") for name in DARK
    ]
    for turn, district in enumerate(districts):
        begin = CUTS_FROM + timedelta(hours=turn)
        while begin < CUTS_UNTIL:
            until = stamp(min(begin + OFF, CUTS_UNTIL))
            rows.append(
                _out(stamp(begin), f"{district['name_en']} feeder", until, CUT_SOURCE, "low")
            )
            begin += OFF + ON
    write_table(path, list(rows[0]), rows)


def _out(time: str, asset: str, until: str, source: str, confidence: str) -> Row:
    row = {"time": time, "asset": asset, "available": "0", "until": until}
    return {**row, "source": source, "confidence": confidence}


def write_january(folder: Path) -> None:
    """Write every generated table into a case folder."""
    districts = read_rows(TABLES / "districts.csv")
    rows = groups(districts)
    city = folder / "city"
    write_network(city / "network", districts, rows)
    write_table(city / "buildings.csv", list(rows[0]), rows)
    regions: list[Row] = [
        {
            **{key: district[key] for key in ("name_en", "name_uk", "lon", "lat")},
            "region": district["name_en"],
            "people": of_district(rows, district["name_en"], "people"),
            "vulnerable_share": "0.19",
        }
        for district in districts
    ]
    columns = ["region", "name_en", "name_uk", "people", "vulnerable_share", "lon", "lat"]
    write_table(city / "regions.csv", columns, regions)
    write_weather(city / "weather.csv")
    master = ROOT / "examples" / "archetypes" / "archetypes.csv"
    copy_archetypes(master, city / "buildings.csv", city / "archetypes.csv")
    write_damage(city / "damage.csv", districts)


if __name__ == "__main__":
    write_january(CASE)
