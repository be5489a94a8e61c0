"""Groups whose circulation stopped, as kinds that cool and freeze alike, and what lies ahead.

A city has thousands of groups and few kinds: those of one archetype in one district's weather,
stopped in the same hour at nearly the same temperatures. Each kind is computed once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from keepwarm.case.nouns import Archetypes, Case, Floats, Ints
from keepwarm.season import Season
from keepwarm.season.expected import expected_at, forecast, places
from keepwarm.season.weighing import homes_of
from keepwarm.warmth.cooldown import (
    ColdCurve,
    Dwellings,
    Outlook,
    Supply,
    coarser,
    cold_curve,
    unheated,
)
from keepwarm.warmth.freezing import plug_hours
from keepwarm.warmth.pipes import Pipes, pipes
from keepwarm.warmth.restoration import Remaining, Restoration
from keepwarm.warmth.rooms import Rooms

#: Differences below which groups are one kind: K indoors, K of water, W/m2, K h of frost.
_ALIKE_K, _ALIKE_WATER_K, _ALIKE_W_PER_M2, _ALIKE_FROST = 0.25, 2.0, 0.25, 2.0

#: Steps in which kinds cool, to a month after the stop; the lengths of `OUTAGES` are ends of some.
STEPS = (*(1.0,) * 24, *(2.0,) * 12, *(3.0,) * 24, *(12.0,) * 10, *(48.0,) * 10)

#: Insulation that "insulated pipes" have at least, mm.
INSULATION_MM = 30.0


@dataclass(frozen=True)
class Prospect:
    """What lies ahead of every kind: (3, scenarios, kinds); hours count from the stop."""

    cold: ColdCurve
    plug_hours: Floats
    weight: Floats  # (scenarios,)
    indoor_degc: Floats  # (steps, 3, scenarios, kinds) of unheated homes
    weather: Outlook  # over kinds

    @property
    def central(self) -> int:
        """The scenario of the forecast's middle."""
        return len(self.weight) // 2

    @property
    def left_hours(self) -> Floats:
        """Hours to the plug, (3, kinds): low with the forecast's cold end, high with its mild."""
        ends = (0, self.central, len(self.weight) - 1)
        return np.stack([self.plug_hours[band, end] for band, end in enumerate(ends)])

    @property
    def frost_k(self) -> float:
        """Mean frost outdoors over the forecast and all kinds, K below 0 degC."""
        frost = np.maximum(-self.weather.outdoor_degc[:, self.central], 0.0).mean(axis=-1)
        return float(np.average(frost, weights=self.weather.hours))


@dataclass(frozen=True)
class Stopped:
    """Groups at their longest stop, each of one kind; one group stands for each kind."""

    season: Season
    group: Ints  # (stopped groups,) index of buildings
    kind: Ints  # (stopped groups,) index of kinds
    example: Ints  # (kinds,) index of buildings

    @property
    def count(self) -> int:
        """Number of kinds."""
        return len(self.example)

    @property
    def hour(self) -> Floats:
        """When circulation stopped, h from the start of the run, (stopped groups,)."""
        return self.season.at_stop.hour[self.group]

    @property
    def buildings(self) -> Floats:
        """Buildings with water in their circuits at the stop, (stopped groups,)."""
        return self.season.at_stop.buildings[self.group]

    def restorations(self) -> Iterator[tuple[Restoration, Ints]]:
        """Yield when heat is back, counted from the stop or the start of the run, and for whom."""
        case, stood = self.season.case, self.season.at_stop.stood_hours[self.example]
        names, of_group = places(case)
        alike: dict[tuple[str, float], list[int]] = {}
        for kind, group in enumerate(self.example.tolist()):
            alike.setdefault((names[of_group[group]], float(stood[kind])), []).append(kind)
        for (place, waited), kinds in alike.items():
            known = expected_at(case, place)
            yield (Remaining(known, waited) if waited > 0 else known), np.array(kinds)

    def prospects(self, warmer_k: tuple[float, ...]) -> list[Prospect]:
        """Let all kinds cool and freeze over the forecast, it being each time so much warmer, K.

        The forecasts are walked side by side, as so many more scenarios.
        """
        stop, case = self.season.at_stop, self.season.case
        threshold = case.settings.number("decision.cold_below_degc")
        homes, which = homes_of(stop.homes, self.example)
        dwellings = Dwellings(
            homes,
            Rooms(**{name: table[:, None, which] for name, table in vars(stop.rooms).items()}),
            stop.gain_w_per_m2[which],
        )
        weather, weight = self._weather(warmer_k)
        over_homes = replace(
            weather,
            outdoor_degc=weather.outdoor_degc[..., homes.group],
            wind_m_per_s=weather.wind_m_per_s[..., homes.group],
        )
        mass = stop.mass_degc[:, None, which]
        course = unheated(dwellings, mass, over_homes, cold_below_degc=threshold)
        indoor = homes.mean(course.mean_degc)
        cold = cold_curve(dwellings, course, over_homes, supply(case), cold_below_degc=threshold)
        plug = self._plugs(self._pipes(insulated=False), indoor, weather)
        each = [slice(at, at + len(weight)) for at in range(0, plug.shape[1], len(weight))]
        return [
            Prospect(
                cold=ColdCurve(cold.hours, cold.cold_hours[:, :, own]),
                plug_hours=plug[:, own],
                weight=weight,
                indoor_degc=indoor[:, :, own],
                weather=replace(weather, outdoor_degc=weather.outdoor_degc[:, own]),
            )
            for own in each
        ]

    def insulated(self, ahead: Prospect) -> Prospect:
        """Return the same with `INSULATION_MM` of insulation on all pipes in the buildings."""
        pipes = self._pipes(insulated=True)
        return replace(ahead, plug_hours=self._plugs(pipes, ahead.indoor_degc, ahead.weather))

    def _plugs(self, pipes: Pipes, indoor_degc: Floats, weather: Outlook) -> Floats:
        stop, example = self.season.at_stop, self.example
        return plug_hours(
            pipes,
            weather.hours,
            indoor_degc=indoor_degc,
            outdoor_degc=weather.outdoor_degc,
            air_degc=stop.air_degc[:, example],
            water_degc=stop.water_degc[:, example],
            frost_k_h=stop.frost_k_h[:, example],
        )

    def _pipes(self, insulated: bool) -> Pipes:
        """Return the pipes of the kinds; insulation multiplies their times as it does by itself."""
        case, tables = self.season.case, dict(vars(self.season.at_stop.pipes))
        if insulated:
            bare = vars(pipes(case.archetypes, case.buildings))
            wrapped = vars(pipes(_insulated(case), case.buildings))
            for name in ("water_lag_hours", "plug_frost_k_h"):
                known = np.isfinite(bare[name])
                longer = np.divide(wrapped[name], bare[name], out=np.ones(known.shape), where=known)
                tables[name] = tables[name] * np.maximum(longer, 1.0)
        return Pipes(**{name: table[:, self.example] for name, table in tables.items()})

    def _weather(self, warmer_k: tuple[float, ...]) -> tuple[Outlook, Floats]:
        """Return the forecasts from each kind's stop, (steps, scenarios, kinds), and the weights.

        Scenarios are those of the first forecast, then those of the next; weights are of one.
        """
        season, at = self.season, self.example
        stopped = np.round(season.at_stop.hour[at] / season.step_hours).astype(np.int64)
        region = season.case.buildings.region[at]
        sky, weight = forecast(season.case, season.first_row + stopped, region)
        sky = coarser(sky, STEPS)
        outdoor = np.concatenate([sky.outdoor_degc + by for by in warmer_k], axis=1)
        return replace(sky, outdoor_degc=outdoor), weight


def stopped_kinds(season: Season) -> Stopped | None:
    """Return the groups whose circulation stopped within a run; None where it never did."""
    stop, buildings = season.at_stop, season.case.buildings
    group = np.flatnonzero(np.isfinite(stop.hour) & (stop.buildings > 0))
    if not group.size:
        return None
    home = stop.homes.first[group]
    columns = [
        buildings.archetype[group],
        buildings.region[group],
        stop.hour[group],
        stop.stood_hours[group],
        places(season.case)[1][group],
        np.round(stop.gain_w_per_m2[home] / _ALIKE_W_PER_M2),
        *np.round(stop.homes.mean(stop.mass_degc)[:, group] / _ALIKE_K),
        *(np.round(stop.air_degc[1, group] / _ALIKE_K).T),
        *(np.round(stop.water_degc[1, group] / _ALIKE_WATER_K).T),
        *(np.round(stop.frost_k_h[1, group] / _ALIKE_FROST).T),
    ]
    _, first, kind = np.unique(
        np.column_stack(columns), axis=0, return_index=True, return_inverse=True
    )
    return Stopped(season, group, kind.ravel(), group[first])


def supply(case: Case) -> Supply:
    """Return the design of the building circuits of a case."""
    number = case.settings.number
    return Supply(
        supply_degc=number("circuit.supply_degc"),
        return_degc=number("circuit.return_degc"),
        indoor_degc=number("circuit.indoor_degc"),
        design_outdoor_degc=number("circuit.design_outdoor_degc"),
        comfort_degc=number("set_points.comfort_degc"),
    )


def _insulated(case: Case) -> Archetypes:
    """Return the archetypes with insulation on every pipe of their buildings."""
    tables = {
        name: np.maximum(table, INSULATION_MM)
        if name.endswith("_pipe_insulation_mm") and not name.startswith("main")
        else table
        for name, table in case.archetypes.parameter.items()
    }
    return replace(case.archetypes, parameter=tables)
