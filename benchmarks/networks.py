"""The networks that are timed: synthetic countries of any size, and IEEE 118.

All numbers are assumed, except IEEE 118 (PGLib-OPF v23.07, as shipped for `keepwarm validate`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.resources import as_file, files
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np

from keepwarm.case.matpower import read_matpower
from keepwarm.case.nouns import (
    CARRIERS,
    TIERS,
    Case,
    Generators,
    Ints,
    Links,
    Loads,
    Network,
    Storages,
)
from keepwarm.validation.sketch import Sketch, bare_case

HOURS = 168

#: Share of a load of IEEE 118 that each tier takes (assumed).
_SPLIT = (("critical", 0.1), ("household", 0.55), ("industry", 0.35))

Buses = dict[str, list[int]]  # carrier -> bus of each region
Table = TypeVar("Table", Generators, Loads, Links, Storages)


def country(regions: int, *, dc: bool = False, steps: int = 5, seed: int = 20260109) -> Case:
    """Return a country of regions with five carriers each: five balance rows a region.

    Power plants, CHP, boilers that need pumping power, electric boilers, water pumps, stores of
    every carrier. Neighbours trade gas (compressors take power) and fuel (lorries), and power by
    links both ways or, with ``dc``, by lines under the loop law.

    Parameters
    ----------
    regions
        How many; they stand on a grid with some diagonals, 1.84 pairs of neighbours a region.
    dc
        Whether power flows on lines rather than on links.
    steps
        Price steps of shedding per need; 5 is the default of every case.
    seed
        Of sizes, costs and diagonals.
    """
    draw = np.random.default_rng(seed)
    sketch = Sketch(hours=HOURS)
    bus: Buses = {
        carrier: [sketch.bus(carrier, f"{carrier} {k}") for k in range(regions)]
        for carrier in CARRIERS
    }
    size = draw.lognormal(0.0, 0.4, regions)  # 1 is 700 MW of power
    for k in range(regions):
        _needs(sketch, bus, k, size[k])
        _plants(sketch, bus, k, size[k], draw)
        _stores(sketch, bus, k, size[k], draw)
    wind = [
        sketch.generator(bus["power"][k], 160 * size[k], cost=0.1 * draw.random())
        for k in range(0, regions, 2)
    ]
    _trade(sketch, bus, neighbours(regions, draw), draw, dc=dc)
    network = _with_wind(sketch.network(), np.array(wind), draw)
    return bare_case(network, {"prices.steps": float(steps)})


def _needs(sketch: Sketch, bus: Buses, k: int, size: float) -> None:
    """Mean needs in MW; `programs.needs` moves them with hour and weather."""
    for carrier, tier, mw in (
        ("power", "critical", 70),
        ("power", "household", 380),
        ("power", "industry", 250),
        ("heat", "critical", 30),
        ("heat", "heat_safe", 420),
        ("heat", "heat_comfort", 280),
        ("gas", "heat_safe", 260),
        ("gas", "industry", 240),
        ("fuel", "critical", 25),
        ("fuel", "household", 120),
        ("fuel", "industry", 90),
        ("water", "critical", 12),
        ("water", "household", 40),
    ):
        sketch.load(bus[carrier][k], mw * size, tier=tier)


def _plants(sketch: Sketch, bus: Buses, k: int, size: float, draw: np.random.Generator) -> None:
    """Sources and converters of one region; every third region has a large power station."""
    power, heat, gas, fuel, water = (bus[carrier][k] for carrier in CARRIERS)

    def near(cost: float) -> float:
        return float(cost * draw.uniform(0.9, 1.1))

    if k % 3 == 0:
        sketch.generator(power, 1500 * size, cost=near(12))  # nuclear
        sketch.generator(gas, 7000 * size, cost=near(20))  # gas fields
    if k % 3 == 1:
        sketch.generator(power, 600 * size, cost=near(45))  # coal
        sketch.generator(fuel, 1500 * size, cost=near(50))  # refinery
    sketch.generator(power, 80 * size, cost=near(120))  # imports, peakers
    sketch.generator(gas, 250 * size, cost=near(45))  # imports
    sketch.link(gas, [(power, 0.38), (heat, 0.45)], 900 * size, cost=near(2))  # CHP
    sketch.link(gas, [(power, 0.55)], 250 * size, cost=near(3))  # gas turbine
    sketch.link(fuel, [(power, 0.35)], 150 * size, cost=near(8))  # diesel sets
    sketch.link(gas, [(heat, 0.9), (power, -0.02)], 450 * size, cost=near(1))  # boiler, pumping
    sketch.link(gas, [(heat, 0.85), (power, -0.02)], 200 * size, cost=near(1.5))
    sketch.link(fuel, [(heat, 0.85), (power, -0.02)], 120 * size, cost=near(4))
    sketch.link(power, [(heat, 0.98)], 90 * size, cost=near(0.5))  # electric boiler
    sketch.link(power, [(water, 2.0)], 35 * size, cost=near(0.1))  # pumps
    sketch.link(power, [(water, 1.6)], 20 * size, cost=near(0.1))


def _stores(sketch: Sketch, bus: Buses, k: int, size: float, draw: np.random.Generator) -> None:
    for carrier, mw, mwh, efficiency, loss in (
        ("power", 60, 240, 0.92, 0.0),
        ("heat", 120, 700, 1.0, 0.01),
        ("gas", 300, 9000, 1.0, 0.0),
        ("fuel", 250, 20000, 1.0, 0.0),
        ("water", 25, 150, 1.0, 0.0),
    ):
        sketch.storage(
            bus[carrier][k],
            mw=mw * size,
            mwh=mwh * size,
            level=mwh * size * draw.uniform(0.4, 0.9),
            efficiency=efficiency,
            loss=loss,
            cost=draw.uniform(0.1, 0.2),
        )


def neighbours(regions: int, draw: np.random.Generator) -> list[tuple[int, int]]:
    """Return pairs of neighbours: a grid and so many diagonals that 25 regions have 46 pairs."""
    width = round(np.sqrt(regions))
    at = np.arange(regions)
    row, column = at // width, at % width
    pairs = [(a, b) for a, b in pairwise(at.tolist()) if row[a] == row[b]]
    pairs += [(a, a + width) for a in range(regions - width)]
    diagonals = [a for a in range(regions - width - 1) if column[a] < width - 1]
    more = min(max(round(1.84 * regions) - len(pairs), 0), len(diagonals))
    chosen = draw.choice(len(diagonals), more, replace=False)
    return pairs + [(diagonals[k], diagonals[k] + width + 1) for k in sorted(chosen.tolist())]


def _trade(
    sketch: Sketch,
    bus: Buses,
    pairs: list[tuple[int, int]],
    draw: np.random.Generator,
    *,
    dc: bool,
) -> None:
    power, gas, fuel = bus["power"], bus["gas"], bus["fuel"]
    for a, b in pairs:
        mw, per_mw = draw.uniform(400, 1400), draw.uniform(1e-4, 4e-4)
        if dc:
            sketch.line(power[a], power[b], x=per_mw, mw=mw)
        for one, other in ((a, b), (b, a)):
            if not dc:
                sketch.link(power[one], [(power[other], 0.985)], mw, cost=draw.uniform(0.2, 0.8))
            ends = [(gas[other], 0.997), (power[one], -0.003)]
            sketch.link(gas[one], ends, draw.uniform(1500, 4500), cost=draw.uniform(0.1, 0.4))
            lorries = draw.uniform(100, 400)
            sketch.link(fuel[one], [(fuel[other], 0.99)], lorries, cost=draw.uniform(3, 6))


def _with_wind(network: Network, wind: Ints, draw: np.random.Generator) -> Network:
    """Let wind blow with a memory of about a day."""
    share = network.generators.p_max_pu.copy()
    level = draw.normal(size=wind.size)
    for hour in range(HOURS):
        level = 0.96 * level + 0.28 * draw.normal(size=wind.size)
        share[hour, wind] = 1 / (1 + np.exp(0.8 - 1.2 * level))
    return replace(network, generators=replace(network.generators, p_max_pu=share))


def ieee118() -> Case:
    """Return IEEE 118 of PGLib-OPF, each load in three tiers, its snapshot repeated."""
    folder = files("keepwarm.validation") / "cases" / "pglib_case118_ieee"
    with as_file(folder / "pglib_opf_case118_ieee.m") as path:
        one = read_matpower(path)
    tiers = [TIERS.index(tier) for tier, _ in _SPLIT]
    loads = Loads(
        name=tuple(f"{name} {tier}" for tier, _ in _SPLIT for name in one.loads.name),
        bus=np.tile(one.loads.bus, len(_SPLIT)),
        tier=np.repeat(np.array(tiers, dtype=np.int64), len(one.loads)),
        p_set_mw=np.concatenate([share * one.loads.p_set_mw for _, share in _SPLIT], axis=1),
        people=np.full(len(one.loads) * len(_SPLIT), np.nan),
    )
    network = replace(
        one,
        snapshots=one.snapshots[0] + np.arange(HOURS) * np.timedelta64(3600, "s"),
        loads=_repeated(loads, "p_set_mw"),
        generators=_repeated(one.generators, "p_min_pu", "p_max_pu"),
        links=_repeated(one.links, "p_min_pu", "p_max_pu"),
        storages=_repeated(one.storages, "inflow_mw"),
    )
    return bare_case(network, {})


def _repeated(table: Table, *series: str) -> Table:
    """Return a table of one snapshot with its series as long as all of them."""
    longer: dict[str, Any] = {
        name: np.repeat(getattr(table, name), HOURS, axis=0) for name in series
    }
    return replace(table, **longer)


#: Name -> case, in the order of the table of goals.
NETWORKS: dict[str, Callable[[], Case]] = {
    "5 regions": lambda: country(5),
    "25 regions, transport": lambda: country(25),
    "25 regions, DC": lambda: country(25, dc=True),
    "IEEE 118": ieee118,
    # Fewer columns: whether the ratios hang on the steps of shedding.
    "25 regions, transport, one price step": lambda: country(25, steps=1),
    "25 regions, DC, one price step": lambda: country(25, dc=True, steps=1),
}
