"""Indoor temperature of building groups: the 5R1C network of ISO 13790 annex C, solved exactly.

Five conductances and one capacity per m2 of floor. ISO 13790 steps the mass by Crank-Nicolson
over one hour; here the same linear network is solved in closed form, so that any step length
gives the same trajectory and a crossing has a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Archetypes, Floats
from keepwarm.warmth.films import outer_film
from keepwarm.warmth.homes import Homes

Number = Floats | float

#: ISO 13790, 7.2.2.2: all surfaces facing the zone, per m2 of floor.
SURFACE_M2_PER_M2 = 4.5
#: ISO 13790, 7.2.2.2: between air and surfaces, W/(m2 K).
AIR_TO_SURFACE_W_PER_M2K = 3.45
#: ISO 13790, 12.2.2: between surfaces and mass, W/(m2 K).
SURFACE_TO_MASS_W_PER_M2K = 9.1
#: ISO 13790, 9.3.1: 1200 J/(m3 K) over 3600 s.
AIR_WH_PER_M3K = 1200.0 / 3600.0
#: ISO 13790, C.3: weight of the air in the operative temperature.
AIR_SHARE_OF_OPERATIVE = 0.3
#: ISO 13790, C.2: half of the internal gains are convective.
AIR_SHARE_OF_GAIN = 0.5


@dataclass(frozen=True)
class Rooms:
    """Conductances, capacity and gain split of homes, per m2 of floor, shape (3, homes)."""

    window_w_per_m2k: Floats  # H_w: surfaces to outdoors
    mass_outdoor_w_per_m2k: Floats  # H_em: mass to outdoors
    mass_surface_w_per_m2k: Floats  # H_ms
    air_surface_w_per_m2k: Floats  # H_is
    still_air_w_per_m2k: Floats  # H_ve without wind
    wind_air_w_per_m2k: Floats  # added to H_ve per m/s of wind
    capacity_wh_per_m2k: Floats  # C_m
    gain_to_surface: Floats  # share of internal gains
    gain_to_mass: Floats
    emitter_margin: Floats  # installed radiators over design heat loss
    # How far the film of air outside counts, W/(m2 K): the transmittance of what it lies on.
    window_film_w_per_m2k: Floats
    mass_film_w_per_m2k: Floats

    def to_outdoors(self, wind_m_per_s: Number) -> tuple[Floats, Floats]:
        """Return H_w and H_em at a wind speed: the film outside stands in series with the rest.

        A roof is taken to have the transmittance of the walls.
        """
        film = outer_film(wind_m_per_s)
        window = self.window_w_per_m2k / (1.0 + film * self.window_film_w_per_m2k)
        return window, self.mass_outdoor_w_per_m2k / (1.0 + film * self.mass_film_w_per_m2k)


@dataclass(frozen=True)
class RoomStep:
    """Rooms over one step of constant inputs, (3, groups).

    Every temperature ``x`` goes from start to end as
    ``x_limit + (x_start - x_limit) * exp(-t / tau_hours)``. The operative start is the value just
    after the inputs of the step act: it jumps when heating stops, the mass does not.
    """

    mass_degc: Floats  # at the end
    mass_limit_degc: Floats
    operative_start_degc: Floats
    operative_end_degc: Floats
    operative_limit_degc: Floats
    tau_hours: Floats


@dataclass(frozen=True)
class Response:
    """What homes do within a step of one wind and one length; shape (3, homes).

    The network is linear, and without sources all of it tends to the outdoor temperature. So with
    ``x`` the excess of the mass over outdoors, ``g`` the gains and ``q`` the heating in W/m2::

        limit     = mass_per_gain g + mass_per_heat q
        x(t)      = limit + (x(0) - limit) * exp(-t / tau)
        operative = outdoor + inside_per_mass x + inside_per_gain g + inside_per_heat q
    """

    tau_hours: Floats
    left: Floats  # exp(-hours / tau): of the way to the limit, what is left at the end
    mass_per_gain: Floats  # K m2/W
    mass_per_heat: Floats
    inside_per_mass: Floats
    inside_per_gain: Floats
    inside_per_heat: Floats

    @property
    def end_per_heat(self) -> Floats:
        """Operative temperature at the end that 1 W/m2 over the step adds, K m2/W."""
        gone = 1.0 - self.left
        return self.inside_per_heat + self.inside_per_mass * gone * self.mass_per_heat


def rooms(archetypes: Archetypes, homes: Homes) -> Rooms:
    """Build the network of every home from its kind of flat.

    Parameters
    ----------
    archetypes : Archetypes
        Parameters of flats in their natural units, shape (3, flats), band first.
    homes : Homes
        From `homes`.

    Returns
    -------
    Rooms
        Conductances in W/K and capacity in Wh/K per m2 of floor, shape (3, homes).

    Raises
    ------
    ValueError
        If the opaque envelope conducts more than the inner surface of the mass lets through.

    **Source**: ISO 13790:2008, 7.2.2, 12.2.2, 12.3.1.2 and annex C.
    **Leaves out**: sun, moisture, heat exchange between groups, partitions inside a group.
    """
    value = {
        name: np.asarray(table, dtype=float)[:, homes.flat]
        for name, table in archetypes.flats.parameter.items()
    }
    opaque = value["wall_m2_per_m2"] * value["u_wall_w_per_m2k"]
    opaque = opaque + value["roof_and_ground_w_per_m2k"]
    window = value["window_m2_per_m2"] * value["u_window_w_per_m2k"]
    mass_area = value["mass_area_m2_per_m2"]
    mass_surface = SURFACE_TO_MASS_W_PER_M2K * mass_area
    _refuse_open_envelope(opaque, mass_surface, archetypes, homes)
    air_per_change = AIR_WH_PER_M3K * value["room_height_m"]
    to_mass = mass_area / SURFACE_M2_PER_M2
    lost = window / (SURFACE_TO_MASS_W_PER_M2K * SURFACE_M2_PER_M2)
    rest = 1.0 - AIR_SHARE_OF_GAIN
    return Rooms(
        window_w_per_m2k=window,
        mass_outdoor_w_per_m2k=opaque * mass_surface / (mass_surface - opaque),
        mass_surface_w_per_m2k=mass_surface,
        air_surface_w_per_m2k=np.full_like(opaque, AIR_TO_SURFACE_W_PER_M2K * SURFACE_M2_PER_M2),
        still_air_w_per_m2k=air_per_change * value["ventilation_per_h"],
        wind_air_w_per_m2k=air_per_change * value["wind_ventilation_per_h_per_m_s"],
        capacity_wh_per_m2k=value["heat_capacity_kj_per_m2k"] / 3.6,
        gain_to_surface=rest * (1.0 - to_mass - lost),
        gain_to_mass=rest * to_mass,
        emitter_margin=value["emitter_margin"],
        window_film_w_per_m2k=value["u_window_w_per_m2k"],
        mass_film_w_per_m2k=value["u_wall_w_per_m2k"] * mass_surface / (mass_surface - opaque),
    )


def relax(
    rooms: Rooms,
    mass_degc: Number,
    *,
    outdoor_degc: Number,
    wind_m_per_s: Number,
    gain_w_per_m2: Number,
    heat_w_per_m2: Number,
    hours: float,
) -> RoomStep:
    """Carry the rooms over one step of constant inputs; exact for any step length.

    Parameters
    ----------
    rooms : Rooms
        Shape (3, groups).
    mass_degc : array (3, groups)
        Temperature of the mass at the start, degC.
    outdoor_degc, wind_m_per_s, gain_w_per_m2, heat_w_per_m2 : arrays that broadcast to (3, groups)
        Outdoor temperature, wind speed, internal gains and heating, the last two per m2 of floor.
    hours : float
        Length of the step.

    Returns
    -------
    RoomStep
        Temperatures at start, end and after infinite time, degC, and the time constant, h.

    **Source**: ISO 13790:2008 annex C (equations C.4 to C.11); heating acts on the air.
    **Leaves out**: radiant share of the emitters, heat stored in radiators and their water.
    """
    step = response(rooms, wind_m_per_s, hours)
    mass = np.asarray(mass_degc, dtype=float)
    limit = step.mass_per_gain * gain_w_per_m2 + step.mass_per_heat * heat_w_per_m2 + outdoor_degc
    end = limit + (mass - limit) * step.left
    sources = step.inside_per_gain * gain_w_per_m2 + step.inside_per_heat * heat_w_per_m2
    start, last, at_rest = (
        outdoor_degc + step.inside_per_mass * (each - outdoor_degc) + sources
        for each in (mass, end, limit)
    )
    return RoomStep(
        mass_degc=end,
        mass_limit_degc=limit,
        operative_start_degc=start,
        operative_end_degc=last,
        operative_limit_degc=at_rest,
        tau_hours=np.broadcast_to(step.tau_hours, end.shape),
    )


def response(rooms: Rooms, wind_m_per_s: Number, hours: float) -> Response:
    """Return what homes do within a step.

    Parameters
    ----------
    rooms : Rooms
        Shape (3, homes).
    wind_m_per_s : array that broadcasts to (3, homes)
    hours : float
        Length of the step.

    **Source**: ISO 13790:2008 annex C (equations C.4 to C.11), with temperatures over outdoors;
    the film outside from `Rooms.to_outdoors`.
    """
    air = rooms.still_air_w_per_m2k + rooms.wind_air_w_per_m2k * wind_m_per_s
    air_sum = air + rooms.air_surface_w_per_m2k
    through_air = rooms.air_surface_w_per_m2k / air_sum
    window, mass_outdoor = rooms.to_outdoors(wind_m_per_s)
    h2 = through_air * air + window
    surface_sum = rooms.mass_surface_w_per_m2k + h2
    to_mass = rooms.mass_surface_w_per_m2k / surface_sum
    mass_sum = mass_outdoor + to_mass * h2
    surface_per_gain = rooms.gain_to_surface + through_air * AIR_SHARE_OF_GAIN
    felt = AIR_SHARE_OF_OPERATIVE * through_air + (1.0 - AIR_SHARE_OF_OPERATIVE)
    of_air = AIR_SHARE_OF_OPERATIVE / air_sum
    tau = rooms.capacity_wh_per_m2k / mass_sum
    return Response(
        tau_hours=tau,
        left=np.exp(-hours / tau),
        mass_per_gain=(rooms.gain_to_mass + to_mass * surface_per_gain) / mass_sum,
        mass_per_heat=to_mass * through_air / mass_sum,
        inside_per_mass=felt * to_mass,
        inside_per_gain=felt * surface_per_gain / surface_sum + AIR_SHARE_OF_GAIN * of_air,
        inside_per_heat=felt * through_air / surface_sum + of_air,
    )


def air_and_surface(
    rooms: Rooms,
    mass_degc: Number,
    *,
    outdoor_degc: Number,
    wind_m_per_s: Number,
    gain_w_per_m2: Number,
    heat_w_per_m2: Number,
) -> tuple[Floats, Floats]:
    """Return air and surface temperature at a mass temperature, degC, each (3, homes).

    Parameters are those of `relax`. The operative temperature is 0.3 of the one and 0.7 of the
    other.
    """
    air = rooms.still_air_w_per_m2k + rooms.wind_air_w_per_m2k * wind_m_per_s
    air_sum = air + rooms.air_surface_w_per_m2k
    through_air = rooms.air_surface_w_per_m2k / air_sum
    into_air = AIR_SHARE_OF_GAIN * gain_w_per_m2 + heat_w_per_m2
    into_surface = rooms.gain_to_surface * gain_w_per_m2 + through_air * into_air
    excess = rooms.mass_surface_w_per_m2k * (mass_degc - np.asarray(outdoor_degc)) + into_surface
    window, _ = rooms.to_outdoors(wind_m_per_s)
    out = rooms.mass_surface_w_per_m2k + window + through_air * air
    surface = excess / out
    inside = through_air * surface + into_air / air_sum
    return np.asarray(outdoor_degc + inside), np.asarray(outdoor_degc + surface)


def heat_to_reach(
    rooms: Rooms,
    mass_degc: Number,
    *,
    outdoor_degc: Number,
    wind_m_per_s: Number,
    gain_w_per_m2: Number,
    operative_degc: Number,
    hours: float,
) -> Floats:
    """Return the constant heat that ends the step at a wanted operative temperature.

    Parameters
    ----------
    rooms, mass_degc, outdoor_degc, wind_m_per_s, gain_w_per_m2, hours
        As in `relax`.
    operative_degc : array that broadcasts to (3, groups)
        Operative temperature wanted at the end of the step, degC.

    Returns
    -------
    array (3, groups)
        W per m2 of floor, not clipped: negative where the rooms would end warmer without heat.

    **Source**: the network is linear in its sources, so two evaluations give the heat exactly.
    """
    step = response(rooms, wind_m_per_s, hours)
    limit = step.mass_per_gain * gain_w_per_m2
    excess = np.asarray(mass_degc, dtype=float) - outdoor_degc
    unheated = limit + (excess - limit) * step.left
    reached = outdoor_degc + step.inside_per_mass * unheated + step.inside_per_gain * gain_w_per_m2
    return np.asarray((operative_degc - reached) / step.end_per_heat)


def steady_heat(
    rooms: Rooms,
    *,
    outdoor_degc: Number,
    wind_m_per_s: Number,
    gain_w_per_m2: Number,
    operative_degc: Number,
) -> Floats:
    """Return the heat that holds an operative temperature for ever, W per m2 of floor, (3, groups).

    Parameters are those of `heat_to_reach`; not clipped: negative where gains alone are too much.
    """
    return _steady_heat(
        response(rooms, wind_m_per_s, np.inf), outdoor_degc, gain_w_per_m2, operative_degc
    )


def steady_mass(
    rooms: Rooms,
    *,
    outdoor_degc: Number,
    wind_m_per_s: Number,
    gain_w_per_m2: Number,
    operative_degc: Number,
) -> Floats:
    """Return the mass temperature of rooms held at an operative temperature, degC, (3, groups).

    Parameters are those of `heat_to_reach`. Heating cannot cool: where gains and weather alone
    keep the rooms warmer, the mass floats with them.
    """
    step = response(rooms, wind_m_per_s, np.inf)
    heat = _steady_heat(step, outdoor_degc, gain_w_per_m2, operative_degc)
    limit = step.mass_per_gain * gain_w_per_m2 + step.mass_per_heat * np.maximum(heat, 0.0)
    return np.asarray(outdoor_degc + limit)


def _steady_heat(step: Response, outdoor: Number, gain: Number, operative_degc: Number) -> Floats:
    """Heat that holds an operative temperature; ``step`` is infinitely long."""
    per_gain = step.inside_per_gain + step.inside_per_mass * step.mass_per_gain
    return np.asarray((operative_degc - outdoor - per_gain * gain) / step.end_per_heat)


def _refuse_open_envelope(
    opaque: Floats, mass_surface: Floats, archetypes: Archetypes, homes: Homes
) -> None:
    bad = np.argwhere(opaque >= mass_surface)
    if len(bad):
        flat = int(homes.flat[bad[0, 1]])
        name = archetypes.name[int(archetypes.flats.archetype[flat])]
        position = archetypes.flats.position[flat]
        raise ValueError(
            f"archetype {name}, {position}: walls, roof and ground lose "
            f"{opaque[tuple(bad[0])]:.1f} W/K per m2 of floor, more than its mass can take up "
            f"({mass_surface[tuple(bad[0])]:.1f})"
        )
