"""Alchevsk, January 2006: hours to the first plug over the sourced ranges of the zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from keepwarm.case.archetypes import whole_buildings
from keepwarm.case.nouns import Floats
from keepwarm.case.places import no_buildings
from keepwarm.validation.folders import ValidationCase
from keepwarm.warmth.freezing import plug_hours
from keepwarm.warmth.norms import single_node
from keepwarm.warmth.pipes import Pipes, pipes, steady_zone

#: Steps of the comparison and how long it goes on, h.
_STEP_HOURS, _HOURS = 0.5, 480.0


def alchevsk(case: ValidationCase) -> dict[str, float]:
    """Return hours to the first plug in the building, and whether they fit the report.

    The band is that of the zones alone: all of them at the cold end of their range, central, and
    at the warm end; pipes are the same in all three.
    """
    fact = case.facts["inputs"]
    cold, central, warm = first_plug_hours(case.facts)
    return {
        "six hours lie inside the band (1 = yes)": float(cold < fact["reported_hours"] < warm),
        "frozen at central values when the main was mended (1 = yes)": float(
            central <= fact["mended_hours"]
        ),
        "hours to the first plug, cold end of the zones": cold,
        "hours to the first plug, central": central,
        "hours to the first plug, warm end of the zones": warm,
    }


def first_plug_hours(facts: Mapping[str, Any]) -> tuple[float, float, float]:
    """Return hours from the stop to the first plug: cold end of the zones, central, warm end.

    Parameters
    ----------
    facts
        case.toml: ``inputs``, ``zones`` with three values each, ``pipes`` with one.
    """
    fact, tubes = facts["inputs"], zone_pipes(facts)
    outdoor, indoor = fact["outdoor_degc"], fact["indoor_degc"]
    steps = np.full(round(_HOURS / _STEP_HOURS), _STEP_HOURS)
    middles = np.cumsum(steps) - steps / 2
    homes = single_node(indoor, outdoor, beta_hours=fact["beta_hours"], hours=middles)
    air = steady_zone(tubes, indoor_degc=np.full((3, 1), indoor), outdoor_degc=outdoor)
    found = plug_hours(
        tubes,
        steps,
        indoor_degc=np.broadcast_to(homes[:, None, None, None], (len(steps), 3, 1, 1)),
        outdoor_degc=np.full((len(steps), 1, 1), outdoor),
        air_degc=air,
        water_degc=np.full_like(air, (fact["supply_degc"] + fact["return_degc"]) / 2),
        frost_k_h=np.zeros_like(air),
    )
    cold, central, warm = (float(hours) for hours in found[:, 0, 0])
    return cold, central, warm


def zone_pipes(facts: Mapping[str, Any]) -> Pipes:
    """Return the pipes of one building, zones at the cold end, central, and at the warm end."""
    parameter: dict[str, Floats] = {
        name: np.reshape(values, (3, 1)) for name, values in facts["zones"].items()
    }
    parameter |= {name: np.full((3, 1), value) for name, value in facts["pipes"].items()}
    archetypes = whole_buildings(("block",), ("block",), parameter, {})
    return pipes(archetypes, replace(no_buildings(), archetype=np.zeros(1, dtype=np.int64)))
