"""The random numbers of one hazard in one sample, and what comes of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Floats, Ints
from keepwarm.damage.hazard import COLD, STORM, WAVE, Exposed
from keepwarm.streams import Source, stream

#: Stretches of a hazard's stream in a sample.
ARRIVALS, SIZES, HITS = range(3)
_SOURCE = {WAVE: Source.WAVES, STORM: Source.STORMS, COLD: Source.COLD}


@dataclass(frozen=True)
class Draws:
    """The random numbers of one hazard in one sample."""

    seed: int
    sample: int
    kind: str
    hazard: int

    def part(self, which: int) -> np.random.Generator:
        """Return the stretch of arrivals, sizes or hits."""
        return self._at(_SOURCE[self.kind], which)

    def luck(self) -> np.random.Generator:
        """Return where the luck of repairs comes from."""
        return self._at(Source.REPAIRS, 0)

    def _at(self, source: Source, which: int) -> np.random.Generator:
        draw = stream(self.seed, self.sample, source)
        # The third word of the counter is the sample, the first counts numbers: this is the second.
        draw.bit_generator.advance((self.hazard * 8 + which) << 64)  # type: ignore[attr-defined]
        return draw


@dataclass(frozen=True)
class Part:
    """What one hazard did in one sample; hits name events by their place here."""

    begin: Floats  # (events,)
    came: Floats
    through: Floats
    event: Ints  # (hits,)
    exposed: Ints  # (hits,) index into OneHazard.exposed
    hour: Floats
    level: Floats  # (hits, 2): whether anything is left, how much
    luck: Floats


def chosen(exposed: Exposed, weight: Floats, level: Floats) -> Ints:
    """Return which of the exposed assets are hit, by weight, at levels between 0 and 1."""
    upto = np.cumsum(weight)
    found = np.searchsorted(upto, level * upto[-1], side="right")
    return np.asarray(np.minimum(found, len(exposed) - 1))


def nothing() -> Part:
    """Return what comes of a hazard that does nothing."""
    number, whole = np.zeros(0), np.zeros(0, dtype=np.int64)
    return Part(number, number, number, whole, whole, number, np.zeros((0, 2)), number)
