"""What the samples of a study suffer."""

from __future__ import annotations

from keepwarm.case.nouns import Case, Ints
from keepwarm.damage.outages import Outages, no_outages
from keepwarm.ensemble.study import Study


def outages_of(study: Study, case: Case, samples: Ints) -> Outages:
    """Return when assets of some samples are out or reduced.

    Parameters
    ----------
    study
        What is drawn.
    case
        The study's case with what measures and plans add to it.
    samples
        Their numbers.
    """
    parts = [no_outages()]
    return joined_of(parts)
