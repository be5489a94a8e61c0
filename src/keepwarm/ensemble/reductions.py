"""What portfolios of measures take off the risk, each walked as a whole over the same samples."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from keepwarm.case.nouns import Names
from keepwarm.ensemble.estimates import Moved
from keepwarm.ensemble.measures import Portfolio
from keepwarm.ensemble.quantities import Columns, Samples, difference_of, estimate_of, moved_of
from keepwarm.estimate import Estimate


@dataclass(frozen=True)
class Reduction:
    """One quantity without and with a portfolio, over the samples that both have solved."""

    portfolio: str
    quantity: str
    before: Estimate
    after: Estimate
    reduced: Estimate  # before less after: above 0 is less risk
    share: Estimate | None  # reduced over before; None where that is 0, and for quantiles
    cost: float  # NaN where the file gives none
    per_cost: Estimate | None  # reduced per unit of cost


@dataclass(frozen=True)
class Together:
    """What a portfolio of several takes off, and what its parts do one by one, added up."""

    portfolio: str
    quantity: str
    together: Estimate
    added_up: Estimate
    beyond: Estimate  # together less added up: below 0, the parts do the same work twice


def reductions(
    base: Samples,
    walked: Mapping[str, Samples],
    portfolios: Sequence[Portfolio],
    quantities: Names,
) -> tuple[list[Reduction], list[Together]]:
    """Return what each portfolio takes off each quantity, in the order of the file.

    Parameters
    ----------
    base
        Without any measure.
    walked
        Portfolio -> its samples, of the same seed and numbers.
    portfolios
        As read; those that were not walked are passed over.
    quantities
        Such as ``eue_mwh`` and ``cvar95_people_hours_below_12``.

    Returns
    -------
    reductions : list of Reduction
        Errors are paired, sample by sample.
    together : list of Together
        One for each quantity of each portfolio that is made of others, all of them walked and
        nothing beside them; for quantities that are no quantiles.

    **Leaves out**: an order of preference: the file's own order stands, and what it leaves
    out may be better than all of it.
    """
    found, sums = list[Reduction](), list[Together]()
    for portfolio in portfolios:
        if portfolio.name not in walked:
            continue
        before, after = common([base, walked[portfolio.name]])
        found += [_reduction(portfolio, name, before, after) for name in quantities]
        parts = [one for one in portfolios if one.name in portfolio.parts and one.name in walked]
        whole = sum(len(one.measures) for one in parts) == len(portfolio.measures)
        if portfolio.parts and len(parts) == len(portfolio.parts) and whole:
            sets = [base, walked[portfolio.name], *(walked[part] for part in portfolio.parts)]
            columns = common(sets)
            added = [_together(portfolio.name, name, columns) for name in quantities]
            sums += [one for one in added if one is not None]
    return found, sums


def common(sets: Sequence[Samples]) -> list[Columns]:
    """Return the columns of several sets of samples, over the samples that all of them have.

    Parameters
    ----------
    sets
        Of one seed.
    """
    numbers = sets[0].number
    for one in sets[1:]:
        numbers = np.intersect1d(numbers, one.number, assume_unique=True)
    rows = [np.searchsorted(one.number, numbers) for one in sets]
    return [
        {name: values[at] for name, values in one.columns.items()}
        for one, at in zip(sets, rows, strict=True)
    ]


def _reduction(portfolio: Portfolio, name: str, before: Columns, after: Columns) -> Reduction:
    first, cost = estimate_of(before, name), portfolio.cost
    reduced = difference_of(after, before, name)
    per_cost = None
    if cost > 0:
        unit = f"{reduced.unit} per unit of cost"
        per_cost = Estimate(reduced.value / cost, reduced.stderr / cost, reduced.n, unit)
    return Reduction(
        portfolio=portfolio.name,
        quantity=name,
        before=first,
        after=estimate_of(after, name),
        reduced=reduced,
        share=_share(before, after, name),
        cost=cost,
        per_cost=per_cost,
    )


def _share(before: Columns, after: Columns, name: str) -> Estimate | None:
    first, second = moved_of(before, name), moved_of(after, name)
    if first is None or second is None or first.value == 0:
        return None
    share = (first.value - second.value) / first.value
    moved = Moved(share, (first.by - second.by - share * first.by) / first.value)
    if math.isnan(estimate_of(before, name).stderr):  # too few in the tail
        return Estimate(share, math.nan, first.by.size, "share")
    return moved.estimate("share")


def _together(portfolio: str, name: str, columns: Sequence[Columns]) -> Together | None:
    """Compare the whole with its parts: columns of the base, the whole, and each part."""
    moved = [moved_of(one, name) for one in columns]
    if moved[0] is None:
        return None
    values = np.array([one.value for one in moved if one is not None])
    by = np.array([one.by for one in moved if one is not None])
    whole, parts = values[0] - values[1], (values[0] - values[2:]).sum()
    whole_by, parts_by = by[0] - by[1], (by[0] - by[2:]).sum(axis=0)
    base = estimate_of(columns[0], name)
    if math.isnan(base.stderr):  # too few in the tail
        whole_by = parts_by = np.full(base.n, math.nan)
    unit = base.unit
    return Together(
        portfolio=portfolio,
        quantity=name,
        together=Moved(float(whole), whole_by).estimate(unit),
        added_up=Moved(float(parts), parts_by).estimate(unit),
        beyond=Moved(float(whole - parts), whole_by - parts_by).estimate(unit),
    )
