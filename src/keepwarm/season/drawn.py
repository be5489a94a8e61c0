"""What samples of a season have of their own: what stands, weather, thermal parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from keepwarm.case.nouns import Floats, Ints
from keepwarm.season.state import State
from keepwarm.warmth.pipes import Pipes
from keepwarm.warmth.rooms import Rooms


@dataclass(frozen=True)
class SampleWeather:
    """The weather of samples in one step, each of shape (samples, regions)."""

    outdoor_degc: Floats
    wind_m_per_s: Floats

    def of_samples(self, which: Ints) -> SampleWeather:
        """Return the weather of some of the samples, in the order given."""
        return SampleWeather(self.outdoor_degc[which], self.wind_m_per_s[which])


@dataclass(frozen=True)
class Thermal:
    """Thermal parameters of samples, the central ones of each: rows of samples."""

    rooms: Rooms  # (samples, flats)
    emitters_w_per_m2: Floats  # (samples, flats): what radiators give at design
    pipes: Pipes  # (samples, archetypes, places)


@dataclass(frozen=True)
class Drawn:
    """What the samples of a block have of their own.

    Nothing as large as samples x hours x assets is ever held: availability and weather are asked
    for step by step, and read before the next is asked for.
    """

    available: Iterable[Floats]  # step after step, (samples, assets): what damage leaves, 0 to 1
    weather: Iterable[SampleWeather] | None = None  # None: the case's own for all
    parameters: Thermal | None = None  # None: the case's central ones for all
    state: State | None = None  # at the start, with an axis of samples; None: the same for all


#: Draws what some samples, by their numbers, have of their own.
Draw = Callable[[Ints], Drawn]
