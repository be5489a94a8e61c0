"""Layer 1: what is out and until when, as the availability of every asset over time."""

from __future__ import annotations

from keepwarm.damage.events import draw_events
from keepwarm.damage.from_claims import (
    AccessLimit,
    ClaimedDamage,
    Unmapped,
    damage_from_claims,
)
from keepwarm.damage.hazard import Hazard
from keepwarm.damage.hazard_file import read_hazard
from keepwarm.damage.listing import CheckedDamage, inspect_damage, read_damage
from keepwarm.damage.mending import mended, menders_of
from keepwarm.damage.over_time import availability

__all__ = [
    "AccessLimit",
    "CheckedDamage",
    "ClaimedDamage",
    "Hazard",
    "Unmapped",
    "availability",
    "damage_from_claims",
    "draw_events",
    "inspect_damage",
    "mended",
    "menders_of",
    "read_damage",
    "read_hazard",
]
