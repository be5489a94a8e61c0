"""The linear programs of a network, recorded once so that every solver is asked the same.

Needs follow hour and weather, assets fail and return, stores carry their levels from hour to hour
as a walk with HiGHS left them; the programs of all samples and hours then stand in plain arrays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from benchmarks.networks import HOURS

from keepwarm.case.nouns import TIERS, Bools, Case, Floats, Ints
from keepwarm.case.read import read_case
from keepwarm.network import Template, compile_template, next_level, read_dispatch, step_bounds
from keepwarm.season import balanced_start, prepare
from keepwarm.season.batch import march_many
from keepwarm.season.drawn import Drawn
from keepwarm.solve.highs import HighsSolver
from keepwarm.solve.solution import Solutions, Solver
from keepwarm.validation.one_step import need_of_loads

#: Mean hours to repair, drawn per asset evenly on a log scale (assumed).
REPAIR_HOURS = (24.0, 200.0)

#: Share of assets that are out at any time.
HEAVY, LIGHT = 0.30, 0.03

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
COUNTRY = EXAMPLES / "country"


@dataclass(frozen=True)
class Programs:
    """One linear program, many times: only bounds and right-hand sides move."""

    template: Template
    cost: Floats  # (columns,), as solved
    matrix: sp.csc_array  # (rows, columns)
    lower: Floats  # (hours, samples, columns): an hour of all samples is one block
    upper: Floats  # (hours, samples, columns)
    rhs: Floats  # (hours, samples, rows)

    @property
    def hours(self) -> int:
        return int(self.lower.shape[0])

    @property
    def samples(self) -> int:
        return int(self.lower.shape[1])


def record(
    case: Case, *, samples: int = 8, hours: int = HOURS, out: float = HEAVY, seed: int = 1
) -> Programs:
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
    solver = Listening(HighsSolver(template.perturbed_cost, template.matrix), samples)
    level = np.tile(case.network.storages.e_initial_mwh, (samples, 1))
    for hour in range(hours):
        bounds = step_bounds(
            template,
            hour=hour,
            need_mw=need[hour],
            available=standing[hour].astype(np.float64),
            level_mwh=level,
        )
        found = solver.solve_many(np.arange(samples), bounds.lower, bounds.upper, bounds.rhs)
        dispatch = read_dispatch(template, found.x, found.row_dual)
        level = next_level(template, hour=hour, level_mwh=level, dispatch=dispatch)
    return solver.heard(template)


class Listening:
    """A solver that writes down what it is asked for all samples at once.

    Parameters
    ----------
    solver
        Who answers.
    samples
        How many are all.
    """

    def __init__(self, solver: Solver, samples: int) -> None:
        self._solver, self._samples = solver, samples
        self._asked: list[tuple[Floats, Floats, Floats]] = []
        self.name = solver.name

    def solve_many(self, which: Ints, lower: Floats, upper: Floats, rhs: Floats) -> Solutions:
        if len(which) == self._samples:
            self._asked.append((lower.copy(), upper.copy(), rhs.copy()))
        found = self._solver.solve_many(which, lower, upper, rhs)
        if set(found.status) != {"optimal"}:
            raise RuntimeError(f"a program ended as {set(found.status)}")
        return found

    def restart(self) -> None:
        self._solver.restart()

    def heard(self, template: Template) -> Programs:
        """Return what was asked, as so many hours."""
        tables = (np.stack(table) for table in zip(*self._asked, strict=True))
        return Programs(template, template.perturbed_cost, template.matrix, *tables)


def record_country(*, samples: int, hours: int) -> Programs:
    """Record what a season of examples/country asks under heavy damage, homes and all.

    Now and then a season's step is solved again, with other bounds; what is asked for all samples
    is written down like another hour.
    """
    corridor = prepare(read_case(COUNTRY))
    case, template = corridor.case, corridor.template
    solver = Listening(HighsSolver(template.perturbed_cost, template.matrix), samples)
    first = int(np.searchsorted(case.network.snapshots, case.start))
    walked = march_many(
        corridor,
        lambda numbers: Drawn(availability(len(case.network.assets), numbers)),
        samples=np.arange(samples),
        first=first,
        steps=hours,
        state=balanced_start(corridor, first),
        solver=solver,
        audited=frozenset(),
        block=samples,
    )
    list(walked)
    return solver.heard(template)


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


def availability(assets: int, numbers: Ints) -> Iterator[Floats]:
    """Yield availability, (samples, assets), hour after hour: heavy damage."""
    samples = [
        walk_assets(assets, HEAVY, np.random.default_rng((1, number)))
        for number in numbers.tolist()
    ]
    while True:
        yield np.stack([next(sample) for sample in samples]).astype(np.float64)
