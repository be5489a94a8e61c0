"""Supply curve of a heating circuit, and what radiators give at other temperatures."""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import Floats
from keepwarm.warmth.films import TRANSMITTANCE_WIND_M_PER_S
from keepwarm.warmth.rooms import Rooms, steady_heat

Number = Floats | float

#: Radiator output grows with the 1.25th power of its temperature difference (exponent 1/0.8).
EMITTER_EXPONENT = 1.25


def supply_curve(
    outdoor_degc: Number,
    *,
    supply_degc: float,
    return_degc: float,
    indoor_degc: float,
    design_outdoor_degc: float,
    mains_supply_degc: float | None = None,
) -> tuple[Floats, Floats, Floats]:
    """Return supply and return temperature and the share of the design load at an outdoor one.

    ``T1 = ti + dt' Q^0.8 + (DT - theta / 2) Q`` and ``T2 = T1 - DT Q``, with Q the load share,
    dt' the mean design water temperature over indoors, theta the design drop in the building and
    DT the design drop in the circuit asked for.

    Parameters
    ----------
    outdoor_degc : array
    supply_degc, return_degc : float
        Design temperatures of the building's circuit, such as 95 and 70.
    indoor_degc, design_outdoor_degc : float
        Indoor temperature of the curve and design outdoor temperature.
    mains_supply_degc : float, optional
        Design supply of the mains before mixing, such as 150 or 130; the curve is then that of
        the mains. Without it, of the building's circuit itself.

    Returns
    -------
    supply_degc, return_degc, load_share : arrays like outdoor_degc
        The load share is kept within 0 and 1.

    **Source**: E. Ya. Sokolov, Teplofikatsiya i teplovye seti, central quality control of heating;
    checked against the published 95/70 table of Ternopilmiskteplokomunenergo (2017).
    **Leaves out**: hot water, whose least supply temperature cuts the curve off in mild weather.

    >>> curve = dict(supply_degc=95, return_degc=70, indoor_degc=18, design_outdoor_degc=-21)
    >>> [array.round(1).item() for array in supply_curve(-10.0, **curve)]
    [76.5, 58.5, 0.7]
    """
    outdoor = np.asarray(outdoor_degc, dtype=float)
    share = np.clip((indoor_degc - outdoor) / (indoor_degc - design_outdoor_degc), 0.0, 1.0)
    over = (supply_degc + return_degc) / 2.0 - indoor_degc
    theta = supply_degc - return_degc
    drop = theta if mains_supply_degc is None else mains_supply_degc - return_degc
    supply = indoor_degc + over * share**0.8 + (drop - theta / 2.0) * share
    return supply, supply - drop * share, share


def emitter_share(
    mean_water_degc: Number,
    room_degc: Number,
    *,
    supply_degc: float,
    return_degc: float,
    indoor_degc: float,
) -> Floats:
    """Return the output of radiators over their design output.

    Parameters
    ----------
    mean_water_degc, room_degc : arrays that broadcast
        Mean water temperature in the radiator and temperature of the room, now.
    supply_degc, return_degc, indoor_degc : float
        Design temperatures, as in `supply_curve`.

    Returns
    -------
    array
        1 at design; more in a room colder than design; 0 where the water is no warmer.

    **Source**: EN 442 power law with the exponent 1/0.8 that the supply curve implies.
    **Leaves out**: furniture, paint and sludge; the lower flow through cold circuits.

    >>> emitter_share(82.5, 5.0, supply_degc=95, return_degc=70, indoor_degc=18).round(2).item()
    1.26
    """
    design = (supply_degc + return_degc) / 2.0 - indoor_degc
    over = np.maximum(np.asarray(mean_water_degc, dtype=float) - room_degc, 0.0)
    return np.asarray((over / design) ** EMITTER_EXPONENT)


def emitters(
    rooms: Rooms,
    *,
    indoor_degc: float,
    design_outdoor_degc: float,
    design_wind_m_per_s: float = TRANSMITTANCE_WIND_M_PER_S,
) -> Floats:
    """Return what radiators give at design, W per m2 of floor, (3, homes).

    Design heat loss (no gains, design outdoor temperature) x emitter margin; times `emitter_share`
    it is the most that they give at another temperature of the water or the room.

    Parameters
    ----------
    rooms : Rooms
        Shape (3, homes).
    indoor_degc, design_outdoor_degc : float
        Design temperatures, as in `supply_curve`.
    design_wind_m_per_s : float
        Wind that the radiators were designed for; that of design transmittances unless given.
    """
    loss = steady_heat(
        rooms,
        outdoor_degc=design_outdoor_degc,
        wind_m_per_s=design_wind_m_per_s,
        gain_w_per_m2=0.0,
        operative_degc=indoor_degc,
    )
    return rooms.emitter_margin * loss
