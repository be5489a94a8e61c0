"""The kinds of validation case: from a folder to our value of each quantity it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from keepwarm.validation import of_networks
from keepwarm.validation.run import ValidationCase

#: ``kind`` in case.toml -> what computes our values, by quantity.
KINDS: Mapping[str, Callable[[ValidationCase], Mapping[str, float]]] = {
    "dcopf": of_networks.dcopf,
    "max_load_delivery": of_networks.max_load_delivery,
    "steps": of_networks.steps,
}
