"""The kinds of validation case: from a folder to our value of each quantity it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from keepwarm.validation import (
    energyplus_flats,
    of_adequacy,
    of_alchevsk,
    of_hindcast,
    of_january,
    of_limits,
    of_lookahead,
    of_networks,
    of_recovery,
    of_rotation,
    of_warmth,
)
from keepwarm.validation.folders import ValidationCase

#: ``kind`` in case.toml -> what computes our values, by quantity.
KINDS: Mapping[str, Callable[[ValidationCase], Mapping[str, float]]] = {
    "adequacy": of_adequacy.adequacy,
    "alchevsk": of_alchevsk.alchevsk,
    "buried_mains": of_warmth.buried_mains,
    "closed_form": of_warmth.closed_form,
    "dcopf": of_networks.dcopf,
    "dcopf_strict": of_limits.dcopf_strict,
    "energyplus_air": energyplus_flats.air_after,
    "energyplus_flats": energyplus_flats.largest_distances,
    "hindcast": of_hindcast.hindcast,
    "january": of_january.january,
    "lookahead": of_lookahead.lookahead,
    "max_load_delivery": of_networks.max_load_delivery,
    "pipe_time": of_warmth.pipe_times,
    "reserve_supply": of_warmth.reserve,
    "restoration_ordering": of_recovery.restoration_ordering,
    "room_5r1c": of_warmth.room_5r1c,
    "rotation": of_rotation.rotation,
    "single_node": of_warmth.single_node_rule,
    "steps": of_networks.steps,
    "supply_curve": of_warmth.supply_curves,
}
