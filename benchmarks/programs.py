"""The linear programs of a network, recorded once so that every solver is asked the same.

Needs follow hour and weather, assets fail and return, stores carry their levels from hour to hour
as a walk with HiGHS left them; the programs of all samples and hours then stand in plain arrays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from keepwarm.case.nouns import TIERS, Bools, Case, Floats
from keepwarm.network import Template, compile_template, next_level, read_dispatch, step_bounds
from keepwarm.solve.highs import HighsSolver
from keepwarm.validation.one_step import need_of_loads

#: Mean hours to repair, drawn per asset evenly on a log scale (assumed).
REPAIR_HOURS = (24.0, 200.0)

#: Share of assets that are out at any time.
HEAVY, LIGHT = 0.30, 0.03


@dataclass(frozen=True)
class Programs:
    """The same linear program at every sample and hour: only bounds and right-hand sides move."""

    template: Template
    need_mw: Floats  # (samples, hours, needs)
    available: Floats  # (samples, hours, assets)
    level_mwh: Floats  # (samples, hours, storages), at the start of the hour
    lower: Floats  # (samples, hours, columns)
    upper: Floats  # (samples, hours, columns)
    rhs: Floats  # (samples, hours, rows)

    @property
    def cost(self) -> Floats:
        """Cost of each column, as solved."""
        return self.template.perturbed_cost

    @property
    def matrix(self) -> sp.csc_array:
        """The constant matrix."""
        return self.template.matrix

    @property
    def shape(self) -> tuple[int, int]:
        """Samples and hours."""
        return (self.lower.shape[0], self.lower.shape[1])


def record(
    case: Case, *, samples: int = 8, hours: int = 168, out: float = HEAVY, seed: int = 1
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
    n = case.network
    rows, columns = template.matrix.shape
    need = np.zeros((samples, hours, len(template.needs)))
    available = np.zeros((samples, hours, len(n.assets)))
    level = np.zeros((samples, hours, len(n.storages)))
    lower, upper = np.zeros((samples, hours, columns)), np.zeros((samples, hours, columns))
    rhs = np.zeros((samples, hours, rows))
    mean = need_of_loads(case, template.needs, 0)
    for k in range(samples):
        draw = np.random.default_rng((seed, k))
        need[k] = mean * _factors(case, template, hours, draw)
        available[k] = standing(len(n.assets), hours, out, draw)
        solver = HighsSolver(template.perturbed_cost, template.matrix)
        now = n.storages.e_initial_mwh
        for hour in range(hours):
            level[k, hour] = now
            bounds = step_bounds(
                template,
                hour=hour,
                need_mw=need[k, hour],
                available=available[k, hour],
                level_mwh=now,
            )
            lower[k, hour], upper[k, hour], rhs[k, hour] = bounds.lower, bounds.upper, bounds.rhs
            solution = solver.solve(bounds.lower, bounds.upper, bounds.rhs)
            dispatch = read_dispatch(template, solution.x, solution.row_dual)
            now = next_level(template, hour=hour, level_mwh=now, dispatch=dispatch)
    return Programs(template, need, available, level, lower, upper, rhs)


def _factors(case: Case, template: Template, hours: int, draw: np.random.Generator) -> Floats:
    """Return need over mean need, (hours, needs): by hour, by weather, and a little by chance."""
    at = np.arange(hours) % 24
    evening = 1 + 0.18 * np.sin((at - 9) / 24 * 2 * np.pi) + 0.08 * np.cos(at / 12 * 2 * np.pi)
    outdoor = _outdoor(hours, draw)
    cold = np.maximum(20 - outdoor, 0) / 27
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


def standing(assets: int, hours: int, out: float, draw: np.random.Generator) -> Floats:
    """Return availability, (hours, assets): each asset fails and returns by a Markov chain.

    A share ``out`` is out at the first hour and, on average, at every other.
    """
    low, high = np.log(REPAIR_HOURS)
    returns = 1 / np.exp(draw.uniform(low, high, assets))
    fails = np.minimum(returns * out / (1 - out), 1.0)
    state: Bools = draw.random(assets) >= out
    available = np.zeros((hours, assets))
    for hour in range(hours):
        available[hour] = state
        chance = draw.random(assets)
        state = np.where(state, chance >= fails, chance < returns)
    return available
