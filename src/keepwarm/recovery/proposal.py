"""A first order."""

from __future__ import annotations

from keepwarm.recovery.candidates import Problem
from keepwarm.recovery.rules import Order


def proposed(problem: Problem, *, seconds: float) -> list[Order]:
    """Return orders."""
    return []
