"""One node: how the norms reckon cooling. A check beside the 5R1C rooms, never mixed with them."""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import Archetypes, Floats
from keepwarm.warmth.homes import Homes
from keepwarm.warmth.rooms import AIR_SHARE_OF_GAIN, Rooms, response, rooms

Number = Floats | float

#: Conductance inside a single node, W/(m2 K): so large that air, surfaces and mass are one.
ONE_NODE_W_PER_M2K = 1e9


def single_node_rooms(archetypes: Archetypes, homes: Homes) -> Rooms:
    """Return homes of one node each: air, surfaces and mass at one temperature.

    The operative temperature goes exactly as in `single_node`: towards outdoors and gains over H
    with the accumulation coefficient beta, without a fall when heating stops.

    Parameters
    ----------
    archetypes : Archetypes
        ``norm_beta_h`` of its flats is beta; where there is none, C / H of the flat.
    homes : Homes

    Returns
    -------
    Rooms
        Shape (3, homes). H is that of the 5R1C network at rest, in calm weather.

    **Source**: Sokolov; MDS 41-6.2000.
    **Leaves out**: wind, which beta does not know; the fast fall of the air in the first hour.
    """
    full = rooms(archetypes, homes)
    loss = _loss_at_rest(full)
    beta = archetypes.flats.parameter["norm_beta_h"][:, homes.flat]
    capacity = np.where(np.isnan(beta), full.capacity_wh_per_m2k, np.nan_to_num(beta) * loss)
    none, one = np.zeros_like(loss), np.full_like(loss, ONE_NODE_W_PER_M2K)
    return Rooms(
        window_w_per_m2k=none,
        mass_outdoor_w_per_m2k=loss,
        mass_surface_w_per_m2k=one,
        air_surface_w_per_m2k=one,
        still_air_w_per_m2k=none,
        wind_air_w_per_m2k=none,
        capacity_wh_per_m2k=capacity,
        gain_to_surface=np.full_like(loss, 1.0 - AIR_SHARE_OF_GAIN),
        gain_to_mass=none,
        emitter_margin=full.emitter_margin,
        window_film_w_per_m2k=none,
        mass_film_w_per_m2k=none,
    )


def _loss_at_rest(full: Rooms) -> Floats:
    """Return the heat that holds rooms 1 K above outdoors in calm weather, W/(m2 K)."""
    step = response(full, 0.0, np.inf)
    return np.asarray(1.0 / step.end_per_heat)


def single_node(
    start_degc: Number,
    outdoor_degc: Number,
    *,
    beta_hours: Number,
    hours: Number,
    gain_over_loss_k: Number = 0.0,
) -> Floats:
    """Return the indoor temperature of one capacity behind one conductance, degC.

    Parameters
    ----------
    start_degc, outdoor_degc : arrays that broadcast
        Indoors at the start and constant outdoors, degC.
    beta_hours : array
        Accumulation coefficient C / H, h.
    hours : array
        Time since the start, h.
    gain_over_loss_k : array
        Heat given over H, K: how much warmer than outdoors the rooms stay for ever.

    **Source**: Sokolov; MDS 41-6.2000 (accumulation coefficients of buildings).
    **Leaves out**: the fast fall of the air in the first hour; everything but one number.

    >>> single_node(20.0, -10.0, beta_hours=65.5, hours=72.0).round(1).item() + 0.0
    0.0
    """
    limit = np.asarray(outdoor_degc, dtype=float) + gain_over_loss_k
    return np.asarray(limit + (start_degc - limit) * np.exp(-np.asarray(hours) / beta_hours))


def single_node_hours(
    start_degc: Number,
    outdoor_degc: Number,
    *,
    threshold_degc: Number,
    beta_hours: Number,
    gain_over_loss_k: Number = 0.0,
) -> Floats:
    """Return the hours until one node falls to a threshold: 0 if below already, inf if never.

    Parameters are those of `single_node`.

    >>> single_node_hours(20.0, -10.0, threshold_degc=12.0, beta_hours=40.0).round(1).item()
    12.4
    """
    limit = np.asarray(outdoor_degc, dtype=float) + gain_over_loss_k
    start, limit, threshold = np.broadcast_arrays(start_degc, limit, threshold_degc)
    falls = (limit < threshold) & (start > threshold)
    ratio = np.divide(start - limit, threshold - limit, out=np.ones(start.shape), where=falls)
    never = (limit >= threshold) & (start > threshold)
    return np.where(never, np.inf, beta_hours * np.log(ratio))


def reserve_supply(
    outdoor_degc: Number,
    *,
    repair_hours: Number = np.inf,
    beta_hours: Number = 40.0,
    indoor_degc: float = 18.0,
    least_degc: float = 12.0,
) -> Floats:
    """Return the least share of normal heat that keeps rooms above a limit until the repair ends.

    Parameters
    ----------
    outdoor_degc : array
    repair_hours : array
        Length of the reduced supply, h; inf for a lasting one.
    beta_hours : array
        Accumulation coefficient, h.
    indoor_degc, least_degc : float
        Before the failure, and the least allowed at its end.

    Returns
    -------
    array
        Share of the heat that holds indoor_degc, 0 to 1.

    **Source**: SNiP 41-02-2003 tables 1 and 2 (SP 124.13330): phi = (x - e) / (1 - e).

    >>> reserve_supply(-20.0).round(3).item()
    0.842
    """
    outdoor = np.asarray(outdoor_degc, dtype=float)
    lasting = (least_degc - outdoor) / (indoor_degc - outdoor)
    left = np.exp(-np.asarray(repair_hours, dtype=float) / beta_hours)
    return np.asarray(
        np.maximum((lasting - left) / -np.expm1(-np.asarray(repair_hours) / beta_hours), 0.0)
    )
