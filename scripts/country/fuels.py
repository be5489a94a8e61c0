"""Gas and liquid fuel: sources, ways between regions, stores and what people and works burn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components import Components
from tables import Cell, round_up

from country.inputs import read_input

if TYPE_CHECKING:
    from country.network import Country

#: Lower heating value (assumed): efficiencies are by it, too.
KWH_PER_M3 = 9.5
COOKING_KW_PER_PERSON = 0.03
GAS_INDUSTRY_KW_PER_PERSON = 0.057
#: Hours of the most gas that a region can burn in its line pack.
LINE_PACK_HOURS = 1.0
#: Power of compressors per MWh of gas moved.
COMPRESSOR_POWER = 0.004
FUEL_KW_PER_PERSON = {"household": 0.12, "industry": 0.06, "critical": 0.02}
FUEL_DAYS = 20
REFINERY_EFFICIENCY, REFINERY_POWER = 0.92, 0.01


def mwh_of_mcm(mcm: float) -> float:
    """Return the energy of million m3 of gas in MWh."""
    return mcm * 1000 * KWH_PER_M3


def add_gas(tables: Components, country: Country) -> None:
    """Add gas needs, pipelines with compressors, line pack and underground stores."""
    for region in country.regions:
        bus, people = region.bus("gas"), country.people(region, "district", "gas")
        cooking = people * COOKING_KW_PER_PERSON / 1000
        name = f"{region.name} cooking"
        tables.load(name, bus, "gas", "household", cooking, people)
        tables.varying[name] = ("cooking", cooking)
        works = country.people(region) * GAS_INDUSTRY_KW_PER_PERSON / 1000
        tables.load(f"{region.name} gas works", bus, "gas", "industry", works)
        burners = [row for row in tables.rows["links"] if row["bus0"] == bus]
        most = sum(float(row["p_nom"]) for row in burners) + cooking + works
        level = round_up(most * LINE_PACK_HOURS, 10)
        store: dict[str, Cell] = {"name": f"{region.name} line pack", "bus": bus, "carrier": "gas"}
        store |= {"e_nom": level, "e_initial": level, "asset_class": "line_pack"}
        tables.add("stores", store)
    _pipelines(tables, country)
    _underground(tables, country)


def _pipelines(tables: Components, country: Country) -> None:
    """Add pipelines, which carry gas either way; one with a compressor carries it one way."""
    for row in read_input("pipelines"):
        one, other = country.at(row["region0"]), country.at(row["region1"])
        kind, size = row["asset_class"], float(row["p_nom"])
        ports = [(other.bus("gas"), 1.0)]
        if kind == "compressor":
            ports.append((one.bus("power"), -COMPRESSOR_POWER))
        name = f"{kind.capitalize()} {one.name} - {other.name}"
        least = None if kind == "compressor" else -1.0
        tables.link(name, one.bus("gas"), ports, "gas", size, kind, one.name, p_min_pu=least)


def _underground(tables: Components, country: Country) -> None:
    """Add underground stores, each behind outlets that give gas and, in winter, take none.

    They are storage units that cannot be charged and hold working gas only, without the buffer.
    """
    for row in read_input("underground"):
        region, name = country.at(row["region"]), f"{row['name']} underground store"
        outlets, size = int(row["outlets"]), float(row["outlet_mw"])
        tables.bus(name, "gas", region=region.name)
        most, level = (mwh_of_mcm(float(row[key])) for key in ("working_mcm", "initial_mcm"))
        store: dict[str, Cell] = {"name": f"{name} gas", "bus": name, "carrier": "gas"}
        store |= {"p_nom": outlets * size, "p_min_pu": 0, "max_hours": most / (outlets * size)}
        store |= {"state_of_charge_initial": f"{level:.0f}", "efficiency_store": 1}
        store |= {"efficiency_dispatch": 1, "inflow": 0, "asset_class": "underground_store"}
        tables.add("storage_units", store)
        ports = [(region.bus("gas"), 1.0), (region.bus("power"), -COMPRESSOR_POWER)]
        for at in range(outlets):
            outlet = f"{row['name']} store outlet {at + 1}"
            tables.link(outlet, name, ports, "gas", size, "store_outlet", region.name)


def add_fuel(tables: Components, country: Country) -> None:
    """Add fuel needs, depots that hold 20 days of them, routes and refineries."""
    for region in country.regions:
        bus, people = region.bus("fuel"), country.people(region)
        for tier, kw in FUEL_KW_PER_PERSON.items():
            own = people if tier == "household" else 0
            name = f"{region.name} {tier} fuel"
            tables.load(name, bus, "fuel", tier, people * kw / 1000, own)
        level = round_up(people * sum(FUEL_KW_PER_PERSON.values()) / 1000 * 24 * FUEL_DAYS, 100)
        depot: dict[str, Cell] = {"name": f"{region.name} depots", "bus": bus, "carrier": "fuel"}
        depot |= {"e_nom": level, "e_initial": level, "asset_class": "depot"}
        tables.add("stores", depot)
    for row in read_input("fuel_routes"):
        one, other = country.at(row["region0"]), country.at(row["region1"])
        kind, least = ("fuel_trains", None) if row["one_way"] == "true" else ("fuel_route", -1.0)
        name = f"{kind.replace('_', ' ').capitalize()} {one.name} - {other.name}"
        start, ports = one.bus("fuel"), [(other.bus("fuel"), 1.0)]
        size = float(row["p_nom"])
        tables.link(name, start, ports, "fuel", size, kind, one.name, p_min_pu=least)
    for row in read_input("refineries"):
        region, name, size = country.at(row["region"]), row["name"], float(row["p_nom"])
        tables.bus(f"{name} crude", "fuel", region=region.name)
        crude: dict[str, Cell] = {"name": f"{name} crude supply", "bus": f"{name} crude"}
        crude |= {"carrier": "fuel", "p_nom": size, "region": region.name}
        tables.add("generators", {**crude, "asset_class": "crude_supply"})
        ports = [(region.bus("fuel"), REFINERY_EFFICIENCY), (region.bus("power"), -REFINERY_POWER)]
        tables.link(name, f"{name} crude", ports, "fuel", size, "refinery", region.name)
