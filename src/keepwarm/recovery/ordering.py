"""Restoration ordering as one mixed-integer program over a few periods.

In each period the network serves what it can; an asset stands from the period on in which it is
repaired, and crews can do only so much work by then. The program knows the network and not the
homes: it is asked for an order, and the season says what the order is worth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from keepwarm.case.nouns import Bools, Floats, Ints
from keepwarm.network import Template, step_bounds
from keepwarm.solve.highs import solve_mip
from keepwarm.solve.solution import MixedSolution


@dataclass(frozen=True)
class Periods:
    """What is needed, and how much repair is possible, period by period."""

    hours: Floats  # (periods,)
    row: Ints  # (periods,) of the case's series
    need_mw: Floats  # (periods, needs)
    asset: Ints  # (tasks,)
    left: Floats  # (tasks,) share that stands before repair
    open_from: Ints  # (tasks,) first period at whose start it can stand; len(hours) for none
    work: Floats  # (limits, tasks)
    most: Floats  # (limits, periods): sum of work on what stands by then
    after: tuple[tuple[int, int], ...] = ()  # (task, task that stands first)
    all_at_end: bool = False  # everything stands in the last period
    never_less: bool = False  # what is served does not fall from a period to the next


@dataclass(frozen=True)
class Ordered:
    """An answer: what stands when, and what is served."""

    stands: Bools  # (periods, tasks)
    shed_mw: Floats  # (periods, needs)
    cost: Floats  # (periods,) per hour
    solution: MixedSolution


def order_repairs(
    template: Template, periods: Periods, *, seconds: float = np.inf, gap: float = 1e-6
) -> Ordered | None:
    """Return what should stand when so that the cost of what is not served is least.

    Parameters
    ----------
    template
        Of the case.
    periods
        Needs, tasks and limits.
    seconds
        After which the best found so far is returned.
    gap
        Relative distance to the bound that is good enough.

    Returns
    -------
    Ordered or None
        None where no point was found in time.

    **Source**: van Hentenryck and Coffrin, Transmission system repair and restoration (2015), the
    DC form; line outages by the release columns of the template, bounded by whether a line stands.
    **Leaves out**: stores; travel and shifts, but for what they take from the crews' hours.
    """
    program = _Program(template, periods)
    found = program.solve(seconds, gap)
    if not found.x.size:
        return None
    return program.read(found)


class _Program:
    """The program: a block of columns for every period, then what stands, period by period.

    A block is the template's, without stores and with one price step for each need.
    """

    def __init__(self, template: Template, periods: Periods) -> None:
        self._template, self._periods = template, periods
        columns = template.columns
        kept = np.ones(template.cost.size, dtype=np.bool_)
        for block in (columns.charge, columns.discharge, columns.reserve, columns.shed):
            kept[block] = False
        shed = np.arange(template.cost.size)[columns.shed][:: template.steps]
        kept[shed] = True
        self._kept = np.flatnonzero(kept)
        self._place = np.full(template.cost.size, -1)
        self._place[self._kept] = np.arange(self._kept.size)
        self._shed = self._place[shed]
        self._count, self._tasks = len(periods.hours), periods.asset.size
        self._binary = self._kept.size * self._count

    def solve(self, seconds: float, gap: float) -> MixedSolution:
        """Return the best point found in time."""
        periods, template = self._periods, self._template
        width = self._binary + self._count * self._tasks
        cost, lower, upper = np.zeros(width), np.zeros(width), np.ones(width)
        rows: list[tuple[sp.csc_array, Floats, Floats]] = []
        whole = template.matrix[:, self._kept]
        for p in range(self._count):
            at = slice(p * self._kept.size, (p + 1) * self._kept.size)
            bounds = self._bounds(p)
            cost[at] = template.cost[self._kept] * periods.hours[p]
            lower[at], upper[at] = bounds[0], bounds[1]
            rows.append((self._shifted(whole, p), bounds[2], bounds[2]))
            rows += self._repaired(p, lower, upper)
        rows += self._limits(width)
        upper[self._binary :] = (np.arange(self._count)[:, None] >= periods.open_from[None]).ravel()
        if periods.all_at_end:
            lower[width - self._tasks :] = 1.0
        integer = np.arange(width) >= self._binary
        return solve_mip(
            cost,
            sp.vstack([_wide(part, width) for part, _, _ in rows], format="csc"),
            lower=lower,
            upper=upper,
            row_lower=np.concatenate([low for _, low, _ in rows]),
            row_upper=np.concatenate([high for _, _, high in rows]),
            integer=integer,
            seconds=seconds,
            gap=gap,
        )

    def read(self, found: MixedSolution) -> Ordered:
        """Return what a solution means."""
        x = found.x[: self._binary].reshape(self._count, -1)
        stands = found.x[self._binary :].reshape(self._count, self._tasks) > 0.5
        cost = x @ self._template.cost[self._kept]
        return Ordered(stands, x[:, self._shed], cost, found)

    def _bounds(self, p: int) -> tuple[Floats, Floats, Floats]:
        """Return the bounds of a period with everything standing; sources may stand still."""
        periods, template = self._periods, self._template
        bounds = step_bounds(
            template,
            hour=int(periods.row[p]),
            need_mw=periods.need_mw[p],
            available=np.ones(len(template.network.assets)),
            level_mwh=np.zeros(len(template.network.storages)),
        )
        lower, upper = bounds.lower[self._kept], bounds.upper[self._kept]
        upper[self._shed] = periods.need_mw[p]
        sources = self._place[template.columns.generators]
        lower[sources] = np.minimum(lower[sources], 0.0)
        return lower, upper, bounds.rhs

    def _repaired(
        self, p: int, lower: Floats, upper: Floats
    ) -> list[tuple[sp.csc_array, Floats, Floats]]:
        """Tie the columns of damaged assets to whether they stand in a period."""
        columns, network = self._template.columns, self._template.network
        n_gen, n_branch, n_link = (
            len(network.generators),
            len(network.branches),
            len(network.links),
        )
        looped = {branch: at for at, branch in enumerate(self._template.looped.tolist())}
        entries: list[tuple[int, int, float, float]] = []  # column, task, size, left
        for task, asset in enumerate(self._periods.asset.tolist()):
            left = float(self._periods.left[task])
            if asset < n_gen:
                entries.append((columns.generators.start + asset, task, 1.0, left))
            elif asset < n_gen + n_branch:
                branch = asset - n_gen
                entries.append((columns.flows.start + branch, task, 1.0, 0.0))
                if branch in looped:
                    entries.append((columns.releases.start + looped[branch], task, -1.0, 0.0))
            elif asset < n_gen + n_branch + n_link:
                entries.append((columns.links.start + asset - n_gen - n_branch, task, 1.0, left))
        tied = []
        for column, task, sign, left in entries:
            at = p * self._kept.size + self._place[column]
            z = self._binary + p * self._tasks + task
            if sign < 0:  # the release is free where the line does not stand
                box = self._template.release_box
                lower[at], upper[at] = -box, box
                tied += _box(at, z, box, box, -1.0)
            else:
                tied += _tied(at, z, lower[at], upper[at], left)
                lower[at], upper[at] = min(lower[at], 0.0), max(upper[at], 0.0)
        return tied

    def _limits(self, width: int) -> list[tuple[sp.csc_array, Floats, Floats]]:
        """Keep what stands; hold crews and spares to what they can do; put some things first."""
        periods, rows = self._periods, list[tuple[sp.csc_array, Floats, Floats]]()
        for p in range(self._count):
            z = self._binary + p * self._tasks
            if p:
                for task in range(self._tasks):
                    rows += _row({z + task: 1.0, z - self._tasks + task: -1.0}, 0.0, np.inf)
            for limit, work in enumerate(periods.work):
                entries = {z + task: float(w) for task, w in enumerate(work) if w}
                if entries:
                    rows += _row(entries, -np.inf, float(periods.most[limit, p]))
            for task, first in periods.after:
                rows += _row({z + task: 1.0, z + first: -1.0}, -np.inf, 0.0)
            if periods.never_less and p:
                shed = (p * self._kept.size + self._shed).tolist()
                before = ((p - 1) * self._kept.size + self._shed).tolist()
                change = float(periods.need_mw[p].sum() - periods.need_mw[p - 1].sum())
                entries = {**dict.fromkeys(shed, 1.0), **dict.fromkeys(before, -1.0)}
                rows += _row(entries, -np.inf, change)
        return [(_wide(part, width), low, high) for part, low, high in rows]

    def _shifted(self, matrix: sp.csc_array, p: int) -> sp.csc_array:
        before = sp.csc_array((matrix.shape[0], p * self._kept.size))
        return sp.csc_array(sp.hstack([before, matrix], format="csc"))


def _tied(
    at: int, z: int, lower: float, upper: float, left: float
) -> list[tuple[sp.csc_array, Floats, Floats]]:
    """Return rows by which a column is within its bounds where z is 1, a share of them where 0."""
    rows = _row({at: 1.0, z: -upper * (1 - left)}, -np.inf, upper * left)
    if lower < 0:
        rows += _row({at: 1.0, z: -lower * (1 - left)}, lower * left, np.inf)
    return rows


def _box(
    at: int, z: int, below: float, above: float, sign: float
) -> list[tuple[sp.csc_array, Floats, Floats]]:
    """Return rows by which a column is free within a box where z is 0, and zero where it is 1."""
    return [
        *_row({at: 1.0, z: -sign * above}, -np.inf, above),
        *_row({at: 1.0, z: sign * below}, -below, np.inf),
    ]


def _row(
    entries: dict[int, float], low: float, high: float
) -> list[tuple[sp.csc_array, Floats, Floats]]:
    columns = np.array(list(entries), dtype=np.int64)
    values = np.array(list(entries.values()))
    part = sp.csc_array(
        (values, (np.zeros(columns.size, dtype=np.int64), columns)), (1, int(columns.max()) + 1)
    )
    return [(part, np.array([low]), np.array([high]))]


def _wide(part: sp.csc_array, width: int) -> sp.csc_array:
    """Return a block of rows with as many columns as the whole program."""
    return sp.csc_array((part.data, part.indices, _pointers(part, width)), (part.shape[0], width))


def _pointers(part: sp.csc_array, width: int) -> Ints:
    fill = np.full(width - part.shape[1], part.indptr[-1])
    return np.concatenate([part.indptr, fill])
