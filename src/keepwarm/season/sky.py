"""Weather over building groups in one step: the case's own for all samples, or each its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Floats
from keepwarm.season.corridor import Corridor
from keepwarm.season.drawn import SampleWeather
from keepwarm.warmth.curve import supply_curve


@dataclass(frozen=True)
class Sky:
    """Weather over the groups in one step; a row for each sample, or one row for all."""

    row: int  # of the case's series
    region_wind_m_per_s: Floats  # (samples or 1, regions)
    outdoor_degc: Floats  # (samples or 1, groups)
    wind_m_per_s: Floats  # (samples or 1, groups)
    water_degc: Floats  # (samples or 1, groups): mean of the building circuits, by supply curve
    #: Warmer than the case's own weather, K: what a forecast does not know of; None for the case's.
    warmer_k: Floats | None = None  # (samples, groups)


def sky_of(corridor: Corridor, hour: int) -> Sky:
    """Return the case's own weather over every group at one snapshot."""
    weather = corridor.case.weather
    if weather is None:
        none = np.zeros((1, 0))
        return Sky(hour, none, none, none, none)
    one = slice(hour, hour + 1)
    return _sky(corridor, hour, weather.outdoor_degc[one], weather.wind_m_per_s[one], None)


def sky_over(corridor: Corridor, hour: int, weather: SampleWeather) -> Sky:
    """Return the weather of samples over every group in one step.

    Parameters
    ----------
    hour
        Row of the case's series.
    weather
        Shape (samples, regions).
    """
    own, outdoor = corridor.case.weather, weather.outdoor_degc
    usual = np.zeros(outdoor.shape[1]) if own is None else own.outdoor_degc[hour]
    return _sky(corridor, hour, outdoor, weather.wind_m_per_s, outdoor - usual)


def _sky(
    corridor: Corridor, hour: int, outdoor: Floats, wind: Floats, warmer: Floats | None
) -> Sky:
    region = corridor.case.buildings.region
    supply, back = _circuit(corridor, outdoor)
    return Sky(
        row=hour,
        region_wind_m_per_s=wind,
        outdoor_degc=outdoor.take(region, axis=1),
        wind_m_per_s=wind.take(region, axis=1),
        water_degc=((supply + back) / 2).take(region, axis=1),
        warmer_k=None if warmer is None else warmer.take(region, axis=1),
    )


def _circuit(corridor: Corridor, outdoor_degc: Floats) -> tuple[Floats, Floats]:
    """Return supply and return temperature of the building circuits."""
    number = corridor.case.settings.number
    supply, back, _ = supply_curve(
        outdoor_degc,
        supply_degc=number("circuit.supply_degc"),
        return_degc=number("circuit.return_degc"),
        indoor_degc=number("circuit.indoor_degc"),
        design_outdoor_degc=number("circuit.design_outdoor_degc"),
    )
    return supply, back
