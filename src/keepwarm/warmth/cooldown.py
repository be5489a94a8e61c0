"""What an outage of any length costs a home: unheated until heat is back, then warmed again.

Arrays of homes are (3, scenarios, homes): the band, then forecasts of the weather; those of groups
of homes (3, scenarios, groups). Hours count from the moment at which circulation stopped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from keepwarm.case.nouns import Floats
from keepwarm.warmth.cold_steps import add_hours_below
from keepwarm.warmth.curve import emitter_share, emitters, supply_curve
from keepwarm.warmth.homes import Homes
from keepwarm.warmth.rooms import Response, Rooms, relax, response

#: Hours after which a home is taken to be warm again or to stay as it is, and the steps to there.
WARMING_STEPS = (1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 6.0, 6.0, 12.0, 12.0)

#: Lengths of outage for which the cost is computed; straight lines between and after.
OUTAGES = (
    *(0, 1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 21, 24, 30, 36, 42, 48, 60, 72, 96, 120, 168, 240, 480),
)

#: Steps after the end of a forecast, to three weeks from now.
_AFTER_FORECAST = (6.0,) * 20 + (24.0,) * 20

_DAY = 24.0


@dataclass(frozen=True)
class Outlook:
    """Weather from now on. After the forecast's end the mean of its last day holds."""

    hours: Floats  # (steps,) length of each step
    outdoor_degc: Floats  # (steps, scenarios, homes)
    wind_m_per_s: Floats  # (steps, scenarios or 1, homes)


@dataclass(frozen=True)
class Supply:
    """Design temperatures of the building circuits, and what heating aims at, degC."""

    supply_degc: float
    return_degc: float
    indoor_degc: float
    design_outdoor_degc: float
    comfort_degc: float


@dataclass(frozen=True)
class Dwellings:
    """Homes, their rooms, and the heat in them without heating."""

    homes: Homes
    rooms: Rooms  # (3, 1, homes)
    gain_w_per_m2: Floats  # (homes,): people, appliances, stoves, electric heaters


@dataclass(frozen=True)
class Course:
    """Homes without heat for as long as the outlook goes; edges are ends of its steps, from 0."""

    edge_hours: Floats  # (edges,)
    mass_degc: Floats  # (edges, 3, scenarios, homes)
    cold_hours: Floats  # (edges, 3, scenarios, homes) below the threshold until then
    mean_degc: Floats  # (steps, 3, scenarios, homes) operative temperature over each step


@dataclass(frozen=True)
class ColdCurve:
    """Cold hours per person over the length of the outage; straight lines between and after."""

    hours: Floats  # (outages,) rising
    cold_hours: Floats  # (outages, 3, scenarios, groups)

    def at(self, hours: Floats) -> Floats:
        """Return cold hours for outages of (..., 3, scenarios, groups) hours each."""
        low = np.clip(np.searchsorted(self.hours, hours, side="right") - 1, 0, len(self.hours) - 2)
        places = np.indices(self.cold_hours.shape[1:], sparse=True)
        below, above = (self.cold_hours[(k, *places)] for k in (low, low + 1))
        part = (hours - self.hours[low]) / (self.hours[low + 1] - self.hours[low])
        return np.asarray(below + (above - below) * part)

    def later(self, by_hours: Floats, weight: Floats) -> ColdCurve:
        """Return the curve where heat reaches homes later than it is back, by chance so much.

        Both parameters are (n,), or (n, groups).
        """
        hours = self.hours.reshape(-1, *(1,) * (self.cold_hours.ndim - 1))
        shifted = [
            chance * self.at(hours + by) for by, chance in zip(by_hours, weight, strict=True)
        ]
        return ColdCurve(self.hours, np.sum(shifted, axis=0))


def outlook(outdoor_degc: Floats, wind_m_per_s: Floats, step_hours: float) -> Outlook:
    """Return the weather of a forecast, and after its end the mean of its last day.

    Parameters
    ----------
    outdoor_degc, wind_m_per_s : array (steps, scenarios, homes)
        The forecast from now on; one step at least. Wind may be one for all scenarios.
    step_hours : float
        Length of its steps.

    **Leaves out**: weather after the forecast's end; climate would pull it towards the season's
    mean.
    """
    steps = outdoor_degc.shape[0]
    last = max(steps - round(_DAY / step_hours), 0)
    held = [
        np.repeat(values[last:].mean(axis=0, keepdims=True), len(_AFTER_FORECAST), axis=0)
        for values in (outdoor_degc, wind_m_per_s)
    ]
    return Outlook(
        np.concatenate((np.full(steps, step_hours), _AFTER_FORECAST)),
        np.concatenate((outdoor_degc, held[0])),
        np.concatenate((wind_m_per_s, held[1])),
    )


def coarser(weather: Outlook, hours: tuple[float, ...]) -> Outlook:
    """Return the same weather in steps of other lengths, each with its mean."""
    edges, ends = np.append(0.0, np.cumsum(weather.hours)), np.cumsum(hours)
    outdoor, wind = (
        _mean_between(edges, table, ends - hours, ends)
        for table in (weather.outdoor_degc, weather.wind_m_per_s)
    )
    return Outlook(np.array(hours), outdoor, wind)


def unheated(
    dwellings: Dwellings, mass_degc: Floats, weather: Outlook, *, cold_below_degc: float
) -> Course:
    """Let homes cool with no heat from the network.

    Parameters
    ----------
    dwellings : Dwellings
    mass_degc : array (3, 1, homes) or (3, scenarios, homes)
        At the stop.
    weather : Outlook
    cold_below_degc : float
        Threshold below which hours count as cold.

    **Source**: `relax`, and `add_hours_below` within each step: both exact.
    """
    shape = np.broadcast_shapes(mass_degc.shape, weather.outdoor_degc.shape[1:])
    masses, cold, means = [np.broadcast_to(mass_degc, shape)], [np.zeros(shape)], []
    for k, hours in enumerate(weather.hours.tolist()):
        step = relax(
            dwellings.rooms,
            masses[-1],
            outdoor_degc=weather.outdoor_degc[k],
            wind_m_per_s=weather.wind_m_per_s[k],
            gain_w_per_m2=dwellings.gain_w_per_m2,
            heat_w_per_m2=0.0,
            hours=hours,
        )
        start, end = step.operative_start_degc, step.operative_end_degc
        below = _below(start, step.operative_limit_degc, step.tau_hours, cold_below_degc, hours)
        masses.append(step.mass_degc)
        cold.append(cold[-1] + below)
        means.append((start + end) / 2)
    edges = np.append(0.0, np.cumsum(weather.hours))
    return Course(edges, np.array(masses), np.array(cold), np.array(means))


def cold_curve(
    dwellings: Dwellings,
    course: Course,
    weather: Outlook,
    supply: Supply,
    *,
    cold_below_degc: float,
) -> ColdCurve:
    """Return the cold hours per person if heat is back after so many hours.

    Until then homes cool; from then on they are heated to comfort as fast as their radiators allow
    at the supply curve's water temperature; the hours below the threshold of both are counted, and
    averaged over the homes of each group.

    Parameters
    ----------
    dwellings, weather
        As in `unheated`.
    course : Course
        From `unheated`.
    supply : Supply
    cold_below_degc : float
        The threshold of the course.

    **Leaves out**: what is still cold `WARMING_STEPS` (48 h) after heat is back.
    """
    places = np.unique(np.searchsorted(course.edge_hours, np.array(OUTAGES)))
    places = places[places < course.edge_hours.size]
    begun = course.edge_hours[places]
    mass = np.moveaxis(course.mass_degc[places], 0, 1)  # (3, outages, scenarios, homes)
    now, cold = begun.copy(), np.zeros_like(mass)
    rooms = Rooms(**{name: table[:, None] for name, table in vars(dwellings.rooms).items()})
    most = emitters(
        rooms, indoor_degc=supply.indoor_degc, design_outdoor_degc=supply.design_outdoor_degc
    )
    after = begun + sum(WARMING_STEPS)
    wind = _mean_between(course.edge_hours, weather.wind_m_per_s, begun, after)
    still = response(rooms, wind, 0.0)
    for hours in WARMING_STEPS:
        outdoor = _mean_between(course.edge_hours, weather.outdoor_degc, now, now + hours)
        heat = most * _emitted(supply, outdoor, mass)
        step = replace(still, left=np.exp(-hours / still.tau_hours))
        mass, start, limit = _warmed(
            step, mass, outdoor, dwellings.gain_w_per_m2, heat, supply.comfort_degc
        )
        cold = cold + _below(start, limit, step.tau_hours, cold_below_degc, hours)
        now = now + hours
    total = np.moveaxis(cold, 1, 0) + course.cold_hours[places]
    return ColdCurve(begun, dwellings.homes.mean(total))


def _below(start: Floats, limit: Floats, tau: Floats, threshold: float, hours: float) -> Floats:
    """Return the hours below a threshold within a step, like ``start``: (..., homes)."""
    cold, flat = np.zeros(start.shape), (-1, start.shape[-1])
    begin, end, lag = (
        np.require(np.broadcast_to(each, start.shape), np.float64, ["C", "W"]).reshape(flat)
        for each in (start, limit, tau)
    )
    add_hours_below(begin, end, lag, threshold, hours, cold.reshape(flat))
    return cold


def _emitted(supply: Supply, outdoor_degc: Floats, mass_degc: Floats) -> Floats:
    """Return the most that radiators give, over their design output; rooms are as their mass."""
    water = {
        "supply_degc": supply.supply_degc,
        "return_degc": supply.return_degc,
        "indoor_degc": supply.indoor_degc,
    }
    hot, back, _ = supply_curve(
        outdoor_degc, design_outdoor_degc=supply.design_outdoor_degc, **water
    )
    return emitter_share((hot + back) / 2, mass_degc, **water)


def _warmed(
    step: Response,
    mass_degc: Floats,
    outdoor_degc: Floats,
    gain_w_per_m2: Floats,
    most_w_per_m2: Floats,
    comfort_degc: float,
) -> tuple[Floats, Floats, Floats]:
    """Heat homes for a step, to comfort at its end or as far as radiators give.

    Return the mass at the end, and the operative temperature at the start and after infinite time:
    what `heat_to_reach` and `relax` say, from one response.
    """
    over, rest = mass_degc - outdoor_degc, step.mass_per_gain * gain_w_per_m2
    indoors = outdoor_degc + step.inside_per_gain * gain_w_per_m2
    unheated = indoors + step.inside_per_mass * (rest + (over - rest) * step.left)
    heat = np.clip((comfort_degc - unheated) / step.end_per_heat, 0.0, most_w_per_m2)
    limit = rest + step.mass_per_heat * heat
    indoors = indoors + step.inside_per_heat * heat
    return (
        outdoor_degc + limit + (over - limit) * step.left,
        indoors + step.inside_per_mass * over,
        indoors + step.inside_per_mass * limit,
    )


def _mean_between(edges: Floats, values: Floats, begin: Floats, end: Floats) -> Floats:
    """Mean between two times of what is constant in each step, (times, ...); the last one holds."""
    sums = np.cumsum(values * np.diff(edges).reshape(-1, *(1,) * (values.ndim - 1)), axis=0)
    sums = np.concatenate((np.zeros_like(sums[:1]), sums))

    def until(times: Floats) -> Floats:
        step = np.clip(np.searchsorted(edges, times, side="right") - 1, 0, len(values) - 1)
        rest = (times - edges[step]).reshape(-1, *(1,) * (values.ndim - 1))
        return np.asarray(sums[step] + rest * values[step])

    return (until(end) - until(begin)) / (end - begin).reshape(-1, *(1,) * (values.ndim - 1))
