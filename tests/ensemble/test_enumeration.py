"""A tiny town of power, heat and gas: samples against all of its damage states, one by one.

Each state's step is solved here by scipy from the numbers below, not from keepwarm's template.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from keepwarm.case.nouns import CARRIERS, Case
from keepwarm.damage.outages import available_by_step
from keepwarm.damage.random_failures import draw_failures, failing
from keepwarm.season import balanced_start, prepare
from keepwarm.season.batch import Block, march_many
from keepwarm.season.drawn import Drawn
from keepwarm.season.independent import independent, walk_independent
from keepwarm.solve.simplex import SimplexSolver
from keepwarm.validation.sketch import Sketch

HOURS = 24
#: MW, MTTF, MTTR: gas source, grid import, CHP (gas in), boiler (gas in), pump line, second import.
GAS, IMPORT, CHP, BOILER, LINE, DIESEL = range(6)
UNITS = (
    (30.0, 200.0, 30.0),
    (9.0, 60.0, 12.0),
    (12.0, 90.0, 20.0),
    (10.0, 80.0, 20.0),
    (5.0, 300.0, 10.0),
    (3.0, 40.0, 10.0),
)
POWER_OF_GAS, HEAT_OF_GAS, BOILING, PUMPING = 0.35, 0.45, 0.9, 0.02
#: Needs: (bus, price), each with the hours' MW; buses: centre, edge (power), heat, gas.
CENTRE, EDGE, HEAT, GAS_BUS = range(4)
NEEDS = ((CENTRE, "household"), (EDGE, "critical"), (HEAT, "heat_comfort"), (GAS_BUS, "industry"))
PRICE = {"critical": 50_000.0, "household": 8_000.0, "heat_comfort": 3_000.0, "industry": 1_000.0}
LEVELS = np.array([[8.0, 4.0, 9.0, 5.0], [11.0, 5.0, 13.0, 5.0], [6.0, 2.5, 7.0, 4.0]])
LEVEL = np.arange(HOURS) % 3


def town() -> Case:
    sketch = Sketch(HOURS)
    for name in ("power", "power", "heat", "gas"):
        sketch.bus(name)
    sketch.generator(GAS_BUS, UNITS[GAS][0])
    sketch.generator(CENTRE, UNITS[IMPORT][0])
    sketch.generator(EDGE, UNITS[DIESEL][0])
    for bus, tier in NEEDS:
        sketch.load(bus, 1.0, tier=tier)
    sketch.line(CENTRE, EDGE, x=0.1, mw=UNITS[LINE][0])
    sketch.link(GAS_BUS, [(CENTRE, POWER_OF_GAS), (HEAT, HEAT_OF_GAS)], UNITS[CHP][0])
    sketch.link(GAS_BUS, [(HEAT, BOILING), (CENTRE, -PUMPING)], UNITS[BOILER][0])
    case = sketch.case({"pickup.factor": 1.0})
    network, order = case.network, (GAS, IMPORT, DIESEL, LINE, CHP, BOILER)
    times = np.array([UNITS[unit][1:] for unit in order])
    return replace(
        case,
        network=replace(
            network,
            assets=replace(network.assets, mttf_hours=times[:, 0], mttr_hours=times[:, 1]),
            loads=replace(network.loads, p_set_mw=LEVELS[LEVEL]),
        ),
    )


def shed_in(state: tuple[int, ...], need: np.ndarray) -> np.ndarray:
    """What each need lacks in a damage state: variables are the units, shed, and waste by bus."""
    up = np.array([mw * stands for (mw, _, _), stands in zip(UNITS, state, strict=True)])
    balance = np.zeros((4, 6 + 4 + 4))
    balance[GAS_BUS, [GAS, CHP, BOILER]] = 1.0, -1.0, -1.0
    balance[CENTRE, [IMPORT, CHP, BOILER, LINE]] = 1.0, POWER_OF_GAS, -PUMPING, -1.0
    balance[EDGE, [LINE, DIESEL]] = 1.0, 1.0
    balance[HEAT, [CHP, BOILER]] = HEAT_OF_GAS, BOILING
    for n, (bus, _) in enumerate(NEEDS):
        balance[bus, 6 + n] = 1.0
    balance[:, 10:] = -np.eye(4)
    demand = np.zeros(4)
    np.add.at(demand, [bus for bus, _ in NEEDS], need)
    bounds = [(-mw if unit == LINE else 0.0, mw) for unit, mw in enumerate(up)]
    bounds += [(0.0, mw) for mw in need] + [(0.0, None)] * 4
    cost = np.concatenate([np.zeros(6), [PRICE[tier] for _, tier in NEEDS], np.full(4, 200.0)])
    found = linprog(cost, A_eq=balance, b_eq=demand, bounds=bounds)
    assert found.success
    return np.asarray(found.x[6:10])


def by_states() -> dict[str, np.ndarray]:
    """Expected energy and hours, by carrier, over all 64 states and 3 levels of need."""
    eue, lolh = np.zeros(len(CARRIERS)), np.zeros(len(CARRIERS))
    carrier = [CARRIERS.index(name) for name in ("power", "power", "heat", "gas")]
    rate = np.array([down / (up + down) for _, up, down in UNITS])
    often = np.bincount(LEVEL)
    for state in product((0, 1), repeat=6):
        chance = np.prod(np.where(state, 1 - rate, rate))
        for level, need in enumerate(LEVELS):
            shed = np.zeros(len(CARRIERS))
            np.add.at(shed, [carrier[bus] for bus, _ in NEEDS], shed_in(state, need))
            eue += chance * often[level] * shed
            lolh += chance * often[level] * (shed > 1e-6)
    return {"unserved_mwh": eue, "short_hours": lolh}


def walks(samples: int, seed: int) -> dict[str, list[Block]]:
    """The two walks, the first over all samples, the second over a few."""
    case = town()
    corridor, rows, numbers = prepare(case), failing(case), np.arange(samples)
    template = corridor.template

    def draw(which):
        return draw_failures(rows, which, seed=seed, hours=HOURS)

    def hour_by_hour(which):
        left = available_by_step(
            draw(which), samples=len(which), assets=6, steps=HOURS, step_hours=1.0
        )
        return Drawn(left)

    def solver():
        return SimplexSolver(template.perturbed_cost, template.matrix)

    made = independent(corridor, first=0, steps=HOURS)
    return {
        "screened": list(
            walk_independent(made, draw, samples=numbers, solver=solver(), audited=frozenset())
        ),
        "marched": list(
            march_many(
                corridor,
                hour_by_hour,
                samples=numbers[: samples // 4],
                first=0,
                steps=HOURS,
                state=balanced_start(corridor, 0),
                solver=solver(),
                audited=frozenset(),
            )
        ),
    }


@pytest.fixture(scope="module")
def walked() -> dict[str, list[Block]]:
    return walks(6000, 20260101)


@pytest.mark.parametrize("walk", ["screened", "marched"])
def test_samples_of_a_town_agree_with_all_its_damage_states(walked, walk):
    expected = by_states()
    for name, values in expected.items():
        column = np.concatenate([getattr(block.totals, name) for block in walked[walk]])
        error = column.std(axis=0, ddof=1) / np.sqrt(len(column))
        needed = ["power", "heat", "gas"]
        for carrier in map(CARRIERS.index, needed):
            assert values[carrier] > 0.1
            assert abs(column[:, carrier].mean() - values[carrier]) < 3 * error[carrier], carrier
