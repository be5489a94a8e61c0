"""What homes, radiators and pipes of samples are made of, and what homes then do within a step.

Parameters stand in rows: of the bands of a case, or of draws. Which row holds for a band and a
sample says ``row``, so that parameters of all samples alike are there once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from keepwarm.case.nouns import Floats, Ints
from keepwarm.compiled import compiled, inlined
from keepwarm.warmth.films import outer_film
from keepwarm.warmth.pipes import Pipes
from keepwarm.warmth.rooms import AIR_SHARE_OF_GAIN, AIR_SHARE_OF_OPERATIVE, Rooms

#: Rows of `Responses.table`.
(
    LEFT,
    MASS_PER_GAIN,
    MASS_PER_HEAT,
    INSIDE_PER_MASS,
    INSIDE_PER_GAIN,
    INSIDE_PER_HEAT,
    PER_KELVIN,
) = range(7)


@dataclass(frozen=True, eq=False)
class Fabric:
    """What homes and pipes are made of, by row."""

    rooms: Rooms  # (rows, homes)
    emitters_w_per_m2: Floats  # (rows, homes): what radiators give at design
    pipes: Pipes  # (rows, kinds, places)
    kind: Ints  # (groups,): of pipes
    row: Ints  # (bands, samples), or (bands, 1) where all samples are alike

    def rows(self, samples: int) -> Ints:
        """Return the row of each band and sample, (bands, samples)."""
        return np.ascontiguousarray(np.broadcast_to(self.row, (len(self.row), samples)))

    def of_samples(self, which: Ints) -> Fabric:
        """Return the fabric of some of the samples, in the order given."""
        if self.row.shape[1] == 1:
            return self
        return Fabric(self.rooms, self.emitters_w_per_m2, self.pipes, self.kind, self.row[:, which])

    @cached_property
    def walls(self) -> Walls:
        """The parameters of rooms as compiled code takes them."""
        rooms = self.rooms
        columns = (
            rooms.still_air_w_per_m2k,
            rooms.wind_air_w_per_m2k,
            rooms.air_surface_w_per_m2k,
            rooms.window_w_per_m2k,
            rooms.window_film_w_per_m2k,
            rooms.mass_outdoor_w_per_m2k,
            rooms.mass_film_w_per_m2k,
            rooms.mass_surface_w_per_m2k,
            rooms.capacity_wh_per_m2k,
            rooms.gain_to_surface,
            rooms.gain_to_mass,
        )
        return Walls(*(np.ascontiguousarray(each, np.float64) for each in columns))


class Walls(NamedTuple):
    """Parameters of rooms, each (rows, homes)."""

    still_air: Floats
    wind_air: Floats
    air_surface: Floats
    window: Floats
    window_film: Floats
    mass_outdoor: Floats
    mass_film: Floats
    mass_surface: Floats
    capacity: Floats
    gain_to_surface: Floats
    gain_to_mass: Floats


@dataclass(frozen=True)
class Responses:
    """What homes of samples do within a step, by row; see `keepwarm.warmth.rooms.Response`."""

    row: Ints  # (bands, samples)
    tau_hours: Floats  # (rows, homes)
    table: Floats  # (7, rows, homes): LEFT ... INSIDE_PER_HEAT, and W/m2 for 1 K at the end
    wind_m_per_s: Floats  # (samples or 1, regions): what they respond to

    def tau_of_bands(self, sample: int) -> Floats:
        """Return the time constants of one sample, (bands, homes)."""
        return self.tau_hours[self.row[:, sample]]


def respond(
    fabric: Fabric,
    wind_m_per_s: Floats,
    region: Ints,
    *,
    samples: int,
    hours: float,
    last: Responses | None = None,
) -> Responses:
    """Return what homes of samples do within a step, by compiled loops.

    Parameters
    ----------
    fabric
        Of the samples.
    wind_m_per_s
        Shape (samples, regions), or (1, regions) where it is the same for all.
    region
        Shape (homes,).
    samples
        How many there are.
    hours
        Length of the step.
    last
        Of the step before, for the same fabric and length: used again, and changed in place, where
        the wind of a sample is still the same.

    **Source**: `keepwarm.warmth.rooms.response`, which the tests hold it against.
    """
    of, wind = fabric.rows(samples), np.ascontiguousarray(wind_m_per_s, np.float64)
    if len(wind) == 1:
        row, made_of = of, np.arange(len(fabric.emitters_w_per_m2))
        under = np.zeros_like(made_of)
    else:
        row, made_of = np.arange(of.size).reshape(of.shape), of.reshape(-1)
        under = np.tile(np.arange(samples), len(of))
    into = np.arange(made_of.size)
    if last is None or last.wind_m_per_s.shape != wind.shape:
        table, tau = np.empty((7, made_of.size, region.size)), np.empty((made_of.size, region.size))
    else:
        table, tau = last.table, last.tau_hours
        changed = (wind != last.wind_m_per_s).any(axis=1)
        into = np.flatnonzero(changed[under])
    if into.size:
        film = np.ascontiguousarray(outer_film(wind))
        # The desk is as wide as a row: stages of few arrays each, so that several homes go at once.
        desk, gone = np.empty((6, region.size)), np.empty((into.size, region.size))
        rows = (made_of[into], under[into], into)
        _respond(fabric.walls, *rows, wind, film, region, hours, desk, gone, tau, table)
        np.exp(gone, out=gone)
        _finish(gone, into, table)
    return Responses(row, tau, table, wind.copy())


@compiled
def _respond(
    walls: Walls,
    made_of: Ints,
    under: Ints,
    into: Ints,
    wind: Floats,
    film: Floats,
    region: Ints,
    hours: float,
    desk: Floats,
    gone: Floats,
    tau: Floats,
    table: Floats,
) -> None:
    """Work out all but what is left at the end, whose logarithm it notes, and the last table."""
    for at in range(into.size):
        p, sky, k = made_of[at], under[at], into[at]
        here, outside = desk[0], desk[1]
        for h in range(region.size):
            here[h] = wind[sky, region[h]]
            outside[h] = film[sky, region[h]]
        _air(walls, p, desk)
        _mass(walls, p, hours, desk, tau[k], gone[at], table[MASS_PER_HEAT, k])
        _gains(walls, p, desk, table[MASS_PER_GAIN, k])
        _inside(desk, table[INSIDE_PER_MASS, k], table[INSIDE_PER_GAIN, k])
        _inside_heat(desk, table[INSIDE_PER_HEAT, k])


@inlined
def _air(walls: Walls, p: int, desk: Floats) -> None:
    """Through air: its share, 1 / the sum of its conductances, and conductance to outdoors."""
    still, windy, inner = walls.still_air[p], walls.wind_air[p], walls.air_surface[p]
    here, per_air, through, out = desk[0], desk[2], desk[3], desk[4]
    for h in range(still.size):
        air = still[h] + windy[h] * here[h]
        one = 1.0 / (air + inner[h])
        share = inner[h] * one
        per_air[h] = one
        through[h] = share
        out[h] = share * air


@inlined
def _mass(
    walls: Walls, p: int, hours: float, desk: Floats, tau: Floats, gone: Floats, per_heat: Floats
) -> None:
    """Leave 1 / the sum at surface and mass in the desk, and the share that goes to the mass."""
    window, window_film = walls.window[p], walls.window_film[p]
    outer, outer_film = walls.mass_outdoor[p], walls.mass_film[p]
    inner, capacity = walls.mass_surface[p], walls.capacity[p]
    to_mass, outside, through, out, of_mass = desk[0], desk[1], desk[3], desk[4], desk[5]
    for h in range(window.size):
        from_surface = out[h] + window[h] / (1.0 + outside[h] * window_film[h])
        one = 1.0 / (inner[h] + from_surface)
        share = inner[h] * one
        to_mass[h] = share
        outside[h] = outer[h] / (1.0 + outside[h] * outer_film[h]) + share * from_surface
        out[h] = one
    for h in range(window.size):
        total = outside[h]
        one = 1.0 / total
        tau[h] = capacity[h] * one
        gone[h] = -(hours * total) / capacity[h]
        per_heat[h] = to_mass[h] * through[h] * one
        of_mass[h] = one


@inlined
def _gains(walls: Walls, p: int, desk: Floats, per_gain: Floats) -> None:
    surface, mass = walls.gain_to_surface[p], walls.gain_to_mass[p]
    to_mass, of_surface, through, of_mass = desk[0], desk[1], desk[3], desk[5]
    for h in range(surface.size):
        share = surface[h] + through[h] * AIR_SHARE_OF_GAIN
        per_gain[h] = (mass[h] + to_mass[h] * share) * of_mass[h]
        of_surface[h] = share


@inlined
def _inside(desk: Floats, per_mass: Floats, per_gain: Floats) -> None:
    to_mass, share, per_air, through = desk[0], desk[1], desk[2], desk[3]
    one = desk[4]
    for h in range(per_mass.size):
        felt = AIR_SHARE_OF_OPERATIVE * through[h] + (1.0 - AIR_SHARE_OF_OPERATIVE)
        of_air = AIR_SHARE_OF_GAIN * (AIR_SHARE_OF_OPERATIVE * per_air[h])
        per_mass[h] = felt * to_mass[h]
        per_gain[h] = felt * share[h] * one[h] + of_air


@inlined
def _inside_heat(desk: Floats, per_heat: Floats) -> None:
    per_air, through, one = desk[2], desk[3], desk[4]
    for h in range(per_heat.size):
        felt = AIR_SHARE_OF_OPERATIVE * through[h] + (1.0 - AIR_SHARE_OF_OPERATIVE)
        per_heat[h] = felt * through[h] * one[h] + AIR_SHARE_OF_OPERATIVE * per_air[h]


@compiled
def _finish(gone: Floats, into: Ints, table: Floats) -> None:
    """Put in what is left at the end, and W/m2 for 1 K."""
    for at in range(into.size):
        k = into[at]
        left, mass_per_heat = table[LEFT, k], table[MASS_PER_HEAT, k]
        per_mass, per_heat = table[INSIDE_PER_MASS, k], table[INSIDE_PER_HEAT, k]
        per_kelvin = table[PER_KELVIN, k]
        for h in range(left.size):
            left[h] = gone[at, h]
            reached = per_heat[h] + per_mass[h] * ((1.0 - gone[at, h]) * mass_per_heat[h])
            per_kelvin[h] = 1.0 / reached
