"""What the samples of a study have of their own: what fails, what is hit, the weather, homes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from keepwarm.case.nouns import Case, Floats, Ints
from keepwarm.damage.outages import Outages, available_by_step, joined, no_outages
from keepwarm.damage.random_failures import draw_failures, failing
from keepwarm.ensemble.study import Study
from keepwarm.season.drawn import Drawn


def drawn_of(study: Study, case: Case, standing: Floats, samples: Ints) -> Drawn:
    """Return what some samples have of their own.

    Parameters
    ----------
    study
        What varies.
    case
        The study's case with what measures and plans add to it.
    standing
        Shape (steps, assets): what is left in every sample, whatever is drawn.
    samples
        Their numbers.
    """
    outages = outages_of(study, case, samples)
    return Drawn(available=_available(case, outages, standing, len(samples)))


def outages_of(study: Study, case: Case, samples: Ints) -> Outages:
    """Return when assets of some samples are out or reduced; see `drawn_of`."""
    parts = [no_outages()]
    if study.options.random_failures:
        parts.append(
            draw_failures(
                failing(case),
                samples,
                seed=study.seed,
                hours=study.hours,
                step_hours=case.network.step_hours,
            )
        )
    return joined(*parts)


def _available(case: Case, outages: Outages, standing: Floats, samples: int) -> Iterator[Floats]:
    steps, assets = standing.shape
    dt = case.network.step_hours
    drawn = available_by_step(outages, samples=samples, assets=assets, steps=steps, step_hours=dt)
    for stands, left in zip(standing, drawn, strict=True):
        yield np.minimum(stands, left)
