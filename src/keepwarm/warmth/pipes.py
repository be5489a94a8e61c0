"""Heating pipes standing still: cooling to 0 degC, ice growing, the plug.

The smallest pipe of a group's stairwell, attic and basement decides when it must be drained. Each
of these zones has an air temperature of its own between indoors and outdoors.

Ice grows inwards from the wall of a pipe whose water is at 0 degC. With R the resistance from the
inner wall to the air and phi the share of the water that is ice, the ice adds
``-ln(1 - phi) / (4 pi k_ice)`` and the heat balance per metre is::

    rho L A d(phi)/dt = (0 - Ta) / (R - ln(1 - phi) / (4 pi k_ice))

which integrates to::

    rho L A [R phi + ((1 - phi) ln(1 - phi) + phi) / (4 pi k_ice)] = integral of (0 - Ta) dt

So the state of the ice is the right-hand side, the *frost* in kelvin-hours, whatever the air did
on the way; phi = 1 gives the usual formula for a solid pipe, with D^2 / (16 k_ice).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from keepwarm.case.nouns import Archetypes, Bools, Buildings, Floats, Names

Number = Floats | float
AnyArray = npt.NDArray[Any]

#: Zones that pipes run through, the last axis of every array here.
ZONES: Names = ("stairwell", "attic", "basement")

WATER_J_PER_M3K = 4.19e6  # 1000 kg/m3, 4190 J/(kg K)
STEEL_J_PER_M3K = 7850.0 * 480.0
FUSION_J_PER_M3 = 1000.0 * 334e3  # of the water frozen
ICE_W_PER_MK = 2.2


@dataclass(frozen=True)
class Pipes:
    """The smallest pipe of each zone and the air around it, shape (3, groups, zones)."""

    zone_fraction: Floats  # steady (zone - outdoor) / (indoor - outdoor)
    zone_lag_hours: Floats
    water_lag_hours: Floats  # of water and steel towards the air
    plug_frost_k_h: Floats  # freezing degree-hours from 0 degC to the plug


@dataclass(frozen=True)
class ZoneStep:
    """Zone air over one step, shape (3, groups, zones), degC."""

    air_degc: Floats  # at the end
    mean_degc: Floats  # over the step


@dataclass(frozen=True)
class PipeStep:
    """Standing water over one step, shape (3, groups, zones).

    Times count from the start of the step: 0 where it had happened before, NaN where it does not
    happen within the step.
    """

    water_degc: Floats  # at the end
    frost_k_h: Floats  # at the end
    hours_to_zero: Floats
    hours_to_plug: Floats


def pipes(archetypes: Archetypes, buildings: Buildings) -> Pipes:
    """Build the weakest pipe of every zone of every building group from its archetype.

    Parameters
    ----------
    archetypes : Archetypes
        Parameters in their natural units, shape (3, archetypes), band first.
    buildings : Buildings
        The groups; only ``archetype`` is read.

    Returns
    -------
    Pipes
        Shape (3, groups, zones), zones in the order of `ZONES`.

    **Source**: `resistance`, `water_lag` and `frost_to_share` for each pipe.
    **Leaves out**: larger pipes of the zone, fittings, radiators inside flats, buried mains.
    """

    def zoned(suffix: str) -> Floats:
        tables = [archetypes.parameter[zone + suffix] for zone in ZONES]
        return np.stack([np.asarray(table, dtype=float) for table in tables], axis=-1)[:, index]

    def single(name: str) -> Floats:
        return np.asarray(archetypes.parameter[name], dtype=float)[:, index, None]

    index = buildings.archetype
    bore_m = zoned("_pipe_bore_mm") / 1000.0
    wall_m = zoned("_pipe_wall_mm") / 1000.0
    outward = resistance(
        bore_m + 2.0 * wall_m,
        insulation_m=zoned("_pipe_insulation_mm") / 1000.0,
        insulation_w_per_mk=single("insulation_w_per_mk"),
        film_w_per_m2k=single("pipe_film_w_per_m2k"),
    )
    return Pipes(
        zone_fraction=zoned("_fraction"),
        zone_lag_hours=zoned("_lag_h"),
        water_lag_hours=water_lag(bore_m, wall_m, outward),
        plug_frost_k_h=frost_to_share(bore_m, outward, single("plug_ice_share")),
    )


def steady_zone(pipes: Pipes, *, indoor_degc: Number, outdoor_degc: Number) -> Floats:
    """Return the zone air that indoor and outdoor temperatures tend to, degC, (3, groups, zones).

    Parameters
    ----------
    pipes : Pipes
        Shape (3, groups, zones).
    indoor_degc, outdoor_degc : arrays that broadcast to (3, groups)
    """
    indoor, outdoor = _zoned(indoor_degc), _zoned(outdoor_degc)
    return np.asarray(outdoor + pipes.zone_fraction * (indoor - outdoor))


def step_zone(
    pipes: Pipes, zone_degc: Number, *, indoor_degc: Number, outdoor_degc: Number, hours: float
) -> ZoneStep:
    """Carry the zone air over a step: a first-order lag towards its steady value, exact.

    Parameters
    ----------
    pipes : Pipes
        Shape (3, groups, zones).
    zone_degc : array (3, groups, zones)
        Zone air at the start, degC.
    indoor_degc, outdoor_degc : arrays that broadcast to (3, groups)
        Constant over the step, degC; give the mean of the step where they move.
    hours : float
        Length of the step.

    Returns
    -------
    ZoneStep
        Air at the end and its mean over the step, degC.

    **Leaves out**: heat of the pipe itself to its zone; floors of the stairwell apart.
    """
    limit = steady_zone(pipes, indoor_degc=indoor_degc, outdoor_degc=outdoor_degc)
    away = np.asarray(zone_degc, dtype=float) - limit
    gone = -np.expm1(-hours / pipes.zone_lag_hours)
    mean = limit + away * (gone * pipes.zone_lag_hours / hours)
    return ZoneStep(air_degc=limit + away * (1.0 - gone), mean_degc=mean)


def circulate(
    water_degc: Number, frost_k_h: Number, *, flowing: Bools | bool, supply_degc: Number
) -> tuple[Floats, Floats]:
    """Return (water_degc, frost_k_h) where circulation fills pipes with supply water.

    Parameters
    ----------
    water_degc, frost_k_h : arrays (3, groups, zones)
        The state before.
    flowing : array of bool that broadcasts to (3, groups)
        Where water really flows. Nothing flows through a plug: leave plugged groups out.
    supply_degc : array that broadcasts to (3, groups)
    """
    flows, supply = _zoned(flowing), _zoned(supply_degc)
    return np.where(flows, supply, water_degc), np.where(flows, 0.0, frost_k_h)


def _zoned(values: Number | Bools) -> AnyArray:
    """Return values of groups for each of their zones, (..., groups) -> (..., groups, zones).

    Repeated in memory: numpy is several times slower where it must broadcast along a short last
    axis.
    """
    return np.repeat(np.asarray(values)[..., None], len(ZONES), axis=-1)


def stand_still(
    pipes: Pipes, water_degc: Number, frost_k_h: Number, air_degc: Number, hours: float
) -> PipeStep:
    """Carry standing water over a step of constant zone air; exact for any step length.

    While there is frost the water is at 0 degC. Air above 0 degC melts frost at the same balance,
    then warms the water; frost is never below 0.

    Parameters
    ----------
    pipes : Pipes
        Shape (3, groups, zones).
    water_degc, frost_k_h : arrays (3, groups, zones)
        Water temperature, degC, not below 0, and freezing degree-hours since 0 degC, K h.
    air_degc : array (3, groups, zones)
        Zone air, constant over the step: `ZoneStep.mean_degc`.
    hours : float
        Length of the step.

    Returns
    -------
    PipeStep

    **Source**: the heat balance in the module docstring; water and steel at one temperature.
    **Leaves out**: supercooling, ice bridging in narrow pipes, conduction along the pipe, water
    beyond the plug, the burst itself (a plug bursts a pipe only where it closes a volume).
    """
    water, frost, air = np.broadcast_arrays(
        np.maximum(np.asarray(water_degc, dtype=float), 0.0),
        np.asarray(frost_k_h, dtype=float),
        np.asarray(air_degc, dtype=float),
    )
    water = np.where(frost > 0.0, 0.0, water)
    to_zero = hours_to_zero(water, air, pipes.water_lag_hours)
    freezing = np.maximum(hours - to_zero, 0.0)
    frozen = frost - np.where(air < 0.0, freezing, 0.0) * air
    with np.errstate(over="ignore"):  # air all but at 0 degC: never
        to_thaw = np.divide(frost, air, out=np.full(air.shape, np.inf), where=air > 0.0)
    thawed = np.maximum(frost - np.maximum(air, 0.0) * hours, 0.0)
    liquid = np.where(air > 0.0, np.maximum(hours - to_thaw, 0.0), np.minimum(to_zero, hours))
    relaxed = air + (water - air) * np.exp(-liquid / pipes.water_lag_hours)
    frost_end = np.where(air < 0.0, frozen, thawed)
    reached_zero = (air < 0.0) & (to_zero <= hours)
    return PipeStep(
        water_degc=np.where(reached_zero | (frost_end > 0.0), 0.0, np.maximum(relaxed, 0.0)),
        frost_k_h=frost_end,
        hours_to_zero=np.where(water > 0.0, _within(to_zero, hours), 0.0),
        hours_to_plug=_within(_until_plug(pipes, to_zero, frost, air), hours),
    )


def hours_left(pipes: Pipes, water_degc: Number, frost_k_h: Number, air_degc: Number) -> Floats:
    """Return the hours until the plug if the zone air stays as it is; inf where it never plugs.

    Parameters are those of `stand_still`; 0 where the pipe is plugged already.
    """
    water = np.where(np.asarray(frost_k_h) > 0.0, 0.0, np.maximum(water_degc, 0.0))
    to_zero = hours_to_zero(water, air_degc, pipes.water_lag_hours)
    return _until_plug(pipes, to_zero, frost_k_h, air_degc)


def _until_plug(pipes: Pipes, to_zero: Floats, frost_k_h: Number, air_degc: Number) -> Floats:
    """Return the hours until the plug where those until 0 degC are known."""
    missing = np.maximum(pipes.plug_frost_k_h - frost_k_h, 0.0)
    to_zero, missing, air = np.broadcast_arrays(to_zero, missing, air_degc)
    with np.errstate(over="ignore"):  # air all but at 0 degC: never
        growing = np.divide(missing, -air, out=np.full(air.shape, np.inf), where=air < 0.0)
    return np.where(missing == 0.0, 0.0, to_zero + growing)


def resistance(
    outer_m: Number,
    *,
    insulation_m: Number,
    insulation_w_per_mk: Number,
    film_w_per_m2k: Number,
) -> Floats:
    """Return the thermal resistance from the steel of a pipe to the air, K m/W.

    Parameters
    ----------
    outer_m : array
        Outer diameter of the steel, m.
    insulation_m : array
        Thickness of insulation, m; 0 for a bare pipe.
    insulation_w_per_mk : array
        Its conductivity, W/(m K).
    film_w_per_m2k : array
        Convection and radiation from the surface, W/(m2 K); inf leaves the film out.

    >>> bare = resistance(0.0268, insulation_m=0, insulation_w_per_mk=0.04, film_w_per_m2k=10)
    >>> bare.round(2).item()
    1.19
    """
    outer = np.asarray(outer_m, dtype=float)
    surface = outer + 2.0 * np.asarray(insulation_m)
    layer = np.log(surface / outer) / (2.0 * np.pi * np.asarray(insulation_w_per_mk))
    return np.asarray(layer + 1.0 / (np.asarray(film_w_per_m2k) * np.pi * surface))


def water_lag(
    bore_m: Number,
    wall_m: Number,
    outward_k_m_per_w: Number,
    *,
    steel_j_per_m3k: float = STEEL_J_PER_M3K,
) -> Floats:
    """Return the time constant of standing water and its pipe towards the air, h.

    Parameters
    ----------
    bore_m, wall_m : array
        Inner diameter and wall thickness, m.
    outward_k_m_per_w : array
        From `resistance`.
    steel_j_per_m3k : float
        Heat capacity of the wall; 0 leaves it out.
    """
    bore, wall = np.asarray(bore_m, dtype=float), np.asarray(wall_m, dtype=float)
    water = WATER_J_PER_M3K * np.pi / 4.0 * bore**2
    steel = steel_j_per_m3k * np.pi * wall * (bore + wall)
    return np.asarray((water + steel) * outward_k_m_per_w / 3600.0)


def hours_to_zero(water_degc: Number, air_degc: Number, lag_hours: Number) -> Floats:
    """Return the hours in which standing water cools to 0 degC; inf in air of 0 degC and above.

    Parameters
    ----------
    water_degc, air_degc : arrays that broadcast
        Water at the start, not below 0 degC, and constant air, degC.
    lag_hours : array
        From `water_lag`.

    >>> hours_to_zero(20.0, -10.0, 0.75).round(2).item()
    0.82
    """
    water, air, lag = np.broadcast_arrays(
        *(np.asarray(each, dtype=float) for each in (water_degc, air_degc, lag_hours))
    )
    with np.errstate(over="ignore"):  # air all but at 0 degC: never
        ratio = np.divide(water - air, -air, out=np.ones(air.shape), where=air < 0.0)
    hours = np.where(air < 0.0, lag * np.log(ratio), np.inf)
    return np.where((water <= 0.0) & (air <= 0.0), 0.0, hours)


def frost_to_share(bore_m: Number, outward_k_m_per_w: Number, ice_share: Number) -> Floats:
    """Return the freezing degree-hours from water at 0 degC to a share of ice, K h.

    Parameters
    ----------
    bore_m : array
        Inner diameter, m.
    outward_k_m_per_w : array
        From `resistance`.
    ice_share : array
        Share of the water that is ice, 0 to 1.

    **Source**: the integral in the module docstring; at share 1 it is rho L (A R + D^2 / 16 k).
    """
    bore, share = np.asarray(bore_m, dtype=float), np.asarray(ice_share, dtype=float)
    water = 1.0 - share
    logs = water * np.log(np.where(water > 0.0, water, 1.0)) + share
    total = outward_k_m_per_w * share + logs / (4.0 * np.pi * ICE_W_PER_MK)
    return np.asarray(FUSION_J_PER_M3 * np.pi / 4.0 * bore**2 * total / 3600.0)


def hours_to_solid(bore_m: Number, outward_k_m_per_w: Number, air_degc: Number) -> Floats:
    """Return the hours from water at 0 degC to a pipe frozen solid, in constant air below 0 degC.

    >>> hours_to_solid(0.0212, 1.185, -10.0).round(1).item()
    4.0
    """
    frost = frost_to_share(bore_m, outward_k_m_per_w, 1.0)
    air = np.asarray(air_degc, dtype=float)
    return np.where(air < 0.0, frost / np.maximum(-air, np.finfo(float).tiny), np.inf)


def _within(time: Floats, hours: float) -> Floats:
    return np.where(time < hours, time, np.nan)
