"""The hand-written tables of this folder, and the regions that everything hangs on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from tables import read_rows

KM_PER_DEGREE = 111.0


@dataclass(frozen=True)
class Region:
    """An invented region with the people and the climate of a real one."""

    number: str
    name: str
    name_uk: str
    lon: float
    lat: float
    kind: str  # city, industrial, mixed or rural
    vulnerable_share: str
    people: int
    station: str  # whose climate normals it has

    def bus(self, carrier: str) -> str:
        """Return the name of the region's bus of a carrier or kind of heat."""
        return f"{self.name} {carrier}"


def read_input(name: str) -> list[dict[str, str]]:
    """Return the rows of one table of this folder."""
    return read_rows(Path(__file__).with_name(f"{name}.csv"))


def read_regions() -> list[Region]:
    """Return the regions in order of their number."""
    people = {row["oblast_en"]: int(row["population_2022_01"]) for row in read_input("population")}
    return [
        Region(
            number=row["number"],
            name=row["name_en"],
            name_uk=row["name_uk"],
            lon=float(row["lon"]),
            lat=float(row["lat"]),
            kind=row["kind"],
            vulnerable_share=row["vulnerable_share"],
            people=people[row["people_of"]],
            station=row["climate_of"],
        )
        for row in read_input("regions")
    ]


def distance_km(one: Region, other: Region) -> float:
    """Return the distance on the invented map, which lies about the equator."""
    return KM_PER_DEGREE * math.hypot(one.lon - other.lon, one.lat - other.lat)
