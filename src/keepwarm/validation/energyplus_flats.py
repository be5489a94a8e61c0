"""keepwarm's rooms beside EnergyPlus: the same flats, described once, in the tables of a case.

``flats.csv`` says what is simulated, ``constructions.csv``, ``layers.csv`` and ``materials.csv``
of what the flats are made, ``hourly.csv`` what EnergyPlus found. Areas, transmittances, air change
and the heat that layers hold follow from the description. What no description gives stands in
``fitted.csv``: the share of that heat that takes part, and the mass area, fitted to the flats whose
use is ``fitted`` and to no others.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keepwarm.case.archetypes import whole_buildings
from keepwarm.case.nouns import Floats
from keepwarm.validation.energyplus import DEEP_M, HIGH_M, LONG_M, WINDOW_M2, Flat, Layer
from keepwarm.validation.folders import ValidationCase, case_folder
from keepwarm.warmth.homes import Homes
from keepwarm.warmth.rooms import (
    AIR_SHARE_OF_OPERATIVE,
    Rooms,
    air_and_surface,
    relax,
    rooms,
    steady_heat,
    steady_mass,
)

#: Hours over which the two are compared.
COMPARED_HOURS = 120
#: What the thermostat holds until heating stops.
HELD_DEGC = 20.0
#: ISO 6946: surface resistances of a wall, and of a roof with heat going up, m2 K/W.
INSIDE_WALL, INSIDE_ROOF, OUTSIDE = 0.13, 0.10, 0.04

_FLOOR_M2 = LONG_M * DEEP_M


@dataclass(frozen=True)
class Mass:
    """What is fitted for one envelope and position."""

    capacity_share: float  # of `stored_kj_per_m2k`
    mass_area_m2_per_m2: float


def largest_distances(case: ValidationCase) -> dict[str, float]:
    """Return the largest distance to EnergyPlus over 120 h of each flat held out, K.

    Parameters
    ----------
    case
        The folder with the tables.
    """
    stored = read_hourly(case.folder / "hourly.csv")
    fitted = read_fitted(case.folder)
    found = {}
    for flat in read_flats(case.folder, "held out"):
        ours = operative_degc(flat, fitted[flat.envelope, flat.position])
        found[flat.name] = float(np.abs(ours - stored[flat.name]).max())
    return found


def air_after(case: ValidationCase) -> dict[str, float]:
    """Return our air temperature in the hours that each row names, degC.

    Parameters
    ----------
    case
        Its rows have columns flat and hour; the flats' tables are those of ``flats_of``.
    """
    folder = case_folder(case.facts["flats_of"])
    flats = {flat.name: flat for flat in read_flats(folder, "reference")}
    fitted, found = read_fitted(folder), {}
    for row in case.expected:
        flat, hour = flats[row.inputs["flat"]], int(row.inputs["hour"])
        mass = fitted[flat.envelope, flat.position]
        found[row.quantity] = float(cooling(flat, mass, hour)[1][hour])
    return found


def read_flats(folder: Path, use: str) -> tuple[Flat, ...]:
    """Read the flats of one use: ``fitted`` or ``held out``.

    Parameters
    ----------
    folder
        Holds flats.csv, constructions.csv, layers.csv and materials.csv.
    use
        Column ``use`` of flats.csv.
    """
    material = {row["material"]: row for row in _rows(folder / "materials.csv")}
    construction = {row["construction"]: row for row in _rows(folder / "constructions.csv")}
    parts: dict[tuple[str, str], list[Layer]] = {}
    for row in _rows(folder / "layers.csv"):
        made_of = material[row["material"]]
        numbers = (float(made_of[key]) for key in ("w_per_mk", "kg_per_m3", "j_per_kgk"))
        layer = Layer(row["material"], float(row["thickness_m"]), *numbers)
        parts.setdefault((row["construction"], row["part"]), []).append(layer)
    return tuple(
        Flat(
            name=row["flat"],
            construction=row["construction"],
            envelope=construction[row["construction"]]["envelope"],
            position=row["position"],
            wall=tuple(parts[row["construction"], "wall"]),
            roof=tuple(parts[row["construction"], "roof"]),
            slab=tuple(parts["neighbours", "slab"]),
            u_window_w_per_m2k=float(construction[row["construction"]]["u_window_w_per_m2k"]),
            air_changes_per_h=float(construction[row["construction"]]["air_changes_per_h"]),
            outdoor_degc=float(row["outdoor_degc"]),
            wind_m_per_s=float(row["wind_m_per_s"]),
            gain_w_per_m2=float(row["gain_w_per_m2"]),
            held=row["held"],
        )
        for row in _rows(folder / "flats.csv")
        if row["use"] == use
    )


def read_fitted(folder: Path) -> dict[tuple[str, str], Mass]:
    """Return what was fitted, by envelope and position.

    Parameters
    ----------
    folder
        Holds fitted.csv.
    """
    return {
        (row["envelope"], row["position"]): Mass(
            float(row["capacity_share"]), float(row["mass_area_m2_per_m2"])
        )
        for row in _rows(folder / "fitted.csv")
    }


def read_hourly(path: Path) -> dict[str, Floats]:
    """Return EnergyPlus' operative temperature of each flat, (121,): last heated hour, then cold.

    Parameters
    ----------
    path
        hourly.csv: a row per flat.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        _, *rows = csv.reader(lines)
    return {row[0]: np.array([float(value) for value in row[1:]]) for row in rows}


def operative_degc(flat: Flat, mass: Mass) -> Floats:
    """Return our operative temperature: last heated hour, then the mean of each hour, (121,).

    Parameters
    ----------
    flat
        The flat and its weather.
    mass
        From `read_fitted`.
    """
    return cooling(flat, mass, COMPARED_HOURS)[0]


def cooling(flat: Flat, mass: Mass, hours: int) -> tuple[Floats, Floats]:
    """Return our operative and air temperature: last heated hour, then hourly means, (1 + hours,).

    Parameters
    ----------
    flat, mass
        As for `operative_degc`.
    hours
        Without heating.
    """
    room = room_of(flat, mass)
    now = {
        "outdoor_degc": flat.outdoor_degc,
        "wind_m_per_s": flat.wind_m_per_s,
        "gain_w_per_m2": flat.gain_w_per_m2,
    }
    held = HELD_DEGC if flat.held == "operative" else _operative_at_air(room, now)
    warm = steady_mass(room, **now, operative_degc=held)
    heat = np.maximum(steady_heat(room, **now, operative_degc=held), 0.0)
    step = relax(room, warm, **now, heat_w_per_m2=0.0, hours=1.0)
    tau = step.tau_hours[1, 0]
    # The mean over an hour of what decays from 1 at the stop.
    left = np.exp(-np.arange(hours) / tau) * tau * -np.expm1(-1.0 / tau)
    start, limit = (_inside(room, now, walls, 0.0) for walls in (warm, step.mass_limit_degc))
    after = limit[:, None] + (start - limit)[:, None] * left
    operative, air = np.column_stack([_inside(room, now, warm, heat), after])
    return operative, air


def _inside(
    room: Rooms, now: Mapping[str, float], walls: Floats, heat_w_per_m2: Floats | float
) -> Floats:
    """Return operative and air temperature at a temperature of the mass, (2,)."""
    air, surface = air_and_surface(room, walls, **now, heat_w_per_m2=heat_w_per_m2)
    operative = AIR_SHARE_OF_OPERATIVE * air + (1.0 - AIR_SHARE_OF_OPERATIVE) * surface
    return np.array([operative[1, 0], air[1, 0]])


def _operative_at_air(room: Rooms, now: Mapping[str, float]) -> float:
    """Operative temperature, held for ever, at which the air is at the thermostat's."""

    def air(held: float) -> float:
        heat = steady_heat(room, **now, operative_degc=held)
        walls = steady_mass(room, **now, operative_degc=held)
        return float(_inside(room, now, walls, heat)[1])

    cooler, warmer = air(HELD_DEGC - 1.0), air(HELD_DEGC)
    return HELD_DEGC - (warmer - HELD_DEGC) / (warmer - cooler)


def room_of(flat: Flat, mass: Mass) -> Rooms:
    """Return the rooms of one flat, as a case would describe it.

    Parameters
    ----------
    flat, mass
        As for `operative_degc`.
    """
    under_roof = "top" in flat.position
    value = {
        "wall_m2_per_m2": _outer_wall_m2(flat) / _FLOOR_M2,
        "u_wall_w_per_m2k": transmittance(flat.wall, INSIDE_WALL),
        "window_m2_per_m2": WINDOW_M2 / _FLOOR_M2,
        "u_window_w_per_m2k": flat.u_window_w_per_m2k,
        "roof_and_ground_w_per_m2k": transmittance(flat.roof, INSIDE_ROOF) if under_roof else 0.0,
        "ventilation_per_h": flat.air_changes_per_h,
        "wind_ventilation_per_h_per_m_s": 0.0,
        "room_height_m": HIGH_M,
        "heat_capacity_kj_per_m2k": mass.capacity_share * stored_kj_per_m2k(flat),
        "mass_area_m2_per_m2": mass.mass_area_m2_per_m2,
        "emitter_margin": 1.0,
    }
    same = {key: np.full((3, 1), number) for key, number in value.items()}
    one = whole_buildings((flat.name,), (flat.name,), same, {})
    only = np.zeros(1, dtype=np.int64)
    return rooms(one, Homes(group=only, flat=only, share=np.ones(1), first=only))


def _outer_wall_m2(flat: Flat) -> float:
    side = DEEP_M * HIGH_M if "corner" in flat.position else 0.0
    return LONG_M * HIGH_M + side - WINDOW_M2


def stored_kj_per_m2k(flat: Flat) -> float:
    """Return the heat that layers hold per K of slow cooling, kJ/(m2 K), per m2 of floor.

    Parameters
    ----------
    flat
        Slabs and walls to neighbours count to their middle, outer walls and roof by the square of
        their steady temperature between outdoors (0) and indoors (1).

    **Source**: Rayleigh's quotient with the steady profile, which gives the slowest decay of a
    wall whose inner face follows the room.
    """
    wall_m2, roof_m2 = _outer_wall_m2(flat), _FLOOR_M2 if "top" in flat.position else 0.0
    sides_m2 = 2.0 * (LONG_M + DEEP_M) * HIGH_M
    inner_m2 = 2.0 * _FLOOR_M2 - roof_m2 + sides_m2 - wall_m2 - WINDOW_M2
    inner = sum(_held(layer) for layer in flat.slab) / 2.0
    held = inner_m2 * inner + wall_m2 * _held_by(flat.wall, INSIDE_WALL)
    return (held + roof_m2 * _held_by(flat.roof, INSIDE_ROOF)) / _FLOOR_M2


def _held(layer: Layer) -> float:
    return layer.kg_per_m3 * layer.j_per_kgk * layer.thickness_m / 1000.0


def _held_by(layers: Sequence[Layer], inside: float) -> float:
    """Heat of a part's layers by the square of their steady temperature, kJ/(m2 K)."""
    share = transmittance(layers, inside)  # of the way from outdoors, per m2 K/W
    warm, held = OUTSIDE * share, 0.0
    for layer in layers:
        outer, warm = warm, warm + layer.thickness_m / layer.w_per_mk * share
        held += _held(layer) * (outer * outer + outer * warm + warm * warm) / 3.0
    return held


def transmittance(layers: Sequence[Layer], inside: float) -> float:
    """Return the thermal transmittance of a wall or roof, W/(m2 K).

    Parameters
    ----------
    layers
        Whatever their order.
    inside
        Resistance at the inner surface, m2 K/W.

    **Source**: ISO 6946.
    """
    return 1.0 / (inside + OUTSIDE + sum(layer.thickness_m / layer.w_per_mk for layer in layers))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
