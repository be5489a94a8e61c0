"""What is walked in every sample: everything that decides what a sample comes to but its number."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from keepwarm.case.nouns import Case, Damage
from keepwarm.case.plan import Plan


@dataclass(frozen=True)
class Study:
    """A case, what varies, and what is done about it. Sent whole to every worker."""

    case: Case
    seed: int
    first: int  # row of the case's snapshots where the season starts
    steps: int
    from_state: bool = False
    damage: Damage = ()  # of every sample
    plan: Plan | None = None
    random_failures: bool = False
    audited: frozenset[tuple[int, int]] = field(default_factory=frozenset)  # (sample, step)

    @property
    def hours(self) -> float:
        """Length of the season, h."""
        return self.steps * self.case.network.step_hours

    @property
    def start(self) -> np.datetime64:
        """Start of the season, UTC."""
        found: np.datetime64 = self.case.network.snapshots[self.first]
        return found
