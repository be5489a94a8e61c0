"""The season: one sample of one winter, step by step."""

from keepwarm.season.audit import Audit
from keepwarm.season.corridor import Corridor, prepare
from keepwarm.season.foresight import Outcome, outcome
from keepwarm.season.lookahead import Foresight, look_ahead
from keepwarm.season.march import march
from keepwarm.season.orders import Orders, orders_of
from keepwarm.season.record import Season
from keepwarm.season.start import balanced_start, observed_start, observed_time
from keepwarm.season.state import State

__all__ = [
    "Audit",
    "Corridor",
    "Foresight",
    "Orders",
    "Outcome",
    "Season",
    "State",
    "balanced_start",
    "look_ahead",
    "march",
    "observed_start",
    "observed_time",
    "orders_of",
    "outcome",
    "prepare",
]
