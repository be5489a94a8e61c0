"""Who is cold, until when, and what must be done by when, after winter damage.

The names below are looked up when first used, so that importing keepwarm does no work.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keepwarm.briefing import brief as brief
    from keepwarm.case.read import read_case as read_case
    from keepwarm.damage import read_damage as read_damage
    from keepwarm.ensemble.folder import read_risk as read_risk
    from keepwarm.ensemble.replay import replay as replay
    from keepwarm.ensemble.risk import risk as risk
    from keepwarm.ensemble.study import RiskOptions as RiskOptions
    from keepwarm.recovery.planning import plan as plan
    from keepwarm.reports.ledger import open_ledger as open_ledger
    from keepwarm.reports.reader import read_text as read_text
    from keepwarm.runs.claims import damage_from_claims as damage_from_claims
    from keepwarm.runs.comparing import compare as compare
    from keepwarm.runs.folder import read_run as read_run
    from keepwarm.runs.run import run as run
    from keepwarm.validation import validate as validate

__version__ = "0.1.0"

#: Where each public name lives.
_HOMES = {
    "read_case": "keepwarm.case.read",
    "read_damage": "keepwarm.damage",
    "read_text": "keepwarm.reports.reader",
    "open_ledger": "keepwarm.reports.ledger",
    "damage_from_claims": "keepwarm.runs.claims",
    "run": "keepwarm.runs.run",
    "plan": "keepwarm.recovery.planning",
    "risk": "keepwarm.ensemble.risk",
    "RiskOptions": "keepwarm.ensemble.study",
    "replay": "keepwarm.ensemble.replay",
    "read_risk": "keepwarm.ensemble.folder",
    "compare": "keepwarm.runs.comparing",
    "read_run": "keepwarm.runs.folder",
    "brief": "keepwarm.briefing",
    "validate": "keepwarm.validation",
}

__all__ = [
    "RiskOptions",
    "__version__",
    "brief",
    "compare",
    "damage_from_claims",
    "open_ledger",
    "plan",
    "read_case",
    "read_damage",
    "read_risk",
    "read_run",
    "read_text",
    "replay",
    "risk",
    "run",
    "validate",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'keepwarm' has no attribute {name!r}")
    value: object = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
