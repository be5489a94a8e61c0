"""The capital's network: buses, sources, mains, feeders, gas, water and diesel as PyPSA tables."""

from __future__ import annotations

from collections import defaultdict

from components import Components
from tables import Cell, round_up

from capital.housing import Group, feeders
from capital.inputs import read_input

#: Share of heat lost in the mains (assumed).
MAIN_LOSS = 0.05
#: Size of a main over its zone's design need.
MAIN_MARGIN = 1.15
HOT_WATER_KW_PER_PERSON = 0.109  # 45 litres a day heated by 50 K
HOT_WATER_PEAK = 1.5
HOUSEHOLD_KW_PER_PERSON = 0.27
SERVICES_KW_PER_PERSON = 0.18
CRITICAL_KW_PER_PERSON = {"a": 0.022, "b": 0.022, "c": 0.022, "d": 0.054}
COOKING_KW_PER_PERSON = 0.03
GAS_INDUSTRY_MW = {"right": 150.0, "left": 50.0}
#: 200 litres a day and person, 0.6 kWh per m3 at the waterworks, a quarter more at boosters.
WATER_KW_PER_PERSON = 0.2 / 24 * 0.6
BOOSTER_SHARE = 0.25
WATER_PEAK = 1.4
#: Feeder of each district that carries the boosters.
BOOSTER_FEEDER = "b"
#: 0.5 kWh per m3 of the same water, at three stations: feeder -> share.
SEWAGE_KW_PER_PERSON = 0.2 / 24 * 0.5
SEWAGE = {"Feeder 07d": 0.4, "Feeder 08d": 0.3, "Feeder 10d": 0.3}
ELECTRIC_BOILERS = {"Hazel boiler houses": "Linden 110", "Willow boiler houses": "Swan 110"}
ELECTRIC_BOILER_MW = 40.0
#: Where the small cogeneration units feed in.
COGENERATION_BUS = "Market 110"
DIESEL_EFFICIENCY = 0.35
#: Room for electric heaters and for the surge of a reconnected feeder.
FEEDER_MARGIN = 1.6
FEEDER_SHAPE_PEAK = 1.16


def build(groups: list[Group]) -> Components:
    """Return every component table of the capital."""
    tables = Components({row["asset_class"]: row for row in read_input("classes")})
    _grid(tables)
    _trunks(tables)
    for district in read_input("districts"):
        _feeders(tables, district, groups)
        _gas_and_water(tables, district, groups)
    _heat(tables, groups)
    for carrier in ("AC", "heat", "gas", "water", "fuel"):
        tables.add("carriers", {"name": carrier})
    return tables


def _grid(tables: Components) -> None:
    lines, transformers = read_input("grid_lines"), read_input("grid_transformers")
    ends = [row[end] for row in (*transformers, *lines) for end in ("bus0", "bus1")]
    for name in dict.fromkeys(ends):
        tables.bus(name, "AC", v_nom=330.0 if name.endswith("330") else 110.0)
    for line in lines:
        tables.add("lines", {**line, "carrier": "AC"})
    for transformer in transformers:
        tables.add("transformers", {**transformer, "asset_class": "transformer"})


def _trunks(tables: Components) -> None:
    """Add imports, gas and water trunks, diesel stocks and stores that belong to no district."""
    for name in ("Gas gate north", "Gas gate south", "Gas right bank", "Gas left bank"):
        tables.bus(name, "gas")
    for name in ("Waterworks right bank", "Waterworks left bank"):
        tables.bus(name, "water")
    for name in ("Diesel right bank", "Diesel left bank", "Ember waste bunker"):
        tables.bus(name, "fuel")
    carriers = {str(row["name"]): str(row["carrier"]) for row in tables.rows["buses"]}
    for source in read_input("imports"):
        tables.add("generators", {**source, "carrier": carriers[source["bus"]]})
    for pipe in read_input("pipes"):
        tables.add("links", {**pipe, "carrier": carriers[pipe["bus1"]], "efficiency": 1.0})
    for store in read_input("stores"):
        row: dict[str, Cell] = {**store, "carrier": carriers[store["bus"]]}
        tables.add("stores", {**row, "e_initial": store["e_nom"]})
    for bank, power in GAS_INDUSTRY_MW.items():
        name = f"Gas industry {bank} bank"
        tables.load(name, f"Gas {bank} bank", "gas", "industry", power)


def _feeders(tables: Components, district: dict[str, str], groups: list[Group]) -> None:
    region = district["name_en"]
    everybody = sum(group.people for group in groups)
    for name in feeders([district]):
        people = sum(group.people for group in groups if group.feeder == name)
        household = people * HOUSEHOLD_KW_PER_PERSON / 1000
        services = people * SERVICES_KW_PER_PERSON / 1000
        critical = people * CRITICAL_KW_PER_PERSON[name[-1]] / 1000
        sewage = everybody * SEWAGE_KW_PER_PERSON * SEWAGE.get(name, 0.0) / 1000
        tables.bus(name, "AC", v_nom=10.0, region=region)
        tables.load(f"{name} homes", name, "AC", "household", household, people)
        tables.load(f"{name} works", name, "AC", "industry", services)
        tables.load(f"{name} critical", name, "AC", "critical", critical)
        if sewage:
            tables.load(f"{name} sewage", name, "AC", "critical", sewage)
        tables.varying[f"{name} homes"] = ("household", household)
        tables.varying[f"{name} works"] = ("industry", services)
        peak = (household + services) * FEEDER_SHAPE_PEAK + critical + sewage
        size = round_up(peak * FEEDER_MARGIN, 5)
        supply, port = f"{name} supply", [(name, 1.0)]
        tables.link(supply, district["substation"], port, "AC", size, "feeder", region)
        backed = critical + sewage + _booster_mw(district, name, groups)
        size = round_up(backed / DIESEL_EFFICIENCY, 0.5)
        stock, port = f"Diesel {district['bank']} bank", [(name, DIESEL_EFFICIENCY)]
        tables.link(f"{name} diesel", stock, port, "fuel", size, "diesel_set", region)


def _booster_mw(district: dict[str, str], feeder: str, groups: list[Group]) -> float:
    """Return the peak power of the district's water boosters if they hang on this feeder."""
    people = sum(group.people for group in groups if group.district == district["name_en"])
    peak = people * WATER_KW_PER_PERSON / 1000 * BOOSTER_SHARE * WATER_PEAK
    return peak if feeder.endswith(BOOSTER_FEEDER) else 0.0


def _gas_and_water(tables: Components, district: dict[str, str], groups: list[Group]) -> None:
    name, bank = district["name_en"], district["bank"]
    people = sum(group.people for group in groups if group.district == name)
    cooking = people * COOKING_KW_PER_PERSON / 1000
    water = people * WATER_KW_PER_PERSON / 1000
    for carrier in ("gas", "water"):
        tables.bus(f"{name} {carrier}", carrier, region=name)
    tables.load(f"{name} cooking", f"{name} gas", "gas", "household", cooking, people)
    tables.load(f"{name} water", f"{name} water", "water", "critical", water, people)
    tables.varying[f"{name} cooking"] = ("cooking", cooking)
    tables.varying[f"{name} water"] = ("water", water)
    port, size = [(f"{name} gas", 1.0)], round_up(cooking * 2.5, 5)
    tables.link(f"{name} gas main", f"Gas {bank} bank", port, "gas", size, "gas_main", name)
    booster = f"Feeder {district['number']}{BOOSTER_FEEDER}"
    ports, size = [(f"{name} water", 1.0), (booster, -BOOSTER_SHARE)], round_up(water * 1.6, 0.5)
    trunk = f"Waterworks {bank} bank"
    tables.link(f"{name} water main", trunk, ports, "water", size, "water_main", name)


def zone_design_mw(groups: list[Group]) -> dict[str, float]:
    """Return the design need of each heat zone: rooms at -22 degC and the hot-water peak."""
    need: dict[str, float] = defaultdict(float)
    for group in groups:
        hot_water = group.people * HOT_WATER_KW_PER_PERSON * HOT_WATER_PEAK / 1000
        need[group.zone] += group.floor_area_m2 * group.design_w_per_m2 / 1e6 + hot_water
    return need


def _heat(tables: Components, groups: list[Group]) -> None:
    sources = {row["source"]: row for row in read_input("sources")}
    for name, source in sources.items():
        tables.bus(f"{name} heat", "heat")
        if source["store_mwh"]:
            store: dict[str, Cell] = {"name": f"{name} network water", "bus": f"{name} heat"}
            store |= {"carrier": "heat", "asset_class": "heat_store"}
            level = source["store_mwh"]
            tables.add("stores", {**store, "e_nom": level, "e_initial": level})
    for plant in read_input("plants"):
        _plant(tables, plant, sources)
    for source_name, bus in ELECTRIC_BOILERS.items():
        name, port = f"{source_name.split()[0]} electric boiler", [(f"{source_name} heat", 0.98)]
        tables.link(name, bus, port, "heat", ELECTRIC_BOILER_MW, "electric_boiler")
    design = zone_design_mw(groups)
    for zone in read_input("zones"):
        name = f"Zone {zone['zone']}"
        _zone(tables, name, [group for group in groups if group.zone == name])
        for feed, share in ((zone["first"], "1"), (zone["second"], zone["second_share"])):
            if feed:
                size = round_up(design[name] * MAIN_MARGIN * float(share), 5)
                region = next(group.district for group in groups if group.zone == name)
                _main(tables, zone["zone"], sources[feed], size, region)


def _plant(tables: Components, plant: dict[str, str], sources: dict[str, dict[str, str]]) -> None:
    """Add one plant link; power made and used is exchanged at its source's power bus."""
    made, heat, used = (
        float(plant[key]) for key in ("power_efficiency", "heat_efficiency", "own_use")
    )
    owner = plant["heat"] or " ".join(plant["name"].split()[:2])
    power = sources[owner]["power_bus"] if owner in sources else COGENERATION_BUS
    ports = [(power, made)] if made else []
    if plant["heat"]:
        ports.append((f"{plant['heat']} heat", heat))
    if used:
        ports.append((power, -used))
    carrier, size = "heat" if plant["heat"] else "AC", float(plant["p_nom"])
    tables.link(plant["name"], plant["bus0"], ports, carrier, size, plant["asset_class"])


def _zone(tables: Components, name: str, own: list[Group]) -> None:
    tables.bus(name, "heat", region=own[0].district)
    hot_water = sum(group.people for group in own) * HOT_WATER_KW_PER_PERSON / 1000
    tables.load(f"{name} hot water", name, "heat", "heat_comfort", hot_water)
    tables.varying[f"{name} hot water"] = ("hot_water", hot_water)


def _main(tables: Components, zone: str, source: dict[str, str], size: float, region: str) -> None:
    """Add the main from a source to a zone; its pumps take power where the source stands."""
    name, pumping = source["source"], float(source["kwh_per_mwh"]) / 1000
    ports = [(f"Zone {zone}", 1 - MAIN_LOSS), (source["power_bus"], -pumping)]
    kind = "heat_main" if name.endswith(("CHP", "plant")) else "local_main"
    start = f"{name} heat"
    tables.link(f"Main {name.split()[0]}-{zone}", start, ports, "heat", size, kind, region)
