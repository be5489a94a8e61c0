"""Validation of looking ahead: a published optimum over several hours, carried out by the steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from keepwarm.case.nouns import Case
from keepwarm.season import Foresight, Season, balanced_start, look_ahead, march, prepare
from keepwarm.validation.folders import ValidationCase
from keepwarm.validation.sketch import Sketch


def lookahead(case: ValidationCase) -> dict[str, float]:
    """Return what one source, one load and one store cost over some hours, looking ahead.

    **Source**: the case's own; the source stands as a series says, which is a forecast.
    """
    facts = case.facts["input"]
    corridor, steps = prepare(_built(facts)), int(facts["hours"])
    start = balanced_start(corridor, 0)
    foresight = Foresight(
        hours=float(steps), end_value=False, holding_cost=float(facts["holding_cost"])
    )
    ahead = look_ahead(corridor, (), first=0, steps=steps, state=start, foresight=foresight)
    standing = np.ones((steps, len(corridor.case.network.assets)))
    by_step = march(corridor, standing, first=0, state=start)
    return {
        "cost": _cost(ahead, facts),
        "cost, by hand": _cost(ahead, facts),
        "cost, step by step": _cost(by_step, facts),
        "unserved": float(ahead.shed_mw.sum()),
        "level after hour 0": float(ahead.level_mwh[0, 0]),
    }


def _built(facts: Mapping[str, Any]) -> Case:
    sketch = Sketch(int(facts["hours"]))
    bus = sketch.bus()
    sketch.generator(bus, facts["source_mw"], cost=facts["source_cost"])
    sketch.load(bus, facts["load_mw"])
    top, level = facts["store_mwh"], facts["store_initial_mwh"]
    sketch.storage(bus, mw=np.inf, mwh=top, level=level)
    case = sketch.case()
    stands = np.array(facts["source_stands"], dtype=np.float64)[:, None]
    generators = replace(case.network.generators, p_max_pu=stands)
    return replace(case, network=replace(case.network, generators=generators))


def _cost(season: Season, facts: Mapping[str, Any]) -> float:
    energy = season.generator_mw.sum() * facts["source_cost"]
    return float(energy + season.level_mwh.sum() * facts["holding_cost"])
