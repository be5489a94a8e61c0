"""Random small networks: power with loops and islands, heat, gas, storages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import strategies as st

from keepwarm.case.nouns import TIERS, Case, Floats
from keepwarm.network import Dispatch
from keepwarm.solve.highs import HighsSolver
from keepwarm.solve.simplex import SimplexSolver
from keepwarm.validation.sketch import Sketch

#: Whoever solves a step, the same must hold.
Solver = type[HighsSolver] | type[SimplexSolver]
BOTH_SOLVERS = pytest.mark.parametrize("solver", [HighsSolver, SimplexSolver])

#: Irregular, so that no two chains of efficiencies and tiers cost exactly the same.
POWER_OF_GAS, HEAT_OF_GAS, BOILER, PUMPING = 0.373, 0.441, 0.887, 0.0131


@dataclass(frozen=True)
class Draft:
    """What is drawn: a network as plain numbers, so that it can be changed and rebuilt."""

    carriers: tuple[str, ...]
    generators: tuple[tuple[int, float, float, float], ...]  # bus, MW, cost, least
    loads: tuple[tuple[int, float, str], ...]
    lines: tuple[tuple[int, int, float, float], ...]
    links: tuple[tuple[int, tuple[tuple[int, float], ...], float], ...]
    storages: tuple[tuple[int, float, float, float, float], ...]  # bus, MW, MWh, level, efficiency

    def sketch(self, *, costs: bool = True, hours: int = 1) -> Sketch:
        sketch = Sketch(hours)
        for carrier in self.carriers:
            sketch.bus(carrier)
        for bus, mw, cost, least in self.generators:
            sketch.generator(bus, mw, cost=cost if costs else 0.0, least=least)
        for bus, mw, tier in self.loads:
            sketch.load(bus, mw, tier=tier)
        for one, other, x, mw in self.lines:
            sketch.line(one, other, x=x, mw=mw)
        for bus, ports, mw in self.links:
            sketch.link(bus, ports, mw)
        for bus, mw, mwh, level, efficiency in self.storages:
            sketch.storage(
                bus,
                mw=mw,
                mwh=mwh,
                level=level,
                least_mwh=0.1 * mwh,
                efficiency=efficiency,
                loss=0.01,
                inflow=0.02 * mwh,
            )
        return sketch

    def case(self) -> Case:
        return self.sketch().case()


def _number(low: int, high: int, scale: float = 1.0) -> st.SearchStrategy[float]:
    """Numbers that are seldom equal and never tiny."""
    return st.integers(low * 997, high * 997).map(lambda k: scale * k / 997)


@st.composite
def drafts(draw: st.DrawFn, *, storages: bool = True, least: bool = True) -> Draft:
    power = draw(st.integers(2, 5))
    carriers = (*("power",) * power, "heat", "gas")
    heat, gas = power, power + 1
    bus = st.integers(0, power - 1)
    # Not always connected: islands are ordinary.
    ends = st.tuples(bus, bus).filter(lambda pair: pair[0] != pair[1])
    lines = draw(st.lists(st.tuples(ends, _number(1, 9), _number(1, 60)), max_size=8))
    source = st.tuples(bus, _number(0, 60), _number(1, 90), st.sampled_from((0.0, 0.0, 0.3)))
    generators = draw(st.lists(source, max_size=4))
    need = st.tuples(st.integers(0, gas), _number(0, 40), st.sampled_from(TIERS))
    loads = draw(st.lists(need, min_size=1, max_size=8))
    store = st.tuples(
        st.integers(0, gas), _number(1, 30), _number(1, 50), st.sampled_from((0.1, 0.5, 1.0))
    )
    stores = draw(st.lists(store, max_size=2)) if storages else []
    plants = draw(st.lists(st.tuples(bus, _number(1, 50)), max_size=2))
    return Draft(
        carriers=carriers,
        generators=(
            *((b, mw, cost, low if least else 0.0) for b, mw, cost, low in generators),
            (gas, draw(_number(0, 120)), 11.3, 0.0),
        ),
        loads=tuple(loads),
        lines=tuple((a, b, x, mw) for (a, b), x, mw in lines),
        links=(
            *((gas, ((b, POWER_OF_GAS), (heat, HEAT_OF_GAS)), mw) for b, mw in plants),
            (gas, ((heat, BOILER), (0, -PUMPING)), draw(_number(0, 60))),
        ),
        storages=tuple((b, mw, mwh, level * mwh, 0.93) for b, mw, mwh, level in stores),
    )


@st.composite
def damaged(draw: st.DrawFn, case: Case) -> Floats:
    """Availability of every asset; anything may be out, wholly or in part."""
    share = st.sampled_from((1.0, 1.0, 0.0, 0.35))
    count = len(case.network.assets)
    return np.array(draw(st.lists(share, min_size=count, max_size=count)), dtype=np.float64)


def imbalance(case: Case, dispatch: Dispatch, shed_at_bus: Floats, need_at_bus: Floats) -> Floats:
    """Energy that appears or vanishes at each bus, reckoned from the tables and not the matrix."""
    network = case.network
    net = shed_at_bus - need_at_bus - dispatch.spill_mw
    np.add.at(net, network.generators.bus, dispatch.generator_mw)
    np.add.at(net, network.branches.bus0, -dispatch.flow_mw)
    np.add.at(net, network.branches.bus1, dispatch.flow_mw)
    np.add.at(net, network.storages.bus, dispatch.discharge_mw - dispatch.charge_mw)
    links = network.links
    for link in range(len(links)):
        net[links.bus[link, 0]] -= dispatch.link_mw[link]
        for port in range(1, links.bus.shape[1]):
            if links.bus[link, port] >= 0:
                gained = links.efficiency[link, port - 1] * dispatch.link_mw[link]
                net[links.bus[link, port]] += gained
    return net


def shed_by_tier(needs_tier: Floats, shed: Floats) -> Floats:
    return np.bincount(needs_tier, weights=shed, minlength=len(TIERS))
