"""The network: one constant template, bounds for each step."""

from keepwarm.network.places import sum_by_place, sum_places
from keepwarm.network.step import (
    Bounds,
    Dispatch,
    binding_boxes,
    next_level,
    read_dispatch,
    shed_by_need,
    step_bounds,
)
from keepwarm.network.template import Needs, Template, compile_template

__all__ = [
    "Bounds",
    "Dispatch",
    "Needs",
    "Template",
    "binding_boxes",
    "compile_template",
    "next_level",
    "read_dispatch",
    "shed_by_need",
    "step_bounds",
    "sum_by_place",
    "sum_places",
]
