"""Districts, feeders, heat zones and building groups of the capital.

Buildings follow the published counts of residential buildings on district heat (2014), scaled from
10,060 to 11,500; the two largest of the ten districts are halved, which makes twelve. People are
the State Statistics' 2.95 million of 2022, spread in proportion to floor area, so everybody lives
in these buildings.
"""

from __future__ import annotations

from dataclasses import dataclass

from tables import share_out

from capital.inputs import read_input

Row = dict[str, str]
BUILDINGS = 11_500
PEOPLE = 2_950_000
#: Archetypes whose groups on the first feeder of a district have a generator at the substation.
BACKED_UP = ("modern",)


@dataclass(frozen=True)
class Group:
    """Like buildings on one feeder of one heat zone."""

    district: str
    number: str  # of the district
    zone: str
    feeder: str
    archetype: str
    buildings: int
    people: int
    floor_area_m2: int
    design_w_per_m2: float
    substation_needs_power: bool

    @property
    def name(self) -> str:
        """Return the unique name of the group."""
        return f"{self.zone} {self.feeder[-1]} {self.archetype}"

    @property
    def backup(self) -> bool:
        """Return whether a generator of its own keeps the substation running."""
        return self.archetype in BACKED_UP and self.feeder.endswith("a")


def feeders(districts: list[dict[str, str]]) -> list[str]:
    """Return the names of the feeders, four a district."""
    return [f"Feeder {d['number']}{letter}" for d in districts for letter in "abcd"]


def rotation_groups(names: list[str]) -> dict[str, str]:
    """Return the rotation group of each feeder: the last of each four is exempt (25 % of load).

    The other 36 make six queues of two halves with three feeders each, 6.25 % of feeders a half,
    as practised (six queues of 12.5 %, halved).
    """
    halves = [f"{queue}.{half}" for queue in range(1, 7) for half in (1, 2)]
    sheddable = [name for name in names if not name.endswith("d")]
    return {name: halves[i % len(halves)] for i, name in enumerate(sheddable)}


def _cells(district: str, zones: list[Row], kinds: list[Row]) -> list[tuple[Row, str, float, Row]]:
    """Return (zone, feeder letter, its share of the district, archetype) for every meeting."""
    cells = []
    for zone in zones:
        for feeder in zone["feeders"].split() if zone["district"] == district else ():
            letter, part = feeder.split(":")
            cells += [(zone, letter, float(part), kind) for kind in kinds]
    return cells


def building_groups() -> list[Group]:
    """Return all groups; buildings sum to BUILDINGS and people to PEOPLE exactly."""
    districts, kinds, zones = read_input("districts"), read_input("housing"), read_input("zones")
    counts = share_out(BUILDINGS, [float(d["published_buildings"]) for d in districts])
    places: list[tuple[Row, Row, str, Row, int]] = []
    for district, count in zip(districts, counts, strict=True):
        cells = _cells(district["number"], zones, kinds)
        weights = [part * float(kind[district["housing"]]) for _, _, part, kind in cells]
        for (zone, letter, _, kind), n in zip(cells, share_out(count, weights), strict=True):
            if n > 0:
                places.append((district, zone, letter, kind, n))
    areas = [n * int(kind["m2_per_building"]) for *_, kind, n in places]
    people = share_out(PEOPLE, areas)
    return [
        Group(
            district=district["name_en"],
            number=district["number"],
            zone=f"Zone {zone['zone']}",
            feeder=f"Feeder {district['number']}{letter}",
            archetype=kind["archetype"],
            buildings=n,
            people=residents,
            floor_area_m2=area,
            design_w_per_m2=float(kind["design_w_per_m2"]),
            substation_needs_power=kind["substation_needs_power"] == "true",
        )
        for (district, zone, letter, kind, n), area, residents in zip(
            places, areas, people, strict=True
        )
    ]
