"""The linear programs of a network, recorded once so that every solver is asked the same.

Needs follow hour and weather, assets fail and return, stores carry their levels from hour to hour
as a walk with HiGHS left them; the programs of all samples and hours then stand in plain arrays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
import scipy.sparse as sp
from benchmarks.networks import HOURS

from keepwarm.case.nouns import TIERS, Bools, Case, Floats
from keepwarm.network import (
    Bounds,
    Dispatch,
    Template,
    compile_template,
    next_level,
    read_dispatch,
    step_bounds,
)
from keepwarm.solve.highs import HighsSolver
from keepwarm.solve.solution import Solver
from keepwarm.validation.one_step import need_of_loads

#: Mean hours to repair, drawn per asset evenly on a log scale (assumed).
REPAIR_HOURS = (24.0, 200.0)

#: Share of assets that are out at any time.
HEAVY, LIGHT = 0.30, 0.03


@dataclass(frozen=True)
class Programs:
    """One linear program, many times: only bounds and right-hand sides move."""

    cost: Floats  # (columns,), as solved
    matrix: sp.csc_array  # (rows, columns)
    lower: Floats  # (hours, samples, columns): an hour of all samples is one block
    upper: Floats  # (hours, samples, columns)
    rhs: Floats  # (hours, samples, rows)

    @property
    def hours(self) -> int:
        return self.lower.shape[0]

    @property
    def samples(self) -> int:
        return self.lower.shape[1]


@dataclass(frozen=True)
class Recording:
    """What was asked, and of what."""

    template: Template
    standing: Bools  # (hours, samples, assets)
    need_mw: Floats  # (hours, samples, needs)
    programs: Programs


def record(
    case: Case, *, samples: int = 8, hours: int = HOURS, out: float = HEAVY, seed: int = 1
) -> Recording:
    """Walk the samples with HiGHS and record what each hour asked.

    Parameters
    ----------
    case
        With at least so many snapshots.
    samples, hours
        How many.
    out
        Share of assets that are out at any time, 0 to 1.
    seed
        Of weather and damage; sample k has the stream (seed, k), however many samples there are.
    """
    template = compile_template(case)
    mean = need_of_loads(case, template.needs, 0)
    need = np.zeros((hours, samples, mean.size))
    standing = np.zeros((hours, samples, len(case.network.assets)), dtype=np.bool_)
    for k in range(samples):
        draw = np.random.default_rng((seed, k))
        need[:, k] = mean * _factors(case, template, hours, draw)
        standing[:, k] = list(islice(walk_assets(standing.shape[2], out, draw), hours))
    solver = HighsSolver(template.perturbed_cost, template.matrix)
    rows, columns = template.matrix.shape
    lower, upper = np.zeros((hours, samples, columns)), np.zeros((hours, samples, columns))
    rhs = np.zeros((hours, samples, rows))
    for hour, bounds, _ in march(template, solver, need, standing):
        lower[hour], upper[hour], rhs[hour] = bounds.lower, bounds.upper, bounds.rhs
    programs = Programs(template.perturbed_cost, template.matrix, lower, upper, rhs)
    return Recording(template, standing, need, programs)


def march(
    template: Template, solver: Solver, need: Floats, standing: Bools
) -> Iterator[tuple[int, Bounds, Dispatch]]:
    """Walk samples side by side, their stores from hour to hour, and yield every hour.

    Parameters
    ----------
    template
        Of the case.
    solver
        Solves all samples of an hour.
    need
        Shape (hours, samples, needs).
    standing
        Shape (hours, samples, assets).

    Raises
    ------
    RuntimeError
        If a sample is not solved.
    """
    hours, samples, _ = need.shape
    level = np.tile(template.network.storages.e_initial_mwh, (samples, 1))
    for hour in range(hours):
        bounds = step_bounds(
            template,
            hour=hour,
            need_mw=need[hour],
            available=standing[hour].astype(np.float64),
            level_mwh=level,
        )
        found = solver.solve_many(np.arange(samples), bounds.lower, bounds.upper, bounds.rhs)
        if set(found.status) != {"optimal"}:
            raise RuntimeError(f"hour {hour} ended as {set(found.status)}")
        dispatch = read_dispatch(template, found.x, found.row_dual)
        yield hour, bounds, dispatch
        level = next_level(template, hour=hour, level_mwh=level, dispatch=dispatch)


def _factors(case: Case, template: Template, hours: int, draw: np.random.Generator) -> Floats:
    """Return need over mean need, (hours, needs): by hour, by weather, and a little by chance."""
    at = np.arange(hours) % 24
    evening = 1 + 0.18 * np.sin((at - 9) / 24 * 2 * np.pi) + 0.08 * np.cos(at / 12 * 2 * np.pi)
    cold = np.maximum(20 - _outdoor(hours, draw), 0) / 27
    carrier = np.array(case.network.buses.carrier)[template.needs.bus]
    warmth = np.isin(template.needs.tier, (TIERS.index("heat_safe"), TIERS.index("heat_comfort")))
    warmth |= carrier == "heat"
    factor = np.where(warmth, cold[:, None], evening[:, None] * (0.8 + 0.2 * cold[:, None]))
    return np.asarray(factor * draw.uniform(0.97, 1.03, factor.shape))


def _outdoor(hours: int, draw: np.random.Generator) -> Floats:
    """Return outdoor temperature in degC: a winter's week around -7."""
    noise, temperature = draw.normal(size=hours), np.zeros(hours)
    now = draw.normal() * 4
    for hour in range(hours):
        now = 0.985 * now + 0.7 * noise[hour]
        temperature[hour] = -7 + now + 3 * np.sin((hour % 24 - 9) / 24 * 2 * np.pi)
    return temperature


def walk_assets(assets: int, out: float, draw: np.random.Generator) -> Iterator[Bools]:
    """Yield what stands, (assets,), hour after hour: each asset fails and returns by chance.

    A share ``out`` is out at the first hour and, on average, at every other (a Markov chain of two
    states, begun in balance).
    """
    low, high = np.log(REPAIR_HOURS)
    returns = 1 / np.exp(draw.uniform(low, high, assets))
    fails = np.minimum(returns * out / (1 - out), 1.0)
    stands: Bools = draw.random(assets) >= out
    while True:
        yield stands
        chance = draw.random(assets)
        stands = np.where(stands, chance >= fails, chance < returns)


def angle_form(recording: Recording) -> Programs:
    """Return the same programs in angle form: a loop law per branch, an angle per bus.

    It has more rows for the same answer, and is what most tools hand to a solver. Columns in the
    order of the template without its releases, then angles, then a release per branch.
    """
    template, programs = recording.template, recording.programs
    network, columns = template.network, template.columns
    branches, buses = network.branches, len(network.buses)
    n, x = len(branches), branches.x_pu / np.median(branches.x_pu)
    kept = np.r_[0 : columns.releases.start, columns.releases.stop : columns.shed.stop]
    flows = sp.csc_array((x, (np.arange(n), np.arange(n) + columns.flows.start)), (n, kept.size))
    at, ends = np.tile(np.arange(n), 2), np.r_[branches.bus0, branches.bus1]
    signs = np.repeat((-1.0, 1.0), n)
    angles, releases = sp.coo_array((signs, (at, ends)), shape=(n, buses)), sp.eye_array(n)
    balance = template.matrix[:buses][:, kept]
    matrix = sp.csc_array(sp.block_array([[balance, None, None], [flows, angles, releases]]))
    matrix.sum_duplicates()
    box = 1.0 + float(np.sum(x * branches.s_max_mw))
    free = np.full(buses, box)
    grid = sp.coo_array((np.ones(n), (branches.bus0, branches.bus1)), shape=(buses, buses))
    _, part = sp.csgraph.connected_components(grid, directed=False)
    free[np.unique(part, return_index=True)[1]] = 0.0  # one reference per part of the grid
    first = len(network.generators)
    out = np.where(recording.standing[..., first : first + n], 0.0, 3 * box)
    more = np.concatenate([np.broadcast_to(free, (*out.shape[:2], buses)), out], axis=2)
    return Programs(
        cost=np.concatenate([programs.cost[kept], np.zeros(buses + n)]),
        matrix=matrix,
        lower=np.concatenate([programs.lower[..., kept], -more], axis=2),
        upper=np.concatenate([programs.upper[..., kept], more], axis=2),
        rhs=np.concatenate([programs.rhs[..., :buses], np.zeros(out.shape)], axis=2),
    )
