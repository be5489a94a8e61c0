"""Validation of adequacy: published indices of systems whose units fail at random."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from keepwarm.case.nouns import CARRIERS
from keepwarm.case.read import read_case
from keepwarm.damage.random_failures import Law, draw_failures, failing
from keepwarm.ensemble.exact import exact
from keepwarm.estimate import Estimate, mean
from keepwarm.season import prepare
from keepwarm.season.independent import independent, walk_independent
from keepwarm.solve.simplex import SimplexSolver
from keepwarm.validation.folders import ValidationCase

_POWER = CARRIERS.index("power")
_FIELDS = {
    "lolh_hours": "short_hours",
    "lolf_events": "short_spells",
    "eue_mwh": "unserved_mwh",
}


def adequacy(case: ValidationCase) -> dict[str, float]:
    """Return the indices that the rows of ``expected.csv`` name, each by the way its row says.

    Columns of a row: ``system`` (a folder of the case), ``index``, ``samples`` and ``seed``; empty
    samples mean that the index is worked out without any. ``law`` in case.toml is that of
    `keepwarm.damage.random_failures.draw_failures`.
    """
    law: Law = case.facts["law"]
    ours = {}
    for row in case.expected:
        folder, samples = case.folder / row.inputs["system"], row.inputs["samples"]
        if samples:
            found = sampled(folder, samples=int(samples), seed=int(row.inputs["seed"]), law=law)
        else:
            found = _exact(folder, law)
        ours[row.quantity] = found[row.inputs["index"]].value
    return ours


@cache
def _exact(folder: Path, law: Law) -> dict[str, Estimate]:
    case = read_case(folder)
    steps = len(case.network.snapshots)
    return exact(case, first=0, steps=steps, law=law, frequency=False)


@cache
def sampled(folder: Path, *, samples: int, seed: int, law: Law) -> dict[str, Estimate]:
    """Walk so many seasons of a folder under random failures; return the indices of power.

    Parameters
    ----------
    folder
        A PyPSA folder with ``mttf_hours`` and ``mttr_hours``.
    samples, seed, law
        As in `keepwarm.damage.random_failures.draw_failures`.

    Returns
    -------
    dict
        ``lolh_hours``, ``lolf_events``, ``eue_mwh``.
    """
    case = read_case(folder)
    corridor, rows = prepare(case), failing(case, law=law)
    steps, dt = len(case.network.snapshots), case.network.step_hours
    made, template = independent(corridor, first=0, steps=steps), corridor.template
    blocks = walk_independent(
        made,
        lambda numbers: draw_failures(
            rows, numbers, seed=seed, hours=steps * dt, step_hours=dt, law=law
        ),
        samples=np.arange(samples),
        solver=SimplexSolver(template.perturbed_cost, template.matrix),
        audited=frozenset(),
    )
    kept = [(b.totals.short_hours, b.totals.short_spells, b.totals.unserved_mwh) for b in blocks]
    columns = (
        np.concatenate([each[:, _POWER] for each in part]) for part in zip(*kept, strict=True)
    )
    names = (("lolh_hours", "hours"), ("lolf_events", "events"), ("eue_mwh", "MWh"))
    return {name: mean(column, unit) for (name, unit), column in zip(names, columns, strict=True)}
