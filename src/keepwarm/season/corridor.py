"""A case made ready to be walked: template, rooms, pipes and who hangs on which bus."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from keepwarm.case.nouns import TIERS, Archetypes, Bools, Case, Floats, Ints
from keepwarm.network import Template, compile_template
from keepwarm.network.bound_steps import Frame, frame
from keepwarm.season.dispatch_steps import Rules
from keepwarm.season.plants import Plants, plants
from keepwarm.season.sharing_steps import Sharing
from keepwarm.warmth.band import banded
from keepwarm.warmth.curve import emitters
from keepwarm.warmth.fabric import Fabric
from keepwarm.warmth.homes import Homes, homes
from keepwarm.warmth.norms import single_node_rooms
from keepwarm.warmth.pipes import CIRCUIT, Pipes, pipes
from keepwarm.warmth.rooms import Rooms, rooms

HOUSEHOLD = TIERS.index("household")
SAFE = TIERS.index("heat_safe")
COMFORT = TIERS.index("heat_comfort")
INDUSTRY = TIERS.index("industry")

#: Rounds of "feeders are cut, so their substations stop, so power is freed"; two settle most steps.
ROUNDS = 4

#: What every heat bus with building groups asks for at least, MW (a tenth of a kilowatt).
PROBE_MW = 1e-4


@dataclass(frozen=True)
class CutOrder:
    """Groups of one heat bus that are cut one after the other when it is short."""

    first: Ints  # the groups listed, the first to be cut first
    rest: Ints  # the other groups of the bus


@dataclass(frozen=True)
class Corridor:
    """Everything about a case that stays the same from step to step and sample to sample."""

    case: Case
    template: Template
    homes: Homes
    rooms: Rooms  # (3, homes)
    pipes: Pipes  # (3, groups, places)
    #: What samples are made of: the bands above, unless they have parameters of their own.
    fabric: Fabric
    plants: Plants
    base_need_mw: Floats  # (hours, needs): from the case's loads
    safe_need: Ints  # (groups,) need that the group's safe heat belongs to, -1 for none
    comfort_need: Ints  # (groups,)
    power_need: Ints  # (groups,) household power at the group's feeder, -1 for none
    bus_power_need: Ints  # (buses,) household power need there, -1 for none
    gas_need: Ints  # (regions,) household gas, -1 for none
    heat_place: Ints  # (needs,): bus of a need of a heat tier, -1 for other tiers
    probe_mw: Floats  # (needs,): least need of the heat buses with groups
    cut_orders: tuple[CutOrder, ...]
    depends_on_feeder: Bools  # (groups,)
    has_circuit: Bools  # (groups,): heated through water that can freeze
    litres: Floats  # (groups,): water in the circuit of one building
    people_per_m2: Floats  # (groups,)

    @property
    def groups(self) -> int:
        """Number of building groups."""
        return len(self.case.buildings)

    @cached_property
    def heater_mw(self) -> Floats:
        """What all electric heaters of a group draw, (groups,), MW."""
        watts = self.case.settings.number("gains.heater_w_per_person")
        return self.case.buildings.people * watts * 1e-6

    @cached_property
    def surge(self) -> float:
        """What feeders that come back draw beside their need, as a multiple of it."""
        number, dt = self.case.settings.number, self.case.network.step_hours
        return (number("pickup.factor") - 1) * min(1.0, number("pickup.hours") / dt)

    @cached_property
    def frame(self) -> Frame:
        """The template's bounds for compiled loops."""
        return frame(self.template)

    @cached_property
    def rules(self) -> Rules:
        """Who needs what where, for compiled loops."""
        return Rules(
            rounds=ROUNDS,
            surge=self.surge,
            power_need=self.power_need,
            safe_need=self.safe_need,
            comfort_need=self.comfort_need,
            power_bus=self.case.buildings.power_bus,
            depends=self.depends_on_feeder,
            feeder_need=self.bus_power_need,
            probe_mw=self.probe_mw,
            homes=self.template.needs.tier != INDUSTRY,
        )

    @cached_property
    def sharing(self) -> Sharing:
        """Who shares heat with whom, for compiled loops."""
        listed, rest = ([o.first for o in self.cut_orders], [o.rest for o in self.cut_orders])
        return Sharing(
            bus=self.case.buildings.heat_bus,
            safe_need=self.safe_need,
            comfort_need=self.comfort_need,
            heat_bus=self.heat_place,
            water_first=self.case.settings.text("sharing.hot_water") == "first",
            listed_at=np.cumsum([0, *map(len, listed)]),
            listed=np.concatenate([*listed, np.zeros(0, dtype=np.int64)]),
            rest_at=np.cumsum([0, *map(len, rest)]),
            rest=np.concatenate([*rest, np.zeros(0, dtype=np.int64)]),
        )

    @property
    def home_people(self) -> Floats:
        """People in each home, (homes,)."""
        return self.case.buildings.people[self.homes.group] * self.homes.share


def prepare(case: Case) -> Corridor:
    """Compile a case once; every step of every sample then shares the result."""
    template, buildings = compile_template(case), case.buildings
    needs = template.needs
    index = {
        (bus, tier): k
        for k, (bus, tier) in enumerate(zip(needs.bus.tolist(), needs.tier.tolist(), strict=True))
    }

    def find(buses: Ints, tier: int) -> Ints:
        return np.array([index.get((b, tier), -1) for b in buses.tolist()], dtype=np.int64)

    area = np.maximum(buildings.floor_area_m2, 1e-9)
    kinds = homes(case.archetypes, buildings)
    drawn = banded(case.archetypes)
    walls = rooms_of(case, drawn, kinds)
    tubes = pipes(drawn, buildings)
    number = case.settings.number
    fabric = Fabric(
        walls, emitters_of(case, walls), tubes, np.arange(len(buildings)), np.arange(3)[:, None]
    )
    comfort_need = find(buildings.heat_bus, COMFORT)
    probe = np.isin(np.arange(len(needs)), comfort_need)
    return Corridor(
        case=case,
        template=template,
        homes=kinds,
        rooms=walls,
        pipes=tubes,
        fabric=fabric,
        plants=plants(template),
        base_need_mw=_base_need(case, template),
        safe_need=find(buildings.heat_bus, SAFE),
        comfort_need=comfort_need,
        power_need=find(buildings.power_bus, HOUSEHOLD),
        bus_power_need=find(_power_buses(case), HOUSEHOLD),
        gas_need=_gas_needs(case, index),
        heat_place=np.where(np.isin(needs.tier, (SAFE, COMFORT)), needs.bus, -1),
        probe_mw=np.where(probe, PROBE_MW, 0.0),
        cut_orders=_cut_orders(case),
        depends_on_feeder=(
            buildings.substation_needs_power
            & ~buildings.backup
            & (buildings.power_bus >= 0)
            & (buildings.heat_bus >= 0)
        ),
        has_circuit=(buildings.heat_bus >= 0) & buildings.water_circuit & _has_pipes(tubes),
        litres=number("refilling.litres_per_m2") * area / np.maximum(buildings.buildings, 1.0),
        people_per_m2=buildings.people / area,
    )


def with_sources(corridor: Corridor, case: Case) -> Corridor:
    """Return a corridor with more sources on its network: all else stays as it was prepared.

    Parameters
    ----------
    case
        That of the corridor but for sources, which `keepwarm.case.deployed` adds.
    """
    template = compile_template(case)
    return replace(corridor, case=case, template=template, plants=plants(template))


def rooms_of(case: Case, archetypes: Archetypes, kinds: Homes) -> Rooms:
    """Return the rooms of homes by the model that the case asks for."""
    one_node = case.settings.text("rooms.model") == "single_node"
    return (single_node_rooms if one_node else rooms)(archetypes, kinds)


def emitters_of(case: Case, walls: Rooms) -> Floats:
    """Return what radiators give at the case's design temperatures, W/m2, shaped as ``walls``."""
    number = case.settings.number
    return emitters(
        walls,
        indoor_degc=number("circuit.indoor_degc"),
        design_outdoor_degc=number("circuit.design_outdoor_degc"),
    )


def _has_pipes(tubes: Pipes) -> Bools:
    """Return which groups have a heating pipe anywhere, (groups,): others have nothing to drain."""
    return np.asarray(np.isfinite(tubes.plug_frost_k_h[:, :, CIRCUIT]).any(axis=(0, 2)))


def _cut_orders(case: Case) -> tuple[CutOrder, ...]:
    """Return who is cut when, bus by bus, as the case declares it."""
    buildings, buses = case.buildings, case.network.buses
    place = {name: g for g, name in enumerate(buildings.group)}
    orders = []
    for bus, names in case.settings.heat_order.items():
        on_bus = buildings.heat_bus == buses.name.index(bus)
        first = np.array([place[name] for name in names if on_bus[place[name]]], dtype=np.int64)
        on_bus[first] = False
        orders.append(CutOrder(first, np.flatnonzero(on_bus)))
    return tuple(orders)


def _power_buses(case: Case) -> Ints:
    """Bus index where the carrier is power, -1 elsewhere."""
    carriers = case.network.buses.carrier
    return np.array([b if c == "power" else -1 for b, c in enumerate(carriers)], dtype=np.int64)


def _base_need(case: Case, template: Template) -> Floats:
    loads, needs = case.network.loads, template.needs
    index = {
        pair: k for k, pair in enumerate(zip(needs.bus.tolist(), needs.tier.tolist(), strict=True))
    }
    base = np.zeros((len(case.network.snapshots), len(needs)))
    for column, pair in enumerate(zip(loads.bus.tolist(), loads.tier.tolist(), strict=True)):
        base[:, index[pair]] += loads.p_set_mw[:, column]
    return base


def _gas_needs(case: Case, index: dict[tuple[int, int], int]) -> Ints:
    """Need index of household gas per region, -1 for none.

    The region's own gas bus, else one that belongs to no region.
    """
    buses, by_region = case.network.buses, dict[int, int]()
    for bus, (carrier, region) in enumerate(zip(buses.carrier, buses.region.tolist(), strict=True)):
        need = index.get((bus, HOUSEHOLD), -1)
        if carrier == "gas" and need >= 0:
            by_region.setdefault(region, need)
    shared = by_region.get(-1, -1)
    found = [by_region.get(region, shared) for region in range(len(case.regions))]
    return np.array(found, dtype=np.int64)
