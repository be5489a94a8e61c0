"""Validation of network and solver: published optima of small networks."""

from __future__ import annotations

import json
from typing import Any

from keepwarm.case.matpower import read_matpower_case
from keepwarm.validation.folders import ValidationCase
from keepwarm.validation.one_step import Step, solve_step
from keepwarm.validation.sketch import Sketch, bare_case


def dcopf(case: ValidationCase) -> dict[str, float]:
    """Return the DC optimal power flow of a MATPOWER file: objective with constants, and shed.

    ``linearize`` in case.toml is the number of segments of each quadratic cost.

    **Source**: PGLib-OPF's DC form, see `keepwarm.case.matpower.read_matpower_case`.
    """
    path, linearize = case.folder / case.facts["input"], case.facts.get("linearize")
    read = read_matpower_case(path, linearize=linearize)
    step = solve_step(bare_case(read.network, case.facts.get("settings", {})))
    objective = float(step.dispatch.objective) + read.fixed_cost
    shed = float(step.dispatch.shed_mw.sum())
    return {"objective": objective, "objective, recomputed": objective, "shed": shed}


def max_load_delivery(case: ValidationCase) -> dict[str, float]:
    """Return the load that can be served in a damaged network, per unit of its base.

    **Source**: the DC form of PowerModelsRestoration: b = x / (r^2 + x^2), angle limit per branch.
    """
    document = json.loads((case.folder / case.facts["input"]).read_text(encoding="utf-8"))
    step = solve_step(bare_case(sketch_of(document).network(), case.facts.get("settings", {})))
    served = float(step.need_mw.sum() - step.dispatch.shed_mw.sum())
    per_unit = served / document["base_mva"]
    return {"served": per_unit, "served, recomputed": per_unit}


def sketch_of(document: dict[str, Any]) -> Sketch:
    """Return the network of a PowerModelsRestoration case, nothing of it damaged."""
    sketch = Sketch()
    at = {bus["id"]: sketch.bus() for bus in document["buses"]}
    for bus in document["buses"]:
        if bus["pd_mw"]:
            sketch.load(at[bus["id"]], bus["pd_mw"])
    for generator in document["gens"]:
        sketch.generator(at[generator["bus"]], generator["pmax_mw"])
    for branch in document["branches"]:
        r, x = branch["r"], branch["x"]
        per_mw = (r * r + x * x) / x / document["base_mva"]
        angle = branch["angle_limit_deg"] * 3.141592653589793 / 180
        limit = min(branch["rate_mw"], angle / per_mw)
        sketch.line(at[branch["f"]], at[branch["t"]], x=per_mw, mw=limit)
    return sketch


def steps(case: ValidationCase) -> dict[str, float]:
    """Return named quantities of each snapshot of a PyPSA folder, ``kind:name@hour``."""
    from keepwarm.case.read import read_case

    read = read_case(case.folder / case.facts["input"])
    bare = bare_case(read.network, case.facts.get("settings", {}))
    ours: dict[str, float] = {}
    for hour in range(len(bare.network.snapshots)):
        ours |= {
            f"{key}@{hour}": value for key, value in _named(solve_step(bare, hour=hour)).items()
        }
    return ours


def _named(step: Step) -> dict[str, float]:
    network, dispatch = step.template.network, step.dispatch
    named = {
        "objective": float(dispatch.objective),
        "shed": float(dispatch.shed_mw.sum()),
        "spill": float(dispatch.spill_mw.sum()),
    }
    for kind, names, values in (
        ("generator", network.generators.name, dispatch.generator_mw),
        ("flow", network.branches.name, dispatch.flow_mw),
        ("price", network.buses.name, dispatch.bus_price),
    ):
        named |= {f"{kind}:{name}": float(value) for name, value in zip(names, values, strict=True)}
    return named
