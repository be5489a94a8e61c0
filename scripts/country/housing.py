"""Building groups of the country and the heat that they need on the coldest hour.

Each region has one group per row of housing.csv. Its people are the region's, shared out by the
percentages of the region's kind, so that people sum to the published population exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tables import Row, read_rows, share_out

from country.inputs import Region, read_input

ARCHETYPES = Path(__file__).resolve().parents[2] / "examples" / "archetypes" / "archetypes.csv"
INDOOR_DEGC = 20.0
WIND_M_PER_S = 4.0
#: Heat to warm 1 m3 of air by 1 K, Wh.
AIR_WH_PER_M3K = 0.34


@dataclass(frozen=True)
class Group:
    """Like buildings of one region with one kind of heating."""

    region: Region
    label: str
    archetype: str
    heating: str  # district, gas, electric or stove
    buildings: int
    people: int
    floor_area_m2: int
    needs_power: bool

    @property
    def water_circuit(self) -> bool:
        """Return whether it is heated through pipes that can freeze."""
        return self.heating in ("district", "gas")

    @property
    def heat_bus(self) -> str:
        """Return the bus that heats it; empty for stoves, which need no network."""
        return "" if self.heating == "stove" else self.region.bus(f"{self.heating} heat")


def building_groups(regions: list[Region]) -> list[Group]:
    """Return all groups, in order of region and of housing.csv."""
    kinds = read_input("housing")
    groups = []
    for region in regions:
        people = share_out(region.people, [float(kind[region.kind]) for kind in kinds])
        groups += [
            Group(
                region=region,
                label=kind["label"],
                archetype=kind["archetype"],
                heating=kind["heating"],
                buildings=max(1, round(residents / int(kind["people_per_building"]))),
                people=residents,
                floor_area_m2=round(residents * float(kind["m2_per_person"])),
                needs_power=kind["needs_power"] == "true",
            )
            for kind, residents in zip(kinds, people, strict=True)
        ]
    return groups


@cache
def loss_w_per_m2k(archetype: str) -> float:
    """Return the steady loss of an archetype's rooms, central parameters, in wind.

    Flats of a building count with their share of its floor; a row with a position overrules one
    without.
    """
    by_position: dict[str, dict[str, float]] = {}
    for row in read_rows(ARCHETYPES):
        if row["archetype"] == archetype:
            here = by_position.setdefault(row["position"], {})
            here[row["parameter"]] = float(row["central"])
    building = by_position.pop("", {})
    flats = [building | flat for flat in by_position.values()] or [building | {"share": 1.0}]
    return sum(flat["share"] * _flat_w_per_m2k(flat) for flat in flats)


def _flat_w_per_m2k(k: dict[str, float]) -> float:
    envelope = k["wall_m2_per_m2"] * k["u_wall_w_per_m2k"] + k["roof_and_ground_w_per_m2k"]
    envelope += k["window_m2_per_m2"] * k["u_window_w_per_m2k"]
    change = k["ventilation_per_h"] + WIND_M_PER_S * k["wind_ventilation_per_h_per_m_s"]
    return envelope + AIR_WH_PER_M3K * k["room_height_m"] * change


def design_mw(groups: list[Group], region: Region, heating: str, outdoor_degc: float) -> float:
    """Return the heat of one kind that a region's rooms lose, without gains."""
    return sum(
        group.floor_area_m2 * loss_w_per_m2k(group.archetype) * (INDOOR_DEGC - outdoor_degc) / 1e6
        for group in groups
        if group.region is region and group.heating == heating
    )


def building_rows(groups: list[Group]) -> list[Row]:
    """Return the rows of buildings.csv."""
    return [
        {
            "group": f"{group.region.name} {group.label}",
            "region": group.region.name,
            "archetype": group.archetype,
            "buildings": str(group.buildings),
            "people": str(group.people),
            "floor_area_m2": str(group.floor_area_m2),
            "heat_bus": group.heat_bus,
            "power_bus": group.region.bus("power"),
            "substation_needs_power": group.needs_power,
            "water_circuit": group.water_circuit,
        }
        for group in groups
    ]
