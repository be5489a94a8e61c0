"""What is expected of a stop: when heat is back, how long filling and mending take, the weather.

Of the damage list's own ends nothing is known here.
"""

from __future__ import annotations

import numpy as np

from keepwarm.case.nouns import Case, Floats, Ints, Names
from keepwarm.case.restoration import EVERYWHERE
from keepwarm.warmth.cooldown import Outlook, outlook
from keepwarm.warmth.restoration import (
    BAND_WEIGHTS,
    Chances,
    Listed,
    Lognormal,
    Restoration,
    refill_delay,
)

_DAY = 24.0


def places(case: Case) -> tuple[Names, Ints]:
    """Return the places that restoration.csv names, and whose rows hold for each group, (groups,).

    A group's own rows, else its region's, else those for all; the first place is nobody, for groups
    that have none.
    """
    names, buildings = ("", *case.restoration), case.buildings
    index = {name: k for k, name in enumerate(names)}
    everywhere = index.get(EVERYWHERE, 0)
    of_region = [index.get(name, everywhere) for name in case.regions.name]
    found = np.array([*of_region, everywhere], dtype=np.int64)[buildings.region]
    for name in set(buildings.group).intersection(case.restoration):
        found[buildings.group.index(name)] = index[name]
    return names, found


def expected_at(case: Case, place: str) -> Restoration:
    """Return when heat is back after a stop, at a place of `places`."""
    listed = case.restoration.get(place)
    if listed is not None:
        return Listed(listed.within_hours, listed.probability)
    number = case.settings.number
    return Lognormal(number("restoration.median_hours"), number("restoration.p90_hours"))


def delay_of_filling(
    case: Case, drained: Floats | float, frost_k: Floats | float, faster: float = 1.0
) -> Chances:
    """Return how much later drained buildings get heat, all of them being filled in one queue.

    Pipes that stood empty in frost leak more when they are filled: as in the season's circuits.

    Parameters
    ----------
    drained
        Buildings in the queue, one number or (places,).
    frost_k
        Mean frost outdoors, K below 0 degC, alike.
    faster
        Than crews of the case fill.
    """
    number = case.settings.number
    share = _leak_share(case, frost_k)
    return refill_delay(
        drained,
        number("refilling.buildings_per_hour") * faster,
        wait_hours=number("refilling.wait_hours") + number("refilling.hours"),
        leak_share=share,
        leak_hours=number("repairs.hours") + _leak_queue(case, drained, frost_k) / 2.0,
    )


def repair_of_frozen(
    case: Case, drained: Floats | float, frost_k: Floats | float, times: float = 1.0
) -> Chances:
    """Return how long a frozen building waits for heat once it is back in the network.

    The same people mend leaks first, as in the season's circuits: no frozen building is mended
    before all drained ones that leak.

    Parameters
    ----------
    drained, frost_k
        As in `delay_of_filling`.
    times
        The days of the case so much longer.
    """
    ends = ("decision.frozen_days_low", "decision.frozen_days", "decision.frozen_days_high")
    hours = np.array([case.settings.number(name) for name in ends]) * _DAY * times
    least = case.settings.number("repairs.hours") + _leak_queue(case, drained, frost_k)
    hours, weight = (each.reshape(-1, *(1,) * least.ndim) for each in (hours, BAND_WEIGHTS))
    hours = np.maximum(hours, least)
    return Chances(hours, np.broadcast_to(weight, hours.shape))


def _leak_share(case: Case, frost_k: Floats | float) -> Floats:
    """Return the share of drained buildings that leak when they are filled."""
    number = case.settings.number
    share = number("restart.leak_share") + number("restart.frost_leak_share") * frost_k / 10.0
    return np.minimum(share, 1.0)


def _leak_queue(case: Case, drained: Floats | float, frost_k: Floats | float) -> Floats:
    """Return hours until the last of the drained buildings that leak is begun to be mended."""
    mended_per_hour = max(case.settings.number("repairs.buildings_per_day"), 1e-9) / _DAY
    return np.asarray(_leak_share(case, frost_k) * drained / mended_per_hour)


def forecast(case: Case, begin: Ints, region: Ints) -> tuple[Outlook, Floats]:
    """Return the weather from a step on as forecast, (steps, scenarios, places), and its weights.

    Parameters
    ----------
    begin
        Shape (places,): rows of the case's series at which each place's forecast begins.
    region
        Shape (places,).

    Returns
    -------
    Outlook
    array (scenarios,)
        The forecast's low, central and high, or one where it has no spread.
    """
    weather, dt = case.weather, case.network.step_hours
    if weather is None:
        raise ValueError("groups of homes without weather")
    steps = max(round(case.settings.number("decision.forecast_hours") / dt), 1)
    rows = begin + np.arange(steps)[:, None]
    ends = (weather.outdoor_low_degc, weather.outdoor_degc, weather.outdoor_high_degc)
    outdoor = np.stack([_at(table, rows, region, dt) for table in ends], axis=1)
    weight = BAND_WEIGHTS
    if not np.ptp(outdoor, axis=1).any():  # the forecast gives no spread
        outdoor, weight = outdoor[:, 1:2], np.ones(1)
    wind = _at(weather.wind_m_per_s, rows, region, dt)[:, None]
    return outlook(outdoor, wind, dt), weight


def _at(table: Floats, rows: Ints, region: Ints, dt: float) -> Floats:
    """Read (hours, regions) at rows and regions; rows beyond the end have the last day's mean."""
    day = table[-max(round(_DAY / dt), 1) :].mean(axis=0)
    return np.asarray(np.vstack((table, day))[np.minimum(rows, len(table)), region])
