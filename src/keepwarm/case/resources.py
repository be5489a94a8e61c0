"""What there is to mend damage with, as frozen structs; an index of -1 means "none"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

#: The trade of crews that drain buildings, and mend nothing.
DRAINING = "draining"


@dataclass(frozen=True)
class Crew:
    """People who repair together; times are NaT where the crew is there already, or stays."""

    name: str
    trade: str
    base: int  # index into Regions, -1 unknown
    shift_from_hour: float  # local time
    shift_to_hour: float  # before its beginning: on the next day
    available_from: np.datetime64
    until: np.datetime64


@dataclass(frozen=True)
class Spare:
    """So many spares of one kind, from a time on (NaT: in stock)."""

    kind: str
    count: int
    available_from: np.datetime64


@dataclass(frozen=True)
class RepairNote:
    """What repairs.csv says of one asset; hours are NaN where it does not say."""

    hours: tuple[float, float, float]  # low, most likely, high
    crews: int
    after: tuple[str, ...]  # assets that must be back first
    partial_hours: float
    partial_share: float


@dataclass(frozen=True)
class Access:
    """A region closed to crews; NaT: since ever, or no end known."""

    region: int
    closed_from: np.datetime64
    until: np.datetime64
    source: str


@dataclass(frozen=True)
class MobileUnit:
    """Generators, boilers, warming points or tankers that can be sent somewhere."""

    name: str
    kind: str  # generator, boiler, warming_point, tanker
    count: int
    capacity_mw: float
    people: float
    base: int  # index into Regions, -1 unknown
    available_from: np.datetime64
    setup_hours: float
    fuel_l_per_mwh: float
    tank_litres: float  # NaN: no limit


@dataclass(frozen=True)
class Resources:
    """What there is to mend damage with; all empty where the case has no such tables."""

    crews: tuple[Crew, ...] = ()
    spares: tuple[Spare, ...] = ()
    repairs: Mapping[str, RepairNote] = field(default_factory=dict)  # by asset
    mobile: tuple[MobileUnit, ...] = ()
    access: tuple[Access, ...] = ()
    travel_hours: npt.NDArray[np.float64] = field(
        default_factory=lambda: np.zeros((0, 0))
    )  # NaN: unknown
