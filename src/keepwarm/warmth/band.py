"""The band of an archetype by sampling: low and high are draws, not every parameter at its end.

All parameters at their bad end at once is a house that nobody lives in. Here every parameter is
drawn between its low, central and high value, each draw is let cool, and the draws that stand at
5 and 95 % become low and high.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np

from keepwarm.case.nouns import Archetypes, Floats, Ints
from keepwarm.case.places import no_buildings
from keepwarm.warmth.homes import Homes, homes
from keepwarm.warmth.pipes import CIRCUIT, Pipes, move_pipes, pipes, steady_zone
from keepwarm.warmth.rooms import Rooms, relax, rooms, steady_mass

#: Shares of the draws that stand below low and below high.
ENDS = (0.05, 0.95)

#: The outage by which draws of rooms are compared: heating stops at 20 degC, -10 degC outdoors,
#: light wind, no gains.
INDOOR_DEGC, OUTDOOR_DEGC, WIND_M_PER_S = 20.0, -10.0, 2.0
#: Water in the circuit at the stop: the mean of 95/70 at -10 degC.
WATER_DEGC = 67.0
#: Hours at which draws of rooms are compared: the fall of the first hours, and the days after.
COMPARED_HOURS = (3.0, 6.0, 12.0, 24.0, 48.0, 72.0, 96.0, 120.0)
#: Pipes are compared in these frosts: which place plugs first depends on it.
PIPE_FROSTS_DEGC = (-10.0, -20.0, -30.0)
#: Weight of the first plug of the building beside that of each place.
FIRST_PLUG_WEIGHT = 4.0
#: Steps of the pipes' comparison; by their end almost every pipe of a dead house has frozen.
PIPE_STEPS = (*(2.0,) * 24, *(6.0,) * 20, *(24.0,) * 20)

#: Logarithms that differ by less are all the same: a place without a pipe.
_NO_SPREAD = 1e-3
#: Parameters that no draw changes.
KEPT = ("share", "norm_beta_h")
#: Parameters that no comparison sees: radiators at work, water that flows, mains, bursting.
_UNSEEN = ("emitter_margin", "ground_degc", "soil_w_per_mk", "pipe_burst_mpa", "radiator_burst_mpa")


@lru_cache(maxsize=8)
def _uniform(parameters: int, draws: int, seed: int) -> Floats:
    """Return a Latin hypercube, (draws, parameters): one draw in each of ``draws`` equal parts."""
    random = np.random.default_rng(seed)
    parts = [random.permutation(draws) for _ in range(parameters)]
    return np.asarray((np.stack(parts, axis=-1) + 0.5) / draws)


def between(ends: Floats, share: Floats) -> Floats:
    """Return quantiles of parameters known by a low, a central and a high value.

    The density falls straight from the central value to either end, with half of the weight on
    each side, so that the central value is the median however far apart the ends are.

    Parameters
    ----------
    ends : array (3, kinds)
        One end, the central value, the other end; the ends in any order.
    share : array (draws,), or (draws, kinds) where kinds are drawn apart
        Between 0 and 1.

    Returns
    -------
    array (draws, kinds)

    >>> between(np.array([[0.0], [1.0], [4.0]]), np.array([0.0, 0.125, 0.5, 1.0])).ravel().tolist()
    [0.0, 0.5, 1.0, 4.0]
    """
    low, most, high = ends.min(axis=0), ends[1], ends.max(axis=0)
    share = share.reshape(len(share), -1)
    below = low + (most - low) * np.sqrt(2.0 * share)
    above = high - (high - most) * np.sqrt(2.0 * (1.0 - share))
    return np.asarray(np.where(share < 0.5, below, above))


def banded(archetypes: Archetypes, *, draws: int = 400, seed: int = 1) -> Archetypes:
    """Return archetypes whose low and high are the draws at 5 and 95 %.

    Parameters
    ----------
    archetypes : Archetypes
        Of every parameter the low, central and high value, each (3, archetypes) or (3, flats).
    draws : int
        Draws of each archetype, 40 or more.
    seed : int
        Which draws.

    Returns
    -------
    Archetypes
        The same with other low and high values; central values, shares and the coefficients of the
        norms stay. Rooms and pipes are drawn apart, so their low ends do not fall together by
        choice of the draw; indoors drives the pipes of each band in a run.

    **Source**: each parameter lies `between` its ends, independent of the others, stratified
    (McKay, Beckman and Conover 1979, Latin hypercube); in flats of one building a parameter stands
    at the same share of its range. Of the draws' cooling curves the 5 and the 95 % quantile are
    taken at each of `COMPARED_HOURS`, and the draw whose own curve lies nearest is low or high: a
    number such as the hours to +12 can be the same for a house that is light and tight and one that
    is heavy and draughty, a curve cannot. Pipes alike, by the logarithm of the hours to the first
    plug of the building and of each place in `PIPE_FROSTS_DEGC`, over their spread. Parameters that
    neither sees (emitters, flowing water, mains, bursting) stand at their own 5 and 95 %.
    **Leaves out**: parameters that depend on each other; uncertainty of the weather and of gains.
    """
    flats, building = archetypes.flats.parameter, archetypes.parameter
    share = _uniform(len(flats) + len(building), draws, seed)
    of_flats = _drawn(flats, share[:, : len(flats)])
    of_buildings = _drawn(building, share[:, len(flats) :])
    cooling = _cooling_curves(_with(archetypes, flats=of_flats))
    freezing = _freezing_curves(_with(archetypes, building=of_buildings), archetypes)
    rooms_at = _nearest_to_quantiles(cooling)[:, archetypes.flats.archetype]
    return _with(
        archetypes,
        flats=_picked(flats, of_flats, rooms_at),
        building=_picked(building, of_buildings, _nearest_to_quantiles(freezing)),
    )


def _drawn(parameter: Mapping[str, Floats], share: Floats) -> dict[str, Floats]:
    """Return draws of each parameter, (draws, kinds)."""
    return {
        name: np.repeat(ends[1:2], len(share), axis=0)
        if name in KEPT
        else between(ends, share[:, at])
        for at, (name, ends) in enumerate(parameter.items())
    }


def _picked(
    parameter: Mapping[str, Floats], drawn: Mapping[str, Floats], at: Ints
) -> dict[str, Floats]:
    """Return of each parameter the low draw, the central value and the high draw, (3, kinds)."""
    picked = {}
    for name, ends in parameter.items():
        low, high = _own_ends(ends) if _unseen(name) else np.take_along_axis(drawn[name], at, 0)
        picked[name] = ends if name in KEPT else np.stack([low, ends[1], high])
    return picked


def _unseen(name: str) -> bool:
    return name in _UNSEEN or name.startswith("main_") or name.endswith("_transit_min")


def _own_ends(ends: Floats) -> Floats:
    """Return 5 and 95 % of the parameter itself, the end that cools sooner first, (2, kinds)."""
    quantiles = between(ends, np.array(ENDS))
    return np.where(ends[0] > ends[2], quantiles[::-1], quantiles)


def _with(
    archetypes: Archetypes,
    *,
    flats: Mapping[str, Floats] | None = None,
    building: Mapping[str, Floats] | None = None,
) -> Archetypes:
    """Return archetypes with other parameters; draws may stand in the place of the band."""
    own = archetypes.flats
    return replace(
        archetypes,
        parameter=archetypes.parameter if building is None else building,
        flats=own if flats is None else replace(own, parameter=flats),
    )


def _nearest_to_quantiles(curves: Floats) -> Ints:
    """Return which draw's curve lies nearest to each quantile's, (ends, archetypes).

    ``curves`` has shape (points, draws, archetypes).
    """
    wanted = np.quantile(curves, ENDS, axis=1)[:, :, None, :]
    return np.asarray(np.square(curves - wanted).sum(axis=1).argmin(axis=1))


def _cooling_curves(archetypes: Archetypes) -> Floats:
    """Return the operative temperature of whole buildings, (points, draws, archetypes)."""
    kinds, walls = _one_of_each(archetypes)
    return np.stack([kinds.mean(_unheated(walls, hours)) for hours in COMPARED_HOURS])


def _one_of_each(archetypes: Archetypes) -> tuple[Homes, Rooms]:
    buildings = replace(no_buildings(), archetype=np.arange(len(archetypes)))
    kinds = homes(archetypes, buildings)
    return kinds, rooms(archetypes, kinds)


def _unheated(walls: Rooms, hours: float, outdoor_degc: float = OUTDOOR_DEGC) -> Floats:
    """Return the operative temperature so long after the stop, (draws, homes)."""
    mass = steady_mass(
        walls,
        outdoor_degc=outdoor_degc,
        wind_m_per_s=WIND_M_PER_S,
        gain_w_per_m2=0.0,
        operative_degc=INDOOR_DEGC,
    )
    step = relax(
        walls,
        mass,
        outdoor_degc=outdoor_degc,
        wind_m_per_s=WIND_M_PER_S,
        gain_w_per_m2=0.0,
        heat_w_per_m2=0.0,
        hours=hours,
    )
    return step.operative_end_degc


def _freezing_curves(drawn: Archetypes, central: Archetypes) -> Floats:
    """Return log hours to the plug over their spread, (points, draws, archetypes).

    Points are the building's first plug, then each place, in each frost; homes cool as the central
    ones do.
    """
    tubes = pipes(drawn, replace(no_buildings(), archetype=np.arange(len(drawn))))
    one = {name: ends[1:2] for name, ends in central.flats.parameter.items()}
    kinds, walls = _one_of_each(_with(central, flats=one))
    points = []
    for frost in PIPE_FROSTS_DEGC:
        indoors = [kinds.mean(_unheated(walls, hours, frost)) for hours in _middles(PIPE_STEPS)]
        places = np.log(hours_to_plug(tubes, np.array(indoors), frost))
        first = places.min(axis=-1, keepdims=True)
        spread = [np.maximum(each.std(axis=0), _NO_SPREAD) for each in (first, places)]
        points += [first / spread[0] * FIRST_PLUG_WEIGHT, places / spread[1]]
    return np.moveaxis(np.concatenate(points, axis=-1), -1, 0)


def _middles(steps: tuple[float, ...]) -> list[float]:
    ends = np.cumsum(steps)
    return [float(middle) for middle in ends - np.array(steps) / 2]


def hours_to_plug(tubes: Pipes, indoor_degc: Floats, outdoor_degc: float) -> Floats:
    """Return hours from the stop of circulation to the plug of every place.

    Parameters
    ----------
    tubes : Pipes
        Shape (band, archetypes, places); draws may stand in the place of the band.
    indoor_degc : array (steps, 1 or band, archetypes)
        Mean of homes over each of `PIPE_STEPS`.
    outdoor_degc : float

    Returns
    -------
    array (band, archetypes, places)
        Places of the building's circuit. What does not plug within `PIPE_STEPS` counts as plugged
        at their end.
    """
    draws, groups, _ = tubes.indoor_share.shape
    air = steady_zone(tubes, indoor_degc=INDOOR_DEGC, outdoor_degc=outdoor_degc)[:, None]
    water, frost = np.full_like(air, WATER_DEGC), np.zeros_like(air)
    plugged, begun = np.full(air.shape, np.inf), 0.0
    for hours, indoors in zip(PIPE_STEPS, indoor_degc, strict=True):
        step = move_pipes(
            tubes,
            air,
            water,
            frost,
            indoor_degc=np.broadcast_to(indoors[:, None], (draws, 1, groups)),
            outdoor_degc=np.full(groups, outdoor_degc),
            flow=np.zeros((1, groups)),
            supply_degc=np.full((draws, 1, groups), WATER_DEGC),
            hours=hours,
        )
        air, water, frost = step.air_degc, step.water_degc, step.frost_k_h
        plugged = np.fmin(plugged, begun + step.hours_to_plug)
        begun += hours
    return np.asarray(np.minimum(plugged[:, 0, :, CIRCUIT], begun))
