"""Validation of warmth: closed forms and published tables, one call of the model per row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from keepwarm.case.nouns import Floats
from keepwarm.validation.folders import Published, ValidationCase
from keepwarm.warmth.crossing import hours_to_cross
from keepwarm.warmth.curve import supply_curve
from keepwarm.warmth.norms import reserve_supply, single_node, single_node_hours
from keepwarm.warmth.rooms import (
    AIR_SHARE_OF_GAIN,
    AIR_TO_SURFACE_W_PER_M2K,
    AIR_WH_PER_M3K,
    SURFACE_TO_MASS_W_PER_M2K,
    Rooms,
    air_and_surface,
    relax,
)
from keepwarm.warmth.standing import (
    hours_to_solid,
    hours_to_zero,
    resistance,
    soil_resistance,
    water_lag,
)

#: Long enough for every crossing of the closed-form table with a time constant of one hour.
_LONG_HOURS = 100.0


def closed_form(case: ValidationCase) -> dict[str, float]:
    """Return time to a threshold over the time constant, row by row.

    Each row gives start, outdoor and threshold temperature; the crossing is the one that the
    season loop uses, with a time constant of one hour.
    """
    return {
        row.quantity: float(
            hours_to_cross(
                row.number("start_degc"),
                row.number("outdoor_degc"),
                1.0,
                row.number("threshold_degc"),
                _LONG_HOURS,
            )
        )
        for row in case.expected
    }


def single_node_rule(case: ValidationCase) -> dict[str, float]:
    """Return when, and how cold, one node gets in the experts' rule of three days."""
    fact = case.facts["inputs"]
    start, outdoor, beta = fact["start_degc"], fact["outdoor_degc"], fact["beta_hours"]
    hours = single_node_hours(start, outdoor, threshold_degc=0.0, beta_hours=beta)
    after = single_node(start, outdoor, beta_hours=beta, hours=fact["hours"])
    return {"hours to 0 degC": float(hours), "indoors after 72 h": float(after)}


def supply_curves(case: ValidationCase) -> dict[str, float]:
    """Return the supply temperature of a circuit at each row's outdoor temperature."""
    circuit = case.facts["circuit"]
    return {
        row.quantity: float(supply_curve(row.number("outdoor_degc"), **circuit)[0])
        for row in case.expected
    }


def pipe_times(case: ValidationCase) -> dict[str, float]:
    """Return hours to 0 degC or from there to solid ice, row by row.

    Columns: stage (zero or solid), bore_m, wall_m, insulation_m, insulation_w_per_mk,
    film_w_per_m2k (inf for none), water_degc, air_degc.
    """
    steel = case.facts["inputs"]["steel_j_per_m3k"]
    return {row.quantity: _pipe_hours(row, steel) for row in case.expected}


def _pipe_hours(row: Published, steel_j_per_m3k: float) -> float:
    bore, wall, air = row.number("bore_m"), row.number("wall_m"), row.number("air_degc")
    outward = resistance(
        bore + 2 * wall,
        insulation_m=row.number("insulation_m"),
        insulation_w_per_mk=row.number("insulation_w_per_mk"),
        film_w_per_m2k=row.number("film_w_per_m2k"),
    )
    if row.inputs["stage"] == "solid":
        return float(hours_to_solid(bore, outward, air))
    lag = water_lag(bore, wall, outward, steel_j_per_m3k=steel_j_per_m3k)
    return float(hours_to_zero(row.number("water_degc"), air, lag))


def buried_mains(case: ValidationCase) -> dict[str, float]:
    """Return what a buried pair of mains loses, W/m.

    Each main's own resistance is that of the model; how one warms the ground of the other is added
    here.
    """
    fact = case.facts["inputs"]
    soil, depth = fact["soil_w_per_mk"], fact["depth_m"]
    surface = fact["outer_m"] + 2 * fact["insulation_m"]
    around = float(soil_resistance(surface, depth_m=depth, soil_w_per_mk=soil))
    own = [
        around
        + float(
            resistance(
                fact["outer_m"],
                insulation_m=fact["insulation_m"],
                insulation_w_per_mk=fact[f"{main}_insulation_w_per_mk"],
                film_w_per_m2k=np.inf,
            )
        )
        for main in ("supply", "return")
    ]
    mutual = np.log(np.hypot(1.0, 2 * depth / fact["distance_m"])) / (2 * np.pi * soil)
    over = [fact[f"{main}_degc"] - fact["ground_degc"] for main in ("supply", "return")]
    lost = np.linalg.solve([[own[0], mutual], [mutual, own[1]]], over)
    return {"heat lost by the pair": float(lost.sum())}


def reserve(case: ValidationCase) -> dict[str, float]:
    """Return the least heat supply in a source failure, per cent, row by row."""
    return {
        row.quantity: 100
        * float(
            reserve_supply(
                row.number("outdoor_degc"),
                repair_hours=row.number("repair_hours"),
                beta_hours=case.facts["inputs"]["beta_hours"],
            )
        )
        for row in case.expected
    }


def room_5r1c(case: ValidationCase) -> dict[str, float]:
    """Return mass, surface and air temperatures of one room over one hour.

    The published program steps the mass by Crank-Nicolson and reports the mean of start and end
    as the hour's temperature; here the end is exact and the same mean is taken.
    """
    fact: Mapping[str, Any] = case.facts["inputs"]
    room, heat = _room(fact)
    began, acts = np.array([[fact["mass_degc"]]]), {"gain_w_per_m2": 1.0, "heat_w_per_m2": heat}
    weather = {"outdoor_degc": fact["outdoor_degc"], "wind_m_per_s": 0.0}
    end = relax(room, began, **weather, **acts, hours=1.0).mass_degc
    air = [air_and_surface(room, mass, **weather, **acts)[0].item() for mass in (began, end)]
    return {
        "mass, mean of the hour": (fact["mass_degc"] + end.item()) / 2,
        "mass, end of the hour": end.item(),
        "air, mean of the hour": sum(air) / 2,
    }


def _room(fact: Mapping[str, Any]) -> tuple[Rooms, float]:
    """Return the room as a group of 1 m2, and what must be heated so that its gains are right.

    The published room has sun, which spares the air; ours has one kind of gain. A gain of 1 W
    carries the right split to surface and mass, and the heat makes up the air's part.
    """
    total, mass_area = fact["surface_m2"], fact["mass_m2_per_m2"] * fact["floor_m2"]
    window = fact["window_m2"] * fact["u_window"]
    opaque, mass_surface = fact["opaque_m2"] * fact["u_wall"], SURFACE_TO_MASS_W_PER_M2K * mass_area
    radiant = (1 - AIR_SHARE_OF_GAIN) * fact["internal_w"] + fact["solar_w"]
    to_surface = 1 - mass_area / total - window / (SURFACE_TO_MASS_W_PER_M2K * total)
    air = AIR_WH_PER_M3K * fact["volume_m3"] * fact["air_changes_per_h"]

    def one(value: float) -> Floats:
        return np.array([[value]], dtype=np.float64)

    room = Rooms(
        window_w_per_m2k=one(window),
        mass_outdoor_w_per_m2k=one(opaque * mass_surface / (mass_surface - opaque)),
        mass_surface_w_per_m2k=one(mass_surface),
        air_surface_w_per_m2k=one(AIR_TO_SURFACE_W_PER_M2K * total),
        still_air_w_per_m2k=one(air),
        wind_air_w_per_m2k=one(0.0),
        capacity_wh_per_m2k=one(fact["capacity_j_per_m2k"] * fact["floor_m2"] / 3600),
        gain_to_surface=one(to_surface * radiant),
        gain_to_mass=one(mass_area / total * radiant),
        emitter_margin=one(1.0),
        window_film_w_per_m2k=one(0.0),
        mass_film_w_per_m2k=one(0.0),
    )
    return room, AIR_SHARE_OF_GAIN * fact["internal_w"] - AIR_SHARE_OF_GAIN
