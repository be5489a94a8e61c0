"""The nouns every room speaks: a case and its tables, as frozen structs of arrays.

Axes are always in the order sample, hour, place or asset. Inside: MW, MWh, degC, hours, people;
times are naive UTC (``numpy.datetime64[s]``). An index of -1 means "none".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from keepwarm.case.climate import Normals, Winters
from keepwarm.case.resources import Resources

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Times = npt.NDArray[np.datetime64]
Names = tuple[str, ...]

#: Tiers of need, the dearest to lose first.
TIERS: Names = ("critical", "heat_safe", "household", "heat_comfort", "industry")

#: Carriers that keepwarm reports on; PyPSA's AC and DC buses are read as power.
CARRIERS: Names = ("power", "heat", "gas", "fuel", "water")

#: The three parameter sets carried through warmth: cools fastest, central, cools slowest.
BAND: Names = ("low", "central", "high")


@dataclass(frozen=True)
class Buses:
    """Places where one carrier balances, shape (buses,)."""

    name: Names
    carrier: Names  # one of CARRIERS
    region: Ints  # index into Case.regions, -1 for none
    v_nom_kv: Floats

    def __len__(self) -> int:
        return len(self.name)


@dataclass(frozen=True)
class Generators:
    """Sources at one bus. ``p_min_pu`` and ``p_max_pu`` have shape (hours, generators)."""

    name: Names
    bus: Ints
    p_nom_mw: Floats
    p_min_pu: Floats
    p_max_pu: Floats
    marginal_cost: Floats  # currency per MWh

    def __len__(self) -> int:
        return len(self.name)


@dataclass(frozen=True)
class Loads:
    """Needs given by the case; ``p_set_mw`` has shape (hours, loads)."""

    name: Names
    bus: Ints
    tier: Ints  # index into TIERS
    p_set_mw: Floats
    people: Floats  # NaN where the table does not say

    def __len__(self) -> int:
        return len(self.name)


@dataclass(frozen=True)
class Branches:
    """Lines, then transformers: passive branches under the loop law (KVL).

    ``x_pu`` is PyPSA's ``x_pu_eff``: x / v_nom(bus0)^2 for lines, x / s_nom * tap ratio for
    transformers. ``s_max_mw`` is s_nom * s_max_pu.
    """

    name: Names
    bus0: Ints
    bus1: Ints
    x_pu: Floats
    s_max_mw: Floats
    is_transformer: Bools

    def __len__(self) -> int:
        return len(self.name)


@dataclass(frozen=True)
class Links:
    """Converters and controllable connections with any number of ports.

    ``p`` counts at ``bus0`` (taken from it). Port k > 0 gives ``efficiency[:, k-1] * p`` to
    ``bus[:, k]``; a negative efficiency takes from that bus. Unused ports have bus -1 and
    efficiency 0. ``p_min_pu`` and ``p_max_pu`` have shape (hours, links).
    """

    name: Names
    bus: Ints  # (links, ports)
    efficiency: Floats  # (links, ports - 1)
    p_nom_mw: Floats
    p_min_pu: Floats
    p_max_pu: Floats
    marginal_cost: Floats

    def __len__(self) -> int:
        return len(self.name)


@dataclass(frozen=True)
class Storages:
    """PyPSA's stores, then its storage units, in one form.

    Level after a step of dt hours:
    ``(1 - standing_loss)^dt * level + dt * (efficiency_store * charge + inflow
    - discharge / efficiency_dispatch)``, kept within [e_min_mwh, e_max_mwh]; what the inflow brings
    beyond e_max is spilled.
    A store has unit efficiencies and a power limit of inf (its level alone limits it).
    """

    name: Names
    bus: Ints
    p_store_mw: Floats  # charging limit
    p_dispatch_mw: Floats  # discharging limit
    e_min_mwh: Floats
    e_max_mwh: Floats
    e_initial_mwh: Floats
    efficiency_store: Floats
    efficiency_dispatch: Floats
    standing_loss: Floats  # share per hour
    inflow_mw: Floats  # (hours, storages)
    marginal_cost: Floats  # per MWh discharged
    is_unit: Bools

    def __len__(self) -> int:
        return len(self.name)


@dataclass(frozen=True)
class Assets:
    """Everything that can be damaged, in the order generators, branches, links, storages."""

    name: Names
    kind: Names  # generator, line, transformer, link, store, storage_unit
    region: Ints
    asset_class: Names
    repair_hours: Floats  # NaN where unknown
    restart_hours: Floats  # 0 where none
    mttf_hours: Floats  # NaN where unknown
    mttr_hours: Floats  # NaN where unknown
    crew: Names
    spare: Names

    def __len__(self) -> int:
        return len(self.name)


@dataclass(frozen=True)
class Derated:
    """Reduced states that assets fall to by themselves, one row each.

    By name, so that assets may be added to a network without a look at these.
    """

    asset: Names
    left: Floats  # share of the capacity that is left
    mttf_hours: Floats  # NaN where unknown
    mttr_hours: Floats  # NaN where unknown

    def __len__(self) -> int:
        return len(self.asset)


def no_derated_states() -> Derated:
    """Return the reduced states of a network in which assets work or do not."""
    return Derated((), np.zeros(0), np.zeros(0), np.zeros(0))


@dataclass(frozen=True)
class Network:
    """One multi-carrier network over its snapshots."""

    snapshots: Times  # (hours,), evenly spaced
    step_hours: float
    buses: Buses
    generators: Generators
    loads: Loads
    branches: Branches
    links: Links
    storages: Storages
    assets: Assets
    derated: Derated = field(default_factory=no_derated_states)


@dataclass(frozen=True)
class Regions:
    """Districts of a city or regions of a country."""

    name: Names
    labels: tuple[Mapping[str, str], ...]  # language code -> name, "en" always there
    people: Floats
    vulnerable_share: Floats
    lon: Floats
    lat: Floats
    outline: Names = ()  # GeoJSON geometry of each, from regions.geojson; () without that file

    def __len__(self) -> int:
        return len(self.name)


@dataclass(frozen=True)
class Buildings:
    """Groups of like buildings: the places where warmth is computed."""

    group: Names
    region: Ints
    archetype: Ints  # index into Archetypes
    buildings: Floats
    people: Floats
    floor_area_m2: Floats  # of the whole group
    heat_bus: Ints  # -1: no district heat
    power_bus: Ints  # -1: no feeder known
    rotation_group: Names
    substation_needs_power: Bools
    backup: Bools  # a generator of its own keeps its substation running
    water_circuit: Bools  # heated through water that can freeze

    def __len__(self) -> int:
        return len(self.group)


@dataclass(frozen=True)
class Flats:
    """Kinds of flats: one for every place in a building that an archetype tells apart."""

    archetype: Ints  # (flats,): index into Archetypes
    position: Names  # middle, corner, top, ...; "whole" where an archetype tells none apart
    share: Floats  # (flats,): of its archetype's floor area and people, adding to 1
    parameter: Mapping[str, Floats]  # room parameters, each (3, flats), band as in Archetypes
    source: Mapping[str, Names]


@dataclass(frozen=True)
class Archetypes:
    """Thermal and pipe parameters of kinds of buildings, each as (band, archetypes).

    Band 0 ("low") takes of each parameter the end that cools and freezes sooner, band 2 ("high")
    the other end. Names, units and which end cools sooner are listed in
    ``schema/archetype_parameters.csv``; parameters per flat are those of rooms, per building those
    of pipes and of the air around them.
    """

    name: Names
    label: Names
    parameter: Mapping[str, Floats]  # per building, each (3, archetypes)
    source: Mapping[str, Names]
    flats: Flats

    def __len__(self) -> int:
        return len(self.name)


@dataclass(frozen=True)
class Weather:
    """Outdoor conditions at each snapshot, by region: shape (hours, regions).

    ``outdoor_low_degc`` and ``outdoor_high_degc`` are the 5 and 95 % ends of a forecast, equal to
    ``outdoor_degc`` where it gives no spread. A forecast may end before the snapshots do: the
    first ``known`` snapshots are covered, later rows hold the mean of its last day and are for
    looking ahead only; no run goes there. A bare case without weather has ``Case.weather is None``
    and no warmth.
    """

    outdoor_degc: Floats
    wind_m_per_s: Floats
    outdoor_low_degc: Floats
    outdoor_high_degc: Floats
    known: int
    file: str  # as messages name it
    notes: Names  # what was read and how it was mapped, a sentence for each file


@dataclass(frozen=True)
class Observation:
    """One row of state.csv: what was seen at "now"."""

    time: np.datetime64
    subject: str  # building group or asset
    quantity: str  # one of the choices of schema/state.csv
    value: float
    source: str


@dataclass(frozen=True)
class Expectation:
    """How likely heat is back at a building, by hours after its circulation stopped."""

    within_hours: Floats  # (rows,) rising
    probability: Floats  # (rows,) not falling
    source: str


@dataclass(frozen=True)
class RotationGroups:
    """Groups of consumers that are cut in turn, from rotation.csv or buildings.csv."""

    name: Names
    queue: Names  # which queue a group is half of, a third of, ...
    exempt: Bools  # never cut
    weight: Floats  # what an hour off counts: a group of weight 2 is off half as long

    def __len__(self) -> int:
        return len(self.name)


def no_rotation_groups() -> RotationGroups:
    """Return the groups of a case in which nobody is cut in turn."""
    return RotationGroups((), (), np.zeros(0, dtype=np.bool_), np.zeros(0))


@dataclass(frozen=True)
class Settings:
    """case.toml, flat: dotted key -> value, every key of ``schema/settings.csv`` present."""

    values: Mapping[str, float | str | bool | tuple[float, ...]]
    heat_order: Mapping[str, Names] = field(default_factory=dict)  # bus -> groups, first cut first
    sources: Mapping[str, str] = field(default_factory=dict)

    def number(self, key: str) -> float:
        """Return a numeric setting."""
        value = self.values[key]
        if not isinstance(value, int | float):
            raise TypeError(f"setting {key} is not a number")
        return float(value)

    def text(self, key: str) -> str:
        """Return a text setting."""
        return str(self.values[key])

    def numbers(self, key: str) -> tuple[float, ...]:
        """Return a setting that is a list of numbers."""
        value = self.values[key]
        if not isinstance(value, tuple):
            raise TypeError(f"setting {key} is not a list")
        return value


@dataclass(frozen=True, repr=False)
class Case:
    """One energy system in one winter, read once."""

    name: str
    title: str
    path: Path
    time_zone: str
    provenance: str
    settings: Settings
    network: Network
    regions: Regions
    buildings: Buildings
    archetypes: Archetypes
    weather: Weather | None
    state: tuple[Observation, ...]
    start: np.datetime64  # where a run begins unless told otherwise
    hours: int  # how many steps' worth of hours a run covers unless told otherwise
    input_hashes: Mapping[str, str]  # file (relative) -> sha256
    restoration: Mapping[str, Expectation] = field(default_factory=dict)  # group, region or *
    rotation: RotationGroups = field(default_factory=no_rotation_groups)
    resources: Resources = field(default_factory=Resources)
    winters: Winters | None = None
    normals: Normals | None = None

    def __repr__(self) -> str:
        """Say in one line what the case is."""
        assets, groups = len(self.network.assets), len(self.buildings)
        return f"<case {self.name}: {assets} assets, {groups} building groups>"


@dataclass(frozen=True)
class DamageRow:
    """One row of a damage list; ``until`` is NaT while no end is known."""

    time: np.datetime64
    asset: int  # index into Assets
    available: float
    until: np.datetime64
    source: str
    confidence: str


Damage = tuple[DamageRow, ...]
