"""Sums over the steps of samples that shed anything; in all others everything is served."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.case.times import local_time
from keepwarm.season.corridor import Corridor
from keepwarm.season.tally_steps import Counted, Given, add_rows
from keepwarm.season.tally_steps import Sums as Added
from keepwarm.season.totals import Totals, counted_of, empty_desk, empty_sums, totals_of


@dataclass(frozen=True)
class Season:
    """What all samples of a season need."""

    counted: Counted
    need_mw: Floats  # (steps, needs)
    day: Ints  # (steps,): number of the local day
    served: Added  # of one sample that sheds nothing
    thresholds: int


def season_of(corridor: Corridor, first: int, need_mw: Floats) -> Season:
    """Add up what is needed over a season.

    Parameters
    ----------
    corridor
        The prepared case; it has no building groups.
    first
        Row of the case's snapshots where the season starts.
    need_mw
        Shape (steps, needs), the same for all samples.
    """
    case, counted, steps = corridor.case, counted_of(corridor), np.arange(len(need_mw))
    moments = case.network.snapshots[first + steps]
    days = [local_time(moment, case.time_zone).toordinal() for moment in moments]
    day = np.array(days, dtype=np.int64)
    served, one = empty_sums(counted, 1), np.zeros(1, dtype=np.int64)
    given = _given(need_mw, np.zeros_like(need_mw))
    add_rows(counted, given, empty_desk(counted), day, 0 * steps, steps, one - 1, served)
    return Season(counted, need_mw, day, served, len(case.settings.numbers("thresholds.degc")))


def _given(need_mw: Floats, shed_mw: Floats) -> Given:
    return Given(need_mw, shed_mw, *np.zeros((7, len(need_mw), 0)))


class Sums:
    """Adds up steps of the samples of a block, in any number of goes.

    Parameters
    ----------
    season
        What they need.
    samples
        How many there are.
    """

    def __init__(self, season: Season, samples: int) -> None:
        self._season, self._desk = season, empty_desk(season.counted)
        self._sums = empty_sums(season.counted, samples)
        self._last = np.full(samples, -2)

    def add(self, sample: Ints, step: Ints, shed_mw: Floats) -> None:
        """Add steps, by sample, then step; those given before come before them.

        Parameters
        ----------
        sample, step
            Shape (rows,); samples as numbers within the block.
        shed_mw
            Shape (rows, needs).
        """
        season = self._season
        given = _given(season.need_mw[step], shed_mw)
        add_rows(
            season.counted,
            given,
            self._desk,
            season.day[step],
            sample,
            step,
            self._last,
            self._sums,
        )

    def totals(self, numbers: Ints, kept: Bools) -> Totals:
        """Return the sums of the samples that are marked.

        Parameters
        ----------
        numbers
            Shape (samples,): their numbers in the run.
        kept
            Shape (samples,).
        """
        season, count = self._season, int(kept.sum())
        sums = Added(*(array[kept] for array in self._sums))._replace(
            need=np.repeat(season.served.need, count, axis=0),
            need_at=np.repeat(season.served.need_at, count, axis=0),
        )
        below = np.zeros((count, season.thresholds, season.counted.places))
        return totals_of(season.counted, numbers[kept], sums, below)
