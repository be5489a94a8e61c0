"""The country's network: power, three kinds of heat, gas and fuel in 25 regions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components import Components
from tables import Cell, round_up

from country.fuels import add_fuel, add_gas
from country.housing import Group, design_mw
from country.inputs import Region, distance_km, read_input

HOUSEHOLD_KW_PER_PERSON = 0.168
#: Shops, offices, schools, transport: cut together with homes.
SERVICES_KW_PER_PERSON = 0.07
WORKS_KW_PER_PERSON = 0.065
CRITICAL_KW_PER_PERSON = 0.03  # hospitals, water, sewage, communications
HOT_WATER_KW_PER_PERSON = 0.109  # 45 litres a day heated by 50 K
HOT_WATER_PEAK = 1.5
#: Installed over the design need of the coldest hour.
DISTRICT_MARGIN, HOME_MARGIN = 1.0, 1.15
#: A share of the district heat need that electric boilers can give.
ELECTRIC_BOILER_SHARE = 0.04
#: Heat per MWh of gas, 8 % lost in the mains, and power for pumps and fans, both per MWh of gas.
BOILER_HEAT, BOILER_POWER = 0.92 * 0.92, 0.012
CHP_POWER, CHP_HEAT, CHP_PUMPING = 0.33, 0.48 * 0.92, 0.004
HOME_BOILER_HEAT, HOME_BOILER_POWER = 0.90, 0.004
GAS_UNIT_EFFICIENCY = 0.4
BACKUP_EFFICIENCY = 0.35
#: Share of the critical need that backup generators can carry.
BACKUP_SHARE = 0.5
NETWORK_WATER_HOURS = 1.5
PUMPED_ONE_WAY = 0.87
#: Reactance (ohm/km, seen from 330 kV) and limit (MW) of one circuit.
CIRCUIT = {"line_330": (0.32, 700.0), "line_750": (0.29 * (330 / 750) ** 2, 2200.0)}


@dataclass(frozen=True)
class Country:
    """What every part of the network is sized from."""

    regions: list[Region]
    groups: list[Group]
    coldest_degc: Mapping[str, float]  # region -> coldest hour of the season

    def at(self, number: str) -> Region:
        """Return a region by its number."""
        return self.regions[int(number) - 1]

    def design(self, region: Region, heating: str) -> float:
        """Return the heat that rooms of one kind of heating lose on the coldest hour, MW."""
        return design_mw(self.groups, region, heating, self.coldest_degc[region.name])

    def people(self, region: Region, *heating: str) -> int:
        """Return the people of a region, or those with one of some kinds of heating."""
        mine = [g for g in self.groups if g.region is region]
        return sum(g.people for g in mine if not heating or g.heating in heating)


def build(country: Country) -> Components:
    """Return every component table of the country."""
    tables = Components({row["asset_class"]: row for row in read_input("classes")})
    for carrier in ("AC", "heat", "gas", "fuel"):
        tables.add("carriers", {"name": carrier})
    for region in country.regions:
        tables.bus(region.bus("power"), "AC", v_nom=330.0, region=region.name)
        for kind in ("district", "gas", "electric"):
            tables.bus(region.bus(f"{kind} heat"), "heat", region=region.name)
        for carrier in ("gas", "fuel"):
            tables.bus(region.bus(carrier), carrier, region=region.name)
    for region in country.regions:
        _power_needs(tables, country, region)
        _district_heat(tables, country, region)
        _homes(tables, country, region)
    _lines(tables, country)
    _plants(tables, country)
    _imports(tables, country)
    add_gas(tables, country)
    add_fuel(tables, country)
    return tables


def _varying(tables: Components, name: str, bus: str, tier: str, shape: str, mw: float) -> None:
    carrier = "AC" if bus.endswith("power") else "heat"
    tables.load(name, bus, carrier, tier, mw)
    tables.varying[name] = (shape, mw)


def _power_needs(tables: Components, country: Country, region: Region) -> None:
    bus, people = region.bus("power"), country.people(region)
    household = people * HOUSEHOLD_KW_PER_PERSON / 1000
    tables.load(f"{region.name} homes", bus, "AC", "household", household, people)
    tables.varying[f"{region.name} homes"] = ("household", household)
    services = people * SERVICES_KW_PER_PERSON / 1000
    _varying(tables, f"{region.name} services", bus, "household", "industry", services)
    works = people * WORKS_KW_PER_PERSON / 1000
    _varying(tables, f"{region.name} works", bus, "industry", "industry", works)
    critical = people * CRITICAL_KW_PER_PERSON / 1000
    tables.load(f"{region.name} critical", bus, "AC", "critical", critical)
    size, ports = (
        round_up(critical * BACKUP_SHARE / BACKUP_EFFICIENCY, 5),
        [(bus, BACKUP_EFFICIENCY)],
    )
    name, kind = f"{region.name} backup generators", "backup_generators"
    tables.link(name, region.bus("fuel"), ports, "AC", size, kind, region.name)


def _district_heat(tables: Components, country: Country, region: Region) -> None:
    """Add CHP, boiler houses, electric boilers and the water of the network, which is a store."""
    bus, power, gas = region.bus("district heat"), region.bus("power"), region.bus("gas")
    mean = country.people(region, "district") * HOT_WATER_KW_PER_PERSON / 1000
    name = f"{region.name} hot water"
    _varying(tables, name, bus, "heat_comfort", "hot_water", mean)
    need = country.design(region, "district") * DISTRICT_MARGIN + mean * HOT_WATER_PEAK
    left = need
    for row in read_input("chp"):
        if row["region"] == region.number:
            ports = [(power, CHP_POWER - CHP_PUMPING), (bus, CHP_HEAT)]
            size = float(row["p_nom"])
            tables.link(row["name"], gas, ports, "heat", size, "chp_unit", region.name)
            left -= size * CHP_HEAT
    ports = [(bus, BOILER_HEAT), (power, -BOILER_POWER)]
    size, name = round_up(left / BOILER_HEAT, 10), f"{region.name} boiler houses"
    tables.link(name, gas, ports, "heat", size, "boiler_houses", region.name)
    size, name = round_up(need * ELECTRIC_BOILER_SHARE, 5), f"{region.name} electric boilers"
    tables.link(name, power, [(bus, 0.9)], "heat", size, "electric_boiler", region.name)
    level = round_up(need * NETWORK_WATER_HOURS, 10)
    store: dict[str, Cell] = {"name": f"{region.name} network water", "bus": bus, "carrier": "heat"}
    store |= {"e_nom": level, "e_initial": level, "asset_class": "heat_store"}
    tables.add("stores", store)


def _homes(tables: Components, country: Country, region: Region) -> None:
    """Add the boilers and heaters of homes that heat themselves with gas or power."""
    power = region.bus("power")
    ports = [(region.bus("gas heat"), HOME_BOILER_HEAT), (power, -HOME_BOILER_POWER)]
    size = round_up(country.design(region, "gas") * HOME_MARGIN / HOME_BOILER_HEAT, 10)
    name = f"{region.name} home boilers"
    tables.link(name, region.bus("gas"), ports, "heat", size, "home_boilers", region.name)
    size = round_up(country.design(region, "electric") * HOME_MARGIN, 5)
    name, ports = f"{region.name} home heaters", [(region.bus("electric heat"), 1.0)]
    tables.link(name, power, ports, "heat", size, "home_heaters", region.name)


def _lines(tables: Components, country: Country) -> None:
    for row in read_input("lines"):
        one, other = country.at(row["region0"]), country.at(row["region1"])
        ohm_per_km, limit = CIRCUIT[row["asset_class"]]
        circuits = int(row["circuits"])
        line: dict[str, Cell] = {"name": f"Line {one.name} - {other.name}", "carrier": "AC"}
        line |= {"bus0": one.bus("power"), "bus1": other.bus("power")}
        line |= {"x": round(ohm_per_km * distance_km(one, other) / circuits, 2)}
        tables.add("lines", {**line, "s_nom": limit * circuits, "asset_class": row["asset_class"]})


def _plants(tables: Components, country: Country) -> None:
    for row in read_input("plants"):
        region, kind, size = country.at(row["region"]), row["asset_class"], float(row["p_nom"])
        own: dict[str, Cell] = {"name": row["name"], "bus": region.bus("power"), "carrier": "AC"}
        own |= {"p_nom": size, "asset_class": kind, "region": region.name}
        if kind == "gas_unit":
            ports = [(region.bus("power"), GAS_UNIT_EFFICIENCY)]
            gas, taken = region.bus("gas"), size / GAS_UNIT_EFFICIENCY
            tables.link(row["name"], gas, ports, "AC", taken, kind, region.name)
        elif row["storage_mwh"]:
            level = float(row["storage_mwh"])
            own |= {"max_hours": level / size, "state_of_charge_initial": level}
            pumped = kind == "pumped_storage"
            own |= {"p_min_pu": -1 if pumped else 0, "inflow": float(row["inflow"])}
            own["efficiency_store"] = own["efficiency_dispatch"] = PUMPED_ONE_WAY if pumped else 1
            tables.add("storage_units", own)
        else:
            tables.add("generators", own)


def _imports(tables: Components, country: Country) -> None:
    for row in read_input("imports"):
        region = country.at(row["region"])
        carrier = "AC" if row["carrier"] == "power" else row["carrier"]
        own: dict[str, Cell] = {"name": row["name"], "bus": region.bus(row["carrier"])}
        own |= {"carrier": carrier, "p_nom": float(row["p_nom"]), "region": region.name}
        tables.add("generators", {**own, "asset_class": row["asset_class"]})
