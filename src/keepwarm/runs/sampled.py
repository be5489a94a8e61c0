"""What one sample of a risk has of its own, for whoever walks it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from keepwarm.case.nouns import Case
from keepwarm.damage.outages import Outages
from keepwarm.season import Corridor, State


@dataclass(frozen=True)
class Sampled:
    """One sample: its number, where it is from, and what it has of its own."""

    number: int
    of: str  # folder of the risk
    outages: Callable[[Case], Outages]  # beside the damage; of the case with a plan's units
    events: Mapping[int, str]  # what the numbers that cause outages are called
    fabric: Callable[[Corridor], Corridor]  # with its homes' thermal parameters
    start: Callable[[Corridor], State]  # in balance with them and its weather
