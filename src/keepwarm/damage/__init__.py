"""Layer 1: what is out and until when, as the availability of every asset over time."""

from __future__ import annotations

from keepwarm.damage.from_claims import (
    AccessLimit,
    ClaimedDamage,
    Unmapped,
    damage_from_claims,
)
from keepwarm.damage.listing import CheckedDamage, inspect_damage, read_damage
from keepwarm.damage.over_time import availability

__all__ = [
    "AccessLimit",
    "CheckedDamage",
    "ClaimedDamage",
    "Unmapped",
    "availability",
    "damage_from_claims",
    "inspect_damage",
    "read_damage",
]
