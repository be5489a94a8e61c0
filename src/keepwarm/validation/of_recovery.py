"""Validation of recovery: a published order of restoration."""

from __future__ import annotations

import json

import numpy as np

from keepwarm.network import compile_template
from keepwarm.recovery.ordering import Periods, order_repairs
from keepwarm.validation.folders import ValidationCase
from keepwarm.validation.of_networks import sketch_of
from keepwarm.validation.sketch import bare_case


def restoration_ordering(case: ValidationCase) -> dict[str, float]:
    """Return the objective of the best order of repairs, and the load served in each period.

    **Source**: the DC form of PowerModelsRestoration's restoration ordering problem: so many
    repairs by each period, all of them by the last; what is served never falls.
    """
    document = json.loads((case.folder / case.facts["input"]).read_text(encoding="utf-8"))
    bare = bare_case(sketch_of(document).network(), case.facts.get("settings", {}))
    template = compile_template(bare)
    hours, sources = np.array(document["hours"], dtype=float), len(document["gens"])
    broken = [at for at, one in enumerate(document["gens"]) if one["damaged"]]
    broken += [sources + at for at, one in enumerate(document["branches"]) if one["damaged"]]
    at_bus = np.zeros(len(document["buses"]))
    for at, bus in enumerate(document["buses"]):
        at_bus[at] = bus["pd_mw"]
    need = np.tile(at_bus[template.needs.bus], (hours.size, 1))
    tasks = len(broken)
    found = order_repairs(
        template,
        Periods(
            hours=hours,
            row=np.zeros(hours.size, dtype=np.int64),
            need_mw=need,
            asset=np.array(broken, dtype=np.int64),
            left=np.zeros(tasks),
            open_from=np.zeros(tasks, dtype=np.int64),
            work=np.ones((1, tasks)),
            most=np.cumsum(document["repairs_per_period"], dtype=float)[None],
            all_at_end=True,
            never_less=True,
        ),
    )
    if found is None:
        return {}
    served = (need - found.shed_mw).sum(axis=1) / document["base_mva"]
    periods = {f"served in period {p + 1}": float(mw) for p, mw in enumerate(served)}
    return {"objective": float(served @ hours), **periods}
