"""Places in a walk from which another one, the same until there, can go on."""

from __future__ import annotations

from dataclasses import dataclass

from keepwarm.season.audit import Audit
from keepwarm.season.record import Mark, Season
from keepwarm.season.state import State

#: Steps between two milestones of a walk.
APART = 12


@dataclass(frozen=True)
class Milestone:
    """How things stand before a step."""

    step: int  # the next one, counted from the first of the season
    state: State  # of one sample, with its axis
    mark: Mark
    audit: Audit  # of the steps until then


@dataclass(frozen=True)
class Since:
    """Where a walk goes on from: a season that was the same until a milestone of it."""

    season: Season
    milestone: Milestone
