"""What is done of a study: taken from its folder or from workers, put in order, enough or not."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import numpy as np

from keepwarm.ensemble.chunks import Chunk, merged, upto
from keepwarm.ensemble.columns import columns_of, samples_of
from keepwarm.ensemble.folder import RiskFolder
from keepwarm.ensemble.quantities import refuse_unknown
from keepwarm.ensemble.stopping import Until, looks
from keepwarm.ensemble.study import RiskOptions, Study
from keepwarm.ensemble.workers import Progress
from keepwarm.ensemble.works import Work, works
from keepwarm.season import prepare
from keepwarm.season.totals import Tally


class Kept:
    """What is done of a study, in the order of its works."""

    def __init__(self, study: Study, folder: RiskFolder, size: int, tell: Progress) -> None:
        self._study, self._folder, self._tell = study, folder, tell
        self._works = list(works(study.options.samples, study.portfolios, size))
        self._done: dict[Work, Chunk] = {}
        self._next = 0  # the first work in order that is not done
        self._looks = deque(_looks(study.options))
        self.enough: int | None = None  # samples after which it stops

    def missing(self) -> Iterator[Work]:
        """Yield the works that the folder does not hold, in order."""
        for work in self._works:
            if self.enough is not None:
                return
            kept = self._folder.kept(work)
            if kept is None:
                yield work
            else:
                self._tell(work.count * self._study.steps)
                self.add(work, kept)

    def add(self, work: Work, chunk: Chunk) -> None:
        """Take what a work came to; look whether the samples done in order are enough."""
        self._done[work] = chunk
        while self._next < len(self._works) and self._works[self._next] in self._done:
            self._next += 1
        whole = self._next == len(self._works)
        last = self._study.options.samples if whole else self._works[self._next].first
        while self.enough is None and self._looks and self._looks[0] <= last:
            samples = self._looks.popleft()
            if self._reached(samples):
                self.enough = samples

    @property
    def samples(self) -> int:
        """How many samples count."""
        return self._study.options.samples if self.enough is None else self.enough

    def chunk(self, portfolio: int, samples: int) -> Chunk:
        """Return what the first samples came to under a portfolio."""
        found = [
            self._done[work]
            for work in self._works
            if work.portfolio == portfolio and work.first < samples
        ]
        return upto(merged(found), samples)

    def _reached(self, samples: int) -> bool:
        found = samples_of(self._study.case, self._study.seed, self.chunk(0, samples))
        return bool(len(found)) and _until(self._study.options).reached(found.columns)


def refuse_unknown_measure(study: Study) -> None:
    """Refuse to stop by a quantity that the case does not have; ask before a long walk.

    Raises
    ------
    InputError
        Says which is nearest.
    """
    if study.options.until_percent is not None:
        nobody = np.zeros(0, dtype=np.int64)
        columns = columns_of(Tally(prepare(study.case), nobody).totals, study.case)
        refuse_unknown(columns, study.options.until_measure)


def _until(options: RiskOptions) -> Until:
    return Until(options.until_measure, options.until_percent or 0.0)


def _looks(options: RiskOptions) -> list[int]:
    """Return after how many samples it may stop."""
    if options.until_percent is None:
        return []
    found: list[int] = looks(_until(options).least, options.samples).tolist()
    return found
