"""Closed forms of water that stands still in a pipe: cooling to 0 degC, ice, plug, burst.

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

import numpy as np

from keepwarm.case.nouns import Floats

Number = Floats | float

WATER_J_PER_M3K = 4.19e6  # 1000 kg/m3, 4190 J/(kg K)
STEEL_J_PER_M3K = 7850.0 * 480.0  # cast iron, 7200 x 500, is 4 % less
FUSION_J_PER_M3 = 1000.0 * 334e3  # of the water frozen
ICE_W_PER_MK = 2.2
WATER_BULK_MPA = 2000.0  # at 0 degC; 2200 at 20
STEEL_YOUNG_MPA = 2.0e5
ICE_EXPANSION = 0.09


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


def soil_resistance(surface_m: Number, *, depth_m: Number, soil_w_per_mk: Number) -> Floats:
    """Return the thermal resistance of the soil around a buried pipe, K m/W.

    Parameters
    ----------
    surface_m : array
        Outer diameter of the pipe with its insulation, m.
    depth_m : array
        From the ground's surface to the axis, m; more than half the diameter.
    soil_w_per_mk : array
        Conductivity of the soil, W/(m K).

    **Source**: ln(4 z / D) / (2 pi lambda), the usual form for z > D (Forchheimer; EN 13941).
    **Leaves out**: the second pipe beside it; a channel and its air; heat stored in the soil.

    >>> soil_resistance(0.45, depth_m=2.0, soil_w_per_mk=1.74).round(4).item()
    0.2632
    """
    return np.asarray(np.log(4.0 * np.asarray(depth_m) / surface_m) / (2 * np.pi * soil_w_per_mk))


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


def end_of_run(
    air_degc: Number, supply_degc: Number, transfer_units: Number, flow: Number
) -> Floats:
    """Return the temperature of flowing water at the end of its run, degC.

    Parameters
    ----------
    air_degc, supply_degc : array
        Air around the pipe, and water at its beginning.
    transfer_units : array
        At design flow: time that water takes through the pipe over its time constant, the wall
        left out.
    flow : array
        Share of the design flow, above 0.

    **Source**: steady plug flow, Ta + (Ts - Ta) exp(-NTU / q).

    >>> end_of_run(-10.0, 50.0, 0.1, 0.1).round(1).item()
    12.1
    """
    air, supply = np.asarray(air_degc, dtype=float), np.asarray(supply_degc, dtype=float)
    return np.asarray(air + (supply - air) * np.exp(-np.asarray(transfer_units) / flow))


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
    with np.errstate(over="ignore", invalid="ignore"):  # air all but at 0 degC, or no pipe: never
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


def burst_share(plug_share: Number, burst_mpa: Number, *, bore_m: Number, wall_m: Number) -> Floats:
    """Return the share of ice at which a plugged pipe bursts, from the plug's share to 1.

    Past the plug, ice that grows in the closed volume makes room for itself by pressing the water
    that is left and widening the pipe: ``0.09 x = (1 - plug - x) p / K + p D / (s E)``, solved for
    the further share x at the burst pressure p.

    Parameters
    ----------
    plug_share : array
        Share of ice at the plug.
    burst_mpa : array
        Overpressure at which the weakest part of the pipe gives way, MPa.
    bore_m, wall_m : array
        Inner diameter D and wall s, m.

    **Source**: volume balance with water of bulk modulus K = 2.0 GPa at 0 degC, 9 % of expansion
    and a thin elastic steel tube (volume strain 2 hoop strains at no end load, p D / (s E)). That
    pipes burst from water shut in behind the plug, not from ice at the wall: J. R. Gordon, An
    Investigation into Freezing and Bursting Water Pipes, Univ. of Illinois BRC, 1996.
    **Leaves out**: a volume that is not closed (it never bursts: the band says so with its high
    pressure only); the melting point under pressure, -0.07 degC per MPa; yielding of the steel.
    """
    press = np.asarray(burst_mpa, dtype=float) / WATER_BULK_MPA
    widening = burst_mpa * np.asarray(bore_m) / (np.asarray(wall_m) * STEEL_YOUNG_MPA)
    plug = np.asarray(plug_share, dtype=float)
    further = ((1.0 - plug) * press + widening) / (ICE_EXPANSION + press)
    return np.minimum(plug + further, 1.0)
