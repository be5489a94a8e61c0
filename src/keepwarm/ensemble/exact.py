"""Indices of adequacy without samples: one bus, units that fail by themselves, by convolution.

What is lost. Units fail independently, so the law of the capacity that they have lost together is
the convolution of their own, on a grid of losses that all capacities are multiples of. An hour is
short if more is lost than its margin, what everything standing would make less its need. Chance and
mean of that are sums over the tail of the law:

    P(short) = sum_{x > m} p(x),   E(shed) = sum_{x > m} p(x) (x - m)

How often. A shortage begins at an hour that is short after one that is not. That hangs on the joint
law of what is lost at both. A unit's joint law is its stationary one times its transitions over the
hour, exp(Q dt) with Q the rates of its states (in the chain of periods one plus the chances of a
period); units being independent, the joint law of all is again a convolution, on the grid of pairs:

    P(begins at t) = P(X_{t-1} <= m_{t-1}) - P(X_{t-1} <= m_{t-1}, X_t <= m_t)

and a season that begins short begins with a shortage. Losses that happen less often than `NEVER`
are left out of the grid of pairs; the frequency is wrong by no more than that in each hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import numpy as np
from scipy.linalg import expm

from keepwarm.case.nouns import Bools, Case, Floats, Ints
from keepwarm.damage.random_failures import Failing, Law, failing
from keepwarm.ensemble.capacity_steps import add_up, convolve_pair, convolve_unit
from keepwarm.ensemble.quantities import suffixed, unit_of
from keepwarm.errors import Fault, InputError
from keepwarm.estimate import Estimate
from keepwarm.network import Template
from keepwarm.season import Corridor, prepare
from keepwarm.season.cuts import cuts_of, hours_of, why_tied
from keepwarm.season.screening import BY_PRICE, Hours
from keepwarm.season.tally_steps import SHORT_MW

#: Cells of a law at most, and of the law of pairs along one axis.
MOST_CELLS, MOST_PAIRS = 5_000_000, 12_000

#: Losses rarer than this are left out of the law of pairs.
NEVER = 1e-15

#: The grid is looked for among parts of a MW this small: a watt.
_PER_MW = 1_000_000


@dataclass(frozen=True)
class _Unit:
    """A unit that fails: what each of its states loses, and their law at two steps that follow."""

    lost_mw: Floats  # (states,), rising; the first is 0
    share: Floats  # (states,)
    pair: Floats  # (states, states)


def exact(
    case: Case,
    *,
    first: int,
    steps: int,
    law: Law = "continuous",
    standing: Floats | None = None,
    frequency: bool = True,
) -> dict[str, Estimate]:
    """Return the indices of a season under random failures alone, without drawing samples.

    Parameters
    ----------
    case
        Each carrier's needs at one bus that nothing comes to from elsewhere.
    first
        Row of the case's snapshots where the season starts; failures are stationary then.
    steps
        How many steps it has.
    law
        As in `keepwarm.damage.random_failures.draw_failures`.
    standing
        Shape (steps, assets): what damage leaves whatever fails, all of it where None. Units that
        fail must be whole in it.
    frequency
        Whether ``lolf_events`` is worked out, too: all but all of the time goes there.

    Returns
    -------
    dict
        ``lolh_hours``, ``lolf_events``, ``eue_mwh``, ``neue_ppm`` and ``lole_days`` (days whose
        hour of the least margin is short; days of 24 h from the start), with the carrier's name in
        them where it is not power. Standard errors are 0.

    Raises
    ------
    InputError
        Where it does not apply, saying why.

    **Source**: Billinton and Allan, "Reliability Evaluation of Power Systems", 1996, chapters 2 and
    3 (capacity outage tables); frequency by steps derived above. **Leaves out**: everything but
    random failures; networks.
    """
    rows = failing(case, law=law)
    corridor = prepare(case)
    why = why_tied(corridor)
    if why:
        raise _refusal(why)
    hours, assets = hours_of(corridor, first, steps), len(case.network.assets)
    whole = np.ones((steps, assets)) if standing is None else standing
    alone = _lone_buses(corridor, hours, whole)
    found: dict[str, Estimate] = {}
    for bus in alone:
        units = _units(corridor.template, rows, hours, whole, bus, law)
        margin, need = _margin(corridor.template, hours, whole, bus)
        carrier = case.network.buses.carrier[bus]
        found |= _indices(units, margin, need, case.network.step_hours, carrier, frequency)
    return found


def _refusal(why: str) -> InputError:
    expected = "a case that capacity alone decides, or samples"
    return InputError((Fault("--exact", None, None, f"does not apply: {why}", expected),))


def _lone_buses(corridor: Corridor, hours: Hours, standing: Floats) -> list[int]:
    """Return the buses with needs, one for each carrier, if nothing comes to any of them."""
    template = corridor.template
    nobody = np.zeros(hours.need_mw.shape, dtype=np.bool_)
    cuts, alone = cuts_of(corridor, hours, standing, nobody)
    if any(cut.how != BY_PRICE for cut in cuts):
        raise _refusal("needs are served over links, lines or stores")
    carriers = [template.network.buses.carrier[bus] for bus in alone.tolist()]
    for carrier in sorted(set(carriers)):
        if carriers.count(carrier) > 1:
            raise _refusal(f"{carrier} is needed at {carriers.count(carrier)} buses")
    return [int(bus) for bus in alone]


def _units(
    template: Template, rows: Failing, hours: Hours, standing: Floats, bus: int, law: Law
) -> list[_Unit]:
    """Return the units at a bus that fail."""
    generators, dt = template.network.generators, template.network.step_hours
    units = []
    for asset in np.unique(rows.asset).tolist():
        if asset >= len(generators) or generators.bus[asset] != bus:
            continue
        top = hours.generator_high[:, asset]
        if (top != top[0]).any() or (standing[:, asset] != 1.0).any():
            found = f"'{generators.name[asset]}' fails, and its capacity changes with time"
            raise _refusal(found)
        mine = rows.asset == asset
        if top[0] > 0:
            units.append(_unit(rows, mine, float(top[0]), dt, law))
    return units


def _unit(rows: Failing, mine: Bools, mw: float, dt: float, law: Law) -> _Unit:
    """Return one unit: states in the order of what they lose, and how it goes from one to other."""
    down, up = 1 / rows.mttf_hours[mine], 1 / rows.mttr_hours[mine]
    states = down.size + 1
    rates = np.zeros((states, states))
    rates[0, 1:], rates[1:, 0] = down, up
    rates -= np.diag(rates.sum(axis=1))
    step = np.eye(states) + rates * dt if law == "per_period" else expm(rates * dt)
    share = np.concatenate([[1 - rows.share[mine].sum()], rows.share[mine]])
    lost = mw * np.concatenate([[0.0], 1 - rows.left[mine]])
    order = np.argsort(lost, kind="stable")
    pair = (share[:, None] * step)[np.ix_(order, order)]
    return _Unit(lost[order], share[order], pair)


def _margin(template: Template, hours: Hours, standing: Floats, bus: int) -> tuple[Floats, Floats]:
    """Return what everything makes at a bus less its need, and the need, each (steps,)."""
    mine = template.network.generators.bus == bus
    made = (hours.generator_high * standing[:, : mine.size])[:, mine].sum(axis=1)
    need = hours.need_mw[:, template.needs.bus == bus].sum(axis=1)
    return made - need, need


def _indices(
    units: list[_Unit], margin: Floats, need: Floats, dt: float, carrier: str, frequency: bool
) -> dict[str, Estimate]:
    grid = _grid_mw(units)
    size = sum(round(unit.lost_mw[-1] / grid) for unit in units) + 1
    if size > MOST_CELLS:
        raise _refusal(f"capacities have no common step above {grid:g} MW")
    law = _law(units, grid, size)
    tail, energy = _tails(law, grid)
    # The first loss that makes an hour short; a loss of nothing where its margin is negative.
    at = np.clip(np.floor((margin + SHORT_MW) / grid) + 1, 0, size).astype(np.int64)
    short = tail[at]
    unserved = dt * float(np.sum(energy[at] - margin * tail[at]))
    days = np.maximum.reduceat(short, np.arange(0, len(at), max(1, round(24 / dt))))
    needed = dt * float(need.sum())
    values = {
        suffixed("lolh", carrier, "hours"): dt * float(short.sum()),
        suffixed("eue", carrier, "mwh"): unserved,
        suffixed("neue", carrier, "ppm"): 1e6 * unserved / needed if needed else 0.0,
        suffixed("lole", carrier, "days"): float(days.sum()),
    }
    if frequency:
        values[suffixed("lolf", carrier, "events")] = _begun(units, grid, law, at, short)
    return {name: Estimate(value, 0.0, 0, unit_of(name)) for name, value in values.items()}


def _grid_mw(units: list[_Unit]) -> float:
    """Return the largest step that all losses are multiples of, to a watt."""
    lost = np.concatenate([np.zeros(0), *(unit.lost_mw for unit in units)])
    whole = np.round(lost * _PER_MW).astype(np.int64)
    return (gcd(*whole.tolist()) or _PER_MW) / _PER_MW


def _steps_of(unit: _Unit, grid: float) -> Ints:
    return np.round(unit.lost_mw / grid).astype(np.int64)


def _law(units: list[_Unit], grid: float, size: int) -> Floats:
    """Return the chance of each loss of all units together, (size,)."""
    law, most = np.zeros(size), 0
    law[0] = 1.0
    for unit in sorted(units, key=lambda unit: float(unit.lost_mw[-1])):
        lost = _steps_of(unit, grid)
        convolve_unit(law, most, lost, unit.share)
        most += int(lost[-1])
    return law


def _tails(law: Floats, grid: float) -> tuple[Floats, Floats]:
    """Return the chance of each loss or more, and the mean loss then, each with a 0 at the end."""
    lost = law * grid * np.arange(law.size)
    tail, energy = (np.append(np.cumsum(part[::-1])[::-1], 0.0) for part in (law, lost))
    return tail, energy


def _begun(units: list[_Unit], grid: float, law: Floats, at: Ints, short: Floats) -> float:
    """Return how many shortages begin, the first step's included."""
    tail, _ = _tails(law, grid)
    cells = int(np.searchsorted(-tail, -NEVER)) + 1
    cells = min(cells, int(at.max()), law.size)
    if cells <= 0:  # always short
        return float(short[0])
    if cells > MOST_PAIRS:
        raise _refusal(f"how often needs {cells} x {cells} cells of {grid:g} MW")
    pairs, most = np.zeros((cells, cells)), 0
    pairs[0, 0] = 1.0
    for unit in sorted(units, key=lambda unit: float(unit.lost_mw[-1])):
        lost = _steps_of(unit, grid)
        convolve_pair(pairs, most, lost, unit.pair)
        most += int(lost[-1])
    add_up(pairs)
    # ``at`` is one more than the largest loss that an hour bears; -1 is none at all.
    bears, before = np.minimum(at, cells) - 1, np.append(np.cumsum(law), 0.0)[at - 1]
    both = np.where((bears[:-1] >= 0) & (bears[1:] >= 0), pairs[bears[:-1], bears[1:]], 0.0)
    return float(short[0] + np.sum(np.maximum(before[:-1] - both, 0.0)))
