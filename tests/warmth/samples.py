"""Single building groups for tests: an ordinary brick flat, with any parameter changed."""

from __future__ import annotations

import numpy as np

from keepwarm.case.archetypes import whole_buildings
from keepwarm.case.nouns import Archetypes, Buildings, Floats
from keepwarm.warmth.homes import homes
from keepwarm.warmth.rooms import Rooms, rooms

ORDINARY = {
    "wall_m2_per_m2": 0.5,
    "u_wall_w_per_m2k": 1.1,
    "window_m2_per_m2": 0.15,
    "u_window_w_per_m2k": 2.3,
    "roof_and_ground_w_per_m2k": 0.2,
    "ventilation_per_h": 0.5,
    "wind_ventilation_per_h_per_m_s": 0.03,
    "room_height_m": 2.6,
    "heat_capacity_kj_per_m2k": 350.0,
    "mass_area_m2_per_m2": 3.0,
    "emitter_margin": 1.0,
    "stairwell_fraction": 0.5,
    "stairwell_lag_h": 8.0,
    "attic_fraction": 0.2,
    "attic_lag_h": 5.0,
    "basement_fraction": 0.45,
    "basement_lag_h": 48.0,
    "stairwell_pipe_bore_mm": 21.2,
    "stairwell_pipe_wall_mm": 2.8,
    "stairwell_pipe_insulation_mm": 0.0,
    "attic_pipe_bore_mm": 41.0,
    "attic_pipe_wall_mm": 3.5,
    "attic_pipe_insulation_mm": 30.0,
    "basement_pipe_bore_mm": 53.0,
    "basement_pipe_wall_mm": 3.5,
    "basement_pipe_insulation_mm": 30.0,
    "pipe_film_w_per_m2k": 10.0,
    "insulation_w_per_mk": 0.05,
    "plug_ice_share": 0.2,
    "pipe_burst_mpa": 27.0,
    "radiator_burst_mpa": 3.0,
    "ground_degc": 2.0,
    "radiator_pipe_bore_mm": 23.0,
    "radiator_pipe_wall_mm": 3.5,
    "radiator_film_w_per_m2k": 7.0,
    "radiator_transit_min": 16.0,
    "riser_pipe_bore_mm": 21.2,
    "riser_pipe_wall_mm": 2.8,
    "riser_pipe_insulation_mm": 0.0,
    "riser_transit_min": 2.0,
    "stairwell_transit_min": 1.0,
    "attic_transit_min": 2.0,
    "basement_transit_min": 3.0,
    "main_pipe_bore_mm": 69.0,
    "main_pipe_wall_mm": 3.5,
    "main_pipe_insulation_mm": 40.0,
    "main_transit_min": 4.0,
    "main_depth_m": 1.0,
    "soil_w_per_mk": 1.74,
}


def small(value: float) -> Floats:
    """The same value in each band of one group."""
    return np.full((3, 1), value)


def any_archetypes(**changed: float) -> Archetypes:
    parameter = {name: small(value) for name, value in {**ORDINARY, **changed}.items()}
    return whole_buildings(("any",), ("any",), parameter, {})


def one_group() -> Buildings:
    one, none = np.ones(1), np.full(1, -1)
    return Buildings(
        ("one",), none, np.zeros(1, dtype=int), one, one, one, none, none, ("",),
        np.zeros(1, dtype=bool), np.zeros(1, dtype=bool), np.ones(1, dtype=bool),
    )  # fmt: skip


def any_rooms(**changed: float) -> Rooms:
    """The rooms of one group with one kind of flat."""
    archetypes = any_archetypes(**changed)
    return rooms(archetypes, homes(archetypes, one_group()))
