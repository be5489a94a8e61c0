"""What happens in each sample: events, and the assets that they hit.

Numbers are drawn in an order that keeps them together: a sample's events, their sizes and their
hits each have a stretch of its stream of their own, so that with more objects or a larger share
through the same events happen and hit more (common random numbers).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from keepwarm.case.nouns import Bools, Case, Floats, Ints
from keepwarm.damage.arrivals import arrival_hours
from keepwarm.damage.cold import draw_cold
from keepwarm.damage.draws import ARRIVALS, Draws, Part, nothing
from keepwarm.damage.hazard import COLD, WAVE, Hazard, OneHazard
from keepwarm.damage.storms import draw_storms
from keepwarm.damage.waves import draw_waves


@dataclass(frozen=True)
class Events:
    """What happened, rows by sample, then begin."""

    sample: Ints  # index into the samples asked for
    number: Ints  # within its sample, from 0
    hazard: Ints  # index into Hazard.hazards
    begin: Floats  # hours from the first step
    came: Floats  # objects; of a storm or cold: assets exposed
    through: Floats
    hits: Ints

    def __len__(self) -> int:
        return len(self.sample)


@dataclass(frozen=True)
class Hits:
    """What was hit, rows by sample, then begin."""

    sample: Ints  # index into the samples asked for
    event: Ints  # Events.number
    asset: Ints  # index into Assets
    begin: Floats  # hours from the first step
    left: Floats  # share of the capacity that is left
    hazard: Ints  # index into Hazard.hazards
    severity: Ints  # index into its severities
    luck: Floats  # 0 to 1: how long its repair takes among what it may take

    def __len__(self) -> int:
        return len(self.sample)

    def where(self, kept: Bools) -> Hits:
        """Return some of the hits, those that protection does not stop for example."""
        return Hits(*(getattr(self, one.name)[kept] for one in fields(self)))


@dataclass(frozen=True)
class Struck:
    """Events and hits of some samples."""

    events: Events
    hits: Hits


def draw_events(
    case: Case,
    hazard: Hazard,
    *,
    seed: int,
    samples: Ints | Sequence[int],
    start: np.datetime64,
    hours: float,
    outdoor: Floats | Callable[[int], Floats] | None = None,
) -> Struck:
    """Draw what happens in each of some samples.

    Parameters
    ----------
    case : Case
        That the hazard was read for.
    hazard : Hazard
        Those that are on are drawn, in the order of the file.
    seed : int
        Of the whole run.
    samples : sequence of int
        Numbers of the samples; what one draws does not depend on the others.
    start : numpy.datetime64
        First step of the season, naive UTC.
    hours : float
        Length of the season.
    outdoor : array, shape (steps, regions), or callable, optional
        degC in each step, for cold; or what gives it for a sample's number. By default the case's
        own weather; without any, cold hits nothing.

    Returns
    -------
    Struck
        Rows by sample, then begin.

    **Leaves out**: damage to what is no asset; sizes of several kinds of objects that go together;
    a region's weather in storms; several hits of one event that destroy more than one does.
    """
    parts: list[tuple[int, int, Part]] = []
    for index, one in enumerate(hazard.hazards):
        if not one.on or not len(one.exposed):
            continue
        draws = [Draws(seed, int(sample), one.kind, index) for sample in samples]
        if one.kind == COLD:
            degc = _outdoor(case, start, hours, outdoor)
            found = [draw_cold(case, one, draw, degc(draw.sample), hours) for draw in draws]
        else:
            begins = [_begins(one, draw, start, hours) for draw in draws]
            drawn = draw_waves if one.kind == WAVE else draw_storms
            found = drawn(case, one, draws, begins)
        parts += [(at, index, part) for at, part in enumerate(found)]
    return _gathered(hazard, parts)


def _begins(one: OneHazard, draw: Draws, start: np.datetime64, hours: float) -> Floats:
    if one.arrivals is None:
        return np.zeros(0)
    return arrival_hours(draw.part(ARRIVALS), one.arrivals, start, hours)


def _outdoor(
    case: Case,
    start: np.datetime64,
    hours: float,
    outdoor: Floats | Callable[[int], Floats] | None,
) -> Callable[[int], Floats]:
    if callable(outdoor):
        return outdoor
    if outdoor is None:
        network = case.network
        first = int(np.searchsorted(network.snapshots, start))
        steps = round(hours / network.step_hours)
        own = np.zeros((steps, 0)) if case.weather is None else case.weather.outdoor_degc
        outdoor = own[first : first + steps] if own.shape[1] else own
    given = outdoor
    return lambda _: given


def _gathered(hazard: Hazard, parts: Sequence[tuple[int, int, Part]]) -> Struck:
    """Return the parts in one, events numbered within their sample by their begin."""
    own = [part for _, _, part in parts] or [nothing()]
    sizes = np.array([len(part.begin) for part in own])
    begin = np.concatenate([part.begin for part in own])
    sample = np.repeat([at for at, _, _ in parts] or [0], sizes).astype(np.int64)
    which = np.repeat([index for _, index, _ in parts] or [0], sizes).astype(np.int64)
    order = np.lexsort((which, begin, sample))
    row = np.empty(len(order), dtype=np.int64)
    row[order] = np.arange(len(order))
    firsts = np.searchsorted(sample[order], sample[order])
    number = np.arange(len(order)) - firsts
    offset = np.cumsum(sizes) - sizes
    event = row[np.concatenate([part.event + o for part, o in zip(own, offset, strict=True)])]
    events = Events(
        sample=sample[order],
        number=number,
        hazard=which[order],
        begin=begin[order],
        came=np.concatenate([part.came for part in own])[order],
        through=np.concatenate([part.through for part in own])[order],
        hits=np.bincount(event, minlength=len(order)).astype(np.int64),
    )
    return Struck(events, _hits(hazard, events, own, event))


def _hits(hazard: Hazard, events: Events, parts: Sequence[Part], event: Ints) -> Hits:
    hour = np.concatenate([part.hour for part in parts])
    order = np.lexsort((hour, events.sample[event]))
    row, which = event[order], events.hazard[event[order]]
    exposed = np.concatenate([part.exposed for part in parts])[order]
    level = np.concatenate([part.level for part in parts])[order]
    asset, severity = np.zeros((2, len(row)), dtype=np.int64)
    left = np.zeros(len(row))
    for index, one in enumerate(hazard.hazards):
        mine = np.flatnonzero(which == index)
        asset[mine] = one.exposed.asset[exposed[mine]]
        severity[mine] = one.exposed.severity[exposed[mine]]
        left[mine] = _left(one, severity[mine], level[mine])
    left[hazard.whole[asset]] = 0.0
    return Hits(
        sample=events.sample[row],
        event=events.number[row],
        asset=asset,
        begin=hour[order],
        left=left,
        hazard=which,
        severity=severity,
        luck=np.concatenate([part.luck for part in parts])[order],
    )


def _left(one: OneHazard, severity: Ints, level: Floats) -> Floats:
    """Return the share that is left of what is hit, by two levels between 0 and 1."""
    out, low, high = (
        np.array([getattr(row, name) for row in one.severities])[severity]
        for name in ("out", "left_low", "left_high")
    )
    return np.where(level[:, 0] < out, 0.0, low + (high - low) * level[:, 1])
