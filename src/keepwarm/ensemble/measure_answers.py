"""What a risk says of its measures: a document for scripts, and a table."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from keepwarm.case.nouns import Names
from keepwarm.ensemble.measures import Portfolio, Portfolios, words
from keepwarm.ensemble.quantities import Samples, names_of
from keepwarm.ensemble.reductions import Reduction, Together, reductions
from keepwarm.estimate import Estimate
from keepwarm.said.sentence import with_told


def measure_answers(
    base: Samples, walked: Mapping[str, Samples], portfolios: Portfolios, quantities: Names
) -> tuple[dict[str, object], pa.Table]:
    """Return what measures take off the risk: ``measures`` of the answers, and a table.

    Parameters
    ----------
    base
        Without any measure.
    walked
        Portfolio -> its samples, of the same seed and numbers.
    portfolios
        From `read_measures`; the order of the file is kept.
    quantities
        Such as ``eue_mwh`` and ``cvar95_eue_mwh``; those that the base has none of are left out.

    Returns
    -------
    document : dict
        ``currency``, ``notes`` and ``portfolios``: name, cost, source, parts, unsolved, measures
        in words, reductions and together by quantity.
    table : pyarrow.Table
        One row for each portfolio and quantity.
    """
    known = set(names_of(base.columns))
    told = tuple(name for name in quantities if name in known)
    found, sums = reductions(base, walked, portfolios.portfolios, told)
    document: dict[str, object] = {
        "currency": portfolios.currency,
        "notes": list(portfolios.notes),
        "portfolios": [
            _portfolio(one, walked[one.name], found, sums)
            for one in portfolios.portfolios
            if one.name in walked
        ],
    }
    return with_told(document), _table(found)


def _portfolio(
    one: Portfolio, samples: Samples, found: list[Reduction], sums: list[Together]
) -> dict[str, object]:
    return {
        "name": one.name,
        "cost": None if math.isnan(one.cost) else one.cost,
        "source": one.source,
        "parts": list(one.parts),
        "unsolved": samples.unsolved,
        "measures": [words(measure) for measure in one.measures],
        "reductions": {
            each.quantity: {
                "before": plain(each.before),
                "after": plain(each.after),
                "reduced": plain(each.reduced),
                "share": None if each.share is None else plain(each.share),
                "per_cost": None if each.per_cost is None else plain(each.per_cost),
            }
            for each in found
            if each.portfolio == one.name
        },
        "together": {
            each.quantity: {
                "together": plain(each.together),
                "added_up": plain(each.added_up),
                "beyond": plain(each.beyond),
            }
            for each in sums
            if each.portfolio == one.name
        },
    }


def plain(one: Estimate) -> dict[str, object]:
    """Return an estimate as JSON knows it; an unknown error is null."""
    stderr = one.stderr if math.isfinite(one.stderr) else None
    return {"value": one.value, "stderr": stderr, "n": one.n, "unit": one.unit}


def _table(found: list[Reduction]) -> pa.Table:
    def numbers(values: list[float]) -> pa.Array:
        array = np.array(values, dtype=np.float64)
        return pa.array(array, mask=~np.isfinite(array))

    per_cost = [(math.nan, math.nan)] * len(found)
    for at, one in enumerate(found):
        if one.per_cost is not None:
            per_cost[at] = one.per_cost.value, one.per_cost.stderr
    return pa.table(
        {
            "portfolio": pa.array([one.portfolio for one in found], pa.string()),
            "quantity": pa.array([one.quantity for one in found], pa.string()),
            "unit": pa.array([one.reduced.unit for one in found], pa.string()),
            "n": pa.array([one.reduced.n for one in found], pa.int64()),
            "before": numbers([one.before.value for one in found]),
            "after": numbers([one.after.value for one in found]),
            "reduced": numbers([one.reduced.value for one in found]),
            "stderr": numbers([one.reduced.stderr for one in found]),
            "share": numbers([math.nan if one.share is None else one.share.value for one in found]),
            "share_stderr": numbers(
                [math.nan if one.share is None else one.share.stderr for one in found]
            ),
            "cost": numbers([one.cost for one in found]),
            "per_cost": numbers([value for value, _ in per_cost]),
            "per_cost_stderr": numbers([stderr for _, stderr in per_cost]),
        }
    )
