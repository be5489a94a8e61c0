"""What varies between the samples of a study, and whether the case can give it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from keepwarm.case.nouns import Case

if TYPE_CHECKING:
    from keepwarm.ensemble.study import Options


@dataclass(frozen=True)
class Varied:
    """What is drawn for every sample."""

    random_failures: bool
    parameters: bool
    repair_times: bool
    weather: str


def check_varied(case: Case, options: Options) -> Varied:
    """Return what varies.

    Raises
    ------
    InputError
        With every fault of the hazard and of what the case lacks.
    """
    return Varied(
        random_failures=options.random_failures,
        parameters=options.parameters,
        repair_times=options.repair_times,
        weather=options.weather,
    )
